"""Protect small counts: which figures are hidden, so that none can be worked out.

A count from 1 to 4 of people or events is hidden, and so are as few others as it takes (see
`suppression`). What an outsider can reckon with are the relations that are declared beside the
datasets, and what an earlier year's report has shown of the same figures: a figure keeps what it
got the first time, year after year.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from berattelse.datasets import Dataset, Protection
from berattelse.gate.relations import Ref, Tables, bind, figure
from berattelse.gate.ties import Sum, Tie, followers, loose_totals, sums, ties
from berattelse.missing import Protected
from berattelse.model import Finding
from berattelse.suppression import Cell, Equation, protect

TOTAL_WEIGHT = 4.0
"""A total says more than one of its parts: it is hidden only where parts do not suffice."""

Key = tuple[str, tuple[str, ...], str, str, float]
"""A figure whatever file it stands in: dataset, keys, period type, period, value."""


@dataclass(frozen=True)
class Hidden:
    """What is hidden of one kommun and year."""

    rows: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Dataset -> rows of its frame whose figure is hidden."""
    shown: frozenset[Key] = frozenset()
    """Figures of protected datasets that are shown, for the years that follow."""
    kept: frozenset[Key] = frozenset()
    """Figures that are hidden, for the years that follow."""
    relations: tuple[tuple[tuple[tuple[Key, int], ...], bool], ...] = ()
    """What ties the figures of this and earlier years' reports: terms, and whether it is at most.
    A figure that is revised from one report to the next stands in both."""
    sums: tuple[tuple[frozenset[str], float], ...] = ()
    """Hidden figures -> their sum, where totals in sight tell it."""
    findings: tuple[Finding, ...] = ()

    @property
    def refs(self) -> frozenset[Ref]:
        """The hidden rows as references."""
        return frozenset(Ref(name, row) for name, rows in self.rows.items() for row in rows)


def sensitive(tables: Tables, exempt: frozenset[str]) -> frozenset[Ref]:
    """Return the rows whose count is small enough to be protected by itself."""
    return frozenset(
        Ref(name, row)
        for name, table in tables.items()
        if name not in exempt
        for row, number in _counts(table.dataset, table.frame).items()
        if _is_small(number, table.dataset)
    )


def _is_small(number: int, dataset: Dataset) -> bool:
    rule = dataset.skydd
    return rule.lagst <= number <= rule.hogst or (rule.nollor and number == 0)


def _counts(dataset: Dataset, frame: pd.DataFrame) -> dict[int, int]:
    """Return row -> count for the rows that count people or events and are not exempt."""
    rule = dataset.skydd
    if not rule.pa or frame.empty or "varde" not in frame.columns or "enhet" not in frame.columns:
        return {}
    roles = frame["roll"].tolist() if "roll" in frame.columns else [""] * len(frame)
    counts = {}
    for row, (number, unit, role) in enumerate(
        zip(frame["varde"].tolist(), frame["enhet"].tolist(), roles, strict=True)
    ):
        if number != number or not rule.counts(unit) or number % 1:
            continue
        if str(role).startswith(("mal", "grans")):
            continue
        if any(_fits(frame, row, exception) for exception in rule.utom):
            continue
        counts[row] = int(number)
    return counts


def _fits(frame: pd.DataFrame, row: int, exception: Mapping[str, tuple[str, ...]]) -> bool:
    return all(
        name in frame.columns and str(frame[name].iloc[row]) in contents
        for name, contents in exception.items()
    )


def hide(tables: Tables, ar: int, exempt: frozenset[str], earlier: Hidden) -> Hidden:
    """Choose what to hide of one kommun and year.

    Args:
        tables: all datasets of the kommun and year; sound, that is without faults.
        ar: the year.
        exempt: datasets that the kommun has published itself.
        earlier: what earlier years' reports hide and show.
    """
    return _Choice(tables, ar, exempt, earlier).made()


