"""From a frame to what a chart shows: series, categories, numbers, units."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from berattelse import literal
from berattelse.charts import units
from berattelse.errors import DataError
from berattelse.missing import Missing, as_missing, is_missing
from berattelse.text.numbers import NBSP, exact, tal
from berattelse.text.prose import manad_kort, period_text

Formatter = Callable[[Any], str]
_PERIOD = re.compile(r"(?:19|20)\d\d(?:-\d\d(?:-\d\d)?|[THQK][1-4]|D\d\d)?")
Cell = float | Missing


@dataclass(frozen=True)
class Grid:
    """The numbers of a chart: one row per category, one column per series."""

    keys: tuple[str, ...]
    """Categories as the data file gives them."""
    series: tuple[str, ...]
    """Names of the series; one empty name when there is one series."""
    cells: tuple[tuple[Cell, ...], ...]
    """For each series its numbers, one per category."""
    unit: str
    """Unit in words, such as "procent"."""
    format: Formatter

    @property
    def labels(self) -> list[str]:
        """Categories in words, for running text: "augusti 2022"."""
        return [period_text(key) for key in self.keys]

    @property
    def named(self) -> Grid:
        """The same with names that a drawing and its text alternative have room for."""
        return replace(
            self,
            keys=tuple(map(literal.short, self.keys)),
            series=tuple(map(literal.short, self.series)),
            unit=literal.short(self.unit),
        )

    @property
    def known(self) -> list[float]:
        """All numbers that are not missing."""
        return [cell for row in self.cells for cell in row if not isinstance(cell, Missing)]

    def points(self, series: int) -> list[tuple[int, float]]:
        """Position and number of a series' known numbers."""
        row = self.cells[series]
        return [(i, cell) for i, cell in enumerate(row) if not isinstance(cell, Missing)]

    def with_unit(self, number: Any) -> str:
        """Write a number with its unit in words: "82 procent", "1 avvikelse"."""
        text = self.format(number)
        # A format such as `procent` or `tkr` has written a unit already
        if self.unit in ("", *units.PLAIN) or re.search(r"[^\W\d_]|%", text):
            return text
        unit = units.singular(self.unit) if re.fullmatch(r"[+−]?1", text) else self.unit
        return f"{text}{NBSP}{unit}" if unit else text


def cell(content: Any, reason: Any = "") -> Cell:
    """Return a frame's cell as a number or `Missing`, with the row's reason if it has one.

    Raises:
        DataError: the number is infinite.
    """
    if isinstance(content, Missing):
        return content
    if is_missing(content):
        return Missing(reason) if isinstance(reason, str) and reason else as_missing(content)
    number = float(content)
    if math.isinf(number):
        raise DataError(
            "Ett värde i diagrammet är oändligt.",
            remedy="Dela inte med noll: räkna bort de raderna, eller låt värdet saknas (None).",
        )
    return number


def long_grid(
    frame: pd.DataFrame,
    x: Hashable,
    y: Hashable,
    series: Hashable | None,
    *,
    unit: str,
    format: Formatter,
    order: Sequence[Any] | None = None,
    fill_years: bool = False,
) -> Grid:
    """Read a long frame: one row per category and series.

    Raises:
        DataError: two rows give the same category and series, or a column is not there.
    """
    for name in (x, y) if series is None else (x, y, series):
        if name not in frame.columns:
            known = ", ".join(str(column) for column in frame.columns)
            raise DataError(f"Kolumnen «{name}» finns inte.", remedy=f"Kolumner: {known}.")
    table: dict[str, dict[str, Cell]] = {}
    keys: dict[str, None] = {}
    reasons = frame["orsak"] if "orsak" in frame.columns and y == "varde" else [""] * len(frame)
    names = [""] * len(frame) if series is None else frame[series]
    for key, name, content, reason in zip(frame[x], names, frame[y], reasons, strict=True):
        row = table.setdefault(_key(name), {})
        if _key(key) in row:
            raise DataError(
                f"Två rader ger {_key(key)} {_key(name)}".strip() + ".",
                remedy="Välj rader så att varje stapel eller punkt har en rad, eller ange series.",
            )
        keys[_key(key)] = None
        row[_key(key)] = cell(content, reason)
    ordered = _ordered(list(keys), order, fill_years)
    absent = Missing("uppgift_saknas")
    cells = tuple(tuple(row.get(key, absent) for key in ordered) for row in table.values())
    return Grid(tuple(ordered), tuple(table), cells, _in_words(unit), _fitting(format, cells))


