"""Whether a goal is reached, by the declared rule."""

from __future__ import annotations

import pytest

from berattelse.missing import Missing
from berattelse.text.status import EJ_UPPNATT, KAN_INTE_BEDOMAS, UPPNATT, status


@pytest.mark.parametrize(
    ("outcome", "target", "direction", "word"),
    [
        (85, 85, "hogre_battre", UPPNATT),
        (84.9, 85, "hogre_battre", EJ_UPPNATT),
        (0.7, 0.7, "lagre_battre", UPPNATT),
        (0.9, 0.7, "lagre_battre", EJ_UPPNATT),
        (0, 0, "lagre_battre", UPPNATT),
        (5, 4, "", KAN_INTE_BEDOMAS),
        (Missing("ej_matt"), 4, "hogre_battre", KAN_INTE_BEDOMAS),
        (5, None, "hogre_battre", KAN_INTE_BEDOMAS),
    ],
)
def test_outcome_against_target(outcome, target, direction, word):
    assert status(outcome, target, direction).ord == word


def test_the_forecast_is_judged_where_there_is_one():
    judged = status(34, 40, "hogre_battre", prognos=51)
    assert (judged.ord, judged.varde, judged.grund) == (UPPNATT, 51, "prognos")
    assert status(34, 40, "hogre_battre", prognos=Missing()).grund == "utfall"


@pytest.mark.parametrize(
    ("text", "outcome", "base", "word", "target"),
    [
        ("öka 10 %", 13.2, 12, UPPNATT, 13.2),
        ("öka 10%", 12, 12, EJ_UPPNATT, 13.2),
        ("Öka med 10\u00a0%", 14, 12, UPPNATT, 13.2),
        ("minska 5 %", 95, 100, UPPNATT, 95),
        ("minska med 2,5 procent", 98, 100, EJ_UPPNATT, 97.5),
        ("öka", 12, 12, EJ_UPPNATT, 12),
        ("minska", 11, 12, UPPNATT, 12),
    ],
)
def test_a_relative_goal_is_worked_out_from_the_last_measured_figure(
    text, outcome, base, word, target
):
    judged = status(outcome, None, "", utgangsvarde=base, mal_text=text)
    assert (judged.ord, judged.mal) == (word, target)


def test_a_relative_goal_without_starting_point_cannot_be_judged():
    judged = status(12, None, "hogre_battre", mal_text="öka 10 %")
    assert judged.ord == KAN_INTE_BEDOMAS
    assert judged.mal == Missing()


def test_the_goals_number_goes_before_its_words():
    assert status(5, 4, "hogre_battre", utgangsvarde=100, mal_text="öka 10 %").mal == 4


def test_symbols_tell_the_status_without_colour():
    texts = {str(status(5, target, "hogre_battre")) for target in (4, 6, None)}
    assert texts == {"● Uppnått", "○ Ej uppnått", "– Kan inte bedömas"}


def test_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="uppåt"):
        status(1, 2, "uppåt")
