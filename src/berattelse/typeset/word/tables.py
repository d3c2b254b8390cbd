"""Tables: header rows, row kinds, alignment, widths, and which tables need a wide page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from lxml import etree

from berattelse.typeset.word.look import Look
from berattelse.typeset.word.xml import el, mm, properties, put, q, text_of, xpath

_MARGIN = 85
"""Left and right margin of a cell in twips, as in the style Tabell."""

_NUMBER = re.compile(r"[^A-Za-zÅÄÖåäö]*(?:[A-Za-z%]{1,4}\.?)?")
"""A cell whose content must not be broken: digits and signs, perhaps with a short unit."""


_LONG_CELL = 900
"""Characters: a cell with more may be taller than a page in a narrow column."""
_LONG_WORD = 40
"""Characters: Word divides a longer word anywhere, and a column need not be wide enough for it."""
_SMALL = 8
"""A table with at most this many rows below its head stays on one page."""
_LONG_TEXT = 400
"""Characters: as much of a text as says that its column wants all the room there is."""
_GAP = 140
"""Twips before a column of text that follows a column of numbers; they would touch otherwise."""


@dataclass(frozen=True)
class Setting:
    """A way to set a table; they are tried in order until one has room for every word."""

    size_pt: float
    landscape: bool
    margin: int
    wraps_at: int
    """A column of text may be as narrow as this many characters (or its longest word)."""
    safety: float
    """Widths are multiplied by this, for viewers without Calibri: Arial is 1.1 times as wide."""


_SETTINGS = (
    Setting(10, False, _MARGIN, 32, 1.22),
    Setting(9, False, _MARGIN, 32, 1.22),
    Setting(9, False, 55, 24, 1.15),
    Setting(8, False, 55, 20, 1.15),
    Setting(8, False, 40, 18, 1.1),
    Setting(10, True, _MARGIN, 24, 1.22),
    Setting(9, True, _MARGIN, 24, 1.22),
    Setting(8, True, 55, 20, 1.15),
)
"""Narrow before turned: a turned page stops the reading. 10 points stand for the size that tables
have in this document (`Look.table_pt`); nothing is set in more than that."""

_LEAST_PT = 8
"""What is read without effort."""

_STYLES = {
    "huvud": "Tabellhuvud",
    "grupp": "Tabellgrupp",
    "summa": "Tabellsumma",
    "delsumma": "Tabellsumma",
}


@dataclass(frozen=True)
class Cell:
    """A cell as the layout sees it; `start` and `span` count columns from 0."""

    element: etree._Element
    start: int
    span: int
    text: str


@dataclass(frozen=True)
class Row:
    """A row with its kind: huvud, grupp, summa, delsumma or empty."""

    element: etree._Element
    kind: str
    cells: tuple[Cell, ...]

    @property
    def long(self) -> bool:
        """Whether the row may be taller than a page."""
        return any(len(cell.text) > _LONG_CELL for cell in self.cells)


@dataclass(frozen=True)
class Fit:
    """How a table is set, with its column widths in twips."""

    setting: Setting
    widths: tuple[int, ...]

    @property
    def landscape(self) -> bool:
        """Whether the table needs a page turned."""
        return self.setting.landscape


def set_table(table: etree._Element, align: str, title: str, look: Look) -> Fit:
    """Give a table its style, header rows, alignment and widths; return how it fits.

    Args:
        table: `w:tbl` with our markers `b:rad` in the first cell of marked rows.
        align: one letter per column: h (right, numbers), c (centre), v (left).
        title: caption with label and number; becomes the table's alternative text.
        look: measures and colours.
    """
    rows = _read(table)
    align = align.ljust(max((c.start + c.span for row in rows for c in row.cells), default=0), "v")
    fit = _fit(rows, align, look)
    _set_properties(table, rows, title, fit)
    last_head = max((i for i, row in enumerate(rows) if row.kind == "huvud"), default=-1)
    long_head = any(row.kind == "huvud" and row.long for row in rows)
    for number, row in enumerate(rows):
        if not row.long:
            put(row.element, el("cantSplit"))
        # A head as tall as a page would leave no room for the rows under it
        if row.kind == "huvud" and not long_head:
            put(row.element, el("tblHeader"))
        for cell in row.cells:
            _set_cell(cell, row, align, fit, look)
            if number == last_head and "Tabell" not in look.theirs:
                _border(cell, "bottom", 8, look.accent)
            if row.kind in {"summa", "delsumma"}:
                _border(cell, "top", 8 if row.kind == "summa" else 4, look.accent)
    for row in () if long_head else _kept_with_next(rows, last_head):
        for para in xpath(row.element, ".//w:p"):
            put(para, el("keepNext"))
    return fit


def _kept_with_next(rows: list[Row], last_head: int) -> list[Row]:
    """Return the rows that no page may end with.

    Head and first two rows stay together, so do the last two: no row is left alone on a page. A
    small table is not broken at all.
    """
    if len(rows) - last_head - 1 <= _SMALL and not any(row.long for row in rows):
        return rows[:-1]
    return [*rows[: last_head + 2], *rows[-2:-1]]


def _read(table: etree._Element) -> list[Row]:
    rows = []
    for element in xpath(table, "./w:tr"):
        kind = ""
        for marker in xpath(element, ".//b:rad"):
            kind = marker.get("klass", "")
            _remove(marker)
        cells, column = [], 0
        for cell in xpath(element, "./w:tc"):
            spans = xpath(cell, "./w:tcPr/w:gridSpan")
            span = int(spans[0].get(q("val"), "1")) if spans else 1
            cells.append(Cell(cell, column, span, text_of(cell)))
            column += span
        rows.append(Row(element, kind, tuple(cells)))
    return rows


def _remove(marker: etree._Element) -> None:
    parent = marker.getparent()
    assert parent is not None
    parent.remove(marker)


def _set_properties(table: etree._Element, rows: list[Row], title: str, fit: Fit) -> None:
    head = int(any(row.kind == "huvud" for row in rows))
    old = table.find(q("tblPr"))
    if old is not None:
        table.remove(old)
    body = sum(row.kind not in {"huvud", "grupp"} for row in rows)
    put(
        table,
        el("tblStyle", val="Tabell"),
        el("tblW", w=5000, type="pct"),
        el("tblLayout", type="fixed"),
        # 0x0020 first row, 0x0080 first column, 0x0600 no bands.
        el("tblLook", val=f"{0x0680 + 0x0020 * head:04X}", firstRow=head, lastRow=0,
           firstColumn=1, lastColumn=0, noHBand=1, noVBand=1),
    )  # fmt: skip
    if fit.setting.margin != _MARGIN:
        sides = [el(side, w=fit.setting.margin, type="dxa") for side in ("left", "right")]
        put(table, el("tblCellMar", *sides))
    if title:
        what = f"Tabell med {len(fit.widths)} kolumner och {body} rader. {title}"
        put(table, el("tblCaption", val=title), el("tblDescription", val=what))
    for grid in xpath(table, "./w:tblGrid"):
        table.remove(grid)
    table.insert(1, el("tblGrid", *(el("gridCol", w=width) for width in fit.widths)))


def _set_cell(cell: Cell, row: Row, align: str, fit: Fit, look: Look) -> None:
    spanner = row.kind == "huvud" and cell.span > 1
    side = "c" if spanner else "v" if row.kind == "grupp" else align[cell.start]
    put(cell.element, el("tcW", w=sum(fit.widths[cell.start : cell.start + cell.span]), type="dxa"))
    if row.kind == "huvud":
        put(cell.element, el("vAlign", val="bottom"))
    if row.kind in {"huvud", "grupp"} and "Tabell" not in look.theirs:
        put(cell.element, el("shd", val="clear", color="auto", fill=look.band))
    style = _STYLES.get(row.kind, "Tabelltext")
    for para in xpath(cell.element, "./w:p"):
        put(para, el("pStyle", val=style))
        put(para, el("jc", val={"h": "right", "c": "center", "v": "left"}[side]))
        if side == "v" and _follows_number(align, cell.start):
            put(para, el("ind", left=_GAP))
        if fit.setting.size_pt != look.table_pt:
            _resize(para, fit.setting.size_pt)


def _follows_number(align: str, column: int) -> bool:
    return column > 0 and align[column] == "v" and align[column - 1] == "h"


def _resize(para: etree._Element, size_pt: float) -> None:
    for run in xpath(para, ".//w:r"):
        half = round(size_pt * 2)
        put(run, el("sz", val=half), el("szCs", val=half))


def _border(cell: Cell, side: str, size: int, colour: str) -> None:
    holder = properties(cell.element)
    borders = holder.find(q("tcBorders"))
    if borders is None:
        borders = el("tcBorders")
        put(cell.element, borders)
    borders.append(el(side, val="single", sz=size, space=0, color=colour))
    borders[:] = sorted(borders, key=lambda b: ("top", "bottom").index(etree.QName(b).localname))


# Widths -----------------------------------------------------------------------------------------


def _twips(text: str, setting: Setting, bold: bool) -> int:
    """Estimate the width of a cell with one line, by Calibri's widths for classes of letters."""
    em = 0.0
    for char in text:
        if char in "iljtfrI.,:;|!'()-/ \u00a0":
            em += 0.29
        elif char in "mwMW%@":
            em += 0.82
        elif char.isupper():
            em += 0.6
        else:
            em += 0.51
    points = em * setting.size_pt * setting.safety * (1.1 if bold else 1.0)
    return round(points * 20) + 2 * setting.margin + 10


