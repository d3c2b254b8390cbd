"""A risk matrix: likelihood against consequence, each risk as a numbered dot."""

from __future__ import annotations

import pandas as pd

from berattelse import literal
from berattelse.charts import finding, limits
from berattelse.charts.canvas import WIDTH_MM, Canvas
from berattelse.charts.chart import Chart, Rubrik, _PlainTable, shown_title, title_of, with_title
from berattelse.charts.letters import LINE_MM, text_mm, wrap
from berattelse.charts.panel import draw_title, title_mm
from berattelse.charts.theme import TEXT, contrast
from berattelse.missing import is_missing
from berattelse.text.numbers import rakneord
from berattelse.text.prose import lista

CELL_MM = 15.5
LEFT_MM = 13.0
BOTTOM_MM = 10.5
DOT_MM = 2.2
TINTS = ("#e4efe6", "#fbeec2", "#f3c6bb", "#dd9a90")
"""From the lowest level of risk to the highest; #1b1b1b on each has more than 7:1."""

Level = tuple[int, int, str]
"""Lowest and highest risk value, and what the level means."""


def risk_matrix(
    frame: pd.DataFrame,
    risk: str = "risk",
    sannolikhet: str = "sannolikhet",
    konsekvens: str = "konsekvens",
    thresholds: pd.DataFrame | None = None,
    alt: str | None = None,
    rubrik: Rubrik = None,
) -> Chart:
    """Draw the risks in a square of likelihood times consequence, with their names beside it.

    Args:
        frame: one row per risk, with whole numbers from 1; a risk without them is left out of
            the square and told in the text alternative.
        risk: column with the risk's name.
        sannolikhet: column with the likelihood.
        konsekvens: column with the consequence.
        thresholds: one row per level: `riskvarde_fran`, `riskvarde_till`, `niva`.
        alt: text alternative, else written from the numbers.
        rubrik: the finding, written over the drawing; None makes it from the numbers, False or
            an empty text leaves it out.

    Raises:
        DataError: there are more risks than a page can list.
    """
    if frame.empty:
        return Chart(None, "", _PlainTable(pd.DataFrame()))
    rows = [
        (str(name), int(likely), int(severe))
        for name, likely, severe in zip(
            frame[risk], frame[sannolikhet], frame[konsekvens], strict=True
        )
        if not is_missing(likely) and not is_missing(severe)
    ]
    levels: list[Level] = []
    if thresholds is not None and not thresholds.empty:
        levels = [
            (int(low), int(high), str(name))
            for low, high, name in zip(
                thresholds["riskvarde_fran"],
                thresholds["riskvarde_till"],
                thresholds["niva"],
                strict=True,
            )
        ]
    size = max([4, *(max(likely, severe) for _, likely, severe in rows)])
    table = pd.DataFrame(
        {
            "k": [name for name, _, _ in rows],
            "s": [likely for _, likely, _ in rows],
            "c": [severe for _, _, severe in rows],
            "v": [likely * severe for _, likely, severe in rows],
            "n": [_level(likely * severe, levels) for _, likely, severe in rows],
        }
    )
    heads = {"s": "Sannolikhet", "c": "Konsekvens", "v": "Riskvärde"}
    if levels:
        heads["n"] = "Nivå"
    rows = [(literal.short(literal.plain(name)), s, c) for name, s, c in rows]
    levels = [(low, high, literal.short(literal.plain(name))) for low, high, name in levels]
    data = _PlainTable(table, stub="k", columns=heads, totals=(), stub_label="Risk")
    limits.check_risks(len(rows))
    told = finding.risks([(name, s * c) for name, s, c in rows], len(frame))
    title = title_of(rubrik, told)
    text = with_title(title, _alt(rows, levels, len(frame))) if alt is None else alt
    return Chart(lambda: _draw(rows, levels, size, shown_title(title)), text, data, title)


def _level(value: int, levels: list[Level]) -> str:
    return next((name for low, high, name in levels if low <= value <= high), "")


def _alt(rows: list[tuple[str, int, int]], levels: list[Level], total: int) -> list[str]:
    count = f"{rakneord(total)} {'risk' if total == 1 else 'risker'}"
    sentences = [f"Riskmatris med {count} efter sannolikhet och konsekvens."]
    if rows:
        top = max(likely * severe for _, likely, severe in rows)
        names = [name for name, likely, severe in rows if likely * severe == top]
        if len(names) <= 3:
            sentences.append(f"Högst riskvärde, {top}, har {lista(names)}.")
        else:
            sentences.append(f"Högst riskvärde, {top}, har {rakneord(len(names))} risker.")
    counts = [
        (sum(low <= likely * severe <= high for _, likely, severe in rows), name)
        for low, high, name in levels
    ]
    parts = [f"{rakneord(n)} {'risk' if n == 1 else 'risker'} {name}" for n, name in counts if n]
    if parts:
        text = lista(reversed(parts))
        sentences.append(text[:1].upper() + text[1:] + ".")
    if len(rows) < total:
        sentences.append(f"För {rakneord(total - len(rows))} av riskerna saknas bedömning.")
    return sentences


