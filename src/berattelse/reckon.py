"""Sums, means, extremes and counts that know of missing figures.

What lacks a figure is missing itself: a sum is never too small, and nothing is called the largest
while a hidden figure may be larger. `inget` (nothing to report) counts as zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from berattelse import prepared
from berattelse.missing import Missing, Protected, as_missing, is_missing

Rows = pd.DataFrame | Iterable[Mapping[Any, Any]]


def figure_of(row: Mapping[Any, Any] | pd.Series[Any], column: Any = "varde") -> Any:
    """Return the figure of a row, or `Missing` with the row's own reason."""
    content = row[column]
    if isinstance(content, Missing) or not is_missing(content):
        return content
    reason = row.get("orsak", "")
    if isinstance(reason, Protected) and column == "varde":
        return Missing("skyddad", frozenset((reason.rad,)))
    return Missing(reason if isinstance(reason, str) and reason else "uppgift_saknas")


def radlista(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    """Return the rows one by one; a `varde` that is missing is a `Missing` with its reason."""
    rows = [dict(row) for row in frame.to_dict("records")]
    for row in rows:
        if "varde" in row:
            row["varde"] = figure_of(row)
    return rows


def varden(frame: pd.DataFrame) -> list[Any]:
    """Return the figures of a long table in the rows' order, the missing ones as `Missing`."""
    return [row["varde"] for row in radlista(frame)]


def summa(figures: pd.DataFrame | Iterable[Any]) -> Any:
    """Add figures up; a sum that lacks a part is missing, never too small.

    A sum of protected figures is told where the gate has found that it gives none of them away.
    Without any figures the sum is 0.

    Args:
        figures: rows of a long table, or the figures themselves.
    """
    parts = _figures(figures)
    lacking = _lacking(parts)
    if lacking is None:
        return sum(map(_counted, parts))
    total = sum((f for f in parts if isinstance(f, Missing)), Missing("inget"))
    visible = sum(f for f in parts if not isinstance(f, Missing))
    if not isinstance(total, Missing) or not total.dolda:
        return lacking
    total = total + visible
    hidden = _public(total.dolda)
    return total if hidden is None else total.synligt + hidden


def _public(hidden: frozenset[str]) -> float | None:
    """Return the sum of protected figures, where the public sums tell it together."""
    known = prepared.known_sums()
    for rows, number in known:
        if rows == hidden:
            return number
    datasets = {row.partition(":")[0] for row in hidden}
    near = [(rows, n) for rows, n in known if {row.partition(":")[0] for row in rows} <= datasets]
    every = sorted(frozenset().union(hidden, *(rows for rows, _ in near)))
    if not near:
        return None
    matrix = np.array([[float(row in rows) for rows, _ in near] for row in every])
    wanted = np.array([float(row in hidden) for row in every])
    weights = np.linalg.lstsq(matrix, wanted, rcond=None)[0]
    if np.abs(matrix @ weights - wanted).max() > 1e-9:
        return None
    return float(round(float(weights @ np.array([n for _, n in near]))))


def summor(frame: pd.DataFrame, kolumner: Iterable[Any]) -> dict[Any, Any]:
    """Return the sum of each column, for a sum row; see `summa`."""
    return {column: summa(frame[column]) for column in kolumner}


def medel(figures: pd.DataFrame | Iterable[Any]) -> Any:
    """Return the mean; missing if any figure is, or if there is none. Arguments as `summa`."""
    parts = _figures(figures)
    return summa(parts) / len(parts) if parts else Missing("uppgift_saknas")


def hogst(figures: pd.DataFrame | Iterable[Any]) -> Any:
    """Return the largest figure; missing if any figure is, or if there is none."""
    return _outermost(_figures(figures), max)


def lagst(figures: pd.DataFrame | Iterable[Any]) -> Any:
    """Return the smallest figure; missing if any figure is, or if there is none."""
    return _outermost(_figures(figures), min)


def antal_dar(figures: pd.DataFrame | Iterable[Any], villkor: Callable[[Any], Any]) -> Any:
    """Count the figures for which `villkor` is true; missing if any figure is."""
    parts = _figures(figures)
    lacking = _lacking(parts)
    if lacking is not None:
        return lacking
    return sum(bool(villkor(_counted(figure))) for figure in parts)


def storst(rader: Rows, kolumn: Any = "varde") -> dict[Any, Any]:
    """Return the row with the largest figure, the first of several.

    If any row's figure is missing, all of the row is: nobody knows which one is the largest. A
    row of no rows is missing whatever column is asked for.
    """
    return _extreme(rader, kolumn, 1)


def minst(rader: Rows, kolumn: Any = "varde") -> dict[Any, Any]:
    """Return the row with the smallest figure; see `storst`."""
    return _extreme(rader, kolumn, -1)


def fallande(rader: Rows, kolumn: Any = "varde") -> list[dict[Any, Any]]:
    """Return the rows with the largest figure first; no rows if any row's figure is missing."""
    rows = _rows(rader)
    figures = [figure_of(row, kolumn) for row in rows]
    if _lacking(figures) is not None:
        return []
    ranked = sorted(zip(figures, rows, strict=True), key=lambda pair: -_counted(pair[0]))
    return [row for _, row in ranked]


class _Unknown(dict[Any, Any]):
    """A row of which nothing is known."""

    def __init__(self, reason: Missing, row: Mapping[Any, Any]) -> None:
        super().__init__(dict.fromkeys(row, reason))
        self._reason = reason

    def __missing__(self, _: Any) -> Missing:
        return self._reason


def _extreme(rader: Rows, column: Any, sign: int) -> dict[Any, Any]:
    rows = _rows(rader)
    figures = [figure_of(row, column) for row in rows]
    lacking = _lacking(figures)
    if lacking is not None or not rows:
        why = Missing("uppgift_saknas") if lacking is None else lacking
        return _Unknown(why, rows[0] if rows else {})
    counted = [sign * _counted(figure) for figure in figures]
    return rows[counted.index(max(counted))]


def _rows(rader: Rows) -> list[dict[Any, Any]]:
    return radlista(rader) if isinstance(rader, pd.DataFrame) else [dict(row) for row in rader]


def _figures(figures: pd.DataFrame | Iterable[Any]) -> list[Any]:
    if isinstance(figures, pd.DataFrame):
        return varden(figures)
    return [
        as_missing(figure) if is_missing(figure) and not isinstance(figure, Missing) else figure
        for figure in figures
    ]


def _outermost(parts: list[Any], choose: Callable[[Iterable[Any]], Any]) -> Any:
    lacking = _lacking(parts)
    if lacking is not None:
        return lacking
    return choose(map(_counted, parts)) if parts else Missing("uppgift_saknas")


def _lacking(figures: list[Any]) -> Missing | None:
    """Return why the figures cannot be reckoned with, None if they can; hidden comes first."""
    lacking = [f for f in figures if isinstance(f, Missing) and f.orsak != "inget"]
    hidden = [f for f in lacking if f.orsak == "skyddad"]
    return next(iter([*hidden, *lacking]), None)


def _counted(figure: Any) -> Any:
    return 0 if isinstance(figure, Missing) else figure