class _Choice:
    """The counts of one kommun and year as a problem for `suppression`.

    Its cells are, in this order: figures of the files, rests that no table shows, and totals that
    reports work out.
    """

    def __init__(self, tables: Tables, ar: int, exempt: frozenset[str], earlier: Hidden) -> None:
        self.tables, self.exempt, self.earlier = tables, exempt, earlier
        self.groups, _ = bind(tables, ar)
        self.tied = ties(tables, self.groups)
        self.sums = [total for total in sums(tables, ar) if total.dataset not in exempt]
        self.small = sensitive(tables, exempt)
        self.numbers = {
            Ref(name, row): number
            for name, table in tables.items()
            for row, number in _counts(table.dataset, table.frame).items()
        }
        self.people = frozenset(self.numbers)
        tied = [ref for tie in self.tied for ref in (*tie.left, *tie.right)]
        for ref in (*tied, *(ref for total in self.sums for ref in total.parts)):
            # A count that needs no protection itself can still give another away
            self.numbers.setdefault(ref, int(figure(tables, ref).number or 0))
        self.refs = sorted(self.numbers, key=lambda ref: (ref.dataset, ref.row))
        self.index = {ref: i for i, ref in enumerate(self.refs)}
        self.keys = {ref: key_of(tables, ref) for ref in self.refs}
        self.totals = {t.right[0] for t in self.tied if not t.inequality and len(t.right) == 1}
        self.cells = [self._figure(ref) for ref in self.refs]
        self.rests = [tie for tie in self.tied if self._tells_rest(tie)]
        self.cells += [self._rest(tie) for tie in self.rests]
        self.cells += [self._total(total) for total in self.sums]
        named = [self.keys[ref] for ref in self.refs] + [None] * len(self.rests)
        self.named: list[Key | None] = [*named, *map(_sum_key, self.sums)]
        self.at = {key: i for i, key in enumerate(self.named) if key is not None}
        for terms, _ in earlier.relations:
            for key, _ in terms:
                if key not in self.at:
                    self.at[key] = len(self.cells)
                    self.named.append(key)
                    self.cells.append(self._earlier(key))

    def made(self) -> Hidden:
        """Solve it."""
        pattern = protect(self.cells, self._equations())
        hidden = {self.refs[i] for i in pattern.hidden if i < len(self.refs)}
        # A rest that cannot be protected stands where its parts stand
        failed = {ref for i in pattern.unprotected if (ref := self._stands(i)) is not None}
        shown_sums = [
            total for i, total in enumerate(self.sums, self._first_sum) if i not in pattern.hidden
        ]
        public = self._public(hidden, shown_sums)
        keys = {self.keys[ref] for ref in hidden}
        kept = keys | {_sum_key(total) for total in self.sums if total not in shown_sums}
        shown = {key for ref, key in self.keys.items() if ref not in hidden}
        loose = loose_totals(self.tables, self.tied, hidden, self.exempt)
        hidden |= followers(self.tables, self.groups, hidden, self.exempt)
        return Hidden(
            rows=_by_dataset(hidden),
            shown=self.earlier.shown | shown | {_sum_key(total) for total in shown_sums},
            kept=self.earlier.kept | kept,
            sums=public,
            relations=tuple(dict.fromkeys((*self.earlier.relations, *self._named_equations()))),
            findings=(
                *_failures(self.tables, sorted(failed, key=_order)),
                *(_loose(self.tables, ref) for ref in loose),
            ),
        )

    @property
    def _first_sum(self) -> int:
        return len(self.refs) + len(self.rests)

    def _stands(self, cell: int) -> Ref | None:
        """Return the row that a cell is told at, if this year has any for it."""
        if cell < len(self.refs):
            return self.refs[cell]
        if cell < self._first_sum:
            return self.rests[cell - len(self.refs)].left[0]
        if cell < self._first_sum + len(self.sums):
            return self.sums[cell - self._first_sum].parts[0]
        # A figure of an earlier report: told where this year's figures of the same kind stand
        dataset = (self.named[cell] or ("",))[0]
        first = self.refs[0] if self.refs else None
        return next((ref for ref in self.refs if ref.dataset == dataset), first)

    def _figure(self, ref: Ref) -> Cell:
        rule, number = self.tables[ref.dataset].dataset.skydd, self.numbers[ref]
        weight = TOTAL_WEIGHT if ref in self.totals else 1.0
        closed = ref.dataset in self.exempt or not rule.pa
        return self._cell(number, self.keys[ref], rule, weight, ref in self.small, closed)

    def _total(self, total: Sum) -> Cell:
        rule = self.tables[total.dataset].dataset.skydd
        small = rule.lagst <= total.value <= rule.hogst
        return self._cell(total.value, _sum_key(total), rule, TOTAL_WEIGHT, small, not rule.pa)

    def _cell(
        self, number: int, key: Key, rule: Protection, weight: float, small: bool, closed: bool
    ) -> Cell:
        was_shown, was_kept = key in self.earlier.shown, key in self.earlier.kept
        free = not closed and not was_shown and bool(number or rule.nollor)
        return Cell(
            value=number,
            sensitive=was_kept or (small and not was_shown and not closed),
            fixed=not free and not was_kept,
            open=free,
            # Among equals the smaller one goes: it says less
            weight=weight + min(number, 10_000) / 100_000,
            floor=0 if rule.nollor else 1,
            width=rule.bredd,
        )

    def _earlier(self, key: Key) -> Cell:
        """Return a figure that only an earlier report has, shown or hidden as it was there."""
        number = max(int(key[-1]), 0)
        table = self.tables.get(key[0])
        rule = table.dataset.skydd if table else Protection()
        kept = key in self.earlier.kept and number >= (0 if rule.nollor else 1)
        return Cell(
            value=number,
            sensitive=kept,
            fixed=not kept,
            open=kept,
            floor=0 if rule.nollor else 1,
            width=rule.bredd,
        )

    def _tells_rest(self, tie: Tie) -> bool:
        """Tell whether a whole and its part give away a small rest: 16 of 17 is one.

        Where all of them have been shown before there is nothing left to protect.
        """
        dataset = tie.left[0].dataset
        rule = self.tables[dataset].dataset.skydd
        if not tie.of_whole or dataset in self.exempt or not self.people.issuperset(tie.left):
            return False
        if all(self.cells[self.index[ref]].fixed for ref in (*tie.left, *tie.right)):
            return False
        return rule.lagst <= self._left_over(tie) <= rule.hogst

    def _left_over(self, tie: Tie) -> int:
        whole = sum(self.numbers[ref] for ref in tie.right)
        return whole - sum(self.numbers[ref] for ref in tie.left)

    def _rest(self, tie: Tie) -> Cell:
        width = self.tables[tie.left[0].dataset].dataset.skydd.bredd
        return Cell(self._left_over(tie), sensitive=True, weight=0.0, floor=0, width=width)

    def _equations(self) -> list[Equation]:
        at = {id(tie): i for i, tie in enumerate(self.rests, len(self.refs))}
        equations = []
        for tie in self.tied:
            terms = [(self.index[ref], 1) for ref in tie.left]
            terms += [(self.index[ref], -1) for ref in tie.right]
            if id(tie) in at:
                equations.append(Equation((*terms, (at[id(tie)], 1))))
            else:
                equations.append(Equation(tuple(terms), inequality=tie.inequality))
        for i, total in enumerate(self.sums, self._first_sum):
            equations.append(Equation((*((self.index[ref], 1) for ref in total.parts), (i, -1))))
        for named, inequality in self.earlier.relations:
            found = tuple((self.at[key], factor) for key, factor in named)
            equations.append(Equation(found, inequality))
        return equations

    def _named_equations(self) -> list[tuple[tuple[tuple[Key, int], ...], bool]]:
        """Return this year's relations between figures by what they are, for years that follow."""
        made = []
        for equation in self._equations():
            keys = [(self.named[i], factor) for i, factor in equation.terms]
            named = tuple((key, factor) for key, factor in keys if key is not None)
            if len(named) == len(keys):
                made.append((named, equation.inequality))
        return made

    def _public(
        self, hidden: Collection[Ref], shown: Sequence[Sum]
    ) -> tuple[tuple[frozenset[str], float], ...]:
        """Return the sums of hidden figures that totals in sight tell."""
        told: dict[frozenset[str], float] = {}
        parts = [total.parts for total in shown]
        parts += [
            tie.left
            for tie in self.tied
            if not tie.inequality and not any(ref in hidden for ref in tie.right)
        ]
        for refs in parts:
            out = [ref for ref in refs if ref in hidden]
            if out:
                told[frozenset(map(row_id, out))] = float(sum(self.numbers[ref] for ref in out))
        return tuple(told.items())


