"""A brand file as a tree whose leaves know where they stand.

The format is Quarto's brand format, so that Quarto's own HTML and typst look the same way. What it
has no word for stands under `defaults: berattelse:`, which Quarto passes over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from berattelse.config import read_yaml
from berattelse.errors import BerattelseError, SettingsError, raise_all
from berattelse.model import shown
from berattelse.profile import shape


def read_brand(paths: Sequence[Path], root: Path) -> dict[str, Any]:
    """Return the brand files joined, a later one's keys in place of an earlier one's.

    Mappings and lists are as in the files, each scalar is a `Placed`. Files that do not exist are
    passed over. A path in them that begins with `/` is seen from `root`.

    Raises:
        SettingsError: files that cannot be read, and everything that is unknown, empty or of
            another kind than it should be; all at once.
    """
    faults: list[BerattelseError] = []
    brand: dict[str, Any] = {}
    for path in paths:
        if path.is_file():
            try:
                content = read_yaml(path)
            except SettingsError as fault:
                place = str(fault.place).replace(str(path), shown(path))
                faults.append(SettingsError(fault.message, place=place, remedy=fault.remedy))
                continue
            faults += shape.faults(content, shape.BRAND, path)
            ours = our_defaults(content)
            faults += shape.faults(ours, shape.OURS, path, "defaults.berattelse")
            if mapping(content.get("defaults")).get("berattelse", ours) is not ours:
                faults += shape.faults("", shape.OURS, path, "defaults.berattelse")
            brand = _joined(brand, _placed(content, path, root))
    raise_all(SettingsError, faults)
    return brand


class Placed:
    """A scalar of a brand file with the file that it stands in: paths and faults need it."""

    def __init__(self, content: Any, path: Path, key: str, root: Path) -> None:
        self.content = content
        self.path = path
        """The brand file."""
        self._root = root
        self.key = key
        """Such as `color.primary`."""

    def file(self, name: str) -> Path:
        """Return the file that a path in the brand file means; `/` is the project's folder."""
        start = self._root if name.startswith("/") else self.path.parent
        # No file's name holds a null, which the system would refuse with an error
        return (start / name.lstrip("/").replace("\0", "\ufffd")).resolve()

    def fault(self, message: str, remedy: str = "") -> SettingsError:
        """Return the fault of this scalar."""
        return SettingsError(f"«{self.key}»: {message}", place=shown(self.path), remedy=remedy)


def _placed(content: Any, path: Path, root: Path, key: str = "") -> Any:
    if isinstance(content, dict):
        below = f"{key}." if key else ""
        return {
            str(name): _placed(part, path, root, f"{below}{name}") for name, part in content.items()
        }
    if isinstance(content, list):
        return [_placed(part, path, root, f"{key}[{i}]") for i, part in enumerate(content, 1)]
    return Placed(content, path, key, root)


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
