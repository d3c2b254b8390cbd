"""Any table of ours, written in any accepted dialect, reads back identical."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from berattelse import intake
from berattelse.datasets import PERIODTYPER, Column, Dataset
from berattelse.intake.text import strip
from berattelse.missing import TEXTS
from tests.test_intake import COMMON, save  # noqa: F401

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = sorted((ROOT / "data").glob("*/20*/*.csv"))
WHOLE = {
    "ordning", "nr", "ar", "steg", "tertial", "sannolikhet", "konsekvens",
    "riskvarde_fran", "riskvarde_till",
}  # fmt: skip
HOSTILE = (
    "=HYPERLINK(\"http://x\")", "+1", "-1", "@x", "a,b;c\td", 'he said ""hi""', '"', "'", "a\nb",
    "ÅÄÖ åäö é", "Ha\u0308rno\u0308sand", "中文", "🦊", "<b>&amp;", "_x000D_", "_x005F_", "x005F_",
    "NULL", "nan", "1 234", "1.234", "2022-08-31", "TRUE", "a  b", "{{< x >}}", "#REF!", "sep=;",
    "\u200bz", "a\u00a0b", "٣", "x" * 5000,
)  # fmt: skip
PERIODS: dict[str, st.SearchStrategy[str]] = {
    "manad": st.builds("{}-{:02d}".format, st.integers(2000, 2030), st.integers(1, 12)),
    "tertial": st.builds("{}T{}".format, st.integers(2000, 2030), st.integers(1, 3)),
    "halvar": st.builds("{}H{}".format, st.integers(2000, 2030), st.integers(1, 2)),
    "delar": st.builds("{}D{:02d}".format, st.integers(2000, 2030), st.integers(1, 12)),
    "helar": st.integers(2000, 2030).map(str),
    "tidpunkt": st.dates(pd.Timestamp("2000-01-01").date(), pd.Timestamp("2030-12-31").date()).map(
        str
    ),
    "intervall": st.builds(
        "{0}-{1:02d}/{0}-{2:02d}".format,
        st.integers(2000, 2030), st.integers(1, 6), st.integers(6, 12),
    ),
}  # fmt: skip
UNITS = ("kr", "tkr", "mnkr", "procent", "antal", "kr/invånare")
# What XML 1.0 can hold and no reader changes: neither controls nor halves of pairs
LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"), exclude_characters="\ufffd\ufeff"
)
TEXT = (st.sampled_from(HOSTILE) | st.text(LETTERS, max_size=12)).map(strip)
NUMBER = (
    st.integers(-(10**12), 10**12).map(float)
    | st.decimals(-(10**6), 10**6, places=3, allow_nan=False).map(float)
    | st.floats(-1e9, 1e9).map(lambda x: float(f"{x:.10g}")).filter(lambda x: abs(x) > 1e-9)
).map(lambda x: x + 0.0)
DATASET = Dataset(
    "rundtur",
    "Rundtur",
    kolumner=(
        Column("matt", nyckel=True, kan_vara_tom=True),
        Column("enhet_namn", nyckel=True, kan_vara_tom=True),
        Column("ordning", typ="heltal", kan_vara_tom=True),
        *COMMON,
    ),
    enheter=UNITS,
)


@st.composite
def tables(draw: DrawFn) -> pd.DataFrame:
    rows = []
    for _ in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(list(PERIODTYPER)))
        missing = draw(st.booleans())
        rows.append(
            {
                "matt": draw(TEXT),
                "enhet_namn": draw(TEXT),
                "ordning": draw(st.none() | st.integers(-(10**9), 10**9)),
                "periodtyp": kind,
                "period": draw(PERIODS[kind]),
                "enhet": draw(st.sampled_from(UNITS)),
                "varde": float("nan") if missing else draw(NUMBER),
                "orsak": draw(st.sampled_from(list(TEXTS))) if missing else "",
                "kalla": draw(TEXT.filter(lambda text: "Ã" not in text and "â€" not in text)),
            }
        )
    frame = pd.DataFrame(rows, columns=[column.namn for column in DATASET.kolumner], dtype=object)
    frame = frame.drop_duplicates(list(DATASET.nycklar), ignore_index=True)
    numbers = frame["ordning"].tolist()
    frame["ordning"] = pd.Series(numbers, dtype="Int64" if None in numbers else "int64")
    frame["varde"] = frame["varde"].astype("float64")
    return frame


def heading(draw: DrawFn, name: str) -> str:
    """Write a heading in one of the ways that people do."""
    swedish = {"matt": "mått", "varde": "värde", "kalla": "källa"}
    text = draw(st.sampled_from([name, swedish.get(name, name)]))
    change: list[Callable[[str], str]] = [
        str, str.upper, str.title, lambda x: f" {x}\u00a0",
        lambda x: unicodedata.normalize("NFD", x),
        lambda x: x.replace("_", " "), lambda x: x.replace("_", "-"),
    ]  # fmt: skip
    return draw(st.sampled_from(change))(text)


def number(draw: DrawFn, value: float, mark: str, unit: str) -> str:
    """Write a number in one of the ways that people do, decimal mark `mark`."""
    digits = f"{abs(Decimal(repr(value))):,f}"
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    whole = whole.replace(",", draw(st.sampled_from(["", " ", "\u00a0", "\u2009", "\u202f"])))
    text = whole + (mark + fraction if fraction else "")
    after = {"procent": ["", " %", "%"], "tkr": ["", " tkr"], "antal": ["", " antal"]}
    if value < 0:
        if draw(st.integers(0, 4)) == 0:
            text = f"({text})"
        else:
            text = draw(st.sampled_from("-−–‑")) + draw(st.sampled_from(["", " "])) + text
    elif draw(st.integers(0, 4)) == 0:
        text = draw(st.sampled_from(["+", "±", "+/-"] if value == 0 else ["+"])) + text
    return text + draw(st.sampled_from(after.get(unit, [""])))


def shuffled(draw: DrawFn, frame: pd.DataFrame) -> list[str]:
    return draw(st.permutations(list(frame.columns)))


def check(path: Path, frame: pd.DataFrame) -> None:
    table = intake.read(path, DATASET, intake.Context(2022, None))
    assert [str(f) for f in table.findings if f.level != "upplysning"] == []
    pd.testing.assert_frame_equal(table.frame, frame)


STEADY = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=200,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@STEADY
@given(st.data())
def test_csv(data: st.DataObject) -> None:
    draw: Any = data.draw
    frame = draw(tables())
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    columns = shuffled(draw, frame)
    mark = "." if delimiter == "," else ","
    lines = []
    for row in frame.to_dict("records"):
        unit = str(row["enhet"])
        row["varde"] = "" if row["orsak"] else number(draw, row["varde"], mark, unit)
        row["ordning"] = "" if pd.isna(row["ordning"]) else str(row["ordning"])
        lines.append([row[name] for name in columns])
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=delimiter,
        lineterminator=draw(st.sampled_from(["\n", "\r\n"])),
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )
    writer.writerow([heading(draw, name) for name in columns])
    writer.writerows(lines)
    text = out.getvalue()
    content = text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])))
    if draw(st.booleans()):
        try:
            content = text.encode("cp1252")
            content.decode("utf-8")
        except UnicodeDecodeError:
            pass  # the common case: Windows-1252 that is no UTF-8
        except UnicodeEncodeError:
            content = text.encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rundtur.csv"
        path.write_bytes(content)
        check(path, frame)


@STEADY
@given(st.data())
def test_excel(data: st.DataObject) -> None:
    draw: Any = data.draw
    frame = draw(tables())
    columns = shuffled(draw, frame)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for index, name in enumerate(columns, start=1):
        sheet.cell(1, index, heading(draw, name))
        for line, row in enumerate(frame.to_dict("records"), start=2):
            _excel_cell(draw, sheet.cell(line, index), name, row)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rundtur.xlsx"
        book.save(path)
        check(path, frame)


def _excel_cell(draw: DrawFn, cell: Any, name: str, row: dict[Any, Any]) -> None:
    value = row[name]
    if name == "varde":
        if row["orsak"]:
            return
        # openpyxl writes 15 or 16 digits of a number; more must be written as text
        if draw(st.booleans()) and float(f"{value:.15g}") == value:
            cell.value = value
            shapes = ["General", "#,##0.0", "0"]
            part = float(Decimal(repr(value)).scaleb(-2))
            if row["enhet"] == "procent" and float(f"{part:.15g}") == part:
                shapes = ["General", "0%", "0.0%"]
            cell.number_format = draw(st.sampled_from(shapes))
            if cell.number_format.endswith("%"):
                cell.value = part
            return
        value = number(draw, value, ",", str(row["enhet"]))
    elif name == "ordning":
        cell.value = None if pd.isna(value) else value
        return
    elif name == "period" and value.isdigit() and draw(st.booleans()):
        cell.value = int(value)
        return
    elif name == "period" and row["periodtyp"] == "tidpunkt" and draw(st.booleans()):
        cell.value = pd.Timestamp(value).to_pydatetime()
        return
    # Excel writes what looks like one of its escapes with an escape; openpyxl does not
    cell.value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value)
    cell.data_type = "s"


@STEADY
@given(tables())
def test_canonical(frame: pd.DataFrame) -> None:
    content = intake.write_csv(frame)
    again = intake.read_canonical(content, DATASET)
    pd.testing.assert_frame_equal(again, frame)
    assert intake.write_csv(again) == content


def permissive(path: Path) -> Dataset:
    """Return a dataset that takes a shipped file as it is: its header, types by name."""
    header = path.read_text(encoding="utf-8").partition("\n")[0].split(",")
    return Dataset(
        path.stem,
        path.stem,
        slag="tal" if "varde" in header else "text",
        kolumner=tuple(
            Column(
                name,
                typ="heltal" if name in WHOLE else "tal" if name == "varde" else "text",
                kan_vara_tom=True,
            )
            for name in header
        ),
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_shipped_files(path: Path) -> None:
    dataset = permissive(path)
    frame = intake.read_canonical(path.read_bytes(), dataset)
    assert len(frame) > 0
    content = intake.write_csv(frame)
    again = intake.read_canonical(content, dataset)
    pd.testing.assert_frame_equal(again, frame, check_exact=True)
    assert intake.write_csv(again) == content
    with path.open(encoding="utf-8", newline="") as file:
        original = list(csv.DictReader(file))
    for name in frame.columns:
        cells = [row[name] for row in original]
        if name == "varde":
            floats = [float(cell) if cell else None for cell in cells]
            assert [None if x != x else x for x in frame[name].tolist()] == floats
        elif name not in WHOLE:
            assert frame[name].tolist() == cells


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_shipped_files_are_read_as_they_are(path: Path) -> None:
    dataset = permissive(path)
    table = intake.read(path, dataset, intake.Context(int(path.parent.name), None))
    assert list(map(str, table.findings)) == []
    frame = intake.read_canonical(path.read_bytes(), dataset)
    pd.testing.assert_frame_equal(table.frame, frame, check_exact=True)
