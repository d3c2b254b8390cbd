"""Periods and dates as controllers write them -> the forms that `datasets.PERIODTYPER` shows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping

from berattelse.datasets import PERIODTYPER
from berattelse.intake.rules import Fault
from berattelse.intake.text import DASHES, fold, quote, strip

EPOCH = dt.datetime(1899, 12, 30)
"""Day 0 of Excel's numbers for dates (its 1900 system, right from March 1900 on)."""

EPOCH_1904 = dt.datetime(1904, 1, 1)
"""Day 0 in workbooks that were made on old Macs."""

_MONTHS = (
    ("jan", "januari"), ("feb", "februari"), ("mar", "mars"), ("apr", "april"), ("maj",),
    ("jun", "juni"), ("jul", "juli"), ("aug", "augusti"), ("sep", "sept", "september"),
    ("okt", "oktober"), ("nov", "november"), ("dec", "december"),
)  # fmt: skip
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAME = "|".join(sorted(_MONTH, key=len, reverse=True))
_YEAR = r"((?:19|20)\d\d)"
_MM = r"(0[1-9]|1[0-2])"
_DATE = rf"{_YEAR}-{_MM}-(\d\d)"
_DASH = re.compile(rf"\s*[\{DASHES}]\s*")
_HALVES = {"forsta": 1, "andra": 2}


def parse(text: str, periodtyp: str, epoch: dt.datetime = EPOCH) -> str | Fault:
    """Read a period of the type `periodtyp`; `epoch` is day 0 for a date that is a mere number.

    Returns:
        The period as `PERIODTYPER` shows it, or that it is none, with how to write it.
    """
    written = _tidy(text)
    found = _FORMS[periodtyp](written, epoch)
    return found if found is not None else not_a_period(text, periodtyp)


def parse_date(text: str, epoch: dt.datetime = EPOCH) -> str | Fault:
    """Read a date; ISO text."""
    found = _day(_tidy(text), epoch)
    return found if found is not None else not_a_date(text)


def from_date(date: dt.datetime, periodtyp: str) -> str | Fault:
    """Return the period that an Excel cell formatted as a date stands for: a day or a month."""
    shown = date.isoformat(" ") if date.time() != dt.time() else date.date().isoformat()
    if periodtyp in ("tidpunkt", "datum", "manad") and date.time() == dt.time():
        text = date.date().isoformat()
        return parse_date(text) if periodtyp == "datum" else parse(text, periodtyp)
    return not_a_date(shown) if periodtyp == "datum" else not_a_period(shown, periodtyp)


def not_a_period(text: str, periodtyp: str) -> Fault:
    """Return the fault of a text that is no period of that type."""
    kind, _, example = PERIODTYPER[periodtyp].partition(": ")
    return Fault(
        "inte_period",
        f"{quote(text)} är inte {kind}, som periodtypen {periodtyp} kräver.",
        f"Skriv så här: {example}.",
    )


def not_a_date(text: str) -> Fault:
    """Return the fault of a text that is no date."""
    return Fault(
        "inte_datum", f"{quote(text)} är inte ett datum som finns.", "Skriv så här: 2022-08-31."
    )


def serial(days: float, epoch: dt.datetime = EPOCH) -> dt.datetime | None:
    """Return the date of Excel's number `days`, to the second; None outside 1901–2099."""
    try:
        date = epoch + dt.timedelta(seconds=round(days * 86400))
    except (OverflowError, ValueError):
        return None
    return date if 1901 <= date.year <= 2099 else None


def _tidy(text: str) -> str:
    """Return the text in lower case with plain spaces and hyphens."""
    return _DASH.sub("-", re.sub(r"\s+", " ", strip(text)).casefold())


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def _of_serial(text: str, epoch: dt.datetime) -> dt.datetime | None:
    # Five digits are the days from 1927 to 2173; no date is written so in any other way
    return serial(int(text), epoch) if re.fullmatch(r"[1-9]\d{4}", text, re.A) else None


