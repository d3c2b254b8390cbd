"""The parts beside the text that a file without template has, and pandoc's reference document."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from berattelse.typeset.word.look import Look
from berattelse.typeset.word.styles import styles_xml
from berattelse.typeset.word.xml import NS, mm


def font_table_xml(look: Look) -> str:
    """Return the part fontTable.xml, which names the fallback of the text font."""
    font, other = (escape(name, {'"': "&quot;"}) for name in (look.font, look.font_fallback))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{NS["w"]}">'
        f'<w:font w:name="{font}"><w:altName w:val="{other}"/>'
        '<w:panose1 w:val="020F0502020204030204"/><w:charset w:val="00"/>'
        '<w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )


def settings_xml(lang: str = "sv-SE") -> str:
    """Return the part settings.xml: hyphenation on, no compatibility mode, no dialogue at start.

    There is no `w:updateFields` on purpose: it makes Word ask a question at every opening.
    """
    mode = 'w:uri="http://schemas.microsoft.com/office/word"'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:settings xmlns:w="{NS["w"]}">'
        '<w:zoom w:percent="100"/><w:defaultTabStop w:val="1304"/><w:autoHyphenation/>'
        '<w:consecutiveHyphenLimit w:val="2"/><w:hyphenationZone w:val="425"/>'
        '<w:doNotHyphenateCaps/><w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr><w:compat>'
        f'<w:compatSetting w:name="compatibilityMode" {mode} w:val="15"/>'
        f'<w:compatSetting w:name="overrideTableStyleFontSizeAndJustification" {mode} w:val="1"/>'
        f'<w:compatSetting w:name="enableOpenTypeFeatures" {mode} w:val="1"/>'
        f'<w:compatSetting w:name="doNotFlipMirrorIndents" {mode} w:val="1"/></w:compat>'
        f'<w:themeFontLang w:val="{lang}"/><w:decimalSymbol w:val=","/>'
        '<w:listSeparator w:val=";"/></w:settings>'
    )


def reference_docx(look: Look) -> bytes:
    """Return a reference document for pandoc: our styles and the least else that it wants."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    # pandoc makes pictures smaller than the text column of the reference document.
    width, height = look.text_width() + 2 * mm(look.margin_mm), mm(look.page_mm[1])
    sides = "".join(f' w:{side}="{mm(look.margin_mm)}"' for side in ("left", "right", "top"))
    page = f'<w:pgSz w:w="{width}" w:h="{height}"/><w:pgMar{sides} w:gutter="0"/>'
    rel = f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{word}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{word}.styles+xml"/></Types>',
        "_rels/.rels": rel + f'Type="{office}/officeDocument" Target="word/document.xml"/>'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{NS["w"]}"><w:body><w:sectPr>{page}</w:sectPr>'
        "</w:body></w:document>",
        "word/_rels/document.xml.rels": rel + f'Type="{office}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "word/styles.xml": styles_xml(look),
        "word/settings.xml": settings_xml(),
        "word/fontTable.xml": font_table_xml(look),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()
