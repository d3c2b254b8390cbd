"""Open an Excel file safely: what kind of file it is, its sheets, and one sheet as a grid.

Nothing in the file is run or fetched: macros, links and connections are never read. Sizes are
checked in the zip's directory before anything is unpacked.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from xml.parsers import expat

from openpyxl.styles.numbers import (  # type: ignore[import-untyped,unused-ignore]
    BUILTIN_FORMATS,
    is_date_format,
)

from berattelse.intake import sheetxml
from berattelse.intake.grid import MAX_CELLS, Cell, Grid, Level
from berattelse.intake.periods import EPOCH, EPOCH_1904, serial
from berattelse.intake.rules import Fault, UnreadableError
from berattelse.intake.sheetxml import DamagedError, Package, RawCell, unescape
from berattelse.intake.table import Place
from berattelse.intake.text import fold, strip

MAX_PART = 20_000_000
"""Bytes of XML in one part that is read: a sheet, the shared texts, the styles."""
MAX_UNPACKED = 200_000_000
"""Bytes of all parts together; more is a zip bomb, or no table."""
MAX_PARTS = 5_000

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How files in Microsoft's older container begin."""
_RESAVE = "Öppna filen i Excel och spara den som Excel-arbetsbok (.xlsx)."
_BROKEN = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, DamagedError, EOFError, OSError, LookupError,
    ValueError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
"""What zipfile, expat and our own reading raise for a file that is not whole."""


@dataclass(frozen=True)
class Sheet:
    """A worksheet of a workbook."""

    name: str
    part: str
    """Where it lies in the zip."""
    hidden: bool


def is_note(name: str) -> bool:
    """Tell whether a sheet is for people: its name begins with a parenthesis, or is Läs mig."""
    return strip(name).startswith("(") or fold(name) in ("las_mig", "lasmig", "hjalp")


def same(dataset: str, name: str) -> bool:
    """Tell whether a sheet's name is the dataset's whole name."""
    return fold(name) == fold(dataset)


def named(dataset: str, name: str) -> bool:
    """Tell whether a sheet's name is the dataset's; Excel cuts names at 31 characters."""
    return fold(name) in (fold(dataset), fold(dataset[:31]))


@contextmanager
def _whole(path: Path) -> Iterator[None]:
    """Turn what a broken file makes the libraries raise into one fault."""
    try:
        yield
    except _BROKEN as error:
        detail = str(error).strip("'\"") or type(error).__name__
        raise UnreadableError(
            Fault("skadad", f"Excelfilen är skadad eller inte hel ({detail[:80]}).", _RESAVE)
        ) from error


