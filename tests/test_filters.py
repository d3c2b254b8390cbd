"""`assets/filters/common.lua`, run by the real pandoc and read back as Pandoc's JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from berattelse import tools
from berattelse.errors import TypesetError
from berattelse.model import Document, Job, Target, TargetSettings
from berattelse.typeset import inbyggd

NBSP = "\u00a0"
HEAD = "---\nlang: sv\nnumber-sections: true\ndata:\n  finns: true\n  saknas: false\n---\n\n"

Ast = dict[str, Any]


def neutral(text: str, to: str = "html") -> list[Ast]:
    """Return the blocks that `common.lua` makes of Markdown for a format."""
    here = Path(__file__).parent
    read = ["--from", inbyggd.READER, "--to", "json"]
    ast = tools.pandoc(read, folder=here, timestamp=0, stdin=(HEAD + text).encode())
    # The filter is asked for the format; JSON comes out, so a small filter writes it aside
    arguments = ["--from=json", f"--lua-filter={tools.asset('filters/common.lua')}"]
    arguments += [f"--lua-filter={here / 'som_json.lua'}", f"--to={to}", "--output=-"]
    written = tools.pandoc(arguments, folder=here, timestamp=0, stdin=ast).decode("utf-8")
    blocks: list[Ast] = json.loads(written)["blocks"]
    return blocks


def walk(element: Any) -> Iterator[Ast]:
    if isinstance(element, dict):
        if "t" in element:
            yield element
        for part in element.values():
            yield from walk(part)
    elif isinstance(element, list):
        for part in element:
            yield from walk(part)


def plain(element: Any) -> str:
    words = {"Space": " ", "SoftBreak": " "}
    return "".join(
        node["c"] if node["t"] == "Str" else words.get(node["t"], "") for node in walk(element)
    )


def of_type(blocks: list[Ast], name: str) -> list[Ast]:
    return [node for node in walk(blocks) if node["t"] == name]


def attributes(attr: Any) -> dict[str, str]:
    return dict(attr[2])


def links(blocks: list[Ast]) -> list[tuple[str, str]]:
    return [(plain(link["c"][1]), link["c"][2][0]) for link in of_type(blocks, "Link")]


def fault_of(text: str) -> str:
    with pytest.raises(TypesetError) as caught:
        neutral(text)
    return str(caught.value)


def html_table(body: str, head: str = "<th>Post</th><th>Utfall</th>", foot: str = "") -> str:
    table = f"<table><thead><tr>{head}</tr></thead>{body}{foot}</table>"
    return f"::: {{#tbl-x}}\n```{{=html}}\n{table}\n```\n\nEn rubrik\n:::\n"


ROW = '<tr><th class="gt_left">Lön</th><td class="gt_right">−1 234</td></tr>'
FIGURE = '::: {#fig-a}\n![](a.svg){fig-alt="Den ökar."}\n\nEn bildtext\n:::\n\n'


# Content per format and target ------------------------------------------------------------


def test_content_follows_meta_and_format_when_nested() -> None:
    text = (
        '::::: {.content-visible when-meta="data.finns"}\nyttre\n\n'
        ':::: {.content-visible when-format="html"}\ninre\n\n'
        '::: {.content-hidden when-meta="data.saknas"}\ninnerst\n:::\n::::\n:::::\n\n'
        '::: {.content-visible when-meta="data.saknas"}\nbort\n:::\n\n'
        '[span]{.content-visible when-format="docx"}\n'
    )
    assert plain(neutral(text)) == "yttreinreinnerst"
    assert plain(neutral(text, "docx")) == "yttrespan"


@pytest.mark.parametrize(
    ("condition", "formats"),
    [
        ('when-format="typst"', {"typst"}),
        ('when-format="pdf"', set()),
        ('unless-format="html"', {"typst", "docx"}),
        ('when-meta="data.okand"', set()),
        ('unless-meta="data.saknas" when-format="docx"', {"docx"}),
    ],
)
def test_a_condition_means_what_it_means_in_quarto(condition: str, formats: set[str]) -> None:
    text = f"::: {{.content-visible {condition}}}\nsyns\n:::\n"
    assert {to for to in ("html", "typst", "docx") if plain(neutral(text, to))} == formats


def test_visible_content_leaves_no_wrapper() -> None:
    blocks = neutral('::: {.content-visible when-format="html"}\n# Rubrik\n:::\n')
    assert [block["t"] for block in blocks] == ["Header"]


def test_a_misspelt_condition_is_a_fault() -> None:
    assert "when-formatt" in fault_of('::: {.content-visible when-formatt="html"}\na\n:::\n')


def test_page_breaks_become_one_thing() -> None:
    blocks = neutral("a\n\n{{< pagebreak >}}\n\n\\newpage\n\nb\n")
    classes = [block["c"][0][1] for block in blocks if block["t"] == "Div"]
    assert classes == [["sidbrytning"], ["sidbrytning"]]


def test_another_shortcode_is_a_fault_that_names_it() -> None:
    assert "{{< video x.mp4 >}}" in fault_of("Se {{< video x.mp4 >}} nu.\n")


# Tables -----------------------------------------------------------------------------------


def table_of(blocks: list[Ast]) -> Any:
    (table,) = of_type(blocks, "Table")
    return table["c"]


def test_alignment_comes_from_great_tables_classes() -> None:
    specs = table_of(neutral(html_table(f"<tbody>{ROW}</tbody>")))[2]
    assert [spec[0]["t"] for spec in specs] == ["AlignLeft", "AlignRight"]


def test_spanners_keep_their_spans_and_are_centred() -> None:
    head = (
        '<th rowspan="2">Post</th><th colspan="2">Perioden</th></tr>'
        '<tr><th class="gt_right">Utfall</th><th class="gt_right">Budget</th>'
    )
    row = '<tr><th>Lön</th><td class="gt_right">1</td><td class="gt_right">2</td></tr>'
    first = table_of(neutral(html_table(f"<tbody>{row}</tbody>", head)))[3][1][0]
    assert [(cell[2], cell[3]) for cell in first[1]] == [(2, 1), (1, 2)]
    assert first[1][1][1]["t"] == "AlignCenter"


def test_row_groups_are_bodies_and_a_grand_sum_belongs_to_none() -> None:
    groups = "".join(
        f'<tr class="grupp"><th colspan="2">{name}</th></tr>{ROW}' for name in ("Kost", "Intäkt")
    )
    total = '<tr class="summa"><th>Summa</th><td class="gt_right">3</td></tr>'
    bodies = table_of(neutral(html_table(f"<tbody>{groups}{total}</tbody>")))[4]
    assert [plain(body[2]) for body in bodies] == ["Kost", "Intäkt", ""]
    assert [row[0][1] for row in bodies[2][3]] == [["summa"]]
    assert [body[1] for body in bodies] == [1, 1, 1]


def test_rows_after_a_group_that_stand_in_a_body_of_their_own_leave_the_group() -> None:
    body = f'<tbody><tr class="grupp"><th colspan="2">A</th></tr>{ROW}</tbody><tbody>{ROW}</tbody>'
    bodies = table_of(neutral(html_table(body)))[4]
    assert [(plain(body[2]), len(body[3])) for body in bodies] == [("A", 1), ("", 1)]


def test_great_tables_summary_rows_are_sum_rows() -> None:
    body = (
        f'<tbody>{ROW}<tr><th class="gt_stub gt_grand_summary_row">Alla</th>'
        '<td class="gt_right gt_grand_summary_row">3</td></tr></tbody>'
    )
    rows = table_of(neutral(html_table(body)))[4][0][3]
    assert [row[0][1] for row in rows] == [[], ["summa"]]


def test_notes_leave_the_table() -> None:
    foot = '<tfoot><tr><td colspan="2">Källa: x</td></tr></tfoot>'
    blocks = neutral(html_table(f"<tbody>{ROW}</tbody>", foot=foot))
    assert table_of(blocks)[5][1] == []
    parts = blocks[0]["c"][1]
    assert [parts[0]["c"][0][1], parts[2]["c"][0][1]] == [["bildtext"], ["tabellnot"]]
    assert plain(parts[2]) == "Källa: x"


def test_hostile_html_in_a_cell_stays_text() -> None:
    body = "<tbody><tr><th>&lt;script&gt;alert(1)&lt;/script&gt;</th><td>2</td></tr></tbody>"
    blocks = neutral(html_table(body))
    assert "<script>alert(1)</script>" in plain(blocks)
    assert of_type(blocks, "RawInline") == of_type(blocks, "RawBlock") == []


def test_cells_bring_no_ids() -> None:
    head = '<th id="Utfall">Post</th><th id="a" headers="b" style="color:red">Utfall</th>'
    table = table_of(neutral(html_table(f"<tbody>{ROW}</tbody>", head)))
    assert [cell[0] for cell in table[3][1][0][1]] == [["", [], []], ["", [], []]]


# Floats, numbers and references -----------------------------------------------------------


def test_every_way_to_write_a_float_gives_one_shape() -> None:
    text = (
        FIGURE
        + '![Andra texten](b.svg){#fig-b fig-alt="Alt"}\n\n'
        + "| a | b |\n|---|--:|\n| 1 | 2 |\n\n: Rubrik {#tbl-t}\n"
    )
    blocks = neutral(text)
    shapes = [(block["c"][0][0], block["c"][0][1], attributes(block["c"][0])) for block in blocks]
    assert shapes == [
        ("fig-a", ["flyt", "figur"], {"nummer": "1", "etikett": "Figur"}),
        ("fig-b", ["flyt", "figur"], {"nummer": "2", "etikett": "Figur"}),
        ("tbl-t", ["flyt", "tabell"], {"nummer": "1", "etikett": "Tabell"}),
    ]
    captions = [plain(block["c"][1][0]) for block in blocks]
    assert captions == ["En bildtext", "Andra texten", "Rubrik"]


def test_the_alternative_text_is_the_images_description() -> None:
    (image,) = of_type(neutral(FIGURE), "Image")
    assert plain(image["c"][1]) == "Den ökar."
    assert "fig-alt" not in attributes(image["c"][0])


def test_headings_are_numbered_but_not_under_an_unnumbered_one() -> None:
    text = "# A\n\n## B\n\n# C {.unnumbered}\n\n## D\n\n# E\n\n## F\n\n### G\n"
    headers = of_type(neutral(text), "Header")
    numbers = [attributes(header["c"][1]).get("nummer") for header in headers]
    assert numbers == ["1", "1.1", None, None, "2", "2.1", "2.1.1"]
    assert headers[3]["c"][1][1] == ["unnumbered"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("@fig-a", f"Figur{NBSP}1"),
        ("@Fig-a", f"Figur{NBSP}1"),
        ("[-@fig-a]", "1"),
        ("[Bild @fig-a]", f"Bild{NBSP}1"),
        ("@sec-ekonomi", f"Avsnitt{NBSP}1.1"),
        ("@sec-inledning", f"Avsnitt{NBSP}”Inledning”"),
        ("[-@sec-inledning]", "”Inledning”"),
    ],
)
def test_a_reference_by_quartos_syntax(written: str, shown: str) -> None:
    text = (
        "# Inledning {#sec-inledning .unnumbered}\n\n# Del\n\n## Ekonomi {#sec-ekonomi}\n\n"
        f"{FIGURE}Se {written}.\n"
    )
    ((label, target),) = links(neutral(text))
    assert label == shown
    assert target == "#" + written.strip("[]").split("@")[1].lower()


def test_several_references_in_one_bracket() -> None:
    blocks = neutral(FIGURE + html_table(f"<tbody>{ROW}</tbody>") + "\n[@fig-a; @tbl-x]\n")
    assert plain(blocks[-1]) == f"Figur{NBSP}1, Tabell{NBSP}1"


def test_references_in_footnotes_and_captions_are_resolved() -> None:
    text = FIGURE.replace("En bildtext", "Se @fig-a") + "x[^1]\n\n[^1]: Jämför @fig-a.\n"
    assert [label for label, _ in links(neutral(text))] == [f"Figur{NBSP}1"] * 2


def test_all_faults_are_told_at_once_with_their_ids() -> None:
    message = fault_of(
        "Se @tbl-borta och [länk](#ingen).\n\n# A {#sec-a}\n\n# B {#sec-a}\n\n"
        "![](utan.svg)\n\n::: {#fig-tom}\n:::\n"
    )
    for named in ("@tbl-borta", "#ingen", "sec-a", "utan.svg", "fig-tom"):
        assert named in message


def test_a_reference_to_what_this_format_does_not_have_is_a_fault() -> None:
    hidden = f'::: {{.content-hidden when-format="html"}}\n{FIGURE}:::\n\nSe @fig-a.\n'
    assert "@fig-a" in fault_of(hidden)
    assert links(neutral(hidden, "docx"))


def test_a_float_without_caption_is_a_fault() -> None:
    assert "fig-a" in fault_of('::: {#fig-a}\n![](a.svg){fig-alt="x"}\n:::\n')


# Callouts and typography ------------------------------------------------------------------


def test_a_callouts_title_is_its_heading_and_no_heading_of_the_report() -> None:
    (div,) = neutral("::: {.callout-warning}\n## Om *kronorna*\nText\n:::\n")
    assert div["c"][0][1] == ["callout", "callout-warning"]
    assert attributes(div["c"][0]) == {"title": "Om kronorna"}
    assert of_type([div], "Header") == []


def test_a_callout_without_title_gets_a_swedish_one() -> None:
    (div,) = neutral("::: {.callout-important}\nText\n:::\n")
    assert attributes(div["c"][0]) == {"title": "Viktigt"}


def test_straight_quotes_become_swedish() -> None:
    assert plain(neutral("Han sa \"ja\" och 'nej'.")) == "Han sa ”ja” och ’nej’."


# The door to pandoc -----------------------------------------------------------------------


def document(folder: Path, text: str) -> Document:
    (folder / "composed.md").write_text(HEAD + text, encoding="utf-8")
    settings = TargetSettings("Titel", "Härnösand", "Socialnämnden", "helar")
    job = Job(Target("liten", "harnosand", 2022), settings, folder / "liten.qmd", frozenset())
    return Document(job, folder, 0)


def test_a_document_is_parsed_once_and_again_when_it_has_changed(tmp_path: Path) -> None:
    first = inbyggd.parse(document(tmp_path, "ett\n"))
    written = first.stat().st_mtime_ns
    assert inbyggd.parse(document(tmp_path, "ett\n")).stat().st_mtime_ns == written
    assert b"tv\xc3\xa5" in inbyggd.parse(document(tmp_path, "två\n")).read_bytes()


def test_an_unclosed_division_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(TypesetError, match="stängs aldrig"):
        inbyggd.parse(document(tmp_path, "a\n\n::: {.x}\nb\n"))
