"""Write an Excel file for a controller to fill in: one dataset, one kommun, one year.

Headings, units and help come from the declaration; rows and last year's figures from the latest
year that the kommun has. What is filled in reads back through `intake` without loss; columns in
parentheses are for the eye and are not read.
"""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from berattelse import declare, project, sources
from berattelse.config import Settings
from berattelse.datasets import PERIODTYPER, Column, Dataset
from berattelse.errors import DataError, UsageError
from berattelse.export import write_cell
from berattelse.folder import faulty, read_folder
from berattelse.missing import TEXTS, is_missing

EARLIER = "(förra värdet)"
"""Heading of the column that shows last year's figure; in parentheses, so that it is not read."""
SPARE_ROWS = 200
"""Rows below the given ones that are open for writing."""
HEAD_FILL = PatternFill("solid", fgColor="DCE8EC")
LOCKED_FILL = PatternFill("solid", fgColor="F2F2F2")
FREE = Protection(locked=False)
LISTS = "(listor)"
HELP = "Läs mig"


@dataclass(frozen=True)
class Rows:
    """What a template holds beside its headings."""

    frame: pd.DataFrame
    """The dataset's columns; `varde` is empty where the controller writes."""
    earlier: Sequence[Any] = field(default_factory=tuple)
    """Last year's figure beside each row; None where there is none."""


def rows_for(settings: Settings, dataset: Dataset, kommun: str, ar: int) -> tuple[Rows, str]:
    """Return the rows of a template and the kommun's name.

    A dataset that the year already has is given as it is; else the latest earlier year's, moved
    on; else none.

    Raises:
        UsageError: there is no such kommun.
        DataError: the earlier file cannot be read without faults.
    """
    names = project.kommun_names(settings.data / "kommuner.csv")
    if kommun not in names:
        raise unknown_kommun(kommun, names)
    catalogue = declare.catalogue(settings.data)
    years = sorted(
        (int(path.name) for path in (settings.data / kommun).glob("[0-9][0-9][0-9][0-9]")),
        reverse=True,
    )
    for year in (y for y in years if y <= ar):
        if dataset.namn not in sources.find(settings.data / kommun / str(year), catalogue).files:
            continue
        table = read_folder(settings, kommun, year, catalogue, only=dataset.namn)[0][dataset.namn]
        if faulty(table):
            raise DataError("\n".join(str(finding) for finding in table.findings))
        if year == ar:
            return Rows(table.frame), names[kommun]
        return roll(dataset, table.frame, ar - year), names[kommun]
    return Rows(pd.DataFrame(columns=[c.namn for c in dataset.kolumner])), names[kommun]


def unknown_kommun(kommun: str, names: Mapping[str, str]) -> UsageError:
    """Return the error for a folder name that is no kommun's."""
    near = difflib.get_close_matches(kommun.lower(), list(names), n=1)
    return UsageError(
        f"Ingen kommun har mappen «{kommun}».",
        remedy=f"Menade du «{near[0]}»?" if near else "Skriv kommunens namn utan å, ä och ö.",
    )


def roll(dataset: Dataset, frame: pd.DataFrame, step: int) -> Rows:
    """Move a year's table `step` years on.

    A table of several years keeps as many: the oldest fall off, the others keep their figures,
    and the new year's rows are empty with the last figure beside.

    Args:
        dataset: the table's declaration.
        frame: the earlier year's table.
        step: how many years lie between the two.
    """
    if frame.empty or dataset.slag == "text":
        return Rows(frame.copy())
    moved = frame.copy()
    moved["period"] = [_later(str(period), step) for period in frame["period"]]
    if dataset.perioder:
        rows = _empty(dataset, moved, range(len(moved)), frame["varde"].tolist())
        return _last_year(dataset, rows, frame) if step == 1 else rows
    years: dict[tuple[str, ...], list[int]] = {}
    for _, row in frame.iterrows():
        years.setdefault(_series(dataset, row), []).append(_year(row["period"]))
    kept: list[Any] = []
    earlier: list[Any] = []
    blank: list[int] = []
    for (_, old), (_, new) in zip(frame.iterrows(), moved.iterrows(), strict=True):
        own, year = years[_series(dataset, old)], _year(old["period"])
        if year >= min(own) + step:
            kept.append(old)
            earlier.append(None)
        if year + step > max(own):
            blank.append(len(kept))
            kept.append(new)
            earlier.append(old["varde"])
    table = pd.DataFrame(kept, columns=list(frame.columns)).reset_index(drop=True)
    return _empty(dataset, table, blank, earlier)


def _last_year(dataset: Dataset, rows: Rows, frame: pd.DataFrame) -> Rows:
    """Fill in what last year's file says of last year: `utfall_fg_period` was `utfall_period`."""
    others = [name for name in dataset.nycklar if name not in ("matt", "periodtyp", "period")]
    known = {
        (*(str(row[name]) for name in others), str(row["matt"]), str(row["period"])): row["varde"]
        for _, row in frame.iterrows()
    }
    filled = rows.frame.copy()
    for at, row in filled.iterrows():
        matt = str(row["matt"])
        key = (*(str(row[name]) for name in others), matt.replace("_fg", ""), str(row["period"]))
        if "_fg" in matt and key in known:
            filled.loc[at, "varde"] = known[key]
    return Rows(filled, rows.earlier)


