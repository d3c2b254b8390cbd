"""The numbers of headings: the template's own, numbered on where its list ends too early.

A template often numbers Rubrik 1 and 2 only. A report with numbers on further levels refers to
them, so the template's list is continued; where that cannot be done, the references name the
heading instead.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from berattelse.typeset.word.layout import Text
from berattelse.typeset.word.look import Look
from berattelse.typeset.word.mall.graft import Lists
from berattelse.typeset.word.mall.names import Styles
from berattelse.typeset.word.mall.restyle import Restyle
from berattelse.typeset.word.package import Package
from berattelse.typeset.word.styles import HEADING_INDENT_MM, heading_numbering
from berattelse.typeset.word.xml import el, mm, put, q, style_of, text_of, val, xpath
from berattelse.typeset.word.xml import text as run

_DEEPEST = 6
_BY_NUMBER = re.compile(r"\s*REF (\S+) \\r \\h\s*")
_BEFORE_STYLE = ("start", "numFmt", "lvlRestart")
"""What stands before `w:pStyle` in a `w:lvl`, in the schema."""

_OF_ONE_LEVEL = (
    *("start", "numFmt", "lvlRestart", "pStyle", "isLgl", "lvlPicBulletId", "legacy"),
    *("pPr/w:tabs", "rPr/w:sz", "rPr/w:szCs"),
)
"""What the next level of a list does not take over."""


@dataclass(frozen=True)
class Level:
    """The level of a list that numbers one level of a template's headings."""

    number: str
    """Id of the list, as styles name it."""
    abstract: etree._Element
    content: etree._Element
    """The `w:lvl`."""

    @property
    def index(self) -> int:
        """Which level of the list it is, from 0."""
        return int(self.content.get(q("ilvl"), "0"))

    @property
    def pattern(self) -> str:
        """How the number is written, in Word's way: `%1.%2`."""
        return val(self.content, "./w:lvlText")


def heading_levels(styles: Styles, ids: Mapping[str, str], package: Package) -> tuple[Level, ...]:
    """Return what numbers the template's headings, from Rubrik 1 on; none = not numbered.

    A style that only inherits the number of the heading that it is based on has none of its own.
    """
    out: list[Level] = []
    for level in range(1, _DEEPEST + 1):
        found = _level(styles, ids.get(f"Heading{level}", ""), package)
        if found is None or any(
            (found.number, found.index) == (other.number, other.index) for other in out
        ):
            break
        out.append(found)
    return tuple(out)


def _level(styles: Styles, sid: str, package: Package) -> Level | None:
    part = package.word_part("numbering")
    named = styles.says(sid, "w:pPr/w:numPr/w:numId") if sid and part else []
    if not named:
        return None
    number = wanted = str(named[0].get(q("val"), "0"))
    places = styles.says(sid, "w:pPr/w:numPr/w:ilvl")
    place = str(places[0].get(q("val"), "0")) if places else "0"
    root = package.tree(part)
    for _ in range(4):
        if not number.isdigit() or number == "0":
            return None
        of = val(root, f"./w:num[@w:numId='{number}']/w:abstractNumId")
        found = xpath(root, f"./w:abstractNum[@w:abstractNumId='{of}']") if of.isdigit() else []
        if not found:
            return None
        link = val(found[0], "./w:numStyleLink")
        if not link:
            break
        number = val(styles.by_id.get(link, root), "./w:pPr/w:numPr/w:numId")
    levels = xpath(found[0], "./w:lvl")
    linked = [lvl for lvl in levels if val(lvl, "./w:pStyle") == sid]
    linked += [lvl for lvl in levels if lvl.get(q("ilvl")) == place]
    if not linked or not val(linked[0], "./w:lvlText"):
        return None
    return Level(wanted, found[0], linked[0])


# Numbers of our own -----------------------------------------------------------------------------


def number_headings(lists: Lists, restyle: Restyle, look: Look) -> list[str]:
    """Number the headings of a template that has no numbers; return the styles' ids."""
    abstract, number = map(etree.fromstring, heading_numbering(look))
    for link in xpath(abstract, ".//w:lvl/w:pStyle"):
        theirs = restyle.ids.get(str(link.get(q("val"))), "")
        if theirs:
            link.set(q("val"), theirs)
        else:
            link.getparent().remove(link)  # type: ignore[union-attr]
    new = lists.add_abstract(abstract)
    xpath(number, "./w:abstractNumId")[0].set(q("val"), new)
    return restyle.number_headings(lists.add_number(number), range(1, _DEEPEST + 1))


def leave(kept: Iterable[etree._Element], styles: Iterable[str]) -> None:
    """Let the template's own headings stay without number where their styles have got one."""
    wanted = set(styles)
    for block in kept:
        for para in block.iter(q("p")):
            if style_of(para) in wanted and not xpath(para, "./w:pPr/w:numPr"):
                put(para, el("numPr", el("ilvl", val=0), el("numId", val=0)))


# Numbers that go on from the template's ---------------------------------------------------------


def depth(text: Text) -> int:
    """Return the deepest level of a text's numbered headings."""
    return max((heading.level for heading in text.headings if heading.number), default=0)


