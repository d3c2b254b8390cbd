"""What a figure may be called in print, and whether a piece of a report is about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from berattelse.audit import periods
from berattelse.audit.figures import Figure, Town
from berattelse.audit.words import Bag, Label, best, frequencies, label, words

ENOUGH = 0.6
"""A content counts as named when so much of its weight is there."""
MISSING = 0.3
"""What a word that is not there takes from a name's score, of what it would give."""
UNSAID = frozenset(
    (
        "periodtyp",
        "period",
        "enhet",
        "varde",
        "orsak",
        "kalla",
        "anm",
        "ordning",
        "riktning",
        "ungefar",
    )
)
"""Columns that do not name a figure (`riktning` does where it is a key)."""
SILENT_ROLES = frozenset(("", "utfall", "ungefarligt"))


@dataclass(frozen=True)
class Part:
    """One column's content of a figure's name."""

    column: str
    content: str
    labels: tuple[Label, ...]
    """The content, and what the declaration says that it means."""

    @cached_property
    def weight(self) -> float:
        """What naming it tells."""
        return max(label.weight for label in self.labels)

    @cached_property
    def optional(self) -> bool:
        """Whether it may be left out in print: "Totalt", nothing at all."""
        return all(not label.weights for label in self.labels)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of all its labels."""
        return tuple(word for label in self.labels for word in label.weights)

    def share(self, bag: Bag) -> float:
        """Return how much of it is named."""
        return best(self.labels, bag).share(bag)

    def found(self, bag: Bag) -> float:
        """Return the weight of what is named."""
        return max(label.found(bag) for label in self.labels)


@dataclass(frozen=True, eq=False)
class Name:
    """What tells a figure from the others of its dataset."""

    figure: Figure
    parts: tuple[Part, ...]
    siblings: Mapping[str, tuple[Part, ...]]
    """Column -> all contents that the column has in the dataset."""
    topic: Label
    """The dataset's title."""

    @cached_property
    def key(self) -> tuple[str, ...]:
        """What it shares with the other periods of its figure."""
        return (self.figure.name, *(part.content for part in self.parts))

    @cached_property
    def words(self) -> Bag:
        """All words of its name."""
        return Bag(*(part.content for part in self.parts))

    @cached_property
    def needed(self) -> tuple[Part, ...]:
        """The parts that must be named."""
        return tuple(part for part in self.parts if not part.optional)

    def is_named(self, bag: Bag) -> bool:
        """Tell whether a bag of words names all that tells the figure apart.

        A name of a single word, such as "Omsorg", needs the dataset's title beside it, or the
        word that the title begins with, such as "Avvikelser".
        """
        if any(part.share(bag) < ENOUGH for part in self.needed):
            return False
        few = len({word for part in self.needed for word in part.words}) < 2
        subject = next(iter(self.topic.weights), "")
        return not few or not subject or bag.has(subject) or self.topic.share(bag) >= ENOUGH

    def score(self, *levels: tuple[Bag, float]) -> float:
        """Return how well a place names it.

        Args:
            levels: words from the nearest to the farthest, with what each is worth. Each part is
                taken from the level that names it best; what it lacks there counts against it.
        """
        return sum(
            max(
                worth * (found := part.found(bag)) - MISSING * (part.weight - found)
                for bag, worth in levels
            )
            for part in self.parts
        )

    def is_siblings(self, near: Bag) -> bool:
        """Tell whether words say another content of a column, and not this figure's."""
        for part in self.parts:
            if not part.column or (not part.optional and part.share(near) >= ENOUGH):
                continue
            own = part.found(near)
            for other in self.siblings[part.column]:
                if other.content == part.content or other.optional:
                    continue
                if other.share(near) < ENOUGH or other.found(near) <= own:
                    continue
                # Words that the figure's own name has in another column say nothing
                if any(near.has(word) and not self.words.has(word) for word in other.words):
                    return True
        return False

    def fits_period(self, levels: Sequence[str], year: int) -> bool:
        """Tell whether the period that a place is about can be this figure's.

        Args:
            levels: texts from the nearest to the farthest; the first that names a period rules.
            year: the report's year.
        """
        if not self.figure.period:
            return True
        said = periods.nearest(tuple(levels), year)
        if not said:
            return self._by_default(year)
        return any(periods.fits(self.figure.period, mention, year) for mention in said)

    def _by_default(self, year: int) -> bool:
        """Where no period is said, the last one of the report's year is meant."""
        return year in self.figure.latest and self.figure.cells.get("periodtyp") != "manad"


