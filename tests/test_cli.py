"""The command as a user runs it: exit codes, Swedish texts, and outputs that stay whole."""

import json
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run, write

ENGLISH = re.compile(
    r"\b(Usage|Options|Commands|Error|Show this message|No such|Missing|Invalid)\b"
)


def test_all_targets_in_all_formats(berattelse: Run, projekt: Path) -> None:
    done = berattelse()
    assert done.returncode == 0, done.stderr
    files = {
        path.relative_to(projekt / "_site").as_posix()
        for path in (projekt / "_site").rglob("*")
        if path.is_file()
    }
    kommuner = ("harnosand", "herrljunga")
    checked = {
        f"kontroll/{kommun}-2022.{suffix}" for kommun in kommuner for suffix in ("html", "json")
    }
    assert files == {"index.html", "manifest.json"} | checked | {
        f"{kommun}/2022/liten.{suffix}" for kommun in kommuner for suffix in ("html", "pdf", "docx")
    }
    assert "6 filer klara i _site." in done.stdout
    entries = json.loads((projekt / "_site/manifest.json").read_text(encoding="utf-8"))
    assert {entry["namn"] for entry in entries} == {"Herrljunga", "Härnösand"}


def test_render_py_is_the_same_command(berattelse: Run) -> None:
    text = (ROOT / "render.py").read_text(encoding="utf-8")
    assert "from berattelse.cli import main" in text
    assert len(text.splitlines()) < 10


def test_a_failing_target_stops_no_other_and_keeps_its_old_file(
    berattelse: Run, projekt: Path
) -> None:
    assert berattelse("--format", "html").returncode == 0
    good = projekt / "_site/herrljunga/2022/liten.html"
    before = good.read_bytes()
    write(projekt / "partials/liten/herrljunga/2022/_text.qmd", "`{python} 1/0`\n")
    write(projekt / "partials/liten/_text.qmd", "Ny text i Härnösand, se @tbl-insatser.\n")
    done = berattelse("--format", "html")
    assert done.returncode == 1
    assert good.read_bytes() == before
    other = (projekt / "_site/harnosand/2022/liten.html").read_text(encoding="utf-8")
    assert "Ny text i Härnösand" in other
    assert "ZeroDivisionError" in done.stderr
    assert "_text.qmd:1" in done.stderr
    assert "Traceback" not in done.stderr
    assert not [p for p in (projekt / "_site").rglob(".*")]


def test_unresolved_reference_fails_with_its_name(berattelse: Run, projekt: Path) -> None:
    write(projekt / "partials/liten/herrljunga/2022/_text.qmd", "Se @tbl-finnsinte.\n")
    done = berattelse("--kommun", "herrljunga")
    assert done.returncode == 1
    assert "tbl-finnsinte" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--kommun", "ingen"),
        ("--format", "odt"),
        ("--finnsinte",),
        ("finnsinte",),
        ("--jobb", "många"),
        ("-P", "ton"),
        ("-P", "ton=lång"),
        ("--kommun",),
    ],
)
def test_wrong_usage_gives_2_and_swedish(berattelse: Run, arguments: tuple[str, ...]) -> None:
    done = berattelse(*arguments)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert not ENGLISH.search(done.stdout + done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("render", "--help"), ("lista", "--help")])
def test_help_is_swedish(berattelse: Run, arguments: tuple[str, ...]) -> None:
    done = berattelse(*arguments)
    assert done.returncode == 0
    assert "Så här:" in done.stdout
    assert not ENGLISH.search(done.stdout)


def test_list_shows_targets_and_their_data(berattelse: Run) -> None:
    done = berattelse("lista")
    assert done.returncode == 0
    assert "liten herrljunga 2022: insatser" in done.stdout


def test_own_output_folder(berattelse: Run, projekt: Path) -> None:
    assert berattelse("--ut", "annan", "--kommun", "herr*", "--format", "docx").returncode == 0
    assert (projekt / "annan/herrljunga/2022/liten.docx").stat().st_size > 5000
    assert not (projekt / "_site").exists()


def test_the_same_inputs_give_the_same_bytes(berattelse: Run, projekt: Path) -> None:
    assert berattelse("--ut", "a").returncode == 0
    assert berattelse("--ut", "b", "--jobb", "1").returncode == 0
    for path in (projekt / "a").rglob("*.*"):
        twin = projekt / "b" / path.relative_to(projekt / "a")
        assert path.read_bytes() == twin.read_bytes(), path.name


def test_a_changed_figure_shows_in_every_format(berattelse: Run, projekt: Path) -> None:
    import docx
    import pdfplumber

    data = projekt / "data/herrljunga/2022/insatser.csv"
    data.write_text(data.read_text(encoding="utf-8").replace("1234", "5678"), encoding="utf-8")
    write(
        projekt / "partials/liten/herrljunga/2022/_text.qmd",
        "Nyskriven mening om @tbl-insatser: `{python} tal(antal)`.\n",
    )
    assert berattelse("--kommun", "herrljunga").returncode == 0
    folder = projekt / "_site/herrljunga/2022"
    word = docx.Document(str(folder / "liten.docx"))
    with pdfplumber.open(folder / "liten.pdf") as pdf:
        pdf_text = "\n".join(page.extract_text() for page in pdf.pages)
    texts = {
        "html": (folder / "liten.html").read_text(encoding="utf-8"),
        "pdf": pdf_text,
        "docx": "\n".join(p.text for p in word.paragraphs)
        + "\n".join(c.text for t in word.tables for r in t.rows for c in r.cells),
    }
    for name, text in texts.items():
        plain = text.replace("\u00a0", " ")
        assert "Nyskriven mening" in plain, name
        assert plain.count("5 678") >= 2, name
        assert "1 234" not in plain, name


def test_wrong_usage_of_the_data_commands_is_told_in_swedish(berattelse: Run) -> None:
    for arguments, said in (
        (("kontrollera", "herrljunga"), "«herrljunga» hör inte hemma här"),
        (("kontrollera", "--kommun", "herljunga"), "Menade du «herrljunga»?"),
        (("kontrolera",), "Menade du"),
        (("granska", "--ut", "ingenstans"), "inga färdiga berättelser att granska"),
        (("granska", "--kommun", "x"), "Inga data stämmer"),
    ):
        done = berattelse(*arguments)
        assert done.returncode == 2, (arguments, done.stdout, done.stderr)
        assert said in done.stderr
        assert "Did you mean" not in done.stderr
