"""Styles that a text asks for by name (`custom-style="X"`) and that nobody has."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from lxml import etree

from berattelse.typeset.word.package import Package
from berattelse.typeset.word.xml import q, val, xpath

USES = ("pStyle", "rStyle", "tblStyle")
"""Elements that name a style in a text."""


def used(roots: Iterable[etree._Element]) -> set[str]:
    """Return the ids of the styles that texts name."""
    wanted = " | ".join(f".//w:{use}" for use in USES)
    return {str(node.get(q("val"))) for root in roots for node in xpath(root, wanted)}


def rename(roots: Iterable[etree._Element], ids: dict[str, str]) -> None:
    """Let texts name styles by other ids; what `ids` does not hold stays."""
    for root in roots:
        for node in root.iter(*(q(use) for use in USES)):
            old = str(node.get(q("val")))
            node.set(q("val"), ids.get(old, old))


def made_by_pandoc(styles: etree._Element, ours: Iterable[str]) -> list[etree._Element]:
    """Return the styles of a draft that are none of ours, those for code left out."""
    known = set(ours)
    return [
        style
        for style in xpath(styles, "./w:style")
        if style.get(q("styleId")) not in known
        and not str(style.get(q("styleId"))).endswith("Tok")
        and val(style, "./w:name") != "Source Code"
    ]


def warning(name: str, known: Iterable[str], *, template: str = "") -> str:
    """Say that no style has the name that a text asks for; suggest one that is spelt alike."""
    shown = {candidate.lower(): candidate for candidate in known}
    alike = difflib.get_close_matches(name.lower(), shown, n=1, cutoff=0.75)
    where = f"varken i mallen {template} eller bland" if template else "inte bland"
    advice = f" Menades «{shown[alike[0]]}»?" if alike else ""
    return (
        f"Stilen «{name}» (custom-style) finns {where} berättelsens stilar: texten fick samma "
        f"utseende som brödtext.{advice}"
    )


def drop_unused(package: Package, roots: Iterable[etree._Element]) -> None:
    """Remove the styles that pandoc adds to every file and that the text does not name."""
    styles = package.tree("word/styles.xml")
    wanted = used(roots)
    for style in xpath(styles, "./w:style"):
        sid = str(style.get(q("styleId")))
        if sid.endswith("Tok") and sid not in wanted:
            styles.remove(style)
