"""Read a Word file part by part: text, tables, alternative texts, notes, properties."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

from berattelse.audit.pages import Page, Printed, RawCell, Text, heads, lines, squeeze

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = {
    "header": "sidhuvud", "footer": "sidfot", "footnotes": "fotnot", "endnotes": "slutnot",
    "comments": "kommentar", "core": "dokumentets egenskaper", "app": "dokumentets egenskaper",
    "custom": "dokumentets egenskaper",
}  # fmt: skip
_SKIPPED = re.compile(
    r"(?:styles|fontTable|settings|numbering|theme\d*|webSettings)\.xml$|_rels/|^\["
)
_SPOKEN = ("descr", "title")


def read(path: Path) -> Page:
    """Return what a Word file says."""
    with zipfile.ZipFile(path) as package:
        reading = _Reading(_style_names(package))
        for name in package.namelist():
            if not name.endswith(".xml") or _SKIPPED.search(name):
                continue
            root = etree.fromstring(package.read(name))
            stem = re.sub(r"\d*$", "", Path(name).stem.partition("_")[0])
            if name == "word/document.xml":
                reading.body(root, "")
            elif str(root.tag).startswith(W):
                reading.body(root, _PARTS.get(stem, Path(name).name))
            else:
                reading.other(root, _PARTS.get(stem, Path(name).name))
    return Page(path, tuple(reading.texts), tuple(reading.tables))


def _style_names(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the names of the styles by id: a template's ids are in its own language."""
    if "word/styles.xml" not in package.namelist():
        return {}
    root = etree.fromstring(package.read("word/styles.xml"))
    return {
        str(style.get(f"{W}styleId")): str(name.get(f"{W}val")).lower()
        for style in root.iter(f"{W}style")
        if (name := style.find(f"{W}name")) is not None
    }


class _Reading:
    def __init__(self, style_names: dict[str, str]) -> None:
        self._style_names = style_names
        self.texts: list[Text] = []
        self.tables: list[Printed] = []
        self._headings: dict[int, str] = {}
        self._caption = ""

    @property
    def around(self) -> str:
        """The headings that stand above."""
        return " – ".join(self._headings[level] for level in sorted(self._headings))

    def body(self, root: Any, part: str) -> None:
        """Read a part of paragraphs and tables, in order."""
        self._walk(root, part)
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            name = etree.QName(element).localname
            spoken = [element.get(key) for key in _SPOKEN] if name in ("docPr", "cNvPr") else []
            if name in ("tblCaption", "tblDescription"):
                spoken = [element.get(f"{W}val")]
            for text in filter(None, spoken):
                self.texts.append(Text(squeeze(text), "alternativtext", self.around, "alt"))

    def other(self, root: Any, part: str) -> None:
        """Read a part in another vocabulary: properties, a chart's numbers."""
        for element in root.iter():
            if isinstance(element.tag, str) and (text := squeeze(element.text or "")):
                self.texts.append(Text(text, part))

    def _walk(self, element: Any, part: str) -> None:
        for child in element:
            if child.tag == f"{W}p":
                self._paragraph(child, part)
            elif child.tag == f"{W}tbl":
                self._table(child)
            elif isinstance(child.tag, str):
                self._walk(child, part)

    def _paragraph(self, paragraph: Any, part: str) -> None:
        text = _text(paragraph)
        level = re.fullmatch(r"heading (\d)", self._style(paragraph.find(f"{W}pPr/{W}pStyle")))
        if level and text and not part:
            depth = int(level[1])
            self._headings = {k: v for k, v in self._headings.items() if k < depth}
            self._headings[depth] = text
        if text:
            under = f" under «{self._headings[max(self._headings)]}»" if self._headings else ""
            place = part or f"{'rubrik' if level else 'stycke'}{under}"
            self.texts.append(Text(text, place, "" if part else self.around))
        if re.match(r"(?:Tabell|Figur)\s+\d+", text):
            self._caption = text
        for box in paragraph.iter(f"{W}txbxContent"):
            self._walk(box, part or "textruta")

    def _style(self, style: Any) -> str:
        return "" if style is None else self._style_names.get(str(style.get(f"{W}val")), "")

    def _table(self, table: Any) -> None:
        rows = table.findall(f"{W}tr")
        laid = [_row(row) for row in rows]
        head: list[list[RawCell]] = []
        body: list[list[RawCell]] = []
        totals: list[bool] = []
        for r, row in enumerate(rows):
            cells = []
            for column, (text, width, merge) in laid[r].items():
                if merge == "continue":
                    continue
                down = 1
                while merge == "restart" and r + down < len(rows):
                    if laid[r + down].get(column, ("", 1, ""))[2] != "continue":
                        break
                    down += 1
                cells.append(RawCell(text, width, down))
            if row.find(f"{W}trPr/{W}tblHeader") is not None or (r == 0 and not _says_head(rows)):
                head.append(cells)
            else:
                body.append(cells)
                totals.append(any("summa" in self._style(s) for s in row.iter(f"{W}pStyle")))
        width = max((sum(c.across for c in row) for row in (*head, *body)), default=0)
        caption = table.find(f"{W}tblPr/{W}tblCaption")
        text = self._caption or ("" if caption is None else str(caption.get(f"{W}val")))
        number = re.match(r"(?:Tabell|Figur)\s+\d+", text)
        place = number[0] if number else f"tabell {len(self.tables) + 1}"
        self.tables.append(
            Printed(text, place, heads(head, width), lines(body, totals), self.around)
        )
        self._caption = ""


def _says_head(rows: Any) -> bool:
    return any(row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows)


def _text(element: Any) -> str:
    """Return a paragraph's text, deleted text too, but not that of text boxes in it."""
    parts = []
    for node in element.iter():
        if node.tag in (f"{W}t", f"{W}delText"):
            if not any(
                up.tag == f"{W}txbxContent" and up is not element for up in _within(node, element)
            ):
                parts.append("" if _is_superscript(node) else node.text or "")
        elif node.tag in (f"{W}tab", f"{W}br", f"{W}cr"):
            parts.append(" ")
        elif node.tag == f"{W}noBreakHyphen":
            parts.append("-")
    return squeeze("".join(parts))


def _within(node: Any, top: Any) -> Any:
    for up in node.iterancestors():
        if up is top:
            return
        yield up


def _is_superscript(node: Any) -> bool:
    """A raised figure of one or two signs is a note's mark, no part of a number."""
    raised = node.getparent().find(f"{W}rPr/{W}vertAlign")
    return raised is not None and len(node.text or "") < 3


def _row(row: Any) -> dict[int, tuple[str, int, str]]:
    cells: dict[int, tuple[str, int, str]] = {}
    column = 0
    for cell in row.iter(f"{W}tc"):
        if cell.getparent() is not row and etree.QName(cell.getparent()).localname != "sdtContent":
            continue
        span = cell.find(f"{W}tcPr/{W}gridSpan")
        merge = cell.find(f"{W}tcPr/{W}vMerge")
        width = int(span.get(f"{W}val")) if span is not None else 1
        kind = "" if merge is None else str(merge.get(f"{W}val") or "continue")
        text = " ".join(filter(None, (_text(p) for p in cell.iter(f"{W}p"))))
        cells[column] = (text, width, kind)
        column += width
    return cells
