"""Numbers as controllers write them, read exactly: «1 234,5», «−12 %», «1,2 mnkr».

Everything is worked out in `Decimal`; a float is made last, and only where it holds the number
exactly as it is written.
"""

from __future__ import annotations

import decimal
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from berattelse.datasets import MONEY_UNITS
from berattelse.intake.rules import Fault
from berattelse.intake.text import fold, quote, strip
from berattelse.missing import TEXTS

Mark = Literal[".", ","]

SPACES = " \u00a0\u2009\u202f"
"""Between thousands: space, no-break space, thin space, narrow no-break space."""

_MONEY: Mapping[str, str] = {
    **dict.fromkeys(("kr", "kronor", "sek"), "kr"),
    **dict.fromkeys(("tkr", "kkr", "tsek", "tusen_kr", "tusen_kronor", "tusental_kronor"), "tkr"),
    **dict.fromkeys(("mnkr", "mkr", "msek", "mn_kr", "milj_kr", "milj._kr"), "mnkr"),
    **dict.fromkeys(("miljoner_kr", "miljon_kronor", "miljoner_kronor"), "mnkr"),
}
_MISSING = frozenset(
    (
        *(".", "..", "...", "…", "x", "e.m.", "saknas", "n/a", "na", "nan", "null", "none"),
        *("ingen", "inga", "ej"),
        *(fold(text) for text in TEXTS.values()),
        *TEXTS,
    )
)
"""What people write, folded, where a figure is missing."""

_MINUS = "-\u2011\u2013\u2212"
_SIGN = rf"+±\{_MINUS}"
_EXPONENT = re.compile(rf"[{_SIGN}]?\s*\d+([.,]\d+)?\s*[eE]\s*[{_SIGN}]?\d+")
_ABOUT = re.compile(
    r"(ca|cirka|c:a|drygt|knappt|runt|omkring|över|under|minst|högst|mer än|mindre än|[<>≤≥~≈])"
    r"[\s.]*\d",
    re.IGNORECASE,
)
_NUMBER = re.compile(rf"([{_SIGN}]|\+/-)?[{SPACES}]?([0-9](?:[0-9.,{SPACES}]*[0-9])?)(.*)", re.S)
_GROUPED = re.compile(rf"[0-9]{{1,3}}(?:[{SPACES}][0-9]{{3}})+")
_ANOTHER = re.compile(rf"\s*([{_SIGN}/:×]|till|\.\.)\s*[0-9]")
_STORED = re.compile(r"[+-]?[0-9]{1,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,3})?")
_EXACT = decimal.Context(prec=400)
_DIGITS = 60
"""More digits than this are no figure; the limit keeps the arithmetic exact."""

SPACE_REMEDY = "Skriv mellanrum mellan tusentalen och ett enda decimaltecken, som 1 234,5."


def unit_name(text: str) -> str:
    """Return the unit that `text` means: `%` is procent, `kronor` kr, `mkr` mnkr, else itself."""
    name = fold(text)
    if strip(text) == "%" or name == "procent":
        return "procent"
    return _MONEY.get(name, strip(text))


def parse(text: str, unit: str = "", mark: Mark = ",") -> Decimal | Fault:
    """Read one number.

    Args:
        text: the cell's text, not empty.
        unit: the row's unit; a unit after the number must agree with it, or be money like it.
        mark: the file's decimal mark. The other one is read too, where it can mean one thing only.

    Returns:
        The number in the row's unit, or what is wrong with the text.
    """
    bare = strip(text)
    fault = _no_number(bare)
    if fault:
        return fault
    negative = bare.startswith("(") and ")" in bare
    if negative:
        inner, _, after = bare[1:].partition(")")
        bare = strip(inner) + after
    found = _NUMBER.fullmatch(bare)
    if not found:
        return _not_a_number(text)
    sign, body, rest = found.groups()
    if _ANOTHER.match(rest):
        return Fault(
            "talintervall",
            f"{quote(text)} är mer än ett tal, eller ett datum.",
            "Skriv ett enda tal i cellen.",
        )
    number = _body(body, text, mark)
    if isinstance(number, Fault):
        return number
    if sign in ("±", "+/-") and number != 0:
        return Fault(
            "inte_tal",
            f"{quote(text)} kan vara både plus och minus.",
            "Skriv + eller − före talet.",
        )
    if negative and sign:
        return _not_a_number(text)
    if negative or (sign and sign in _MINUS):
        number = number.copy_negate()
    number = _in_unit(number, strip(rest), unit, text) if strip(rest) else number
    # -0 and 0 are the same figure and must give the same bytes
    return Decimal(0) if not isinstance(number, Fault) and number == 0 else number


def to_float(number: Decimal, text: str = "") -> float | Fault:
    """Return the float that holds `number` exactly as it is written, or that there is none."""
    value = float(number)
    if value in (float("inf"), float("-inf")) or Decimal(repr(value)) != number:
        return _too_many(text or str(number))
    return value


def _too_many(text: str) -> Fault:
    return Fault(
        "for_manga_siffror",
        f"{quote(text)} har fler siffror än som kan hållas exakt.",
        "Skriv talet med högst 15 siffror.",
    )


