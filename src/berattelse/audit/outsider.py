"""What an outsider can work out: the exact lowest and highest value of each hidden figure.

Unknown are the hidden figures (whole numbers, at least 1 where zeros are shown) and those that the
data lacks. Everything else is known. The outsider knows the declared relations and reckons exactly:
two integer programmes per figure, one down and one up.

Not reckoned with: a share of a hidden whole, when the share is hidden too (a product of two
unknowns). Leaving it out makes the intervals wider, never narrower.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from berattelse.audit.figures import Figure, Town
from berattelse.audit.ties import Tie, bind, measure

HIGHEST = 1_000_000
"""A figure that may be this much may be anything."""
SECONDS = 30.0
"""For one programme; the best found by then is used, which can only make the interval narrower."""

Unknown = Hashable
"""A hidden figure, or a cell of a printed table that hides one we do not know."""


@dataclass(frozen=True)
class Sum:
    """`low` <= sum of coefficient x unknown <= `high`."""

    terms: Mapping[Unknown, float]
    low: float
    high: float
    rule: str = ""
    """What the outsider knows it from."""


@dataclass(frozen=True)
class Interval:
    """What a figure can be."""

    low: int
    high: int | None
    """None for no highest value."""
    rules: tuple[str, ...] = ()
    """Relations that tie it."""

    @property
    def width(self) -> float:
        """Highest less lowest."""
        return float("inf") if self.high is None else self.high - self.low


class Outsider:
    """All that is published of a kommun, as equations."""

    def __init__(self, town: Town) -> None:
        ties = bind(town)
        self.sums: list[Sum] = [found for tie in ties for found in _sums(tie)]
        self.ties = ties
        self._at: dict[Unknown, list[Sum]] = {}
        for each in self.sums:
            for unknown in each.terms:
                self._at.setdefault(unknown, []).append(each)
        self._found: dict[Unknown, Interval] = {}

    def interval(self, unknown: Unknown, extra: Sequence[Sum] = ()) -> Interval:
        """Return what an unknown can be, given also what `extra` says."""
        if not extra and unknown in self._found:
            return self._found[unknown]
        sums = self._around(unknown, extra)
        found = _Programme(sums, unknown).interval()
        if not extra:
            self._found[unknown] = found
        return found

    def _around(self, unknown: Unknown, extra: Sequence[Sum]) -> list[Sum]:
        """Return the equations that have to do with an unknown, by however many steps."""
        at = dict(self._at)
        for each in extra:
            for term in each.terms:
                at[term] = [*at.get(term, ()), each]
        seen: dict[int, Sum] = {}
        reached: set[Unknown] = {unknown}
        todo = [unknown]
        while todo:
            for each in at.get(todo.pop(), ()):
                if id(each) not in seen:
                    seen[id(each)] = each
                    todo += [term for term in each.terms if term not in reached]
                    reached.update(each.terms)
        return list(seen.values())


def floor(unknown: Unknown) -> int:
    """Return what an unknown is at least: a hidden count 1, for zeros are shown."""
    if not isinstance(unknown, Figure):
        return 1
    if not unknown.secret or unknown.dataset.skydd.nollor or unknown.number == 0:
        return 0
    return 1


def is_whole(unknown: Unknown) -> bool:
    """Tell whether an unknown is a whole number."""
    return not isinstance(unknown, Figure) or measure(unknown.unit) == "antal"


class _Programme:
    """The equations around one unknown."""

    def __init__(self, sums: Sequence[Sum], target: Unknown) -> None:
        unknowns = list(dict.fromkeys([target, *(term for each in sums for term in each.terms)]))
        index = {unknown: i for i, unknown in enumerate(unknowns)}
        self.rules = tuple(dict.fromkeys(each.rule for each in sums if each.rule))
        self.lowest = np.array([floor(unknown) for unknown in unknowns], dtype=float)
        self.whole = np.array([int(is_whole(unknown)) for unknown in unknowns])
        self.matrix = np.zeros((len(sums), len(unknowns)))
        for row, each in enumerate(sums):
            for term, coefficient in each.terms.items():
                self.matrix[row, index[term]] += coefficient
        self.low = np.array([each.low for each in sums])
        self.high = np.array([each.high for each in sums])

    def interval(self) -> Interval:
        if not len(self.matrix):
            return Interval(int(self.lowest[0]), None)
        low, high = self._extreme(1), self._extreme(-1)
        if low is None or high is None:
            # What is known contradicts itself, so nothing follows from it
            return Interval(int(self.lowest[0]), None, self.rules)
        return Interval(low, None if high >= HIGHEST else high, self.rules)

    def _extreme(self, sign: int) -> int | None:
        cost = np.zeros(len(self.lowest))
        cost[0] = sign
        found = milp(
            cost,
            integrality=self.whole,
            bounds=Bounds(self.lowest, np.full(len(self.lowest), float(HIGHEST))),
            constraints=LinearConstraint(self.matrix, self.low, self.high),
            options={"time_limit": SECONDS},
        )
        return None if found.x is None else round(float(found.x[0]))


def _sums(tie: Tie) -> list[Sum]:
    """Return a relation as the outsider can use it: nothing when it tells nothing."""
    if not any(_is_unknown(figure) for figure in tie.figures):
        return []
    if tie.relation.slag == "andel":
        return _shares(tie)
    if tie.relation.slag != "hundra":
        return _balance(tie, Fraction(0), Fraction(0))
    if any(figure.unit != "procent" for figure in tie.left):
        return []
    return _balance(tie, Fraction(100), Fraction(len(tie.left), 2))


def _is_unknown(figure: Figure) -> bool:
    if figure.number is None:
        return figure.reason not in ("inget", "ej_relevant")
    return not figure.known


def _balance(tie: Tie, right: Fraction, slack: Fraction) -> list[Sum]:
    """Return the equation of a sum, with what is known of it on the right."""
    terms: dict[Unknown, float] = {}
    known = right
    truth = -right
    lacking = set()
    for figures, sign in ((tie.left, 1), (tie.right, -1)):
        for figure in figures:
            number = figure.number or Fraction(0)
            truth += sign * number
            if not _is_unknown(figure):
                known -= sign * number
                continue
            terms[figure] = terms.get(figure, 0) + sign
            if figure.number is None:
                lacking.add(sign)
    if not any(isinstance(term, Figure) and term.number is not None for term in terms):
        return []
    # A relation that does not hold is an accepted deviation, which the outsider may know. What
    # the data lacks can make up for the difference.
    off = Fraction(0)
    if (truth > slack and -1 not in lacking) or (truth < -slack and 1 not in lacking):
        off = truth
    if tie.relation.slag == "hogst":
        return [Sum(terms, -np.inf, float(known + max(off, Fraction(0))), tie.relation.regel)]
    return [Sum(terms, float(known + off - slack), float(known + off + slack), tie.relation.regel)]


def _shares(tie: Tie) -> list[Sum]:
    """A share tells its part and its whole as closely as it is rounded."""
    share, rule = tie.share, tie.relation.regel
    assert share is not None
    part = sum((f.number or Fraction(0) for f in tie.left), Fraction(0))
    whole = sum((f.number or Fraction(0) for f in tie.right), Fraction(0))
    if share.number is None or any(f.number is None for f in (*tie.left, *tie.right)) or not whole:
        return []
    half = Fraction(1, 2) * Fraction(1, 10 ** decimals(share.number))
    half = max(half, abs(100 * part / whole - share.number))
    if share.known:
        return [
            Sum(*_weighed(tie, share.number - half), np.inf, rule),
            Sum(
                _weighed(tie, share.number + half)[0],
                -np.inf,
                _weighed(tie, share.number + half)[1],
                rule,
            ),
        ]
    if any(_is_unknown(figure) for figure in tie.right):
        return []
    terms, bound = _weighed(tie, Fraction(0))
    return [
        Sum(
            {**terms, share: -float(whole)},
            bound - float(half * whole),
            bound + float(half * whole),
            rule,
        )
    ]


def _weighed(tie: Tie, share: Fraction) -> tuple[dict[Unknown, float], float]:
    """Return 100 x part - share x whole: the unknown terms, and what the rest is taken to be."""
    terms: dict[Unknown, float] = {}
    constant = Fraction(0)
    for figures, weight in ((tie.left, Fraction(100)), (tie.right, -share)):
        for figure in figures:
            if _is_unknown(figure):
                terms[figure] = terms.get(figure, 0) + float(weight)
            else:
                constant += weight * (figure.number or 0)
    return terms, float(-constant)


def decimals(number: Fraction) -> int:
    """Return how many decimals a number is written with."""
    return next((n for n in range(13) if (number * 10**n).denominator == 1), 13)
