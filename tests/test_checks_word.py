"""The Word rules, on documents by python-docx, LibreOffice and by hand: one fault at a time."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from hypothesis import given
from hypothesis import strategies as st

from berattelse.checks import word
from berattelse.checks.rules import WORD
from berattelse.model import Finding
from tests.underlag.rapport import PNG, libreoffice, typeset
from tests.underlag.rapport import WORD as WORD_FILES

LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
Change = Callable[[Any], object]


# A document by python-docx that keeps every rule ----------------------------------------------


def field(paragraph: Any, code: str, shown: str = "1") -> None:
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", shown), ("end", "")):
        run = paragraph.add_run(text if kind == "shown" else "")
        if kind == "":
            instruction = OxmlElement("w:instrText")
            instruction.text = text
            run._r.append(instruction)
        elif kind != "shown":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def link(paragraph: Any, text: str, address: str = "https://exempel.se/") -> None:
    ident = paragraph.part.relate_to(address, LINK, is_external=True)
    paragraph._p.append(
        parse_xml(
            f'<w:hyperlink {nsdecls("w", "r")} r:id="{ident}"><w:r><w:t>{text}</w:t></w:r>'
            "</w:hyperlink>"
        )
    )


def picture(paragraph: Any, alt: str = "En grå ruta som visar hur det ser ut") -> Any:
    shape = paragraph.add_run().add_picture(io.BytesIO(PNG), width=Pt(20))
    shape._inline.docPr.set("descr", alt)
    return shape


def head(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def table(document: Any, rows: int = 3, columns: int = 2, caption: bool = True) -> Any:
    if caption:
        field(document.add_paragraph("Tabell ", style="Caption"), "SEQ Tabell")
    made = document.add_table(rows, columns, style="Table Grid")
    for number, cell in enumerate(made._cells):
        cell.text = f"Värde {number}"
    head(made.rows[0])
    return made


def good() -> Any:
    document = docx.Document()
    language = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    language.set(qn("w:val"), "sv-SE")
    for name in ("Heading 2", "Heading 3", "Caption"):
        # python-docx's own blue has the contrast 4,06
        document.styles[name].font.color.rgb = RGBColor(0x1F, 0x3A, 0x5F)
    document.core_properties.title = "Verksamhetsberättelse"
    document.add_heading("Verksamhetsberättelse", 0)
    document.add_heading("Ekonomi", 1)
    document.add_paragraph("Nämnden redovisar ett överskott.")
    document.add_heading("Drift", 2)
    table(document)
    document.add_paragraph("Efter tabellen.")
    link(document.add_paragraph("Mer står i "), "årsredovisningen")
    picture(document.add_paragraph())
    document.add_heading("Personal", 1)
    document.add_paragraph("Sista stycket.")
    footer = document.sections[0].footer.paragraphs[0]
    footer.add_run("Sida ")
    field(footer, "PAGE")
    footer.add_run("(")
    field(footer, "NUMPAGES")
    footer.add_run(")")
    return document


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def findings(document: Any) -> list[Finding]:
    return word.check(document if isinstance(document, bytes) else saved(document))


def rules(document: Any) -> set[str]:
    return {finding.rule for finding in findings(document)}


def edited(content: bytes, part: str, old: str, new: str, *, form: bool = False) -> bytes:
    """Return a Word file with one text of one part replaced, at its first place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            text = source.read(item)
            if item.filename == part:
                before = text.decode()
                after = re.sub(old if form else re.escape(old), lambda _: new, before, count=1)
                assert after != before, f"{old} finns inte i {part}"
                text = after.encode()
            target.writestr(item, text)
    return out.getvalue()


def test_a_document_without_faults_has_no_findings() -> None:
    assert findings(good()) == []


# One fault at a time ---------------------------------------------------------------------------


def shaded(element: Any, fill: str, parent: str) -> None:
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>')
    found = element.find(qn(parent))
    if found is None:
        found = OxmlElement(parent)
        element.insert(0, found)
    found.append(shade)


