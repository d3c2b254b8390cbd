"""A kommun's own template: the same content comes out of it, and what it says wins."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from lxml import etree

from berattelse.errors import TypesetError
from berattelse.model import Document
from berattelse.profile import standard
from berattelse.tools import pandoc
from berattelse.typeset import word
from tests.test_word import BODY, FIGURE, HEAD, PNG, TABLE, WIDE, Docx
from tests.test_word_mallar import (
    DATE,
    NS,
    TEMPLATES,
    control,
    letter,
    para,
    picture,
    run,
    with_cover,
)
from tests.test_word_schema import faults

LISTS = """
1. ett
2. två

Mellan listorna.

1. ett igen

- punkt
"""
WHOLE = BODY + WIDE.replace("# Ekonomi", "# Bilaga") + LISTS
NAMES = tuple(TEMPLATES)


class Made:
    """A document that has been typeset, with what was said of it."""

    def __init__(self, path: Path, warnings: tuple[str, ...]) -> None:
        self.path, self.warnings = path, warnings
        self.file = Docx(path)
        self.document = docx.Document(str(path))

    @property
    def paragraphs(self) -> list[tuple[str, str]]:
        """(name of the style, text) of the paragraphs of the body, also those within controls."""
        names = {s.style_id: str(s.name) for s in self.document.styles}
        found = []
        for p in self.file.find("//w:body//w:p[not(ancestor::w:tbl)]"):
            style = p.xpath("string(./w:pPr/w:pStyle/@w:val)", namespaces=W)
            text = "".join(p.xpath(".//w:t/text()", namespaces=W))
            found.append((names.get(style, ""), text))
        return found

    def margins(self, kind: str) -> str:
        """Text of all headers or footers."""
        parts = sorted(n for n in self.file.parts if re.match(rf"word/{kind}\w*\.xml", n))
        return " | ".join("".join(self.file.find("//w:t/text()", part)) for part in parts)


W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}
Build = Callable[..., Made]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    def typeset(
        body: str,
        template: Path | None = None,
        *,
        head: str = HEAD,
        handlaggare: str = "Utredare",
    ) -> Made:
        folder = tmp_path_factory.mktemp("mall")
        (folder / "figures").mkdir()
        for kind in ("png", "svg"):
            (folder / "figures" / f"nojd.{kind}").write_bytes(PNG)
        (folder / "composed.md").write_text(head + body, encoding="utf-8")
        profile = replace(standard.profile(), template=template)
        document = SimpleNamespace(
            folder=folder,
            markdown=folder / "composed.md",
            timestamp=1_660_000_000,
            job=SimpleNamespace(profile=profile, settings=SimpleNamespace(handlaggare=handlaggare)),
        )
        pandoc(
            ["--from=markdown", "--to=json", "--output=ast.json", "composed.md"],
            folder=folder,
            timestamp=0,
        )
        out = folder / "ut.docx"
        warnings = word.write(cast(Document, document), folder / "ast.json", out)
        return Made(out, tuple(warnings))

    return typeset


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    folder = tmp_path_factory.mktemp("mallar")
    return {name: make(folder / f"{name}.docx") for name, make in TEMPLATES.items()}


@pytest.fixture(scope="module")
def plain(build: Build) -> Made:
    return build(WHOLE)


@pytest.fixture(scope="module")
def made(build: Build, templates: Mapping[str, Path]) -> Mapping[str, Made]:
    return {name: build(WHOLE, path) for name, path in templates.items()}


@pytest.fixture
def mall(tmp_path: Path) -> Callable[..., Path]:
    """Make the template with a cover, changed: `mall(part, old, new)`."""

    def change(
        part: str = "", old: str = "", new: str = "", *, add: Mapping[str, bytes] | None = None
    ) -> Path:
        path = with_cover(tmp_path / "mall.docx")
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        if part:
            text = parts[part].decode("utf-8")
            assert old in text
            parts[part] = text.replace(old, new).encode("utf-8")
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in {**parts, **(add or {})}.items():
                archive.writestr(name, content)
        return path

    return change


# The same content -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_file_is_sound(made: Mapping[str, Made], name: str) -> None:
    assert faults(made[name].path) == []


def test_file_without_template_is_sound(plain: Made) -> None:
    assert faults(plain.path) == []


def text_of(made: Made) -> list[str]:
    """Return the text from the first heading to the last paragraph of the document's own."""
    texts = [text for style, text in made.paragraphs if text and not style.startswith("toc")]
    last = len(texts) - texts[::-1].index("punkt")
    return texts[texts.index("Sammanfattning") : last]


@pytest.mark.parametrize("name", NAMES)
def test_text_is_the_same(plain: Made, made: Mapping[str, Made], name: str) -> None:
    assert len(text_of(plain)) > 15
    assert text_of(made[name]) == text_of(plain)


