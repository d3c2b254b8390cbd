"""Describe datasets for a controller: on the command line, and in `docs/datamangder.md`."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

from berattelse import qmd
from berattelse.config import Settings
from berattelse.datasets import PERIODTYPER, Catalogue, Column, Dataset
from berattelse.declare import COMMON, SOURCE
from berattelse.errors import UsageError
from berattelse.text.prose import lista

TYPES: Mapping[str, str] = {
    "text": "text",
    "heltal": "heltal",
    "tal": "tal",
    "datum": "datum",
    "period": "period",
}


def find(catalogue: Catalogue, name: str) -> Dataset:
    """Return the dataset of that name.

    Raises:
        UsageError: there is none; with the nearest name.
    """
    if name in catalogue:
        return catalogue[name]
    near = difflib.get_close_matches(name, list(catalogue), n=1)
    raise UsageError(
        f"Ingen datamängd heter «{name}».",
        remedy=f"Menade du «{near[0]}»?" if near else "«berattelse data beskriv» visar alla.",
    )


def users(settings: Settings, dataset: Dataset) -> list[str]:
    """Return the reports that use a dataset: those whose front matter lists it."""
    return sorted(
        path.stem
        for path in settings.reports.glob("*.qmd")
        if dataset.namn in qmd.declared_datasets(path)
    )


def markdown(
    dataset: Dataset, reports: Sequence[str], level: int = 1, *, common: bool = True
) -> str:
    """Describe one dataset as Markdown that reads well as plain text too.

    Args:
        dataset: what to describe.
        reports: the reports that use it.
        level: of its heading.
        common: tell the columns that all datasets share too.
    """
    shared = {column.namn for column in (*COMMON, SOURCE)}
    columns = [c for c in dataset.kolumner if common or c.namn not in shared]
    head = "#" * level
    parts = [f"{head} {dataset.titel} (`{dataset.namn}`)"]
    if dataset.beskrivning:
        parts.append(dataset.beskrivning)
    facts = []
    if reports:
        facts.append(f"- Används i: {lista(reports)}.")
    if dataset.kraver:
        facts.append(f"- Kräver också: {lista(f'`{name}`' for name in dataset.kraver)}.")
    if dataset.nycklar:
        facts.append(f"- En rad hittas genom: {lista(f'`{name}`' for name in dataset.nycklar)}.")
    if dataset.enheter:
        facts.append(f"- Enheter: {lista(dataset.enheter)}.")
    if dataset.periodtyper:
        kinds = "; ".join(f"`{kind}` ({PERIODTYPER[kind]})" for kind in dataset.periodtyper)
        facts.append(f"- Perioder: {kinds}.")
    facts.append(f"- Små tal: {_protection(dataset)}")
    for total in dataset.summor:
        of = f" per {lista(f'`{name}`' for name in total.per)}" if total.per else ""
        facts.append(f"- Rapporterna räknar ut summan{of}; den står inte i filen.")
    if dataset.hopp is not None:
        facts.append(
            f"- Varning när en siffra ändras mer än {_plain(dataset.hopp.faktor)} gånger från "
            f"samma period tidigare (tal under {_plain(dataset.hopp.minst)} räknas inte)."
        )
    parts.append("\n".join(facts))
    if columns:
        parts.append(_columns(columns))
    # What periods and reasons may be is told once, where the common columns are
    parts += [_allowed(c) for c in columns if c.tillatna and c.namn not in shared]
    rules = [f"- {relation.text} (`{relation.regel}`)" for relation in dataset.kontroller]
    if rules:
        parts.append("Det här kontrolleras:\n\n" + "\n".join(rules))
    return "\n\n".join(parts)


def _plain(number: float) -> str:
    return f"{number:g}".replace(".", ",")


def _protection(dataset: Dataset) -> str:
    rule = dataset.skydd
    if not rule.pa:
        return f"skyddas inte, {rule.skal[:1].lower()}{rule.skal[1:]}"
    if dataset.slag == "text" or (dataset.enheter and not any(map(rule.counts, dataset.enheter))):
        return "datamängden räknar inte människor eller händelser."
    return f"antal från {rule.lagst} till {rule.hogst} skyddas."


def _columns(columns: Sequence[Column]) -> str:
    rows = ["| Kolumn | Innehåll | Slag | Måste finnas | Får vara tom |", "|---|---|---|---|---|"]
    rows += [
        f"| `{column.namn}` | {column.hjalp} | {TYPES[column.typ]} | "
        f"{'ja' if column.obligatorisk else 'nej'} | {'ja' if column.kan_vara_tom else 'nej'} |"
        for column in columns
    ]
    return "\n".join(rows)


def _allowed(column: Column) -> str:
    rows = [
        f"- `{code or '(tom)'}`" + (f": {meaning}" if meaning else "")
        for code, meaning in column.tillatna.items()
    ]
    return f"I `{column.namn}` skrivs något av:\n\n" + "\n".join(rows)


def everything(settings: Settings, catalogue: Catalogue) -> str:
    """Return the whole of `docs/datamangder.md`."""
    head = (
        "# Datamängder\n\n"
        "Den här sidan är skapad ur `data/datamangder/`. Ändra där och skapa om den med "
        "`berattelse data beskriv --fil docs/datamangder.md`. Hur filer skrivs står i "
        "[controller.md](controller.md)."
    )
    shared = (
        "## Gemensamma kolumner\n\n"
        "Datamängder med siffror slutar med de här kolumnerna; texter har bara `kalla`.\n\n"
        + _columns((*COMMON, SOURCE))
        + "\n\n"
        + "\n\n".join(_allowed(column) for column in COMMON if column.tillatna)
    )
    each = [
        markdown(dataset, users(settings, dataset), level=2, common=False)
        for dataset in sorted(catalogue.values(), key=lambda dataset: dataset.namn)
    ]
    return "\n\n".join([head, shared, *each]) + "\n"