def skipped(d: Any) -> None:
    d.add_heading("Hopp", 3)
    d.add_paragraph("Text.")


def nested(d: Any) -> None:
    made = table(d)
    inner = made.cell(1, 1).add_table(2, 2)
    inner.style = "Table Grid"
    d.add_paragraph("Efter.")


def boxed(d: Any) -> None:
    d.add_table(1, 1, style="Table Grid").cell(0, 0).text = "En ruta"
    d.add_paragraph("Efter.")


def borderless(d: Any) -> None:
    made = d.add_table(2, 2)
    for cell in made._cells:
        cell.text = "Text"
    d.add_paragraph("Efter.")


def pictured(d: Any) -> None:
    made = d.add_table(1, 2, style="Table Grid")
    head(made.rows[0])
    for cell in made._cells:
        picture(cell.paragraphs[0])
    d.add_paragraph("Efter.")


def unmarked(d: Any) -> None:
    made = table(d)
    properties = made.rows[0]._tr.trPr
    properties.remove(properties.find(qn("w:tblHeader")))
    d.add_paragraph("Efter.")


def head_below(d: Any) -> None:
    head(table(d).rows[2])
    d.add_paragraph("Efter.")


def all_heads(d: Any) -> None:
    made = table(d)
    head(made.rows[1])
    head(made.rows[2])
    d.add_paragraph("Efter.")


def uncaptioned(d: Any) -> None:
    d.add_paragraph("Före.")
    table(d, caption=False)
    d.add_paragraph("Efter.")
    d.add_paragraph("Efter.")


def merged(d: Any) -> None:
    made = table(d, 4, 3)
    made.cell(1, 1).merge(made.cell(2, 1))
    d.add_paragraph("Efter.")


def merged_sideways(d: Any) -> None:
    made = table(d, 3, 3)
    made.cell(1, 1).merge(made.cell(1, 2))
    d.add_paragraph("Efter.")


def ragged(d: Any) -> None:
    row = table(d, 3, 3).rows[2]._tr
    row.remove(row.tc_lst[-1])
    d.add_paragraph("Efter.")


def floating(d: Any) -> None:
    shape = picture(d.add_paragraph())._inline
    shape.tag = qn("wp:anchor")


def vml(alt: str = "") -> str:
    return (
        '<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        f'<w:pict><v:shape{alt}><v:imagedata r:id="rId1"/></v:shape></w:pict></w:r>'
    )


def header_picture(d: Any) -> None:
    picture(d.sections[0].header.paragraphs[0], "")


def bold(d: Any) -> None:
    d.add_paragraph().add_run("Våra resultat").bold = True
    d.add_paragraph("Texten under.")


def large(d: Any) -> None:
    d.add_paragraph().add_run("Våra resultat").font.size = Pt(16)
    d.add_paragraph("Texten under.")


def tabbed(d: Any) -> None:
    d.add_paragraph("Barn\t12")
    d.add_paragraph("Vuxna\t3")
    d.add_paragraph("Efter.")


def dirty(d: Any) -> None:
    paragraph = d.add_paragraph()
    field(paragraph, "DATE", "2023-01-01")
    paragraph._p.find(f".//{qn('w:fldChar')}").set(qn("w:dirty"), "true")


def section_break(d: Any) -> None:
    d.add_paragraph("Före.")
    d.add_section()
    d.element.body.sectPr.getprevious().get_or_add_pPr()
    d.add_paragraph("Efter.")


def updating(d: Any) -> None:
    d.settings.element.append(OxmlElement("w:updateFields"))


def no_pages(d: Any) -> None:
    d.sections[0].footer.paragraphs[0].clear()


def english(d: Any) -> None:
    language = d.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    language.set(qn("w:val"), "en-US")


def no_language(d: Any) -> None:
    language = d.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    language.getparent().remove(language)


