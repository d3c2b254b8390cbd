"""Open a kommun's own `mall.docx`, and say what is wrong with a file that cannot be used."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from pathlib import Path

from lxml import etree

from berattelse.errors import TypesetError
from berattelse.model import shown
from berattelse.typeset.word.package import TYPES, WORD_TYPE, Package
from berattelse.typeset.word.xml import q, xpath

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_LARGEST = 200 * 2**20
"""Bytes unpacked: a template with pictures is a few megabytes."""
_LARGEST_XML = 30 * 2**20
"""Bytes of its XML, which takes many times as much when it is read; a whole book has fewer."""
_SAVE_AS = "Öppna den i Word, välj Arkiv > Spara som och filformatet Word-dokument (.docx)."
_AGAIN = "Öppna den i Word och spara den på nytt som Word-dokument (.docx)."


_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError, MemoryError),
)
"""What Python raises at a zip whose directory or content is damaged, encrypted or packed in a way
that it does not know."""


def open_package(path: Path) -> Package:
    """Return the parts of a template; each XML part is known to be XML.

    Raises:
        TypesetError: with the file as its place: it is missing, damaged, encrypted, a template
            (.dotx) or a file with macros (.docm), in Word's old format or strict Open XML, or no
            Word file at all.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _fault(
            path,
            "Mallen går inte att läsa.",
            "Stäng filen om den är öppen, och se efter att den finns och får läsas.",
        ) from error
    if content.startswith(_OLE):
        raise _old_or_locked(path, content)
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = [(_is_xml(i.filename), i.file_size) for i in archive.infolist()]
            if sum(size for _, size in sizes) > _LARGEST:
                raise _fault(path, "Mallen är orimligt stor.", "Ta bort stora bilder ur den.")
            if sum(size for xml, size in sizes if xml) > _LARGEST_XML:
                raise _fault(path, "Mallen är orimligt stor.", "Ta bort exempeltexten ur den.")
            package = Package({i.filename: archive.read(i) for i in archive.infolist()})
    except _UNREADABLE as error:
        raise _fault(path, "Mallen är skadad eller är ingen Word-fil.", _AGAIN) from error
    _check(path, package)
    return package


def _check(path: Path, package: Package) -> None:
    name = ""
    try:
        for name in sorted(package.parts):
            if _is_xml(name):
                package.peek(name)
        name = package.main
        root = package.tree(name)
    except (etree.XMLSyntaxError, KeyError, ValueError, RecursionError, MemoryError) as error:
        what = f" (delen {name})" if name in package.parts else ""
        raise _fault(path, f"Mallen är skadad eller är ingen Word-fil{what}.", _AGAIN) from error
    kind = _content_type(package, name)
    if "macroEnabled" in kind or package.related(name, "vbaProject"):
        raise _fault(path, "Mallen är en fil med makron (.docm eller .dotm).", _SAVE_AS)
    if kind == f"{WORD_TYPE}.template.main+xml":
        raise _fault(path, "Mallen är sparad som Word-mall (.dotx).", _SAVE_AS)
    if "wordprocessingml" not in kind:
        raise _fault(path, "Mallen är ingen Word-fil.", _SAVE_AS)
    if etree.QName(root).namespace == _STRICT:
        raise _fault(path, "Mallen är sparad som Strikt Open XML-dokument.", _SAVE_AS)
    if root.tag != q("document") or not xpath(root, "./w:body") or not package.word_part("styles"):
        raise _fault(path, "Mallen är skadad: den saknar text eller stilar.", _AGAIN)


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _content_type(package: Package, name: str) -> str:
    found = xpath(package.tree(TYPES), "./ct:Override")
    kinds = {entry.get("PartName"): entry.get("ContentType") for entry in found}
    return str(kinds.get(f"/{name}", ""))


def _old_or_locked(path: Path, content: bytes) -> TypesetError:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _fault(
            path,
            "Mallen är skyddad med lösenord.",
            "Öppna den i Word, välj Arkiv > Info > Skydda dokument > Kryptera med lösenord, "
            "ta bort lösenordet och spara.",
        )
    return _fault(path, "Mallen är sparad i Words gamla format (.doc).", _SAVE_AS)


def _fault(path: Path, message: str, remedy: str) -> TypesetError:
    return TypesetError(message, place=shown(path), remedy=remedy)
