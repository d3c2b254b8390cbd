"""A cell's options: which there are, and the values that Quarto's schema (cell-*.yml) refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

LAYOUT = ("layout", "layout-ncol", "layout-nrow", "layout-align", "layout-valign")
RICH = frozenset(
    {*LAYOUT, "fig-subcap", "tbl-subcap", "lst-cap", "lst-label", "code-fold", "code-summary"}
    | {"code-line-numbers", "filename", "column", "classes", "tbl-colwidths", "error", "eval"}
    | {"fig-link", "fig-cap-location", "tbl-cap-location"}
)
"""Options by which a berättelse's cell too is written as Quarto's are; the common ones need none
of the divs that come with that."""
OF_DOCUMENT = ("code-fold", "code-summary", "code-overflow")
"""Options that hold for all cells where they stand in the front matter."""
OWN = frozenset(
    """
    label id echo eval include output warning error message lst-cap lst-label code-fold
    code-summary code-line-numbers code-overflow filename column classes class tags fig-cap
    fig-subcap tbl-cap tbl-subcap fig-alt fig-width fig-height fig-dpi fig-format fig-align fig-link
    cap subcap fig-cap-location tbl-cap-location cap-location panel slideshow collapsed
    autoscroll deletable format name dependson cache jupyter code_folding vscode colab
    execution_count berattelse
    """.split()  # noqa: SIM905 - a list of them would fill the page
)
"""Options with a meaning of their own; every other one becomes an attribute of the cell."""

_YES_OR_NO = "true eller false"


def _bool(content: Any) -> bool:
    return isinstance(content, bool)


def _or(*words: str) -> Callable[[Any], bool]:
    return lambda content: isinstance(content, bool) or content in words


def _number(content: Any) -> bool:
    if isinstance(content, str):
        return bool(re.fullmatch(r"\d*\.?\d+", content.strip())) and float(content) > 0
    return isinstance(content, int | float) and not isinstance(content, bool) and content > 0


_WANTED: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "label": (lambda content: isinstance(content, str | int), "ett namn"),
    "echo": (_or("fenced"), "true, false eller fenced"),
    "output": (_or("asis"), "true, false eller asis"),
    "include": (_bool, _YES_OR_NO),
    "warning": (_bool, _YES_OR_NO),
    "error": (_bool, _YES_OR_NO),
    "fig-width": (_number, "ett tal, i tum"),
    "fig-height": (_number, "ett tal, i tum"),
    "fig-dpi": (_number, "ett tal"),
}


def refused(options: Mapping[str, Any]) -> Iterator[str]:
    """Yield, in Swedish, what is wrong with each value that means nothing; shapes as in YAML."""
    for name, (fits, wanted) in _WANTED.items():
        content = options.get(name)
        if content is not None and not fits(content):
            shown = " ".join(str(content).split())
            yield f"Cellens «{name}: {shown}» betyder inget; skriv {wanted}."


def truth(content: Any) -> bool:
    """Tell whether an option is on; YAML and notebooks write "false" too."""
    return content not in (False, None, "false")
