"""Read one cell as its column's type: a value, or what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from decimal import Decimal

from berattelse.datasets import MONEY_UNITS, PERIODTYPER
from berattelse.intake import numbers, periods
from berattelse.intake.grid import Cell
from berattelse.intake.numbers import Mark
from berattelse.intake.rules import Fault
from berattelse.intake.text import control, match, quote, strip

_QUOTED = re.compile(r'"([^"]*)"|\[\$([^\]-]*)[^\]]*\]|\\(.)')
_SCALED = re.compile(r"[0#?],+(?![0#?,])")
# As UTF-8 read as Windows-1252 and saved again; no Swedish word holds any of these
_RUINED = re.compile("\ufffd|Ã[¥¤¶…„–©¨]|Â[\xa0§°»«]|â€[“”™œ¢]")


def special(cell: Cell) -> Fault | None:
    """Return what is wrong with a cell that has no content of its own: an error, a formula."""
    if cell.kind == "fel":
        return Fault(
            "felvarde",
            f"Cellen visar felvärdet {quote(cell.text)}.",
            "Rätta formeln i Excel och spara filen, eller skriv värdet.",
        )
    if cell.kind == "formel":
        return Fault(
            "formel_utan_varde",
            "Cellen har en formel utan uträknat värde.",
            "Öppna filen i Excel så att den räknas om, och spara den.",
        )
    if cell.kind == "sant":
        return Fault(
            "sant_falskt",
            f"Cellen innehåller Excels logiska värde {cell.text}.",
            "Skriv det tal eller den text som menas; text föregås av en apostrof i Excel.",
        )
    return None


def text(cell: Cell) -> str | Fault:
    """Read text, literally but for white space at its ends and the kind of line break."""
    fault = special(cell)
    if fault:
        return fault
    if cell.kind == "datum":
        return Fault(
            "blev_datum",
            f"Excel har gjort om texten till ett datum: {quote(cell.text)}.",
            "Formatera cellen som text och skriv om innehållet.",
        )
    if cell.kind == "tal":
        return _number_as_text(cell)
    content = (
        cell.text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell.text else cell.text
    )
    if control(content):
        return Fault(
            "styrtecken",
            f"Texten {quote(content)} innehåller ett styrtecken, {quote(control(content))}.",
            "Ta bort tecknet; enklast är att skriva om texten.",
        )
    if _RUINED.search(content):
        return Fault(
            "forstord_text",
            f"Texten {quote(content)} har förstörts när filen sparades med fel teckenkodning.",
            "Hämta texten på nytt, och spara filen som «CSV UTF-8».",
        )
    return strip(content)


def _number_as_text(cell: Cell) -> str | Fault:
    number = numbers.from_excel(cell.text)
    if isinstance(number, Fault):
        return number
    shown = numbers.plain(number)
    # 2,10 is stored as 2.1, and 0180 as 180: what was written cannot be told
    if number != number.to_integral_value() or re.search("0{2}|%", cell.format):
        return Fault(
            "blev_tal",
            f"Excel har gjort om texten till talet {quote(shown.replace('.', ','))}.",
            "Formatera cellen som text och skriv om innehållet.",
        )
    return shown


def number(cell: Cell, unit: str, mark: Mark) -> Decimal | Fault:
    """Read a number in the row's unit; nothing for a column without one."""
    fault = special(cell)
    if fault:
        return fault
    if cell.kind == "datum":
        return Fault(
            "blev_datum",
            f"Excel har gjort om talet till ett datum eller klockslag: {quote(cell.text)}.",
            "Formatera cellen som tal och skriv om talet.",
        )
    if cell.kind == "text":
        return numbers.parse(cell.text, unit, mark)
    fault = _format(cell, unit)
    return fault or numbers.from_excel(cell.text, per_cent="%" in _bare(cell.format))


def _bare(shape: str) -> str:
    """Return a number format without its literal texts."""
    return _QUOTED.sub("", shape)


