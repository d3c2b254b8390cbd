"""Turn the rows of a grid into values, column by column, noting every fault."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from berattelse.datasets import PERIODTYPER, Column, Dataset
from berattelse.intake import cells
from berattelse.intake.grid import EMPTY, Cell, Grid, Journal
from berattelse.intake.header import Heading, absent
from berattelse.intake.rules import Fault
from berattelse.intake.table import Context
from berattelse.intake.text import fold, match, quote
from berattelse.missing import TEXTS

Row = Mapping[int, Cell]


@dataclass
class Draft:
    """The values of all rows that are not blank, with the cells that could not be read."""

    columns: dict[str, list[Any]]
    """Column -> values; None where a number is empty or a cell is bad."""
    numbers: list[int] = field(default_factory=list)
    """Row numbers as Excel shows them."""
    bad: set[tuple[int, str]] = field(default_factory=set)
    """Row (from 0) and column of cells that a fault is noted for already."""


class Converter:
    """Reads rows of one file into a draft."""

    def __init__(
        self, grid: Grid, heading: Heading, dataset: Dataset, context: Context, journal: Journal
    ) -> None:
        self.grid = grid
        self.heading = heading
        self.dataset = dataset
        self.context = context
        self.journal = journal
        self.names = [column.namn for column in dataset.kolumner]
        self.draft = Draft({name: [] for name in self.names})
        self.units = cells.units_of(dataset.enheter)
        self.figures = "varde" in self.names
        # the unit decides how varde is read, and the period type how period is
        late = ("periodtyp", "period", "enhet", "varde", "orsak") if self.figures else ()
        self.plain = [column for column in dataset.kolumner if column.namn not in late]
        self.merged = _merged(grid)
        self.values: dict[str, Any] = {}
        self.row: Row = {}
        self.number = 0

    def convert(self) -> Draft:
        """Read every row that is not blank."""
        used = frozenset(self.heading.columns.values())
        for number, row in self.grid.rows.items():
            # a row with nothing but notes is blank, and so is one that was only given its kommun
            if number == self.heading.row or used.isdisjoint(row):
                continue
            self.number, self.row, self.values = number, row, {}
            for column in self.plain:
                self.read(column.namn, partial(self.one, column=column))
            if self.figures:
                self.period()
                self.figure()
            for name in self.names:
                self.draft.columns[name].append(self.values.get(name))
            self.draft.numbers.append(number)
        self.columns_without_content()
        return self.draft

    def one(self, cell: Cell, column: Column) -> Any:
        """Read a cell by the type of its column."""
        if column.typ == "heltal":
            return cells.whole(cell, self.grid.mark)
        if column.typ == "tal":
            return cells.real(cell, "", self.grid.mark)
        if column.typ == "datum":
            return cells.date(cell, self.grid.epoch)
        if column.typ == "period":
            return cells.any_period(cell)
        content = cells.text(cell)
        if column.tillatna and isinstance(content, str):
            return match(content, column.tillatna) or content
        return content

    def may_be_empty(self, name: str) -> bool:
        """Tell whether no fault is noted for an empty cell in a column, or there is no such."""
        return name not in self.names or self.dataset.kolumn(name).kan_vara_tom

    def cell(self, name: str) -> Cell:
        """Return the row's cell in a column; an empty one if there is none."""
        return self.row.get(self.heading.columns.get(name, -1), EMPTY)

    def read(self, name: str, convert: Callable[[Cell], Any]) -> None:
        """Read the row's cell in a column of the dataset, if that is not empty."""
        cell = self.cell(name)
        index = self.heading.columns.get(name, -1)
        if any(left <= index <= right for left, right in self.merged.get(self.number, ())):
            self.draft.bad.add((len(self.draft.numbers), name))
        empty = None if self.dataset.kolumn(name).typ in ("heltal", "tal") else ""
        content = convert(cell) if cell is not EMPTY else empty
        if isinstance(content, Fault):
            self.fault(content, name)
            content = empty
        self.values[name] = content

    def fault(self, fault: Fault, name: str) -> None:
        """Note a fault of the row's cell in a column."""
        self.draft.bad.add((len(self.draft.numbers), name))
        self.journal.add(fault, self.number, (name, self.heading.columns.get(name, -1)))

    def is_bad(self, name: str) -> bool:
        """Tell whether the row's cell in a column is at fault already."""
        return (len(self.draft.numbers), name) in self.draft.bad

    def period(self) -> None:
        """Read the row's period, by its type or by what its measure says."""
        expected = self.expected()
        if "periodtyp" in self.names:
            self.read("periodtyp", cells.text)
            kind = self.values["periodtyp"]
            kind = match(kind, PERIODTYPER) or kind
            if not kind and not self.is_bad("periodtyp"):
                only = self.dataset.periodtyper
                kind = expected[0] if expected else only[0] if len(only) == 1 else ""
            self.values["periodtyp"] = kind
            if self.is_bad("periodtyp"):
                kind = ""
        else:
            only = self.dataset.periodtyper
            kind = expected[0] if expected else only[0] if len(only) == 1 else ""
        if "period" not in self.names:
            return
        if not kind and not self.is_bad("periodtyp") and self.may_be_empty("periodtyp"):
            self.read("period", cells.any_period)
            return
        if kind not in PERIODTYPER:
            # without its type a period can be read in more than one way; the type is at fault
            self.read("period", lambda cell: cell.text)
            self.draft.bad.add((len(self.draft.numbers), "period"))
            return
        self.read("period", lambda cell: cells.period(cell, kind, self.grid.epoch))
        if expected:
            self.compare(kind, expected)

    def expected(self) -> tuple[str, str] | None:
        """Return period type and period that the row's measure has, `{mm}` where not known."""
        found = self.dataset.perioder.get(self.values.get("matt", ""))
        if not found:
            return None
        month = "{mm}" if self.context.manad is None else f"{self.context.manad:02d}"
        year = self.context.ar
        filled = found[1].replace("{ar}", str(year)).replace("{fg}", str(year - 1))
        return found[0], filled.replace("{mm}", month)

    def compare(self, kind: str, expected: tuple[str, str]) -> None:
        """Fill in the period from what the measure says, or hold the one that is there to it."""
        wanted_kind, wanted = expected
        period = self.values["period"]
        if self.is_bad("period"):
            return
        if not period and kind == wanted_kind and "{mm}" not in wanted:
            self.values["period"] = wanted
            return
        pattern = re.escape(wanted).replace(re.escape("{mm}"), r"\d\d")
        if (not period and kind == wanted_kind) or (
            kind == wanted_kind and re.fullmatch(pattern, period)
        ):
            return
        shown = wanted.replace("{mm}", "MM")
        written = " ".join(filter(None, (kind, period)))
        self.fault(
            Fault(
                "fel_period",
                f"Raden har perioden {quote(written)}, men måttet {quote(self.values['matt'])} "
                f"gäller {wanted_kind} {shown}.",
                "Rätta perioden, eller lämna periodtyp och period tomma. Kontrollera att filen "
                "inte är ett annat års.",
            ),
            "period",
        )

    def figure(self) -> None:
        """Read unit, value and reason."""
        unit = ""
        if "enhet" in self.names:
            self.read("enhet", cells.text)
            unit = cells.unit(self.values["enhet"], self.units)
            if not unit and not self.is_bad("enhet") and len(self.dataset.enheter) == 1:
                unit = self.dataset.enheter[0]
            self.values["enhet"] = unit
        column = self.dataset.kolumn("varde")
        at_fault = (
            bool(self.units and unit and unit not in self.units)
            or not (unit or self.may_be_empty("enhet"))
            or self.is_bad("enhet")
        )
        if column.typ != "tal":
            self.read("varde", partial(self.one, column=column))
        else:
            self.read("varde", lambda cell: self.real(cell, unit, at_fault))
        if "orsak" in self.names:
            self.read("orsak", cells.text)
            self.values["orsak"] = _reason(self.values["orsak"])
            if "varde" not in self.heading.missing:
                self.reason()

    def real(self, cell: Cell, unit: str, at_fault: bool) -> Any:
        """Read varde; a unit after it is held to the row's, unless that is at fault itself."""
        found = cells.real(cell, unit, self.grid.mark)
        if isinstance(found, Fault) and found.rule == "enhet_i_tal" and at_fault:
            self.draft.bad.add((len(self.draft.numbers), "varde"))
            return None
        return found

    def reason(self) -> None:
        """Hold varde and orsak to each other."""
        value = self.cell("varde") is not EMPTY
        if self.is_bad("varde") or self.is_bad("orsak"):
            return
        reason = self.values["orsak"]
        if value and reason:
            self.fault(
                Fault(
                    "bade_varde_och_orsak",
                    f"Raden har både ett värde och orsaken {quote(reason)}.",
                    "Ta bort det ena.",
                ),
                "orsak",
            )
        elif not value and not reason:
            self.fault(
                Fault(
                    "saknar_orsak",
                    "Värdet är tomt utan orsak.",
                    f"Skriv värdet, eller varför det saknas i orsak: {', '.join(TEXTS)}.",
                ),
                "varde",
            )

    def columns_without_content(self) -> None:
        """Note once, not for every row, a column that the file lacks and some row needs."""
        for name in ("periodtyp", "period", "enhet"):
            if name not in self.heading.missing:
                continue
            if self.dataset.kolumn(name).kan_vara_tom:
                continue
            rows = [i for i, content in enumerate(self.draft.columns[name]) if not content]
            if rows:
                self.journal.add(absent(name), self.heading.row)
                self.draft.bad.update((i, name) for i in rows)


