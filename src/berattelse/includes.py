"""Which file an include means for the target at hand."""

from __future__ import annotations

from pathlib import Path

from berattelse.errors import SourceError
from berattelse.model import Place, Target
from berattelse.qmd import Resolve


def resolver(root: Path, target: Target) -> Resolve:
    """Return the function that maps an include's path to the target's own file.

    A path below `partials/<rapport>/` means its last name: the file of the target's kommun and
    year, else of its kommun, else of the report. Every other path means itself, seen from the
    report's folder, or from the project where it begins with `/`: so Quarto sees them, also those
    within an included text.
    """
    texts = root / "partials" / target.rapport
    reports = root / "reports"

    def resolve(written: str, place: Place) -> Path:
        rooted = written.startswith("/")
        path = (root / written.lstrip("/") if rooted else reports / written).resolve()
        if not path.is_relative_to(root.resolve()):
            raise SourceError(
                f"«{written}» ligger utanför projektet.",
                place=place,
                remedy="Inkludera bara filer i projektets mapp.",
            )
        if not path.is_relative_to(texts.resolve()):
            if path.is_file():
                return path
            raise SourceError(
                f"Filen «{written}» finns inte.",
                place=place,
                remedy="" if rooted else _seen_from_the_text(root, written, place),
            )
        tried = candidates(root, target, path.name)
        for candidate in tried:
            if candidate.is_file():
                return candidate
        raise SourceError(
            "Texten finns inte: " + ", ".join(p.relative_to(root).as_posix() for p in tried) + ".",
            place=place,
            remedy=f"Skriv texten i {tried[0].relative_to(root).as_posix()}.",
        )

    return resolve


def _seen_from_the_text(root: Path, written: str, place: Place) -> str:
    """Return what to write for a file that there is, seen from the text that asks for it."""
    beside = (place.file.parent / written).resolve()
    if not beside.is_file() or not beside.is_relative_to(root.resolve()):
        return ""
    own = beside.relative_to(root.resolve()).as_posix()
    return f"Sökvägen räknas från mappen reports, som i Quarto: skriv «/{own}»."


def candidates(root: Path, target: Target, name: str) -> tuple[Path, Path, Path]:
    """Return the three files that may hold a target's text, the target's own first."""
    texts = root / "partials" / target.rapport
    return (
        texts / target.kommun / str(target.ar) / name,
        texts / target.kommun / name,
        texts / name,
    )
