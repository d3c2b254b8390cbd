"""`berattelse validera`: which files, what is told, the report, and what could not be checked."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from berattelse.checks import Checker, report
from berattelse.checks.browser import VARIABLE, NoBrowserError, Running
from berattelse.checks.rules import OWN, finding
from berattelse.model import Finding
from berattelse.publish import read_manifest
from tests.conftest import ROOT, Run
from tests.underlag.rapport import typeset

GUIDE = ROOT / "docs" / "validera.md"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A good file of each format, and a Word file without a title."""
    folder = tmp_path_factory.mktemp("filer")
    made = {name: typeset(folder / name, name) for name in ("html", "pdf", "docx")}
    (folder / "skadad.docx").write_bytes(b"hej")
    return made | {"skadad": folder / "skadad.docx"}


def told(projekt: Path) -> list[dict[str, Any]]:
    content = json.loads((projekt / ".berattelse/validering.json").read_text(encoding="utf-8"))
    assert isinstance(content, list)
    return content


# Which files ------------------------------------------------------------------------------------


def test_what_was_built_is_checked(projekt: Path, berattelse: Run, browser_path: str) -> None:
    assert berattelse().returncode == 0
    done = berattelse("validera")
    assert done.returncode == 0, done.stdout + done.stderr
    names = {Path(each["fil"]).as_posix() for each in told(projekt)}
    assert {f"_site/{entry['fil']}" for entry in read_manifest(projekt / "_site")} < names
    assert "_site/index.html" in names
    assert len(re.findall(r"^prövar ", done.stderr, re.MULTILINE)) == len(names)
    assert f"{len(names)} filer: 0 fel" in done.stdout

    done = berattelse("validera", "--kommun", "herr*", "--format", "docx,pdf")
    assert done.returncode == 0
    assert sorted(Path(each["fil"]).as_posix() for each in told(projekt)) == [
        "_site/herrljunga/2022/liten.docx", "_site/herrljunga/2022/liten.pdf",
    ]  # fmt: skip

    (projekt / "_site/herrljunga/2022/liten.pdf").unlink()
    done = berattelse("validera", "--kommun", "herrljunga", "--format", "pdf")
    assert done.returncode == 1 and "[filen_saknas]" in done.stdout


def test_files_and_folders_may_be_named(
    projekt: Path, berattelse: Run, files: dict[str, Path]
) -> None:
    shutil.copy(files["docx"], projekt / "en.docx")
    (projekt / "mapp").mkdir()
    shutil.copy(files["pdf"], projekt / "mapp" / "två.pdf")
    done = berattelse("validera", "en.docx", "mapp")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [each["fil"] for each in told(projekt)] == ["en.docx", str(Path("mapp/två.pdf"))]


def test_a_file_needs_no_project(tmp_path: Path, files: dict[str, Path]) -> None:
    outside = tmp_path / "utanför"
    outside.mkdir()
    shutil.copy(files["docx"], outside / "en.docx")
    (outside / "trasig.docx").write_bytes(b"hej")
    run = [sys.executable, "-m", "berattelse", "validera"]
    environment = os.environ | {"PYTHONUTF8": "1"}
    done = [
        subprocess.run([*run, *names], cwd=outside, env=environment, capture_output=True,
                       text=True, encoding="utf-8")
        for names in (["en.docx"], ["trasig.docx"], [])
    ]  # fmt: skip
    assert [each.returncode for each in done] == [0, 1, 1]
    assert "1 fil: 0 fel" in done[0].stdout and "Allt står" not in done[0].stdout
    assert "[word_lasbar]" in done[1].stdout
    assert "_quarto.yml" in done[2].stderr
    assert {path.name for path in outside.iterdir()} == {"en.docx", "trasig.docx"}


def test_without_a_page_the_terminal_tells_every_place() -> None:
    many = tuple(finding("word_tomt_stycke", "x", f"plats {i}") for i in range(9))
    checked = report.Checked(Path("x.docx"), many, 0.1)
    assert sum("Plats" in line for _, line in report.text(checked)) == 5
    assert sum("Plats" in line for _, line in report.text(checked, whole=True)) == 9


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Bygg dem först"),
        (("--kommun", "finns-inte"), "som stämmer med urvalet"),
        (("saknas.docx",), "saknas.docx: finns inte"),
        (("_quarto.yml", "reports"), "slutar inte på .html, .pdf, .docx; reports: mappen"),
        (("--format", "odt"), "Okänt format «odt»"),
        (("_quarto.yml", "--kommun", "herrljunga"), "antingen filer eller väljarna"),
    ],
)
def test_wrong_usage_is_told(berattelse: Run, arguments: tuple[str, ...], said: str) -> None:
    done = berattelse("validera", *arguments)
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr


# What is told -----------------------------------------------------------------------------------


