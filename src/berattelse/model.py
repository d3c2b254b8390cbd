"""What passes between two stages: frozen dataclasses, each made once and never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from berattelse.profile import Profile, standard

Format = Literal["html", "pdf", "docx"]
FORMATS: tuple[Format, ...] = ("html", "pdf", "docx")


@dataclass(frozen=True, order=True)
class Target:
    """One report for one kommun and one year."""

    rapport: str
    """Name of the source in `reports/`, without `.qmd`."""
    kommun: str
    """Folder name of the kommun in `data/`, ASCII."""
    ar: int
    """The year that the report accounts for."""

    def __str__(self) -> str:
        return f"{self.rapport} {self.kommun} {self.ar}"


@dataclass(frozen=True)
class TargetSettings:
    """What `data/<kommun>/<ar>/<rapport>.yml` says of a target."""

    titel: str
    namn: str
    """The kommun's name as it is written, such as Härnösand."""
    namnd: str
    periodtyp: str
    undertitel: str = ""
    per_datum: dt.date | None = None
    datum: dt.date | None = None
    dnr: str = "dnr saknas"
    handlaggare: str = ""
    """The role that handles the matter, such as Verksamhetsutvecklare; no person's name."""
    roller: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """A target with all that the later stages need to know of it."""

    target: Target
    settings: TargetSettings
    source: Path
    """The report's `.qmd`."""
    data: frozenset[str]
    """Names of the datasets that the target has."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    """What the cell after `parameters` assigns; types kept."""
    formats: tuple[Format, ...] = FORMATS
    prepared: Path | None = None
    """Folder of the figures that have passed the gate; None before it, and under plain Quarto."""
    profile: Profile = field(default_factory=standard.profile)
    """How the documents of the kommun look."""
    attach_data: bool = False
    """Whether the PDF carries the report's figures as files (then PDF/A-3a, else PDF/A-2a)."""


@dataclass(frozen=True)
class Place:
    """A line in a source file; lines count from 1."""

    file: Path
    line: int

    def __str__(self) -> str:
        return f"{shown(self.file)}:{self.line}"


def shown(path: Path) -> str:
    """Return a path as the user knows it: from the folder that the command runs in."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


@dataclass(frozen=True)
class Executed:
    """An executed notebook; `notebook` belongs to the receiver alone (it is a copy)."""

    job: Job
    notebook: Any
    front_matter: Mapping[str, Any]
    seconds: float


@dataclass(frozen=True)
class Document:
    """A composed document: Markdown with every value, table and figure in place."""

    job: Job
    folder: Path
    """Holds `composed.md` and `figures/`; belongs to this target alone."""
    timestamp: int
    """Seconds since 1970 for every date inside the files: the same inputs give the same bytes."""
    attachments: tuple[Path, ...] = ()
    """CSV files below `folder` that the PDF carries, named after their datasets."""
    reader: str = ""
    """Pandoc's reader, where the document asks for another than ours."""
    filters: tuple[Path, ...] = ()
    """The document's own filters in Lua, in order; they run before ours."""

    @property
    def markdown(self) -> Path:
        """The composed Markdown file."""
        return self.folder / "composed.md"


@dataclass(frozen=True)
class Artifact:
    """A typeset file, not yet published."""

    target: Target
    format: Format
    path: Path
    seconds: float
    warnings: tuple[str, ...] = ()
    """What the typesetter noticed and the reader of the file should know, in Swedish."""


@dataclass(frozen=True)
class Outcome:
    """What became of one format of a target."""

    target: Target
    format: Format
    ok: bool
    seconds: float = 0.0
    size: int = 0
    path: Path | None = None
    message: str = ""
    warnings: tuple[str, ...] = ()
    """From the artifact."""


@dataclass(frozen=True)
class Stages:
    """Seconds that each stage of a target took, for `benchmarks/`."""

    target: Target
    wall: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """Something that a check has to say of the data."""

    rule: str
    """Stable id, such as `inte_tal`; `gate/rules.py` describes each in one sentence."""
    level: Literal["fel", "varning", "upplysning"]
    message: str
    """What is wrong, one Swedish sentence."""
    place: str = ""
    """Where: file, sheet, row, column."""
    remedy: str = ""
    """What to do about it."""
    dataset: str = ""
    others: tuple[str, ...] = ()
    """Further datasets that take part in the contradiction."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """Which figures it concerns: column -> content."""
    difference: str = ""
    """For a figure that does not agree: by how much, as text."""
    hidden: bool = False
    """Whether the difference would tell a protected figure: then it is never printed."""

    def __str__(self) -> str:
        head = f"{self.place}: {self.message}" if self.place else self.message
        # The rule's name is what a deviation is approved by
        head = f"{head} [{self.rule}]"
        return f"{head}\n  → {self.remedy}" if self.remedy else head