def _draw(
    rows: list[tuple[str, int, int]], levels: list[Level], size: int, head: tuple[str, ...]
) -> Canvas:
    side = size * CELL_MM
    list_x = LEFT_MM + side + 7
    names = [wrap(name, WIDTH_MM - list_x - 7) for name, _, _ in rows]
    list_mm = sum(len(lines) * LINE_MM + 1.9 for lines in names) + 5.5
    legend_mm = (LINE_MM + 1.6) if levels else 0.0
    height = max(side + 3, list_mm) + BOTTOM_MM + legend_mm + title_mm(head)
    canvas = Canvas(height)
    draw_title(canvas, head)
    top = height - title_mm(head)
    bottom = top - side - 2
    _squares(canvas, levels, size, bottom)
    groups: dict[tuple[int, int], list[int]] = {}
    for number, (_, likely, severe) in enumerate(rows, start=1):
        groups.setdefault((likely, severe), []).append(number)
    for (likely, severe), numbers in groups.items():
        x, y = LEFT_MM + (severe - 0.5) * CELL_MM, bottom + (likely - 0.5) * CELL_MM
        _dots(canvas, x, y, numbers)
    y = top - 2
    canvas.text(list_x, y, "Risk", va="top", weight="semibold")
    y -= 5.5
    for number, lines in enumerate(names, start=1):
        canvas.circle(list_x + DOT_MM, y - 1.3, DOT_MM, canvas.theme.ink)
        canvas.text(
            list_x + DOT_MM,
            y - 1.3,
            str(number),
            ha="center",
            color=canvas.theme.ground,
            size=8,
            weight="semibold",
        )
        canvas.text(list_x + 7, y, lines, va="top")
        y -= len(lines) * LINE_MM + 1.9
    x = LEFT_MM
    for i, (low, high, name) in enumerate(levels):
        canvas.rect(x, 0.6, 6, LINE_MM, TINTS[_tint(i, len(levels))], edge=canvas.theme.muted)
        text = f"{low}–{high} {name}"
        canvas.text(x + 7.5, 0.6 + LINE_MM / 2, text)
        x += 7.5 + text_mm(text) + 6
    return canvas


def _tint(level: int, levels: int) -> int:
    """Spread the levels over the tints, lowest to highest."""
    return round(level * (len(TINTS) - 1) / max(levels - 1, 1)) if levels > len(TINTS) else level


def _squares(canvas: Canvas, levels: list[Level], size: int, bottom: float) -> None:
    for likely in range(1, size + 1):
        y = bottom + (likely - 1) * CELL_MM
        for severe in range(1, size + 1):
            value = likely * severe
            level = next((i for i, (low, high, _) in enumerate(levels) if low <= value <= high), 0)
            x = LEFT_MM + (severe - 1) * CELL_MM
            tint = TINTS[_tint(level, len(levels))] if levels else "#eef2f4"
            canvas.rect(x, y, CELL_MM, CELL_MM, tint, edge=canvas.theme.ground)
            pale = contrast(canvas.theme.muted, tint) < TEXT
            color = canvas.theme.ink if pale else canvas.theme.muted
            canvas.text(x + CELL_MM - 1.0, y + 1.9, str(value), ha="right", color=color, size=8)
        canvas.text(LEFT_MM - 2, y + CELL_MM / 2, str(likely), ha="right")
    for severe in range(1, size + 1):
        canvas.text(
            LEFT_MM + (severe - 0.5) * CELL_MM, bottom - 1.4, str(severe), ha="center", va="top"
        )
    middle = LEFT_MM + size * CELL_MM / 2
    canvas.text(middle, bottom - 5.6, "Konsekvens", ha="center", va="top", weight="semibold")
    canvas.text(
        3.2, bottom + size * CELL_MM / 2, "Sannolikhet", ha="center", weight="semibold", rotation=90
    )


def _dots(canvas: Canvas, x: float, y: float, numbers: list[int]) -> None:
    """Draw the risks of one square as numbered dots, at most three beside each other."""
    across = min(len(numbers), 3)
    for i, number in enumerate(numbers):
        row, column = divmod(i, 3)
        in_row = min(across, len(numbers) - row * 3)
        cx = x + (column - (in_row - 1) / 2) * (2 * DOT_MM + 0.5)
        cy = y + 2.6 - row * (2 * DOT_MM + 0.4) - (0 if len(numbers) > 3 else 1.6)
        canvas.circle(cx, cy, DOT_MM, canvas.theme.ink)
        canvas.text(
            cx, cy, str(number), ha="center", color=canvas.theme.ground, size=8, weight="semibold"
        )
