"""What a dataset is: its columns, units, checks and protection, as `data/datamangder/` declares.

Nothing here reads a file or computes: `declare.py` makes these from YAML, `intake/` reads data
files by them, `gate/` checks and protects by them. Field names follow the YAML's Swedish words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Typ = Literal["text", "heltal", "tal", "datum", "period"]
Level = Literal["fel", "varning", "upplysning"]

PERIODTYPER: Mapping[str, str] = {
    "manad": "en månad: 2022-01",
    "tertial": "ett tertial: 2022T1",
    "halvar": "ett halvår: 2022H1",
    "delar": "årets början till och med en månad: 2022D08 är januari–augusti",
    "helar": "ett år: 2022",
    "tidpunkt": "en dag: 2022-08-31",
    "intervall": "från och till: 2022-01/2022-05",
}
"""Period type -> what it is and how its periods are written."""

MEASURES = frozenset(
    (
        "kr", "tkr", "mnkr", "procent", "procentenheter", "promille", "index", "poäng", "kvm",
        "dygn", "dagar", "veckor", "månader", "år", "tim", "timmar", "minuter", "ej angiven",
    )
)  # fmt: skip
"""Units that measure. Every other unit counts one by one, also one that nobody has thought of: so
small counts are protected until someone says otherwise."""


def is_count(unit: str) -> bool:
    """Tell whether figures in a unit are counts: whole, never negative, exact in sums.

    `antal per patient`, `tim/dag` and `skala 1-5` are no counts.
    """
    return unit not in MEASURES and not re.search(r"/|\bper\b|\bskala\b", unit)


RESOLUTION: Mapping[str, float] = {"kr": 1, "tkr": 1, "mnkr": 0.1, "procent": 1, "tim/dag": 1}
"""Unit -> the step that published figures in it are rounded to; other units are exact."""

MONEY_UNITS: Mapping[str, int] = {"kr": 1, "tkr": 1_000, "mnkr": 1_000_000}
"""Unit of money -> kronor."""


@dataclass(frozen=True)
class Column:
    """A column of a dataset."""

    namn: str
    typ: Typ = "text"
    hjalp: str = ""
    """One Swedish sentence for the controller: what to write here."""
    nyckel: bool = False
    """Whether the column is one of those that tell rows apart."""
    obligatorisk: bool = True
    """Whether the file must have the column."""
    kan_vara_tom: bool = False
    """Whether a cell may be empty."""
    tillatna: Mapping[str, str] = field(default_factory=dict)
    """Content -> its meaning; nothing means that any content will do."""
    lagst: float | None = None
    hogst: float | None = None
    """Bounds of a number."""
    alias: tuple[str, ...] = ()
    """Other names that the column may go under in a file."""


@dataclass(frozen=True)
class Term:
    """A part of a relation: rows of a dataset that are added up."""

    datamangd: str
    dar: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column -> the contents that belong; an empty text is an empty cell."""
    inte: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column -> the contents that do not belong."""
    kolumner: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name in `per` -> this dataset's columns for it; the first that is not empty counts."""
    oversatt: Mapping[str, str] = field(default_factory=dict)
    """Content of a `per` column here -> its name in the other term."""


@dataclass(frozen=True)
class Relation:
    """Something that must hold between figures, for each group of `per`.

    Kinds: `lika` (the sums of both sides are equal), `hogst` (left is a part of right, or at most
    right), `hundra` (left adds up to 100), `andel` (`andel` is left in per cent of right), `bas`
    (left are shares of right: nothing to check, but shares of few people are protected).
    """

    regel: str
    """Stable id of the check, such as `barn_foralder`."""
    slag: Literal["lika", "hogst", "hundra", "andel", "bas"]
    vanster: tuple[Term, ...]
    hoger: tuple[Term, ...] = ()
    andel: Term | None = None
    per: tuple[str, ...] = ()
    """Names of the columns that make a group; `period` and `enhet` always belong."""
    harledda: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Derived measure -> (measure, measure that is taken from it); told along with a difference
    in both."""
    niva: Level = "fel"
    text: str = ""
    """One Swedish sentence: what must hold."""


@dataclass(frozen=True)
class Total:
    """A sum that reports work out themselves: the file does not hold it."""

    per: tuple[str, ...] = ()
    """Columns whose contents make a group; `period` always belongs."""
    dar: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column -> the contents that are added up."""
    inte: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column -> the contents that are not."""


@dataclass(frozen=True)
class Protection:
    """How a dataset's small counts are protected."""

    pa: bool = True
    skal: str = ""
    """Why it is off, where it is: that the figures are not counts of people."""
    lagst: int = 1
    hogst: int = 4
    """Counts from `lagst` to `hogst` are protected."""
    bredd: int = 3
    """What can be worked out of a protected count must be wider than this: more than `bredd`
    lies between the lowest and the highest value that it may have."""
    nollor: bool = False
    """Whether zeros are protected too."""
    enheter: frozenset[str] = frozenset()
    """Units whose figures count people or events; nothing means all that count."""
    utom: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    """Rows that are no counts of people: column -> contents."""
    foljer: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Column -> content that is hidden when the row with the other content is: days of care tell
    how many were cared for."""

    def counts(self, unit: str) -> bool:
        """Tell whether figures in a unit are counts that may need protection."""
        return unit in self.enheter if self.enheter else is_count(unit)


@dataclass(frozen=True)
class Jump:
    """A change from one period to the next that is worth a question."""

    faktor: float
    """Larger than `faktor` times the earlier figure, or smaller than it divided by `faktor`."""
    minst: float = 20.0
    """Only where the larger of the two is at least this."""


@dataclass(frozen=True)
class Dataset:
    """A kind of table: one row per figure, or per text."""

    namn: str
    titel: str
    beskrivning: str = ""
    slag: Literal["tal", "text"] = "tal"
    """`tal`: a row is a figure with period, unit, value and reason. `text`: it is a text."""
    kolumner: tuple[Column, ...] = ()
    """All columns in the order of the file, the common ones too."""
    enheter: tuple[str, ...] = ()
    """Units that may occur."""
    periodtyper: tuple[str, ...] = ()
    """Period types that may occur."""
    perioder: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Content of `matt` -> (period type, period) where the measure gives the period; `{ar}`,
    `{fg}` (the year before) and `{mm}` (the month of the report's date) are filled in."""
    kraver: tuple[str, ...] = ()
    """Datasets that must be there when this one is."""
    kontroller: tuple[Relation, ...] = ()
    summor: tuple[Total, ...] = ()
    """Sums that reports print; they are kept where they give no protected count away."""
    skydd: Protection = field(default_factory=Protection)
    hopp: Jump | None = None
    senast_dagar: int = 0
    """Days after the year's end that a period may end."""
    negativa: bool = False
    """Whether counts may be negative."""
    over_hundra: bool = False
    """Whether per cent may lie outside 0-100."""
    deklarerad: bool = True
    """False for a file that nobody has declared."""

    @property
    def nycklar(self) -> tuple[str, ...]:
        """Columns that tell rows apart, the period among them."""
        return tuple(column.namn for column in self.kolumner if column.nyckel)

    def kolumn(self, namn: str) -> Column:
        """Return the column of that name.

        Raises:
            KeyError: there is none.
        """
        for column in self.kolumner:
            if column.namn == namn:
                return column
        raise KeyError(namn)


Catalogue = Mapping[str, Dataset]
"""Every declared dataset by its name."""
