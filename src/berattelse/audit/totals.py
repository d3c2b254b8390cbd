"""What a printed table's own totals give away.

A row or a column that is called a total is taken to be the sum of those before it, if the rows and
columns without hidden cells bear that out. Each hidden cell is then an unknown: the figure that it
is, with all that is known of it, or a number of its own that is at least 1.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from berattelse.audit.case import Hit
from berattelse.audit.cells import Reader
from berattelse.audit.figures import Figure
from berattelse.audit.outsider import Sum, Unknown
from berattelse.audit.pages import (
    is_hidden,
    is_total,
    means_change,
    means_money_or_time,
    means_share,
    number,
)
from berattelse.audit.words import plain
from berattelse.datasets import Protection

_NOTHING = ("–", "-", ".", "−", "0")
WIDTH = Protection().bredd
"""How wide the interval must be of a cell that no figure is known for."""


@dataclass(frozen=True)
class _Cell:
    """A hidden cell that we know no figure of."""

    table: int
    row: int
    column: int


Entry = int | Unknown | None
"""A number, an unknown, or nothing that can be reckoned with."""


@dataclass(frozen=True)
class _Lines:
    """Rows or columns alike: which are totals, which are parts, and how to look up a cell."""

    total: tuple[bool, ...]
    skipped: tuple[bool, ...]
    """Parts of parts ("varav") and what is no count."""
    group: tuple[str, ...]


def check(reader: Reader, told: Collection[Figure | None] = ()) -> Iterator[Hit]:
    """Yield the hidden cells that the table's totals pin down.

    Args:
        reader: the table.
        told: figures that the table's cells tell; what follows from those is not said again.
    """
    table = reader.table
    if not any(is_hidden(cell) for line in table.lines for cell in line.cells):
        return
    width = max(len(line.cells) for line in table.lines)
    entries = _entries(reader, [figure for figure in told if figure])
    rows = _Lines(
        tuple(line.total for line in table.lines),
        tuple(_is_part_of_part(line.label) for line in table.lines),
        tuple(line.group for line in table.lines),
    )
    heads = [table.heads[c] if c < len(table.heads) else "" for c in range(width)]
    columns = _Lines(
        tuple(c > 0 and is_total(re.split(r" \| ", heads[c])[-1]) for c in range(width)),
        tuple(c == 0 or _is_part_of_part(heads[c]) or _no_count(heads[c]) for c in range(width)),
        ("",) * width,
    )
    down = {(i, j): entries.get((i, j)) for i in range(len(table.lines)) for j in range(width)}
    across = {(j, i): entry for (i, j), entry in down.items()}
    sums = [
        *_sums(rows, down, [c for c in range(1, width) if not _no_count(heads[c])]),
        *_sums(columns, across, list(range(len(table.lines)))),
    ]
    yield from _pinned(reader, entries, sums, rows, columns)


def _is_part_of_part(label: str) -> bool:
    return bool(re.match(r"\W*(?:varav|darav|dar av)\b", plain(label)))


def _no_count(head: str) -> bool:
    return means_share(head) or means_money_or_time(head) or means_change(head)


def _entries(reader: Reader, told: Collection[Figure]) -> dict[tuple[int, int], Entry]:
    entries: dict[tuple[int, int], Entry] = {}
    for row, line in enumerate(reader.table.lines):
        for column, cell in enumerate(line.cells):
            if column == 0:
                continue
            found = number(cell)
            if is_hidden(cell):
                figure = reader.figure(reader.place(row, column))
                entries[row, column] = figure or _Cell(id(reader.table), row, column)
            elif (
                found is not None
                and not found.decimals
                and not found.unit.startswith(("%", "procent"))
            ):
                same = [figure for figure in told if figure.number == found.value]
                figure = reader.figure(reader.place(row, column)) if same else None
                entries[row, column] = figure if figure in same else int(found.value)
            elif cell.strip() in _NOTHING:
                entries[row, column] = 0
    return entries


def _sums(
    lines: _Lines, entries: Mapping[tuple[int, int], Entry], across: Sequence[int]
) -> Iterator[Sum]:
    for total in range(len(lines.total)):
        if not lines.total[total]:
            continue
        for parts in _candidates(lines, total):
            if _bears_out(parts, total, entries, across):
                for other in across:
                    yield from _sum(parts, total, other, entries)
                break


def _candidates(lines: _Lines, total: int) -> Iterator[tuple[int, ...]]:
    """Yield what a total may be the sum of: its group, all before it, subtotals, what follows."""
    count = len(lines.total)
    parts = [i for i in range(count) if not lines.total[i] and not lines.skipped[i]]
    before = max((i for i in range(total) if lines.total[i]), default=-1)
    after = min((i for i in range(total + 1, count) if lines.total[i]), default=count)
    seen = set()
    for found in (
        tuple(i for i in parts if before < i < total),
        tuple(i for i in parts if before < i < total and lines.group[i] == lines.group[total]),
        tuple(i for i in parts if i < total),
        tuple(i for i in range(total) if lines.total[i]),
        tuple(i for i in parts if total < i < after),
        tuple(i for i in parts if i != total),
    ):
        if len(found) > 1 and found not in seen:
            seen.add(found)
            yield found


def _bears_out(
    parts: Sequence[int],
    total: int,
    entries: Mapping[tuple[int, int], Entry],
    across: Sequence[int],
) -> bool:
    """Tell whether the lines without hidden cells agree, and true figures where known."""
    for other in across:
        found = [entries.get((i, other)) for i in (*parts, total)]
        numbers = [_truth(entry) for entry in found]
        if any(n is None for n in numbers):
            if any(entry is None or isinstance(entry, _Cell) for entry in found[-1:]):
                continue
            whole = numbers[-1] or 0
            least = sum(n if n is not None else 1 for n in numbers[:-1])
            if all(entry is not None for entry in found) and least > whole:
                return False
            continue
        if sum(n or 0 for n in numbers[:-1]) != numbers[-1]:
            return False
    return True


def _truth(entry: Entry) -> int | None:
    if isinstance(entry, Figure):
        return None if entry.number is None else int(entry.number)
    return entry if isinstance(entry, int) else None


def _sum(
    parts: Sequence[int], total: int, other: int, entries: Mapping[tuple[int, int], Entry]
) -> Iterator[Sum]:
    terms: dict[Unknown, float] = {}
    rest = 0
    for line, sign in (*((i, 1) for i in parts), (total, -1)):
        entry = entries.get((line, other))
        if entry is None:
            return
        if isinstance(entry, int):
            rest -= sign * entry
        elif isinstance(entry, Figure) and entry.known and entry.number is not None:
            rest -= sign * int(entry.number)
        else:
            terms[entry] = terms.get(entry, 0) + sign
    if terms:
        yield Sum(terms, rest, rest)


def _pinned(
    reader: Reader,
    entries: Mapping[tuple[int, int], Entry],
    sums: Sequence[Sum],
    rows: _Lines,
    columns: _Lines,
) -> Iterator[Hit]:
    tied = {unknown for each in sums for unknown in each.terms}
    done: set[Unknown] = set()
    for (row, column), entry in entries.items():
        if entry is None or isinstance(entry, int) or entry not in tied or entry in done:
            continue
        done.add(entry)
        figure = entry if isinstance(entry, Figure) else None
        if figure is not None and not reader.case.is_wide(figure):
            continue  # told already, of the figures themselves
        if figure is None and (rows.total[row] or columns.total[column]):
            continue  # a sum of its own that is no figure of the data: nothing is hidden by it
        needed = figure.dataset.skydd.bredd if figure else WIDTH
        if reader.case.outsider.interval(entry, sums).width <= needed:
            place = reader.place(row, column)
            yield Hit(
                "summa_i_tabell", figure, reader.where(place), f"{place.line.label}\t{place.head}"
            )
