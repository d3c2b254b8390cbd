"""Read a web page: its text, its tables, and all the texts that are not seen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import lxml.html

from berattelse.audit.pages import Page, Printed, RawCell, Text, heads, lines, squeeze
from berattelse.audit.words import several

_BLOCKS = several(
    "p li dt dd h1 h2 h3 h4 h5 h6 figcaption summary div section article aside main nav header "
    "footer body ul ol dl figure details blockquote pre form fieldset address hr"
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_SPOKEN = (
    "alt", "title", "aria-label", "aria-description", "aria-valuetext", "aria-roledescription",
    "summary", "placeholder", "content",
)  # fmt: skip
_SILENT = frozenset(("style",))


def read(path: Path) -> Page:
    """Return what a web page says."""
    reading = _Reading(path)
    root = lxml.html.document_fromstring(path.read_text(encoding="utf-8"))
    reading.walk(root)
    reading.flush()
    return Page(path, tuple(reading.texts), tuple(reading.tables))


class _Reading:
    """Walks a page once, in order; text gathers until a block ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.texts: list[Text] = []
        self.tables: list[Printed] = []
        self._headings: dict[int, str] = {}
        self._gathered: list[str] = []
        self._block = ""
        self._drawings = 0
        """How many drawings (SVG) we are inside."""
        self._figures: list[str] = []
        """Captions of the figures that we are inside."""

    @property
    def around(self) -> str:
        """The headings that stand above."""
        return " – ".join(self._headings[level] for level in sorted(self._headings) if level > 1)

    def flush(self) -> None:
        text = squeeze("".join(self._gathered))
        self._gathered.clear()
        if not text:
            return
        if self._block in _HEADINGS:
            level = _HEADINGS[self._block]
            self._headings = {k: v for k, v in self._headings.items() if k < level}
        name = {
            "li": "listpunkt", "figcaption": "figurens rubrik", "title": "sidans titel",
            "script": "skript", "summary": "etikett", "dd": "förklaring",
        }.get(self._block, "rubrik" if self._block in _HEADINGS else "stycke")  # fmt: skip
        spoken = self._drawings and self._block in ("title", "desc")
        self._add(text, "alternativtext" if spoken else name, alt=bool(spoken))
        if self._block in _HEADINGS:
            self._headings[_HEADINGS[self._block]] = text

    def _add(self, text: str, name: str, alt: bool = False) -> None:
        under = f" under «{self.around.split(' – ')[-1]}»" if self._headings and self.around else ""
        around = " ".join((self.around, *self._figures))
        self.texts.append(Text(text, f"{name}{under}", around, "alt" if alt else "text"))

    def walk(self, element: Any) -> None:
        if not isinstance(element.tag, str):
            if element.tag is lxml.etree.Comment and (text := squeeze(element.text or "")):
                self._add(text, "kommentar i koden")
            return
        tag = element.tag.rpartition("}")[2].lower()
        if tag in _SILENT:
            return
        self._attributes(element, tag)
        if tag == "table":
            self.flush()
            self._table(element)
            return
        figure = tag == "figure"
        if figure:
            caption = " ".join(squeeze(c.text_content()) for c in element.iter("figcaption"))
            self._figures.append(caption)
        block = tag in _BLOCKS or tag in ("title", "desc", "script", "text")
        if block:
            self._opened(tag)
        self._drawings += tag == "svg"
        self._gathered.append(element.text or "")
        for child in element:
            self.walk(child)
            self._gathered.append(child.tail or "")
        if block:
            self.flush()
            self._block = ""
        self._drawings -= tag == "svg"
        if tag == "br":
            self._gathered.append(" ")
        if figure:
            self._figures.pop()

    def _opened(self, tag: str) -> None:
        self.flush()
        self._block = tag

    def _attributes(self, element: Any, tag: str) -> None:
        for name, content in element.attrib.items():
            name = str(name).rpartition("}")[2]
            if name not in _SPOKEN and not (
                name.startswith("data-") and tag not in ("svg", "path")
            ):
                continue
            if name == "content" and element.get("name") in ("viewport", "generator"):
                continue
            text = squeeze(str(content))
            if text and not text.startswith("data:"):
                place = {"content": "metadata", "title": "titelattribut"}.get(
                    name, "alternativtext"
                )
                self._add(text, place, alt=place != "metadata")

    def _table(self, table: Any) -> None:
        caption = squeeze(" ".join(c.text_content() for c in table.findall("caption")))
        rows = [row for row in table.iter("tr") if _owner(row) is table]
        head = [row for row in rows if row.getparent().tag == "thead"]
        if not head and rows and all(cell.tag == "th" for cell in rows[0]):
            head = rows[:1]
        body = [row for row in rows if row not in head]
        raw_head = [[_cell(cell) for cell in row if cell.tag in ("td", "th")] for row in head]
        raw_body = [[_cell(cell) for cell in row if cell.tag in ("td", "th")] for row in body]
        width = max((sum(c.across for c in row) for row in (*raw_head, *raw_body)), default=0)
        totals = [bool(re.search(r"summa", row.get("class") or "")) for row in body]
        fold = next((up for up in table.iterancestors() if up.tag == "details"), None)
        behind = "" if fold is None else _summary(fold, table)
        said = " ".join(filter(None, (caption, *self._figures, behind))) or _label(table)
        number = re.search(r"\b(?:Tabell|Figur)\s+\d+", said)
        name = squeeze(number[0]) if number else f"tabell {len(self.tables) + 1}"
        place = name if fold is None else f"diagrammets data till {name}"
        found = Printed(
            said,
            place,
            heads(raw_head, width),
            lines(raw_body, totals),
            self.around,
        )
        if caption:
            self._add(caption, f"{place}, rubrik")
        for note in table.iter():
            if isinstance(note.tag, str):
                if note is not table:
                    self._attributes(note, note.tag)
                if note.tag in ("sup", "sub") and len(squeeze(note.text_content())) > 3:
                    self._add(squeeze(note.text_content()), f"{place}, upphöjd text")
        self.tables.append(found)


def _summary(fold: Any, table: Any) -> str:
    """Return what a folded part says of the table in it."""
    texts = [squeeze(each.text_content()) for each in fold.iter("summary")]
    texts += [str(up.get("aria-label")) for up in table.iterancestors() if up.get("aria-label")]
    return " ".join(texts)


def _label(table: Any) -> str:
    """Return the text that `aria-labelledby` of the table points at."""
    texts = []
    for ident in (table.get("aria-labelledby") or "").split():
        texts += [
            squeeze(e.text_content())
            for e in table.getroottree().getroot().iter()
            if e.get("id") == ident
        ]
    return " ".join(texts)


def _owner(row: Any) -> Any:
    return next(parent for parent in row.iterancestors() if parent.tag == "table")


def _cell(cell: Any) -> RawCell:
    # A mark of a note is no part of the number that it stands after
    parts = [text for text in cell.xpath(".//text()[not(ancestor::sup)]") if isinstance(text, str)]
    return RawCell(
        squeeze("".join(parts)),
        _span(cell, "colspan"),
        _span(cell, "rowspan"),
        cell.tag == "th",
    )


def _span(cell: Any, name: str) -> int:
    text = cell.get(name) or "1"
    return max(1, int(text)) if text.isdigit() else 1
