"""The sources are plain Quarto: what its schema allows, and cells that run without the engine.

The keys are those of Quarto 1.9 (src/resources/schema in quarto-dev/quarto-cli): `project.yml`,
`document-*.yml` and `cell-*.yml`, and for the brand `brand-*` in `definitions.yml`. Objects that
the schema calls closed take no other key; the rest let unknown ones pass, unless they are a known
one in another case (`tblCap`) or hold blanks.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from nbclient.exceptions import CellExecutionError

from berattelse import plain, qmd, tools
from berattelse.config import read_settings
from berattelse.execute import execute
from berattelse.inline import results
from berattelse.pipeline import pass_gate
from berattelse.plan import Selection, plan
from berattelse.profile.reading import read_profile
from berattelse.typeset.quarto import stage
from tests.conftest import ROOT
from tests.quarto import vanlig

REPORTS = sorted((ROOT / "reports").glob("*.qmd"))

PROJECT = {
    "title", "type", "render", "execute-dir", "output-dir", "lib-dir", "resources", "brand",
    "preview", "pre-render", "post-render", "detect",
}  # fmt: skip
DOCUMENT = {
    "title", "subtitle", "author", "date", "date-format", "abstract", "lang", "toc", "toc-depth",
    "toc-title", "number-sections", "number-depth", "shift-heading-level-by", "bibliography", "csl",
    "crossref", "execute", "format", "jupyter", "engine", "tbl-cap-location", "fig-cap-location",
    "project",
}  # fmt: skip
OURS = {"berattelse", "data"}
"""What Quarto does not know and lets pass: no key of its schema, in any case."""
CROSSREF = {"custom", "chapters", "title-delim", "labels", "subref-labels", "ref-hyperlink"} | {
    f"{kind}-{end}" for kind in ("fig", "tbl", "eq", "lst", "sec") for end in ("title", "prefix",
    "labels")
} | {"lof-title", "lot-title", "lol-title"}  # fmt: skip
EXECUTE = {
    "eval", "echo", "output", "warning", "error", "include", "cache", "freeze", "enabled",
    "fig-width", "fig-height", "fig-format", "fig-dpi", "daemon",
}  # fmt: skip
FORMATS = {"html", "docx", "typst", "pdf"}
HTML = {"embed-resources", "toc", "toc-depth", "theme", "css", "number-sections", "lang"}
CELL = {
    "label", "tags", "echo", "eval", "include", "output", "warning", "error", "fig-cap", "fig-alt",
    "fig-subcap", "fig-width", "fig-height", "tbl-cap", "tbl-subcap", "tbl-colwidths", "layout",
    "layout-ncol", "lst-cap", "code-fold", "column", "classes",
}  # fmt: skip
BRAND = {"meta", "logo", "color", "typography", "defaults"}
COLOR = {
    "palette", "foreground", "background", "primary", "secondary", "tertiary", "success", "info",
    "warning", "danger", "light", "dark", "link",
}  # fmt: skip
LOGO = {"images", "small", "medium", "large"}
TYPOGRAPHY = {
    "fonts", "base", "headings", "monospace", "monospace-inline", "monospace-block", "link",
}  # fmt: skip
FONT = {"source", "family", "files"}
WEIGHTS = set(range(100, 1000, 100))


def load(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def check_project(content: dict[str, Any]) -> None:
    """Assert that a `_quarto.yml` passes Quarto's own validation."""
    assert set(content) <= DOCUMENT | OURS
    assert set(content["project"]) <= PROJECT
    assert content["project"]["type"] == "default"
    assert set(content.get("crossref", {})) <= CROSSREF
    assert set(content.get("execute", {})) <= EXECUTE
    assert set(content["format"]) <= FORMATS
    for name, options in content["format"].items():
        assert options == "default" or isinstance(options, dict), name
        if name == "html":
            assert set(options) <= HTML


def check_brand(content: dict[str, Any], folder: Path) -> None:
    """Assert that a `_brand.yml` passes Quarto's own validation, and that its files exist."""
    assert set(content) <= BRAND
    color = content["color"]
    assert set(color) <= COLOR
    for name in ("foreground", "background", "primary"):
        asked = color[name]
        assert re.fullmatch(r"#[0-9a-f]{6}", color.get("palette", {}).get(asked, asked))
    assert set(content["typography"]) <= TYPOGRAPHY
    for font in content["typography"].get("fonts", []):
        assert set(font) == FONT
        for file in font["files"]:
            assert set(file) == {"path", "weight", "style"}
            assert file["weight"] in WEIGHTS
            assert file["style"] in ("normal", "italic", "oblique")
            assert (folder / file["path"]).is_file()
    logo = content.get("logo", {})
    assert set(logo) <= LOGO
    for image in logo.get("images", {}).values():
        path = image if isinstance(image, str) else image["path"]
        assert isinstance(image, str) or set(image) <= {"path", "alt"}
        assert (folder / path).is_file()
    medium = logo.get("medium", {})
    assert isinstance(medium, str) or set(medium) <= {"light", "dark"}


