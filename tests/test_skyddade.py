"""The reports with small counts taken out: nothing is told, and nothing is told wrongly.

The shipped data is exempt from protection; here the exemptions are taken away. Every difference
from the shipped documents must then be a mark or words, never another number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import lxml.html
import pytest

from berattelse.config import read_settings
from berattelse.gate import Gate
from tests.conftest import Run, copy_project, run_in, write
from tests.readers import Record, html_labels, html_tables, squeeze

REPORTS = [
    "harnosand/2022/kvalitetsberattelse",
    "harnosand/2022/patientsakerhetsberattelse",
    "harnosand/2022/verksamhetsberattelse",
    "herrljunga/2022/verksamhetsberattelse",
    "vanersborg/2024/kvalitetsberattelse",
    "vanersborg/2024/patientsakerhetsberattelse",
]
NUMBER = re.compile(r"[−-]?\d+(?:[ \u00a0]\d{3})*(?:,\d+)?")
WORDS = ("två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")
COUNT_WORD = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)


@pytest.fixture(scope="session")
def skyddad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with every figure protected, all reports built as web pages."""
    project = copy_project(tmp_path_factory.mktemp("skyddad"))
    for exemption in project.glob("data/*/*/skydd.yml"):
        exemption.unlink()
    done = run_in(project, "--format", "html")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


@lru_cache(maxsize=32)
def page(path: Path) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(path.read_text(encoding="utf-8"))


def prose(path: Path) -> list[str]:
    """The paragraphs and list items of a page."""
    found = page(path).xpath("//main//p | //main//li[not(.//p)]")
    return [squeeze(element.text_content()) for element in found]


def alternatives(path: Path) -> list[str]:
    """The text alternatives of the charts."""
    return [str(text) for text in page(path).xpath("//main//*[@role='img']/@aria-label")]


def records(path: Path, label: str) -> list[Record]:
    """The cells of one table."""
    caption = html_labels(path)[label]
    (table,) = (t for t in html_tables(path) if t.caption == caption)
    return table.records()


def cell(path: Path, label: str, row: str, column: str = "") -> str:
    (found,) = (r for r in records(path, label) if r.rad == row and column in r.kolumn)
    return found.text


def pages(skyddad: Path, site: Path) -> Iterator[tuple[Path, Path]]:
    for report in REPORTS:
        yield skyddad / "_site" / f"{report}.html", site / f"{report}.html"


def test_every_report_is_built(skyddad: Path) -> None:
    site = skyddad / "_site"
    made = {path.relative_to(site).as_posix() for path in site.rglob("*.*")}
    assert {f"{report}.html" for report in REPORTS} <= made


def test_something_is_hidden_of_every_kommun(skyddad: Path) -> None:
    """Guards the guard: without hidden figures the tests here would say nothing."""
    gate = Gate(read_settings(skyddad))
    for kommun, ar in (("harnosand", 2022), ("herrljunga", 2022), ("vanersborg", 2024)):
        hidden = gate.check(kommun, ar).hidden.rows
        assert sum(map(len, hidden.values())) > 20, kommun


def test_a_cell_is_what_it_was_or_a_mark(skyddad: Path, site: Path) -> None:
    """No sum, share or difference has become another number: that would be a partial sum."""
    changed, wrong = 0, []
    for protected, shipped in pages(skyddad, site):
        for now, before in zip(html_tables(protected), html_tables(shipped), strict=True):
            for new, old in zip(now.records(), before.records(), strict=True):
                if new.text == old.text:
                    continue
                changed += 1
                # A cell of several parts keeps those that are shown: "18 (varav x externa)"
                parts = re.split(r"\bx\b", new.text)
                marked = len(parts) > 1 and all(part in old.text for part in parts)
                if not marked and new.text not in ("skyddad", "– Kan inte bedömas"):
                    wrong.append(f"{now.caption}: {new.rad}: {old.text} -> {new.text}")
    assert not wrong, "\n".join(wrong)
    assert changed > 200


def test_a_table_with_x_says_what_x_is(skyddad: Path) -> None:
    for report in REPORTS:
        for table in page(skyddad / "_site" / f"{report}.html").xpath("//main//table"):
            cells = {squeeze(c.text_content()) for c in table.xpath(".//tbody//td")}
            if "x" in cells:
                around = table.xpath("ancestor::*[self::details or starts-with(@id, 'tbl-')]")
                assert "x = skyddad uppgift" in around[-1].text_content()


