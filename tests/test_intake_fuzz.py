"""Two thousand damaged files: each gives a clear finding or a right read, never an exception.

The files are made from the shipped ones by seeds. They are read in processes of their own, each
file within ten seconds and one gibibyte of resident memory.
"""

from __future__ import annotations

import csv
import functools
import io
import multiprocessing as mp
import queue
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from berattelse import intake
from berattelse.datasets import Column, Dataset
from berattelse.intake import Table
from berattelse.intake.text import letter
from tests.test_intake import COMMON
from tests.test_intake_roundtrip import WHOLE

ROOT = Path(__file__).resolve().parent.parent
SECONDS, BYTES = 10, 1 << 30
TAIL = {column.namn for column in COMMON}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="resource and SIGALRM are Unix'")


@dataclass(frozen=True)
class Base:
    """A shipped file, as it is before it is damaged."""

    dataset: Dataset
    header: list[str]
    rows: list[list[str]]
    frame: pd.DataFrame


@functools.cache
def bases() -> tuple[Base, ...]:
    """Return the shipped files of figures that are small enough to be made into Excel quickly."""
    found = []
    for path in sorted((ROOT / "data").glob("*/20*/*.csv")):
        content = path.read_bytes()
        header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
        if "varde" not in header or not 4 <= len(rows) <= 60:
            continue
        own = tuple(
            Column(
                name, typ="heltal" if name in WHOLE else "text",
                nyckel=name not in WHOLE, kan_vara_tom=True, obligatorisk=True,
            )
            for name in header
            if name not in TAIL
        )  # fmt: skip
        dataset = Dataset(path.stem, path.stem, kolumner=(*own, *COMMON))
        frame = intake.read_canonical(content, dataset)
        found.append(Base(dataset, header, rows, frame))
    assert len(found) >= 10
    return tuple(found)


Check = Callable[[Table], str]
"""Return what is wrong with what was read, or nothing."""


def same(base: Base) -> Check:
    """The read is right: no fault, and the content is what it was."""

    def check(table: Table) -> str:
        faults = [str(f) for f in table.findings if f.level == "fel"]
        if faults:
            return f"faults in a right file: {faults[:3]}"
        return "" if equal(table.frame, base.frame) else "the content is another"

    return check


def either(base: Base) -> Check:
    """A fault is told, or the read is right."""

    def check(table: Table) -> str:
        if any(f.level == "fel" for f in table.findings):
            return ""
        return "" if equal(table.frame, base.frame) else "wrong content without a fault"

    return check


def told(*rules: str, place: str = "") -> Check:
    """A fault of one of the rules is told, at the place."""

    def check(table: Table) -> str:
        fits = [f for f in table.findings if f.rule in rules and place in f.place]
        return "" if fits else f"none of {rules} at {place}: {list(map(str, table.findings[:3]))}"

    return check


def equal(a: pd.DataFrame, b: pd.DataFrame) -> bool:
    try:
        pd.testing.assert_frame_equal(a[list(b.columns)], b, check_exact=True)
    except AssertionError:
        return False
    return True


# --- making files


def as_csv(
    header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",", end: str = "\n"
) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows([header, *rows])
    return out.getvalue()


def as_excel(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    change: Callable[[Any], None] | None = None,
    numeric: bool = True,
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(header))
    numbers = {i for i, name in enumerate(header) if numeric and (name in WHOLE or name == "varde")}
    for line, row in enumerate(rows, start=2):
        for index, content in enumerate(row):
            if content:
                cell = sheet.cell(line, index + 1)
                cell.value = float(content) if index in numbers else content  # type: ignore[assignment]
    if change:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@functools.cache
def excel_of(index: int) -> bytes:
    base = bases()[index]
    return as_excel(base.header, base.rows)


def pick(dice: random.Random) -> tuple[int, Base]:
    index = dice.randrange(len(bases()))
    return index, bases()[index]


Made = tuple[str, bytes, Dataset, Check]


def truncated(dice: random.Random) -> Made:
    index, base = pick(dice)
    if dice.random() < 0.4:
        content = excel_of(index)
        return (
            "xlsx",
            content[: dice.randrange(len(content))],
            base.dataset,
            told("skadad", "fel_filtyp", "tom_fil"),
        )
    content = as_csv(base.header, base.rows).encode()
    size = dice.randrange(len(content))
    whole = content[:size].decode(errors="ignore").endswith("\n")

    def check(table: Table) -> str:
        rows = len(table.frame)
        kept = base.frame.iloc[:rows]
        if not table.findings and not (whole and equal(table.frame, kept)):
            return "cut within a row, and nothing is said"
        levels = {f.level for f in table.findings}
        if levels == {"varning"} and not equal(table.frame.iloc[:-1], kept.iloc[:-1]):
            return "other rows than the last are another"
        return ""

    return "csv", content[:size], base.dataset, check


