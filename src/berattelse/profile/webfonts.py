"""The typefaces of a web page: the cuts that it uses, with the letters that Swedish reports use.

A cut is subset to `REPERTOIRE` whatever the page says, so that every page carries the same bytes
and a cut is made once per process. A sign outside it is drawn with a font of the reader's machine.
"""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from berattelse.errors import TypesetError
from berattelse.profile.model import Cut, Typeface

REPERTOIRE: tuple[range, ...] = (
    range(0x0020, 0x0180),  # Basic Latin, Latin-1, Latin Extended-A
    range(0x2010, 0x2065),  # General Punctuation: dashes, quotation marks, spaces, per mille
    range(0x2070, 0x20C0),  # Superscripts and Subscripts, Currency Symbols
    range(0x2116, 0x2123),  # No, trade mark
    range(0x2150, 0x215F),  # Fractions
    range(0x2190, 0x21C0),  # Arrows
    range(0x2200, 0x2270),  # Mathematical Operators: minus, less or equal
)
"""Code points (Unicode blocks) that a page carries of a font, where the font has them."""
FEATURES = ("ccmp", "kern", "liga", "lnum", "locl", "mark", "mkmk", "tnum")
"""OpenType features: what letters need, and figures of equal width for tables."""

Wanted = tuple[int, bool]
"""Weight and whether italic."""


@dataclass(frozen=True)
class Webfont:
    """A cut as a page carries it."""

    family: str
    weight: int
    italic: bool
    woff2: bytes


def webfonts(face: Typeface, wanted: Iterable[Wanted]) -> tuple[Webfont, ...]:
    """Return the cuts of a typeface that a page needs to show `wanted`, each once.

    A weight that the typeface lacks is shown with the nearest one, as a browser chooses it (CSS
    Fonts 4, 5.2). A typeface without cuts gives none.

    Raises:
        TypesetError: a font file cannot be read.
    """
    chosen = dict.fromkeys(_nearest(face.cuts, want) for want in wanted) if face.cuts else {}
    return tuple(Webfont(face.family, cut.weight, cut.italic, _woff2(cut)) for cut in chosen if cut)


def _nearest(cuts: Collection[Cut], want: Wanted) -> Cut | None:
    weight, italic = want
    # Without an italic the browser slants the upright cut, which is there anyway
    styled = [cut for cut in cuts if cut.italic == italic]
    if not styled:
        return None if italic else _nearest([Cut(c.weight, False, c.path) for c in cuts], want)
    if weight <= 500:
        return min(styled, key=lambda cut: (cut.weight > 500, abs(cut.weight - weight)))
    return min(styled, key=lambda cut: (cut.weight < weight, abs(cut.weight - weight)))


_one_at_a_time = threading.Lock()
"""Targets are typeset in threads: the second waits for what the first one makes."""


def _woff2(cut: Cut) -> bytes:
    try:
        content = cut.path.read_bytes()
        with _one_at_a_time:
            return _subset(content, cut.weight)
    except Exception as error:  # fontTools raises whatever a damaged table leads to
        raise TypesetError(
            f"Typsnittsfilen {cut.path.name} kan inte läsas: {error}",
            remedy="Lägg in filen på nytt från den som har gett ut typsnittet.",
        ) from error


@lru_cache(maxsize=32)
def _subset(content: bytes, weight: int) -> bytes:
    # A quarter of a second to import; a run without web pages does without
    from fontTools import subset

    options: Any = subset.Options()
    options.flavor = "woff2"
    options.layout_features = list(FEATURES)
    options.name_IDs = [0, 1, 2, 13]  # copyright, family, style and licence
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.desubroutinize = True
    options.drop_tables = [*options.drop_tables, "DSIG", "STAT", "meta"]
    # It tells in English of tables that it drops, which are of no use to a page
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    font: Any = subset.load_font(io.BytesIO(content), options)
    if "fvar" in font:
        font = _at_weight(font, weight)
    # PostScript hints are small and keep lines even on coarse screens; TrueType programs are not
    options.hinting = "CFF " in font
    subsetter: Any = subset.Subsetter(options)
    subsetter.populate(unicodes=[code for codes in REPERTOIRE for code in codes])
    subsetter.subset(font)
    out = io.BytesIO()
    subset.save_font(font, out, options)
    return out.getvalue()


def _at_weight(font: Any, weight: int) -> Any:
    """Return one weight of a variable font; its other axes stay where the font begins."""
    from fontTools.varLib import instancer

    axes = {axis.axisTag: axis for axis in font["fvar"].axes}
    place = {tag: axis.defaultValue for tag, axis in axes.items()}
    if "wght" in axes:
        place["wght"] = max(axes["wght"].minValue, min(axes["wght"].maxValue, weight))
    return instancer.instantiateVariableFont(font, place)
