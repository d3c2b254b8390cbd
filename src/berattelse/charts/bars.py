"""Bar charts: upright and lying, grouped and stacked, with targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from berattelse import literal
from berattelse.charts import alt as alt_text
from berattelse.charts import finding, limits
from berattelse.charts.canvas import WIDTH_MM, Canvas
from berattelse.charts.chart import Chart, Rubrik, data_table, shown_title, title_of, with_title
from berattelse.charts.grid import Formatter, Grid, Scale, cell, long_grid, scale
from berattelse.charts.letters import LINE_MM, text_mm, widest, wrap
from berattelse.charts.panel import (
    Key,
    axis_title,
    category_texts,
    draw_legend,
    draw_title,
    left_margin,
    legend_rows,
    panel,
    title_mm,
)
from berattelse.errors import DataError
from berattelse.missing import Missing, is_missing
from berattelse.text.numbers import tal
from berattelse.text.prose import stor

BAR_MM = 4.2
"""Thickness of a lying bar."""
LABEL_MM = 62.0
"""Widest label beside a lying bar."""
ROOM_MM = 25.0
"""What title, legend and axis take of a page."""
MAX_LINES = 3
"""More lines than this under an upright bar, and the bars lie down instead."""


@dataclass(frozen=True)
class _Bars:
    """What the drawing functions need."""

    grid: Grid
    stacked: bool
    targets: tuple[float | Missing, ...] | None
    common: float | None
    """The target when it is the same for all."""
    head: tuple[str, ...]
    """Lines of the chart's title."""
    title: str
    """What stands over the value axis."""
    height_mm: float | None
    lying: bool = False

    @property
    def keys(self) -> list[Key]:
        keys = [Key(name, "bar", i) for i, name in enumerate(self.grid.series) if name]
        if self.targets is not None and self.common is None:
            keys.append(Key("Mål", "goal" if self.lying else "target", 0))
        return keys

    @property
    def extent(self) -> list[float]:
        """The numbers that the axis must hold; for stacks the sums."""
        numbers = self.grid.known
        if self.stacked:
            columns = list(zip(*self.grid.cells, strict=True))
            known = [[c for c in column if not isinstance(c, Missing)] for column in columns]
            numbers = [sum(c for c in column if c > 0) for column in known]
            numbers += [sum(c for c in column if c < 0) for column in known]
        return numbers + [t for t in self.targets or () if not isinstance(t, Missing)]

    @property
    def scale(self) -> Scale:
        return scale(self.extent, percent=self.grid.unit == "procent")


def bar(
    frame: pd.DataFrame,
    x: str = "kategori",
    y: str = "varde",
    series: str | None = None,
    stacked: bool = False,
    horizontal: bool = False,
    target: float | str | None = None,
    unit: str = "procent",
    format: Formatter = tal,
    title_y: str | None = None,
    order: Sequence[Any] | None = None,
    height_mm: float | None = None,
    alt: str | None = None,
    rubrik: Rubrik = None,
) -> Chart:
    """Draw bars, one per row of a long frame.

    Labels that do not fit under upright bars lay the bars down.

    Args:
        frame: one row per bar.
        x: column with the categories.
        y: column with the numbers; a missing one is marked where its bar would stand.
        series: column that tells the bars of a category apart.
        stacked: pile the series of a category instead of standing side by side.
        horizontal: lying bars, for long labels.
        target: a target for all, or the column with each category's target.
        unit: unit of the numbers, in words.
        format: writes the numbers.
        title_y: what is measured; stands over the axis and in the text alternative.
        order: categories in the order to draw them, else as in the frame.
        height_mm: height of the drawing, else by its content.
        alt: text alternative, else written from the numbers.
        rubrik: the finding, written over the drawing; None makes it from the numbers, False or
            an empty text leaves it out.

    Raises:
        DataError: a column is not there, two rows claim the same bar, or there are more bars or
            series than can be compared.
    """
    if frame.empty:
        return Chart(None, "", data_table(None, stor(x), ""))
    grid = long_grid(frame, x, y, series, unit=unit, format=format, order=order)
    targets = _targets(frame, x, target, grid)
    known = {t for t in targets or () if not isinstance(t, Missing)}
    common = known.pop() if len(known) == 1 and not isinstance(target, str) else None
    data = data_table(
        grid,
        stor(x),
        title_y or stor(grid.unit) or stor(y),
        {"Mål": targets} if targets is not None else None,
    )
    limits.check_bars(grid, stacked)
    grid = grid.named
    what = literal.short(literal.plain(title_y or ""))
    title = title_of(rubrik, finding.bars(grid, what, stacked, targets))
    bars = _Bars(
        grid, stacked, targets, common, shown_title(title), axis_title(grid, title_y), height_mm
    )
    bars = replace(bars, lying=horizontal or not _fits(bars))
    if alt is None:
        kind = "Staplat stapeldiagram" if stacked else "Stapeldiagram"
        sentences = [
            alt_text.kind_sentence(kind, title_y or "", grid),
            *alt_text.bar_sentences(grid),
            *([] if targets is None or stacked else alt_text.target_sentences(grid, targets)),
        ]
        alt = with_title(title, sentences)
    return Chart(lambda: (_lying if bars.lying else _upright)(bars), alt, data, title)