HIDDEN_CELLS = [
    (1, "tbl-avvikelser", "Trycksår", "Antal"),
    (1, "tbl-avvikelser", "Läkemedel fel person", "Andel"),
    (1, "tbl-hantering", "Allvarlig vårdskada (lex Maria)", "2022"),
    (1, "tbl-patientnamnden", "Ärenden hos Patientnämnden", "2020"),
    (2, "tbl-placeringar-barn", "Jourhem", "SoL"),
    (3, "tbl-avvikelser-enhet", "Furuhagen korttidsboende", "Antal"),
    (3, "tbl-externa-avvikelser", "Skaraborgs sjukhus", "Antal"),
    (3, "tbl-avvikelser-socialt-stod", "Dokumentation", "Andel"),
    (4, "tbl-placeringar", "SiS", "Antal"),
    (4, "tbl-domar-insats", "Avgifter", "Antal"),
    (5, "tbl-lex-maria", "Påbörjade utredningar enligt lex Maria", "2024"),
]
SUM_CELLS = [
    (1, "tbl-patientnamnden", "Ärenden hos Patientnämnden", "Summa"),
    (2, "tbl-vantelista-omsorgen", "Totalt väntande", "dec"),
    (3, "tbl-avvikelser-socialt-stod", "Totalt", "Andel"),
]
SAFE_SUMS = [
    (2, "tbl-placeringar-barn", "Totalsumma", "Totalsumma"),
    (3, "tbl-avvikelser-enhet", "Totalt", "Antal"),
    (3, "tbl-avvikelser-socialt-stod", "Totalt", "Antal"),
    (4, "tbl-beslut", "Total", "2024 | Bifall"),
    (4, "tbl-beslut", "Total", "2023 | Avslag"),
]


@pytest.mark.parametrize(("report", "label", "row", "column"), HIDDEN_CELLS + SUM_CELLS)
def test_a_hidden_figure_and_a_sum_over_it_show_x(
    skyddad: Path, report: int, label: str, row: str, column: str
) -> None:
    path = skyddad / "_site" / f"{REPORTS[report]}.html"
    assert cell(path, label, row, column) == "x"


@pytest.mark.parametrize(("report", "label", "row", "column"), SAFE_SUMS)
def test_a_sum_that_gives_nothing_away_is_told_though_its_parts_are_hidden(
    skyddad: Path, site: Path, report: int, label: str, row: str, column: str
) -> None:
    now, before = (
        cell(root / f"{REPORTS[report]}.html", label, row, column)
        for root in (skyddad / "_site", site)
    )
    assert now == before != "x"


def test_a_total_that_is_a_figure_of_its_own_is_shown(skyddad: Path) -> None:
    path = skyddad / "_site" / f"{REPORTS[1]}.html"
    assert cell(path, "tbl-avvikelser", "Summa", "Antal") == "810"
    assert cell(path, "tbl-avvikelser", "Fall utan skada", "Andel") == "38,5"


def test_no_text_tells_a_number_that_the_shipped_one_does_not(skyddad: Path, site: Path) -> None:
    for protected, shipped in pages(skyddad, site):
        cells = map(squeeze, page(shipped).xpath("//main//td//text() | //main//th//text()"))
        before = " | ".join([*cells, *prose(shipped), *alternatives(shipped)])
        known, words = set(NUMBER.findall(before)), set(COUNT_WORD.findall(before.lower()))
        for text in prose(protected):
            assert set(NUMBER.findall(text)) <= known, text
            assert set(COUNT_WORD.findall(text.lower())) <= words, text
        for text in alternatives(protected):
            told = re.sub(r"för \w+ av \d+ punkter", "", text)
            assert set(NUMBER.findall(told)) <= known, text


def test_no_text_has_a_word_of_python(skyddad: Path) -> None:
    for report in REPORTS:
        text = page(skyddad / "_site" / f"{report}.html").xpath("string(//main)")
        assert not re.search(r"\b(?:nan|None|NaT)\b|<NA>", text), report


