"""Check the declared relations: sums, subsets, shares. A row is found by its keys, never its place.

Tolerance follows rounding: a figure that is published in steps may be off by half a step, so n
figures may be off by n/2 steps together; figures in exact units must agree exactly.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from berattelse.datasets import MONEY_UNITS
from berattelse.gate.records import entry
from berattelse.gate.relations import (
    Figure,
    Group,
    Ref,
    Tables,
    bind,
    figure,
    file_of,
    names,
    row_labels,
)
from berattelse.model import Finding
from berattelse.text.numbers import MINUS, NBSP, written
from berattelse.text.numbers import exact as as_decimal
from berattelse.text.prose import lista, period_text, stor

FEW_PARTS = 14
"""Up to so many parts are told with their figures."""


def check_relations(tables: Tables, ar: int, masked: Collection[Ref] = ()) -> list[Finding]:
    """Return what does not hold among the declared relations.

    Args:
        tables: the datasets of one kommun and year.
        ar: the year.
        masked: rows whose figures must not be told, not even in a difference.
    """
    whole, lone = bind(tables, ar)
    findings: list[Finding] = []
    off: dict[tuple[int, tuple[str, ...]], tuple[Group, Fraction, str]] = {}
    for group in whole:
        if group.relation.slag == "bas":
            continue  # only what is hidden follows from it
        figures = {ref: figure(tables, ref) for ref in group.refs}
        if group.relation.slag == "hogst" or _lacks_a_part(group, figures):
            # Known parts that are together more than the whole are wrong whatever is missing
            relation = replace(group.relation, slag="hogst")
            known = tuple(ref for ref in group.left if figures[ref].number is not None)
            group = replace(group, left=known, relation=relation)
        if not group.left or any(figures[ref].number is None for ref in group.refs):
            continue
        hidden = any(ref in masked for ref in group.refs)
        found = _Judged(tables, group, figures, hidden).finding()
        if found is not None:
            findings.append(found[0])
            key = tuple(v for name, v in group.keys.items() if name not in ("matt", "period"))
            off[id(group.relation), (*key, group.keys.get("matt", ""))] = (group, *found[1:])
    findings += _derived(tables, off, masked)
    findings += _without_counterpart(tables, whole, lone)
    return findings


def _lacks_a_part(group: Group, figures: Mapping[Ref, Figure]) -> bool:
    """Tell whether a sum lacks a part of what cannot be negative."""
    return (
        group.relation.slag == "lika"
        and any(figures[ref].number is None for ref in group.left)
        and all(f.unit not in MONEY_UNITS and (f.number or 0) >= 0 for f in figures.values())
    )


class _Judged:
    """One group with its figures."""

    def __init__(
        self, tables: Tables, group: Group, figures: Mapping[Ref, Figure], hidden: bool
    ) -> None:
        self.tables, self.group, self.figures, self.hidden = tables, group, figures, hidden
        steps = {f.step for f in figures.values()}
        units = {f.unit for f in figures.values()}
        mixed = len(units) > 1 and units <= set(MONEY_UNITS)
        self.coarse = max(steps) if mixed else Fraction(0)
        self.unit = max(units, key=lambda unit: (MONEY_UNITS.get(unit, 0), unit))

    def side(self, refs: Sequence[Ref]) -> Fraction:
        """Add up; figures in a finer unit than the others are rounded as those are."""
        return sum((self.figures[ref].rounded(self.coarse) for ref in refs), Fraction(0))

    @property
    def tolerance(self) -> Fraction:
        """Half a step per figure; the same figure in the same unit at two places has none."""
        group = self.group
        twice = group.relation.slag == "lika" and len(group.left) == len(group.right) == 1
        if twice and len({f.unit for f in self.figures.values()}) == 1:
            return Fraction(0)
        halves = sum((max(f.step, self.coarse) for f in self.figures.values()), Fraction(0))
        return halves / 2

    def finding(self) -> tuple[Finding, Fraction, str] | None:
        group = self.group
        slag = group.relation.slag
        left, right = self.side(group.left), self.side(group.right)
        if slag == "hundra":
            right = Fraction(100)
        if slag == "andel":
            return self._share(left, right)
        difference = left - right
        over = difference if slag == "hogst" else abs(difference)
        if over <= self.tolerance:
            return None
        said = f"{self._told(group.left, left)} men {self._told(group.right, right)}"
        if slag == "hundra":
            said = f"{self._told(group.left, left)} i stället för 100"
        elif slag == "hogst":
            most = self._told(group.right, right, verb=":")
            said = f"{self._told(group.left, left)}, vilket är mer än {most}"
        text = self._amount(difference, sign=True)
        return self._made(f"{said}; skillnaden är {text}", text), difference, self.unit

    def _share(self, left: Fraction, right: Fraction) -> tuple[Finding, Fraction, str] | None:
        assert self.group.share is not None
        share = self.figures[self.group.share]
        if not right or share.number is None:
            return None
        worked_out = 100 * left / right
        difference = share.number - worked_out
        if abs(difference) <= share.step / 2:
            return None
        text = _number(difference, 1, sign=True)
        said = (
            f"andelen är {_number(share.number, 1)}{NBSP}% men {self._amount(left)} av "
            f"{self._amount(right)} är {_number(worked_out, 1)}{NBSP}%"
        )
        return self._made(said, text), difference, "procent"

    def _made(self, said: str, difference: str) -> Finding:
        group = self.group
        what = describe(self.tables, group.dataset, group.keys)
        if set(group.keys) <= {"period", "ar"}:
            what = f"{self.tables[group.dataset].dataset.titel}, {what[:1].lower()}{what[1:]}"
        if self.hidden:
            # A difference with all parts but one would tell the protected one
            said = "uppgifterna stämmer inte med varandra (skyddade tal visas inte)"
        others = tuple(
            dict.fromkeys(ref.dataset for ref in group.refs if ref.dataset != group.dataset)
        )
        finding = Finding(
            rule=group.relation.regel,
            level=group.relation.niva,
            message=f"{what}: {said}. {group.relation.text}".strip(),
            place=places(self.tables, group.refs),
            dataset=group.dataset,
            others=others,
            keys=dict(group.keys),
            difference=difference,
            hidden=self.hidden,
        )
        # Ready to be put in, since nobody guesses the names of keys and datasets
        remedy = f"Rätta den siffra som är fel. Ska den stå kvar, i godkanda.yml: {entry(finding)}"
        return replace(finding, remedy=remedy)

    def _amount(self, number: Fraction, sign: bool = False) -> str:
        if self.unit in MONEY_UNITS:
            unit = self.unit
            if unit == "kr" and abs(number) >= 100_000:
                unit = "tkr"
            decimals = 1 if unit == "mnkr" else 0
            return f"{_number(number / MONEY_UNITS[unit], decimals, sign)}{NBSP}{unit}"
        return _number(number, 0 if number.denominator == 1 else 1, sign)

    def _told(self, refs: Sequence[Ref], total: Fraction, verb: str = " är") -> str:
        if len(refs) == 1:
            return f"«{self._name(refs)}»{verb} {self._amount(total)}"
        parts = ""
        if len(refs) <= FEW_PARTS:
            parts = " + ".join(
                f"{self._label(ref, refs)} {self._amount(self.figures[ref].rounded(self.coarse))}"
                for ref in refs
            )
            parts = f" ({parts})"
        return f"summan av {len(refs)} rader{parts}{verb} {self._amount(total)}"

    def _name(self, refs: Sequence[Ref]) -> str:
        label = self._label(refs[0], refs)
        elsewhere = refs[0].dataset != self.group.dataset
        return f"{label} i {refs[0].dataset}" if elsewhere and label else label or refs[0].dataset

    def _label(self, ref: Ref, refs: Sequence[Ref]) -> str:
        """Name a row by those of its keys that are not the group's; among parts, that differ."""
        labels = {each: row_labels(self.tables[each.dataset], each.row) for each in refs}
        said = set(self.group.keys.values())
        own = [
            text
            for name, text in labels[ref].items()
            if text not in said
            and (len(refs) == 1 or any(o.get(name) != text for o in labels.values()))
        ]
        if not own and "period" not in self.group.keys:
            own = [period_text(self.tables[ref.dataset].frame["period"].iloc[ref.row])]
        return ", ".join(own)


