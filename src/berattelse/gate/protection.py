"""Protect small counts: which figures are hidden, so that none can be worked out.

A count from 1 to 4 of people or events is hidden, and so are as few others as it takes (see
`suppression`). What an outsider can reckon with are the relations that are declared beside the
datasets, and what an earlier year's report has shown of the same figures: a figure keeps what it
got the first time, year after year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from berattelse.datasets import Dataset
from berattelse.gate.relations import Ref, Tables, bind, figure
from berattelse.gate.ties import Tie, followers, ties
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
        if number != number or unit not in rule.enheter or number % 1:
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
    numbers = {
        Ref(name, row): number
        for name, table in tables.items()
        for row, number in _counts(table.dataset, table.frame).items()
    }
    groups, _ = bind(tables, ar)
    tied = ties(tables, groups)
    for tie in tied:
        for ref in (*tie.left, *tie.right):
            # A count that needs no protection itself can still give another away
            numbers.setdefault(ref, int(figure(tables, ref).number or 0))
    totals = {tie.right[0] for tie in tied if not tie.inequality and len(tie.right) == 1}
    refs = sorted(numbers, key=lambda ref: (ref.dataset, ref.row))
    index = {ref: i for i, ref in enumerate(refs)}
    keys = {ref: key_of(tables, ref) for ref in refs}
    small = sensitive(tables, exempt)
    cells = []
    for ref in refs:
        rule = tables[ref.dataset].dataset.skydd
        number = numbers[ref]
        was_shown = keys[ref] in earlier.shown
        was_kept = keys[ref] in earlier.kept
        free = ref.dataset not in exempt and rule.pa and not was_shown and (number or rule.nollor)
        cells.append(
            Cell(
                value=number,
                sensitive=was_kept or (ref in small and not was_shown),
                fixed=not free and not was_kept,
                open=bool(free),
                weight=(TOTAL_WEIGHT if ref in totals else 1.0) + min(number, 10_000) / 100_000,
                floor=0 if rule.nollor else 1,
                width=rule.bredd,
            )
        )
    rests = [tie for tie in tied if _tells_rest(tables, tie, numbers, exempt, cells, index)]
    cells += [_rest(tables, tie, numbers) for tie in rests]
    at = {id(tie): len(refs) + i for i, tie in enumerate(rests)}
    equations = [_equation(tie, index, at.get(id(tie))) for tie in tied]
    pattern = protect(cells, equations)
    hidden = {refs[i] for i in pattern.hidden if i < len(refs)}
    hidden |= followers(tables, groups, hidden, exempt)
    # A rest that cannot be protected stands where its parts stand
    failed = {
        refs[i] if i < len(refs) else rests[i - len(refs)].left[0] for i in pattern.unprotected
    }
    return Hidden(
        rows=_by_dataset(hidden),
        shown=earlier.shown
        | {keys[ref] for ref in refs if ref not in hidden and ref.dataset not in exempt}
        | _shown(tables, exempt, refs, keys),
        kept=earlier.kept | {keys[ref] for ref in hidden if ref in keys},
        findings=tuple(_failures(tables, sorted(failed, key=lambda ref: (ref.dataset, ref.row)))),
    )


def _shown(
    tables: Tables, exempt: frozenset[str], refs: Sequence[Ref], keys: Mapping[Ref, Key]
) -> frozenset[Key]:
    return frozenset(keys[ref] for ref in refs if ref.dataset in exempt)


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


def _tells_rest(
    tables: Tables,
    tie: Tie,
    numbers: Mapping[Ref, int],
    exempt: frozenset[str],
    cells: Sequence[Cell],
    index: Mapping[Ref, int],
) -> bool:
    """Tell whether a whole and its part give away a small rest: 16 of 17 is one.

    Where all of them have been shown before there is nothing left to protect.
    """
    dataset = tie.left[0].dataset
    if not tie.of_whole or dataset in exempt or not tables[dataset].dataset.skydd.pa:
        return False
    if all(cells[index[ref]].fixed for ref in (*tie.left, *tie.right)):
        return False
    rest = sum(numbers[ref] for ref in tie.right) - sum(numbers[ref] for ref in tie.left)
    rule = tables[dataset].dataset.skydd
    return rule.lagst <= rest <= rule.hogst


def _rest(tables: Tables, tie: Tie, numbers: Mapping[Ref, int]) -> Cell:
    """Return the rest as a count that no table shows."""
    rest = sum(numbers[ref] for ref in tie.right) - sum(numbers[ref] for ref in tie.left)
    width = tables[tie.left[0].dataset].dataset.skydd.bredd
    return Cell(value=rest, sensitive=True, weight=0.0, floor=0, width=width)


def _equation(tie: Tie, index: Mapping[Ref, int], rest: int | None) -> Equation:
    terms = [(index[ref], 1) for ref in tie.left] + [(index[ref], -1) for ref in tie.right]
    if rest is not None:
        return Equation((*terms, (rest, 1)))
    return Equation(tuple(terms), inequality=tie.inequality)


def _by_dataset(refs: set[Ref]) -> dict[str, frozenset[int]]:
    names = sorted({ref.dataset for ref in refs})
    return {name: frozenset(r.row for r in refs if r.dataset == name) for name in names}


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


def protected(frame: pd.DataFrame, rows: frozenset[int]) -> pd.DataFrame:
    """Return the frame with the figures of `rows` taken out and marked `skyddad`."""
    if not rows:
        return frame
    changed = frame.copy()
    positions = sorted(rows)
    changed.iloc[positions, list(frame.columns).index("varde")] = float("nan")
    if "orsak" not in changed.columns:
        changed["orsak"] = ""
    changed.iloc[positions, list(changed.columns).index("orsak")] = "skyddad"
    return changed