def _day(text: str, epoch: dt.datetime) -> str | None:
    for pattern in (_DATE, rf"{_YEAR}(\d\d)(\d\d)"):
        if found := re.fullmatch(pattern, text, re.A):
            return _iso(*map(int, found.groups()))
    if found := re.fullmatch(r"([0-4]\d)(\d\d)(\d\d)", text, re.A):
        return _iso(2000 + int(found[1]), int(found[2]), int(found[3]))
    if found := re.fullmatch(rf"(\d\d?) ({_NAME})\.? {_YEAR}", text, re.A):
        return _iso(int(found[3]), _MONTH[found[2]], int(found[1]))
    date = _of_serial(text, epoch)
    return date.date().isoformat() if date else None


def _manad(text: str, epoch: dt.datetime) -> str | None:
    if found := re.fullmatch(rf"{_YEAR}-?{_MM}|{_YEAR}-{_MM}-01", text, re.A):
        year, month = (part for part in found.groups() if part)
        return f"{year}-{month}"
    if found := re.fullmatch(rf"({_NAME})\.? {_YEAR}", text, re.A):
        return f"{found[2]}-{_MONTH[found[1]]:02d}"
    date = _of_serial(text, epoch)
    return f"{date:%Y-%m}" if date and date.day == 1 else None


def _helar(text: str, _: dt.datetime) -> str | None:
    found = re.fullmatch(rf"(?:hel[åa]r )?{_YEAR}", _decomposed(text), re.A)
    return found[1] if found else None


def _tertial(text: str, _: dt.datetime) -> str | None:
    if found := re.fullmatch(rf"{_YEAR} ?t([123])", text, re.A):
        return f"{found[1]}T{found[2]}"
    found = re.fullmatch(rf"(?:t|tertial )([123]) {_YEAR}", text, re.A)
    return f"{found[2]}T{found[1]}" if found else None


def _halvar(text: str, _: dt.datetime) -> str | None:
    plain = _decomposed(text)
    if found := re.fullmatch(rf"{_YEAR} ?h([12])", plain, re.A):
        return f"{found[1]}H{found[2]}"
    if found := re.fullmatch(rf"(?:h|halvar )([12]) {_YEAR}", plain, re.A):
        return f"{found[2]}H{found[1]}"
    found = re.fullmatch(rf"(forsta|andra) halvaret {_YEAR}", plain, re.A)
    return f"{found[2]}H{_HALVES[found[1]]}" if found else None


def _decomposed(text: str) -> str:
    """Return the text with a for å and o for ö, words apart by one space."""
    return " ".join(fold(word) for word in text.split(" "))


def _months(text: str) -> tuple[str, str] | None:
    """Return the first and last month of `jan-aug 2022` or `2022-01/2022-08`."""
    if found := re.fullmatch(rf"({_NAME})\.?-({_NAME})\.? {_YEAR}", text, re.A):
        first, last = (f"{found[3]}-{_MONTH[name]:02d}" for name in found.group(1, 2))
    elif found := re.fullmatch(rf"({_YEAR}-{_MM}) ?/ ?({_YEAR}-{_MM})", text, re.A):
        first, last = found[1], found[4]
    else:
        return None
    return (first, last) if first <= last else None


def _delar(text: str, _: dt.datetime) -> str | None:
    if found := re.fullmatch(rf"{_YEAR}d{_MM}", text, re.A):
        return f"{found[1]}D{found[2]}"
    months = _months(text)
    if not months or months[0][5:] != "01" or months[0][:4] != months[1][:4]:
        return None
    return f"{months[0][:4]}D{months[1][5:]}"


def _tidpunkt(text: str, epoch: dt.datetime) -> str | None:
    return _day(text, epoch)


def _intervall(text: str, _: dt.datetime) -> str | None:
    if months := _months(text):
        return "/".join(months)
    if found := re.fullmatch(rf"{_YEAR} ?/ ?{_YEAR}", text, re.A):
        return f"{found[1]}/{found[2]}" if found[1] <= found[2] else None
    found = re.fullmatch(rf"({_DATE}) ?/ ?({_DATE})", text, re.A)
    if not found:
        return None
    first, last = (_iso(*map(int, day.split("-"))) for day in (found[1], found[5]))
    return f"{first}/{last}" if first and last and first <= last else None


_FORMS: Mapping[str, Callable[[str, dt.datetime], str | None]] = {
    "manad": _manad,
    "tertial": _tertial,
    "halvar": _halvar,
    "delar": _delar,
    "helar": _helar,
    "tidpunkt": _tidpunkt,
    "intervall": _intervall,
}
