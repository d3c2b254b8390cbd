"""What is wrong in a text is told at once, with what to do about it."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Run, write

TEXT = """\
    Brev till @kommunen om @tbl-borta, se @tbl-insatser.

    [^2]: En not som ingen hänvisar till.
"""


def test_an_unused_note_does_not_hide_dead_references(berattelse: Run, projekt: Path) -> None:
    write(projekt / "partials/liten/herrljunga/2022/_text.qmd", TEXT)
    done = berattelse("--kommun", "herrljunga")
    assert done.returncode == 1
    told = done.stdout + done.stderr
    place = str(Path("partials/liten/herrljunga/2022/_text.qmd"))
    assert told.count(f"{place}:3: Fotnoten [^2] används aldrig i texten.") == 1
    for name in ("@kommunen", "@tbl-borta"):
        assert told.count(f"{place}:1: Korsreferensen {name} leder ingenstans") == 1
    assert "ett @ som bara är text skrivs \\@" in told


def test_an_at_sign_is_text_when_it_is_written_so(berattelse: Run, projekt: Path) -> None:
    text = TEXT.replace("@kommunen om @tbl-borta", "\\@kommunen").partition("\n\n")[0] + "\n"
    write(projekt / "partials/liten/herrljunga/2022/_text.qmd", text)
    assert berattelse("--kommun", "herrljunga", "--format", "html").returncode == 0
    page = (projekt / "_site/herrljunga/2022/liten.html").read_text(encoding="utf-8")
    assert "Brev till @kommunen, se" in page


def test_faults_of_declarations_are_told_with_paths_from_here(
    berattelse: Run, projekt: Path
) -> None:
    folder = projekt / "data/datamangder"
    write(folder / "a.yml", "a:\n  titlar: A\n  kraver: [okand]\n")
    write(folder / "b.yml", "b: [\n")
    done = berattelse("kontrollera")
    told = done.stdout + done.stderr
    assert done.returncode == 1
    assert f"{Path('data/datamangder/a.yml')}, a, datamängden: Okänd nyckel «titlar»." in told
    assert f"{Path('data/datamangder/a.yml')}, a: Okänd nyckel «okand»." in told
    assert f"{Path('data/datamangder/b.yml')}:" in told
    assert str(projekt) not in told
