"""Two templates that are as unlike as kommuner's are, made here with python-docx.

`with_cover`: styles with the ids of a Swedish Word, a cover with a table, a picture and content
controls, narrow margins, controls in the header, heading numbers of its own, a back page.
`letter`: a bare sheet with another header on its first page, odd and even headers, a turned
section, and no control for the text.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tests.test_word_schema import W, faults

NS = f'xmlns:w="{W}"'
SWEDISH_IDS = {
    **{f"Heading{n}": f"Rubrik{n}" for n in range(1, 10)},
    **{"Title": "Rubrik", "Subtitle": "Underrubrik", "BodyText": "Brdtext", "Header": "Sidhuvud"},
    **{"Caption": "Beskrivning", "ListBullet": "Punktlista", "ListNumber": "Numreradlista"},
    **{"Footer": "Sidfot", "TableNormal": "Normaltabell", "NoList": "Ingenlista"},
    **{"DefaultParagraphFont": "Standardstycketeckensnitt"},
}
MISSING = {"Body Text", "Caption", "Title", "Subtitle", "Heading 3", "List Bullet"}
"""Built-in styles that the letter is without."""
_LINKS = ("basedOn", "next", "link", "pStyle", "rStyle", "tblStyle")


def picture(red: int, width: int = 60, height: int = 20) -> bytes:
    """Return a PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\0" + bytes((red, 90, 60)) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def control(
    name: str,
    content: str,
    *,
    number: int,
    by: str = "tag",
    extra: str = "",
    prompt: bool = False,
    run: str = "",
) -> str:
    """Return a content control around `content`, which is XML."""
    formatting = f"<w:rPr>{run}</w:rPr>" if run else ""
    return (
        f'<w:sdt {NS}><w:sdtPr>{formatting}<w:{by} w:val="{name}"/><w:id w:val="{number}"/>'
        f"{'<w:showingPlcHdr/>' if prompt else ''}{extra}</w:sdtPr>"
        f"<w:sdtContent>{content}</w:sdtContent></w:sdt>"
    )


def run(text: str, formatting: str = "") -> str:
    return f"<w:r><w:rPr>{formatting}</w:rPr><w:t>{text}</w:t></w:r>"


def para(content: str, style: str = "", extra: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p {NS}><w:pPr>{named}{extra}</w:pPr>{content}</w:p>"


PAGE_BREAK = f'<w:p {NS}><w:r><w:br w:type="page"/></w:r></w:p>'
DATE = (
    '<w:dataBinding w:xpath="/x" w:storeItemID="{{0}}"/>'
    '<w:date w:fullDate="2001-01-01T00:00:00Z"><w:dateFormat w:val="yyyy-MM-dd"/>'
    '<w:lid w:val="sv-SE"/><w:storeMappedDataAs w:val="dateTime"/>'
    '<w:calendar w:val="gregorian"/></w:date>'
).replace("{{0}}", "{00000000-0000-0000-0000-000000000000}")


def with_cover(path: Path, *, contents: str = "") -> Path:
    """Make a template with cover and Swedish style ids; `contents` stands before the text."""
    document = docx.Document()
    _plain_page(document, margin_mm=15)
    _styles(document)
    section = document.sections[0]
    section.header.paragraphs[0]._p.append(
        parse_xml(control("DNR", run("X 1/01", "<w:b/>"), number=101))
    )
    section.header._element.append(
        parse_xml(
            para(control("Handläggare", run("Klicka här", '<w:rStyle w:val="Platshllare"/>'),
                         number=102, by="alias", prompt=True, run='<w:i/><w:sz w:val="16"/>'))
        )
    )  # fmt: skip
    section.footer.paragraphs[0].text = "Kommunens adress"
    body = document.element.body
    end = body[-1]

    def add(xml: str) -> None:
        end.addprevious(parse_xml(xml))

    add(para(run("Kommunens omslag ") + control("titel", run("TITEL", '<w:color w:val="AA0000"/>'),
                                               number=103), "Title"))  # fmt: skip
    document.add_picture(io.BytesIO(picture(200)), width=Mm(40))
    add(
        f'<w:tbl {NS}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="0" w:type="auto"/>'
        '</w:tblPr><w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="5000"/></w:tblGrid>'
        f"<w:tr><w:tc><w:tcPr><w:tcW w:w='3000' w:type='dxa'/></w:tcPr>{para(run('Datum'))}</w:tc>"
        + control(
            "datum",
            f"<w:tc><w:tcPr/>{para(run('2001-01-01'))}</w:tc>",
            number=104,
            extra=DATE,
        )
        + "</w:tr>"
        + f"<w:tr><w:tc><w:tcPr/>{para(run('Nämnd'))}</w:tc><w:tc><w:tcPr/>"
        + control("nämnd", para(run("Nämnden")) + para(run("rad två")), number=105)
        + para("")
        + "</w:tc></w:tr></w:tbl>"
    )
    add(PAGE_BREAK)
    if contents:
        add(contents)
    add(control("Innehåll", para(run("Här står texten")), number=106))
    add(PAGE_BREAK)
    add(para(run("Kommunens baksida")))
    _number_headings(document)
    settings = document.settings.element
    settings.insert(0, parse_xml(f'<w:updateFields {NS} w:val="true"/>'))
    document.save(path)
    _rename_styles(path)
    return path


def letter(path: Path) -> Path:
    """Make a bare letter: other first page, odd and even headers, a turned section, no control."""
    document = docx.Document()
    _plain_page(document, margin_mm=32)
    document.settings.odd_and_even_pages_header_footer = True
    first = document.sections[0]
    first.different_first_page_header_footer = True
    first.first_page_header.paragraphs[0].text = "Brevhuvud"
    first.first_page_footer.paragraphs[0].text = "Första sidans fot"
    first.header.paragraphs[0].text = "Udda sida"
    first.even_page_header.paragraphs[0].text = "Jämn sida"
    first.footer.paragraphs[0].text = "Sidfot"
    turned = document.add_section()
    turned.orientation = WD_ORIENT.LANDSCAPE
    turned.page_width, turned.page_height = Mm(297), Mm(210)
    turned.left_margin = turned.right_margin = Mm(18)
    turned.header.is_linked_to_previous = False
    turned.header.paragraphs[0].text = "Liggande sida"
    last = document.add_section()
    last.page_width, last.page_height = Mm(210), Mm(297)
    last.orientation = WD_ORIENT.PORTRAIT
    document.styles["Normal"].font.name = "Georgia"
    document.styles["Normal"].font.size = Pt(10.5)
    for style in list(document.styles):
        if style.name.removesuffix(" Char") in MISSING:
            style.element.getparent().remove(style.element)
    document.save(path)
    # The lists of a style that is gone: python-docx leaves them pointing at it
    _mend(path, lambda part, text: text.replace('<w:pStyle w:val="ListBullet"/>', ""))
    return path


TEMPLATES: dict[str, Callable[[Path], Path]] = {"omslag": with_cover, "brev": letter}


def _plain_page(document: Any, margin_mm: int) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Mm(margin_mm))


