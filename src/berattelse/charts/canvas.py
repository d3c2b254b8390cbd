"""A sheet of paper measured in millimetres: what the charts draw on.

matplotlib's own axes cost about 30 ms per chart, most of it in ticks that are laid out twice.
The charts place every line and word themselves, which also makes the layout the same in SVG and
PNG and on every machine.
"""

from __future__ import annotations

import bisect
import hashlib
import io
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from berattelse import literal
from berattelse.charts import fonts

# Text as outlines: the file looks the same where the font is not installed. The fixed salt makes
# the ids inside an SVG the same in every run.
matplotlib.rcParams["svg.fonttype"] = "path"
matplotlib.rcParams["svg.hashsalt"] = "berattelse"
# The auto-hinter takes half of the time of all text, for nothing at this resolution
matplotlib.rcParams["text.hinting"] = "no_hinting"
matplotlib.rcParams["hatch.linewidth"] = 0.9

WIDTH_MM = 160.0
PNG_DPI = 220
NO_DITHER = Image.Dither.NONE
SIZE = 8.6
"""Size of the text in points; nothing is smaller than 8."""
LINE_MM = 3.7
"""From one line of text to the next."""
LONG_WORD = 40
"""Longer words than this are no words of a language, and may be divided anywhere."""
POINT_MM = 25.4 / 72

INK = "#1b1b1b"
MUTED = "#4d5a60"
GRID = "#d9e0e3"
AXIS = "#6e7f87"
PALETTE = ("#00556b", "#c46f00", "#7a4fa3", "#3d8a60", "#b23a48", "#6e7f87")
"""At least 3:1 against white, told apart with the common colour vision deficiencies."""
TINTS = ("#c9dfe5", "#f7dfbf", "#e3d8ec", "#cfe6d9", "#f1cfd3", "#dfe5e8")
"""The palette's light variants, for fills that have an edge of the full colour."""
LOOKS = ("full", "tint", "stripe", "tint-stripe", "full", "tint")
"""A fill per series besides its colour, so that colour never is alone."""
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.6)), (0, (1.6, 1.2)), (0, (6, 1.5, 1.5, 1.5)), "-", "-")


def drawn(text: str) -> str:
    """Return what is seen of a text: signs without a shape of their own would be drawn as boxes."""
    return literal.plain("".join(char for char in text if unicodedata.category(char) != "Cf"))


@cache
def text_mm(text: str, weight: str = "normal", size: float = SIZE) -> float:
    """Return the width of one line of text in millimetres."""
    font = font_manager.get_font(fonts.files(weight))
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


def widest(lines: Sequence[str], weight: str = "normal") -> float:
    """Return the width of the widest line in millimetres."""
    return max((text_mm(line, weight) for line in lines), default=0.0)


def _fitted(line: str, room_mm: float, weight: str, size: float) -> str:
    """Return a line that stays on the sheet whatever it says; only a very long one can leave it."""
    line = drawn(line)
    if len(line) <= LONG_WORD or text_mm(line, weight, size) <= room_mm:
        return line
    return cut(line, room_mm - 3, weight, size) + "…"