@pytest.mark.parametrize("name", NAMES)
def test_headings_captions_and_lists_have_the_same_styles(
    plain: Made, made: Mapping[str, Made], name: str
) -> None:
    def styled(one: Made) -> list[tuple[str, str]]:
        kinds = ("heading", "caption", "list", "faktaruta", "tabellnot", "body text")
        return [
            (style.lower(), text)
            for style, text in one.paragraphs
            if text and style.lower().startswith(kinds)
        ]

    assert styled(made[name]) == styled(plain)


@pytest.mark.parametrize("name", NAMES)
def test_tables_are_the_same(plain: Made, made: Mapping[str, Made], name: str) -> None:
    def tables(one: Made) -> list[list[list[str]]]:
        return [
            [[cell.text for cell in row.cells] for row in table.rows]
            for table in one.document.tables
            if table._tbl.tblPr.xpath("./w:tblCaption")
        ]

    assert len(tables(plain)) == 2
    assert tables(made[name]) == tables(plain)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("part", ["word/document.xml", "word/footnotes.xml"])
def test_fields_are_the_same(plain: Made, made: Mapping[str, Made], name: str, part: str) -> None:
    def codes(one: Made) -> list[str]:
        return [str(code).strip() for code in one.file.find("//w:instrText/text()", part)]

    assert len(codes(plain)) > 0
    assert codes(made[name]) == codes(plain)


@pytest.mark.parametrize("name", NAMES)
def test_alternative_texts_are_the_same(plain: Made, made: Mapping[str, Made], name: str) -> None:
    def alts(one: Made) -> list[str]:
        return [
            str(alt)
            for alt in one.file.find("//wp:docPr/@descr | //w:tblCaption/@w:val")
            if "docx" not in str(alt) and alt
        ]

    assert alts(made[name]) == alts(plain)
    assert len(alts(plain)) == 3


@pytest.mark.parametrize("name", NAMES)
def test_footnotes_are_the_same(plain: Made, made: Mapping[str, Made], name: str) -> None:
    def notes(one: Made) -> list[str]:
        return one.file.texts("//w:footnote[not(@w:type)]", "word/footnotes.xml")

    assert notes(made[name]) == notes(plain) != []


@pytest.mark.parametrize("name", NAMES)
def test_numbers_of_headings_are_those_of_the_references(
    made: Mapping[str, Made], name: str
) -> None:
    counted = [
        p
        for p in made[name].document.paragraphs
        if p.style is not None
        and p.style.name == "Heading 1"
        and not p._p.xpath("./w:pPr/w:numPr/w:numId[@w:val='0']")
    ]
    assert [p.text for p in counted] == ["Ekonomi", "Brukare", "Bilaga"]
    assert "Avsnitt\u00a01.1" in "".join(text for _, text in made[name].paragraphs)


@pytest.mark.parametrize("name", NAMES)
def test_each_numbered_list_starts_again(made: Mapping[str, Made], name: str) -> None:
    document = made[name].document
    numbers = [
        p._p.xpath("string(./w:pPr/w:numPr/w:numId/@w:val)")
        for p in document.paragraphs
        if p.style is not None and p.style.name == "List Number"
    ]
    assert len(numbers) == 3
    assert numbers[0] == numbers[1] != numbers[2]


@pytest.mark.parametrize("name", NAMES)
def test_same_input_gives_the_same_bytes(
    build: Build, templates: Mapping[str, Path], made: Mapping[str, Made], name: str
) -> None:
    again = build(WHOLE, templates[name])
    assert again.path.read_bytes() == made[name].path.read_bytes()


# What the template says -------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_styles_of_the_template_stay_as_they_are(
    made: Mapping[str, Made], templates: Mapping[str, Path], name: str
) -> None:
    """Only the language changes, and headings without numbers get them."""

    def styles(path: Path) -> dict[str, bytes]:
        root = etree.fromstring(Docx(path).parts["word/styles.xml"])
        for node in root.iter("{*}lang"):
            node.set(f"{{{W['w']}}}val", "sv-SE")
        for node in root.xpath("//w:style[starts-with(@w:styleId, 'Heading')]//w:numPr",
                               namespaces=W):  # fmt: skip
            node.getparent().remove(node)
        return {
            str(style.get(f"{{{W['w']}}}styleId")): etree.tostring(
                style, method="c14n", exclusive=True
            )
            for style in root.iter(f"{{{W['w']}}}style")
        }

    before, after = styles(templates[name]), styles(made[name].path)
    assert {sid: style for sid, style in after.items() if sid in before} == before
    assert len(after) > len(before)


@pytest.mark.parametrize("name", NAMES)
def test_page_size_and_margins_are_the_templates(
    made: Mapping[str, Made], templates: Mapping[str, Path], name: str
) -> None:
    wanted = docx.Document(str(templates[name])).sections[0]
    upright = [s for s in made[name].document.sections if s.page_width < s.page_height]
    assert len(upright) >= 2
    for section in upright:
        for side in ("left_margin", "right_margin", "top_margin", "page_width", "page_height"):
            assert getattr(section, side) == getattr(wanted, side), side