def english_style(d: Any) -> None:
    d.styles["Heading 1"].element.get_or_add_rPr().append(
        parse_xml(f'<w:lang {nsdecls("w")} w:val="en-GB"/>')
    )


def english_runs(d: Any) -> None:
    for paragraph in d.paragraphs:
        for run in paragraph.runs:
            run._r.get_or_add_rPr().append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-GB"/>'))


def no_headings(d: Any) -> None:
    for paragraph in d.paragraphs:
        if paragraph.style.name.startswith("Heading"):
            paragraph.style = "Normal"


def pale(d: Any) -> None:
    d.add_paragraph().add_run("Blek text").font.color.rgb = RGBColor(0x99, 0x99, 0x99)


def pale_style(d: Any) -> None:
    d.styles.add_style("Grund", 1).font.color.rgb = RGBColor(0x99, 0x99, 0x99)
    d.styles.add_style("Ovan", 1).base_style = d.styles["Grund"]
    d.add_paragraph("Blek text", style="Ovan")


def pale_default(d: Any) -> None:
    defaults = d.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    defaults.insert(0, parse_xml(f'<w:color {nsdecls("w")} w:val="AAAAAA"/>'))


def pale_theme(d: Any) -> None:
    # The number says black, but Word shows the theme's colour: accent 1, much lighter
    colour = '<w:color {} w:val="000000" w:themeColor="accent1" w:themeTint="66"/>'
    run = d.add_paragraph().add_run("Blek text")
    run._r.get_or_add_rPr().append(parse_xml(colour.format(nsdecls("w"))))


def pale_on_cell(d: Any) -> None:
    cell = table(d).cell(1, 1)
    shaded(cell._tc, "777777", "w:tcPr")
    run = cell.paragraphs[0].runs[0]
    run.font.color.rgb = RGBColor(0, 0, 0)
    run.font.color.rgb = RGBColor(0x22, 0x22, 0x22)
    d.add_paragraph("Efter.")


def pale_on_paragraph(d: Any) -> None:
    paragraph = d.add_paragraph()
    paragraph.add_run("Vit text").font.color.rgb = RGBColor(255, 255, 255)
    shaded(paragraph._p, "FFE0A0", "w:pPr")


def pale_on_highlight(d: Any) -> None:
    run = d.add_paragraph().add_run("Röd på gult")
    run.font.color.rgb = RGBColor(0xFF, 0x40, 0x40)
    run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def pale_in_table_style(d: Any) -> None:
    # White letters on the dark first row of the style; the cell itself is shaded light
    made = table(d)
    made.style = "Medium Shading 1 Accent 1"
    shaded(made.cell(0, 0)._tc, "EEEEEE", "w:tcPr")
    for cell in made.rows[0].cells[1:]:
        shaded(cell._tc, "1F3A5F", "w:tcPr")
    d.add_paragraph("Efter.")


def pale_on_page(d: Any) -> None:
    d.element.insert(0, parse_xml(f'<w:background {nsdecls("w")} w:color="404040"/>'))
    d.settings.element.insert(0, OxmlElement("w:displayBackgroundShape"))


def toc(d: Any) -> None:
    field(d.add_paragraph(), 'TOC \\o "1-3" \\h', "")


def broken_lines(d: Any) -> None:
    run = d.add_paragraph("Före").add_run()
    for _ in range(3):
        run.add_break()
    d.paragraphs[-1].add_run("efter")


def spaced_header(d: Any) -> None:
    header = d.sections[0].header
    header.paragraphs[0].text = "Kommunen"
    header.add_paragraph()
    header.add_paragraph("Nämnden")


def spaced_footer(d: Any) -> None:
    d.sections[0].footer.add_paragraph(" ")