def _format(cell: Cell, unit: str) -> Fault | None:
    """Return what is wrong when a cell shows another figure than the one that it holds."""
    if cell.format == "General":
        return None
    digits = numbers.from_excel(cell.text)
    if isinstance(digits, Fault):
        return digits
    bare = _bare(cell.format)
    shown = numbers.plain(digits).replace(".", ",")
    row = numbers.unit_name(unit)
    if "%" in bare and row != "procent":
        return Fault(
            "enhet_i_tal",
            f"Cellen med {quote(shown)} visas i procent, men "
            + (f"radens enhet är {unit}." if unit else "kolumnen har ingen enhet."),
            "Formatera cellen som tal och skriv talet som det ska läsas.",
        )
    if _SCALED.search(bare.partition(";")[0]):
        return Fault(
            "visas_skalat",
            f"Cellen innehåller {quote(shown)} men visas delad med tusen.",
            "Välj ett vanligt talformat, och kontrollera att talet stämmer med enheten.",
        )
    shape = cell.format.partition(";")[0]
    literals = (next(filter(None, part), "") for part in _QUOTED.findall(shape))
    name = numbers.unit_name("".join(literals))
    if (name in MONEY_UNITS or name == "procent") and row != name:
        return Fault(
            "enhet_i_tal",
            f"Cellen med {quote(shown)} visas i {name}, men "
            + (f"radens enhet är {unit}." if unit else "kolumnen har ingen enhet."),
            "Välj ett talformat utan enhet, och kontrollera att talet stämmer med enheten.",
        )
    return None


def real(cell: Cell, unit: str, mark: Mark) -> float | Fault:
    """Read a number as a float that holds it exactly."""
    found = number(cell, unit, mark)
    return found if isinstance(found, Fault) else numbers.to_float(found, cell.text)


def whole(cell: Cell, mark: Mark) -> int | Fault:
    """Read a whole number."""
    found = number(cell, "", mark)
    if isinstance(found, Fault):
        return found
    if found != found.to_integral_value():
        shown = numbers.plain(found).replace(".", ",") if cell.kind == "tal" else cell.text
        return Fault("inte_heltal", f"{quote(shown)} är inte ett heltal.", "Skriv ett heltal.")
    if abs(found) >= 2**63:
        return Fault("for_manga_siffror", f"{quote(cell.text)} har för många siffror.")
    return int(found)


def date(cell: Cell, epoch: dt.datetime) -> str | Fault:
    """Read a date; ISO text."""
    if cell.kind == "datum" and cell.date:
        return periods.from_date(cell.date, "datum")
    written = _as_written(cell)
    return written if isinstance(written, Fault) else periods.parse_date(written, epoch)


def period(cell: Cell, periodtyp: str, epoch: dt.datetime) -> str | Fault:
    """Read a period of the type `periodtyp`, a key of `datasets.PERIODTYPER`."""
    if cell.kind == "datum" and cell.date:
        return periods.from_date(cell.date, periodtyp)
    written = _as_written(cell)
    return written if isinstance(written, Fault) else periods.parse(written, periodtyp, epoch)


def any_period(cell: Cell) -> str | Fault:
    """Read a period whose type no other column tells: only as `PERIODTYPER` shows it."""
    written = _as_written(cell)
    if isinstance(written, Fault):
        return written
    bare = strip(written)
    if any(periods.parse(bare, kind) == bare for kind in PERIODTYPER):
        return bare
    forms = ", ".join(kind.partition(": ")[2].split()[0] for kind in PERIODTYPER.values())
    return Fault("inte_period", f"{quote(written)} är inte en period.", f"Skriv som: {forms}.")


def _as_written(cell: Cell) -> str | Fault:
    fault = special(cell)
    if fault:
        return fault
    if cell.kind == "tal":
        digits = numbers.from_excel(cell.text)
        return digits if isinstance(digits, Fault) else numbers.plain(digits)
    return cell.text


def unit(content: str, allowed: Collection[str]) -> str:
    """Return the unit as the dataset writes it where `content` means one of its units.

    `%` is procent, `kronor` is kr, `mkr` is mnkr. Without `allowed` any unit will do, as written.
    """
    if not allowed:
        return content
    return match(content, allowed) or match(numbers.unit_name(content), allowed) or content


def units_of(declared: Collection[str]) -> tuple[str, ...]:
    """Return the units that a row may have: where one is money, every unit of money."""
    money = tuple(u for u in MONEY_UNITS if u not in declared)
    return (*declared, *money) if set(declared) & set(MONEY_UNITS) else tuple(declared)
