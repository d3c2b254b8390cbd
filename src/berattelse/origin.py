"""Where a line of the composed document came from, and where in it an element stands.

`compose` writes the map beside `composed.md`: for each of its lines the `.qmd` or partial and the
line there. Pandoc keeps no positions of Markdown, so a filter that finds a fault says what the
element is (an image with this file, a heading with this text) and which of its kind; `Origin`
looks it up in the Markdown and follows the map. Both are read only where there is a fault to tell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from berattelse import qmd
from berattelse.model import Place

NAME = "composed.map.json"
COMPOSED = "composed.md"

_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_ATTRIBUTES = re.compile(r"\{[^{}]*\}\s*$")
_TARGET = re.compile(r"\]\([^)]*\)")
_RAW = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*\{=(?P<format>\w+)\}\s*$")


def write(folder: Path, places: Sequence[Place | None]) -> None:
    """Write the map of a composed document: one place per line, None for what has no source."""
    files: dict[str, int] = {}
    lines = [
        [files.setdefault(str(place.file), len(files)), place.line] if place else None
        for place in places
    ]
    content = json.dumps({"files": list(files), "lines": lines}, separators=(",", ":"))
    (folder / NAME).write_text(content, encoding="utf-8", newline="\n")


def read(folder: Path) -> Origin:
    """Return the origin of the composed document in `folder`.

    Without a map, as for a document that was not made by `compose`, the places are those in the
    composed document itself; without that document there are none.
    """
    path = folder / COMPOSED
    if not path.is_file():
        return Origin((), ())
    text = path.read_text(encoding="utf-8")
    lines = tuple(text.removesuffix("\n").split("\n"))
    places: list[Place | None] = [Place(path, number) for number in range(1, len(lines) + 1)]
    if (folder / NAME).is_file():
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        files = [Path(name) for name in content["files"]]
        places = [Place(files[at[0]], at[1]) if at else None for at in content["lines"]]
    return Origin(lines, tuple(places))


@dataclass(frozen=True)
class Origin:
    """A composed document's lines and where each came from."""

    lines: tuple[str, ...]
    places: tuple[Place | None, ...]

    def place(self, line: int) -> Place | None:
        """Return where line `line` (from 1) came from; a line without source has none."""
        return self.places[line - 1] if 1 <= line <= len(self.places) else None

    def find(self, at: Mapping[str, object]) -> Place | None:
        """Return where an element stands.

        Args:
            at: `kind`, a key of `FINDERS`; `text`, what it is known by; `nr`, which of all that
                are known by the same (from 1, the last where there are fewer); `row`, a line
                within it (from 0). An empty one is nowhere.
        """
        lines = self._all(str(at["kind"]), str(at["text"])) if at else []
        if not lines:
            return None
        number = min(max(_whole(at.get("nr"), 1), 1), len(lines))
        return self.place(lines[number - 1] + _whole(at.get("row"), 0))

    def all(self, kind: str, text: str) -> list[Place]:
        """Return every place in which an element stands, each once."""
        places = (self.place(line) for line in self._all(kind, text))
        return list(dict.fromkeys(place for place in places if place is not None))

    def _all(self, kind: str, text: str) -> list[int]:
        return sorted(FINDERS[kind](self, text))

    def markdown(self) -> Iterator[tuple[int, str]]:
        """Yield the lines that are no code, with their numbers."""
        for index, line, info in self._told():
            if not info:
                yield index, line

    def _told(self) -> Iterator[tuple[int, str, str]]:
        front = 0
        if self.lines and self.lines[0] == "---" and "---" in self.lines[1:]:
            front = self.lines.index("---", 1) + 1
        there = Place(Path(COMPOSED), 1)
        body = [qmd.Line(line, there) for line in self.lines[front:]]
        for index, line, info in qmd.outside_code(body):
            yield front + index + 1, line.text, info

    def headings(self) -> Iterator[tuple[int, int, str]]:
        """Yield `(line, level, text)` of each heading, without its attributes."""
        before = (0, "")
        for number, line in self.markdown():
            found = _HEADING.match(line)
            under = _UNDERLINE.match(line)
            if found:
                yield number, len(found[1]), _ATTRIBUTES.sub("", found[2] or "").strip()
            elif under and before[0] == number - 1 and before[1].strip():
                yield before[0], 1 if under[1][0] == "=" else 2, _ATTRIBUTES.sub("", before[1])
            before = (number, line)


def _whole(number: object, otherwise: int) -> int:
    return int(number) if isinstance(number, int | float) else otherwise


def _letters(text: str) -> str:
    """Return what is left of a text without markup: letters and digits alone."""
    return re.sub(r"[\W_]+", "", _TARGET.sub("]", text)).lower()


