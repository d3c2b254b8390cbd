"""What a PDF refuses: told in Swedish, with the line of the `.qmd` or partial, all at once."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from berattelse import notebook, qmd
from berattelse.compose import compose
from berattelse.errors import BerattelseError
from berattelse.model import Document, Executed, Format, Job, Target, TargetSettings
from berattelse.typeset.inbyggd import Inbyggd
from tests.conftest import Run, write
from tests.pdfs import SVG, failures

HEAD = "---\nlang: sv\nnumber-sections: true\n---\n\n# Inledning\n\n"
"""Seven lines: a text given to `report` begins on line 8."""
BROKEN = '<svg xmlns="http://www.w3.org/2000/svg"><rect'
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)

Report = Callable[..., Document]


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Write a report, with partials, and take it through everything before typesetting."""
    monkeypatch.chdir(tmp_path)

    def made(text: str, *, head: str = HEAD, title: str = "Liten", **partials: str) -> Document:
        path = tmp_path / "reports" / "liten.qmd"
        path.parent.mkdir(exist_ok=True)
        path.write_text(head + text, encoding="utf-8")
        for name, content in partials.items():
            write(tmp_path / "partials" / f"_{name}.qmd", content)
        source = qmd.read(path, lambda name, _: (path.parent / name).resolve(), {})
        cells = notebook.build(qmd.blocks(source.lines), {})
        for cell in cells.cells:
            if cell.cell_type == "code" and cell.source.startswith("show"):
                cell["outputs"] = [_output(cell.source)]
        settings = TargetSettings(title, "Härnösand", "Socialnämnden", "helar")
        job = Job(Target("liten", "harnosand", 2022), settings, path, frozenset())
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        (path.parent / "bra.svg").write_text(SVG, encoding="utf-8")
        (path.parent / "bra.png").write_bytes(PNG)
        (path.parent / "trasig.svg").write_text(BROKEN, encoding="utf-8")
        return compose(Executed(job, cells, source.front_matter, 0.0), folder, 1_676_000_000)

    return made


def _output(source: str) -> nbformat.NotebookNode:
    kind, _, content = source.partition(" = ")[2].strip('"').partition("|")
    return nbformat.v4.new_output("display_data", {kind: content})


def fault(document: Document, format_: Format = "pdf") -> str:
    """Return what the user sees; nothing when the file can be made."""
    out = document.folder / f"ut.{format_}"
    try:
        Inbyggd().typeset(document, format_, out)
    except BerattelseError as error:
        return str(error)
    assert format_ != "pdf" or failures(out) == []
    return ""


