"""`berattelse render-qmd`: one document by itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from berattelse.cli_text import out_console
from berattelse.errors import BerattelseError, UsageError
from berattelse.signals import terminable


def render_qmd(
    fil: Annotated[Path, typer.Argument(metavar="FIL", help="Dokumentet: .qmd, .ipynb eller .md.")],
    till: Annotated[
        str, typer.Option("--to", metavar="FORMAT", help="html, docx eller typst (som ger PDF).")
    ] = "html",
    ut: Annotated[
        Path | None,
        typer.Option(metavar="KATALOG", help="Katalog för den färdiga filen (annars dokumentets)."),
    ] = None,
    behall_typ: Annotated[
        bool, typer.Option("--behall-typ", help="Behåll typst-koden bredvid PDF-filen.")
    ] = False,
) -> None:
    """Gör ett enskilt Quarto-dokument till webbsida, Word eller PDF; inget projekt behövs.

    Fel och varningar skrivs på stderr som rader som börjar med ERROR: och WARNING:, som Quartos.
    """
    from berattelse import single

    try:
        format_ = single.FORMATS.get(till.strip().lower())
        if format_ is None:
            raise UsageError(f"Okänt format «{till}».", remedy="Välj bland html, docx och typst.")
        folder = (ut or fil.parent).absolute()
        with terminable():
            warnings = single.render(fil, format_, folder, keep_typ=behall_typ)
    except BerattelseError as error:
        _tell("ERROR", str(error))
        raise typer.Exit(error.exit_code) from error
    for text in warnings:
        _tell("WARNING", text)
    out_console.print(f"Klar: {folder / f'{fil.stem}.{format_}'}", markup=False)


def _tell(level: str, text: str) -> None:
    """Tell faults or warnings: each begins at the margin, and what follows on it is indented."""
    for line in text.splitlines():
        print(line if line.startswith(" ") else f"{level}: {line}", file=sys.stderr)