def wrong_encoding(dice: random.Random) -> Made:
    _, base = pick(dice)
    text = as_csv(base.header, base.rows, dice.choice(",;\t").replace(";", ","))
    swedish = any(c in text for c in "åäöÅÄÖ")
    way = dice.choice(
        ["cp1252", "utf-16", "utf-16-le", "ruined", "mixed", "cp850", "mac_roman", "utf-32"]
    )
    if way == "ruined":
        content = text.encode().decode("cp1252", errors="ignore").encode()
        check = told("forstord_text") if swedish else either(base)
    elif way == "mixed":
        half = len(text) // 2
        both = all(any(c in part for c in "åäöÅÄÖ") for part in (text[:half], text[half:]))
        content = text[:half].encode() + text[half:].encode("cp1252", errors="replace")
        check = told("teckenkodning") if both else either(base)
    else:
        try:
            content = text.encode(way)
        except UnicodeEncodeError:
            way, content = "utf-16", text.encode("utf-16")
        if way in ("cp1252", "utf-16"):
            check = same(base)
        elif way in ("utf-16-le", "utf-32"):
            check = told("fel_filtyp")
        else:
            check = told("teckenkodning") if swedish else either(base)
    return "csv", content, base.dataset, check


def broken_zip(dice: random.Random) -> Made:
    index, base = pick(dice)
    content = bytearray(excel_of(index))
    way = dice.choice(["bytes", "part", "hole", "extra", "swapped"])
    if way == "bytes":
        for _ in range(dice.randint(1, 30)):
            content[dice.randrange(len(content))] = dice.randrange(256)
    elif way == "hole":
        start = dice.randrange(len(content))
        del content[start : start + dice.randint(1, 500)]
    elif way == "extra":
        start = dice.randrange(len(content))
        content[start:start] = dice.randbytes(dice.randint(1, 500))
    else:
        old = zipfile.ZipFile(io.BytesIO(bytes(content)))
        names = old.namelist()
        victim, other = dice.sample(names, 2)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in names:
                if way == "swapped" and name == victim:
                    new.writestr(name, old.read(other))
                elif name != victim:
                    new.writestr(name, old.read(name))
        content = bytearray(out.getvalue())
    return "xlsx", bytes(content), base.dataset, either(base)


def many_rows(dice: random.Random, rows: int = 0) -> Made:
    _, base = pick(dice)
    rows = rows or 20_001 + dice.randrange(2_000)
    if dice.random() < 0.6:
        line = base.rows[0][0].split(",")[0] + "," * (len(base.header) - 1) + "\n"
        content = (as_csv(base.header, []) + line * rows).encode()
        return "csv", content, base.dataset, told("for_stor")
    return "xlsx", excel_rows(base, rows), base.dataset, told("for_stor")


def excel_rows(base: Base, rows: int) -> bytes:
    """Return a workbook with its first row of figures `rows` times over."""
    small = zipfile.ZipFile(io.BytesIO(as_excel(base.header, base.rows[:1])))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name in small.namelist():
            content = small.read(name)
            if name == "xl/worksheets/sheet1.xml":
                start, end = content.index(b'<row r="2"'), content.index(b"</sheetData>")
                row = re.sub(rb' r="[A-Z]*2"', b"", content[start:end])
                # two cells of each row are enough to count rows
                row = b"</c>".join([*row.split(b"</c>")[:2], b"</row>"])
                content = content[:start] + row * rows + content[end:]
            new.writestr(name, content)
    return out.getvalue()


def merged(dice: random.Random) -> Made:
    _, base = pick(dice)
    inside = dice.random() < 0.8
    left = dice.randrange(len(base.header)) if inside else len(base.header) + dice.randint(0, 3)
    top = dice.randint(1, len(base.rows)) if inside else dice.randint(1, 50)
    right = left + dice.randint(0, 2)
    bottom = top + dice.randint(0 if right > left else 1, 5)
    area = f"{letter(left)}{top}:{letter(right)}{bottom}"
    content = as_excel(base.header, base.rows, lambda sheet: sheet.merge_cells(area))
    # merging empties all cells but the first, which may be the headings
    check = told("sammanfogade_celler", "rubrikrad") if inside else same(base)
    return "xlsx", content, base.dataset, check


