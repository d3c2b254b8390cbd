"""What the data files say, and what has been published of it, for one kommun and all its years.

A figure that stands in the files of two years, with the same keys and the same value, is one
figure: what one year's report shows of it, everybody knows.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from berattelse import declare
from berattelse.audit.report import Leak
from berattelse.config import Settings, read_yaml
from berattelse.datasets import Catalogue, Dataset, is_count
from berattelse.folder import faulty, read_folder
from berattelse.intake import Table
from berattelse.missing import is_missing

KONTROLL = "kontroll"
REPORTS = (".html", ".pdf", ".docx")
Identity = tuple[str, tuple[tuple[str, str], ...], Fraction | None]


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure, in whatever files it stands."""

    dataset: Dataset
    keys: Mapping[str, str]
    """Key column -> content; empty ones left out."""
    cells: Mapping[str, str]
    """Every column's content, in the latest file."""
    unit: str
    number: Fraction | None
    """None when the data file has none."""
    reason: str
    counts: bool
    """Whether it counts people or events, and so may need protection."""
    hidden: frozenset[int] = frozenset()
    """Years whose build hides it."""
    shown: frozenset[int] = frozenset()
    """Years whose build may show it."""
    exempt: frozenset[int] = frozenset()
    """Years for which the kommun has published it itself."""
    latest: frozenset[int] = frozenset()
    """Years in whose file it has the last period of its series."""

    @property
    def name(self) -> str:
        """The dataset's name."""
        return self.dataset.namn

    @property
    def period(self) -> str:
        """The period as the data file writes it."""
        return self.cells.get("period", "")

    @property
    def secret(self) -> bool:
        """Whether it is a whole count that some build hides and none shows.

        Also one that needs no protection itself: it is hidden for the sake of another.
        """
        whole = self.number is not None and self.number.denominator == 1
        return whole and is_count(self.unit) and bool(self.hidden) and not self.shown

    @property
    def known(self) -> bool:
        """Whether an outsider may know it."""
        return self.number is not None and (bool(self.shown) or not self.hidden)

    @property
    def small(self) -> bool:
        """Whether it must be protected by itself."""
        rule = self.dataset.skydd
        if not self.counts or self.number is None:
            return False
        return rule.lagst <= self.number <= rule.hogst or (rule.nollor and self.number == 0)

    @property
    def others(self) -> tuple[tuple[str, str], ...]:
        """Its keys without the period: what it shares with its other periods."""
        return tuple(
            (k, v) for k, v in sorted(self.keys.items()) if k not in ("period", "periodtyp")
        )


@dataclass(frozen=True)
class Year:
    """One year's data and what its build says of it."""

    ar: int
    figures: Mapping[str, tuple[Figure, ...]]
    """Dataset -> its figures, in the order of the file."""


@dataclass(frozen=True)
class Town:
    """All that is known of one kommun."""

    kommun: str
    figures: tuple[Figure, ...]
    years: tuple[Year, ...]
    faults: tuple[Leak, ...] = ()


@dataclass
class _Raw:
    """A figure while its years are gathered."""

    dataset: Dataset
    keys: dict[str, str]
    cells: dict[str, str] = field(default_factory=dict)
    number: Fraction | None = None
    counts: bool = False
    hidden: set[int] = field(default_factory=set)
    shown: set[int] = field(default_factory=set)
    exempt: set[int] = field(default_factory=set)
    latest: set[int] = field(default_factory=set)


def built_years(settings: Settings, out: Path, kommun: str) -> list[int]:
    """Return the years of which something has been produced."""
    found = {
        int(path.name)
        for path in (settings.data / kommun).glob("[0-9][0-9][0-9][0-9]")
        if path.is_dir()
        and (
            (out / KONTROLL / f"{kommun}-{path.name}.json").is_file()
            or reports(out, kommun, path.name)
        )
    }
    return sorted(found)


def reports(out: Path, kommun: str, ar: int | str) -> list[Path]:
    """Return the produced reports of one kommun and year."""
    folder = out / kommun / str(ar)
    return sorted(
        path for path in folder.glob("*") if path.suffix in REPORTS and path.name[0] != "."
    )


def gather(settings: Settings, out: Path, kommun: str) -> Town:
    """Read the data files and the builds' lists of hidden figures for every year of a kommun.

    Raises:
        SettingsError: a declaration or `skydd.yml` is faulty.
    """
    catalogue = declare.catalogue(settings.data)
    raws: dict[Identity, _Raw] = {}
    rows: dict[int, dict[str, list[Identity]]] = {}
    faults: list[Leak] = []
    built = built_years(settings, out, kommun)
    for ar in _other_years(settings, kommun, built):
        # What the kommun has published itself is known, whether its report stands in `out` or not
        exempt = exempted(settings.data / kommun / str(ar))
        for name, table in _tables(settings, kommun, ar, catalogue, []).items():
            if name in exempt:
                public = [_take(raws, table, row)[1] for row in range(len(table.frame))]
                _mark(table, public, ar, True, set())
    for ar in built:
        tables = _tables(settings, kommun, ar, catalogue, faults)
        exempt = exempted(settings.data / kommun / str(ar))
        hidden = _hidden(out, kommun, ar, faults)
        rows[ar] = {}
        for name, table in tables.items():
            found = [_take(raws, table, row) for row in range(len(table.frame))]
            rows[ar][name] = [identity for identity, _ in found]
            _mark(table, [raw for _, raw in found], ar, name in exempt, hidden)
            _mark_latest([raw for _, raw in found], ar)
        faults += _unknown(out, kommun, ar, hidden, tables)
    figures = {identity: _frozen(raw) for identity, raw in raws.items()}
    years = tuple(
        Year(ar, {name: tuple(figures[i] for i in found) for name, found in datasets.items()})
        for ar, datasets in rows.items()
    )
    return Town(kommun, tuple(figures.values()), years, tuple(faults))


