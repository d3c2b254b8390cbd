"""Read tables and running text back out of the produced files, the way an outsider would.

HTML is read from its elements, Word from its XML, PDF from its tags: each format on its own
terms, nothing shared with the code that wrote them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import docx
import lxml.html
import pdfplumber
from docx.oxml.ns import qn

MARKS = {"..", "e.m.", ".", "x", "–", ""}
NUMBER = re.compile(r"[−+-]?\d{1,3}(?:[ \u00a0]\d{3})+(?:,\d+)?|[−+-]?\d+(?:,\d+)?")


@dataclass(frozen=True)
class Cell:
    """A printed table cell."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    header: bool = False


@dataclass(frozen=True)
class Record:
    """A figure in a table with all that says what it is."""

    grupp: str
    rad: str
    kolumn: str
    """Column heads from top to bottom, joined by " | "."""
    text: str


@dataclass(frozen=True)
class PrintedTable:
    """A table as its reader meets it."""

    caption: str
    """Without the number."""
    head: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]

    def records(self) -> list[Record]:
        """Return every body cell with its group, row and column heads."""
        heads = _heads(self.head)
        width = len(heads)
        found: list[Record] = []
        grupp = ""
        for row in _grid(self.body, width):
            first = row[0]
            if all(cell is first for cell in row):
                grupp = first.text
                continue
            found += [
                Record(grupp, first.text, heads[i], cell.text)
                for i, cell in enumerate(row)
                if i and cell is not None
            ]
        return found


def squeeze(text: str) -> str:
    """Return the text with every run of white space as one ordinary space."""
    return re.sub(r"\s+", " ", text.replace("\u00ad", "").replace("\u200b", "")).strip()


def same(a: str, b: str) -> bool:
    """Tell whether two labels say the same; a line may have been broken after a hyphen."""
    return re.sub(r"-\s+", "-", squeeze(a)) == re.sub(r"-\s+", "-", squeeze(b))


def number(text: str) -> float:
    """Return the one number that a cell prints; NaN for a mark."""
    if text.strip() in MARKS:
        return float("nan")
    found = NUMBER.findall(text)
    assert len(found) == 1, f"cellen «{text}» har inte ett tal"
    plain = re.sub(r"[ \u00a0]", "", found[0]).replace("−", "-").replace(",", ".")
    return float(plain)


def _grid(rows: Sequence[Sequence[Cell]], width: int) -> list[list[Any]]:
    """Lay out cells with spans on a grid; each place holds the cell that covers it."""
    grid: list[list[Any]] = [[None] * width for _ in rows]
    for r, row in enumerate(rows):
        c = 0
        for cell in row:
            while c < width and grid[r][c] is not None:
                c += 1
            for down in range(cell.rowspan):
                for across in range(cell.colspan):
                    if r + down < len(rows) and c + across < width:
                        grid[r + down][c + across] = cell
            c += cell.colspan
    return grid


def _heads(rows: Sequence[Sequence[Cell]]) -> list[str]:
    width = sum(cell.colspan for cell in rows[0])
    grid = _grid(rows, width)
    heads = []
    for column in range(width):
        parts: list[Cell] = []
        for row in grid:
            cell = row[column]
            if cell is not None and cell.text and (not parts or parts[-1] is not cell):
                parts.append(cell)
        heads.append(" | ".join(part.text for part in parts))
    return heads


def _caption(text: str) -> str:
    return re.sub(r"^(Tabell|Figur)\s+\d+[.:]?\s*", "", squeeze(text))


# HTML


@lru_cache(maxsize=32)
def _html(path: Path) -> Any:
    return lxml.html.document_fromstring(path.read_text(encoding="utf-8"))


def _text(element: Any) -> str:
    return squeeze(element.text_content())


def _html_cell(cell: Any) -> Cell:
    return Cell(
        _text(cell),
        int(cell.get("colspan", 1)),
        int(cell.get("rowspan", 1)),
        cell.tag == "th",
    )


def html_labels(path: Path) -> dict[str, str]:
    """Return label -> caption of every captioned table."""
    labels = {}
    for table in _html(path).xpath("//main//table[caption]"):
        holders = table.xpath("ancestor-or-self::*[starts-with(@id, 'tbl-')]/@id")
        if holders:
            labels[str(holders[-1])] = _caption(_text(table.find("caption")))
    return labels


