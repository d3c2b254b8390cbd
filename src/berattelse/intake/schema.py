"""The typed validation of what was read: a pandera schema per dataset, its faults as findings."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

import pandas as pd
import pandera.pandas as pa

from berattelse.datasets import PERIODTYPER, Column, Dataset
from berattelse.intake.cells import units_of
from berattelse.intake.grid import MOST_FAULTS, Journal
from berattelse.intake.header import Heading
from berattelse.intake.rows import Draft
from berattelse.intake.rules import Fault
from berattelse.intake.text import listed, near, quote
from berattelse.missing import TEXTS, is_missing

_MORE = Fault("fler_fel", "")


def dtype(column: Column) -> str:
    """Return the dtype that a column has while it is checked; Int64 can hold an empty cell."""
    return {"heltal": "Int64", "tal": "float64"}.get(column.typ, "object")


def frame_of(draft: Draft, dataset: Dataset) -> pd.DataFrame:
    """Return the draft as a typed frame."""
    return pd.DataFrame(
        {
            column.namn: pd.Series(draft.columns[column.namn], dtype=dtype(column))
            for column in dataset.kolumner
        }
    )


def allowed(column: Column, dataset: Dataset) -> tuple[str, ...]:
    """Return the contents that a text column may have; nothing means any."""
    figures = any(other.namn == "varde" for other in dataset.kolumner)
    if column.namn == "periodtyp":
        return dataset.periodtyper or tuple(PERIODTYPER)
    if column.namn == "enhet" and figures:
        return units_of(dataset.enheter)
    if column.namn == "orsak" and figures:
        return tuple(TEXTS)
    return tuple(column.tillatna) if column.typ in ("text", "period") else ()


def schema(dataset: Dataset) -> pa.DataFrameSchema:
    """Return the schema of a dataset's frame: types, allowed contents, bounds, keys."""
    return _schema(_Key(dataset))