class Names:
    """The names of all figures of a kommun."""

    def __init__(self, town: Town) -> None:
        by_dataset: dict[str, list[Figure]] = {}
        for figure in town.figures:
            by_dataset.setdefault(figure.name, []).append(figure)
        self.of: dict[Figure, Name] = {}
        # A report of a kommun seldom says which kommun its figures are of
        self._own = frozenset(words(town.kommun))
        self.in_dataset = {name: self._names(figures) for name, figures in by_dataset.items()}

    def _names(self, figures: Sequence[Figure]) -> tuple[Name, ...]:
        columns = distinguishing(figures)
        parts: dict[str, dict[str, Part]] = {}
        for column in columns:
            contents = sorted({_content(figure, column, self._own) for figure in figures})
            counts, number = frequencies(contents)
            meanings = _meanings(figures[0], column)
            parts[column] = {
                content: Part(
                    column, content, _labels(content, meanings.get(content, ""), counts, number)
                )
                for content in contents
            }
        title = Part("", "", (label(figures[0].dataset.titel, {}, 1),))
        siblings = {column: tuple(found.values()) for column, found in parts.items()}
        names = []
        for figure in figures:
            own = tuple(parts[column][_content(figure, column, self._own)] for column in columns)
            if all(part.optional for part in own):
                own = (*own, title)
            self.of[figure] = Name(figure, own, siblings, title.labels[0])
            names.append(self.of[figure])
        return tuple(names)


def _labels(
    content: str, meaning: str, counts: Mapping[str, int], number: int
) -> tuple[Label, ...]:
    """Return the content and its meaning, if that tells as much."""
    main, other = label(content, counts, number), label(meaning, counts, number)
    return (main, other) if meaning and other.weight >= ENOUGH * main.weight else (main,)


def _content(figure: Figure, column: str, own: frozenset[str]) -> str:
    """Return a column's content; nothing for what print leaves out as a matter of course."""
    content = figure.cells.get(column, "")
    silent = column == "roll" and content in SILENT_ROLES
    return "" if silent or (content and frozenset(words(content)) == own) else content


def _meanings(figure: Figure, column: str) -> Mapping[str, str]:
    try:
        return {k: v for k, v in figure.dataset.kolumn(column).tillatna.items() if v}
    except KeyError:
        return {}


def distinguishing(figures: Sequence[Figure]) -> tuple[str, ...]:
    """Return the columns that together tell a dataset's figures apart, by their printed contents.

    Identifiers go first: they are not printed, and another column says the same in words. Then
    goes whatever the rest makes up for, such as an area that each measure has just one of.
    """
    keys = set(figures[0].dataset.nycklar)
    columns = [
        column.namn
        for column in figures[0].dataset.kolumner
        if column.typ == "text"
        and (column.namn not in UNSAID or (column.namn == "riktning" and column.namn in keys))
    ]
    variety = {c: len({f.cells.get(c, "") for f in figures}) for c in columns}
    kept = [c for c in columns if not (c.endswith("_id") or c in ("id", "nr"))] or columns
    for column in sorted(kept, key=lambda c: (c in keys, variety[c])):
        rest = [c for c in kept if c != column]
        if rest and _apart(figures, rest) == _apart(figures, kept):
            kept = rest
    return tuple(kept)


def _apart(figures: Iterable[Figure], columns: Sequence[str]) -> int:
    return len(
        {
            (f.period, f.cells.get("periodtyp"), *(f.cells.get(c, "") for c in columns))
            for f in figures
        }
    )
