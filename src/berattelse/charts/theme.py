"""How the charts of a kommun look: colours and letters of its profile.

The engine hands the theme to its kernels in an environment variable, so that a kernel reads no
profile. Under plain Quarto the project's own profile is read.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from berattelse.errors import SettingsError

if TYPE_CHECKING:
    from berattelse.profile.model import Profile

VARIABLE = "BERATTELSE_PROFIL"
"""Holds the theme as text; set by the engine for its kernels, absent under plain Quarto."""

TEXT = 4.5
"""WCAG 2.1, 1.4.3: contrast of text with its ground."""
MARK = 3.0
"""WCAG 2.1, 1.4.11: contrast of what a chart is read by."""
BOLD = 600
"""Weight of names and titles; the nearest one that the typeface has is taken."""


@dataclass(frozen=True)
class Theme:
    """What the charts take from a profile. Colours are `#rrggbb`."""

    colours: tuple[str, ...]
    """Of the series, in order; at least 3:1 against `ground`."""
    tints: tuple[str, ...]
    """Light variants of `colours`, for fills that have an edge of the full colour."""
    ink: str
    muted: str
    """Text of axes and marks."""
    grid: str
    axis: str
    """Where the value is zero; at least 3:1 against `ground`."""
    family: str
    """Name of the typeface as its files give it."""
    regular: str
    """Font file of ordinary text."""
    semibold: str
    """Font file of names and titles."""
    weight: int
    """Weight of `semibold`, 1 to 1000."""
    ground: str = "#ffffff"
    """The paper; charts are drawn for print, also where a page is dark."""

    @classmethod
    def of(cls, profile: Profile) -> Theme:
        """Return the theme of a profile.

        A typeface without font files cannot be measured: the shipped one takes its place.
        """
        face = profile.text
        upright = [cut for cut in face.cuts if not cut.italic]
        if not upright:
            from berattelse.profile import standard

            face = standard.typeface()
            upright = [cut for cut in face.cuts if not cut.italic]
        regular = min(upright, key=lambda cut: abs(cut.weight - 400))
        heavy = [cut for cut in upright if cut.weight > regular.weight] or [regular]
        semibold = min(heavy, key=lambda cut: (abs(cut.weight - BOLD), cut.weight))
        scheme = profile.light
        line = scheme.line if contrast(scheme.line, cls.ground) >= MARK else scheme.muted
        return cls(
            colours=profile.charts,
            tints=profile.tints,
            ink=scheme.text,
            muted=scheme.muted,
            grid=scheme.hairline,
            axis=line,
            family=face.family,
            regular=str(regular.path),
            semibold=str(semibold.path),
            weight=semibold.weight,
        )

    def colour(self, index: int) -> str:
        """Return the colour of series `index`."""
        return self.colours[index % len(self.colours)]

    def tint(self, index: int) -> str:
        """Return the light variant of the colour of series `index`."""
        return self.tints[index % len(self.tints)]

    def label(self, index: int) -> str:
        """Return the colour of series `index` for text on paper: darker where it must be."""
        return self._labels[index % len(self._labels)]

    @cached_property
    def _labels(self) -> tuple[str, ...]:
        return tuple(_readable(colour, self.ground) for colour in self.colours)

    def on(self, fill: str) -> str:
        """Return the colour of text on a fill: white, ink, or black where neither can be read.

        One of white and black has at least 4.58:1 on any colour.
        """
        inks = (self.ground, self.ink, "#000000")
        return next((ink for ink in inks if contrast(ink, fill) >= TEXT), self.ground)


def to_text(theme: Theme) -> str:
    """Return a theme as JSON, for `VARIABLE`."""
    return json.dumps(asdict(theme), ensure_ascii=True, sort_keys=True)


@cache
def from_text(text: str) -> Theme:
    """Return the theme that `to_text` wrote.

    Raises:
        SettingsError: the text is no theme.
    """
    try:
        facts: dict[str, Any] = json.loads(text)
        series: dict[str, Any] = {name: tuple(facts.pop(name)) for name in ("colours", "tints")}
        return Theme(**series, **facts)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise SettingsError(
            f"Miljövariabeln {VARIABLE} går inte att läsa: {error}.",
            remedy="Motorn sätter den själv; ta bort den ur miljön.",
        ) from error


def current() -> Theme:
    """Return the theme of the report that is being executed.

    Raises:
        SettingsError: the project's profile is faulty.
    """
    text = os.environ.get(VARIABLE)
    return from_text(text) if text else _of_project(Path.cwd())


@cache
def _of_project(folder: Path) -> Theme:
    # Imported here: a kernel that is given its theme needs none of it
    from berattelse.config import find_root

    try:
        root = find_root(folder)
    except SettingsError:
        from berattelse.profile import standard

        return Theme.of(standard.profile())
    from berattelse.profile.reading import read_profile

    return Theme.of(read_profile(root))


@cache
def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.1).

    `profile.colours` reckons with any colour space, and takes 60 ms to import.
    """
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in _shares(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _shares(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def _readable(colour: str, ground: str) -> str:
    """Return a colour, darkened as little as makes it readable as text."""
    for step in range(101):
        left = 1 - step / 100
        shade = "#" + "".join(f"{round(share * left * 255):02x}" for share in _shares(colour))
        if contrast(shade, ground) >= TEXT:
            return shade
    return "#000000"
