"""How much one chart may hold: what an eye can compare, and what has room on a page.

Beyond a limit a chart takes a better form by itself where there is one (lying bars, a drawing per
line); else it is refused, with what to do instead. It never gets a rainbow of colours.
"""

from __future__ import annotations

from berattelse.charts.grid import Grid, in_time
from berattelse.errors import DataError

SERIES = 6
"""Series of bars: each has a colour and a fill of its own, and there are six of each."""
CATEGORIES, CATEGORY_BARS = 18, 36
"""Categories, and bars for them: a page of lying bars."""
PERIODS, PERIOD_BARS = 36, 72
"""Periods, and bars for them: three years of months, of two series."""
LINES = 5
"""Lines in one drawing; more get a drawing each."""
DRAWINGS = 12
"""Small drawings of one line each: four rows of three."""
PAGE_MM = 225.0
"""Height that a page has for a chart and its caption."""
RISKS = 30
"""Risks in a list beside the matrix: a page."""


def check_bars(grid: Grid, stacked: bool) -> None:
    """Refuse bars that nobody can compare.

    Raises:
        DataError: too many series or bars; all that is wrong is told.
    """
    series, categories = len(grid.series), len(grid.keys)
    if series > SERIES:
        raise DataError(
            f"Diagrammet har {series} serier; fler än {SERIES} går inte att skilja åt.",
            remedy="Slå ihop de minsta till «Övriga», eller dela upp i flera diagram.",
        )
    bars = categories if stacked else categories * series
    periods = in_time(grid.keys)
    most, most_bars = (PERIODS, PERIOD_BARS) if periods else (CATEGORIES, CATEGORY_BARS)
    if categories > most or bars > most_bars:
        raise DataError(
            f"Diagrammet har {bars} staplar för {categories} {'perioder' if periods else 'namn'}; "
            f"högst {most_bars} staplar och {most} {'perioder' if periods else 'namn'} går att "
            "jämföra.",
            remedy="Rita linjer med line()."
            if periods
            else "Ta med de största och visa alla i en tabell.",
        )


def check_lines(series: int) -> None:
    """Refuse more lines than there is room for, even in drawings of their own.

    Raises:
        DataError: too many lines.
    """
    if series > DRAWINGS:
        raise DataError(
            f"Diagrammet har {series} linjer; högst {DRAWINGS} får plats.",
            remedy="Välj de linjer som texten handlar om, och visa alla i en tabell.",
        )


def check_bars_and_lines(bars: int, lines: int) -> None:
    """Refuse bars and lines that share too few looks.

    Raises:
        DataError: too many series.
    """
    if bars + lines > SERIES:
        raise DataError(
            f"Diagrammet har {bars} stapelserier och {lines} linjer; tillsammans får de vara "
            f"högst {SERIES}.",
            remedy="Dela upp i två diagram.",
        )


def check_risks(risks: int) -> None:
    """Refuse a matrix whose list is longer than a page.

    Raises:
        DataError: too many risks.
    """
    if risks > RISKS:
        raise DataError(
            f"Riskmatrisen har {risks} risker; högst {RISKS} får plats.",
            remedy="Ta med dem med högst riskvärde, och visa alla i en tabell.",
        )
