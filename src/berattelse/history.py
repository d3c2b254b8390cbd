"""The data that the last build used, kept by content hash: what changed since then.

`.berattelse/data/` holds each dataset as canonical CSV under its SHA-256, and for each kommun
and year which of them the last build used, and the build before that with other data. It holds
true figures: it stays on the machine and is never published. It may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from berattelse.gate import Checked
from berattelse.intake import read_canonical, write_csv
from berattelse.missing import Missing, is_missing
from berattelse.publish import replace

STORE = Path(".berattelse") / "data"

Figure = float | Missing | None
"""A number, a missing one with its reason, or None where there is no such row."""


@dataclass(frozen=True)
class Change:
    """A figure that is not what it was."""

    dataset: str
    keys: Mapping[str, str]
    old: Figure
    new: Figure
    unit: str = ""
    hidden: bool = False
    """Whether either figure is protected: then neither is told."""

    @property
    def kind(self) -> str:
        """ "tillkommen", "borttagen" or "ändrad"."""
        if self.old is None:
            return "tillkommen"
        return "borttagen" if self.new is None else "ändrad"

    @property
    def difference(self) -> float | None:
        """New minus old, where both are numbers."""
        if isinstance(self.old, int | float) and isinstance(self.new, int | float):
            return self.new - self.old
        return None


@dataclass(frozen=True)
class Used:
    """The data of one kommun and year as a build used it."""

    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    hidden: Mapping[str, frozenset[int]] = field(default_factory=dict)


def remember(root: Path, checked: Checked) -> None:
    """Keep the data that a build has used as the last; other data before it as the one before."""
    store = root / STORE
    store.mkdir(parents=True, exist_ok=True)
    entry: dict[str, Any] = {}
    for name, table in checked.tables.items():
        content = write_csv(table.frame)
        digest = hashlib.sha256(content).hexdigest()
        path = store / f"{digest}.csv"
        if not path.is_file():
            replace(path, content)
        entry[name] = {
            "sha256": digest,
            "skyddade": sorted(checked.hidden.rows.get(name, frozenset())),
        }
    pointer = _pointer(root, checked)
    known = _read(pointer)
    if known.get("senast") != entry:
        known = {"senast": entry, "innan": known.get("senast") or {}}
        replace(pointer, (json.dumps(known, ensure_ascii=False, indent=1) + "\n").encode())


def _pointer(root: Path, checked: Checked) -> Path:
    return root / STORE / f"{checked.kommun}-{checked.ar}.json"


def _read(pointer: Path) -> dict[str, Any]:
    try:
        content = json.loads(pointer.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def used(root: Path, checked: Checked, which: str = "senast") -> Used | None:
    """Return the data of the last build (`senast`) or the one before (`innan`), if it is kept."""
    entry = _read(_pointer(root, checked)).get(which)
    if not entry:
        return None
    frames: dict[str, pd.DataFrame] = {}
    hidden: dict[str, frozenset[int]] = {}
    for name, facts in entry.items():
        table = checked.tables.get(name)
        try:
            content = (root / STORE / f"{facts['sha256']}.csv").read_bytes()
        except OSError:
            continue  # deleted: the dataset counts as unknown
        if table is not None and hashlib.sha256(content).hexdigest() == facts["sha256"]:
            frames[name] = read_canonical(content, table.dataset)
            hidden[name] = frozenset(facts.get("skyddade", ()))
    return Used(frames, hidden)


def now(checked: Checked) -> Used:
    """Return the data as it is now, in the same shape."""
    return Used({name: table.frame for name, table in checked.tables.items()}, checked.hidden.rows)


def changes(checked: Checked, old: Used, new: Used) -> list[Change]:
    """Return every figure that was added, removed or changed, dataset by dataset, row by row.

    A dataset that only one side has is told figure by figure too.
    """
    found: list[Change] = []
    for name in sorted({*old.frames, *new.frames}):
        table = checked.tables.get(name)
        if table is None or table.dataset.slag != "tal":
            continue
        keys = table.dataset.nycklar
        before = _figures(old.frames.get(name), keys, old.hidden.get(name, frozenset()))
        after = _figures(new.frames.get(name), keys, new.hidden.get(name, frozenset()))
        for key in dict.fromkeys([*before, *after]):
            was, unit_was, hid_was = before.get(key, (None, "", False))
            is_, unit_is, hid_is = after.get(key, (None, "", False))
            if was != is_ or (unit_was and unit_is and unit_was != unit_is):
                named = {k: text for k, text in zip(keys, key, strict=True) if text}
                found.append(Change(name, named, was, is_, unit_is or unit_was, hid_was or hid_is))
    return found


def _figures(
    frame: pd.DataFrame | None, keys: tuple[str, ...], hidden: frozenset[int]
) -> dict[tuple[str, ...], tuple[Figure, str, bool]]:
    if frame is None or frame.empty:
        return {}
    columns = {name: frame[name].tolist() for name in frame.columns}
    blank = [""] * len(frame)
    result = {}
    for row in range(len(frame)):
        number = columns["varde"][row]
        reason = str(columns.get("orsak", blank)[row]) or "uppgift_saknas"
        key = tuple(str(columns.get(name, blank)[row]) for name in keys)
        figure: Figure = Missing(reason) if is_missing(number) else float(number)
        result[key] = (figure, str(columns.get("enhet", blank)[row]), row in hidden)
    return result
