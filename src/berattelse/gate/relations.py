"""Bind declared relations to the rows of the tables at hand: one `Group` per thing to check.

The checks and the protection of small counts both work on these groups, so that what is checked
and what an outsider can reckon with are the same relations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from berattelse.datasets import MONEY_UNITS, RESOLUTION, Dataset, Relation, Term, Total, is_count
from berattelse.intake import Table
from berattelse.intake.table import Place
from berattelse.missing import is_missing
from berattelse.text.numbers import exact

Tables = Mapping[str, Table]
"""The datasets of one kommun and year, as read."""


@dataclass(frozen=True)
class Ref:
    """A row of a dataset."""

    dataset: str
    row: int
    """Position in the frame, from 0."""


@dataclass(frozen=True)
class Group:
    """A relation for one group: these rows on the left, those on the right."""

    relation: Relation
    dataset: str
    """The dataset that declares the relation."""
    keys: Mapping[str, str]
    """What the group is: name in `per` -> content."""
    left: tuple[Ref, ...]
    right: tuple[Ref, ...]
    share: Ref | None = None

    @property
    def refs(self) -> tuple[Ref, ...]:
        """All rows of the group."""
        return (*self.left, *self.right, *((self.share,) if self.share else ()))


def bind(tables: Tables, ar: int) -> tuple[list[Group], list[Group]]:
    """Return the groups that have both sides, and those of two datasets that lack one.

    Args:
        tables: the datasets of one kommun and year.
        ar: the year; a declaration writes it `{ar}`.
    """
    whole: list[Group] = []
    lone: list[Group] = []
    for table in tables.values():
        for relation in table.dataset.kontroller:
            terms = (*relation.vanster, *relation.hoger)
            if all(term.datamangd in tables for term in terms):
                for group in _groups(tables, table.dataset, relation, ar):
                    complete = group.left and (group.right or relation.slag == "hundra")
                    if complete:
                        whole.append(group)
                    elif len({term.datamangd for term in terms}) > 1:
                        lone.append(group)
    return whole, lone


def _groups(tables: Tables, dataset: Dataset, relation: Relation, ar: int) -> Iterator[Group]:
    sides: list[dict[tuple[str, ...], list[Ref]]] = [{}, {}]
    for side, terms in zip(sides, (relation.vanster, relation.hoger), strict=True):
        for term in terms:
            for key, ref in _rows(tables[term.datamangd], term, relation, ar):
                # Shares and their base have unlike units
                side.setdefault(key[:-1] if relation.slag == "bas" else key, []).append(ref)
    shares: dict[tuple[str, ...], Ref] = {}
    if relation.andel is not None and relation.andel.datamangd in tables:
        # A share has a unit of its own: it is found by the rest of the key
        shares = {
            key[:-1]: ref
            for key, ref in _rows(tables[relation.andel.datamangd], relation.andel, relation, ar)
        }
    for key in dict.fromkeys([*sides[0], *sides[1]]):
        share = shares.get(key[:-1])
        if relation.slag == "andel" and share is None:
            continue
        yield Group(
            relation,
            dataset.namn,
            dict(zip(names(relation), key, strict=False)),
            tuple(sides[0].get(key, ())),
            tuple(sides[1].get(key, ())),
            share,
        )


def totals_of(table: Table, total: Total, ar: int) -> dict[tuple[str, ...], tuple[Ref, ...]]:
    """Return group -> rows of a declared total; a group ends with its period and unit."""
    term = Term(table.dataset.namn, dar=total.dar, inte=total.inte)
    relation = Relation("", "lika", (term,), per=(*total.per, "period"))
    groups: dict[tuple[str, ...], tuple[Ref, ...]] = {}
    for key, ref in _rows(table, term, relation, ar):
        groups[key] = (*groups.get(key, ()), ref)
    return groups


def names(relation: Relation) -> tuple[str, ...]:
    """Return the names that make a group's key, the period among them; the unit comes last."""
    if "ar" in relation.per or "period" in relation.per:
        return relation.per
    return (*relation.per, "period")


