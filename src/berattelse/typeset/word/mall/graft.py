"""Move a finished text with all that it leads to from pandoc's draft into a template's package.

Ids of the template stay; the text's own are given anew where they would meet.
"""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Iterable, Sequence

from lxml import etree

from berattelse.typeset.word.package import WORD_TYPE, Package
from berattelse.typeset.word.xml import NS, el, local, q, xpath

_DRAFT = "word/document.xml"
NOTES = "word/footnotes.xml"
_MEDIA = {
    **{"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"},
    **{"svg": "image/svg+xml", "emf": "image/x-emf", "wmf": "image/x-wmf"},
}
_RELATION_IDS = f"@*[namespace-uri()='{NS['r']}']"
_AFTER_FOOTNOTES = {
    *("endnotePr", "compat", "docVars", "rsids", "mathPr", "attachedSchema", "themeFontLang"),
    *("clrSchemeMapping", "doNotIncludeSubdocsInStats", "doNotAutoCompressPictures"),
    *("forceUpgrade", "captions", "readModeInkLockDown", "smartTagType", "schemaLibrary"),
    *("shapeDefaults", "doNotEmbedSmartTags", "decimalSymbol", "listSeparator"),
}
"""What follows `w:footnotePr` among the settings, in the schema."""


def move_relations(
    package: Package, draft: Package, roots: Iterable[etree._Element], source: str, target: str
) -> None:
    """Give the relations that `roots` name to the part `target`; pictures are copied.

    Args:
        package: the template.
        draft: pandoc's file.
        roots: elements of the text.
        source: the draft's part that the relations start from.
        target: the template's.
    """
    known: dict[str, str] = {}
    relations = {str(r.get("Id")): r for r in draft.relations(source)}
    for root in roots:
        for holder in xpath(root, f"self::*[{_RELATION_IDS}] | .//*[{_RELATION_IDS}]"):
            if local(holder) in {"headerReference", "footerReference"}:
                # Sections are the template's already.
                continue
            for name, old in list(holder.attrib.items()):
                if str(name).startswith(f"{{{NS['r']}}}") and str(old) in relations:
                    rid = known.get(str(old))
                    if rid is None:
                        rid = _relate(package, draft, relations[str(old)], source, target)
                        known[str(old)] = rid
                    holder.set(name, rid)


def _relate(
    package: Package, draft: Package, relation: etree._Element, source: str, target: str
) -> str:
    kind, mode = str(relation.get("Type")), str(relation.get("TargetMode", ""))
    if mode == "External":
        return package.relate(target, kind, str(relation.get("Target")), mode=mode)
    name = draft.target(source, relation)
    extension = posixpath.splitext(name)[1].lstrip(".").lower()
    folder = posixpath.join(posixpath.dirname(package.main), "media")
    number = 1
    while (path := f"{folder}/berattelse{number}.{extension}") in package.parts:
        number += 1
    content_type = _MEDIA.get(extension, "application/octet-stream")
    package.add(path, draft.parts[name], content_type)
    return package.relate(target, kind, path)


# Footnotes --------------------------------------------------------------------------------------


def move_footnotes(
    package: Package, draft: Package, roots: Sequence[etree._Element]
) -> list[etree._Element]:
    """Add the text's footnotes to the template's; return them."""
    marks = [mark for root in roots for mark in xpath(root, ".//w:footnoteReference")]
    if not marks or NOTES not in draft.parts:
        return []
    ours = {str(n.get(q("id"))): n for n in xpath(draft.tree(NOTES), "./w:footnote")}
    part = package.word_part("footnotes")
    if not part:
        part = posixpath.join(posixpath.dirname(package.main), "footnotes.xml")
        package.add(part, b"", f"{WORD_TYPE}.footnotes+xml")
        package.relate(package.main, "footnotes", part)
        root = el("footnotes", *(copy.deepcopy(n) for n in ours.values() if n.get(q("type"))))
        package.trees[part] = root
        _name_separators(package, [str(n.get(q("id"))) for n in root])
    root = package.tree(part)
    number = max([0, *(_integer(n.get(q("id"))) for n in xpath(root, "./w:footnote"))])
    moved = []
    for mark in marks:
        note = copy.deepcopy(ours[str(mark.get(q("id")))])
        number += 1
        note.set(q("id"), str(number))
        mark.set(q("id"), str(number))
        root.append(note)
        moved.append(note)
    move_relations(package, draft, moved, NOTES, part)
    return moved


def _name_separators(package: Package, ids: list[str]) -> None:
    settings = package.tree(package.word_part("settings"))
    for old in xpath(settings, "./w:footnotePr/w:footnote"):
        parent = old.getparent()
        if parent is not None:
            parent.remove(old)
    holder = settings.find(q("footnotePr"))
    if holder is None:
        holder = el("footnotePr")
        later = [child for child in settings if local(child) in _AFTER_FOOTNOTES]
        if later:
            later[0].addprevious(holder)
        else:
            settings.append(holder)
    holder.extend(el("footnote", id=number) for number in sorted(ids, key=int))


# Lists ------------------------------------------------------------------------------------------


