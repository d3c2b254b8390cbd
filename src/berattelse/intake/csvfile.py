"""Read a CSV file into a grid: encoding, delimiter, quotes, ragged rows."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator

from berattelse.export import unguarded
from berattelse.intake.grid import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Cell, Grid, Level
from berattelse.intake.numbers import Mark
from berattelse.intake.rules import Fault, UnreadableError
from berattelse.intake.table import Place
from berattelse.intake.text import grouped, quote, strip

DELIMITERS = {",": "komma", ";": "semikolon", "\t": "tabb"}
_RESAVE = "Öppna filen i Excel och spara den som «CSV UTF-8»."
# UTF-8 of å ä ö é – ” and the like, or the first half of one at the end of the file
_UTF8 = re.compile(rb"\xc3[\x80-\xbf]|\xc2[\xa0-\xbf]|\xe2\x80[\x90-\xbf]|[\xc2\xc3]\Z|\xe2\x80\Z")

_SWEDISH = re.compile("[åäöÅÄÖ]")
# å ä ö Å Ä Ö é É of code page 850 and Mac Roman, as Windows-1252 reads them
_ANOTHER_CODE = re.compile(
    "[A-Za-z][†„Žˆ‚Œ‹ŠšƒŽ]|[A-Za-z][”™€…][A-Za-z]|(?<![A-Za-z])[†„ŽŒŠš™€…][a-z]"
)
_HEAD = 50
"""Headings are looked for in so many rows."""

Known = Callable[[Iterable[str]], int]
"""How many of some headings are known."""


def decode(content: bytes) -> str:
    """Return the text of a CSV file: UTF-8, UTF-16 with its mark, else Windows-1252.

    Raises:
        UnreadableError: the bytes are no text, or text in more than one encoding.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        if b"\x00" in content or encoding == "utf-16":
            raise UnreadableError(_binary()) from error
        text = _windows(content)
    if "\x00" in text:
        raise UnreadableError(_binary())
    # a second mark, put there by joining files, is no part of the first heading
    return text.removeprefix("\ufeff")


def _windows(content: bytes) -> str:
    if _UTF8.search(content):
        # as Windows-1252 every å would silently read as Ã¥
        raise UnreadableError(
            Fault(
                "teckenkodning",
                "Filen blandar teckenkodningar: en del är UTF-8, en del är det inte.",
                "Filen kan vara avklippt eller hopsatt av flera. " + _RESAVE,
            )
        )
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableError(
            Fault(
                "teckenkodning",
                f"Filen är varken UTF-8 eller Windows-1252 (tecknet 0x{content[error.start]:02X} "
                f"på textrad {line}).",
                _RESAVE,
            )
        ) from error
    if not _SWEDISH.search(text) and _ANOTHER_CODE.search(text):
        # Excel's «CSV (MS-DOS)» and «CSV (Macintosh)» write Härnösand so that it reads H„rn”sand
        raise UnreadableError(
            Fault(
                "teckenkodning",
                "Filen ser ut att vara sparad för MS-DOS eller Macintosh: å, ä och ö kan inte "
                "läsas säkert.",
                _RESAVE,
            )
        )
    return text


def _binary() -> Fault:
    return Fault("fel_filtyp", "Filen är inte en textfil.", _RESAVE)


