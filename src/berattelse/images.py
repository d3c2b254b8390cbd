"""The pictures of a text, copied to where the composed document can show them.

A path is seen from the report's folder, as Quarto sees it. One below `partials/<rapport>/` means
the target's own file, as for included texts.
"""

from __future__ import annotations

import bisect
import re
import shutil
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree
from PIL import Image, ImageOps

from berattelse import includes, qmd
from berattelse.errors import BerattelseError, SourceError
from berattelse.model import Job, Place, shown

FOLDER = "bilder"
SUFFIXES = (".svg", ".png", ".jpg", ".jpeg")
LARGEST_PX = 2000
"""On the longer side: 300 dots per inch over the width of a page's text."""
_HARMLESS = frozenset(
    {"dpi", "jfif", "jfif_version", "jfif_unit", "jfif_density", "progression", "progressive"}
    | {"icc_profile", "gamma", "srgb", "transparency", "interlace", "adobe", "adobe_transform"}
)
"""What a picture may say of itself without telling of its maker or place."""

_HREF = "{http://www.w3.org/1999/xlink}href"
UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)
"""What is raised for a file that is no picture."""
DAMAGED = "är ingen läsbar bild"

# The text before the path may go over several lines, but not past an empty one, and may hold
# brackets of its own.
_ALT = r"(?:[^\[\]\n]|\n(?!\s*\n)|\[[^\[\]]*\])*"
_INLINE = re.compile(rf"!\[{_ALT}\]\(\s*<?(?P<path>[^)>\s]+)")
_DEFINED = re.compile(r"^ {0,3}\[(?!\^)[^\]\n]+\]:\s*<?(?P<path>[^>\s]+)", re.MULTILINE)
_ADDRESS = re.compile(r"(?i)[a-z][a-z0-9+.-]+:|//|#")


Find = Callable[[str, Place, Job], Path | BerattelseError | None]
"""Gives the file of a picture as it is written, a fault, or None for one that is left alone."""


def gather(
    lines: Sequence[tuple[str, Place | None]], job: Job, folder: Path, find: Find | None = None
) -> tuple[list[tuple[str, Place | None]], list[BerattelseError]]:
    """Copy the pictures that lines of Markdown show, and return the lines with the new paths.

    Args:
        lines: of the composed document, each with where it came from. Code is left alone, and so
            are pictures that the engine itself has made (in `figures/`).
        job: whose report it is.
        folder: of the composed document; the pictures come to `bilder/` in it.
        find: gives a picture's file; None for a berättelse's rules. With it, what is no readable
            picture is copied as it is.

    Returns:
        The lines, and a fault for each picture that does not exist, lies outside the project, is
        to be fetched from the net or is of an unknown kind.
    """
    lines_now = dict(enumerate(lines))
    first: dict[Path, Place] = {}
    told = [qmd.Line(text, place or Place(job.source, 1)) for text, place in lines]
    plain = qmd.without_code(told)
    text = "\n".join(plain)
    starts = list(accumulate((len(line) + 1 for line in plain), initial=0))
    copied: dict[Path, str] = {}
    faults: list[BerattelseError] = []
    matches = [match for pattern in (_INLINE, _DEFINED) for match in pattern.finditer(text)]
    # Backwards, so that what has been put in moves nothing that is still to come
    for match in sorted(matches, key=lambda match: match.start("path"), reverse=True):
        written = match["path"]
        number = bisect.bisect_right(starts, match.start("path")) - 1
        line, place = lines_now[number]
        if place is None or written.startswith("figures/"):
            continue
        if match.re is _DEFINED and Path(unquote(written)).suffix.lower() not in SUFFIXES:
            continue  # of a link
        found = (find or _find)(written, place, job)
        if found is None:
            continue
        if isinstance(found, BerattelseError):
            faults.insert(0, found)
            continue
        own = f"{len(copied) + 1}-{re.sub(r'[^a-zA-Z0-9]+', '-', found.stem)}"
        name = copied.setdefault(found, f"{FOLDER}/{own}{found.suffix.lower()}")
        at = match.start("path") - starts[number]
        first[found] = place
        lines_now[number] = (line[:at] + name + line[at + len(written) :], place)
    if copied:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    for source, name in copied.items():
        if find:  # which has looked at them
            try:
                _copy(source, folder / name)
            except UNREADABLE:
                shutil.copyfile(source, folder / name)
            continue
        fault = _unusable(source, folder / name)
        if fault:
            faults.append(
                SourceError(
                    f"Bilden {shown(source)} {fault}.",
                    place=first[source],
                    remedy="Öppna den i ett bildprogram och spara den på nytt, som PNG "
                    "(eller SVG utan länkade bilder).",
                )
            )
    return list(lines_now.values()), faults


