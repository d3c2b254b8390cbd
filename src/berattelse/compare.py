"""Tell which figures have changed since the last build, and where each is printed."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from berattelse import history, places
from berattelse.config import Settings
from berattelse.errors import BerattelseError
from berattelse.gate import Checked
from berattelse.gate.report import fill, table_html
from berattelse.history import Change, Figure
from berattelse.missing import MARKS, Missing
from berattelse.model import Job
from berattelse.places import Printed
from berattelse.plan import Selection, plan
from berattelse.profile import Profile
from berattelse.text.numbers import exact, written
from berattelse.text.prose import lista, period_text

HEADS = ("Datamängd", "Siffra", "Före", "Nu", "Skillnad", "Trycks i")
EXPORT_HEADS = (
    "Kommun", "År", "Datamängd", "Siffra", "Före", "Nu", "Skillnad", "Enhet", "Trycks i",
)  # fmt: skip
HIDDEN = MARKS["skyddad"]
SINCE = {
    "senast": "sedan senaste bygget",
    "innan": "vid senaste bygget, jämfört med bygget före",
}


@dataclass(frozen=True)
class Comparison:
    """What has changed in the data of one kommun and year."""

    kommun: str
    ar: int
    since: str
    """Which build the data is compared with: a key of `SINCE`, or empty when there is none."""
    changes: tuple[Change, ...] = ()
    printed: tuple[Printed, ...] = ()
    """Where figures of the changed datasets are printed."""
    contents: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """Dataset -> key column -> what it holds."""

    def places(self, change: Change) -> list[Printed]:
        """Return where a figure's row is printed, and where that cannot be known, its dataset."""
        contents = self.contents.get(change.dataset, {})
        return [
            place
            for place in self.printed
            if any(
                reading.dataset == change.dataset and reading.holds(change.keys, contents)
                for reading in place.readings
            )
        ]


def compare(settings: Settings, checked: Checked) -> Comparison:
    """Compare the data as it is with the last build's; if it is the same, that with the one before.

    Args:
        settings: the project's.
        checked: the data as it is now.
    """
    now, last = history.now(checked), history.used(settings.root, checked)
    if last is None:
        return Comparison(checked.kommun, checked.ar, "")
    since, changes = "senast", history.changes(checked, last, now)
    if not changes:
        before = history.used(settings.root, checked, "innan")
        if before is not None:
            since, changes = "innan", history.changes(checked, before, last)
    named = {change.dataset for change in changes}
    printed = _printed(settings, checked) if named else []
    return Comparison(
        checked.kommun,
        checked.ar,
        since,
        tuple(changes),
        tuple(place for place in printed if place.datasets & named),
        {name: _contents(checked, name) for name in sorted(named)},
    )


def _contents(checked: Checked, name: str) -> dict[str, frozenset[str]]:
    table = checked.tables[name]
    return {
        key: frozenset(map(str, table.frame[key])) if key in table.frame.columns else frozenset()
        for key in table.dataset.nycklar
    }


def _printed(settings: Settings, checked: Checked) -> list[Printed]:
    found: list[Printed] = []
    for job in _jobs(settings, checked):
        try:
            found += places.printed(settings, job)
        except BerattelseError:
            continue  # told when the report is built
    return found


def _jobs(settings: Settings, checked: Checked) -> tuple[Job, ...]:
    try:
        return plan(settings, Selection(kommun=(checked.kommun,), ar=(str(checked.ar),))).jobs
    except BerattelseError:
        return ()


def written_figure(figure: Figure, hidden: bool = False) -> str:
    """Write a figure with all its decimals; a protected one as its mark."""
    if figure is None:
        return ""
    if hidden:
        return HIDDEN
    if isinstance(figure, Missing):
        return str(figure)
    return _written(figure)


def _written(number: float, sign: bool = False) -> str:
    decimal = exact(number)
    return written(decimal, max(0, -int(decimal.normalize().as_tuple().exponent)), sign)


