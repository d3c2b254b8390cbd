"""Read the parts of an Excel file as a stream, by expat, without building a tree.

openpyxl throws away what intake must know: that a formula has no value, which cells are merged or
hidden when it reads as a stream, a text that looks like one of Excel's escapes. A stream also
keeps the memory small whatever the file says of its size. No part may have a document type, so
there are no entities to expand.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from berattelse.intake.csvfile import check_size
from berattelse.intake.rules import Fault, UnreadableError

Attributes = Mapping[str, str]
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_MOST_MERGED = 20_000
_LESS = "Ta bort det som inte hör till datamängden och spara filen igen."


class DamagedError(Exception):
    """A part says something that Excel never writes."""


@dataclass
class Package:
    """An open zip with a budget: what is read of it must be over within seconds."""

    archive: zipfile.ZipFile
    left: int = 2_000_000
    """How many more elements may be read, in all parts together."""


def walk(
    package: Package,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call `start`, `end` and `text` for what stands in a part; names are without namespace.

    Raises:
        UnreadableError: the budget is spent.
        DamagedError: the part has a document type.
        expat.ExpatError: it is not XML.
    """
    parser = expat.ParserCreate(None, " ")
    parser.buffer_text = True
    local = _Local()

    def opened(name: str, attributes: dict[str, str]) -> None:
        package.left -= 1
        if package.left < 0:
            raise UnreadableError(Fault("for_stor", "Arbetsboken innehåller för mycket.", _LESS))
        start(local[name], {local[key]: value for key, value in attributes.items()})

    def closed(name: str) -> None:
        if end:
            end(local[name])

    def refused(*_: Any) -> None:
        raise DamagedError(f"{part} har en dokumenttyp")

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = refused
    if text:
        parser.CharacterDataHandler = text
    with package.archive.open(part) as stream:
        while block := stream.read(1 << 16):
            parser.Parse(block, False)
    parser.Parse(b"", True)


class _Local(dict[str, str]):
    """Name with namespace -> name without."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(" ")[2]
        return self[name]


def unescape(text: str) -> str:
    """Return the text that Excel means: `_x000D_` is a carriage return, `_x005F_` an underscore."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def position(reference: str) -> tuple[int, int]:
    """Return row (from 1) and column (from 0) of a reference such as `B7`.

    Raises:
        DamagedError: it is none.
    """
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise DamagedError(f"cellen {reference[:20]} finns inte")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    if not 1 <= row <= _LAST_ROW or column > _LAST_COLUMN:
        raise DamagedError(f"cellen {reference[:20]} finns inte")
    return row, column - 1


@dataclass(slots=True)
class RawCell:
    """A cell as the file has it."""

    type: str
    """`n` number, `s` shared text, `str` text of a formula, `inlineStr`, `b`, `e`, `d`."""
    style: int
    value: str | None = None
    """None where the cell has no value."""
    formula: bool = False


