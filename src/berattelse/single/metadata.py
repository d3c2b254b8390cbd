"""The settings of a single document: from `_quarto.yml` down to its own front matter.

The nearest wins: project, folders (`_metadata.yml`), document; and within each, what stands under
`format: <the chosen one>` wins over the top. YAML is read as Quarto reads it (1.2: a date is text,
`no` is a word).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from berattelse.config import PROJECT_FILE
from berattelse.errors import SettingsError
from berattelse.model import Format

Warn = Callable[[str, object], None]
"""`warn(message, place)`: tells what is done without."""

QUARTO_NAMES: Mapping[Format, str] = {"html": "html", "docx": "docx", "pdf": "typst"}
"""Our formats by the names that Quarto's documents use: our PDF is its `typst`."""

ENGINE = ("format", "project", "execute", "jupyter", "berattelse", "filters", "website", "book")
"""Keys that are for the engine and not for the text."""


class Loader(yaml.SafeLoader):
    """YAML 1.2's core types, with unknown tags as text: `!expr 1 + 1` is no fault of YAML."""


Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("int", r"^(?:[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+|0o[0-7]+)$", "-+0123456789"),
    (
        "float",
        r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+)$",
        "-+0123456789.",
    ),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("merge", r"^<<$", "<"),
):
    Loader.add_implicit_resolver("tag:yaml.org,2002:" + _tag, re.compile(_pattern), list(_first))


def _tagged(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return f"!{suffix} {node.value}"
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


Loader.add_multi_constructor("!", _tagged)


def load(text: str) -> Any:
    """Read YAML as Quarto does.

    Raises:
        yaml.YAMLError: it is none.
    """
    return yaml.load(text, Loader=Loader)


def read_file(path: Path) -> dict[str, Any]:
    """Read a YAML file of settings; a missing one has none.

    Raises:
        SettingsError: it cannot be read, or is no mapping.
    """
    if not path.is_file():
        return {}
    try:
        content = load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"Filen kan inte läsas: {error}.", place=path) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise SettingsError(
            f"Raden går inte att tolka som YAML ({getattr(error, 'problem', None) or error}).",
            place=f"{path}:{mark.line + 1}" if mark is not None else path,
            remedy="Kontrollera indrag, kolon och citattecken.",
        ) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise SettingsError("Filen ska bestå av rader «nyckel: värde».", place=path)
    return content


def project_root(source: Path) -> Path | None:
    """Return the nearest folder at or above the document that has a `_quarto.yml`, if any."""
    return next(
        (folder for folder in source.resolve().parents if (folder / PROJECT_FILE).is_file()), None
    )


def merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `over` laid on `under`: mappings are joined, lists added, other values replaced."""
    result = dict(under)
    for key, content in over.items():
        before = result.get(key)
        if isinstance(before, Mapping) and isinstance(content, Mapping):
            result[key] = merged(before, content)
        elif isinstance(before, list) and isinstance(content, list):
            result[key] = [*before, *(item for item in content if item not in before)]
        else:
            result[key] = content
    return result


def for_format(metadata: Mapping[str, Any], format: Format) -> dict[str, Any]:
    """Return the metadata with what stands under `format: <format>` on top of it."""
    formats = metadata.get("format")
    own = formats.get(QUARTO_NAMES[format]) if isinstance(formats, Mapping) else None
    own = own if isinstance(own, Mapping) else {}
    return merged(metadata, own)


def gather(source: Path, front_matter: Mapping[str, Any], format: Format) -> dict[str, Any]:
    """Return all settings that hold for a document in one format.

    Raises:
        SettingsError: a file of settings cannot be read.
    """
    result: dict[str, Any] = {}
    root = project_root(source)
    if root is not None:
        result = for_format(read_file(root / PROJECT_FILE), format)
        folders = [f for f in source.resolve().parents if f == root or f.is_relative_to(root)]
        for folder in reversed(folders):
            result = merged(result, for_format(read_file(folder / "_metadata.yml"), format))
    return merged(result, for_format(front_matter, format))