def faulty_formulas(dice: random.Random) -> Made:
    _, base = pick(dice)
    column, row = dice.randrange(len(base.header)), dice.randint(2, len(base.rows) + 1)
    content = dice.choice(
        ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "=A1+1", "=SUM(A1:A9)"]
    )

    def change(sheet: Any) -> None:
        sheet.cell(row, column + 1).value = content

    rule = "formel_utan_varde" if content.startswith("=") else "felvarde"
    place = f"rad {row}, kolumn {base.header[column]} ({letter(column)})"
    made = as_excel(base.header, base.rows, change)
    return "xlsx", made, base.dataset, told(rule, place=place)


def duplicated_columns(dice: random.Random) -> Made:
    _, base = pick(dice)
    column, at = dice.randrange(len(base.header)), dice.randint(0, len(base.header))
    name = dice.choice([str, str.upper, lambda text: f" {text}"])(base.header[column])
    header = [*base.header[:at], name, *base.header[at:]]
    rows = [[*row[:at], row[column], *row[at:]] for row in base.rows]
    check = told("dubbel_kolumn")
    if dice.random() < 0.5:
        return "csv", as_csv(header, rows).encode(), base.dataset, check
    return "xlsx", as_excel(header, rows), base.dataset, check


def shuffled_columns(dice: random.Random) -> Made:
    _, base = pick(dice)
    order = dice.sample(range(len(base.header)), len(base.header))
    header = [dice.choice([str, str.upper, str.title])(base.header[i]) for i in order]
    rows = [[row[i] for i in order] for row in base.rows]
    if dice.random() < 0.5:
        content = as_excel(header, rows, numeric=False) if pointless(rows) else b""
        if content:
            return "xlsx", content, base.dataset, same(base)
    end = dice.choice(["\n", "\r\n"])
    return "csv", as_csv(header, rows, end=end).encode("utf-8-sig"), base.dataset, same(base)


def pointless(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether no cell would be ambiguous as text in Excel, where the mark is the comma."""
    return not any(
        cell.count(".") == 1 and len(cell.partition(".")[2]) == 3 for r in rows for cell in r
    )


def mixed_numbers(dice: random.Random) -> Made:
    _, base = pick(dice)
    at, unit = base.header.index("varde"), base.header.index("enhet")
    excel = dice.random() < 0.4
    delimiter = dice.choice(";\t,")
    mark = "." if delimiter == "," and not excel else ","
    rows = [list(row) for row in base.rows]
    for row in rows:
        if row[at]:
            row[at] = styled(dice, row[at], row[unit], mark)
    if excel:
        return "xlsx", as_excel(base.header, rows, numeric=False), base.dataset, same(base)
    return "csv", as_csv(base.header, rows, delimiter).encode(), base.dataset, same(base)


def styled(dice: random.Random, number: str, unit: str, mark: str) -> str:
    minus = number.startswith("-")
    whole, _, fraction = number.removeprefix("-").partition(".")
    text = f"{int(whole):,}".replace(",", dice.choice(["", " ", "\u00a0", "\u2009", "\u202f"]))
    text += mark + fraction if fraction else dice.choice(["", mark + "0"])
    if minus:
        text = dice.choice([f"-{text}", f"−{text}", f"– {text}", f"‑{text}", f"({text})"])
    else:
        text = dice.choice([text, text, f"+{text}", f" {text} "])
    return text + dice.choice(["", " %" if unit == "procent" else f" {unit}" if unit else ""])


def flipped(dice: random.Random) -> Made:
    index, base = pick(dice)
    excel = dice.random() < 0.5
    content = bytearray(excel_of(index) if excel else as_csv(base.header, base.rows).encode())
    for _ in range(dice.randint(1, 8)):
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    # in a CSV file another digit is another digit; in a workbook the zip's sums tell
    return (
        "xlsx" if excel else "csv",
        bytes(content),
        base.dataset,
        either(base) if excel else lambda table: "",
    )


CLASSES: dict[str, tuple[Callable[[random.Random], Made], int]] = {
    "truncated": (truncated, 220),
    "wrong_encoding": (wrong_encoding, 220),
    "broken_zip": (broken_zip, 220),
    "many_rows": (many_rows, 150),
    "merged": (merged, 160),
    "faulty_formulas": (faulty_formulas, 180),
    "duplicated_columns": (duplicated_columns, 180),
    "shuffled_columns": (shuffled_columns, 200),
    "mixed_numbers": (mixed_numbers, 200),
    "flipped": (flipped, 300),
}
HEAVY = ("csv", "xlsx", "thin")
Case = tuple[str, int]


# --- reading them


def heavy(kind: str) -> Made:
    """Return a file of a million rows; `thin` is small enough to be looked into."""
    base = bases()[0]
    if kind == "csv":
        content = as_csv(base.header, []).encode() + b"a,b\n" * 1_000_000
    elif kind == "xlsx":
        content = excel_rows(base, 1_000_000)
    else:
        small = zipfile.ZipFile(io.BytesIO(excel_of(0)))
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for name in small.namelist():
                content = small.read(name)
                if name == "xl/worksheets/sheet1.xml":
                    end = content.index(b"</sheetData>")
                    content = (
                        content[:end] + b"<row><c><v>1</v></c></row>" * 700_000 + content[end:]
                    )
                new.writestr(name, content)
        content = out.getvalue()
    return "csv" if kind == "csv" else "xlsx", content, base.dataset, told("for_stor")


def overdue(*_: object) -> None:
    raise TimeoutError(f"more than {SECONDS} s")


def try_one(case: Case, folder: Path) -> str:
    """Return what is wrong with the reading of one file, or nothing."""
    kind, seed = case
    if kind == "heavy":
        suffix, content, dataset, check = heavy(HEAVY[seed])
    else:
        suffix, content, dataset, check = CLASSES[kind][0](random.Random(f"{kind} {seed}"))
    path = folder / f"{kind}-{seed}.{suffix}"
    path.write_bytes(content)
    del content
    before = peak()
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        table = intake.read(path, dataset, intake.Context(2022, None))
    except Exception:
        return traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        path.unlink()
    if peak() > max(before, BYTES):
        return f"{peak() >> 20} MB"
    for finding in table.findings:
        if (
            finding.rule not in intake.RULES
            or not finding.message
            or path.name not in finding.place
        ):
            return f"an unclear finding: {finding}"
        if len(str(finding)) > 2000 or any(ord(c) < 32 and c != "\n" for c in str(finding)):
            return f"an unreadable finding: {finding!r}"
    if list(table.frame.columns) != [column.namn for column in dataset.kolumner]:
        return "other columns"
    return check(table)


def peak() -> int:
    """Return the largest resident memory that this process has had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )


