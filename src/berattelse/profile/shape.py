"""What may stand in a brand file: Quarto's brand format, and what is our own in it.

A shape says what a part of the file may be: `TEXT` for a single word or number, a mapping for known
keys, `Any of` for one of several, `Each` for a list or for keys of the writer's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from berattelse.config import unknown_key
from berattelse.errors import SettingsError
from berattelse.model import shown


@dataclass(frozen=True)
class Each:
    """A list whose items, or a mapping whose values, all have one shape."""

    shape: Any
    kind: type
    """`list` or `dict`."""


@dataclass(frozen=True)
class AnyOf:
    """One of several shapes, of which at most one is text, one a mapping and one a list."""

    shapes: tuple[Any, ...]


TEXT = "text"
FREE = None
"""What other programs read, or may stand there without being used."""

_BOTH = AnyOf((TEXT, {"light": TEXT, "dark": TEXT}))
_IMAGE = AnyOf((TEXT, {"path": TEXT, "alt": TEXT}))
_PICTURE = AnyOf((TEXT, {"path": TEXT, "alt": TEXT, "light": _IMAGE, "dark": _IMAGE}))
_WEIGHTS = AnyOf((TEXT, Each(TEXT, list)))
_FONT = {
    "family": TEXT,
    "source": TEXT,
    "weight": AnyOf((TEXT, Each(TEXT, list), {"min": TEXT, "max": TEXT})),
    "style": _WEIGHTS,
    "display": TEXT,
    "files": Each(AnyOf((TEXT, {"path": TEXT, "weight": TEXT, "style": TEXT})), list),
}
_SET = {"family": TEXT, "size": TEXT, "weight": TEXT, "line-height": TEXT}
_HEADINGS = {"family": TEXT, "weight": TEXT, "style": TEXT, "color": _BOTH, "line-height": TEXT}
_CODE = {**_SET, "color": _BOTH, "background-color": _BOTH}
_LINK = {"weight": TEXT, "color": _BOTH, "background-color": _BOTH, "decoration": TEXT}

BRAND: Mapping[str, Any] = {
    "meta": FREE,
    "logo": AnyOf(
        (
            TEXT,
            {
                "images": Each(_PICTURE, dict),
                **dict.fromkeys(("small", "medium", "large"), _PICTURE),
                **dict.fromkeys(("path", "alt"), TEXT),
            },
        )
    ),
    "color": {
        "palette": Each(_BOTH, dict),
        **dict.fromkeys(
            (
                *("foreground", "background", "primary", "secondary", "tertiary", "success"),
                *("info", "warning", "danger", "light", "dark", "link"),
            ),
            _BOTH,
        ),
    },
    "typography": {
        "fonts": Each(_FONT, list),
        "base": AnyOf((TEXT, _SET)),
        "headings": AnyOf((TEXT, _HEADINGS)),
        "monospace": AnyOf((TEXT, _CODE)),
        "monospace-inline": AnyOf((TEXT, _CODE)),
        "monospace-block": AnyOf((TEXT, _CODE)),
        "link": AnyOf((TEXT, _LINK)),
    },
    "defaults": FREE,
}
OURS: Mapping[str, Any] = {
    "diagram": Each(TEXT, list),
    "word": {"typsnitt": TEXT, "reserv": TEXT},
}
"""Under `defaults: berattelse:`."""


def faults(content: Any, shape: Any, path: Path, key: str = "") -> list[SettingsError]:
    """Return everything in `content` that does not have the shape, with key and file."""
    if shape is FREE:
        return []
    allowed = shape.shapes if isinstance(shape, AnyOf) else (shape,)
    if content is None:
        return [_fault(key, path, "är tom.", _hint(key))]
    fitting = next((each for each in allowed if _fits(content, each)), None)
    if fitting is None:
        wanted = " eller ".join(map(_words, allowed))
        return [_fault(key, path, f"ska vara {wanted}.")]
    found: list[SettingsError] = []
    if isinstance(fitting, Each):
        for name, part in content.items() if fitting.kind is dict else enumerate(content, 1):
            below = f"{key}.{name}" if fitting.kind is dict else f"{key}[{name}]"
            found += faults(part, fitting.shape, path, below)
    elif isinstance(fitting, Mapping):
        for name, part in content.items():
            if str(name) in fitting:
                below = f"{key}.{name}" if key else str(name)
                found += faults(part, fitting[str(name)], path, below)
            else:
                fault = unknown_key(str(name), tuple(fitting), shown(path))
                inside = f" i «{key}»" if key else ""
                found.append(
                    SettingsError(
                        f"Okänd nyckel «{name}»{inside}.", place=fault.place, remedy=fault.remedy
                    )
                )
    return found


def _fits(content: Any, shape: Any) -> bool:
    if isinstance(shape, Each):
        return isinstance(content, shape.kind)
    if isinstance(shape, Mapping):
        return isinstance(content, dict)
    return not isinstance(content, dict | list)


def _words(shape: Any) -> str:
    if isinstance(shape, Each):
        return "en lista" if shape.kind is list else "rader «namn: värde»"
    return "rader «nyckel: värde»" if isinstance(shape, Mapping) else "ett ord eller tal"


def _hint(key: str) -> str:
    if key.startswith(("color", "defaults.berattelse.diagram")):
        return "Sätt färgen inom citattecken: efter ett # läser YAML resten som en kommentar."
    return "Skriv ett värde, eller ta bort raden."


def _fault(key: str, path: Path, message: str, remedy: str = "") -> SettingsError:
    return SettingsError(f"«{key}» {message}" if key else f"Filen {message}",
                         place=shown(path), remedy=remedy)  # fmt: skip
