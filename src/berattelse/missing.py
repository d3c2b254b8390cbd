"""A figure that is not there: `Missing` keeps the reason, so that nothing turns into a zero."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from berattelse.errors import DataError

TEXTS = {
    "uppgift_saknas": "uppgift saknas",
    "ej_matt": "ej mätt",
    "ej_relevant": "ej relevant",
    "skyddad": "skyddad uppgift",
    "inget": "inget att redovisa",
}
"""Reason code of a data file -> what running text says, in the order that notes list them."""

MARKS = {
    "uppgift_saknas": "..",
    "ej_matt": "e.m.",
    "ej_relevant": ".",
    "skyddad": "x",
    "inget": "–",
}
"""Reason code -> what a table's cell says; the marks of Swedish official statistics."""


class Protected(str):
    """The reason code `skyddad` in a frame, knowing which figure was taken out."""

    rad: str
    """Which row of which dataset: `beslut_bistand:14`."""

    def __new__(cls, rad: str) -> Protected:
        """Make the code of the figure in row `rad`."""
        made = super().__new__(cls, "skyddad")
        made.rad = rad
        return made

    def __getnewargs__(self) -> tuple[str]:
        return (self.rad,)


@dataclass(frozen=True)
class Missing:
    """A figure that is missing, with the reason why.

    It is false, every comparison with it is false, and arithmetic with it gives `Missing`.
    `inget` (nothing to report) counts as zero in sums and differences, and only there.

    Raises:
        ValueError: the reason is not one of `TEXTS`.
    """

    orsak: str = "uppgift_saknas"
    """Reason code, a key of `TEXTS`."""
    dolda: frozenset[str] = field(default=frozenset(), compare=False, repr=False)
    """The protected figures that this is the sum of, with `synligt`; none when nobody knows."""
    synligt: float = field(default=0, compare=False, repr=False)
    """What is known of the sum."""

    # numpy must hand `array + Missing` over to us instead of broadcasting it as an object
    __array_ufunc__: ClassVar[None] = None

    def __post_init__(self) -> None:
        if self.orsak not in TEXTS:
            raise ValueError(f"Okänd orsak «{self.orsak}»; välj någon av {', '.join(TEXTS)}.")

    @property
    def mark(self) -> str:
        """The mark that a table prints in the cell."""
        return MARKS[self.orsak]

    def __str__(self) -> str:
        return TEXTS[self.orsak]

    def __format__(self, spec: str) -> str:
        # A number's format (",.1f") must not fail because the number is missing.
        return str(self)

    def __bool__(self) -> bool:
        return False

    def __float__(self) -> float:
        return math.nan

    def _sum(self, other: Any, result: Any) -> Any:
        if self.orsak == "inget":
            return _same(other) if is_missing(other) else result
        if not self.dolda:
            return self
        if not is_missing(other):
            return replace(self, synligt=self.synligt + result)
        reason = _same(other)
        if reason.orsak == "inget":
            return self
        if reason.dolda and result is not None and not self.dolda & reason.dolda:
            both = self.dolda | reason.dolda
            return replace(self, dolda=both, synligt=self.synligt + reason.synligt)
        return Missing(self.orsak)

    def __add__(self, other: Any) -> Any:
        return self._sum(other, other)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self._sum(other, None if is_missing(other) else -other)

    def __rsub__(self, other: Any) -> Any:
        return Missing(self.orsak)._sum(other, other)

    def _missing(self, *_: Any) -> Missing:
        return Missing(self.orsak)

    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _missing
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __pow__ = __rpow__ = _missing
    __neg__ = __pos__ = __abs__ = __round__ = _missing

    def _false(self, other: Any) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _false


def _same(x: Any) -> Missing:
    return x if isinstance(x, Missing) else Missing("uppgift_saknas")


def is_missing(x: Any) -> bool:
    """Tell whether `x` is no figure: `Missing`, None, NaN, or pandas' NA and NaT."""
    if x is None or isinstance(x, Missing):
        return True
    # By name: the command line starts without pandas. NaN is not equal to itself.
    return type(x).__name__ in ("NAType", "NaTType") or (isinstance(x, float) and x != x)


def as_missing(x: Any) -> Missing:
    """Return why `x` is missing, for what is worked out of it: None and NaN have no known reason.

    A share or difference of a protected figure is no longer that figure: nothing is kept count of.
    """
    return Missing(x.orsak) if isinstance(x, Missing) else Missing("uppgift_saknas")


def kravs(x: Any) -> Any:
    """Return `x` if it is a figure; for a sentence that cannot be written without it.

    Raises:
        DataError: it is missing. The report stops at the line of the text that asks for it.
    """
    if is_missing(x):
        raise DataError(
            f"Meningen kan inte skrivas utan värdet: {as_missing(x)}.",
            remedy="Lämna uppgiften, eller skriv om meningen så att den klarar sig utan.",
        )
    return x
