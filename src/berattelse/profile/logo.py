"""The mark of a profile: which file it is, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lxml import etree
from PIL import Image

from berattelse.errors import BerattelseError
from berattelse.model import shown
from berattelse.profile.brand import Placed, bare, mapping
from berattelse.profile.model import Logo

SUFFIXES = (".svg", ".png")
SIZES = ("medium", "large", "small")
"""Sizes of the brand format, in the order that the cover and the head of the page want them."""


def read_logo(brand: Mapping[str, Any], faults: list[BerattelseError]) -> Logo | None:
    """Return the mark of a joined brand file; what is wrong with it is added to `faults`."""
    part = brand.get("logo")
    images = mapping(mapping(part).get("images"))
    sized = [mapping(part)[size] for size in SIZES if size in mapping(part)]
    given = sized[0] if sized else part
    if isinstance(given, dict) and not {"path", "light", "dark"} & given.keys():
        return None
    pictures = _pictures(given, images, faults)
    light = pictures.get("light") or pictures.get("dark")
    if light is None:
        return None
    dark = pictures.get("dark", light)[0]
    return Logo(path=light[0], alt=light[1], dark=dark if dark != light[0] else None)


def _pictures(
    given: Any, images: Mapping[str, Any], faults: list[BerattelseError]
) -> dict[str, tuple[Path, str]]:
    """Return `light` and `dark` -> (file, alternative text) of a mark, by name or by path."""
    if isinstance(given, Placed) and str(given.content) in images:
        # A picture of the list may itself be one for light and one for dark
        return _pictures(images[str(given.content)], {}, faults)
    if isinstance(given, dict) and {"light", "dark"} & given.keys():
        found: dict[str, tuple[Path, str]] = {}
        for setting in ("light", "dark"):
            if setting in given:
                chosen = _pictures(given[setting], images, faults)
                picture = chosen.get(setting) or chosen.get("light")
                if picture:
                    found[setting] = picture
        return found
    alt = str(bare(mapping(given).get("alt")) or "")
    file = given if isinstance(given, Placed) else mapping(given).get("path")
    if not isinstance(file, Placed):
        return {}
    path = _file(file)
    if isinstance(path, BerattelseError):
        faults.append(path)
        return {}
    return {"light": (path, alt)}


def _file(given: Placed) -> Path | BerattelseError:
    name = str(given.content)
    if "://" in name or name.startswith("data:"):
        return given.fault(
            "bilder hämtas inte från nätet.", remedy="Lägg filen i profilens mapp och skriv namnet."
        )
    if not name.lower().endswith(SUFFIXES):
        return given.fault(f"«{name}» är varken SVG eller PNG.")
    path = given.file(name)
    if not path.is_file():
        return given.fault(
            f"filen «{name}» finns inte.", remedy=f"Lägg den i {shown(path.parent)}."
        )
    if not _readable(path):
        return given.fault(
            f"filen «{name}» är ingen läsbar bild.", remedy="Spara den på nytt som SVG eller PNG."
        )
    return path


def _readable(path: Path) -> bool:
    """Tell whether the file is the picture that its name says, whole."""
    if path.suffix.lower() == ".svg":
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            root = etree.fromstring(path.read_bytes(), parser)
        except (OSError, etree.XMLSyntaxError):
            return False
        return bool(root.tag == "{http://www.w3.org/2000/svg}svg")
    try:
        with Image.open(path) as image:
            image.load()
            return image.format == "PNG"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
