"""The common parts of charts with a vertical value axis: grid, ticks, categories, legend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from berattelse.charts.canvas import DASHES, MARKERS, WIDTH_MM, Canvas
from berattelse.charts.grid import Formatter, Grid, Scale, category_lines, tick_texts
from berattelse.charts.letters import LINE_MM, SIZE, TITLE_SIZE, text_mm, widest, wrap
from berattelse.text.prose import stor

LEGEND_GAP_MM = 5.0
SWATCH_MM = 5.0
PLOT_MM = 58.0
"""Height of the plotting area where the height is not asked for."""


@dataclass(frozen=True)
class Key:
    """An entry of the legend."""

    text: str
    kind: str
    """"bar", "line", "target" (lying mark) or "goal" (standing mark)."""
    index: int
    """Which colour, pattern and marker."""


def title_mm(lines: Sequence[str]) -> float:
    """Return the room that a chart's title takes."""
    return len(lines) * LINE_MM * TITLE_SIZE / SIZE + 3.0 if lines else 0.0


def draw_title(canvas: Canvas, lines: Sequence[str]) -> None:
    """Write the chart's title at the top of the sheet."""
    # Room for the ring of an Å
    canvas.text(0, canvas.height_mm - 1.1, lines, va="top", weight="semibold", size=TITLE_SIZE)


def axis_title(grid: Grid, title_y: str | None) -> str:
    """Return what stands over the value axis: what is measured, and its unit."""
    unit = grid.unit
    if not title_y:
        # Abbreviations keep their small letters
        return unit if unit in ("kr", "tkr", "mnkr") or "/" in unit else stor(unit)
    return title_y if not unit or unit in title_y.lower() else f"{title_y}, {unit}"


def legend_rows(keys: Sequence[Key]) -> list[list[Key]]:
    """Break the legend into rows that fit the sheet."""
    rows: list[list[Key]] = []
    room = 0.0
    for key in keys:
        need = SWATCH_MM + 1.5 + text_mm(key.text) + LEGEND_GAP_MM
        if not rows or need > room:
            rows.append([])
            room = WIDTH_MM
        rows[-1].append(key)
        room -= need
    return rows


def draw_legend(canvas: Canvas, rows: Sequence[Sequence[Key]], top: float) -> None:
    """Draw the legend's rows downwards from `top`."""
    for i, row in enumerate(rows):
        x, y = 0.0, top - (i + 0.5) * (LINE_MM + 1)
        for key in row:
            color = canvas.theme.colour(key.index)
            if key.kind == "bar":
                canvas.bar(x, y - 1.4, SWATCH_MM, 2.8, key.index)
            elif key.kind == "line":
                ends = [(x, y), (x + SWATCH_MM / 2, y), (x + SWATCH_MM, y)]
                canvas.lines([[ends[0], ends[2]]], color, 1.6, DASHES[key.index % len(DASHES)])
                canvas.curve(ends[1:2], color, marker=MARKERS[key.index % len(MARKERS)])
            elif key.kind == "goal":
                canvas.lines([[(x + 2.5, y - 1.7), (x + 2.5, y + 1.7)]], canvas.theme.ink, 1.4)
            else:
                canvas.lines([[(x, y), (x + SWATCH_MM, y)]], canvas.theme.ink, 1.4)
            canvas.text(x + SWATCH_MM + 1.5, y, key.text)
            x += SWATCH_MM + 1.5 + text_mm(key.text) + LEGEND_GAP_MM


@dataclass(frozen=True)
class Panel:
    """A plotting area on its sheet, with grid, ticks and categories drawn."""

    canvas: Canvas
    left: float
    right: float
    bottom: float
    top: float
    scale: Scale
    slots: int

    @property
    def slot(self) -> float:
        """Width of a category in millimetres."""
        return (self.right - self.left) / self.slots

    def x(self, position: float) -> float:
        """Return the middle of the category at `position`, counted from 0."""
        return self.left + (position + 0.5) * self.slot

    def y(self, number: float) -> float:
        """Return the height of a number in millimetres from the sheet's lower edge."""
        return self.bottom + self.scale.at(number) * (self.top - self.bottom)


def category_texts(keys: Sequence[str], slot_mm: float) -> list[list[str]]:
    """Break the categories' labels to their slots; drop every second until they fit."""
    texts = category_lines(keys)
    if any(len(lines) > 1 for lines in texts):
        # Months of several years: as many as fit, counted from the first
        need = max(widest(lines) for lines in texts) + 1.0
        every = next(n for n in (1, 2, 3, 4, 6, 12, len(keys)) if need <= slot_mm * n or n > 11)
        return [lines if i % every == 0 else [""] for i, lines in enumerate(texts)]
    wrapped = [wrap(lines[0], slot_mm - 1.5) for lines in texts]
    if len(keys) > 12:
        every = 1
        need = max(widest(lines) for lines in wrapped) + 1.5
        while need > slot_mm * every:
            every += 1
        wrapped = [lines if i % every == 0 else [""] for i, lines in enumerate(wrapped)]
    return wrapped


def left_margin(scale: Scale, format: Formatter) -> float:
    """Return the room that the tick labels need left of the plotting area."""
    return widest(tick_texts(scale.ticks, format)) + 2.0


def panel(
    grid: Grid,
    scale: Scale,
    *,
    head: Sequence[str],
    title: str,
    keys: Sequence[Key],
    right_mm: float,
    height_mm: float | None,
    format: Formatter | None = None,
    slots: Callable[[float], list[list[str]]] | None = None,
) -> Panel:
    """Lay out the sheet and draw all but the data.

    Args:
        grid: the numbers.
        scale: the value axis.
        head: lines of the chart's title.
        title: what stands over the axis.
        keys: entries of the legend, none for no legend.
        right_mm: room to the right of the plotting area, for direct labels.
        height_mm: height of the sheet; left out, the plotting area gets `PLOT_MM`.
        format: writes the ticks, if not as the numbers.
        slots: breaks the categories' labels for a slot width.
    """
    format = format or grid.format
    left = left_margin(scale, format)
    right = WIDTH_MM - right_mm
    slot = (right - left) / len(grid.keys)
    labels = slots(slot) if slots else category_texts(grid.keys, slot)
    below = max(len(lines) for lines in labels) * LINE_MM + 2.4
    rows = legend_rows(keys)
    above = len(rows) * (LINE_MM + 1) + (1.5 if rows else 0) + (LINE_MM + 3.8 if title else 3.5)
    above += title_mm(head)
    height = height_mm or below + PLOT_MM + above
    canvas = Canvas(height)
    draw_title(canvas, head)
    p = Panel(canvas, left, right, below, height - above, scale, len(grid.keys))
    if rows:
        draw_legend(canvas, rows, height - title_mm(head))
    if title:
        canvas.text(0, p.top + 5.0, title, color=canvas.theme.muted)
    canvas.lines([[(left, p.y(t)), (right, p.y(t))] for t in scale.ticks])
    for tick, text in zip(scale.ticks, tick_texts(scale.ticks, format), strict=True):
        canvas.text(left - 1.6, p.y(tick), text, ha="right", color=canvas.theme.muted)
    if 0 in scale.ticks:
        canvas.lines([[(left, p.y(0)), (right, p.y(0))]], canvas.theme.axis, 0.9)
    for i, lines in enumerate(labels):
        canvas.text(p.x(i), p.bottom - 1.6, lines, ha="center", va="top")
    return p
