"""Figures found by their keys, and reckoned with so that nothing missing is overlooked."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from berattelse import (
    Missing,
    Table,
    andel,
    antal_dar,
    fallande,
    hogst,
    is_missing,
    lagst,
    medel,
    minst,
    radlista,
    storst,
    summa,
    summor,
    value,
    varden,
    wide,
)
from berattelse.errors import DataError

HIDDEN = Missing("skyddad")


def long(*rows: tuple[str, str, float | None, str]) -> pd.DataFrame:
    """A long table as `load` gives it: NaN and a reason where a figure is missing."""
    frame = pd.DataFrame(rows, columns=["matt", "period", "varde", "orsak"])
    return frame.astype({"varde": float})


def test_a_missing_figure_keeps_its_reason() -> None:
    frame = long(("a", "2022", 1.5, ""), ("b", "2022", None, "ej_matt"))
    assert value(frame, matt="a") == 1.5
    assert value(frame, matt="b").orsak == "ej_matt"
    assert value(frame, matt="c").orsak == "uppgift_saknas"
    assert varden(frame) == [1.5, Missing("ej_matt")]
    assert radlista(frame)[1]["varde"] == Missing("ej_matt")


def test_a_question_with_two_answers_is_an_error() -> None:
    frame = long(("a", "2021", 1, ""), ("a", "2022", 2, ""))
    with pytest.raises(DataError, match="2 rader"):
        value(frame, matt="a")
    table = wide(frame, "matt", "period")
    assert table.columns.tolist() == ["matt", "2021", "2022"]
    assert not is_missing(table["2022"][0])


def test_pandas_own_words_for_nothing_are_missing_too() -> None:
    assert all(map(is_missing, (pd.NA, pd.NaT, None, math.nan, HIDDEN)))
    assert not any(map(is_missing, (0, "", "nan", 0.0, False)))


@pytest.mark.parametrize("reckon", [summa, medel, hogst, lagst])
@pytest.mark.parametrize("nothing", [HIDDEN, None, math.nan, pd.NA, Missing("ej_matt")])
def test_what_lacks_a_part_is_missing(reckon: Callable[[Any], Any], nothing: Any) -> None:
    found = reckon([5, nothing, 7])
    assert is_missing(found)
    assert found == (nothing if isinstance(nothing, Missing) else Missing())


def test_a_hidden_part_is_what_is_told_of_several_missing() -> None:
    assert summa([Missing("uppgift_saknas"), HIDDEN, 3]) == HIDDEN


def test_nothing_to_report_counts_as_zero() -> None:
    none = Missing("inget")
    assert summa([none, 4]) == 4
    assert summa([none, none]) == 0
    assert medel([none, 4]) == 2
    assert (hogst([none, 4]), lagst([none, 4])) == (4, 0)
    assert antal_dar([none, 4], lambda x: x == 0) == 1


def test_without_figures() -> None:
    assert summa([]) == 0
    assert antal_dar([], bool) == 0
    assert all(is_missing(reckon([])) for reckon in (medel, hogst, lagst))
    assert is_missing(storst(pd.DataFrame())["vad som helst"])
    assert fallande(pd.DataFrame()) == []
    assert radlista(pd.DataFrame()) == []


def test_a_sum_row_is_reckoned_column_by_column() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": [HIDDEN, 2]}, dtype=object)
    assert summor(frame, ["a", "b"]) == {"a": 3, "b": HIDDEN}


def test_a_count_needs_every_figure() -> None:
    assert antal_dar([-1, 2, -3], lambda x: x < 0) == 2
    assert antal_dar([-1, HIDDEN], lambda x: x < 0) == HIDDEN


def test_the_largest_is_told_only_when_nothing_hidden_may_be_larger() -> None:
    known = long(("a", "2022", 5, ""), ("b", "2022", 9, ""), ("c", "2022", None, "inget"))
    assert (storst(known)["matt"], minst(known)["matt"]) == ("b", "c")
    assert [row["matt"] for row in fallande(known)] == ["b", "a", "c"]
    hidden = long(("a", "2022", 5, ""), ("b", "2022", None, "skyddad"))
    assert set(storst(hidden).values()) == {HIDDEN}
    assert minst(hidden)["matt"] == HIDDEN
    assert fallande(hidden) == []


def test_a_long_tables_cell_tells_its_reason() -> None:
    frame = long(("a", "2022", 5, ""), ("b", "2022", None, "skyddad"))
    html = Table(frame, stub="matt", columns={"varde": "Antal"}).html
    assert ">x</td>" in html
    assert "x = skyddad uppgift" in html


def test_sums_of_protected_figures_keep_count_of_their_parts() -> None:
    one, two = (Missing("skyddad", frozenset({f"x:{n}"})) for n in (1, 2))
    total = 5 + one + two + 3
    assert (total.dolda, total.synligt) == ({"x:1", "x:2"}, 8)
    assert total == Missing("skyddad")
    # what cannot be kept count of is never told: a difference, a share, the same part twice
    for lost in (5 - one, one * 2, -one, one + one, one - two, one + Missing("ej_matt")):
        assert is_missing(lost)
        assert not lost.dolda
    assert not andel(one, 20).dolda