def html_tables(path: Path) -> list[PrintedTable]:
    """Return the captioned tables in order; folded chart data is not among them."""
    tables = []
    for table in _html(path).xpath("//main//table[caption][not(ancestor::details)]"):
        head = [[_html_cell(c) for c in row] for row in table.xpath("./thead/tr")]
        body = [[_html_cell(c) for c in row] for row in table.xpath("./tbody/tr")]
        tables.append(
            PrintedTable(_caption(_text(table.find("caption"))), _frozen(head), _frozen(body))
        )
    return tables


def _frozen(rows: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(row) for row in rows)


# Word


def _word_text(element: Any) -> str:
    parts = []
    for node in element.iter():
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.tag in (qn("w:tab"), qn("w:br")):
            parts.append(" ")
        elif node.tag == qn("w:noBreakHyphen"):
            parts.append("-")
    return squeeze("".join(parts))


def _style(paragraph: Any) -> str:
    found = paragraph.find(f"./{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if found is None else str(found.get(qn("w:val")))


def _word_body(path: Path) -> list[Any]:
    """Return paragraphs and tables in order, also those inside content controls."""
    body = docx.Document(str(path)).element.body
    found: list[Any] = []

    def walk(element: Any) -> None:
        for child in element:
            if child.tag in (qn("w:p"), qn("w:tbl")):
                found.append(child)
            elif child.tag in (qn("w:sdt"), qn("w:sdtContent")):
                walk(child)

    walk(body)
    return found


def word_tables(path: Path) -> list[PrintedTable]:
    """Return the tables that follow a caption paragraph, in order."""
    tables = []
    caption = ""
    for element in _word_body(path):
        if element.tag == qn("w:p"):
            text = _word_text(element)
            if re.match(r"Tabell\s+\d+", text):
                caption = _caption(text)
            continue
        head, body = _word_rows(element)
        if caption:
            tables.append(PrintedTable(caption, _frozen(head), _frozen(body)))
        caption = ""
    return tables


def _word_rows(table: Any) -> tuple[list[list[Cell]], list[list[Cell]]]:
    rows = table.findall(qn("w:tr"))
    spans = [_word_row(row) for row in rows]
    head, body = [], []
    for r, row in enumerate(rows):
        cells = []
        for column, (text, width, merge) in spans[r].items():
            if merge == "continue":
                continue
            down = 1
            while merge == "restart" and r + down < len(rows):
                below = spans[r + down].get(column)
                if below is None or below[2] != "continue":
                    break
                down += 1
            cells.append(Cell(text, width, down))
        is_head = row.find(f"./{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        (head if is_head else body).append(cells)
    return head, body


def _word_row(row: Any) -> dict[int, tuple[str, int, str]]:
    cells: dict[int, tuple[str, int, str]] = {}
    column = 0
    for cell in row.findall(qn("w:tc")):
        properties = cell.find(qn("w:tcPr"))
        span = properties.find(qn("w:gridSpan")) if properties is not None else None
        width = int(span.get(qn("w:val"))) if span is not None else 1
        merge = properties.find(qn("w:vMerge")) if properties is not None else None
        kind = "" if merge is None else str(merge.get(qn("w:val"), "continue"))
        text = " ".join(filter(None, (_word_text(p) for p in cell.findall(qn("w:p")))))
        cells[column] = (text, width, kind)
        column += width
    return cells


# PDF


class Pdf:
    """A tagged PDF: its structure with the text that each element holds."""

    def __init__(self, path: Path) -> None:
        self._text: dict[tuple[int, int], str] = {}
        self._chars: list[tuple[int, dict[str, Any]]] = []
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                self._read_page(page)
            self.tree = pdf.structure_tree

    def _read_page(self, page: Any) -> None:
        for char in page.chars:
            if (mcid := char.get("mcid")) is not None:
                key = (page.page_number, mcid)
                # typst keeps the space at the end of a line, and marks the hyphen that it adds
                self._text[key] = self._text.get(key, "") + char["text"]
                self._chars.append((page.page_number, char))

    def text(self, element: dict[str, Any]) -> str:
        """Return the text of an element and all below it, in reading order."""
        return squeeze(self._raw(element))

    def _raw(self, element: dict[str, Any]) -> str:
        page = element.get("page_number")
        text = "".join(self._text.get((page, mcid), "") for mcid in element.get("mcids", ()))
        for child in element.get("children", ()):
            apart = "" if child["type"] in ("Span", "Link", "Em", "Strong") else " "
            text += apart + self._raw({"page_number": page, **child})
        return text

    def marks(self, *types: str) -> set[tuple[int, int]]:
        """Return the marked content of these elements: `(page, mcid)`."""
        found: set[tuple[int, int]] = set()

        def gather(element: dict[str, Any]) -> None:
            found.update((element["page_number"], mcid) for mcid in element.get("mcids", ()))
            for child in element.get("children", ()):
                gather({"page_number": element["page_number"], **child})

        def walk(elements: Sequence[dict[str, Any]], page: Any) -> None:
            for element in elements:
                element = {"page_number": page, **element}
                if element["type"] in types:
                    gather(element)
                else:
                    walk(element.get("children", ()), element["page_number"])

        walk(self.tree, None)
        return found

    def running_text(self) -> str:
        """Return what stands after the table of contents, without notes, charts and page furniture.

        Cells and lines are kept apart by a bar, so that figures side by side stay two.

        The order is that of the pages: what is no content (headers, repeated table heads) is
        marked as such by typst and not among the characters here.
        """
        contents = self.marks("TOC", "TOCI")
        notes = self.marks("Note", "FENote", "Lbl")
        # What a chart says within itself is told by its alternative text.
        notes |= self.marks("Figure") - self.marks("Caption")
        last = max((i for i, (n, c) in enumerate(self._chars) if (n, c["mcid"]) in contents))
        text, before = "", None
        for number, char in self._chars[last + 1 :]:
            if (number, char["mcid"]) in notes:
                before = None
                text += " | "
                continue
            if before is not None and not _adjacent(before, char) and before["text"] != "\u00ad":
                text += " | "
            text += char["text"]
            before = char
        return squeeze(text)

    def find(self, *types: str) -> Iterator[dict[str, Any]]:
        """Yield the elements of these types, in reading order, not looking inside a hit."""

        def walk(elements: Sequence[dict[str, Any]], page: Any) -> Iterator[dict[str, Any]]:
            for element in elements:
                element = {"page_number": page, **element}
                if element["type"] in types:
                    yield element
                else:
                    yield from walk(element.get("children", ()), element["page_number"])

        yield from walk(self.tree, None)


def _adjacent(before: dict[str, Any], char: dict[str, Any]) -> bool:
    same_line = abs(before["bottom"] - char["bottom"]) < char["size"] * 0.3
    return same_line and -1 < char["x0"] - before["x1"] < char["size"] * 0.2


def pdf_tables(path: Path) -> list[PrintedTable]:
    """Return the tables with the caption that stands nearest before each, in order."""
    pdf = Pdf(path)
    caption = ""
    tables = []
    for element in pdf.find("Table", "Caption", "P"):
        if element["type"] != "Table":
            text = pdf.text(element)
            if re.match(r"Tabell\s+\d+", text):
                caption = _caption(text)
            continue
        for child in element.get("children", ()):
            if child["type"] == "Caption":
                caption = _caption(pdf.text({"page_number": element["page_number"], **child}))
        head, body = _pdf_rows(pdf, element)
        tables.append(PrintedTable(caption, _frozen(head), _frozen(body)))
        caption = ""
    return tables


def _pdf_rows(pdf: Pdf, table: dict[str, Any]) -> tuple[list[list[Cell]], list[list[Cell]]]:
    head: list[list[Cell]] = []
    body: list[list[Cell]] = []

    def walk(element: dict[str, Any], in_head: bool) -> None:
        for child in element.get("children", ()):
            child = {"page_number": element["page_number"], **child}
            if child["type"] == "TR":
                cells = [
                    _pdf_cell(pdf, {"page_number": child["page_number"], **cell})
                    for cell in child.get("children", ())
                    if cell["type"] in ("TH", "TD")
                ]
                (head if in_head else body).append(cells)
            elif child["type"] in ("THead", "TBody", "TFoot"):
                walk(child, child["type"] == "THead")

    walk(table, False)
    return head, body


def _pdf_cell(pdf: Pdf, cell: dict[str, Any]) -> Cell:
    attributes = cell.get("attributes") or {}
    return Cell(
        pdf.text(cell),
        int(attributes.get("ColSpan", 1)),
        int(attributes.get("RowSpan", 1)),
        cell["type"] == "TH",
    )


READERS = {"html": html_tables, "docx": word_tables, "pdf": pdf_tables}
