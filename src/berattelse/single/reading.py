"""A `.qmd`, `.md` or `.ipynb` as a notebook whose every line knows where it came from."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import nbformat.reader
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from berattelse import notebook, qmd
from berattelse.errors import SourceError
from berattelse.model import Place
from berattelse.qmd import Line
from berattelse.single.metadata import Warn, load, merged, project_root

_FOREIGN = re.compile(r"^```\{+(?P<language>[A-Za-z][\w+#-]*)(?P<more>[ ,].*)?\}+\s*$")
_OPTION = re.compile(r"^\s*(?:#|%%|//|--|\*|\|)\|\s?(?P<text>.*)$")
_BLOCK_END = re.compile(r"^(?:---|\.\.\.)\s*$")
_HEADING = re.compile(r"^#{1,6}\s+(?P<text>.*?)\s*#*\s*(?P<attributes>\{[^{}]*\})?\s*$")
_UNDERLINED = re.compile(r"^(?:=+|-+)\s*$")
_ATTACHED = re.compile(r"\]\(attachment:([^)\s]+)")
_DIVISION = re.compile(r"^(?P<head>\s*:{3,}\s*\{)(?P<inner>[^{}]*=[^{}]*)(?P<tail>\}\s*:*\s*)$")
_SPACED = re.compile(r"""("[^"]*"|'[^']*')|\s*=\s*""")
DIAGRAMS = ("mermaid", "dot")


@dataclass(frozen=True)
class Read:
    """A document as it is read, before anything is run."""

    front_matter: Mapping[str, Any]
    notebook: NotebookNode
    files: tuple[Path, ...]
    """Every file that the text came from."""
    stored: bool
    """Whether the cells come with outputs of an earlier run (`.ipynb`)."""
    executes: bool
    """Whether there are cells of a kind that is executed; plain `.md` has none."""


def read(source: Path, folder: Path, warn: Warn) -> Read:
    """Read a document.

    Args:
        source: the `.qmd`, `.md` or `.ipynb`.
        folder: of the composed document, for pictures that lie within a notebook.
        warn: is told what is shown otherwise than its author meant.

    Raises:
        SourceError: it cannot be read; all faults at once.
    """
    if source.suffix.lower() == ".ipynb":
        return _read_notebook(source, folder, warn)
    text = qmd.read(source, resolver(source, warn), None, load)
    front_matter, lines = _further_metadata(dict(text.front_matter), text.lines)
    executes = source.suffix.lower() != ".md"
    lines = tuple(_tidied(tuple(_shown_code(lines, warn, python=executes))))
    blocks = qmd.blocks(lines) if executes else [qmd.Markdown(lines)]
    built = notebook.build(blocks, {}, strict=False)
    if any(cell.cell_type == "code" for cell in built.cells):
        _take_title(front_matter, built)
    return Read(front_matter, built, (source, *text.files), stored=False, executes=executes)


def resolver(source: Path, warn: Warn) -> qmd.Resolve:
    """Return the function that finds an included file: seen from the document, as in Quarto.

    One that is only found beside the text that includes it is taken too, and told of: Quarto
    would stop.
    """
    root = project_root(source) or source.resolve().parent

    def resolve(written: str, place: Place) -> Path:
        rooted = written.startswith("/")
        own = root / written.lstrip("/") if rooted else source.parent / written
        if own.is_file():
            return own
        beside = place.file.parent / written
        if not rooted and beside.is_file():
            warn(
                f"Sökvägen «{written}» räknas i Quarto från dokumentets mapp, och där finns ingen "
                "sådan fil.",
                place,
            )
            return beside
        raise SourceError(
            f"Filen «{written}» finns inte.",
            place=place,
            remedy="Sökvägen räknas från dokumentets mapp, eller från projektets om den börjar "
            "med «/».",
        )

    return resolve


