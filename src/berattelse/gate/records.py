"""What has been decided about a kommun's data: accepted deviations, and published small counts.

`data/<kommun>/<ar>/godkanda.yml` records deviations that are in the source and stay; each with
its reason, the role that decided and the date. `skydd.yml` records which datasets' small counts
the kommun has published itself. Both are shown in every run.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from berattelse.config import read_yaml, unknown_key
from berattelse.datasets import Catalogue
from berattelse.errors import BerattelseError, SettingsError, raise_all
from berattelse.gate.relations import Tables
from berattelse.intake import write_csv
from berattelse.model import Finding, shown

APPROVALS = "godkanda.yml"
EXEMPTIONS = "skydd.yml"
HIDDEN = "skyddad"
"""What an approval says of a difference that would tell a protected figure."""


@dataclass(frozen=True)
class Approval:
    """An accepted deviation."""

    regel: str
    datamangd: str
    nycklar: Mapping[str, str]
    """Keys of the finding that it concerns; all of them must agree."""
    skillnad: str
    """The difference that was accepted; another difference is not."""
    skal: str
    roll: str
    datum: dt.date

    def covers(self, finding: Finding) -> bool:
        """Tell whether the finding is the one that was accepted, with the same difference."""
        return (
            (self.regel, self.datamangd) == (finding.rule, finding.dataset)
            and all(finding.keys.get(key) == text for key, text in self.nycklar.items())
            and (
                (finding.hidden and self.skillnad == HIDDEN)
                or _plain(self.skillnad) == _plain(finding.difference)
            )
        )


@dataclass(frozen=True)
class Exemption:
    """A dataset whose small counts are shown, since the kommun has published them."""

    datamangd: str
    skal: str
    kalla: str
    roll: str
    datum: dt.date
    summa: str = ""
    """Checksum of the figures when it was decided; other figures give a warning."""


@dataclass(frozen=True)
class Records:
    """All decisions for one kommun and year."""

    approvals: tuple[Approval, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def exempt(self) -> frozenset[str]:
        """Names of the datasets whose small counts are shown."""
        return frozenset(exemption.datamangd for exemption in self.exemptions)


@dataclass(frozen=True)
class Accepted:
    """A finding with the decision that accepts it."""

    finding: Finding
    approval: Approval = field(compare=False)


def entry(finding: Finding) -> str:
    """Return the entry of `godkanda.yml` that would accept a finding, ready but for the reason."""
    keys = ", ".join(f'{name}: "{content}"' for name, content in finding.keys.items())
    difference = HIDDEN if finding.hidden else " ".join(finding.difference.split())
    return (
        f"- {{regel: {finding.rule}, datamangd: {finding.dataset}, nycklar: {{{keys}}}, "
        f'skillnad: "{difference}", skal: …, roll: …, datum: …}}'
    )


def _plain(text: str) -> str:
    """A difference however its minus sign, spaces and unit are written."""
    return re.sub(r"[^0-9,.-]", "", text.replace("\u2212", "-"))


def read_records(folder: Path, catalogue: Catalogue) -> Records:
    """Read the decisions in `data/<kommun>/<ar>/`.

    Raises:
        SettingsError: unknown or missing keys, unknown datasets, no reason, no date: all at once.
    """
    faults: list[BerattelseError] = []
    approvals = [
        Approval(
            regel=entry["regel"],
            datamangd=entry["datamangd"],
            nycklar={str(k): str(v) for k, v in (entry.get("nycklar") or {}).items()},
            skillnad=str(entry.get("skillnad", "")),
            skal=entry["skal"],
            roll=entry["roll"],
            datum=entry["datum"],
        )
        for entry in _entries(
            folder / APPROVALS,
            "godkanda",
            ("regel", "datamangd", "skal", "roll", "datum"),
            ("nycklar", "skillnad"),
            catalogue,
            faults,
        )
    ]
    exemptions = [
        Exemption(
            datamangd=entry["datamangd"],
            skal=entry["skal"],
            kalla=entry["kalla"],
            roll=entry["roll"],
            datum=entry["datum"],
            summa=str(entry.get("summa", "")),
        )
        for entry in _entries(
            folder / EXEMPTIONS,
            "undantag",
            ("datamangd", "skal", "kalla", "roll", "datum"),
            ("summa",),
            catalogue,
            faults,
        )
    ]
    raise_all(SettingsError, faults)
    files = tuple(folder / name for name in (APPROVALS, EXEMPTIONS) if (folder / name).is_file())
    return Records(tuple(approvals), tuple(exemptions), files)


def _entries(
    path: Path,
    key: str,
    needed: Sequence[str],
    allowed: Sequence[str],
    catalogue: Catalogue,
    faults: list[BerattelseError],
) -> list[dict[str, Any]]:
    """Return the entries of a list under `key`, one per dataset where several are named."""
    if not path.is_file():
        return []
    try:
        content = read_yaml(path)
    except SettingsError as fault:
        faults.append(fault)
        return []
    faults += [unknown_key(str(name), (key,), path) for name in content if name != key]
    found = []
    listed = content.get(key) or []
    if not isinstance(listed, list):
        faults.append(
            SettingsError(f"«{key}» ska vara en lista; varje post börjar med «- ».", place=path)
        )
        listed = []
    for number, entry in enumerate(listed, start=1):
        place = f"{path}, post {number}"
        if not isinstance(entry, dict):
            faults.append(SettingsError("Posten ska bestå av rader «nyckel: värde».", place=place))
            continue
        known = (*needed, *allowed)
        wrong: list[BerattelseError] = [
            unknown_key(str(name), known, place) for name in entry if name not in known
        ]
        wrong += [
            SettingsError(f"«{name}» saknas.", place=place)
            for name in needed
            if not entry.get(name)
        ]
        if entry.get("datum") and not isinstance(entry["datum"], dt.date):
            wrong.append(
                SettingsError(
                    "«datum» ska vara ett datum.", place=place, remedy="Skriv 2024-03-01."
                )
            )
        each = _named(entry)
        wrong += [
            unknown_key(name, tuple(catalogue), place)
            for name in each
            if catalogue and name not in catalogue
        ]
        faults += wrong
        if not wrong:
            found += [{**entry, "datamangd": name, "summa": each[name]} for name in each]
    return found


def _named(entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the datasets of an entry with their checksums: one name, several, or `name: sum`."""
    names = entry.get("datamangd") or []
    if isinstance(names, dict):
        return {str(name): str(total or "") for name, total in names.items()}
    each = names if isinstance(names, list) else [names]
    return {str(name): str(entry.get("summa", "")) for name in each}


