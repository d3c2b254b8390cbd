"""Swedish words that follow the figures: direction, surplus, lists, dates, periods."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from berattelse.missing import Missing, as_missing, is_missing
from berattelse.text.numbers import Formatter, exact, forandring_procent, procent, tal

MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
MONTHS_SHORT = (
    "jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec",
)  # fmt: skip
_ORDINALS = {"1": "första", "2": "andra", "3": "tredje", "4": "fjärde"}
_PARTS_OF_YEAR = {"T": "tertialet", "H": "halvåret", "Q": "kvartalet", "K": "kvartalet"}
BALANCE = "resultat i balans"
CHANGED = ("ökat", "minskat", "inte ändrats")
STAYED = "legat kvar på"
COMPARED = ("högre än", "lägre än", "i nivå med")


def overskott(x: Any) -> str:
    """Name a deviation by its sign: positive "överskott", negative "underskott"."""
    if is_missing(x):
        return str(as_missing(x))
    number = exact(x)
    return BALANCE if number == 0 else "överskott" if number > 0 else "underskott"


def resultat_text(x: Any, text: Formatter) -> str:
    """Tell a deviation in words: "ett underskott på 1 887 tkr", "ett resultat i balans".

    Args:
        x: the deviation, positive for överskott.
        text: writes the amount, such as `tkr`; it gets the amount without its sign. What it
            writes as zero is in balance: 300 kronor are no "överskott på 0 tkr".
    """
    if is_missing(x):
        return f"ett resultat där {as_missing(x)}"
    amount = text(abs(x))
    return f"ett {BALANCE}" if amount == text(0) else f"ett {overskott(x)} på {amount}"


def _choose(a: Any, b: Any, words: Sequence[str], incomparable: str) -> str:
    if len(words) not in (3, 4):
        raise ValueError("Ange tre ord (mer, mindre, lika) och eventuellt ett fjärde för saknas.")
    if is_missing(a) or is_missing(b):
        return words[3] if len(words) == 4 else incomparable
    difference = exact(a) - exact(b)
    return words[2] if difference == 0 else words[0] if difference > 0 else words[1]


def riktning_ord(ny: Any, gammal: Any, ord: Sequence[str] = CHANGED) -> str:
    """Choose the word for the change from `gammal` to `ny`, for after "har".

    The word for no change agrees with every subject: "antalet har inte ändrats" as well as
    "synpunkterna har inte ändrats".

    Args:
        ny: the newer figure.
        gammal: the older figure.
        ord: words for more, less and equal; a fourth for when either figure is missing
            (else "inte kunnat jämföras").
    """
    return _choose(ny, gammal, ord, "inte kunnat jämföras")


def battre(ny: Any, gammal: Any, riktning: str) -> str:
    """Judge a change by the indicator's direction: "bättre", "sämre" or "oförändrat".

    Args:
        ny: the newer figure, or the one that is judged.
        gammal: the figure it is compared with.
        riktning: `hogre_battre` or `lagre_battre`; without a direction nothing is judged.

    Raises:
        ValueError: the direction is another word.
    """
    words = {
        "hogre_battre": ("bättre", "sämre", "oförändrat"),
        "lagre_battre": ("sämre", "bättre", "oförändrat"),
        "": ("högre", "lägre", "oförändrat"),
    }
    if is_missing(riktning):
        riktning = ""
    if riktning not in words:
        raise ValueError(f"Okänd riktning «{riktning}»; välj hogre_battre eller lagre_battre.")
    return _choose(ny, gammal, words[riktning], "inte jämförbart")


def jamfor(a: Any, b: Any, ord: Sequence[str] = COMPARED) -> str:
    """Choose the words that compare `a` with `b`: more, less, equal (and fourth: missing)."""
    return _choose(a, b, ord, "inte jämförbar med")


def skiljer(
    a: Any,
    b: Any,
    text: Formatter = tal,
    ord: Sequence[str] = COMPARED,
    skillnad: Any = None,
) -> str:
    """Tell how much `a` differs from `b`: "12 dagar högre än", without an amount "i nivå med".

    What is written as a difference of zero is none.

    Args:
        a: the figure that is compared.
        b: what it is compared with.
        text: writes the difference; it gets it without its sign.
        ord: words for more, less and equal, perhaps a fourth for missing, as in `jamfor`.
        skillnad: the difference when it is not `a` minus `b`, such as the change in per cent.
    """
    word = jamfor(a, b, ord)
    amount = _amount(a, b, text, skillnad)
    return f"{amount} {word}" if amount else word if amount is None else ord[2]


def andrats_med(
    ny: Any,
    gammal: Any,
    text: Formatter = tal,
    ord: Sequence[str] = CHANGED,
    skillnad: Any = None,
) -> str:
    """Tell how much has changed, for after "har": "ökat med 12 %", or else "inte ändrats".

    The arguments are as in `skiljer`, with `ord` as in `riktning_ord`.
    """
    word = riktning_ord(ny, gammal, ord)
    amount = _amount(ny, gammal, text, skillnad)
    return f"{word} med {amount}" if amount else word if amount is None else ord[2]


def _amount(ny: Any, gammal: Any, text: Formatter, skillnad: Any) -> str | None:
    """Write the size of a difference: "" where it is nothing, None where it cannot be told."""
    if is_missing(ny) or is_missing(gammal):
        return None
    difference = exact(ny) - exact(gammal) if skillnad is None else skillnad
    if is_missing(difference):  # a change from zero has no per cent
        return None
    amount = text(abs(difference))
    return "" if amount == text(0) else amount


def andrats_till(ny: Any, gammal: Any, text: Formatter = tal, till: str = "") -> str:
    """Tell a change with the newer figure, for after "har": "ökat till 84 %".

    Without a change "legat kvar på 84 %". Where the older figure is missing there is no
    direction: "inte kunnat jämföras (nu 84 %)".

    Args:
        ny: the newer figure.
        gammal: the older figure.
        text: writes the figures; those that are written alike are equal.
        till: what stands after the figure, such as "dagar".
    """
    new = f"{text(ny)} {till}".rstrip()
    if is_missing(ny) or is_missing(gammal):
        return "inte kunnat jämföras" + ("" if is_missing(ny) else f" (nu {new})")
    if text(ny) == text(gammal):
        return f"{STAYED} {new}"
    return f"{riktning_ord(ny, gammal)} till {new}"


def fran_till(
    ny: Any,
    gammal: Any,
    text: Formatter = tal,
    ord: Sequence[str] = ("ökat", "minskat", STAYED),
    fran: str = "",
    till: str = "",
    i_procent: bool = False,
) -> str:
    """Tell a change with both figures, for after "har": "ökat från 161 till 204".

    Figures that are written alike are equal: "legat kvar på 161". Where a figure is missing there
    is no direction: "inte kunnat jämföras (skyddad uppgift, mot tidigare 161)".

    Args:
        ny: the newer figure.
        gammal: the older figure.
        text: writes the figures.
        ord: words for more, less and what stands before the figure when it is the same, perhaps
            a fourth for missing, as in `riktning_ord`.
        fran: what stands after the older figure, such as "i januari".
        till: what stands after the newer figure.
        i_procent: say the size of the change too: "ökat med 27 %, från 161 till 204".
    """
    direction = riktning_ord(ny, gammal, ord)
    new, old = (_with_words(x, text, words) for x, words in ((ny, till), (gammal, fran)))
    if is_missing(ny) or is_missing(gammal):
        earlier = old if fran else f"tidigare {old}"
        return f"{direction} ({new}, mot {earlier})"
    if text(ny) == text(gammal):
        return f"{ord[2]} {text(ny) if fran else new}"
    change = forandring_procent(ny, gammal) if i_procent else Missing()
    if is_missing(change):
        return f"{direction} från {old} till {new}"
    return f"{direction} med {procent(abs(change))}, från {old} till {new}"


_WHEN = re.compile(r"(?:^|.*?\s)((?:i|år\w*|den|under|vid)\s.*|(?:19|20)\d\d\b.*)")


def _with_words(figure: Any, text: Formatter, words: str) -> str:
    """Write a figure with what stands after it; a missing one has a time but no unit."""
    if is_missing(figure):
        found = _WHEN.fullmatch(words)
        words = found[1] if found else ""
    return f"{text(figure)} {words}".rstrip()


class _Nothing(str):
    """A text that is left out on purpose; an expression that gives "" by mistake is a fault."""

    def _repr_markdown_(self) -> str:
        return ""


def om_finns(x: Any, text: str, annars: str = "") -> str:
    """Return `text` if there is a figure, else `annars`; "" leaves the sentence out.

    Args:
        x: the figure that the sentence needs, or several in a list: then all must be there.
        text: the sentence, with the figures in it.
        annars: what is said instead.
    """
    needed = x if isinstance(x, list | tuple) else [x]
    chosen = annars if any(map(is_missing, needed)) else text
    return chosen or _Nothing()


def lista(items: Iterable[object], ord: str = "och") -> str:
    """Join the items as running text: "a, b och c"."""
    texts = [str(item) for item in items]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {ord} {texts[-1]}"


def genitiv(name: str) -> str:
    """Return a name's genitive: "Härnösands", but "Borås" as it ends with s, x or z."""
    return name if name[-1:].lower() in ("s", "x", "z", "") else f"{name}s"