class Lists:
    """The lists of a template, to which those of the text are added."""

    def __init__(self, package: Package, draft: Package) -> None:
        self.draft = draft.tree("word/numbering.xml")
        part = package.word_part("numbering")
        if not part:
            part = posixpath.join(posixpath.dirname(package.main), "numbering.xml")
            package.add(part, b"", f"{WORD_TYPE}.numbering+xml")
            package.relate(package.main, "numbering", part)
            package.trees[part] = el("numbering")
        self.root = package.tree(part)

    def move(self, roots: Sequence[etree._Element]) -> None:
        """Add the lists that the text uses, under ids of their own."""
        moved: dict[str, str] = {"0": "0"}
        abstracts: dict[str, str] = {}
        for root in roots:
            for use in xpath(root, ".//w:pPr/w:numPr/w:numId"):
                old = str(use.get(q("val")))
                if old not in moved:
                    moved[old] = self._move(old, abstracts)
                use.set(q("val"), moved[old])

    def _move(self, old: str, abstracts: dict[str, str]) -> str:
        number = next(n for n in xpath(self.draft, "./w:num") if n.get(q("numId")) == old)
        link = xpath(number, "./w:abstractNumId")[0]
        source = str(link.get(q("val")))
        if source not in abstracts:
            found = next(
                a
                for a in xpath(self.draft, "./w:abstractNum")
                if a.get(q("abstractNumId")) == source
            )
            abstracts[source] = self.add_abstract(copy.deepcopy(found))
        number = copy.deepcopy(number)
        xpath(number, "./w:abstractNumId")[0].set(q("val"), abstracts[source])
        return self.add_number(number)

    def add_abstract(self, abstract: etree._Element) -> str:
        """Add the pattern of a list; return its new id."""
        new = str(1 + max([0, *(_integer(a.get(q("abstractNumId"))) for a in self._all()[0])]))
        abstract.set(q("abstractNumId"), new)
        for nsid in xpath(abstract, "./w:nsid | ./w:tmpl"):
            # Word takes lists with the same nsid for one.
            nsid.set(q("val"), f"{0x4245_0000 + int(new) * 2 + (local(nsid) == 'tmpl'):08X}")
        abstracts, numbers = self._all()
        if abstracts:
            abstracts[-1].addnext(abstract)
        elif numbers:
            numbers[0].addprevious(abstract)
        else:
            self.root.append(abstract)
        return new

    def add_number(self, number: etree._Element) -> str:
        """Add a list; return its new id."""
        numbers = self._all()[1]
        new = str(1 + max([0, *(_integer(n.get(q("numId"))) for n in numbers)]))
        number.set(q("numId"), new)
        for name in list(number.attrib):
            if "durableId" in str(name):
                number.attrib.pop(name)
        if numbers:
            numbers[-1].addnext(number)
        else:
            self.root.append(number)
        return new

    def again(self, old: str) -> str:
        """Add a list like the template's list `old` that counts from the start; return its id."""
        found = next((n for n in self._all()[1] if n.get(q("numId")) == old), None)
        if found is None:
            return old
        start = el("lvlOverride", el("startOverride", val=1), ilvl=0)
        abstract = copy.deepcopy(xpath(found, "./w:abstractNumId")[0])
        return self.add_number(el("num", abstract, start))

    def _all(self) -> tuple[list[etree._Element], list[etree._Element]]:
        return xpath(self.root, "./w:abstractNum"), xpath(self.root, "./w:num")


# Ids --------------------------------------------------------------------------------------------


def highest_ids(package: Package) -> tuple[int, int]:
    """Return the highest id of a bookmark and of a drawing in a package."""
    bookmarks, drawings = [0], [0]
    for name in package.parts:
        if name.startswith("word/") and name.endswith(".xml"):
            root = package.peek(name)
            bookmarks += [_integer(b.get(q("id"))) for b in xpath(root, "//w:bookmarkStart")]
            drawings += [_integer(d.get("id")) for d in xpath(root, "//wp:docPr | //pic:cNvPr")]
    return max(bookmarks), max(drawings)


def settle_controls(blocks: Sequence[etree._Element], package: Package) -> None:
    """Give the controls of a text that is not yet in the package ids that no other there has."""
    taken = {
        control.get(q("val"))
        for name in package.parts
        if name.startswith("word/") and name.endswith(".xml")
        for control in xpath(package.peek(name), "//w:sdt/w:sdtPr/w:id")
    }
    for block in blocks:
        for control in xpath(block, "self::w:sdt/w:sdtPr/w:id | .//w:sdt/w:sdtPr/w:id"):
            while control.get(q("val")) in taken:
                control.set(q("val"), str(_integer(control.get(q("val"))) + 1))
            taken.add(control.get(q("val")))


def drop_bookmarks(kept: Sequence[etree._Element], names: set[str]) -> None:
    """Remove the template's bookmarks that have names of ours."""
    for block in kept:
        for start in xpath(block, "self::w:bookmarkStart | .//w:bookmarkStart"):
            if start.get(q("name")) in names:
                number = start.get(q("id"))
                for root in kept:
                    ends = xpath(root, ".//w:bookmarkEnd")
                    for node in [start, *(e for e in ends if e.get(q("id")) == number)]:
                        parent = node.getparent()
                        if parent is not None:
                            parent.remove(node)


def drop_halves(kept: Sequence[etree._Element]) -> None:
    """Remove the template's bookmarks that began or ended in what the text took the place of."""
    starts = [s for block in kept for s in xpath(block, "descendant-or-self::w:bookmarkStart")]
    ends = [e for block in kept for e in xpath(block, "descendant-or-self::w:bookmarkEnd")]
    for ones, others in ((starts, ends), (ends, starts)):
        known = {other.get(q("id")) for other in others}
        for node in ones:
            parent = node.getparent()
            if node.get(q("id")) not in known and parent is not None:
                parent.remove(node)


def _integer(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
