"""How the Word file looks: every style, the numbering of headings, fonts and settings.

The styles are written here and given to pandoc as a reference document made at run time, so that
no binary file lies in the repository. Style ids are Word's English ones; Word shows the built-in
styles by the names of its own language (Rubrik 1, Brödtext, Beskrivning), ours have Swedish names.

Text is set in Calibri, which Word has. Where it is missing, fontTable.xml names Carlito (the same
widths) as the alternative, and viewers without both take their own sans serif; column widths are
computed with a margin for that.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

from berattelse.typeset.word.xml import NS, mm

HEADING_LIST = 9001
"""Id of the list that numbers the headings, beyond the ids that pandoc uses (1000 and on)."""

HEADING_INDENT_MM = (10, 13, 16, 19, 22, 25)
"""From the number's left edge to the heading's text, per level."""


@dataclass(frozen=True)
class Look:
    """Colours (RRGGBB), font and measures of a Word file; a kommun's profile may replace it."""

    font: str = "Calibri"
    font_fallback: str = "Carlito"
    size_pt: float = 11
    text: str = "1B1B1B"
    accent: str = "00556B"
    band: str = "F2F6F8"
    rule: str = "9FB3BD"
    muted: str = "4A5A63"
    mark: str = "FFF2A8"
    page_mm: tuple[int, int] = (210, 297)
    margin_mm: int = 25

    def text_width(self, landscape: bool = False) -> int:
        """Width of the text column in twips."""
        return mm(self.page_mm[landscape] - 2 * self.margin_mm)


def _borders(**sides: str) -> str:
    """Return the insides of a border element: side -> 'eighths of a point, colour[, space]'."""
    out = ""
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        if side in sides:
            size, colour, *space = sides[side].split()
            gap = space[0] if space else "0"
            out += f'<w:{side} w:val="single" w:sz="{size}" w:space="{gap}" w:color="{colour}"/>'
    return out


def _run(size: float = 0, bold: bool = False, colour: str = "", extra: str = "") -> str:
    half = round(size * 2)
    parts = "<w:b/><w:bCs/>" if bold else ""
    parts += f'<w:color w:val="{colour}"/>' if colour else ""
    parts += f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>' if half else ""
    return f"<w:rPr>{parts}{extra}</w:rPr>" if parts or extra else ""


def _spacing(before: float, after: float, line: int = 0) -> str:
    lines = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{lines}/>'


def _style(
    kind: str,
    sid: str,
    name: str,
    based: str = "",
    *,
    after: str = "",
    ppr: str = "",
    rpr: str = "",
    body: str = "",
    builtin: bool = True,
    shown: bool = True,
    alias: str = "",
    priority: int = 0,
) -> str:
    """Return one style; `builtin` styles have names that Word knows in every language."""
    head = f'<w:style w:type="{kind}" w:styleId="{sid}"'
    head += ' w:default="1"' if sid in {"Normal", "DefaultParagraphFont", "TableNormal"} else ""
    head += "" if builtin else ' w:customStyle="1"'
    inner = f'<w:name w:val="{escape(name)}"/>'
    inner += f'<w:aliases w:val="{alias}"/>' if alias else ""
    inner += f'<w:basedOn w:val="{based}"/>' if based else ""
    inner += f'<w:next w:val="{after}"/>' if after else ""
    inner += f'<w:uiPriority w:val="{priority}"/>' if priority else ""
    inner += "<w:qFormat/>" if shown else "<w:semiHidden/><w:unhideWhenUsed/>"
    inner += f"<w:pPr>{ppr}</w:pPr>" if ppr else ""
    return f"{head}>{inner}{rpr}{body}</w:style>"


def _headings(look: Look) -> str:
    sizes = (20, 15, 12.5, 11, 11, 11)
    space = ((26, 8), (18, 5), (14, 3), (12, 2), (10, 2), (10, 2))
    out = ""
    for level, (size, (before, after)) in enumerate(zip(sizes, space, strict=True)):
        numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{HEADING_LIST}"/></w:numPr>'
        out += _style(
            "paragraph", f"Heading{level + 1}", f"heading {level + 1}", "Normal",
            after="BodyText", priority=9, shown=level < 3,
            ppr="<w:keepNext/><w:keepLines/>" + numbering + "<w:suppressAutoHyphens/>"
            + _spacing(before, after, 252) + f'<w:outlineLvl w:val="{level}"/>',
            rpr=_run(size, True, look.accent),
        )  # fmt: skip
    return out


def _toc(look: Look) -> str:
    right = look.text_width()
    out = _style(
        "paragraph", "TOCHeading", "TOC Heading", "Normal", after="BodyText", priority=39,
        ppr="<w:keepNext/><w:suppressAutoHyphens/>" + _spacing(0, 14),
        rpr=_run(20, True, look.accent),
    )  # fmt: skip
    for level, indent in enumerate((0, 10, 23)):
        number = indent + (10, 13, 16)[level]
        tabs = f'<w:tabs><w:tab w:val="left" w:pos="{mm(number)}"/>'
        tabs += f'<w:tab w:val="right" w:pos="{right}"/></w:tabs>'
        out += _style(
            "paragraph", f"TOC{level + 1}", f"toc {level + 1}", "Normal", after="Normal",
            priority=39,
            ppr=tabs + _spacing(7 if level == 0 else 0, 2)
            + f'<w:ind w:left="{mm(number)}" w:right="{mm(12)}" '
            f'w:hanging="{mm(number - indent)}"/>',
            rpr=_run(0, level == 0),
        )  # fmt: skip
    return out


