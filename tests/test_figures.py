"""Every figure of the published documents is found in the produced files, in its right place.

`tests/expected/*.csv` holds figures taken from the printed documents (or recomputed where the
print is wrong), each with the table, row group, row and column where a reader looks for it.
"""

from __future__ import annotations

import csv
import math
from functools import lru_cache
from pathlib import Path

import pytest

from tests.readers import READERS, PrintedTable, html_labels, number, same

EXPECTED = Path(__file__).parent / "expected"


@lru_cache(maxsize=1)
def expected() -> dict[tuple[str, str, str, str], list[dict[str, str]]]:
    """Return (rapport, kommun, ar, tabell) -> the expected figures of that table."""
    found: dict[tuple[str, str, str, str], list[dict[str, str]]] = {}
    for path in sorted(EXPECTED.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                key = (row["rapport"], row["kommun"], row["ar"], row["tabell"])
                found.setdefault(key, []).append(row)
    return found


@lru_cache(maxsize=64)
def tables(path: Path, format_: str) -> list[PrintedTable]:
    return READERS[format_](path)


@pytest.mark.parametrize("format_", ["html", "docx", "pdf"])
@pytest.mark.parametrize("key", sorted(expected()), ids="/".join)
def test_figures_stand_where_they_should(
    site: Path, key: tuple[str, str, str, str], format_: str
) -> None:
    rapport, kommun, ar, label = key
    folder = site / kommun / ar
    caption = html_labels(folder / f"{rapport}.html").get(label)
    assert caption, f"tabellen {label} finns inte"
    named = [
        t for t in tables(folder / f"{rapport}.{format_}", format_) if same(t.caption, caption)
    ]
    assert len(named) == 1, f"{len(named)} tabeller heter «{caption}»"
    records = named[0].records()
    wrong = []
    for row in expected()[key]:
        hits = [
            record
            for record in records
            if same(record.rad, row["rad"])
            and same(record.kolumn, row["kolumn"])
            and (not row["grupp"] or same(record.grupp, row["grupp"]))
        ]
        place = " / ".join(filter(None, (row["grupp"], row["rad"], row["kolumn"])))
        if len(hits) != 1:
            wrong.append(f"{place}: finns {len(hits)} gånger")
            continue
        wanted = float(row["varde"]) if row["varde"] else math.nan
        found = number(hits[0].text)
        if math.isnan(wanted) != math.isnan(found) or (
            abs(found - wanted) > float(row["tolerans"] or 0) + 1e-9
        ):
            wrong.append(f"{place}: {hits[0].text!r}, väntat {row['varde'] or 'ett märke'}")
    assert not wrong, "\n".join(wrong)


def test_the_expected_figures_cover_the_published_tables() -> None:
    """Guards the guard: emptied files would make the test above pass."""
    count = {
        kommun: sum(len(rows) for key, rows in expected().items() if key[1] == kommun)
        for kommun in ("herrljunga", "harnosand", "vanersborg")
    }
    assert all(number > 100 for number in count.values()), count
