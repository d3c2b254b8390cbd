"""The values in running text: evaluated in the kernel, put in place by compose.

Both sides of that border stand here, so that they cannot drift apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from berattelse import literal
from berattelse.missing import as_missing, is_missing

MIME = "application/vnd.berattelse.inline+json"
_NOTHING = re.compile(r"\b(?:nan|None|NaT)\b|<NA>")
"""What Python and pandas write where a figure is missing; no reader may meet it."""


def source(expressions: Sequence[str], *, strict: bool = True) -> str:
    """Return the code of the cell that evaluates `expressions` in the kernel."""
    more = "" if strict else ", strict=False"
    return (
        f"__import__('berattelse.inline', fromlist=[''])"
        f".show({list(expressions)!r}, globals(){more})"
    )


def show(expressions: Sequence[str], names: dict[str, Any], *, strict: bool = True) -> None:
    """Evaluate each expression among the cells' `names` and publish the results in order.

    A result is `{"expression", "text": Markdown}` or `{"expression", "error": message}`. One that
    fails does not keep the others from being evaluated: all faults of a text are told at once.
    Where `strict`, a value that is empty or missing fails; else it stands as Python writes it.
    """
    from IPython.display import publish_display_data

    results = [
        {"expression": expression.strip(), **_evaluate(expression, names, strict)}
        for expression in expressions
    ]
    publish_display_data({MIME: results, "text/plain": ""})


def _evaluate(expression: str, names: dict[str, Any], strict: bool) -> Mapping[str, str]:
    try:
        # The report's own code, exactly as trusted as its cells.
        content = eval(expression.strip(), names)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return _text(content) if strict else _lenient(content)


def _lenient(content: Any) -> Mapping[str, str]:
    markdown = getattr(content, "_repr_markdown_", None)
    if callable(markdown):
        return {"text": str(markdown())}
    data = getattr(content, "data", None)
    if type(content).__module__ == "IPython.core.display" and isinstance(data, str):
        return {"text": f"`{data}`{{=html}}" if type(content).__name__ == "HTML" else data}
    return {"text": literal.markdown(str(content))}


def _text(content: Any) -> Mapping[str, str]:
    if is_missing(content):
        content = as_missing(content)
    markdown = getattr(content, "_repr_markdown_", None)
    if callable(markdown):
        return {"text": str(markdown())}
    text = str(content)
    if not text.strip():
        return {"error": "Uttrycket ger en tom text."}
    if found := _NOTHING.search(text):
        return {
            "error": f"Texten innehåller «{found[0]}»: ett värde som saknas är inte omhändertaget."
        }
    return {"text": literal.markdown(text)}


def results(cell: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """Return what `show` published when the notebook's `cell` was executed."""
    for output in cell["outputs"]:
        if MIME in output.get("data", {}):
            return list(output["data"][MIME])
    return []
