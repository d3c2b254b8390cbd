"""A kommun's own Word template, `mall.docx`: the finished text goes into it.

What the template says wins: styles, headers, footers, margins, page size, theme, fonts, heading
numbers. Its content controls are filled (`controls`), the text goes where its control `innehall`
stands (`place`), styles are matched by name and added where they are missing (`names`,
`restyle`), and what the text leads to is moved with it (`graft`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from lxml import etree

from berattelse.model import Place as Source
from berattelse.model import shown
from berattelse.typeset.word import fields, layout, pages, reference
from berattelse.typeset.word.facts import Facts
from berattelse.typeset.word.layout import Text
from berattelse.typeset.word.look import Look
from berattelse.typeset.word.mall import controls, graft, numbers, place
from berattelse.typeset.word.mall.names import Styles
from berattelse.typeset.word.mall.opening import open_package
from berattelse.typeset.word.mall.place import Place, find_place
from berattelse.typeset.word.mall.restyle import Restyle
from berattelse.typeset.word.package import WORD_TYPE, Package
from berattelse.typeset.word.styles import styles_xml
from berattelse.typeset.word.xml import el, local, put, q, text_of, val, xpath, xpath_texts

__all__ = ["Template", "fill", "open_template"]

_LEAST_PT = 8


@dataclass
class Template:
    """A template that has been opened, with the place for the text found."""

    path: Path
    package: Package
    place: Place
    styles: Styles
    warnings: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    """Our style ids -> the template's, set by `look`."""
    levels: tuple[numbers.Level, ...] = ()
    """What numbers the template's own headings, set by `look`."""

    @property
    def name(self) -> str:
        """The file as the user knows it."""
        return shown(self.path)

    def look(self, look: Look) -> Look:
        """Return the profile's look with what the template decides in its stead."""
        self.ids = self.styles.match(Styles(_parsed(styles_xml(look))))
        styles, ids = self.styles, self.ids
        self.levels = numbers.heading_levels(styles, ids, self.package)
        normal = ids.get("BodyText") or ids.get("Normal", "")
        size = styles.size_pt(normal)
        table = styles.size_pt(ids["Tabelltext"]) if "Tabelltext" in ids else size - 1
        tabless = {
            sid
            for sid in ("TOC1", "TOC2", "TOC3")
            if sid in ids
            and not any(
                t.get(q("val")) == "right" for t in styles.says(ids[sid], "w:pPr/w:tabs/w:tab")
            )
        }
        return replace(
            look,
            font=styles.font(normal, self.package) or look.font,
            size_pt=size,
            table_pt=max(table, min(_LEAST_PT, size)),
            logo=None,
            widths=(self.place.width(), self.place.width(landscape=True)),
            height=self.place.height(),
            theirs=frozenset(ids),
            tabless=frozenset(tabless),
            numbers=tuple(level.pattern for level in self.levels),
        )


def open_template(path: Path) -> Template:
    """Open a kommun's `mall.docx`.

    Raises:
        TypesetError: it cannot be used; its place is the file.
    """
    package = open_package(path)
    for part in _text_parts(package):
        if xpath(package.peek(part), "//*[@w:dirty]"):
            for node in xpath(package.tree(part), "//*[@w:dirty]"):
                # A field marked so makes Word ask a question at every opening.
                node.attrib.pop(q("dirty"))
    found = find_place(package, shown(path))
    styles = Styles(package.tree(package.word_part("styles")))
    return Template(path, package, found, styles, list(found.warnings))


