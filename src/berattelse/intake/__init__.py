"""Read one dataset from a CSV or Excel file, as controllers write them.

    read            a file → `Table`: a typed frame, and everything that is wrong with the file
    sheets          a workbook → which sheet holds which dataset
    write_csv       a frame → our own dialect of CSV, exactly
    read_canonical  and back

Nothing is guessed: what can be read in two ways is a fault. Nothing is lost: what is not read is
said. No fault of a file raises; all are told at once. The steps, in order: `csvfile` or `xlsx`
(with `sheetxml`) give a `grid`, `header` finds the columns, `rows` and `cells` read the content by
`numbers` and `periods`, `schema` checks the result. `rules.RULES` lists what may be said.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from berattelse.datasets import Dataset
from berattelse.intake.canonical import read_canonical, write_csv
from berattelse.intake.rules import RULES
from berattelse.intake.table import Context, Table
from berattelse.model import Finding

__all__ = ["RULES", "Context", "Table", "read", "read_canonical", "sheets", "write_csv"]


def read(path: Path, dataset: Dataset, context: Context, sheet: str | None = None) -> Table:
    """Read a dataset from a CSV file (.csv, .txt, .tsv) or an Excel file (.xlsx, .xlsm).

    Args:
        path: the file.
        dataset: what the file should hold.
        context: what the file may leave out.
        sheet: name of the sheet; without it the only sheet, or the one named as the dataset.

    Returns:
        The rows that could be read, and every fault. A file that cannot be read at all gives no
        rows and one finding.
    """
    # openpyxl and pandera take a third of a second; kernels only need `read_canonical`
    from berattelse.intake import reading

    return reading.read(path, dataset, context, sheet)


def sheets(path: Path, known: Collection[str]) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
    """Return which sheet of a workbook holds which dataset, and what is wrong with the rest.

    Args:
        path: the workbook.
        known: names of all datasets.

    Returns:
        Dataset -> name of its sheet, and findings for sheets that are no dataset. Sheets that are
        empty, are called Läs mig or Hjälp, or whose name begins with «(» are passed over.
    """
    from berattelse.intake import reading

    return reading.sheets(path, known)
