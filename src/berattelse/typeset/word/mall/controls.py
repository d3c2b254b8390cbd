"""Content controls: find them by name, and fill them as Word would."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from lxml import etree

from berattelse.text.prose import MONTHS
from berattelse.typeset.word.facts import Facts
from berattelse.typeset.word.xml import el, local, q, text, val, xpath, xpath_texts

CONTENT = "innehall"
"""Name of the control where the text of the document goes."""

NAMES = ("dnr", "datum", "handlaggare", "titel", "undertitel", "namnd", "kommun", "ar")
"""Names of the controls that say a fact."""

_KINDS = ("picture", "checkbox", "repeatingSection", "group", "citation", "bibliography")
"""Controls that hold no text of ours, whatever they are called."""
_PROPERTIES = {"title": "titel", "subject": "undertitel", "Company": "kommun"}
"""Properties of the file that Word's own building blocks show (Infoga > Snabbdelar)."""
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_DATE_PARTS = re.compile(r"yyyy|yy|MMMM|MMM|MM|M|dddd|ddd|dd|d|'[^']*'|[^ydM']+|.")


def name_of(control: etree._Element) -> tuple[str, ...]:
    """Return the names that a control goes by: its tag, its title, what it is bound to; folded."""
    names = (val(control, "./w:sdtPr/w:tag"), val(control, "./w:sdtPr/w:alias"))
    bound = tuple(
        _PROPERTIES[path.rpartition(":")[2].partition("[")[0]]
        for path in xpath_texts(control, "./w:sdtPr/w:dataBinding/@w:xpath")
        if path.rpartition(":")[2].partition("[")[0] in _PROPERTIES
    )
    return (*(fold(name) for name in names if name), *bound)


def fold(name: str) -> str:
    """Return a name without case, accents, spaces and punctuation: Handläggare = handlaggare."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in plain if char.isalnum())


def values(facts: Facts) -> Mapping[str, str]:
    """Return what each control of ours says, by its folded name; empty = not said."""
    return {name: str(getattr(facts, name)) for name in NAMES}


def fill(roots: Iterable[etree._Element], facts: Facts) -> set[str]:
    """Fill the controls below `roots`; return the names of those that there is nothing for.

    A control keeps its place, its kind and the formatting of its text. One with nothing to say
    keeps its prompt, so that someone can fill it in by hand.
    """
    known, empty = values(facts), set()
    for root in roots:
        controls = [root] if local(root) == "sdt" else []
        for control in [*controls, *xpath(root, ".//w:sdt")]:
            name = next((name for name in name_of(control) if name in known), "")
            if not name or any(xpath(control, f"./w:sdtPr/*[local-name()='{k}']") for k in _KINDS):
                continue
            if any(set(name_of(inner)) & known.keys() for inner in xpath(control, ".//w:sdt")):
                # The innermost is the one that was meant.
                continue
            if not known[name]:
                empty.add(name)
                continue
            _fill(control, known[name], facts.iso if name == "datum" else "")
    return empty


def _fill(control: etree._Element, content: str, iso: str) -> None:
    properties, inside = control.find(q("sdtPr")), control.find(q("sdtContent"))
    if properties is None or inside is None:
        return
    picker = properties.find(q("date"))
    if picker is not None and iso:
        picker.set(q("fullDate"), f"{iso}T00:00:00Z")
        content = _dated(val(picker, "./w:dateFormat"), iso) or content
    holder = _holder(inside)
    formatting = _formatting(properties, holder)
    for child in list(properties):
        # Bound to a property or a part of its own, Word would write that over what we say.
        if local(child) in {"showingPlcHdr", "dataBinding"}:
            properties.remove(child)
    run = text(content)
    if formatting is not None:
        run.insert(0, formatting)
    for child in list(holder):
        if local(child) not in {"pPr", "bookmarkStart", "bookmarkEnd"}:
            holder.remove(child)
    holder.append(run)


def _formatting(properties: etree._Element, holder: etree._Element) -> etree._Element | None:
    """Return the run properties of the control's text, without those of a prompt."""
    prompt = properties.find(q("showingPlcHdr")) is not None
    own = properties.find(q("rPr"))
    runs = xpath(holder, "(.//w:r[w:t])[1]/w:rPr")
    if (prompt and own is not None) or not runs:
        return copy.deepcopy(own)
    found = copy.deepcopy(runs[0])
    if prompt:
        for style in found.findall(q("rStyle")):
            found.remove(style)
    return found if len(found) else None


def _holder(inside: etree._Element) -> etree._Element:
    """Return the element that takes the new run; other paragraphs of the control are removed.

    Where there is a table among them they are a layout of the template's, which is kept.
    """
    paragraphs = xpath(inside, ".//w:p")
    if not paragraphs:
        cells = xpath(inside, ".//w:tc")
        if cells:
            cells[-1].append(el("p"))
            return cells[-1][-1]
        return inside
    rows = xpath(inside, "./w:tr")
    if rows:
        # A whole row: what stands in its first cells is mostly a label.
        cell = xpath(rows[-1], "./w:tc | ./w:sdt//w:tc")[-1]
        paragraphs = xpath(cell, "./w:p")
    first, *others = paragraphs
    if xpath(inside, "./w:tbl"):
        return first
    for other in others:
        parent = other.getparent()
        if parent is first.getparent() and parent is not None:
            parent.remove(other)
    return first


def _dated(pattern: str, iso: str) -> str:
    """Write an ISO date by Word's pattern, such as `dddd 'den' d MMMM yyyy`; "" without one."""
    if not pattern:
        return ""
    year, month, day = iso.split("-")
    word = MONTHS[int(month) - 1]
    weekday = _WEEKDAYS[date.fromisoformat(iso).weekday()]
    known = {
        **{"yyyy": year, "yy": year[2:], "MMMM": word, "MMM": word[:3], "MM": month},
        **{"M": str(int(month)), "dddd": weekday, "ddd": weekday[:3], "dd": day},
        "d": str(int(day)),
    }
    parts = _DATE_PARTS.findall(pattern)
    return "".join(known.get(part, part.strip("'")) for part in parts)