def fill(
    template: Template,
    draft: Package,
    text: Text,
    facts: Facts,
    look: Look,
    places: Callable[[str], Sequence[Source]],
) -> Sequence[str]:
    """Put a text into a template, in place; return what the user should know.

    Args:
        template: from `open_template`, used once.
        draft: pandoc's file, which holds what the text leads to.
        text: the text, taken out of the draft.
        facts: what the controls say.
        look: from `Template.look`.
        places: where in the sources a text asks for the style with a name.

    Raises:
        TypesetError: the text and the template do not go together.
    """
    package, spot = template.package, template.place
    if place.is_wide(spot.section):
        text.flow.wide = []
    text, look, warnings = _go_on(template, draft, text, look)
    front, filled = _front(text, facts, look, spot)
    kept = [*spot.before, *spot.after]
    blocks, last = pages.assemble(front, text.flow, spot.make, look, spot.before)
    ours = [*blocks, *filled]
    warnings += _fill_controls(package, kept, facts, template.name)
    warnings += _counted_before(template)
    if _clean_settings(package):
        warnings.append(
            f"Mallen {template.name} är skyddad mot redigering, och det blir filen också. Ta bort "
            "skyddet i mallen under Granska > Begränsa redigering."
        )
    notes = graft.move_footnotes(package, draft, ours)
    graft.move_relations(package, draft, ours, "word/document.xml", package.main)
    restyle = Restyle(template.styles, Styles(_parsed(styles_xml(look))), template.ids)
    lists = graft.Lists(package, draft)
    _settle_lists([*ours, *notes], lists, template)
    written = draft.tree("word/styles.xml")
    warnings += restyle.settle([*ours, *notes], written, look, template.name, places)
    if more := look.numbers[len(template.levels) :]:
        numbers.leave(kept, numbers.go_on(template.levels, more, restyle))
    elif not look.numbers and numbers.depth(text):
        numbers.leave(kept, numbers.number_headings(lists, restyle, look))
    names = {name for block in ours for name in xpath_texts(block, ".//w:bookmarkStart/@w:name")}
    graft.drop_bookmarks([block for block in kept if block not in filled], names)
    fields.number_bookmarks(ours, graft.highest_ids(package))
    graft.settle_controls(ours, package)
    graft.drop_halves([block for block in kept if block not in filled])
    body = package.tree(package.main).find(q("body"))
    assert body is not None
    _close(body, spot, blocks, last, bool(text.flow.wide))
    if lacked := restyle.lacked():
        one, them, they = ("De", "dem", "de") if len(lacked) > 1 else ("Stilen", "den", "den")
        warnings.append(
            f"Mallen {template.name} saknar {_listed(lacked)}. {one} har lagts till med "
            f"berättelsens utseende och mallens typsnitt; lägg in {them} i mallen om {they} ska se "
            "ut på annat sätt."
        )
    return warnings


def _go_on(
    template: Template, draft: Package, text: Text, look: Look
) -> tuple[Text, Look, list[str]]:
    """Number levels of headings on that the template does not number.

    Returns:
        The text, the look with patterns for those levels, and a warning where they get none.
    """
    deepest, own = numbers.depth(text), len(template.levels)
    if not own or deepest <= own:
        return text, look, []
    more = numbers.continuation(template.levels, deepest, template.ids, template.package)
    if more:
        return text, replace(look, numbers=(*look.numbers, *more)), []
    notes = [draft.tree(graft.NOTES)] if graft.NOTES in draft.parts else []
    text = numbers.drop_numbers(text, own, notes)
    lacked = _listed([f"Rubrik {level}" for level in range(own + 1, deepest + 1)])
    warning = (
        f"Mallen {template.name} numrerar inte {lacked}, och dess lista går inte att räkna vidare "
        "på. De rubrikerna står utan nummer i Word, och hänvisningar till dem har rubrikens text "
        f"i stället. Koppla {lacked} till mallens flernivålista om de ska ha nummer."
    )
    return text, look, [warning]


def _front(
    text: Text, facts: Facts, look: Look, spot: Place
) -> tuple[list[etree._Element], list[etree._Element]]:
    """Return what stands before the text, and the entries put into the template's own contents."""
    own = place.find_contents([*spot.before, *spot.after]) if facts.contents.wanted else None
    filled: list[etree._Element] = []
    front = pages.cover(facts) if spot.own_cover else []
    if front and not spot.begun:
        layout.start_page(front[0], look)
    if own:
        filled = _fill_contents(*own, text, facts, look)
        for blocks in (spot.before, spot.after):
            if filled and own[0][0] in blocks:
                at = blocks.index(own[0][0])
                blocks[at:at] = filled
                blocks[:] = [block for block in blocks if block not in own[0]]
    if not filled:
        contents = fields.contents(text.headings, facts.contents, look)
        starts = [xpath(block, ".//w:p[1]")[0] for block in contents]
        if starts and (front or not spot.begun):
            layout.start_page(starts[0], look)
        front += contents
    starts = [block for block in text.flow.blocks[:1] if local(block) == "p"]
    if starts and (front or not spot.begun):
        layout.start_page(starts[0], look)
    return front, filled


def _fill_contents(
    paragraphs: list[etree._Element], code: str, text: Text, facts: Facts, look: Look
) -> list[etree._Element]:
    """Fill the template's own table of contents; return the entries, none if it is left alone."""
    parent = paragraphs[0].getparent()
    depth = re.search(r'\\o\s+"?\d-(\d)', code)
    entries = fields.entries(
        text.headings, int(depth[1]) if depth else facts.contents.depth, code, look
    )
    if parent is None or not entries or any(p.getparent() is not parent for p in paragraphs):
        return []
    if any(xpath(para, "./w:pPr/w:sectPr") for para in paragraphs):
        return []
    at = parent.index(paragraphs[0])
    for para in paragraphs:
        parent.remove(para)
    parent[at:at] = entries
    return entries


