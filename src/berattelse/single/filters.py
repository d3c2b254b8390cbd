"""A document's own reader and Lua filters, as its front matter names them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from berattelse import tools
from berattelse.model import Format
from berattelse.single.metadata import QUARTO_NAMES, Warn, project_root, read_file

_READERS = re.compile(
    r"(?:markdown(?:_\w+)?|commonmark(?:_x)?|gfm)(?:[+-][a-z_]+)*$", re.IGNORECASE
)
KNOWN = "filter.json"
"""What filters may ask for: the document's metadata and the project's variables."""
_PLACES = ("quarto", "citeproc")
"""Names in `filters:` that are no filters but places in the order."""


def reader(metadata: Mapping[str, Any], place: object, warn: Warn) -> str:
    """Return pandoc's reader for `from: …`; empty for ours."""
    given = metadata.get("from", metadata.get("reader"))
    if given is None:
        return ""
    name = str(given).strip()
    if not _READERS.match(name):
        warn(f"«from: {name}» stöds inte; dokumentet läses som Pandocs Markdown.", place)
        return ""
    plain = name.startswith(("commonmark", "gfm")) and "yaml_metadata_block" not in name
    return f"{name}+yaml_metadata_block" if plain else name


def wrapped(
    metadata: Mapping[str, Any], source: Path, folder: Path, format: Format, warn: Warn
) -> tuple[Path, ...]:
    """Return the document's filters, each in a file of ours that gives it what it counts on.

    Pandoc runs them before our own filters, over a document that is not yet in any format: `FORMAT`
    and the `quarto` module (`assets/filters/quarto.lua`) tell which it will be.
    """
    given = metadata.get("filters")
    own = shortcode_files(metadata, source)
    if given or own:
        root = project_root(source) or source.resolve().parent
        told = {"metadata": metadata, "variables": read_file(root / "_variables.yml")}
        (folder / KNOWN).write_text(json.dumps(told, default=str), encoding="utf-8")
    made: list[Path] = []
    if own:
        wrapper = folder / "filter-kortkoder.lua"
        text = _shortcode_wrapper(own, source, folder, format)
        wrapper.write_text(text, encoding="utf-8", newline="\n")
        made.append(wrapper)
    for entry in given if isinstance(given, list) else [] if given is None else [given]:
        name = str(entry.get("path", "")) if isinstance(entry, Mapping) else str(entry)
        if name in _PLACES:
            continue
        for path in _found(name, source):
            if path.suffix != ".lua":
                warn(f"Filtret «{name}» stöds inte: bara filter i Lua körs.", source)
                continue
            wrapper = folder / f"filter-{len(made)}.lua"
            wrapper.write_text(
                _wrapper(path, source, folder, format), encoding="utf-8", newline="\n"
            )
            made.append(wrapper)
        if not _found(name, source):
            warn(f"Filtret «{name}» finns inte och körs inte.", source)
    return tuple(made)


def shortcode_files(metadata: Mapping[str, Any], source: Path) -> list[Path]:
    """Return the Lua files with shortcodes of the document's own and of its extensions."""
    given = metadata.get("shortcodes")
    names = given if isinstance(given, list) else [] if given is None else [given]
    own = [source.resolve().parent / str(name) for name in names]
    for settings, contributes in _extensions(source):
        listed = contributes.get("shortcodes")
        own += [settings.parent / str(name) for name in listed or () if isinstance(name, str)]
    return [path for path in dict.fromkeys(own) if path.is_file()]


def _extensions(source: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the file of each extension beside the document or in its project, and what it adds."""
    root = project_root(source) or source.resolve().parent
    for base in dict.fromkeys((source.resolve().parent, root)):
        for settings in sorted(base.glob("_extensions/**/_extension.y*ml")):
            contributes = read_file(settings).get("contributes")
            if isinstance(contributes, Mapping):
                yield settings, contributes


def _found(name: str, source: Path) -> list[Path]:
    """Return the files of a filter: its own, or those that an extension of that name has."""
    root = project_root(source) or source.resolve().parent
    for path in (source.resolve().parent / name, root / name.lstrip("/")):
        if path.is_file():
            return [path]
    for settings, contributes in _extensions(source):
        if settings.parent.name == name.rpartition("/")[2]:
            own = contributes.get("filters")
            return [settings.parent / str(each) for each in own or () if isinstance(each, str)]
    return []


def _head(path: Path, source: Path, folder: Path, format: Format) -> tuple[str, ...]:
    """Return the lines that give a file of Lua what it counts on in Quarto."""
    return (
        f"FORMAT = '{QUARTO_NAMES[format]}'",
        f"PANDOC_SCRIPT_FILE = {_lua(path)}",
        f"package.path = {_lua(path.parent / '?.lua')} .. ';' .. package.path",
        f"quarto = dofile({_lua(tools.asset('filters/quarto.lua'))})",
        f"quarto.doc.input_file = {_lua(source.resolve())}",
        f"quarto.doc.directory = {_lua(path.parent)}",
        f"quarto.learn({_lua(folder / KNOWN)})",
    )


def _shortcode_wrapper(own: Sequence[Path], source: Path, folder: Path, format: Format) -> str:
    lines = ["local handlers = {}"]
    for path in own:
        lines += [
            *_head(path, source, folder, format),
            # A file returns its handlers, or leaves them as global functions
            "local before = {}",
            "for name in pairs(_G) do before[name] = true end",
            f"local returned = dofile({_lua(path)})",
            "if type(returned) ~= 'table' then",
            "  returned = {}",
            "  for name, value in pairs(_G) do",
            "    if not before[name] then returned[name] = value end",
            "  end",
            "end",
            "for name, handler in pairs(returned) do handlers[name] = handler end",
        ]
    lines.append(
        f"return {{ dofile({_lua(tools.asset('filters/own_shortcodes.lua'))})(handlers) }}"
    )
    return "\n".join((*lines, ""))


def _wrapper(path: Path, source: Path, folder: Path, format: Format) -> str:
    return "\n".join(
        (
            *_head(path, source, folder, format),
            f"local filter = dofile({_lua(path)})",
            "if filter ~= nil then return filter end",
            "",
        )
    )


def _lua(path: Path) -> str:
    """Return a path as a string of Lua, whatever signs it holds."""
    level = "=" * 5
    return f"[{level}[{path.as_posix()}]{level}]"
