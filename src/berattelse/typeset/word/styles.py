"""How the Word file looks: every style, and the numbering of headings.

The styles are written here and given to pandoc as a reference document made at run time, so that
no binary file lies in the repository. Style ids are Word's English ones; Word shows the built-in
styles by the names of its own language (Rubrik 1, Brödtext, Beskrivning), ours have Swedish names.

Text is set in a font that Word has (Calibri, if the profile names no other). Where it is missing,
fontTable.xml names an alternative (Carlito has the same widths), and viewers without both take
their own sans serif; column widths are computed with a margin for that.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

from berattelse.typeset.word.look import Look
from berattelse.typeset.word.xml import NS, mm

HEADING_LIST = 9001
"""Id of the list that numbers the headings, beyond the ids that pandoc uses (1000 and on)."""

BOXES = {
    "note": "Faktaruta",
    "tip": "Faktaruta tips",
    "warning": "Faktaruta varning",
    "important": "Faktaruta viktigt",
    "caution": "Faktaruta försiktig",
}
"""Kind of callout -> name of the style of its text; its title's ends in «rubrik»."""

HEADING_INDENT_MM = (10, 13, 16, 19, 22, 25)
"""From the number's left edge to the heading's text, per level."""


def style_id(name: str) -> str:
    """Return the id of one of our own styles: its name without spaces, in ASCII."""
    return name.replace(" ", "").translate(str.maketrans("åäöÅÄÖ", "aaoAAO"))


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


def _pt(look: Look, size: float) -> float:
    """Return a size that goes with running text of 11 points, for the document's own size."""
    return round(size * look.size_pt / 11 * 2) / 2


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
            rpr=_run(_pt(look, size), True, look.accent),
        )  # fmt: skip
    return out


def _toc(look: Look) -> str:
    right = look.text_width()
    out = _style(
        "paragraph", "TOCHeading", "TOC Heading", "Normal", after="BodyText", priority=39,
        ppr="<w:keepNext/><w:suppressAutoHyphens/>" + _spacing(0, 14),
        rpr=_run(_pt(look, 20), True, look.accent),
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
                 ppr=small, rpr=_run(look.table_pt))
        + _style("paragraph", "Tabellhuvud", "Tabellhuvud", "Tabelltext", builtin=False,
                 ppr="<w:keepNext/>", rpr=_run(0, True, look.accent))
        + _style("paragraph", "Tabellsumma", "Tabellsumma", "Tabelltext", builtin=False,
                 rpr=_run(0, True))
        + _style("paragraph", "Tabellgrupp", "Tabellgrupp", "Tabelltext", builtin=False,
                 ppr="<w:keepNext/>", rpr=_run(0, True))
        + _style("paragraph", "Tabellnot", "Tabellnot", "Normal", builtin=False,
                 after="BodyText", ppr=_spacing(3, 0, 245),
                 rpr=_run(_pt(look, 9), False, look.muted))
    )  # fmt: skip


def _boxes(look: Look) -> str:
    return "".join(
        _box(look, name, colour)
        for name, colour in ((BOXES[kind], colour) for kind, colour in look.boxes)
    )


def _box(look: Look, name: str, colour: str) -> str:
    # Both styles have the same borders and indents: Word joins them to one box.
    edge = f"4 {look.band} 4"
    box = (
        f"<w:pBdr>{_borders(top=edge, left=f'24 {colour} 8', bottom=edge, right=edge)}</w:pBdr>"
        f'<w:shd w:val="clear" w:color="auto" w:fill="{look.band}"/>'
    )
    indent = f'<w:ind w:left="{mm(4)}" w:right="{mm(2)}"/>'
    sid = style_id(name)
    return _style(
        "paragraph", sid, name, "BodyText", builtin=False,
        ppr="<w:keepLines/>" + box + _spacing(0, 4) + indent,
    ) + _style(
        "paragraph", f"{sid}rubrik", f"{name} rubrik", sid, after=sid,
        builtin=False, ppr="<w:keepNext/><w:keepLines/>" + box + _spacing(10, 2) + indent,
        rpr=_run(0, True, colour),
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
                 priority=35, ppr=caption, rpr=_run(_pt(look, 10), True, look.text))
        + _style(p, "Figur", "Figur", "Normal", after="Caption", builtin=False,
                 ppr="<w:keepNext/>" + _spacing(8, 0))
        + _style(p, "BlockText", "Block Text", "BodyText", priority=9,
                 ppr=f'<w:ind w:left="{mm(8)}" w:right="{mm(8)}"/>')
        + _style(p, "SourceCode", "Source Code", "Normal", builtin=False, ppr=_spacing(4, 8))
        + _style(p, "DefinitionTerm", "Definition Term", "BodyText", builtin=False,
                 after="Definition", ppr="<w:keepNext/>" + _spacing(4, 0), rpr=_run(0, True))
        + _style(p, "Definition", "Definition", "BodyText", builtin=False,
                 ppr=f'<w:ind w:left="{mm(8)}"/>')
        + _style(p, "FootnoteText", "footnote text", "Normal", priority=99,
                 ppr=_spacing(0, 2), rpr=_run(_pt(look, 9)))
        + _style(p, "Header", "header", "Normal", priority=99,
                 rpr=_run(_pt(look, 9), False, look.muted))
        + _style(p, "Footer", "footer", "Normal", priority=99,
                 rpr=_run(_pt(look, 9), False, look.muted))
    )  # fmt: skip


def _cover(look: Look) -> str:
    p = "paragraph"
    line = f"<w:pBdr>{_borders(bottom=f'24 {look.accent} 6')}</w:pBdr>"
    return (
        _style(p, "Omslaglogotyp", "Omslag logotyp", "Normal", builtin=False,
               ppr="<w:keepNext/>" + _spacing(0, 18))
        + _style(p, "Omslagkommun", "Omslag kommun", "Normal", builtin=False,
               ppr=line + _spacing(0, 0), rpr=_run(_pt(look, 16), True, look.accent))
        + _style(p, "Title", "Title", "Normal", after="Subtitle", priority=10,
                 ppr="<w:suppressAutoHyphens/>" + _spacing(150, 8, 228),
                 rpr=_run(_pt(look, 34), True, look.accent))
        + _style(p, "Subtitle", "Subtitle", "Normal", after="BodyText", priority=11,
                 ppr=_spacing(0, 8), rpr=_run(_pt(look, 17), False, look.muted))
        + _style(p, "Omslagsuppgift", "Omslagsuppgift", "Normal", builtin=False,
                 ppr=_spacing(0, 4),
                 rpr=_run(_pt(look, 12)))
    )  # fmt: skip


def _characters(look: Look) -> str:
    c = "character"
    font = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>'
    # A style's w:highlight is something that Word does not heed; shading it does.
    marked = f'<w:shd w:val="clear" w:color="auto" w:fill="{look.mark}"/>'
    return (
        _style(c, "DefaultParagraphFont", "Default Paragraph Font", shown=False, priority=1)
        + _style(c, "VerbatimChar", "Verbatim Char", "DefaultParagraphFont", builtin=False,
                 shown=False, rpr=f"<w:rPr>{font}</w:rPr>")
        + _style(c, "FootnoteReference", "footnote reference", "DefaultParagraphFont",
                 priority=99, rpr='<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>')
        + _style(c, "Hyperlink", "Hyperlink", "DefaultParagraphFont", priority=99,
                 rpr=_run(0, False, look.accent, '<w:u w:val="single"/>'))
        + _style(c, "Platshallare", "Platshållare", "DefaultParagraphFont", builtin=False,
                 rpr=_run(0, False, look.on_mark, marked))
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
