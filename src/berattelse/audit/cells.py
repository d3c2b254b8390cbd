"""Protected figures in printed tables: in a cell, or given away by a share or a change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from berattelse.audit.case import Case, Hit
from berattelse.audit.figures import Figure
from berattelse.audit.naming import ENOUGH, Name
from berattelse.audit.pages import (
    Line,
    Number,
    Printed,
    is_hidden,
    is_total,
    means_change,
    means_money_or_time,
    means_share,
    number,
    shorten,
)
from berattelse.audit.sentences import pinned_by_share
from berattelse.audit.words import TOTALS, Bag


@dataclass(frozen=True)
class Place:
    """A cell of a table with all that says what it is."""

    line: Line
    column: int
    head: str
    near: Bag
    """Words of its row, group and column."""
    strong: Bag
    """Those and the caption's."""
    all: Bag
    """Those and the headings above the table."""
    levels: tuple[str, ...]
    asked: dict[tuple[str, ...], tuple[bool, float]] = field(default_factory=dict, compare=False)
    """Name without period -> whether it fits, and how well."""


class Reader:
    """A printed table, asked which figures its cells are."""

    def __init__(self, case: Case, table: Printed) -> None:
        self.case, self.table = case, table
        self._caption = Bag(table.caption)
        self._around = Bag(table.around)
        whole = Bag(
            table.caption, table.around, *table.heads,
            *(text for line in table.lines for text in (line.group, *line.cells)),
        )  # fmt: skip
        self._whole = whole
        self._named: dict[tuple[str, ...], bool] = {}
        self.secrets = [name for name in case.secrets if self._may_name(name)]
        self._rivals: dict[str, list[Name]] = {}
        self._places: dict[tuple[int, int], Place] = {}

    def _may_name(self, name: Name) -> bool:
        """Tell whether the table as a whole has the words of a name."""
        if name.key not in self._named:
            self._named[name.key] = all(p.share(self._whole) >= ENOUGH for p in name.needed)
        return self._named[name.key]

    def place(self, row: int, column: int) -> Place:
        """Return a cell with its surroundings."""
        if (row, column) not in self._places:
            line = self.table.lines[row]
            head = self.table.heads[column] if column < len(self.table.heads) else ""
            words = [
                cell for i, cell in enumerate(line.cells)
                if i != column and (i == 0 or number(cell) is None) and not is_hidden(cell)
            ]  # fmt: skip
            near = Bag(line.group, head, *words)
            strong = near | self._caption
            self._places[row, column] = Place(
                line, column, head, near, strong, strong | self._around,
                (" ".join((head, line.group, *words)), self.table.caption, self.table.around),
            )  # fmt: skip
        return self._places[row, column]

    def where(self, place: Place) -> str:
        """Return a cell's place in words."""
        group = f"{place.line.group}, " if place.line.group else ""
        return (
            f"{self.table.place}, rad «{shorten(group + place.line.label)}», "
            f"kolumn «{shorten(place.head) or place.column + 1}»"
        )

    def fits(self, name: Name, place: Place) -> bool:
        """Tell whether a cell may be a figure's."""
        return self._judged(name, place)[0] and name.fits_period(place.levels, self.case.ar)

    def score(self, name: Name, place: Place) -> float:
        """Return how well a cell's surroundings name a figure."""
        return self._judged(name, place)[1]

    def _judged(self, name: Name, place: Place) -> tuple[bool, float]:
        if name.key not in place.asked:
            place.asked[name.key] = (self._fits(name, place), self._score(name, place))
        return place.asked[name.key]

    def _fits(self, name: Name, place: Place) -> bool:
        if any(part.share(place.all) < ENOUGH for part in name.needed):
            return False
        if name.needed and not any(part.share(place.strong) >= ENOUGH for part in name.needed):
            return False
        if name.is_siblings(place.near):
            return False
        total = is_bare_total(place.line.label) or is_bare_total(place.head.rpartition("|")[2])
        return not total or any(part.optional for part in name.parts)

    def _score(self, name: Name, place: Place) -> float:
        said = any(is_total(text) for text in (place.head, place.line.label))
        total = said and any(label.total for part in name.parts for label in part.labels)
        return name.score((place.near, 1), (place.strong, 0.5)) + (0.3 if total else 0.0)

    def is_best(self, name: Name, place: Place) -> bool:
        """Tell whether no other figure of the dataset is named better by a cell."""
        mine = self.score(name, place)
        return not any(
            self.score(rival, place) > mine and self.fits(rival, place)
            for rival in self.rivals(name.figure.name)
        )

    def rivals(self, dataset: str) -> list[Name]:
        """Return the figures of a dataset that the table may name."""
        if dataset not in self._rivals:
            self._rivals[dataset] = [
                name for name in self.case.names.in_dataset[dataset] if self._may_name(name)
            ]
        return self._rivals[dataset]

    def figure(self, place: Place) -> Figure | None:
        """Return the hidden figure that a cell is, if it is clear which."""
        found = [name for name in self.secrets if self.fits(name, place)]
        found = [name for name in found if self.is_best(name, place)]
        scores = sorted((self.score(name, place), i) for i, name in enumerate(found))
        if not scores or (len(scores) > 1 and scores[-1][0] == scores[-2][0]):
            return None
        return found[scores[-1][1]].figure