def stor(text: object) -> str:
    """Begin a text with a capital letter, the rest as it is."""
    string = str(text)
    return string[:1].upper() + string[1:]


def datum_ord(date: dt.date | str | None) -> str:
    """Write a date (or its ISO text) in words: "31 augusti 2022".

    Raises:
        ValueError: the text is no date.
    """
    if is_missing(date) or date is None:
        return str(as_missing(date))
    day = dt.date.fromisoformat(date[:10]) if isinstance(date, str) else date
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _month_number(period: Any) -> int:
    if isinstance(period, dt.date):
        return period.month
    found = re.fullmatch(r"(?:\d{4}-)?(\d{1,2})(?:-\d{2})?", str(period))
    if found is None or not 1 <= int(found[1]) <= 12:
        raise ValueError(f"«{period}» är ingen månad; skriv som 2022-08.")
    return int(found[1])


def manad(period: dt.date | str | int) -> str:
    """Name the month of a period: "2022-08" -> "augusti".

    Raises:
        ValueError: there is no such month.
    """
    return MONTHS[_month_number(period) - 1]


def manad_kort(period: dt.date | str | int) -> str:
    """Name the month of a period in short: "2022-08" -> "aug"."""
    return MONTHS_SHORT[_month_number(period) - 1]


def period_text(period: Any) -> str:
    """Write a data file's period in words; what is no known period is returned as it is.

    "2022" -> "2022", "2022-08" -> "augusti 2022", "2022T1" -> "första tertialet 2022",
    "2022H1" -> "första halvåret 2022", "2022D08" -> "januari–augusti 2022",
    "2022-08-31" -> "31 augusti 2022".
    """
    if is_missing(period):
        return str(as_missing(period))
    text = str(period)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return datum_ord(text)
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        return f"{manad(text)} {text[:4]}"
    if found := re.fullmatch(r"(\d{4})([THQK])([1-4])", text):
        return f"{_ORDINALS[found[3]]} {_PARTS_OF_YEAR[found[2]]} {found[1]}"
    if found := re.fullmatch(r"(\d{4})D(0[1-9]|1[0-2])", text):
        months = MONTHS[0] if found[2] == "01" else f"{MONTHS[0]}–{MONTHS[int(found[2]) - 1]}"
        return f"{months} {found[1]}"
    return text