def work(cases: Sequence[Case], results: Any) -> None:
    """Try the cases and put what became of each in the queue."""
    signal.signal(signal.SIGALRM, overdue)
    with tempfile.TemporaryDirectory() as folder:
        for case in cases:
            results.put((case, try_one(case, Path(folder))))


def run(batches: Sequence[Sequence[Case]]) -> dict[Case, str]:
    """Try batches of cases, each in a process of its own; a process that falls silent is ended."""
    context = mp.get_context("spawn")
    results = context.Queue()
    workers = [context.Process(target=work, args=(batch, results)) for batch in batches]
    for worker in workers:
        worker.start()
    wanted = {case for batch in batches for case in batch}
    found: dict[Case, str] = {}
    heard = time.monotonic()
    try:
        while wanted - set(found):
            try:
                case, wrong = results.get(timeout=1)
            except queue.Empty:
                # the alarm rings after ten seconds; only code that never returns gets past it
                silent = time.monotonic() - heard > 60
                if silent or not any(worker.is_alive() for worker in workers):
                    break
                continue
            heard = time.monotonic()
            found[case] = wrong
    finally:
        for worker in workers:
            worker.kill()
            worker.join()
    return {case: found.get(case, "no answer: it hung, or its process died") for case in wanted}


def test_damaged_files() -> None:
    cases = [(kind, seed) for kind, (_, count) in CLASSES.items() for seed in range(count)]
    assert len(cases) >= 2000
    assert min(Counter(kind for kind, _ in cases).values()) >= 150
    wrong = {case: text for case, text in run([cases[0::2], cases[1::2]]).items() if text}
    assert not wrong, "\n\n".join(f"{case}: {text}" for case, text in sorted(wrong.items())[:10])


@pytest.mark.parametrize("seed", range(len(HEAVY)), ids=HEAVY)
def test_a_million_rows(seed: int) -> None:
    assert run([[("heavy", seed)]]) == {("heavy", seed): ""}


def test_the_files_differ_and_are_the_same_every_time() -> None:
    names = set()
    for kind, (make, _) in CLASSES.items():
        first = make(random.Random(f"{kind} 1"))
        names.add(first[2].namn)
        if first[0] == "csv":
            assert make(random.Random(f"{kind} 1"))[1] == first[1]
    drawn = {pick(random.Random(f"flipped {seed}"))[0] for seed in range(300)}
    assert len(drawn) >= 10
