"""A frame as a table that screen readers, Pandoc and Word understand.

great_tables makes the heads, the spanners over them and the notes. The rows are written here:
great_tables needs about 0.5 ms per cell, which is most of a report's time in the tables, and
it has no sum rows inside the body and one `tbody` for all groups. What comes out has no style
sheet, no ids but the one asked for, and no attribute that differs between two runs.
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from numbers import Real
from typing import Any

import pandas as pd
from lxml import etree
from lxml import html as lxml_html

from berattelse import literal
from berattelse.missing import MARKS, TEXTS, Missing, as_missing, is_missing
from berattelse.reckon import figure_of
from berattelse.text.numbers import tal

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from great_tables import GT

Formatter = Callable[[Any], str]
KEPT_CLASSES = {"gt_left", "gt_right", "gt_center"}


class Table:
    """A table to print; the last expression of a cell.

    Args:
        frame: one row per printed row, in print order, such as `wide` gives it. Cells are
            numbers, text, or missing (`Missing`, None, NaN).
        stub: column with the rows' names.
        columns: printed columns in order, with their heads; all but stub and groups if left out.
        spanners: heads over several columns: text -> columns that stand side by side.
        groups: column with the name of the group that a row belongs to; rows with an empty name
            stand outside the groups.
        totals: names of rows that are drawn as sums.
        subtotals: names of rows that are drawn as sums within the table.
        format: writes the numbers, one for all columns or one per column (others: `tal`).
            Text is printed as it is.
        note: what the reader must know of the table.
        source: where the figures come from; printed after "Källa: ".
        stub_label: head of the stub column.
        id: HTML id of the table, if it needs one.

    Raises:
        KeyError: a named column is not in the frame.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        stub: Hashable = "post",
        columns: Mapping[Any, str] | None = None,
        spanners: Mapping[str, Sequence[Any]] | None = None,
        groups: Hashable | None = None,
        totals: Sequence[str] = ("Summa",),
        subtotals: Sequence[str] = (),
        format: Formatter | Mapping[Any, Formatter] = tal,
        note: str = "",
        source: str = "",
        stub_label: str = "Post",
        id: str | None = None,
    ) -> None:
        self.frame = frame
        self.stub = stub
        self.groups = groups
        if columns is None:
            columns = {name: str(name) for name in frame.columns if name not in (stub, groups)}
        self.columns = dict(columns)
        self.spanners = dict(spanners or {})
        self.totals = {totals} if isinstance(totals, str) else set(totals)
        self.subtotals = {subtotals} if isinstance(subtotals, str) else set(subtotals)
        self.format = format
        self.note = note
        self.source = source
        self.stub_label = stub_label
        self.id = id
        if not frame.empty:
            spanned = (name for names in self.spanners.values() for name in names)
            wanted = [stub, *self.columns, *spanned, *([] if groups is None else [groups])]
            for name in wanted:
                if name not in frame.columns:
                    known = ", ".join(str(column) for column in frame.columns)
                    raise KeyError(f"Kolumnen «{name}» finns inte. Kolumner: {known}")

    @property
    def html(self) -> str:
        """The table as HTML, empty for a frame without rows."""
        return self._html

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return f"Table({len(self.frame)} rader, {len(self.columns)} kolumner)"

    @cached_property
    def _html(self) -> str:
        if self.frame.empty:
            return ""
        marks: dict[str, Missing] = {}
        cells, numeric = {}, {}
        for name in self.columns:
            content = self._column(name)
            numeric[name] = _is_numeric(content)
            cells[name] = [self._text(cell, name, marks) for cell in content]
        head, foot = self._frame_parts(numeric, self._notes(marks))
        attribute = f' id="{html.escape(self.id)}"' if self.id else ""
        body = self._body(cells, numeric)
        return f'<table class="gt_table"{attribute}>{head}{body}{foot}</table>'

    def _column(self, name: Hashable) -> list[Any]:
        cells = list(self.frame[name])
        if name != "varde" or "orsak" not in self.frame.columns:
            return cells
        # Rows of a data file tell themselves why their figure is missing
        reasons = self.frame["orsak"]
        return [
            figure_of({"varde": cell, "orsak": reason}) if is_missing(cell) else cell
            for cell, reason in zip(cells, reasons, strict=True)
        ]

    def _text(self, cell: Any, name: Hashable, marks: dict[str, Missing]) -> str:
        if is_missing(cell):
            missing = as_missing(cell)
            marks[missing.orsak] = missing
            return missing.mark
        if isinstance(cell, str):
            return cell
        if not isinstance(cell, Real | Decimal):
            return str(cell)
        write = self.format.get(name, tal) if isinstance(self.format, Mapping) else self.format
        return write(cell)

    def _notes(self, marks: Mapping[str, Missing]) -> list[str]:
        notes = [self.note] if self.note else []
        if marks:
            used = (f"{MARKS[reason]} = {TEXTS[reason]}" for reason in TEXTS if reason in marks)
            notes.append(f"Teckenförklaring: {'; '.join(used)}.")
        if self.source:
            prefix = "" if self.source.startswith("Källa") else "Källa: "
            notes.append(prefix + self.source)
        return notes

    def _frame_parts(self, numeric: Mapping[Any, bool], notes: Sequence[str]) -> tuple[str, str]:
        """Let great_tables make head and foot around one empty row, and clean them."""
        # Our own column names: those of the data may be tuples, numbers or hostile text
        names = {column: f"k{i}" for i, column in enumerate(self.columns)}
        texts: list[str] = []

        def held(text: str) -> str:
            # great_tables reads {{km^2}} as a unit: it gets a number, the text is put in after
            texts.append(text)
            return f"@{len(texts) - 1}@"

        table = (
            GT(
                pd.DataFrame({name: [""] for name in ("stub", *names.values())}),
                rowname_col="stub",
                auto_align=False,
                id="t",
                locale="sv",
            )
            .tab_stubhead(label=held(self.stub_label))
            .cols_label({names[column]: held(label) for column, label in self.columns.items()})
        )
        for align in ("left", "right"):
            aligned = [names[c] for c in self.columns if numeric[c] == (align == "right")]
            if aligned:
                table = table.cols_align(align=align, columns=aligned)
        for i, (label, spanned) in enumerate(self.spanners.items()):
            table = table.tab_spanner(
                label=held(label), columns=[names[c] for c in spanned], id=f"s{i}", gather=False
            )
        for note in notes:
            table = table.tab_source_note(held(note))
        tree = lxml_html.fragment_fromstring(table.render("html"), create_parent="div")
        head, foot = tree.find(".//thead"), tree.find(".//tfoot")
        return _clean(head, texts), _clean(foot, texts) if notes else ""

    def _body(self, cells: Mapping[Any, Sequence[str]], numeric: Mapping[Any, bool]) -> str:
        width = len(self.columns) + 1
        labels = ["" if is_missing(label) else str(label) for label in self._column(self.stub)]
        groups = [""] * len(labels)
        if self.groups is not None:
            groups = ["" if is_missing(g) else str(g) for g in self._column(self.groups)]
        align = {name: "gt_right" if numeric[name] else "gt_left" for name in self.columns}
        parts: list[str] = []
        for i, label in enumerate(labels):
            if i == 0 or groups[i] != groups[i - 1]:
                parts.append("</tbody><tbody>" if i else "<tbody>")
                if groups[i]:
                    # A group is a tbody of its own: that is what scope="rowgroup" refers to
                    parts.append(
                        f'<tr class="grupp"><th class="gt_left" colspan="{width}" '
                        f'scope="rowgroup">{literal.html(groups[i])}</th></tr>'
                    )
            kind = (
                ' class="summa"'
                if label in self.totals
                else ' class="delsumma"'
                if label in self.subtotals
                else ""
            )
            parts.append(f'<tr{kind}><th class="gt_left" scope="row">{literal.html(label)}</th>')
            parts.extend(
                f'<td class="{align[name]}">{literal.html(cells[name][i])}</td>'
                for name in self.columns
            )
            parts.append("</tr>")
        parts.append("</tbody>")
        return "".join(parts)


