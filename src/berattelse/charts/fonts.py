"""The letters of the charts: Source Sans, and what stands in for the letters that it lacks.

matplotlib brings DejaVu Sans (most alphabets and signs) and a font of last resort, whose boxes say
which writing a letter belongs to. So nothing of a machine's own is used, and nothing is missing.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import font_source_sans_pro  # type: ignore[import-untyped]
import matplotlib
from matplotlib import font_manager

RESERVES = ("DejaVuSans.ttf", "LastResortHE-Regular.ttf")
_OWN = {
    "normal": font_source_sans_pro.font_files_ttf["SourceSansPro"],
    "semibold": font_source_sans_pro.font_files_ttf["SourceSansProSemibold"],
}


@cache
def files(weight: str) -> tuple[str, ...]:
    """Return the font files of a weight, "normal" or "semibold", in the order they are tried."""
    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    reserves = (folder / name for name in RESERVES)
    return (str(_OWN[weight]), *(str(path) for path in reserves if path.is_file()))


@cache
def properties(weight: str, size: float) -> font_manager.FontProperties:
    """Return a weight and size in points as matplotlib wants them."""
    return font_manager.FontProperties(family=_families(weight), size=size)


@cache
def _families(weight: str) -> list[str]:
    # matplotlib falls back between families, not files: each file is one under a name of ours
    names = [f"berattelse-{weight}-{number}" for number, _ in enumerate(files(weight))]
    font_manager.fontManager.ttflist += [
        font_manager.FontEntry(fname=path, name=name, size="scalable")
        for path, name in zip(files(weight), names, strict=True)
    ]
    return names