@pytest.mark.parametrize("name", NAMES)
def test_every_section_has_the_templates_header(made: Mapping[str, Made], name: str) -> None:
    for section in made[name].document.sections:
        assert not section.header.is_linked_to_previous
        assert section.header.paragraphs[0]._p.xpath(".//w:t")
        assert section.footer.paragraphs[0].text


def test_parts_of_the_template_are_kept(
    made: Mapping[str, Made], templates: Mapping[str, Path]
) -> None:
    for name, path in templates.items():
        before, after = Docx(path).parts, made[name].file.parts
        for part in before:
            if re.match(r"(word/(theme|media|fontTable|webSettings)|customXml)", part):
                assert after[part] == before[part], part


def test_own_styles_of_the_template_win_over_ours(made: Mapping[str, Made]) -> None:
    cells = made["omslag"].file.find("//w:tbl//w:pStyle[@w:val='Tabelltext']")
    assert cells
    size = made["omslag"].file.find(
        "//w:style[w:name/@w:val='Tabelltext']/w:rPr/w:sz/@w:val", "word/styles.xml"
    )
    assert size == ["16"]
    # What is as small as it should be gets no size of ours over it
    drift = "//w:tbl[w:tblPr/w:tblCaption/@w:val='Tabell 1. Drift, tkr']//w:sz"
    assert not made["omslag"].file.find(drift)


def test_added_styles_have_the_templates_font(made: Mapping[str, Made]) -> None:
    for one in made.values():
        fonts = "//w:style[w:name/@w:val='Faktaruta']/w:rPr/w:rFonts"
        assert not one.file.find(fonts, "word/styles.xml")
        defaults = one.file.find("//w:docDefaults//w:lang/@w:val", "word/styles.xml")
        assert defaults == ["sv-SE"]


def test_missing_heading_looks_like_its_neighbour(
    build: Build, templates: Mapping[str, Path]
) -> None:
    body = "\n# Ett\n\n## Två\n\n### Tre\n\nText.\n"
    made = build(body, templates["brev"])
    fonts = "//w:style[w:name/@w:val='{}']/w:rPr/w:rFonts/@w:asciiTheme"
    assert made.file.find(fonts.format("heading 3"), "word/styles.xml") == ["majorHAnsi"]
    assert faults(made.path) == []


def test_letter_keeps_first_page_odd_and_even(made: Mapping[str, Made]) -> None:
    first, *later = made["brev"].document.sections
    assert first.different_first_page_header_footer
    assert first.first_page_header.paragraphs[0].text == "Brevhuvud"
    assert made["brev"].document.settings.odd_and_even_pages_header_footer
    for section in (first, later[-1]):
        assert section.header.paragraphs[0].text == "Udda sida"
        assert section.even_page_header.paragraphs[0].text == "Jämn sida"
    assert not any(section.different_first_page_header_footer for section in later)


def test_turned_section_of_the_letter_is_the_pattern_for_wide_tables(
    made: Mapping[str, Made],
) -> None:
    turned = [s for s in made["brev"].document.sections if s.page_width > s.page_height]
    assert len(turned) == 1
    assert turned[0].header.paragraphs[0].text == "Liggande sida"
    assert turned[0].even_page_header.paragraphs[0].text == "Jämn sida"
    assert round(turned[0].left_margin.mm) == 18


def test_wide_table_turns_the_page_of_a_template_without_turned_section(
    made: Mapping[str, Made],
) -> None:
    turned = [s for s in made["omslag"].document.sections if s.page_width > s.page_height]
    assert [round(s.page_width.mm) for s in turned] == [297]
    grid = made["omslag"].file.find(
        "//w:tbl[w:tblPr/w:tblCaption[contains(@w:val, 'Månader')]]/w:tblGrid/w:gridCol/@w:w"
    )
    assert sum(map(int, grid)) == pytest.approx((297 - 2 * 15) * 1440 / 25.4, abs=30)


def test_letter_gets_our_cover(made: Mapping[str, Made]) -> None:
    assert made["brev"].paragraphs[:3] == [
        ("Omslag kommun", "Härnösand"),
        ("Title", "Verksamhetsberättelse 2022"),
        ("Subtitle", "Socialnämnden & bokslutet"),
    ]


def test_cover_of_the_template_replaces_ours(made: Mapping[str, Made]) -> None:
    titles = [text for style, text in made["omslag"].paragraphs if style == "Title"]
    assert titles == ["Kommunens omslag Verksamhetsberättelse 2022"]
    assert made["omslag"].paragraphs[-1] == ("", "Kommunens baksida")
    assert not made["omslag"].file.find("//w:p[.//w:t='Här står texten']")


def test_picture_of_the_cover_is_kept(made: Mapping[str, Made]) -> None:
    pictures = [p for n, p in made["omslag"].file.parts.items() if n.startswith("word/media/")]
    assert picture(200) in pictures
    assert PNG in pictures


