"""Values of a single document's front matter that Quarto would refuse: told, and done without."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from berattelse.single.front import parsed
from berattelse.single.includes import place_of
from berattelse.single.metadata import Warn

_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_LIKE_A_DATE = re.compile(r"\s*\d{1,4}[-/]\d{1,2}[-/]\d{1,4}\s*")
_KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "lang": (
        lambda value: isinstance(value, str) and bool(_LANG.fullmatch(value)),
        "en språkkod, till exempel sv eller en-GB",
    ),
    "toc": (lambda value: isinstance(value, bool), "true eller false"),
    "toc-depth": (lambda value: _whole(value, 1), "ett helt tal, minst 1"),
    "number-sections": (lambda value: isinstance(value, bool), "true eller false"),
    "number-depth": (lambda value: _whole(value, 1), "ett helt tal, minst 1"),
    "shift-heading-level-by": (lambda value: _whole(value, -9), "ett helt tal"),
    "crossref": (
        lambda value: value is False or isinstance(value, Mapping),
        "rader «nyckel: värde»",
    ),
    "execute": (lambda value: isinstance(value, Mapping), "rader «nyckel: värde»"),
    "format": (
        lambda value: isinstance(value, str | Mapping),
        "ett namn som html, eller rader «nyckel: värde»",
    ),
}
"""What each may be, and how that is said."""


def _whole(value: Any, least: int) -> bool:
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d+", value):
        value = int(value)
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def checked(settings: Mapping[str, Any], source: Path, warn: Warn) -> dict[str, Any]:
    """Return the settings without values that mean nothing, each told of with its line.

    Args:
        settings: from `metadata.gather`.
        source: the document.
        warn: is told `(message, place)`.
    """
    result = dict(settings)
    for key, (fits, wanted) in _KINDS.items():
        value = settings.get(key)
        if value is None or fits(value):
            continue
        del result[key]
        text = f"Värdet «{_shown(value)}» för «{key}» går inte att använda; skriv {wanted}."
        warn(text, place_of(source, key))
    for key in ("date", "date-modified"):
        value = str(settings.get(key) or "")
        if _LIKE_A_DATE.fullmatch(value) and parsed(value, source, dt.date.min) is None:
            text = f"Datumet «{value.strip()}» ({key}) finns inte: det visas som det är skrivet."
            warn(text, place_of(source, key))
    return result


def _shown(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 40 else f"{text[:39]}…"