def _further_metadata(
    front_matter: dict[str, Any], lines: Sequence[Line]
) -> tuple[dict[str, Any], tuple[Line, ...]]:
    """Take out the blocks of YAML that stand further down in the text: metadata too."""
    kept: list[Line] = []
    told = list(qmd.outside_code(lines))
    index = 0
    while index < len(told):
        _, line, info = told[index]
        before = kept[-1].text.strip() if kept else ""
        following = told[index + 1][1].text.strip() if index + 1 < len(told) else ""
        if not info and line.text.rstrip() == "---" and not before.endswith("|") and following:
            ends = (i for i in range(index + 1, len(told)) if _BLOCK_END.match(told[i][1].text))
            end = next(ends, None)
            content = None
            # A rule needs an empty line before it, or it is the line below a heading
            if end is not None and (not before or told[index - 1][2] == "code"):
                try:
                    content = load("\n".join(each.text for _, each, _ in told[index + 1 : end]))
                except yaml.YAMLError:
                    content = None
            if isinstance(content, dict) and end is not None:
                front_matter = merged(content, front_matter)
                index = end + 1
                continue
        kept.append(line)
        index += 1
    return front_matter, tuple(kept)


def _shown_code(lines: Sequence[Line], warn: Warn, *, python: bool) -> Iterator[Line]:
    """Yield the lines with cells that are not run as code that is shown, without their options."""
    opened: Line | None = None
    verbatim, head = "", False
    for _, line, info in qmd.outside_code(lines):
        match = _FOREIGN.match(info.replace("~", "`")) if info else None
        if info.startswith("```"):
            opened, verbatim, head = line, "", False
        if match is not None and info.startswith("```{{"):
            # Written for a reader: {{python}} is shown with its fences and one pair of braces
            verbatim = "`" * (len(line.text) - len(line.text.lstrip("` ")) + 2)
            yield Line(f"{verbatim} {{.markdown}}", line.place)
            yield Line(f"```{{{match['language']}{match['more'] or ''}}}", line.place)
        elif match is not None and (match["language"] != "python" or not python):
            language = match["language"]
            if python and language not in DIAGRAMS:  # of those the filters tell
                warn(f"Celler i {language} körs inte; koden visas.", line.place)
            start = line.text.index("{")
            yield Line(f"{line.text[:start]}{{.{language} .cell-code}}", line.place)
            head = True
        elif head and info == "code" and _OPTION.match(line.text):
            continue
        elif verbatim and info == "code" and opened is not None and qmd._closes(opened, line):
            yield Line("```", line.place)
            yield Line(verbatim, line.place)
            verbatim = ""
        else:
            head = False
            yield line


