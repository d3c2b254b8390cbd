"""What intake reads of a file, and what it says of one that is faulty."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from berattelse import intake
from berattelse.datasets import PERIODTYPER, Column, Dataset
from berattelse.intake import Context, Table
from berattelse.missing import TEXTS

COMMON = (
    Column("periodtyp", nyckel=True, tillatna=PERIODTYPER, obligatorisk=False),
    Column("period", typ="period", nyckel=True, obligatorisk=False, hjalp="Perioden."),
    Column("enhet", obligatorisk=False),
    Column("varde", typ="tal", kan_vara_tom=True),
    Column("orsak", tillatna=TEXTS, obligatorisk=False, kan_vara_tom=True),
    Column("kalla", obligatorisk=False, kan_vara_tom=True),
)
SET = Dataset(
    "matningar",
    "Mätningar",
    kolumner=(
        Column("matt", nyckel=True, alias=("mätetal",)),
        Column("ordning", typ="heltal", obligatorisk=False, kan_vara_tom=True, lagst=1, hogst=20),
        Column(
            "roll",
            nyckel=True,
            obligatorisk=False,
            kan_vara_tom=True,
            tillatna={"utfall": "", "mål": "", "prognos_augusti": ""},
        ),
        *COMMON,
    ),
    enheter=("tkr", "procent", "antal"),
    perioder={"fg_ar": ("delar", "{fg}D{mm}"), "ar_nu": ("helar", "{ar}")},
)
LIST = Dataset(
    "risker",
    "Risker",
    slag="text",
    kolumner=(
        Column("risk_id", nyckel=True),
        Column("slutdatum", typ="datum", obligatorisk=False, kan_vara_tom=True),
        Column("andel", typ="tal", obligatorisk=False, kan_vara_tom=True),
        Column("enhet", obligatorisk=False, kan_vara_tom=True),
        Column("kalla", obligatorisk=False, kan_vara_tom=True),
    ),
)
CONTEXT = Context(2022, 8, "Härnösand")
HEAD = "matt,ordning,roll,periodtyp,period,enhet,varde,orsak,kalla\n"

Save = Callable[..., Path]


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., Table]:
    def read(
        content: str | bytes,
        dataset: Dataset = SET,
        context: Context = CONTEXT,
        name: str = "m.csv",
    ) -> Table:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return intake.read(path, dataset, context)

    return read


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Make a workbook of rows; `change` may alter it, `parts` replace parts of the zip."""

    def make(
        *rows: Sequence[Any],
        title: str = "matningar",
        change: Callable[[Any], None] | None = None,
        parts: dict[str, Callable[[bytes], bytes]] | None = None,
        name: str = "m.xlsx",
    ) -> Path:
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.title = title
        for row in rows:
            book.active.append(list(row))
        if change:
            change(book)
        content = io.BytesIO()
        book.save(content)
        path = tmp_path / name
        with (
            zipfile.ZipFile(content) as old,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for part in old.namelist():
                alter = (parts or {}).get(part)
                new.writestr(part, alter(old.read(part)) if alter else old.read(part))
        return path

    return make


def rules(table: Table, level: str = "fel") -> list[str]:
    for finding in table.findings:
        assert finding.rule in intake.RULES
        assert finding.message.endswith(".")
        assert str(table.path.name) in finding.place
        assert finding.dataset == table.dataset.namn
    return [finding.rule for finding in table.findings if finding.level == level]


def values(table: Table) -> list[dict[str, Any]]:
    assert rules(table) == [], [str(f) for f in table.findings]
    return table.frame.to_dict("records")


def one(table: Table) -> Any:
    assert len(table.findings) == 1, [str(f) for f in table.findings]
    return table.findings[0]


# --- the shape of what is given


def test_api() -> None:
    assert set(intake.__all__) == {
        "RULES", "Context", "Table", "read", "read_canonical", "sheets", "write_csv",
    }  # fmt: skip
    assert all(hasattr(intake, name) for name in intake.__all__)
    assert all(text.endswith(".") for text in intake.RULES.values())
    assert all(rule.isascii() and rule.islower() for rule in intake.RULES)


def test_every_rule_that_is_used_is_described() -> None:
    import re

    source = "".join(path.read_text() for path in Path(intake.__file__).parent.glob("*.py"))
    used = set(re.findall(r'Fault\(\s*"([a-z_]+)"', source))
    assert used <= set(intake.RULES)
    assert set(intake.RULES) - used <= {"fler_fel", "fel_enhet", "fel_periodtyp", "otillatet"}


def test_kernels_do_not_pay_for_excel() -> None:
    code = (
        "import sys; from berattelse.intake import read_canonical, write_csv;"
        "print(sorted({'openpyxl', 'pandera'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_dtypes_and_places(csv: Any) -> None:
    table = csv(HEAD + "a,1,,helar,2022,tkr,1.5,,k\n\nb,2,mål,helar,2022,tkr,,inget,\n")
    assert {name: str(kind) for name, kind in table.frame.dtypes.items()} == {
        "matt": "object", "ordning": "int64", "roll": "object", "periodtyp": "object",
        "period": "object", "enhet": "object", "varde": "float64", "orsak": "object",
        "kalla": "object",
    }  # fmt: skip
    assert table.rows == (2, 4)
    assert table.letters["varde"] == "G"
    assert table.place(1, "varde").endswith("m.csv, rad 4, kolumn varde (G)")
    assert table.place(0).endswith("m.csv, rad 2")
    empty = csv(HEAD + "a,,,helar,2022,tkr,1.5,,k\n")
    assert str(empty.frame.dtypes["ordning"]) == "Int64"
    assert csv(HEAD).frame.empty
    assert list(csv(HEAD).frame.columns) == [column.namn for column in SET.kolumner]


def test_place_is_told_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data" / "x"
    folder.mkdir(parents=True)
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "z"
    book.active.append(["matt", "periodtyp", "period", "enhet", "varde"])
    book.active.append(["a", "helar", 2022, "tkr", "x1"])
    book.save(folder / "y.xlsx")
    finding = one(intake.read(folder / "y.xlsx", SET, CONTEXT))
    assert finding.place == "data/x/y.xlsx, blad «z», rad 2, kolumn varde (E)"
    assert str(finding).startswith("data/x/y.xlsx, blad «z», rad 2, kolumn varde (E): «x1» ")


# --- CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_dialects(csv: Any, encoding: str, delimiter: str, end: str) -> None:
    mark = "." if delimiter == "," else ","
    lines = ["Mått;Värde;Enhet;Periodtyp;Period;Källa", f"åäö;1 234{mark}5;tkr;helår;2022;«é»"]
    text = end.join(lines).replace(";", delimiter) + end
    [row] = values(csv(text.encode(encoding)))
    assert (row["matt"], row["varde"], row["kalla"]) == ("åäö", 1234.5, "«é»")


def test_sep_line(csv: Any) -> None:
    table = csv("sep=;\nmatt;enhet;varde;periodtyp;period\na;tkr;1,5;helar;2022\n")
    assert values(table)[0]["varde"] == 1.5
    assert table.rows == (2,)
    assert rules(csv("sep=|\nmatt|varde\na|1\n")) == ["rubrikrad"]


def test_quotes_and_line_breaks(csv: Any) -> None:
    table = csv(HEAD + '"a ""b"", c\nd",,,helar,2022,tkr,1,,k\ne,,,helar,2022,tkr,x,,k\n')
    assert table.frame["matt"].tolist() == ['a "b", c\nd']
    assert one(table).place.endswith("rad 3, kolumn varde (G)")


@pytest.mark.parametrize(
    ("content", "rule", "words"),
    [
        (b"", "tom_fil", "tom"),
        (b"\n\n", "tom_fil", "tom"),
        (b"\x00\x01\x02", "fel_filtyp", "textfil"),
        (HEAD.encode("utf-16-le"), "fel_filtyp", "textfil"),
        (HEAD.encode("utf-16")[:-1], "fel_filtyp", "textfil"),
        (HEAD.encode() + b"a\x81,,,helar,2022,tkr,1,,\n", "teckenkodning", "0x81 på textrad 2"),
        (
            HEAD.encode() + "Härnösand,,,helar,2022,tkr,1,,\n".encode("cp850"),
            "teckenkodning",
            "DOS",
        ),
        (
            HEAD.encode() + "Örebro,,,helar,2022,tkr,1,,\n".encode("mac_roman"),
            "teckenkodning",
            "Mac",
        ),
        (HEAD.encode() + "å".encode() + b"\xe5,,,helar,2022,tkr,1,,\n", "teckenkodning", "blandar"),
        (HEAD.encode() + b"a,,,helar,2022,tkr,1,,k\xc3", "teckenkodning", "blandar"),
        (b"PK\x03\x04xxxx", "fel_filtyp", "Excelfil"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "fel_filtyp", "Excelfil"),
        (b"hej,du\n1,2\n", "rubrikrad", "ingen av datamängdens rubriker: «hej | du»"),
        (b"Titel\n\n" + HEAD.encode(), "rubrikrad", "Rubrikraden står på rad 3"),
        (b"<html><table><tr><td>matt</td></tr></table>\n", "rubrikrad", "rubriker"),
    ],
)
def test_files_that_cannot_be_read(csv: Any, content: bytes, rule: str, words: str) -> None:
    table = csv(content)
    finding = one(table)
    assert (finding.rule, finding.level) == (rule, "fel")
    assert words in finding.message
    assert table.frame.empty
    assert list(table.frame.columns) == [column.namn for column in SET.kolumner]


@pytest.mark.parametrize(
    ("rest", "rule", "row", "words"),
    [
        ("a,,,helar,2022,tkr,12,5,,k\n", "radlangd", 2, "10 celler men rubrikraden 9"),
        ("a,,,helar,2022,tkr,12\n", "radlangd", 2, "7 celler men rubrikraden 9"),
        ("a,,,helar,2022,tkr,12,,k,\n", "radlangd", 2, "10 celler"),
        ('a,,,helar,2022,tkr,12,,"k\n', "citattecken", 2, "saknar sitt par"),
        ('"a"b,,,helar,2022,tkr,12,,k\n', "citattecken", 2, "inne i en cell"),
        ("a,,,helar,2022,tkr,12,,\x07k\n", "styrtecken", 2, "«\\x07k»"),
        ("a,,,helar,2022,tkr,12,,H\ufffdrn\n", "forstord_text", 2, "förstörts"),
        ("a,,,helar,2022,tkr,12,,HÃ¤rn\n", "forstord_text", 2, "förstörts"),
    ],
)
def test_faulty_rows(csv: Any, rest: str, rule: str, row: int, words: str) -> None:
    table = csv(HEAD + rest)
    assert rules(table) == [rule]
    finding = one(table)
    assert f"rad {row}" in finding.place
    assert words in finding.message


def test_rows_before_an_open_quote_are_read(csv: Any) -> None:
    table = csv(HEAD + 'a,,,helar,2022,tkr,1,,k\nb,,,helar,2022,tkr,1,,"k\n')
    assert rules(table) == ["citattecken"]
    assert table.frame["matt"].tolist() == ["a"]


def test_empty_cells_too_many_are_nothing_where_no_comma_can_have_made_them(csv: Any) -> None:
    head = HEAD.replace(",", ";")
    table = csv(head + "a;;;helar;2022;tkr;1;;k;;\n;;;;;;;;;;;\n")
    assert len(values(table)) == 1
    assert rules(csv(head + "a;;;helar;2022;tkr;1;;k;;z\n")) == ["radlangd"]


def test_trailing_empty_columns_and_rows_are_nothing(csv: Any) -> None:
    text = HEAD.replace("\n", ",,\n") + "a,,,helar,2022,tkr,1,,k,,\n,,,,,,,,,,\n"
    assert len(values(csv(text))) == 1
    assert rules(csv(text + "b,,,helar,2022,tkr,1,,k,,z\n")) == ["utan_rubrik"]


def test_a_file_that_ends_within_a_row_is_remarked(csv: Any) -> None:
    table = csv(HEAD + "a,,,helar,2022,tkr,1,,k")
    assert rules(table, "varning") == ["avklippt"]
    assert len(values(table)) == 1


def test_too_large(csv: Any, tmp_path: Path) -> None:
    row = "a,,,helar,2022,tkr,1,,k\n"
    assert one(csv(HEAD + row * 20_001)).rule == "for_stor"
    assert "högst 20\u00a0000 rader" in one(csv(HEAD + row * 50_000)).message
    with (tmp_path / "big.csv").open("wb") as file:
        file.truncate(31_000_000)
    assert one(intake.read(tmp_path / "big.csv", SET, CONTEXT)).message.startswith("Filen är 31 MB")
    assert one(csv("a," * 300_000)).rule == "for_stor"
    assert one(csv(HEAD + "\n" * 1_100_000)).rule == "for_stor"


def test_faults_beyond_two_hundred_are_counted(csv: Any) -> None:
    table = csv(HEAD + "".join(f"a{i},,,helar,2022,tkr,x{i},,k\n" for i in range(300)))
    assert len(table.findings) == 201
    assert table.findings[0].message.startswith("«x0»")
    last = table.findings[-1]
    assert (last.rule, last.message) == ("fler_fel", "Ytterligare 100 fel finns i filen.")


def test_missing_and_foreign_files(tmp_path: Path) -> None:
    assert one(intake.read(tmp_path / "no.csv", SET, CONTEXT)).rule == "fil_saknas"
    assert one(intake.read(tmp_path, SET, CONTEXT)).rule == "fil_saknas"
    for name in ("m.xls", "m.xlsb", "m.ods", "m.pdf", "m"):
        (tmp_path / name).write_bytes(b"x")
        finding = one(intake.read(tmp_path / name, SET, CONTEXT))
        assert (finding.rule, finding.place) == ("fel_filtyp", (tmp_path / name).as_posix())


# --- headings


@pytest.mark.parametrize(
    "heading",
    ["Värde", "VÄRDE", " varde ", "va\u0308rde", "\u00a0Varde\u00a0", "värde\u200b", "\ufeffvärde"],
)
def test_headings_are_matched_without_case_and_diacritics(csv: Any, heading: str) -> None:
    [row] = values(csv(f"matt;period;periodtyp;enhet;{heading}\na;2022;helar;tkr;5\n"))
    assert row["varde"] == 5


def test_alias_hyphens_and_order(csv: Any) -> None:
    table = csv("KÄLLA;Mätetal;värde;enhet;Period;periodtyp\nk;a;5;tkr;2022;helar\n")
    assert values(table)[0] | {"ordning": None} == {
        "matt": "a", "ordning": None, "roll": "", "periodtyp": "helar", "period": "2022",
        "enhet": "tkr", "varde": 5.0, "orsak": "", "kalla": "k",
    }  # fmt: skip
    assert table.letters["kalla"] == "A"
    assert table.letters["orsak"] == ""


def test_note_columns_are_not_read(csv: Any) -> None:
    head = "matt;(föregående år);enhet;varde;period;periodtyp;(Not)\n"
    assert len(values(csv(head + "a;#REF!\x07;tkr;5;2022;helar;=1+\n"))) == 1


@pytest.mark.parametrize(
    ("head", "rule", "words", "remedy"),
    [
        ("matt;vrde;enhet;varde;period;periodtyp", "okand_kolumn", "«vrde»", "Menade du «varde»?"),
        ("matt;Zebra;enhet;varde;period;periodtyp", "okand_kolumn", "«Zebra»", "inom parentes"),
        ("matt;VARDE;enhet;varde;period;periodtyp", "dubbel_kolumn", "två gånger", "Ta bort"),
        ("matt;;enhet;varde;period;periodtyp", "utan_rubrik", "ingen rubrik", "rubrik"),
    ],
)
def test_faulty_headings(csv: Any, head: str, rule: str, words: str, remedy: str) -> None:
    finding = one(csv(head + "\na;7;tkr;5;2022;helar\n"))
    assert finding.rule == rule
    assert words in finding.message
    assert remedy in finding.remedy
    assert ("kolumn varde (D)" if rule == "dubbel_kolumn" else "kolumn B") in finding.place


def test_an_unknown_column_without_content_is_nothing(csv: Any) -> None:
    assert values(csv("matt;zebra;enhet;varde;period;periodtyp\na; ;tkr;5;2022;helar\n"))


def test_missing_columns(csv: Any) -> None:
    table = csv("enhet;period;periodtyp\ntkr;2022;helar\n")
    assert rules(table) == ["saknad_kolumn", "saknad_kolumn"]
    assert "Kolumnen matt saknas." in str(table.findings[0])
    table = csv("matt;varde\na;5\nb;6\n")
    assert [f.message for f in table.findings] == [
        "Kolumnen periodtyp saknas.", "Kolumnen period saknas.", "Kolumnen enhet saknas.",
    ]  # fmt: skip


def test_context_columns(csv: Any) -> None:
    head = "kommun;Nämnd;År;Per datum;matt;enhet;varde;period;periodtyp\n"
    row = "härnösand;SN;2022;2022-08-31;{};tkr;5;2022;helar\n"
    table = csv(head + row.format("a") + row.format("b").replace("här", "HÄR"))
    assert len(values(table)) == 2
    assert "kommun" not in table.frame.columns
    assert values(csv(head + ";;;;a;tkr;5;2022;helar\n"))
    wrong = csv(head + "Herrljunga;x;2021;2022-07-31;a;tkr;5;2022;helar\n")
    assert rules(wrong) == ["annan_kommun", "annat_ar", "annat_ar"]
    assert wrong.findings[0].message == (
        "Filen gäller en annan kommun: «Herrljunga», inte Härnösand."
    )
    assert wrong.findings[1].message == "Filen gäller ett annat år: «2021», inte 2022."
    assert rules(csv(head + "Härnösand;x;2022;2021-08-31;a;tkr;5;2022;helar\n")) == ["annat_ar"]
    free = Context(2022, None)
    assert values(csv(head + "Ale;x;2022;2022-03-31;a;tkr;5;2022;helar\n", context=free))
    two = "Ale;;;;a;tkr;5;2022;helar\nBoden;;;;b;tkr;5;2022;helar\n"
    assert rules(csv(head + two, context=free)) == ["annan_kommun"]


# --- content


def test_periods_units_and_types_are_filled_in(csv: Any) -> None:
    text = "matt;enhet;varde\nfg_ar;tkr;1\nar_nu;tkr;2\n"
    rows = values(csv(text))
    assert [(r["periodtyp"], r["period"]) for r in rows] == [
        ("delar", "2021D08"),
        ("helar", "2022"),
    ]
    only = Dataset("x", "x", kolumner=SET.kolumner, enheter=("mnkr",), periodtyper=("manad",))
    [row] = values(csv("matt;period;varde\na;aug 2022;1\n", only))
    assert (row["periodtyp"], row["period"], row["enhet"]) == ("manad", "2022-08", "mnkr")
    head = "matt;enhet;varde;periodtyp;period\n"
    assert [r["period"] for r in values(csv(head + "fg_ar;tkr;1;;\nar_nu;tkr;1;;2022\n"))] == [
        "2021D08", "2022",
    ]  # fmt: skip
    unknown = csv(head + "fg_ar;tkr;1;;\n", context=Context(2022, None))
    assert rules(unknown) == ["tom_cell"]


def test_a_period_that_is_another_year_s(csv: Any) -> None:
    head = "matt;enhet;varde;periodtyp;period\n"
    table = csv(head + "fg_ar;tkr;1;delar;2020D08\nar_nu;tkr;1;helar;2021\nar_nu;tkr;1;manad;\n")
    assert rules(table) == ["fel_period"] * 3
    assert table.findings[0].message == (
        "Raden har perioden «delar 2020D08», men måttet «fg_ar» gäller delar 2021D08."
    )
    free = Context(2022, None)
    assert values(csv(head + "fg_ar;tkr;1;delar;2021D03\n", context=free))
    assert rules(csv(head + "fg_ar;tkr;1;delar;2022D03\n", context=free)) == ["fel_period"]


@pytest.mark.parametrize(
    ("unit", "value", "wanted"),
    [
        ("tkr", "1,2 mnkr", ("tkr", 1200.0)), ("kr", "5", ("kr", 5.0)),
        ("MNKR", "5", ("mnkr", 5.0)), ("mkr", "5", ("mnkr", 5.0)), ("%", "12 %", ("procent", 12.0)),
        ("Procent", "0,5", ("procent", 0.5)), ("Antal ", "1 234", ("antal", 1234.0)),
    ],
)  # fmt: skip
def test_units(csv: Any, unit: str, value: str, wanted: tuple[str, float]) -> None:
    [row] = values(csv(f"matt;enhet;varde;periodtyp;period\na;{unit};{value};helar;2022\n"))
    assert (row["enhet"], row["varde"]) == wanted


def test_faulty_units(csv: Any) -> None:
    head = "matt;enhet;varde;periodtyp;period\n"
    finding = one(csv(head + "a;antl;5 st;helar;2022\n"))
    assert finding.rule == "fel_enhet"
    assert finding.remedy == "Menade du «antal»? Välj något av: tkr, procent, antal."
    assert rules(csv(head + "a;;5;helar;2022\n")) == ["tom_cell"]
    assert rules(csv(head + "a;antal;5 %;helar;2022\n")) == ["enhet_i_tal"]


@pytest.mark.parametrize(
    ("value", "reason", "wanted"),
    [
        ("", "ej_matt", "ej_matt"), ("", "Ej mätt", "ej_matt"),
        ("", "Uppgift saknas", "uppgift_saknas"),
        ("", "inget att redovisa", "inget"), ("", "SKYDDAD", "skyddad"),
    ],
)  # fmt: skip
def test_reasons(csv: Any, value: str, reason: str, wanted: str) -> None:
    [row] = values(csv(HEAD + f"a,,,helar,2022,tkr,{value},{reason},\n"))
    assert row["orsak"] == wanted
    assert row["varde"] != row["varde"]


@pytest.mark.parametrize(
    ("cells", "rule", "words"),
    [
        ("tkr,,", "saknar_orsak", "tomt utan orsak"),
        ("tkr,5,inget", "bade_varde_och_orsak", "både ett värde och orsaken «inget»"),
        ("tkr,,ejmätt", "otillatet", "«ejmätt»"),
        ("tkr,,–", "otillatet", "«–»"),
        ("tkr,..,", "tecken_for_saknat", "«..»"),
        ('tkr,"1,234",', "tvetydigt_tal", "«1,234»"),
    ],
)
def test_faulty_figures(csv: Any, cells: str, rule: str, words: str) -> None:
    finding = one(csv(HEAD + f"a,,,helar,2022,{cells},\n"))
    assert finding.rule == rule
    assert words in finding.message


def test_the_decimal_mark_goes_with_the_delimiter(csv: Any) -> None:
    comma = HEAD + 'a,,,helar,2022,tkr,1.234,,\nb,,,helar,2022,tkr,"12,5",,\n'
    assert [row["varde"] for row in values(csv(comma))] == [1.234, 12.5]
    semi = HEAD.replace(",", ";") + "a;;;helar;2022;tkr;1,234;;\nb;;;helar;2022;tkr;12.5;;\n"
    assert [row["varde"] for row in values(csv(semi))] == [1.234, 12.5]
    assert rules(csv(semi + "c;;;helar;2022;tkr;1.234;;\n")) == ["tvetydigt_tal"]


def test_allowed_contents_bounds_and_whole_numbers(csv: Any) -> None:
    head = HEAD.replace(",", ";")
    text = head + "a;3,0;MAL;helar;2022;tkr;1;;\nb;4;Prognos augusti;helar;2022;tkr;1;;\n"
    rows = values(csv(text))
    assert [(row["ordning"], row["roll"]) for row in rows] == [(3, "mål"), (4, "prognos_augusti")]
    table = csv(head + "a;3,5;utfal;helar;2022;tkr;1;;\nb;21;;helar;2022;tkr;1;;\n;0;;;;;;;\n")
    found = [(f.rule, f.place.rpartition(", ")[2]) for f in table.findings]
    assert found == [
        ("inte_heltal", "kolumn ordning (B)"), ("otillatet", "kolumn roll (C)"),
        ("utom_granser", "kolumn ordning (B)"), ("tom_cell", "kolumn matt (A)"),
        ("utom_granser", "kolumn ordning (B)"), ("tom_cell", "kolumn periodtyp (D)"),
        ("tom_cell", "kolumn enhet (F)"), ("saknar_orsak", "kolumn varde (G)"),
    ]  # fmt: skip
    assert "Menade du «utfall»?" in table.findings[1].remedy
    assert table.findings[2].message == "«21» är utanför gränserna: talet ska vara högst 20."


def test_numbers_with_allowed_contents(csv: Any) -> None:
    column = Column("steg", typ="heltal", nyckel=True, tillatna={"1": "ett", "2": "två"})
    steps = Dataset("steg", "", slag="text", kolumner=(column,))
    assert [row["steg"] for row in values(csv("steg\n1\n2\n", steps))] == [1, 2]
    assert rules(csv("steg\n1\n3\n", steps)) == ["otillatet"]


def test_text_is_text(csv: Any) -> None:
    long = "x" * 10_000
    for text in ("=HYPERLINK(1)", "a\tb", "00123", "  inre  rum  ", long, "null", "5", "é\u0301"):
        table = csv(HEAD.replace(",", ";") + f"\u00a0 {text}\ufeff;;;helar;2022;tkr;1;;\n")
        if "\t" not in text:
            assert values(table)[0]["matt"] == text.strip()
    table = csv(HEAD + '"a\r\nb",,,helar,2022,tkr,1,,\n')
    assert values(table)[0]["matt"] == "a\nb"


def test_dates_and_text_datasets(csv: Any) -> None:
    text = "risk_id;slutdatum;andel;enhet\nR1;31 dec 2022;0,5;Avd. 1\nR2;;;\n"
    rows = values(csv(text, LIST))
    assert [(r["slutdatum"], r["enhet"]) for r in rows] == [("2022-12-31", "Avd. 1"), ("", "")]
    assert rules(csv("risk_id;slutdatum\nR1;2022-02-30\n", LIST)) == ["inte_datum"]
    assert rules(csv("risk_id;andel\nR1;12 %\n", LIST)) == ["enhet_i_tal"]


def test_period_without_type_must_be_canonical(csv: Any) -> None:
    dataset = Dataset("x", "", slag="text", kolumner=(Column("period", typ="period", nyckel=True),))
    assert len(values(csv("period\n2022\n2022-08\n2022T1\n2022-01/2022-05\n", dataset))) == 4
    finding = one(csv("period\naug 2022\n", dataset))
    assert finding.remedy.startswith("Skriv som: 2022-01, 2022T1, 2022H1, 2022D08, 2022,")


def test_period_types(csv: Any) -> None:
    only = Dataset("x", "", kolumner=SET.kolumner, enheter=("tkr",), periodtyper=("manad", "helar"))
    head = "matt;enhet;varde;periodtyp;period\n"
    assert rules(csv(head + "a;tkr;1;tertial;2022T1\n", only)) == ["fel_periodtyp"]
    assert rules(csv(head + "a;tkr;1;kvartal;2022K1\n", only)) == ["fel_periodtyp"]
    assert rules(csv(head + "a;tkr;1;manad;2022-13\n", only)) == ["inte_period"]
    assert values(csv(head + "a;tkr;1;MÅNAD;2022-12\n", only))


def test_duplicates_name_both_rows(csv: Any) -> None:
    text = HEAD.replace(",", ";") + "a;1;mål;helar;2022;tkr;1;;\n\nA;;;helår;2022;tkr;1;;\n"
    table = csv(text + "a;;Mål;helår;helår 2022;tkr;2;;\na;;mål;helar;2022;tkr;3;;\n")
    assert rules(table) == ["dubblett", "dubblett"]
    assert table.findings[0].message == (
        "Raderna 2 och 5 har samma nycklar: matt «a», roll «mål», periodtyp «helar», period «2022»."
    )
    assert "Raderna 2 och 6" in table.findings[1].message
    assert table.findings[0].keys == {
        "matt": "a", "roll": "mål", "periodtyp": "helar", "period": "2022",
    }  # fmt: skip
    assert table.rows == (2, 4)


def test_a_row_whose_keys_cannot_be_read_is_no_duplicate(csv: Any) -> None:
    text = HEAD + "a,,,helar,2O22,tkr,1,,\na,,,helar,2O23,tkr,1,,\n"
    assert rules(csv(text)) == ["inte_period", "inte_period"]


def test_no_row_is_lost_without_a_fault(csv: Any) -> None:
    """A dataset that allows empty units and period types still holds figures to them."""
    free = tuple(
        Column(c.namn, typ=c.typ, nyckel=c.nyckel, obligatorisk=False, kan_vara_tom=True)
        for c in SET.kolumner
    )
    loose = Dataset("x", "", kolumner=free)
    head = "matt;enhet;varde;periodtyp;period\n"
    table = csv(head + "a;;12 %;helar;2022\nb;;12;;2022-08\nc;;12;;aug 2022\nd;;12;;\n", loose)
    assert rules(table) == ["enhet_i_tal", "inte_period"]
    assert table.frame["matt"].tolist() == ["b", "d"]
    bare = Dataset(
        "x", "", kolumner=(SET.kolumn("matt"), SET.kolumn("period"), SET.kolumn("varde"))
    )
    assert values(csv("matt;period;varde\na;2022T1;5\n", bare))
    assert rules(csv("matt;period;varde\na;T1 2022;5 kr\n", bare)) == ["inte_period", "enhet_i_tal"]


# --- Excel


HEADS = ["matt", "roll", "periodtyp", "period", "enhet", "varde", "orsak", "kalla"]


def test_cells_of_excel(save: Save) -> None:
    def change(book: Any) -> None:
        sheet = book.active
        sheet["F2"].number_format = "0.0%"
        sheet["D4"].number_format = "mmm-yy"
        sheet["F4"].number_format = '#,##0.0\\ "tkr"'

    path = save(
        [h.upper() for h in HEADS],
        ["a", "Mål", "helar", 2022, "procent", 0.07, None, "k"],
        [12, None, "tidpunkt", dt.date(2022, 8, 31), "tkr", "1 234,5 kr", None, "=x"],
        ["c", None, "manad", 44774, "tkr", 0.1, None, None],
        ["d", None, "tidpunkt", 44804.0, "antal", None, "ej mätt", None],
        change=change,
        parts={
            "xl/worksheets/sheet1.xml": lambda x: x.replace(b"<f>x</f><v></v>", b"<f>x</f><v>7</v>")
        },
    )
    rows = values(intake.read(path, SET, CONTEXT))
    assert [(r["matt"], r["period"], r["enhet"], r["varde"]) for r in rows[:3]] == [
        ("a", "2022", "procent", 7.0),
        ("12", "2022-08-31", "tkr", 1.2345),
        ("c", "2022-08", "tkr", 0.1),
    ]
    assert rows[1]["kalla"] == "7"
    assert (rows[3]["period"], rows[3]["orsak"]) == ("2022-08-31", "ej_matt")


@pytest.mark.parametrize(
    ("column", "value", "shape", "rule", "words"),
    [
        ("F", True, "", "sant_falskt", "SANT"), ("A", False, "", "sant_falskt", "FALSKT"),
        ("F", "=1+1", "", "formel_utan_varde", "utan uträknat värde"),
        ("F", "#REF!", "", "felvarde", "«#REF!»"), ("F", "#DIV/0!", "", "felvarde", "«#DIV/0!»"),
        ("H", "#N/A", "", "felvarde", "«#N/A»"), ("A", "#VALUE!", "", "felvarde", "«#VALUE!»"),
        ("D", "#NAME?", "", "felvarde", "«#NAME?»"),
        ("A", dt.date(2022, 1, 5), "", "blev_datum", "«2022-01-05»"),
        ("F", dt.date(2022, 1, 5), "", "blev_datum", "«2022-01-05»"),
        ("A", 2.1, "", "blev_tal", "«2,1»"), ("A", 180, "0000", "blev_tal", "«180»"),
        ("F", 0.12, "0%", "enhet_i_tal", "visas i procent"),
        ("F", 1234567, "#,##0,", "visas_skalat", "delad med tusen"),
        ("F", 1234567, "#,##0 \"kr\"", "enhet_i_tal", "visas i kr"),
        ("F", 1234567, "#,##0\\ [$kr-41D];-#,##0\\ [$kr-41D]", "enhet_i_tal", "visas i kr"),
        ("D", dt.date(2022, 8, 31), "", "inte_period", "«2022-08-31»"),
        ("D", 2022.5, "", "inte_period", "«2022.5»"),
        ("F", "1.234", "", "tvetydigt_tal", "«1.234»"),
    ],
)  # fmt: skip
def test_faulty_cells_of_excel(
    save: Save, column: str, value: Any, shape: str, rule: str, words: str
) -> None:
    def change(book: Any) -> None:
        book.active[f"{column}2"] = value
        if shape:
            book.active[f"{column}2"].number_format = shape

    path = save(HEADS, ["a", "mål", "helar", "2022", "tkr", 1, None, "k"], change=change)
    finding = one(intake.read(path, SET, CONTEXT))
    assert finding.rule == rule
    assert words in finding.message
    assert f"blad «matningar», rad 2, kolumn {HEADS[ord(column) - 65]} ({column})" in finding.place


def test_formats_that_change_nothing(save: Save) -> None:
    shapes = ["#,##0.00", "0", "@", "#,##0.0;[Red]-#,##0.0", "0\\ \\m", '_-* #,##0\\ "tkr"_-']

    def change(book: Any) -> None:
        for row, shape in enumerate(shapes, start=2):
            book.active[f"F{row}"].number_format = shape

    rows = [[f"a{i}", None, "helar", 2022, "tkr", 1234.5] for i in range(len(shapes))]
    found = values(intake.read(save(HEADS, *rows, change=change), SET, CONTEXT))
    assert [row["varde"] for row in found] == [1234.5] * len(shapes)


def test_merged_and_hidden(save: Save) -> None:
    def change(book: Any) -> None:
        sheet = book.active
        sheet.merge_cells("A3:A4")
        sheet.merge_cells("J1:K9")
        sheet.row_dimensions[2].hidden = True
        sheet.row_dimensions[9].hidden = True
        sheet.column_dimensions["H"].hidden = True

    rows = [[name, None, "helar", 2022, "tkr", 1, None, "k"] for name in "abcd"]
    table = intake.read(save(HEADS, *rows, change=change), SET, CONTEXT)
    assert rules(table) == ["sammanfogade_celler"]
    assert rules(table, "varning") == ["dolt", "dolt"]
    texts = [finding.message for finding in table.findings]
    assert texts == [
        "Dolda kolumner läses: H.", "Dolda rader läses: 2.", "Cellerna A3:A4 är sammanfogade.",
    ]  # fmt: skip
    assert table.frame["matt"].tolist() == ["a", "d"]


def test_the_1904_system(save: Save) -> None:
    def change(book: Any) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    row = ["a", None, "tidpunkt", dt.datetime(2022, 8, 31), "tkr", 1]
    table = intake.read(save(HEADS, row, change=change), SET, CONTEXT)
    assert values(table)[0]["period"] == "2022-08-31"
    row[3] = 43342
    table = intake.read(save(HEADS, row, change=change), SET, CONTEXT)
    assert values(table)[0]["period"] == "2022-08-31"


def test_sheets_of_a_file(save: Save) -> None:
    row = ["a", None, "helar", 2022, "tkr", 1]
    assert values(intake.read(save(HEADS, row, title="Blad1"), SET, CONTEXT))

    def more(*names: str, filled: bool = True, hidden: bool = False) -> Callable[[Any], None]:
        def change(book: Any) -> None:
            for name in names:
                sheet = book.create_sheet(name)
                sheet.sheet_state = "hidden" if hidden else "visible"
                if filled:
                    sheet.append(["något"])

        return change

    path = save(HEADS, row, title="Mätningar", change=more("Blad2", "(not)", "Läs mig", "Hjälp"))
    table = intake.read(path, SET, CONTEXT)
    assert rules(table, "upplysning") == ["olasta_blad"]
    assert "Bladen «Blad2» läses inte." in table.findings[0].message
    assert len(values(table)) == 1
    path = save(HEADS, row, title="Blad1", change=more("Blad2", "Blad3", filled=False))
    assert len(values(intake.read(path, SET, CONTEXT))) == 1
    path = save(HEADS, row, title="Blad1", change=more("Blad2", hidden=True))
    finding = one(intake.read(path, SET, CONTEXT))
    assert finding.rule == "flera_blad"
    assert "Blad: «Blad1», «Blad2» (dolt)." in finding.message
    assert values(intake.read(path, SET, CONTEXT, sheet="Blad1"))
    assert rules(intake.read(path, SET, CONTEXT, sheet="x")) == ["flera_blad"]
    assert rules(intake.read(path, SET, CONTEXT, sheet="Blad2"))[0] == "rubrikrad"
    path = save(HEADS, row, change=more("MATNINGAR "))
    assert one(intake.read(path, SET, CONTEXT)).rule == "flera_blad"


def test_sheets_of_a_workbook(save: Save) -> None:
    long = "avvikelser_socialt_stod_typ_och_enhet"

    def change(book: Any) -> None:
        for name in (long[:31], "Läs mig", "(noter)", "ekonmi", "Blad3", "Ekonomi tal"):
            book.create_sheet(name).append([] if name == "Blad3" else ["x"])

    path = save(HEADS, change=change)
    found, findings = intake.sheets(path, ["matningar", long, "ekonomi", "ekonomi_tal"])
    assert found == {"matningar": "matningar", long: long[:31], "ekonomi_tal": "Ekonomi tal"}
    [finding] = findings
    assert finding.rule == "okant_blad"
    assert "Menade du «ekonomi»?" in finding.remedy
    assert finding.place.endswith("m.xlsx, blad «ekonmi»")
    twins = [long, long[:31] + "x"]
    assert "flera_blad" in [f.rule for f in intake.sheets(path, [*twins, "matningar"])[1]]
    dataset = Dataset(long, "", kolumner=SET.kolumner)
    assert intake.read(path, dataset, CONTEXT).sheet == long[:31]
    broken = path.with_name("x.xlsx")
    broken.write_bytes(b"x")
    assert [f.rule for f in intake.sheets(broken, [])[1]] == ["fel_filtyp"]
    assert [f.rule for f in intake.sheets(path.with_name("no.xlsx"), [])[1]] == ["fil_saknas"]


def _zip(path: Path, parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_files_that_are_no_excel_files(tmp_path: Path, save: Save) -> None:
    path = tmp_path / "n.xlsx"
    ole = bytes.fromhex("d0cf11e0a1b11ae1")
    cases = {
        "fel_filtyp": [b"hej", ole + bytes(100), b"<html>", b"matt;varde\n"],
        "losenord": [ole + bytes(100) + "EncryptedPackage".encode("utf-16-le")],
        "skadad": [b"PK\x03\x04" + bytes(100), save(HEADS).read_bytes()[:-100]],
        "tom_fil": [b""],
    }
    for rule, contents in cases.items():
        for content in contents:
            path.write_bytes(content)
            assert one(intake.read(path, SET, CONTEXT)).rule == rule
    ods = {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}
    assert "OpenDocument" in one(intake.read(_zip(path, ods), SET, CONTEXT)).message
    assert one(intake.read(_zip(path, {"a": b"b"}), SET, CONTEXT)).rule == "skadad"


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
PART = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + SHEET + b"</worksheet>", "skadad"),
        (SHEET, "skadad"),
        (SHEET + b"<sheetData>" + b"<row/>" * 1_048_577, "skadad"),
        (SHEET + b"<sheetData>" + b"<row><c><v>1</v></c></row>" * 30_000, "for_stor"),
        (SHEET + b"<sheetData><row>" + b"<c/>" * 4_000_000, "for_stor"),
        (SHEET + b"<sheetData>" + b" " * 21_000_000, "for_stor"),
        (SHEET + b"<sheetData>" + b" " * 201_000_000, "for_stor"),
        (SHEET + b"<mergeCells>" + b'<mergeCell ref="A1:B2"/>' * 30_000, "for_stor"),
        (SHEET + b'<sheetData><row><c t="s"><v>7</v></c></row></sheetData></worksheet>', "skadad"),
        (SHEET + b'<sheetData><row><c s="99"><v>7</v></c></row></sheetData></worksheet>', "skadad"),
        (SHEET + b'<sheetData><row><c t="q"><v>7</v></c></row></sheetData></worksheet>', "skadad"),
        (SHEET + b'<sheetData><row r="x"/></sheetData></worksheet>', "skadad"),
        (SHEET + b'<sheetData><row r="1"><c r="A2"><v>1</v></c></row></sheetData>', "skadad"),
        (SHEET + b"<sheetData/></worksheet>", "tom_fil"),
    ],
)  # fmt: skip
def test_hostile_sheets(save: Save, content: bytes, rule: str) -> None:
    path = save(HEADS, parts={PART: lambda _: content})
    assert one(intake.read(path, SET, CONTEXT)).rule == rule


