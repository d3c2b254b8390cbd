"""The fonts that typst may use: the profile's, those that stand in for them, and no others.

Each profile gets a folder of its own with copies. A copy is named as the profile names it where
typst would read another family, weight or slope out of the file, so that a text and a chart that
ask for the profile's family both get it.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import shutil
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from berattelse.errors import BerattelseError, SettingsError, raise_all
from berattelse.model import shown
from berattelse.profile import standard
from berattelse.profile.model import Cut, Profile, Typeface

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

RESERVE = "DejaVuSans.ttf"
"""For most alphabets; from matplotlib, as the next."""
BOXES = "LastResortHE-Regular.ttf"
"""Boxes for any letter at all.

A letter that no font has would be no PDF/A; with a box for it, its text can still be read out,
searched and copied. Typst sees this font only where it is needed: for letters within SVG it would
take it before others that have them.
"""
_FAMILIES = ("Libertinus Serif", "DejaVu Sans", "Last Resort High-Efficiency")
"""What stands in for letters that neither the profile's typeface nor the shipped one has; the first
is within typst itself."""
HYPHEN = "Berattelse Bindestreck"
"""A font that holds a hyphen alone; see `_hyphen`."""

# OpenType 1.9.1, OS/2, fsType
_MAY_NOT_BE_EMBEDDED = 0x0002
_USES = 0x000F
_MAY_NOT_BE_SUBSET = 0x0100
_BITMAPS_ALONE = 0x0200


@dataclass(frozen=True)
class FontBook:
    """The fonts of one profile, ready for typst."""

    fonts: typst.Fonts
    with_boxes: typst.Fonts
    """The same, and the font of boxes."""
    text: tuple[str, ...]
    """Families of running text, the profile's first, as typst knows them."""
    headings: tuple[str, ...]
    hyphen: str
    """Family that the author's own hyphens are taken from; empty for the text's light cut."""


def book(profile: Profile) -> FontBook:
    """Return the fonts of a profile; kept for the next document with the same files.

    Raises:
        ToolError: the shipped typeface is not installed.
        SettingsError: fonts of the profile that cannot be read or that may not be embedded, all
            at once.
    """
    return _book(_stamped(profile.text), _stamped(profile.headings))


_Stamped = tuple[str, tuple[tuple[Cut, int, int], ...]]
"""A family, and each cut with the time and size of its file: a changed file is another font."""


def _stamped(face: Typeface) -> _Stamped:
    face = face if face.cuts else standard.typeface()
    cuts = []
    for cut in face.cuts:
        try:
            stat = cut.path.stat()
            cuts.append((cut, stat.st_mtime_ns, stat.st_size))
        except OSError:
            cuts.append((cut, 0, 0))
    return face.family, tuple(cuts)


@functools.cache
def _book(text: _Stamped, headings: _Stamped) -> FontBook:
    # Typst reads a font when it first needs it: the folder lives as long as the process.
    root = tempfile.mkdtemp(prefix="berattelse-typsnitt-")
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    folder, boxes = Path(root, "typsnitt"), Path(root, "rutor")
    folder.mkdir()
    boxes.mkdir()
    shipped = standard.typeface()
    faces = {text, headings}
    if all(family != shipped.family for family, _ in faces):
        faces.add(_stamped(shipped))
    faults: list[BerattelseError] = []
    seen: dict[str, str] = {}
    for number, (family, cuts) in enumerate(sorted(faces, key=str)):
        own = (family, cuts) != _stamped(shipped)
        for at, (cut, _, _) in enumerate(cuts):
            copy = folder / f"{number}-{at}{cut.path.suffix.lower()}"
            try:
                seen[family] = _copy(cut, family, copy, own=own)
            except SettingsError as fault:
                faults.append(fault)
    raise_all(SettingsError, faults)
    _reserve(RESERVE, folder)
    _reserve(BOXES, boxes)
    hyphen = ""
    if not any(cut.weight == 300 and not cut.italic for cut, _, _ in text[1]):
        _hyphen(_regular(text[1]), folder / "bindestreck")
        hyphen = HYPHEN
    reserves = (shipped.family, *_FAMILIES)
    return FontBook(
        typst.Fonts(include_system_fonts=False, font_paths=[str(folder)]),
        typst.Fonts(include_system_fonts=False, font_paths=[str(folder), str(boxes)]),
        tuple(dict.fromkeys((seen[text[0]], *reserves))),
        tuple(dict.fromkeys((seen[headings[0]], *reserves))),
        hyphen,
    )


def _reserve(name: str, folder: Path) -> None:
    path = _matplotlib() / "mpl-data" / "fonts" / "ttf" / name
    if path.is_file():
        shutil.copyfile(path, folder / name)


def _regular(cuts: tuple[tuple[Cut, int, int], ...]) -> Path:
    return min((cut.italic, abs(cut.weight - 400), cut.path) for cut, _, _ in cuts)[2]


