"""How a Word file looks: the kommun's profile in Word's measures, and what its template decides."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from berattelse.profile import Profile
from berattelse.typeset.word.xml import mm

_PAGE_MM = (210, 297)
_MARGIN_MM = 25

_BREADTH = {
    **{"arial": 1.11, "aptos": 1.09, "calibri": 1.0, "cambria": 1.06, "carlito": 1.0},
    **{"century gothic": 1.2, "corbel": 1.03, "franklin gothic book": 1.05, "garamond": 0.93},
    **{"georgia": 1.12, "gill sans mt": 1.02, "open sans": 1.16, "segoe ui": 1.1},
    **{"source sans pro": 1.0, "tahoma": 1.11, "times new roman": 1.0, "trebuchet ms": 1.08},
    **{"verdana": 1.28},
}
"""Mean width of running text and figures in Calibri's, for fonts that kommuner use."""
_UNKNOWN = 1.12
_ALLOWED_FOR = 1.1
"""The widths of columns have room for a typeface this much wider than Calibri as it is."""


@dataclass(frozen=True)
class Logo:
    """The mark on the cover."""

    path: Path
    alt: str
    """Empty for a mark that only decorates."""


@dataclass(frozen=True)
class Look:
    """Colours (RRGGBB), font and measures of a Word file."""

    font: str
    font_fallback: str
    size_pt: float
    text: str
    muted: str
    accent: str
    band: str
    """Behind heads of tables and boxes."""
    rule: str
    mark: str
    on_mark: str
    boxes: tuple[tuple[str, str], ...]
    """Kind of callout -> colour of its edge and title."""
    table_pt: float
    """Size of text in tables that have room for it."""
    logo: Logo | None = None
    widths: tuple[int, int] = (
        mm(_PAGE_MM[0] - 2 * _MARGIN_MM),
        mm(_PAGE_MM[1] - 2 * _MARGIN_MM),
    )
    """Width of the text column on an upright and on a turned page, in twips."""
    height: int = mm(_PAGE_MM[1] - 2 * _MARGIN_MM)
    """Height of the text column on an upright page, in twips."""
    theirs: frozenset[str] = frozenset()
    """Ids (ours) of the styles that a template of the kommun's own defines: nothing is set over
    what they say."""
    tabless: frozenset[str] = frozenset()
    """Those of them for entries of the table of contents that put the page number nowhere."""
    numbers: tuple[str, ...] = ()
    """Pattern of a heading's number per level in Word's way (`%1.%2`), where a template has one."""
    page_mm: tuple[int, int] = _PAGE_MM
    margin_mm: int = _MARGIN_MM

    @classmethod
    def of(cls, profile: Profile) -> Look:
        """Return the look of a profile's documents on white paper."""
        light = profile.light
        logo = Logo(profile.logo.path, profile.logo.alt) if profile.logo else None
        kinds = {
            **{"note": light.info, "tip": light.tip, "warning": light.warning},
            **{"important": light.important, "caution": light.warning},
        }
        return cls(
            font=profile.word_family,
            font_fallback=profile.word_fallback,
            size_pt=profile.size_pt,
            text=_hex(light.text),
            muted=_hex(light.muted),
            accent=_hex(light.accent),
            band=_hex(light.surface),
            rule=_hex(light.line),
            mark=_hex(light.mark),
            on_mark=_hex(light.on_mark),
            boxes=tuple((kind, _hex(colour)) for kind, colour in kinds.items()),
            table_pt=profile.size_pt - 1,
            logo=logo,
        )

    def text_width(self, landscape: bool = False) -> int:
        """Width of the text column in twips."""
        return self.widths[landscape]

    def numbered(self, level: int, number: str) -> str:
        """Return a heading's number as it is shown before the heading."""
        pattern = self.numbers[level - 1] if level <= len(self.numbers) and number else ""
        parts = number.split(".")
        for place, part in enumerate(parts, 1):
            pattern = pattern.replace(f"%{place}", part)
        return pattern or number

    @property
    def breadth(self) -> float:
        """Return how many times wider the font is than column widths allow for; 1 at least."""
        return max(1.0, _BREADTH.get(self.font.lower(), _UNKNOWN) / _ALLOWED_FOR)


def _hex(colour: str) -> str:
    return colour.removeprefix("#").upper()