class _Key:
    """A dataset by identity: it holds mappings, so it cannot be hashed by content."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def __hash__(self) -> int:
        return id(self.dataset)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.dataset is self.dataset


@lru_cache(maxsize=256)
def _schema(key: _Key) -> pa.DataFrameSchema:
    dataset = key.dataset
    columns = {
        column.namn: pa.Column(
            dtype(column), _checks(column, dataset), nullable=_may_be_empty(column, dataset)
        )
        for column in dataset.kolumner
    }
    keys = list(dataset.nycklar)
    return pa.DataFrameSchema(
        columns, unique=keys or None, report_duplicates="exclude_first", strict=True, ordered=True
    )


def _may_be_empty(column: Column, dataset: Dataset) -> bool:
    reasons = any(other.namn == "orsak" for other in dataset.kolumner)
    # an empty varde is held to orsak elsewhere
    return column.kan_vara_tom or column.namn == "orsak" or (column.namn == "varde" and reasons)


def _checks(column: Column, dataset: Dataset) -> list[pa.Check]:
    checks = []
    if column.typ in ("heltal", "tal"):
        if column.lagst is not None:
            checks.append(pa.Check.ge(column.lagst, error="lagst"))
        if column.hogst is not None:
            checks.append(pa.Check.le(column.hogst, error="hogst"))
        if column.tillatna:
            contents = [float(content.replace(",", ".")) for content in column.tillatna]
            checks.append(pa.Check.isin(contents, error="tillatna"))
        return checks
    if not _may_be_empty(column, dataset):
        checks.append(pa.Check(lambda cells: cells.ne(""), error="tom"))
    contents_of_text = allowed(column, dataset)
    if contents_of_text:
        checks.append(pa.Check.isin([*contents_of_text, ""], error="tillatna"))
    return checks


def check(draft: Draft, dataset: Dataset, heading: Heading, journal: Journal) -> pd.DataFrame:
    """Validate the draft, note its faults and return it as a typed frame.

    Cells that a fault is noted for already, and columns that the file may lack, are passed over.
    """
    frame = frame_of(draft, dataset)
    try:
        schema(dataset).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        failures = errors.failure_cases[["column", "check", "failure_case", "index"]]
        failures = failures.sort_values("index", kind="stable")
        told = 0
        repeated: set[int] = set()
        for name, rule, content, index in failures.itertuples(index=False, name=None):
            if rule == "multiple_fields_uniqueness" or rule == "field_uniqueness":
                repeated.add(int(index))
            elif is_missing(index):
                fault = Fault("fel_typ", f"Kolumnen {name} har fel typ: {content}.")
                journal.add(fault, 0, (str(name), heading.columns.get(str(name), -1)))
            elif (int(index), name) not in draft.bad and name not in heading.missing:
                told += 1
                # beyond the faults that can be shown only their number matters: a file that is
                # wrong throughout must not take long
                shown = told <= MOST_FAULTS + len(dataset.kolumner)
                fault = _fault(dataset, dataset.kolumn(name), rule, content) if shown else _MORE
                journal.add(fault, draft.numbers[int(index)], (name, heading.columns[name]))
                draft.bad.add((int(index), name))
        if repeated:
            _duplicates(draft, dataset, heading, journal)
    return frame


def _fault(dataset: Dataset, column: Column, rule: str, content: Any) -> Fault:
    if rule in ("tom", "not_nullable"):
        return Fault("tom_cell", "Cellen är tom men måste fyllas i.", _hint(dataset, column))
    if rule in ("lagst", "hogst"):
        bound, side = (column.lagst, "lägst") if rule == "lagst" else (column.hogst, "högst")
        shown = _shown(content)
        message = f"{quote(shown)} är utanför gränserna: talet ska vara {side} {_shown(bound)}."
        return Fault("utom_granser", message, "Kontrollera talet och dess enhet.")
    contents = allowed(column, dataset) or tuple(column.tillatna)
    if column.namn == "enhet":
        contents = dataset.enheter
    name = {"enhet": "fel_enhet", "periodtyp": "fel_periodtyp"}.get(column.namn, "otillatet")
    text = content if isinstance(content, str) else _shown(content)
    remedy = " ".join(filter(None, (near(text, contents), f"Välj något av: {listed(contents)}.")))
    return Fault(name, f"{quote(text)} är inte tillåtet i kolumnen {column.namn}.", remedy)


def _hint(dataset: Dataset, column: Column) -> str:
    contents = dataset.enheter if column.namn == "enhet" else allowed(column, dataset)
    return f"Välj något av: {listed(contents)}." if contents else column.hjalp


def _shown(number: Any) -> str:
    text = f"{float(number):.15g}".replace(".", ",")
    return text


def _duplicates(draft: Draft, dataset: Dataset, heading: Heading, journal: Journal) -> None:
    """Note every row whose keys an earlier row has; keys that could not be read are no keys."""
    keys = dataset.nycklar
    first: dict[tuple[Hashable, ...], int] = {}
    for i, content in enumerate(zip(*(draft.columns[name] for name in keys), strict=True)):
        if any((i, name) in draft.bad for name in keys):
            continue
        earlier = first.setdefault(content, i)
        if earlier == i:
            continue
        rows = draft.numbers[earlier], draft.numbers[i]
        shown = {name: str(value) for name, value in zip(keys, content, strict=True) if value}
        told = ", ".join(f"{name} {quote(value, 40)}" for name, value in shown.items())
        fault = Fault(
            "dubblett",
            f"Raderna {rows[0]} och {rows[1]} har samma nycklar: {told}.",
            "Ta bort den ena raden, eller rätta det som ska skilja dem åt.",
        )
        name = next((name for name in keys if name in heading.columns), keys[0])
        journal.add(fault, rows[1], (name, heading.columns.get(name, -1)), keys=shown)
        draft.bad.add((i, name))
