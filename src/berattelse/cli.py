"""The command line: a thin skin over `pipeline`. Every text that it prints is Swedish."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from berattelse import cli_checks, cli_data, cli_single, cli_text, project, qmd
from berattelse.cli_text import err_console, out_console
from berattelse.config import PROJECT_FILE, Settings
from berattelse.errors import BerattelseError, SettingsError, UsageError
from berattelse.model import FORMATS, Outcome
from berattelse.plan import Plan, Selection, plan
from berattelse.profile.reading import FILE, FOLDER, TEMPLATE, strays

app = typer.Typer(
    cls=cli_text.RenderByDefault,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Bygger berättelser för socialnämnder ur Markdown och datafiler. "
    "Utan kommando byggs alla berättelser, som med «berattelse render».",
    context_settings={"help_option_names": ["--help", "-h"]},
)


@app.command(cls=cli_text.Command)
def render(
    rapport: Annotated[
        list[str] | None,
        typer.Option(metavar="NAMN", help="Rapport att bygga; får upprepas, * och ? går bra."),
    ] = None,
    kommun: Annotated[
        list[str] | None, typer.Option(metavar="NAMN", help="Kommun att bygga för; får upprepas.")
    ] = None,
    ar: Annotated[
        list[str] | None, typer.Option(metavar="ÅR", help="År att bygga för; får upprepas.")
    ] = None,
    format_: Annotated[
        str,
        typer.Option("--format", metavar="FORMAT", help="Format med komma emellan: html,pdf,docx."),
    ] = ",".join(FORMATS),
    ut: Annotated[
        Path | None,
        typer.Option(metavar="KATALOG", help="Katalog för de färdiga filerna (annars _site)."),
    ] = None,
    jobb: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Antal berättelser samtidigt (annars antal kärnor)."),
    ] = None,
    typsattare: Annotated[
        str | None,
        typer.Option(
            metavar="NAMN",
            help="Vad som sätter dokumenten: inbyggd, quarto eller quarto-kor (annars inbyggd).",
        ),
    ] = None,
    bifoga_data: Annotated[
        bool, typer.Option("--bifoga-data", help="Lägg siffrorna som CSV-filer i PDF-filen.")
    ] = False,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "-P",
            "--parameter",
            metavar="NAMN=VÄRDE",
            help="Rapportens egna parametrar: namn=värde.",
        ),
    ] = None,
) -> None:
    """Bygg berättelser som webbsida, PDF och Word."""
    settings = cli_data.settings_here()
    typesetter = _typesetter(settings, typsattare)
    selection = Selection(
        rapport=tuple(rapport or ()),
        kommun=tuple(kommun or ()),
        ar=tuple(ar or ()),
        formats=cli_text.formats(format_),
        parameters=_parameters(parameter or []),
        attach_data=bifoga_data,
    )
    chosen = plan(settings, selection)
    out = settings.ut if ut is None else ut.absolute()
    ok = _render(settings, chosen, out, jobb or os.cpu_count() or 1, typesetter)
    raise typer.Exit(0 if ok else 1)


app.command(cls=cli_text.Command)(cli_data.kontrollera)
app.command(cls=cli_text.Command)(cli_data.granska)
app.command(cls=cli_text.Command)(cli_checks.validera)
app.command("render-qmd", cls=cli_text.Command)(cli_single.render_qmd)
app.add_typer(cli_data.app, name="data")


@app.command(cls=cli_text.Command)
def lista() -> None:
    """Visa vilka berättelser som finns, vilka data de har och hur de kommer att se ut."""
    settings = cli_data.settings_here()
    targets = project.all_targets(settings)
    table = Table("Rapport", "Kommun", "År", "Profil", "Data")
    for target in targets:
        folder = settings.data / target.kommun / str(target.ar)
        declared = qmd.declared_datasets(settings.reports / f"{target.rapport}.qmd")
        names = ", ".join(sorted(project.datasets(settings, folder) & declared))
        profile = _profile_files(settings, target.kommun)
        table.add_row(target.rapport, target.kommun, str(target.ar), profile, names or "inga")
        if not out_console.is_terminal:
            out_console.print(f"{target}: {names or 'inga data'}; profil: {profile}")
    if out_console.is_terminal:
        out_console.print(table)
    _tell_strays(settings)


def _tell_strays(settings: Settings) -> None:
    kommuner = project.kommun_names(settings.data / "kommuner.csv")
    for text in strays(settings.root, kommuner):
        err_console.print(f"VARNING {text}", markup=False)


def _profile_files(settings: Settings, kommun: str) -> str:
    """Return which files of its own a kommun's profile has."""
    folder = settings.root / FOLDER / kommun
    own = [f"{FOLDER}/{kommun}/{name}" for name in (FILE, TEMPLATE) if (folder / name).is_file()]
    return " och ".join(own) or "gemensam"


