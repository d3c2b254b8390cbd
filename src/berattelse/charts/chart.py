"""A drawn chart with its text alternative and the numbers behind it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

import pandas as pd

from berattelse import literal
from berattelse.charts import letters
from berattelse.charts.canvas import WIDTH_MM, Canvas
from berattelse.charts.grid import Grid
from berattelse.tables import Table

Rubrik = str | Literal[False] | None
"""A title: written by hand, none (False or empty), or made from the numbers (None)."""
TITLE_LINES = 2


class Chart:
    """A chart; the last expression of a cell.

    Args:
        draw: makes the drawing; None for a chart without numbers, which shows nothing.
        alt: what the chart shows, in words.
        data: the numbers of the chart.
        rubrik: the finding that stands over the drawing; empty for none.
    """

    def __init__(
        self, draw: Callable[[], Canvas] | None, alt: str, data: Table, rubrik: str = ""
    ) -> None:
        self._draw = draw
        self.alt = alt
        """Text alternative in Swedish, one to five sentences."""
        self.rubrik = rubrik
        """The chart's title, in Swedish; empty for none."""
        self.data = data
        """The numbers behind the chart as a table."""
        self.width_mm = WIDTH_MM

    @cached_property
    def canvas(self) -> Canvas | None:
        """The drawing, made when it is first asked for."""
        return None if self._draw is None else self._draw()

    @cached_property
    def svg(self) -> str:
        """The drawing as SVG, its text as text; empty without numbers."""
        return "" if self.canvas is None else self.canvas.svg()

    @cached_property
    def png(self) -> bytes:
        """The drawing as PNG; empty without numbers."""
        return b"" if self.canvas is None else self.canvas.png()

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        if self.canvas is None:
            return {"text/plain": ""}, {}
        bundle = {
            "image/svg+xml": self.svg,
            "image/png": base64.b64encode(self.png).decode("ascii"),
            "text/plain": self.alt,
        }
        about = {
            "alt": self.alt,
            "data_html": self.data.html,
            "width_mm": self.width_mm,
            "height_mm": round(self.canvas.height_mm, 2),
        }
        return bundle, {"berattelse": about}

    def __repr__(self) -> str:
        return f"Chart({self.alt!r})"


def title_of(rubrik: Rubrik, told: Sequence[str]) -> str:
    """Return a chart's title: the author's, or the fullest sentence that has room.

    Args:
        rubrik: what the author says of the title.
        told: what may be said from the numbers, the fullest first.
    """
    if rubrik is None:
        return next((text for text in told if len(_title_lines(text)) <= TITLE_LINES), "")
    return literal.plain(str(rubrik or ""))


def _title_lines(title: str) -> list[str]:
    """Break a title to the sheet; two lines are made as even as they get."""
    if not title:
        return []
    widths = [WIDTH_MM * share for share in (1, 0.55, 0.65, 0.75, 0.85)]
    lines, *narrower = (
        letters.wrap(title, width, "semibold", letters.TITLE_SIZE) for width in widths
    )
    return next((even for even in narrower if len(lines) == len(even) == TITLE_LINES), lines)


def shown_title(title: str) -> tuple[str, ...]:
    """Return a title's lines; one by hand that is too long ends with an ellipsis."""
    lines = _title_lines(title)
    if len(lines) > TITLE_LINES:
        last = lines[TITLE_LINES - 1]
        lines[TITLE_LINES - 1 :] = [f"{last.rpartition(' ')[0] or last}…"]
    return tuple(lines)


def with_title(title: str, sentences: Sequence[str]) -> str:
    """Return the text alternative: what the title says, and then the chart."""
    end = "" if not title or title[-1] in ".!?…" else "."
    said = f"{title}{end}"
    return " ".join(filter(None, (said, *(text for text in sentences if text != said))))


class _PlainTable(Table):
    """The numbers behind a chart: one row of heads, so great_tables is not worth its 10 ms."""

    def _frame_parts(self, numeric: Mapping[Any, bool], notes: Sequence[str]) -> tuple[str, str]:
        heads = "".join(
            f'<th class="{"gt_right" if numeric[name] else "gt_left"}" scope="col">'
            f"{literal.html(label)}</th>"
            for name, label in self.columns.items()
        )
        width = len(self.columns) + 1
        rows = "".join(
            f'<tr><td class="gt_left" colspan="{width}">{literal.html(note)}</td></tr>'
            for note in notes
        )
        stub = f'<th class="gt_left" scope="col">{literal.html(self.stub_label)}</th>'
        return f"<thead><tr>{stub}{heads}</tr></thead>", f"<tfoot>{rows}</tfoot>" if rows else ""


def data_table(
    grid: Grid | None,
    stub_label: str,
    heading: str,
    extra: Mapping[str, Sequence[Any]] | None = None,
) -> Table:
    """Return the numbers of a chart as a table: categories down, series across.

    Args:
        grid: the numbers; None gives a table without rows.
        stub_label: what the categories are, such as "Period".
        heading: head of the only column when the series has no name.
        extra: further columns, such as the target: head -> one number per category.
    """
    if grid is None:
        return _PlainTable(pd.DataFrame(), stub_label=stub_label)
    frame = pd.DataFrame({"k": pd.Series(grid.labels, dtype=object)})
    heads: dict[str, str] = {}
    for i, (name, cells) in enumerate(zip(grid.series, grid.cells, strict=True)):
        heads[f"s{i}"] = name or heading
        frame[f"s{i}"] = pd.Series(list(cells), dtype=object)
    for i, (name, numbers) in enumerate((extra or {}).items()):
        heads[f"e{i}"] = name
        frame[f"e{i}"] = pd.Series(list(numbers), dtype=object)
    return _PlainTable(
        frame, stub="k", columns=heads, totals=(), format=grid.format, stub_label=stub_label
    )
