"""A brand file as a tree whose leaves know where they stand.

The format is Quarto's brand format, so that Quarto's own HTML and typst look the same way. What it
has no word for stands under `defaults: berattelse:`, which Quarto passes over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from berattelse.config import read_yaml, unknown_key
from berattelse.errors import BerattelseError, SettingsError, raise_all

_KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("meta", "logo", "color", "typography", "defaults"),
    "logo": ("images", "small", "medium", "large"),
    "color": (
        *("palette", "foreground", "background", "primary", "secondary", "tertiary"),
        *("success", "info", "warning", "danger", "light", "dark"),
    ),
    "typography": (
        *("fonts", "base", "headings", "monospace", "monospace-inline", "monospace-block", "link"),
    ),
}
_OWN_KEYS = ("diagram", "word")


def read_brand(paths: Sequence[Path]) -> dict[str, Any]:
    """Return the brand files joined, a later one's keys in place of an earlier one's.

    Mappings and lists are as in the files, each scalar is a `Placed`. Files that do not exist are
    passed over.

    Raises:
        SettingsError: files that cannot be read, and every unknown key; all at once.
    """
    faults: list[BerattelseError] = []
    brand: dict[str, Any] = {}
    for path in paths:
        if path.is_file():
            try:
                content = read_yaml(path)
            except SettingsError as fault:
                faults.append(fault)
                continue
            faults += _unknown(content, path)
            brand = _joined(brand, _placed(content, path))
    raise_all(SettingsError, faults)
    return brand


class Placed:
    """A scalar of a brand file with the file that it stands in: paths and faults need it."""

    def __init__(self, content: Any, path: Path, key: str) -> None:
        self.content = content
        self.path = path
        self.key = key
        """Such as `color.primary`."""

    def fault(self, message: str, remedy: str = "") -> SettingsError:
        """Return the fault of this scalar."""
        return SettingsError(f"«{self.key}»: {message}", place=self.path, remedy=remedy)


def _placed(content: Any, path: Path, key: str = "") -> Any:
    if isinstance(content, dict):
        below = f"{key}." if key else ""
        return {str(name): _placed(part, path, f"{below}{name}") for name, part in content.items()}
    if isinstance(content, list):
        return [_placed(part, path, f"{key}[{i}]") for i, part in enumerate(content, 1)]
    return Placed(content, path, key)


def bare(placed: Any) -> Any:
    """Return what a leaf holds."""
    return placed.content if isinstance(placed, Placed) else placed


def _joined(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Return `below` with every key of `above` in its place; lists are replaced whole."""
    joined = dict(below)
    for key, content in above.items():
        old = joined.get(key)
        both = isinstance(old, dict) and isinstance(content, dict)
        joined[key] = _joined(old, content) if both else content  # type: ignore[arg-type]
    return joined


def mapping(content: Any) -> dict[str, Any]:
    """Return `content` if it is a mapping, else an empty one."""
    return content if isinstance(content, dict) else {}


def our_defaults(brand: Mapping[str, Any]) -> dict[str, Any]:
    """Return what stands under `defaults: berattelse:`."""
    return mapping(mapping(brand.get("defaults")).get("berattelse"))


def _unknown(content: Mapping[str, Any], path: Path) -> list[BerattelseError]:
    faults: list[BerattelseError] = []
    for block, known in _KEYS.items():
        part = content.get(block) if block else content
        if part is None:
            continue
        if not isinstance(part, dict):
            # `logo: marke.svg` is a short form of Quarto's
            if block != "logo" or not isinstance(part, str):
                faults.append(
                    SettingsError(f"«{block}» ska bestå av rader «nyckel: värde».", place=path)
                )
            continue
        faults += [unknown_key(str(key), known, path) for key in part if key not in known]
    ours = our_defaults(content)
    faults += [unknown_key(str(key), _OWN_KEYS, path) for key in ours if key not in _OWN_KEYS]
    word = ours.get("word")
    if isinstance(word, dict):
        known = ("typsnitt", "reserv")
        faults += [unknown_key(str(key), known, path) for key in word if key not in known]
    return faults
