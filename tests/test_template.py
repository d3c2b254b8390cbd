"""Templates: what a controller gets to fill in, and that it reads back."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from berattelse import declare, is_missing, template
from berattelse.config import read_settings
from berattelse.errors import UsageError
from berattelse.intake import Context, read
from tests.conftest import ROOT, Run, write
from tests.test_gate import SHIPPED

CATALOGUE = declare.catalogue(ROOT / "data")
CONTEXT = {"herrljunga": Context(2022, 8, "Herrljunga"), "harnosand": Context(2022, None),
           "vanersborg": Context(2024, None)}  # fmt: skip
FILES = [
    (kommun, path.stem) for kommun, ar in SHIPPED
    for path in sorted((ROOT / f"data/{kommun}/{ar}").glob("*.csv"))
]  # fmt: skip


def sheet_of(content: bytes) -> Worksheet:
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def column(sheet: Worksheet, name: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == name)


@pytest.mark.parametrize(("kommun", "name"), FILES)
def test_what_is_filled_in_reads_back_without_loss(tmp_path: Path, kommun: str, name: str) -> None:
    """The present year's figures in the template are the file's own figures."""
    dataset = CATALOGUE[name]
    ar = dict(SHIPPED)[kommun]
    rows, _ = template.rows_for(read_settings(ROOT), dataset, kommun, ar)
    path = tmp_path / f"{name}.xlsx"
    path.write_bytes(template.workbook(dataset, rows, "Kommun 2022"))
    table = read(path, dataset, CONTEXT[kommun])
    assert not table.findings, [str(finding) for finding in table.findings]
    pd.testing.assert_frame_equal(table.frame, rows.frame)


def test_next_years_template_has_last_years_figures_beside(tmp_path: Path) -> None:
    dataset = CATALOGUE["investeringar"]
    rows, _ = template.rows_for(read_settings(ROOT), dataset, "herrljunga", 2023)
    sheet = sheet_of(template.workbook(dataset, rows, "Herrljunga 2023"))
    heads = [cell.value for cell in sheet[1]]
    assert heads[heads.index("varde") + 1] == "(förra värdet)"
    assert [head for head in heads if head != "(förra värdet)"] == [
        c.namn for c in dataset.kolumner
    ]
    period, varde, beside = (column(sheet, h) for h in ("period", "varde", "(förra värdet)"))
    periods = {sheet.cell(row, period).value for row in range(2, len(rows.frame) + 2)}
    assert periods == {"2023D08", "2023"}
    assert all(sheet.cell(row, varde).value is None for row in range(2, len(rows.frame) + 2))
    assert sheet.cell(2, beside).value == 4  # the förstudie's outcome in 2022
    # filled in with those very figures it reads as last year's, a year on
    for row in range(2, len(rows.frame) + 2):
        sheet.cell(row, varde).value = sheet.cell(row, beside).value
    path = tmp_path / "investeringar.xlsx"
    assert sheet.parent is not None
    sheet.parent.save(path)
    table = read(path, dataset, Context(2023, 8, "Herrljunga"))
    assert not table.findings, [str(finding) for finding in table.findings]
    before, _ = template.rows_for(read_settings(ROOT), dataset, "herrljunga", 2022)
    assert table.frame["varde"].tolist() == before.frame["varde"].tolist()


def test_a_series_keeps_its_length_and_its_old_figures() -> None:
    dataset = CATALOGUE["nyckeltal"]
    rows, _ = template.rows_for(read_settings(ROOT), dataset, "harnosand", 2023)
    series = rows.frame[rows.frame["nyckeltal_id"] == "sabo_daglig_utevistelse"]
    assert series["period"].tolist() == ["2018", "2019", "2020", "2021", "2022", "2023"]
    assert series["varde"].tolist()[:5] == [100, 46, 100, 100, 81]
    assert is_missing(series["varde"].tolist()[5])
    assert rows.earlier[series.index[-1]] == 81


def test_keys_are_locked_lists_are_there_and_help_is_given() -> None:
    dataset = CATALOGUE["investeringar"]
    rows, _ = template.rows_for(read_settings(ROOT), dataset, "herrljunga", 2023)
    content = template.workbook(dataset, rows, "Herrljunga 2023")
    sheet = sheet_of(content)
    assert sheet.protection.sheet
    projekt, varde = column(sheet, "projekt"), column(sheet, "varde")
    assert sheet.cell(2, projekt).protection.locked
    assert not sheet.cell(2, varde).protection.locked
    below = len(rows.frame) + 5
    assert not sheet.cell(below, projekt).protection.locked
    given = {name for name in ("grupp", "matt", "enhet", "periodtyp", "orsak")}
    ranges = {str(rule.sqref)[0] for rule in sheet.data_validations.dataValidation}
    assert ranges >= {sheet.cell(1, column(sheet, name)).column_letter for name in given}
    comment = sheet.cell(1, projekt).comment
    assert comment is not None
    assert comment.text == dataset.kolumn("projekt").hjalp
    help_sheet = load_workbook(io.BytesIO(content))["Läs mig"]
    said = {cell.value for row in help_sheet.iter_rows() for cell in row}
    assert dataset.beskrivning in said


def test_hostile_names_are_text_in_the_template(projekt: Path) -> None:
    write(
        projekt / "data/datamangder/x.yml",
        "insatser: {titel: Insatser, kolumner: {matt: {nyckel: true, hjalp: Vad.}}}\n",
    )
    hostile = '"=HYPERLINK(""http://x"",""y"")"'
    write(
        projekt / "data/herrljunga/2022/insatser.csv",
        f"matt,periodtyp,period,enhet,varde,orsak,kalla\n{hostile},helar,2022,antal,9,,@SUM(A1)\n",
    )
    settings = read_settings(projekt)
    dataset = declare.catalogue(settings.data)["insatser"]
    rows, _ = template.rows_for(settings, dataset, "herrljunga", 2023)
    sheet = sheet_of(template.workbook(dataset, rows, "Herrljunga 2023"))
    cell = sheet.cell(2, column(sheet, "matt"))
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://x","y")', "s")
    rows, _ = template.rows_for(settings, dataset, "herrljunga", 2022)
    sheet = sheet_of(template.workbook(dataset, rows, "Herrljunga 2022"))
    cell = sheet.cell(2, column(sheet, "kalla"))
    assert (cell.value, cell.data_type) == ("@SUM(A1)", "s")


def test_the_command_writes_into_the_years_folder_and_never_over_a_file(
    berattelse: Run, projekt: Path
) -> None:
    shutil.copytree(ROOT / "data/datamangder", projekt / "data/datamangder")
    shutil.copy(ROOT / "data/herrljunga/2022/investeringar.csv", projekt / "data/herrljunga/2022/")
    done = berattelse("data", "mall", "investeringar", "--kommun", "herrljunga", "--ar", "2023")
    assert done.returncode == 0, done.stderr
    made = projekt / "data/herrljunga/2023/investeringar.xlsx"
    assert made.is_file()
    before = made.read_bytes()
    done = berattelse("data", "mall", "investeringar", "--kommun", "herrljunga", "--ar", "2023")
    assert done.returncode == 2
    assert "finns redan" in done.stderr
    assert made.read_bytes() == before
    done = berattelse("data", "mall", "investering", "--kommun", "herrljunga", "--ar", "2023")
    assert done.returncode == 2
    assert "Menade du «investeringar»?" in done.stderr
    done = berattelse("data", "mall", "investeringar", "--kommun", "herljunga", "--ar", "2023")
    assert "Menade du «herrljunga»?" in done.stderr


def test_an_unknown_kommun_is_refused() -> None:
    with pytest.raises(UsageError):
        template.rows_for(read_settings(ROOT), CATALOGUE["investeringar"], "ingenstans", 2023)


def test_what_last_year_says_of_last_year_is_filled_in() -> None:
    """`utfall_fg_period` of 2023 is `utfall_period` of 2022."""
    dataset = CATALOGUE["drift_ansvarsomrade"]
    rows, _ = template.rows_for(read_settings(ROOT), dataset, "herrljunga", 2023)
    before, _ = template.rows_for(read_settings(ROOT), dataset, "herrljunga", 2022)
    own = rows.frame[rows.frame["matt"] == "utfall_fg_period"]["varde"].tolist()
    last = before.frame[before.frame["matt"] == "utfall_period"]["varde"].tolist()
    assert own == last
    assert rows.frame[rows.frame["matt"] == "utfall_period"]["varde"].isna().all()


def test_last_years_remarks_are_not_carried_over() -> None:
    dataset = CATALOGUE["avvikelser_sol_lss_enhet"]
    rows, _ = template.rows_for(read_settings(ROOT), dataset, "herrljunga", 2023)
    assert not rows.frame["anm"].any()
    assert not rows.frame["kalla"].any()
    assert rows.frame["enhet_namn"].all()
