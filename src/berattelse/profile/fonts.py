"""The typefaces of a profile: which font files they are, and what stands in for those not at hand.

Only fonts that lie in the project can be embedded. A font that is to be fetched from the net, or
that the machine may have, is named in the web page; PDF and charts take the shipped typeface, so
that they look alike on every machine.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from berattelse.errors import BerattelseError
from berattelse.profile import standard
from berattelse.profile.brand import Placed, mapping
from berattelse.profile.model import Cut, Typeface

SUFFIXES = (".ttf", ".otf")
MIN_PT, MAX_PT = 9.0, 14.0
_WEIGHTS = {
    "thin": 100, "extra-light": 200, "ultra-light": 200, "light": 300, "normal": 400,
    "regular": 400, "medium": 500, "semi-bold": 600, "demi-bold": 600, "bold": 700,
    "extra-bold": 800, "ultra-bold": 800, "black": 900,
}  # fmt: skip
_PT_PER = {"pt": 1.0, "px": 0.75, "rem": 12.0, "em": 12.0}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(pt|px|rem|em)")


def read_typefaces(
    brand: Mapping[str, Any], faults: list[BerattelseError]
) -> tuple[Typeface, Typeface, float, list[str]]:
    """Return `(text, headings, size in points, remarks)` of a joined brand file.

    What is wrong is added to `faults`; a remark, in Swedish, tells what stands in for a font.
    """
    typography = mapping(brand.get("typography"))
    declared: dict[str, Typeface] = {}
    remarks: list[str] = []
    for font in typography.get("fonts", []):
        face = _typeface(font, faults)
        if face is not None:
            declared[face.family] = face
    base, headings = (_part(typography.get(name)) for name in ("base", "headings"))
    text = _chosen(base.get("family"), declared, remarks) or standard.typeface()
    heads = _chosen(headings.get("family"), declared, remarks) or text
    unused = {
        "base": ("weight", "line-height"),
        "headings": ("weight", "style", "color", "line-height"),
        "link": ("weight", "color", "background-color", "decoration"),
    }
    remarks += [
        f"«typography.{part}.{key}» i profilen används inte i dokumenten."
        for part, keys in unused.items()
        for key in keys
        if key in mapping(typography.get(part))
    ]
    return text, heads, _size(base.get("size"), faults), list(dict.fromkeys(remarks))


def _part(content: Any) -> dict[str, Any]:
    # `base: Familj` is a short form of `base: {family: Familj}`
    if isinstance(content, dict):
        return content
    return {} if content is None else {"family": content}


def _chosen(
    family: Placed | None, declared: Mapping[str, Typeface], remarks: list[str]
) -> Typeface | None:
    if family is None or not family.content:
        return None
    name = str(family.content)
    if name == standard.FAMILY:
        return declared.get(name) or standard.typeface()
    face = declared.get(name, Typeface(name))
    if not face.cuts:
        remarks.append(
            f"Typsnittet {name} ligger inte i projektet och kan inte bäddas in; "
            f"{standard.FAMILY} används i PDF och diagram."
        )
    return face


def _typeface(font: Mapping[str, Any], faults: list[BerattelseError]) -> Typeface | None:
    family = font.get("family")
    if family is None:
        return None
    source = font.get("source")
    if source is None or source.content != "file":
        return Typeface(str(family.content))
    cuts = [cut for entry in font.get("files", []) if (cut := _cut(entry, faults))]
    # A family without files of its own would be drawn with another: its fault has been told
    return Typeface(str(family.content), tuple(cuts))


def _cut(entry: Any, faults: list[BerattelseError]) -> Cut | None:
    facts = entry if isinstance(entry, dict) else {"path": entry}
    given = facts.get("path")
    if given is None:
        return None
    path: Path = given.file(str(given.content))
    if path.suffix.lower() not in SUFFIXES:
        faults.append(
            given.fault(
                f"«{given.content}» är varken .ttf eller .otf.",
                remedy="Webbtypsnitt (.woff2) kan inte sättas i PDF; lägg in originalfilen.",
            )
        )
        return None
    if not path.is_file():
        faults.append(given.fault(f"filen «{given.content}» finns inte."))
        return None
    if not _readable(path):
        faults.append(
            given.fault(
                f"filen «{given.content}» är inget läsbart typsnitt.",
                remedy="Hämta filen på nytt från den som gav er typsnittet.",
            )
        )
        return None
    weight, style = facts.get("weight"), facts.get("style")
    number = _weight(weight, faults) if weight is not None else 400
    italic = style is not None and style.content in ("italic", "oblique")
    return Cut(number, italic, path)


def _readable(path: Path) -> bool:
    """Tell whether a file is a font; only asked of fonts that a profile brings itself."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, lazy=True) as font:
            return bool(font.getBestCmap()) and "name" in font and "hmtx" in font
    except (OSError, TTLibError, ValueError, KeyError, AssertionError, struct.error):
        return False


def _weight(given: Placed, faults: list[BerattelseError]) -> int:
    written = str(given.content).strip()
    if written.isdigit() and 1 <= int(written) <= 1000:
        return int(written)
    if re.fullmatch(r"\d+\.\.\d+", written):
        return 400  # a variable font, which has every weight
    number = _WEIGHTS.get(written)
    if number is None:
        faults.append(
            given.fault(
                f"«{given.content}» är ingen tjocklek.", remedy="Skriv till exempel 400 eller bold."
            )
        )
    return number or 400


def _size(given: Placed | None, faults: list[BerattelseError]) -> float:
    """Return the size of running text on paper, in points."""
    standard_size = standard.profile().size_pt
    if given is None:
        return standard_size
    match = _SIZE.fullmatch(str(given.content).strip())
    size = float(match[1]) * _PT_PER[match[2]] if match else 0.0
    if not MIN_PT <= size <= MAX_PT:
        faults.append(
            given.fault(
                f"«{given.content}» är ingen storlek för löpande text.",
                remedy=f"Skriv mellan {MIN_PT:g}pt och {MAX_PT:g}pt.",
            )
        )
        return standard_size
    return size