def test_hidden_counts_are_good_swedish(skyddad: Path) -> None:
    for report in REPORTS:
        for text in prose(skyddad / "_site" / f"{report}.html"):
            assert "skyddad uppgift av" not in text.lower(), text
            found = re.search(r"[Ss]kyddad uppgift (\w+ar|\w+er|fall|barn|hembesök)\b", text)
            assert not found, text


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (0, "Ett skyddat antal missförhållanden eller risker för missförhållanden anmäldes"),
        (1, "Vilken typ som är vanligast redovisas inte"),
        (1, "Hur många avvikelser som rör läkemedel redovisas inte."),
        (1, "kom sammanlagt ett skyddat antal ärenden"),
        (2, "I december var behovet ett skyddat antal respektive 7"),
        (2, "Antalet vårddygn redovisas per månad"),
        (3, "Synpunkterna och klagomålen har inte kunnat jämföras"),
        (3, "Vilken enhet som har rapporterat flest går inte att säga"),
        (3, "Kommunen har skickat ett skyddat antal och tagit emot ett skyddat antal"),
        (4, "Under 2024 fattades sammanlagt 3 782 nya beslut om bistånd"),
        (5, "I ett skyddat antal fall efterfrågades ett hembesök."),
    ],
)
def test_a_sentence_says_that_it_cannot_tell(skyddad: Path, report: int, sentence: str) -> None:
    texts = prose(skyddad / "_site" / f"{REPORTS[report]}.html")
    assert any(sentence in text for text in texts)


@pytest.mark.parametrize(
    ("report", "claim"),
    [
        (1, "Vanligast är"),
        (2, "Den vanligaste resurstypen var"),
        (2, "som lägst 3 och som högst 10"),
        (3, "Den vanligaste typen är"),
    ],
)
def test_nothing_is_called_the_largest_where_a_hidden_one_may_be(
    skyddad: Path, site: Path, report: int, claim: str
) -> None:
    assert any(claim in text for text in prose(site / f"{REPORTS[report]}.html"))
    assert not any(claim in text for text in prose(skyddad / "_site" / f"{REPORTS[report]}.html"))


def test_text_alternatives_claim_extremes_only_among_what_is_shown(skyddad: Path) -> None:
    texts = alternatives(skyddad / "_site" / f"{REPORTS[1]}.html")
    (found,) = (text for text in texts if "Fall utan skada" in text)
    assert "Högst av de redovisade är Fall utan skada med 312" in found
    assert "Skyddade uppgifter finns för Läkemedel fel person" in found
    for report in REPORTS:
        for text in alternatives(skyddad / "_site" / f"{report}.html"):
            if "Skyddade uppgifter" in text and re.search(r"\b[Hh]ögst\b", text):
                assert "redovisade" in text, text


def test_days_do_not_tell_how_few_were_placed(skyddad: Path) -> None:
    """62 days in a month of 31 are two persons."""
    path = skyddad / "_site" / f"{REPORTS[2]}.html"
    found = {(r.rad, r.kolumn): r.text for r in records(path, "tbl-vuxen")}
    hidden = [(row, when) for (row, when), text in found.items() if text == "x"]
    persons = {(row, when) for row, when in hidden if row.startswith("Antal brukare")}
    assert len(persons) > 10
    for row, when in persons:
        assert found[row.replace("brukare", "dygn"), when] == "x"


def test_a_sentence_that_needs_a_hidden_figure_stops_at_its_line(
    projekt: Path, berattelse: Run
) -> None:
    header = "matt,periodtyp,period,enhet,varde,orsak,kalla\n"
    write(
        projekt / "data/herrljunga/2022/insatser.csv",
        header + "beslut,helar,2022,antal,3,,Egen statistik\n",
    )
    write(
        projekt / "partials/liten/herrljunga/2022/_text.qmd",
        "Se @tbl-insatser.\n\nDet fattades `{python} tal(kravs(antal))` beslut.\n",
    )
    done = berattelse("--kommun", "herrljunga", "--format", "html")
    said = (done.stdout + done.stderr).replace("\\", "/")
    assert done.returncode == 1
    assert "_text.qmd:3" in said
    assert "skyddad uppgift" in said
    assert not re.search(r"\b3 beslut", said)


def test_without_kravs_the_small_project_is_built_with_words(
    projekt: Path, berattelse: Run
) -> None:
    data = projekt / "data/herrljunga/2022/insatser.csv"
    data.write_text(data.read_text(encoding="utf-8").replace("1234", "3"), encoding="utf-8")
    done = berattelse("--kommun", "herrljunga", "--format", "html")
    assert done.returncode == 0, done.stdout + done.stderr
    made = projekt / "_site/herrljunga/2022/liten.html"
    assert "fattades skyddad uppgift beslut" in squeeze(page(made).text_content())
    assert cell(made, "tbl-insatser", "beslut") == "x"