def test_what_the_sheet_says_of_its_size_is_not_believed(save: Save) -> None:
    row = ["a", None, "helar", 2022, "tkr", 1]
    big = {PART: lambda x: x.replace(b'ref="A1:H2"', b'ref="A1:XFD1048576"')}
    assert b"XFD1048576" in zipfile.ZipFile(save(HEADS, row, parts=big)).read(PART)
    assert values(intake.read(save(HEADS, row, parts=big), SET, CONTEXT))


def test_lost_parts_and_foreign_packing(save: Save, tmp_path: Path) -> None:
    whole = zipfile.ZipFile(save(HEADS, ["a", None, "helar", 2022, "tkr", 1]))
    parts = {name: whole.read(name) for name in whole.namelist()}
    for lost in ("xl/styles.xml", PART, "xl/_rels/workbook.xml.rels", "_rels/.rels"):
        path = _zip(tmp_path / "l.xlsx", {k: v for k, v in parts.items() if k != lost})
        assert one(intake.read(path, SET, CONTEXT)).rule == "skadad", lost
    path = _zip(tmp_path / "l.xlsx", parts, zipfile.ZIP_LZMA)
    assert one(intake.read(path, SET, CONTEXT)).rule == "skadad"
    path = _zip(tmp_path / "l.xlsx", parts | {f"x{i}": b"" for i in range(6000)})
    assert one(intake.read(path, SET, CONTEXT)).rule == "for_stor"