def test_faults_are_told_with_rule_place_and_remedy(
    projekt: Path, berattelse: Run, files: dict[str, Path]
) -> None:
    done = berattelse("validera", str(files["skadad"]), str(files["docx"]))
    assert done.returncode == 1
    assert "FEL Filen är ett helt Worddokument (.docx) utan lösenord. [word_lasbar]" in done.stdout
    assert f"→ {OWN['word_lasbar'].remedy}" in done.stdout
    assert "2 filer: 1 fel" in done.stdout
    assert ".berattelse" in done.stdout
    (broken, _) = told(projekt)
    assert [each["regel"] for each in broken["resultat"]] == ["word_lasbar"]


def test_without_a_browser_the_rest_is_checked_and_the_run_fails(
    projekt: Path, files: dict[str, Path]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "berattelse", "validera",
         *(str(files[name]) for name in ("html", "pdf", "docx"))],
        cwd=projekt, env=os.environ | {VARIABLE: str(projekt / "ingen"), "PYTHONUTF8": "1"},
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 1
    assert "Webbsidan är inte prövad" in done.stdout
    levels = [[f["regel"] for f in each["resultat"] if f["niva"] == "fel"]
              for each in told(projekt)]  # fmt: skip
    assert levels == [["ej_provad"], [], []]


def test_without_playwright_the_message_says_how_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    with pytest.raises(NoBrowserError) as caught:
        Running()
    assert "-c constraints.txt -e '.[validera]'" in caught.value.remedy


def test_the_command_line_starts_without_the_checks() -> None:
    script = (
        "import sys; import berattelse.cli; "
        "print([m for m in ('playwright', 'page', 'lxml.html', 'pypdfium2', "
        "'berattelse.checks') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


# The report -------------------------------------------------------------------------------------


def hostile() -> report.Checked:
    evil = '<script>alert(1)</script> "><img src=x> [red]$innehall$'
    findings = (
        finding("word_kontrast", f"Texten «{evil}» är blek.", f"under rubriken «{evil}»"),
        finding("word_kontrast", "Texten är blek.", "tabell 2"),
        finding("ej_provad", "Webbsidan är inte prövad.", remedy=evil),
        Finding("axe:region", "varning", "Regeln är bruten.", evil, "axe säger: x."),
        Finding("axe:okand-regel", "upplysning", "axe vet inte.", "", "Titta."),
        Finding("pdf:PDFUA1-NYTT-001", "fel", "PDF/UA-1: something new", "sidan 3", "Rätta."),
    )
    return report.Checked(Path.cwd() / "en <b>mapp" / "fil.docx", findings, 0.1)


def test_the_report_passes_its_own_check(tmp_path: Path, browser: Any) -> None:
    clean = report.Checked(Path.cwd() / "fil.pdf", (), 0.1)
    page = report.write(tmp_path, [hostile(), clean])
    assert page == tmp_path / ".berattelse" / "validering.html"
    assert Checker(browser).check(page) == []
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text and "<img" not in text and "<b>" not in text
    assert "[red]$innehall$" in text
    first = page.read_bytes()
    assert report.write(tmp_path, [hostile(), clean]).read_bytes() == first


def test_the_gravest_is_told_first_and_places_are_gathered() -> None:
    groups = report.grouped(hostile().findings)
    assert [(first.level, first.rule, len(its)) for first, its in groups] == [
        ("fel", "word_kontrast", 2), ("fel", "ej_provad", 1), ("fel", "pdf:PDFUA1-NYTT-001", 1),
        ("varning", "axe:region", 1), ("upplysning", "axe:okand-regel", 1),
    ]  # fmt: skip
    many = report.Checked(
        Path("x.docx"), tuple(finding("word_kontrast", f"Blek {n}.") for n in range(9)), 0
    )
    lines = [line for _, line in report.text(many)]
    assert "  … och 4 ställen till." in lines and len(lines) == 1 + 5 + 1 + 1
    odd = report.Checked(Path("x.html"), (finding("html_anrop", "Hämtar \x1b]0;x\x07."),), 0)
    assert "\x1b" not in "".join(line for _, line in report.text(odd))
    assert report.counted([many]) == "1 fil: 9 fel, 0 varningar, 0 upplysningar"


def test_every_rule_is_in_the_guide() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", text, re.MULTILINE))
    assert rows == {name: rule.level for name, rule in OWN.items()}


# The real reports -------------------------------------------------------------------------------


def test_our_reports_have_no_errors_or_warnings(site: Path, browser: Any) -> None:
    checker = Checker(browser)
    paths = sorted(p for p in site.rglob("*") if p.suffix in (".html", ".pdf", ".docx"))
    assert {path.suffix for path in paths} == {".html", ".pdf", ".docx"}
    found = [
        f"{path.relative_to(site)}: {each}"
        for path in paths
        for each in checker.check(path)
        if each.level != "upplysning"
    ]
    assert not found, "\n".join(found)
