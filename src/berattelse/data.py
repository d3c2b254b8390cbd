"""What a report calls for its figures: `start`, `load`, `value`, `wide`.

What `load` gives has passed the gate: typed, checked, small counts taken out. Rows are found by
their keys, never by their position.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from berattelse import plain, prepared, project, qmd
from berattelse.config import Settings, find_root, read_settings
from berattelse.errors import DataError, UsageError
from berattelse.missing import Missing
from berattelse.model import Target
from berattelse.reckon import figure_of

TARGET_VARIABLE = "BERATTELSE_TARGET"
"""Set by the engine for its kernels; absent when plain Quarto executes the report."""

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
        """Return a dataset: `varde` as float (NaN where missing), whole numbers as int, the rest
        as text.

        A dataset that the target lacks gives a frame without rows or columns.

        Raises:
            DataError: under plain Quarto, what the gate finds wrong; all errors at once.
        """
        folder = os.environ.get(prepared.VARIABLE)
        if folder is not None:
            return prepared.read_frame(Path(folder), dataset)
        return _passed(self.folder, self.rapport).get(dataset, pd.DataFrame()).copy()

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
    plain.show_values_as_written()
    root = find_root(Path.cwd())
    target = Target(rapport, kommun, ar)
    if os.environ.get(TARGET_VARIABLE) is None:
        default = qmd.default_target(root / "reports" / f"{rapport}.qmd")
        if default != target:
            raise UsageError(
                f"Texten i dokumentet är {default.kommun} {default.ar}, inte {kommun} {ar}.",
                remedy=f"använd berattelse render --rapport {rapport} --kommun {kommun} --ar {ar}",
            )
    project_settings = read_settings(root)
    settings = project.target_settings(project_settings, target)
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
        data=_present(project_settings, folder),
        folder=folder,
    )


def _present(settings: Settings, folder: Path) -> frozenset[str]:
    """Return the names of the datasets that the report can load."""
    ready = os.environ.get(prepared.VARIABLE)
    return prepared.names(Path(ready)) if ready else project.datasets(settings, folder)


@lru_cache(maxsize=2)
def _passed(folder: Path, rapport: str) -> Mapping[str, pd.DataFrame]:
    """Take a kommun's data through the gate in this process, where no engine has done it."""
    from berattelse.gate import Gate, require

    settings = read_settings(find_root(folder))
    checked = Gate(settings).check(folder.parent.name, int(folder.name))
    return require(checked, qmd.declared_datasets(settings.reports / f"{rapport}.qmd"))


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
        same = column == (wanted if pd.api.types.is_numeric_dtype(column) else str(wanted))
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
    return figure_of(rows.iloc[0], column)


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
        cells[head] = figure_of(row, values)
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