def anchored(text: str) -> Change:
    def change(d: Any) -> None:
        d.add_paragraph("Se ")._p.append(
            parse_xml(
                f'<w:hyperlink {nsdecls("w")} w:anchor="x"><w:r><w:t>{text}</w:t></w:r>'
                "</w:hyperlink>"
            )
        )

    return change


def linked(text: str) -> Change:
    return lambda d: link(d.add_paragraph("Om det: "), text)


def vml_shape(d: Any) -> None:
    shape = vml().replace("<v:shape>", '<v:rect alt="">').replace("</v:shape>", "</v:rect>")
    shape = re.sub(r"<v:imagedata[^>]*/>", '<v:fill type="frame"/>', shape)
    d.add_paragraph()._p.append(parse_xml(shape))


def embedded(d: Any) -> None:
    shape = re.sub(r"<v:imagedata[^>]*/>", "", vml()).replace("w:pict", "w:object")
    d.add_paragraph()._p.append(parse_xml(shape))


def bold_style(d: Any) -> None:
    style = d.styles.add_style("Fetstycke", 1)
    style.font.bold, style.font.size = True, Pt(16)
    d.add_paragraph("Våra resultat", style="Fetstycke")
    d.add_paragraph("Texten under.")


FAULTS: dict[str, tuple[str, Change]] = {
    "no headings": ("word_rubrik_saknas", no_headings),
    "first heading": (
        "word_rubrik_forsta", lambda d: setattr(d.paragraphs[1], "style", "Heading 2")
    ),
    "skipped level": ("word_rubrik_hopp", skipped),
    "empty heading": ("word_rubrik_tom", lambda d: d.add_heading("", 2)),
    "no title": ("word_titel", lambda d: setattr(d.paragraphs[0], "style", "Normal")),
    "two titles": ("word_titel", lambda d: d.add_heading("En till", 0)),
    "no title property": (
        "word_titel_egenskap", lambda d: setattr(d.core_properties, "title", " ")
    ),
    "english": ("word_sprak", english),
    "no language": ("word_sprak", no_language),
    "english style": ("word_sprak", english_style),
    "english text": ("word_sprak", english_runs),
    "head not marked": ("word_tabellhuvud", unmarked),
    "head further down": ("word_tabellhuvud", head_below),
    "only heads": ("word_tabellhuvud", all_heads),
    "no caption": ("word_tabelltext", uncaptioned),
    "nested table": ("word_layouttabell", nested),
    "one cell": ("word_layouttabell", boxed),
    "no lines": ("word_layouttabell", borderless),
    "only pictures": ("word_layouttabell", pictured),
    "merged downwards": ("word_celler", merged),
    "merged sideways": ("word_celler", merged_sideways),
    "ragged": ("word_celler", ragged),
    "no alt text": ("word_alttext", lambda d: picture(d.add_paragraph(), " ")),
    "no alt text in the header": ("word_alttext", header_picture),
    "no alt text, VML": ("word_alttext", lambda d: d.add_paragraph()._p.append(parse_xml(vml()))),
    "file name as alt text": (
        "word_alttext_namn", lambda d: picture(d.add_paragraph(), "diagram-3.png")
    ),
    "floating": ("word_bild_flytande", floating),
    "empty paragraph": ("word_tomt_stycke", lambda d: (d.add_paragraph(), d.add_paragraph("X."))),
    "empty at the end": ("word_tomt_stycke", lambda d: d.add_paragraph(" ")),
    "two empty after a table": (
        "word_tomt_stycke", lambda d: (table(d), d.add_paragraph(), d.add_paragraph())
    ),
    "empty in a cell": ("word_tomt_stycke", lambda d: d.tables[0].cell(1, 1).add_paragraph()),
    "three line breaks": ("word_tomt_stycke", broken_lines),
    "empty in the header": ("word_tomt_stycke", spaced_header),
    "empty in the footer": ("word_tomt_stycke", spaced_footer),
    "empty alt text, VML": (
        "word_alttext", lambda d: d.add_paragraph()._p.append(parse_xml(vml(' alt=""')))
    ),
    "empty alt text, VML filled with a picture": ("word_alttext", vml_shape),
    "no alt text, an object": ("word_alttext", embedded),
    "bold and large by a style": ("word_falsk_rubrik", bold_style),
    "link within, without text": ("word_lanktext", anchored(" ")),
    "link within says more": ("word_lanktext", anchored("Läs mer här!")),
    "link within is an address": ("word_lank_adress", anchored("www.exempel.se/sida")),
    "link says click here to read": ("word_lanktext", linked("klicka här för att läsa")),
    "link says read more of this": ("word_lanktext", linked("Läs mer om detta")),
    "link is a bare address": ("word_lank_adress", linked("kommun.se")),
    "bold line": ("word_falsk_rubrik", bold),
    "large line": ("word_falsk_rubrik", large),
    "tabs in rows": ("word_kolumner", tabbed),
    "two tabs": ("word_kolumner", lambda d: d.add_paragraph("Barn\t12\t14")),
    "spaces": ("word_kolumner", lambda d: d.add_paragraph("Barn      12")),
    "link says here": ("word_lanktext", lambda d: link(d.add_paragraph("Se "), "Klicka här!")),
    "link without text": ("word_lanktext", lambda d: link(d.add_paragraph("Se "), " ")),
    "link field says more": (
        "word_lanktext", lambda d: field(d.add_paragraph("Se "), 'HYPERLINK "x.se"', "läs mer")
    ),
    "link is an address": (
        "word_lank_adress", lambda d: link(d.add_paragraph("Se "), "https://exempel.se/rapport")
    ),
    "pale": ("word_kontrast", pale),
    "pale by a style's base": ("word_kontrast", pale_style),
    "pale by default": ("word_kontrast", pale_default),
    "pale by the theme": ("word_kontrast", pale_theme),
    "dark on a dark cell": ("word_kontrast", pale_on_cell),
    "white on a light paragraph": ("word_kontrast", pale_on_paragraph),
    "red on yellow": ("word_kontrast", pale_on_highlight),
    "white head on a light cell": ("word_kontrast", pale_in_table_style),
    "dark page": ("word_kontrast", pale_on_page),
    "dirty field": ("word_falt", dirty),
    "fields to update": ("word_falt", updating),
    "empty contents": ("word_innehall_tom", toc),
    "no page numbers": ("word_sidnummer", no_pages),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_is_found_and_nothing_else(name: str) -> None:
    rule, change = FAULTS[name]
    document = good()
    change(document)
    found = findings(document)
    assert {finding.rule for finding in found} == {rule}
    assert all(finding.level == WORD[rule].level for finding in found)


def test_every_rule_has_a_failing_document() -> None:
    assert {rule for rule, _ in FAULTS.values()} | {"word_lasbar"} == set(WORD)


# What looks like a fault and is none --------------------------------------------------------------


def demanded(d: Any) -> None:
    """What Word demands: after a last table, between two, for a section after a table."""
    table(d)
    d.add_paragraph()
    made = d.add_table(2, 2, style="Table Grid")
    head(made.rows[0])
    field(d.add_paragraph("Tabell ", style="Caption"), "SEQ Tabell")
    table(d)
    d.add_section()
    table(d)
    d.add_paragraph()


def large_pale(d: Any) -> None:
    for size, strong in ((18, False), (14, True)):
        run = d.add_paragraph("Svart. ").add_run("grå 3,5:1")
        run.font.color.rgb = RGBColor(0x88, 0x88, 0x88)
        run.font.size, run.font.bold = Pt(size), strong


def white_on_dark(d: Any) -> None:
    made = table(d)
    made.style = "Dark List"
    for cell in made._cells:
        assert cell.paragraphs[0].runs[0].font.color.rgb is None
    d.add_paragraph("Efter.")


def grouped(d: Any) -> None:
    made = table(d, 5, 3)
    made.cell(0, 1).merge(made.cell(0, 2))
    made.cell(1, 0).merge(made.cell(1, 2))
    made.cell(2, 0).merge(made.cell(3, 0))
    for paragraph in made._cells[0].paragraphs:
        paragraph.text = "Post"
    for cell in {cell._tc: cell for cell in made._cells}.values():
        for paragraph in cell.paragraphs[1:]:
            paragraph._p.getparent().remove(paragraph._p)
    d.add_paragraph("Efter.")


def decorative(d: Any) -> None:
    properties = picture(d.add_paragraph(), "")._inline.docPr
    properties.append(
        parse_xml(
            '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:ext '
            'uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative xmlns:adec='
            '"http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext>'
            "</a:extLst>"
        )
    )


def bold_sentence(d: Any) -> None:
    d.add_paragraph().add_run("Det här är viktigt.").bold = True
    paragraph = d.add_paragraph()
    paragraph.add_run("Mål: ").bold = True
    paragraph.add_run("alla ska trivas")
    d.add_paragraph("Sist.")


def english_quote(d: Any) -> None:
    run = d.add_paragraph("Ett citat: ").add_run("quality of life")
    run._r.get_or_add_rPr().append(parse_xml(f'<w:lang {nsdecls("w")} w:val="en-GB"/>'))


def filled_toc(d: Any) -> None:
    field(d.add_paragraph(), 'TOC \\o "1-3" \\h', "Ekonomi 1")


def deleted(d: Any) -> None:
    d.add_paragraph("Kvar. ")._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="9" w:author="x"><w:r><w:rPr><w:color w:val="EEEEEE"/>'
            "</w:rPr><w:t>borta</w:t></w:r></w:del>"
        )
    )


