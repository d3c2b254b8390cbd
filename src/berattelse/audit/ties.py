"""What an outsider can reckon with: the declared relations, bound to the figures of each year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from berattelse.audit.figures import Figure, Town, Year
from berattelse.datasets import MONEY_UNITS, Relation, Term, is_count


@dataclass(frozen=True)
class Tie:
    """A relation between figures: two sides that are added up, and a share."""

    relation: Relation
    left: tuple[Figure, ...]
    right: tuple[Figure, ...]
    share: Figure | None = None

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All of them."""
        return (*self.left, *self.right, *((self.share,) if self.share else ()))


def bind(town: Town) -> list[Tie]:
    """Return every relation of every year for each of its groups."""
    return [
        tie
        for year in town.years
        for figures in year.figures.values()
        if figures
        for relation in figures[0].dataset.kontroller
        for tie in _ties(year, relation)
    ]


Key = tuple[str, ...]


def _ties(year: Year, relation: Relation) -> Iterator[Tie]:
    if any(term.datamangd not in year.figures for term in (*relation.vanster, *relation.hoger)):
        return
    left = _side(year, relation, relation.vanster)
    right = _side(year, relation, relation.hoger)
    shares: dict[Key, Figure] = {}
    if relation.andel is not None:
        for key, found in _side(year, relation, (relation.andel,)).items():
            # A share is in per cent, so it has the group's key but for the unit
            shares[key[:-1]] = found[0]
    for key in left:
        if key in right or relation.slag == "hundra":
            share = shares.get(key[:-1])
            if relation.slag != "andel" or share is not None:
                yield Tie(relation, tuple(left[key]), tuple(right.get(key, ())), share)


def _side(year: Year, relation: Relation, terms: tuple[Term, ...]) -> dict[Key, list[Figure]]:
    found: dict[Key, list[Figure]] = {}
    for term in terms:
        for figure in year.figures.get(term.datamangd, ()):
            if _belongs(figure.cells, term):
                found.setdefault(_key(figure, term, relation), []).append(figure)
    return found


def _belongs(cells: Mapping[str, str], term: Term) -> bool:
    wanted = all(cells.get(name, "") in contents for name, contents in term.dar.items())
    return wanted and not any(
        cells.get(name, "") in contents for name, contents in term.inte.items()
    )


def _key(figure: Figure, term: Term, relation: Relation) -> Key:
    names = list(relation.per)
    if "ar" not in names and "period" not in names:
        names.append("period")
    key = []
    for name in names:
        if name == "ar":
            key.append(figure.period[:4])
            continue
        columns = term.kolumner.get(name, (name,))
        content = next((figure.cells[c] for c in columns if figure.cells.get(c)), "")
        key.append(term.oversatt.get(content, content))
    return (*key, measure(figure.unit))


def measure(unit: str) -> str:
    """Return what figures in a unit can be added up with."""
    if is_count(unit):
        return "antal"
    return "kr" if unit in MONEY_UNITS else unit
