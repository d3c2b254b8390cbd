r"""What a report needs when plain Quarto executes it, without the engine.

Quarto takes a value in running text as Python shows it, less its quotation marks. Python shows a
no-break space as `\xa0`, NumPy a figure as `np.float64(1.5)` and we what is missing as
`Missing(orsak='ej_matt')`; a reader must meet none of these.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from IPython.core.getipython import get_ipython

from berattelse.missing import Missing


def show_values_as_written() -> None:
    """Let this kernel show texts and figures as they are written; without a kernel do nothing."""
    shell = get_ipython()
    if shell is None or shell.display_formatter is None:
        return
    formatter = shell.display_formatter.formatters["text/plain"]
    formatter.for_type(str, _text)
    formatter.for_type(np.generic, _figure)
    formatter.for_type(Missing, _text)


def _text(content: str | Missing, printer: Any, cycle: bool) -> None:
    printer.text(f"'{content}'")


def _figure(content: np.generic, printer: Any, cycle: bool) -> None:
    printer.text(str(content))
