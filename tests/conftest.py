"""A small project of two kommuner in a temporary folder, and the real reports, built once."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A loaded machine is no fault of the code; and what CI says today it says tomorrow
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

ROOT = Path(__file__).resolve().parent.parent

REPORT = """\
    ---
    title: Liten rapport
    berattelse:
      parametrar:
        kommun: {typ: text}
        ar: {typ: heltal}
        ton: {typ: text, tillatna: [kort, utforlig]}
    data:
      insatser: true
      risker: false
    ---

    ```{python}
    #| tags: [parameters]
    kommun = "herrljunga"
    ar = 2022
    ton = "kort"
    ```

    ```{python}
    #| include: false
    from berattelse import *
    b = start("liten", kommun, ar)
    insatser = b.load("insatser")
    antal = b.value("insatser", matt="beslut")
    ```

    # Insatser {#sec-insatser}

    {{< include ../partials/liten/herrljunga/2022/_text.qmd >}}

    ```{python}
    #| label: tbl-insatser
    #| tbl-cap: Insatser under året
    Table(insatser, stub="matt", columns={"varde": "Antal"}, stub_label="Insats")
    ```

    ::: {.content-visible when-meta="data.risker"}
    # Risker

    {{< include ../partials/liten/_risker.qmd >}}

    ```{python}
    raise RuntimeError("denna cell hör till ett dolt avsnitt")
    ```
    :::
"""

TEXT = """\
    I @tbl-insatser står att det fattades `{python} tal(antal)` beslut i `{python} b.namn`.
"""

DATA = """\
    matt,periodtyp,period,enhet,varde,orsak,kalla
    beslut,helar,2022,antal,1234,,Egen statistik
    avslag,helar,2022,antal,,ej_matt,Egen statistik
"""

KOMMUNER = """\
    kommunkod,kommun,lanskod,lan
    0305,Håbo,03,Uppsala län
    0643,Habo,06,Jönköpings län
    1466,Herrljunga,14,Västra Götalands län
    2280,Härnösand,22,Västernorrlands län
"""

TARGET = """\
    titel: Liten rapport
    namnd: Socialnämnden
    periodtyp: helar
    datum: 2023-02-01
    dnr: SN 1/2023
"""


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


@pytest.fixture
def projekt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the report `liten` for Herrljunga and Härnösand 2022."""
    write(tmp_path / "_quarto.yml", "project: {type: default}\nexecute: {echo: false}\n")
    write(tmp_path / "reports/liten.qmd", REPORT)
    write(tmp_path / "partials/liten/herrljunga/2022/_text.qmd", TEXT)
    write(tmp_path / "partials/liten/_text.qmd", "Allmän text: `{python} tal(antal)` beslut.\n")
    write(tmp_path / "data/kommuner.csv", KOMMUNER)
    for kommun in ("herrljunga", "harnosand"):
        write(tmp_path / f"data/{kommun}/2022/insatser.csv", DATA)
        write(tmp_path / f"data/{kommun}/2022/liten.yml", TARGET)
    monkeypatch.chdir(tmp_path)
    return tmp_path


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def berattelse(projekt: Path) -> Run:
    """Run the command line in the small project, as a process of its own."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run_in(projekt, *arguments)

    return run


def run_in(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a project, as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "berattelse", *arguments],
        cwd=project,
        env=os.environ | {"PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
    )


def copy_project(to: Path) -> Path:
    """Copy this repository's settings, profiles, reports, texts and data, to be changed."""
    for name in ("_quarto.yml", "_brand.yml"):
        shutil.copy(ROOT / name, to)
    for name in ("profiler", "reports", "partials", "data"):
        shutil.copytree(ROOT / name, to / name)
    return to


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every berättelse of this repository in every format, built once for all tests."""
    out = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, str(ROOT / "render.py"), "--ut", str(out)],
        cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=1200,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def chromium() -> str | None:
    """Return the browser's path; tests that need one say so when there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)


@pytest.fixture(scope="session")
def browser_path() -> str:
    path = chromium()
    if path is None:
        message = "webbläsaren Chromium finns inte här: testet är inte kört"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path


@pytest.fixture(scope="session")
def browser(browser_path: str) -> Iterator[Any]:
    """One browser for all tests: Playwright's loop can be begun only once."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        yield running
        running.close()


def signals_as_in_a_terminal() -> None:
    """For a child: take SIGINT and SIGHUP, also where the tests run under `nohup`, which do not."""
    for name in ("SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, signal.SIG_DFL)