def _styles(document: Any) -> None:
    styles = document.styles
    styles["Normal"].font.name, styles["Normal"].font.size = "Verdana", Pt(9)
    styles["Heading 1"].font.color.rgb = RGBColor(0x88, 0x00, 0x44)
    styles["Body Text"].paragraph_format.space_after = Pt(7)
    own = styles.add_style("Tabelltext", WD_STYLE_TYPE.PARAGRAPH)
    own.font.size, own.base_style = Pt(8), styles["Normal"]
    extra = styles.add_style("Kommunens citat", WD_STYLE_TYPE.PARAGRAPH)
    extra.font.italic = True
    styles.add_style("Platshållare", WD_STYLE_TYPE.CHARACTER)
    styles.element.append(
        parse_xml(
            f'<w:style {NS} w:type="character" w:customStyle="1" w:styleId="Platshllare">'
            '<w:name w:val="Placeholder Text"/><w:rPr><w:color w:val="808080"/></w:rPr></w:style>'
        )
    )


def _number_headings(document: Any) -> None:
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        f'<w:pStyle w:val="Heading{n + 1}"/><w:lvlText w:val="{pattern}"/><w:lvlJc w:val="left"/>'
        "</w:lvl>"
        for n, pattern in enumerate(("%1.", "%1.%2", "%1.%2.%3"))
    )
    abstract = parse_xml(
        f'<w:abstractNum {NS} w:abstractNumId="70"><w:nsid w:val="00112233"/>'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    first = numbering.find(qn("w:num"))
    first.addprevious(abstract)
    numbering.append(parse_xml(f'<w:num {NS} w:numId="70"><w:abstractNumId w:val="70"/></w:num>'))
    for level in range(3):
        style = document.styles[f"Heading {level + 1}"].element
        numbers = parse_xml(
            f'<w:numPr {NS}><w:ilvl w:val="{level}"/><w:numId w:val="70"/></w:numPr>'
        )
        style.pPr._insert_numPr(numbers)


def _rename_styles(path: Path) -> None:
    def rename(part: str, text: str) -> str:
        for old, new in SWEDISH_IDS.items():
            text = text.replace(f'w:styleId="{old}"', f'w:styleId="{new}"')
            for link in _LINKS:
                text = text.replace(f'<w:{link} w:val="{old}"/>', f'<w:{link} w:val="{new}"/>')
        return text

    _mend(path, rename)


def _mend(path: Path, change: Callable[[str, str], str]) -> None:
    """Change the XML parts of a file as text."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name.startswith("word/") and name.endswith(".xml"):
                content = change(name, content.decode("utf-8")).encode("utf-8")
            archive.writestr(zipfile.ZipInfo(name), content)


def test_templates_are_sound_before_anything_is_put_into_them(tmp_path: Path) -> None:
    for name, build in TEMPLATES.items():
        found = faults(build(tmp_path / f"{name}.docx"))
        assert [fault for fault in found if "updateFields" not in fault] == [], name
