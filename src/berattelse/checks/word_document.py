"""A Word document as the rules see it: its paragraphs and tables in order, each with its place."""

from __future__ import annotations

from typing import Any

from berattelse.checks.word_colour import Palette
from berattelse.checks.word_read import (
    Field,
    Package,
    Paragraph,
    Table,
    W,
    blocks,
    fields,
    own,
    shortened,
    within,
)
from berattelse.checks.word_styles import Styles

_NOTES = (f"{W}footnotes", f"{W}endnotes", f"{W}footnote", f"{W}endnote")


class Document:
    """An opened Word file, walked once."""

    def __init__(self, package: Package) -> None:
        """Walk every part that holds text.

        Raises:
            UnreadableError: a part is no XML.
        """
        self.package = package
        self.styles = Styles(package.only("styles"))
        self.palette = Palette(package)
        self.settings: Any = package.only("settings")
        self.root: Any = package.tree(package.main)
        self.body: Any = self.root.find(f"{W}body")
        self.paragraphs: list[Paragraph] = []
        """Of the document, then of headers, footers and notes."""
        self.tables: list[Table] = []
        self.containers: list[Any] = []
        """What holds paragraphs: the body, headers, footers, cells, text boxes; no notes."""
        self.fields: dict[str, list[Field]] = {}
        """Part (empty for the document itself) -> its fields."""
        self._heading = ""
        self._by_node: dict[Any, Paragraph] = {}
        for name in package.texts:
            part = "" if name == package.main else name
            root = package.tree(name)
            self.fields[part] = fields(root)
            self._walk(self.body if not part else root, part, None)
            for note in root.iter(f"{W}footnote", f"{W}endnote"):
                self._walk(note, part, None)

    def at(self, node: Any) -> Paragraph | None:
        """Return the paragraph that a node stands in."""
        for above in (node, *node.iterancestors(f"{W}p")):
            if above in self._by_node:
                return self._by_node[above]
        return None

    def main(self) -> list[Paragraph]:
        """Return the paragraphs of the document itself, in tables and text boxes too."""
        return [paragraph for paragraph in self.paragraphs if not paragraph.part]

    def _walk(self, container: Any, part: str, table: Table | None) -> None:
        if container.tag not in _NOTES:
            self.containers.append(container)
        for block in blocks(container):
            if block.tag == f"{W}tbl":
                inner = Table(block, part, len(self.tables) + 1, self._heading, table)
                self.tables.append(inner)
                for row in inner.rows:
                    for cell in own(row, f"{W}tc"):
                        self._walk(cell, part, inner)
                continue
            paragraph = Paragraph(block, part, self._heading, table)
            self.paragraphs.append(paragraph)
            self._by_node[block] = paragraph
            if not part and self.styles.heading_level(block) and paragraph.text.strip():
                self._heading = shortened(paragraph.text)
            # within() stops at a text box, so what it gives of one is its frame
            for box in [each for node in (block, *within(block)) for each in node
                        if each.tag == f"{W}txbxContent"]:  # fmt: skip
                self._walk(box, part, table)
