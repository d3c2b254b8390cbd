"""Read a PDF: by its structure where it has one, else its pages' text.

PDFium tells which element of the structure each character belongs to. Text that no element owns
(headers, footers, drawings, an untagged file) is read page by page.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from berattelse.audit.pages import Line, Page, Printed, RawCell, Text, heads, lines, squeeze
from berattelse.audit.words import several

_LEAVES = several(
    "P H1 H2 H3 H4 H5 H6 H Title Caption LI LBody Note FENote Lbl TOCI BlockQuote Formula"
)
_UTF16 = "utf-16-le"


def read(path: Path) -> Page:
    """Return what a PDF says."""
    document = pypdfium2.PdfDocument(path)
    try:
        reading = _Reading()
        for key, content in document.get_metadata_dict().items():
            if content and not key.endswith("Date"):
                reading.texts.append(Text(squeeze(content), "dokumentets egenskaper"))
        for bookmark in document.get_toc():
            title = bookmark.get_title()
            if title:
                reading.texts.append(Text(squeeze(title), "bokmärke"))
        for number in range(len(document)):
            page = document[number]
            reading.page(page, number + 1)
            page.close()
        return Page(path, tuple(reading.texts), tuple(reading.tables))
    finally:
        document.close()


@dataclass
class _Node:
    """An element of the structure on one page."""

    kind: str
    alt: str
    mcids: list[int] = field(default_factory=list)
    children: list[_Node | int] = field(default_factory=list)
    """Elements and marked content, in reading order."""
    across: int = 1
    down: int = 1


class _Reading:
    def __init__(self) -> None:
        self.texts: list[Text] = []
        self.tables: list[Printed] = []
        self._headings: dict[int, str] = {}
        self._caption = ""
        self._open = False
        """Whether the last table may go on at the top of the next page."""

    @property
    def around(self) -> str:
        """The headings that stand above."""
        return " – ".join(self._headings[level] for level in sorted(self._headings))

    def page(self, page: Any, number: int) -> None:
        """Read one page."""
        marked, loose = _texts(page)
        self._fresh = True
        for node in _tree(page):
            self._walk(node, marked, number)
        for text in [*loose, *(text for text in marked.values())]:
            if text := squeeze(text):
                self.texts.append(Text(text, f"sida {number}", self.around))

    def _walk(self, node: _Node, marked: dict[int, str], number: int) -> None:
        if node.alt:
            self.texts.append(
                Text(squeeze(node.alt), f"sida {number}, alternativtext", self.around, "alt")
            )
        if node.kind == "TOC":
            _take(node, marked)  # its numbers are pages
        elif node.kind == "Table":
            self._table(node, marked, number)
        elif node.kind in _LEAVES:
            for below in _descendants(node):
                if below.alt:
                    alt = squeeze(below.alt)
                    self.texts.append(
                        Text(alt, f"sida {number}, alternativtext", self.around, "alt")
                    )
            self._leaf(node, squeeze(_take(node, marked)), number)
        else:
            for child in node.children:
                if isinstance(child, _Node):
                    self._walk(child, marked, number)
                elif text := squeeze(marked.pop(child, "")):
                    self._leaf(node, text, number)

    def _leaf(self, node: _Node, text: str, number: int) -> None:
        if not text:
            return
        level = re.fullmatch(r"H(\d)", node.kind)
        if level:
            depth = int(level[1])
            self._headings = {k: v for k, v in self._headings.items() if k < depth}
        name = {
            "Note": "fotnot", "FENote": "fotnot", "Caption": "rubrik till tabell eller figur",
            "LI": "listpunkt", "LBody": "listpunkt",
        }.get(node.kind, "rubrik" if level else "stycke")  # fmt: skip
        under = f" under «{self._headings[max(self._headings)]}»" if self._headings else ""
        if (
            self._fresh
            and self.texts
            and text[:1].islower()
            and not re.search(r"[.!?:]$", self.texts[-1].text)
        ):
            # A paragraph that the page break cut in two
            last = self.texts.pop()
            text, under = f"{last.text} {text}", last.place.partition(" under ")[2]
            under = f" under {under}" if under else ""
        self._fresh = False
        self.texts.append(Text(text, f"sida {number}, {name}{under}", self.around))
        if level:
            self._headings[int(level[1])] = text
        if re.match(r"(?:Tabell|Figur)\s+\d+", text):
            self._caption = text

    def _table(self, node: _Node, marked: dict[int, str], number: int) -> None:
        head: list[list[RawCell]] = []
        body: list[list[RawCell]] = []
        for part, row in _rows(node):
            cells = [
                RawCell(squeeze(_take(cell, marked)), cell.across, cell.down, cell.kind == "TH")
                for cell in row.children
                if isinstance(cell, _Node) and cell.kind in ("TH", "TD")
            ]
            if cells and any(cell.text for cell in cells):
                (head if part == "THead" else body).append(cells)
        for child in node.children:
            if isinstance(child, _Node) and child.kind == "Caption":
                self._leaf(child, squeeze(_take(child, marked)), number)
        width = max((sum(c.across for c in row) for row in (*head, *body)), default=0)
        if not width:
            return
        found = lines(body, [False] * len(body))
        last = self.tables[-1] if self.tables else None
        if last and not head and not self._caption and len(last.heads) == width and self._fresh:
            # The table goes on from the page before; its heads are repeated as an artifact
            self.tables[-1] = Printed(
                last.caption,
                last.place,
                last.heads,
                (*last.lines, *_grouped(last, found)),
                last.around,
            )
        else:
            name = re.match(r"(?:Tabell|Figur)\s+\d+", self._caption)
            place = f"sida {number}, {name[0] if name else f'tabell {len(self.tables) + 1}'}"
            self.tables.append(
                Printed(self._caption, place, heads(head, width), found, self.around)
            )
        self._caption = ""
        self._fresh = False


def _grouped(before: Printed, found: Sequence[Line]) -> list[Line]:
    """Rows that follow a page break belong to the group that was open."""
    group = before.lines[-1].group if before.lines else ""
    result = []
    for line in found:
        group = line.group or group
        result.append(Line(group, line.cells, line.total))
    return result


def _rows(node: _Node) -> Iterator[tuple[str, _Node]]:
    for child in node.children:
        if not isinstance(child, _Node):
            continue
        if child.kind == "TR":
            yield node.kind, child
        elif child.kind in ("THead", "TBody", "TFoot"):
            yield from ((child.kind, row) for _, row in _rows(child))


def _descendants(node: _Node) -> Iterator[_Node]:
    for child in node.children:
        if isinstance(child, _Node):
            yield child
            yield from _descendants(child)


def _take(node: _Node, marked: dict[int, str]) -> str:
    """Return the text of an element and all below it, and take it from what is left to read."""
    parts = []
    for child in node.children:
        if isinstance(child, _Node):
            apart = "" if child.kind in ("Span", "Link", "Em", "Strong") else " "
            parts.append(apart + _take(child, marked) + apart)
        else:
            parts.append(marked.pop(child, ""))
    return "".join(parts)


def _texts(page: Any) -> tuple[dict[int, str], list[str]]:
    """Return marked content -> its text, and the lines that are not marked."""
    text_page = page.get_textpage()
    marked: dict[int, list[str]] = {}
    loose: list[str] = [""]
    owners: dict[int, int] = {}
    current = -1
    for index in range(pdfium.FPDFText_CountChars(text_page.raw)):
        letter = chr(pdfium.FPDFText_GetUnicode(text_page.raw, index))
        thing = pdfium.FPDFText_GetTextObject(text_page.raw, index)
        address = ctypes.cast(thing, ctypes.c_void_p).value
        if address:
            if address not in owners:
                owners[address] = pdfium.FPDFPageObj_GetMarkedContentID(thing)
            current = owners[address]
        if current >= 0:
            marked.setdefault(current, []).append(letter)
        elif letter in "\r\n":
            loose.append("")
        else:
            loose[-1] += letter
    text_page.close()
    return {mcid: _unbroken("".join(letters)) for mcid, letters in marked.items()}, [
        line for line in loose if line.strip()
    ]


def _unbroken(text: str) -> str:
    """Join what was cut at the end of a line: an added hyphen is U+0002 or U+FFFE."""
    return re.sub(r"[\u0002\ufffe\u00ad]\s*", "", text)


def _tree(page: Any) -> list[_Node]:
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return []
    try:
        count = pdfium.FPDF_StructTree_CountChildren(tree)
        found = (pdfium.FPDF_StructTree_GetChildAtIndex(tree, i) for i in range(count))
        return [_node(element) for element in found if element]
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _node(element: Any, depth: int = 0) -> _Node:
    node = _Node(
        _string(pdfium.FPDF_StructElement_GetType, element),
        _string(pdfium.FPDF_StructElement_GetAltText, element),
    )
    if node.kind in ("TH", "TD"):
        node.across, node.down = _spans(element)
    for i in range(max(pdfium.FPDF_StructElement_CountChildren(element), 0)):
        child = pdfium.FPDF_StructElement_GetChildAtIndex(element, i)
        if child:
            if depth < 60:
                node.children.append(_node(child, depth + 1))
            continue
        mcid = pdfium.FPDF_StructElement_GetChildMarkedContentID(element, i)
        if mcid >= 0:
            node.children.append(mcid)
    return node


def _string(function: Any, element: Any) -> str:
    size = function(element, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    function(element, buffer, size)
    return buffer.raw[: size - 2].decode(_UTF16, errors="replace")


def _spans(element: Any) -> tuple[int, int]:
    """Return over how many columns and rows a cell reaches."""
    spans = {"ColSpan": 1, "RowSpan": 1}
    for i in range(max(pdfium.FPDF_StructElement_GetAttributeCount(element), 0)):
        attribute = pdfium.FPDF_StructElement_GetAttributeAtIndex(element, i)
        for name in spans:
            value = pdfium.FPDF_StructElement_Attr_GetValue(attribute, name.encode())
            number = ctypes.c_float()
            if value and pdfium.FPDF_StructElement_Attr_GetNumberValue(value, number):
                spans[name] = max(1, int(number.value))
    return spans["ColSpan"], spans["RowSpan"]
