"""Read the manifest and the gate's record: no hidden figure may stand beside its keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from berattelse.audit.case import Case, Hit
from berattelse.audit.naming import ENOUGH
from berattelse.audit.pages import Text, squeeze
from berattelse.audit.words import Bag

_FACTS = frozenset(("byte", "ar", "sha256", "fil", "format", "datum", "nr"))
"""Keys of the files' own facts, which are no figures."""


def check(case: Case, path: Path, texts: list[Text], kommun: str) -> Iterator[Hit]:
    """Yield the entries that hold a hidden figure; the texts in them are added to `texts`."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for place, entry in _entries(content, ""):
        if entry.get("kommun", kommun) != kommun:
            continue
        yield from _told(case, place, entry)
    for place, text, around in _strings(content, "", kommun, ""):
        texts.append(Text(squeeze(text), place, around, "logg"))


def _entries(content: Any, place: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(content, Mapping):
        yield place or "hela filen", content
        for key, inner in content.items():
            yield from _entries(inner, f"{place}, {key}" if place else str(key))
    elif isinstance(content, list):
        for i, inner in enumerate(content, start=1):
            yield from _entries(inner, f"{place or 'post'} {i}")


def _told(case: Case, place: str, entry: Mapping[str, Any]) -> Iterator[Hit]:
    said = [str(text) for text in _leaves(entry)]
    keys = (
        {str(text) for text in entry.get("nycklar", {}).values()}
        if isinstance(entry.get("nycklar"), Mapping)
        else set()
    )
    numbers = {
        key: value for key, value in entry.items()
        if key not in _FACTS and str(value) not in keys and _is_number(value)
    }  # fmt: skip
    if not numbers:
        return
    bag = Bag(*said)
    for name in case.secrets:
        figure = name.figure
        if any(part.share(bag) < ENOUGH for part in name.needed):
            continue
        named = figure.name in said or figure.period in said
        for key, value in numbers.items():
            if named and float(value) == figure.number and key not in figure.keys:
                yield Hit("siffra_i_logg", figure, f"{place}, {key}")


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or (isinstance(value, str) and value.strip().isdigit())


def _leaves(content: Any) -> Iterator[str]:
    if isinstance(content, Mapping):
        for inner in content.values():
            yield from _leaves(inner)
    elif isinstance(content, list):
        for inner in content:
            if not isinstance(inner, Mapping):
                yield from _leaves(inner)
    elif isinstance(content, str):
        yield content


def _strings(content: Any, place: str, kommun: str, around: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(content, Mapping):
        if content.get("kommun", kommun) != kommun:
            return
        own = " ".join(str(content[key]) for key in ("titel", "datamangd") if key in content)
        for key, inner in content.items():
            if key not in ("nycklar", *_FACTS):
                yield from _strings(
                    inner, f"{place}, {key}" if place else str(key), kommun, own or around
                )
    elif isinstance(content, list):
        for i, inner in enumerate(content, start=1):
            yield from _strings(inner, f"{place or 'post'} {i}", kommun, around)
    elif isinstance(content, str) and " " in content:
        yield place, content, around
