"""The pages of the Word file: cover, header and footer, sections, and the flow of the blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from berattelse.errors import TypesetError
from berattelse.typeset.margins import dnr_text, running_header
from berattelse.typeset.word.fields import field as field_runs
from berattelse.typeset.word.package import Package
from berattelse.typeset.word.styles import Look
from berattelse.typeset.word.tables import set_table
from berattelse.typeset.word.xml import el, local, mm, paragraph, put, q, style_of, text, xpath

_EMU_PER_TWIP = 635
_HEAD_FOOT_MM = 12
_JOIN_GAP = 3
"""Wide tables with at most this many paragraphs between them share one wide section."""


@dataclass(frozen=True)
class Facts:
    """What cover, header, footer and properties say of the document; empty = not said."""

    titel: str
    undertitel: str
    kommun: str
    namnd: str
    dnr: str
    datum: str
    """As it is read: 19 september 2022."""
    ar: str
    rapport: str

    @property
    def header(self) -> str:
        """Nämnd, dokument – år; the year once."""
        return running_header(self.namnd, self.titel, self.ar)


@dataclass
class Flow:
    """The blocks of the text in order, with the stretches that need a wide page."""

    blocks: list[etree._Element] = field(default_factory=list)
    wide: list[tuple[int, int]] = field(default_factory=list)
    """Half-open ranges of `blocks`, in order, not overlapping."""


def lay_out(body: etree._Element, look: Look) -> Flow:
    """Take the blocks out of `body` and set tables, figures, boxes and page breaks.

    Raises:
        TypesetError: a figure without its picture.
    """
    flow = Flow()
    title, start, wide = "", 0, False
    align, page_break, after_table = "", False, False
    float_kind, box = "", 0
    for block in list(body):
        body.remove(block)
        name = block.tag
        if name == q("b:flyt"):
            title, start, wide = block.get("titel", ""), len(flow.blocks), False
            float_kind = block.get("typ", "")
        elif name == q("b:flytslut"):
            _close_float(flow.blocks[start:], float_kind, title, look)
            if wide:
                flow.wide.append((start, len(flow.blocks)))
            title, float_kind = "", ""
        elif name == q("b:tabell"):
            align = block.get("kolumner", "")
        elif name == q("b:sidbrytning"):
            page_break = True
        elif name == q("b:ruta"):
            box = len(flow.blocks)
        elif name == q("b:rutslut"):
            _close_box(flow.blocks[box:])
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
                _settle_paragraph(block, after_table, page_break)
                after_table = page_break = False
            flow.blocks.append(block)
        elif local(block) in {"bookmarkStart", "bookmarkEnd"}:
            flow.blocks.append(block)
    flow.wide = _join(flow)
    return flow


def _settle_paragraph(para: etree._Element, after_table: bool, page_break: bool) -> None:
    style = style_of(para)
    if style == "FirstParagraph":
        put(para, el("pStyle", val="BodyText"))
    if page_break:
        start_page(para)
    if after_table and style not in {"Caption", "Tabellnot"} and not style.startswith("Heading"):
        _space(para, before=240)
    elif style == "Tabellnot" and not after_table:
        _space(para, before=0)


def start_page(para: etree._Element) -> None:
    """Begin a new page with the paragraph, at the very top of it."""
    put(para, el("pageBreakBefore"))
    _space(para, before=0)


def _close_box(blocks: list[etree._Element]) -> None:
    """Put every paragraph of a callout into the box, those of its lists too."""
    paragraphs = [block for block in blocks if local(block) == "p"]
    for para, following in zip(paragraphs, [*paragraphs[1:], None], strict=True):
        level = xpath(para, "./w:pPr/w:numPr/w:ilvl")
        if level:
            # The border stands where the text hangs: at the same place as for other lines.
            left = mm(4) + mm(6) * (int(level[0].get(q("val"), "0")) + 1)
            put(para, el("pStyle", val="Faktaruta"), el("ind", left=left, hanging=mm(6)))
        if following is not None and bool(level) != bool(xpath(following, "./w:pPr/w:numPr")):
            # Word leaves white between paragraphs of unlike indents: let them touch.
            _space(para, after=0)
    _space_after(paragraphs, 12)


def _close_float(blocks: list[etree._Element], kind: str, title: str, look: Look) -> None:
    captions = [block for block in blocks if style_of(block) == "Caption"]
    if kind == "tabell":
        for caption in captions:
            put(caption, el("keepNext"))
        tables = [block for block in blocks if local(block) == "tbl"]
        notes = [block for block in blocks if style_of(block) == "Tabellnot"]
        if tables and notes:
            for para in xpath(tables[-1], "./w:tr[last()]//w:p"):
                put(para, el("keepNext"))
        for note in notes[:-1]:
            put(note, el("keepNext"))
        if notes:
            _space_after(notes, 12)
        return
    for caption in captions:
        put(caption, el("spacing", before=80, after=280))
    drawings = [d for block in blocks for d in xpath(block, ".//w:drawing")]
    if not drawings:
        raise TypesetError(f"Bilden saknas: {title}.", remedy="Kör om rapporten från början.")
    for drawing in drawings:
        _settle_drawing(drawing, title, look)


def _settle_drawing(drawing: etree._Element, title: str, look: Look) -> None:
    room = look.text_width() * _EMU_PER_TWIP
    sizes = xpath(drawing, ".//wp:extent | .//a:xfrm/a:ext")
    widest = max((int(size.get("cx", "0")) for size in sizes), default=0)
    if widest > room:
        for size in sizes:
            for side in ("cx", "cy"):
                size.set(side, str(round(int(size.get(side, "0")) * room / widest)))
    outer, *inner = xpath(drawing, ".//wp:docPr | .//pic:cNvPr")
    alt = outer.get("descr") or title
    for properties in (outer, *inner):
        # pandoc puts the file's path into the inner one, which some screen readers read.
        properties.set("descr", alt)
        properties.set("name", title.split(". ")[0])
        properties.attrib.pop("title", None)


def _space_after(blocks: list[etree._Element], points: int) -> None:
    if blocks and local(blocks[-1]) == "p":
        _space(blocks[-1], after=points * 20)


def _space(para: etree._Element, **twips: int) -> None:
    """Set space before or after a paragraph; what else its spacing says stays."""
    old = xpath(para, "./w:pPr/w:spacing")
    spacing: dict[str, str | int] = {**(_attributes(old[0]) if old else {}), **twips}
    put(para, el("spacing", **spacing))


def _join(flow: Flow) -> list[tuple[int, int]]:
    """Let wide stretches take in their heading and the lines that lead to them."""
    out: list[tuple[int, int]] = []
    for start, end in flow.wide:
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


# Cover, header, footer, sections ----------------------------------------------------------------


def cover(facts: Facts) -> list[etree._Element]:
    """Return the paragraphs of the cover page; facts that are not known are left out."""
    out = []
    if facts.kommun:
        out.append(paragraph("Omslagkommun", text(facts.kommun)))
    out.append(paragraph("Title", text(facts.titel)))
    if facts.undertitel:
        out.append(paragraph("Subtitle", text(facts.undertitel)))
    known = (("Nämnd", facts.namnd), ("Diarienummer", facts.dnr), ("Datum", facts.datum))
    details = [
        paragraph("Omslagsuppgift", text(f"{label}\t{fact}")) for label, fact in known if fact
    ]
    if details:
        put(details[0], el("spacing", before=600, after=80))
    return out + details


def add_headers(package: Package, facts: Facts, look: Look, wide: bool) -> dict[str, str]:
    """Add header and footer parts; return relation ids by name: hf, ff (first), hs, fs, hl, fl.

    A wide page has its own pair, because the tab that puts the page number to the right stands at
    the width of the text.
    """
    ids = {
        "hf": package.add_word_part("header", "header_forsta", el("hdr", paragraph("Header"))),
        "ff": package.add_word_part("footer", "footer_forsta", el("ftr", paragraph("Footer"))),
    }
    left = " · ".join(filter(None, (facts.kommun, dnr_text(facts.dnr))))
    for key, landscape in (("s", False), ("l", True)):
        if landscape and not wide:
            continue
        head = paragraph("Header", text(facts.header))
        line = el("bottom", val="single", sz=4, space=4, color=look.rule)
        put(head, el("pBdr", line))
        foot = paragraph(
            "Footer",
            text(f"{left}\tSida "),
            *field_runs("PAGE"),
            text("("),
            *field_runs("NUMPAGES"),
            text(")"),
        )
        tab = el("tab", val="right", pos=look.text_width(landscape))
        put(foot, el("tabs", tab), el("pBdr", el("top", **_attributes(line))))
        suffix = "liggande" if landscape else "staende"
        ids["h" + key] = package.add_word_part("header", f"header_{suffix}", el("hdr", head))
        ids["f" + key] = package.add_word_part("footer", f"footer_{suffix}", el("ftr", foot))
    return ids


def _attributes(element: etree._Element) -> dict[str, str]:
    return {etree.QName(str(key)).localname: str(value) for key, value in element.attrib.items()}


def section(ids: dict[str, str], look: Look, *, landscape: bool, first: bool) -> etree._Element:
    """Return the properties of a section; only the `first` has a page without header."""
    out = el("sectPr")
    key = "l" if landscape else "s"
    references = [("header", "default", ids["h" + key]), ("footer", "default", ids["f" + key])]
    if first:
        references += [("header", "first", ids["hf"]), ("footer", "first", ids["ff"])]
    for kind, when, rid in references:
        reference = el(f"{kind}Reference", type=when)
        reference.set(q("r:id"), rid)
        out.append(reference)
    width, height = (mm(side) for side in look.page_mm)
    size = (
        {"w": height, "h": width, "orient": "landscape"} if landscape else {"w": width, "h": height}
    )
    out.append(el("type", val="nextPage"))
    out.append(el("pgSz", **size))
    margin, edge = mm(look.margin_mm), mm(_HEAD_FOOT_MM)
    out.append(el("pgMar", top=margin, right=margin, bottom=margin, left=margin, header=edge,
                  footer=edge, gutter=0))  # fmt: skip
    if first:
        out.append(el("titlePg"))
    return out


def assemble(
    front: list[etree._Element], flow: Flow, ids: dict[str, str], look: Look
) -> list[etree._Element]:
    """Join the pages before the text and the text to the content of the body, with sections."""
    out = list(front)
    previous, first = 0, True
    for start, end in flow.wide:
        out += flow.blocks[previous:start]
        if out:
            _end_section(out, section(ids, look, landscape=False, first=first))
            first = False
        _start_section(flow.blocks[start])
        out += flow.blocks[start:end]
        previous = end
        if end < len(flow.blocks):
            _end_section(out, section(ids, look, landscape=True, first=first))
            first = False
            _start_section(flow.blocks[end])
    out += flow.blocks[previous:]
    landscape = bool(flow.wide) and flow.wide[-1][1] == len(flow.blocks)
    if out and local(out[-1]) == "tbl":
        out.append(_thin())
    out.append(section(ids, look, landscape=landscape, first=first))
    return out


def _end_section(blocks: list[etree._Element], properties: etree._Element) -> None:
    if local(blocks[-1]) != "p":
        blocks.append(_thin())
    put(blocks[-1], properties)


def _start_section(block: etree._Element) -> None:
    # Word keeps the space before the first line of a section; a heading would stand too low.
    if local(block) == "p" and style_of(block).startswith(("Heading", "Caption")):
        _space(block, before=0)


def _thin() -> etree._Element:
    """Return the paragraph that Word demands after a table, too low to be seen."""
    para = paragraph("Tabellnot")
    put(para, el("spacing", before=0, after=0, line=20, lineRule="exact"))
    return para