def _tables(look: Look) -> str:
    cell = '<w:tblInd w:w="0" w:type="dxa"/>'
    margins = (
        '<w:tblCellMar><w:top w:w="{0}" w:type="dxa"/><w:left w:w="{1}" w:type="dxa"/>'
        '<w:bottom w:w="{0}" w:type="dxa"/><w:right w:w="{1}" w:type="dxa"/></w:tblCellMar>'
    )
    edges = _borders(top=f"8 {look.accent}", bottom=f"8 {look.accent}", insideH=f"4 {look.rule}")
    head = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{look.band}"/></w:tcPr>'
    small = _spacing(1.5, 1.5)
    return (
        _style("table", "TableNormal", "Normal Table", shown=False, priority=99,
               body=f"<w:tblPr>{cell}{margins.format(0, 108)}</w:tblPr>")
        + _style("table", "Tabell", "Tabell", "TableNormal", builtin=False, priority=59,
                 body=f"<w:tblPr>{cell}<w:tblBorders>{edges}</w:tblBorders>"
                 f"{margins.format(15, 85)}</w:tblPr>"
                 f'<w:tblStylePr w:type="firstRow">{_run(0, True)}{head}</w:tblStylePr>')
        + _style("paragraph", "Tabelltext", "Tabelltext", "Normal", builtin=False,
                 ppr=small, rpr=_run(look.size_pt - 1))
        + _style("paragraph", "Tabellhuvud", "Tabellhuvud", "Tabelltext", builtin=False,
                 ppr="<w:keepNext/>", rpr=_run(0, True, look.accent))
        + _style("paragraph", "Tabellsumma", "Tabellsumma", "Tabelltext", builtin=False,
                 rpr=_run(0, True))
        + _style("paragraph", "Tabellgrupp", "Tabellgrupp", "Tabelltext", builtin=False,
                 ppr="<w:keepNext/>", rpr=_run(0, True))
        + _style("paragraph", "Tabellnot", "Tabellnot", "Normal", builtin=False,
                 after="BodyText", ppr=_spacing(3, 0, 245),
                 rpr=_run(9, False, look.muted))
    )  # fmt: skip


def _boxes(look: Look) -> str:
    # Both styles have the same borders and indents: Word joins them to one box.
    side = f"24 {look.accent} 8"
    edge = f"4 {look.band} 4"
    box = (
        f"<w:pBdr>{_borders(top=edge, left=side, bottom=edge, right=edge)}</w:pBdr>"
        f'<w:shd w:val="clear" w:color="auto" w:fill="{look.band}"/>'
    )
    indent = f'<w:ind w:left="{mm(4)}" w:right="{mm(2)}"/>'
    return _style(
        "paragraph", "Faktaruta", "Faktaruta", "BodyText", builtin=False,
        ppr="<w:keepLines/>" + box + _spacing(0, 4) + indent,
    ) + _style(
        "paragraph", "Faktarutarubrik", "Faktaruta rubrik", "Faktaruta", after="Faktaruta",
        builtin=False, ppr="<w:keepNext/><w:keepLines/>" + box + _spacing(10, 2) + indent,
        rpr=_run(0, True, look.accent),
    )  # fmt: skip


def _text(look: Look) -> str:
    p = "paragraph"
    caption = "<w:keepLines/><w:suppressAutoHyphens/>" + _spacing(14, 4)
    return (
        _style(p, "Normal", "Normal")
        + _style(p, "BodyText", "Body Text", "Normal", priority=1, ppr=_spacing(0, 8, 276))
        + _style(p, "Compact", "Compact", "BodyText", builtin=False, ppr=_spacing(0, 3, 264))
        + _style(p, "ListBullet", "List Bullet", "BodyText", ppr=_spacing(0, 4, 276))
        + _style(p, "ListNumber", "List Number", "BodyText", ppr=_spacing(0, 4, 276))
        + _style(p, "Caption", "caption", "Normal", after="BodyText", alias="Bildtext",
                 priority=35, ppr=caption, rpr=_run(10, True, look.text))
        + _style(p, "Figur", "Figur", "Normal", after="Caption", builtin=False,
                 ppr="<w:keepNext/>" + _spacing(8, 0))
        + _style(p, "BlockText", "Block Text", "BodyText", priority=9,
                 ppr=f'<w:ind w:left="{mm(8)}" w:right="{mm(8)}"/>')
        + _style(p, "SourceCode", "Källkod", "Normal", builtin=False, ppr=_spacing(4, 8))
        + _style(p, "DefinitionTerm", "Definition Term", "BodyText", builtin=False,
                 after="Definition", ppr="<w:keepNext/>" + _spacing(4, 0), rpr=_run(0, True))
        + _style(p, "Definition", "Definition", "BodyText", builtin=False,
                 ppr=f'<w:ind w:left="{mm(8)}"/>')
        + _style(p, "FootnoteText", "footnote text", "Normal", priority=99,
                 ppr=_spacing(0, 2), rpr=_run(9))
        + _style(p, "Header", "header", "Normal", priority=99, rpr=_run(9, False, look.muted))
        + _style(p, "Footer", "footer", "Normal", priority=99, rpr=_run(9, False, look.muted))
    )  # fmt: skip


