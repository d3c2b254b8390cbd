"""A kommun's data folder of one year, read: every dataset in its types, with all that is wrong."""

from __future__ import annotations

from berattelse import declare, project, sources
from berattelse.config import Settings
from berattelse.datasets import Catalogue, Dataset
from berattelse.errors import BerattelseError
from berattelse.intake import Context, Table, read
from berattelse.model import Finding


def read_folder(
    settings: Settings, kommun: str, ar: int, catalogue: Catalogue, only: str = ""
) -> tuple[dict[str, Table], list[Finding]]:
    """Read every dataset of a data folder, or one, typed, with all faults of all files."""
    folder = settings.data / kommun / str(ar)
    found = sources.find(folder, catalogue)
    findings = list(found.findings)
    context = _context(settings, kommun, ar)
    tables: dict[str, Table] = {}
    for name, file in found.files.items():
        if only and name != only:
            continue
        dataset = catalogue.get(name)
        tables[name] = read(file.path, dataset or _undeclared(name, file), context, file.sheet)
        findings += tables[name].findings
    return tables, findings


def faulty(table: Table) -> bool:
    """Tell whether a table could not be read without faults: then nothing else is checked."""
    return any(finding.level == "fel" for finding in table.findings)


def _undeclared(name: str, file: sources.DataFile) -> Dataset:
    from berattelse.intake.reading import headings

    common = declare.undeclared(name, ["varde"])
    return declare.undeclared(name, headings(file.path, common, file.sheet))


def _context(settings: Settings, kommun: str, ar: int) -> Context:
    """Return what the files may leave unsaid: the year, the kommun, the month of the report."""
    months = set()
    for target in project.all_targets(settings):
        if (target.kommun, target.ar) == (kommun, ar):
            try:
                per = project.target_settings(settings, target).per_datum
            except BerattelseError:
                continue  # told where the target is planned
            if per is not None:
                months.add(per.month)
    return Context(
        ar=ar, manad=months.pop() if len(months) == 1 else None, namn=kommun_name(settings, kommun)
    )


def kommun_name(settings: Settings, kommun: str) -> str:
    """Return a kommun's name, or its folder's where the list of kommuner cannot be read."""
    try:
        return project.kommun_names(settings.data / "kommuner.csv").get(kommun, kommun)
    except BerattelseError:
        return kommun  # told where targets are planned