def _other_years(settings: Settings, kommun: str, built: Collection[int]) -> list[int]:
    years = (settings.data / kommun).glob("[0-9][0-9][0-9][0-9]")
    return sorted({int(path.name) for path in years if path.is_dir()} - set(built))


def _frozen(raw: _Raw) -> Figure:
    return Figure(
        raw.dataset,
        raw.keys,
        raw.cells,
        raw.cells.get("enhet", ""),
        raw.number,
        raw.cells.get("orsak", ""),
        raw.counts,
        frozenset(raw.hidden),
        frozenset(raw.shown),
        frozenset(raw.exempt),
        frozenset(raw.latest),
    )


def text(cell: object) -> str:
    """Return a cell's content as text; a missing one is empty."""
    return "" if is_missing(cell) or str(cell) in ("nan", "<NA>") else str(cell)


def _take(raws: dict[Identity, _Raw], table: Table, row: int) -> tuple[Identity, _Raw]:
    cells = {str(name): text(table.frame[name].iloc[row]) for name in table.frame.columns}
    keys = {name: cells[name] for name in table.dataset.nycklar if cells.get(name)}
    written = cells.get("varde", "")
    number = Fraction(f"{float(written):.13g}") if written else None
    identity = (table.dataset.namn, tuple(sorted(keys.items())), number)
    raw = raws.setdefault(identity, _Raw(table.dataset, keys))
    raw.cells, raw.number = cells, number
    raw.counts = raw.counts or _is_count(table.dataset, cells, number)
    return identity, raw


def _is_count(dataset: Dataset, cells: Mapping[str, str], number: Fraction | None) -> bool:
    rule = dataset.skydd
    if not rule.pa or number is None or number.denominator != 1:
        return False
    if not rule.counts(cells.get("enhet", "")) or cells.get("roll", "").startswith(
        ("mal", "grans")
    ):
        return False
    return not any(
        all(name in cells and cells[name] in contents for name, contents in exception.items())
        for exception in rule.utom
    )


def _mark(
    table: Table,
    found: Iterable[_Raw],
    ar: int,
    exempt: bool,
    hidden: set[tuple[str, tuple[tuple[str, str], ...]]],
) -> None:
    for raw in found:
        if (table.dataset.namn, tuple(sorted(raw.keys.items()))) in hidden:
            raw.hidden.add(ar)
        elif raw.number is not None:
            raw.shown.add(ar)
        if exempt:
            raw.exempt.add(ar)


def _mark_latest(found: Iterable[_Raw], ar: int) -> None:
    last: dict[tuple[tuple[str, str], ...], str] = {}
    series = []
    for raw in found:
        own = tuple(sorted((k, v) for k, v in raw.keys.items() if k not in ("period", "periodtyp")))
        period = raw.cells.get("period", "")
        last[own] = max(last.get(own, ""), period)
        series.append((raw, own, period))
    for raw, own, period in series:
        if period == last[own]:
            raw.latest.add(ar)


def _tables(
    settings: Settings, kommun: str, ar: int, catalogue: Catalogue, faults: list[Leak]
) -> dict[str, Table]:
    tables = read_folder(settings, kommun, ar, catalogue)[0]
    message = "Datamängden är inte deklarerad och filen går inte att läsa ändå."
    faults += [
        Leak("olast", kommun, ar, name, {}, table.path, "hela filen", message)
        for name, table in tables.items()
        if not table.dataset.deklarerad and faulty(table)
    ]
    return {name: table for name, table in tables.items() if table.dataset.slag == "tal"}


def exempted(folder: Path) -> frozenset[str]:
    """Return the datasets that `skydd.yml` of a data folder exempts.

    Raises:
        SettingsError: the file is no YAML.
    """
    path = folder / "skydd.yml"
    if not path.is_file():
        return frozenset()
    names: set[str] = set()
    for entry in read_yaml(path).get("undantag") or []:
        named: Any = entry.get("datamangd") if isinstance(entry, Mapping) else None
        names |= {str(name) for name in ([named] if isinstance(named, str) else named or [])}
    return frozenset(names)


def _hidden(
    out: Path, kommun: str, ar: int, faults: list[Leak]
) -> set[tuple[str, tuple[tuple[str, str], ...]]]:
    path = out / KONTROLL / f"{kommun}-{ar}.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["skyddade"]
        return {
            (
                entry["datamangd"],
                tuple(sorted((k, str(v)) for k, v in entry["nycklar"].items() if str(v))),
            )
            for entry in entries
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        message = "Kontrollens fil saknas eller är skadad, så ingen siffra kan vara skyddad."
        faults.append(Leak("kontroll_saknas", kommun, ar, "", {}, path, "hela filen", message))
        return set()


def _unknown(
    out: Path,
    kommun: str,
    ar: int,
    hidden: set[tuple[str, tuple[tuple[str, str], ...]]],
    tables: Mapping[str, Table],
) -> list[Leak]:
    known = {
        (name, tuple(sorted((k, v) for k, v in keys.items() if v)))
        for name, table in tables.items()
        for row in range(len(table.frame))
        for keys in [{k: text(table.frame[k].iloc[row]) for k in table.dataset.nycklar}]
    }
    message = "Den skyddade siffran finns inte i datafilerna; bygg om innan du granskar."
    file = out / KONTROLL / f"{kommun}-{ar}.json"
    return [
        Leak("okand_siffra", kommun, ar, name, dict(keys), file, "skyddade", message)
        for name, keys in sorted(hidden - known)
    ]
