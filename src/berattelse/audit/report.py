"""What the auditor hands back: leaks, and how well the protected figures are hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from berattelse.model import shown

RULES: Mapping[str, str] = {
    "smatt_tal_visas": "Ett litet antal är inte med bland de skyddade siffrorna.",
    "skillnad_mellan_ar": "Ett års rapport visar en siffra som ett annat års rapport döljer.",
    "for_smalt": "En skyddad siffra går att räkna ut ur de visade siffrorna, helt eller nästan.",
    "siffra_i_text": "En skyddad siffra står i löpande text.",
    "siffra_i_alternativtext": "En skyddad siffra står i en bilds alternativtext.",
    "siffra_i_tabell": "En skyddad siffra står i en tabell eller i ett diagrams data.",
    "siffra_i_logg": "En skyddad siffra står i manifestet eller i kontrollens fil.",
    "skillnad_i_text": "En förändring i texten avslöjar en skyddad siffra.",
    "summa_i_text": "En summa i texten avslöjar en skyddad siffra.",
    "andel_i_text": "En andel i texten avslöjar en skyddad siffra.",
    "skillnad_i_tabell": "En förändring i en tabell avslöjar en skyddad siffra.",
    "andel_i_tabell": "En andel i en tabell avslöjar en skyddad siffra.",
    "summa_i_tabell": "En tryckt summa i en tabell avslöjar en skyddad siffra.",
    "kontroll_saknas": "Rapporter är byggda utan att kontrollens fil finns.",
    "okand_siffra": "Kontrollens fil nämner en siffra som datafilerna inte har.",
    "olast": "En fil kunde inte läsas, och är alltså inte granskad.",
}
"""Rule id -> what it means."""


@dataclass(frozen=True)
class Leak:
    """A place where a protected figure can be read or worked out. Never tells the figure."""

    rule: str
    """Key of `RULES`."""
    kommun: str
    ar: int
    """The year of the report that leaks."""
    dataset: str
    keys: Mapping[str, str]
    """Which figure: key column -> content."""
    file: Path
    place: str
    """Where in the file: a sentence with its numbers taken out, a table's row and column."""
    message: str
    """Swedish, one or two sentences."""


@dataclass(frozen=True)
class Narrowest:
    """The protected figure that can be pinned down best."""

    kommun: str
    ar: int
    dataset: str
    keys: Mapping[str, str]
    values: int
    """How many values it may have."""


@dataclass(frozen=True)
class Report:
    """What an audit found."""

    leaks: tuple[Leak, ...] = ()
    protected: int = 0
    """Hidden figures that were tried."""
    narrowest: Narrowest | None = None
    """None when no hidden figure has a highest possible value."""
    files: tuple[Path, ...] = ()
    """Produced files that were read."""
    seconds: float = field(default=0.0, compare=False)


def tell(report: Report) -> list[str]:
    """Return the report as Swedish lines for the terminal: a summary, then one per leak."""
    figures = _counted(report.protected, "skyddad siffra", "skyddade siffror")
    examined = "granskad" if report.protected == 1 else "granskade"
    line = f"{figures} {examined} i {_counted(len(report.files), 'fil', 'filer')}"
    if report.narrowest is not None:
        values = _counted(report.narrowest.values, "möjligt värde", "möjliga värden")
        line += f"; den smalaste går att ringa in till {values}"
    elif report.protected:
        line += "; ingen går att ringa in"
    count = len(report.leaks)
    end = f"{_counted(count, 'läcka', 'läckor')}." if count else "Inga läckor."
    return [f"{line}. {end}", *(_line(leak) for leak in report.leaks)]


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _line(leak: Leak) -> str:
    keys = ", ".join(leak.keys.values())
    what = f" ({leak.dataset}: {keys})" if leak.dataset else ""
    return f"{shown(leak.file)}, {leak.place}: {leak.message}{what}"
