"""What a Word document's formatting comes to: styles, their bases, defaults, tables' conditions.

ECMA-376 part 1, 17.7.2 gives the order, weakest first: document defaults, table style, paragraph
style, character style, what is set on the run itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from berattelse.checks.word_read import W, on, own, value

# 17.7.6: a later condition goes before an earlier one
_CONDITIONS = (
    "wholeTable", "band1Vert", "band2Vert", "band1Horz", "band2Horz", "firstRow", "lastRow",
    "firstCol", "lastCol", "neCell", "nwCell", "seCell", "swCell",
)  # fmt: skip
_LOOK_BITS = {
    "firstRow": 0x20, "lastRow": 0x40, "firstColumn": 0x80, "lastColumn": 0x100, "noHBand": 0x200,
    "noVBand": 0x400,
}  # fmt: skip
_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
DEFAULT_HALF_POINTS = 20
"""Size of text where nothing says another."""


class Styles:
    """The styles of a document."""

    def __init__(self, root: Any) -> None:
        """Read the part `styles.xml`; None is a document without one."""
        self._by_id: dict[str, Any] = {}
        self._defaults: dict[str, Any] = {}
        self._chains: dict[str, list[Any]] = {}
        self._cells: dict[Any, dict[Any, list[str]]] = {}
        self.default_run: Any = None
        for style in () if root is None else root.iter(f"{W}style"):
            self._by_id[style.get(f"{W}styleId") or ""] = style
            kind = style.get(f"{W}type") or ""
            if on_attribute(style, "default"):
                self._defaults.setdefault(kind, style)
        for style in self._by_id.values():
            # LibreOffice does not mark the default, but names it as Word does
            if style.get(f"{W}type") == "paragraph" and _name(style) == "normal":
                self._defaults.setdefault("paragraph", style)
        if root is not None:
            self.default_run = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")

    def chain(self, style: str | None, kind: str) -> list[Any]:
        """Return a style and its bases, the furthest base first; the default one for None."""
        start = self._by_id.get(style or "")
        if start is None:
            start = self._defaults.get(kind)
        if start is None:
            return []
        key = start.get(f"{W}styleId") or ""
        if key not in self._chains:
            found: list[Any] = []
            at = start
            while at is not None and at not in found:
                found.insert(0, at)
                at = self._by_id.get(value(at, "basedOn") or "")
            self._chains[key] = found
        return self._chains[key]

    def paragraph_chain(self, paragraph: Any) -> list[Any]:
        """Return a paragraph's style and its bases."""
        return self.chain(value(paragraph, "pPr/pStyle"), "paragraph")

    def name(self, paragraph: Any) -> str:
        """Return the name of a paragraph's style, in lower case."""
        chain = self.paragraph_chain(paragraph)
        return _name(chain[-1]) if chain else ""

    def names(self, paragraph: Any) -> set[str]:
        """Return the names of a paragraph's style and all its bases."""
        return {_name(style) for style in self.paragraph_chain(paragraph)}

    def heading_level(self, paragraph: Any) -> int | None:
        """Return 1 to 9 for a heading, by its style's name or its outline level; None else."""
        direct = value(paragraph, "pPr/outlineLvl")
        if direct is not None:
            return _level(direct)
        for style in reversed(self.paragraph_chain(paragraph)):
            name = _name(style)
            if found := _HEADING.fullmatch(name):
                return int(found[1])
            outline = value(style, "pPr/outlineLvl")
            if outline is not None:
                return _level(outline)
            if name in ("toc heading", "title", "subtitle"):
                return None
        return None

    def run_layers(self, paragraph: Any, run: Any) -> list[tuple[str, Any]]:
        """Return what formats a run, weakest first: (which kind of source, `w:rPr`)."""
        layers = [("default", self.default_run)]
        layers += [("table", style.find(f"{W}rPr")) for style in self.table_layers(paragraph)]
        layers += [
            ("paragraph", style.find(f"{W}rPr")) for style in self.paragraph_chain(paragraph)
        ]
        named = value(run, "rPr/rStyle")
        if named in self._by_id:
            layers += [("run", style.find(f"{W}rPr")) for style in self.chain(named, "character")]
        layers.append(("direct", run.find(f"{W}rPr")))
        return [(kind, layer) for kind, layer in layers if layer is not None]

    def run_property(self, paragraph: Any, run: Any, name: str) -> Any:
        """Return the element such as `w:color` that holds for a run, or None."""
        for _, layer in reversed(self.run_layers(paragraph, run)):
            found = layer.find(f"{W}{name}")
            if found is not None:
                return found
        return None

    def toggled(self, paragraph: Any, run: Any, name: str) -> bool:
        """Say whether a run is bold or the like; 17.7.3: twice in the styles is not at all."""
        said: dict[str, bool] = {}
        for kind, layer in self.run_layers(paragraph, run):
            found = layer.find(f"{W}{name}")
            if found is not None:
                said[kind] = on(found)
        if "direct" in said:
            return said["direct"]
        if said.pop("default", False):
            return True
        return sum(said.values()) % 2 == 1

    def points(self, paragraph: Any, run: Any) -> float:
        """Return a run's size in points."""
        found = self.run_property(paragraph, run, "sz")
        try:
            return float(found.get(f"{W}val")) / 2
        except (AttributeError, TypeError, ValueError):
            return DEFAULT_HALF_POINTS / 2

    def language(self, paragraph: Any, run: Any) -> str:
        """Return the language that a run is read in, such as `sv-SE`; empty where none is said."""
        for _, layer in reversed(self.run_layers(paragraph, run)):
            found = value(layer, "lang")
            if found:
                return found
        return ""

    def default_language(self) -> str:
        """Return the language of text that says nothing of its own."""
        said = None if self.default_run is None else value(self.default_run, "lang")
        for style in self.chain(None, "paragraph"):
            said = value(style, "rPr/lang") or said
        return said or ""

    def table_layers(self, node: Any) -> list[Any]:
        """Return the table styles and conditions that hold where a node stands, weakest first."""
        cell = cell_of(node)
        if cell is None:
            return []
        table = next(cell.iterancestors(f"{W}tbl"))
        if table not in self._cells:
            self._cells[table] = dict(_conditions(table, self._band(table)))
        holds = self._cells[table].get(cell, [])
        chain = self.table_chain(table)
        layers = list(chain)
        for condition in _CONDITIONS:
            if condition in holds:
                layers += [
                    part
                    for style in chain
                    for part in style.iterfind(f"{W}tblStylePr")
                    if part.get(f"{W}type") == condition
                ]
        return layers

    def table_chain(self, table: Any) -> list[Any]:
        """Return a table's style and its bases."""
        return self.chain(value(table, "tblPr/tblStyle"), "table")

    def _band(self, table: Any) -> int:
        sizes = [value(style, "tblPr/tblStyleRowBandSize") for style in self.table_chain(table)]
        known = [int(size) for size in sizes if size and size.isdecimal() and int(size) > 0]
        return known[-1] if known else 1