def bold_label(d: Any) -> None:
    d.styles.add_style("Etikett", 1).font.bold = True
    d.add_paragraph("Våra resultat", style="Etikett")
    d.add_paragraph("Texten under.")


FINE: dict[str, Change] = {
    "demanded empty paragraphs": demanded,
    "large grey text": large_pale,
    "white on a dark table style": white_on_dark,
    "regular merged cells": grouped,
    "decorative picture": decorative,
    "VML picture with alt": lambda d: d.add_paragraph()._p.append(
        parse_xml(vml(' alt="En karta över länet"'))
    ),
    "bold sentences": bold_sentence,
    "a quotation in English": english_quote,
    "filled contents": filled_toc,
    "deleted text": deleted,
    "a line of an address": lambda d: d.add_paragraph("Kommunen").add_run().add_break(),
    "an empty header": lambda d: d.sections[0].header.paragraphs[0].add_run(""),
    "a picture in a header": lambda d: (
        d.sections[0].header.paragraphs[0].add_run("Kommunen"),
        picture(d.sections[0].header.add_paragraph()),
    ),
    "a bold style of the same size": bold_label,
    "a link that says where": lambda d: link(
        d.add_paragraph("Se "), "Läs mer om hemtjänsten i Exempelby"
    ),
    "a reference": anchored("Tabell 3"),
    "an e-mail address": lambda d: link(d.add_paragraph("Skriv till "), "namnden@exempel.se"),
}