def from_excel(digits: str, per_cent: bool = False) -> Decimal | Fault:
    """Read the digits that an Excel file stores for a number; a cell in per cent times 100.

    Excel stores 0.29 as 0.28999999999999998: the shortest digits of the same float are meant.
    """
    # float() itself would take 1_000 and inf
    if not _STORED.fullmatch(digits):
        return _not_a_number(digits)
    number = Decimal(repr(float(digits)))
    exact = Decimal(digits)
    if not number.is_finite():
        return _not_a_number(digits)
    if exact == exact.to_integral_value(context=_EXACT) and exact != number:
        return _too_many(digits)
    return _EXACT.scaleb(number, 2) if per_cent else number


def plain(number: Decimal) -> str:
    """Return the number with digits and decimal point, no exponent: `2022`, `0.5`."""
    if number == number.to_integral_value(context=_EXACT):
        return str(int(number))
    return f"{number:f}"


def _no_number(bare: str) -> Fault | None:
    """Return what is wrong with a text that is known not to be a number, by what it looks like."""
    if any(c.isnumeric() and not "0" <= c <= "9" for c in bare):
        return Fault(
            "andra_siffror",
            f"{quote(bare)} har andra tecken än siffrorna 0–9.",
            "Skriv om talet med vanliga siffror.",
        )
    if fold(bare) in _MISSING or not fold(bare):
        return Fault(
            "tecken_for_saknat",
            f"{quote(bare)} är inte ett tal.",
            "Saknas värdet: lämna varde tomt och skriv orsaken i orsak: " + ", ".join(TEXTS) + ".",
        )
    if "*" in bare:
        return Fault(
            "stjarna",
            f"{quote(bare)} innehåller en stjärna.",
            "Skriv bara talet; är det skyddat, lämna varde tomt och skriv skyddad i orsak.",
        )
    if _ABOUT.match(bare):
        return Fault(
            "ungefarligt",
            f"{quote(bare)} är inte ett bestämt tal.",
            "Skriv talet självt; förbehållet hör hemma i en textkolumn. Är talet skyddat: lämna "
            "varde tomt och skriv skyddad i orsak.",
        )
    if _EXPONENT.match(bare):
        return Fault(
            "exponent",
            f"{quote(bare)} är skrivet med exponent.",
            "Skriv ut alla siffror, som 100 000; gör cellen bredare i Excel innan du sparar.",
        )
    return None


def _not_a_number(text: str) -> Fault:
    return Fault(
        "inte_tal", f"{quote(text)} är inte ett tal.", "Skriv talet med siffror, som 1 234,5."
    )


def _body(body: str, text: str, mark: Mark) -> Decimal | Fault:
    """Read digits, spaces between thousands, and at most one decimal mark."""
    marks = [c for c in body if c in ".,"]
    if len(marks) > 1:
        return Fault(
            "tusental", f"{quote(text)} har flera punkter eller kommatecken.", SPACE_REMEDY
        )
    whole, _, fraction = body.partition(marks[0]) if marks else (body, "", "")
    digits = re.sub(rf"[{SPACES}]", "", whole)
    if (digits != whole and not _GROUPED.fullmatch(whole)) or (marks and not fraction.isdigit()):
        return Fault(
            "tusental",
            f"{quote(text)} är inte grupperat med tre siffror i varje grupp.",
            "Skriv talet utan mellanrum eller med mellanrum mellan tusentalen, som 12 345.",
        )
    grouped = digits != whole
    if (
        marks
        and marks[0] != mark
        and len(fraction) == 3
        # 0,123 has no thousands and 1234.567 cannot be grouped so: neither is ambiguous
        and (grouped or (len(digits) <= 3 and digits != "0"))
    ):
        return Fault(
            "tvetydigt_tal",
            f"{quote(text)} kan vara både tusental och decimaler.",
            f"Skriv {digits}{fraction} eller {digits}{mark}{fraction}, det som menas.",
        )
    if len(digits) + len(fraction) > _DIGITS:
        return _too_many(text)
    return Decimal(f"{digits}.{fraction}" if fraction else digits)


def _in_unit(number: Decimal, written: str, unit: str, text: str) -> Decimal | Fault:
    """Return the number in the row's unit when another unit is written after it."""
    name, row = unit_name(written), unit_name(unit)
    if name == row or (row and fold(name) == fold(row)):
        return number
    if name in MONEY_UNITS and row in MONEY_UNITS:
        # units of money are powers of ten apart: moving the point is exact
        steps = len(str(MONEY_UNITS[name])) - len(str(MONEY_UNITS[row]))
        return _EXACT.scaleb(number, steps)
    if not re.search(r"\w|%", written):
        return _not_a_number(text)
    remedy = "Skriv bara talet" + (f" i {unit}." if unit else "; enheten står i kolumnen enhet.")
    of_row = f"radens enhet är {unit}" if unit else "kolumnen har ingen enhet"
    return Fault(
        "enhet_i_tal", f"{quote(text)} har enheten {quote(written)}, men {of_row}.", remedy
    )