def _targets(
    frame: pd.DataFrame, x: str, target: float | str | None, grid: Grid
) -> tuple[float | Missing, ...] | None:
    if is_missing(target) or target is None:
        return None
    if not isinstance(target, str):
        return (float(target),) * len(grid.keys)
    if target not in frame.columns:
        raise DataError(f"Kolumnen «{target}» finns inte.", remedy="target: kolumn eller tal.")
    goals = long_grid(
        frame.drop_duplicates([x, target]), x, target, None, unit="", format=tal, order=grid.keys
    )
    by_key = dict(zip(goals.keys, goals.cells[0], strict=True))
    return tuple(cell(by_key.get(key)) for key in grid.keys)


def _right_mm(bars: _Bars) -> float:
    return 0.5 if bars.common is None else text_mm(_target_text(bars)) + 2.0


def _target_text(bars: _Bars) -> str:
    return f"Mål {bars.grid.format(bars.common)}"


def _fits(bars: _Bars) -> bool:
    keys = bars.grid.keys
    left = left_margin(bars.scale, bars.grid.format)
    slot = (WIDTH_MM - left - _right_mm(bars)) / len(keys)
    texts = category_texts(keys, slot)
    if len(keys) > 12:
        return all(len(lines) <= MAX_LINES for lines in texts)
    return all(len(lines) <= MAX_LINES and widest(lines) <= slot - 1 for lines in texts)


def _upright(bars: _Bars) -> Canvas:
    grid = bars.grid
    p = panel(
        grid,
        bars.scale,
        head=bars.head,
        title=bars.title,
        keys=bars.keys,
        right_mm=_right_mm(bars),
        height_mm=bars.height_mm,
    )
    canvas, beside = p.canvas, 1 if bars.stacked else len(grid.series)
    thick = min(p.slot * 0.74 / beside, 16.0)
    texts = [grid.format(c) for c in grid.known]
    labelled = widest(texts) <= thick + (0.4 if beside > 1 else p.slot - thick - 1)
    ends = [[p.y(0)] * len(grid.keys), [p.y(0)] * len(grid.keys)]
    common = () if bars.common is None else (bars.common,)
    if bars.common is not None:
        y = p.y(bars.common)
        canvas.text(p.right + 1.2, y, _target_text(bars), weight="semibold")
    for s, row in enumerate(grid.cells):
        for i, number in enumerate(row):
            x = p.x(i) + ((s - beside / 2) * thick if not bars.stacked else -thick / 2)
            if isinstance(number, Missing):
                if not bars.stacked:
                    canvas.text(
                        x + thick / 2,
                        p.y(0) + 1.2,
                        number.mark,
                        ha="center",
                        va="bottom",
                        color=canvas.theme.muted,
                    )
                continue
            base = ends[number < 0][i] if bars.stacked else p.y(0)
            tall = p.y(number) - p.y(0)
            if tall or not bars.stacked:  # a pile's zero would leave its outline
                canvas.bar(x, base, thick, tall, s)
            if bars.stacked:
                ends[number < 0][i] += tall
                if abs(tall) > LINE_MM + 0.6 and text_mm(grid.format(number)) < thick - 1.5:
                    canvas.bar_text(x + thick / 2, base + tall / 2, grid.format(number), s)
            elif labelled:
                up = number >= 0
                y = base + tall + (0.9 if up else -0.9)
                crossed = [p.y(line) for line in (*p.scale.ticks, *common)]
                canvas.text(
                    x + thick / 2,
                    y,
                    grid.format(number),
                    ha="center",
                    va="bottom" if up else "top",
                    plate=any(abs(line - (y + (1.2 if up else -1.2))) < 1.5 for line in crossed),
                )
    if bars.stacked:
        for i, mark in _hidden_parts(grid):
            canvas.text(
                p.x(i), ends[0][i] + 0.9, mark, ha="center", va="bottom", color=canvas.theme.muted
            )
    if bars.common is not None:
        y = p.y(bars.common)
        canvas.lines([[(p.left, y), (p.right, y)]], canvas.theme.ink, 1.2, (0, (4, 2)))
    elif bars.targets is not None:
        reach = max(thick * beside / 2 + 1.2, 4)
        canvas.lines(
            [
                [(p.x(i) - reach, p.y(t)), (p.x(i) + reach, p.y(t))]
                for i, t in enumerate(bars.targets)
                if not isinstance(t, Missing)
            ],
            canvas.theme.ink,
            1.4,
        )
    return canvas


def _hidden_parts(grid: Grid) -> list[tuple[int, str]]:
    """Return where a pile lacks hidden parts, with the mark that tells it: it is no whole."""
    mark = Missing("skyddad").mark
    marks = []
    for i, pile in enumerate(zip(*grid.cells, strict=True)):
        if any(isinstance(part, Missing) and part.mark == mark for part in pile):
            seen = any(part for part in pile)  # what is missing is false, as is zero
            marks.append((i, f"+ {mark}" if seen else mark))
    return marks


