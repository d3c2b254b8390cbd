"""What a file holds before anyone knows what it means: cells with their rows, and faults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from berattelse.intake.numbers import Mark
from berattelse.intake.periods import EPOCH
from berattelse.intake.rules import Fault
from berattelse.intake.table import Place
from berattelse.model import Finding

MAX_BYTES = 30_000_000
"""A larger file is refused: it is no table of figures for a report."""
MAX_ROWS = 20_000
MAX_COLUMNS = 500
MAX_CELLS = 1_000_000
MOST_FAULTS = 200

Level = Literal["fel", "varning", "upplysning"]
Kind = Literal["text", "tal", "datum", "sant", "fel", "formel"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell that is not empty."""

    text: str
    """Its text; of a number the digits as stored, of a date ISO text, of an error its code."""
    kind: Kind = "text"
    """`sant` is a logical value, `fel` an error such as #REF!, `formel` one without a value."""
    format: str = "General"
    """Excel's number format."""
    date: dt.datetime | None = None


EMPTY = Cell("")


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet."""

    place: Place
    rows: Mapping[int, Mapping[int, Cell]]
    """Number of the row as Excel shows it -> number of the column from 0 -> cell; in order,
    without empty cells and blank rows."""
    mark: Mark = ","
    """The decimal mark that the file's dialect has."""
    epoch: dt.datetime = EPOCH
    merged: Sequence[tuple[int, int, int, int]] = ()
    """First row, first column, last row, last column (columns from 0)."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    faults: Sequence[tuple[int, Fault, Level]] = ()
    """What was found on the way: row (0 for none), fault, level."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A fault with its place."""

    fault: Fault
    row: int
    """As Excel shows it, 0 for the file as a whole."""
    column: tuple[str, int]
    """Name, and number from 0; -1 for a column that the file lacks."""
    level: Level
    keys: Mapping[str, str]
    place: Place


@dataclass
class Journal:
    """Gathers what is to be said of a file."""

    place: Place
    dataset: str
    entries: list[Entry] = field(default_factory=list)

    def add(
        self,
        fault: Fault,
        row: int = 0,
        column: tuple[str, int] = ("", -1),
        level: Level = "fel",
        keys: Mapping[str, str] | None = None,
    ) -> None:
        """Note a fault; the arguments are fields of `Entry`."""
        self.entries.append(Entry(fault, row, column, level, keys or {}, self.place))

    def findings(self) -> tuple[Finding, ...]:
        """Return the findings in the order of the file; of faults the first `MOST_FAULTS`."""
        kept: list[Finding] = []
        faults = 0
        for entry in sorted(self.entries, key=lambda entry: (entry.row, entry.column[1])):
            faults += entry.level == "fel"
            if entry.level != "fel" or faults <= MOST_FAULTS:
                kept.append(self._finding(entry))
        if faults > MOST_FAULTS:
            more = Fault(
                "fler_fel",
                f"Ytterligare {faults - MOST_FAULTS} fel finns i filen.",
                "Rätta felen ovan och läs in filen igen.",
            )
            kept.append(self._finding(Entry(more, 0, ("", -1), "fel", {}, self.place)))
        return tuple(kept)

    def _finding(self, entry: Entry) -> Finding:
        return Finding(
            rule=entry.fault.rule,
            level=entry.level,
            message=entry.fault.message,
            place=entry.place.at(entry.row, *entry.column),
            remedy=entry.fault.remedy,
            dataset=self.dataset,
            keys=entry.keys,
        )