@pytest.mark.parametrize("name", FINE)
def test_no_false_alarm(name: str) -> None:
    document = good()
    FINE[name](document)
    assert findings(document) == []


LABELS = [("Diarienummer", "SN 22-100"), ("Datum", "2023-02-19"), ("Handläggare", "Socialchef")]


def labelled(d: Any, rows: list[tuple[str, str]], before: bool = False, colon: str = "") -> None:
    made = d.add_table(len(rows), 2, style="Table Grid")
    for row, texts in zip(made.rows, rows, strict=True):
        row.cells[0].text, row.cells[1].text = texts[0] + colon, texts[1]
    caption = d.add_paragraph("Tabell ", style="Caption")
    field(caption, "SEQ Tabell")
    if before:
        d.paragraphs[0]._p.addnext(made._tbl)
        made._tbl.addnext(caption._p)
    else:
        d.add_paragraph("Efter.")


@pytest.mark.parametrize(
    ("rows", "before", "colon", "level"),
    [
        (LABELS, True, "", "varning"),
        (LABELS, False, ":", "varning"),
        (LABELS, False, "", "fel"),
        ([("Enhet", "Antal"), ("Hemtjänst", "12"), ("Boende", "1 340")], True, "", "fel"),
        (LABELS * 4, True, "", "fel"),
        ([("2021", "a"), ("2022", "b")], True, "", "fel"),
    ],
    ids=["on the cover", "colons", "in the text", "figures", "long", "no labels"],
)
def test_a_list_of_labels_is_told_what_to_do(
    rows: list[tuple[str, str]], before: bool, colon: str, level: str
) -> None:
    document = good()
    labelled(document, rows, before, colon)
    (found,) = findings(document)
    assert (found.rule, found.level) == ("word_tabellhuvud", level)
    assert ("som stycken" in found.remedy) == (level == "varning")


