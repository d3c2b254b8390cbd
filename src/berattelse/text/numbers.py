"""Figures as Swedish text: no-break spaces, decimal comma, minus sign, rounding once.

Every function takes the figure at full precision and rounds it when it is written, half away
from zero (0,5 -> 1 and −0,5 -> −1). A missing figure gives the text of its reason, such as
"uppgift saknas", without unit. Money is kept in the unit of its data file; `fran` tells which.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from numbers import Integral, Real
from typing import Any, Literal

from berattelse.missing import Missing, as_missing, is_missing

NBSP = "\u00a0"
MINUS = "\u2212"

MoneyUnit = Literal["kr", "tkr", "mnkr"]
Formatter = Callable[[Any], str]

_KRONOR = {"kr": Decimal(1), "tkr": Decimal(1_000), "mnkr": Decimal(1_000_000)}
_NUMBER_WORDS = {
    2: "två", 3: "tre", 4: "fyra", 5: "fem", 6: "sex", 7: "sju",
    8: "åtta", 9: "nio", 10: "tio", 11: "elva", 12: "tolv",
}  # fmt: skip


def exact(x: Any) -> Decimal:
    """Return a figure as a decimal number, free of the noise of binary arithmetic.

    13 significant digits hold kronor with öre up to 99 miljarder, and drop what 0.1 + 0.2 adds.

    Raises:
        TypeError: `x` is no number.
    """
    if isinstance(x, Decimal):
        return x
    if isinstance(x, bool) or not isinstance(x, Real):
        raise TypeError(f"Ett tal väntades, inte {type(x).__name__}: {x!r}")
    return Decimal(int(x)) if isinstance(x, Integral) else Decimal(f"{float(x):.13g}")


def written(number: Decimal, decimals: int, sign: bool = False) -> str:
    """Write a decimal number with `decimals` decimals; `sign` puts + before positive ones."""
    rounded = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    digits = f"{abs(rounded):,f}".replace(",", NBSP).replace(".", ",")
    if rounded < 0:
        return MINUS + digits
    return "+" + digits if sign and rounded > 0 else digits


def tal(x: Any, decimaler: int = 0, tecken: bool = False) -> str:
    """Write a number: "1 887", "−1,5"; `tecken` writes "+" before positive numbers too."""
    return str(as_missing(x)) if is_missing(x) else written(exact(x), decimaler, tecken)


def _money(
    x: Any,
    to: MoneyUnit,
    fran: MoneyUnit,
    *,
    decimaler: int,
    enhet: bool,
    tecken: bool,
    absolut: bool,
) -> str:
    if is_missing(x):
        return str(as_missing(x))
    if fran not in _KRONOR:
        raise ValueError(f"Okänd enhet «{fran}»; välj kr, tkr eller mnkr.")
    number = exact(x) * _KRONOR[fran] / _KRONOR[to]
    text = written(abs(number) if absolut else number, decimaler, tecken)
    return f"{text}{NBSP}{to}" if enhet else text


def kr(
    x: Any,
    *,
    fran: MoneyUnit = "kr",
    decimaler: int = 0,
    enhet: bool = True,
    tecken: bool = False,
    absolut: bool = False,
) -> str:
    """Write an amount in kronor: "1 887 000 kr". See `tkr` for the arguments."""
    return _money(x, "kr", fran, decimaler=decimaler, enhet=enhet, tecken=tecken, absolut=absolut)


def tkr(
    x: Any,
    fran: MoneyUnit = "kr",
    enhet: bool = True,
    *,
    decimaler: int = 0,
    tecken: bool = False,
    absolut: bool = False,
) -> str:
    """Write an amount in thousands of kronor: "1 887 tkr".

    Args:
        x: the amount at full precision.
        fran: the unit that `x` is given in.
        enhet: write the unit after the number.
        decimaler: decimals to write.
        tecken: write "+" before positive amounts.
        absolut: write the amount without its sign, for "ett överskott på …".
    """
    return _money(x, "tkr", fran, decimaler=decimaler, enhet=enhet, tecken=tecken, absolut=absolut)


def mnkr(
    x: Any,
    decimaler: int = 1,
    fran: MoneyUnit = "kr",
    enhet: bool = True,
    *,
    tecken: bool = False,
    absolut: bool = False,
) -> str:
    """Write an amount in millions of kronor: "1,9 mnkr". See `tkr` for the arguments."""
    return _money(x, "mnkr", fran, decimaler=decimaler, enhet=enhet, tecken=tecken, absolut=absolut)


def procent(x: Any, decimaler: int = 0, tecken: bool = False) -> str:
    """Write a share that is given in per cent: 84.0 -> "84 %"."""
    if is_missing(x):
        return str(as_missing(x))
    return f"{written(exact(x), decimaler, tecken)}{NBSP}%"


def procentenheter(x: Any, decimaler: int = 0) -> str:
    """Write a difference between two shares, without sign: −6.4 -> "6,4 procentenheter"."""
    if is_missing(x):
        return str(as_missing(x))
    text = written(abs(exact(x)), decimaler)
    return f"{text}{NBSP}{'procentenhet' if text == '1' else 'procentenheter'}"


def andel(del_: Any, hela: Any) -> float | Missing:
    """Return how many per cent `del_` is of `hela`; of nothing there is no share."""
    for x in (del_, hela):
        if is_missing(x):
            return as_missing(x)
    if exact(hela) == 0:
        return Missing("ej_relevant")
    return float(100 * exact(del_) / exact(hela))


def forandring_procent(ny: Any, gammal: Any) -> float | Missing:
    """Return the change from `gammal` to `ny` in per cent of `gammal`'s size.

    Positive is an increase, also when `gammal` is negative. From zero there is no per cent.
    """
    for x in (ny, gammal):
        if is_missing(x):
            return as_missing(x)
    if exact(gammal) == 0:
        return Missing("ej_relevant")
    return float(100 * (exact(ny) - exact(gammal)) / abs(exact(gammal)))


def rakneord(n: Any, genus: Literal["n", "t"] = "n", stor: bool = False) -> str:
    """Write a count for running text: "två" to "tolv" as words, other counts as digits.

    Args:
        n: the count; one with decimals is written as a number with its decimals.
        genus: "t" makes 1 "ett" instead of "en".
        stor: begin with a capital letter.
    """
    if is_missing(n):
        text = str(as_missing(n))
    else:
        number = exact(n)
        if number == 1:
            text = "ett" if genus == "t" else "en"
        elif number == number.to_integral_value():
            text = _NUMBER_WORDS.get(int(number)) or written(number, 0)
        else:
            text = written(number, -int(number.normalize().as_tuple().exponent))
    return text[:1].upper() + text[1:] if stor else text


def antal_text(
    n: Any,
    en: str = "",
    flera: str = "",
    genus: Literal["n", "t"] = "n",
    stor: bool = False,
    siffror: bool = False,
) -> str:
    """Write a count with what is counted: "en anmälan", "två anmälningar", "25 anmälningar".

    A count that is missing is still good Swedish: "ett skyddat antal anmälningar", "ett okänt
    antal anmälningar".

    Args:
        n: the count.
        en: what is counted, when it is one; left out where the text has said it ("av dem").
        flera: what is counted, when it is none or several.
        genus: "t" makes 1 "ett" instead of "en".
        stor: begin with a capital letter.
        siffror: write the count with digits, whatever it is.
    """
    if is_missing(n):
        counts = {"skyddad": "ett skyddat antal", "inget": "inga"}
        text = f"{counts.get(as_missing(n).orsak, 'ett okänt antal')} {flera}"
    else:
        count = tal(n) if siffror else rakneord(n, genus)
        text = f"{count} {en if exact(n) == 1 else flera}"
    text = text.rstrip()
    return text[:1].upper() + text[1:] if stor else text
