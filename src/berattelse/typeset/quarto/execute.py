"""The source that Quarto executes: the target's own text, with the engine's kernel around it."""

from __future__ import annotations

from pathlib import Path

import yaml

from berattelse import images, includes, prepared, qmd
from berattelse.charts import theme
from berattelse.config import Settings
from berattelse.data import TARGET_VARIABLE
from berattelse.errors import SourceError, raise_all
from berattelse.execute import metadata
from berattelse.model import Job, Place
from berattelse.origin import Origin

_OWN = ("project", "format", "berattelse", "brand", "engine")
"""Keys of a report's front matter that the staging folder decides."""


def variables(job: Job) -> dict[str, str]:
    """Return the variables by which a report's cells know their target, as the engine sets them."""
    target = job.target
    found = {
        TARGET_VARIABLE: f"{target.rapport}/{target.kommun}/{target.ar}",
        theme.VARIABLE: theme.to_text(theme.Theme.of(job.profile)),
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    if job.prepared is not None:
        found[prepared.VARIABLE] = str(job.prepared)
    return found


def write_source(settings: Settings, job: Job, stage: Path, out: Path) -> Origin:
    """Write a target's report with its own texts in place, for Quarto to execute.

    Args:
        settings: the project's.
        job: whose report it is.
        stage: gets the pictures of the text.
        out: the `.qmd` to write.

    Returns:
        The lines that were written and where they came from.

    Raises:
        SourceError: the source cannot be read, or shows pictures that there are none of; all
            faults at once.
    """
    resolve = includes.resolver(settings.root, job.target)
    source = qmd.read(job.source, resolve, metadata(settings, job))
    front = {key: content for key, content in source.front_matter.items() if key not in _OWN}
    front.setdefault("jupyter", "python3")
    head = yaml.safe_dump(front, allow_unicode=True, sort_keys=True, width=float("inf"))
    written: list[tuple[str, Place | None]] = [(line.text, line.place) for line in source.lines]
    written, faults = images.gather(written, job, stage)
    raise_all(SourceError, faults)
    lines = [*((line, None) for line in f"---\n{head}---".split("\n")), *written]
    out.write_text("".join(f"{text}\n" for text, _ in lines), encoding="utf-8", newline="\n")
    return Origin(tuple(text for text, _ in lines), tuple(place for _, place in lines))