def test_finding_says_where_what_and_how() -> None:
    document = good()
    run = document.add_paragraph("Under personal: ").add_run("blekt")
    run.font.color.rgb = RGBColor(0x99, 0x99, 0x99)
    (finding,) = findings(document)
    assert finding.place == "under rubriken «Personal», stycket «Under personal: blekt»"
    assert "«blekt»" in finding.message and "2,84:1" in finding.message
    assert "#999999 på #FFFFFF" in finding.message and finding.remedy
    document = good()
    unmarked(document)
    (finding,) = findings(document)
    assert finding.place.startswith("under rubriken «Personal», tabell 2 som börjar «Värde 0")


# Files that are no Word documents -----------------------------------------------------------------


def packed(**parts: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", text)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hej",
        b"PK\x03\x04skada",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        packed(xl__workbook="<workbook/>"),
        packed(word__document="<inte xml"),
        packed(word__document="<w:document xmlns:w='http://schemas.openxmlformats.org/"
                              "wordprocessingml/2006/main'/>"),
    ],
    ids=["empty", "text", "broken zip", "old or locked", "Excel", "no XML", "no body"],
)  # fmt: skip
def test_no_word_document_is_a_finding(content: bytes) -> None:
    (finding,) = word.check(content)
    assert finding.rule == "word_lasbar" and finding.level == "fel"


@pytest.mark.parametrize("paragraphs", [True, False], ids=["paragraphs", "bytes"])
def test_a_file_that_grows_when_unpacked_is_told_at_once(paragraphs: bool) -> None:
    text = "<w:p/>" * 3_000_000 if paragraphs else f"<w:p><w:r><w:t>{'x' * 101_000_000}"
    document = edited(saved(good()), "word/document.xml", "<w:sectPr", text + "<w:sectPr")
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(
        file, "w", zipfile.ZIP_DEFLATED
    ) as new:  # fmt: skip
        for item in old.infolist():
            new.writestr(item.filename, old.read(item))
    assert len(file.getvalue()) < 1_000_000
    begun = time.perf_counter()
    (found,) = word.check(file.getvalue())
    assert time.perf_counter() - begun < 5
    assert found.rule == "word_lasbar" and "för stor" in found.message


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "hemligt.txt"
    secret.write_text("hemligt", encoding="utf-8")
    content = edited(
        saved(good()),
        "word/document.xml",
        r"(<\?xml[^>]*\?>)",
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>',
        form=True,
    )
    content = edited(content, "word/document.xml", "Sista stycket.", "&e;")
    assert "hemligt" not in str(word.check(content))