def apply(
    findings: Sequence[Finding], records: Records, folder: Path
) -> tuple[list[Finding], list[Accepted]]:
    """Take accepted deviations out of the findings; a decision that fits nothing is told."""
    left: list[Finding] = []
    accepted: list[Accepted] = []
    used: set[int] = set()
    for finding in findings:
        for number, approval in enumerate(records.approvals):
            if finding.level != "upplysning" and approval.covers(finding):
                accepted.append(Accepted(finding, approval))
                used.add(number)
                break
        else:
            left.append(finding)
    for number, approval in enumerate(records.approvals):
        if number not in used:
            near = [
                f
                for f in left
                if replace(approval, skillnad=f.difference).covers(f) and f.difference
            ]
            told = [f.difference for f in near if not f.hidden]
            now = f" Skillnaden är nu {told[0]}." if told else ""
            left.append(
                Finding(
                    "godkannande_utan_verkan",
                    "varning",
                    f"Godkännandet av {approval.regel} i {approval.datamangd} "
                    f"(skillnad {approval.skillnad or 'ej angiven'}) stämmer inte med något fel."
                    f"{now}",
                    shown(folder / APPROVALS),
                    "Ta bort det, eller godkänn på nytt om avvikelsen är avsedd.",
                    dataset=approval.datamangd,
                )
            )
    return left, accepted


def checksum(tables: Tables, dataset: str) -> str:
    """Return a short checksum of a dataset's figures and keys, whatever file they came in."""
    frame = tables[dataset].frame
    kept = [name for name in frame.columns if name not in ("kalla", "ordning", "anm")]
    content = write_csv(frame[kept].sort_values(by=kept, kind="stable"))
    # Begins with a letter: YAML would take 12345678 or 1e10 for a number
    return f"s{hashlib.sha256(content).hexdigest()[:11]}"


def check_exemptions(tables: Tables, records: Records, folder: Path) -> list[Finding]:
    """Tell which datasets are shown unprotected, and warn where their figures have changed."""
    findings = []
    for exemption in records.exemptions:
        if exemption.datamangd not in tables:
            continue
        now = checksum(tables, exemption.datamangd)
        ready = f"datamangd: {{{exemption.datamangd}: {now}}}"
        if not exemption.summa:
            findings.append(
                Finding(
                    "undantag_utan_summa",
                    "upplysning",
                    f"Undantaget för {exemption.datamangd} gäller också siffror som ändras senare.",
                    shown(folder / EXEMPTIONS),
                    f"Skriv «{ready}», så varnar programmet när siffrorna ändras.",
                    dataset=exemption.datamangd,
                )
            )
        elif exemption.summa != now:
            findings.append(
                Finding(
                    "undantag_andrade_siffror",
                    "varning",
                    f"Små tal i {exemption.datamangd} visas, men siffrorna har ändrats sedan "
                    f"undantaget beslutades {exemption.datum}.",
                    shown(folder / EXEMPTIONS),
                    f"Gäller skälet ({exemption.skal}) också de nya siffrorna: skriv «{ready}». "
                    "Annars ta bort undantaget.",
                    dataset=exemption.datamangd,
                )
            )
    return findings
