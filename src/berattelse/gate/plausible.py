"""Checks that no dataset has to ask for: what cannot be, and what looks odd beside last year."""

from __future__ import annotations

import calendar
import datetime as dt
import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from berattelse.datasets import Dataset, Level, is_count
from berattelse.gate.relations import Ref, Tables, file_of, row_labels
from berattelse.intake import Table
from berattelse.missing import is_missing
from berattelse.model import Finding
from berattelse.text.numbers import tal
from berattelse.text.prose import lista, period_text

AHEAD = re.compile(r"^(mal|grans|prognos|budget)")
"""Roles and measures that may speak of a time that has not come."""
SHORTEST = 6
ALIKE = 0.9
"""Names that are this much alike, and at least so long, may be the same name."""
FEW = 3
"""Up to so many series are named."""


@dataclass(frozen=True)
class _Row:
    """A row with what the checks ask of it."""

    row: int
    keys: tuple[str, ...]
    """Contents of the keys but period and period type."""
    periodtyp: str
    period: str
    enhet: str
    varde: float | None


def _rows(table: Table) -> Iterator[_Row]:
    frame = table.frame
    if frame.empty or table.dataset.slag != "tal":
        return
    own = [name for name in table.dataset.nycklar if name not in ("periodtyp", "period")]
    cells = {name: frame[name].tolist() for name in (*own, "periodtyp", "period", "enhet", "varde")}
    for row in range(len(frame)):
        number = cells["varde"][row]
        yield _Row(
            row,
            tuple(str(cells[name][row]) for name in own),
            str(cells["periodtyp"][row]),
            str(cells["period"][row]),
            str(cells["enhet"][row]),
            None if is_missing(number) else float(number),
        )


def check_cells(tables: Tables, ar: int) -> list[Finding]:
    """Return figures that cannot be: negative counts, shares outside 0-100, times to come."""
    return [
        _finding(rule, table, row, _keys(table, row), said, remedy, level)
        for table in tables.values()
        for row in _rows(table)
        for rule, level, said, remedy in _impossible(table, row, ar)
    ]


def _impossible(table: Table, row: _Row, ar: int) -> Iterator[tuple[str, Level, str, str]]:
    """Yield rule, level, what is wrong and what to do about a figure."""
    dataset, number = table.dataset, row.varde
    unit = "Kontrollera talet och enheten."
    if number is not None and is_count(row.enhet):
        if number < 0 and not dataset.negativa:
            said = f"ett antal kan inte vara negativt ({tal(number)})"
            yield "negativt_antal", "fel", said, "Kontrollera tecknet."
        if number % 1 and row.enhet != "antal":
            yield "ej_heltal", "varning", f"{tal(number, 2)} {row.enhet} är inte ett antal", unit
    share = row.enhet == "procent" and not dataset.over_hundra
    if number is not None and share and not 0 <= number <= 100:
        said = f"andelen {tal(number, 1)}\u00a0% ligger utanför 0–100"
        yield "orimlig_procent", "fel", said, unit
    end = dt.date(ar, 12, 31) + dt.timedelta(days=dataset.senast_dagar)
    last = period_end(row.period)
    if last is not None and last > end and not _ahead(table, row):
        said = (
            f"{period_text(row.period)} ligger efter {end.isoformat()}, det sista som rapporten "
            "kan redovisa"
        )
        remedy = f"Kontrollera perioden, eller lägg filen i mappen för {last.year}."
        yield "period_efter_aret", "fel", said, remedy


def _ahead(table: Table, row: _Row) -> bool:
    frame = table.frame
    said = [str(frame[name].iloc[row.row]) for name in ("roll", "matt") if name in frame.columns]
    return any(AHEAD.match(content) for content in said)


def period_end(period: str) -> dt.date | None:
    """Return the last day of a canonical period, or None for what is no period."""
    last = period.rpartition("/")[2]
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", last):
        return dt.date(*map(int, found.groups()))
    month = 0
    if found := re.fullmatch(r"(\d{4})-(\d\d)", last) or re.fullmatch(r"(\d{4})D(\d\d)", last):
        month = int(found[2])
    elif found := re.fullmatch(r"(\d{4})T([123])", last):
        month = int(found[2]) * 4
    elif found := re.fullmatch(r"(\d{4})H([12])", last):
        month = int(found[2]) * 6
    elif found := re.fullmatch(r"(\d{4})", last):
        month = 12
    if found is None or not 1 <= month <= 12:
        return None
    year = int(found[1])
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _keys(table: Table, row: _Row) -> dict[str, str]:
    own = [name for name in table.dataset.nycklar if name not in ("periodtyp", "period")]
    named = dict(zip(own, row.keys, strict=True)) | {"period": row.period}
    return {name: content for name, content in named.items() if content}