def cell_of(node: Any) -> Any:
    """Return the table cell that a node stands in, or None; a text box is no part of the cell."""
    for above in node.iterancestors():
        if above.tag == f"{W}tc":
            return above
        if above.tag == f"{W}txbxContent":
            return None
    return None


def columns(row: Any) -> Iterator[tuple[Any, int, int]]:
    """Return a row's cells, each with its first column, from 0, and how many it spans."""
    at = _number(value(row, "trPr/gridBefore"), 0)
    for cell in own(row, f"{W}tc"):
        span = max(1, _number(value(cell, "tcPr/gridSpan"), 1))
        yield cell, at, span
        at += span


def _conditions(table: Any, band: int) -> Iterator[tuple[Any, list[str]]]:
    """Return for each cell of a table which of a table style's conditions hold."""
    look = table.find(f"{W}tblPr/{W}tblLook")
    use = {name: _look(look, name) for name in _LOOK_BITS}
    rows = list(own(table, f"{W}tr"))
    width = max((at + span for row in rows for _, at, span in columns(row)), default=0)
    for number, row in enumerate(rows):
        first, last = use["firstRow"] and number == 0, use["lastRow"] and number == len(rows) - 1
        for cell, at, span in columns(row):
            left = use["firstColumn"] and at == 0
            right = use["lastColumn"] and at + span >= width
            holds = ["wholeTable"]
            if not use["noVBand"] and not left:
                holds.append("band2Vert" if (at - use["firstColumn"]) % 2 else "band1Vert")
            if not use["noHBand"] and not first and not last:
                odd = (number - use["firstRow"]) // band % 2
                holds.append("band2Horz" if odd else "band1Horz")
            pairs = (("firstRow", first), ("lastRow", last), ("firstCol", left), ("lastCol", right))
            holds += [name for name, holding in pairs if holding]
            corners = (
                ("nwCell", first and left), ("neCell", first and right),
                ("swCell", last and left), ("seCell", last and right),
            )  # fmt: skip
            holds += [name for name, holding in corners if holding]
            yield cell, holds


def _look(look: Any, name: str) -> bool:
    """Return a switch of `w:tblLook`: its own attribute, or its bit in the old number."""
    if look is None:
        return name in ("noVBand",)
    own_attribute = look.get(f"{W}{name}")
    if own_attribute is not None:
        return own_attribute not in ("0", "false", "off")
    try:
        return bool(int(look.get(f"{W}val") or "0", 16) & _LOOK_BITS[name])
    except ValueError:
        return False


def on_attribute(node: Any, name: str) -> bool:
    """Say whether an attribute that is a switch is on."""
    return (node.get(f"{W}{name}") or "0") not in ("0", "false", "off")


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() else otherwise


def _name(style: Any) -> str:
    return (value(style, "name") or "").lower()


def _level(text: str) -> int | None:
    return int(text) + 1 if text.isdecimal() and int(text) < 9 else None
