"""The letters of the charts: the profile's typeface, and what stands in for letters it lacks.

matplotlib brings DejaVu Sans (most alphabets and signs) and a font of last resort, whose boxes say
which writing a letter belongs to. So nothing of a machine's own is used, and nothing is missing.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import matplotlib
from matplotlib import font_manager

from berattelse.charts.theme import Theme

RESERVES = {
    "DejaVuSans.ttf": "DejaVu Sans",
    "LastResortHE-Regular.ttf": "Last Resort High-Efficiency",
}
"""File -> the family that it calls itself."""
GENERIC = "sans-serif"


@cache
def files(theme: Theme, weight: str) -> tuple[str, ...]:
    """Return the font files of a weight, "normal" or "semibold", in the order they are tried."""
    own = theme.semibold if weight == "semibold" else theme.regular
    return (own, *(str(path) for path in _reserves()))


@cache
def properties(theme: Theme, weight: str, size: float) -> font_manager.FontProperties:
    """Return a weight and size in points as matplotlib wants them."""
    return font_manager.FontProperties(family=_families(files(theme, weight)), size=size)


def css(*families: str) -> str:
    """Return families as the list that SVG and CSS want, a generic one last."""
    quoted = ("'{}'".format(name.replace("\\", "").replace("'", "\\'")) for name in families)
    return ", ".join((*quoted, GENERIC))


def runs(theme: Theme, weight: str, text: str) -> list[tuple[str, str]]:
    """Divide a text where its font changes: `[(family, part of the text), …]`.

    A reader that looks for a letter in other fonts takes the whole line from the first one that
    has every letter of it; typst does. A space stays with what stands before it.
    """
    first = _having(files(theme, weight)[0])
    if first.issuperset(map(ord, text)):
        return [(theme.family, text)]
    found: list[tuple[str, str]] = []
    for letter in text:
        family = theme.family if ord(letter) in first else _reserve(letter) or theme.family
        if found and (family == found[-1][0] or letter == " "):
            found[-1] = (found[-1][0], found[-1][1] + letter)
        else:
            found.append((family, letter))
    return found


@cache
def _having(path: str) -> frozenset[int]:
    """Return the letters that a font file has."""
    return frozenset(font_manager.get_font(path).get_charmap())


@cache
def _reserve(letter: str) -> str | None:
    """Return the family that stands in for a letter."""
    fonts = ((path, font_manager.get_font(str(path))) for path in _reserves())
    has = (RESERVES[path.name] for path, font in fonts if font.get_char_index(ord(letter)))
    return next(has, None)


@cache
def _reserves() -> tuple[Path, ...]:
    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    return tuple(path for name in RESERVES if (path := folder / name).is_file())


@cache
def _families(paths: tuple[str, ...]) -> list[str]:
    # matplotlib falls back between families, not files: each file is one under a name of ours
    names = [f"berattelse-{path}" for path in paths]
    font_manager.fontManager.ttflist += [
        font_manager.FontEntry(fname=path, name=name, size="scalable")
        for path, name in zip(paths, names, strict=True)
    ]
    return names