def wide_grid(
    frame: pd.DataFrame, x: Hashable, columns: Mapping[Any, str], *, unit: str, format: Formatter
) -> Grid:
    """Read a wide frame: one row per category, one column per series."""
    cells = tuple(tuple(cell(content) for content in frame[name]) for name in columns)
    keys = tuple(_key(key) for key in frame[x])
    names = tuple(map(literal.plain, columns.values()))
    return Grid(keys, names, cells, _in_words(unit), _fitting(format, cells))


def _in_words(unit: str) -> str:
    return "procent" if unit == "%" else unit


def _key(content: Any) -> str:
    if is_missing(content):
        return str(as_missing(content))
    # Years may arrive as 2022.0 when a column has gaps
    whole = isinstance(content, float) and content.is_integer()
    text = str(int(content)) if whole else literal.plain(str(content))
    # 2021-H1 is what data files call 2021H1
    return re.sub(r"^((?:19|20)\d\d)-([THQK][1-4])$", r"\1\2", text)


def _ordered(keys: list[str], order: Sequence[Any] | None, fill_years: bool) -> list[str]:
    if order is not None:
        first = [_key(key) for key in order if _key(key) in keys]
        return first + [key for key in keys if key not in first]
    if fill_years and all(re.fullmatch(r"(19|20)\d\d", key) for key in keys):
        years = [int(key) for key in keys]
        return [str(year) for year in range(min(years), max(years) + 1)]
    if fill_years and all(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?|[THQK]\d)", key) for key in keys):
        return sorted(keys)
    return keys


def _fitting(format: Formatter, cells: Sequence[Sequence[Cell]]) -> Formatter:
    """Let plain `tal` write one decimal where the numbers have decimals: 4.4 is not "4"."""
    if format is not tal:
        return format
    known = [c for row in cells for c in row if not isinstance(c, Missing)]
    small = any(abs(c) < 100 and exact(c) != exact(c).to_integral_value() for c in known)
    return (lambda number: tal(number, 1)) if small else tal


@dataclass(frozen=True)
class Scale:
    """A value axis: its ends and the numbers with a line."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, number: float) -> float:
        """Return where a number lies, 0 at the low end and 1 at the high end."""
        return (number - self.low) / (self.high - self.low)


def scale(numbers: Sequence[float], *, zero: bool = True, percent: bool = False) -> Scale:
    """Choose even ticks around the numbers.

    Args:
        numbers: what must fit.
        zero: the axis must hold zero (bars always do).
        percent: shares: the axis ends at 100 when the numbers come near it.
    """
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = (low - 1, high + 1) if low else (0.0, 1.0)
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if percent and 70 < high <= 100 and low >= 0:
        last = max(first + 1, round(100 / step) if 100 % step == 0 else last)
        if (last - first) * step > 100 - first * step:
            last = math.floor(100 / step)
    ticks = tuple(round(i * step, 10) for i in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def tick_texts(ticks: Sequence[float], format: Formatter) -> list[str]:
    """Write the ticks with the chart's format, with as few decimals as tell them apart."""
    texts = [format(tick) for tick in ticks]
    shorter = [re.sub(r",0+(?!\d)", "", text) for text in texts]
    if len(set(shorter)) == len(shorter) and all(re.search(r",0+(?!\d)", t) for t in texts):
        return shorter
    if len(set(texts)) < len(texts):
        decimals = max(-int(exact(t).normalize().as_tuple().exponent) for t in ticks)
        return [tal(tick, max(decimals, 0)) for tick in ticks]
    return texts


def in_time(keys: Sequence[str]) -> bool:
    """Tell whether the keys are several periods of one kind, in order."""
    kinds = {(len(key), key[4:5]) for key in keys}
    periods = all(_PERIOD.fullmatch(key) for key in keys)
    return len(keys) > 1 and periods and len(kinds) == 1 and list(keys) == sorted(set(keys))


def category_lines(keys: Sequence[str]) -> list[list[str]]:
    """Return what stands under each category: months in short, the year where it begins."""
    if all(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", key) for key in keys):
        several = len({key[:4] for key in keys}) > 1
        return [
            [manad_kort(key)]
            + ([key[:4]] if several and (i == 0 or key[:4] != keys[i - 1][:4]) else [])
            for i, key in enumerate(keys)
        ]
    return [[_short(key)] for key in keys]


def _short(key: str) -> str:
    if found := re.fullmatch(r"(\d{4})T([1-3])", key):
        return f"tertial {found[2]} {found[1]}"
    if found := re.fullmatch(r"(\d{4})H([12])", key):
        return f"halvår {found[2]} {found[1]}"
    if found := re.fullmatch(r"(\d{4})D(\d\d)", key):
        return f"jan–{manad_kort(found[2])} {found[1]}"
    return period_text(key)
