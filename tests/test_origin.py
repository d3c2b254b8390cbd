"""The map from a composed document's lines to the `.qmd` and partials, and the way along it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from berattelse import inline, notebook, origin, qmd
from berattelse.compose import compose
from berattelse.model import Executed, Job, Place, Target, TargetSettings
from berattelse.origin import Origin
from tests.conftest import write

REPORT = """\
---
title: Liten
---

# Ett {#sec-ett}


Före med `{python} antal` och
en rad till.

{{< include _bit.qmd >}}

```{python}
#| label: tbl-x
#| tbl-cap: Rubrik
show
```

```
# ingen rubrik ![](bild.svg)
```

Sist `{python} lista` på raden.

Understruken
============

Allra sist ![Alt](bild.svg) och ![](<bild.svg>){.stor}.
"""
BIT = "Ur biten.\n\n## Två *kursiv* [länk](x) {#sec-tva}\n\n![](bild.svg){fig-alt='Alt'}\n"
VALUES = {"antal": "1 234", "lista": "\n\n- a\n- b\n\n"}
PICTURE = "bilder/1-bild.svg"
"""What the composed document calls the report's picture."""
TABLE = "<table><tr><th>A</th></tr>\n<tr><td>1</td></tr></table>"


@pytest.fixture
def composed(tmp_path: Path) -> Path:
    """The folder of a composed document."""
    path = write(tmp_path / "reports/liten.qmd", REPORT)
    write(tmp_path / "reports/_bit.qmd", BIT)
    write(tmp_path / "reports/bild.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')
    source = qmd.read(path, lambda name, _: path.parent / name, {})
    cells = notebook.build(qmd.blocks(source.lines), {})
    for cell in cells.cells:
        if cell.metadata[notebook.KEY]["kind"] == "inline":
            results = [{"text": VALUES[name]} for name in VALUES if f"'{name}'" in cell.source]
            data = {inline.MIME: results}
            cell["outputs"] = [nbformat.v4.new_output("display_data", data)]
        elif cell.source == "show":
            data = {"text/html": TABLE}
            cell["outputs"] = [nbformat.v4.new_output("display_data", data)]
    settings = TargetSettings("Liten", "Härnösand", "Socialnämnden", "helar")
    job = Job(Target("liten", "harnosand", 2022), settings, path, frozenset())
    (tmp_path / "work").mkdir()
    return compose(Executed(job, cells, source.front_matter, 0.0), tmp_path / "work", 0).folder


def test_every_line_leads_to_the_line_that_it_came_from(composed: Path) -> None:
    where = origin.read(composed)
    assert len(where.lines) == len(where.places)
    sources = {
        path: path.read_text(encoding="utf-8").splitlines()
        for path in (composed.parent / "reports").iterdir()
    }
    same = 0
    for number, line in enumerate(where.lines, 1):
        place = where.place(number)
        if place is None or not line.strip():
            continue
        same += sources[place.file][place.line - 1] == line.replace(PICTURE, "bild.svg")
    # Nine lines of the report (one is the cell's code) and three of the partial are as written,
    # but for the names of the pictures.
    assert same == 12


@pytest.mark.parametrize(
    ("text", "file", "line"),
    [
        ("Före med 1 234 och", "liten.qmd", 8),
        ("en rad till.", "liten.qmd", 9),
        ("Ur biten.", "_bit.qmd", 1),
        ("<tr><td>1</td></tr></table>", "liten.qmd", 16),
        ("- a", "liten.qmd", 23),
        ("- b", "liten.qmd", 23),
        (" på raden.", "liten.qmd", 23),
        ("Allra sist", "liten.qmd", 28),
    ],
)
def test_a_text_is_found_at_its_source(composed: Path, text: str, file: str, line: int) -> None:
    found = origin.read(composed).find({"kind": "text", "text": text})
    assert found == Place(composed.parent / "reports" / file, line)


@pytest.mark.parametrize(
    ("at", "file", "line"),
    [
        ({"kind": "rubrik", "text": "1 Ett"}, "liten.qmd", 5),
        ({"kind": "rubrik", "text": "2 Två kursiv länk"}, "_bit.qmd", 3),
        ({"kind": "rubrik", "text": "1 Understruken"}, "liten.qmd", 25),
        ({"kind": "id", "text": "sec-tva"}, "_bit.qmd", 3),
        ({"kind": "id", "text": "understruken"}, "liten.qmd", 25),
        ({"kind": "id", "text": "tbl-x"}, "liten.qmd", 16),
        ({"kind": "bild", "text": PICTURE}, "_bit.qmd", 5),
        ({"kind": "bild", "text": PICTURE, "nr": 2}, "liten.qmd", 28),
        ({"kind": "bild", "text": PICTURE, "nr": 99}, "liten.qmd", 28),
        ({"kind": "bild-utan-text", "text": PICTURE}, "liten.qmd", 28),
    ],
)
def test_an_element_is_found_by_what_it_is(
    composed: Path, at: dict[str, object], file: str, line: int
) -> None:
    assert origin.read(composed).find(at) == Place(composed.parent / "reports" / file, line)


def test_what_is_not_there_has_no_place(composed: Path) -> None:
    where = origin.read(composed)
    assert where.find({"kind": "id", "text": "sec-borta"}) is None
    assert where.find({"kind": "rubrik", "text": "1 ingen rubrik"}) is None
    assert where.find({}) is None
    assert where.place(1) is None, "dokumenthuvudet är satt samman av flera filer"
    assert where.place(10_000) is None


def test_a_document_without_a_map_tells_its_own_lines(composed: Path) -> None:
    (composed / origin.NAME).unlink()
    found = origin.read(composed).find({"kind": "text", "text": "Ur biten."})
    assert found is not None and found.file == composed / "composed.md"
    (composed / "composed.md").unlink()
    assert origin.read(composed).find({"kind": "text", "text": "Ur biten."}) is None


def test_a_style_is_found_however_it_is_quoted() -> None:
    text = (
        '[a]{custom-style="En stil"}',
        "[b]{custom-style='\"; X'}",
        r'[c]{custom-style="\"; X"}',
        "::: {custom-style=Enkel}",
    )
    where = Origin(text, tuple(Place(Path("x.qmd"), number) for number in range(1, 5)))
    found = {name: [place.line for place in where.all("stil", name)] for name in
             ("En stil", '"; X', "Enkel", "En")}  # fmt: skip
    assert found == {"En stil": [1], '"; X': [2, 3], "Enkel": [4], "En": []}
