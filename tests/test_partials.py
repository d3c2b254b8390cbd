"""The texts: figures come from data, every text is used, and every include leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from berattelse import project, qmd
from berattelse.config import read_settings
from berattelse.includes import resolver
from berattelse.model import Target
from tests.conftest import ROOT

SOURCES = sorted([*(ROOT / "partials").rglob("*.qmd"), *(ROOT / "reports").glob("*.qmd")])

# What may hold digits: computed values, marked figures, law, years, and Markdown's own marks
ALLOWED = [
    r"`\{python\}[^`]*`",
    r"\[[^\]]*\]\{\.handskriven\}",
    r"\{\{<.*?>\}\}",
    r"\{[#.][^}]*\}",
    r"\[\^[\w-]+\]:?",
    r"@(?:tbl|fig|sec)-[\w-]+",
    r"\]\([^)]*\)|<https?://[^>]*>|https?://\S+",
    r"\b(?:SOSFS|HSLF-FS|SFS)\s*\d{4}:\d+",
    r"\(?\b\d{4}:\d+\b\)?",
    r"\b\d+\s*(?:[a-z]\s*)?kap\b\.?(?:[ \u00a0]*\d+(?:[–-]\d+)?(?:[ \u00a0][a-z])?)?(?:(?:, | och )\d+)*[ \u00a0]*§*",
    r"\b\d+(?:[–-]\d+)?(?:[ \u00a0][a-z])?(?:(?:, | och )\d+)*[ \u00a0]*§+",
    r"§+[ \u00a0]?\d+(?:/\d+)?",
    r"\bartikel \d+",
    r"\b[Cc]ovid-19\b",
    r"\b(?:19|20)\d\d(?:[–-](?:19|20)?\d\d)?\b",
    r"^\s*\d+\.\s",
]


def stray_figures(text: str) -> list[str]:
    """Return the figures of a line of text that neither data nor a mark answers for."""
    for pattern in ALLOWED:
        text = re.sub(pattern, " ", text)
    return re.findall(r"\d+(?:[ \u00a0,.:]\d+)*", text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ökade med 12 procent", ["12"]),
        ("kostade 1 234 tkr", ["1 234"]),
        ("från 3,4 till 5", ["3,4", "5"]),
        ("enligt 3 kap. 10 § patientsäkerhetslagen (2010:659)", []),
        ("7 kap. 2–3 §§ i SOSFS 2011:9", []),
        ("under 2022 och 2023–2024", []),
        ("`{python} tal(12)` och [tolv 12]{.handskriven}", []),
        ("se @tbl-t2 i [bilagan](x1.pdf)", []),
    ],
)
def test_the_finder_itself(text: str, found: list[str]) -> None:
    assert stray_figures(text) == found


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_figures_in_texts_come_from_data(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    body = 0
    if lines and lines[0] == "---":
        body = lines.index("---", 1) + 1
    numbered = [
        qmd.Line(text, qmd.Place(path, number))
        for number, text in enumerate(lines, 1)
        if number > body
    ]
    stray = [
        f"{line.place}: {', '.join(figures)}"
        for _, line, info in qmd.outside_code(numbered)
        if not info and (figures := stray_figures(line.text))
    ]
    assert not stray, "\n".join(stray)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_texts_are_clean(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"[«»]|TODO|XXX|lorem|<!--", text)


def test_every_text_is_used_and_every_include_resolves() -> None:
    settings = read_settings(ROOT)
    used: set[Path] = set()
    for target in project.all_targets(settings):
        used |= set(files(target))
    # A general text waits for the kommun that has none of its own
    names = {path.name for path in used}
    assert {path for path in SOURCES if path not in used and path.name not in names} == set()


def files(target: Target) -> tuple[Path, ...]:
    settings = read_settings(ROOT)
    front = qmd.read_front_matter(settings.reports / f"{target.rapport}.qmd")
    present = project.datasets(settings.data / target.kommun / str(target.ar))
    flags = {"data": dict.fromkeys(front["data"], False) | dict.fromkeys(present, True)}
    source = settings.reports / f"{target.rapport}.qmd"
    return qmd.read(source, resolver(settings.root, target), flags).files


@pytest.mark.parametrize("path", sorted((ROOT / "reports").glob("*.qmd")), ids=lambda p: p.stem)
def test_front_matter_holds_the_default_targets_data(path: Path) -> None:
    """Plain Quarto shows the sections that the front matter names, so it must tell the truth."""
    target = qmd.default_target(path)
    present = project.datasets(ROOT / "data" / target.kommun / str(target.ar))
    front = qmd.read_front_matter(path)
    wrong = {name: flag for name, flag in front["data"].items() if flag != (name in present)}
    assert not wrong
    text = "\n".join(p.read_text(encoding="utf-8") for p in files(target))
    named = set(re.findall(r"(?:when|unless)-meta=\"data\.(\w+)\"", text))
    assert named <= set(front["data"])
    settings = project.target_settings(read_settings(ROOT), target)
    assert front["title"] == settings.titel