@dataclass
class Workbook:
    """An open workbook; read it inside `opened`."""

    path: Path
    package: Package
    parts: Mapping[str, str]
    """Name in small letters -> name in the zip."""
    main: str
    """The part that lists the sheets."""
    sheets: Sequence[Sheet] = ()
    epoch: dt.datetime = EPOCH
    related: Mapping[str, str] = field(default_factory=dict)
    """Kind of part (`styles`, `sharedStrings`) -> its name."""

    @cached_property
    def texts(self) -> Sequence[str]:
        """The texts that cells share."""
        part = self.related.get("sharedStrings")
        return sheetxml.shared_texts(self.package, self.part(part), MAX_CELLS) if part else ()

    @cached_property
    def formats(self) -> Sequence[tuple[str, bool]]:
        """The number format of each style, and whether it shows a date."""
        part = self.related.get("styles")
        if not part:
            return (("General", False),)
        styles, own = sheetxml.formats(self.package, self.part(part))
        shapes = [own.get(number) or BUILTIN_FORMATS.get(number, "General") for number in styles]
        # letters after a backslash are text, but is_date_format takes an m for a month
        return [(shape, bool(is_date_format(re.sub(r"\\.", "", shape)))) for shape in shapes]

    def part(self, name: str) -> str:
        """Return the part's name in the zip, its size checked.

        Raises:
            UnreadableError: it is too large.
            DamagedError: there is none.
        """
        found = self.parts.get(name.lower())
        if found is None:
            raise DamagedError(f"{name} saknas")
        if self.package.archive.getinfo(found).file_size > MAX_PART:
            raise _too_large(f"{name} är större än {MAX_PART // 1_000_000} MB uppackad")
        return found

    def is_empty(self, sheet: Sheet) -> bool:
        """Tell whether no cell of the sheet has content."""
        with _whole(self.path):
            return sheetxml.is_empty(self.package, self.part(sheet.part))

    def grid(self, sheet: Sheet) -> Grid:
        """Return the cells of a sheet.

        Raises:
            UnreadableError: it is broken or too large.
        """
        with _whole(self.path):
            raw = sheetxml.scan(self.package, self.part(sheet.part))
            rows: dict[int, dict[int, Cell]] = {}
            for number in sorted(raw.rows):
                cells = {i: self._cell(cell) for i, cell in sorted(raw.rows[number].items())}
                filled = {i: cell for i, cell in cells.items() if cell.kind != "text" or cell.text}
                if filled:
                    rows[number] = filled
        faults: list[tuple[int, Fault, Level]] = []
        if sheet.hidden:
            fault = Fault("dolt", f"Bladet «{sheet.name}» är dolt men läses.")
            faults.append((0, fault, "varning"))
        return Grid(
            Place(self.path, sheet.name),
            rows,
            epoch=self.epoch,
            merged=raw.merged,
            hidden_rows=frozenset(raw.hidden_rows),
            hidden_columns=frozenset(raw.hidden_columns),
            faults=faults,
        )

    def _cell(self, raw: RawCell) -> Cell:
        value = raw.value
        if raw.type == "s" and value:
            return _text(self.texts[_index(value, len(self.texts))])
        if raw.type in ("str", "inlineStr"):
            if value is None:
                return Cell("", "formel")
            return _text(unescape(value))
        if not value:
            # a formula that nobody has worked out: openpyxl and other writers leave it so
            return Cell("", "formel")
        if raw.type == "b":
            return Cell("SANT" if value in ("1", "true") else "FALSKT", "sant")
        if raw.type == "e":
            return Cell(value, "fel")
        if raw.type == "d":
            date = dt.datetime.fromisoformat(value)
            return Cell(value, "datum", date=date.replace(tzinfo=None))
        if raw.type != "n":
            raise DamagedError(f"okänt slag av cell {raw.type[:20]}")
        shape, shows_date = self.formats[raw.style] if self.formats else ("General", False)
        if shows_date:
            date_or_none = serial(float(value), self.epoch)
            shown = date_or_none.isoformat(" ").removesuffix(" 00:00:00") if date_or_none else value
            return Cell(shown, "datum", shape, date_or_none)
        return Cell(value, "tal", shape)


def _text(text: str) -> Cell:
    return Cell(text) if strip(text) else Cell("")


def _index(value: str, size: int) -> int:
    number = int(value)
    if not 0 <= number < size:
        raise DamagedError(f"texten {value[:20]} saknas")
    return number


def _too_large(why: str) -> UnreadableError:
    remedy = "Ta bort det som inte hör till datamängden och spara filen igen."
    return UnreadableError(Fault("for_stor", f"Excelfilen är för stor: {why}.", remedy))


@contextmanager
def opened(path: Path) -> Iterator[Workbook]:
    """Open a workbook for reading.

    Raises:
        UnreadableError: it is no Excel file that can be read, with the reason.
    """
    with _whole(path):
        with path.open("rb") as file:
            head = file.read(8)
            file.seek(0)
            content = file.read() if head == OLE else b""
        if head == OLE:
            raise UnreadableError(_old(content))
        if not head.startswith(b"PK"):
            raise UnreadableError(Fault("fel_filtyp", "Filen är inte en Excelfil.", _RESAVE))
        archive = zipfile.ZipFile(path)
    with archive:
        with _whole(path):
            book = _book(path, archive)
        yield book


