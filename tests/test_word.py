"""The Word file, read part by part: one document with everything that a report may hold."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import docx
import pytest
from lxml import etree

from berattelse.errors import TypesetError
from berattelse.model import Document
from berattelse.profile import Profile, standard
from berattelse.tools import pandoc
from berattelse.typeset import word
from berattelse.typeset.word.xml import NS

# A grey pixel; what a chart shows is not the matter here.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080000000"
    "03a7e9b550000000a49444154789c6368000000820081dd436af40000000049454e44ae426082"
)

HEAD = """---
title: Verksamhetsberättelse 2022
subtitle: Socialnämnden & bokslutet
lang: sv
kommun: Härnösand
namnd: Socialnämnden
ar: 2022
rapport: verksamhetsberattelse
rapportnamn: Verksamhetsberättelse
dnr: SN 22-100
datum: "2023-02-19"
number-sections: true
---
"""

TABLE = """::: {#tbl-drift}
```{=html}
<table><thead>
<tr><th rowspan="2" class="gt_left">Post</th><th colspan="2" class="gt_center">Period</th></tr>
<tr><th class="gt_right">Utfall</th><th class="gt_right">Budget</th></tr></thead><tbody>
<tr class="gt_group_heading_row"><th colspan="3" class="gt_group_heading">Drift</th></tr>
<tr><th class="gt_left">Intäkter</th><td class="gt_right">1 234</td><td class="gt_right">2</td></tr>
<tr class="summa"><th class="gt_left">Summa</th><td class="gt_right">3</td>
<td class="gt_right">4</td></tr></tbody></table>
```

::: {.tabellnot}
En not till tabellen.
:::

Drift, tkr
:::
"""

FIGURE = """::: {#fig-nojd}
![](figures/nojd.svg){fig-alt="Stapeldiagram. Nöjda är 82 procent." width="160mm"}

Nöjda brukare
:::
"""

BODY = f"""
# Sammanfattning {{.unnumbered}}

Se @tbl-drift, [-@tbl-drift], [bild @fig-nojd] och @sec-drift. Mer.[^1]
[Verksamheten skriver: orsak.]{{.platshallare}} Inget `<w:p>&` händer.

[^1]: Noten nämner @tbl-drift.

# Ekonomi

## Drift {{#sec-drift}}

{TABLE}

::: {{.callout-note}}
## Om kronorna

Kronorna är syntetiska.

- En punkt
:::

{{{{< pagebreak >}}}}

# Brukare

{FIGURE}

- Punkt
"""

WIDE_ROW = "".join(f'<td class="gt_right">{n} 234 567,8</td>' for n in range(14))
WIDE_HEAD = "".join(f'<th class="gt_right">Kolumn{n}</th>' for n in range(14))
WIDE = f"""
# Ekonomi

Före.

## Månader

::: {{#tbl-manad}}
```{{=html}}
<table><thead><tr><th class="gt_left">Post</th>{WIDE_HEAD}</tr></thead>
<tbody><tr><th class="gt_left">Försörjningsstöd</th>{WIDE_ROW}</tr></tbody></table>
```

Månader, kr
:::

Efter.
"""

Make = Callable[..., Path]
STANDARD = standard.profile()


class Docx:
    """A Word file with XPath per part."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}

    def find(self, expression: str, part: str = "word/document.xml") -> list[Any]:
        root = etree.fromstring(self.parts[part])
        return cast(list[Any], root.xpath(expression, namespaces=NS))

    def texts(self, expression: str, part: str = "word/document.xml") -> list[str]:
        return [
            "".join(node.xpath(".//w:t/text()", namespaces=NS))
            for node in self.find(expression, part)
        ]

    def styled(self, style: str) -> str:
        return f"//w:p[w:pPr/w:pStyle/@w:val='{style}']"


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    def run(
        body: str, *, head: str = HEAD, name: str = "ut.docx", profile: Profile = STANDARD
    ) -> Path:
        folder = tmp_path_factory.mktemp("word")
        (folder / "figures").mkdir()
        for kind in ("png", "svg"):
            (folder / "figures" / f"nojd.{kind}").write_bytes(PNG)
        (folder / "composed.md").write_text(head + body, encoding="utf-8")
        document = SimpleNamespace(
            folder=folder,
            markdown=folder / "composed.md",
            timestamp=1_660_000_000,
            job=SimpleNamespace(profile=profile, settings=SimpleNamespace(handlaggare="")),
        )
        pandoc(
            ["--from=markdown", "--to=json", "--output=ast.json", "composed.md"],
            folder=folder,
            timestamp=0,
        )
        word.write(cast(Document, document), folder / "ast.json", folder / name)
        return folder / name

    return run


@pytest.fixture(scope="module")
def path(make: Make) -> Path:
    return make(BODY)


@pytest.fixture(scope="module")
def file(path: Path) -> Docx:
    return Docx(path)


@pytest.fixture(scope="module")
def wide(make: Make) -> Docx:
    return Docx(make(WIDE))


# Headings and contents --------------------------------------------------------------------------


def test_headings_have_the_built_in_styles(path: Path) -> None:
    found = [
        (p.style.name, p.text)
        for p in docx.Document(str(path)).paragraphs
        if p.style is not None and str(p.style.name).startswith("Heading")
    ]
    assert found == [
        ("Heading 1", "Sammanfattning"),
        ("Heading 1", "Ekonomi"),
        ("Heading 2", "Drift"),
        ("Heading 1", "Brukare"),
    ]


def test_heading_styles_are_bound_to_one_multilevel_list(file: Docx) -> None:
    number = file.find("//w:style[@w:styleId='Heading2']//w:numId/@w:val", "word/styles.xml")[0]
    levels = file.find(
        f"//w:abstractNum[@w:abstractNumId=//w:num[@w:numId='{number}']/w:abstractNumId/@w:val]"
        "/w:lvl/w:lvlText/@w:val",
        "word/numbering.xml",
    )
    assert levels[:3] == ["%1", "%1.%2", "%1.%2.%3"]


def test_unnumbered_heading_leaves_the_list(file: Docx) -> None:
    off = file.texts("//w:p[w:pPr/w:numPr/w:numId/@w:val='0']")
    assert off == ["Sammanfattning"]


def test_contents_are_filled_with_links_to_the_headings(file: Docx) -> None:
    anchors = file.find("//w:sdt//w:hyperlink/@w:anchor")
    bookmarks = file.find("//w:bookmarkStart/@w:name")
    assert len(anchors) == 4
    assert set(anchors) <= set(bookmarks)


def test_contents_show_numbers_and_titles(file: Docx) -> None:
    assert file.texts("//w:sdt//w:hyperlink") == [
        "Sammanfattning", "1Ekonomi", "1.1Drift", "2Brukare",
    ]  # fmt: skip


def test_contents_guess_no_page_numbers(file: Docx) -> None:
    fields = file.find("//w:instrText[contains(., 'PAGEREF')]")
    assert len(fields) == 4
    for field in fields:
        after = field.getparent().getnext()
        assert after.find("w:fldChar", NS).get(f"{{{NS['w']}}}fldCharType") == "separate"
        assert after.getnext().find("w:fldChar", NS).get(f"{{{NS['w']}}}fldCharType") == "end"


def test_nothing_makes_word_ask_at_opening(file: Docx) -> None:
    for name, content in file.parts.items():
        assert b"w:dirty" not in content, name
        assert b"updateFields" not in content, name


# Captions and references ------------------------------------------------------------------------


def test_captions_have_the_built_in_style(path: Path) -> None:
    texts = [
        p.text
        for p in docx.Document(str(path)).paragraphs
        if p.style is not None and p.style.name == "Caption"
    ]
    assert texts == ["Tabell\u00a01. Drift, tkr", "Figur\u00a01. Nöjda brukare"]


@pytest.mark.parametrize("label", ["Tabell", "Figur"])
def test_caption_number_is_a_seq_field(file: Docx, label: str) -> None:
    codes = file.find(f"{file.styled('Caption')}//w:instrText/text()")
    assert f" SEQ {label} \\* ARABIC " in codes


def test_every_field_is_complete(file: Docx) -> None:
    kinds = file.find("//w:fldChar/@w:fldCharType")
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") > 0


def test_references_are_ref_fields_to_bookmarks_that_exist(file: Docx) -> None:
    codes = [c.split() for c in file.find("//w:instrText/text()") if c.split()[0] == "REF"]
    bookmarks = set(file.find("//w:bookmarkStart/@w:name"))
    assert len(codes) == 4
    assert all(code[1] in bookmarks and code[-1] == "\\h" for code in codes)


def test_reference_to_a_section_asks_for_its_number(file: Docx) -> None:
    assert file.find("//w:instrText[contains(., 'REF _Ref_sec_drift \\r \\h')]")


def test_references_read_as_text(file: Docx) -> None:
    text = file.texts("//w:p[.//w:instrText[contains(., 'REF _Ref_tbl_drift ')]]")[0]
    assert text.startswith("Se Tabell\u00a01, 1, bild\u00a01 och Avsnitt\u00a01.1.")


def test_reference_in_a_footnote(file: Docx) -> None:
    assert file.find("//w:instrText[contains(., 'REF _Ref_tbl_drift')]", "word/footnotes.xml")


def test_bookmarks_have_ids_of_their_own_and_ends(file: Docx) -> None:
    starts = file.find("//w:bookmarkStart/@w:id")
    assert len(set(starts)) == len(starts)
    assert sorted(starts) == sorted(file.find("//w:bookmarkEnd/@w:id"))


def test_table_caption_stands_above_and_stays_with_the_table(file: Docx) -> None:
    assert file.find("//w:tbl/preceding-sibling::w:p[1][w:pPr/w:keepNext]//w:bookmarkStart")


def test_figure_stays_with_the_caption_below(file: Docx) -> None:
    assert "keepNext" in file.parts["word/styles.xml"].decode().split('w:styleId="Figur"')[1][:300]
    assert file.texts("//w:p[.//w:drawing]/following-sibling::w:p[1]") == [
        "Figur\u00a01. Nöjda brukare"
    ]


# Tables -----------------------------------------------------------------------------------------


def test_both_header_rows_are_marked_and_no_other(file: Docx) -> None:
    rows = file.find("//w:tbl/w:tr")
    marked = [bool(row.find("w:trPr/w:tblHeader", NS) is not None) for row in rows]
    assert marked == [True, True, False, False, False]


def test_rows_do_not_break(file: Docx) -> None:
    assert len(file.find("//w:tr[w:trPr/w:cantSplit]")) == len(file.find("//w:tr"))


def test_spans_are_kept(file: Docx) -> None:
    assert file.texts("//w:tc[w:tcPr/w:gridSpan/@w:val='2']") == ["Period"]
    assert file.texts("//w:tc[w:tcPr/w:vMerge/@w:val='restart']") == ["Post"]


def test_numbers_stand_to_the_right(file: Docx) -> None:
    right = file.texts("//w:tbl//w:p[w:pPr/w:jc/@w:val='right']")
    assert right == ["Utfall", "Budget", "1 234", "2", "3", "4"]


def test_sum_row_is_bold_with_a_line_above(file: Docx) -> None:
    cells = file.find("//w:tbl/w:tr[last()]/w:tc")
    assert all(cell.find("w:tcPr/w:tcBorders/w:top", NS) is not None for cell in cells)
    assert file.texts(file.styled("Tabellsumma")) == ["Summa", "3", "4"]


def test_group_row_spans_the_table(file: Docx) -> None:
    assert file.texts("//w:tc[w:tcPr/w:gridSpan/@w:val='3']") == ["Drift"]
    assert file.texts(file.styled("Tabellgrupp")) == ["Drift"]


def test_table_says_what_it_is(file: Docx) -> None:
    assert file.find("//w:tblCaption/@w:val") == ["Tabell 1. Drift, tkr"]
    assert "3 kolumner och 2 rader" in file.find("//w:tblDescription/@w:val")[0]


def test_table_has_style_first_row_and_first_column(file: Docx) -> None:
    assert file.find("//w:tblStyle/@w:val") == ["Tabell"]
    assert file.find("//w:tblLook/@w:firstRow") == ["1"]
    assert file.find("//w:tblLook/@w:firstColumn") == ["1"]


def test_columns_fill_the_width_of_the_text(file: Docx) -> None:
    assert sum(map(int, file.find("//w:gridCol/@w:w"))) == word.Look.of(STANDARD).text_width()


def test_note_has_its_own_style(file: Docx) -> None:
    assert file.texts(file.styled("Tabellnot")) == ["En not till tabellen."]


def test_no_table_in_a_table(file: Docx) -> None:
    assert not file.find("//w:tbl//w:tbl")


def test_two_tables_in_a_row_do_not_become_one(make: Make) -> None:
    made = Docx(make("\n| A | B |\n|---|---|\n| 1 | 2 |\n\n| C | D |\n|---|---|\n| 3 | 4 |\n"))
    assert len(made.find("//w:tbl")) == 2
    assert not made.find("//w:tbl/following-sibling::*[1][self::w:tbl]")


# Wide tables ------------------------------------------------------------------------------------


def test_wide_table_turns_its_page_only(wide: Docx) -> None:
    turned = wide.find("//w:sectPr/w:pgSz/@w:orient")
    assert turned == ["landscape"]
    assert len(wide.find("//w:sectPr")) == 3


def test_every_section_has_header_and_footer(wide: Docx) -> None:
    for section in wide.find("//w:sectPr"):
        assert section.find("w:headerReference[@w:type='default']", NS) is not None
        assert section.find("w:footerReference[@w:type='default']", NS) is not None


def test_heading_goes_with_its_wide_table(wide: Docx) -> None:
    assert wide.texts("//w:p[w:pPr/w:sectPr][1]")[0] == "Före."


def test_wide_table_has_smaller_type(wide: Docx) -> None:
    assert set(wide.find("//w:tbl//w:sz/@w:val")) <= {"16", "18", "20"}


# Pages ------------------------------------------------------------------------------------------


def test_cover_has_title_and_facts(file: Docx) -> None:
    assert file.texts(file.styled("Title")) == ["Verksamhetsberättelse 2022"]
    assert file.texts(file.styled("Subtitle")) == ["Socialnämnden & bokslutet"]
    assert file.texts(file.styled("Omslagsuppgift")) == [
        "Nämnd Socialnämnden", "Diarienummer SN 22-100", "Datum 19 februari 2023",
    ]  # fmt: skip


def test_header_names_namnd_and_document(file: Docx) -> None:
    header = "".join(file.find("//w:t/text()", "word/header_staende.xml"))
    assert header == "Socialnämnden, Verksamhetsberättelse – 2022"


def test_footer_has_page_fields(file: Docx) -> None:
    codes = file.find("//w:instrText/text()", "word/footer_staende.xml")
    text = "".join(file.find("//w:t/text()", "word/footer_staende.xml"))
    assert [code.strip() for code in codes] == ["PAGE", "NUMPAGES"]
    assert text == "Härnösand · Dnr SN 22-100 · 19 februari 2023Sida ()"


def test_first_page_is_without_header(file: Docx) -> None:
    assert file.find("//w:sectPr[w:titlePg]/w:headerReference[@w:type='first']")
    assert not file.find("//w:t", "word/header_forsta.xml")


def test_page_break_is_a_property_of_what_follows(file: Docx) -> None:
    assert not file.find("//w:br[@w:type='page']")
    assert file.texts("//w:p[w:pPr/w:pageBreakBefore]") == [
        "Innehåll", "Sammanfattning", "Brukare",
    ]  # fmt: skip


def test_no_empty_paragraphs(file: Docx) -> None:
    empty = file.find("//w:body/w:p[not(.//w:t) and not(.//w:drawing)]")
    assert not empty


# Text -------------------------------------------------------------------------------------------


def test_figure_is_inline_with_alternative_text(file: Docx) -> None:
    assert file.find("//wp:inline/wp:docPr/@descr") == ["Stapeldiagram. Nöjda är 82 procent."]
    assert not file.find("//wp:anchor")


def test_figure_is_the_raster_picture(file: Docx) -> None:
    assert next(name for name in file.parts if "media" in name).endswith(".png")


def test_missing_picture_is_refused(make: Make) -> None:
    with pytest.raises(TypesetError, match="borta"):
        make(FIGURE.replace("figures/nojd.svg", "figures/borta.svg"))


def test_footnote_is_a_footnote(file: Docx) -> None:
    assert len(file.find("//w:footnoteReference")) == 1


def test_callout_is_paragraphs_with_a_style(file: Docx) -> None:
    assert file.texts(file.styled("Faktarutarubrik")) == ["Om kronorna"]
    assert file.texts(file.styled("Faktaruta")) == ["Kronorna är syntetiska.", "En punkt"]


def test_placeholder_has_a_marked_style(file: Docx) -> None:
    assert file.texts("//w:r[w:rPr/w:rStyle/@w:val='Platshallare']") == [
        "Verksamheten skriver: orsak."
    ]
    assert file.find("//w:style[@w:styleId='Platshallare']//w:shd/@w:fill", "word/styles.xml") == [
        "FFF2A8"
    ]


def test_list_has_the_built_in_style(file: Docx) -> None:
    assert file.texts(file.styled("ListBullet")) == ["Punkt"]


def test_hostile_text_stays_text(make: Make) -> None:
    head = HEAD.replace("Verksamhetsberättelse 2022", "'<w:p/> & {PAGE} \"x\"'")
    made = Docx(make("\n# Rubrik \\<w:t\\> & `]]>` {#sec-x}\n\nSe @sec-x.\n", head=head))
    assert made.texts(made.styled("Title")) == ["<w:p/> & {PAGE} ”x”"]
    assert made.texts(made.styled("Heading1")) == ["Rubrik <w:t> & ]]>"]


def test_broken_raw_ooxml_is_an_error_of_the_source(make: Make) -> None:
    with pytest.raises(TypesetError, match="giltig XML"):
        make("\n```{=openxml}\n<w:p>\n```\n")


# The package ------------------------------------------------------------------------------------


def test_language_is_swedish(file: Docx) -> None:
    assert file.find("//w:docDefaults//w:lang/@w:val", "word/styles.xml") == ["sv-SE"]


def test_core_properties(path: Path) -> None:
    core = docx.Document(str(path)).core_properties
    assert core.title == "Verksamhetsberättelse 2022"
    assert core.author == "Socialnämnden"
    assert core.subject == "Socialnämnden & bokslutet"
    assert core.language == "sv-SE"
    assert "Härnösand" in core.keywords
    assert core.created is not None
    assert core.created.isoformat()[:19] == "2022-08-08T23:06:40"


def test_styles_used_are_defined(file: Docx) -> None:
    defined = set(file.find("//w:style/@w:styleId", "word/styles.xml"))
    for name in ("word/document.xml", "word/footnotes.xml", "word/footer_staende.xml"):
        used = set(file.find("//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val", name))
        assert used <= defined, name


def test_relations_lead_to_parts(file: Docx) -> None:
    targets = etree.fromstring(file.parts["word/_rels/document.xml.rels"]).xpath(
        "//*[not(@TargetMode='External')]/@Target"
    )
    assert {f"word/{target}" for target in cast(list[str], targets)} <= set(file.parts)


def test_no_marker_of_ours_is_left(file: Docx) -> None:
    assert not [name for name, part in file.parts.items() if b"urn:berattelse" in part]


def test_same_input_gives_the_same_bytes(make: Make, path: Path) -> None:
    assert make(BODY).read_bytes() == path.read_bytes()


def test_module_is_importable_without_typst() -> None:
    code = "import sys, berattelse.typeset.word; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