def rows(comparison: Comparison) -> list[tuple[str, str, str, str, str, str]]:
    """Return dataset, figure, old, new, difference and places of each change, as texts."""
    result = []
    for change in comparison.changes:
        difference = None if change.hidden else change.difference
        text = "" if difference is None else _written(difference, sign=True)
        old, new = (written_figure(f, change.hidden) for f in (change.old, change.new))
        result.append(
            (
                change.dataset,
                _name(change),
                old or change.kind,
                new or change.kind,
                f"{text}\u00a0{change.unit}".strip() if text else "",
                _places(comparison, change),
            )
        )
    return result


def exported(comparison: Comparison) -> list[tuple[Any, ...]]:
    """Return the changes for a spreadsheet, under `EXPORT_HEADS`: figures as numbers."""
    result: list[tuple[Any, ...]] = []
    for change in comparison.changes:
        figures: tuple[Any, ...] = (change.old, change.new, change.difference)
        if change.hidden:
            figures = (HIDDEN, HIDDEN, "")
        told = [str(figure) if isinstance(figure, Missing) else figure for figure in figures]
        result.append(
            (
                comparison.kommun,
                comparison.ar,
                change.dataset,
                _name(change),
                *told,
                change.unit,
                _places(comparison, change),
            )
        )
    return result


def _name(change: Change) -> str:
    return ", ".join(
        period_text(text) if key == "period" else text
        for key, text in change.keys.items()
        if key != "periodtyp"
    )


def _places(comparison: Comparison, change: Change) -> str:
    """Name the places report by report: its tables and figures, then its lines of text."""
    by_report: dict[str, list[Printed]] = {}
    for place in comparison.places(change):
        by_report.setdefault(place.rapport, []).append(place)
    told = []
    for rapport, found in by_report.items():
        named = [place.what for place in found if place.caption]
        lines = [
            f"{place.place.file.name}:{place.place.line}" for place in found if not place.caption
        ]
        text = [f"text i {lista(dict.fromkeys(lines))}"] if lines else []
        told.append(f"{rapport}: {', '.join([*dict.fromkeys(named), *text])}")
    return "; ".join(told) or "ingenstans"


def headline(comparison: Comparison) -> str:
    """Say in one sentence how much has changed since when."""
    head = f"{comparison.kommun} {comparison.ar}"
    if not comparison.since:
        return f"{head}: inget tidigare bygge att jämföra med."
    if not comparison.changes:
        return f"{head}: inga siffror har ändrats sedan senaste bygget."
    kinds = [change.kind for change in comparison.changes]
    counted = [
        f"{kinds.count(kind)} {kind if kinds.count(kind) == 1 else plural}"
        for kind, plural in (
            ("ändrad", "ändrade"), ("tillkommen", "tillkomna"), ("borttagen", "borttagna"),
        )
        if kind in kinds
    ]  # fmt: skip
    what = "siffra" if len(kinds) == 1 else "siffror"
    return f"{head}: {', '.join(counted)} {what} {SINCE[comparison.since]}."


PAGES = Path(".berattelse") / "andringar"
"""Where the pages of changes are, in the project: what a figure was and is, with all that it
moved, can tell a protected one, so they are never published."""


def write_page(comparison: Comparison, folder: Path, profile: Profile | None = None) -> Path:
    """Write the changes as a page in `folder`; return its path.

    `profile` is the project's own, the built-in one if left out.
    """
    body = f"<p>{html.escape(headline(comparison))}</p>"
    if comparison.changes:
        body += table_html("Ändrade siffror", HEADS, rows(comparison))
    path = folder / f"{comparison.kommun}-{comparison.ar}-andringar.html"
    fill(path, f"Ändrade siffror: {comparison.kommun} {comparison.ar}", body, profile)
    return path


def summary(comparisons: Sequence[Comparison]) -> list[str]:
    """Return the lines that a build prints: what changed, for those that have changed."""
    return [headline(each) for each in comparisons if each.since == "senast" and each.changes]