class Canvas:
    """A drawing in millimetres, origin at the lower left corner.

    Args:
        height_mm: height of the sheet.
        width_mm: width of the sheet.
    """

    def __init__(self, height_mm: float, width_mm: float = WIDTH_MM) -> None:
        self.width_mm = width_mm
        self.height_mm = height_mm
        self.figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4), dpi=PNG_DPI)
        self.figure.set_facecolor("white")
        scale = self.figure.dpi_scale_trans
        self._mm = Affine2D().scale(1 / 25.4) + scale
        self._order = 0

    def _add(self, artist: Any, layer: int = 0) -> None:
        # In the order of drawing, except that text (layer 1) lies over all lines
        self._order += 1
        artist.set_zorder(layer * 10_000 + self._order)
        artist.set_transform(self._mm)
        self.figure.add_artist(artist)

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        color: str,
        edge: str = "none",
        layer: int = 0,
    ) -> None:
        """Draw a filled rectangle from its lower left corner; layer 1 lies over all lines."""
        patch = Rectangle((x, y), width, height, facecolor=color, edgecolor=edge, linewidth=0.6)
        self._add(patch, layer)

    def bar(self, x: float, y: float, width: float, height: float, index: int) -> None:
        """Draw a bar with the look of the series `index`."""
        color, tint, look = (of[index % len(of)] for of in (PALETTE, TINTS, LOOKS))
        fill = color if look in ("full", "stripe") else tint
        # The edge lies within the bar, so that neighbours keep a thin white line between them
        inset = 0.15
        wide = width - (2 * inset if width > 0 else -2 * inset)
        patch = Rectangle(
            (x + (inset if width > 0 else -inset), y),
            wide,
            height,
            facecolor=fill,
            edgecolor=color,
            linewidth=0.8,
        )
        if look.endswith("stripe"):
            patch.set_hatch("//")
            patch.set_hatchcolor("white" if look == "stripe" else color)
        self._add(patch)

    def bar_text(self, x: float, y: float, text: str, index: int) -> None:
        """Write inside a bar: on dark fills in white, on stripes with a plate behind."""
        color, tint, look = (of[index % len(of)] for of in (PALETTE, TINTS, LOOKS))
        if look.endswith("stripe"):
            width = text_mm(text, "semibold") + 1.6
            self.rect(
                x - width / 2, y - 1.8, width, 3.6, color if look == "stripe" else tint, layer=1
            )
        ink = "white" if look in ("full", "stripe") else INK
        self.text(x, y, text, ha="center", color=ink, weight="semibold")

    def lines(
        self,
        segments: Sequence[Sequence[tuple[float, float]]],
        color: str = GRID,
        width: float = 0.6,
        dash: Any = "-",
    ) -> None:
        """Draw straight lines that share one look."""
        self._add(LineCollection(segments, colors=color, linewidths=width, linestyles=[dash]))

    def curve(
        self,
        points: Sequence[tuple[float, float]],
        color: str,
        *,
        marker: str = "o",
        dash: Any = "-",
        width: float = 1.6,
    ) -> None:
        """Draw a line with a marker at each point."""
        xs, ys = zip(*points, strict=True)
        self._add(
            Line2D(
                xs,
                ys,
                color=color,
                linewidth=width,
                linestyle=dash,
                marker=marker,
                markersize=4.6,
                markerfacecolor=color,
                markeredgecolor="white",
                markeredgewidth=0.7,
                solid_capstyle="round",
            )
        )

    def circle(self, x: float, y: float, radius: float, color: str) -> None:
        """Draw a filled circle."""
        self._add(Circle((x, y), radius, facecolor=color, edgecolor="white", linewidth=0.8))

    def text(
        self,
        x: float,
        y: float,
        text: str | Sequence[str],
        *,
        ha: str = "left",
        va: str = "center",
        color: str = INK,
        weight: str = "normal",
        size: float = SIZE,
        rotation: float = 0,
        plate: bool = False,
    ) -> None:
        """Write one or several lines of text; `va` counts for all lines together.

        With `plate` the text gets a white ground, where it crosses a line.
        """
        texts = [text] if isinstance(text, str) else text
        room = self.width_mm - x if ha == "left" and not rotation else self.width_mm
        lines = [_fitted(line, room, weight, size) for line in texts]
        step = LINE_MM * size / SIZE
        if plate:
            width = widest(lines, weight) + 0.8
            left = x - {"left": 0.4, "center": width / 2, "right": width - 0.4}[ha]
            low = y - {"center": 1.3, "top": 2.3, "bottom": 0.3}[va]
            self.rect(left, low, width, 2.6, "white", layer=1)
        # The baseline is placed by hand: matplotlib's own alignment depends on which letters
        # a line happens to have
        rise = size * POINT_MM * 0.33
        offset = {"center": (len(lines) - 1) * step / 2, "top": 0.0, "bottom": 0.0}[va]
        first = y - rise + offset
        if va == "top":
            first = y - 2 * rise
        elif va == "bottom":
            first = y + (len(lines) - 1) * step
        for i, line in enumerate(lines):
            # Without parse_math a "$" is a dollar sign and starts no formula
            self._add(
                Text(
                    x,
                    first - i * step,
                    line,
                    ha=ha,
                    va="baseline",
                    color=color,
                    fontproperties=fonts.properties(weight, size),
                    parse_math=False,
                    rotation=rotation,
                ),
                layer=1,
            )

    def svg(self) -> str:
        """Return the drawing as SVG; ids carry the drawing's own hash, so pages can hold many."""
        out = io.StringIO()
        canvas: Any = FigureCanvasSVG(self.figure)
        canvas.print_svg(
            out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
        return _own_ids(out.getvalue())

    def png(self) -> bytes:
        """Return the drawing as PNG at `PNG_DPI`."""
        self.figure.set_dpi(PNG_DPI)
        canvas: Any = FigureCanvasAgg(self.figure)
        canvas.draw()
        out = io.BytesIO()
        # 128 colours hold a chart with its soft edges, in a third of the time and size
        size = canvas.get_width_height()
        image = Image.frombuffer("RGBA", size, canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
        image = image.convert("RGB").quantize(128, Image.Quantize.FASTOCTREE, dither=NO_DITHER)
        # The palette is averaged: paper that is not quite white would show as a box on the page
        image.putpalette([255 if c >= 253 else c for c in image.getpalette() or ()])
        image.save(out, format="png", compress_level=4, dpi=(PNG_DPI, PNG_DPI))
        return out.getvalue()


def _own_ids(svg: str) -> str:
    own = "d" + hashlib.sha256(svg.encode()).hexdigest()[:8]
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{own}-\1"', svg)
    return re.sub(r'(href="#|url\(#)([^")]+)', rf"\1{own}-\2", svg)
