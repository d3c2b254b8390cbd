"""Text that leaves for Excel stays text: in a workbook, and in CSV that people open in Excel.

Excel takes a text for a formula by how it begins. In a workbook the cell says itself that it is
text. CSV has no way to say so: there such a text gets an apostrophe before it, which Excel shows
and intake takes away again (`unguarded`), so that what we write is read back as it was. A number
is no text: -5 is written as -5.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any, cast

from berattelse import literal
from berattelse.errors import DataError
from berattelse.missing import is_missing

if TYPE_CHECKING:  # openpyxl takes a tenth of a second, and CSV does without it
    from openpyxl.cell import Cell, MergedCell

MAX_LENGTH = 32_767
"""Characters that a cell of Excel holds; openpyxl would cut a longer text without a word."""

# What stands before the sign may be cut off by who reads it: spaces, and signs without a shape.
# The wide signs are the same to Excel. Apostrophes that were there before are kept apart from ours.
_FORMULA = re.compile(
    "'*(?:[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\\-@＝＋－＠]|[\t\r\n])"
)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def guarded(text: str) -> str:
    """Return `text` with an apostrophe before it where Excel would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def csv_cell(content: Any) -> str:
    """Return what stands in a cell of CSV for people: numbers with decimal comma, no exponent.

    A missing figure is an empty cell.
    """
    if is_missing(content):
        return ""
    if isinstance(content, Real | Decimal) and not isinstance(content, bool):
        return _number(content)
    return guarded(str(content))


def csv_file(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return rows as the CSV that Swedish Excel opens with a double click.

    UTF-8 with its mark, semicolons, decimal comma.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def write_cell(cell: Cell | MergedCell, content: Any) -> None:
    """Put a text, number, date or nothing into a cell of a workbook; text never is a formula.

    A missing figure leaves the cell empty.

    Raises:
        DataError: a text that is longer than a cell of Excel may be.
    """
    cell = cast("Cell", cell)  # `sheet.cell()` is typed as if the cell could be merged away
    if is_missing(content):
        cell.value = None
        return
    if hasattr(content, "item"):  # numpy's numbers
        content = content.item()
    if not isinstance(content, str):
        cell.value = content
        return
    if len(content) > MAX_LENGTH:
        raise DataError(
            f"Texten är {len(content)} tecken; en cell i Excel rymmer {MAX_LENGTH}.",
            remedy="Dela upp texten.",
        )
    cell.value = _ILLEGAL.sub(literal.REPLACEMENT, content)
    # openpyxl has guessed: "=1+1" a formula, "#N/A" an error
    cell.data_type = "s"
    if _FORMULA.match(content):
        # As if the user had written an apostrophe first: it stays text when the cell is edited
        cell.quotePrefix = True


def _number(number: Any) -> str:
    if isinstance(number, Real) and not math.isfinite(number):
        raise DataError(f"{number} går inte att skriva som ett tal.")
    text = f"{Decimal(str(number)):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
