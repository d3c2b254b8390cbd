"""Periods as controllers write them: what is read, what is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from berattelse.datasets import PERIODTYPER
from berattelse.intake import periods as p
from berattelse.intake.rules import Fault

steady = settings(derandomize=True, database=None, deadline=None)


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("manad", "2022-08", "2022-08"), ("manad", "202208", "2022-08"),
        ("manad", "aug 2022", "2022-08"), ("manad", "Aug. 2022", "2022-08"),
        ("manad", "augusti 2022", "2022-08"), ("manad", "AUGUSTI  2022", "2022-08"),
        ("manad", "2022-08-01", "2022-08"), ("manad", "44774", "2022-08"),
        ("manad", "2022‑08", "2022-08"), ("manad", "\u00a0maj 2022", "2022-05"),
        ("manad", "sept 2022", "2022-09"), ("manad", "mars 2022", "2022-03"),
        ("helar", "2022", "2022"), ("helar", "helår 2022", "2022"),
        ("helar", "Helår\u00a02022", "2022"),
        ("helar", "hela\u030ar 2022", "2022"), ("helar", "helar 2022", "2022"),
        ("tertial", "2022T1", "2022T1"), ("tertial", "T1 2022", "2022T1"),
        ("tertial", "tertial 3 2022", "2022T3"), ("tertial", "2022 T2", "2022T2"),
        ("tertial", "2022t2", "2022T2"),
        ("halvar", "2022H1", "2022H1"), ("halvar", "H2 2022", "2022H2"),
        ("halvar", "halvår 1 2022", "2022H1"), ("halvar", "första halvåret 2022", "2022H1"),
        ("halvar", "Andra halvåret 2022", "2022H2"), ("halvar", "2022 h1", "2022H1"),
        ("delar", "2022D08", "2022D08"), ("delar", "jan-aug 2022", "2022D08"),
        ("delar", "jan – aug 2022", "2022D08"), ("delar", "januari–augusti 2022", "2022D08"),
        ("delar", "2022-01/2022-08", "2022D08"), ("delar", "jan-jan 2022", "2022D01"),
        ("tidpunkt", "2022-08-31", "2022-08-31"), ("tidpunkt", "220831", "2022-08-31"),
        ("tidpunkt", "20220831", "2022-08-31"), ("tidpunkt", "31 aug 2022", "2022-08-31"),
        ("tidpunkt", "31 augusti 2022", "2022-08-31"), ("tidpunkt", "1 maj 2022", "2022-05-01"),
        ("tidpunkt", "44804", "2022-08-31"), ("tidpunkt", "2024-02-29", "2024-02-29"),
        ("intervall", "2022-01/2022-05", "2022-01/2022-05"),
        ("intervall", "jan–maj 2022", "2022-01/2022-05"),
        ("intervall", "2022-11/2023-02", "2022-11/2023-02"),
        ("intervall", "2024-11-01/2024-12-01", "2024-11-01/2024-12-01"),
        ("intervall", "2022-01 / 2022-05", "2022-01/2022-05"),
        ("intervall", "2023/2024", "2023/2024"), ("intervall", "2023 / 2024", "2023/2024"),
    ],
)  # fmt: skip
def test_reads(kind: str, text: str, wanted: str) -> None:
    assert p.parse(text, kind) == wanted


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("manad", "2022-13"), ("manad", "2022-8"), ("manad", "2022-08-15"), ("manad", "aug 22"),
        ("manad", "2022"), ("manad", "44775"), ("manad", "augusti"), ("manad", "august 2022"),
        ("manad", "202213"), ("manad", "08-2022"), ("manad", "aug2022"), ("manad", ""),
        ("helar", "22"), ("helar", "2022-01"), ("helar", "2022/2023"), ("helar", "202"),
        ("helar", "1822"), ("helar", "٢٠٢٢"), ("helar", "2022,5"), ("helar", "44774"),
        ("tertial", "2022T4"), ("tertial", "T0 2022"), ("tertial", "2022"), ("tertial", "T1"),
        ("halvar", "2022H3"), ("halvar", "tredje halvåret 2022"), ("halvar", "första halvåret"),
        ("delar", "feb-aug 2022"), ("delar", "2022D13"), ("delar", "2022D00"), ("delar", "2022D8"),
        ("delar", "2022-02/2022-08"), ("delar", "2021-01/2022-08"), ("delar", "2022-08-31"),
        ("tidpunkt", "2022-02-30"), ("tidpunkt", "2023-02-29"), ("tidpunkt", "31/8 2022"),
        ("tidpunkt", "31 feb 2022"), ("tidpunkt", "221331"), ("tidpunkt", "710831"),
        ("tidpunkt", "2022-8-1"), ("tidpunkt", "08/31/2022"), ("tidpunkt", "2022-08"),
        ("tidpunkt", "4480"), ("tidpunkt", "448040"), ("tidpunkt", "99999"),
        ("intervall", "2022-05/2022-01"), ("intervall", "maj–jan 2022"),
        ("intervall", "2022-01/2022-05-31"), ("intervall", "2022-02-30/2022-03-01"),
        ("intervall", "2022-01-2022-05"), ("intervall", "2024/2023"), ("intervall", "2022"),
    ],
)  # fmt: skip
def test_refuses_and_shows_how_to_write(kind: str, text: str) -> None:
    found = p.parse(text, kind)
    assert isinstance(found, Fault), found
    assert found.rule == "inte_period"
    assert found.remedy == f"Skriv så här: {PERIODTYPER[kind].partition(': ')[2]}."


def test_the_1904_system() -> None:
    assert p.parse("43312", "manad", p.EPOCH_1904) == "2022-08"
    assert p.parse("43342", "tidpunkt", p.EPOCH_1904) == "2022-08-31"


def test_dates_of_excel() -> None:
    assert p.from_date(dt.datetime(2022, 8, 1), "manad") == "2022-08"
    assert p.from_date(dt.datetime(2022, 8, 31), "tidpunkt") == "2022-08-31"
    assert p.from_date(dt.datetime(2022, 8, 31), "datum") == "2022-08-31"
    for date, kind in [
        (dt.datetime(2022, 8, 2), "manad"),
        (dt.datetime(2022, 8, 31, 12), "tidpunkt"),
        (dt.datetime(2022, 1, 1), "helar"),
        (dt.datetime(2022, 8, 1), "delar"),
    ]:
        assert isinstance(p.from_date(date, kind), Fault)
    fault = p.from_date(dt.datetime(2022, 8, 31, 12), "datum")
    assert isinstance(fault, Fault)
    assert fault.rule == "inte_datum"


def test_dates() -> None:
    assert p.parse_date("31 december 2022") == "2022-12-31"
    assert p.parse_date("44804") == "2022-08-31"
    fault = p.parse_date("2022-02-30")
    assert isinstance(fault, Fault)
    assert fault.message == "«2022-02-30» är inte ett datum som finns."


@steady
@given(st.dates(dt.date(1927, 6, 1), dt.date(2099, 12, 31)))
def test_every_day_is_read_from_its_number(day: dt.date) -> None:
    number = (day - dt.date(1899, 12, 30)).days
    assert p.parse(str(number), "tidpunkt") == day.isoformat()
    assert p.parse(f"{day:%Y%m%d}", "tidpunkt") == day.isoformat()


@steady
@given(st.text(max_size=15), st.sampled_from(list(PERIODTYPER)))
def test_what_is_read_is_canonical(text: str, kind: str) -> None:
    found = p.parse(text, kind)
    if isinstance(found, str):
        assert p.parse(found, kind) == found


@steady
@given(st.from_regex(r"[0-9jan2/\-TDH ]{4,12}", fullmatch=True), st.sampled_from(list(PERIODTYPER)))
def test_near_periods_are_canonical(text: str, kind: str) -> None:
    found = p.parse(text, kind)
    if isinstance(found, str):
        assert p.parse(found, kind) == found
