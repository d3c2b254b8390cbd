"""Many lines: a small drawing for each, all on the same axis, with the others in grey behind."""

from __future__ import annotations

from dataclasses import dataclass

from berattelse.charts.canvas import WIDTH_MM, Canvas
from berattelse.charts.grid import Grid, Scale, category_lines, scale, tick_texts
from berattelse.charts.letters import LINE_MM, text_mm, wrap
from berattelse.charts.panel import draw_title, left_margin, title_mm
from berattelse.missing import Missing

ACROSS = 3
GAP_MM = 6.0
PLOT_MM = 26.0
"""Height of each drawing's plotting area."""
NAME_LINES = 2


@dataclass(frozen=True)
class Lines:
    """What is drawn of lines over periods."""

    grid: Grid
    head: tuple[str, ...]
    """Lines of the chart's title."""
    title: str
    """What stands over the value axis."""
    target: float | None
    height_mm: float | None

    @property
    def scale(self) -> Scale:
        """The value axis that holds all lines and the target."""
        numbers = self.grid.known + ([] if self.target is None else [self.target])
        # An axis that leaves out zero is for numbers that lie close together far from it
        close = bool(numbers) and 0.6 * max(numbers) < min(numbers)
        return scale(numbers, zero=not close, percent=self.grid.unit == "procent")


def draw_many(lines: Lines) -> Canvas:
    """Draw each line by itself, three drawings beside each other."""
    grid, axis = lines.grid, lines.scale
    left = left_margin(axis, grid.format)
    wide = (WIDTH_MM - left - (ACROSS - 1) * GAP_MM) / ACROSS
    names = [_name(grid, s, wide) for s in range(len(grid.series))]
    rows = -(-len(names) // ACROSS)
    name_mm = max(len(name) for name in names) * LINE_MM + 1.6
    below = max(len(texts) for texts in category_lines(grid.keys)) * LINE_MM + 4.6
    above = title_mm(lines.head) + (LINE_MM + 1.5 if lines.title else 0.0)
    target_mm = 0.0 if lines.target is None else LINE_MM + 1.0
    height = lines.height_mm or above + target_mm + rows * (name_mm + PLOT_MM + below)
    plot = (height - above - target_mm) / rows - name_mm - below
    canvas = Canvas(height)
    draw_title(canvas, lines.head)
    if lines.title:
        canvas.text(0, height - title_mm(lines.head) - 2.2, lines.title, color=canvas.theme.muted)
    for s, name in enumerate(names):
        row, column = divmod(s, ACROSS)
        x = left + column * (wide + GAP_MM)
        top = height - above - row * (name_mm + plot + below)
        canvas.text(x, top - 0.6, name, va="top", weight="semibold")
        place = _Place(canvas, lines, axis, x, wide, top - name_mm - plot, plot)
        place.draw(s, ticks=column == 0)
    if lines.target is not None:
        _target_key(canvas, grid.format(lines.target))
    return canvas


def _name(grid: Grid, series: int, width_mm: float) -> list[str]:
    """Return a line's name and last number, shortened to its room."""
    points = grid.points(series)
    last = f" {grid.format(points[-1][1])}" if points else ""
    lines = wrap(f"{grid.series[series]}{last}", width_mm, "semibold")
    if len(lines) <= NAME_LINES:
        return lines
    words = lines[1]
    while words and text_mm(f"{words}…{last}", "semibold") > width_mm:
        words = words[:-1].rstrip()
    return [lines[0], f"{words}…{last}"]


def _target_key(canvas: Canvas, number: str) -> None:
    canvas.lines([[(0, 1.9), (7, 1.9)]], canvas.theme.ink, 1.2, (0, (4, 2)))
    canvas.text(8.5, 1.9, f"Mål {number}")


@dataclass(frozen=True)
class _Place:
    """Where one of the drawings is, in millimetres."""

    canvas: Canvas
    lines: Lines
    axis: Scale
    x: float
    wide: float
    bottom: float
    tall: float

    def at(self, position: int, number: float) -> tuple[float, float]:
        slot = self.wide / len(self.lines.grid.keys)
        y = self.bottom + self.axis.at(number) * self.tall
        return self.x + (position + 0.5) * slot, y

    def draw(self, series: int, *, ticks: bool) -> None:
        """Draw one line in colour and the others in grey, with numbers on the axis or without."""
        canvas, grid, theme = self.canvas, self.lines.grid, self.canvas.theme
        heights = [self.at(0, tick)[1] for tick in self.axis.ticks]
        end = self.x + self.wide
        canvas.lines([[(self.x, y), (end, y)] for y in heights])
        if 0 in self.axis.ticks:
            y = self.at(0, 0)[1]
            canvas.lines([[(self.x, y), (end, y)]], theme.axis, 0.9)
        if ticks:
            texts = tick_texts(self.axis.ticks, grid.format)
            for y, text in zip(heights, texts, strict=True):
                canvas.text(self.x - 1.6, y, text, ha="right", color=theme.muted)
        if self.lines.target is not None:
            y = self.at(0, self.lines.target)[1]
            canvas.lines([[(self.x, y), (end, y)]], theme.ink, 1.0, (0, (4, 2)))
        behind = [
            run for s in range(len(grid.series)) if s != series for run in self._runs(s) if run[1:]
        ]
        if behind:
            canvas.lines(behind, theme.grid, 1.0)
        for run in self._runs(series):
            canvas.curve(run, theme.colour(0), width=1.8)
        self._labels()

    def _runs(self, series: int) -> list[list[tuple[float, float]]]:
        """Return a line's points, divided at its gaps."""
        runs: list[list[tuple[float, float]]] = [[]]
        for i, cell in enumerate(self.lines.grid.cells[series]):
            if isinstance(cell, Missing):
                runs.append([])
            else:
                runs[-1].append(self.at(i, cell))
        return [run for run in runs if run]

    def _labels(self) -> None:
        """Write the first and the last period."""
        texts = category_lines(self.lines.grid.keys)
        y = self.bottom - 1.6
        self.canvas.text(self.x, y, texts[0], va="top")
        if len(texts) > 1:
            self.canvas.text(self.x + self.wide, y, texts[-1], ha="right", va="top")
