"""Quarto as a typesetter: how the program is called, what is made of what it says, how it ends.

The program is a stand-in that writes down its calls; the messages are Quarto's own, from its
sources (src/core, src/resources/filters) and from Typst and pandoc.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml
from PIL import Image

from berattelse import origin
from berattelse.config import Settings, read_settings
from berattelse.errors import SettingsError, ToolError, TypesetError
from berattelse.model import Document, Format, Job, Place, Target, TargetSettings
from berattelse.origin import Origin
from berattelse.typeset import TYPESETTERS
from berattelse.typeset.quarto import COMPOSED, Quarto, find, stage
from berattelse.typeset.quarto.told import told
from tests.conftest import ROOT, run_in, signals_as_in_a_terminal
from tests.quarto import stand_in
from tests.quarto.test_typsattare_kallor import check_brand, check_project

TEXT = """\
---
engine: markdown
title: Rapport
toc: ja
---

# Ekonomi {#sec-ekonomi}

Mer i @tbl-saknas.

![](bilder/1-karta.png)

::: {.callout-note}
Öppen.

`#nagot(1)`{=typst}
"""
SOURCE = Path("reports/liten.qmd")
FRONT = 5


def lines_of(text: str) -> Origin:
    """The text's lines, each from the same number in the report, but for the front matter."""
    lines = tuple(text.splitlines())
    places = [Place(SOURCE, number) if number > FRONT else None for number in range(1, len(lines)
    + 1)]  # fmt: skip
    return Origin(lines, tuple(places))


def composed(folder: Path, text: str = TEXT, kommun: str = "harnosand") -> Document:
    """A composed document as `compose` leaves it: the text, its map and its pictures."""
    (folder / "bilder").mkdir(parents=True)
    (folder / "bilder/1-karta.png").write_bytes(b"png")
    (folder / "composed.md").write_text(text, encoding="utf-8")
    origin.write(folder, lines_of(text).places)
    settings = TargetSettings("Titel", "Härnösand", "Socialnämnden", "helar")
    job = Job(Target("liten", kommun, 2022), settings, SOURCE, frozenset())
    return Document(job, folder, 1_676_000_000)


Make = Callable[..., "Case"]


