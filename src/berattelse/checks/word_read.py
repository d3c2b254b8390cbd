"""Read a Word file for the checks: its parts, safely, and its paragraphs and tables in order.

ECMA-376 (ISO/IEC 29500): the package is a zip file of XML parts that refer to each other.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
V = "{urn:schemas-microsoft-com:vml}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
DC = "{http://purl.org/dc/elements/1.1/}"

MAX_BYTES = 100_000_000
"""Unpacked XML; more is a zip bomb, not a report."""
MAX_ELEMENTS = 200_000
"""Elements of all parts. A report of a hundred pages has 30 000; the rules take a second or two
for as many, and no more than a minute for the most."""
# "Strict Open XML" has the same elements in other name spaces
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", W),
    (b"http://purl.oclc.org/ooxml/drawingml/main", A),
    (b"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing", WP),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", R),
)
_GONE = {f"{W}del", f"{W}moveFrom", f"{MC}Fallback"}


class UnreadableError(Exception):
    """No Word document; `str()` says why, one Swedish sentence."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph and where it stands."""

    node: Any
    part: str
    """The header, footer or notes that it stands in; empty for the document itself."""
    heading: str = ""
    """The heading that it stands under."""
    table: Table | None = None
    """The innermost table that it stands in."""

    @cached_property
    def text(self) -> str:
        """What it says, with tabs and line breaks."""
        return text_of(self.node)

    @property
    def place(self) -> str:
        """Where a reader looks for it, with its first words."""
        words = shortened(self.text)
        return f"{self.under}, " + (f"stycket «{words}»" if words else "ett stycke utan text")

    @property
    def under(self) -> str:
        """Which heading it stands under, and in which table."""
        if self.part:
            return part_name(self.part)
        under = f"under rubriken «{self.heading}»" if self.heading else "före första rubriken"
        return under if self.table is None else f"{under}, tabell {self.table.number}"


@dataclass(frozen=True, eq=False)
class Table:
    """A table and where it stands."""

    node: Any
    part: str
    number: int
    """In the document's order, from 1; nested ones count too."""
    heading: str = ""
    outer: Table | None = None

    @property
    def rows(self) -> list[Any]:
        """The rows, elements; those inside content controls too."""
        return list(own(self.node, f"{W}tr"))

    @property
    def place(self) -> str:
        """Where a reader looks for it, with its first words."""
        words = shortened(" ".join(filter(None, (text_of(p) for p in self.node.iter(f"{W}p")))))
        under = f"under rubriken «{self.heading}»" if self.heading else "före första rubriken"
        where = part_name(self.part) if self.part else under
        return f"{where}, tabell {self.number}" + (f" som börjar «{words}»" if words else "")


@dataclass
class Package:
    """A Word file, opened."""

    parts: Mapping[str, bytes]
    main: str
    _trees: dict[str, Any] = field(default_factory=dict)

    def tree(self, name: str) -> Any:
        """Return the root of a part, or None where there is no such part.

        Raises:
            UnreadableError: the part is no XML.
        """
        if name not in self._trees:
            self._trees[name] = parsed(self.parts[name], name) if name in self.parts else None
        return self._trees[name]

    def related(self, kind: str, part: str = "") -> list[str]:
        """Return the parts of a kind (`styles`, `header`) that a part refers to."""
        return [
            target
            for its, target, mode in self.relations(part or self.main).values()
            if its.rpartition("/")[2] == kind and mode != "External"
        ]

    def relations(self, part: str) -> Mapping[str, tuple[str, str, str]]:
        """Return a part's relations: id -> kind, target (a part, or an address), mode."""
        folder, _, name = part.rpartition("/")
        root = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found = {}
        for each in () if root is None else root:
            target, mode = each.get("Target") or "", each.get("TargetMode") or ""
            if mode != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[each.get("Id") or ""] = (each.get("Type") or "", target, mode)
        return found

    def only(self, kind: str) -> Any:
        """Return the root of the one part of a kind, or None."""
        names = self.related(kind)
        return self.tree(names[0]) if names else None

    @cached_property
    def texts(self) -> list[str]:
        """Names of the parts that hold text: the document, headers, footers, notes."""
        kinds = ("header", "footer", "footnotes", "endnotes")
        names = [name for kind in kinds for name in self.related(kind)]
        return [self.main, *(name for name in dict.fromkeys(names) if name in self.parts)]


def parsed(content: bytes, name: str) -> Any:
    """Parse a part: no entities, no network; what is deleted or shown only by old programs goes.

    Raises:
        UnreadableError: no XML.
    """
    for strict, usual in _STRICT:
        content = content.replace(strict, usual[1:-1].encode())
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableError(f"Filen är skadad: delen {name} går inte att läsa.") from None
    for element in [each for each in root.iter(*_GONE) if each.getparent() is not None]:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    return root