def read_csv(content: bytes, place: Place, known: Known) -> Grid:
    """Read the bytes of a CSV file.

    Args:
        content: the file's bytes.
        place: the file.
        known: tells how many of some headings are known; the delimiter is the one that gives most.

    Raises:
        UnreadableError: nothing can be read of the file.
    """
    text = decode(content)
    start, delimiter = _first_line(text)
    if not strip(text[start:]):
        raise UnreadableError(Fault("tom_fil", "Filen är tom."))
    if re.match(r"[^\r\n]{500000}", text[start : start + 500_000]):
        check_size(0, MAX_COLUMNS + 1, 0)
    if delimiter is None:
        delimiter = max(DELIMITERS, key=lambda d: _headings(text, d, known))
    comma = delimiter == ","
    faults: list[tuple[int, Fault, Level]] = []
    rows: dict[int, dict[int, Cell]] = {}
    width = cells = 0
    for number, record in _records(text[start:], delimiter, faults):
        check_size(0, len(record), 0)
        filled = {i: Cell(unguarded(cell)) for i, cell in enumerate(record) if strip(cell)}
        if not filled:
            continue
        if not width:
            # above the headings anything may stand; that fault is told where they are looked for
            width = len(record) if len(rows) < _HEAD and known(record) else 0
        elif len(record) < width or max(filled) >= width or (len(record) > width and comma):
            # an empty cell too many is nothing, but 12,5 without quotes may have made it
            faults.append((number, _ragged(record, width, delimiter), "fel"))
            check_size(len(faults), 0, cells)
            continue
        cells += len(filled)
        rows[number] = filled
        check_size(len(rows) - 1, 0, cells)
    if not text.endswith(("\n", "\r")):
        message = "Filen slutar mitt i en rad, utan radbrytning."
        remedy = "Kontrollera att den sista raden är hel."
        faults.append((0, Fault("avklippt", message, remedy), "varning"))
    mark: Mark = "." if comma else ","
    return Grid(place, rows, mark=mark, faults=faults)


def check_size(rows: int, columns: int, cells: int) -> None:
    """Refuse a table that is larger than a dataset may be.

    Raises:
        UnreadableError: it is.
    """
    if rows <= MAX_ROWS and columns <= MAX_COLUMNS and cells <= MAX_CELLS:
        return
    raise UnreadableError(
        Fault(
            "for_stor",
            f"Tabellen är för stor: högst {grouped(MAX_ROWS)} rader, {MAX_COLUMNS} kolumner och "
            f"{grouped(MAX_CELLS)} celler kan läsas.",
            "Kontrollera att det är rätt fil, och ta bort det som inte hör till datamängden.",
        )
    )


def _first_line(text: str) -> tuple[int, str | None]:
    """Return where the table starts and the delimiter that Excel's line `sep=;` states, if any."""
    found = re.match(r'"?sep=(.)"?[^\S\r\n\t]*(\r\n|\n|\r|\Z)', text, re.IGNORECASE)
    if not found:
        return 0, None
    if found[1] not in DELIMITERS:
        raise UnreadableError(
            Fault(
                "rubrikrad",
                f"Avgränsaren {quote(found[1])} går inte att använda.",
                "Avgränsa med " + ", ".join(DELIMITERS.values()) + ".",
            )
        )
    # Excel swallows the line: what it shows as row 1 is the next one
    return found.end(), found[1]


def _headings(text: str, delimiter: str, known: Known) -> int:
    """Return how many known headings the best of the first records has with that delimiter."""
    best = 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for row in itertools.islice(reader, _HEAD):
            best = max(best, known(row[: MAX_COLUMNS + 1]))
    except csv.Error:
        pass
    return best


def _records(
    text: str, delimiter: str, faults: list[tuple[int, Fault, Level]]
) -> Iterator[tuple[int, list[str]]]:
    """Yield every record with its number; Excel counts records, not lines.

    A fault in the quotes ends the reading: where the next row begins is not known.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        if number > 1_048_576:  # Excel's last row
            check_size(number, 0, 0)
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                message = "En cell har fler än 131 072 tecken; raderna efter den läses inte."
            elif "end of data" in str(error):
                message = "Ett citattecken saknar sitt par; resten av filen läses som en enda cell."
            else:
                message = "Ett citattecken står inne i en cell; raderna efter den läses inte."
            remedy = 'Skriv text med citattecken så här: "han sa ""hej""".'
            faults.append((number, Fault("citattecken", message, remedy), "fel"))
            return
        yield number, record


def _ragged(record: list[str], width: int, delimiter: str) -> Fault:
    name = DELIMITERS[delimiter]
    sign = (
        "" if delimiter == "\t" else f", även tal som 12{delimiter}5," if delimiter == "," else ""
    )
    return Fault(
        "radlangd",
        f"Raden har {len(record)} celler men rubrikraden {width}.",
        f"Text med {name}{sign} sätts inom citattecken; tomma celler skrivs ut.",
    )