class Case:
    """A stand-in with its typesetter and a document to set."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, **plan: object) -> None:
        self.folder = folder
        self.record = folder / "program"
        self.program = stand_in.put(self.record, **plan)
        monkeypatch.setenv(find.VARIABLE, str(self.program))
        self.settings = Settings(folder, folder / "_site")
        self.quarto = Quarto(self.settings)
        self.document = composed(folder / "dokument")
        self.out = folder / "ut"

    def typeset(self, format: Format = "html") -> list[str]:
        return list(self.quarto.typeset(self.document, format, self.out))

    @property
    def calls(self) -> list[dict[str, Any]]:
        return stand_in.calls(self.record)


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    return lambda **plan: Case(tmp_path, monkeypatch, **plan)


# How it is called -----------------------------------------------------------------------------


@pytest.mark.parametrize(("format_", "to"), [("html", "html"), ("pdf", "typst"), ("docx", "docx")])
def test_call(case: Make, format_: Format, to: str) -> None:
    made = case()
    assert made.typeset(format_) == []
    (call,) = made.calls
    assert call["arguments"] == ["render", COMPOSED, "--to", to]
    assert made.out.read_text(encoding="utf-8") == f"{to}: {TEXT}"
    assert call["environment"]["SOURCE_DATE_EPOCH"] == "1676000000"
    assert call["environment"]["NO_COLOR"] == "1"
    # It ran in a folder of its own, which is gone
    assert Path(call["folder"]).is_relative_to(made.document.folder.resolve())
    assert not Path(call["folder"]).exists()


def test_staging_holds_all_that_the_document_needs(case: Make, tmp_path: Path) -> None:
    made = case()
    own = {
        "project": {"type": "website", "render": ["*.qmd"]},
        "website": {"title": "Kommunen"},
        "berattelse": {"typsattare": "quarto"},
        "lang": "sv",
        "crossref": {"fig-prefix": "Bild"},
        "format": {
            "html": {"css": "stil/egen.css", "toc-depth": 3, "embed-resources": False},
            "docx": "default",
        },
    }
    (tmp_path / "stil").mkdir()
    (tmp_path / "stil/egen.css").write_text("p {}", encoding="utf-8")
    made.quarto = Quarto(replace(made.settings, projekt=own))
    made.typeset()
    files = made.calls[0]["files"]
    project = yaml.safe_load(files["_quarto.yml"])
    check_project(project)
    assert project["project"] == {"type": "default", "render": [COMPOSED]}
    assert project["format"] == {
        "html": {"css": "stil/egen.css", "toc-depth": 3, "embed-resources": True}
    }
    assert project["crossref"] == {"fig-prefix": "Bild", "title-delim": "."}
    assert project["number-sections"] is True
    assert files["stil/egen.css"] == "p {}"
    assert files["bilder/1-karta.png"] == "png"
    assert files[COMPOSED] == TEXT
    assert set(yaml.safe_load(files["_brand.yml"])["typography"]) == {"base", "headings", "fonts"}
    assert {"profil/SourceSansPro-Regular.otf", "profil/SourceSansPro-Bold.otf"} < set(files)


def test_numbers_look_as_ours_in_typst(case: Make) -> None:
    """Quarto's typst numbers 1.1.a and writes "Tabell 1: X", whatever `title-delim` says."""
    made = case()
    made.typeset("pdf")
    own = {"crossref": {"title-delim": " –"}, "format": {"typst": {
        "section-numbering": "1.a", "include-in-header": {"text": "#let x = 1"}}}}  # fmt: skip
    made.quarto = Quarto(replace(made.settings, projekt=own))
    made.typeset("pdf")
    files = [yaml.safe_load(call["files"]["_quarto.yml"]) for call in made.calls]
    standard, chosen = sorted(files, key=lambda file: str(file["crossref"]["title-delim"]) != ".")
    assert standard["format"]["typst"] == {
        "section-numbering": "1.1.1.1",
        "include-in-header": [{"text": '#set figure.caption(separator: ". ")'}],
    }
    assert chosen["format"]["typst"] == {
        "section-numbering": "1.a",
        "include-in-header": [
            {"text": '#set figure.caption(separator: " – ")'},
            {"text": "#let x = 1"},
        ],
    }


def test_the_projects_own_rule_for_captions_is_given_once() -> None:
    own = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))
    typst = stage.project_file(own, "pdf", COMPOSED)["format"]["typst"]
    rule = {"text": '#set figure.caption(separator: ". ")'}
    assert typst == {"section-numbering": "1.1.1.1", "include-in-header": [rule]}


def test_cover_says_whose_it_is_and_when(case: Make) -> None:
    made = case()
    own = replace(made.document.job.settings, namnd="Nämnd *A*", datum=dt.date(2023, 2, 28))
    made.document = replace(made.document, job=replace(made.document.job, settings=own))
    made.typeset()
    project = yaml.safe_load(made.calls[0]["files"]["_quarto.yml"])
    assert project["author"] == r"Nämnd \*A\* i Härnösand"
    assert project["date"] == "2023-02-28"


def test_word_gets_charts_as_png(case: Make) -> None:
    made = case()
    figures = made.document.folder / "figures"
    figures.mkdir()
    for name in ("fig-a.svg", "fig-a.png", "fig-b.svg"):
        (figures / name).write_text("x", encoding="utf-8")
    text = TEXT + "".join(f'![](figures/fig-{name}.svg){{fig-alt="Alt"}}\n' for name in "ab")
    made.document.markdown.write_text(text, encoding="utf-8")
    made.typeset("docx")
    word = made.calls[0]["files"][COMPOSED]
    assert word == text.replace("fig-a.svg", "fig-a.png")
    made.typeset("pdf")
    assert text in [call["files"][COMPOSED] for call in made.calls]


@pytest.mark.parametrize("name", ["../hemlig.txt", "/etc/hostname", "finns-inte.css"])
def test_files_outside_the_project_are_not_taken_along(
    case: Make, tmp_path: Path, name: str
) -> None:
    (tmp_path.parent / "hemlig.txt").write_text("hemligt", encoding="utf-8")
    made = case()
    made.quarto = Quarto(replace(made.settings, projekt={"format": {"html": {"css": name}}}))
    made.typeset()
    assert "hemligt" not in json.dumps(made.calls[0]["files"])
    assert not any(path.endswith("hostname") for path in made.calls[0]["files"])


