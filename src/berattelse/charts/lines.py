"""Line charts whose gaps stay gaps, and bars with a line over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from berattelse.charts import alt as alt_text
from berattelse.charts.canvas import (
    AXIS,
    DASHES,
    INK,
    LINE_MM,
    MARKERS,
    PALETTE,
    Canvas,
    text_mm,
    widest,
    wrap,
)
from berattelse.charts.chart import Chart, data_table
from berattelse.charts.grid import Formatter, Grid, long_grid, scale, wide_grid
from berattelse.charts.panel import Key, Panel, axis_title, panel
from berattelse.missing import Missing, is_missing
from berattelse.text.numbers import tal
from berattelse.text.prose import stor

NAME_MM = 40.0
"""Widest name beside the end of a line."""
LINE_COLOR = 1
"""The line over bars takes the palette's second colour; the bars take the others."""


def line(
    frame: pd.DataFrame,
    x: str = "period",
    y: str = "varde",
    series: str | None = None,
    unit: str = "",
    target: float | None = None,
    format: Formatter = tal,
    title_y: str | None = None,
    order: Sequence[Any] | None = None,
    height_mm: float | None = None,
    alt: str | None = None,
) -> Chart:
    """Draw lines over periods, one point per row of a long frame.

    Years and months are put in order, and an absent year keeps its place, empty. No line is
    drawn across a missing number. Each line has its name at its end.

    Args:
        frame: one row per point.
        x: column with the periods.
        y: column with the numbers.
        series: column that tells the lines apart.
        unit: unit of the numbers, in words.
        target: a target, drawn as a broken line.
        format: writes the numbers.
        title_y: what is measured; stands over the axis and in the text alternative.
        order: periods in the order to draw them.
        height_mm: height of the drawing, else by its content.
        alt: text alternative, else written from the numbers.

    Raises:
        DataError: a column is not there, or two rows claim the same point.
    """
    if frame.empty:
        return Chart(None, "", data_table(None, stor(x), ""))
    grid = long_grid(
        frame, x, y, series, unit=unit, format=format, order=order, fill_years=order is None
    )
    goal = None if target is None or is_missing(target) else float(target)
    targets: tuple[float | Missing, ...] = () if goal is None else (goal,) * len(grid.keys)
    heading = title_y or stor(grid.unit) or stor(y)
    data = data_table(grid, stor(x), heading, {"Mål": targets} if targets else None)
    grid = grid.named
    if alt is None:
        sentences = [
            alt_text.kind_sentence("Linjediagram", title_y or "", grid),
            *alt_text.line_sentences(grid),
            *(alt_text.target_sentences(grid, targets, last_only=True) if targets else ()),
        ]
        alt = " ".join(sentences)
    return Chart(lambda: _draw_lines(grid, axis_title(grid, title_y), goal, height_mm), alt, data)


def _draw_lines(grid: Grid, title: str, target: float | None, height_mm: float | None) -> Canvas:
    numbers = grid.known + ([] if target is None else [target])
    # An axis that leaves out zero is for numbers that lie close together far from it
    close = bool(numbers) and 0.6 * max(numbers) < min(numbers)
    axis = scale(numbers, zero=not close, percent=grid.unit == "procent")
    names: list[tuple[float, list[str], str, tuple[int, float] | None]] = []
    for s, name in enumerate(grid.series):
        if points := grid.points(s):
            last = grid.format(points[-1][1])
            text = wrap(f"{name} {last}", NAME_MM, "semibold") if name else [last]
            names.append((points[-1][1], text, PALETTE[s % len(PALETTE)], points[-1]))
    if target is not None:
        names.append((target, [f"Mål {grid.format(target)}"], INK, None))
    right = max((widest(text, "semibold") for _, text, _, _ in names), default=0.0) + 3.8
    p = panel(grid, axis, title=title, keys=(), right_mm=right, height_mm=height_mm)
    canvas = p.canvas
    if target is not None:
        y = p.y(target)
        canvas.lines([[(p.left, y), (p.right, y)]], INK, 1.2, (0, (4, 2)))
    for s in range(len(grid.series)):
        _draw_curve(p, grid.cells[s], s)
    _point_labels(p, grid)
    _end_labels(p, names)
    return canvas


def _draw_curve(p: Panel, cells: Sequence[float | Missing], index: int) -> None:
    """Draw a line in as many runs as its gaps make."""
    run: list[tuple[float, float]] = []
    for i, number in enumerate([*cells, Missing()]):
        if not isinstance(number, Missing):
            run.append((p.x(i), p.y(number)))
        elif run:
            p.canvas.curve(
                run,
                PALETTE[index % len(PALETTE)],
                marker=MARKERS[index % len(MARKERS)],
                dash=DASHES[index % len(DASHES)],
            )
            run = []


def _point_labels(p: Panel, grid: Grid) -> None:
    """Write the numbers at the points of a single line; of several lines at the first point."""
    single = len(grid.series) == 1
    taken: list[float] = []
    for s in range(len(grid.series)):
        points = grid.points(s)
        shown = points[:-1] if single and len(grid.keys) <= 12 else points[:1]
        if len(points) < 2 or len(grid.series) > 3:
            continue
        for i, number in shown:
            # Below the point where the line comes from above or leaves upwards
            near = [n for at, n in points if abs(at - i) == 1]
            up = not (single and near and sum(near) / len(near) > number)
            y = p.y(number) + (1.6 if up else -1.6)
            if not single and any(abs(y - other) < LINE_MM for other in taken):
                continue
            taken.append(y)
            p.canvas.text(
                p.x(i),
                y,
                grid.format(number),
                ha="center",
                va="bottom" if up else "top",
                color=PALETTE[s % len(PALETTE)],
                plate=True,
            )