def _finding(
    rule: str,
    table: Table,
    row: _Row,
    keys: Mapping[str, str],
    said: str,
    remedy: str,
    level: Level = "fel",
) -> Finding:
    name = ", ".join(row_labels(table, row.row).values())
    return Finding(
        rule=rule,
        level=level,
        message=f"{name or table.dataset.titel}: {said}.",
        place=table.place(row.row, "period" if rule.startswith("period") else "varde"),
        remedy=remedy,
        dataset=table.dataset.namn,
        keys=keys,
    )


def check_over_time(
    tables: Tables,
    earlier: Tables,
    ar: int,
    masked: Collection[Ref] = (),
    masked_earlier: Collection[Ref] = (),
) -> list[Finding]:
    """Return what looks odd over time: jumps, gaps, unlike periods, figures changed afterwards.

    Args:
        tables: the datasets of this year.
        earlier: those of the last year before that there is, or none.
        ar: the year.
        masked: rows whose figures must not be told.
        masked_earlier: the same among the earlier year's rows.
    """
    findings: list[Finding] = []
    for name, table in tables.items():
        before = earlier.get(name)
        told = {row.row: row for row in _rows(table) if Ref(name, row.row) not in masked}
        told_before = {
            row.row: row
            for row in (_rows(before) if before is not None else ())
            if Ref(name, row.row) not in masked_earlier
        }
        findings += _jumps(table, told, told_before, ar)
        findings += _gaps(table)
        findings += _alike(table)
        if before is not None:
            findings += _changed(table, told, told_before)
            findings += _renamed(table, before)
    return findings


def _jumps(
    table: Table, told: Mapping[int, _Row], before: Mapping[int, _Row], ar: int
) -> Iterator[Finding]:
    """Compare like with like: a period with the same kind of period, the last one measured."""
    rule = table.dataset.hopp
    if rule is None:
        return
    series: dict[tuple[tuple[str, ...], str, str], dict[str, float]] = {}
    for row in (*before.values(), *told.values()):
        if row.varde is not None and "/" not in row.period:
            kind = (row.keys, row.periodtyp, row.period[4:])
            series.setdefault(kind, {})[row.period[:4]] = row.varde
    for row in told.values():
        if row.varde is None or row.period[:4] != str(ar) or "/" in row.period:
            continue
        years = series[(row.keys, row.periodtyp, row.period[4:])]
        last = max((year for year in years if year < str(ar)), default=None)
        if last is None:
            continue
        old, new = abs(years[last]), abs(row.varde)
        if max(old, new) < rule.minst or min(old, new) * rule.faktor >= max(old, new):
            continue
        yield _finding(
            "hopp", table, row, _keys(table, row),
            f"siffran har ändrats mer än {tal(rule.faktor, 1)} gånger, från {tal(years[last])} "
            f"({period_text(last + row.period[4:])}) till {tal(row.varde)} "
            f"({period_text(row.period)})",
            "Kontrollera siffran, enheten och raden.",
            level="varning",
        )  # fmt: skip


def _gaps(table: Table) -> Iterator[Finding]:
    """Tell years that a series lacks, and series that mix kinds of periods: once per dataset."""
    series: dict[tuple[str, ...], dict[str, set[str]]] = {}
    named: dict[tuple[str, ...], str] = {}
    for row in _rows(table):
        if "/" not in row.period and row.period[:4].isdigit():
            kinds = series.setdefault(row.keys, {})
            named[row.keys] = ", ".join(row_labels(table, row.row).values()) or table.dataset.titel
            kinds.setdefault(row.periodtyp, set()).add(row.period[:4])
    lacking: dict[tuple[int, ...], list[str]] = {}
    mixed: list[str] = []
    for keys, kinds in series.items():
        name = named[keys]
        years = {int(year) for year in kinds.get("helar", ())}
        gap = tuple(y for y in range(min(years), max(years)) if y not in years) if years else ()
        if gap:
            lacking.setdefault(gap, []).append(name)
        if "helar" in kinds and {"halvar", "delar", "tertial"} & set(kinds):
            mixed.append(name)
    for gap, lacks in lacking.items():
        yield Finding(
            "lucka_i_serie",
            "upplysning",
            f"{table.dataset.titel}: {lista(gap)} saknas i serien för {_some(lacks)}.",
            file_of(table),
            dataset=table.dataset.namn,
            keys={"period": " ".join(map(str, gap))},
        )
    if mixed:
        yield Finding(
            "olika_perioder",
            "upplysning",
            f"{table.dataset.titel}: helår står bredvid kortare perioder för {_some(mixed)}; "
            "bara perioder av samma slag jämförs.",
            file_of(table),
            dataset=table.dataset.namn,
        )


