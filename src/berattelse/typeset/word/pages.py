"""The pages of the Word file: cover, header and footer, sections."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from berattelse.text.prose import MONTHS
from berattelse.typeset.margins import dnr_text
from berattelse.typeset.word.facts import Facts
from berattelse.typeset.word.fields import field as field_runs
from berattelse.typeset.word.layout import Flow, attributes, space
from berattelse.typeset.word.look import Look
from berattelse.typeset.word.package import Package
from berattelse.typeset.word.xml import el, local, mm, paragraph, put, q, style_of, text, xpath

_HEAD_FOOT_MM = 12
_DATE = re.compile(rf"(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")
"""A date in a title, which is not to be broken between two lines."""

Section = Callable[[bool, bool], etree._Element]
"""`section(landscape, first)`: the properties of a section of the text."""


def cover(facts: Facts, logo: etree._Element | None = None) -> list[etree._Element]:
    """Return the paragraphs of the cover page; facts that are not known are left out."""
    out = [] if logo is None else [paragraph("Omslaglogotyp", el("r", logo))]
    if facts.alone:
        return out + _title_block(facts)
    if facts.kommun:
        out.append(paragraph("Omslagkommun", text(facts.kommun)))
    out.append(paragraph("Title", text(_DATE.sub("\\1\u00a0\\2\u00a0\\3", facts.titel))))
    if facts.undertitel:
        out.append(paragraph("Subtitle", text(facts.undertitel)))
    known = (("Nämnd", facts.namnd), ("Diarienummer", facts.dnr_or_none), ("Datum", facts.datum))
    # A label and a space, no tab: what stands in columns is read out of order by some aids.
    details = [
        paragraph("Omslagsuppgift", _label(label), text(f" {fact}"))
        for label, fact in known
        if fact
    ]
    if details:
        put(details[0], el("spacing", before=600, after=80))
    return out + details


def _title_block(facts: Facts) -> list[etree._Element]:
    """Return the paragraphs that a document without a cover begins with."""
    out = []
    if facts.titel:
        title = paragraph("Title", text(facts.titel))
        put(title, el("spacing", before=0, after=120))
        out.append(title)
    if facts.undertitel:
        out.append(paragraph("Subtitle", text(facts.undertitel)))
    for name, where in facts.authors:
        out.append(paragraph("Omslagsuppgift", _label(name), text(f", {where}" if where else "")))
    if facts.datum:
        out.append(paragraph("Omslagsuppgift", text(facts.datum)))
    if facts.abstract:
        out.append(paragraph("Omslagsuppgift", _label(facts.abstract[0])))
        out += [paragraph("Omslagsuppgift", text(part)) for part in facts.abstract[1:]]
    if len(out) > 1:
        put(out[-1], el("spacing", after=480))
    return out


def _label(label: str) -> etree._Element:
    run = text(label)
    put(run, el("b"), el("bCs"))
    return run


def add_headers(package: Package, facts: Facts, look: Look, wide: bool) -> dict[str, str]:
    """Add header and footer parts; return relation ids by name: hf, ff (first), hs, fs, hl, fl.

    A wide page has its own pair, because the tab that puts the page number to the right stands at
    the width of the text.
    """
    ids = {
        "hf": package.add_word_part("header", "header_forsta", el("hdr", paragraph("Header"))),
        "ff": package.add_word_part("footer", "footer_forsta", el("ftr", paragraph("Footer"))),
    }
    dnr = dnr_text(facts.dnr_or_none) if facts.dnr_or_none else ""
    left = "" if facts.alone else " · ".join(filter(None, (facts.kommun, dnr, facts.datum)))
    for key, landscape in (("s", False), ("l", True)):
        if landscape and not wide:
            continue
        head = paragraph("Header", text(facts.header))
        line = el("bottom", val="single", sz=4, space=4, color=look.rule)
        put(head, el("pBdr", line))
        foot = paragraph(
            "Footer",
            text(f"{left}\t{facts.page_word} "),
            *field_runs("PAGE"),
            text("("),
            *field_runs("NUMPAGES"),
            text(")"),
        )
        tab = el("tab", val="right", pos=look.text_width(landscape))
        put(foot, el("tabs", tab), el("pBdr", el("top", **attributes(line))))
        suffix = "liggande" if landscape else "staende"
        ids["h" + key] = package.add_word_part("header", f"header_{suffix}", el("hdr", head))
        ids["f" + key] = package.add_word_part("footer", f"footer_{suffix}", el("ftr", foot))
    return ids


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
    front: list[etree._Element],
    flow: Flow,
    make: Section,
    look: Look,
    before: list[etree._Element] | None = None,
) -> tuple[list[etree._Element], etree._Element]:
    """Join the pages before the text and the text, with a section around each wide stretch.

    Args:
        front: what comes first, on upright pages.
        flow: the text.
        make: returns the properties of a section: `make(landscape, first)`.
        look: says which styles are not to be touched.
        before: the blocks of a template that stand before, in the same section; it ends with them
            where the text begins with a wide stretch.

    Returns:
        The blocks, and the properties of the section that the last of them stand in.
    """
    out = list(front)
    previous, first = 0, True
    for start, end in flow.wide:
        out += flow.blocks[previous:start]
        if out:
            end_section(out, make(False, first))
            first = False
        elif before and not xpath(before[-1], ".//w:pPr/w:sectPr"):
            _drop_break(before)
            end_section(before, make(False, first))
            first = False
        _start_section(flow.blocks[start], look)
        out += flow.blocks[start:end]
        previous = end
        if end < len(flow.blocks):
            end_section(out, make(True, first))
            first = False
            _start_section(flow.blocks[end], look)
    out += flow.blocks[previous:]
    landscape = bool(flow.wide) and flow.wide[-1][1] == len(flow.blocks)
    if out and local(out[-1]) == "tbl":
        out.append(_thin())
    return out, make(landscape, first)


def end_section(blocks: list[etree._Element], properties: etree._Element) -> None:
    """Let a section with these properties end with the last of `blocks`.

    A content control is opened, such as that around the table of contents: a section cannot end
    within it, and a paragraph after it would be empty.
    """
    if local(blocks[-1]) == "sdt":
        blocks[-1:] = xpath(blocks[-1], "./w:sdtContent/*")
    if local(blocks[-1]) != "p" or xpath(blocks[-1], "./w:pPr/w:sectPr"):
        blocks.append(_thin())
    put(blocks[-1], properties)


def _drop_break(blocks: list[etree._Element]) -> None:
    """Remove a page break that `blocks` end with: the end of a section is one too."""
    found = xpath(blocks[-1], "self::w:p/w:r[last()]/w:br[@w:type='page'][last()]")
    if not found or found[0].getnext() is not None:
        return
    run = found[0].getparent()
    assert run is not None
    run.remove(found[0])
    if len(blocks) > 1 and not xpath(blocks[-1], "./*[not(self::w:pPr)]//*[not(self::w:rPr)]"):
        blocks.pop()


def _start_section(block: etree._Element, look: Look) -> None:
    # Word keeps the space before the first line of a section; a heading would stand too low.
    style = style_of(block) if local(block) == "p" else ""
    if style.startswith(("Heading", "Caption")) and style not in look.theirs:
        space(block, before=0)


def _thin() -> etree._Element:
    """Return the paragraph that Word demands after a table, too low to be seen."""
    para = paragraph("Tabellnot")
    put(para, el("spacing", before=0, after=0, line=20, lineRule="exact"))
    return para
