"""The mark of a profile: which file it is, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from berattelse.errors import BerattelseError
from berattelse.profile.brand import Placed
from berattelse.profile.model import Logo

SUFFIXES = (".svg", ".png")
SIZES = ("medium", "large", "small")
"""Sizes of the brand format, in the order that the cover and the head of the page want them."""


def read_logo(brand: Mapping[str, Any], faults: list[BerattelseError]) -> Logo | None:
    """Return the mark of a joined brand file; what is wrong with it is added to `faults`."""
    part = brand.get("logo")
    if not isinstance(part, dict):
        return _logo(part, {}, faults) if part is not None else None
    images = part.get("images") or {}
    for size in SIZES:
        if part.get(size) is not None:
            return _logo(part[size], images if isinstance(images, dict) else {}, faults)
    return None


def _logo(given: Any, images: Mapping[str, Any], faults: list[BerattelseError]) -> Logo | None:
    if isinstance(given, dict):
        light = _file(given.get("light") or given.get("dark"), images, faults)
        dark = _file(given.get("dark"), images, faults) if given.get("light") else None
    else:
        light, dark = _file(given, images, faults), None
    if light is None:
        return None
    return Logo(path=light[0], alt=light[1], dark=dark[0] if dark else None)


def _file(
    given: Placed | None, images: Mapping[str, Any], faults: list[BerattelseError]
) -> tuple[Path, str] | None:
    """Return `(path, alt)` of an image, by its name among `images` or by its path."""
    if given is None or not given.content:
        return None
    image = images.get(str(given.content), given)
    alt = ""
    if isinstance(image, dict):
        alt = str(image["alt"].content or "") if "alt" in image else ""
        image = image.get("path")
        if image is None:
            faults.append(given.fault(f"bilden «{given.content}» har ingen «path»."))
            return None
    name = str(image.content)
    path = (image.path.parent / name).resolve()
    if "://" in name or name.startswith("data:"):
        fault = image.fault(
            "bilder hämtas inte från nätet.", remedy="Lägg filen i profilens mapp och skriv namnet."
        )
    elif path.suffix.lower() not in SUFFIXES:
        fault = image.fault(f"«{name}» är varken SVG eller PNG.")
    elif not path.is_file():
        fault = image.fault(
            f"filen «{name}» finns inte.", remedy=f"Lägg den i {path.parent.name}/."
        )
    else:
        return path, alt
    faults.append(fault)
    return None
