"""Fields, bookmarks, headings and the table of contents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from berattelse.errors import TypesetError
from berattelse.typeset.word.xml import el, paragraph, put, q, style_of, text, text_of, xpath

TOC_DEPTH = 3


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


def settle_headings(body: etree._Element) -> list[Heading]:
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
        style = style_of(owner)
        if not style.startswith("Heading"):
            continue
        level = int(style.removeprefix("Heading"))
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
            put(owner, el("numPr", el("ilvl", val=0), el("numId", val=0)), el("ind", left=0))
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


def number_bookmarks(body: etree._Element) -> None:
    """Give bookmarks and drawings ids that are unique in the document, in document order.

    Ends of our own bookmarks carry the name in `b:of`; pandoc's have the id of their start.
    """
    ids: dict[str, str] = {}
    for number, start in enumerate(xpath(body, ".//w:bookmarkStart"), 1):
        ids[start.get(q("name"), "")] = str(number)
        old = start.get(q("id"), "")
        if old != "0":
            ids[f"#{old}"] = str(number)
        start.set(q("id"), str(number))
    for end in xpath(body, ".//w:bookmarkEnd"):
        name = end.attrib.pop(q("b:of"), "#" + end.get(q("id"), ""))
        end.set(q("id"), ids[str(name)])
    for number, drawing in enumerate(xpath(body, ".//wp:docPr | .//pic:cNvPr"), 1):
        drawing.set("id", str(number))


def contents(headings: list[Heading], *, title: str = "Innehåll") -> list[etree._Element]:
    """Return the table of contents: a heading and a filled TOC field, in a content control.

    Every entry is a link to its heading. Page numbers are PAGEREF fields without a result: no
    layout engine has given one, and a guess would be wrong. Word fills them in when the field is
    updated (F9), LibreOffice when it opens the file.
    """
    shown = [heading for heading in headings if heading.level <= TOC_DEPTH]
    if not shown:
        return []
    code = f'TOC \\o "1-{TOC_DEPTH}" \\h \\z \\u'
    begin, instruction, separate, end = field(code)
    entries = [_entry(heading) for heading in shown]
    entries[0].insert(1, separate)
    entries[0].insert(1, instruction)
    entries[0].insert(1, begin)
    entries[-1].append(end)
    gallery = el("docPartObj", el("docPartGallery", val="Table of Contents"), el("docPartUnique"))
    return [
        el(
            "sdt",
            el("sdtPr", el("id", val=71_000_001), gallery),
            el("sdtContent", paragraph("TOCHeading", text(title)), *entries),
        )
    ]


def _entry(heading: Heading) -> etree._Element:
    label = f"{heading.number}\t{heading.title}" if heading.number else heading.title
    link = el("hyperlink", text(label), text("\t"), anchor=heading.bookmark, history=1)
    link.extend(field(f"PAGEREF {heading.bookmark} \\h"))
    entry = paragraph(f"TOC{heading.level}", link)
    if not heading.number:
        # The hanging indent is for the number: without one it would pull the text apart.
        put(entry, el("ind", left=0 if heading.level == 1 else _indent(heading.level), firstLine=0))
    return entry


def _indent(level: int) -> int:
    return {2: 567, 3: 1304}.get(level, 0)
