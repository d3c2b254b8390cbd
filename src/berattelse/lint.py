"""What Markdown would lose without a word: told before anything is typeset.

Pandoc reads any text, so a slip of the writer becomes plain text, or nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from berattelse import qmd
from berattelse.errors import SourceError
from berattelse.model import Place

NOWHERE = Place(Path(), 0)
CALLOUTS = ("note", "tip", "warning", "important", "caution")

_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_NOTE = re.compile(r"(?<![\\\w\]])\[\^([^\]\s]+)\](?!:)")
_NOTED = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:")
_CALLOUT = re.compile(r"^\s*:{3,}\s*\{[^}]*\.callout-([\w-]+)")


def faults(lines: Sequence[tuple[str, Place | None]]) -> list[SourceError]:
    """Return what would be lost of the composed document's lines, code left aside.

    Args:
        lines: of the document, each with where it came from; a line without a place is none of
            the writer's.
    """
    told = [qmd.Line(text, place or NOWHERE) for text, place in lines]
    places = (place for _, place in lines)
    plain = list(zip(qmd.without_code(told), places, strict=True))
    found = [*_tables(plain), *_notes(plain), *_callouts(plain)]
    order = {id(place): number for number, (_, place) in enumerate(plain)}
    return sorted(found, key=lambda fault: order.get(id(fault.place), 0))


def _tables(lines: Sequence[tuple[str, Place | None]]) -> Iterator[SourceError]:
    """Yield a fault for each row of a pipe table with more cells than its head."""
    for number, (text, _) in enumerate(lines):
        if number == 0 or "|" not in text or not _RULE.match(text):
            continue
        width = _cells(lines[number - 1][0])
        if width != _cells(text):
            continue  # no table: pandoc wants as many dashes as heads
        for row, place in lines[number + 1 :]:
            if "|" not in row:
                break
            cells = _cells(row)
            if cells > width and place is not None:
                yield SourceError(
                    f"Tabellraden har {cells} celler men rubrikraden bara {width}.",
                    place=place,
                    remedy="Ta bort ett |, eller lägg till en kolumn i rubrikraden och strecken. "
                    "Ett | som ska synas skrivs \\|.",
                )


def _cells(row: str) -> int:
    bare = row.strip().removeprefix("|")
    bare = re.sub(r"(?<!\\)\|$", "", bare)
    return len(re.findall(r"(?<!\\)\|", bare)) + 1


def _notes(lines: Sequence[tuple[str, Place | None]]) -> Iterator[SourceError]:
    defined = {match[1] for text, _ in lines if (match := _NOTED.match(text))}
    for text, place in lines:
        for match in _NOTE.finditer(text):
            if match[1] not in defined and place is not None:
                yield SourceError(
                    f"Fotnoten [^{match[1]}] har ingen text.",
                    place=place,
                    remedy=f"Skriv den på en egen rad längre ned: [^{match[1]}]: Text.",
                )


def _callouts(lines: Sequence[tuple[str, Place | None]]) -> Iterator[SourceError]:
    for text, place in lines:
        match = _CALLOUT.match(text)
        if match and match[1] not in CALLOUTS and place is not None:
            yield SourceError(
                f"Det finns ingen ruta som heter «callout-{match[1]}».",
                place=place,
                remedy=f"Välj någon av {', '.join(f'callout-{kind}' for kind in CALLOUTS)}.",
            )
