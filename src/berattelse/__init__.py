"""The vocabulary of a report: what a code cell gets from `from berattelse import *`.

The names are loaded when they are first used, so that the command line starts without pandas
and matplotlib. `docs/rapportsprak.md` describes each of them in Swedish.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOME = {
    "data": ("Report", "select", "start", "value", "wide"),
    "missing": ("Missing", "is_missing", "kravs"),
    "reckon": (
        "antal_dar",
        "fallande",
        "hogst",
        "lagst",
        "medel",
        "minst",
        "radlista",
        "storst",
        "summa",
        "summor",
        "varden",
    ),
    "text.numbers": (
        "andel",
        "antal_text",
        "forandring_procent",
        "kr",
        "mnkr",
        "procent",
        "procentenheter",
        "rakneord",
        "tal",
        "tkr",
    ),
    "text.prose": (
        "andrats_med",
        "andrats_till",
        "battre",
        "datum_ord",
        "fran_till",
        "genitiv",
        "jamfor",
        "lista",
        "manad",
        "manad_kort",
        "om_finns",
        "overskott",
        "period_text",
        "resultat_text",
        "riktning_ord",
        "skiljer",
        "stor",
    ),
    "text.status": ("Status", "status"),
    "tables": ("Table",),
    "charts": ("Chart", "bar", "bar_line", "line", "risk_matrix"),
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names}

__all__ = sorted(_MODULE_OF)  # what `from berattelse import *` gives


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module 'berattelse' has no attribute {name!r}")
    return getattr(importlib.import_module(f"berattelse.{module}"), name)
