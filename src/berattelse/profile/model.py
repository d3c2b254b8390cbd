"""What a profile is, once it has been read and its contrasts have been checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Scheme:
    """The colours of a page in light or dark, each `#rrggbb`.

    Every colour of text has at least 4.5:1 against `ground` and `surface` (WCAG 2.1, 1.4.3).
    """

    text: str
    muted: str
    """Notes, captions' sources, margins."""
    ground: str
    """The paper."""
    surface: str
    """Heads of tables, boxes."""
    line: str
    """Rules that part things."""
    hairline: str
    """Rules between rows."""
    accent: str
    """Headings, links, labels: as text on `ground`."""
    band: str
    """The coloured field at the top of a page or cover."""
    on_band: str
    """Text on `band`."""
    mark: str
    """Behind passages that are still to be filled in."""
    on_mark: str
    info: str
    """Callouts, as text on `surface`: notes."""
    tip: str
    warning: str
    important: str


@dataclass(frozen=True)
class Cut:
    """One font file of a typeface."""

    weight: int
    """300 light, 400 regular, 600 semibold, 700 bold."""
    italic: bool
    path: Path
    """TrueType or OpenType."""


@dataclass(frozen=True)
class Typeface:
    """A family of fonts."""

    family: str
    cuts: tuple[Cut, ...] = ()
    """Empty for a font that is only asked for by name: it cannot be embedded, so PDF and charts
    take the shipped typeface in its place."""


@dataclass(frozen=True)
class Logo:
    """The mark on the cover and at the top of the page; SVG or PNG."""

    path: Path
    alt: str
    """Empty for a mark that says nothing besides the name next to it."""
    dark: Path | None = None
    """The mark on `band` and on dark ground, where that is another file."""


@dataclass(frozen=True)
class Profile:
    """How the documents of one kommun look."""

    light: Scheme
    dark: Scheme
    charts: tuple[str, ...]
    """Colours of chart series in order, at least 3:1 against white (WCAG 2.1, 1.4.11)."""
    tints: tuple[str, ...]
    """Light variants of `charts`, for fills that have an edge of the full colour."""
    text: Typeface
    headings: Typeface
    word_family: str
    """Typeface of Word files: one that the reader's machine has, since Word embeds none."""
    word_fallback: str
    """Named in the Word file as the alternative where `word_family` is missing."""
    size_pt: float
    """Size of running text on paper."""
    logo: Logo | None = None
    template: Path | None = None
    """The kommun's own `mall.docx`."""
    files: tuple[Path, ...] = ()
    """Every path that was tried, also those that do not exist: the profile depends on them."""
    remarks: tuple[str, ...] = ()
    """What stands in for something that the profile asks for, in Swedish."""