def opened(content: bytes) -> Package:
    """Open a Word file.

    Raises:
        UnreadableError: damaged, locked, or of another kind.
    """
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError("Filen har lösenord, eller är sparad i det gamla formatet .doc.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            wanted = [
                item for item in archive.infolist() if item.filename.endswith((".xml", ".rels"))
            ]
            if sum(item.file_size for item in wanted) > MAX_BYTES:
                raise UnreadableError(
                    f"Filen är för stor att pröva: över {MAX_BYTES // 1_000_000} MB uppackad."
                )
            parts = {item.filename.lstrip("/"): archive.read(item) for item in wanted}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError):
        raise UnreadableError("Filen är skadad, eller är inget Worddokument.") from None
    except Exception as error:  # what a damaged stream raises depends on its packing
        if type(error).__module__ not in ("zlib", "lzma", "bz2", "struct"):
            raise
        raise UnreadableError("Filen är skadad, eller är inget Worddokument.") from None
    elements = sum(text.count(b"<") - text.count(b"</") for text in parts.values())
    if elements > MAX_ELEMENTS:
        thousands = f"{MAX_ELEMENTS // 1000}\u00a0000"
        raise UnreadableError(f"Filen är för stor att pröva: över {thousands} element (XML).")
    package = Package(parts, "")
    mains = [
        target
        for kind, target, _ in package.relations("").values()
        if kind.endswith("/officeDocument")
    ]
    package.main = mains[0] if mains else "word/document.xml"
    root = package.tree(package.main)
    if root is None or root.tag != f"{W}document" or root.find(f"{W}body") is None:
        raise UnreadableError("Filen är inget Worddokument: texten saknas.")
    return package


def own(node: Any, tag: str) -> Iterator[Any]:
    """Return the children of a kind, also those wrapped in content controls and the like."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from own(child, tag)


_WRAPPERS = {
    f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}moveTo", f"{W}smartTag",
    f"{MC}AlternateContent", f"{MC}Choice",
}  # fmt: skip
"""What may stand around a block without being one."""


def blocks(node: Any) -> list[Any]:
    """Return the paragraphs and tables directly in a body, cell, header or note."""
    found = []
    for child in node:
        if child.tag in (f"{W}p", f"{W}tbl"):
            found.append(child)
        elif child.tag in _WRAPPERS:
            found += blocks(child)
    return found


_SAID = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}


def text_of(paragraph: Any) -> str:
    """Return what a paragraph shows; not what stands in text boxes inside it, nor field codes."""
    said = []
    for node in within(paragraph):
        if node.tag == f"{W}t":
            said.append(node.text or "")
        elif node.tag in _SAID and node.getparent().tag == f"{W}r":
            said.append(_SAID[node.tag])
    return "".join(said)


def within(paragraph: Any) -> Iterator[Any]:
    """Return the elements of a paragraph, without those of text boxes in it."""
    for child in paragraph:
        if child.tag == f"{W}txbxContent":
            continue
        yield child
        yield from within(child)


def shortened(text: str, length: int = 60) -> str:
    """Return a text on one line, cut to what one recognises it by."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def part_name(part: str) -> str:
    """Return what a reader calls a part."""
    name = posixpath.basename(part)
    known = {"header": "sidhuvudet", "footer": "sidfoten", "footnotes": "en fotnot"}
    return next((said for key, said in known.items() if name.startswith(key)), "en slutnot")


def value(node: Any, path: str) -> str | None:
    """Return the `w:val` of the first element at a path such as `pPr/pStyle`, or None."""
    found = node.find("/".join(W + step for step in path.split("/")))
    return None if found is None else found.get(f"{W}val")


def on(node: Any) -> bool:
    """Say whether a toggle such as `w:b` is on; None is off."""
    return node is not None and (node.get(f"{W}val") or "1") not in ("0", "false", "off")


@dataclass(frozen=True)
class Field:
    """A field: a page number, a table of contents, a link."""

    code: str
    text: str
    """What it shows."""
    node: Any
    """Where it begins."""
    dirty: bool


@dataclass
class _Open:
    node: Any
    code: str = ""
    text: str = ""
    shows: bool = False


def fields(root: Any) -> list[Field]:
    """Return the fields of a part in the order that they end; a field may hold others."""
    found: list[Field] = []
    stack: list[_Open] = []
    for node in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}t", f"{W}fldSimple", f"{W}drawing"):
        kind = node.get(f"{W}fldCharType")
        if node.tag == f"{W}fldSimple":
            text = "".join(each.text or "" for each in node.iter(f"{W}t"))
            code = (node.get(f"{W}instr") or "").strip()
            found.append(Field(code, text, node, _switch(node, "dirty")))
        elif kind == "begin":
            stack.append(_Open(node))
        elif not stack:
            continue
        elif kind == "separate":
            stack[-1].shows = True
        elif kind == "end":
            done = stack.pop()
            found.append(
                Field(done.code.strip(), done.text, done.node, _switch(done.node, "dirty"))
            )
        elif node.tag == f"{W}instrText":
            stack[-1].code += node.text or ""
        elif all(each.shows for each in stack):
            shown = "\N{OBJECT REPLACEMENT CHARACTER}" if node.tag == f"{W}drawing" else node.text
            for each in stack:
                each.text += shown or ""
    return found


def _switch(node: Any, name: str) -> bool:
    return (node.get(f"{W}{name}") or "0") not in ("0", "false", "off")