def _old(content: bytes) -> Fault:
    """Return what is wrong with a file in Microsoft's older container."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Fault(
            "losenord",
            "Excelfilen är lösenordsskyddad.",
            "Ta bort lösenordet i Excel (Arkiv, Info, Skydda arbetsbok) och spara filen igen.",
        )
    return Fault("fel_filtyp", "Filen är en Excelfil av äldre slag (.xls).", _RESAVE)


def _book(path: Path, archive: zipfile.ZipFile) -> Workbook:
    infos = archive.infolist()
    unpacked = sum(info.file_size for info in infos)
    if len(infos) > MAX_PARTS or unpacked > MAX_UNPACKED:
        raise _too_large(f"{len(infos)} delar, {unpacked // 1_000_000} MB uppackad")
    for info in infos:
        if info.flag_bits & 1:
            raise UnreadableError(Fault("losenord", "Filen är lösenordsskyddad.", _RESAVE))
        # the other methods unpack without a limit
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DamagedError(f"{info.filename} är packad på ett okänt sätt")
    parts = {info.filename.replace("\\", "/").lower(): info.filename for info in infos}
    if "mimetype" in parts or "content.xml" in parts:
        fault = Fault("fel_filtyp", "Filen är ett OpenDocument-kalkylark (.ods).", _RESAVE)
        raise UnreadableError(fault)
    book = Workbook(path, Package(archive), parts, "xl/workbook.xml")
    roots = _relations(book, PurePosixPath("."))
    main = next((part for kind, part in roots.values() if kind == "officeDocument"), book.main)
    if main.endswith(".bin"):
        raise UnreadableError(Fault("fel_filtyp", "Filen är en binär Excelfil (.xlsb).", _RESAVE))
    if main.lower() not in parts:
        raise UnreadableError(Fault("fel_filtyp", "Filen är inte en Excelfil.", _RESAVE))
    book.main = main
    _sheets(book)
    return book


def _relations(book: Workbook, part: PurePosixPath) -> dict[str, tuple[str, str]]:
    """Return what a part relates to: id -> (kind, part)."""
    found: dict[str, tuple[str, str]] = {}
    folder = part.parent if part.name else part

    def start(name: str, a: Mapping[str, str]) -> None:
        if name == "Relationship" and a.get("TargetMode") != "External":
            target = PurePosixPath("/", folder, a["Target"].replace("\\", "/"))
            steps: list[str] = []
            for step in target.parts[1:]:
                if step == "..":
                    del steps[-1:]
                elif step != ".":
                    steps.append(step)
            found[a["Id"]] = (a["Type"].rpartition("/")[2], "/".join(steps))

    sheetxml.walk(book.package, book.part(f"{folder}/_rels/{part.name}.rels".lstrip("./")), start)
    return found


def _sheets(book: Workbook) -> None:
    """Fill in the workbook's sheets, date system and related parts."""
    relations = _relations(book, PurePosixPath(book.main))
    sheets: list[Sheet] = []

    def start(name: str, a: Mapping[str, str]) -> None:
        if name == "workbookPr" and a.get("date1904") in ("1", "true", "on"):
            book.epoch = EPOCH_1904
        elif name == "sheet":
            kind, part = relations[a["id"]]
            if kind == "worksheet":
                sheets.append(Sheet(a["name"], part, a.get("state", "visible") != "visible"))

    sheetxml.walk(book.package, book.part(book.main), start)
    book.sheets = sheets
    book.related = {kind: part for kind, part in relations.values() if kind != "worksheet"}


def choose(book: Workbook, dataset: str, wanted: str | None) -> tuple[Sheet, Sequence[str]]:
    """Return the sheet that holds the dataset, and the names of those that are left unread.

    Args:
        book: the workbook.
        dataset: name of the dataset.
        wanted: name of the sheet, if the caller knows it.

    Raises:
        UnreadableError: no sheet, or more than one, will do.
    """
    if wanted is not None:
        for sheet in book.sheets:
            if sheet.name == wanted:
                return sheet, ()
        raise _which(book.sheets, f"Bladet «{wanted}» finns inte.", dataset)
    candidates = [sheet for sheet in book.sheets if not is_note(sheet.name)]
    fitting = [sheet for sheet in candidates if named(dataset, sheet.name)]
    if not fitting and len(candidates) > 1:
        # old versions of Excel put three sheets in every new workbook
        candidates = [sheet for sheet in candidates if not book.is_empty(sheet)]
    if not fitting and len(candidates) == 1:
        fitting = candidates
    if len(fitting) != 1:
        message = "Flera blad kan vara datamängden." if fitting else "Inget blad är datamängdens."
        if not candidates:
            message = "Arbetsboken har inget blad med innehåll."
        raise _which(candidates, message, dataset)
    rest = [sheet for sheet in candidates if sheet is not fitting[0]]
    return fitting[0], [sheet.name for sheet in rest if not book.is_empty(sheet)]


def _which(sheets: Collection[Sheet], message: str, dataset: str) -> UnreadableError:
    names = ", ".join(f"«{s.name}»" + (" (dolt)" if s.hidden else "") for s in sheets)
    remedy = f"Låt bladet heta {dataset[:31]}, eller spara det i en egen fil."
    return UnreadableError(Fault("flera_blad", f"{message} Blad: {names or 'inga'}.", remedy))