def test_heading_numbers_are_the_templates(made: Mapping[str, Made]) -> None:
    numbers = made["omslag"].file.find(
        "//w:style[w:name/@w:val='heading 1']//w:numId/@w:val", "word/styles.xml"
    )
    assert numbers == ["70"]
    entries = made["omslag"].file.texts("//w:sdt//w:hyperlink")
    assert entries[:3] == ["Sammanfattning", "1.Ekonomi", "1.1Drift"]
    headings = "//w:p[w:pPr/w:pStyle/@w:val='Rubrik1']/w:pPr/w:numPr/w:numId/@w:val"
    assert made["omslag"].file.find(headings) == ["0"]


def test_headings_without_numbers_get_ours(made: Mapping[str, Made]) -> None:
    linked = made["brev"].file.find("//w:lvl/w:pStyle/@w:val", "word/numbering.xml")
    assert {"Heading1", "Heading2"} <= set(linked)
    assert made["brev"].file.texts("//w:sdt//w:hyperlink")[1] == "1Ekonomi"


def test_heading_of_the_contents_takes_no_number(made: Mapping[str, Made]) -> None:
    for one in made.values():
        assert one.file.find("//w:p[.//w:t='Innehåll']/w:pPr/w:numPr/w:numId/@w:val") == ["0"]


def test_no_blank_page_between_cover_and_contents(made: Mapping[str, Made]) -> None:
    # The cover ends with a page break of its own
    assert not made["omslag"].file.find("//w:p[.//w:t='Innehåll']/w:pPr/w:pageBreakBefore")
    assert made["brev"].file.find("//w:p[.//w:t='Innehåll']/w:pPr/w:pageBreakBefore")


def test_nothing_makes_word_ask_or_look_elsewhere(made: Mapping[str, Made]) -> None:
    for one in made.values():
        for name, content in one.file.parts.items():
            for wrong in (b"updateFields", b"w:dirty", b"attachedTemplate", b"urn:berattelse"):
                assert wrong not in content, (name, wrong)


def test_properties_are_the_documents(made: Mapping[str, Made]) -> None:
    for one in made.values():
        core = one.document.core_properties
        assert core.title == "Verksamhetsberättelse 2022"
        assert core.author == "Socialnämnden"
        assert core.last_modified_by == "Socialnämnden"


# Content controls -------------------------------------------------------------------------------


def test_controls_in_header_and_cover_are_filled(made: Mapping[str, Made]) -> None:
    file = made["omslag"].file
    header = next(name for name in file.parts if name.startswith("word/header"))
    assert file.texts("//w:sdt", header) == ["SN 22-100", "Utredare"]
    texts = file.texts("//w:body//w:sdt[not(.//w:hyperlink)]")
    assert texts == ["Verksamhetsberättelse 2022", "2023-02-19", "Socialnämnden"]


def test_control_keeps_the_formatting_of_its_text(made: Mapping[str, Made]) -> None:
    file = made["omslag"].file
    header = next(name for name in file.parts if name.startswith("word/header"))
    assert len(file.find("//w:sdt[w:sdtPr/w:tag]//w:r/w:rPr/w:b", header)) == 1
    # A prompt's grey is not the text's: what the control itself says is
    assert file.find("//w:sdt[w:sdtPr/w:alias]//w:r/w:rPr/w:sz/@w:val", header) == ["16"]
    assert not file.find("//w:sdt//w:rStyle | //w:showingPlcHdr", header)
    assert file.find("//w:sdt[w:sdtPr/w:tag/@w:val='titel']//w:color/@w:val") == ["AA0000"]


def test_date_control_gets_the_date_and_loses_its_binding(made: Mapping[str, Made]) -> None:
    assert made["omslag"].file.find("//w:date/@w:fullDate") == ["2023-02-19T00:00:00Z"]
    assert not made["omslag"].file.find("//w:dataBinding")


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("yyyy-MM-dd", "2023-02-19"),
        ("d MMMM yyyy", "19 februari 2023"),
        ("'den' d/M yy", "den 19/2 23"),
        ("dddd d MMMM", "söndag 19 februari"),
        ("ddd dd/MM", "sön 19/02"),
    ],
)
def test_date_is_written_as_the_control_says(
    build: Build, mall: Callable[..., Path], pattern: str, shown: str
) -> None:
    path = mall("word/document.xml", 'w:val="yyyy-MM-dd"', f'w:val="{pattern}"')
    assert build("\n# A\n", path).file.texts("//w:sdt[.//w:date]") == [shown]


def test_date_in_words_where_the_control_is_no_date(
    build: Build, mall: Callable[..., Path]
) -> None:
    path = mall("word/document.xml", DATE, "")
    controls = build("\n# A\n", path).file.texts("//w:sdt[w:sdtPr/w:tag/@w:val='datum']")
    assert controls == ["19 februari 2023"]


def test_control_for_a_whole_row_fills_its_last_cell(
    build: Build, mall: Callable[..., Path]
) -> None:
    row = (
        f"<w:tr><w:tc><w:tcPr/>{para(run('Dnr'))}</w:tc>"
        f"<w:tc><w:tcPr/>{para(run('ÅÅ/NN', '<w:i/>'))}</w:tc></w:tr>"
    )
    path = mall("word/document.xml", "</w:tbl>", control("Dnr", row, number=300) + "</w:tbl>")
    made = build("\n# A\n", path)
    assert made.file.texts("//w:sdt[.//w:tr]//w:tc") == ["Dnr", "SN 22-100"]
    assert made.file.find("//w:sdt[.//w:tr]//w:tc[2]//w:r/w:rPr/w:i")


