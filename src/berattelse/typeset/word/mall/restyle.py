"""Give the text the template's styles, and the template the styles that it lacks."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Sequence

from lxml import etree

from berattelse.model import Place
from berattelse.typeset.word import unknown
from berattelse.typeset.word.look import Look
from berattelse.typeset.word.mall.names import Styles
from berattelse.typeset.word.xml import el, q, val, xpath

_LINKS = ("basedOn", "next", "link")
_PANDOC = {"Compact", "SourceCode", "DefinitionTerm", "Definition", "VerbatimChar"}
_LIKE_HEADINGS = ("Heading", "Title", "Subtitle", "Omslagkommun")


class Restyle:
    """The styles of a template while a text is fitted into it."""

    def __init__(self, theirs: Styles, ours: Styles, ids: dict[str, str]) -> None:
        self.theirs, self.ours = theirs, ours
        self.ids = dict(ids)
        self.added: list[str] = []
        """Ids (ours) of the styles that the template lacked."""

    def settle(
        self,
        roots: Sequence[etree._Element],
        draft: etree._Element,
        look: Look,
        name: str,
        places: Callable[[str], Sequence[Place]],
    ) -> list[str]:
        """Rename the styles of a text to the template's, adding what is missing; return warnings.

        Args:
            roots: the elements of the text.
            draft: pandoc's styles, with those that texts ask for by name.
            look: what was decided from the template.
            name: the template's file name.
            places: where in the sources a text asks for the style with a name.
        """
        wanted = unknown.used(roots)
        warnings = []
        for style in unknown.made_by_pandoc(draft, self.ours.by_id):
            sid, kind = str(style.get(q("styleId"))), str(style.get(q("type")))
            label = val(style, "./w:name")
            if sid not in wanted:
                continue
            found = self.theirs.find(kind, label)
            if found:
                self.ids[sid] = found
            elif (ours := self.ours.find(kind, label)) != "":
                self.ids[sid] = self._have(ours, look)
            else:
                known = [*self.theirs.names(kind), *self.ours.names(kind)]
                warnings += unknown.warnings(label, known, places(label), template=name)
        pandoc = Styles(draft)
        for sid in sorted(wanted):
            if sid not in self.ids and (sid in self.ours.by_id or sid in pandoc.by_id):
                self._have(sid, look, pandoc)
        unknown.rename(roots, self.ids)
        self._found_contents_heading()
        self._speak_swedish()
        return warnings

    def lacked(self) -> list[str]:
        """Return the names of the styles that were added and that a kommun may want to design.

        Headings come first, by the names that Word shows. It has the other built-in ones itself,
        and pandoc's own are for code and the like.
        """
        headings = [sid for sid in self.added if re.fullmatch(r"Heading\d", sid)]
        own = [
            sid
            for sid in self.added
            if sid in self.ours.by_id
            and self.ours.by_id[sid].get(q("customStyle")) == "1"
            and sid not in _PANDOC
        ]
        return [f"Rubrik {sid[-1]}" for sid in sorted(headings)] + [
            val(self.ours.by_id[sid], "./w:name") for sid in own
        ]

    def _have(self, sid: str, look: Look, pandoc: Styles | None = None) -> str:
        """Return the template's id for a style of ours, which is added if it is missing."""
        if sid in self.ids:
            return self.ids[sid]
        source = self.ours.by_id.get(sid)
        if source is None and pandoc is not None:
            source = pandoc.by_id.get(sid)
        if source is None:
            return ""
        style = copy.deepcopy(source)
        new = sid
        while new in self.theirs.by_id:
            new += "B"
        style.set(q("styleId"), new)
        style.attrib.pop(q("default"), None)
        name = xpath(style, "./w:name")[0]
        if any(str(name.get(q("val"))).lower() == taken for _, taken in self.theirs.by_name):
            # A style of another type has our name, and Word knows each name once.
            name.set(q("val"), f"{name.get(q('val'))} (berättelse)")
        self.ids[sid] = new
        self.added.append(sid)
        self._fit(style, sid, look)
        for link in _LINKS:
            for node in xpath(style, f"./w:{link}"):
                found = self._have(str(node.get(q("val"))), look, pandoc)
                if found:
                    node.set(q("val"), found)
                else:
                    style.remove(node)
        self.theirs.root.append(style)
        self.theirs.by_id[new] = style
        return new

    def _fit(self, style: etree._Element, sid: str, look: Look) -> None:
        """Let a style of ours go with the template's: its fonts, its spacing, its numbering."""
        for numbering in xpath(style, "./w:pPr/w:numPr"):
            numbering.getparent().remove(numbering)  # type: ignore[union-attr]
        if sid == "TOCHeading" and "Heading1" in self.ids:
            # As in Word's own: the heading without its number and its place in the outline.
            self._empty(style)
            xpath(style, "./w:basedOn")[0].set(q("val"), "Heading1")
            off = el("numPr", el("numId", val=0))
            style.append(el("pPr", off, el("outlineLvl", val=9)))
        elif sid == "BodyText" and self._parts_paragraphs():
            self._empty(style)
        elif sid.startswith(_LIKE_HEADINGS):
            fonts = self._heading_fonts(sid)
            holder = style.find(q("rPr"))
            if fonts is not None and holder is not None:
                holder.insert(0, copy.deepcopy(fonts))

    def _found_contents_heading(self) -> None:
        """Base the template's heading of the contents on Rubrik 1 where its own base is gone."""
        style = self.theirs.by_id.get(self.ids.get("TOCHeading", ""))
        first = self.ids.get("Heading1", "")
        for base in xpath(style, "./w:basedOn") if style is not None and first else []:
            if base.get(q("val")) not in self.theirs.by_id:
                base.set(q("val"), first)

    def _empty(self, style: etree._Element) -> None:
        for name in ("pPr", "rPr"):
            for node in style.findall(q(name)):
                style.remove(node)

    def _parts_paragraphs(self) -> bool:
        """Whether the template's plain paragraphs stand apart from each other by themselves."""
        found = self.theirs.says(self.ids.get("Normal", ""), "w:pPr/w:spacing")
        return any(str(s.get(q("after"), "0")) not in {"", "0"} for s in found)

    def _heading_fonts(self, sid: str) -> etree._Element | None:
        level = int(sid[-1]) if sid[-1].isdigit() else 1
        near = [f"Heading{n}" for n in (*range(level, 0, -1), *range(level + 1, 7))]
        for candidate in near:
            if candidate in self.ids and candidate not in self.added:
                found = self.theirs.says(self.ids[candidate], "w:rPr/w:rFonts")
                return found[0] if found else None
        return None

    def number_headings(self, number: str, levels: Iterable[int]) -> list[str]:
        """Let headings of these levels take their numbers from the list `number`.

        Returns:
            The ids of their styles.
        """
        out = []
        for level in levels:
            style = self.theirs.by_id.get(self.ids.get(f"Heading{level}", ""))
            if style is None:
                continue
            out.append(str(style.get(q("styleId"))))
            holder = style.find(q("pPr"))
            if holder is None:
                holder = el("pPr")
                places = [style.find(q(n)) for n in ("rPr", "tblPr", "trPr", "tcPr", "tblStylePr")]
                before = next((place for place in places if place is not None), None)
                if before is not None:
                    before.addprevious(holder)
                else:
                    style.append(holder)
            for old in holder.findall(q("numPr")):
                holder.remove(old)
            _insert(holder, el("numPr", el("ilvl", val=level - 1), el("numId", val=number)))
        return out

    def _speak_swedish(self) -> None:
        """Have the template's plain text proofread as Swedish, whatever made the file."""
        root = self.theirs.root
        holders = xpath(root, "./w:docDefaults/w:rPrDefault/w:rPr")
        if not holders:
            defaults = root.find(q("docDefaults"))
            if defaults is None:
                defaults = el("docDefaults")
                root.insert(0, defaults)
            for old in defaults.findall(q("rPrDefault")):
                defaults.remove(old)
            holders = [el("rPr")]
            defaults.insert(0, el("rPrDefault", holders[0]))
        if not xpath(holders[0], "./w:lang"):
            lang = el("lang")
            later = xpath(holders[0], "./w:eastAsianLayout | ./w:specVanish | ./w:oMath")
            if later:
                later[0].addprevious(lang)
            else:
                holders[0].append(lang)
        for lang in xpath(
            root, "./w:docDefaults//w:lang | ./w:style[@w:type='paragraph']/w:rPr/w:lang"
        ):
            lang.set(q("val"), "sv-SE")


def _insert(holder: etree._Element, numbering: etree._Element) -> None:
    """Put `w:numPr` where the schema wants it in a paragraph's properties."""
    before = {q(n) for n in ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr",
                             "widowControl")}  # fmt: skip
    at = sum(child.tag in before for child in holder)
    holder.insert(at, numbering)
