"""Which datasets a data folder holds, and in which file and sheet each stands.

A dataset is `<dataset>.csv`, `<dataset>.xlsx` or `<dataset>.xlsm`, or a sheet of `underlag.xlsx`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from berattelse.config import folder_name
from berattelse.datasets import Catalogue
from berattelse.model import Finding, shown

WORKBOOKS = ("underlag.xlsx", "underlag.xlsm")
SUFFIXES = (".csv", ".xlsx", ".xlsm")
UNREADABLE = (".xls", ".ods", ".xlsb", ".tsv", ".txt")
"""What people save by mistake; told, not passed over in silence."""


@dataclass(frozen=True)
class DataFile:
    """Where a dataset stands."""

    path: Path
    sheet: str | None = None
    """The sheet of `underlag.xlsx`; None for a file of its own."""


@dataclass(frozen=True)
class Found:
    """What a data folder holds."""

    files: Mapping[str, DataFile]
    """Dataset -> where it stands."""
    findings: tuple[Finding, ...] = ()


def find(folder: Path, catalogue: Catalogue) -> Found:
    """Return the datasets of `data/<kommun>/<ar>/`, with what is wrong about their files."""
    files: dict[str, DataFile] = {}
    findings: list[Finding] = []
    for path in sorted(folder.glob("*")):
        suffix = path.suffix.lower()
        if path.name.startswith(("~$", ".")):
            continue
        if not path.is_file():
            if suffix in SUFFIXES:
                findings.append(_no_file(path))
            continue
        if path.name.lower() in WORKBOOKS:
            from berattelse.intake import sheets

            named, faults = sheets(path, list(catalogue))
            findings += faults
            candidates = {name: DataFile(path, sheet) for name, sheet in named.items()}
        elif suffix in SUFFIXES:
            name = _dataset_name(path, catalogue, findings)
            candidates = {name: DataFile(path)}
        else:
            if suffix in UNREADABLE:
                findings.append(_unreadable(path, catalogue))
            continue
        for name, file in candidates.items():
            if name in files:
                findings.append(
                    Finding(
                        "tva_filer",
                        "fel",
                        f"Datamängden {name} finns både i {files[name].path.name} och i "
                        f"{path.name}.",
                        shown(folder),
                        "Behåll en av dem.",
                        dataset=name,
                    )
                )
            else:
                files[name] = file
    return Found(files, tuple(findings))


def _dataset_name(path: Path, catalogue: Catalogue, findings: list[Finding]) -> str:
    """Return the dataset that a file's name means; a name that is nearly one is a fault."""
    if path.stem in catalogue or not catalogue:
        return path.stem
    alike = {folder_name(name.replace("_", "-")): name for name in catalogue}
    plain = folder_name(path.stem.replace("_", "-"))
    if plain in alike:
        return alike[plain]
    near = difflib.get_close_matches(path.stem, list(catalogue), n=1, cutoff=0.75)
    findings.append(
        Finding(
            "okand_datamangd",
            "fel" if near else "varning",
            f"Ingen datamängd heter «{path.stem}».",
            shown(path),
            f"Menade du «{near[0]}»?"
            if near
            else "Deklarera den i data/datamangder/; den läses ändå om en rapport frågar.",
            dataset=path.stem,
        )
    )
    return path.stem


def _no_file(path: Path) -> Finding:
    what = "är en mapp" if path.is_dir() else "är en länk som inte leder någonstans"
    return Finding(
        "ingen_fil",
        "fel",
        f"Det som heter som en datafil {what}.",
        shown(path),
        "Lägg dit filen, eller ta bort det som står i vägen.",
        dataset=path.stem,
    )


def _unreadable(path: Path, catalogue: Catalogue) -> Finding:
    return Finding(
        "okant_filformat",
        "fel" if path.stem in catalogue else "varning",
        f"Filer av slaget {path.suffix} läses inte.",
        shown(path),
        "Spara om den som xlsx eller «CSV UTF-8» om den hör till rapporten.",
        dataset=path.stem,
    )