@pytest.mark.parametrize("name", ["Handläggare", "HANDLAGGARE", "handlaggare", " Handläggare "])
def test_names_of_controls_are_forgiving(
    build: Build, mall: Callable[..., Path], name: str
) -> None:
    part = "word/header1.xml"
    path = mall(part, 'w:val="Handläggare"', f'w:val="{name}"')
    assert build("\n# A\n", path).file.texts("//w:sdt", part)[1] == "Utredare"


def test_control_that_nothing_is_known_for_keeps_its_prompt_and_is_told(
    build: Build, mall: Callable[..., Path]
) -> None:
    made = build("\n# A\n", mall(), handlaggare="")
    assert made.file.texts("//w:sdt", "word/header1.xml")[1] == "Klicka här"
    assert [w for w in made.warnings if "«handlaggare»" in w]


def test_other_controls_are_left_alone(build: Build, mall: Callable[..., Path]) -> None:
    path = mall("word/document.xml", 'w:val="nämnd"', 'w:val="förvaltning"')
    assert "Nämndenrad två" in build("\n# A\n", path).file.texts("//w:sdt")


def test_hostile_facts_stay_text(build: Build, templates: Mapping[str, Path]) -> None:
    title = "'<w:p/> & { INCLUDETEXT \"c:\\\\x\" } ]]>'"
    made = build("\n# A\n", templates["omslag"], head=HEAD.replace(
        "Verksamhetsberättelse 2022", title), handlaggare="<b>\x01\x1b{ DDE }</b>")  # fmt: skip
    assert any("<w:p/> & { INCLUDETEXT" in text for _, text in made.paragraphs)
    assert made.margins("header").endswith("<b>{ DDE }</b>")
    codes = [str(c).split()[0] for c in made.file.find("//w:instrText/text()")]
    assert set(codes) <= {"TOC", "PAGEREF"}
    assert faults(made.path) == []


def test_control_of_words_own_for_the_title_is_filled(build: Build, tmp_path: Path) -> None:
    """As Infoga > Snabbdelar > Dokumentegenskap makes it, in whatever language."""
    binding = (
        "<w:dataBinding w:prefixMappings=\"xmlns:ns0='dc'\" "
        'w:xpath="/ns1:coreProperties[1]/ns0:title[1]" w:storeItemID="{6C3C8BC8}"/>'
    )
    path = document_with(
        tmp_path / "mall.docx",
        para(control("Rubrik", run("[Dokumentets rubrik]"), number=4, by="alias", prompt=True,
                     extra=binding)),
        control("innehall", para(run("x")), number=1),
    )  # fmt: skip
    made = build("\n# A\n", path)
    assert made.file.texts("//w:sdt[w:sdtPr/w:alias]") == ["Verksamhetsberättelse 2022"]
    assert not made.file.find("//w:showingPlcHdr")


# Where the text goes ----------------------------------------------------------------------------


def document_with(path: Path, *blocks: str) -> Path:
    """Make a template of python-docx's blank page with these blocks of XML."""
    document = docx.Document()
    for block in blocks:
        document.element.body[-1].addprevious(etree.fromstring(block, docx.oxml.parser.oxml_parser))
    document.save(str(path))
    return path


def placed(made: Made) -> list[str]:
    return [t for style, t in made.paragraphs if t and not style.startswith("toc")]


def test_text_goes_last_without_control_and_that_is_told(build: Build, tmp_path: Path) -> None:
    path = document_with(tmp_path / "mall.docx", para(run("Kommunens omslag")))
    made = build("\n# Rubrik\n\nText.\n", path)
    assert placed(made) == ["Kommunens omslag", "Innehåll", "Rubrik", "Text."]
    told = [w for w in made.warnings if "innehall" in w]
    assert len(told) == 1
    assert "mall.docx" in told[0]


def test_empty_template_is_no_reason_for_a_warning(build: Build, tmp_path: Path) -> None:
    made = build("\n# Rubrik\n", document_with(tmp_path / "mall.docx", para("")))
    assert not [w for w in made.warnings if "innehall" in w]
    assert placed(made)[:2] == ["Härnösand", "Verksamhetsberättelse 2022"]


@pytest.mark.parametrize("form", ["block", "inline", "nested"])
def test_control_of_any_form_is_the_place(build: Build, tmp_path: Path, form: str) -> None:
    blocks = {
        "block": control("innehall", para(run("x")), number=1),
        "inline": para(control("innehall", run("x"), number=1)),
        "nested": control(
            "omslag", para(run("inuti")) + control("innehall", para(run("x")), number=1), number=2
        ),
    }
    path = document_with(
        tmp_path / "mall.docx", para(run("före")), blocks[form], para(run("efter"))
    )
    made = build("\n# Rubrik\n", path)
    own = ["inuti"] if form == "nested" else []
    assert placed(made) == ["före", *own, "Innehåll", "Rubrik", "efter"]
    assert faults(made.path) == []


