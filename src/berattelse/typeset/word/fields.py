"""Fields, bookmarks, headings and the table of contents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from berattelse.errors import TypesetError
from berattelse.typeset.word.facts import Contents
from berattelse.typeset.word.look import Look
from berattelse.typeset.word.xml import el, paragraph, put, q, style_of, text, text_of, xpath

_HEADING = re.compile(r"Heading([1-6])")


@dataclass(frozen=True)
class Heading:
    """A heading of the text, as the table of contents needs it."""

    level: int
    """1 for a chapter."""
    number: str
    """"2.1", or empty for an unnumbered heading."""
    title: str
    bookmark: str


def field(code: str, result: str = "", *, style: str = "") -> Iterator[etree._Element]:
    """Yield the runs of a complete field; without `result` it shows nothing until updated."""
    for kind in ("begin", "instr", "separate", "result", "end"):
        if kind == "result":
            if result:
                yield text(result, style=style)
            continue
        run = el("r")
        if style:
            run.append(el("rPr", el("rStyle", val=style)))
        if kind == "instr":
            instruction = el("instrText")
            instruction.text = f" {code} "
            instruction.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            run.append(instruction)
        else:
            run.append(el("fldChar", fldCharType=kind))
        yield run


def settle_headings(body: etree._Element, look: Look) -> list[Heading]:
    """Bookmark the headings, switch the number off where there is none; return them in order.

    Raises:
        TypesetError: the list numbering of Word would give another number than the references to
            the heading have.
    """
    out: list[Heading] = []
    counts = [0] * 6
    for marker in xpath(body, ".//b:rubrik"):
        owner = marker.getparent()
        assert owner is not None
        number, ref = marker.get("nummer", ""), marker.get("ref", "")
        owner.remove(marker)
        style = _HEADING.fullmatch(style_of(owner))
        if style is None:
            continue
        level = int(style[1])
        title = text_of(owner)
        if number:
            counts[level - 1] += 1
            counts[level:] = [0] * (6 - level)
            own = ".".join(str(count) for count in counts[:level])
            if own != number:
                raise TypesetError(
                    f"Rubriken ”{title}” har nummer {number} men får nummer {own} i Word.",
                    remedy="Hoppa inte över någon rubriknivå före den.",
                )
        else:
            put(owner, el("numPr", el("ilvl", val=0), el("numId", val=0)))
            if style[0] not in look.theirs:
                put(owner, el("ind", left=0))
        bookmark = f"_Toc{len(out) + 1:08d}"
        for name in filter(None, (ref, bookmark)):
            _wrap(owner, name)
        out.append(Heading(level, number, title, bookmark))
    return out


def _wrap(owner: etree._Element, name: str) -> None:
    """Put a bookmark around all content of a paragraph."""
    first = next((i for i, child in enumerate(owner) if child.tag != q("pPr")), len(owner))
    owner.insert(first, el("bookmarkStart", id=0, name=name))
    end = el("bookmarkEnd", id=0)
    end.set(q("b:of"), name)
    owner.append(end)


def number_bookmarks(blocks: Sequence[etree._Element], above: tuple[int, int] = (0, 0)) -> None:
    """Give bookmarks and drawings ids that are unique in the document, in document order.

    Ends of our own bookmarks carry the name in `b:of`; pandoc's have the id of their start.

    Args:
        blocks: the text.
        above: the highest ids of a bookmark and a drawing that are taken already.
    """
    ids: dict[str, str] = {}
    starts = [s for b in blocks for s in b.iter(q("bookmarkStart"))]
    for number, start in enumerate(starts, above[0] + 1):
        ids[start.get(q("name"), "")] = str(number)
        old = start.get(q("id"), "")
        if old != "0":
            ids[f"#{old}"] = str(number)
        start.set(q("id"), str(number))
    for end in [e for b in blocks for e in b.iter(q("bookmarkEnd"))]:
        name = end.attrib.pop(q("b:of"), "#" + end.get(q("id"), ""))
        end.set(q("id"), ids[str(name)])
    drawings = [d for b in blocks for d in b.iter(q("wp:docPr"), q("pic:cNvPr"))]
    for number, drawing in enumerate(drawings, above[1] + 1):
        drawing.set("id", str(number))


def contents(headings: list[Heading], wanted: Contents, look: Look) -> list[etree._Element]:
    """Return the table of contents: a heading and a filled TOC field, in a content control.

    Every entry is a link to its heading. Page numbers are PAGEREF fields without a result: no
    layout engine has given one, and a guess would be wrong. Word fills them in when the field is
    updated (F9), LibreOffice when it opens the file.
    """
    if not wanted.wanted:
        return []
    filled = entries(headings, wanted.depth, f'TOC \\o "1-{wanted.depth}" \\h \\z \\u', look)
    if not filled:
        return []
    head = paragraph("TOCHeading", text(wanted.title))
    if look.theirs:
        # In Word this style is based on Rubrik 1, whose number the template may count on.
        put(head, el("numPr", el("ilvl", val=0), el("numId", val=0)))
    gallery = el("docPartObj", el("docPartGallery", val="Table of Contents"), el("docPartUnique"))
    return [
        el(
            "sdt",
            el("sdtPr", el("id", val=71_000_001), gallery),
            el("sdtContent", head, *filled),
        )
    ]


def entries(headings: list[Heading], depth: int, code: str, look: Look) -> list[etree._Element]:
    """Return the paragraphs of a filled TOC field with the instruction `code`."""
    out = [_entry(heading, look) for heading in headings if heading.level <= depth]
    if out:
        *start, end = field(code)
        for number, run in enumerate(start):
            out[0].insert(1 + number, run)
        out[-1].append(end)
    return out


def _entry(heading: Heading, look: Look) -> etree._Element:
    level, style = heading.level, f"TOC{heading.level}"
    number = look.numbered(level, heading.number)
    label = f"{number}\t{heading.title}" if number else heading.title
    link = el("hyperlink", text(label), text("\t"), anchor=heading.bookmark, history=1)
    link.extend(field(f"PAGEREF {heading.bookmark} \\h"))
    entry = paragraph(style, link)
    if style not in look.theirs:
        if not number:
            # The hanging indent is for the number: without one it would pull the text apart.
            put(entry, el("ind", left=_indent(level), firstLine=0))
    elif style in look.tabless:
        # As Word does itself when it makes a table of contents.
        tabs = [el("tab", val="right", leader="dot", pos=look.text_width())]
        if number:
            tabs.insert(0, el("tab", val="left", pos=(440, 880, 1320)[level - 1]))
        put(entry, el("tabs", *tabs))
    return entry


def _indent(level: int) -> int:
    return {2: 567, 3: 1304}.get(level, 0)
