"""The PDF typesetter, read back with tools that know nothing of typst."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pymupdf
import pytest

from berattelse.errors import TypesetError
from berattelse.profile import standard
from berattelse.typeset import pdf
from berattelse.typeset.margins import running_header
from tests.pdfs import NBSP, Make, failures, table, tags, texts, typeset


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return functools.partial(typeset, tmp_path)


LONG = [[f"Enhet {i}", f"{i}{NBSP}000", f"−{i},5"] for i in range(1, 91)]
WHOLE = f"""# Ekonomi {{#sec-ekonomi}}

Se @tbl-lang, @fig-stapel och @sec-ekonomi. En not.[^1] [Verksamheten skriver: x.]{{.platshallare}}

[^1]: Notens text.

{table(LONG, ["Enhet", "Utfall", "Avvikelse"], label="tbl-lang", note="Källa: bokslut.")}

## Diagram

::: {{#fig-stapel}}
![](figures/stapel.svg){{fig-alt="Stapeldiagram: 82 procent." width="160mm"}}

Andel nöjda
:::

::: {{.callout-note}}
## Läs så här
Siffrorna är avrundade.
:::

{{{{< pagebreak >}}}}

# Framtid {{.unnumbered}}

Slut på [sidan](https://exempel.se).
"""


def test_whole_document_is_valid_and_tagged(make: Make) -> None:
    path = make(WHOLE)
    assert failures(path) == []
    found = tags(path)
    kinds = [element["type"] for element in found]
    for kind in ("H1", "H2", "TOC", "Table", "THead", "Caption", "Figure", "Note", "Link"):
        assert kind in kinds, kind
    assert [e["alt_text"] for e in found if e["type"] == "Figure"] == ["Stapeldiagram: 82 procent."]
    heads = [e for e in found if e["type"] == "TH"]
    assert all(e["attributes"]["Scope"] for e in heads)
    assert kinds.count("Table") == 1, "en tabell över flera sidor är en tabell"


def test_metadata_bookmarks_and_language(make: Make) -> None:
    document = pymupdf.open(make(WHOLE))
    assert document.metadata["title"] == "Delårsrapport 2022"
    assert document.metadata["author"] == "Socialnämnden"
    assert [(level, text) for level, text, _ in document.get_toc()] == [
        (1, "1 Ekonomi"), (2, "1.1 Diagram"), (1, "Framtid"),
    ]  # fmt: skip
    assert document.language.lower().startswith("sv")


def test_running_header_footer_and_contents(make: Make) -> None:
    pages = texts(make(WHOLE))
    assert "Sida" not in pages[0] and "Härnösand" in pages[0] and "10 februari 2023" in pages[0]
    for number, text in enumerate(pages[1:], start=2):
        assert "Socialnämnden, Delårsrapport – 2022" in text
        assert f"Härnösand · Dnr SN 10/2022 · 10 februari 2023 Sida {number}({len(pages)})" in text
    assert "Innehåll" in pages[1] and re.search(r"1\.1 Diagram[ .]*5", pages[1])
    assert "1.1 Diagram" in pages[4]


def test_long_table_repeats_its_head_and_keeps_its_caption(make: Make) -> None:
    pages = texts(make(WHOLE))
    with_rows = [text for text in pages if re.search(r"Enhet \d+ \d", text)]
    assert len(with_rows) >= 2
    assert all("Enhet Utfall Avvikelse" in text for text in with_rows)
    first = with_rows[0]
    assert first.index("Tabell 1. En tabell") < first.index("Enhet 1 1 000 −1,5")
    assert sum("Tabell 1. En tabell" in text for text in pages) == 1
    assert re.search(r"Enhet 90 .*Källa: bokslut\.", with_rows[-1])
    figure = next(text for text in pages if "Figur 1. Andel nöjda" in text)
    assert "Läs så här" in figure


@pytest.mark.parametrize("before", range(4))
def test_what_belongs_together_is_not_parted(make: Make, before: int) -> None:
    rows = [[f"Rad {i}", f"{i}"] for i in range(76 + before)]
    rows.append(["Summa", "99"])
    groups = {i: f"Grupp {i}" for i in range(0, 76, 2)}
    text = "Ett stycke.\n\n" * before
    path = make(
        f"# A\n\n{text}" + table(rows, ["Post", "Antal"], note="Källa: x.", group_at=groups)
    )
    assert failures(path) == []
    pages = [text for text in texts(path) if "Rad" in text]
    assert len(pages) > 1
    for text in pages:
        kinds = re.findall(r"(Grupp|Rad|Summa|Källa)", text)
        assert kinds[-1] != "Grupp", text
    assert re.search(rf"Rad {75 + before} .*Summa 99 Källa: x\.", pages[-1])
    # What is drawn into another row still stands in its own.
    body = [e for e in tags(path) if e["type"] == "TR"]
    assert len(body) == 1 + len(rows) + len(groups)
    found = "".join(pages)
    labels = re.findall(r"(?:Grupp|Rad) \d+ ", found)
    assert len(labels) == len(set(labels)) == len(rows) - 1 + len(groups)


def test_links_lead_to_their_targets(make: Make) -> None:
    path = make(WHOLE)
    document = pymupdf.open(path)
    links = [link for sida in document for link in sida.get_links()]
    assert any(link.get("uri") == "https://exempel.se" for link in links)
    assert sum(link["kind"] in (pymupdf.LINK_GOTO, pymupdf.LINK_NAMED) for link in links) >= 6
    assert "Se Tabell 1, Figur 1 och Avsnitt 1." in texts(path)[2]


HOSTILE = (
    r'#import "x": * $x$ @ref <label> \begin *b* _u_ ~ // k /* o */ -1 [a] = r `k` '
    r"#set page(width: 1pt) \u{41} https://a.se/b//c -- ... + - / 1. #"
)


def test_hostile_text_is_text(make: Make) -> None:
    escaped = re.sub(r"([^\w\s]|_)", r"\\\1", HOSTILE)
    cell = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    cell = cell.replace("`", "&#96;")
    text = (
        f"# Rubrik {escaped}\n\nStycke {escaped}\n\n- Punkt {escaped}\n\n"
        f"`` {HOSTILE} ``\n\n[{escaped}]{{.platshallare}} En not.[^1]\n\n[^1]: Not {escaped}\n\n"
        + table([[f"Cell {cell}", cell]], [f"Huvud {cell}", "B"], note=f"Not {cell}")
        + f"\n::: {{.callout-tip}}\n## Ruta {escaped}\nText\n:::\n"
    )
    path = make(text, title=f"Titel {HOSTILE}")
    # Where a line breaks at a hyphen or slash no space is lost or won: compare without any.
    whole = "".join("".join(texts(path)).replace("\u00ad", "").split())
    wanted = "".join(HOSTILE.split())
    for before in ("Titel", "Rubrik", "Stycke", "Punkt", "Cell", "Huvud", "Not", "Ruta"):
        assert before + wanted in whole, before
    assert failures(path) == []


def test_wide_tables_get_smaller_then_a_landscape_page(make: Make) -> None:
    def of(columns: int, number: str) -> str:
        head = ["Post", *(f"M{i}" for i in range(columns))]
        return table([["Rad", *[number] * columns]] * 3, head)

    def sides(path: Path) -> list[tuple[bool, float]]:
        return [
            (sida.rect.width > sida.rect.height, span["size"])
            for sida in pymupdf.open(path)
            for block in sida.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            if "Rad" in span["text"]
        ]

    (narrow, wide, widest) = (
        sides(make("# A\n\n" + of(*arguments)))[0]
        for arguments in ((3, "1"), (13, f"−12{NBSP}345"), (14, f"12{NBSP}345{NBSP}678"))
    )
    assert narrow == (False, pytest.approx(9.5))
    assert wide[0] is False and 7.5 <= wide[1] < 9.5
    assert widest[0] is True and widest[1] >= 7.5
    pages = texts(make("# A\n\nFöre.\n\n" + of(14, f"12{NBSP}345{NBSP}678") + "\nEfter.\n"))
    assert all("Sida" in text and "Socialnämnden" in text for text in pages[1:])


def test_a_heading_comes_along_to_a_landscape_page(make: Make) -> None:
    wide = table([["Rad", *[f"12{NBSP}345{NBSP}678"] * 14]], ["Post", *map(str, range(14))])
    path = make("# A\n\nText.\n\n# Bilaga\n\n## Per månad\n\n" + wide + "\n## Mer\n\nText.\n")
    assert failures(path) == []
    pages = texts(path)
    assert "2 Bilaga 2.1 Per månad Tabell 1." in pages[3] and "2.2 Mer" in pages[4]
    found = [element["type"] for element in tags(path)]
    assert found.index("H2") < found.index("Table")


def test_groups_spanners_and_sums(make: Make) -> None:
    html = (
        '<table><thead><tr><th rowspan="2" class="gt_left">Post</th>'
        '<th colspan="2">Perioden</th></tr><tr><th class="gt_right">Utfall</th>'
        '<th class="gt_right">Budget</th></tr></thead><tbody><tr class="grupp">'
        '<th colspan="3">Vård</th></tr><tr><th class="gt_left">Hemtjänst</th>'
        '<td class="gt_right">1</td><td class="gt_right">2</td></tr><tr class="summa">'
        '<th class="gt_left">Summa</th><td class="gt_right">1</td><td class="gt_right">2</td></tr>'
        "</tbody></table>"
    )
    path = make(f"# A\n\n::: {{#tbl-x}}\n```{{=html}}\n{html}\n```\n\nText\n:::\n")
    assert failures(path) == []
    found = tags(path)
    spans = [e["attributes"] for e in found if e["type"] == "TH" and "ColSpan" in e["attributes"]]
    assert spans[0]["ColSpan"] == 2
    bold = {
        span["text"].strip()
        for sida in pymupdf.open(path)
        for block in sida.get_text("dict")["blocks"]
        for line in block.get("lines", ())
        for span in line["spans"]
        if "Bold" in span["font"] or "Semibold" in span["font"]
    }
    assert {"Vård", "Summa", "Perioden", "Utfall"} <= bold and "Hemtjänst" not in bold


def test_fonts_are_ours_and_embedded(make: Make) -> None:
    document = pymupdf.open(make(WHOLE))
    names = {font[3].split("+")[-1] for sida in document for font in sida.get_fonts()}
    assert names and all(name.startswith("SourceSansPro") for name in names), names


def test_the_same_text_gives_the_same_bytes(make: Make) -> None:
    assert make(WHOLE).read_bytes() == make(WHOLE, name="igen.pdf").read_bytes()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# A\n\n![](figures/stapel.svg)\n", "alternativtext"),
        ("# A\n\n### C\n", "Rubriknivåerna hoppar från 1 till 3"),
        ("# A\n\n![alt](figures/saknas.svg)\n", "saknas.svg"),
        ("# A\n\n- punkt\n\n    {{< pagebreak >}}\n", "sidbrytning"),
        ("# A\n\n```{=html}\n<p>Rå text</p>\n```\n", "HTML som inte är en tabell"),
    ],
)
def test_what_typst_refuses_is_told_in_swedish(make: Make, text: str, message: str) -> None:
    with pytest.raises(TypesetError, match=message):
        make(text)


def test_stream_that_ends_with_cr_gets_a_clear_end() -> None:
    first = b"%PDF-1.7\n1 0 obj\n<</Length 2>>\nstream\na\r\nendstream\nendobj\n"
    second = b"2 0 obj\n<<>>\nendobj\n"
    table_at = len(first) + len(second)
    data = first + second
    data += b"xref\n0 3\n0000000000 65535 f\r\n0000000009 00000 n\r\n"
    data += b"%010d 00000 n\r\ntrailer\n<<>>\nstartxref\n%d\n%%%%EOF" % (len(first), table_at)
    fixed = pdf.with_clear_ends(data)
    assert len(fixed) == len(data) + 1
    offsets = [int(found) for found in re.findall(rb"(\d{10}) 00000 n", fixed)]
    assert [fixed[offset : offset + 7] for offset in offsets] == [b"1 0 obj", b"2 0 obj"]
    at = re.search(rb"startxref\n(\d+)", fixed)
    assert at and fixed[int(at[1]) :].startswith(b"xref")


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Delårsrapport per 31 augusti 2022", "Nämnden, Delårsrapport per 31 augusti 2022"),
        ("Kvalitetsberättelse", "Nämnden, Kvalitetsberättelse – 2022"),
    ],
)
def test_running_header_names_the_year_once(title: str, wanted: str) -> None:
    assert running_header("Nämnden", title, 2022) == wanted


@pytest.mark.parametrize(
    "empty",
    [
        "| a | b |\n|---|---|\n\n: Tom {#tbl-tom}\n",
        "| a | b |\n|---|---|\n",
        "```{=html}\n<table><thead><tr><th>a</th><th>b</th></tr></thead></table>\n```\n",
        "```{=html}\n<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody></tbody></table>\n```\n",
    ],
)
def test_a_table_without_rows_shows_its_heads(make: Make, empty: str) -> None:
    path = make(f"# A\n\nFöre.\n\n{empty}\nEfter.\n")
    assert failures(path) == []
    assert re.search(r"Före\. .*\ba b Efter\.", texts(path)[-1])
    assert [e["type"] for e in tags(path)].count("TH") == 2


def test_marked_text_and_callouts_have_the_colours_of_the_web_page(make: Make) -> None:
    boxes = "".join(
        f"::: {{.callout-{kind}}}\n## Rubrik {kind}\n\nText.\n:::\n\n"
        for kind in ("caution", "warning", "important")
    )
    page = pymupdf.open(make(f"# A\n\nEtt [markerat]{{.mark}} ord.\n\n{boxes}"))[-1]
    light = standard.profile().light
    spans = [
        span
        for block in page.get_text("dict")["blocks"]
        for row in block.get("lines", ())
        for span in row["spans"]
    ]
    colours = {span["text"]: f"#{span['color']:06x}" for span in spans}
    assert colours["Rubrik caution"] == colours["Rubrik warning"] == light.warning
    assert colours["Rubrik important"] == light.important
    (word,) = page.search_for("markerat")
    mark = tuple(int(light.mark[at : at + 2], 16) / 255 for at in (1, 3, 5))
    behind = [
        shape["rect"]
        for shape in page.get_drawings()
        if shape["fill"]
        and all(abs(a - b) < 0.01 for a, b in zip(shape["fill"], mark, strict=True))
    ]
    assert len(behind) == 1 and behind[0].intersects(word)