LINES = [
    ("![](bra.svg)\n", 8, "Bilden bra.svg saknar alternativtext", "hakparenteserna"),
    ("Text.\n\nMer ![](bra.svg){width=3cm} text.\n", 10, "saknar alternativtext", "hakparentes"),
    ("![Alt](bra.svg)\n\n![](bra.svg)\n", 10, "saknar alternativtext", "hakparentes"),
    ("![Alt](trasig.svg)\n", 8, "trasig.svg kan inte visas: SVG-filen är skadad", "spara om"),
    ("Text.\n\n### Under\n", 10, "Rubriknivåerna hoppar från 1 till 3 vid «Under»", "i ordning"),
    ("## A\n\n#### B *kursiv* {#sec-b}\n", 10, "hoppar från 2 till 4 vid «B kursiv»", "i ordning"),
    ("## \n\nText.\n", 8, "En rubrik på nivå 2 saknar text", "skriv rubrikens text"),
    ("Se [där](#sec-borta).\n", 8, "Länken till #sec-borta leder ingenstans", "stavningen"),
    ("Se\n@tbl-borta.\n", 9, "Korsreferensen @tbl-borta leder ingenstans", "stavningen"),
    ("En [tom]() länk.\n", 8, "En länk saknar adress", "https://"),
    ("Ett tecken \ue000 här.\n", 8, "tecknet U+E000", "byt ut"),
    ("- punkt\n\n    {{< pagebreak >}}\n", 10, "En sidbrytning står inne i", "flytta ut"),
    ("Text {{< video a >}} här.\n", 8, "Kortkoden {{< video a >}}", "stöds inte"),
    ("Text.\n\n```{=html}\n<p>Rått</p>\n```\n", 11, "HTML som inte är en tabell", "Markdown"),
    ("```{=typst}\n#let a = 1\n#let b = (1,\n```\n\nSlut.\n", 10, "stängs aldrig", "rätta"),
    ("```{=typst}\n#let a = 1\n\n#ruter(a)\n```\n", 11, "namnet «ruter» finns inte", "rätta"),
    ("```{=typst}\n#text(storlek: 3pt)[a]\n```\n", 9, "argumentet «storlek» finns inte", "rätta"),
    ("Text `#okant`{=typst} här.\n", 8, "namnet «okant» finns inte", "rätta"),
    ("```{=typst}\n]\n```\n\nText.\n", 9, "stängs som aldrig har öppnats", "rätta"),
    ('::: {.content-visible when-formatt="html"}\nA\n:::\n', 8, "Okänt villkor", "when-format"),
    ("::: {#fig-tom}\nBara text.\n:::\n", 8, "figuren fig-tom saknar bildtext", "fig-cap"),
    ("Text.\n\n$$\\frac{1$$\n", 10, "Formeln \\frac{1 kan inte läsas", "har en }"),
    ("Text $\\okant{x}$.\n", 8, "Formeln \\okant{x} kan inte läsas", "stavningen"),
    ('Text `#image("x.png")`{=typst}.\n', 8, "typst säger «filen «x.png» finns inte»", "rätta"),
    ("```{=typst}\n= A\n=== B\n```\n", 10, "rubriknivåerna hoppar från 1 till 3", "i ordning"),
    ("```{=typst}\nText.\n#ref(<b>)\n```\n", 10, "länken till #b leder ingenstans", "stavningen"),
    ("En not[^1].\n\n[^1]: Ett.\n\n[^1]: Två.\n", 12, "Fotnoten [^1] finns två gånger", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message", "remedy"), LINES)
def test_a_fault_is_told_with_its_line(
    report: Report, text: str, line: int, message: str, remedy: str
) -> None:
    told = fault(report(text))
    first, _, rest = told.partition("\n")
    assert first.startswith(f"reports/liten.qmd:{line}: "), told
    assert message.lower() in first.lower(), told
    assert remedy in rest, told
    assert len(told.splitlines()) <= 2, told


@pytest.mark.parametrize(("text", "line", "message", "remedy"), LINES)
def test_in_a_partial_it_is_told_with_the_line_there(
    report: Report, text: str, line: int, message: str, remedy: str
) -> None:
    told = fault(report("Före.\n\n{{< include ../partials/_bit.qmd >}}\n", bit=text))
    assert told.startswith(f"partials/_bit.qmd:{line - 7}: "), told
    assert message.lower() in told.lower()


def test_the_same_text_without_the_fault_is_made(report: Report) -> None:
    text = (
        "![Alt](bra.svg)\n\n## A\n\n### B\n\nSe [där](#sec-c) och @sec-c.[^1]\n\n[^1]: Ett.\n\n"
        "## C {#sec-c}\n\n```{=typst}\n#let a = 1\n#box(width: 1cm * a)\n```\n\n"
        "{{< pagebreak >}}\n\nText `#h(1cm)`{=typst} här.\n"
    )
    assert fault(report(text)) == ""


def test_every_fault_is_told_at_once(report: Report) -> None:
    text = (
        "![](bra.svg)\n\n### För djupt\n\n![Alt](trasig.svg)\n\n"
        "```{=typst}\n#let b = (1,\n```\n\nSe @tbl-borta.\n"
    )
    told = fault(report(text))
    found = [line.split(": ")[0] for line in told.splitlines() if line.startswith("reports")]
    assert sorted(found, key=lambda place: int(place.split(":")[1])) == [
        f"reports/liten.qmd:{line}" for line in (8, 10, 12, 15, 18)
    ], told


def test_each_of_several_of_the_same_kind_is_told(report: Report) -> None:
    told = fault(
        report("![Alt](trasig.svg)\n\n\ue000 och \ue001\n\n![Alt](trasig.svg)\n\nOch \ue000.\n")
    )
    assert {line.split(": ")[0] for line in told.splitlines() if line.startswith("reports")} == {
        "reports/liten.qmd:8", "reports/liten.qmd:12",
    }, told  # fmt: skip
    told = fault(report("\ue000 och \ue001\n\nText.\n\nOch \ue000.\n"))
    lines = [line for line in told.splitlines() if line.startswith("reports")]
    assert [line.split(" är ")[0] for line in lines] == [
        "reports/liten.qmd:8: PDF: tecknet U+E000",
        "reports/liten.qmd:12: PDF: tecknet U+E000",
        "reports/liten.qmd:8: PDF: tecknet U+E001",
    ], told


def test_an_id_used_twice_is_told_at_both_places(report: Report) -> None:
    told = fault(report("## A {#sec-x}\n\nText.\n\n## B {#sec-x}\n"))
    lines = [line for line in told.splitlines() if line.startswith("reports")]
    assert [line.split(": ")[0] for line in lines] == [
        "reports/liten.qmd:8",
        "reports/liten.qmd:12",
    ]
    assert all("sec-x används mer än en gång" in line for line in lines)


def test_a_first_heading_of_another_level_is_told(report: Report) -> None:
    told = fault(report("## Under\n", head="---\nlang: sv\n---\n\nText.\n\n"))
    assert told.startswith("reports/liten.qmd:7: Den första rubriken, «Under», har nivå 2"), told


def test_a_document_without_title_is_told_with_its_settings_file(report: Report) -> None:
    told = fault(report("Text.\n", title=" "))
    assert told.startswith("data/harnosand/2022/liten.yml: PDF: dokumentet saknar titel"), told


def _cell(label: str, output: str) -> str:
    caption = "tbl-cap: Rubrik" if label.startswith("tbl") else "fig-cap: Rubrik"
    options = f"#| label: {label}\n#| {caption}\n#| echo: false\n"
    return f'```{{python}}\n{options}show = "{output}"\n```\n\n'


def test_a_cells_output_is_told_with_the_cells_line(report: Report) -> None:
    head = "".join(f"<th class='gt_right'>Månad{n:03}</th>" for n in range(70))
    body = "".join("<td class='gt_right'>123 456</td>" for n in range(70))
    table = f"<table><thead><tr>{head}</tr></thead><tbody><tr>{body}</tr></tbody></table>"
    text = "Före.\n\n" + _cell("tbl-bred", f"text/html|{table}") + "Efter.\n"
    told = fault(report(text))
    assert told.startswith("reports/liten.qmd:14: PDF: tabellen tbl-bred har så många kolumner"), (
        told
    )
    assert "dela tabellen" in told


def test_the_same_label_of_two_cells_is_told_at_both(report: Report) -> None:
    table = "<table><tr><th>A</th></tr><tr><td>1</td></tr></table>"
    cell = _cell("tbl-x", f"text/html|{table}")
    told = fault(report(cell + "Mitt emellan.\n\n" + cell))
    assert "reports/liten.qmd:12: Id:t tbl-x" in told and "reports/liten.qmd:21: Id:t tbl-x" in told


WIDE = (
    "|" + "|".join(f"kolumn{n}" for n in range(60)) + "|\n|" + "---|" * 60 + "\n|"
    + "|".join("123 456" for _ in range(60)) + "|\n"
)  # fmt: skip


@pytest.mark.parametrize("caption", ["", "\n: En bred tabell\n"])
def test_a_too_wide_table_without_an_id_is_told_with_its_line(report: Report, caption: str) -> None:
    told = fault(report("Om kolumn0 och annat.\n\n" + WIDE + caption))
    assert told.startswith("reports/liten.qmd:10: PDF: tabellen som börjar med «kolumn0» har"), told
    assert "dela tabellen" in told and "panic" not in told
    html = "<table><tr><th>Först</th></tr><tr><td colspan=1000>a</td></tr></table>"
    told = fault(report(f"Först.\n\n```{{=html}}\n{html}\n```\n"))
    assert told.startswith("reports/liten.qmd:11: PDF: tabellen som börjar med «Först» har"), told


@pytest.mark.parametrize("format_", ["html", "pdf", "docx"])
def test_headings_and_formulas_are_judged_alike_in_every_format(
    report: Report, format_: Format
) -> None:
    told = fault(report("## A\n\n#### B\n\nText $\\frac{1$.\n"), format_)
    assert "reports/liten.qmd:10: Rubriknivåerna hoppar från 2 till 4 vid «B»" in told, told
    assert "reports/liten.qmd:12: Formeln \\frac{1 kan inte läsas" in told, told
    assert fault(report("## A\n\n### B\n\n# C\n\n## D\n\nText $\\frac{1}{2}$.\n"), format_) == ""


LOST = (
    "Före <img src='bra.svg'> efter<br>ny rad.<!-- tyst -->\n\n"
    "Text \\newpage här.\n\n\\begin{tabular}{c}a\\end{tabular}\n\n"
    "```{=html}\n<table><tr><th>A</th></tr><tr><td>1</td></tr></table>\n```\n\n"
    '::: {.content-visible when-format="html"}\n<img src="b.svg">\n\n'
    "```{=html}\n<p>P</p>\n```\n:::\n"
)


@pytest.mark.parametrize(
    ("format_", "name", "lines"),
    [("html", "webbsidan", [10, 12]), ("pdf", "PDF", [8, 10, 12]), ("docx", "Word", [8, 10, 12])],
)
def test_code_that_a_format_does_not_show_is_warned_of(
    report: Report, format_: Format, name: str, lines: list[int]
) -> None:
    document = report(LOST)
    told = Inbyggd().typeset(document, format_, document.folder / "ut")
    found = [text.split(": ")[0] for text in told]
    assert found == [f"reports/liten.qmd:{line}" for line in lines], told
    assert all(f"visas inte i {name}" in text for text in told), told
    assert "LaTeX-koden \\newpage" in told[-2] and "LaTeX-koden \\begin{tabular}" in told[-1]


@pytest.mark.parametrize("format_", ["pdf", "docx"])
def test_text_in_html_is_never_dropped_in_silence(report: Report, format_: Format) -> None:
    told = fault(report("Text.\n\n```{=html}\n<p>Rått</p>\n```\n"), format_)
    assert told.startswith("reports/liten.qmd:11: HTML som inte är en tabell kan inte visas"), told


@pytest.mark.parametrize("format_", ["html", "docx"])
def test_other_formats_tell_the_line_too(report: Report, format_: Format) -> None:
    told = fault(report("![](bra.svg)\n\nSe @tbl-borta.\n\n[x](#borta)\n"), format_)
    found = [line.split(": ")[0] for line in told.splitlines() if line.startswith("reports")]
    assert sorted(found) == [
        "reports/liten.qmd:10", "reports/liten.qmd:12", "reports/liten.qmd:8",
    ], told  # fmt: skip


def test_a_broken_logo_is_told_with_its_file(report: Report) -> None:
    from berattelse.profile.model import Logo

    document = report("Text.\n")
    logo = document.folder.parent / "marke.svg"
    logo.write_text(BROKEN, encoding="utf-8")
    profile = replace(document.job.profile, logo=Logo(logo, "Kommunens märke"))
    told = fault(replace(document, job=replace(document.job, profile=profile)))
    assert told.startswith("marke.svg: Logotypen kan inte visas: SVG-filen är skadad"), told


def test_the_command_line_tells_every_place(projekt: Path, berattelse: Run) -> None:
    partial = projekt / "partials/liten/herrljunga/2022/_text.qmd"
    text = partial.read_text(encoding="utf-8")
    partial.write_text(f"{text}\n### För djupt\n\n![](../hus.png)\n", encoding="utf-8")
    (projekt / "hus.png").write_bytes(PNG)
    done = berattelse("--kommun", "herrljunga", "--format", "pdf")
    assert done.returncode == 1
    told = done.stdout + done.stderr
    place = "partials/liten/herrljunga/2022/_text.qmd"
    for line, message in (
        (3, "Rubriknivåerna hoppar från 1 till 3 vid «För djupt»"),
        (5, "Bilden hus.png saknar alternativtext"),
    ):
        assert f"{place}:{line}: {message}" in told, told