def test_project_file_is_valid() -> None:
    content = load(ROOT / "_quarto.yml")
    check_project(content)
    assert set(content["format"]) == {"html", "docx", "typst"}
    assert content["format"]["html"]["embed-resources"] is True
    assert content["lang"] == "sv"


def test_only_the_reports_are_rendered() -> None:
    project = load(ROOT / "_quarto.yml")["project"]
    found = {path for pattern in project["render"] for path in ROOT.glob(pattern)}
    assert found == set(REPORTS)
    # What Quarto makes lies neither where its input is nor where ours goes
    assert project["output-dir"] not in ("reports", "_site", ".")


def test_an_invalid_project_file_is_seen() -> None:
    content = load(ROOT / "_quarto.yml")
    content["crossref"]["bild-prefix"] = "Bild"
    with pytest.raises(AssertionError):
        check_project(content)


def test_brand_is_valid() -> None:
    check_brand(load(ROOT / "_brand.yml"), ROOT)


@pytest.mark.parametrize("kommun", ["", "harnosand", "herrljunga", "vanersborg"])
def test_brand_made_of_a_profile_is_valid(kommun: str, tmp_path: Path) -> None:
    profile = read_profile(ROOT, kommun)
    made = stage.brand(profile, tmp_path / "profil")
    check_brand(made, tmp_path)
    assert made["color"]["primary"] == profile.light.accent
    assert made["typography"]["base"]["family"] == "Source Sans Pro"


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_report_is_valid(report: Path) -> None:
    assert set(qmd.read_front_matter(report)) <= DOCUMENT | OURS
    cells = [block for block in vanlig.read(report) if isinstance(block, qmd.Cell)]
    assert len(cells) > 5
    for cell in cells:
        assert set(cell.options) <= CELL, cell.place
        assert all(isinstance(text, str | bool | list) for text in cell.options.values())


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_report_gives_plain_quarto_the_same_values(report: Path, tmp_path: Path) -> None:
    """Every cell runs, those of hidden sections too, and the text gets the engine's values."""
    target = qmd.default_target(report)
    settings = read_settings(ROOT)
    chosen = Selection((target.rapport,), (target.kommun,), (str(target.ar),))
    _, (job,), _ = pass_gate(settings, plan(settings, chosen).jobs, tmp_path)
    engine = {
        each["expression"]: each["text"]
        for cell in execute(settings, job).notebook.cells
        for each in results(cell if cell.cell_type == "code" else {"outputs": []})
    }
    quarto = vanlig.run(report)
    assert len(engine) > 10
    differing = {
        expression: (text, quarto[expression])
        for expression, text in engine.items()
        if _plain(text) != _plain(quarto[expression])
    }
    assert not differing


def test_an_empty_value_prints_nothing_in_plain_quarto() -> None:
    """Quarto prints the source of an expression that gives an empty text."""
    asked = {"a": "Markdown('')", "b": "om_finns(Missing('ej_matt'), 'x')", "c": "''", "d": "'x'"}
    with vanlig.kernel(ROOT / "reports") as client:
        code = (
            "from IPython.display import Markdown\nfrom berattelse import *\n"
            "from berattelse import plain\n" + "plain.show_values_as_written()\n" * 2
        )
        vanlig._cell(client, code, 0)
        values = vanlig._values(
            client, " ".join(f"`{{python}} {expression}`" for expression in asked.values())
        )
    assert list(values.values()) == [plain.NOTHING] * 3 + ["x"]


@pytest.mark.parametrize("to", ["html", "typst", "docx"])
def test_nothing_leaves_no_trace(to: str, tmp_path: Path) -> None:
    text = f"## Rubrik {plain.NOTHING}\n\n{plain.NOTHING}\n\nEn {plain.NOTHING}mening."
    made = tmp_path / f"ut.{to}"
    run = [tools.pandoc_path(), "--from=markdown", f"--to={to}", f"--output={made}"]
    subprocess.run(run, input=text, encoding="utf-8", check=True)
    back = [tools.pandoc_path(), f"--from={to}", "--to=plain", str(made)]
    shown = subprocess.run(back, capture_output=True, encoding="utf-8", check=True).stdout
    assert shown.split() == ["Rubrik", "En", "mening."]


def _plain(markdown: str) -> str:
    """Markdown without escapes: both escape what could be markup, but not the same marks."""
    markdown = markdown.replace(plain.NOTHING, "")
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_another_kommun_stops_at_the_first_cell(report: Path) -> None:
    target = qmd.default_target(report)
    with pytest.raises(CellExecutionError) as fault:
        vanlig.run(report, {"kommun": "vanersborg", "ar": 2024})
    assert f"Texten i dokumentet är {target.kommun} {target.ar}, inte vanersborg 2024." in str(
        fault.value
    )
    assert f"använd berattelse render --rapport {report.stem} --kommun vanersborg --ar 2024" in str(
        fault.value
    )