def test_control_in_a_table_is_refused(build: Build, tmp_path: Path) -> None:
    cell = control("innehall", para(run("x")), number=1)
    table = (
        f"<w:tbl {NS}><w:tblPr/><w:tblGrid><w:gridCol w:w='1'/></w:tblGrid><w:tr><w:tc><w:tcPr/>"
        f"{cell}<w:p/></w:tc></w:tr></w:tbl>"
    )
    path = document_with(tmp_path / "mall.docx", table)
    with pytest.raises(TypesetError, match=r"mall\.docx: .*tabell") as error:
        build("\n# Rubrik\n", path)
    assert error.value.remedy


SECTION_END = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="600" w:right="{0}" w:bottom="600" w:left="{0}" w:header="1" w:footer="1" '
    'w:gutter="0"/>{1}</w:sectPr>'
)


def test_text_stands_in_the_section_of_its_control(build: Build, tmp_path: Path) -> None:
    path = document_with(
        tmp_path / "mall.docx",
        para(run("omslag"), extra=SECTION_END.format(400, "<w:titlePg/>")),
        control("innehall", para(run("x")), number=1),
        para("", extra=SECTION_END.format(900, '<w:pgNumType w:start="1"/>')),
        para(run("baksida")),
    )
    made = build(f"\n# A\n\nFöre.\n{WIDE}", path)
    margins = [s.left_margin.twips for s in made.document.sections]
    assert margins[:4] == [400, 900, 900, 900]
    turned = [s.page_width > s.page_height for s in made.document.sections]
    assert turned == [False, False, True, False, False]
    starts = made.file.find("//w:sectPr/w:pgNumType/@w:start")
    assert starts == ["1"]
    assert faults(made.path) == []


def test_wide_table_last_leaves_no_empty_page(build: Build, tmp_path: Path) -> None:
    body = WIDE[: WIDE.index("Efter.")]
    path = document_with(tmp_path / "mall.docx", control("innehall", para(run("x")), number=1))
    sections = build(body, path).document.sections
    assert [s.page_width > s.page_height for s in sections] == [False, True]


def test_wide_table_before_the_back_page_does_not_turn_that(build: Build, tmp_path: Path) -> None:
    body = WIDE[: WIDE.index("Efter.")]
    path = document_with(
        tmp_path / "mall.docx",
        control("innehall", para(run("x")), number=1),
        para(run("baksida")),
    )
    sections = build(body, path).document.sections
    assert [s.page_width > s.page_height for s in sections] == [False, True, False]


@pytest.mark.parametrize("form", ["control", "field", "simple"])
def test_templates_own_contents_are_filled(build: Build, tmp_path: Path, form: str) -> None:
    code = r'TOC \o "1-1" \h \z \u'
    begin = '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
    instruction = f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
    rest = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("Uppdatera")
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    simple = f"<w:fldSimple w:instr='{code}'>{run('Uppdatera')}</w:fldSimple>"
    field = para(begin + instruction + rest) + para(end)
    contents = {
        "control": control("", para(run("I korthet")) + field, number=7),
        "field": None,
        "simple": para(simple),
    }[form]
    blocks = [contents] if contents else [para(begin + instruction + rest), para(end)]
    path = document_with(
        tmp_path / "mall.docx",
        para(run("omslag")),
        *blocks,
        control("innehall", para(run("x")), number=1),
    )
    made = build("\n# Ett\n\n## Under\n\n# Två\n", path)
    assert made.file.texts("//w:hyperlink[@w:anchor]") == ["1Ett", "2Två"]
    codes = [str(c).strip() for c in made.file.find("//w:instrText/text()")]
    assert codes[0] == code
    assert sum(c.startswith("TOC") for c in codes) == 1
    assert "Uppdatera" not in "".join(t for _, t in made.paragraphs)
    assert faults(made.path) == []