def _empty(
    dataset: Dataset, frame: pd.DataFrame, rows: Iterable[int], earlier: Sequence[Any]
) -> Rows:
    """Take out the figures of some rows, and what was said of them: remarks are of their year."""
    remarks = [
        column.namn
        for column in dataset.kolumner
        if column.typ == "text" and column.kan_vara_tom and not column.nyckel
        if not column.obligatorisk and not (column.tillatna and column.namn != "orsak")
    ]
    emptied = frame.reset_index(drop=True)
    for row in rows:
        emptied.loc[row, "varde"] = float("nan")
        emptied.loc[row, remarks] = ""
    return Rows(emptied, tuple(None if is_missing(x) else x for x in earlier))


def _series(dataset: Dataset, row: Any) -> tuple[str, ...]:
    """What a figure is, whatever its year: its keys, and its part of the year."""
    own = tuple(str(row[name]) for name in dataset.nycklar if name != "period")
    return (*own, re.sub(r"\d{4}", "", str(row["period"]), count=1))


def _year(period: Any) -> int:
    found = re.match(r"\d{4}", str(period))
    return int(found[0]) if found else 0


def _later(period: str, step: int) -> str:
    """Move every year of a canonical period: `2022-01/2022-05` one step on is 2023's."""
    return re.sub(r"(?<!\d)(\d{4})(?!\d)", lambda found: str(int(found[1]) + step), period)


def workbook(dataset: Dataset, rows: Rows, title: str) -> bytes:
    """Return the Excel file.

    Args:
        dataset: what to write.
        rows: the rows to begin with.
        title: whose and which year, for the help sheet: "Herrljunga 2023".
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = dataset.namn[:31]
    heads = [column.namn for column in dataset.kolumner]
    if any(x is not None for x in rows.earlier):
        heads.insert(heads.index("varde") + 1, EARLIER)
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    last = len(rows.frame) + 1
    for number, name in enumerate(heads, start=1):
        contents = list(rows.earlier) if name == EARLIER else rows.frame[name].tolist()
        column = None if name == EARLIER else dataset.kolumn(name)
        _column(sheet, number, name, contents, column)
        if column is not None:
            _choices(sheet, lists, number, _allowed(column, dataset), last + SPARE_ROWS)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    # Without a password: the lock keeps keys from slips of the hand, not from those who mean it
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.sort = False
    sheet.protection.autoFilter = False
    _help(book.create_sheet(HELP), dataset, title)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _column(
    sheet: Worksheet, number: int, name: str, contents: Sequence[Any], column: Column | None
) -> None:
    """Write a column with its heading; open what the controller writes, lock the rest.

    Keys of the given rows are locked, so that a row cannot come to mean another figure; the rows
    below are open. A column without a declaration is for the eye alone.
    """
    head = sheet.cell(1, number, name)
    head.font = Font(bold=True)
    head.fill = HEAD_FILL
    if column is not None and column.hjalp:
        head.comment = Comment(column.hjalp, "berattelse", height=90, width=260)
    for row, content in enumerate(contents, start=2):
        cell = sheet.cell(row, number)
        write_cell(cell, None if content == "" else content)
        if column is None or column.nyckel:
            cell.fill = LOCKED_FILL
        else:
            cell.protection = FREE
    if column is not None:
        for row in range(len(contents) + 2, len(contents) + 2 + SPARE_ROWS):
            sheet.cell(row, number).protection = FREE
    widest = max((len(str(content)) for content in (name, *contents)), default=0)
    sheet.column_dimensions[get_column_letter(number)].width = min(max(widest + 2, 10), 48)


def _allowed(column: Column, dataset: Dataset) -> list[str]:
    if column.namn == "enhet":
        return list(dataset.enheter)
    if column.namn == "periodtyp":
        return list(dataset.periodtyper or PERIODTYPER)
    return [code for code in column.tillatna if code]


def _choices(
    sheet: Worksheet, lists: Worksheet, number: int, allowed: Sequence[str], last: int
) -> None:
    """Give a column a drop-down list; the contents stand on a sheet of their own."""
    if not allowed:
        return
    letter = get_column_letter(number)
    for row, text in enumerate(allowed, start=1):
        write_cell(lists.cell(row, number), text)
    rule = DataValidation(
        type="list",
        formula1=f"'{LISTS}'!${letter}$1:${letter}${len(allowed)}",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Välj ur listan",
        error="Innehållet är inte ett av dem som datamängden tillåter.",
    )
    rule.add(f"{letter}2:{letter}{last}")
    sheet.add_data_validation(rule)


def _help(sheet: Worksheet, dataset: Dataset, title: str) -> None:
    lines: list[tuple[str, str]] = [
        (f"{dataset.titel}, {title}", ""),
        (dataset.beskrivning, ""),
        ("", ""),
        ("Fyll i", f"bladet {dataset.namn[:31]}. Grå celler är låsta; nya rader skrivs under."),
        ("Värde saknas", "Lämna varde tomt och välj varför i kolumnen orsak:"),
        *((code, text) for code, text in TEXTS.items()),
        ("", ""),
        ("Kolumn", "Innehåll"),
        *((column.namn, column.hjalp) for column in dataset.kolumner),
        (EARLIER, "Siffran i den förra filen, som jämförelse. Läses inte."),
    ]
    for row, (left, right) in enumerate(lines, start=1):
        write_cell(sheet.cell(row, 1), left or None)
        write_cell(sheet.cell(row, 2), right or None)
        sheet.cell(row, 2).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    sheet.column_dimensions["A"].width = 28
    sheet.column_dimensions["B"].width = 80
    sheet.protection.sheet = True
