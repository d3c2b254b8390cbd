"""Protected figures in running text: told, or given away by a change, a sum or a share.

A sentence is about a figure when the block that it stands in names all that tells the figure from
its siblings, the sentence itself at least one of those, and the period agrees. What another figure,
a shown one, says as well is no leak. Numbers are tied to what stands nearest: "avslag 5 och bifall
3" says nothing of three avslag.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from berattelse.audit.case import Case, Hit
from berattelse.audit.figures import Figure
from berattelse.audit.naming import ENOUGH, Name
from berattelse.audit.numerals import Token, masked, tokens
from berattelse.audit.outsider import Sum
from berattelse.audit.pages import Text, sentences
from berattelse.audit.words import WORD, Bag

RULE = {"text": "siffra_i_text", "alt": "siffra_i_alternativtext", "logg": "siffra_i_logg"}


@dataclass(frozen=True)
class _Clause:
    """A sentence, or a part of one that ends with a semicolon."""

    text: str
    tokens: tuple[Token, ...]
    bag: Bag
    block: Text
    all: Bag
    """Words of the block and what it stands under."""
    asked: dict[tuple[str, ...], bool] = field(default_factory=dict, compare=False)
    """Name without period -> whether the clause may be about it."""

    def levels(self, token: Token | None = None) -> tuple[str, ...]:
        """Texts from near to far, for finding the period."""
        near = (token.item,) if token else ()
        return (*near, self.text, self.block.text, self.block.around)


def check(case: Case, block: Text) -> Iterator[Hit]:
    """Yield what a block of text gives away."""
    every = Bag(block.text, block.around)
    candidates: list[Name] | None = None
    for i, sentence in enumerate(_clauses(block)):
        found = tuple(tokens(sentence, start_of_block=i == 0))
        if not any(token.role != "annat" or token.noun for token in found):
            continue
        if candidates is None:
            named = {name.key: name for name in case.secrets}
            keys = {key for key, name in named.items() if name.is_named(every)}
            candidates = [name for name in case.secrets if name.key in keys]
        if not candidates:
            return
        clause = _Clause(sentence, found, Bag(sentence), block, every)
        yield from _given_away(case, [n for n in candidates if names(n, clause)], clause)


def _clauses(block: Text) -> list[str]:
    return [
        part
        for sentence in sentences(block.text)
        for part in re.split(r"(?<=;)\s", sentence)
        if part
    ]


def names(name: Name, clause: _Clause) -> bool:
    """Tell whether a clause may be about a figure, its period aside."""
    if name.key not in clause.asked:
        clause.asked[name.key] = _names(name, clause)
    return clause.asked[name.key]


def _names(name: Name, clause: _Clause) -> bool:
    if not name.is_named(clause.all) or name.is_siblings(clause.bag):
        return False
    # A chart's alternative text names what it shows first, and then tells the numbers
    said = clause.block.kind == "alt"
    return said or any(part.share(clause.bag) >= ENOUGH for part in name.needed)


def _given_away(case: Case, named: Sequence[Name], clause: _Clause) -> Iterator[Hit]:
    place = f"{clause.block.place}: «{masked(clause.text)}»"
    told: set[Name] = set()
    taken: set[Token] = set()
    for token in clause.tokens:
        said = [
            (_score(name, clause, token), name)
            for name in named
            if token.value == name.figure.number and _told(case, name, clause, token)
        ]
        if said:
            taken.add(token)
            # Of siblings with the same value it is the one that is named best
            most = max(score for score, _ in said)
            told |= {name for score, name in said if score == most}
    for name in named:
        if name in told:
            yield Hit(RULE[clause.block.kind], name.figure, place)
        elif rule := _worked_out(case, name, clause, taken):
            yield Hit(rule, name.figure, place)


def _worked_out(case: Case, name: Name, clause: _Clause, taken: Collection[Token]) -> str:
    """Return the rule by which a figure can be worked out from a clause, if it can."""
    about = name.fits_period(clause.levels(), case.ar)
    # A change may be told from another period alone: "två färre än året före"
    changed = about or name.fits_period((), case.ar)
    for token in clause.tokens:
        if token.role == "annat" or token in taken:
            continue
        if token.delta:
            if changed and _by_difference(case, name, clause, token):
                return "skillnad_i_text"
        elif about and token.role == "antal" and _by_sum(case, name, clause, token):
            return "summa_i_text"
        elif about and token.role == "andel" and _by_share(case, name, clause, token):
            return "andel_i_text"
    return ""


def _told(case: Case, name: Name, clause: _Clause, token: Token) -> bool:
    """Tell whether a number is the figure, not another thing in the sentence."""
    if token.delta or token.role == "andel" or (token.role == "annat" and not token.noun):
        return False
    if token.noun and not (
        any(name.words.has(word) for word in token.noun)
        and all(part.share(clause.bag) >= ENOUGH for part in name.needed)
    ):
        return False
    if not _is_of(case, name, clause, token) or _is_part_of_name(name, clause, token):
        return False
    mine = _score(name, clause, token)
    return not any(
        names(other, clause)
        and _is_of(case, other, clause, token)
        and _score(other, clause, token) >= mine
        for other in case.known(token.value)
    )


def _is_of(case: Case, name: Name, clause: _Clause, token: Token) -> bool:
    if name.is_siblings(Bag(token.item)):
        return False
    return name.fits_period(clause.levels(token), case.ar)


def _is_part_of_name(name: Name, clause: _Clause, token: Token) -> bool:
    """Tell whether the number stands there since the label has it, such as "Grupp 2"."""
    digits = str(token.value)
    own = sum(WORD.findall(part.content).count(digits) for part in name.parts)
    said = sum(other.value == token.value and not other.word for other in clause.tokens)
    return not token.word and 0 < said <= own


def _score(name: Name, clause: _Clause, token: Token) -> float:
    return name.score((Bag(token.item), 1), (clause.bag, 0.9), (clause.all, 0.4))


def _by_difference(case: Case, name: Name, clause: _Clause, token: Token) -> bool:
    figure = name.figure
    assert figure.number is not None
    steps = {"+": (1,), "-": (-1,)}.get(token.delta, (1, -1))
    said = [t.value for t in clause.tokens if t.role == "antal" and not t.delta]
    periods = [g.number for g in case.other_periods(figure)]
    beside = [
        other.figure.number for other in case.beside(name, clause.bag)
        if other.figure.known and other.figure.number is not None
    ]  # fmt: skip
    for base, ways in ((said, steps), (periods, steps), (beside, (1, -1))):
        for number in base:
            if number is None:
                continue
            if token.role == "antal" and any(
                number + way * token.value == figure.number for way in ways
            ):
                return True
            if (
                token.role == "andel"
                and number
                and base is periods
                and _pinned_by_change(figure, number, token, ways)
            ):
                return True
    return False


def _pinned_by_change(figure: Figure, base: Fraction, token: Token, ways: Sequence[int]) -> bool:
    """Tell whether a change in per cent from a known figure pins a hidden one down."""
    possible = [
        count
        for count in range(int(3 * base) + 10)
        for way in ways
        if _rounded(way * 100 * (count - base) / base, token.decimals) == token.value
    ]
    return _pins(figure, possible)


def _by_share(case: Case, name: Name, clause: _Clause, token: Token) -> bool:
    said = [t.value for t in clause.tokens if t.role == "antal" and not t.delta]
    return any(
        pinned_by_share(name.figure, whole, token.value, token.decimals)
        for whole in (*case.wholes(name.figure), *said)
    )


def pinned_by_share(figure: Figure, whole: Fraction, share: Fraction, decimals: int) -> bool:
    """Tell whether a share of a known whole pins a hidden count down."""
    assert figure.number is not None
    if whole < figure.number or whole < 2:
        return False
    # Only counts near the share can be rounded to it
    middle, reach = share * whole / 100, whole / 100 + 1
    low, high = max(0, int(middle - reach)), min(int(whole), int(middle + reach) + 1)
    possible = [
        n for n in range(low, high + 1) if _rounded(Fraction(100 * n) / whole, decimals) == share
    ]
    return _pins(figure, possible)


def _pins(figure: Figure, possible: Sequence[int]) -> bool:
    if figure.number not in possible:
        return False
    return max(possible) - min(possible) <= figure.dataset.skydd.bredd


def _rounded(number: Fraction, decimals: int) -> Fraction:
    """Round half away from zero, as figures are printed."""
    scaled = abs(number) * 10**decimals
    whole = Fraction(int(scaled + Fraction(1, 2)), 10**decimals)
    return whole if number >= 0 else -whole


def _by_sum(case: Case, name: Name, clause: _Clause, token: Token) -> bool:
    """Tell whether a number is the sum of the figure and its siblings that are named too."""
    figure = name.figure
    beside = [other.figure for other in case.beside(name, clause.bag)]
    if not beside or figure.number is None:
        return False
    for others in (*([one] for one in beside), *([beside] if len(beside) > 1 else [])):
        if figure.number + sum(g.number or 0 for g in others) != token.value:
            continue
        terms: dict[object, float] = {figure: 1.0, **{g: 1.0 for g in others if not g.known}}
        rest = float(token.value - sum(g.number or 0 for g in others if g.known))
        extra = Sum(terms, rest, rest)
        narrow = case.outsider.interval(figure, (extra,)).width <= figure.dataset.skydd.bredd
        if (
            narrow
            and case.is_wide(figure)
            and not any(
                names(other, clause) and _is_of(case, other, clause, token)
                for other in case.known(token.value)
            )
        ):
            return True
    return False