def test_template_made_of_one_of_our_own_files_works(build: Build, plain: Made) -> None:
    """A natural way to a template: take a report, change its styles, add a control."""
    path = plain.path.parent / "mall.docx"
    with zipfile.ZipFile(plain.path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts["word/document.xml"].decode("utf-8")
    first = text.index("<w:p>", text.index("</w:sdt>"))
    place = control("innehall", para(run("x")), number=71_000_001)
    parts["word/document.xml"] = (text[:first] + place + text[first:]).encode("utf-8")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    made = build(BODY, path)
    assert faults(made.path) == []
    assert not [w for w in made.warnings if "saknar" in w]


def test_links_out_of_the_document_are_moved(build: Build, templates: Mapping[str, Path]) -> None:
    body = "\n# A\n\n[Lag](https://exempel.se/a) och.[^1]\n\n[^1]: [Not](https://exempel.se/b).\n"
    made = build(body, templates["brev"])
    assert faults(made.path) == []
    for part, address in (("document", "a"), ("footnotes", "b")):
        rels = etree.fromstring(made.file.parts[f"word/_rels/{part}.xml.rels"])
        rid = made.file.find("//w:hyperlink/@r:id", f"word/{part}.xml")[0]
        found = [r.get("Target") for r in rels if r.get("Id") == rid]
        assert found == [f"https://exempel.se/{address}"]


def test_numbered_heading_on_the_cover_is_told(build: Build, mall: Callable[..., Path]) -> None:
    heading = para(run("Förord"), "Rubrik1")
    path = mall(
        "word/document.xml",
        '<w:p><w:r><w:br w:type="page"/>',
        heading + '<w:p><w:r><w:br w:type="page"/>',
    )
    assert [w for w in build("\n# A\n", path).warnings if "«Förord»" in w]


def test_protected_template_is_told(build: Build, mall: Callable[..., Path]) -> None:
    guard = '<w:documentProtection w:edit="readOnly" w:enforcement="1"/>'
    path = mall("word/settings.xml", "<w:defaultTabStop", guard + "<w:defaultTabStop")
    assert [w for w in build("\n# A\n", path).warnings if "skyddad mot redigering" in w]


def test_name_that_another_type_of_style_has_is_not_taken_twice(
    build: Build, tmp_path: Path
) -> None:
    document = docx.Document()
    document.styles.add_style("Tabell", WD_STYLE_TYPE.PARAGRAPH)
    document.save(str(tmp_path / "mall.docx"))
    made = build(f"\n# A\n\n## B\n\n{TABLE}", tmp_path / "mall.docx")
    assert faults(made.path) == []
    assert len(made.document.tables) == 1


def test_bookmark_that_ends_in_the_control_is_removed(build: Build, tmp_path: Path) -> None:
    inside = para(run("x") + '<w:bookmarkEnd w:id="5"/>')
    path = document_with(
        tmp_path / "mall.docx",
        para('<w:bookmarkStart w:id="5" w:name="hit"/>' + run("omslag")),
        control("innehall", inside, number=1),
    )
    assert faults(build("\n# A\n", path).path) == []


# Styles that nobody has -------------------------------------------------------------------------

STYLED = '\n# A\n\n::: {{custom-style="{0}"}}\nStycke\n:::\n\n[ord]{{custom-style="{1}"}}\n'


def test_style_of_the_template_can_be_asked_for(
    build: Build, templates: Mapping[str, Path]
) -> None:
    made = build(STYLED.format("Kommunens citat", "Platshållare"), templates["omslag"])
    assert ("Kommunens citat", "Stycke") in made.paragraphs
    assert not [w for w in made.warnings if "custom-style" in w]


@pytest.mark.parametrize("template", [None, "omslag"])
def test_unknown_styles_are_named(
    build: Build, templates: Mapping[str, Path], template: str | None
) -> None:
    path = templates[template] if template else None
    made = build(STYLED.format("Okänd ruta", "Faktarutta"), path)
    told = [w for w in made.warnings if "custom-style" in w]
    assert len(told) == 2
    assert any("«Okänd ruta»" in w for w in told)
    assert any("«Faktarutta»" in w for w in told)
    assert faults(made.path) == []


TABLE_STYLED = """
# A

| a | b |
|---|---|
| 1 | 2 |

: Ett {{#tbl-ett custom-style="{0}"}}

::: {{custom-style="{1}"}}
| a | b |
|---|---|
| 1 | 2 |

: Två {{#tbl-tva}}
:::

::: {{#tbl-tre custom-style="{2}"}}
| a | b |
|---|---|
| 1 | 2 |

Tre
:::
"""


@pytest.mark.parametrize("template", [None, "omslag"])
def test_unknown_styles_of_tables_are_named(
    build: Build, templates: Mapping[str, Path], template: str | None
) -> None:
    path = templates[template] if template else None
    made = build(TABLE_STYLED.format("Okänd", "Okänd ruta", "Okänd tre"), path)
    told = [w for w in made.warnings if "custom-style" in w]
    assert [w.split("«")[1].split("»")[0] for w in told] == ["Okänd", "Okänd ruta", "Okänd tre"]
    assert all("composed.md:" in w and "tabellen" in w for w in told)


def test_known_styles_of_tables_are_told_only_where_they_do_nothing(build: Build) -> None:
    made = build(TABLE_STYLED.format("Tabell", "Faktaruta", "Tabell"))
    assert not [w for w in made.warnings if "custom-style" in w]
    made = build(TABLE_STYLED.format("Normal Table", "Tabbell", "Tabell"))
    told = [w for w in made.warnings if "custom-style" in w]
    assert len(told) == 2
    assert told[0].endswith("används inte: alla tabeller har stilen Tabell.")
    assert told[1].endswith("Menades «Tabell»?")


def test_misspelt_style_gets_a_suggestion(build: Build) -> None:
    made = build('\n# A\n\n::: {custom-style="Faktaruda"}\nStycke\n:::\n')
    assert [w for w in made.warnings if w.endswith("Menades «Faktaruta»?")]


@pytest.mark.parametrize("template", [None, "omslag"])
def test_words_swedish_names_of_its_styles_are_understood(
    build: Build, templates: Mapping[str, Path], template: str | None
) -> None:
    path = templates[template] if template else None
    made = build('\n# A\n\n::: {custom-style="Brödtext"}\nStycke\n:::\n', path)
    assert ("Body Text", "Stycke") in made.paragraphs
    assert not [w for w in made.warnings if "custom-style" in w]


def test_styles_that_were_added_are_told_in_one_line(made: Mapping[str, Made]) -> None:
    told = [w for w in made["omslag"].warnings if "saknar" in w]
    assert len(told) == 1
    assert "«Tabellhuvud»" in told[0]
    assert "«Tabelltext»" not in told[0]


def test_main_part_of_another_name_is_found(build: Build, tmp_path: Path) -> None:
    """Word on the web names it document2.xml."""
    path = with_cover(tmp_path / "mall.docx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    moved = {
        name.replace("document.xml", "document2.xml"): content for name, content in parts.items()
    }
    for name in ("[Content_Types].xml", "_rels/.rels"):
        moved[name] = moved[name].replace(b"word/document.xml", b"word/document2.xml")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in moved.items():
            archive.writestr(name, content)
    made = build(f"\n# A\n\n## B\n\n{TABLE}\n\n{FIGURE}\n", path)
    texts = [p.text for p in made.document.paragraphs]
    assert "A" in texts
    assert "Kommunens baksida" in texts
    assert len(made.document.inline_shapes) == 2


# Templates that cannot be used ------------------------------------------------------------------

TYPE = b"wordprocessingml.document.main+xml"


def broken(kind: str, path: Path) -> Path:
    """Write a template that has the fault `kind`."""
    if kind == "saknas":
        return path
    letter(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    types, main = "[Content_Types].xml", "word/document.xml"
    if kind == "dotx":
        parts[types] = parts[types].replace(TYPE, b"wordprocessingml.template.main+xml")
    elif kind == "docm":
        macro = b"application/vnd.ms-word.document.macroEnabled.main+xml"
        parts[types] = parts[types].replace(
            b"application/vnd.openxmlformats-officedocument." + TYPE, macro
        )
    elif kind == "xml":
        parts[main] = parts[main][:-20]
    elif kind == "inget":
        del parts[main]
    elif kind == "strikt":
        parts[main] = parts[main].replace(
            b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    if kind == "avhuggen":
        path.write_bytes(path.read_bytes()[:2000])
    elif kind == "text":
        path.write_bytes(b"Ingen Word-fil")
    elif kind == "krypterad":
        path.write_bytes(ole + "EncryptedPackage".encode("utf-16-le"))
    elif kind == "doc":
        path.write_bytes(ole + "WordDocument".encode("utf-16-le"))
    return path


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("saknas", "går inte att läsa"),
        ("dotx", "Word-mall (.dotx)"),
        ("docm", "makron"),
        ("xml", "skadad"),
        ("inget", "skadad"),
        ("strikt", "Strikt"),
        ("avhuggen", "skadad"),
        ("text", "ingen Word-fil"),
        ("krypterad", "lösenord"),
        ("doc", "gamla format"),
    ],
)
def test_template_that_cannot_be_used_is_an_error_with_a_remedy(
    build: Build, tmp_path: Path, kind: str, said: str
) -> None:
    path = broken(kind, tmp_path / "mall.docx")
    with pytest.raises(TypesetError) as error:
        build("\n# A\n", path)
    assert said in error.value.message
    assert str(error.value.place) == str(path)
    assert "mall" not in error.value.remedy or "Öppna" in error.value.remedy
    assert error.value.remedy


def test_template_without_extras_works(build: Build, tmp_path: Path) -> None:
    """Parts that a file need not have: lists, settings, notes, theme."""
    path = document_with(tmp_path / "mall.docx", control("innehall", para(run("x")), number=1))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for name in ("numbering", "settings", "theme/theme1", "webSettings", "stylesWithEffects"):
        del parts[f"word/{name}.xml"]
        for where, pattern in (
            ("word/_rels/document.xml.rels", rf'<Relationship [^>]*Target="{name}.xml"[^>]*/>'),
            ("[Content_Types].xml", rf'<Override [^>]*PartName="/word/{name}.xml"[^>]*/>'),
        ):
            parts[where] = re.sub(pattern.encode(), b"", parts[where])
    parts["word/styles.xml"] = re.sub(
        rb"<w:numPr>.*?</w:numPr>", b"", parts["word/styles.xml"], flags=re.DOTALL
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    made = build(f"\n# A\n\n## B\n\n{TABLE}\n\n{FIGURE}\n\nText.[^1]\n\n[^1]: Not.\n{LISTS}", path)
    assert faults(made.path) == []
    assert made.file.texts("//w:footnote[not(@w:type)]", "word/footnotes.xml") == [" Not."]
