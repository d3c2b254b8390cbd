"""Styles that a text asks for by name (`custom-style="X"`) and that nobody has."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from berattelse import origin
from berattelse.model import Place
from berattelse.typeset.word.mall.names import SWEDISH
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


def finder(folder: Path) -> Callable[[str], Sequence[Place]]:
    """Return what finds the places where the document composed in `folder` asks for a style."""
    return lambda name: origin.read(folder).all("stil", name)


def of_tables(ast: Mapping[str, Any]) -> dict[str, str]:
    """Return the names that tables ask for, in order: name -> `Table`, or `Div` for one around.

    No style in pandoc's file tells of them: the names of tables' styles are not made known there,
    and in their cells our own styles stand.
    """
    found: dict[str, str] = {}

    def walk(node: Any) -> bool:
        """Return whether there is a table in or below a node."""
        if isinstance(node, list):
            return any([walk(child) for child in node])
        if not isinstance(node, dict):
            return False
        kind, content = node.get("t"), node.get("c", [])
        holds = walk(content) or kind == "Table"
        if holds and kind in ("Table", "Div"):
            for key, name in content[0][2]:
                if key == "custom-style" and name:
                    found.setdefault(name, kind)
        return holds

    walk(ast["blocks"])
    return found


def table_warnings(
    wanted: Mapping[str, str],
    known: Callable[[str], Sequence[str]],
    places: Callable[[str], Sequence[Place]],
    *,
    template: str = "",
) -> list[str]:
    """Say which names that tables ask for have no style, or one that tables are not given.

    Args:
        wanted: from `of_tables`.
        known: the names of the styles of a type, such as `table`.
        places: where in the sources a style with a name is asked for.
        template: the template's file name.
    """
    out = []
    for name, kind in wanted.items():
        kinds = ("table",) if kind == "Table" else ("paragraph", "character", "table")
        names = [each for kind in kinds for each in known(kind)]
        lowered = {each.lower() for each in names}
        if not lowered & {name.lower(), SWEDISH.get(name.lower(), "")}:
            like = "tabellen fick samma utseende som andra tabeller"
            out += warnings(name, names, places(name), template=template, outcome=like)
        elif kind == "Table" and name.lower() != "tabell":
            told = f"Stilen «{name}» (custom-style) används inte: alla tabeller har stilen Tabell."
            out += [f"{place}: {told}" for place in places(name)] or [told]
    return out


def warnings(
    name: str,
    known: Iterable[str],
    places: Sequence[Place],
    *,
    template: str = "",
    outcome: str = "texten fick samma utseende som brödtext",
) -> list[str]:
    """Say that no style has the name that a text asks for, once for each place that does.

    One that is spelt alike is suggested.
    """
    shown = {candidate.lower(): candidate for candidate in known}
    alike = difflib.get_close_matches(name.lower(), shown, n=1, cutoff=0.75)
    where = f"varken i mallen {template} eller bland" if template else "inte bland"
    advice = f" Menades «{shown[alike[0]]}»?" if alike else ""
    told = f"Stilen «{name}» (custom-style) finns {where} berättelsens stilar: {outcome}.{advice}"
    return [f"{place}: {told}" for place in places] or [told]


def drop_unused(package: Package, roots: Iterable[etree._Element]) -> None:
    """Remove the styles that pandoc adds to every file and that the text does not name."""
    styles = package.tree("word/styles.xml")
    wanted = used(roots)
    for style in xpath(styles, "./w:style"):
        sid = str(style.get(q("styleId")))
        if sid.endswith("Tok") and sid not in wanted:
            styles.remove(style)
