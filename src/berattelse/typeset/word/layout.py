"""The flow of the text: paragraphs, tables, figures, boxes, lists, and what needs a wide page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from berattelse.errors import TypesetError
from berattelse.typeset.word.fields import Heading
from berattelse.typeset.word.look import Look
from berattelse.typeset.word.tables import set_table
from berattelse.typeset.word.xml import el, local, mm, paragraph, put, q, style_of, xpath

_EMU_PER_TWIP = 635
_CAPTION_MM = 30
"""Kept free on a page below a figure, for its caption."""
_JOIN_GAP = 3
"""Wide tables with at most this many paragraphs between them share one wide section."""


@dataclass
class Flow:
    """The blocks of the text in order, with the stretches that need a wide page."""

    blocks: list[etree._Element] = field(default_factory=list)
    wide: list[tuple[int, int]] = field(default_factory=list)
    """Half-open ranges of `blocks`, in order, not overlapping."""
    asked: set[int] = field(default_factory=set)
    """Where those begin that the writer asked for: they take in nothing else."""


@dataclass(frozen=True)
class Text:
    """The text of a document, set but not yet on pages."""

    flow: Flow
    headings: list[Heading]


def lay_out(body: etree._Element, look: Look) -> Flow:
    """Take the blocks out of `body` and set tables, figures, boxes and page breaks.

    Raises:
        TypesetError: a figure without its picture.
    """
    flow = Flow()
    title, start, wide = "", 0, False
    align, page_break, after_table = "", False, False
    float_kind, box, box_style = "", 0, "Faktaruta"
    under, lying = False, 0
    for block in list(body):
        body.remove(block)
        name = block.tag
        _stand_flush(block)
        if name == q("b:flyt"):
            title, start, wide = block.get("titel", ""), len(flow.blocks), False
            float_kind, under = block.get("typ", ""), block.get("rubrik", "") == "under"
        elif name == q("b:flytslut"):
            _close_float(flow.blocks[start:], float_kind, title, look, under=under)
            if wide:
                flow.wide.append((start, len(flow.blocks)))
            title, float_kind = "", ""
        elif name == q("b:liggande"):
            lying = len(flow.blocks)
        elif name == q("b:liggandeslut"):
            flow.wide = [at for at in flow.wide if at[0] < lying]
            flow.wide.append((lying, len(flow.blocks)))
            flow.asked.add(lying)
        elif name == q("b:tabell"):
            align = block.get("kolumner", "")
        elif name == q("b:sidbrytning"):
            page_break = True
        elif name == q("b:ruta"):
            box, box_style = len(flow.blocks), block.get("stil", "Faktaruta")
        elif name == q("b:rutslut"):
            _close_box(flow.blocks[box:], box_style)
        elif local(block) == "tbl":
            if flow.blocks and local(flow.blocks[-1]) == "tbl":
                # Two tables without a paragraph between them become one in Word.
                flow.blocks.append(paragraph("Tabellnot"))
            fit = set_table(block, align, title, look)
            wide = wide or fit.landscape
            if fit.landscape and not float_kind:
                flow.wide.append((len(flow.blocks), len(flow.blocks) + 1))
            flow.blocks.append(block)
            after_table, align = True, ""
        elif local(block) in {"p", "sdt"}:
            if local(block) == "p":
                _settle_paragraph(block, after_table, page_break, look)
                after_table = page_break = False
            flow.blocks.append(block)
        elif local(block) in {"bookmarkStart", "bookmarkEnd"}:
            flow.blocks.append(block)
    flow.wide = _join(flow)
    return flow


def _settle_paragraph(
    para: etree._Element, after_table: bool, page_break: bool, look: Look
) -> None:
    style = style_of(para)
    if style == "FirstParagraph":
        put(para, el("pStyle", val="BodyText"))
    for marker in para.findall(q("b:ekvation")):
        para.remove(marker)
        middle, right = look.text_width() // 2, look.text_width()
        put(
            para, el("tabs", el("tab", val="center", pos=middle), el("tab", val="right", pos=right))
        )
    if page_break:
        start_page(para, look)
    if after_table and style not in {"Caption", "Tabellnot"} and not style.startswith("Heading"):
        space(para, before=240)
    elif style == "Tabellnot" and not after_table:
        space(para, before=0)


def start_page(para: etree._Element, look: Look) -> None:
    """Begin a new page with the paragraph, at the very top of it."""
    put(para, el("pageBreakBefore"))
    if style_of(para) not in look.theirs:
        space(para, before=0)


def _close_box(blocks: list[etree._Element], style: str) -> None:
    """Put every paragraph of a callout into the box, those of its lists too."""
    paragraphs = [block for block in blocks if local(block) == "p"]
    for para, following in zip(paragraphs, [*paragraphs[1:], None], strict=True):
        level = xpath(para, "./w:pPr/w:numPr/w:ilvl")
        if level:
            # The border stands where the text hangs: at the same place as for other lines.
            left = mm(4) + mm(6) * (int(level[0].get(q("val"), "0")) + 1)
            put(para, el("pStyle", val=style), el("ind", left=left, hanging=mm(6)))
        if following is not None and bool(level) != bool(xpath(following, "./w:pPr/w:numPr")):
            # Word leaves white between paragraphs of unlike indents: let them touch.
            space(para, after=0)
    _space_after(paragraphs, 12)


def _close_float(
    blocks: list[etree._Element], kind: str, title: str, look: Look, *, under: bool = False
) -> None:
    """Hold together what a float holds, its caption over or `under` the rest.

    Raises:
        TypesetError: a figure without its picture.
    """
    captions = [block for block in blocks if style_of(block) == "Caption"]
    if kind != "figur":
        for caption in captions[: -1 if under else None]:
            put(caption, el("keepNext"))
        tables = [block for block in blocks if local(block) == "tbl"]
        notes = [block for block in blocks if style_of(block) == "Tabellnot"]
        if tables and (notes or under):
            for para in xpath(tables[-1], "./w:tr[last()]//w:p"):
                put(para, el("keepNext"))
        for note in notes[:-1]:
            put(note, el("keepNext"))
        if notes:
            _space_after(notes, 12)
        return
    for caption in captions:
        if "Caption" not in look.theirs:
            put(caption, el("spacing", before=80, after=280))
    drawings = [d for block in blocks for d in xpath(block, ".//w:drawing")]
    if not drawings:
        raise TypesetError(f"Bilden saknas: {title}.", remedy="Kör om rapporten från början.")
    for drawing in drawings:
        _settle_drawing(drawing, title, look)


def _stand_flush(block: etree._Element) -> None:
    """Let pictures stand where their line begins.

    pandoc says nothing of the room around them; programs then take 3 mm on either side.
    """
    for inline in xpath(block, ".//wp:inline"):
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")


def _settle_drawing(drawing: etree._Element, title: str, look: Look) -> None:
    sizes = xpath(drawing, ".//wp:extent | .//a:xfrm/a:ext")
    scale = 1.0
    for side, room in (("cx", look.text_width()), ("cy", look.height - mm(_CAPTION_MM))):
        largest = max((int(size.get(side, "0")) for size in sizes), default=0)
        scale = min(scale, room * _EMU_PER_TWIP / largest if largest else 1.0)
    if scale < 1:
        for size in sizes:
            for side in ("cx", "cy"):
                size.set(side, str(round(int(size.get(side, "0")) * scale)))
    outer, *inner = xpath(drawing, ".//wp:docPr | .//pic:cNvPr")
    alt = outer.get("descr") or title
    for properties in (outer, *inner):
        # pandoc puts the file's path into the inner one, which some screen readers read.
        properties.set("descr", alt)
        properties.set("name", title.split(". ")[0])
        properties.attrib.pop("title", None)


def _space_after(blocks: list[etree._Element], points: int) -> None:
    if blocks and local(blocks[-1]) == "p":
        space(blocks[-1], after=points * 20)


def space(para: etree._Element, **twips: int) -> None:
    """Set space before or after a paragraph; what else its spacing says stays."""
    old = xpath(para, "./w:pPr/w:spacing")
    spacing: dict[str, str | int] = {**(attributes(old[0]) if old else {}), **twips}
    put(para, el("spacing", **spacing))


def _join(flow: Flow) -> list[tuple[int, int]]:
    """Let wide stretches take in their heading and the lines that lead to them."""
    out: list[tuple[int, int]] = []
    for start, end in flow.wide:
        if start in flow.asked:
            out.append((start, end))
            continue
        floor = out[-1][1] if out else 0
        top = _before_headings(flow.blocks, start, floor)
        if top == start and start > floor and local(flow.blocks[start - 1]) == "p":
            intro = _before_headings(flow.blocks, start - 1, floor)
            top = intro if intro < start - 1 else start
        start = top
        gap = flow.blocks[floor:start]
        if out and len(gap) <= _JOIN_GAP and all(local(block) == "p" for block in gap):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _before_headings(blocks: list[etree._Element], start: int, floor: int) -> int:
    while start > floor and style_of(blocks[start - 1]).startswith("Heading"):
        start -= 1
    return start


def attributes(element: etree._Element) -> dict[str, str]:
    """Return an element's attributes by their names without namespace."""
    return {etree.QName(str(key)).localname: str(value) for key, value in element.attrib.items()}


# Lists ------------------------------------------------------------------------------------------


def settle_lists(blocks: Iterable[etree._Element], bullets: set[str]) -> None:
    """Give list paragraphs Word's list styles; `bullets` = ids of lists with bullets."""
    for block in blocks:
        for para in block.iter(q("p")):
            number = para.find(f"{q('pPr')}/{q('numPr')}/{q('numId')}")
            if number is None or style_of(para) not in {"Compact", "BodyText", "FirstParagraph"}:
                continue
            bullet = number.get(q("val")) in bullets
            put(para, el("pStyle", val="ListBullet" if bullet else "ListNumber"))
