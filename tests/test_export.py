"""What leaves for Excel: no text becomes a formula, and intake reads back what was written."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from lxml import etree

from berattelse import export, intake
from berattelse.datasets import Column, Dataset
from berattelse.errors import DataError
from berattelse.intake.text import strip
from berattelse.missing import Missing
from tests.hostile import CHANGED, LITERAL, LONG

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0-x",
    "\u200b=1",
    "＝1",
)
APOSTROPHES = ("'", "''", "'=1", "''=1", "'x", "'\t", "'-", "' +x")
PLAIN = ("a=b", "x", "", "1 000", "−5", "–", "«x»", "#N/A", "TRUE", "0123", "1e5", "2022-01-01")
TEXTS = (*FORMULAS, *APOSTROPHES, *PLAIN, *LITERAL, *CHANGED, *LONG)

DATASET = Dataset(
    "texter",
    "Texter",
    slag="text",
    kolumner=(
        Column("nr", "heltal", nyckel=True),
        Column("text", kan_vara_tom=True),
        Column("tal", "tal", kan_vara_tom=True),
    ),
)
CONTEXT = intake.Context(2022, None)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: ascii(text)[:30])
def test_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    written = export.guarded(text)
    assert not re.match("[\\s\u00ad\u200b\ufeff\u202e\u2067]*[-=+@＝]|[\t\r\n]", written)
    assert export.unguarded(written) == text
    assert written in (text, f"'{text}")


@pytest.mark.parametrize("text", PLAIN)
def test_other_text_is_left_alone(text: str) -> None:
    assert export.guarded(text) == text


def rows() -> list[tuple[int, str, float | None]]:
    return [(i, text, None if i % 5 == 0 else -i / 4) for i, text in enumerate(TEXTS)]


def check(table: Any) -> None:
    assert [str(f) for f in table.findings if f.level == "fel"] == []
    # Intake takes away white space at the ends of a text, and the kind of line break
    wanted = [strip(text.replace("\r\n", "\n").replace("\r", "\n")) for text in TEXTS]
    assert table.frame["text"].tolist() == wanted
    numbers = [None if number != number else number for number in table.frame["tal"]]
    assert numbers == [number for _, _, number in rows()]


def test_intake_reads_the_csv_that_we_write(tmp_path: Path) -> None:
    path = tmp_path / "texter.csv"
    path.write_bytes(export.csv_file([("nr", "text", "tal"), *rows()]))
    check(intake.read(path, DATASET, CONTEXT))
    # As a spreadsheet sees it
    read = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";"))
    for _, text, number in read[1:]:
        assert text[:1] not in tuple("=+-@\t\r\n")
        assert not number or re.fullmatch(r"-?\d+(,\d+)?", number)


def test_intake_reads_the_workbook_that_we_write(tmp_path: Path) -> None:
    path = tmp_path / "texter.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for r, row in enumerate([("nr", "text", "tal"), *rows()], start=1):
        for c, content in enumerate(row, start=1):
            export.write_cell(sheet.cell(r, c), content)
    book.save(path)
    with zipfile.ZipFile(path) as package:
        tree = etree.fromstring(package.read("xl/worksheets/sheet1.xml"))
        styles = etree.fromstring(package.read("xl/styles.xml"))
        assert not [name for name in package.namelist() if "externalLink" in name]
    space = {"s": tree.nsmap[None]}
    assert tree.xpath("//s:f | //s:hyperlink", namespaces=space) == []
    assert {c.get("t") for c in tree.xpath("//s:c[starts-with(@r,'B')]", namespaces=space)} <= {
        "s",
        "inlineStr",
        "n",  # an empty cell
    }
    assert styles.xpath("count(//s:cellXfs/s:xf[@quotePrefix='1'])", namespaces=space) == 1
    check(intake.read(path, DATASET, CONTEXT))


@pytest.mark.parametrize(
    ("content", "written"),
    [
        (-5, "-5"), (0.1, "0,1"), (-1887.25, "-1887,25"), (1e21, "1" + "0" * 21),
        (1e-7, "0,0000001"), (3.0, "3"), (Decimal("-0.50"), "-0,5"), (np.int64(7), "7"),
        (np.float64(2.5), "2,5"), (100, "100"), (None, ""), (float("nan"), ""),
        (Missing("skyddad"), ""), ("-5", "'-5"),
    ],
)  # fmt: skip
def test_numbers_are_numbers_and_missing_is_empty(content: Any, written: str) -> None:
    assert export.csv_cell(content) == written
    cell = openpyxl.Workbook().active.cell(1, 1)
    export.write_cell(cell, content)
    assert cell.data_type == ("s" if isinstance(content, str) else "n")
    assert (cell.value is None) == (written == "")


def test_what_a_cell_cannot_hold() -> None:
    cell = openpyxl.Workbook().active.cell(1, 1)
    export.write_cell(cell, "a\x0bb\x1fc\nd")
    assert cell.value == "a□b□c\nd"
    with pytest.raises(DataError, match="32768 tecken; en cell i Excel rymmer 32767"):
        export.write_cell(cell, "x" * 32_768)
