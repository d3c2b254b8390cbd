"""Where in a report a dataset's figures are printed: tables, figures and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from berattelse import execute, includes, qmd
from berattelse.config import Settings
from berattelse.flow import Flow, Readings
from berattelse.model import Job, Place


@dataclass(frozen=True)
class Printed:
    """A place in a report where figures of some datasets are printed."""

    rapport: str
    what: str
    """"Tabell «Driftredovisning»", "Figur «…»" or "Text"."""
    caption: str
    """Caption of the table or figure, empty for text."""
    place: Place
    readings: Readings

    @property
    def datasets(self) -> frozenset[str]:
        """Names of the datasets."""
        return frozenset(reading.dataset for reading in self.readings)

    def __str__(self) -> str:
        return f"{self.rapport}: {self.what} ({self.place})"


def printed(settings: Settings, job: Job) -> list[Printed]:
    """Return the places of one target's report, in the order of the text.

    Raises:
        SourceError: the source cannot be read.
    """
    resolve = includes.resolver(settings.root, job.target)
    source = qmd.read(job.source, resolve, execute.metadata(settings, job))
    flow = Flow(qmd.declared_datasets(job.source))
    found: list[Printed] = []
    for block in qmd.blocks(source.lines):
        if isinstance(block, qmd.Cell):
            used = flow.run("\n".join(line.text for line in block.code))
            kind, caption = _caption(block.options)
            if kind and used:
                what = f"{kind} «{caption}»"
                found.append(Printed(job.target.rapport, what, caption, block.place, used))
            continue
        for line in block.lines:
            used = Readings().union(
                *(flow.reads(match["expression"]) for match in qmd.INLINE.finditer(line.text))
            )
            if used:
                found.append(Printed(job.target.rapport, "Text", "", line.place, used))
    return found


def _caption(options: Mapping[str, object]) -> tuple[str, str]:
    label = str(options.get("label", ""))
    for prefix, kind in (("tbl", "Tabell"), ("fig", "Figur")):
        if label.startswith(f"{prefix}-"):
            return kind, str(options.get(f"{prefix}-cap", label))
    return "", ""