def _typesetter(settings: Settings, asked: str | None) -> str:
    """Return the name of the typesetter that the command, else the project, asks for."""
    from berattelse.typeset import TYPESETTERS

    name = asked or settings.typsattare
    if name not in TYPESETTERS:
        raise (UsageError if asked else SettingsError)(
            f"Okänd typsättare «{name}».",
            place=None if asked else settings.root / PROJECT_FILE,
            remedy=f"Välj någon av {', '.join(TYPESETTERS)}.",
        )
    return name


def _parameters(given: list[str]) -> dict[str, str]:
    pairs = [item.partition("=") for item in given]
    for name, sign, _ in pairs:
        if not sign or not name:
            raise UsageError(f"«{name}» ska skrivas namn=värde.")
    return {name: text for name, _, text in pairs}


def _render(settings: Settings, chosen: Plan, out: Path, workers: int, typesetter: str) -> bool:
    from berattelse import pipeline

    total = sum(len(job.formats) for job in chosen.jobs)
    if err_console.is_terminal:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        with Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=err_console
        ) as progress:
            task = progress.add_task("Bygger", total=total)
            result = pipeline.run(
                settings,
                chosen,
                out=out,
                workers=workers,
                typesetter=typesetter,
                report=lambda outcome: progress.advance(task),
            )
    else:
        result = pipeline.run(
            settings, chosen, out=out, workers=workers, typesetter=typesetter, report=_tell
        )
    _closing_table(result.outcomes)
    for checked in result.checked:
        cli_data.tell_remarks(checked)
    _tell_warnings(result.outcomes)
    _tell_strays(settings)
    cli_data.tell_changes(result.compared)
    for message, outcomes in pipeline.failures(result.outcomes):
        targets = ", ".join(dict.fromkeys(str(outcome.target) for outcome in outcomes))
        formats = ", ".join(dict.fromkeys(outcome.format for outcome in outcomes))
        err_console.print(f"\nFEL {targets} ({formats})", style="bold red")
        err_console.print(message, markup=False)
    out_console.print(_summary(result.outcomes, out), markup=False)
    return result.ok


def _tell(outcome: Outcome) -> None:
    err_console.print(
        f"{'klar' if outcome.ok else 'FEL '} {outcome.target} {outcome.format}", markup=False
    )


def _closing_table(outcomes: tuple[Outcome, ...]) -> None:
    rows = [
        (
            str(outcome.target),
            outcome.format,
            f"{outcome.size / 1000:.0f} kB" if outcome.ok else "",
            f"{outcome.seconds:.1f} s".replace(".", ",") if outcome.ok else "",
            "klar" if outcome.ok else "fel",
        )
        for outcome in outcomes
    ]
    if not out_console.is_terminal:
        for row in rows:
            out_console.print("  ".join(cell for cell in row if cell), markup=False)
        return
    table = Table("Berättelse", "Format")
    table.add_column("Storlek", justify="right")
    table.add_column("Tid", justify="right")
    table.add_column("Status")
    for row in rows:
        table.add_row(*row, style=None if row[-1] == "klar" else "red")
    out_console.print(table)


def _tell_warnings(outcomes: tuple[Outcome, ...]) -> None:
    """Print what the typesetter noticed, each text once with the files that it concerns."""
    files: dict[str, list[str]] = {}
    for outcome in outcomes:
        for text in outcome.warnings:
            files.setdefault(text, []).append(f"{outcome.target} {outcome.format}")
    for text, names in files.items():
        err_console.print(f"\nVARNING {', '.join(names)}", style="yellow")
        err_console.print(text, markup=False)


def _summary(outcomes: tuple[Outcome, ...], out: Path) -> str:
    built = sum(outcome.ok for outcome in outcomes)
    failed = len(outcomes) - built
    place = os.path.relpath(out)
    text = f"{built} {'fil klar' if built == 1 else 'filer klara'} i {place}"
    return f"{text}, {failed} kunde inte byggas." if failed else f"{text}."


def main(argv: list[str] | None = None) -> None:
    """Run the command line and exit with 0 (done), 1 (something failed) or 2 (wrong usage)."""
    try:
        sys.exit(cli_text.run(app, argv))
    except BerattelseError as error:
        err_console.print("FEL", style="bold red")
        err_console.print(str(error), markup=False)
        sys.exit(error.exit_code)
