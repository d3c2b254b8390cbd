"""Words that follow the figures."""

from __future__ import annotations

import datetime as dt

import pytest

from berattelse.missing import Missing
from berattelse.text.numbers import antal_text, forandring_procent, procent, tal, tkr
from berattelse.text.prose import (
    andrats_med,
    andrats_till,
    battre,
    datum_ord,
    fran_till,
    genitiv,
    jamfor,
    lista,
    manad,
    manad_kort,
    om_finns,
    overskott,
    period_text,
    resultat_text,
    riktning_ord,
    skiljer,
    stor,
)

NB = "\u00a0"


def test_surplus_and_deficit_follow_the_sign():
    assert overskott(1) == "överskott"
    assert overskott(-0.01) == "underskott"
    assert overskott(0) == "resultat i balans"
    assert overskott(Missing()) == "uppgift saknas"


def test_a_result_is_told_with_its_size_and_without_sign():
    assert resultat_text(1_887_000, tkr) == f"ett överskott på 1{NB}887{NB}tkr"
    assert resultat_text(-1_887_000, tkr) == f"ett underskott på 1{NB}887{NB}tkr"


def test_a_result_that_prints_as_zero_is_in_balance():
    assert resultat_text(300, tkr) == "ett resultat i balans"
    assert resultat_text(-499, tkr) == "ett resultat i balans"
    assert resultat_text(500, tkr) == f"ett överskott på 1{NB}tkr"


def test_direction_words():
    assert riktning_ord(5, 4) == "ökat"
    assert riktning_ord(4, 5) == "minskat"
    assert riktning_ord(0.1 + 0.2, 0.3) == "inte ändrats"
    assert riktning_ord(5, 4, ("fler", "färre", "lika många")) == "fler"
    assert riktning_ord(5, None) == "inte kunnat jämföras"
    assert riktning_ord(5, None, ("fler", "färre", "lika", "okänt")) == "okänt"
    assert jamfor(82, 86) == "lägre än"
    assert jamfor(86, 86.0) == "i nivå med"
    assert jamfor(Missing("ej_matt"), 1) == "inte jämförbar med"


def test_a_change_is_told_with_both_figures():
    assert fran_till(204, 161) == "ökat från 161 till 204"
    assert fran_till(5, 6, fran="i januari", till="i december") == (
        "minskat från 6 i januari till 5 i december"
    )
    assert fran_till(5.5, 5, lambda x: tal(x, 1)) == "ökat från 5,0 till 5,5"


def test_no_change_agrees_with_every_subject():
    assert fran_till(135, 135) == "legat kvar på 135"
    assert fran_till(5, 5, fran="i januari", till="i december") == "legat kvar på 5"
    assert fran_till(5, 5, till="dagar") == "legat kvar på 5 dagar"
    assert andrats_till(84, 84, procent) == f"legat kvar på 84{NB}%"
    assert andrats_med(84, 84, procent) == "inte ändrats"
    assert skiljer(84, 84, procent) == "i nivå med"


def test_figures_that_are_written_alike_are_equal():
    assert fran_till(5.04, 5, lambda x: tal(x, 1)) == "legat kvar på 5,0"
    assert andrats_till(5.4, 5) == "legat kvar på 5"
    assert andrats_med(5.4, 5) == "inte ändrats"
    assert skiljer(300, 0, tkr, ("mer än", "mindre än", "lika med")) == "lika med"


def test_the_size_of_a_change_is_told():
    assert fran_till(204, 161, i_procent=True) == f"ökat med 27{NB}%, från 161 till 204"
    assert fran_till(90, 135, i_procent=True) == f"minskat med 33{NB}%, från 135 till 90"
    assert fran_till(5, 0, i_procent=True) == "ökat från 0 till 5"
    assert andrats_med(3, 5) == "minskat med 2"
    change = forandring_procent(204, 161)
    assert andrats_med(204, 161, procent, skillnad=change) == f"ökat med 27{NB}%"
    assert andrats_med(5, 0, procent, skillnad=forandring_procent(5, 0)) == "ökat"
    assert andrats_till(84, 79, procent) == f"ökat till 84{NB}%"
    assert skiljer(3, 5, tkr, ("mer än", "mindre än", "lika med")) == "lika med"
    assert skiljer(-2_000, 0, tkr) == f"2{NB}tkr lägre än"


