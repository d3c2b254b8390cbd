"""Where in a template the text goes, and which pages it stands on there."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from textwrap import shorten

from lxml import etree

from berattelse.errors import TypesetError
from berattelse.typeset.word.mall.controls import CONTENT, NAMES, fold, name_of
from berattelse.typeset.word.package import Package
from berattelse.typeset.word.xml import el, local, mm, put, q, text_of, val, xpath

_SHOWN = ".//w:drawing | .//w:pict | .//w:object | .//w:sym | .//w:fldChar | .//w:fldSimple"
_KEPT = (
    ".//w:br[@w:type] | .//w:delText | .//w:footnoteReference | .//w:endnoteReference"
    " | .//w:commentReference | .//*[local-name()='oMath']"
)
_AROUND = " | ".join(
    f".//w:{name}[not(ancestor::w:pPr)]" for name in ("ins", "del", "hyperlink", "smartTag")
)
_A4 = {"w": mm(210), "h": mm(297)}
_MARGINS = {side: mm(25) for side in ("top", "right", "bottom", "left")}
_TOC = re.compile(r"\s*TOC\b(?!.*\\c\b)", re.DOTALL)


@dataclass
class Place:
    """Where the text goes."""

    before: list[etree._Element]
    """The template's blocks that stand before the text: its cover."""
    after: list[etree._Element]
    section: etree._Element
    """Properties of the section that the text stands in."""
    references: list[etree._Element]
    """Headers and footers of that section, those that it takes over from earlier ones too."""
    wide: etree._Element | None
    """Properties of a section of the template with turned pages, for wide tables."""
    own_cover: bool
    """Whether the template has no cover, so that ours is needed."""
    begun: bool
    """Whether the place is at the top of a page already."""
    warnings: list[str] = field(default_factory=list)

    def width(self, landscape: bool = False) -> int:
        """Return the width of the text column in twips."""
        page = self.make(landscape, True)
        size, margins = xpath(page, "./w:pgSz")[0], xpath(page, "./w:pgMar")[0]
        sides = sum(_twips(margins, side) for side in ("left", "right", "gutter"))
        room = _twips(size, "w") - sides
        columns = xpath(page, "./w:cols")
        count = _twips(columns[0], "num") if columns else 1
        if count > 1:
            room = (room - (count - 1) * (_twips(columns[0], "space") or 720)) // count
        return max(room, mm(40))

    def height(self) -> int:
        """Return the height of the text column in twips."""
        size, margins = xpath(self.section, "./w:pgSz")[0], xpath(self.section, "./w:pgMar")[0]
        return max(
            _twips(size, "h") - sum(abs(_twips(margins, side)) for side in ("top", "bottom")),
            mm(60),
        )

    def make(self, landscape: bool, first: bool) -> etree._Element:
        """Return properties of a section of the text: the template's, turned where wanted."""
        out = copy.deepcopy(self.section)
        references = {_key(reference): reference for reference in self.references}
        if not first:
            put(out, el("type", val="nextPage"))
            for one in xpath(out, "./w:titlePg"):
                out.remove(one)
            for numbering in xpath(out, "./w:pgNumType"):
                numbering.attrib.pop(q("start"), None)
        if landscape and not is_wide(out):
            for columns in xpath(out, "./w:cols"):
                out.remove(columns)
            if self.wide is not None:
                put(out, *map(copy.deepcopy, xpath(self.wide, "./w:pgSz | ./w:pgMar")))
                references |= {_key(r): r for r in _references(self.wide)}
            else:
                _turn(out)
        for old in _references(out):
            out.remove(old)
        out[:0] = [copy.deepcopy(references[key]) for key in sorted(references)]
        return out


def find_place(package: Package, name: str) -> Place:
    """Find where in the template's body the text goes; what stood there is taken out.

    Args:
        package: the template; its control `innehall` is removed.
        name: the file's name, for what is said of it.

    Raises:
        TypesetError: the control `innehall` stands in a table or a text box.
    """
    body = package.tree(package.main).find(q("body"))
    assert body is not None
    _close_body(body)
    sections = xpath(body, ".//w:sectPr[not(ancestor::w:sectPrChange)]")
    if named := candidates(body):
        control = named[0]
        left = [other for other in named[1:] if control not in other.iterancestors()]
        before, after = _around(control, body, name)
        section = _section_of(after, sections)
        own = not any(shows(block) for block in before)
        found = _place(package, before, after, section, own)
        found.warnings += [_left_over(other, name) for other in left]
        return found
    blocks = [block for block in body if local(block) != "sectPr"]
    if not any(shows(block) for block in blocks):
        upright = [section for section in sections if not is_wide(section)]
        section = (upright or sections)[0]
        found = _place(package, [], [], section, own_cover=True)
        found.begun = True
        return found
    found = _place(package, blocks, [], sections[-1], own_cover=False)
    found.warnings.append(
        f"Mallen {name} har text men ingen innehållskontroll med taggen «{CONTENT}»: berättelsen "
        "ställdes sist. Lägg till en under Utvecklare > RTF-innehållskontroll på den plats där "
        f"berättelsen ska stå, och skriv {CONTENT} som tagg under Egenskaper."
    )
    return found


