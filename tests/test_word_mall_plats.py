"""Where in a template the text goes, and that nothing of the template is lost beside it."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from berattelse.checks import check
from tests.test_word import HEAD
from tests.test_word_mall import Build, Made, build, document_with, mall, placed
from tests.test_word_mallar import NS, PAGE_BREAK, control, para, picture, run
from tests.test_word_schema import faults

__all__ = ["build", "mall"]

HERE = control("innehall", run("x"), number=1)
"""The control within a line."""
BLOCK = control("innehall", para(run("HÄR")), number=1)
BREAK = '<w:r><w:br w:type="page"/></w:r>'
BODY = "\n# Rubrik\n"
SECTION = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="600" w:right="700" w:bottom="600" '
    'w:left="700" w:header="1" w:footer="1" w:gutter="0"/></w:sectPr>'
)
GALLERY = (
    '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj>'
)
FIELD = para(run("I korthet")) + para(
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-3" \\h </w:instrText></w:r>'
    f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("Uppdatera")}'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
MONTHS = [*(f"{month:02d}-2022" for month in range(1, 13)), "Totalt"]
WIDE_FIRST = (
    f"\n# A\n\n| Mått | {' | '.join(MONTHS)} |\n|{'---|' * 14}\n"
    f"| Externa placeringar Funktionsstöd | {' | '.join(['12 345,6'] * 13)} |\n\n"
    ": T {#tbl-w}\n\nEfter.\n"
)
NO_CONTENTS = HEAD.replace("---\n", "---\ntoc: false\n", 1)


# Beside the control -----------------------------------------------------------------------------


def test_text_beside_the_control_gets_paragraphs_of_its_own(build: Build, tmp_path: Path) -> None:
    line = para(run("INGRESS ") + HERE + run(" SLUTORD"), "Quote")
    made = build(BODY, document_with(tmp_path / "mall.docx", para(run("OMSLAG")), line))
    assert placed(made) == ["OMSLAG", "INGRESS ", "Innehåll", "Rubrik", " SLUTORD"]
    styles = {text: style for style, text in made.paragraphs}
    assert styles["INGRESS "] == styles[" SLUTORD"] == "Quote"
    assert faults(made.path) == []


def test_page_break_beside_the_control_is_kept(build: Build, tmp_path: Path) -> None:
    path = document_with(tmp_path / "mall.docx", para(run("OMSLAG")), para(BREAK + HERE))
    made = build(BODY, path)
    assert placed(made) == ["OMSLAG", "Innehåll", "Rubrik"]
    assert len(made.file.find("//w:br[@w:type='page']")) == 1
    contents = made.file.find("//w:p[w:pPr/w:pStyle/@w:val='TOCHeading']/w:pPr/w:pageBreakBefore")
    assert contents == [], "sidan börjar redan med mallens sidbrytning"


def test_picture_beside_the_control_is_kept(build: Build, tmp_path: Path) -> None:
    document = docx.Document()
    (tmp_path / "rod.png").write_bytes(picture(200))
    document.add_picture(str(tmp_path / "rod.png"))
    document.paragraphs[-1]._p.append(parse_xml(HERE))
    document.save(str(tmp_path / "mall.docx"))
    made = build(BODY, tmp_path / "mall.docx")
    assert len(made.file.find("//w:body//w:drawing")) == 1
    assert placed(made) == ["Innehåll", "Rubrik"]
    assert faults(made.path) == []


@pytest.mark.parametrize("inside", [False, True])
def test_tracked_insertion_beside_the_control_is_kept(
    build: Build, tmp_path: Path, inside: bool
) -> None:
    begin, end = '<w:ins w:id="3" w:author="A">', "</w:ins>"
    line = run("INSATT") + (HERE + end if inside else end + HERE) + run("SIST")
    made = build(BODY, document_with(tmp_path / "mall.docx", para(begin + line)))
    assert placed(made) == ["INSATT", "Innehåll", "Rubrik", "SIST"]
    assert made.file.texts("//w:ins") == ["INSATT"]


def test_section_that_ends_with_the_line_ends_after_its_last_words(
    build: Build, tmp_path: Path
) -> None:
    line = para(run("FÖRE") + HERE + run("EFTER"), extra=SECTION)
    made = build(BODY, document_with(tmp_path / "mall.docx", line, para(run("BAKSIDA"))))
    assert made.file.texts("//w:p[w:pPr/w:sectPr]") == ["EFTER"]
    assert made.document.sections[0].left_margin.twips == 700
    assert placed(made) == ["FÖRE", "Innehåll", "Rubrik", "EFTER", "BAKSIDA"]


def test_control_within_two_others_is_the_place(build: Build, tmp_path: Path) -> None:
    inner = control("z", para(run("ett")) + BLOCK + para(run("två")), number=2)
    path = document_with(tmp_path / "mall.docx", control("y", inner + para(run("tre")), number=3))
    made = build(BODY, path)
    assert placed(made) == ["ett", "Innehåll", "Rubrik", "två", "tre"]
    assert faults(made.path) == []


# Which control ----------------------------------------------------------------------------------


@pytest.mark.parametrize("gallery", [GALLERY, ""])
def test_contents_titled_innehall_are_not_the_place(
    build: Build, tmp_path: Path, gallery: str
) -> None:
    contents = control("Innehåll", FIELD, number=6, by="alias", extra=gallery)
    made = build(BODY, document_with(tmp_path / "mall.docx", contents, BLOCK, para(run("SLUT"))))
    assert placed(made) == ["I korthet", "Rubrik", "SLUT"]
    assert made.file.texts("//w:hyperlink[@w:anchor]") == ["1Rubrik"]
    assert not [w for w in made.warnings if "innehall" in w]


def test_tag_goes_before_title_and_the_other_is_told(build: Build, tmp_path: Path) -> None:
    titled = control("Innehåll", para(run("RUTA")), number=6, by="alias")
    made = build(BODY, document_with(tmp_path / "mall.docx", titled, BLOCK))
    assert placed(made) == ["RUTA", "Innehåll", "Rubrik"]
    told = [w for w in made.warnings if "innehållskontroll till" in w]
    assert len(told) == 1
    assert "mall.docx" in told[0] and "«RUTA»" in told[0]


def test_title_alone_is_enough_but_not_on_a_control_with_a_tag_of_ours(
    build: Build, tmp_path: Path
) -> None:
    both = control("dnr", run("X"), number=5).replace("<w:tag", '<w:alias w:val="Innehåll"/><w:tag')
    titled = control("Innehåll", para(run("x")), number=6, by="alias")
    made = build(BODY, document_with(tmp_path / "mall.docx", para(both), titled))
    assert placed(made) == ["SN 22-100", "Innehåll", "Rubrik"]
    assert not [w for w in made.warnings if "innehall" in w]


# A wide table first -----------------------------------------------------------------------------


def findings(made: Made) -> list[str]:
    return [f"{f.message} {f.place}" for f in check(made.path) if f.rule == "word_tomt_stycke"]


def turned(made: Made) -> list[bool]:
    return [s.page_width > s.page_height for s in made.document.sections]


@pytest.mark.parametrize("head", [HEAD, NO_CONTENTS])
def test_wide_table_after_the_contents_leaves_no_empty_paragraph(build: Build, head: str) -> None:
    made = build(WIDE_FIRST, head=head)
    assert turned(made) == [False, True, False]
    assert findings(made) == []
    assert faults(made.path) == []
    ends = made.file.find("//w:p[w:pPr/w:sectPr][.//w:fldChar[@w:fldCharType='end']]")
    assert len(ends) == (head == HEAD), "avsnittet slutar med förteckningens sista rad"


@pytest.mark.parametrize(
    ("cover", "head"),
    [
        ([para(run("OMSLAG"))], NO_CONTENTS),
        ([para(run("OMSLAG")), PAGE_BREAK], NO_CONTENTS),
        ([control("titel", para(run("OMSLAG")), number=4)], NO_CONTENTS),
        ([para(run("OMSLAG")), control("", FIELD, number=6, extra=GALLERY)], HEAD),
    ],
    ids=["stycke", "sidbrytning", "kontroll", "förteckning"],
)
def test_wide_table_first_does_not_turn_the_cover_of_a_template(
    build: Build, tmp_path: Path, cover: list[str], head: str
) -> None:
    made = build(WIDE_FIRST, document_with(tmp_path / "mall.docx", *cover, BLOCK), head=head)
    assert turned(made) == [False, True, False]
    assert findings(made) == []
    assert not made.file.find("//w:br[@w:type='page']")
    assert faults(made.path) == []


# Controls with more in them ---------------------------------------------------------------------


def test_control_with_a_table_keeps_what_is_around_it(build: Build, tmp_path: Path) -> None:
    table = (
        f"<w:tbl {NS}><w:tblPr/><w:tblGrid><w:gridCol w:w='500'/></w:tblGrid><w:tr><w:tc><w:tcPr/>"
        f"{para(run('cell'))}</w:tc></w:tr></w:tbl>"
    )
    inside = para(run("gammal"), "Title") + para(run("rad två")) + table + para(run("sist"))
    path = document_with(tmp_path / "mall.docx", control("titel", inside, number=4), BLOCK)
    made = build(BODY, path)
    assert placed(made)[:3] == ["Verksamhetsberättelse 2022", "rad två", "sist"]
    assert made.document.element.xpath("//w:tbl//w:t/text()") == ["cell"]