def _tidied(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines with `key = value` of divisions as pandoc asks for it: `key=value`."""
    for _, line, info in qmd.outside_code(lines):
        if not info and (match := _DIVISION.match(line.text)):
            inner = _SPACED.sub(lambda found: found[1] or "=", match["inner"])
            yield Line(f"{match['head']}{inner}{match['tail']}", line.place)
        else:
            yield line


def _take_title(front_matter: dict[str, Any], built: NotebookNode) -> None:
    """Give a document without title that of the heading which the first text begins with."""
    if front_matter.get("title"):
        return
    for cell in built.cells:
        if cell.cell_type != "markdown" or not cell.source.strip():
            continue
        lines = cell.source.split("\n")
        first = next(i for i, line in enumerate(lines) if line.strip())
        match = _HEADING.match(lines[first])
        if match is not None:
            front_matter["title"] = match["text"]
            lines[first] = ""
        elif first + 1 < len(lines) and _UNDERLINED.match(lines[first + 1]):
            front_matter["title"] = lines[first].strip()
            lines[first] = lines[first + 1] = ""
        cell.source = "\n".join(lines)
        return


def _read_notebook(source: Path, folder: Path, warn: Warn) -> Read:
    try:
        content = source.read_text(encoding="utf-8-sig")
        # What the format forbids but can be read is no hindrance
        stored = nbformat.convert(nbformat.reader.reads(content), 4)
        cells_of = stored.cells
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"Filen kan inte läsas: {error}.", place=source) from error
    except Exception as error:  # nbformat raises many kinds for what is no notebook
        raise SourceError(
            "Filen är ingen Jupyter-anteckningsbok som kan läsas.",
            place=source,
            remedy="Öppna den i Jupyter och spara om den.",
        ) from error
    front_matter: dict[str, Any] = {}
    cells: list[NotebookNode] = []
    places = _Places(source, content)
    for given in cells_of:
        lines = places.of(str(given.source))
        if not front_matter and given.cell_type in ("raw", "markdown"):
            front_matter, rest = qmd._split_front_matter(source, list(lines), load)
            lines = tuple(rest)
            if front_matter and not any(line.text.strip() for line in lines):
                continue
        if given.cell_type == "code":
            cells.append(_code_cell(given, lines, stored, warn))
        else:
            text = "\n".join(line.text for line in lines)
            mime = str(given.metadata.get("raw_mimetype", given.metadata.get("format", "")))
            if given.cell_type == "raw" and mime in ("text/html", "html"):
                lines = (lines[0], *lines, lines[-1]) if lines else ()
                text = f"```{{=html}}\n{text}\n```"
            cells += _text_cells(_attached(text, given, folder, len(cells)), lines)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    built: NotebookNode = new_notebook()
    built.cells = cells
    _take_title(front_matter, built)
    return Read(front_matter, built, (source,), stored=True, executes=True)


def _text_cells(text: str, lines: Sequence[Line]) -> Iterator[NotebookNode]:
    there = list(lines) or [Line("", Place(Path(), 1))]
    own = [
        Line(line, there[min(number, len(there) - 1)].place)
        for number, line in enumerate(text.split("\n"))
    ]
    yield from notebook.build([qmd.Markdown(tuple(own))], {}, strict=False).cells


def _code_cell(
    given: NotebookNode, lines: Sequence[Line], stored: NotebookNode, warn: Warn
) -> NotebookNode:
    language = str(
        stored.metadata.get("kernelspec", {}).get("language")
        or stored.metadata.get("language_info", {}).get("name")
        or "python"
    ).lower()
    opening = Line("```{python}", lines[0].place if lines else Place(Path(), 1))
    cell = qmd._cell([opening, *lines])
    made: NotebookNode = new_code_cell("\n".join(line.text for line in cell.code))
    made.metadata = notebook.metadata(
        "cell",
        cell.code or (opening,),
        options=dict(cell.options),
        written=[line.text for line in cell.written],
        language=language,
    ) | {"tags": [*given.metadata.get("tags", ()), *cell.tags]}
    made.outputs = [nbformat.from_dict(output) for output in given.get("outputs", ())]
    made.execution_count = given.get("execution_count")
    return made


def _attached(text: str, cell: NotebookNode, folder: Path, number: int) -> str:
    """Write the pictures that lie within a cell to files, and return the text with their names."""
    attachments = cell.get("attachments") or {}

    def write(match: re.Match[str]) -> str:
        for mime, data in (attachments.get(match[1]) or {}).items():
            suffix = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}.get(mime)
            if suffix:
                stem = re.sub(r"[^\w-]", "-", Path(match[1]).stem)
                name = f"figures/bilaga-{number}-{stem}.{suffix}"
                (folder / "figures").mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(base64.b64decode(data))
                return f"]({name}"
        return match[0]

    return _ATTACHED.sub(write, text)


class _Places:
    """Finds the lines of a notebook's cells in its file: there each is a string of JSON."""

    def __init__(self, source: Path, content: str) -> None:
        self.source = source
        self.file = [line.strip().rstrip(",") for line in content.splitlines()]
        self.at = 0

    def of(self, text: str) -> tuple[Line, ...]:
        found = []
        for line in text.splitlines():
            wanted = (json.dumps(line + "\n"), json.dumps(line),
                      json.dumps(line + "\n", ensure_ascii=False),
                      json.dumps(line, ensure_ascii=False))  # fmt: skip
            for number in range(self.at, len(self.file)):
                if self.file[number] in wanted:
                    self.at = number + 1
                    break
            found.append(Line(line, Place(self.source, max(self.at, 1))))
        return tuple(found)
