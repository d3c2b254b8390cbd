"""One kommun's figures as the readers of a file need them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from berattelse.audit.figures import Figure, Town
from berattelse.audit.naming import ENOUGH, Name, Names
from berattelse.audit.outsider import Outsider
from berattelse.audit.words import Bag


@dataclass(frozen=True)
class Hit:
    """A leak before it is known which file it is in."""

    rule: str
    figure: Figure | None
    place: str
    detail: str = ""
    """For a cell that no figure is known for: its row and column."""


class Case:
    """A kommun's figures, asked from a report of one year."""

    def __init__(self, town: Town, names: Names, outsider: Outsider, ar: int) -> None:
        self.town, self.names, self.outsider, self.ar = town, names, outsider, ar
        self.secrets: Sequence[Name] = [names.of[f] for f in town.figures if f.secret]
        self._known: dict[Fraction, list[Name]] = {}
        self._series: dict[tuple[object, ...], list[Figure]] = {}
        self._periods: dict[tuple[str, str], list[Figure]] = {}
        for figure in town.figures:
            if figure.known and figure.number is not None:
                self._known.setdefault(figure.number, []).append(names.of[figure])
            self._series.setdefault((figure.name, figure.others), []).append(figure)
            self._periods.setdefault((figure.name, figure.period), []).append(figure)
        self._wholes: dict[Figure, list[Fraction]] = {}
        for tie in outsider.ties:
            if tie.relation.slag in ("lika", "hogst", "andel") and all(f.known for f in tie.right):
                whole = sum((f.number or Fraction(0) for f in tie.right), Fraction(0))
                for figure in tie.left:
                    self._wholes.setdefault(figure, []).append(whole)

    def known(self, number: Fraction) -> Sequence[Name]:
        """Return the shown figures of a value."""
        return self._known.get(number, ())

    def is_wide(self, figure: Figure) -> bool:
        """Tell whether the declared relations alone leave the figure protected."""
        return self.outsider.interval(figure).width > figure.dataset.skydd.bredd

    def other_periods(self, figure: Figure) -> list[Figure]:
        """Return the same figure of other periods, where it is shown."""
        series = self._series[figure.name, figure.others]
        return [g for g in series if g.known and g.period != figure.period and g.number is not None]

    def beside(self, name: Name, bag: Bag) -> list[Name]:
        """Return figures of the same period that differ in one content, where both are named."""
        figure = name.figure
        found = []
        for other in self._periods[figure.name, figure.period]:
            if other is figure or other.number is None or other.unit != figure.unit:
                continue
            own = self.names.of[other]
            differing = [
                (mine, theirs) for mine, theirs in zip(name.parts, own.parts, strict=False)
                if mine.content != theirs.content
            ]  # fmt: skip
            if len(differing) != 1:
                continue
            mine, theirs = differing[0]
            if mine.optional or theirs.optional:
                continue
            if mine.share(bag) >= ENOUGH and theirs.share(bag) >= ENOUGH:
                found.append(own)
        return found

    def wholes(self, figure: Figure) -> list[Fraction]:
        """Return the shown figures that a figure is a part of."""
        found = list(self._wholes.get(figure, ()))
        own = self.names.of[figure]
        for other in self._periods[figure.name, figure.period]:
            if (
                other is figure
                or not other.known
                or other.number is None
                or other.unit != figure.unit
            ):
                continue
            theirs = self.names.of[other]
            differing = [
                part for mine, part in zip(own.parts, theirs.parts, strict=False)
                if mine.content != part.content
            ]  # fmt: skip
            if len(differing) == 1 and differing[0].optional:
                found.append(other.number)
        return list(dict.fromkeys(found))
