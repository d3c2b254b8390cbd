"""Line charts whose gaps stay gaps, and bars with a line over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from berattelse import literal
from berattelse.charts import alt as alt_text
from berattelse.charts import finding, limits
from berattelse.charts.canvas import DASHES, MARKERS, Canvas
from berattelse.charts.chart import Chart, Rubrik, data_table, shown_title, title_of, with_title
from berattelse.charts.grid import Formatter, Grid, long_grid, scale, wide_grid
from berattelse.charts.letters import LINE_MM, text_mm, widest, wrap
from berattelse.charts.multiples import Lines, draw_many
from berattelse.charts.panel import Key, Panel, axis_title, panel
from berattelse.charts.theme import current
from berattelse.missing import Missing, is_missing
from berattelse.text.numbers import tal
from berattelse.text.prose import stor

Name = tuple[float, list[str], str, tuple[int, float] | None]
"""A label beside the drawing: at which number, its lines, its colour, which point it names."""
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
    rubrik: Rubrik = None,
) -> Chart:
    """Draw lines over periods, one point per row of a long frame.

    Years and months are put in order, and an absent year keeps its place, empty. No line is
    drawn across a missing number. Each line has its name at its end. More than `limits.LINES`
    lines get a drawing each, with the others in grey behind.

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
        rubrik: the finding, written over the drawing; None makes it from the numbers, False or
            an empty text leaves it out.

    Raises:
        DataError: a column is not there, two rows claim the same point, or there are more lines
            than there is room for.
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
    limits.check_lines(len(grid.series))
    grid = grid.named
    what = literal.short(literal.plain(title_y or ""))
    title = title_of(rubrik, finding.lines(grid, what, goal))
    if alt is None:
        sentences = [
            alt_text.kind_sentence("Linjediagram", title_y or "", grid),
            *alt_text.line_sentences(grid),
            *(alt_text.target_sentences(grid, targets, last_only=True) if targets else ()),
        ]
        alt = with_title(title, sentences)
    many = len(grid.series) > limits.LINES
    drawing = Lines(grid, shown_title(title), axis_title(grid, title_y), goal, height_mm)
    return Chart(lambda: (draw_many if many else _draw_lines)(drawing), alt, data, title)


def _draw_lines(drawing: Lines) -> Canvas:
    grid, target, axis, theme = drawing.grid, drawing.target, drawing.scale, current()
    names: list[Name] = []
    # A single line without a name has its last number at its last point
    alone = len(grid.series) == 1 and not grid.series[0]
    for s, name in enumerate(grid.series):
        if (points := grid.points(s)) and not alone:
            last = grid.format(points[-1][1])
            text = wrap(f"{name} {last}", NAME_MM, "semibold") if name else [last]
            names.append((points[-1][1], text, theme.label(s), points[-1]))
    if target is not None:
        names.append((target, [f"Mål {grid.format(target)}"], theme.ink, None))
    right = max((widest(text, "semibold") + 3.8 for _, text, _, _ in names), default=0.5)
    p = panel(
        grid,
        axis,
        head=drawing.head,
        title=drawing.title,
        keys=(),
        right_mm=right,
        height_mm=drawing.height_mm,
    )
    canvas = p.canvas
    if target is not None:
        y = p.y(target)
        canvas.lines([[(p.left, y), (p.right, y)]], theme.ink, 1.2, (0, (4, 2)))
    for s in range(len(grid.series)):
        _draw_curve(p, grid.cells[s], s)
    _point_labels(p, grid, alone)
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
                p.canvas.theme.colour(index),
                marker=MARKERS[index % len(MARKERS)],
                dash=DASHES[index % len(DASHES)],
            )
            run = []


def _point_labels(p: Panel, grid: Grid, alone: bool) -> None:
    """Write the numbers at the points of a single line; of several lines at the first point.

    Args:
        p: where the lines are drawn.
        grid: the numbers.
        alone: the last number has no other place.
    """
    single = len(grid.series) == 1
    taken: list[float] = []
    for s in range(len(grid.series)):
        points = grid.points(s)
        shown = points[:-1] if single and len(grid.keys) <= 12 else points[:1]
        if alone:
            shown = list(dict.fromkeys([*shown, *points[-1:]]))
        elif len(points) < 2 or len(grid.series) > 3:
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
                color=p.canvas.theme.label(s),
                weight="semibold" if alone and i == points[-1][0] else "normal",
                plate=True,
            )


def _end_labels(p: Panel, names: Sequence[Name]) -> None:
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
                p.canvas.lines([[start, (x - 0.6, y)]], p.canvas.theme.axis, 0.5)
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
    rubrik: Rubrik = None,
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
        rubrik: the finding, written over the drawing; None makes it from the numbers, False or
            an empty text leaves it out.

    Raises:
        DataError: there are more series than can be told apart.
    """
    if frame.empty:
        return Chart(None, "", data_table(None, stor(x), ""))
    both = wide_grid(frame, x, {**bars, **lines}, unit=unit, format=format)
    data = data_table(both, stor(x), stor(both.unit))
    n = len(bars)
    limits.check_bars_and_lines(n, len(lines))
    both = both.named
    title = title_of(rubrik, finding.bars_and_lines(both, n))
    head = shown_title(title)
    if alt is None:
        of_bars = Grid(both.keys, both.series[:n], both.cells[:n], both.unit, both.format)
        of_lines = Grid(both.keys, both.series[n:], both.cells[n:], both.unit, both.format)
        sentences = [
            alt_text.kind_sentence("Stapel- och linjediagram", title_y or "", both),
            *alt_text.bar_sentences(of_bars)[:1],
            *alt_text.line_sentences(of_lines)[:2],
        ]
        alt = with_title(title, sentences)
    over = axis_title(both, title_y)
    return Chart(lambda: _draw_both(both, n, head, over, height_mm), alt, data, title)


def _draw_both(
    grid: Grid, n: int, head: tuple[str, ...], title: str, height_mm: float | None
) -> Canvas:
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
    p = panel(grid, axis, head=head, title=title, keys=keys, right_mm=right, height_mm=height_mm)
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
    names: list[Name] = []
    for s, look in enumerate(line_looks, start=n):
        _draw_curve(p, grid.cells[s], look)
        if points := grid.points(s):
            (at_end, number), color = points[-1], p.canvas.theme.label(look)
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