def _order(ref: Ref) -> tuple[str, int]:
    return ref.dataset, ref.row


def row_id(ref: Ref) -> str:
    """Return what `Protected.rad` says of a row."""
    return f"{ref.dataset}:{ref.row}"


def _sum_key(total: Sum) -> Key:
    return total.dataset, total.name, "", total.period, float(total.value)


def key_of(tables: Tables, ref: Ref) -> Key:
    """Return what a figure is, whatever file and row it stands in."""
    table = tables[ref.dataset]
    row = table.frame.iloc[ref.row]
    own = [name for name in table.dataset.nycklar if name not in ("periodtyp", "period")]
    number = float(row["varde"])
    return (
        ref.dataset,
        tuple(str(row[name]) for name in own),
        str(row.get("periodtyp", "")),
        str(row.get("period", "")),
        number if number == number else -1.0,
    )


def _by_dataset(refs: set[Ref]) -> dict[str, frozenset[int]]:
    names = sorted({ref.dataset for ref in refs})
    return {name: frozenset(r.row for r in refs if r.dataset == name) for name in names}


def _loose(tables: Tables, ref: Ref) -> Finding:
    return Finding(
        "total_utan_kontroll",
        "fel",
        f"{tables[ref.dataset].dataset.titel}: raden ser ut som en total, men ingen kontroll säger "
        "vad den är summan av, så ett dolt tal bredvid kan gå att räkna ut.",
        tables[ref.dataset].place(ref.row),
        "Deklarera summan under «kontroller» i data/datamangder/, eller ta bort raden.",
        dataset=ref.dataset,
    )


def _failures(tables: Tables, refs: Sequence[Ref]) -> list[Finding]:
    return [
        Finding(
            "kan_inte_skyddas",
            "fel",
            "Ett litet antal går att räkna ut ur siffror som redan är visade.",
            tables[ref.dataset].place(ref.row, "varde"),
            "Ta bort de uppgifter som avslöjar det, eller skriv undantag i skydd.yml om "
            "kommunen redan har offentliggjort siffran.",
            dataset=ref.dataset,
        )
        for ref in refs
    ]


def protected(dataset: str, frame: pd.DataFrame, rows: frozenset[int]) -> pd.DataFrame:
    """Return the frame with the figures of `rows` taken out and marked `skyddad`."""
    if not rows:
        return frame
    changed = frame.copy()
    positions = sorted(rows)
    changed.iloc[positions, list(frame.columns).index("varde")] = float("nan")
    if "orsak" not in changed.columns:
        changed["orsak"] = ""
    at = list(changed.columns).index("orsak")
    for row in positions:
        changed.iloc[row, at] = Protected(row_id(Ref(dataset, row)))
    return changed