def _is_numeric(cells: Sequence[Any]) -> bool:
    """Tell whether a column is right-aligned: not when its known cells are all text."""
    known = [cell for cell in cells if not is_missing(cell)]
    return not known or any(not isinstance(cell, str) for cell in known)


def _clean(part: etree._Element | None, texts: Sequence[str]) -> str:
    """Keep what carries meaning in a head or foot: spans, scope, alignment, note rows.

    `@3@` becomes the fourth of the `texts`.
    """
    if part is None:
        raise ValueError("great_tables gav en tabell utan huvud eller fot.")
    for element in part.iter("tr", "th", "td"):
        classes = [c for c in (element.get("class") or "").split() if c in KEPT_CLASSES]
        spans = {
            name: element.get(name)
            for name in ("colspan", "rowspan", "scope")
            if element.get(name) not in (None, "1")
        }
        element.attrib.clear()
        if classes:
            element.set("class", classes[0])
        for name, content in spans.items():
            element.set(name, str(content))
        if element.tag == "td":
            element.set("class", "gt_left")
    etree.strip_tags(part, "span")
    for element in part.iter():
        element.text = (element.text or "").strip() or None
        element.tail = None
    text = etree.tostring(part, encoding="unicode", method="html")
    return re.sub(r"@(\d+)@", lambda match: literal.html(texts[int(match[1])]), text)
