"""What there is in a project: reports, kommuner, years and their datasets."""

from __future__ import annotations

import csv
import io
from functools import lru_cache
from pathlib import Path

from berattelse import declare, sources
from berattelse.config import Settings, kommun_folders, read_target_settings
from berattelse.errors import SettingsError, UsageError
from berattelse.model import Target, TargetSettings


@lru_cache(maxsize=4)
def kommun_names(path: Path) -> dict[str, str]:
    """Map folder name -> name for the kommuner of `data/kommuner.csv`.

    Raises:
        SettingsError: the file is missing or lacks a column.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"Filen kan inte läsas: {error.strerror}.", place=path) from error
    rows = list(csv.DictReader(io.StringIO(text)))
    if not rows or not {"kommunkod", "kommun"} <= set(rows[0]):
        raise SettingsError("Filen ska ha kolumnerna kommunkod och kommun.", place=path)
    return kommun_folders({row["kommunkod"]: row["kommun"] for row in rows})


def datasets(settings: Settings, folder: Path) -> frozenset[str]:
    """Return the names of the datasets in `data/<kommun>/<ar>/`.

    Raises:
        SettingsError: a declaration of datasets is faulty.
    """
    return frozenset(sources.find(folder, declare.catalogue(settings.data)).files)


def target_settings(settings: Settings, target: Target) -> TargetSettings:
    """Read what the target's `.yml` says.

    Raises:
        UsageError: there is no such target.
        SettingsError: the file is faulty.
    """
    names = kommun_names(settings.data / "kommuner.csv")
    path = settings.data / target.kommun / str(target.ar) / f"{target.rapport}.yml"
    if not path.is_file():
        raise UsageError(
            f"Det finns ingen {target.rapport} för {target.kommun} {target.ar}.",
            remedy=f"Filen {path.relative_to(settings.root).as_posix()} skapar den; "
            "«berattelse lista» visar vad som finns.",
        )
    namn = names.get(target.kommun)
    if namn is None:
        raise SettingsError(
            f"Mappen «{target.kommun}» är inte någon kommuns namn i data/kommuner.csv.",
            place=path.parent.parent,
            remedy="Mappen heter som kommunen, med små bokstäver och utan å, ä och ö.",
        )
    return read_target_settings(path, namn)


def all_targets(settings: Settings) -> list[Target]:
    """Return every target of the project, sorted by report, kommun and year."""
    reports = {path.stem for path in settings.reports.glob("*.qmd")}
    found = [
        Target(path.stem, path.parent.parent.name, int(path.parent.name))
        for path in settings.data.glob("*/*/*.yml")
        if path.stem in reports and path.parent.name.isdigit()
    ]
    return sorted(found)
