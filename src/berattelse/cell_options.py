"""Values of a cell's options that Quarto's schema (cell-*.yml) would refuse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

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
