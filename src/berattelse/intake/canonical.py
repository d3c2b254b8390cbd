"""Our own dialect of CSV: what is kept of a file once it has been read, exactly.

UTF-8, comma, decimal point, line feed; a missing number is an empty cell. Kernels read it, so
nothing here may import what only the reading of controllers' files needs.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd

from berattelse.datasets import Dataset

_QUOTED = re.compile('[,"\r\n]')


def write_csv(frame: pd.DataFrame) -> bytes:
    """Return a frame as CSV: the same frame always gives the same bytes.

    Numbers are written with all digits that they need to be read back exactly, never with an
    exponent.
    """
    columns = [[_written(cell) for cell in frame[name].tolist()] for name in frame.columns]
    lines = [_line([_written(str(name)) for name in frame.columns])]
    lines += map(_line, zip(*columns, strict=True))
    return "".join(lines).encode()


def _line(cells: Sequence[str]) -> str:
    # a blank line would be no row at all
    return (",".join(cells) or '""') + "\n"


def _written(cell: Hashable) -> str:
    if isinstance(cell, str):
        return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell
    if cell is None or cell is pd.NA or cell != cell:
        return ""
    if isinstance(cell, float):
        text = repr(cell)
        if "e" in text:
            text = f"{Decimal(text):f}"
        return text.removesuffix(".0")
    return str(cell)


def read_canonical(content: bytes, dataset: Dataset) -> pd.DataFrame:
    """Read what `write_csv` wrote, with the columns that it has.

    Args:
        content: the bytes.
        dataset: gives each column its type; a column that it does not know is text.

    Returns:
        A frame with the dtypes of `Table.frame`.
    """
    rows = list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))
    header, body = (rows[0], rows[1:]) if rows else ([], [])
    types = {column.namn: column.typ for column in dataset.kolumner}
    return pd.DataFrame(
        {
            name: column(types.get(name, "text"), [row[i] for row in body])
            for i, name in enumerate(header)
        }
    )


def column(typ: str, cells: Sequence[Any]) -> pd.Series[Any]:
    """Return cells as a series with the dtype of their type; None and "" are empty numbers."""
    if typ == "tal":
        numbers = [float("nan") if cell in (None, "") else float(cell) for cell in cells]
        return pd.Series(numbers, dtype="float64")
    if typ == "heltal":
        wholes = [None if cell in (None, "") else int(cell) for cell in cells]
        return pd.Series(wholes, dtype="Int64" if None in wholes else "int64")
    return pd.Series(list(cells), dtype=object)
