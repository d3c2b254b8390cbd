"""The figures of a report as files that its PDF can carry.

What is written is what the report itself could load: checked, with small counts taken out.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from berattelse import export, prepared, qmd
from berattelse.missing import Missing
from berattelse.model import Job


def write_attachments(job: Job, folder: Path) -> tuple[Path, ...]:
    """Write one CSV per dataset that the report declares and the target has; return them sorted.

    UTF-8 with its mark, semicolons, decimal comma; a missing or protected figure is its mark.

    Args:
        job: a job whose data has passed the gate.
        folder: an empty or missing folder for the files.
    """
    if job.prepared is None:
        return ()
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    declared = qmd.declared_datasets(job.source)
    for name in sorted(prepared.names(job.prepared) & declared):
        frame = prepared.read_frame(job.prepared, name)
        if frame.empty:
            continue
        path = folder / f"{name}.csv"
        path.write_bytes(export.csv_file([list(frame.columns), *_rows(frame)]))
        written.append(path)
    return tuple(written)


def _rows(frame: pd.DataFrame) -> list[list[object]]:
    return [
        [cell.mark if isinstance(cell, Missing) else cell for cell in row]
        for row in frame.itertuples(index=False, name=None)
    ]
