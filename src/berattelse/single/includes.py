"""What the front matter of a single document points to: files put into the page, literature."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from berattelse.errors import BerattelseError, SettingsError, raise_all
from berattelse.model import Format, shown
from berattelse.shortcodes import Shortcodes
from berattelse.single.metadata import Warn, project_root

_HTML_KEYS = {
    "include-in-header": "header-includes",
    "include-before-body": "include-before",
    "include-after-body": "include-after",
    "header-includes": "header-includes",
    "include-before": "include-before",
    "include-after": "include-after",
}
"""Quarto's keys for raw text in the page, and where our template has it."""
_CONTENT = frozenset({"reference-doc", "template", "listing", "lof", "lot", "columns", "server"})
"""Of the unsupported ones those that change what the reader gets, not only how it looks."""


def resolved(
    facts: Mapping[str, Any], source: Path, format: Format, coded: Shortcodes, warn: Warn
) -> dict[str, Any]:
    """Return the front matter with files found, raw texts read and shortcodes put in place.

    Raises:
        SettingsError: files that do not exist, all at once.
    """
    result = {key: _coded(content, coded) for key, content in facts.items()}
    if cited := result.get("citat"):
        # A block of code, so that no sign of it is read as Markdown
        code = {"bibtex": f"```\n{cited['bibtex']}\n```\n"} if "bibtex" in cited else {}
        result["citat"] = {**cited, **code}
    faults: list[BerattelseError] = []
    for key in ("bibliography", "csl"):
        if result.get(key):
            result[key] = _files(result[key], key, source, faults)
    raw: dict[str, list[str]] = {}
    for key, place in _HTML_KEYS.items():
        content = result.pop(key, None)
        if content is not None and format == "html":
            raw.setdefault(place, []).extend(_raw(content, key, source, faults))
    if format == "html" and result.get("css"):
        for path in _files(result.pop("css"), "css", source, faults):
            sheet = Path(path).read_text(encoding="utf-8").replace("</", "<\\/")
            raw.setdefault("header-includes", []).append(f"<style>\n{sheet}\n</style>")
    result.pop("css", None)
    for place, texts in raw.items():
        result[place] = [_block(coded.text(text, "raw")) for text in texts]
    for key in sorted(_CONTENT & set(facts)):
        if facts[key] not in (False, None):
            warn(f"«{key}» i dokumenthuvudet stöds inte.", place_of(source, key))
    raise_all(SettingsError, faults)
    return result


def place_of(source: Path, key: str) -> str:
    """Return where a key of the front matter stands."""
    if source.suffix.lower() != ".ipynb":
        text = source.read_text(encoding="utf-8-sig")
        for number, line in enumerate(text.splitlines(), 1):
            if re.match(rf"\s*{re.escape(key)}\s*:", line):
                return f"{shown(source)}:{number}"
    return shown(source)


def _coded(content: Any, coded: Shortcodes) -> Any:
    if isinstance(content, str):
        return coded.text(content) if "{{<" in content else content
    if isinstance(content, list):
        return [_coded(each, coded) for each in content]
    if isinstance(content, Mapping):
        return {key: _coded(each, coded) for key, each in content.items()}
    return content


def _files(content: Any, key: str, source: Path, faults: list[BerattelseError]) -> list[str]:
    found = []
    for written in content if isinstance(content, list) else [content]:
        path = _find(str(written), source)
        if path is None:
            faults.append(
                SettingsError(f"Filen «{written}» ({key}) finns inte.", place=place_of(source, key))
            )
        else:
            found.append(str(path))
    return found


def _find(written: str, source: Path) -> Path | None:
    root = project_root(source)
    name = unquote(written)
    tried = [source.parent / name, *([root / name.lstrip("/")] if root else [])]
    return next((path.resolve() for path in tried if path.is_file()), None)


def _raw(content: Any, key: str, source: Path, faults: list[BerattelseError]) -> list[str]:
    """Return raw HTML: a file's name, `{file: …}` or `{text: …}`, or a list of such."""
    texts: list[str] = []
    for each in content if isinstance(content, list) else [content]:
        if isinstance(each, Mapping) and "text" in each:
            texts.append(str(each["text"]))
            continue
        name = str(each.get("file", "")) if isinstance(each, Mapping) else str(each)
        if key in ("header-includes", "include-before", "include-after"):
            texts.append(name)
            continue
        for path in _files(name, key, source, faults):
            texts.append(Path(path).read_text(encoding="utf-8"))
    return texts


def _block(text: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    # With its line end: else pandoc reads it as running text
    return f"{fence}{{=html}}\n{text.strip()}\n{fence}\n"
