"""Read a `.qmd`: front matter, includes, conditional sections and cells, each line with its place.

The syntax is Quarto's own; nothing is added to it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from berattelse.errors import BerattelseError, SourceError, raise_all
from berattelse.model import Place, Target

INCLUDE = re.compile(
    r"""^\s*\{\{<\s*include\s+(?P<quote>["']?)(?P<path>(?:(?<=["'])[^"']+|\S+?))(?P=quote)\s*>\}\}\s*$"""
)
INLINE = re.compile(r"`\{python\}\s+(?P<expression>[^`]+)`")
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
_FENCE = re.compile(r"^(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})\s*(?P<info>[^`]*)$")
_DIV_OPEN = re.compile(r"^\s*:{3,}\s*(?P<attributes>\{.*\}|[\w-]+)\s*:*\s*$")
_DIV_CLOSE = re.compile(r"^\s*:{3,}\s*$")
_CONDITION = re.compile(r"(?P<kind>when|unless)-meta\s*=\s*\"?(?P<key>[\w.-]+)\"?")
_MAX_INCLUDE_DEPTH = 10


@dataclass(frozen=True)
class Line:
    """One line of source text, without its line end, and where it stands."""

    text: str
    place: Place


@dataclass(frozen=True)
class Markdown:
    """A run of Markdown lines between two cells."""

    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Cell:
    """A Python cell."""

    options: Mapping[str, Any]
    """The `#|` options."""
    code: tuple[Line, ...]
    """The lines after the options."""
    place: Place
    """The line of the opening fence."""
    written: tuple[Line, ...] = ()
    """The lines of the options, as they are written."""

    @property
    def label(self) -> str:
        """The cell's label, or an empty text."""
        return str(self.options.get("label", ""))

    @property
    def tags(self) -> Sequence[str]:
        """The cell's tags."""
        tags = self.options.get("tags", ())
        return (tags,) if isinstance(tags, str) else tuple(tags)


def inline_values(lines: Sequence[Line]) -> Iterator[tuple[int, str]]:
    """Yield `(index, expression)` of each `{python}` value in running text; code has none."""
    for index, line, info in outside_code(lines):
        if not info:
            for match in INLINE.finditer(line.text):
                yield index, match["expression"]


Block = Markdown | Cell
Resolve = Callable[[str, Place], Path]
"""Gives the file for an include's path, or raises `SourceError`."""


@dataclass(frozen=True)
class Source:
    """A report's source with its includes in place."""

    path: Path
    front_matter: Mapping[str, Any]
    lines: tuple[Line, ...]
    files: tuple[Path, ...]
    """Every file that the text came from."""


Load = Callable[[str], Any]
"""Reads YAML."""


def read(
    path: Path,
    resolve: Resolve,
    metadata: Mapping[str, Any] | None = None,
    load: Load = yaml.safe_load,
) -> Source:
    """Read a `.qmd` and put in the texts that it includes, at every depth.

    Args:
        path: the report's source.
        resolve: gives the file that an include means.
        metadata: what the target sets over the front matter; sections that it hides are left
            out, with their includes and cells. None keeps every section, as plain Quarto does.
        load: reads the front matter's YAML.

    Raises:
        SourceError: every unreadable file, failing include and unbalanced div at once.
    """
    front_matter, body = _split_front_matter(path, _file_lines(path, None), load)
    merged = None if metadata is None else {**front_matter, **metadata}
    reading = _Reading(resolve, merged, {path: None}, [])
    expanded = tuple(_expand(body, reading, depth=0))
    raise_all(SourceError, reading.faults)
    return Source(path, merged or front_matter, expanded, tuple(reading.files))


@dataclass(frozen=True)
class _Reading:
    """What one `read` carries from file to file."""

    resolve: Resolve
    metadata: Mapping[str, Any] | None
    files: dict[Path, None]
    faults: list[BerattelseError]


def read_front_matter(path: Path) -> dict[str, Any]:
    """Return the front matter of a `.qmd`.

    Raises:
        SourceError: the file cannot be read, or its front matter is not YAML.
    """
    return _split_front_matter(path, _file_lines(path, None))[0]


def declared_datasets(path: Path) -> frozenset[str]:
    """Return the names of the datasets that a report's front matter lists under `data:`.

    Raises:
        SourceError: the file cannot be read, or its front matter is not YAML.
    """
    return frozenset(str(name) for name in read_front_matter(path).get("data") or {})