def test_shared_texts_escapes_and_rich_text(save: Save, tmp_path: Path) -> None:
    """As Excel itself writes texts: shared, in runs, with escapes and readings."""
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + "".join(f"<si><t>{name}</t></si>" for name in HEADS[:6])
        + "<si><r><t>fe</t></r><r><t xml:space='preserve'>t </t></r><r><t>stil</t></r>"
        "<rPh sb='0' eb='1'><t>ljud</t></rPh></si><si><t>rad_x000A_två _x005F_x0041_</t></si></sst>"
    )
    cells = "".join(f'<c t="s"><v>{i}</v></c>' for i in range(6))
    rest = '<c/><c t="str"><f>"hel"&amp;"ar"</f><v>helar</v></c><c><v>2022</v></c>'
    rest += '<c t="inlineStr"><is><t>tkr</t></is></c><c><f>1</f><v>1E-3</v></c></row>'
    rows = f'<row>{cells}</row><row r="3"><c t="s"><v>6</v></c>{rest}'
    rows += f'<row><c t="s"><v>7</v></c>{rest}'
    sheet = SHEET.decode() + f"<sheetData>{rows}</sheetData></worksheet>"
    relation = (
        b'<Relationship Id="rId9" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org'
        b'/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    whole = zipfile.ZipFile(save(HEADS))
    parts = {name: whole.read(name) for name in whole.namelist()}
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Relationships>", relation)
    parts |= {"xl/sharedStrings.xml": strings.encode(), PART: sheet.encode()}
    table = intake.read(_zip(tmp_path / "s.xlsx", parts), SET, CONTEXT)
    rows_read = values(table)
    assert [row["matt"] for row in rows_read] == ["fet stil", "rad\ntvå _x0041_"]
    assert rows_read[0]["varde"] == 0.001
    assert table.rows == (3, 4)


def test_a_workbook_with_macros_and_links_is_read_without_them(save: Save, tmp_path: Path) -> None:
    whole = zipfile.ZipFile(save(HEADS, ["a", None, "helar", 2022, "tkr", 1]))
    parts = {name: whole.read(name) for name in whole.namelist()}
    parts |= {"xl/vbaProject.bin": b"\x00" * 1000, "xl/externalLinks/externalLink1.xml": b"<a>"}
    path = _zip(tmp_path / "m.xlsm", parts)
    assert len(values(intake.read(path, SET, CONTEXT))) == 1


def test_read_and_write_canonical() -> None:
    frame = pd.DataFrame(
        {
            "matt": pd.Series(['a"b', "c,d", "", "e\r\nf"], dtype=object),
            "ordning": pd.array([1, None, 3, -4], dtype="Int64"),
            "varde": [0.1, float("nan"), 1e22, -5e-324],
        }
    )
    content = intake.write_csv(frame)
    assert content.startswith(
        b'matt,ordning,varde\n"a""b",1,0.1\n"c,d",,\n,3,10000000000000000000000\n'
    )
    assert b"e-" not in content
    pd.testing.assert_frame_equal(intake.read_canonical(content, SET), frame)
    whole = frame.assign(ordning=pd.Series([1, 2, 3, 4], dtype="int64"))
    pd.testing.assert_frame_equal(intake.read_canonical(intake.write_csv(whole), SET), whole)
    single = pd.DataFrame({"matt": pd.Series(["", "a"], dtype=object)})
    pd.testing.assert_frame_equal(intake.read_canonical(intake.write_csv(single), SET), single)
    none = frame.iloc[:0]
    assert list(intake.read_canonical(intake.write_csv(none), SET).columns) == list(frame.columns)


def test_contents_that_differ_only_in_diacritics(csv: Any) -> None:
    column = Column("namn", nyckel=True, tillatna={"å": "", "a": "", "bär": ""})
    dataset = Dataset("x", "", slag="text", kolumner=(column,))
    assert [row["namn"] for row in values(csv("namn\nÅ\nA\nBAR\n", dataset))] == ["å", "a", "bär"]
    assert rules(csv("namn\nä\n", dataset)) == ["otillatet"]