def _merged(grid: Grid) -> Mapping[int, list[tuple[int, int]]]:
    """Return for each row its merged columns, from–to: which cell has the content is not known."""
    found: dict[int, list[tuple[int, int]]] = {}
    numbers = list(grid.rows)
    for top, left, bottom, right in grid.merged:
        for number in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
            found.setdefault(number, []).append((left, right))
    return found


def _reason(content: str) -> str:
    """Return the code that a reason means: `ej mätt` and `uppgift saknas` too."""
    code = match(content, TEXTS)
    if code:
        return code
    texts = {fold(text): code for code, text in TEXTS.items()}
    return texts.get(fold(content), content)


def context_faults(
    grid: Grid, heading: Heading, context: Context
) -> Iterator[tuple[Fault, int, tuple[str, int]]]:
    """Yield what in the columns of `header.CONTEXT` is not as the folder says."""
    seen: dict[str, str] = {}
    for name, index in heading.context.items():
        for number, row in grid.rows.items():
            cell = row.get(index, EMPTY)
            if number == heading.row or cell is EMPTY:
                continue
            fault = _differs(name, cell, context, grid, seen)
            if fault:
                yield fault, number, (name, index)


def _differs(
    name: str, cell: Cell, context: Context, grid: Grid, seen: dict[str, str]
) -> Fault | None:
    remedy = "Kontrollera att det är rätt fil i rätt mapp."
    if name == "namnd":
        return cells.special(cell)
    if name == "kommun":
        kommun = cells.text(cell)
        if isinstance(kommun, Fault):
            return kommun
        own = context.namn or seen.setdefault(name, kommun)
        wanted = fold(own)
        if fold(kommun) in (wanted, wanted + "_kommun", wanted + "s_kommun"):
            return None
        message = f"Filen gäller en annan kommun: {quote(kommun)}, inte {own}."
        return Fault("annan_kommun", message, remedy)
    if name == "ar":
        year = cells.whole(cell, grid.mark)
        if isinstance(year, Fault) or year == context.ar:
            return year if isinstance(year, Fault) else None
        message = f"Filen gäller ett annat år: {quote(str(year))}, inte {context.ar}."
        return Fault("annat_ar", message, remedy)
    day = cells.date(cell, grid.epoch)
    if isinstance(day, Fault):
        return day
    month = context.manad or int(day[5:7])
    if (int(day[:4]), int(day[5:7])) == (context.ar, month):
        return None
    wanted = f"{context.ar}-{month:02d}" if context.manad else str(context.ar)
    message = f"Filen gäller ett annat datum: {quote(day)}, inte {wanted}."
    return Fault("annat_ar", message, remedy)
