"""What a report calls for its figures: `start`, `load`, `value`, `wide`.

A dataset is one CSV file, `data/<kommun>/<ar>/<dataset>.csv`, one row per figure. Rows are found
by their keys, never by their position.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from berattelse import project, qmd
from berattelse.config import find_root, read_settings
from berattelse.errors import BerattelseError, DataError, UsageError, raise_all
from berattelse.missing import Missing, is_missing
from berattelse.model import Target

TARGET_VARIABLE = "BERATTELSE_TARGET"
"""Set by the engine for its kernels; absent when plain Quarto executes the report."""

INTEGER_COLUMNS = frozenset(
    ("ordning", "nr", "ar", "steg", "tertial", "sannolikhet", "konsekvens")
) | {"riskvarde_fran", "riskvarde_till"}
"""Columns of whole numbers; `varde` is a number too, every other column is text."""

REASONS = ("uppgift_saknas", "ej_matt", "ej_relevant", "skyddad", "inget")
Key = str | int | float


@dataclass(frozen=True)
class Report:
    """The report at hand: whose it is, for which year, and its figures."""

    rapport: str
    """Name of the report's source."""
    kommun: str
    """Folder name of the kommun, such as `harnosand`."""
    namn: str
    """The kommun's name, such as Härnösand."""
    ar: int
    """The year that the report accounts for."""
    titel: str
    namnd: str
    periodtyp: str
    per_datum: dt.date | None
    datum: dt.date | None
    dnr: str
    data: frozenset[str]
    """Names of the datasets that there are for this kommun and year."""
    folder: Path

    def load(self, dataset: str) -> pd.DataFrame:
        """Read a dataset: `varde` as float (NaN where missing), other columns as text.

        A dataset that the target lacks gives a frame without rows or columns.

        Raises:
            DataError: every cell that is not a number where one is due, with row and column.
        """
        path = self.folder / f"{dataset}.csv"
        return read_dataset(path) if path.is_file() else pd.DataFrame()

    def value(self, dataset: str, column: str = "varde", **keys: Key) -> Any:
        """Return `value(load(dataset), column, **keys)`."""
        return value(self.load(dataset), column, **keys)


def start(rapport: str, kommun: str, ar: int) -> Report:
    """Open the report `rapport` for one kommun and year; the second cell of every report.

    Plain Quarto has put in the included texts of the report's default target before any cell
    runs, so with other parameters than the default's it would print one kommun's text with
    another's figures.

    Raises:
        UsageError: plain Quarto runs the report with other parameters than its default.
        SettingsError: the target's `.yml` is missing or faulty.
    """
    root = find_root(Path.cwd())
    target = Target(rapport, kommun, ar)
    if os.environ.get(TARGET_VARIABLE) is None:
        default = qmd.default_target(root / "reports" / f"{rapport}.qmd")
        if default != target:
            raise UsageError(
                f"Texten i dokumentet är {default.kommun} {default.ar}, inte {kommun} {ar}.",
                remedy=f"använd berattelse render --rapport {rapport} --kommun {kommun} --ar {ar}",
            )
    settings = project.target_settings(read_settings(root), target)
    folder = root / "data" / kommun / str(ar)
    return Report(
        rapport=rapport,
        kommun=kommun,
        namn=settings.namn,
        ar=ar,
        titel=settings.titel,
        namnd=settings.namnd,
        periodtyp=settings.periodtyp,
        per_datum=settings.per_datum,
        datum=settings.datum,
        dnr=settings.dnr,
        data=project.datasets(folder),
        folder=folder,
    )