def candidates(body: etree._Element) -> list[etree._Element]:
    """Return the controls named `innehall`: those with the tag before those with the title.

    A table of contents is none, though Word's own may be titled Innehåll; nor is a control that
    is something else by its tag.
    """
    by_tag, by_title = [], []
    for control in xpath(body, ".//w:sdt[not(ancestor::mc:Fallback)]"):
        gallery = val(control, "./w:sdtPr/w:docPartObj/w:docPartGallery")
        if gallery == "Table of Contents":
            continue
        tag = fold(val(control, "./w:sdtPr/w:tag"))
        if tag == CONTENT:
            by_tag.append(control)
        elif CONTENT in name_of(control) and tag not in NAMES and not find_contents([control]):
            by_title.append(control)
    return by_tag + by_title


def _left_over(control: etree._Element, name: str) -> str:
    shown = " ".join(text_of(control).split())
    words = f" med texten «{shorten(shown, 60, placeholder=' …')}»" if shown else ""
    return (
        f"Mallen {name} har en innehållskontroll till som heter «{CONTENT}»{words}: den står kvar "
        "som den är, för berättelsen ställdes i en annan. Ta bort den eller ge den ett annat namn."
    )


def _place(
    package: Package,
    before: list[etree._Element],
    after: list[etree._Element],
    section: etree._Element,
    own_cover: bool,
) -> Place:
    body = package.tree(package.main).find(q("body"))
    sections = xpath(body, ".//w:sectPr[not(ancestor::w:sectPrChange)]") if body is not None else []
    inherited: dict[tuple[str, str], etree._Element] = {}
    for one in sections:
        inherited |= {_key(reference): reference for reference in _references(one)}
        if one is section:
            break
    wide = next((s for s in sections if is_wide(s) and _has_margins(package, s)), None)
    references = [copy.deepcopy(reference) for reference in inherited.values()]
    begun = _at_top(before, section)
    return Place(before, after, section, references, wide, own_cover, begun)


def _close_body(body: etree._Element) -> None:
    """Give every section of the body a page size and margins; Word takes its own defaults else."""
    if not len(body) or local(body[-1]) != "sectPr":
        body.append(el("sectPr"))
    for section in xpath(body, ".//w:sectPr"):
        if not xpath(section, "./w:pgSz[@w:w and @w:h]"):
            put(section, el("pgSz", **_A4))
        if not xpath(section, "./w:pgMar"):
            put(section, el("pgMar", **_MARGINS, header=709, footer=709, gutter=0))


def _around(
    control: etree._Element, body: etree._Element, name: str
) -> tuple[list[etree._Element], list[etree._Element]]:
    """Take the control out of the body; return the blocks before and after it."""
    ancestors = {local(ancestor) for ancestor in control.iterancestors()}
    if ancestors & {"tbl", "txbxContent", "footnote"}:
        raise TypesetError(
            f"Innehållskontrollen «{CONTENT}» står i en tabell eller textruta.",
            place=name,
            remedy="Flytta den till ett eget stycke i mallens löpande text.",
        )
    # Sections cannot end within a control: what is around ours is opened.
    for outer in [a for a in control.iterancestors() if local(a) in {"sdt", "customXml"}]:
        holder = outer.getparent()
        assert holder is not None
        inside = xpath(outer, "./w:sdtContent/* | self::w:customXml/*[not(self::w:customXmlPr)]")
        at = holder.index(outer)
        holder[at : at + 1] = inside
    if control.getparent() is not body:
        _stand_alone(control, body)
    at = body.index(control)
    before = list(body[:at])
    after = [b for b in body[at + 1 :] if local(b) != "sectPr"]
    # A section that ended within the control ends after the text.
    ended = xpath(control, ".//w:sectPr[not(ancestor::w:sectPrChange)]")
    ends = [el("p", el("pPr", section)) for section in ended]
    # The blocks stay in the body until it is put together again, so that sections keep their order.
    body[at : at + 1] = ends
    return before, ends + after