def _lying_text(
    canvas: Canvas, end: float, y: float, text: str, right: bool, lines_at: Sequence[float]
) -> None:
    """Write a number beyond its bar's end, and beyond a target that stands there."""
    side = 1 if right else -1
    x = end + side * 1.2
    reach = text_mm(text) + 1.0
    if any(-0.8 < side * (line - x) < reach for line in lines_at):
        x = max(side * line for line in lines_at) * side + side * 1.2
    canvas.text(x, y, text, ha="left" if right else "right")


def _row_mm(lines: Sequence[str], bars_mm: float) -> float:
    return max(len(lines) * LINE_MM, bars_mm) + 2.6


def _shorter(lines: Sequence[str]) -> list[str]:
    """Cut a name to two lines; the numbers behind the chart have it whole."""
    if len(lines) <= 2:
        return list(lines)
    second = lines[1]
    while text_mm(f"{second}…") > LABEL_MM:
        second = second[:-1].rstrip()
    return [lines[0], f"{second}…"]


def _lying(bars: _Bars) -> Canvas:
    grid = bars.grid
    beside = 1 if bars.stacked else len(grid.series)
    thick = BAR_MM if beside > 1 else BAR_MM + 0.8
    labels = [wrap(label, LABEL_MM) for label in grid.labels]
    if sum(_row_mm(lines, thick * beside) for lines in labels) > limits.PAGE_MM - ROOM_MM:
        labels = [_shorter(lines) for lines in labels]
    left = max(widest(lines) for lines in labels) + 2.0
    axis = bars.scale
    room = max((text_mm(grid.format(c)) for c in grid.known), default=0.0) + 4.0
    before = room if axis.low < 0 and not bars.stacked else 0.0
    right = WIDTH_MM - (0.5 if bars.stacked else room)
    tall = [_row_mm(lines, thick * beside) for lines in labels]
    rows = legend_rows(bars.keys)
    above = len(rows) * (LINE_MM + 1) + (1.5 if rows else 0.0)
    headed = bool(bars.title) or bars.common is not None
    above += LINE_MM + 1.5 if headed else 0.5
    above += title_mm(bars.head)
    height = bars.height_mm or above + sum(tall) + 0.8
    stretch = (height - above - 0.8) / sum(tall)
    canvas = Canvas(height)
    draw_title(canvas, bars.head)
    draw_legend(canvas, rows, height - title_mm(bars.head))

    def at(number: float) -> float:
        return left + before + axis.at(number) * (right - left - before)

    top = height - above
    if bars.title:
        canvas.text(0, top + 2.4, bars.title, color=canvas.theme.muted)
    y = top
    for i, lines in enumerate(labels):
        row_mm = tall[i] * stretch
        middle = y - row_mm / 2
        canvas.text(left - 2.0, middle, lines, ha="right")
        ends = [at(0), at(0)]
        goal = bars.targets[i] if bars.targets is not None else Missing()
        lines_at = [] if isinstance(goal, Missing) else [at(goal)]
        for s, row in enumerate(grid.cells):
            low = middle - thick / 2 if bars.stacked else middle + (beside / 2 - s - 1) * thick
            number = row[i]
            if isinstance(number, Missing):
                if not bars.stacked:
                    canvas.text(at(0) + 1.2, low + thick / 2, str(number), color=canvas.theme.muted)
                continue
            wide = at(number) - at(0)
            base = ends[number < 0] if bars.stacked else at(0)
            if wide or not bars.stacked:
                canvas.bar(base, low, wide, thick, s)
            text = grid.format(number)
            if bars.stacked:
                ends[number < 0] += wide
                if text_mm(text, "semibold") < abs(wide) - 2:
                    canvas.bar_text(base + wide / 2, low + thick / 2, text, s)
            else:
                _lying_text(canvas, base + wide, low + thick / 2, text, number >= 0, lines_at)
        if bars.stacked and i in (hidden := dict(_hidden_parts(grid))):
            canvas.text(ends[0] + 1.2, middle, hidden[i], color=canvas.theme.muted)
        if bars.common is None and not isinstance(goal, Missing):
            reach = max(thick * beside / 2 + 0.9, 3)
            canvas.lines(
                [[(at(goal), middle - reach), (at(goal), middle + reach)]], canvas.theme.ink, 1.4
            )
        y -= row_mm
    canvas.lines([[(at(0), y), (at(0), top)]], canvas.theme.axis, 0.9)
    if bars.common is not None:
        text = _target_text(bars)
        x = at(bars.common)
        canvas.lines([[(x, y), (x, top + 0.6)]], canvas.theme.ink, 1.2, (0, (4, 2)))
        canvas.text(
            min(x, WIDTH_MM - text_mm(text, "semibold") / 2),
            top + 2.6,
            text,
            ha="center",
            weight="semibold",
        )
    return canvas