def _file_lines(path: Path, included_at: Place | None) -> list[Line]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourceError(
            f"Filen {path} kan inte läsas: {error.strerror}.", place=included_at
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(
            "Filen är inte sparad som UTF-8.", place=path, remedy="Spara om den som UTF-8."
        ) from error
    return [Line(line, Place(path, number)) for number, line in enumerate(text.splitlines(), 1)]


def _split_front_matter(
    path: Path, lines: list[Line], load: Load = yaml.safe_load
) -> tuple[dict[str, Any], list[Line]]:
    if not lines or lines[0].text.rstrip() != "---":
        return {}, lines
    ends = (i for i, line in enumerate(lines) if i and line.text.rstrip() in ("---", "..."))
    end = next(ends, None)
    if end is None:
        raise SourceError("Dokumenthuvudet avslutas inte med «---».", place=lines[0].place)
    try:
        content = load("\n".join(line.text for line in lines[1:end]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = mark.line + 1 if mark is not None else 0
        raise SourceError(
            f"Dokumenthuvudet går inte att tolka som YAML ({getattr(error, 'problem', error)}).",
            place=Place(path, at + 1),
            remedy="Kontrollera indrag, kolon och citattecken.",
        ) from error
    if not isinstance(content, dict | None):
        raise SourceError("Dokumenthuvudet ska bestå av rader «nyckel: värde».", place=path)
    return content or {}, lines[end + 1 :]


def outside_code(lines: Sequence[Line]) -> Iterator[tuple[int, Line, str]]:
    """Yield `(index, line, info)` for each line; `info` tells what the line is.

    `info` is "" for Markdown, "code" inside a fenced block and on its closing fence, and the
    fence's info text with a leading "```" on the line that opens it.
    """
    fence = ""
    for index, line in enumerate(lines):
        if fence:
            match = _FENCE.match(line.text)
            closes = match is not None and match["fence"].startswith(fence) and not match["info"]
            yield index, line, "code"
            if closes:
                fence = ""
            continue
        match = _FENCE.match(line.text)
        if match is None:
            yield index, line, ""
        else:
            fence = match["fence"]
            yield index, line, "```" + match["info"].strip()


def without_code(lines: Sequence[Line]) -> list[str]:
    """Return the text of each line, fenced code empty and code within a line as blanks."""
    return [
        "" if info else _INLINE_CODE.sub(lambda code: " " * len(code[0]), line.text)
        for _, line, info in outside_code(lines)
    ]


def _expand(lines: Sequence[Line], reading: _Reading, depth: int) -> Iterator[Line]:
    if reading.metadata is not None:
        try:
            lines = drop_hidden(lines, reading.metadata)
        except SourceError as fault:
            reading.faults.append(fault)
            return
    for _, line, info in outside_code(lines):
        # In code too: a file may be shown as it is
        match = INCLUDE.match(line.text) if info in ("", "code") else None
        if match is None:
            yield line
            continue
        if depth >= _MAX_INCLUDE_DEPTH:
            reading.faults.append(
                SourceError(
                    f"Inkluderingarna är fler än {_MAX_INCLUDE_DEPTH} i djupled.",
                    place=line.place,
                    remedy="Kontrollera om en fil inkluderar sig själv.",
                )
            )
            continue
        try:
            path = reading.resolve(match["path"], line.place)
            included = _file_lines(path, line.place)
            if not info:
                included = _split_front_matter(path, included)[1]
        except SourceError as fault:
            reading.faults.append(fault)
            continue
        reading.files[path] = None
        if info:
            yield from included
            continue
        yield Line("", line.place)
        yield from _expand(included, reading, depth + 1)
        yield Line("", line.place)


def drop_hidden(lines: Sequence[Line], metadata: Mapping[str, Any]) -> tuple[Line, ...]:
    """Leave out the divs that `when-meta` and `unless-meta` hide, with all that they hold.

    Hidden cells are then never executed. Conditions on the format are left for typesetting.

    Raises:
        SourceError: a div that is never closed, or closed but never opened.
    """
    kept: list[Line] = []
    opened: list[tuple[Line, bool]] = []
    for _, line, info in outside_code(lines):
        match = _DIV_OPEN.match(line.text) if not info else None
        if match is not None:
            hidden = (bool(opened) and opened[-1][1]) or _hides(match["attributes"], metadata)
            opened.append((line, hidden))
            if not hidden:
                kept.append(line)
        elif not info and _DIV_CLOSE.match(line.text):
            if not opened:
                raise SourceError(
                    "Här stängs ett avsnitt «:::» som aldrig öppnats.", place=line.place
                )
            if not opened.pop()[1]:
                kept.append(line)
        elif not (opened and opened[-1][1]):
            kept.append(line)
    if opened:
        raise SourceError(
            "Avsnittet som öppnas här stängs aldrig.",
            place=opened[-1][0].place,
            remedy="Avsluta det med en egen rad «:::».",
        )
    return tuple(kept)


def _hides(attributes: str, metadata: Mapping[str, Any]) -> bool:
    condition = _CONDITION.search(attributes)
    if condition is None:
        return False
    holds = bool(lookup(metadata, condition["key"])) == (condition["kind"] == "when")
    return holds if ".content-hidden" in attributes else not holds


def lookup(metadata: Mapping[str, Any], key: str) -> Any:
    """Return the metadata under a dotted key, or None."""
    content: Any = metadata
    for part in key.split("."):
        if not isinstance(content, Mapping):
            return None
        content = content.get(part)
    return content


def blocks(lines: Sequence[Line]) -> list[Block]:
    """Divide the text into runs of Markdown and Python cells.

    Raises:
        SourceError: every cell whose `#|` options are not YAML, at once.
    """
    result: list[Block] = []
    markdown: list[Line] = []
    cell: list[Line] | None = None
    faults: list[BerattelseError] = []
    for _, line, info in outside_code(lines):
        if info.startswith("```{python") and "}" in info:
            if markdown:
                result.append(Markdown(tuple(markdown)))
            markdown, cell = [], [line]
        elif cell is not None:
            if info == "code" and _closes(cell[0], line):
                try:
                    result.append(_cell(cell))
                except SourceError as fault:
                    faults.append(fault)
                cell = None
            else:
                cell.append(line)
        else:
            markdown.append(line)
    if cell is not None:
        faults.append(SourceError("Kodcellen stängs aldrig.", place=cell[0].place))
    if markdown:
        result.append(Markdown(tuple(markdown)))
    raise_all(SourceError, faults)
    return result


def _closes(opening: Line, line: Line) -> bool:
    opened, closing = _FENCE.match(opening.text), _FENCE.match(line.text)
    return bool(
        opened and closing and closing["fence"].startswith(opened["fence"]) and not closing["info"]
    )


def _cell(lines: list[Line]) -> Cell:
    opening, body = lines[0], lines[1:]
    options: list[str] = []
    for line in body:
        if not line.text.startswith("#|"):
            break
        options.append(line.text[2:].removeprefix(" "))
    try:
        content = yaml.safe_load("\n".join(options)) if options else {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = mark.line if mark is not None else 0
        raise SourceError(
            f"Cellens inställning går inte att tolka som YAML ({getattr(error, 'problem', '')}).",
            place=body[min(at, len(body) - 1)].place,
            remedy="Skriv «#| nyckel: värde»; text med kolon sätts inom citattecken.",
        ) from error
    if not isinstance(content, dict):
        raise SourceError(
            "Cellens inställningar ska skrivas «#| nyckel: värde».", place=body[0].place
        )
    written = tuple(body[: len(options)])
    return Cell(content, tuple(body[len(options) :]), opening.place, written)


def default_parameters(path: Path, cells: Sequence[Block] | None = None) -> dict[str, Any]:
    """Return what the report's `parameters` cell assigns, types kept.

    Raises:
        SourceError: no such cell, or it holds other things than `name = value`.
    """
    if cells is None:
        lines = _split_front_matter(path, _file_lines(path, None))[1]
        cells = blocks(lines)
    for cell in cells:
        if isinstance(cell, Cell) and "parameters" in cell.tags:
            return _assignments(cell)
    raise SourceError(
        "Rapporten saknar en cell med parametrar.",
        place=path,
        remedy="Lägg in en cell med «#| tags: [parameters]» som anger kommun och ar.",
    )


def _assignments(cell: Cell) -> dict[str, Any]:
    code = "\n".join(line.text for line in cell.code)
    parameters: dict[str, Any] = {}
    try:
        for node in ast.parse(code).body:
            if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
                raise ValueError
            parameters[node.targets[0].id] = ast.literal_eval(node.value)
    except (SyntaxError, ValueError) as error:
        raise SourceError(
            "Parametercellen får bara innehålla rader «namn = värde».", place=cell.place
        ) from error
    return parameters


def default_target(path: Path) -> Target:
    """Return the target that plain Quarto renders: the values of the `parameters` cell."""
    parameters = default_parameters(path)
    return Target(path.stem, str(parameters.get("kommun")), int(parameters.get("ar", 0)))
