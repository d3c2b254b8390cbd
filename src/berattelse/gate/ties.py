"""What ties figures together for an outsider: sums, wholes and parts, shares, what follows.

`protection` reckons with these when it chooses what to hide.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from berattelse.datasets import is_count
from berattelse.gate.relations import Group, Ref, Tables, figure, totals_of
from berattelse.intake import Table

TOTALS = frozenset(("total", "totalt", "totalsumma", "summa", "samtliga", "alla", "hela"))
"""What a row is called that is the sum of the others."""


@dataclass(frozen=True)
class Tie:
    """Counts that an outsider can reckon with: left is equal to right, or at most right."""

    left: tuple[Ref, ...]
    right: tuple[Ref, ...]
    inequality: bool
    of_whole: bool = False
    """Whether left is a part of right, so that the rest is a count too."""


def ties(tables: Tables, groups: Sequence[Group]) -> list[Tie]:
    """Return what the groups tell an outsider of counts."""
    return [tie for group in groups if (tie := _tie(tables, group)) is not None]


def _tie(tables: Tables, group: Group) -> Tie | None:
    if group.relation.slag not in ("lika", "hogst"):
        return None
    known: dict[Ref, bool] = {}
    for ref in (*group.left, *group.right):
        found = figure(tables, ref)
        if not is_count(found.unit) or (found.number or 0) % 1:
            return None
        known[ref] = found.number is not None
    if not all(known[ref] for ref in group.right):
        return None
    left = tuple(ref for ref in group.left if known[ref])
    if not left:
        return None
    # A part that nobody knows is at least nothing: the others are at most the whole
    part = group.relation.slag == "hogst"
    return Tie(left, group.right, part or len(left) < len(group.left), of_whole=part)


@dataclass(frozen=True)
class Sum:
    """A total that reports work out of counts; no file holds it."""

    dataset: str
    name: tuple[str, ...]
    """What it is, the same year after year: its declaration and its group."""
    period: str
    parts: tuple[Ref, ...]
    value: int


def sums(tables: Tables, ar: int) -> list[Sum]:
    """Return the declared totals of counts; one that lacks a part is no total."""
    found: list[Sum] = []
    for table in tables.values():
        for number, total in enumerate(table.dataset.summor):
            for key, refs in totals_of(table, total, ar).items():
                figures = [figure(tables, ref) for ref in refs]
                counts = all(is_count(f.unit) and f.number is not None for f in figures)
                if counts and len(refs) > 1:
                    value = sum(int(f.number or 0) for f in figures)
                    name = (f"summa {number}", *key[:-2])
                    found.append(Sum(table.dataset.namn, name, key[-2], refs, value))
    return found


def loose_totals(
    tables: Tables, tied: Sequence[Tie], hidden: Collection[Ref], exempt: frozenset[str]
) -> list[Ref]:
    """Return rows named as totals that no relation knows, beside hidden rows of their own kind.

    Whoever reads the table takes such a row for the sum of the others, and works the hidden out.
    """
    known = {ref for tie in tied for ref in (*tie.left, *tie.right)}
    found: list[Ref] = []
    for name in sorted({ref.dataset for ref in hidden} - exempt):
        table = tables[name]
        columns = {key: table.frame[key].astype(str).tolist() for key in table.dataset.nycklar}
        rows = {ref.row for ref in hidden if ref.dataset == name}
        for column in columns:
            others = [cells for key, cells in columns.items() if key != column]
            kind = [tuple(cells[row] for cells in others) for row in range(len(table.frame))]
            with_hidden = {kind[row] for row in rows}
            found += [
                Ref(name, row)
                for row, content in enumerate(columns[column])
                if content.strip().lower() in TOTALS
                and kind[row] in with_hidden
                and row not in rows
                and Ref(name, row) not in known
                and is_count(figure(tables, Ref(name, row)).unit)
            ]
    return list(dict.fromkeys(found))


def followers(
    tables: Tables, groups: Sequence[Group], hidden: Collection[Ref], exempt: frozenset[str]
) -> set[Ref]:
    """Return the figures that are no counts themselves but would tell a hidden or small one.

    A share of a hidden count, a share of a base so small that it is a small count in disguise
    (11 per cent of 27 are three persons), and what is declared to follow a hidden count.
    """
    told: set[Ref] = set()
    for group in groups:
        if group.share is not None and any(ref in hidden for ref in (*group.left, *group.right)):
            told.add(group.share)
        if group.relation.slag == "bas":
            told |= set(_of_small_base(tables, group, hidden))
    for name in {ref.dataset for ref in hidden}:
        told |= set(_declared(tables[name], {ref.row for ref in hidden if ref.dataset == name}))
    return {
        ref for ref in told if ref.dataset not in exempt and figure(tables, ref).number is not None
    }


def _of_small_base(tables: Tables, group: Group, hidden: Collection[Ref]) -> Iterator[Ref]:
    base = [figure(tables, ref).number for ref in group.right]
    for ref in group.left:
        share = figure(tables, ref).number
        rule = tables[ref.dataset].dataset.skydd
        if share is None or not rule.pa or None in base:
            continue
        whole = sum(number for number in base if number is not None)
        count = round(share * whole / 100)
        small = any(rule.lagst <= n <= rule.hogst for n in (count, whole - count))
        if small or any(each in hidden for each in group.right):
            yield ref


def _declared(table: Table, rows: Collection[int]) -> Iterator[Ref]:
    """Yield the rows that follow one of `rows`: the same keys but for the column that tells."""
    for column, leaders in table.dataset.skydd.foljer.items():
        others = [name for name in table.dataset.nycklar if name != column]
        keys = list(zip(*(table.frame[name].astype(str) for name in others), strict=True))
        contents = table.frame[column].astype(str).tolist()
        led = {(keys[row], contents[row]) for row in rows}
        for row, content in enumerate(contents):
            if (keys[row], leaders.get(content, "")) in led:
                yield Ref(table.dataset.namn, row)