def continuation(
    levels: Sequence[Level], to: int, ids: Mapping[str, str], package: Package
) -> tuple[str, ...]:
    """Return the patterns of the levels after the template's own, down to level `to`.

    None if its list cannot be continued: its headings are not the first levels of one list, or
    something else has the levels that follow.
    """
    first = levels[0]
    if any(
        (level.number, level.index) != (first.number, place) for place, level in enumerate(levels)
    ):
        return ()
    end = "." if levels[-1].pattern.endswith(".") else ""
    root = package.tree(package.word_part("numbering"))
    out = []
    for place in range(len(levels), to):
        own = _at(first.abstract, place)
        linked = val(own, "./w:pStyle") if own is not None else ""
        if linked not in {"", ids.get(f"Heading{place + 1}", "")}:
            return ()
        if xpath(root, f"./w:num[@w:numId='{first.number}']/w:lvlOverride[@w:ilvl='{place}']"):
            return ()
        out.append(".".join(f"%{n + 1}" for n in range(place + 1)) + end)
    return tuple(out)


def go_on(levels: Sequence[Level], patterns: Sequence[str], restyle: Restyle) -> list[str]:
    """Add levels with these patterns to the template's list; return the ids of their styles."""
    abstract = levels[0].abstract
    for kind in xpath(abstract, "./w:multiLevelType[@w:val='singleLevel']"):
        kind.set(q("val"), "multilevel")
    before = levels[-1].content
    for place, pattern in enumerate(patterns, len(levels)):
        own = _at(abstract, place)
        if own is not None and val(own, "./w:lvlText") == pattern and _plain(own):
            new = own
        else:
            if own is not None:
                abstract.remove(own)
            new = _next(before, place, pattern, all(_plain(level.content) for level in levels))
            before.addnext(new)
        theirs = restyle.ids.get(f"Heading{place + 1}", "")
        if theirs and not xpath(new, "./w:pStyle"):
            at = sum(child.tag in {q(name) for name in _BEFORE_STYLE} for child in new)
            new.insert(at, el("pStyle", val=theirs))
        before = new
    first = len(levels) + 1
    return restyle.number_headings(levels[0].number, range(first, first + len(patterns)))


def _at(abstract: etree._Element, place: int) -> etree._Element | None:
    found = xpath(abstract, f"./w:lvl[@w:ilvl='{place}']")
    return found[0] if found else None


def _plain(level: etree._Element) -> bool:
    return val(level, "./w:numFmt") in {"", "decimal"}


def _next(before: etree._Element, place: int, pattern: str, plain: bool) -> etree._Element:
    """Return a level that looks like the one before it."""
    new = copy.deepcopy(before)
    for name in (q("tplc"), q("tentative")):
        new.attrib.pop(name, None)
    new.set(q("ilvl"), str(place))
    # Without a size of its own, the number is as large as its heading.
    for node in xpath(new, " | ".join(f"./w:{name}" for name in _OF_ONE_LEVEL)):
        node.getparent().remove(node)  # type: ignore[union-attr]
    xpath(new, "./w:lvlText")[0].set(q("val"), pattern)
    head = [el("start", val=1), el("numFmt", val="decimal")]
    # With a letter or a Roman number at the front, the references would not say the same.
    new[:0] = head if plain else [*head, el("isLgl")]
    for indent in xpath(new, "./w:pPr/w:ind[@w:hanging]"):
        left, hanging = (_twips(indent, name) for name in ("left", "hanging"))
        wider = max(hanging, mm(HEADING_INDENT_MM[place]))
        indent.set(q("left"), str(left - hanging + wider))
        indent.set(q("hanging"), str(wider))
    return new


def _twips(indent: etree._Element, name: str) -> int:
    try:
        return round(float(indent.get(q(name), "0")))
    except ValueError:
        return 0


# References to headings without number ----------------------------------------------------------


def drop_numbers(text: Text, below: int, notes: Iterable[etree._Element]) -> Text:
    """Let headings deeper than level `below` have no number; references name them instead.

    Args:
        text: the text, in our own styles; its blocks are changed in place.
        below: the deepest level that has numbers.
        notes: where references may stand beside the text: footnotes.

    Returns:
        The text with the headings as they are now.
    """
    styles = {f"Heading{level}" for level in range(below + 1, _DEEPEST + 1)}
    titles = {
        str(start.get(q("name"))): text_of(block)
        for block in text.flow.blocks
        if style_of(block) in styles
        for start in block.iter(q("bookmarkStart"))
    }
    for root in (*text.flow.blocks, *notes):
        for code in xpath(root, ".//w:instrText"):
            found = _BY_NUMBER.fullmatch(code.text or "")
            if found and found[1] in titles:
                code.text = f" REF {found[1]} \\h "
                _name(code, titles[found[1]])
    headings = [
        replace(heading, number="") if heading.level > below else heading
        for heading in text.headings
    ]
    return replace(text, headings=headings)


def _name(code: etree._Element, title: str) -> None:
    """Let the field with this code, made by `word.lua`, show a title between quotation marks."""
    instruction = code.getparent()
    assert instruction is not None
    begin = instruction.getprevious()
    separate, result, end = list(instruction.itersiblings())[:3]
    assert begin is not None
    assert separate is not None
    xpath(result, "./w:t")[0].text = title
    begin.addprevious(run("”"))
    end.addnext(run("”"))