def test_what_the_shell_says_of_logs_and_profiles_is_left_out(
    case: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("QUARTO_LOG", "QUARTO_PROFILE"):
        monkeypatch.setenv(name, "fran-skalet")
    made = case()
    made.typeset()
    assert "fran-skalet" not in made.calls[0]["environment"].values()


def test_parallel_targets_and_formats_do_not_meet(case: Make, tmp_path: Path) -> None:
    made = case(pause=0.2)
    names = ("harnosand", "herrljunga", "vanersborg")
    documents = [composed(tmp_path / name, TEXT + f"\n{name}\n", name) for name in names]
    jobs = [(document, to) for document in documents for to in ("html", "pdf", "docx")]

    def one(job: tuple[Document, Format]) -> str:
        document, format_ = job
        out = document.folder / f"ut.{format_}"
        made.quarto.typeset(document, format_, out)
        return out.read_text(encoding="utf-8")

    with ThreadPoolExecutor(9) as pool:
        texts = list(pool.map(one, jobs))
    for text, (document, format_) in zip(texts, jobs, strict=True):
        assert text.startswith({"pdf": "typst"}.get(format_, format_) + ": ")
        assert text.endswith(f"\n{document.job.target.kommun}\n")
    assert len({call["folder"] for call in made.calls}) == 9


def test_version_is_asked_for_once(case: Make) -> None:
    made = case()
    made.typeset()
    made.typeset("docx")
    asked = [json.loads(path.read_text("utf-8"))["arguments"] for path in
             made.record.glob("call-*.json")]  # fmt: skip
    assert asked.count(["--version"]) == 1


# Finding it -----------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1.5.57", "0.9.433", "1.5"])
def test_an_old_version_is_refused_with_the_reason(case: Make, version: str) -> None:
    made = case(version=version)
    with pytest.raises(ToolError) as fault:
        made.typeset()
    assert f"är {version}. Först från 1.6 läser Quarto _brand.yml" in str(fault.value)
    assert made.calls == []


@pytest.mark.parametrize("version", ["1.6.0", "1.9.37\n", "v1.10.2", "99.9.9"])
def test_a_new_version_is_taken(case: Make, version: str) -> None:
    assert case(version=version).typeset() == []


@pytest.mark.parametrize("version", ["", "hej"])
def test_a_program_that_is_no_quarto_is_refused(case: Make, version: str) -> None:
    with pytest.raises(ToolError, match="säger inte vilken version"):
        case(version=version).typeset()


def test_setting_goes_before_variable_before_path(tmp_path: Path) -> None:
    first, second, third = (stand_in.put(tmp_path / name) for name in ("ett", "två", "tre/bin"))
    shell = {find.VARIABLE: str(second), "PATH": str(third.parent)}
    assert find.find("ett", tmp_path, shell).samefile(first)
    assert find.find("", tmp_path, shell).samefile(second)
    assert find.find("", tmp_path, {"PATH": str(third.parent)}).samefile(third)
    # The folder of an installation holds it in `bin`
    assert find.find("tre", tmp_path, {}).samefile(third)


def test_a_relative_program_is_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Quarto runs in its staging folder, where a relative path would lead nowhere."""
    there = stand_in.put(tmp_path / "ett")
    monkeypatch.chdir(tmp_path)
    for shell in ({find.VARIABLE: "ett"}, {"PATH": "ett"}):
        found = find.find("", tmp_path, shell)
        assert found.is_absolute()
        assert found.samefile(there)


def test_a_named_program_that_is_missing_is_not_replaced(tmp_path: Path) -> None:
    there = stand_in.put(tmp_path / "ett")
    shell = {find.VARIABLE: str(tmp_path / "borta"), "PATH": str(there.parent)}
    with pytest.raises(ToolError, match=r"QUARTO_PATH pekar på .*borta, där Quarto inte finns"):
        find.find("", tmp_path, shell)
    with pytest.raises(ToolError, match=r"«quarto:» i _quarto.yml pekar på .*borta"):
        find.find("borta", tmp_path, {"PATH": str(there.parent)})


def test_without_quarto_the_command_says_how_to_get_it(projekt: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "berattelse", "--typsattare", "quarto", "--format", "html"],
        cwd=projekt,
        env={**os.environ, "PATH": str(projekt), find.VARIABLE: "", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 1
    assert "Quarto finns inte på den här datorn." in done.stderr
    assert "https://quarto.org/docs/get-started/" in done.stderr
    assert "Traceback" not in done.stderr


def test_typesetters_can_be_chosen_by_setting_and_option(projekt: Path) -> None:
    program = stand_in.put(projekt / "program")
    (projekt / "_quarto.yml").write_text(
        f"berattelse:\n  typsattare: quarto\n  quarto: '{program}'\n", encoding="utf-8"
    )
    done = run_in(projekt, "--format", "html", "--kommun", "herrljunga")
    assert done.returncode == 0, done.stderr
    made = projekt / "_site"
    (page,) = [path for path in made.rglob("*.html") if "liten" in path.as_posix()]
    assert "1\u00a0234 beslut i Herrljunga" in page.read_text(encoding="utf-8")
    inbyggd = run_in(projekt, "--format", "html", "--typsattare", "inbyggd")
    assert inbyggd.returncode == 0, inbyggd.stderr
    assert len(stand_in.calls(projekt / "program")) == 1


@pytest.mark.parametrize("by", ["väljare", "inställning"])
def test_unknown_typesetter(projekt: Path, by: str) -> None:
    if by == "inställning":
        (projekt / "_quarto.yml").write_text("berattelse: {typsattare: word}\n", encoding="utf-8")
    done = run_in(projekt, *(["--typsattare", "word"] if by == "väljare" else []))
    assert done.returncode == (2 if by == "väljare" else 1)
    assert "Okänd typsättare «word»." in done.stderr
    assert f"Välj någon av {', '.join(TYPESETTERS)}." in done.stderr
    assert ("_quarto.yml" in done.stderr) == (by == "inställning")


def test_settings_must_be_text(projekt: Path) -> None:
    (projekt / "_quarto.yml").write_text(
        "berattelse: {typsattare: [quarto], quarto: 1}\n", encoding="utf-8"
    )
    with pytest.raises(SettingsError) as fault:
        read_settings(projekt)
    assert "«typsattare» ska vara text." in str(fault.value)
    assert "«quarto» ska vara text." in str(fault.value)


# What it says ---------------------------------------------------------------------------------

STAGE = Path("/tmp/berattelse-x/quarto/html")

UNRESOLVED = (
    "WARNING (/opt/quarto/share/filters/main.lua:14123) Unable to resolve crossref @tbl-saknas\n"
)
WINDOWS = UNRESOLVED.replace("/opt/quarto/share", r"C:\Program Files (x86)\Quarto\share")
YAML = """\
ERROR: Validation of YAML front matter failed.
In file composed.qmd
(line 4, columns 6--7) Field "toc" has value ja, which must instead be `true` or `false`
3: title: Rapport
4: toc: ja
        ~~
✖ The value ja must be `true` or `false`.
ℹ The error happened in location toc.
"""
PROJECT = """\
ERROR: Project _quarto.yml validation failed.

In file _quarto.yml
(line 3, columns 3--12) object has unknown property bild-prefix
"""
TYPST = """\
error: unknown variable: nagot
   ┌─ composed.typ:312:1
   │
312 │ #nagot(1)
   │  ^^^^^

ERROR: Typst compilation failed

Stack trace:
    at complete (file:///opt/quarto/bin/quarto.js:114142:23)
"""
UNCLOSED = "[WARNING] Div at /tmp/quarto-input1234.md line 8 column 1 unclosed at line 12 column 1, closing implicitly.\n"  # noqa: E501
PICTURE = (
    "[WARNING] Could not fetch resource bilder/1-karta.png: replacing image with description\n"
)
LUA = """\
FATAL (/opt/quarto/share/filters/main.lua:77) An error occurred:
Cannot process crossref at top level
Error running filter /opt/quarto/share/filters/main.lua:
FATAL QUARTO ERROR
stack traceback:
\t/opt/quarto/share/filters/main.lua:77: in upvalue 'fatal'
"""
CALLOUT = "WARNING (/opt/quarto/share/filters/main.lua:9) Callout ID 'x-1' has unknown reference type 'x'.\n"  # noqa: E501


def one(output: str, text: str = TEXT) -> tuple[str, bool]:
    """What one message becomes, and whether it is a fault."""
    faults, warnings = told(output, lines_of(text), SOURCE, STAGE)
    assert len(faults) + len(warnings) == 1, (faults, warnings)
    return (str(faults[0]), True) if faults else (warnings[0], False)


@pytest.mark.parametrize(
    ("output", "fatal", "begins", "holds"),
    [
        (UNRESOLVED, False, "reports/liten.qmd:9: Quarto: ", "Hänvisningen @tbl-saknas"),
        (WINDOWS, False, "reports/liten.qmd:9: Quarto: ", "Hänvisningen @tbl-saknas"),
        (YAML, True, "reports/liten.qmd: Quarto stannade: ", 'Field "toc" has value ja'),
        (PROJECT, True, "_quarto.yml: Quarto stannade: ", "unknown property bild-prefix"),
        (TYPST, True, "reports/liten.qmd:16: Quarto stannade: ", "unknown variable: nagot"),
        (UNCLOSED, False, "reports/liten.qmd:13: Quarto: ", "stängs aldrig"),
        (PICTURE, False, "reports/liten.qmd:11: Quarto: ", "Bilden bilder/1-karta.png finns"),
        (CALLOUT, False, "Quarto varnar: ", "Callout ID 'x-1' has unknown reference type"),
    ],
)
def test_messages_point_at_the_source(output: str, fatal: bool, begins: str, holds: str) -> None:
    text, is_fatal = one(output)
    assert is_fatal == fatal
    assert text.replace("\\", "/").startswith(begins)
    assert holds in text
    assert "\n3:" not in text
    assert "Stack trace" not in text


def test_a_fault_in_a_filter_is_told_without_its_stack() -> None:
    faults, warnings = told(LUA, lines_of(TEXT), SOURCE, STAGE)
    texts = [str(fault) for fault in faults]
    assert any("Cannot process crossref at top level" in text for text in texts)
    assert not any("upvalue" in text or "stack traceback" in text for text in texts)
    assert warnings == []


def test_several_messages_are_parted_and_each_told_once() -> None:
    faults, warnings = told(
        f"pandoc\n  to: html\n{UNRESOLVED}{UNRESOLVED}{PICTURE}{CALLOUT}{TYPST}Output created\n",
        lines_of(TEXT),
        SOURCE,
        STAGE,
    )
    assert len(warnings) == 3
    assert len(faults) == 1


def test_progress_is_no_message() -> None:
    output = "[typst]: Compiling composed.typ to composed.pdf...DONE\n\nOutput created: x.pdf\n"
    assert told(output, lines_of(TEXT), SOURCE, STAGE) == ([], [])


def test_the_staging_folder_is_not_told() -> None:
    text, _ = one(f"WARNING: could not read {STAGE}/profil/marke.svg\n")
    assert text == "Quarto varnar: could not read profil/marke.svg"


def test_long_messages_are_cut() -> None:
    text, _ = one("ERROR: " + "mycket " * 500)
    assert len(text) < 700
    assert text.endswith("…")


def test_a_failing_cell_is_told_with_its_line() -> None:
    cell = 'import pandas as pd\nvarde = b.value("insatser")\nvarde.finns_inte'
    output = (
        "ERROR: \n\nAn error occurred while executing the following cell:\n"
        f"------------------\n{cell}\n------------------\n\n\n"
        "---------------------------------------------------------------------------\n"
        "AttributeError                            Traceback (most recent call last)\n"
        "Cell In[3], line 3\n      1 import pandas as pd\n----> 3 varde.finns_inte\n\n"
        "AttributeError: 'int' object has no attribute 'finns_inte'\n\n"
    )
    text, fatal = one(output, f"{TEXT}\n```{{python}}\n#| include: false\n{cell}\n```\n")
    assert fatal
    assert text == (
        f"{Place(SOURCE, 22)}: Quarto: en cell gav fel: "
        "AttributeError: 'int' object has no attribute 'finns_inte'"
    )


def test_missing_papermill_is_told_with_what_to_install() -> None:
    text, _ = one(
        "ERROR: ImportError: The papermill package is required for processing --execute-params\n"
    )
    assert "pip install papermill" in text


# How it ends ----------------------------------------------------------------------------------


def test_faults_stop_the_format_and_warnings_do_not(case: Make) -> None:
    made = case(stderr=UNRESOLVED)
    (warning,) = made.typeset()
    assert warning.replace("\\", "/").startswith("reports/liten.qmd:9: Quarto: Hänvisningen")
    assert made.out.exists()


def test_all_faults_are_told_at_once(case: Make) -> None:
    made = case(stderr=TYPST + YAML, code=1, make=None)
    with pytest.raises(TypesetError) as fault:
        made.typeset("pdf")
    assert "unknown variable: nagot" in str(fault.value)
    assert 'Field "toc"' in str(fault.value)
    assert not made.out.exists()


def test_a_failure_without_words_gives_the_code_and_the_last_lines(case: Make) -> None:
    with pytest.raises(ToolError, match="felkod 134: terminate called without an active"):
        case(stderr="terminate called without an active exception\n", code=134).typeset()


def test_a_missing_file_is_told(case: Make) -> None:
    with pytest.raises(ToolError, match=r"filen composed\.html finns inte"):
        case(make=None).typeset()


def test_foreign_bytes_do_no_harm(case: Make) -> None:
    told_in = "WARNING: Ogiltig f\xe4rg\n".encode("latin-1").hex()
    (warning,) = case(stderr_hex=told_in).typeset()
    assert re.fullmatch("Quarto varnar: Ogiltig f\ufffdrg", warning)


def gone(pids: list[int]) -> bool:
    """Whether none of the processes runs any more; one that nobody has waited for does not."""
    alive = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    return all(process.status() == psutil.STATUS_ZOMBIE for process in alive)


def pids_of(folder: Path) -> list[int]:
    """Wait until the stand-in hangs; return its pid and that of its child."""
    until = time.monotonic() + 60
    while not (folder / "pids.json").is_file():
        assert time.monotonic() < until, "the stand-in was never called"
        time.sleep(0.05)
    pids = json.loads((folder / "pids.json").read_text("utf-8"))
    assert not gone(pids)
    return list(pids)


def test_a_hang_is_killed_with_its_children(case: Make) -> None:
    made = case(hang=True)
    # Time enough for the stand-in to begin, on a loaded machine too
    made.quarto = Quarto(replace(made.settings, tidsgrans_s=8))
    begun = time.monotonic()
    with pytest.raises(ToolError, match="blev inte klart på 8 sekunder") as fault:
        made.typeset()
    assert "Höj «tidsgrans»" in str(fault.value)
    assert time.monotonic() - begun < 25
    assert gone(pids_of_done(made.record))


def pids_of_done(folder: Path) -> list[int]:
    pids: list[int] = json.loads((folder / "pids.json").read_text("utf-8"))
    return pids


def test_stop_ends_what_runs_and_begins_no_more(case: Make) -> None:
    made = case(hang=True)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(made.typeset)
        pids = pids_of(made.record)
        made.quarto.stop()
        with pytest.raises(ToolError, match="avbröts"):
            running.result(timeout=20)
    assert gone(pids)
    with pytest.raises(ToolError, match="avbröts"):
        made.typeset("docx")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows har inga sådana signaler")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupted_command_leaves_nothing(
    projekt: Path, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    sent = getattr(signal, name)
    record, temporary = tmp_path_factory.mktemp("program"), tmp_path_factory.mktemp("tmp")
    program = stand_in.put(record, hang=True)
    running = subprocess.Popen(
        [sys.executable, "-m", "berattelse", "--typsattare", "quarto", "--jobb", "2"],
        cwd=projekt,
        env={
            **os.environ,
            find.VARIABLE: str(program),
            "TMPDIR": str(temporary),
            "PYTHONUTF8": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=signals_as_in_a_terminal,
    )
    try:
        pids = pids_of(record)
        running.send_signal(sent)
        said = running.communicate(timeout=60)[0].decode("utf-8")
    finally:
        running.kill()
    assert running.returncode == 130, said
    assert "Traceback" not in said
    assert gone(pids)
    assert not list(temporary.glob("berattelse-*"))
    assert not list((projekt / "_site").rglob("*.html"))


# Quarto executes too --------------------------------------------------------------------------


def test_quarto_kor_is_given_the_targets_own_source(projekt: Path) -> None:
    Image.new("L", (1, 1)).save(projekt / "reports/karta.png")
    with (projekt / "partials/liten/_text.qmd").open("a", encoding="utf-8") as file:
        file.write("\n![Karta](karta.png)\n")
    program = stand_in.put(projekt / "program")
    (projekt / "_quarto.yml").write_text(
        f"execute: {{echo: false}}\nberattelse: {{quarto: '{program}'}}\n", encoding="utf-8"
    )
    done = run_in(
        projekt, "--typsattare", "quarto-kor", "--kommun", "harnosand", "--format", "html",
        "-P", "ton=utforlig",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (call,) = stand_in.calls(projekt / "program")
    assert call["arguments"] == [
        "render", "liten.qmd", "--to", "html", "--execute-params", "parametrar.yml",
        "--execute-dir", str((projekt / "reports").resolve()), "--no-execute-daemon",
    ]  # fmt: skip
    files = call["files"]
    assert yaml.safe_load(files["parametrar.yml"]) == {
        "kommun": "harnosand", "ar": 2022, "ton": "utforlig",
    }  # fmt: skip
    source = files["liten.qmd"]
    # The kommun's own text is in its place, its cells are not executed, hidden sections are gone
    assert "Allmän text: `{python} tal(antal)` beslut." in source
    assert "![Karta](bilder/1-karta.png)" in source
    assert "#| tags: [parameters]" in source
    assert "include ../partials" not in source
    assert "Risker" not in source
    front = yaml.safe_load(source.split("---")[1])
    assert front["jupyter"] == "python3"
    assert front["kommun"] == "Härnösand"
    assert front["data"] == {"insatser": True, "risker": False}
    project = yaml.safe_load(files["_quarto.yml"])
    assert project["execute"] == {"echo": False}
    variables = call["environment"]
    assert variables["BERATTELSE_TARGET"] == "liten/harnosand/2022"
    assert Path(variables["BERATTELSE_DATA"]).is_absolute()
    assert variables["QUARTO_PYTHON"] == sys.executable


def test_quarto_kor_maps_a_failing_cell_to_the_partial(projekt: Path) -> None:
    (projekt / "partials/liten/herrljunga/2022/_text.qmd").write_text(
        "Text.\n\n```{python}\n#| include: false\nx = 1\nx / 0\n```\n", encoding="utf-8"
    )
    program = stand_in.put(
        projekt / "program",
        code=1,
        make=None,
        stderr="ERROR: \n\nAn error occurred while executing the following cell:\n"
        "------------------\nx = 1\nx / 0\n------------------\n\n\n"
        "Cell In[5], line 2\n----> 2 x / 0\n\nZeroDivisionError: division by zero\n",
    )
    (projekt / "_quarto.yml").write_text(f"berattelse: {{quarto: '{program}'}}\n", encoding="utf-8")
    done = run_in(
        projekt, "--typsattare", "quarto-kor", "--kommun", "herrljunga", "--format", "docx"
    )
    assert done.returncode == 1
    place = str(Path("partials/liten/herrljunga/2022/_text.qmd")) + ":6: "
    assert f"{place}Quarto: en cell gav fel: ZeroDivisionError: division by zero" in done.stderr


def test_attached_figures_are_said_to_be_left_out(case: Make) -> None:
    made = case()
    made.document = replace(made.document, job=replace(made.document.job, attach_data=True))
    (warning,) = made.typeset("pdf")
    assert warning.startswith("Quarto bifogar inga siffror")
    assert made.typeset("html") == []


def test_the_projects_own_block_is_known(tmp_path: Path) -> None:
    settings = read_settings(ROOT)
    assert settings.typsattare in TYPESETTERS
    check_brand(yaml.safe_load((ROOT / "_brand.yml").read_text("utf-8")), ROOT)