@given(st.data())
def test_a_damaged_file_never_crashes(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]
    for _ in range(data.draw(st.integers(0, 4))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert all(finding.rule in WORD for finding in word.check(bytes(content)))


@given(st.data())
def test_odd_values_never_crash(data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(sorted(ATTRIBUTES)))
    old = data.draw(st.sampled_from(ATTRIBUTES[part]))
    odd = data.draw(st.sampled_from(["", "-1", "x", "99999999999", "1.5", "FFF", "pct999", "ΩΩ"]))
    content = edited(WHOLE, part, old, f'{old.split("=")[0]}="{odd}"')
    assert all(finding.rule in WORD for finding in word.check(content))


def _whole() -> bytes:
    document = good()
    for change in (pale_theme, pale_in_table_style, merged, toc, tabbed, floating):
        change(document)
    return saved(document)


WHOLE = _whole()
with zipfile.ZipFile(io.BytesIO(WHOLE)) as _archive:
    ATTRIBUTES = {
        name: sorted(set(re.findall(r'w:\w+="[^"]*"', _archive.read(name).decode())))
        for name in ("word/document.xml", "word/styles.xml", "word/settings.xml")
    }


# Files by LibreOffice -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    folder = tmp_path_factory.mktemp("libreoffice")
    libreoffice(folder, "docx:MS Word 2007 XML", *sorted(WORD_FILES.glob("*.fodt")))
    return lambda name: (folder / f"{name}.docx").read_bytes()


def test_libreoffice_document_without_faults(office: Callable[[str], bytes]) -> None:
    assert findings(office("felfri")) == []


def test_libreoffice_document_with_faults(office: Callable[[str], bytes]) -> None:
    assert rules(office("brister")) == {
        "word_rubrik_forsta", "word_titel", "word_titel_egenskap", "word_sprak", "word_alttext",
        "word_bild_flytande", "word_lanktext", "word_lank_adress", "word_sidnummer",
        "word_tomt_stycke", "word_falsk_rubrik", "word_kolumner", "word_tabellhuvud",
        "word_tabelltext", "word_layouttabell", "word_kontrast",
    }  # fmt: skip


# Our own Word file: one thing changed -------------------------------------------------------------


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return typeset(tmp_path_factory.mktemp("rapport"), "docx").read_bytes()


def errors(content: bytes) -> set[str]:
    return {finding.rule for finding in word.check(content) if finding.level == "fel"}


def test_our_own_file_has_no_errors(ours: bytes) -> None:
    assert errors(ours) == set()


@pytest.mark.parametrize(
    ("part", "old", "new", "rule"),
    [
        ("word/document.xml", r'<wp:docPr [^>]*descr="[^"]*"', "<wp:docPr", "word_alttext"),
        ("word/document.xml", r'w:val="Heading2"', 'w:val="Heading3"', "word_rubrik_hopp"),
        ("word/document.xml", r'w:val="Title"', 'w:val="BodyText"', "word_titel"),
        ("docProps/core.xml", r"<dc:title>[^<]*", "<dc:title>", "word_titel_egenskap"),
        ("word/document.xml", r"<w:tblHeader[^>]*/>", "", "word_tabellhuvud"),
        ("word/document.xml", r"(?=<w:t[ >][^<]*Stycket före)",
         '<w:rPr><w:color w:val="999999"/></w:rPr>', "word_kontrast"),
        ("word/document.xml", r"(?=<w:tbl>)", "<w:p/>", "word_tomt_stycke"),
        ("word/document.xml", r"årsstatistiken", "här", "word_lanktext"),
        ("word/settings.xml", r"(?=<w:defaultTabStop)", "<w:updateFields/>", "word_falt"),
        ("word/styles.xml", r'<w:lang [^>]*w:val="sv-SE"', '<w:lang w:val="en-US"', "word_sprak"),
    ],
)  # fmt: skip
def test_one_change_in_our_own_file(ours: bytes, part: str, old: str, new: str, rule: str) -> None:
    assert errors(edited(ours, part, old, new, form=True)) == {rule}
