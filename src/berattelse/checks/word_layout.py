"""Rules for what a Word document makes for the eye alone: space, headings and columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from berattelse.checks.rules import finding
from berattelse.checks.word_document import Document
from berattelse.checks.word_read import Paragraph, W, blocks, shortened, text_of, within
from berattelse.model import Finding

_COLUMN_SPACES = re.compile(r"\S[ \u00a0]{3,}\S")
CONTENTS = ("toc ", "table of figures", "index")
"""Styles of the lists that Word makes."""
_OWN_SPACING = (
    *CONTENTS, "source code", "källkod", "html preformatted", "preformatted text", "plain text",
)  # fmt: skip
"""Styles in which tabs and spaces belong: lists of contents, and code."""
_FAKE_LENGTH = 80
"""Characters of the longest line that can look like a heading."""
_LARGER_PT = 2.0
"""How much larger than the body text a line must be to look like a heading."""
_BREAKS = 3
"""Line breaks in a row that are there for the space."""
_BULLET = re.compile(r"[-–—•*·]\s")
_OBJECTS = (
    f"{W}drawing", f"{W}pict", f"{W}object", f"{W}sym", f"{W}fldChar", f"{W}fldSimple",
    f"{W}instrText", f"{W}footnoteReference", f"{W}endnoteReference", f"{W}ptab",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath",
)  # fmt: skip


def empty(document: Document) -> Iterator[Finding]:
    """Tell space made by empty paragraphs or line breaks.

    The paragraph that Word itself demands after a table is none.
    """
    yield from _breaks(document)
    for container in document.containers:
        around = blocks(container)
        at = 0
        while at < len(around):
            count = 0
            while at + count < len(around) and _spaces(around[at + count], document):
                count += 1
            if count and not _demanded(around, at, count, container):
                before = text_of(around[at - 1]) if at else ""
                where = document.at(around[at])
                place = where.under if where else ""
                if before.strip() and around[at - 1].tag == f"{W}p":
                    place += f", efter stycket «{shortened(before)}»"
                many = "Ett tomt stycke" if count == 1 else f"{count} tomma stycken i rad"
                yield finding("word_tomt_stycke", f"{many} gör avstånd.", place)
            at += max(1, count)


def _breaks(document: Document) -> Iterator[Finding]:
    """Tell line breaks in a row; in a paragraph of nothing else, that paragraph is told."""
    for paragraph in document.paragraphs:
        if not paragraph.text.strip():
            continue
        most = row = 0
        for node in within(paragraph.node):
            if node.tag == f"{W}cr" or (
                node.tag == f"{W}br" and node.get(f"{W}type") in (None, "textWrapping")
            ):
                row += 1
                most = max(most, row)
            elif node.tag in _OBJECTS or (node.tag == f"{W}t" and (node.text or "").strip()):
                row = 0
        if most >= _BREAKS:
            remedy = "Dela upp stycket och ställ in avståndet under Stycke, Avstånd före och efter."
            message = f"{most} radbrytningar i rad gör avstånd."
            yield finding("word_tomt_stycke", message, paragraph.place, remedy)


def _spaces(block: Any, document: Document) -> bool:
    """Say whether a block is a paragraph that shows nothing; an empty heading has its own rule."""
    if block.tag != f"{W}p" or text_of(block).strip() or document.styles.heading_level(block):
        return False
    if next(block.iter(*_OBJECTS), None) is not None:
        return False
    breaks = (each.get(f"{W}type") for each in block.iter(f"{W}br"))
    return not any(kind in ("page", "column") for kind in breaks)


def _demanded(around: list[Any], at: int, count: int, container: Any) -> bool:
    """Say whether Word demands an empty paragraph just here."""
    if count != 1:
        return False
    if len(around) == 1:
        return True  # a cell and a text box hold at least one
    after_table = at > 0 and around[at - 1].tag == f"{W}tbl"
    if around[at].find(f"{W}pPr/{W}sectPr") is not None:
        return after_table or at == 0  # it carries the section, and the table cannot
    last = at == len(around) - 1
    between = not last and around[at + 1].tag == f"{W}tbl"
    return after_table and (last or between)


def fake_headings(document: Document) -> Iterator[Finding]:
    """Tell short paragraphs in bold or large letters that act as headings."""
    paragraphs = [each for each in document.main() if each.table is None]
    for paragraph, following in pairwise(paragraphs):
        text = paragraph.text.strip()
        if not text or len(text) > _FAKE_LENGTH or text[-1] in ".,;:!?" or "\n" in text:
            continue
        if not re.search(r"[^\W\d_]{2}", text) or _known(paragraph, document):
            continue
        if not following.text.strip():
            continue
        if _stands_out(paragraph, document) and not _stands_out(following, document):
            message = "Stycket ser ut som en rubrik men är vanlig text i fet eller stor stil."
            yield finding("word_falsk_rubrik", message, paragraph.place)
        elif _styled_out(paragraph, following, document):
            style = document.styles.name(paragraph.node)
            message = f"Stycket ser ut som en rubrik, men formatmallen «{style}» är ingen rubrik."
            yield finding("word_falsk_rubrik", message, paragraph.place)


def _known(paragraph: Paragraph, document: Document) -> bool:
    """Say whether a paragraph has a role of its own: heading, title, caption, contents, list."""
    styles = document.styles
    names = styles.names(paragraph.node)
    roles = ("toc", "caption", "title", "subtitle", "list", "header", "footer", "quote")
    if styles.heading_level(paragraph.node) or any(name.startswith(roles) for name in names):
        return True
    if paragraph.node.getparent().tag == f"{W}txbxContent":
        return True
    return paragraph.node.find(f"{W}pPr/{W}numPr") is not None


def _stands_out(paragraph: Paragraph, document: Document) -> bool:
    """Say whether all text of a paragraph is bold or large by itself, not by its style."""
    styles = document.styles
    runs = [
        node
        for node in within(paragraph.node)
        if node.tag == f"{W}r" and any((t.text or "").strip() for t in node.iterfind(f"{W}t"))
    ]
    if not runs:
        return False
    plain = _plain(paragraph)
    usual = styles.points(paragraph.node, plain)
    if all(styles.points(paragraph.node, run) >= usual + _LARGER_PT for run in runs):
        return True
    bold = all(styles.toggled(paragraph.node, run, "b") for run in runs)
    return bold and not styles.toggled(paragraph.node, plain, "b")


def _plain(paragraph: Paragraph) -> Any:
    """Return a run without any format of its own."""
    return paragraph.node.makeelement(f"{W}r")


def _styled_out(paragraph: Paragraph, following: Paragraph, document: Document) -> bool:
    """Say whether a paragraph's style makes it bold and larger than the text that follows it."""
    styles = document.styles
    bold, after = (styles.toggled(each.node, _plain(each), "b") for each in (paragraph, following))
    size, usual = (styles.points(each.node, _plain(each)) for each in (paragraph, following))
    return bold and not after and size >= usual + _LARGER_PT


def fake_columns(document: Document) -> Iterator[Finding]:
    """Tell rows that are lined up with tabs or spaces."""
    rows: list[Paragraph] = []
    # The sentinel ends the last group
    for paragraph in [*document.main(), None]:
        if paragraph is not None and _lined_up(paragraph, document):
            rows.append(paragraph)
            continue
        tabs = max((row.text.strip().count("\t") for row in rows), default=0)
        spaced = any(_COLUMN_SPACES.search(row.text) for row in rows)
        if len(rows) > 1 or tabs > 1 or spaced:
            several = (
                f"{len(rows)} stycken är uppställda" if len(rows) > 1 else "Texten är uppställd"
            )
            message = f"{several} i kolumner med tabbar eller mellanslag."
            yield finding("word_kolumner", message, rows[0].place)
        rows = []


def _lined_up(paragraph: Paragraph, document: Document) -> bool:
    if document.styles.name(paragraph.node).startswith(_OWN_SPACING):
        return False
    if document.styles.heading_level(paragraph.node) or _BULLET.match(paragraph.text.strip()):
        return False
    text = paragraph.text.strip()
    return "\t" in text or _COLUMN_SPACES.search(text) is not None