def _rows(
    table: Table, term: Term, relation: Relation, ar: int
) -> Iterator[tuple[tuple[str, ...], Ref]]:
    frame = table.frame
    if frame.empty:
        return
    belongs, not_ = _filled(term.dar, ar), _filled(term.inte, ar)
    columns = {str(name): [_text(cell) for cell in frame[name]] for name in frame.columns}
    blank = [""] * len(frame)
    for row in range(len(frame)):
        here = {name: cells[row] for name, cells in columns.items()}
        if any(here.get(name, "") not in wanted for name, wanted in belongs.items()):
            continue
        if any(here.get(name, "") in unwanted for name, unwanted in not_.items()):
            continue
        key = []
        for name in names(relation):
            if name == "ar":
                key.append(here.get("period", "")[:4])
                continue
            own = term.kolumner.get(name, (name,))
            content = next((here[c] for c in own if here.get(c, "")), "")
            key.append(term.oversatt.get(content, content))
        yield (*key, unit_class(columns.get("enhet", blank)[row])), Ref(table.dataset.namn, row)


def _filled(contents: Mapping[str, tuple[str, ...]], ar: int) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(text.replace("{ar}", str(ar)) for text in texts)
        for name, texts in contents.items()
    }


def _text(cell: object) -> str:
    return "" if is_missing(cell) else str(cell)


def unit_class(unit: str) -> str:
    """Return what a unit can be added up with: all money is one class, all counts another."""
    if unit in MONEY_UNITS:
        return "kr"
    return "antal" if is_count(unit) else unit


def file_of(table: Table) -> str:
    """Return the file, and sheet, that a table stands in."""
    return Place(table.path, table.sheet).at()


def row_labels(table: Table, row: int) -> dict[str, str]:
    """Name a row by its keys but the period: column -> content in words.

    A code is told by its meaning, or by the column that spells it out (`nyckeltal` for
    `nyckeltal_id`); an outcome is what a figure is unless something else is said.
    """
    labels: dict[str, str] = {}
    for name in table.dataset.nycklar:
        if name in ("period", "periodtyp"):
            continue
        spelt = name.removesuffix("_id")
        own = spelt if spelt in table.frame.columns else name
        content = _text(table.frame[own].iloc[row])
        if content and content != "utfall":
            labels[name] = table.dataset.kolumn(own).tillatna.get(content) or content
    return labels


@dataclass(frozen=True)
class Figure:
    """A row's figure for reckoning."""

    number: Fraction | None
    """In kronor for money, else in its unit; None when it is missing. `inget` is zero."""
    unit: str
    reason: str = ""

    @property
    def step(self) -> Fraction:
        """How coarsely the figure is published, in the same terms as `number`; 0 is exact.

        A figure with more decimals than its unit usually has is published that much finer.
        """
        step = Fraction(str(RESOLUTION.get(self.unit, 0)))
        scale = MONEY_UNITS.get(self.unit, 1)
        number = (self.number or Fraction(0)) / scale
        while step and number % step:
            step /= 10
        return step * scale

    def rounded(self, step: Fraction) -> Fraction:
        """The figure as it is published in steps of `step`, half away from zero."""
        number = self.number or Fraction(0)
        if not step:
            return number
        steps = (abs(number) / step + Fraction(1, 2)) // 1 * step
        return steps if number >= 0 else -steps


def figure(tables: Tables, ref: Ref) -> Figure:
    """Return the figure of a row."""
    frame = tables[ref.dataset].frame
    unit = str(frame["enhet"].iloc[ref.row]) if "enhet" in frame.columns else ""
    content = frame["varde"].iloc[ref.row]
    if is_missing(content):
        reason = str(frame["orsak"].iloc[ref.row]) if "orsak" in frame.columns else ""
        return Figure(Fraction(0) if reason == "inget" else None, unit, reason)
    return Figure(Fraction(exact(float(content))) * MONEY_UNITS.get(unit, 1), unit)