def _end_labels(
    p: Panel, names: Sequence[tuple[float, list[str], str, tuple[int, float] | None]]
) -> None:
    """Write the lines' names to the right, moved apart where they would lie on each other."""
    placed: list[tuple[float, float, list[str], str, tuple[int, float] | None]] = []
    for number, text, color, point in sorted(names, key=lambda name: -name[0]):
        half = len(text) * LINE_MM / 2
        y = p.y(number)
        if placed:
            y = min(y, placed[-1][0] - placed[-1][1] - half - 0.3)
        placed.append((y, half, text, color, point))
    # Pushed below the plot: move the lowest up again, and those above it as far as needed
    floor = p.bottom - 1
    for i in range(len(placed) - 1, -1, -1):
        y, half, text, color, point = placed[i]
        y = max(y, floor + half)
        placed[i] = (y, half, text, color, point)
        floor = y + half + 0.3
    for y, _, text, color, point in placed:
        x = p.right + 2.5
        if point is not None:
            start = (p.x(point[0]) + 1.4, p.y(point[1]))
            if abs(y - start[1]) > 1.5 or x - start[0] > p.slot:
                p.canvas.lines([[start, (x - 0.6, y)]], AXIS, 0.5)
        p.canvas.text(x, y, text, color=color, weight="semibold")


def bar_line(
    frame: pd.DataFrame,
    x: str,
    bars: Mapping[Any, str],
    lines: Mapping[Any, str],
    unit: str = "",
    format: Formatter = tal,
    title_y: str | None = None,
    height_mm: float | None = None,
    alt: str | None = None,
) -> Chart:
    """Draw bars with lines over them on one axis: the month's result and the accumulated one.

    Args:
        frame: wide: one row per period.
        x: column with the periods.
        bars: columns drawn as bars -> their names.
        lines: columns drawn as lines -> their names.
        unit: unit of all numbers, in words.
        format: writes the numbers.
        title_y: what is measured; stands over the axis and in the text alternative.
        height_mm: height of the drawing, else by its content.
        alt: text alternative, else written from the numbers.
    """
    if frame.empty:
        return Chart(None, "", data_table(None, stor(x), ""))
    both = wide_grid(frame, x, {**bars, **lines}, unit=unit, format=format)
    data = data_table(both, stor(x), stor(both.unit))
    both = both.named
    n = len(bars)
    if alt is None:
        of_bars = Grid(both.keys, both.series[:n], both.cells[:n], both.unit, both.format)
        of_lines = Grid(both.keys, both.series[n:], both.cells[n:], both.unit, both.format)
        sentences = [
            alt_text.kind_sentence("Stapel- och linjediagram", title_y or "", both),
            *alt_text.bar_sentences(of_bars)[:1],
            *alt_text.line_sentences(of_lines)[:2],
        ]
        alt = " ".join(sentences)
    return Chart(lambda: _draw_both(both, n, axis_title(both, title_y), height_mm), alt, data)


def _draw_both(grid: Grid, n: int, title: str, height_mm: float | None) -> Canvas:
    axis = scale(grid.known)
    # Bars and lines never share a look: lines begin with their own colour
    bar_looks = [i if i < LINE_COLOR else i + 1 for i in range(n)]
    line_looks = [LINE_COLOR, *range(n + 1, len(grid.series))][: len(grid.series) - n]
    keys = [Key(grid.series[s], "bar", look) for s, look in enumerate(bar_looks)]
    keys += [Key(grid.series[n + s], "line", look) for s, look in enumerate(line_looks)]
    ends = [
        grid.format(grid.points(s)[-1][1]) for s in range(n, len(grid.series)) if grid.points(s)
    ]
    right = widest(ends, "semibold") + 3.8
    p = panel(grid, axis, title=title, keys=keys, right_mm=right, height_mm=height_mm)
    thick = min(p.slot * 0.64 / max(n, 1), 14.0)
    labelled = n == 1 and max((text_mm(grid.format(c)) for c in grid.known), default=0) < p.slot - 1
    over = [grid.cells[n][i] if n < len(grid.cells) else Missing() for i in range(len(grid.keys))]
    for s, look in enumerate(bar_looks):
        for i, number in enumerate(grid.cells[s]):
            left = p.x(i) + (s - n / 2) * thick
            if isinstance(number, Missing):
                p.canvas.text(left + thick / 2, p.y(0) + 1.2, number.mark, ha="center", va="bottom")
                continue
            p.canvas.bar(left, p.y(0), thick, p.y(number) - p.y(0), look)
            at = p.y(number) + (2.2 if number >= 0 else -2.2)
            crossing = over[i]
            free = isinstance(crossing, Missing) or abs(p.y(crossing) - at) > 3.2
            if labelled and free:
                p.canvas.text(left + thick / 2, at, grid.format(number), ha="center")
    names: list[tuple[float, list[str], str, tuple[int, float] | None]] = []
    for s, look in enumerate(line_looks, start=n):
        _draw_curve(p, grid.cells[s], look)
        if points := grid.points(s):
            (at_end, number), color = points[-1], PALETTE[look % len(PALETTE)]
            if at_end == len(grid.keys) - 1:
                names.append((number, [grid.format(number)], color, points[-1]))
            else:
                p.canvas.text(
                    p.x(at_end),
                    p.y(number) + 2,
                    grid.format(number),
                    ha="center",
                    va="bottom",
                    color=color,
                    weight="semibold",
                    plate=True,
                )
    _end_labels(p, names)
    return p.canvas