def read_dataset(path: Path) -> pd.DataFrame:
    """Read one CSV file (UTF-8, comma, decimal point) into a typed frame.

    The bytes are read in Python, so that the file is seen as opened by an audit hook.

    Raises:
        DataError: all faults of the file at once, with row (the header is row 1) and column.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            "Filen är inte sparad som UTF-8.",
            place=path,
            remedy="Spara om den från Excel som «CSV UTF-8 (kommaavgränsad)».",
        ) from error
    rows = list(csv.reader(io.StringIO(text), strict=False))
    if not rows:
        raise DataError("Filen är tom.", place=path)
    header = rows[0]
    # A blank row is passed over, but counts: the number is the one that Excel shows
    body = {n: row for n, row in enumerate(rows[1:], start=2) if any(c.strip() for c in row)}
    faults: list[BerattelseError] = [
        DataError(
            f"Raden har {len(row)} celler men rubrikraden {len(header)}.",
            place=f"{path}, rad {number}",
            remedy="Text med komma i sätts inom citattecken.",
        )
        for number, row in body.items()
        if len(row) != len(header)
    ]
    raise_all(DataError, faults)
    columns: dict[str, list[Any]] = {
        name: [row[i] for row in body.values()] for i, name in enumerate(header)
    }
    for name in header:
        if name == "varde":
            columns[name] = _converted(columns[name], list(body), float, name, path, faults)
        elif name in INTEGER_COLUMNS:
            columns[name] = _converted(columns[name], list(body), int, name, path, faults)
    for number, reason in zip(body, columns.get("orsak", ()), strict=False):
        if reason and reason not in REASONS:
            faults.append(
                DataError(
                    f"Okänd orsak «{reason}».",
                    place=f"{path}, rad {number}, kolumn orsak",
                    remedy=f"Välj någon av {', '.join(REASONS)}.",
                )
            )
    raise_all(DataError, faults)
    frame = pd.DataFrame(columns)
    for name in header:
        if name != "varde" and name not in INTEGER_COLUMNS:
            frame[name] = frame[name].astype(object)
    return frame


def _converted(
    cells: Sequence[str],
    numbers: Sequence[int],
    convert: type[int] | type[float],
    column: str,
    path: Path,
    faults: list[BerattelseError],
) -> list[float]:
    """Return the cells as numbers; an empty cell is NaN where fractions are, else a fault."""
    converted: list[float] = []
    for number, cell in zip(numbers, cells, strict=True):
        try:
            empty = convert is float and not cell.strip()
            converted.append(float("nan") if empty else convert(cell))
        except ValueError:
            faults.append(_not_a_number(cell, f"{path}, rad {number}, kolumn {column}"))
            converted.append(0)
    return converted


def _not_a_number(cell: str, place: str) -> DataError:
    return DataError(
        f"«{cell}» är inte ett tal.",
        place=place,
        remedy="Skriv talet med siffror och decimalpunkt, utan mellanrum och enhet.",
    )


def select(frame: pd.DataFrame, **keys: Key) -> pd.DataFrame:
    """Return the rows whose columns equal all `keys`; an absent dataset gives no rows.

    Raises:
        DataError: a key names no column, with the columns that there are.
    """
    if frame.columns.empty:
        return frame
    chosen = pd.Series(True, index=frame.index)
    for name, wanted in keys.items():
        if name not in frame.columns:
            raise DataError(
                f"Kolumnen «{name}» finns inte.", remedy=f"Kolumner: {', '.join(frame.columns)}."
            )
        column = frame[name]
        same = column == wanted if name in INTEGER_COLUMNS | {"varde"} else column == str(wanted)
        chosen &= same
    return frame[chosen]


def value(frame: pd.DataFrame, column: str = "varde", **keys: Key) -> Any:
    """Return the one figure that the keys point out, or `Missing` with its reason.

    Args:
        frame: long table as `Report.load` gives it.
        column: column to take the figure from.
        keys: column name = wanted content; together they must point out one row.

    Raises:
        DataError: several rows match, or a key names no column.
    """
    rows = select(frame, **keys)
    if len(rows) > 1:
        asked = ", ".join(f"{name}={wanted}" for name, wanted in keys.items())
        raise DataError(
            f"{len(rows)} rader stämmer med {asked}.",
            remedy="Ange fler nycklar, så att en enda rad avses.",
        )
    if rows.empty:
        return Missing("uppgift_saknas")
    return _content(rows.iloc[0], column)


def _content(row: pd.Series[Any], column: str) -> Any:
    content = row[column]
    if isinstance(content, Missing) or not is_missing(content):
        return content
    return Missing(str(row.get("orsak", "")) or "uppgift_saknas")


def wide(
    frame: pd.DataFrame,
    index: str | Sequence[str],
    columns: str | Sequence[str],
    values: str = "varde",
) -> pd.DataFrame:
    """Turn a long table into one row per `index` and one column per content of `columns`.

    Rows and columns keep the order in which they are first met. Nothing is added up: a cell is
    one figure, or `Missing` with its reason; a combination without a row is `uppgift_saknas`.
    The `index` columns come first, as ordinary columns. With several `columns`, the new columns
    are named by tuples.

    Raises:
        DataError: two rows claim the same cell.
    """
    rows_by = [index] if isinstance(index, str) else list(index)
    columns_by = [columns] if isinstance(columns, str) else list(columns)
    if frame.columns.empty:
        return pd.DataFrame(columns=rows_by)
    heads: dict[Hashable, None] = {}
    table: dict[tuple[Hashable, ...], dict[Hashable, Any]] = {}
    for _, row in frame.iterrows():
        line = tuple(row[name] for name in rows_by)
        head: Hashable = tuple(row[name] for name in columns_by)
        if isinstance(columns, str):
            head = row[columns]
        heads[head] = None
        cells = table.setdefault(line, {})
        if head in cells:
            raise DataError(f"Två rader gör anspråk på samma cell: {line}, {head}.")
        cells[head] = _content(row, values)
    content: dict[Hashable, list[Any]] = {
        name: [line[i] for line in table] for i, name in enumerate(rows_by)
    }
    for head in heads:
        content[head] = [cells.get(head, Missing("uppgift_saknas")) for cells in table.values()]
    result = pd.DataFrame(dict.fromkeys(range(len(content))), index=range(len(table)), dtype=object)
    for i, cells_of in enumerate(content.values()):
        result[i] = pd.Series(cells_of, dtype=object)
    result.columns = pd.Index(list(content), tupleize_cols=False)
    return result