def _copy(cut: Cut, family: str, copy: Path, *, own: bool) -> str:
    """Copy a font file; return its family as typst knows it."""
    try:
        data = cut.path.read_bytes()
    except OSError as error:
        raise _fault(cut.path, f"kan inte läsas: {error.strerror}") from error
    copy.write_bytes(data)
    if not own:
        return family
    _check(cut.path, data)
    info = _as_typst_knows_it(copy)
    wanted = (family, cut.weight, "italic" if cut.italic else "normal")
    if info is None or (info.family, info.weight, info.style) != wanted:
        copy.write_bytes(_renamed(data, cut, family))
        info = _as_typst_knows_it(copy)
    if info is None:
        raise _fault(cut.path, "är inget typsnitt som kan sättas i PDF")
    return info.family


def _fault(path: Path, what: str) -> SettingsError:
    return SettingsError(
        f"Typsnittet {what}.",
        place=shown(path),
        remedy="Lägg in en hel .ttf eller .otf som får bäddas in, eller ta bort typsnittet ur "
        "_brand.yml.",
    )


def _open(data: bytes) -> TTFont:
    from fontTools.ttLib import TTFont

    return TTFont(BytesIO(data), lazy=True)


def _check(path: Path, data: bytes) -> None:
    """Refuse a font that cannot be read, or whose maker forbids what a PDF does with it."""
    try:
        font = _open(data)
        use = int(font["OS/2"].fsType) if "OS/2" in font else 0
        legible = "glyf" in font or "CFF " in font or "CFF2" in font
        letters = font.getBestCmap()
    except Exception as error:  # fontTools raises what its readers happen upon
        raise _fault(path, "är skadat eller inget typsnitt") from error
    if not legible or not letters:
        raise _fault(path, "innehåller inga bokstäver som kan sättas i PDF")
    if use & _USES == _MAY_NOT_BE_EMBEDDED or use & _BITMAPS_ALONE:
        raise _fault(path, "får enligt sin tillverkare inte bäddas in i dokument")
    if use & _MAY_NOT_BE_SUBSET:
        raise _fault(path, "får enligt sin tillverkare bara bäddas in helt, vilket inte görs här")


def _as_typst_knows_it(path: Path) -> typst.FontInfo | None:
    with tempfile.TemporaryDirectory(prefix="berattelse-typsnitt-") as name:
        shutil.copyfile(path, Path(name, path.name))
        fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[name]
        )
        return next(iter(fonts.fonts()), None)


def _renamed(data: bytes, cut: Cut, family: str) -> bytes:
    """Return the font named, weighted and sloped as the profile says it is.

    Of a font whose weight can be varied, the weight that the profile asks for is taken out.
    """
    font = _open(data)
    if "fvar" in font:
        font = _instance(font, cut)
    _name(font, family, cut)
    out = BytesIO()
    font.recalcTimestamp = False
    font.save(out)
    return out.getvalue()


def _instance(font: TTFont, cut: Cut) -> TTFont:
    from fontTools.varLib import instancer

    place = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
    for axis in font["fvar"].axes:
        if axis.axisTag == "wght":
            place["wght"] = min(max(cut.weight, axis.minValue), axis.maxValue)
        elif axis.axisTag == "ital" and cut.italic:
            place["ital"] = axis.maxValue
    return instancer.instantiateVariableFont(font, place)


def _name(font: Any, family: str, cut: Cut) -> None:
    names = font["name"]
    for name_id in (16, 17, 21, 22, 25):
        names.removeNames(nameID=name_id)
    style = " ".join(["Bold"] * (cut.weight >= 700) + ["Italic"] * cut.italic) or "Regular"
    letters = "".join(char for char in family if char.isascii() and char.isalnum()) or "Profil"
    for name_id, text in {
        1: family, 2: style, 4: f"{family} {cut.weight} {style}",
        6: f"{letters}-{cut.weight}{'It' if cut.italic else ''}",
    }.items():  # fmt: skip
        names.removeNames(nameID=name_id)
        names.setName(text, name_id, 3, 1, 0x409)
    os2, head = font["OS/2"], font["head"]
    os2.usWeightClass = cut.weight
    # Bits: 0 italic, 5 bold, 6 regular, 9 oblique
    os2.fsSelection &= ~0b10_0110_0001
    os2.fsSelection |= cut.italic | (cut.weight >= 700) << 5 | (style == "Regular") << 6
    head.macStyle = (cut.weight >= 700) | cut.italic << 1


def _hyphen(path: Path, to: Path) -> None:
    """Write a font that holds `path`'s hyphen alone.

    A hyphen that typst sets where it divides a word shares its glyph with the author's own, and
    many programs that read PDF then lose the author's. Out of a font of its own it is kept. The
    shipped typeface has its light cut for that.
    """
    from fontTools import subset

    options = subset.Options(notdef_outline=True, name_IDs=[1, 2, 4, 6], drop_tables=["FFTM"])
    options.recalc_timestamp = False
    font = _open(path.read_bytes())
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord("-")])
    subsetter.subset(font)
    _name(font, HYPHEN, Cut(400, False, path))
    font.recalcTimestamp = False
    font.save(to.with_suffix(path.suffix.lower()))


def _matplotlib() -> Path:
    """Return matplotlib's folder, without the time that importing it takes."""
    spec = importlib.util.find_spec("matplotlib")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent
