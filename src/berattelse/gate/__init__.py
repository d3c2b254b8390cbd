"""The data gate: what a kommun's data files must pass before anything is made of them.

    find files -> read and type each -> check -> accept what is decided -> protect small counts

Reports get only what has passed: figures in their types, small counts taken out. All faults of
all files are told at once.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from berattelse import declare, prepared, project
from berattelse.config import Settings
from berattelse.datasets import Catalogue
from berattelse.errors import BerattelseError, DataError
from berattelse.folder import faulty, kommun_name, read_folder
from berattelse.gate import balance, plausible, protection, records
from berattelse.gate.protection import Hidden
from berattelse.gate.records import Accepted, Records
from berattelse.gate.relations import Tables, file_of
from berattelse.model import Finding, Target, shown


@dataclass(frozen=True)
class Checked:
    """What the gate says of one kommun and year."""

    kommun: str
    ar: int
    namn: str
    """The kommun's name, such as Härnösand."""
    tables: Tables
    """The datasets as read, with their true figures: for the engine alone."""
    findings: tuple[Finding, ...] = ()
    accepted: tuple[Accepted, ...] = ()
    decisions: Records = field(default_factory=Records)
    hidden: Hidden = field(default_factory=Hidden)

    @property
    def frames(self) -> dict[str, pd.DataFrame]:
        """What reports get: every dataset with its protected figures taken out."""
        return {
            name: protection.protected(name, table.frame, self.hidden.rows.get(name, frozenset()))
            for name, table in self.tables.items()
        }

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that block the reports they concern."""
        return tuple(finding for finding in self.findings if finding.level == "fel")

    def blocking(self, datasets: frozenset[str]) -> tuple[Finding, ...]:
        """Return the errors that concern any of a report's datasets."""
        return tuple(f for f in self.errors if concerned(f) & datasets or not concerned(f))


def concerned(finding: Finding) -> frozenset[str]:
    """Return the datasets that a finding concerns; none means all."""
    return frozenset({finding.dataset, *finding.others} - {""})


class Gate:
    """The gate of a project; remembers the years that it has checked."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._checked: dict[tuple[str, int], Checked] = {}

    def check(self, kommun: str, ar: int) -> Checked:
        """Check the data of one kommun and year.

        Earlier years of the same kommun are read too: for jumps, and since what they show of a
        protected figure is known.

        Raises:
            SettingsError: a declaration or a record of decisions is faulty.
        """
        if (kommun, ar) not in self._checked:
            self._checked[kommun, ar] = self._check(kommun, ar)
        return self._checked[kommun, ar]

    def _check(self, kommun: str, ar: int) -> Checked:
        folder = self._settings.data / kommun / str(ar)
        catalogue = declare.catalogue(self._settings.data)
        tables, faults = read_folder(self._settings, kommun, ar, catalogue)
        decisions = records.read_records(folder, catalogue)
        before = self._year_before(kommun, ar)
        earlier: Tables = before.tables if before else {}
        sound = {name: table for name, table in tables.items() if not faulty(table)}
        hidden = protection.hide(
            sound, ar, decisions.exempt, before.hidden if before else protection.Hidden()
        )
        findings = [
            *faults,
            *_required(tables, catalogue),
            *_target_files(self._settings, kommun, ar),
            *plausible.check_cells(sound, ar),
            *balance.check_relations(sound, ar, hidden.refs),
            *plausible.check_over_time(
                sound, earlier, ar, hidden.refs, before.hidden.refs if before else ()
            ),
            *records.check_exemptions(sound, decisions, folder),
            *hidden.findings,
        ]
        left, accepted = records.apply(findings, decisions, folder)
        namn = kommun_name(self._settings, kommun)
        return Checked(
            kommun, ar, namn, tables, tuple(_ordered(left)), tuple(accepted), decisions, hidden
        )

    def _year_before(self, kommun: str, ar: int) -> Checked | None:
        years = [
            int(path.name)
            for path in (self._settings.data / kommun).glob("[0-9][0-9][0-9][0-9]")
            if path.is_dir() and int(path.name) < ar
        ]
        return self.check(kommun, max(years)) if years else None


def _target_files(settings: Settings, kommun: str, ar: int) -> list[Finding]:
    """Return what is wrong with the `.yml` of the year's reports, and with their names."""
    folder = settings.data / kommun / str(ar)
    reports = sorted(path.stem for path in settings.reports.glob("*.qmd"))
    findings = []
    for path in sorted(folder.glob("*.yml")):
        if path.name in (records.APPROVALS, records.EXEMPTIONS):
            continue
        if path.stem not in reports:
            near = difflib.get_close_matches(path.stem, reports, n=1)
            findings.append(
                Finding(
                    "okand_rapport",
                    "fel" if near else "varning",
                    f"Ingen rapport heter «{path.stem}», så filen används inte.",
                    shown(path),
                    f"Menade du «{near[0]}»?" if near else f"Det finns: {', '.join(reports)}.",
                    dataset=path.stem,
                )
            )
            continue
        try:
            project.target_settings(settings, Target(path.stem, kommun, ar))
        except BerattelseError as fault:
            findings.append(Finding("rapportens_fil", "varning", str(fault), dataset=path.stem))
    return findings


def _required(tables: Tables, catalogue: Catalogue) -> list[Finding]:
    empty = [
        Finding(
            "inga_rader",
            "fel",
            f"{table.dataset.titel} har inga rader.",
            file_of(table),
            "Fyll i tabellen, eller ta bort filen så utelämnas avsnitten som bygger på den.",
            dataset=name,
        )
        for name, table in tables.items()
        if table.frame.empty and not faulty(table)
    ]
    return empty + [
        Finding(
            "kraver_datamangd",
            "fel",
            f"{table.dataset.titel} kräver datamängden {needed}, som saknas.",
            file_of(table),
            f"Lägg filen {needed}.csv eller {needed}.xlsx i samma mapp.",
            dataset=name,
        )
        for name, table in tables.items()
        for needed in table.dataset.kraver
        if needed not in tables
    ]


_RANK = {"fel": 0, "varning": 1, "upplysning": 2}


def _ordered(findings: list[Finding]) -> list[Finding]:
    """Sort by level, else as found: file by file, row by row."""
    return sorted(findings, key=lambda finding: _RANK[finding.level])


def require(checked: Checked, datasets: frozenset[str]) -> Mapping[str, pd.DataFrame]:
    """Return what reports get, for a report that is run without the engine.

    Raises:
        DataError: the data has errors in any of `datasets`; all of them at once.
    """
    blocking = checked.blocking(datasets)
    if blocking:
        raise DataError("\n".join(str(finding) for finding in blocking))
    prepared.remember(checked.hidden.sums)
    return checked.frames