def _cover(look: Look) -> str:
    p = "paragraph"
    line = f"<w:pBdr>{_borders(bottom=f'24 {look.accent} 6')}</w:pBdr>"
    return (
        _style(p, "Omslagkommun", "Omslag kommun", "Normal", builtin=False,
               ppr=line + _spacing(0, 0), rpr=_run(16, True, look.accent))
        + _style(p, "Title", "Title", "Normal", after="Subtitle", priority=10,
                 ppr="<w:suppressAutoHyphens/>" + _spacing(150, 8, 228),
                 rpr=_run(34, True, look.accent))
        + _style(p, "Subtitle", "Subtitle", "Normal", after="BodyText", priority=11,
                 ppr=_spacing(0, 8), rpr=_run(17, False, look.muted))
        + _style(p, "Omslagsuppgift", "Omslagsuppgift", "Normal", builtin=False,
                 ppr=f'<w:tabs><w:tab w:val="left" w:pos="{mm(40)}"/></w:tabs>'
                 + _spacing(0, 4) + f'<w:ind w:left="{mm(40)}" w:hanging="{mm(40)}"/>',
                 rpr=_run(12))
    )  # fmt: skip


def _characters(look: Look) -> str:
    c = "character"
    font = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>'
    yellow = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.mark}"/>'
    return (
        _style(c, "DefaultParagraphFont", "Default Paragraph Font", shown=False, priority=1)
        + _style(c, "VerbatimChar", "Verbatim Char", "DefaultParagraphFont", builtin=False,
                 shown=False, rpr=f"<w:rPr>{font}</w:rPr>")
        + _style(c, "FootnoteReference", "footnote reference", "DefaultParagraphFont",
                 priority=99, rpr='<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>')
        + _style(c, "Hyperlink", "Hyperlink", "DefaultParagraphFont", priority=99,
                 rpr=_run(0, False, look.accent, '<w:u w:val="single"/>'))
        + _style(c, "Platshallare", "Platshållare", "DefaultParagraphFont", builtin=False,
                 rpr=_run(0, False, look.text, f'<w:highlight w:val="yellow"/>{yellow}'))
    )  # fmt: skip


def styles_xml(look: Look, lang: str = "sv-SE") -> str:
    """Return the part styles.xml."""
    half = round(look.size_pt * 2)
    font = escape(look.font, {'"': "&quot;"})
    fonts = "".join(f' w:{kind}="{font}"' for kind in ("ascii", "hAnsi", "eastAsia", "cs"))
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:styles xmlns:w="{NS["w"]}">'
        f"<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts{fonts}/>"
        f'<w:color w:val="{look.text}"/><w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
        f'<w:lang w:val="{lang}" w:eastAsia="{lang}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="0" '
        'w:defUnhideWhenUsed="0" w:defQFormat="0" w:count="376"/>'
        + _text(look) + _headings(look) + _toc(look) + _tables(look) + _boxes(look)
        + _cover(look) + _characters(look) + "</w:styles>"
    )  # fmt: skip


def heading_numbering(look: Look) -> tuple[str, str]:
    """Return the abstract list that numbers the headings, and its instance."""
    levels = ""
    for level in range(9):
        label = ".".join(f"%{number + 1}" for number in range(level + 1))
        indent = mm(HEADING_INDENT_MM[min(level, 5)])
        link = f'<w:pStyle w:val="Heading{level + 1}"/>' if level < 6 else ""
        levels += (
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>{link}'
            f'<w:suff w:val="tab"/><w:lvlText w:val="{label}"/><w:lvlJc w:val="left"/><w:pPr>'
            f'<w:tabs><w:tab w:val="num" w:pos="{indent}"/></w:tabs>'
            f'<w:ind w:left="{indent}" w:hanging="{indent}"/></w:pPr></w:lvl>'
        )
    ns = f'xmlns:w="{NS["w"]}"'
    return (
        f'<w:abstractNum {ns} w:abstractNumId="{HEADING_LIST}"><w:nsid w:val="4245524B"/>'
        f'<w:multiLevelType w:val="multilevel"/><w:tmpl w:val="4245524C"/>{levels}</w:abstractNum>',
        f'<w:num {ns} w:numId="{HEADING_LIST}"><w:abstractNumId w:val="{HEADING_LIST}"/></w:num>',
    )


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
    width, height = (mm(side) for side in look.page_mm)
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
