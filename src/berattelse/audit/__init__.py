"""The auditor: proves from the produced files that no protected figure can be worked out.

It shares no code with what hides the figures. From the data files and the declarations it works
out by itself which counts are small and which relations an outsider knows; from the produced files
it reads what has been published, the way an outsider would.

    figures   data files + the builds' lists of hidden figures → what is known, what is hidden
    outsider  relations + what is known → the exact interval of every hidden figure
    pages     HTML, Word, PDF → text, alternative texts, tables
    sentences, cells, totals, logs   what those give away

Limits: a figure under a name that shares no word with the data file is not recognised, nor is a
value that is only drawn (a bar for a hidden figure). A chart is judged by its alternative text and
by its folded table. Workbooks inside Word files are not opened.
"""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from berattelse.audit import cells, logs, read_html, read_pdf, read_word, sentences, totals
from berattelse.audit.case import Case, Hit
from berattelse.audit.figures import KONTROLL, Figure, Town, gather, reports
from berattelse.audit.naming import Names
from berattelse.audit.outsider import Outsider
from berattelse.audit.pages import Page, Text, cell_texts
from berattelse.audit.report import RULES, Leak, Narrowest, Report, tell
from berattelse.config import Settings

__all__ = ["RULES", "Leak", "Narrowest", "Report", "audit", "tell"]

_UNREADABLE = (OSError, ValueError, KeyError, RuntimeError, etree.LxmlError, zipfile.BadZipFile)
_READERS = {".html": read_html.read, ".docx": read_word.read, ".pdf": read_pdf.read}


def audit(
    settings: Settings, out: Path, kommun: str | None = None, ar: int | None = None
) -> Report:
    """Examine what stands in `out`.

    Args:
        settings: the project that it was built from.
        out: the folder of the produced files.
        kommun: only this kommun's reports.
        ar: only this year's reports; what other years' reports show is reckoned with anyhow.

    Raises:
        SettingsError: a declaration or a record of exemptions is faulty.
    """
    start = time.perf_counter()
    parts = [
        _Audit(out, gather(settings, out, folder.name)).run(ar)
        for folder in sorted(settings.data.glob("*"))
        if folder.is_dir() and kommun in (None, folder.name)
    ]
    narrow = [part.narrowest for part in parts if part.narrowest is not None]
    return Report(
        tuple(leak for part in parts for leak in part.leaks),
        sum(part.protected for part in parts),
        min(narrow, key=lambda each: each.values, default=None),
        tuple(dict.fromkeys(file for part in parts for file in part.files)),
        time.perf_counter() - start,
    )


