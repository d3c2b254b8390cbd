r"""What a report needs when plain Quarto executes it, without the engine.

Quarto takes a value in running text as Python shows it, less its quotation marks. Python shows a
no-break space as `\xa0`, NumPy a figure as `np.float64(1.5)` and we what is missing as
`Missing(orsak='ej_matt')`; a reader must meet none of these. Where the value is empty, Quarto
prints the source of the expression instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from IPython.core.getipython import get_ipython

from berattelse.missing import Missing

NOTHING = "<!-- -->"
"""Markdown that is not empty and prints nothing: in a heading, in a sentence and by itself."""


def show_values_as_written() -> None:
    """Let this kernel show texts and figures as they are written; without a kernel do nothing."""
    shell: Any = get_ipython()
    if shell is None or shell.display_formatter is None:
        return
    formatter = shell.display_formatter.formatters["text/plain"]
    formatter.for_type(str, _text)
    formatter.for_type(np.generic, _figure)
    formatter.for_type(Missing, _text)
    asked = shell.user_expressions
    if getattr(asked, "__name__", "") == "user_expressions_shown":
        return

    # The engine does not ask for values in this way, so it still sees an empty one as it is
    def user_expressions_shown(expressions: Mapping[str, str]) -> dict[str, Any]:
        answers: dict[str, Any] = asked(expressions)
        for answer in answers.values():
            shown = answer.get("data", {})
            if _is_empty(shown.get("text/markdown", shown.get("text/plain"))):
                shown["text/markdown"] = NOTHING
        return answers

    shell.user_expressions = user_expressions_shown


def _is_empty(shown: Any) -> bool:
    return shown is not None and str(shown) in ("", "''", '""')


def _text(content: str | Missing, printer: Any, cycle: bool) -> None:
    printer.text(f"'{content}'")


def _figure(content: np.generic, printer: Any, cycle: bool) -> None:
    printer.text(str(content))
