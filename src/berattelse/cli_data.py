"""The command line's part about data: check it, describe it, compare it."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from berattelse import cli_text
from berattelse.cli_text import err_console, out_console
from berattelse.config import Settings, find_root, read_settings
from berattelse.errors import UsageError

if TYPE_CHECKING:
    from berattelse.compare import Comparison
    from berattelse.gate import Checked

WORDS = {"fel": "FEL", "varning": "VARNING", "upplysning": "Upplysning"}
STYLES = {"fel": "bold red", "varning": "yellow", "upplysning": ""}

Kommun = Annotated[
    list[str] | None, typer.Option(metavar="NAMN", help="Kommun; får upprepas, * och ? går bra.")
]
Ar = Annotated[list[str] | None, typer.Option(metavar="ÅR", help="År; får upprepas.")]
Ut = Annotated[
    Path | None,
    typer.Option(metavar="KATALOG", help="Katalog för de färdiga filerna (annars _site)."),
]

app = typer.Typer(
    cls=cli_text.Group, help="Datafilerna: beskriv, gör mallar och jämför.", no_args_is_help=True
)


def settings_here() -> Settings:
    """Return the settings of the project that the command runs in.

    Raises:
        SettingsError: no project here, or its settings are faulty.
    """
    return read_settings(find_root(Path.cwd()))


def folders(
    settings: Settings, kommun: list[str] | None, ar: list[str] | None
) -> list[tuple[str, int]]:
    """Return the kommuner and years that have data and fit the patterns, sorted.

    Raises:
        UsageError: none does.
    """
    found = sorted(
        (path.parent.name, int(path.name))
        for path in settings.data.glob("*/[0-9][0-9][0-9][0-9]")
        if path.is_dir()
    )
    chosen = [
        (name, year)
        for name, year in found
        if (not kommun or any(fnmatch.fnmatchcase(name, pattern) for pattern in kommun))
        and (not ar or any(fnmatch.fnmatchcase(str(year), pattern) for pattern in ar))
    ]
    if not chosen:
        near = difflib.get_close_matches((kommun or [""])[0], [name for name, _ in found], n=1)
        there = ", ".join(f"{name} {year}" for name, year in found) or "inga"
        raise UsageError(
            "Inga data stämmer med urvalet.",
            remedy=f"Menade du «{near[0]}»?" if near else f"Det finns: {there}.",
        )
    return chosen


def kontrollera(kommun: Kommun = None, ar: Ar = None, ut: Ut = None) -> None:
    """Kontrollera datafilerna utan att bygga något."""
    from berattelse.gate import Gate
    from berattelse.gate.report import write_report
    from berattelse.profile.reading import project_profile

    settings = settings_here()
    gate = Gate(settings)
    profile = project_profile(settings.root)
    errors = 0
    for name, year in folders(settings, kommun, ar):
        checked = gate.check(name, year)
        page = write_report(checked, ut.absolute() if ut else settings.ut, profile)
        tell_all(checked, page)
        errors += len(checked.errors)
    raise typer.Exit(1 if errors else 0)


def granska(
    kommun: Annotated[
        str | None, typer.Option(metavar="NAMN", help="Bara den här kommunen.")
    ] = None,
    ar: Annotated[int | None, typer.Option(metavar="ÅR", help="Bara det här året.")] = None,
    ut: Ut = None,
) -> None:
    """Granska de färdiga filerna: går något skyddat tal att räkna ut?"""
    from berattelse.audit import audit, tell
    from berattelse.model import shown

    settings = settings_here()
    out = ut.absolute() if ut else settings.ut
    folders(settings, [kommun] if kommun else None, [str(ar)] if ar else None)
    report = audit(settings, out, kommun, ar)
    if not report.files:
        raise UsageError(
            f"Det finns inga färdiga berättelser att granska i {shown(out)}.",
            remedy="Bygg dem först med «berattelse», eller ange katalogen med --ut.",
        )
    for line in tell(report):
        out_console.print(line, markup=False)
    raise typer.Exit(1 if report.leaks else 0)


def tell_all(checked: Checked, page: Path) -> None:
    """Print all that the gate said of one kommun and year."""
    from berattelse.gate.report import counted, folded
    from berattelse.model import shown

    out_console.print(f"\n{checked.kommun} {checked.ar}", style="bold")
    for finding in folded(checked.findings):
        out_console.print(WORDS[finding.level], style=STYLES[finding.level], end=" ")
        out_console.print(str(finding), markup=False)
    _tell_decisions(checked)
    out_console.print(f"{counted(checked)}. Allt står i {shown(page)}.", markup=False)


def tell_remarks(checked: Checked) -> None:
    """Print what a run of reports must show: warnings, and what has been decided."""
    for finding in checked.findings:
        if finding.level == "varning":
            err_console.print(f"VARNING {finding}", markup=False)
    _tell_decisions(checked)


def tell_changes(compared: Sequence[Comparison]) -> None:
    """Print what changed since the build before, for the kommuner and years where it did."""
    from berattelse import compare

    for line in compare.summary(compared):
        err_console.print(f"{line} «berattelse data diff» visar vilka.", markup=False)


def _tell_decisions(checked: Checked) -> None:
    head = f"{checked.kommun} {checked.ar}"
    for each in checked.accepted:
        err_console.print(
            f"Godkänd avvikelse, {head}: {each.finding.message} Skäl: {each.approval.skal} "
            f"({each.approval.roll}, {each.approval.datum})",
            markup=False,
        )
    reasons: dict[str, list[str]] = {}
    for exemption in checked.decisions.exemptions:
        reasons.setdefault(exemption.skal, []).append(exemption.datamangd)
    for reason, names in reasons.items():
        err_console.print(
            f"Små tal visas, {head}: {len(names)} datamängder, {reason}.", markup=False
        )
    hidden = sum(len(rows) for rows in checked.hidden.rows.values())
    if hidden:
        err_console.print(
            f"Skyddat, {head}: {hidden} {'siffra' if hidden == 1 else 'siffror'} visas inte.",
            markup=False,
        )


@app.command(cls=cli_text.Command)
def beskriv(
    datamangd: Annotated[
        str | None, typer.Argument(metavar="[DATAMÄNGD]", help="Datamängdens namn.")
    ] = None,
    fil: Annotated[
        Path | None, typer.Option(metavar="FIL", help="Skriv alla beskrivningar till en fil.")
    ] = None,
) -> None:
    """Beskriv en datamängd, eller räkna upp dem som finns."""
    from berattelse import declare, describe
    from berattelse.publish import replace

    settings = settings_here()
    catalogue = declare.catalogue(settings.data)
    if fil is not None:
        replace(fil.absolute(), describe.everything(settings, catalogue).encode())
        return
    if datamangd is None:
        for dataset in catalogue.values():
            out_console.print(f"{dataset.namn}: {dataset.titel}", markup=False)
        return
    dataset = describe.find(catalogue, datamangd)
    out_console.print(describe.markdown(dataset, describe.users(settings, dataset)), markup=False)


@app.command(cls=cli_text.Command)
def diff(
    kommun: Kommun = None,
    ar: Ar = None,
    fil: Annotated[
        Path | None, typer.Option(metavar="FIL", help="Spara också listan som CSV för Excel.")
    ] = None,
) -> None:
    """Visa vilka siffror som har ändrats sedan senaste bygget, och var de trycks."""
    from berattelse import compare
    from berattelse.export import csv_file
    from berattelse.gate import Gate
    from berattelse.model import shown
    from berattelse.profile.reading import project_profile
    from berattelse.publish import replace

    settings = settings_here()
    gate = Gate(settings)
    listed: list[tuple[Any, ...]] = [compare.EXPORT_HEADS]
    for name, year in folders(settings, kommun, ar):
        comparison = compare.compare(settings, gate.check(name, year))
        out_console.print(compare.headline(comparison), style="bold")
        listed += compare.exported(comparison)
        for dataset, figure, old, new, difference, places in compare.rows(comparison):
            change = f" ({difference})" if difference else ""
            out_console.print(
                f"  {dataset}: {figure}: {old} → {new}{change}\n    trycks i {places}",
                markup=False,
            )
        if comparison.changes:
            page = compare.write_page(
                comparison, settings.root / compare.PAGES, project_profile(settings.root)
            )
            out_console.print(f"Allt står i {shown(page)}.", markup=False)
    if fil is not None:
        replace(fil.absolute(), csv_file(listed))


@app.command(cls=cli_text.Command)
def mall(
    datamangd: Annotated[str, typer.Argument(metavar="DATAMÄNGD", help="Datamängdens namn.")],
    kommun: Annotated[str, typer.Option(metavar="NAMN", help="Kommunens mapp i data/.")],
    ar: Annotated[
        int, typer.Option(metavar="ÅR", min=2000, max=2100, help="Året som mallen gäller.")
    ],
    fil: Annotated[
        Path | None,
        typer.Option(metavar="FIL", help="Var mallen sparas (annars i kommunens och årets mapp)."),
    ] = None,
) -> None:
    """Gör en Excelmall att fylla i, med förra årets siffror bredvid."""
    from berattelse import declare, describe, template
    from berattelse.model import shown
    from berattelse.publish import replace

    settings = settings_here()
    dataset = describe.find(declare.catalogue(settings.data), datamangd)
    path = (fil or settings.data / kommun / str(ar) / f"{dataset.namn}.xlsx").absolute()
    if path.suffix.lower() != ".xlsx" or path.is_dir():
        raise UsageError(
            f"Mallen är en Excelfil, och kan inte sparas som {shown(path)}.",
            remedy="Ange en fil som slutar på .xlsx.",
        )
    taken = [path] if fil is None else []
    taken += sorted(path.parent.glob(f"{dataset.namn}.csv")) if fil is None else []
    for present in taken:
        if present.exists():
            raise UsageError(
                f"{shown(present)} finns redan.", remedy="Ange en annan fil med --fil."
            )
    rows, namn = template.rows_for(settings, dataset, kommun, ar)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, template.workbook(dataset, rows, f"{namn} {ar}"))
    out_console.print(f"Mallen är sparad: {shown(path)}", markup=False)
