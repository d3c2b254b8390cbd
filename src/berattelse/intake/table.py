"""What intake takes and gives: a context, a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from berattelse.datasets import Dataset
from berattelse.intake.text import letter
from berattelse.model import Finding


@dataclass(frozen=True)
class Context:
    """What a file may leave out because its folder says it."""

    ar: int
    """The year of the folder."""
    manad: int | None
    """Month of the report's date (`per_datum`), for `{mm}` in `Dataset.perioder`."""
    namn: str = ""
    """The kommun's name, such as Härnösand; nothing means that a column `kommun` is only checked
    for being the same in all rows."""


@dataclass(frozen=True)
class Place:
    """A file, and the sheet in it."""

    path: Path
    sheet: str = ""
    """Nothing for CSV."""

    def at(self, row: int = 0, column: str = "", index: int = -1) -> str:
        """Return where it is: `data/x/2022/y.xlsx, blad «z», rad 5, kolumn varde (H)`.

        Args:
            row: number of the row as Excel shows it, 0 for none.
            column: name of the column, if any.
            index: number of the column from 0, -1 for a column that the file lacks.
        """
        parts = [self._file]
        if self.sheet:
            parts.append(f"blad «{self.sheet}»")
        if row:
            parts.append(f"rad {row}")
        where = letter(index)
        if column:
            parts.append(f"kolumn {column} ({where})" if where else f"kolumn {column}")
        elif where:
            parts.append(f"kolumn {where}")
        return ", ".join(parts)

    @cached_property
    def _file(self) -> str:
        here = Path.cwd()
        file = self.path.relative_to(here) if self.path.is_relative_to(here) else self.path
        return file.as_posix()


@dataclass(frozen=True)
class Table:
    """A dataset as a file holds it, with all that is to be said of the file."""

    dataset: Dataset
    frame: pd.DataFrame
    """The dataset's columns in declared order, one row per row that has no fault, index 0, 1 ….

    `varde` and other columns of type tal are float64, NaN where empty; heltal is int64, or Int64
    where a cell is empty; every other column is object of str, empty as "". Without findings of
    level fel it holds every row of the file that is not blank.
    """
    rows: tuple[int, ...]
    """For each row of `frame` its number in the file, as Excel shows it."""
    path: Path
    sheet: str
    """Name of the sheet; nothing for CSV."""
    letters: Mapping[str, str]
    """Column -> Excel's letter for it in the file; nothing if the file lacks it."""
    findings: tuple[Finding, ...]
    """Every fault (level fel) and remark."""

    def place(self, row: int, column: str = "") -> str:
        """Return where row `row` of `frame` (from 0) lies in the file, as `Place.at` writes it."""
        where = self.letters.get(column, "")
        text = Place(self.path, self.sheet).at(self.rows[row], column)
        return f"{text} ({where})" if where else text