def _some(named: list[str]) -> str:
    unique = [f"«{name}»" for name in dict.fromkeys(named)]
    if len(unique) <= FEW:
        return lista(unique)
    return lista([*unique[:FEW], f"{len(unique) - FEW} till"])


def _changed(
    table: Table, told: Mapping[int, _Row], before: Mapping[int, _Row]
) -> Iterator[Finding]:
    """Tell figures that last year's file gave otherwise: a revision, or a slip of the hand."""
    old = {(row.keys, row.periodtyp, row.period): row for row in before.values()}
    for row in told.values():
        was = old.get((row.keys, row.periodtyp, row.period))
        if was is None:
            # This year's `utfall_fg_period` is what last year's file called `utfall_period`
            keys = tuple(part.replace("_fg", "") for part in row.keys)
            was = old.get((keys, row.periodtyp, row.period))
        if was is None or was.varde is None or row.varde is None or was.enhet != row.enhet:
            continue
        if was.varde == row.varde:
            continue
        yield _finding(
            "andrad_i_efterhand", table, row, _keys(table, row),
            f"siffran för {period_text(row.period)} är {tal(row.varde, 1)} men var "
            f"{tal(was.varde, 1)} i förra årets fil",
            "Är den rättad? Skriv i så fall varför i texten.",
            level="varning",
        )  # fmt: skip


def _renamed(table: Table, before: Table) -> Iterator[Finding]:
    """Tell names that are almost, but not quite, last year's: series break in silence there."""
    for column in text_keys(table.dataset):
        if column not in table.frame.columns or column not in before.frame.columns:
            continue
        new = {str(c) for c in table.frame[column]} - {""}
        old = {str(c) for c in before.frame[column]} - {""}
        for name in sorted(new - old):
            near = difflib.get_close_matches(name, sorted(old - new), n=1, cutoff=0.85)
            if near:
                yield Finding(
                    "nytt_namn",
                    "varning",
                    f"{table.dataset.titel}: «{name}» i kolumnen {column} hette «{near[0]}» "
                    "förra året.",
                    file_of(table),
                    "Skriv som förra året om det är samma sak, annars går serien av.",
                    dataset=table.dataset.namn,
                    keys={column: name},
                )


def _alike(table: Table) -> Iterator[Finding]:
    """Tell names that differ by a slip of the hand: their rows would stand apart in print."""
    for column in text_keys(table.dataset):
        if column not in table.frame.columns or column.endswith("_id"):
            continue
        rows: dict[str, int] = {}
        for row, content in enumerate(table.frame[column]):
            rows.setdefault(str(content), row)
        names = sorted(name for name in rows if len(name) >= SHORTEST)
        for i, name in enumerate(names):
            for other in difflib.get_close_matches(name, names[i + 1 :], n=3, cutoff=ALIKE):
                if _slip(name, other):
                    later = max(name, other, key=rows.__getitem__)
                    earlier = other if later == name else name
                    yield Finding(
                        "liknande_namn",
                        "varning",
                        f"{table.dataset.titel}: «{later}» liknar «{earlier}» i samma kolumn.",
                        table.place(rows[later], column),
                        "Skriv likadant om det är samma sak; annars blir det två rader.",
                        dataset=table.dataset.namn,
                        keys={column: later},
                    )


def _slip(name: str, other: str) -> bool:
    """Tell whether two names differ by one or two letters within a word, and by nothing else."""
    words, others = name.split(), other.split()
    if len(words) != len(others):
        return False
    unlike = [(a, b) for a, b in zip(words, others, strict=True) if a != b]
    if len(unlike) != 1:
        return False
    (a, b), letters = unlike[0], re.compile(r"\d")
    long_enough = min(len(a), len(b)) >= 4 and not letters.search(a + b)
    return long_enough and difflib.SequenceMatcher(None, a, b).ratio() >= 0.8


def text_keys(dataset: Dataset) -> list[str]:
    """Return the key columns that hold free text."""
    return [
        column.namn
        for column in dataset.kolumner
        if column.nyckel and column.typ == "text" and not column.tillatna
    ]