@dataclass
class RawSheet:
    """What a worksheet's part holds."""

    rows: dict[int, dict[int, RawCell]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


class _Sheet:
    """The handlers of a worksheet's part."""

    def __init__(self) -> None:
        self.sheet = RawSheet()
        self.row = 0
        self.column = -1
        self.cells = 0
        self.cell: RawCell | None = None
        self.collect = False
        self.phonetic = 0
        self.parts: list[str] = []

    def start(self, name: str, a: Attributes) -> None:
        if name == "c":
            self.begin_cell(a)
        elif name in ("v", "t"):
            self.collect = self.cell is not None and not self.phonetic
            if name == "v":
                self.parts = []
        elif name == "f":
            if self.cell:
                self.cell.formula = True
        elif name == "is":
            self.parts = []
        elif name == "rPh":
            self.phonetic += 1
        elif name == "row":
            self.row = int(a.get("r", self.row + 1))
            if not 1 <= self.row <= _LAST_ROW:
                raise DamagedError(f"raden {self.row} finns inte")
            self.column = -1
            if a.get("hidden") in ("1", "true"):
                self.sheet.hidden_rows.add(self.row)
        elif name == "col" and a.get("hidden") in ("1", "true"):
            if len(self.sheet.hidden_columns) == _LAST_COLUMN:
                return
            last = min(int(a["max"]), _LAST_COLUMN)
            self.sheet.hidden_columns.update(range(int(a["min"]) - 1, last))
        elif name == "mergeCell":
            if len(self.sheet.merged) == _MOST_MERGED:
                raise UnreadableError(Fault("for_stor", "För många celler är sammanfogade.", _LESS))
            upper, _, lower = a["ref"].partition(":")
            self.sheet.merged.append((*position(upper), *position(lower or upper)))

    def begin_cell(self, a: Attributes) -> None:
        if "r" in a:
            row, self.column = position(a["r"])
            if row != self.row:
                raise DamagedError(f"cellen {a['r']} står på raden {self.row}")
        else:
            self.column += 1
        style = int(a.get("s", 0))
        if style < 0:
            raise DamagedError("en cell har ett utseende som inte finns")
        self.cell = RawCell(a.get("t", "n"), style)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.collect = False
            if name == "v" and self.cell:
                self.cell.value = "".join(self.parts)
        elif name == "is":
            if self.cell:
                self.cell.value = "".join(self.parts)
        elif name == "rPh":
            self.phonetic -= 1
        elif name == "c" and self.cell:
            if self.cell.value or self.cell.formula:
                row = self.sheet.rows.setdefault(self.row, {})
                if self.column in row:
                    raise DamagedError(f"raden {self.row} har samma cell två gånger")
                row[self.column] = self.cell
                self.cells += 1
                check_size(len(self.sheet.rows) - 1, self.column + 1, self.cells)
            self.cell = None

    def text(self, text: str) -> None:
        if self.collect:
            self.parts.append(text)


class _FoundError(Exception):
    """A cell with content: nothing more need be read."""


def is_empty(package: Package, part: str) -> bool:
    """Tell whether no cell of a worksheet's part has content; raises as `scan` does."""

    def text(piece: str) -> None:
        if handlers.collect and piece.strip():
            raise _FoundError

    handlers = _Sheet()
    try:
        walk(package, part, handlers.start, handlers.end, text)
    except _FoundError:
        return False
    return not handlers.sheet.rows


def scan(package: Package, part: str) -> RawSheet:
    """Read a worksheet's part.

    Raises:
        UnreadableError: it holds more than a dataset may.
        DamagedError, expat.ExpatError, KeyError, ValueError: it is not as Excel writes it.
    """
    handlers = _Sheet()
    walk(package, part, handlers.start, handlers.end, handlers.text)
    return handlers.sheet


def shared_texts(package: Package, part: str, most: int) -> Sequence[str]:
    """Read the texts that cells refer to by number, at most `most` of them.

    Raises:
        UnreadableError: there are more.
    """
    texts: list[str] = []
    parts: list[str] = []
    state = {"t": 0, "rPh": 0}

    def start(name: str, _: Attributes) -> None:
        if name in state:
            state[name] += 1

    def end(name: str) -> None:
        if name in state:
            state[name] -= 1
        elif name == "si":
            texts.append(unescape("".join(parts)))
            parts.clear()
            if len(texts) > most:
                raise UnreadableError(
                    Fault("for_stor", "Arbetsboken innehåller för många texter.", _LESS)
                )

    def text(piece: str) -> None:
        if state["t"] and not state["rPh"]:
            parts.append(piece)

    walk(package, part, start, end, text)
    return texts


def formats(package: Package, part: str) -> tuple[Sequence[int], Mapping[int, str]]:
    """Read the styles: for each style its format's number, and the workbook's own formats."""
    styles: list[int] = []
    own: dict[int, str] = {}
    inside = [False]

    def start(name: str, a: Attributes) -> None:
        if name == "numFmt" and "numFmtId" in a:
            # formats inside a dxf (conditional formatting) come later and change no cell's value
            own.setdefault(int(a["numFmtId"]), a.get("formatCode", "General"))
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            styles.append(int(a.get("numFmtId", 0)))

    def end(name: str) -> None:
        if name == "cellXfs":
            inside[0] = False

    walk(package, part, start, end)
    return styles, own
