"""The profile of a project that says nothing of how its documents look."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from berattelse.errors import ToolError
from berattelse.profile.model import Cut, Profile, Scheme, Typeface

FONT_PACKAGE = "font_source_sans_pro"
FAMILY = "Source Sans Pro"
_CUTS = {
    "Light": (300, False),
    "Regular": (400, False),
    "It": (400, True),
    "Semibold": (600, False),
    "SemiboldIt": (600, True),
    "Bold": (700, False),
    "BoldIt": (700, True),
}
"""Light is there for typst's sake: it carries the author's own hyphens."""

LIGHT = Scheme(
    text="#1b1b1b",
    muted="#4a5a63",
    ground="#ffffff",
    surface="#f2f6f8",
    line="#9fb3bd",
    hairline="#d5dfe4",
    accent="#00556b",
    band="#00556b",
    on_band="#ffffff",
    mark="#fff2a8",
    on_mark="#1b1b1b",
    info="#00556b",
    tip="#2b6a45",
    warning="#8a4b00",
    important="#9c2438",
)
DARK = Scheme(
    text="#e7edf0",
    muted="#b3c0c7",
    ground="#11171a",
    surface="#1a2327",
    line="#56707d",
    hairline="#2f3d44",
    accent="#85cbe0",
    band="#0c3d4b",
    on_band="#f3f9fb",
    mark="#5c4a00",
    on_mark="#fff6cf",
    info="#85cbe0",
    tip="#8fd3ab",
    warning="#f0b25e",
    important="#f39aa8",
)
CHARTS = ("#00556b", "#c46f00", "#7a4fa3", "#3d8a60", "#b23a48", "#6e7f87")
"""Told apart with the common colour vision deficiencies."""
TINTS = ("#c9dfe5", "#f7dfbf", "#e3d8ec", "#cfe6d9", "#f1cfd3", "#dfe5e8")


@cache
def typeface() -> Typeface:
    """Return the shipped typeface.

    Raises:
        ToolError: its package is not installed.
    """
    try:
        folder = Path(str(files(FONT_PACKAGE) / "files"))
    except ModuleNotFoundError as error:
        raise ToolError(
            "Typsnittet Source Sans Pro saknas.", remedy="pip install font-source-sans-pro"
        ) from error
    cuts = (
        Cut(weight, italic, folder / f"SourceSansPro-{name}.otf")
        for name, (weight, italic) in _CUTS.items()
    )
    return Typeface(FAMILY, tuple(cuts))


@cache
def profile() -> Profile:
    """Return the profile that is used where no `_brand.yml` says otherwise."""
    return Profile(
        light=LIGHT,
        dark=DARK,
        charts=CHARTS,
        tints=TINTS,
        text=typeface(),
        headings=typeface(),
        word_family="Calibri",
        word_fallback="Carlito",
        size_pt=11,
    )
