"""The texts: no figure written by hand, no leftover note, no dead file, every include found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from berattelse import qmd
from berattelse.config import read_settings
from berattelse.execute import metadata
from berattelse.includes import resolver
from berattelse.model import Job, Place
from berattelse.plan import Selection, plan
from tests.conftest import ROOT

REPORTS = sorted((ROOT / "reports").glob("*.qmd"))
PARTIALS = sorted((ROOT / "partials").rglob("*.qmd"))
SETTINGS = read_settings(ROOT)
PLAN = plan(SETTINGS, Selection())

MONTHS = "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
LAW = r"(?:(?:SOSFS|HSLF-FS|RA-FS|SFS)\s?)?\b\d{4}:\d{1,4}\b"
UNITS = (
    "procent|procentenheter|kr|tkr|mkr|mnkr|kronor|miljoner|st|stycken|personer|brukare|patienter|"
    "hushåll|timmar|tim|minuter|dagar|dygn|veckor|månader|ärenden|avvikelser|platser"
)

# What is taken away before digits are looked for, in this order.
ALLOWED = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?s)\A---\n.*?\n---(?=\n)",  # front matter
        r"(?ms)^(`{3,}|~{3,}).*?^\1[ \t]*$",  # cells
        r"`\{python\}[^`]*`",  # inline values
        r"\[[^\[\]]*\]\{\.handskriven\}",  # figures that the writer answers for
        r"\{\{<.*?>\}\}",  # includes, page breaks
        r"\{[.#][^{}]*\}",  # ids, classes and attributes
        r"\[\^[^\]]+\]",  # footnote labels
        r"-?@[a-z]+-[\w-]+",  # cross-references
        r"https?://\S+",
        r"\bcovid-19\b",  # a name
        r"(?m)^[ \t]*\d+[.)](?=[ \t])",  # list numbering
        rf"\b\d{{1,2}} (?:{MONTHS})(?=[^\n]*(?:§|{LAW}))",  # the date of a law
        r"\b\d+(?: [a-h]\b)?(?:[–-]\d+(?: [a-h]\b)?)?\s?§§?",  # 6 f §, 3–7 §§
        r"§§?\s?\d+",  # § 94
        r"\b\d+ kap\.",
        LAW,
        r"(?<!\d\s)(?<![\d,.])\b(?:19|20)\d\d\b"  # a year, and no amount or count
        rf"(?!\d|[.,:]\d|\s\d{{3}}\b|\s?%|\s(?:{UNITS})\b)",
    )
)


def blank(match: re.Match[str]) -> str:
    """Keep the line breaks, so that what is left stands on its own line."""
    return re.sub(r"[^\n]", "\x00", match[0])


def digits(text: str) -> Iterator[tuple[int, str]]:
    """Give the line number and the text of each line with a digit that is written by hand."""
    left = text
    for pattern in ALLOWED:
        left = pattern.sub(blank, left)
    for number, line in enumerate(left.splitlines(), 1):
        if re.search(r"\d", line):
            yield number, line.replace("\x00", "").strip()


@pytest.mark.parametrize(
    "text",
    [
        "Andelen var 12 procent.",
        "Det var 1 234 beslut.",
        "Det var 1\u00a0234 beslut.",
        "I snitt 3,4 läkemedel.",
        "Kostnaden var 2000 kronor.",
        "Kostnaden var 2\u00a0022 kronor.",
        "Andelen är 84\u00a0%.",
        "Det är 5 fler än `{python} tal(x)`.",
        "Läget den 31 augusti 2022.",
        "Planen gäller 2022 personer.",
        "Målet är 1,9 och 20,5.",
        "- 3 platser",
        "Se kapitel 2 i lagen (2001:453).",
        "Värdet 17:3 är ingen lag.",
    ],
)
def test_a_figure_in_prose_is_found(text: str) -> None:
    assert list(digits(f"Först.\n\n{text}\n")), text


@pytest.mark.parametrize(
    "text",
    [
        "Under 2022 ökade antalet, liksom åren 2018–2021.",
        "Enligt 3 kap. 3 § socialtjänstlagen (2001:453) och 14 kap. 3–7 §§.",
        "Det följer av 16 kap. 6 f § och 5 kap. 3 § SOSFS 2011:9.",
        "Föreskrifterna HSLF-FS 2017:40 och lagen (1993:387).",
        "Beslutet fattades i maj 2022, § 94.",
        "Sedan den 1 juli 2025 gäller lagen (2025:400).",
        "Det var `{python} tal(x, 1)` år `{python} ar - 1`.",
        "Värdet `{python} tal(\n  x, 1)` står över två rader.",
        "Unga upp till [25]{.handskriven} år, se @tbl-unga-2 och [-@fig-a1].",
        "# Rubrik {#sec-t1}\n\n1. Först\n2) Sedan\n\nNot.[^1]\n\n[^1]: Text.",
        '{{< include ../partials/x/harnosand/2022/_a1.qmd >}}\n\n::: {.a when-meta="data.b2"}\n:::',
        "```{python}\n#| label: tbl-a1\nx = 12\n```",
        "[Länk](https://exempel.se/12)",
    ],
)
def test_what_may_be_written_is_not_found(text: str) -> None:
    assert not list(digits(f"Först.\n\n{text}\n"))


def test_finder_names_the_line() -> None:
    text = "```{python}\nx = 1\n```\nVärdet `{python} x` är\nstort: 12.\n"
    assert [number for number, _ in digits(text)] == [5]


@pytest.mark.parametrize("path", [*PARTIALS, *REPORTS], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_figure_comes_from_the_data(path: Path) -> None:
    found = digits(path.read_text(encoding="utf-8"))
    assert not [f"{path.relative_to(ROOT)}:{number}: {line}" for number, line in found]


@pytest.mark.parametrize("path", [*PARTIALS, *REPORTS], ids=lambda p: str(p.relative_to(ROOT)))
def test_no_leftovers_and_swedish_quotation_marks(path: Path) -> None:
    left = re.compile(r"[«»“„]|\b(?:TODO|FIXME|XXX)\b|lorem|<!--|\?\?\?", re.IGNORECASE)
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    found = [f"{path.relative_to(ROOT)}:{n}: {line}" for n, line in lines if left.search(line)]
    assert not found


def plain(written: str, place: Place) -> Path:
    """An include as Quarto itself reads it: from the report's folder, also within a text.

    quarto.org/docs/authoring/includes.html: an include is the same as pasting the text in, so
    that paths are seen from the main file; one that begins with `/`, from the project.
    """
    folder = ROOT if written.startswith("/") else ROOT / "reports"
    return (folder / written.lstrip("/")).resolve()


def included(job: Job) -> set[Path]:
    """The files that a target's text comes from; a failing include raises."""
    source = qmd.read(job.source, resolver(ROOT, job.target), metadata(SETTINGS, job))
    return {path.resolve() for path in source.files}


@pytest.mark.parametrize("job", PLAN.jobs, ids=lambda job: str(job.target))
def test_every_include_of_a_target_is_found(job: Job) -> None:
    assert not PLAN.faults
    assert len(included(job)) > 1


@pytest.mark.parametrize("report", REPORTS, ids=lambda p: p.stem)
def test_every_include_is_found_by_plain_quarto(report: Path) -> None:
    assert len(qmd.read(report, plain).files) > 1


def test_no_text_is_dead() -> None:
    used = {path.resolve() for report in REPORTS for path in qmd.read(report, plain).files}
    used = used.union(*map(included, PLAN.jobs))
    # A report's shared text stands in where a kommun has none of its own
    texts = ROOT / "partials"
    own = [path.relative_to(texts) for path in used if path.is_relative_to(texts)]
    used |= {texts / path.parts[0] / path.name for path in own}
    dead = [path.relative_to(ROOT).as_posix() for path in PARTIALS if path.resolve() not in used]
    assert not dead