def _fill_controls(
    package: Package, kept: list[etree._Element], facts: Facts, name: str
) -> list[str]:
    margins = [
        package.tree(part)
        for kind in ("header", "footer")
        for part in package.related(package.main, kind)
        if part in package.parts and xpath(package.peek(part), "//w:sdt")
    ]
    empty = controls.fill([*kept, *margins], facts)
    if not empty:
        return []
    filled, fields, facts_are = (
        ("ifyllda", "fälten", "Uppgifterna")
        if len(empty) > 1
        else ("ifyllt", "fältet", "Uppgiften")
    )
    return [
        f"Mallen {name} har plats för {_listed(sorted(empty))}, som inte är {filled}: {fields} "
        f"står kvar att fylla i för hand. {facts_are} skrivs i berättelsens .yml i datamappen."
    ]


def _settle_lists(roots: Sequence[etree._Element], lists: graft.Lists, template: Template) -> None:
    """Let lists look as the template's list styles say, where those have bullets or numbers."""
    again: dict[str, str] = {}
    renumbered: list[tuple[etree._Element, str]] = []
    for root in roots:
        for para in root.iter(q("p")):
            sid = val(para, "./w:pPr/w:pStyle")
            theirs = template.ids.get(sid, "")
            level = val(para, "./w:pPr/w:numPr/w:ilvl")
            if sid not in {"ListBullet", "ListNumber"} or not theirs or level not in {"", "0"}:
                continue
            found = template.styles.says(theirs, "w:pPr/w:numPr/w:numId")
            own = xpath(para, "./w:pPr/w:numPr")
            if not found or not own:
                continue
            old = val(own[0], "./w:numId")
            own[0].getparent().remove(own[0])  # type: ignore[union-attr]
            if sid == "ListNumber":
                if old not in again:
                    again[old] = lists.again(str(found[0].get(q("val"))))
                renumbered.append((para, again[old]))
    lists.move(roots)
    for para, number in renumbered:
        put(para, el("numPr", el("ilvl", val=0), el("numId", val=number)))


def _close(
    body: etree._Element,
    spot: Place,
    blocks: list[etree._Element],
    last: etree._Element,
    wide: bool,
) -> None:
    """Put the body together again; `last` are the properties of the text's last section."""
    end = body[-1]
    before, after = spot.before, spot.after
    if wide:
        if place.is_wide(last) and any(place.shows(block) for block in after):
            pages.end_section(blocks, last)
            last = spot.make(False, False)
        # What ended the template's section now ends the last stretch of the text.
        holder = spot.section.getparent()
        if spot.section in _sections(after) and holder is not None:
            holder.replace(spot.section, last)
        else:
            end = last
    elif spot.section is not end and spot.section not in _sections(after):
        end = last
    body[:] = [*before, *blocks, *after, end]


def _sections(blocks: Sequence[etree._Element]) -> list[etree._Element]:
    return [section for block in blocks for section in block.iter(q("sectPr"))]


def _counted_before(template: Template) -> list[str]:
    """Warn of numbered headings on the template's cover: they would count before the text's."""
    heading = template.ids.get("Heading1", "")
    number = template.styles.says(heading, "w:pPr/w:numPr/w:numId") if heading else []
    counted = [
        text_of(para)
        for block in template.place.before
        for para in block.iter(q("p"))
        if number
        and val(para, "./w:pPr/w:pStyle") == heading
        and text_of(para).strip()
        and val(para, "./w:pPr/w:numPr/w:numId") != "0"
    ]
    if not counted:
        return []
    return [
        f"Mallen {template.name} har numrerade rubriker före berättelsen: {_listed(counted)}. "
        "Berättelsens rubriker får då andra nummer i Word än i hänvisningarna. Ta bort "
        "numreringen på dem."
    ]


def _clean_settings(package: Package) -> bool:
    """Take out what would make Word ask or look for another file at opening.

    Returns:
        Whether the file is protected against changes.
    """
    part = package.word_part("settings")
    if not part:
        part = f"{package.main.rpartition('/')[0]}/settings.xml"
        package.add(part, reference.settings_xml().encode(), f"{WORD_TYPE}.settings+xml")
        package.relate(package.main, "settings", part)
    settings = package.tree(part)
    for node in xpath(settings, "./w:updateFields | ./w:attachedTemplate"):
        settings.remove(node)
    for relation in list(package.relations(part)):
        if str(relation.get("Type")).endswith("/attachedTemplate"):
            package.relations(part).remove(relation)
    for name in package.related("", "thumbnail"):
        # A small picture of the template, not of this document.
        package.drop(name)
    protection = xpath(settings, "./w:documentProtection")
    return any(p.get(q("enforcement")) in {"1", "true", "on"} for p in protection)


def _text_parts(package: Package) -> list[str]:
    kinds = ("header", "footer", "footnotes", "endnotes", "comments")
    parts = [package.main, *(p for kind in kinds for p in package.related(package.main, kind))]
    return [part for part in parts if part in package.parts]


def _parsed(xml: str) -> etree._Element:
    return etree.fromstring(xml.encode("utf-8"))


def _listed(names: Sequence[str]) -> str:
    quoted = [f"«{name}»" for name in names]
    return " och ".join(filter(None, (", ".join(quoted[:-1]), quoted[-1])))
