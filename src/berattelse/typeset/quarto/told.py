"""What Quarto says, as faults and warnings that a writer can use: in Swedish, with the source line.

Quarto tells what it finds in four ways: itself (`ERROR: …`, YAML with `(line 3, columns 1--5)`),
by its filters (`WARNING (…/refs.lua:128) …`), by pandoc (`[WARNING] …`) and by Typst
(`error: …`, with an excerpt of what it was given). Their own words are kept, short, since they
are what can be searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from berattelse.errors import TypesetError
from berattelse.model import Place
from berattelse.origin import Origin

MAX_LINES = 6
MAX_LENGTH = 600

_START = re.compile(
    r"^(?:(?P<own>WARNING|WARN|ERROR|FATAL|CRITICAL)(?::[ ]?|[ ]\(.*?:-?\d+\)[ ])"
    r"|\[(?P<pandoc>WARNING|ERROR)\][ ]?"
    r"|(?P<typst>error|warning):[ ])(?P<text>.*)$"
)
_OTHER = re.compile(r"^(?:Error running filter |pandoc(?:\.exe)?: |Error parsing YAML )")
_STACK = re.compile(r"^(?:Stack trace:|stack traceback:|\s+at [\w.<>]+ ?\()")
_YAML = re.compile(r"\(line (\d+), columns? \d+")
_IN_FILE = re.compile(r"In file (\S+)")
_PANDOC_LINE = re.compile(r"\bline (\d+),? column \d+")
_EXCERPT = re.compile(r"^\s*\d+\s*[│|]\s?(.*\S)", re.MULTILINE)
_CELL = re.compile(r"executing the following cell:\n-{3,}\n(?P<code>.*?)\n-{3,}\n", re.DOTALL)
_IN_CELL = re.compile(r"Cell In\s?\[\d+\], line (\d+)")
_RAISED = re.compile(r"^(?:UncaughtCellError:)?[\w.]*(?:Error|Exception|Interrupt)\b.*", re.M)
_DRAWN = re.compile(r"^\s*(?:\d+\s*)?[│┌╭╰]|^\d+: |^\s*~+\s*$|^In file ")
"""Of the excerpts that Typst and Quarto draw: the writer gets the line of the source instead."""
_EMPTY = ("Typst compilation failed", "FATAL QUARTO ERROR")
"""Says nothing that has not been said."""

KNOWN: tuple[tuple[re.Pattern[str], str, str, str], ...] = (
    (
        re.compile(r"Unable to resolve crossref @(\S+)"),
        "Hänvisningen @{0} pekar inte på något.",
        "referens",
        "Kontrollera namnet, och att det som den pekar på finns med i dokumentet.",
    ),
    (
        re.compile(r"(?:Could not fetch resource|could not find (?:image|file)) '?([^\s:']+)"),
        "Bilden {0} finns inte.",
        "bild",
        "",
    ),
    (
        re.compile(r"FloatRefTarget with no content: (\S+)"),
        "Figuren eller tabellen {0} har inget innehåll.",
        "id",
        "",
    ),
    (re.compile(r"Shortcode '(.+?)' not found"), "Kortkoden {0} finns inte i Quarto.", "kod", ""),
    (
        re.compile(r"Unknown (?:meta key|var) (\S+) specified"),
        "Kortkoden frågar efter {0}, som inte finns.",
        "text",
        "",
    ),
    (re.compile(r"Duplicate identifier '(.+?)'"), "Namnet {0} används två gånger.", "id", ""),
    (re.compile(r"Duplicate note reference '(.+?)'"), "Fotnoten [^{0}] finns två gånger.",
     "fotnot", ""),
    (re.compile(r"Note with key '(.+?)' defined"), "Fotnoten [^{0}] används aldrig i texten.",
     "fotnot", ""),
    (re.compile(r"Div (?:at )?.*?unclosed"), "Ett avsnitt ::: stängs aldrig.", "rad", ""),
    (
        re.compile(r"papermill package is required"),
        "Quarto behöver Pythonpaketet papermill för att ge rapporten dess parametrar.",
        "",
        "Installera det där Quarto kör Python: pip install papermill.",
    ),
    (
        re.compile(r"unknown font family: (.+)"),
        "Typst hittar inte typsnittet {0} och tar ett annat.",
        "",
        "",
    ),
)  # fmt: skip
"""Pattern, message, what `origin` finds its first group by, and what to do."""


@dataclass(frozen=True)
class Message:
    """One thing that Quarto says."""

    fatal: bool
    text: str
    """All of its lines."""


def told(
    output: str, where: Origin, source: Path, stage: Path
) -> tuple[list[TypesetError], list[str]]:
    """Return the faults and the warnings in what Quarto has written, each told once.

    Args:
        output: standard output and error, without colours.
        where: the lines of the text that Quarto was given, and where they came from.
        source: the report's `.qmd`, for what stands in no line of its text.
        stage: the staging folder; its path is left out of the messages.
    """
    faults: dict[str, TypesetError] = {}
    warnings: dict[str, None] = {}
    for message in messages(_without_paths(output, stage)):
        fault = _fault(message, where, source)
        if message.fatal:
            faults[str(fault)] = fault
        else:
            warnings[str(fault)] = None
    return list(faults.values()), list(warnings)


def _without_paths(output: str, stage: Path) -> str:
    for written in {str(stage), str(stage.resolve()), stage.as_posix()}:
        output = output.replace(written + "\\", "").replace(written + "/", "")
        output = output.replace(written, ".")
    return output


def messages(output: str) -> Iterator[Message]:
    """Divide what Quarto writes into its messages; what is progress alone is passed over."""
    fatal = False
    lines: list[str] = []
    for line in [*output.splitlines(), "ERROR: "]:
        start = _START.match(line)
        if start is None and not _OTHER.match(line):
            # A warning is over at an empty line; a fault may hold them
            if lines and (fatal or line.strip()):
                lines.append(line)
            elif lines:
                yield from _message(fatal, lines)
                lines = []
            continue
        yield from _message(fatal, lines)
        level = (start["own"] or start["pandoc"] or start["typst"]) if start else "ERROR"
        fatal = not level.upper().startswith("WARN")
        # A space keeps a message whose text begins on its second line
        lines = [start["text"] or " " if start else line]


def _message(fatal: bool, lines: Sequence[str]) -> Iterator[Message]:
    text = "\n".join(lines).strip()
    if short(text) and not any(empty in text for empty in _EMPTY):
        yield Message(fatal, text)


def _fault(message: Message, where: Origin, source: Path) -> TypesetError:
    cell = _CELL.search(message.text)
    if cell is not None:
        return _cell_fault(message.text, cell["code"], where)
    for pattern, text, kind, remedy in KNOWN:
        found = pattern.search(message.text)
        if found is not None:
            named = (found[1] if found.groups() else "").strip("\"'")
            place = _known_place(kind, named, message.text, where)
            return TypesetError(f"Quarto: {text.format(named)}", place=place, remedy=remedy)
    frame = "Quarto stannade" if message.fatal else "Quarto varnar"
    return TypesetError(
        f"{frame}: {short(message.text)}", place=_place(message.text, where, source)
    )


def short(text: str) -> str:
    """Return the first lines of a message, on one line."""
    lines: list[str] = []
    for line in text.splitlines():
        if _STACK.match(line) or len(lines) == MAX_LINES:
            break
        if line.strip() and not _DRAWN.match(line):
            lines.append(" ".join(line.split()))
    joined = " | ".join(lines)
    return joined if len(joined) <= MAX_LENGTH else joined[: MAX_LENGTH - 1] + "…"


def _known_place(kind: str, named: str, text: str, where: Origin) -> Place | None:
    if kind == "rad":
        return _pandoc_place(text, where)
    if kind == "kod":
        kind, named = "text", f"{{{{< {named}"
    return where.find({"kind": kind, "text": named}) if kind and named else None


def _place(text: str, where: Origin, source: Path) -> Place | Path | None:
    """Return where in the source a message without a known meaning points."""
    yaml, file = _YAML.search(text), _IN_FILE.search(text)
    if yaml is not None:
        if file is not None and Path(file[1]).name in ("_quarto.yml", "_brand.yml"):
            return source.parent.parent / Path(file[1]).name
        # The front matter of the composed document is no line of any one file
        return where.place(int(yaml[1])) or source
    for excerpt in _EXCERPT.findall(text):
        found = where.find({"kind": "text", "text": excerpt.strip().removeprefix("#")})
        if found is not None:
            return found
    return _pandoc_place(text, where)


def _pandoc_place(text: str, where: Origin) -> Place | None:
    """Return where a line that pandoc names came from: it never sees the front matter."""
    found = _PANDOC_LINE.search(text)
    if found is None:
        return None
    front = 0
    if where.lines and where.lines[0] == "---" and "---" in where.lines[1:]:
        front = where.lines.index("---", 1) + 1
    line = front + int(found[1])
    if "Div" in text:
        opened = [at for at, each in enumerate(where.lines, 1) if each.lstrip().startswith(":::")]
        line = min(opened, key=lambda at: abs(at - line), default=line)
    return where.place(line)


def _cell_fault(text: str, code: str, where: Origin) -> TypesetError:
    raised = list(_RAISED.finditer(text, text.index(code) + len(code)))
    told = short(text[raised[-1].start() :]) if raised else "cellen kunde inte köras"
    lines = code.split("\n")
    inside = _IN_CELL.findall(text)
    at = min(int(inside[-1]) if inside else 1, len(lines))
    starts = (
        index
        for index in range(len(where.lines))
        if list(where.lines[index : index + len(lines)]) == lines
    )
    start = next(starts, None)
    place = None if start is None else where.place(start + at)
    return TypesetError(f"Quarto: en cell gav fel: {told}", place=place)
