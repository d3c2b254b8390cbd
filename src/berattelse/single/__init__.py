"""One document by itself, `.qmd`, `.ipynb` or `.md`, by Quarto's rules and without a project.

    reading -> kernel -> cells + shortcodes -> composed document -> typeset

The rules that a berättelse has over Quarto's (a caption for each figure, say) do not hold here.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import yaml

from berattelse import cell_options, compose, images, inline, notebook, tools
from berattelse.cells import Cells
from berattelse.errors import BerattelseError, SourceError, UsageError
from berattelse.model import Document, Format, Job, Place, Target, TargetSettings
from berattelse.profile import Profile, standard
from berattelse.profile.reading import read_profile
from berattelse.shortcodes import Shortcodes
from berattelse.single import checked, filters, front, includes, kernel, metadata, reading
from berattelse.typeset.inbyggd import Inbyggd

FORMATS: Mapping[str, Format] = {"html": "html", "docx": "docx", "typst": "pdf", "pdf": "pdf"}
"""What `--to` may be -> our format; `pdf` is made by typst too."""
SUFFIXES = (".qmd", ".ipynb", ".md")
_SECONDS_1980 = 315_532_800
_ADDRESS = re.compile(r"(?i)^(?:[a-z][a-z0-9+.-]+:|//|#)")
_MISSING = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160" viewBox="0 0 240 160">'
    '<path d="M1 1h238v158H1zM1 1l238 158M239 1L1 159" fill="none" stroke="#767676"/></svg>\n'
)
_SHOWN = (*images.SUFFIXES, ".gif", ".webp")


@dataclass
class Warnings:
    """What the user should know of one document, each once, as `file:line: text`."""

    told: dict[str, None] = field(default_factory=dict)

    def add(self, message: str, place: object = None) -> None:
        """Add a warning."""
        self.told.setdefault(f"{place}: {message}" if place is not None else message)

    def known(self, message: str) -> bool:
        """Return whether the same has been said, wherever."""
        return any(text.endswith(message) for text in self.told)

    def once(self, message: str, place: object = None) -> None:
        """Add a warning that is told once per document, at its first place."""
        if not self.known(message):
            self.add(message, place)


def render(source: Path, format: Format, out: Path, *, keep_typ: bool = False) -> Sequence[str]:
    """Render one document into the folder `out`, as `<stem>.html`, `.docx` or `.pdf`.

    Args:
        source: the `.qmd`, `.ipynb` or `.md`; its folder is read as it is.
        format: what is made.
        out: the folder, made where it is missing.
        keep_typ: whether the typst code of a PDF is kept beside it, as `<stem>.typ`.

    Returns:
        Warnings in Swedish, with place.

    Raises:
        UsageError: no such document.
        BerattelseError: it cannot be rendered.
    """
    if not source.is_file() or source.suffix.lower() not in SUFFIXES:
        raise UsageError(
            f"«{source}» är inget dokument som kan läsas.",
            remedy=f"Ange en fil som finns och slutar på {', '.join(SUFFIXES)}.",
        )
    warnings = Warnings()
    with tempfile.TemporaryDirectory(prefix="berattelse-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        document = _document(source, format, folder, warnings)
        made = folder / f"ut.{format}"
        with tools.lenient():
            for text in Inbyggd().typeset(document, format, made):
                warnings.add(text)
        out.mkdir(parents=True, exist_ok=True)
        _move(made, out / f"{source.stem}.{format}")
        if keep_typ and (code := folder / "ut.typ").is_file():
            _move(code, out / f"{source.stem}.typ")
    return tuple(warnings.told)


def _move(made: Path, target: Path) -> None:
    """Put a file in its place whole: a reader sees the old one or the new one."""
    beside = target.with_name(f".{target.name}.ny")
    shutil.copyfile(made, beside)
    beside.replace(target)


def _document(source: Path, format: Format, folder: Path, warnings: Warnings) -> Document:
    read = reading.read(source, folder, warnings.once)
    settings = checked.checked(
        metadata.gather(source, read.front_matter, format), source, warnings.once
    )
    kernel.run(read, source, settings, format)
    job = _job(source, settings, format, warnings)
    # No clock in the file but where the author asks for it: the document's own day
    facts = front.title_block(settings, source, dt.date.today())
    document = Document(
        job,
        folder,
        _timestamp(facts),
        reader=filters.reader(settings, source, warnings.once),
        filters=filters.wrapped(settings, source, folder, format, warnings.once),
    )
    coded = _shortcodes(source, facts, folder, format)
    written = Cells(format, _defaults(settings), folder, warnings.once, colours=True)
    lines = coded.lines(list(_lines(read, written)))
    facts = includes.resolved(_without_engine(facts), source, format, coded, warnings.once)
    for text, place in coded.warnings:
        warnings.once(text, place)
    resources = settings.get("resource-path") or []
    resources = resources if isinstance(resources, list) else [resources]
    lines = _with_pictures(lines, job, format, folder, warnings, resources)
    head = yaml.safe_dump(facts, allow_unicode=True, sort_keys=True, width=float("inf"))
    first: list[compose.Line] = [(line, None) for line in f"---\n{head}---".split("\n")]
    compose.write(document, [*first, ("", None), *lines])
    return document


def _lines(read: reading.Read, written: Cells) -> Sequence[compose.Line]:
    lines: list[compose.Line] = []
    values: list[Mapping[str, str]] = []
    for cell in read.notebook.cells:
        kind = cell.metadata[notebook.KEY]["kind"]
        if kind == "inline":
            values = list(inline.results(cell))
        elif kind == "text":
            if values:
                lines += [("", None), *compose.with_values(cell, values)]
            else:
                texts = cell.source.split("\n")
                places = [notebook.place(cell, number) for number in range(1, len(texts) + 1)]
                lines += [("", None), *zip(texts, places, strict=True)]
            values = []
        elif kind == "cell":
            place = notebook.place(cell, 1)
            text = written.markdown(cell)
            lines += [("", None), *((line, place) for line in text.split("\n")), ("", None)]
    return lines


def _defaults(settings: Mapping[str, Any]) -> dict[str, Any]:
    own = {
        name: settings[name] for name in cell_options.OF_DOCUMENT if settings.get(name) is not None
    }
    execute = settings.get("execute")
    return {**own, **execute} if isinstance(execute, Mapping) else own


def _without_engine(facts: Mapping[str, Any]) -> dict[str, Any]:
    own = {
        key: content
        for key, content in facts.items()
        if key not in metadata.ENGINE and not str(key).startswith("_")
    }
    return {**own, "engine": "markdown", "enskilt": True}


def _job(source: Path, settings: Mapping[str, Any], format: Format, warnings: Warnings) -> Job:
    title = settings.get("title")
    facts = TargetSettings(str(title) if title is not None else "", "", "", "", dnr="")
    return Job(
        Target(source.stem, "", 0),
        facts,
        source,
        frozenset(),
        formats=(format,),
        profile=_profile(source, warnings),
    )


def _profile(source: Path, warnings: Warnings) -> Profile:
    """Return the profile of the nearest `_brand.yml` beside or above, up to the project's root.

    One that a report could not have (too little contrast, say) is told of and left out here.
    """
    root = metadata.project_root(source)
    for folder in source.resolve().parents:
        if (folder / "_brand.yml").is_file():
            try:
                return read_profile(folder)
            except BerattelseError as error:
                warnings.add(f"Den grafiska profilen används inte. {error}")
                break
        if root is None or folder == root:
            break
    return standard.profile()


def _shortcodes(source: Path, facts: Mapping[str, Any], folder: Path, format: Format) -> Shortcodes:
    root = metadata.project_root(source) or source.resolve().parent
    variables = metadata.read_file(root / "_variables.yml")
    brand = metadata.read_file(root / "_brand.yml")
    if isinstance(own := facts.get("brand"), Mapping):
        brand = metadata.merged(brand, own)
    own = bool(filters.shortcode_files(facts, source))
    return Shortcodes(facts, folder, variables, brand, single=True, extensions=own)


def _timestamp(facts: Mapping[str, Any]) -> int:
    """Return the time that the file carries: the document's date, else a fixed one."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given.isdigit():
        return int(given)
    try:
        day = dt.date.fromisoformat(str(facts.get("date-iso")))
    except ValueError:
        return _SECONDS_1980
    return max(int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()), 0)