def _number(number: Fraction, decimals: int, sign: bool = False) -> str:
    return written(as_decimal(float(number)), decimals, sign)


def describe(tables: Tables, dataset: str, keys: Mapping[str, str]) -> str:
    """Name a group in words: "Hemtjänst, Antal brukare, augusti 2022"."""
    meanings = {column.namn: column.tillatna for column in tables[dataset].dataset.kolumner}
    told = []
    for name, content in keys.items():
        if not content:
            continue
        if name == "period":
            told.append(period_text(content))
        elif meanings.get(name, {}).get(content):
            told.append(meanings[name][content].rstrip("."))
        else:
            told.append(content)
    return stor(", ".join(told)) or "Hela tabellen"


def places(tables: Tables, refs: Sequence[Ref]) -> str:
    """Return where rows stand: "…/ansvarsniva.csv, rad 45, 50 och 55; …/drift.csv, rad 19"."""
    by_dataset: dict[str, list[int]] = {}
    for ref in refs:
        by_dataset.setdefault(ref.dataset, []).append(tables[ref.dataset].rows[ref.row])
    told = []
    for dataset, numbers in by_dataset.items():
        shown = [str(number) for number in sorted(set(numbers))]
        if len(shown) > FEW_PARTS:
            shown = [*shown[:3], "…", shown[-1]]
            rows = ", ".join(shown)
        else:
            rows = lista(shown)
        told.append(f"{file_of(tables[dataset])}, rad {rows}")
    return "; ".join(told)