def _unusable(source: Path, to: Path) -> str:
    """Copy a picture of a berättelse, or return what is wrong with it, as `fault_of` does.

    A drawing that cannot be read is left to the typesetters, which tell of it together with all
    else that they find.
    """
    if source.suffix.lower() == ".svg" and (fault := fault_of(source)) not in ("", DAMAGED):
        return fault
    try:
        _copy(source, to)
    except UNREADABLE:  # also for colours that its kind of file cannot hold
        return DAMAGED
    return ""


def fault_of(path: Path) -> str:
    """Return what is wrong with a picture, as the end of a sentence; "" for a good one."""
    try:
        if path.suffix.lower() == ".svg":
            fetched = [address for _, address in _fetched(_svg(path))]
            return f"visar i sin tur {fetched[0]}, som inte följer med" if fetched else ""
        with Image.open(path) as opened:
            opened.load()
    except UNREADABLE:
        return DAMAGED
    return ""


def write_without_fetched(source: Path, to: Path) -> None:
    """Write an SVG without the pictures that it would fetch from elsewhere.

    Raises:
        OSError, ValueError, SyntaxError: it cannot be read.
    """
    root = _svg(source)
    for element, _ in _fetched(root):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    to.write_bytes(etree.tostring(root))


def _svg(path: Path) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.fromstring(path.read_bytes(), parser)
    if etree.QName(root).localname != "svg":
        raise ValueError(root.tag)
    return root


def _fetched(root: etree._Element) -> list[tuple[etree._Element, str]]:
    """Return the parts of an SVG that lie outside it, each with its address."""
    found = []
    for element in root.iter(*(f"{{*}}{name}" for name in ("image", "feImage", "use"))):
        address = str(element.get("href") or element.get(_HREF) or "").strip()
        if address and not address.startswith(("#", "data:")):
            found.append((element, address))
    return found


def _copy(source: Path, to: Path) -> None:
    """Copy a picture as it is to be seen and no more.

    A photograph is turned as the camera said, made smaller than a page needs, and rid of what the
    camera wrote in it, such as where it was taken.

    Raises:
        OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError: no readable picture.
    """
    if source.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        shutil.copyfile(source, to)
        return
    with Image.open(source) as opened:
        opened.load()
        kind = opened.format
        picture = ImageOps.exif_transpose(opened)
        profile = opened.info.get("icc_profile")
        silent = not opened.getexif() and not set(opened.info) - _HARMLESS
    if silent and max(picture.size) <= LARGEST_PX and kind in ("PNG", "JPEG"):
        shutil.copyfile(source, to)
        return
    picture.thumbnail((LARGEST_PX, LARGEST_PX), Image.Resampling.LANCZOS)
    picture.info.clear()
    options: dict[str, Any] = {"icc_profile": profile} if profile else {}
    if to.suffix == ".png":
        picture.save(to, "PNG", optimize=True, **options)
    else:
        picture.convert("RGB").save(to, "JPEG", quality=88, **options)


def _find(written: str, place: Place, job: Job) -> Path | BerattelseError:
    if _ADDRESS.match(written):
        return SourceError(
            f"Bilden «{written}» ligger inte i projektet.",
            place=place,
            remedy="Inget hämtas från nätet: spara bilden i projektet och skriv sökvägen dit.",
        )
    root = job.source.parent.parent.resolve()
    path = (job.source.parent / unquote(written)).resolve()
    if not path.is_relative_to(root):
        return SourceError(f"Bilden «{written}» ligger utanför projektet.", place=place)
    if path.suffix.lower() not in SUFFIXES:
        return SourceError(
            f"Bilden «{written}» är varken SVG, PNG eller JPEG.",
            place=place,
            remedy="Spara om den som PNG (eller JPEG, för ett fotografi).",
        )
    tried = [path]
    if path.is_relative_to(root / "partials" / job.target.rapport):
        tried = [*includes.candidates(root, job.target, path.name), path]
    found = next((candidate for candidate in tried if candidate.is_file()), None)
    if found is not None:
        return found
    beside = (place.file.parent / unquote(written)).resolve()
    remedy = "Kontrollera stavningen, också stora och små bokstäver."
    if beside.is_file() and beside.is_relative_to(root):
        own = beside.relative_to(root).as_posix()
        remedy = f"Sökvägen räknas från mappen reports: skriv «../{own}»."
    return SourceError(f"Bilden «{written}» finns inte.", place=place, remedy=remedy)