def is_bare_total(label: str) -> bool:
    """Tell whether a row or column is called a total and nothing more."""
    found = Bag(label).words
    return bool(found) and found <= TOTALS


def check(reader: Reader) -> Iterator[Hit]:
    """Yield what a table's cells give away."""
    if not reader.secrets:
        return
    for row, line in enumerate(reader.table.lines):
        for column in range(1 if len(line.cells) > 1 else 0, len(line.cells)):
            found = number(line.cells[column])
            if found is None:
                continue
            place = reader.place(row, column)
            if means_change(place.head):
                yield from _by_change(reader, place, found)
            elif found.unit.startswith(("%", "procent")) or means_share(place.head):
                yield from _by_share(reader, place, found)
            elif not (found.decimals or found.signed or _other_unit(place, found)):
                yield from _told(reader, place, found)


def _other_unit(place: Place, found: Number) -> bool:
    """Tell whether a number counts something else than people or events."""
    texts = (place.head, found.unit, *(cell for cell in place.line.cells if number(cell) is None))
    return any(
        means_money_or_time(text) or text.strip().lower() in ("%", "procent", "andel")
        for text in texts
        if len(text) < 40
    )


def _told(reader: Reader, place: Place, found: Number) -> Iterator[Hit]:
    for name in reader.secrets:
        if name.figure.number != found.value or not reader.fits(name, place):
            continue
        if not reader.is_best(name, place):
            continue
        mine = reader.score(name, place)
        explained = any(
            reader.fits(other, place) and reader.score(other, place) >= mine
            for other in reader.case.known(Fraction(int(found.value)))
        )
        if not explained:
            yield Hit("siffra_i_tabell", name.figure, reader.where(place))


def _by_share(reader: Reader, place: Place, found: Number) -> Iterator[Hit]:
    for name in reader.secrets:
        if not reader.fits(name, place) or not reader.is_best(name, place):
            continue
        beside = [
            Fraction(int(total.value))
            for i, cell in enumerate(place.line.cells)
            if i != place.column and i < len(reader.table.heads) and is_total(reader.table.heads[i])
            and (total := number(cell)) is not None and not total.decimals
        ]  # fmt: skip
        share = Fraction(str(found.value))
        for whole in (*reader.case.wholes(name.figure), *beside):
            if pinned_by_share(name.figure, whole, share, found.decimals):
                yield Hit("andel_i_tabell", name.figure, reader.where(place))
                break


def _by_change(reader: Reader, place: Place, found: Number) -> Iterator[Hit]:
    """A change beside a hidden cell tells it, where what it is a change from is shown."""
    if found.decimals or found.unit.startswith(("%", "procent")):
        return
    row = reader.table.lines.index(place.line)
    for i, cell in enumerate(place.line.cells):
        if i == place.column or not is_hidden(cell):
            continue
        figure = reader.figure(reader.place(row, i))
        if figure is None:
            continue
        bases = [g.number for g in reader.case.other_periods(figure)]
        bases += [
            Fraction(int(n.value)) for j, text in enumerate(place.line.cells)
            if j not in (0, place.column) and (n := number(text)) is not None and not n.decimals
        ]  # fmt: skip
        step = int(found.value)
        ways = (1, -1) if not found.signed else (1,)
        if any(
            base is not None and base + way * step == figure.number
            for base in bases
            for way in ways
        ):
            yield Hit("skillnad_i_tabell", figure, reader.where(place))