def _derived(
    tables: Tables,
    off: Mapping[tuple[int, tuple[str, ...]], tuple[Group, Fraction, str]],
    masked: Collection[Ref],
) -> list[Finding]:
    """Tell what differences in two measures do to the measure that is their difference."""
    findings = []
    for (relation_id, key), (group, difference, unit) in off.items():
        for derived, (first, second) in group.relation.harledda.items():
            other = off.get((relation_id, (*key[:-1], second)))
            if key[-1] != first or other is None:
                continue
            refs = (*group.refs, *other[0].refs)
            if any(ref in masked for ref in refs):
                continue
            scale = MONEY_UNITS.get(unit, 1)
            shown = "tkr" if unit == "kr" else unit
            scale = MONEY_UNITS.get(shown, scale)
            decimals = 1 if shown == "mnkr" else 0
            text = f"{_number((difference - other[1]) / scale, decimals, sign=True)}{NBSP}{shown}"
            keys = {**group.keys, "matt": derived}
            findings.append(
                Finding(
                    rule=group.relation.regel,
                    level=group.relation.niva,
                    message=f"{describe(tables, group.dataset, keys)}: avvikelsen "
                    f"({first} {MINUS} {second}) blir därmed {text} fel.",
                    place=places(tables, refs),
                    remedy=f"Den räknas ur {first} och {second}; rätta dem.",
                    dataset=group.dataset,
                    others=tuple({ref.dataset for ref in refs} - {group.dataset}),
                    keys=keys,
                    difference=text,
                )
            )
    return findings


def _without_counterpart(
    tables: Tables, whole: Sequence[Group], lone: Sequence[Group]
) -> list[Finding]:
    """Tell rows that no row of the other dataset answers to, where a name is the reason."""
    findings = []
    for group in lone:
        relation = group.relation
        same = [g for g in (*whole, *lone) if g.relation is relation and g.keys != group.keys]
        has_left = bool(group.left)
        others = [g for g in same if (g.right if has_left else g.left)]
        for name in names(relation):
            content = group.keys.get(name, "")
            known = sorted({g.keys[name] for g in others if g.keys.get(name)})
            if name in ("period", "ar") or not content or not known or content in known:
                continue
            near = difflib.get_close_matches(content, known, n=1, cutoff=0.8)
            ref = group.refs[0]
            term = (relation.hoger if has_left else relation.vanster)[0]
            findings.append(
                Finding(
                    rule="saknar_motpart",
                    level="fel" if near else "upplysning",
                    message=f"«{content}» finns inte i {term.datamangd}, som ska stämma med "
                    f"{ref.dataset}. {relation.text}".strip(),
                    place=places(tables, group.refs),
                    remedy=f"Menade du «{near[0]}»?" if near else "",
                    dataset=ref.dataset,
                    others=(term.datamangd,) if term.datamangd != ref.dataset else (),
                    keys={name: content},
                )
            )
    unique = {(f.rule, f.dataset, f.others, tuple(f.keys.items())): f for f in findings}
    return list(unique.values())
