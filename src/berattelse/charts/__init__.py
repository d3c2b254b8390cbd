"""Charts for print, screen and screen readers: `bar`, `line`, `bar_line`, `risk_matrix`."""

from berattelse.charts.bars import bar
from berattelse.charts.chart import Chart
from berattelse.charts.lines import bar_line, line
from berattelse.charts.risk import risk_matrix

__all__ = ["Chart", "bar", "bar_line", "line", "risk_matrix"]
