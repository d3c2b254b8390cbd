"""Match the headings of a file with the columns of a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from berattelse.datasets import Dataset
from berattelse.intake.grid import Cell, Grid, Journal
from berattelse.intake.rules import Fault, UnreadableError
from berattelse.intake.text import listed, match, near, quote, strip

CONTEXT = ("kommun", "namnd", "ar", "per_datum")
"""Columns that any file may have: the folder already says what they say."""


@dataclass(frozen=True)
class Heading:
    """Where the columns stand."""

    row: int
    """Number of the row of headings."""
    columns: Mapping[str, int]
    """Column of the dataset -> number in the file from 0; only those that the file has."""
    context: Mapping[str, int]
    """Column of `CONTEXT` that the dataset does not declare -> number in the file."""
    missing: frozenset[str]
    """Columns of the dataset that the file lacks."""


def names_of(dataset: Dataset) -> dict[str, str]:
    """Return every name that a column may go under in a file -> the column."""
    names = {column.namn: column.namn for column in dataset.kolumner}
    for column in dataset.kolumner:
        for alias in column.alias:
            names.setdefault(alias, column.namn)
    for name in CONTEXT:
        names.setdefault(name, name)
    return names


def known(headings: Iterable[str], dataset: Dataset) -> int:
    """Return how many of the headings are columns of the dataset."""
    names = names_of(dataset)
    return sum(match(strip(heading), names) is not None for heading in headings)


def is_note(heading: str) -> bool:
    """Tell whether a heading stands in parentheses: its column is a note and is not read."""
    bare = strip(heading)
    return bare.startswith("(") and bare.endswith(")")


def find(grid: Grid, dataset: Dataset, journal: Journal) -> Heading:
    """Find the headings and note every fault in them.

    Raises:
        UnreadableError: the first row that is not blank holds no known heading.
    """
    row = _row(grid, dataset)
    names = names_of(dataset)
    filled: dict[int, int] = {}
    for number, cells in grid.rows.items():
        if number != row:
            for index in cells:
                filled.setdefault(index, number)
    columns: dict[str, int] = {}
    for index, cell in grid.rows[row].items():
        heading = strip(cell.text)
        if is_note(heading):
            continue
        name = match(heading, names)
        if name is None:
            if index in filled:
                journal.add(_unknown(heading, names, dataset), row, ("", index))
        elif names[name] in columns:
            journal.add(
                Fault(
                    "dubbel_kolumn",
                    f"Kolumnen {names[name]} finns två gånger; den andra har rubriken "
                    f"{quote(heading)}.",
                    "Ta bort den ena, eller sätt dess rubrik inom parentes om den inte ska läsas.",
                ),
                row,
                (names[name], index),
            )
        else:
            columns[names[name]] = index
    for index in sorted(set(filled) - set(grid.rows[row])):
        message = "Kolumnen har innehåll men ingen rubrik."
        remedy = "Skriv en rubrik, inom parentes om kolumnen inte ska läsas, eller töm kolumnen."
        journal.add(Fault("utan_rubrik", message, remedy), filled[index], ("", index))
    declared = {column.namn for column in dataset.kolumner}
    for column in dataset.kolumner:
        if (
            column.obligatorisk
            and column.namn not in columns
            and not _can_do_without(column.namn, dataset)
        ):
            journal.add(absent(column.namn), row)
    return Heading(
        row,
        {name: index for name, index in columns.items() if name in declared},
        {name: index for name, index in columns.items() if name not in declared},
        frozenset(declared - set(columns)),
    )


def absent(name: str) -> Fault:
    """Return the fault of a column that the file must have and lacks."""
    return Fault(
        "saknad_kolumn",
        f"Kolumnen {name} saknas.",
        f"Lägg till en kolumn med rubriken {name}.",
    )


def _can_do_without(name: str, dataset: Dataset) -> bool:
    # periodtyp, period and enhet are noted later, if a row cannot be given them
    figures = any(column.namn == "varde" for column in dataset.kolumner)
    return name in ("orsak", "kalla") or (figures and name in ("periodtyp", "period", "enhet"))


def _row(grid: Grid, dataset: Dataset) -> int:
    """Return the number of the row of headings: the first that is not blank."""
    numbers = list(grid.rows)
    if not numbers:
        raise UnreadableError(Fault("tom_fil", "Filen har ingen rubrikrad."))
    if known(_texts(grid.rows[numbers[0]]), dataset):
        return numbers[0]
    wanted = listed(column.namn for column in dataset.kolumner)
    first = quote(" | ".join(_texts(grid.rows[numbers[0]])))
    for number in numbers[1:50]:
        if known(_texts(grid.rows[number]), dataset) > 1:
            raise UnreadableError(
                Fault(
                    "rubrikrad",
                    f"Rubrikraden står på rad {number}, inte först; ovanför står {first}.",
                    "Flytta rubrikraden överst, eller ta bort det som står ovanför den.",
                ),
                number,
            )
    raise UnreadableError(
        Fault(
            "rubrikrad",
            f"Den första raden har ingen av datamängdens rubriker: {first}.",
            f"Skriv rubrikerna på den första raden: {wanted}.",
        ),
        numbers[0],
    )


def _texts(cells: Mapping[int, Cell]) -> list[str]:
    return [cell.text for cell in cells.values()]


def _unknown(heading: str, names: Mapping[str, str], dataset: Dataset) -> Fault:
    columns = listed(column.namn for column in dataset.kolumner)
    remedy = near(heading, names) or f"Kolumner: {columns}."
    return Fault(
        "okand_kolumn",
        f"Okänd kolumn {quote(heading)}.",
        f"{remedy} Ska kolumnen inte läsas: ta bort den eller sätt rubriken inom parentes.",
    )