class _Audit:
    """The audit of one kommun."""

    def __init__(self, out: Path, town: Town) -> None:
        self.out, self.town = out, town
        self.outsider = Outsider(town)
        self.names = Names(town)

    def run(self, ar: int | None) -> Report:
        years = [year.ar for year in self.town.years if ar in (None, year.ar)]
        leaks = [leak for leak in self.town.faults if ar in (None, leak.ar)]
        files: list[Path] = []
        hidden = 0
        narrowest: Narrowest | None = None
        for year in years:
            leaks += self._shown(year)
            secrets = [f for f in self.town.figures if f.secret and year in f.hidden]
            hidden += len(secrets)
            for figure in secrets:
                interval = self.outsider.interval(figure)
                if interval.width <= figure.dataset.skydd.bredd:
                    leaks.append(self._narrow(figure, year, interval.rules))
                if interval.high is not None:
                    found = Narrowest(
                        self.town.kommun, year, figure.name, figure.keys,
                        interval.high - interval.low + 1,
                    )  # fmt: skip
                    narrowest = found if narrowest is None else min(narrowest, found, key=_values)
            leaks += self._files(year, files)
        return Report(tuple(_each_once(leaks)), hidden, narrowest, tuple(files))

    def _kontroll(self, year: int) -> Path:
        return self.out / KONTROLL / f"{self.town.kommun}-{year}.json"

    def _leak(
        self, rule: str, year: int, figure: Figure, file: Path, place: str, text: str
    ) -> Leak:
        return Leak(rule, self.town.kommun, year, figure.name, figure.keys, file, place, text)

    def _shown(self, year: int) -> Iterator[Leak]:
        """Small counts that are not hidden, and figures that only some years hide."""
        for figure in self.town.figures:
            if year in figure.shown and figure.hidden and figure.counts:
                which = ", ".join(map(str, sorted(figure.hidden)))
                text = f"Visas här men är skyddad i rapporten för {which}."
                yield self._leak(
                    "skillnad_mellan_ar", year, figure, self._kontroll(year), "skyddade", text
                )
            elif (
                year in figure.shown and figure.small and not any(e <= year for e in figure.exempt)
            ):
                text = "Ett litet antal som inte är med bland de skyddade siffrorna."
                yield self._leak(
                    "smatt_tal_visas", year, figure, self._kontroll(year), "skyddade", text
                )

    def _narrow(self, figure: Figure, year: int, rules: Iterable[str]) -> Leak:
        text = f"Siffran går att räkna ut, helt eller nästan, med sambanden {', '.join(rules)}."
        return self._leak("for_smalt", year, figure, self._kontroll(year), "skyddade", text)

    def _files(self, year: int, files: list[Path]) -> Iterator[Leak]:
        case = Case(self.town, self.names, self.outsider, year)
        kommun = self.town.kommun
        pages = [
            *reports(self.out, kommun, year),
            *(
                path
                for path in (self.out / KONTROLL / f"{kommun}-{year}.html", self.out / "index.html")
                if path.is_file()
            ),
        ]
        for path in pages:
            files.append(path)
            try:
                page = _READERS[path.suffix](path)
            except _UNREADABLE as error:
                text = f"Filen kunde inte läsas ({type(error).__name__})."
                yield Leak("olast", kommun, year, "", {}, path, "hela filen", text)
                continue
            yield from self._hits(year, path, _page(case, page))
        for path in (self._kontroll(year), self.out / "manifest.json"):
            if path.is_file():
                files.append(path)
                try:
                    yield from self._hits(year, path, _log(case, path, kommun))
                except ValueError:
                    yield Leak(
                        "olast", kommun, year, "", {}, path, "hela filen", "Filen är skadad."
                    )

    def _hits(self, year: int, path: Path, hits: Iterable[Hit]) -> Iterator[Leak]:
        for hit in hits:
            text = RULES[hit.rule]
            if hit.figure is not None:
                yield self._leak(hit.rule, year, hit.figure, path, hit.place, text)
            else:
                row, _, column = hit.detail.partition("\t")
                yield Leak(
                    hit.rule,
                    self.town.kommun,
                    year,
                    "",
                    {"rad": row, "kolumn": column},
                    path,
                    hit.place,
                    text,
                )


def _values(narrowest: Narrowest) -> int:
    return narrowest.values


def _page(case: Case, page: Page) -> Iterator[Hit]:
    for block in page.texts:
        yield from sentences.check(case, block)
    for table in page.tables:
        reader = cells.Reader(case, table)
        told = list(cells.check(reader))
        yield from told
        yield from totals.check(reader, {hit.figure for hit in told})
        for block in cell_texts(table):
            yield from sentences.check(case, block)


def _log(case: Case, path: Path, kommun: str) -> Iterator[Hit]:
    texts: list[Text] = []
    yield from logs.check(case, path, texts, kommun)
    for block in texts:
        yield from sentences.check(case, block)


def _each_once(leaks: Iterable[Leak]) -> list[Leak]:
    """Drop what is told twice: a text in a chart's title and in its alternative text."""
    found: dict[tuple[object, ...], Leak] = {}
    for leak in leaks:
        quote = leak.place.partition("«")[2] or leak.place
        key = (leak.rule, leak.ar, leak.dataset, tuple(leak.keys.items()), leak.file, quote)
        found.setdefault(key, leak)
    return list(found.values())
