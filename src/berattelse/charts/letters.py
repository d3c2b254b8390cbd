"""Text on a chart: how wide it is, where it breaks, and how an SVG says it."""

from __future__ import annotations

import bisect
import html
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from matplotlib import font_manager
from matplotlib.ft2font import LoadFlags

from berattelse import literal
from berattelse.charts import fonts
from berattelse.charts.theme import Theme, current

SIZE = 8.6
"""Size of the text in points; nothing is smaller than 8."""
TITLE_SIZE = 10.0
"""Size of the chart's title in points: running text is 11."""
LINE_MM = 3.7
"""From one line of text to the next."""
LONG_WORD = 40
"""Longer words than this are no words of a language, and may be divided anywhere."""
POINT_MM = 25.4 / 72

_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def drawn(text: str) -> str:
    """Return what is seen of a text: signs without a shape of their own would be drawn as boxes."""
    return literal.plain("".join(char for char in text if unicodedata.category(char) != "Cf"))


def text_mm(text: str, weight: str = "normal", size: float = SIZE) -> float:
    """Return the width of one line of text in millimetres, in the theme's typeface."""
    return _text_mm(fonts.files(current(), weight), text, size)


@cache
def _text_mm(files: tuple[str, ...], text: str, size: float) -> float:
    font = font_manager.get_font(files)
    font.set_size(size, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    # The drawn text is a little wider than its outline: bearings, and rounding per glyph
    return float(font.get_width_height()[0]) / 64 * POINT_MM * 1.03 + 0.1


def wrap(text: str, width_mm: float, weight: str = "normal", size: float = SIZE) -> list[str]:
    """Break a text into lines of at most `width_mm`; a longer word is divided anywhere."""
    lines: list[str] = []
    for word in drawn(text).split(" "):
        if lines and text_mm(f"{lines[-1]} {word}", weight, size) <= width_mm:
            lines[-1] += f" {word}"
            continue
        lines.append(word)
        while len(lines[-1]) > LONG_WORD and text_mm(lines[-1], weight, size) > width_mm:
            line = cut(lines[-1], width_mm, weight, size)
            lines[-1:] = [line, lines[-1][len(line) :]]
    return lines or [""]


def cut(text: str, width_mm: float, weight: str = "normal", size: float = SIZE) -> str:
    """Return as much of the beginning of a text as `width_mm` holds, one letter at least."""
    length = bisect.bisect_right(
        range(2, len(text) + 1),
        width_mm,
        key=lambda letters: text_mm(text[:letters], weight, size),
    )
    return text[: length + 1]


def widest(lines: Iterable[str], weight: str = "normal", size: float = SIZE) -> float:
    """Return the width of the widest line in millimetres."""
    return max((text_mm(line, weight, size) for line in lines), default=0.0)


def fitted(line: str, room_mm: float, weight: str, size: float) -> str:
    """Return a line that stays on the sheet whatever it says; only a very long one can leave it."""
    line = drawn(line)
    if len(line) <= LONG_WORD or text_mm(line, weight, size) <= room_mm:
        return line
    return cut(line, room_mm - 3, weight, size) + "…"


@dataclass(frozen=True)
class Line:
    """A line of text where it stands."""

    x: float
    """In millimetres from the left."""
    y: float
    """Of the baseline, in millimetres from the top."""
    text: str
    ha: str
    color: str
    weight: str
    size: float
    rotation: float


def svg_group(lines: Sequence[Line], theme: Theme) -> str:
    """Return lines of text as one SVG element, in points: text that can be found and copied.

    Where a reader has another typeface, each line still stands at its anchor.
    """
    families = fonts.css(theme.family, "DejaVu Sans")
    body = "".join(f"  {_element(line, theme)}\n" for line in lines)
    return (
        f'<g font-family="{html.escape(families)}" font-size="{SIZE:g}" font-weight="400" '
        f'fill="{theme.ink}">\n{body}</g>\n'
    )


def _element(line: Line, theme: Theme) -> str:
    x, y = (f"{place / POINT_MM:.2f}" for place in (line.x, line.y))
    facts = {"x": x, "y": y}
    if line.ha != "left":
        facts["text-anchor"] = _ANCHORS[line.ha]
    if line.size != SIZE:
        facts["font-size"] = f"{line.size:g}"
    if line.weight == "semibold":
        facts["font-weight"] = str(theme.weight)
    if line.color != theme.ink:
        facts["fill"] = line.color
    if line.rotation:
        facts["transform"] = f"rotate({-line.rotation:g} {x} {y})"
    said = " ".join(f'{name}="{content}"' for name, content in facts.items())
    parts = fonts.runs(theme, line.weight, line.text)
    return f"<text {said}>{''.join(_part(*part, theme) for part in parts)}</text>"


def _part(family: str, text: str, theme: Theme) -> str:
    escaped = html.escape(text, quote=False)
    if family == theme.family:
        return escaped
    return f'<tspan font-family="{html.escape(fonts.css(family))}">{escaped}</tspan>'
