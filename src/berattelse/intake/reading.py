"""Read one data file: bytes → grid → headings → rows → checked frame, every fault noted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pandas as pd

from berattelse.datasets import Dataset
from berattelse.intake import csvfile, header, rows, schema, xlsx
from berattelse.intake.canonical import column as series
from berattelse.intake.grid import MAX_BYTES, Grid, Journal
from berattelse.intake.header import Heading
from berattelse.intake.rows import Draft
from berattelse.intake.rules import Fault, UnreadableError
from berattelse.intake.table import Context, Place, Table
from berattelse.intake.text import letter as letter_of
from berattelse.intake.text import near, spans, strip
from berattelse.model import Finding

_CSV = (".csv", ".txt", ".tsv")
_EXCEL = (".xlsx", ".xlsm")


def read(path: Path, dataset: Dataset, context: Context, sheet: str | None = None) -> Table:
    """Read a dataset from a CSV or Excel file; see `berattelse.intake.read`."""
    journal = Journal(Place(path, sheet or ""), dataset.namn)
    try:
        return _read(path, dataset, context, sheet, journal)
    except UnreadableError as refusal:
        journal.add(refusal.fault, refusal.row)
        empty = Draft({column.namn: [] for column in dataset.kolumner})
        return _table(empty, dataset, Heading(0, {}, {}, frozenset()), journal)


def _read(
    path: Path, dataset: Dataset, context: Context, sheet: str | None, journal: Journal
) -> Table:
    grid = _grid(path, dataset, sheet, journal)
    journal.place = grid.place
    for row, fault, level in grid.faults:
        journal.add(fault, row, level=level)
    heading = header.find(grid, dataset, journal)
    csvfile.check_size(len(grid.rows) - 1, 0, 0)
    _layout(grid, heading, journal)
    for found, row, column in rows.context_faults(grid, heading, context):
        journal.add(found, row, column)
    draft = rows.Converter(grid, heading, dataset, context, journal).convert()
    schema.check(draft, dataset, heading, journal)
    return _table(draft, dataset, heading, journal)


def _table(draft: Draft, dataset: Dataset, heading: Heading, journal: Journal) -> Table:
    """Return the rows without fault, with all findings."""
    faulty = {entry.row for entry in journal.entries if entry.level == "fel"}
    faulty |= {draft.numbers[i] for i, _ in draft.bad}
    kept = [i for i, number in enumerate(draft.numbers) if number not in faulty]
    frame = pd.DataFrame(
        {
            column.namn: series(column.typ, [draft.columns[column.namn][i] for i in kept])
            for column in dataset.kolumner
        }
    )
    letters = {
        column.namn: letter_of(heading.columns.get(column.namn, -1)) for column in dataset.kolumner
    }
    return Table(
        dataset=dataset,
        frame=frame,
        rows=tuple(draft.numbers[i] for i in kept),
        path=journal.place.path,
        sheet=journal.place.sheet,
        letters=letters,
        findings=journal.findings(),
    )


def _grid(path: Path, dataset: Dataset, sheet: str | None, journal: Journal) -> Grid:
    """Return the cells of the file.

    Raises:
        UnreadableError: with the reason.
    """
    suffix = _checked(path)
    if suffix in _CSV:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise _no_file(error) from error
        _is_text(content)
        return csvfile.read_csv(content, Place(path), lambda names: header.known(names, dataset))
    with xlsx.opened(path) as book:
        chosen, unread = xlsx.choose(book, dataset.namn, sheet)
        journal.place = Place(path, chosen.name)
        if unread:
            names = ", ".join(f"«{name}»" for name in unread)
            remedy = "Sätt bladets namn inom parentes om det är en anteckning."
            fault = Fault("olasta_blad", f"Bladen {names} läses inte.", remedy)
            journal.add(fault, level="upplysning")
        return book.grid(chosen)


def _checked(path: Path) -> str:
    """Return the suffix of a file that is there and not too large.

    Raises:
        UnreadableError: it cannot be read.
    """
    try:
        if not path.is_file():
            raise UnreadableError(Fault("fil_saknas", "Filen finns inte."))
        size = path.stat().st_size
    except OSError as error:
        raise _no_file(error) from error
    suffix = path.suffix.lower()
    if suffix not in _CSV + _EXCEL:
        remedy = "Spara den i Excel som Excel-arbetsbok (.xlsx) eller «CSV UTF-8»."
        message = f"Filer som slutar på «{suffix}» kan inte läsas."
        raise UnreadableError(Fault("fel_filtyp", message, remedy))
    if size > MAX_BYTES:
        message = f"Filen är {size / 1e6:.0f} MB; högst {MAX_BYTES / 1e6:.0f} MB kan läsas."
        raise UnreadableError(Fault("for_stor", message, "Kontrollera att det är rätt fil."))
    if size == 0:
        raise UnreadableError(Fault("tom_fil", "Filen är tom."))
    return suffix


def _no_file(error: OSError) -> UnreadableError:
    message = f"Filen går inte att öppna ({error.strerror or error})."
    remedy = "Stäng den i andra program och kontrollera att du får läsa den."
    return UnreadableError(Fault("fil_saknas", message, remedy))


def _is_text(content: bytes) -> None:
    if content.startswith((b"PK\x03\x04", xlsx.OLE)):
        message = "Filen heter som en CSV-fil men är en Excelfil eller en annan binär fil."
        raise UnreadableError(Fault("fel_filtyp", message, "Ge den sitt rätta namn, som .xlsx."))


def _layout(grid: Grid, heading: Heading, journal: Journal) -> None:
    """Note merged cells in the table, and rows and columns that cannot be seen."""
    used = {*heading.columns.values(), *heading.context.values()}
    last = max(grid.rows)
    for top, left, bottom, right in grid.merged:
        if bottom >= heading.row and top <= last and any(left <= i <= right for i in used):
            area = f"{letter_of(left)}{top}:{letter_of(right)}{bottom}"
            message = f"Cellerna {area} är sammanfogade."
            remedy = "Dela upp dem i Excel och skriv innehållet i varje cell."
            journal.add(Fault("sammanfogade_celler", message, remedy), top, ("", left))
    hidden = [row for row in grid.rows if row in grid.hidden_rows]
    remedy = "Visa dem i Excel och kontrollera att de ska vara med."
    if hidden:
        fault = Fault("dolt", f"Dolda rader läses: {spans(hidden)}.", remedy)
        journal.add(fault, hidden[0], level="varning")
    columns = sorted(grid.hidden_columns & used)
    if columns:
        names = ", ".join(letter_of(index) for index in columns)
        fault = Fault("dolt", f"Dolda kolumner läses: {names}.", remedy)
        journal.add(fault, heading.row, ("", columns[0]), level="varning")


def sheets(path: Path, known: Collection[str]) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
    """Return which sheet of a workbook holds which dataset; see `berattelse.intake.sheets`."""
    journal = Journal(Place(path), "")
    found: dict[str, str] = {}
    try:
        if _checked(path) not in _EXCEL:
            raise UnreadableError(Fault("fel_filtyp", "Filen är inte en Excelfil."))
        with xlsx.opened(path) as book:
            for sheet in book.sheets:
                _assign(book, sheet, known, found, journal)
    except UnreadableError as refusal:
        journal.add(refusal.fault)
    return found, journal.findings()


def _assign(
    book: xlsx.Workbook,
    sheet: xlsx.Sheet,
    known: Collection[str],
    found: dict[str, str],
    journal: Journal,
) -> None:
    """Enter a sheet's dataset into `found`, or note why it has none."""
    if xlsx.is_note(sheet.name):
        return
    journal.place = Place(book.path, sheet.name)
    fitting = _fitting(sheet.name, known)
    if len(fitting) == 1 and fitting[0] not in found:
        found[fitting[0]] = sheet.name
        return
    if len(fitting) > 1:
        message = f"Bladets namn stämmer med flera datamängder: {', '.join(fitting)}."
        fault = Fault("flera_blad", message, "Lämna dem i var sin fil.")
    elif fitting:
        message = f"Bladen «{found[fitting[0]]}» och «{sheet.name}» är samma datamängd."
        fault = Fault("flera_blad", message, "Ta bort det ena, eller sätt namnet inom parentes.")
    elif book.is_empty(sheet):
        return
    else:
        hint = near(sheet.name, known)
        remedy = f"{hint} Är bladet en anteckning: sätt dess namn inom parentes."
        fault = Fault("okant_blad", f"Bladet «{sheet.name}» är ingen datamängd.", remedy.strip())
    journal.add(fault)


def _fitting(name: str, known: Collection[str]) -> Sequence[str]:
    exact = [dataset for dataset in known if xlsx.same(dataset, name)]
    return exact or [dataset for dataset in known if xlsx.named(dataset, name)]


def headings(path: Path, dataset: Dataset, sheet: str | None = None) -> tuple[str, ...]:
    """Return a file's headings, notes left out; none for a file that cannot be read.

    Args:
        path: the file.
        dataset: has the columns that a CSV file's delimiter is known by.
        sheet: as for `read`.
    """
    try:
        grid = _grid(path, dataset, sheet, Journal(Place(path, sheet or ""), dataset.namn))
    except UnreadableError:
        return ()
    first = grid.rows[min(grid.rows)] if grid.rows else {}
    named = (strip(cell.text) for cell in first.values())
    return tuple(name for name in named if name and not header.is_note(name))
