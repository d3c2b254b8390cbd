"""What the auditor reads out of a produced file: pieces of text, and tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from berattelse.audit.words import plain
from berattelse.missing import MARKS, TEXTS

Kind = Literal["text", "alt", "logg"]

HIDDEN_MARKS = frozenset((MARKS["skyddad"], TEXTS["skyddad"], "skyddad"))
_TOTAL = re.compile(
    r"^(?:total|summa|samtliga\b|alla\b|hela\b|sammanlagt|tillsammans|netto\b)", re.IGNORECASE
)
_CELL = re.compile(
    r"(?:ca\s*)?(?P<sign>[−–+-]?)\s*(?P<number>\d{1,3}(?:[ \u00a0\u202f]\d{3})+|\d+)"
    r"(?P<decimals>,\d+)?"
    r"\s*(?P<unit>%|procent(?:enheter)?|[a-zåäö/]+\.?)?\s*[*¹²³⁴⁵⁶⁷⁸⁹⁰)]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Text:
    """A paragraph, a list item, a note, a caption, an alternative text."""

    text: str
    place: str
    """Where it stands, without its content."""
    around: str = ""
    """Headings and the like that it stands under."""
    kind: Kind = "text"


@dataclass(frozen=True)
class Number:
    """A number that fills a table's cell."""

    value: float
    text: str
    decimals: int
    signed: bool
    unit: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a table's body."""

    group: str
    cells: tuple[str, ...]
    total: bool = False

    @property
    def label(self) -> str:
        """What the row is called."""
        return next((cell for cell in self.cells if cell), "")


@dataclass(frozen=True)
class Printed:
    """A table as its reader meets it."""

    caption: str
    place: str
    heads: tuple[str, ...]
    """Column heads from top to bottom, joined."""
    lines: tuple[Line, ...]
    around: str = ""


@dataclass(frozen=True)
class Page:
    """A produced file."""

    path: Path
    texts: tuple[Text, ...]
    tables: tuple[Printed, ...]


def squeeze(text: str) -> str:
    """Return the text on one line, with ordinary spaces except within numbers."""
    text = text.replace("\u00ad", "").replace("\u200b", "").replace("\ufffe", "")
    text = re.sub(r"(?<=\d)[\u00a0\u202f](?=\d)", "\u0001", text)
    return re.sub(r"\s+", " ", text).strip().replace("\u0001", "\u00a0")


def number(cell: str) -> Number | None:
    """Return the number that fills a cell; None for words and marks."""
    found = _CELL.fullmatch(cell.strip())
    if found is None:
        return None
    digits = re.sub(r"\D", "", found["number"])
    decimals = found["decimals"] or ""
    value = float(digits + decimals.replace(",", "."))
    negative = found["sign"] in ("−", "-", "–") and found["sign"] != ""
    return Number(
        -value if negative else value,
        cell,
        max(len(decimals) - 1, 0),
        bool(found["sign"]),
        (found["unit"] or "").lower(),
    )


def is_hidden(cell: str) -> bool:
    """Tell whether a cell says that its figure is protected."""
    return cell.strip().lower() in HIDDEN_MARKS


def is_total(label: str) -> bool:
    """Tell whether a row or column is called a total."""
    return bool(_TOTAL.match(label.strip()))


_ABBREVIATION = re.compile(
    r"(?:\b(?:kap|st|nr|ca|t\.ex|bl\.a|m\.m|m\.fl|dvs|d\.v\.s|resp|inkl|exkl|t\.o\.m|fr\.o\.m|"
    r"s\.k|p\.g\.a|jfr|sid|tel|enl|jan|feb|aug|sep|okt|nov|dec|[a-zåäö])\.)$",
    re.IGNORECASE,
)


def sentences(block: str) -> list[str]:
    """Return the sentences of a block; a full stop after an abbreviation ends none."""
    found: list[str] = []
    start = 0
    for hit in re.finditer(r"[.!?…][»”\")]?\s+(?=[\"«”(]?[A-ZÅÄÖ\d])", block):
        piece = block[start : hit.end()].strip()
        if _ABBREVIATION.search(piece) or re.fullmatch(r"[\d.]+", piece):
            continue
        found.append(piece)
        start = hit.end()
    rest = block[start:].strip()
    return [*found, rest] if rest else found


@dataclass(frozen=True)
class RawCell:
    """A table cell with its spans."""

    text: str
    across: int = 1
    down: int = 1
    header: bool = False


def grid(rows: Sequence[Sequence[RawCell]]) -> list[list[RawCell | None]]:
    """Lay out cells with spans; each place holds the cell that covers it."""
    width = max((sum(cell.across for cell in row) for row in rows), default=0)
    places: list[list[RawCell | None]] = [[None] * width for _ in rows]
    for r, row in enumerate(rows):
        column = 0
        for cell in row:
            while column < width and places[r][column] is not None:
                column += 1
            for down in range(min(cell.down, len(rows) - r)):
                for across in range(min(cell.across, width - column)):
                    places[r + down][column + across] = cell
            column += cell.across
    return places


def heads(rows: Sequence[Sequence[RawCell]], width: int) -> tuple[str, ...]:
    """Return the head of each column, the rows of heads joined from top to bottom."""
    laid = grid(rows)
    found = []
    for column in range(width):
        parts: list[RawCell] = []
        for row in laid:
            cell = row[column] if column < len(row) else None
            if cell is not None and cell.text and cell not in parts:
                parts.append(cell)
        found.append(" | ".join(part.text for part in parts))
    return tuple(found)


def lines(rows: Sequence[Sequence[RawCell]], totals: Sequence[bool]) -> tuple[Line, ...]:
    """Return the body's rows; a row of a single cell names the group of those that follow."""
    found = []
    group = ""
    for row, marked in zip(grid(rows), totals, strict=True):
        texts = ["" if cell is None else cell.text for cell in row]
        if len(row) > 1 and all(cell is row[0] for cell in row):
            group = texts[0]
            continue
        line = Line(group, tuple(texts))
        found.append(Line(group, tuple(texts), marked or is_total(line.label)))
    return tuple(found)


def cell_texts(table: Printed) -> Iterator[Text]:
    """Yield the cells that hold running text, with what the table says of them."""
    for line in table.lines:
        for column, cell in enumerate(line.cells):
            several = column > 0 and re.search(r"\d.*\D.*\d", cell)
            if number(cell) is not None or (len(cell.split()) < 4 and not several):
                continue
            head = table.heads[column] if column < len(table.heads) else ""
            label = line.label if column else ""
            yield Text(
                cell,
                f"{table.place}, rad «{shorten(line.label)}», kolumn «{shorten(head)}»",
                " ".join((table.around, table.caption, line.group, label, head)),
            )


def shorten(text: str, most: int = 60) -> str:
    """Return a label for quoting."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def means_share(head: str) -> bool:
    """Tell whether a column's head says that its numbers are shares."""
    return bool(re.search(r"%|\bprocent|\bandel", plain(head)))


def means_money_or_time(head: str) -> bool:
    """Tell whether a column's head says that its numbers are money, days or hours."""
    return bool(re.search(r"\b(?:t?kr|mnkr|kronor|timmar|tim|dagar|dygn|minuter)\b", plain(head)))


def means_change(head: str) -> bool:
    """Tell whether a column's head says that its numbers are changes."""
    pattern = r"forandr|skillnad|differens|okning|minskning|\bdiff\b|\+/-|utveckling"
    return bool(re.search(pattern, plain(head)))