def _with_pictures(
    lines: Sequence[compose.Line],
    job: Job,
    format: Format,
    folder: Path,
    warnings: Warnings,
    resources: Sequence[object],
) -> list[compose.Line]:
    root = metadata.project_root(job.source) or job.source.resolve().parent

    def missing() -> Path:
        """Return a picture that shows that one is missing; Word and PDF need a file."""
        path = folder / "saknas.svg"
        path.write_text(_MISSING, encoding="utf-8", newline="\n")
        return path

    def find(written: str, place: Place, job: Job) -> Path | BerattelseError | None:
        if _ADDRESS.match(written):
            if written.lower().startswith("data:"):
                return None
            if format == "html":
                warnings.add(
                    f"Bilden «{written}» ligger på nätet: den följer inte med sidan.", place
                )
                return None
            warnings.add(f"Bilden «{written}» hämtas inte från nätet.", place)
            return missing()
        made = (folder / written).resolve()
        if made.is_file() and made.is_relative_to(folder.resolve()):  # by the engine
            return None
        name = unquote(written).split("?")[0]
        own = root / name.lstrip("/") if name.startswith("/") else job.source.parent / name
        tried = [own, place.file.parent / name]
        tried += [job.source.parent / str(each) / name for each in resources]
        if not own.suffix:  # as pandoc's default extension
            tried += [own.with_suffix(suffix) for suffix in images.SUFFIXES]
        found = next((path for path in tried if path.is_file()), None)
        if found is None:
            warnings.add(f"Bilden «{written}» finns inte.", place)
            return None if format == "html" else missing()
        if found.suffix.lower() not in _SHOWN:
            warnings.add(f"Bilden «{written}» är av ett slag som inte kan visas.", place)
            return None if format == "html" else missing()
        fault = images.fault_of(found)
        if not fault:
            return found
        warnings.add(f"Bilden «{written}» {fault}.", place)
        try:
            whole = folder / f"utan-utifran-{len(list(folder.glob('utan-utifran-*')))}.svg"
            images.write_without_fetched(found, whole)
        except images.UNREADABLE:
            return found if format == "html" else missing()
        return whole

    done, faults = images.gather(lines, job, folder, find)
    for fault in faults:
        raise SourceError(fault.message, place=fault.place, remedy=fault.remedy)
    return done