def _with_pattern(make: Callable[[str], str]) -> Callable[[Origin, str], list[int]]:
    def find(origin: Origin, text: str) -> list[int]:
        pattern = re.compile(make(text))
        return [number for number, line in origin.markdown() for _ in pattern.finditer(line)]

    return find


def _images(origin: Origin, name: str, *, bare: bool = False) -> list[int]:
    """Return the lines of images with this file; `bare`: of those without any text for it."""
    found = []
    for number, line in origin.markdown():
        for match in re.finditer(r"(!\[)?([^\[\]]*)\]\(\s*<?([^)>\s]+)>?[^)]*\)(\{[^}]*\})?", line):
            same = name in (match[3], unquote(match[3]))
            told = match[2].strip() or re.search(r"\balt\s*=", match[4] or "")
            if same and not (bare and told):
                found.append(number)
        reference = re.match(r"^ {0,3}\[[^\]]+\]:\s*<?([^>\s]+)", line)
        if reference and name in (reference[1], unquote(reference[1])):
            found.append(number)
    return found


def _bare_images(origin: Origin, name: str) -> list[int]:
    return _images(origin, name, bare=True)


def _heading(origin: Origin, text: str) -> list[int]:
    """Return the lines of headings by level and text: `2 Ekonomi`."""
    level, _, words = text.partition(" ")
    return [
        number
        for number, depth, own in origin.headings()
        if str(depth) == level and _letters(own) == _letters(words)
    ]


def _identifier(origin: Origin, name: str) -> list[int]:
    pattern = re.compile(r"\{[^{}]*#" + re.escape(name) + r"(?=[\s}])")
    # Code may have an id too, on the line of its fence.
    lines = [
        number for number, line, info in origin._told() if info != "code" and pattern.search(line)
    ]
    # A heading without an id is given one, made of its words.
    lines += [
        number
        for number, _, own in origin.headings()
        if _letters(own) and _letters(own) == _letters(name) and number not in lines
    ]
    return lines


_STYLE = re.compile(r"custom-style\s*=\s*(?:\"((?:\\.|[^\"\\])*)\"|'((?:\\.|[^'\\])*)'|([^\s}]+))")


def _style(origin: Origin, name: str) -> list[int]:
    return [
        number
        for number, line in origin.markdown()
        for match in _STYLE.finditer(line)
        if name == re.sub(r"\\(.)", r"\1", match[1] or match[2] or match[3] or "")
    ]


def _text(origin: Origin, text: str) -> list[int]:
    """Return the lines that hold `text`, code or not; failing that, its beginning."""
    for length in (len(text), 40, 20) if text.strip() else ():
        lines = [number for number, line in enumerate(origin.lines, 1) if text[:length] in line]
        if lines:
            return lines
    return []


def _raw(origin: Origin, text: str, *, of: str) -> list[int]:
    """Return the first lines of raw code with this content, in blocks and within lines.

    Args:
        origin: the lines.
        text: the code.
        of: the format that it is raw for.
    """
    found: list[int] = []
    content: list[str] = []
    opened = 0
    for number, line, info in [*origin._told(), (len(origin.lines) + 1, "", "")]:
        if info != "code" and opened:
            if "\n".join(content[:-1]).strip() == text.strip():
                found.append(opened + 1)
            opened = 0
        match = _RAW.match(line) if info.startswith("```") else None
        if match and match["format"] == of:
            opened, content = number, []
        elif opened:
            content.append(line)
        elif not info and f"`{text}`{{={of}}}" in line:
            found.append(number)
    return found


FINDERS: Mapping[str, Callable[[Origin, str], list[int]]] = {
    "bild": _images,
    "bild-utan-text": _bare_images,
    "rubrik": _heading,
    "id": _identifier,
    "lank": _with_pattern(lambda text: r"\]\(\s*<?" + re.escape(text) + r">?[\s)]"),
    "referens": _with_pattern(lambda text: "@" + re.escape(text) + r"(?![\w-])"),
    "attribut": _with_pattern(  # its name and value, a space between
        lambda text: (
            r"(?<![\w-])"
            + re.escape(text.partition(" ")[0])
            + r"\s*=\s*[\"']?"
            + re.escape(text.partition(" ")[2])
        )
    ),
    "villkor": _with_pattern(lambda text: r"(?<![\w-])" + re.escape(text) + r"\s*="),
    "sidbrytning": _with_pattern(
        lambda _: (
            r"\{\{<\s*(?:pagebreak|newpage)|^\\(?:pagebreak|newpage)"
            r"|\.(?:pagebreak|page-break|sidbrytning)\b"
        )
    ),
    "fotnot": _with_pattern(lambda text: r"^\s*\[\^" + re.escape(text) + r"\]:"),
    "stil": _style,
    "text": _text,
    "typst": partial(_raw, of="typst"),
    "openxml": partial(_raw, of="openxml"),
}
"""How each kind of element is found: its lines in the composed document."""
