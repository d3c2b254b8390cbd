"""Numbers as controllers write them: what is read, what is refused, what is said of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from berattelse.intake import RULES
from berattelse.intake import numbers as n
from berattelse.intake.rules import Fault

NB, THIN, NARROW = "\u00a0", "\u2009", "\u202f"

steady = settings(derandomize=True, database=None, deadline=None)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0", "0"), ("7", "7"), ("1234", "1234"), ("12,5", "12.5"), ("12.5", "12.5"),
        ("1 234,5", "1234.5"), (f"1{NB}234,5", "1234.5"), (f"1{THIN}234,5", "1234.5"),
        (f"1{NARROW}234,5", "1234.5"), (f"1{NB}234 567", "1234567"), ("12 345 678", "12345678"),
        ("−5", "-5"), ("–5", "-5"), ("-5", "-5"), ("‑5", "-5"), ("− 5", "-5"), (f"–{NB}5", "-5"),
        ("-1 234,5", "-1234.5"), ("+2,9", "2.9"), ("±0", "0"), ("+/-0", "0"), ("±0,0", "0"),
        ("-0", "0"), ("(1 234)", "-1234"), ("( 1 234 )", "-1234"), ("(0)", "0"), (" 5 ", "5"),
        (f"{NB}5\ufeff", "5"), ("\u200b5", "5"), ("007", "7"), ("1,234", "1.234"),
        ("0,123", "0.123"), ("0.123", "0.123"), ("1234.567", "1234.567"), ("1.2345", "1.2345"),
        ("1,2345", "1.2345"), ("1 234,567", "1234.567"), ("0,1", "0.1"), ("12,50", "12.5"),
    ],
)  # fmt: skip
def test_reads(text: str, wanted: str) -> None:
    found = n.parse(text)
    assert found == Decimal(wanted)
    assert isinstance(found, Decimal)
    assert not (found == 0 and found.is_signed())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1.234", "1.234"), ("12,5", "12.5"), ("12.5", "12.5"), ("1 234.567", "1234.567"),
        ("0,123", "0.123"), ("1234,567", "1234.567"), ("1,2345", "1.2345"), ("-1.234", "-1.234"),
    ],
)  # fmt: skip
def test_reads_where_the_point_is_the_mark(text: str, wanted: str) -> None:
    assert n.parse(text, mark=".") == Decimal(wanted)


@pytest.mark.parametrize("text", ["1,234", "12,345", "123,456", "-1,234", "1 234,567", "+1,234"])
def test_a_comma_and_three_digits_are_ambiguous_where_the_point_is_the_mark(text: str) -> None:
    found = n.parse(text, mark=".")
    assert isinstance(found, Fault)
    assert found.rule == "tvetydigt_tal"


@pytest.mark.parametrize("text", ["1.234", "12.345", "123.456", "-1.234", "(1.234)", "1 234.567"])
def test_a_point_and_three_digits_are_ambiguous_where_the_comma_is_the_mark(text: str) -> None:
    found = n.parse(text)
    assert isinstance(found, Fault)
    assert found.rule == "tvetydigt_tal"


def test_the_ambiguous_number_is_shown_both_ways() -> None:
    found = n.parse("1.234")
    assert isinstance(found, Fault)
    assert found.message == "«1.234» kan vara både tusental och decimaler."
    assert found.remedy == "Skriv 1234 eller 1,234, det som menas."


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("12 34", "tusental"), ("1 23", "tusental"), ("1234 567", "tusental"),
        ("1  234", "tusental"), ("1 2345", "tusental"), ("1.234,5", "tusental"),
        ("1,234.5", "tusental"), ("1.234.567", "tusental"), ("1,234,567", "tusental"),
        ("0,123 456", "tusental"), ("1, 5", "tusental"),
        ("1e5", "exponent"), ("1,2E+05", "exponent"), ("-1e-3", "exponent"),
        ("1.5 e 3", "exponent"),
        ("nan", "tecken_for_saknat"), ("NaN", "tecken_for_saknat"), ("–", "tecken_for_saknat"),
        ("-", "tecken_for_saknat"), ("—", "tecken_for_saknat"), ("..", "tecken_for_saknat"),
        (".", "tecken_for_saknat"), ("…", "tecken_for_saknat"), ("x", "tecken_for_saknat"),
        ("saknas", "tecken_for_saknat"), ("Uppgift saknas", "tecken_for_saknat"),
        ("ej mätt", "tecken_for_saknat"), ("e.m.", "tecken_for_saknat"),
        ("inf", "inte_tal"), ("-inf", "inte_tal"), ("Infinity", "inte_tal"), ("abc", "inte_tal"),
        ("ca 30", "ungefarligt"), ("Ca. 30", "ungefarligt"), ("cirka 30", "ungefarligt"),
        ("<5", "ungefarligt"), ("< 5", "ungefarligt"), ("≥ 10", "ungefarligt"),
        ("~5", "ungefarligt"),
        ("drygt 60", "ungefarligt"), ("över 100", "ungefarligt"),
        ("1–4", "talintervall"), ("1-4", "talintervall"), ("1 – 4", "talintervall"),
        ("2022-08-31", "talintervall"), ("12/30", "talintervall"), ("12:30", "talintervall"),
        ("0,1 + 2", "talintervall"), ("1 till 4", "talintervall"), ("1..4", "tusental"),
        ("*", "stjarna"), ("12*", "stjarna"), ("**", "stjarna"),
        ("１２", "andra_siffror"), ("١٢", "andra_siffror"), ("12²", "andra_siffror"),
        ("½", "andra_siffror"), ("Ⅳ", "andra_siffror"),
        ("±5", "inte_tal"), ("(-5)", "inte_tal"), ("--5", "inte_tal"), ("+-5", "inte_tal"),
        (",5", "inte_tal"), (".5", "inte_tal"), ("5,", "inte_tal"), ("5.", "inte_tal"),
        ("5-", "inte_tal"), ("1'234", "enhet_i_tal"), ("1_000", "enhet_i_tal"),
        ("0x10", "enhet_i_tal"), ("12 %", "enhet_i_tal"), ("12 tkr", "enhet_i_tal"),
        ("=1+1", "inte_tal"), ("()", "inte_tal"), ("5)", "inte_tal"), ("(5", "inte_tal"),
        ("1\u2007234", "enhet_i_tal"), ("12\n34", "enhet_i_tal"), ("5\t", None),
        ("5 5 5", "tusental"),
        ("12345678901234567890123", None), ("9" * 61, "for_manga_siffror"),
    ],
)  # fmt: skip
def test_refuses(text: str, rule: str | None) -> None:
    found = n.parse(text)
    if rule is None:
        assert isinstance(found, Decimal)
        return
    assert isinstance(found, Fault), found
    assert found.rule == rule
    assert rule in RULES
    assert found.message.startswith("«")
    assert found.remedy


def test_a_dash_alone_is_told_the_reasons() -> None:
    found = n.parse("–")
    assert isinstance(found, Fault)
    assert "uppgift_saknas, ej_matt, ej_relevant, skyddad, inget" in found.remedy


@pytest.mark.parametrize(
    ("text", "unit", "wanted"),
    [
        ("12 %", "procent", "12"), ("12%", "procent", "12"), ("−0,5 %", "procent", "-0.5"),
        ("12 procent", "procent", "12"), ("(12) %", "procent", "-12"), ("(12 %)", "procent", "-12"),
        ("1,2 mnkr", "tkr", "1200"), ("1,2 mkr", "tkr", "1200"), ("1,2 Mkr", "kr", "1200000"),
        ("1,2 miljoner kronor", "kr", "1200000"), ("1 234 kr", "mnkr", "0.001234"),
        ("1 234 kronor", "tkr", "1.234"), ("5 tkr", "tkr", "5"), ("5 TKR", "kr", "5000"),
        ("5 tusen kronor", "kr", "5000"), ("5 SEK", "kr", "5"), ("-5 MSEK", "mnkr", "-5"),
        ("0,1 tkr", "mnkr", "0.0001"), ("12 personer", "personer", "12"),
        ("12 Personer", "personer", "12"), ("3 tim/dag", "tim/dag", "3"),
        ("14 540 kr/invånare", "kr/invånare", "14540"), ("0,07 mnkr", "kr", "70000"),
    ],
)  # fmt: skip
def test_reads_units(text: str, unit: str, wanted: str) -> None:
    assert n.parse(text, unit) == Decimal(wanted)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("12 %", "antal"), ("12 %", "tkr"), ("12 kr", "antal"), ("12 st", "antal"),
        ("12 kr", "kr/invånare"), ("12 procentenheter", "procent"), ("12 ‰", "procent"),
        ("12 miljoner", "mnkr"), ("12 antal", "personer"), ("12 EUR", "kr"),
    ],
)  # fmt: skip
def test_refuses_other_units(text: str, unit: str) -> None:
    found = n.parse(text, unit)
    assert isinstance(found, Fault)
    assert found.rule in ("enhet_i_tal", "inte_tal")


def test_a_wrong_unit_is_told_the_row_s() -> None:
    found = n.parse("12 kr", "antal")
    assert isinstance(found, Fault)
    assert found.message == "«12 kr» har enheten «kr», men radens enhet är antal."


@pytest.mark.parametrize("text", ["1234.5", "0.1", "-27.4", "16266708", "0.30000000000000004"])
def test_reads_equal_to_float(text: str) -> None:
    found = n.parse(text, mark=".")
    assert isinstance(found, Decimal)
    assert n.to_float(found) == float(text)


@pytest.mark.parametrize(
    "text", ["0,1234567890123456789", "12345678901234567891", "9007199254740993"]
)
def test_refuses_digits_that_no_float_holds(text: str) -> None:
    found = n.parse(text)
    assert isinstance(found, Decimal)
    fault = n.to_float(found, text)
    assert isinstance(fault, Fault)
    assert fault.rule == "for_manga_siffror"


@pytest.mark.parametrize(
    ("digits", "per_cent", "wanted"),
    [
        ("0.12", True, "12"), ("0.07", True, "7"), ("0.28999999999999998", True, "29"),
        ("0.28999999999999998", False, "0.29"), ("3.0", False, "3"), ("3", False, "3"),
        ("1E-3", False, "0.001"), ("1.5E+3", False, "1500"),
        ("-0.035000000000000003", True, "-3.5"),
        ("0.30000000000000004", False, "0.30000000000000004"), ("1.1299999999999999", True, "113"),
    ],
)  # fmt: skip
def test_reads_what_excel_stores(digits: str, per_cent: bool, wanted: str) -> None:
    assert n.from_excel(digits, per_cent) == Decimal(wanted)


@pytest.mark.parametrize(
    "digits", ["NaN", "INF", "1_000", "", "1,5", "12345678901234567891", "1e999"]
)
def test_refuses_what_excel_never_stores(digits: str) -> None:
    assert isinstance(n.from_excel(digits), Fault)


@steady
@given(
    st.decimals(-(10**12), 10**12, places=3, allow_nan=False),
    st.sampled_from([" ", NB, THIN, NARROW, ""]),
    st.sampled_from("-−–‑"),
    st.booleans(),
)
def test_every_style_reads_back(number: Decimal, space: str, minus: str, gap: bool) -> None:
    whole, _, fraction = f"{abs(number):,.3f}".partition(".")
    fraction = fraction.rstrip("0")
    text = whole.replace(",", space) + (f",{fraction}" if fraction else "")
    if number < 0:
        text = minus + (" " if gap else "") + text
    assert n.parse(text) == number


@steady
@given(st.text(max_size=20))
def test_no_text_raises_and_none_is_guessed(text: str) -> None:
    found = n.parse(text)
    assert isinstance(found, Decimal | Fault)
    if isinstance(found, Decimal):
        assert any("0" <= c <= "9" for c in text)
    else:
        assert found.rule in RULES


@steady
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_every_float_survives(value: float) -> None:
    text = f"{Decimal(repr(value)):f}"
    if len(text) > 50:
        return
    found = n.parse(text, mark=".")
    assert isinstance(found, Decimal)
    assert n.to_float(found) == value
