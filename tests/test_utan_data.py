"""Without some of the data, or without texts of its own, a report is still whole.

Each dataset is taken from each report in turn and the text that is left is read: no reference
leads nowhere and no heading level is skipped. Some of the variants are built as well.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from berattelse import qmd
from berattelse.config import read_settings
from berattelse.execute import metadata
from berattelse.includes import candidates, resolver
from berattelse.model import Job
from berattelse.plan import Selection, plan
from tests.conftest import ROOT, copy_project, run_in
from tests.readers import squeeze

SETTINGS = read_settings(ROOT)
JOBS = plan(SETTINGS, Selection()).jobs
USED = {job.target: sorted(job.data & qmd.declared_datasets(job.source)) for job in JOBS}
LEFT_OUT = [(job, name) for job in JOBS for name in USED[job.target]]

CODE = re.compile(r"`\{python\}\s+([^`]+)`")
HEADING_CALL = re.compile(r'^rubrik\("([^"]+)"((?:, "\w+")+)\)$')
OTHER_SPAN = re.compile(r"\[([^\[\]]*)\]\{\.(?!content-)[^{}]*\}")
SPAN = re.compile(r'\[([^\[\]]*)\]\{\.content-visible (when|unless)-meta="([\w.]+)"\}')
REFERENCE = re.compile(r"@((?:tbl|fig|sec)-[\w-]*\w)")


def visible(text: str, front_matter: Mapping[str, Any]) -> str:
    """Give the Markdown as a reader meets it, the values left out."""

    def value(match: re.Match[str]) -> str:
        heading = HEADING_CALL.match(match[1].strip())
        if heading is None:
            return "VÄRDE"
        names = re.findall(r'"(\w+)"', heading[2])
        there = any(qmd.lookup(front_matter, f"data.{name}") for name in names)
        return heading[1] if there else ""

    def span(match: re.Match[str]) -> str:
        there = bool(qmd.lookup(front_matter, match[3]))
        return match[1] if there == (match[2] == "when") else ""

    text = OTHER_SPAN.sub(r"\1", CODE.sub(value, text))
    while SPAN.search(text):
        text = SPAN.sub(span, text)
    return text


def left(job: Job, without: str = "") -> tuple[str, set[str]]:
    """The text of a target without a dataset, and its labels."""
    job = replace(job, data=job.data - {without})
    source = qmd.read(job.source, resolver(ROOT, job.target), metadata(SETTINGS, job))
    texts, labels = [], set()
    for block in qmd.blocks(source.lines):
        if isinstance(block, qmd.Cell):
            labels.add(block.label)
        else:
            text = "\n".join(line.text for line in block.lines)
            texts.append(visible(text, source.front_matter))
    whole = "\n".join(texts)
    return whole, labels | set(re.findall(r"\{#([\w-]+)", whole))


def test_there_is_something_to_leave_out() -> None:
    assert len(LEFT_OUT) > 60


@pytest.mark.parametrize(
    ("job", "without"), LEFT_OUT, ids=[f"{job.target} utan {name}" for job, name in LEFT_OUT]
)
def test_what_is_left_is_whole(job: Job, without: str) -> None:
    text, labels = left(job, without)
    dead = set(REFERENCE.findall(text)) - labels
    assert not dead
    above = 0
    for marks, name in re.findall(r"(?m)^(#+) (.+)$", text):
        assert len(marks) <= above + 1, name
        above = len(marks)


def test_a_reference_that_leads_nowhere_would_be_found() -> None:
    """Guards the guard."""
    assert REFERENCE.findall("Se @tbl-a-b och @sec-c.") == ["tbl-a-b", "sec-c"]
    text = 'Ett [två (@tbl-a)]{.content-visible when-meta="data.a"}, `{python} x["y"]`.'
    assert "@tbl-a" in visible(text, {"data": {"a": True}})
    assert "@tbl-a" not in visible(text, {"data": {"a": False}})
    heading = '`{python} rubrik("# A {#sec-a}", "a", "b")`'
    assert visible(heading, {"data": {"b": True}}) == "# A {#sec-a}"
    assert visible(heading, {"data": {"b": False}}) == ""


@pytest.mark.parametrize("job", JOBS, ids=lambda job: str(job.target))
def test_every_text_of_a_kommun_has_a_shared_one_behind_it(job: Job) -> None:
    """A kommun or a year that is new has texts to begin with."""
    written = {
        Path(match["path"]).name
        for line in qmd.read(job.source, resolver(ROOT, job.target), None).lines
        if (match := qmd.INCLUDE.match(line.text))
    }
    source = job.source.read_text(encoding="utf-8")
    written |= set(re.findall(r"partials/\w+/(?:[\w/]+/)?(_\w+\.qmd)", source))
    shared = {path.name for path in (ROOT / "partials").rglob("*.qmd")}
    lacking = [
        name
        for name in sorted(written & shared)
        if not candidates(ROOT, job.target, name)[-1].is_file()
        and not (ROOT / "partials" / "gemensamt" / name).is_file()
    ]
    assert not lacking


def build(project: Path, *removed: str, own_texts: bool = True) -> None:
    """Build the web pages of a copy of the project."""
    copy_project(project)
    for name in removed:
        (project / "data" / f"{name}.csv").unlink()
    if not own_texts:
        for job in JOBS:
            own = project / "partials" / job.target.rapport / job.target.kommun
            shutil.rmtree(own, ignore_errors=True)
        for path in project.glob("data/*/*/*.csv"):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace("SYNTETISKT: kronor", "Bokföringen"), encoding="utf-8")
    done = run_in(project, "--format", "html")
    assert done.returncode == 0, done.stdout + done.stderr


def text_of(project: Path, report: str) -> str:
    page = (project / "_site" / f"{report}.html").read_text(encoding="utf-8")
    return squeeze(lxml.html.document_fromstring(page).xpath("string(//main)"))


def chapters(project: Path, report: str) -> list[str]:
    page = (project / "_site" / f"{report}.html").read_text(encoding="utf-8")
    found = lxml.html.document_fromstring(page).xpath("//main//h1 | //main//h2")
    return [re.sub(r"^[\d.\s]+", "", squeeze(element.text_content())) for element in found]


def test_reports_are_built_without_what_their_sections_share(tmp_path: Path) -> None:
    build(
        tmp_path,
        "herrljunga/2022/drift_rsum",
        "harnosand/2022/volymer_resultat_manad",
        "vanersborg/2024/lex_sarah",
    )
    assert "Per ansvarsområde" in text_of(tmp_path, "herrljunga/2022/verksamhetsberattelse")


def test_a_chapter_without_data_has_no_heading(tmp_path: Path) -> None:
    build(
        tmp_path,
        "herrljunga/2022/avvikelser_oversikt",
        "herrljunga/2022/maluppfoljning",
        "harnosand/2022/ekbistand_utbetalt_manad",
        "vanersborg/2024/beslut_bistand",
    )
    found = chapters(tmp_path, "herrljunga/2022/verksamhetsberattelse")
    assert "Mål" not in found
    assert "Kvalitet" in found
    assert "Rättssäkerhet" in chapters(tmp_path, "vanersborg/2024/kvalitetsberattelse")


def test_reports_are_built_with_the_shared_texts_alone(tmp_path: Path) -> None:
    """Nothing is said of the figures' origin that the data does not say."""
    build(tmp_path, own_texts=False)
    text = text_of(tmp_path, "herrljunga/2022/verksamhetsberattelse")
    assert "Verksamheten skriver: de viktigaste händelserna" in text
    assert "yntetisk" not in text
    assert "Summor och avvikelser är räknade före avrundningen." in text