def test_a_change_that_is_not_known_has_no_size_and_no_unit():
    hidden = Missing("skyddad")
    assert andrats_med(hidden, 5) == "inte kunnat jämföras"
    assert andrats_med(5, hidden, ord=("a", "b", "c", "okänt")) == "okänt"
    assert andrats_till(hidden, 5) == "inte kunnat jämföras"
    assert andrats_till(5, hidden, till="dagar") == "inte kunnat jämföras (nu 5 dagar)"
    assert skiljer(hidden, 5) == "inte jämförbar med"
    assert fran_till(hidden, 5, till="dagar") == (
        "inte kunnat jämföras (skyddad uppgift, mot tidigare 5)"
    )
    assert fran_till(5, hidden, fran="timmar 2021", till="timmar 2022") == (
        "inte kunnat jämföras (5 timmar 2022, mot skyddad uppgift 2021)"
    )


def test_a_change_from_or_to_something_hidden_has_no_direction():
    hidden = Missing("skyddad")
    assert fran_till(hidden, 12) == ("inte kunnat jämföras (skyddad uppgift, mot tidigare 12)")
    assert fran_till(12, hidden, fran="i januari", till="i december") == (
        "inte kunnat jämföras (12 i december, mot skyddad uppgift i januari)"
    )
    assert fran_till(1, hidden, ord=("a", "b", "c", "okänt")).startswith("okänt (")


def test_a_sentence_is_left_out_where_its_figure_is_missing():
    assert om_finns(3, "Tre.") == "Tre."
    assert om_finns(0, "Noll.") == "Noll."
    assert om_finns(Missing("skyddad"), "Tre.", "Antalet visas inte.") == "Antalet visas inte."
    assert om_finns([1, None], "Tre.", "Nej.") == "Nej."
    assert om_finns(Missing(), "Tre.")._repr_markdown_() == ""


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 anmälningar"),
        (1, "en anmälan"),
        (2.0, "två anmälningar"),
        (1234, f"1{NB}234 anmälningar"),
        (Missing("skyddad"), "ett skyddat antal anmälningar"),
        (Missing("ej_matt"), "ett okänt antal anmälningar"),
        (None, "ett okänt antal anmälningar"),
        (Missing("inget"), "inga anmälningar"),
    ],
)
def test_a_count_with_what_is_counted(count, text):
    assert antal_text(count, "anmälan", "anmälningar") == text


def test_a_count_alone_and_with_digits():
    assert antal_text(1, genus="t", stor=True) == "Ett"
    assert antal_text(3, "barn", "barn", siffror=True) == "3 barn"
    assert antal_text(Missing("skyddad"), stor=True) == "Ett skyddat antal"


@pytest.mark.parametrize(
    ("new", "old", "direction", "word"),
    [
        (5, 4, "hogre_battre", "bättre"),
        (5, 4, "lagre_battre", "sämre"),
        (4, 5, "lagre_battre", "bättre"),
        (4, 4, "lagre_battre", "oförändrat"),
        (4, 5, "", "lägre"),
        (4, None, "hogre_battre", "inte jämförbart"),
    ],
)
def test_better_depends_on_the_indicators_direction(new, old, direction, word):
    assert battre(new, old, direction) == word


def test_an_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="upp"):
        battre(1, 2, "upp")


def test_lists_genitives_capitals():
    assert lista([]) == ""
    assert lista(["a"]) == "a"
    assert lista(["a", "b"]) == "a och b"
    assert lista(["a", "b", 3]) == "a, b och 3"
    assert [genitiv(n) for n in ("Härnösand", "Borås", "Växjö", "Sax")] == [
        "Härnösands",
        "Borås",
        "Växjös",
        "Sax",
    ]
    assert stor("äldreomsorgen i Ale") == "Äldreomsorgen i Ale"
    assert stor("") == ""


def test_dates_and_months():
    assert datum_ord(dt.date(2022, 8, 31)) == "31 augusti 2022"
    assert datum_ord("2022-08-31") == "31 augusti 2022"
    assert datum_ord(None) == "uppgift saknas"
    assert manad("2022-08") == manad(8) == manad("2022-08-31") == "augusti"
    assert manad_kort(dt.date(2022, 3, 1)) == "mars"
    assert manad_kort("2022-12") == "dec"
    with pytest.raises(ValueError, match="2022-13"):
        manad("2022-13")


@pytest.mark.parametrize(
    ("period", "text"),
    [
        ("2022", "2022"),
        (2022, "2022"),
        ("2022-08", "augusti 2022"),
        ("2022T1", "första tertialet 2022"),
        ("2022T3", "tredje tertialet 2022"),
        ("2022H2", "andra halvåret 2022"),
        ("2022D08", "januari–augusti 2022"),
        ("2022-08-31", "31 augusti 2022"),
        ("Hemtjänst", "Hemtjänst"),
        (None, "uppgift saknas"),
    ],
)
def test_periods_in_words(period, text):
    assert period_text(period) == text
