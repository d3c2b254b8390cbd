"""Rules for the tables of a Word document: for data, with a marked head, whole, with a caption."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from berattelse.checks.rules import finding
from berattelse.checks.word_document import Document
from berattelse.checks.word_read import Table, V, W, blocks, on, own, text_of
from berattelse.checks.word_styles import Styles, columns
from berattelse.model import Finding

_SIDES = ("top", "bottom", "left", "right", "start", "end", "insideH", "insideV")
_NO_LINE = ("nil", "none")
_LABEL_ROWS = 10
_LABEL = re.compile(r"(?=.*[^\W\d_]).{1,40}")
_FIGURE = re.compile(r"[+\-−–]?\s*\d[\d\s.,]*\s*(?:%|\w{1,4})?")


def tables(document: Document) -> Iterator[Finding]:
    """Tell what is wrong with each table of the document itself."""
    for table in document.tables:
        if table.part:
            continue
        reason = _layout(table, document.styles)
        if reason:
            yield finding("word_layouttabell", reason, table.place)
            continue
        yield from _head(table)
        yield from _cells(table)
        if not _captioned(table, document):
            yield finding("word_tabelltext", "Tabellen saknar tabelltext.", table.place)


def _cells_of(table: Table) -> list[Any]:
    return [cell for row in table.rows for cell in own(row, f"{W}tc")]


def _layout(table: Table, styles: Styles) -> str:
    """Say why a table only places things on the page, or nothing."""
    if table.outer is not None:
        return f"Tabellen ligger inuti en annan tabell (tabell {table.outer.number})."
    cells = _cells_of(table)
    if len(cells) <= 1:
        return "Tabellen har bara en cell: den är en ruta, ingen tabell."
    text = any(text_of(paragraph).strip() for paragraph in table.node.iter(f"{W}p"))
    pictures = next(table.node.iter(f"{W}drawing", f"{W}pict"), None) is not None
    if pictures and not text:
        return "Tabellen innehåller bara bilder: den placerar dem på sidan."
    marked = any(_is_head(row) for row in table.rows)
    if not marked and not _drawn(table, cells, styles):
        return "Tabellen har varken linjer, färg eller rubrikrad: den placerar text på sidan."
    return ""


def _drawn(table: Table, cells: list[Any], styles: Styles) -> bool:
    """Say whether any line or shading shows that this is a table."""
    holders = [table.node.find(f"{W}tblPr/{W}tblBorders")]
    for style in styles.table_chain(table.node):
        holders += style.iter(f"{W}tblBorders", f"{W}tcBorders", f"{W}shd")
    for cell in cells:
        properties = cell.find(f"{W}tcPr")
        if properties is not None:
            holders += [properties.find(f"{W}tcBorders"), properties.find(f"{W}shd")]
    return any(_visible(holder) for holder in holders if holder is not None)


def _visible(holder: Any) -> bool:
    if holder.tag == f"{W}shd":
        fill = holder.get(f"{W}fill") or "auto"
        return bool(holder.get(f"{W}themeFill")) or fill.upper() not in ("AUTO", "FFFFFF")
    lines = (holder.find(f"{W}{side}") for side in _SIDES)
    return any(
        line is not None and (line.get(f"{W}val") or "none") not in _NO_LINE for line in lines
    )


def _is_head(row: Any) -> bool:
    return on(row.find(f"{W}trPr/{W}tblHeader"))


def _head(table: Table) -> Iterator[Finding]:
    marked = [_is_head(row) for row in table.rows]
    if not marked[0]:
        if _labels(table):
            yield replace(
                finding(
                    "word_tabellhuvud",
                    "Tabellen har uppgifter med sin rubrik till vänster, och ingen rubrikrad.",
                    table.place,
                    "Skriv uppgifterna som stycken, en per rad («Diarienummer: …»), eller lägg "
                    "till en första rad, till exempel «Uppgift» och «Värde», och märk den med "
                    "Layout, Upprepa rubrikrader.",
                ),
                level="varning",
            )
            return
        yield finding(
            "word_tabellhuvud", "Tabellens första rad är inte märkt som rubrikrad.", table.place
        )
        return
    if all(marked) and len(marked) > 1:
        yield finding(
            "word_tabellhuvud",
            "Alla rader i tabellen är märkta som rubrikrader.",
            table.place,
            "Ställ dig i den första raden med värden och stäng av Layout, Upprepa rubrikrader.",
        )
    body = marked.index(False) if False in marked else len(marked)
    for number, head in enumerate(marked[body:], body + 1):
        if head:
            message = f"Rad {number} är märkt som rubrikrad, fast rader med värden står före."
            yield finding("word_tabellhuvud", message, table.place,
                          "Dela tabellen före raden, eller stäng av märkningen.")  # fmt: skip


def _labels(table: Table) -> bool:
    """Say whether a table is a short list of labels, each with its value to the right.

    It is where every label ends with a colon or is bold beside a value that is not, and on a
    cover, before the first heading. Figures under a head are data wherever they stand.
    """
    rows = [list(own(row, f"{W}tc")) for row in table.rows]
    if len(rows) > _LABEL_ROWS or any(len(row) != 2 for row in rows):
        return False
    said = [[" ".join(text_of(p) for p in cell.iter(f"{W}p")).strip() for cell in row]
            for row in rows]  # fmt: skip
    if not all(_LABEL.fullmatch(label) for label, _ in said):
        return False
    figures = [_FIGURE.fullmatch(text) is not None for _, text in said]
    if len(rows) > 1 and not figures[0] and all(figures[1:]):
        return False
    colons = all(label.endswith(":") for label, _ in said)
    bold = all(_bold(left) and not _bold(right) for left, right in rows)
    return colons or bold or not table.heading


def _bold(cell: Any) -> bool:
    runs = [run for run in cell.iter(f"{W}r") if run.find(f"{W}t") is not None]
    return bool(runs) and all(on(run.find(f"{W}rPr/{W}b")) for run in runs)


def _cells(table: Table) -> Iterator[Finding]:
    rows = table.rows
    grid = [list(columns(row)) for row in rows]
    widths = [
        max((at + span for _, at, span in row), default=0) + _after(node)
        for row, node in zip(grid, rows, strict=True)
    ]
    width = max(widths)
    faults = []
    for number, (row, node) in enumerate(zip(grid, rows, strict=True), 1):
        if widths[number - 1] != width:
            faults.append(f"rad {number} har {widths[number - 1]} kolumner av {width}")
        if _is_head(node):
            continue
        if any(1 < span < width for _, _, span in row):
            faults.append(f"rad {number} har celler som är sammanslagna i sidled")
        if any(at > 0 and _continues(cell) for cell, at, _ in row):
            faults.append(f"rad {number} har celler som är sammanslagna i höjdled")
    if faults:
        more = f" och {len(faults) - 3} rader till" if len(faults) > 3 else ""
        message = f"Tabellens celler är oregelbundna: {'; '.join(faults[:3])}{more}."
        yield finding("word_celler", message, table.place)


def _after(row: Any) -> int:
    found = row.find(f"{W}trPr/{W}gridAfter")
    text = "0" if found is None else found.get(f"{W}val") or "0"
    return int(text) if text.isdecimal() else 0


def _continues(cell: Any) -> bool:
    merged = cell.find(f"{W}tcPr/{W}vMerge")
    return merged is not None and merged.get(f"{W}val") != "restart"


def _captioned(table: Table, document: Document) -> bool:
    """Say whether a caption stands before the table or after it, with at most a note between."""
    container = table.node.getparent()
    while container.tag not in (f"{W}body", f"{W}tc", f"{W}txbxContent"):
        container = container.getparent()
    around = blocks(container)
    at = around.index(table.node)
    near = [*around[max(0, at - 1) : at], *around[at + 1 : at + 3]]
    return any(
        block.tag == f"{W}p"
        and ("caption" in document.styles.names(block) or _sequence(block, document))
        for block in near
    )


def _sequence(paragraph: Any, document: Document) -> bool:
    return any(
        field.code.upper().startswith("SEQ ") and paragraph in field.node.iterancestors(f"{W}p")
        for field in document.fields[""]
    )


def is_picture(node: Any) -> bool:
    """Say whether a `w:pict` or `w:object` shows a picture."""
    return next(node.iter(f"{V}imagedata"), None) is not None
