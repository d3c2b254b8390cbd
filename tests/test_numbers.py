"""Figures as text, and figures that are missing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from berattelse.missing import Missing, is_missing
from berattelse.text.numbers import (
    andel,
    forandring_procent,
    kr,
    mnkr,
    procent,
    procentenheter,
    rakneord,
    tal,
    tkr,
)

NB = "\u00a0"
MINUS = "\u2212"


@pytest.mark.parametrize(
    ("number", "decimals", "text"),
    [
        (0, 0, "0"),
        (1887, 0, f"1{NB}887"),
        (12345678.9, 1, f"12{NB}345{NB}678,9"),
        (-40021, 0, f"{MINUS}40{NB}021"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-0.5, 0, f"{MINUS}1"),
        (-2.5, 0, f"{MINUS}3"),
        (2.675, 2, "2,68"),
        (1.005 * 100, 0, "101"),
        (0.1 + 0.2, 1, "0,3"),
        (0.285 * 100, 0, "29"),
        (-0.4, 0, "0"),
        (np.int64(1234), 0, f"1{NB}234"),
        (np.float64(4.4), 1, "4,4"),
    ],
)
def test_tal_rounds_half_away_from_zero_and_writes_swedish(number, decimals, text):
    assert tal(number, decimals) == text


def test_sign_is_written_when_asked_for_but_never_on_zero():
    assert tal(5, tecken=True) == "+5"
    assert tal(-5, tecken=True) == f"{MINUS}5"
    assert tal(0.3, tecken=True) == "0"


def test_money_is_converted_before_it_is_rounded_once():
    # 499 500 + 499 500 kr are 999 tkr; rounded first they would be 1 000
    assert tkr(499_500 + 499_500) == f"999{NB}tkr"
    assert tkr(1_887_499.99) == f"1{NB}887{NB}tkr"
    assert tkr(1_887_500) == f"1{NB}888{NB}tkr"
    assert tkr(-1_250, fran="tkr") == f"{MINUS}1{NB}250{NB}tkr"
    assert tkr(-1_250, fran="tkr", absolut=True, enhet=False) == f"1{NB}250"
    assert mnkr(148_370_000) == f"148,4{NB}mnkr"
    assert mnkr(148_350, fran="tkr") == f"148,4{NB}mnkr"
    assert mnkr(-1.25, 1, fran="mnkr", enhet=False) == f"{MINUS}1,3"
    assert kr(1.5, fran="tkr") == f"1{NB}500{NB}kr"


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="miljoner"):
        tkr(1, fran="miljoner")  # type: ignore[arg-type]


def test_per_cent_and_percentage_points_are_different_things():
    assert procent(84.0) == f"84{NB}%"
    assert procent(0.65, 1) == f"0,7{NB}%"
    assert procentenheter(-6.4, 1) == f"6,4{NB}procentenheter"
    assert procentenheter(1) == f"1{NB}procentenhet"
    assert andel(1, 8) == 12.5
    assert forandring_procent(120, 100) == 20
    assert forandring_procent(-50, -100) == 50


@pytest.mark.parametrize("function", [andel, forandring_procent])
def test_of_nothing_there_is_no_share(function):
    assert function(3, 0) == Missing("ej_relevant")
    assert function(Missing("ej_matt"), 5) == Missing("ej_matt")


def test_number_words_from_two_to_twelve():
    assert [rakneord(n) for n in (1, 2, 12, 13, 1300)] == [
        "en",
        "två",
        "tolv",
        "13",
        f"1{NB}300",
    ]
    assert rakneord(1, genus="t", stor=True) == "Ett"
    assert rakneord(2.0) == "två"
    assert rakneord(2.5) == "2,5"


@pytest.mark.parametrize("function", [tal, kr, tkr, mnkr, procent, procentenheter, rakneord])
@pytest.mark.parametrize("nothing", [None, math.nan, np.nan, Missing()])
def test_missing_figures_are_told_never_written_as_zero(function, nothing):
    assert function(nothing) == "uppgift saknas"
    assert function(Missing("ej_matt")) == "ej mätt"


@pytest.mark.parametrize("wrong", ["12", True, [1]])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(TypeError, match="Ett tal väntades"):
        tal(wrong)


def test_missing_is_false_and_swallows_arithmetic():
    gone = Missing("ej_matt")
    assert not gone
    assert not gone > 3 and not gone < 3
    assert gone + 1 == gone and 1 - gone == gone and 2 * gone == gone and gone / 2 == gone
    assert np.float64(2) * gone == gone
    assert math.isnan(float(gone))
    assert f"{gone:.1f}" == "ej mätt"
    assert abs(-gone) == gone


def test_nothing_to_report_counts_as_zero_in_sums_only():
    none = Missing("inget")
    assert sum([1, none, 2]) == 3
    assert 5 - none == 5
    assert none - 5 == -5
    assert none + Missing("skyddad") == Missing("skyddad")
    assert none + none == none
    assert 5 * none == none


def test_is_missing_and_unknown_reasons():
    assert all(is_missing(x) for x in (None, math.nan, np.float64("nan"), Missing("skyddad")))
    assert not any(is_missing(x) for x in (0, 0.0, "", "nan", False))
    with pytest.raises(ValueError, match="borttappad"):
        Missing("borttappad")