def _words(text: str) -> list[str]:
    # str.split() would break at the no-break space inside a number.
    words = text.replace("\n", " ").replace("\t", " ").replace("-", "- ").split(" ")
    return [word[:_LONG_WORD] for word in words]


def _settings(look: Look) -> list[Setting]:
    """Return the ways to set a table in a document with this size and typeface, without repeats."""
    least = min(_LEAST_PT, look.table_pt)
    return [
        replace(
            setting,
            size_pt=max(look.table_pt - (10 - setting.size_pt), least),
            safety=setting.safety * look.breadth,
        )
        for setting in _SETTINGS
    ]


def _fit(rows: list[Row], align: str, look: Look) -> Fit:
    for setting in _settings(look):
        room = look.text_width(setting.landscape)
        least, wanted = _needs(rows, align, setting)
        if sum(least) <= room:
            return Fit(setting, _share(least, wanted, align, room))
    # Nothing has room for every word: some will be broken, in proportion.
    scale = room / sum(least)
    return Fit(setting, tuple(int(width * scale) for width in least))


def _needs(rows: list[Row], align: str, setting: Setting) -> tuple[list[int], list[int]]:
    """Return per column the least width that breaks no word or number, and the width wished."""
    least = [mm(8)] * len(align)
    wanted = [mm(8)] * len(align)
    # Cells over several columns last: they only widen what the single ones left too narrow.
    cells = [(row, cell) for row in rows if row.kind != "grupp" for cell in row.cells]
    for row, cell in sorted(cells, key=lambda pair: pair[1].span > 1):
        bold, head = row.kind in _STYLES, row.kind == "huvud"
        number = not head and align[cell.start] == "h" and bool(_NUMBER.fullmatch(cell.text))
        full = _twips(cell.text[:_LONG_TEXT], setting, bold)
        narrow = full if number else max(_twips(w, setting, bold) for w in _words(cell.text))
        if not number and not head and cell.span == 1:
            letters = 14 if align[cell.start] == "h" else setting.wraps_at
            narrow = max(narrow, min(full, _twips("n" * letters, setting, bold)))
        _widen(least, cell, narrow)
        # A head may take two lines, so that long heads do not make narrow numbers wide.
        _widen(wanted, cell, max(narrow, full // 2) if head else full)
    for column in range(len(align)):
        if _follows_number(align, column):
            least[column] += _GAP
            wanted[column] += _GAP
    return _even(least, align), [max(pair) for pair in zip(wanted, least, strict=True)]


def _widen(widths: list[int], cell: Cell, need: int) -> None:
    columns = range(cell.start, cell.start + cell.span)
    short = need - sum(widths[i] for i in columns)
    for i in columns:
        widths[i] += max(0, -(-short // cell.span))


def _even(widths: list[int], align: str) -> list[int]:
    """Make columns of numbers equally wide, where that costs at most a third more."""
    numbers = [width for width, side in zip(widths, align, strict=True) if side == "h"]
    if not numbers or max(numbers) * len(numbers) > 1.34 * sum(numbers):
        return widths
    return [
        max(numbers) if side == "h" else width for width, side in zip(widths, align, strict=True)
    ]


def _share(least: list[int], wanted: list[int], align: str, room: int) -> tuple[int, ...]:
    """Share `room` twips: what is needed, then air for numbers, then wishes, then by kind."""
    widths = [float(width) for width in least]
    numbers = [side == "h" for side in align]
    air = [0.15 * w if number else 0.0 for w, number in zip(least, numbers, strict=True)]
    wishes = [
        0.0 if number else max(0, full - width)
        for full, width, number in zip(wanted, least, numbers, strict=True)
    ]
    # What is left over goes to the first column as to two others.
    rest = [2.0 if i == 0 else 1.0 for i in range(len(widths))]
    for claims, at_most in ((air, 1.0), (wishes, 1.0), (rest, float("inf"))):
        if sum(claims):
            part = min(at_most, (room - sum(widths)) / sum(claims))
            widths = [width + claim * part for width, claim in zip(widths, claims, strict=True)]
    edges = [0, *(round(sum(widths[: i + 1])) for i in range(len(widths)))]
    edges[-1] = room
    return tuple(right - left for left, right in pairwise(edges))