def _stand_alone(control: etree._Element, body: etree._Element) -> None:
    """Make a control within a paragraph a block of the body.

    What stood before it in the paragraph stays in one before it, and what stood after it comes to
    one after it, both with the paragraph's properties. One that would be empty is left out.
    """
    node, rest = control, None
    while (holder := node.getparent()) is not None and holder is not body:
        twin = etree.Element(holder.tag, dict(holder.attrib), holder.nsmap)
        for unique in [key for key in twin.attrib if str(key).endswith(("}paraId", "}textId"))]:
            del twin.attrib[unique]
        twin.extend(copy.deepcopy(c) for c in holder if local(c) in {"pPr", "smartTagPr"})
        twin.extend([] if rest is None else [rest])
        twin.extend(list(node.itersiblings()))
        node, rest = holder, twin
    assert rest is not None
    at = body.index(node)
    body.insert(at + 1, control)
    # The break of the page stood before the text; the section ends after it.
    for double in xpath(rest, "./w:pPr/w:pageBreakBefore | ./w:pPr/w:sectPr"):
        double.getparent().remove(double)  # type: ignore[union-attr]
    ends = xpath(node, "./w:pPr/w:sectPr")
    if _holds(rest) or ends:
        _drop_empty(rest)
        body.insert(at + 2, rest)
        if ends:
            put(rest, ends[0])
    if _holds(node):
        _drop_empty(node)
    else:
        body.remove(node)


def _holds(block: etree._Element) -> bool:
    """Whether half a paragraph has anything in it that must not be lost."""
    return shows(block) or bool(xpath(block, _KEPT))


def _drop_empty(block: etree._Element) -> None:
    """Remove the tracked changes and links that the parting of a paragraph left nothing in."""
    for node in reversed(xpath(block, _AROUND)):
        holder = node.getparent()
        if holder is not None and not xpath(node, ".//w:r"):
            holder.remove(node)


def _section_of(after: list[etree._Element], sections: list[etree._Element]) -> etree._Element:
    for block in after:
        ends = xpath(block, "./w:pPr/w:sectPr | .//w:p/w:pPr/w:sectPr")
        if ends:
            return ends[0]
    return sections[-1]


def shows(block: etree._Element) -> bool:
    """Whether a block of a template shows anything."""
    return bool(text_of(block).strip()) or local(block) == "tbl" or bool(xpath(block, _SHOWN))


def is_wide(section: etree._Element) -> bool:
    """Whether a section's pages are wider than high."""
    size = xpath(section, "./w:pgSz")
    return bool(size) and _twips(size[0], "w") > _twips(size[0], "h")


def _has_margins(package: Package, section: etree._Element) -> bool:
    """Whether the headers and footers that a section names itself hold anything.

    A turned page without any, such as the back of a folder, is no pattern for pages of ours.
    """
    parts = [package.target_of(package.main, str(r.get(q("r:id")))) for r in _references(section)]
    return not parts or any(shows(package.peek(part)) for part in parts if part in package.parts)


def _at_top(before: list[etree._Element], section: etree._Element) -> bool:
    for block in reversed(before):
        if xpath(block, ".//w:pPr/w:sectPr"):
            return val(section, "./w:type") not in {"continuous", "nextColumn"}
        order = xpath(block, f".//w:br[@w:type='page'] | .//w:t[normalize-space()] | {_SHOWN}")
        if order or shows(block):
            return bool(order) and local(order[-1]) == "br"
    return True


def _turn(section: etree._Element) -> None:
    size = xpath(section, "./w:pgSz")[0]
    width, height = size.get(q("w"), ""), size.get(q("h"), "")
    put(section, el("pgSz", w=height, h=width, orient="landscape"))


def _references(section: etree._Element) -> list[etree._Element]:
    return xpath(section, "./w:headerReference | ./w:footerReference")


def _key(reference: etree._Element) -> tuple[str, str]:
    # Sorted, headers come before footers as in the schema's choice; the order among them is free.
    kind = "0" if local(reference) == "headerReference" else "1"
    return kind, str(reference.get(q("type"), "default"))


def _twips(element: etree._Element, name: str) -> int:
    try:
        return round(float(element.get(q(name), "0")))
    except ValueError:
        return 0


# The template's own table of contents -----------------------------------------------------------


def find_contents(
    blocks: Iterable[etree._Element],
) -> tuple[list[etree._Element], str] | None:
    """Return the paragraphs of the template's own TOC field, and its instruction; None without.

    Lists of figures and of tables (`TOC \\c`) are not meant.
    """
    for block in blocks:
        for simple in xpath(block, "self::*[.//w:fldSimple] | .//w:p[w:fldSimple]"):
            found = xpath(simple, "./w:fldSimple")
            if local(simple) == "p" and found and _TOC.match(str(found[0].get(q("instr"), ""))):
                return [simple], str(found[0].get(q("instr")))
    paragraphs = [
        para
        for block in blocks
        for para in ([block] if local(block) == "p" else xpath(block, ".//w:p"))
    ]
    depth, start, code = 0, -1, ""
    for number, para in enumerate(paragraphs):
        for node in xpath(para, ".//w:fldChar | .//w:instrText"):
            kind = str(node.get(q("fldCharType"), "")) if local(node) == "fldChar" else ""
            if kind == "begin":
                depth += 1
                if depth == 1:
                    start, code = number, ""
            elif kind == "end":
                depth -= 1
                if depth == 0 and _TOC.match(code):
                    return paragraphs[start : number + 1], code.strip()
            elif not kind and depth == 1:
                code += node.text or ""
    return None
