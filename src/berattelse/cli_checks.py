"""The command line's part about finished files: validate them."""

from __future__ import annotations

import fnmatch
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from berattelse import cli_text
from berattelse.cli_data import STYLES, WORDS, Ar, Kommun, Ut, settings_here
from berattelse.cli_text import err_console, out_console
from berattelse.config import find_root
from berattelse.errors import SettingsError, UsageError
from berattelse.model import FORMATS, shown

if TYPE_CHECKING:
    from berattelse.checks.report import Checked


def validera(
    filer: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILER]", help="Filer eller mappar; annars allt i _site."),
    ] = None,
    rapport: Annotated[
        list[str] | None,
        typer.Option(metavar="NAMN", help="Rapport att pröva; får upprepas, * och ? går bra."),
    ] = None,
    kommun: Kommun = None,
    ar: Ar = None,
    format_: Annotated[
        str,
        typer.Option("--format", metavar="FORMAT", help="Format med komma emellan: html,pdf,docx."),
    ] = ",".join(FORMATS),
    ut: Ut = None,
) -> None:
    """Pröva de färdiga filerna: webbsidor, PDF och Word mot kraven på tillgänglighet."""
    from berattelse.checks import Checker, report

    suffixes = tuple(f".{name}" for name in cli_text.formats(format_))
    if filer:
        if rapport or kommun or ar or ut:
            raise UsageError(
                "Ange antingen filer eller väljarna --rapport, --kommun, --ar och --ut.",
            )
        paths = _named(filer, suffixes)
        root = _project()
    else:
        settings = settings_here()
        root = settings.root
        paths = _built(ut.absolute() if ut else settings.ut, suffixes, rapport, kommun, ar)
    done = []
    with Checker() as checker:
        for number, path in enumerate(paths, 1):
            err_console.print(f"prövar {number}/{len(paths)} {shown(path)}", markup=False)
            begun = time.perf_counter()
            findings = checker.check(path)
            done.append(report.Checked(path, tuple(findings), time.perf_counter() - begun))
    _tell(done, whole=root is None)
    more = f" Allt står i {shown(report.write(root, done))}." if root else ""
    out_console.print(f"{report.counted(done)}.{more}", markup=False)
    raise typer.Exit(1 if any(each.count("fel") for each in done) else 0)


def _project() -> Path | None:
    """Return the project that the command runs in; files that are named need none."""
    try:
        return find_root(Path.cwd())
    except SettingsError:
        return None


def _named(given: list[Path], suffixes: tuple[str, ...]) -> list[Path]:
    """Return the files named, and those in the folders named.

    Raises:
        UsageError: one is not there, or is of no format that can be checked; all at once.
    """
    from berattelse.checks import SUFFIXES

    found: dict[Path, None] = {}
    faults = []
    for path in (each.absolute() for each in given):
        if path.is_dir():
            inside = _below(path, suffixes)
            found.update(dict.fromkeys(inside))
            faults += [] if inside else [f"{shown(path)}: mappen har inga filer att pröva"]
        elif not path.is_file():
            faults.append(f"{shown(path)}: finns inte")
        elif path.suffix.lower() not in SUFFIXES:
            faults.append(f"{shown(path)}: slutar inte på {', '.join(SUFFIXES)}")
        elif path.suffix.lower() in suffixes:
            found[path] = None
    if faults or not found:
        raise UsageError(
            f"Kan inte pröva: {'; '.join(faults)}." if faults else "Ingen fil har det formatet.",
            remedy="Ange webbsidor, PDF-filer och Worddokument, eller mappar med sådana.",
        )
    return list(found)


def _below(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    return sorted(
        path for path in folder.rglob("*") if path.suffix.lower() in suffixes and path.is_file()
    )


def _built(
    out: Path,
    suffixes: tuple[str, ...],
    rapport: list[str] | None,
    kommun: list[str] | None,
    ar: list[str] | None,
) -> list[Path]:
    """Return the files of a build that fit the patterns: those of the manifest, and other pages.

    Raises:
        UsageError: there is none.
    """
    from berattelse.publish import read_manifest

    def fits(patterns: list[str] | None, name: object) -> bool:
        return not patterns or any(fnmatch.fnmatchcase(str(name), each) for each in patterns)

    chosen = [
        out / entry["fil"]
        for entry in read_manifest(out)
        if Path(entry["fil"]).suffix in suffixes
        and fits(rapport, entry.get("rapport"))
        and fits(kommun, entry.get("kommun"))
        and fits(ar, entry.get("ar"))
    ]
    if not (rapport or kommun or ar):
        # The start page and the pages about data, and what someone laid there by hand
        chosen += _below(out, suffixes)
    if not chosen:
        raise UsageError(
            f"Det finns inga färdiga filer att pröva i {shown(out)} som stämmer med urvalet.",
            remedy="Bygg dem först med «berattelse», eller ange filer eller --ut.",
        )
    return sorted(dict.fromkeys(chosen))


def _tell(done: list[Checked], *, whole: bool) -> None:
    """Print what was found; `whole`: every place, since no page is written that has them."""
    from berattelse.checks import report

    for each in done:
        if each.findings:
            out_console.print(f"\n{shown(each.path)}", style="bold", markup=False)
        for level, line in report.text(each, whole=whole):
            if level is not None:
                out_console.print(WORDS[level], style=STYLES[level], end=" ")
            out_console.print(line, markup=False)
    out_console.print()
    heads = ("Fil", "Fel", "Varningar", "Upplysningar", "Tid")
    rows = [
        (
            shown(each.path),
            *(str(each.count(level)) for level in report.LEVELS),
            f"{each.seconds:.1f} s".replace(".", ","),
        )
        for each in done
    ]
    if not out_console.is_terminal:
        for row in rows:
            named = zip(heads[1:], row[1:], strict=True)
            cells = ", ".join(f"{head.lower()} {cell}" for head, cell in named)
            out_console.print(f"{row[0]}: {cells}", markup=False)
        return
    table = Table(heads[0])
    for head in heads[1:]:
        table.add_column(head, justify="right")
    for row in rows:
        table.add_row(*map(Text, row), style=None if row[1] == "0" else "red")
    out_console.print(table)
