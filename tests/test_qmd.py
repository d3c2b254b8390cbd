"""Reading a `.qmd`: includes, hidden sections, cells, and where every line came from."""

from pathlib import Path

import pytest

from berattelse import qmd
from berattelse.errors import SourceError
from berattelse.includes import resolver
from berattelse.model import Place, Target
from berattelse.qmd import Cell, Line, Markdown
from tests.conftest import write


def lines(text: str) -> list[Line]:
    return [Line(t, Place(Path("x.qmd"), n)) for n, t in enumerate(text.splitlines(), 1)]


def test_cell_knows_its_options_code_and_lines() -> None:
    text = "Före\n\n```{python}\n#| label: tbl-a\n#| tags: [x, y]\nx = 1\nx\n```\nEfter"
    before, cell, after = qmd.blocks(lines(text))
    assert isinstance(cell, Cell)
    assert (cell.label, list(cell.tags), cell.place.line) == ("tbl-a", ["x", "y"], 3)
    assert [(line.text, line.place.line) for line in cell.code] == [("x = 1", 6), ("x", 7)]
    assert isinstance(before, Markdown)
    assert isinstance(after, Markdown)
    assert after.lines[0].place.line == 9


def test_cell_inside_a_code_block_is_text() -> None:
    text = "````\n```{python}\nraise\n```\n````"
    (block,) = qmd.blocks(lines(text))
    assert isinstance(block, Markdown)


@pytest.mark.parametrize(
    ("attributes", "seen"),
    [
        ('{.content-visible when-meta="data.a"}', True),
        ('{.content-visible when-meta="data.b"}', False),
        ('{.content-visible when-meta="data.c"}', False),
        ('{.content-visible unless-meta="data.b"}', True),
        ('{.content-hidden when-meta="data.a"}', False),
        ('{.content-hidden unless-meta="data.a"}', True),
        ('{.content-visible when-format="html"}', True),
    ],
)
def test_conditional_section(attributes: str, seen: bool) -> None:
    kept = qmd.drop_hidden(
        lines(f"::: {attributes}\nInnehåll\n:::"), {"data": {"a": True, "b": False}}
    )
    assert ("Innehåll" in [line.text for line in kept]) is seen


def test_hidden_section_takes_its_inner_sections_along() -> None:
    text = ':::: {.content-visible when-meta="data.b"}\na\n::: {.callout-note}\nb\n:::\nc\n::::\nd'
    kept = qmd.drop_hidden(lines(text), {"data": {}})
    assert [line.text for line in kept] == ["d"]


def test_colons_inside_code_close_nothing() -> None:
    text = '::: {.content-visible when-meta="data.b"}\n```\n:::\n```\n:::\nefter'
    assert [line.text for line in qmd.drop_hidden(lines(text), {})] == ["efter"]


@pytest.mark.parametrize(("text", "line"), [("a\n:::", 2), ("a\n\n::: {.x}\nb", 3)])
def test_unbalanced_section_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(SourceError) as fault:
        qmd.drop_hidden(lines(text), {})
    assert fault.value.place == Place(Path("x.qmd"), line)


def test_faulty_options_are_told_with_their_line() -> None:
    with pytest.raises(SourceError) as fault:
        qmd.blocks(lines('```{python}\n#| label: a\n#| tbl-cap: "x\n1\n```'))
    assert str(fault.value.place).startswith("x.qmd:3")


def test_include_means_the_targets_own_text(projekt: Path) -> None:
    source = projekt / "reports/liten.qmd"
    own = qmd.read(source, resolver(projekt, Target("liten", "herrljunga", 2022)), {})
    general = qmd.read(source, resolver(projekt, Target("liten", "harnosand", 2022)), {})
    assert projekt / "partials/liten/herrljunga/2022/_text.qmd" in own.files
    assert projekt / "partials/liten/_text.qmd" in general.files
    line = next(line for line in general.lines if line.text.startswith("Allmän"))
    assert line.place == Place(projekt / "partials/liten/_text.qmd", 1)


def test_missing_include_names_the_three_files_tried(projekt: Path) -> None:
    (projekt / "partials/liten/_text.qmd").unlink()
    with pytest.raises(SourceError) as fault:
        qmd.read(
            projekt / "reports/liten.qmd",
            resolver(projekt, Target("liten", "harnosand", 2022)),
            {},
        )
    for path in ("harnosand/2022/_text.qmd", "harnosand/_text.qmd", "_text.qmd"):
        assert f"partials/liten/{path}" in str(fault.value).replace("\\", "/")


def test_include_cannot_leave_the_project(projekt: Path) -> None:
    write(projekt / "reports/liten.qmd", "{{< include ../../../etc/passwd >}}\n")
    with pytest.raises(SourceError, match="utanför projektet"):
        qmd.read(
            projekt / "reports/liten.qmd",
            resolver(projekt, Target("liten", "harnosand", 2022)),
            {},
        )


def test_a_text_within_a_text_is_seen_from_the_report(projekt: Path) -> None:
    """As in Quarto: what it would refuse is a fault here too, with what to write."""
    text = projekt / "partials/liten/_text.qmd"
    write(projekt / "partials/liten/_mer.qmd", "Mer\n")
    resolve = resolver(projekt, Target("liten", "harnosand", 2022))
    for path in ("/partials/liten/_mer.qmd", "../partials/liten/_mer.qmd"):
        write(text, f"{{{{< include {path} >}}}}\n")
        read = qmd.read(projekt / "reports/liten.qmd", resolve, {})
        assert "Mer" in [line.text for line in read.lines]
    write(text, "Rad\n\n{{< include _mer.qmd >}}\n")
    with pytest.raises(SourceError) as fault:
        qmd.read(projekt / "reports/liten.qmd", resolve, {})
    assert str(fault.value.place).replace("\\", "/").endswith("partials/liten/_text.qmd:3")
    assert "mappen reports, som i Quarto: skriv «/partials/liten/_mer.qmd»" in fault.value.remedy


def test_file_that_includes_itself_is_an_error(projekt: Path) -> None:
    write(projekt / "partials/liten/_text.qmd", "{{< include /partials/liten/_text.qmd >}}\n")
    with pytest.raises(SourceError, match="i djupled"):
        qmd.read(
            projekt / "reports/liten.qmd",
            resolver(projekt, Target("liten", "harnosand", 2022)),
            {},
        )


def test_default_target_is_read_from_the_parameters_cell(projekt: Path) -> None:
    target = qmd.default_target(projekt / "reports/liten.qmd")
    assert target == Target("liten", "herrljunga", 2022)
