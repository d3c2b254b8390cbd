"""Charts for print, screen and screen readers: `bar`, `line`, `bar_line`, `risk_matrix`.

They are loaded when they are first used: the engine wants `charts.theme` without matplotlib.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from berattelse.charts.bars import bar
    from berattelse.charts.chart import Chart
    from berattelse.charts.lines import bar_line, line
    from berattelse.charts.risk import risk_matrix

__all__ = ["Chart", "bar", "bar_line", "line", "risk_matrix"]

_MODULE_OF = {
    "Chart": "chart",
    "bar": "bars",
    "bar_line": "lines",
    "line": "lines",
    "risk_matrix": "risk",
}


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module 'berattelse.charts' has no attribute {name!r}")
    return getattr(importlib.import_module(f"berattelse.charts.{module}"), name)
