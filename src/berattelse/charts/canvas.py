"""A sheet of paper measured in millimetres: what the charts draw on.

matplotlib's own axes cost about 30 ms per chart, most of it in ticks that are laid out twice.
The charts place every line and word themselves, which also makes the layout the same in SVG and
PNG and on every machine.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Sequence
from typing import Any

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D
from PIL import Image

from berattelse.charts import fonts
from berattelse.charts.letters import (
    LINE_MM,
    POINT_MM,
    SIZE,
    Line,
    fitted,
    svg_group,
    text_mm,
    widest,
)
from berattelse.charts.theme import MARK, contrast, current

# The fixed salt makes the ids inside an SVG the same in every run
matplotlib.rcParams["svg.hashsalt"] = "berattelse"
# The auto-hinter takes half of the time of all text, for nothing at this resolution
matplotlib.rcParams["text.hinting"] = "no_hinting"
matplotlib.rcParams["hatch.linewidth"] = 0.9

WIDTH_MM = 160.0
PNG_DPI = 220
NO_DITHER = Image.Dither.NONE

LOOKS = ("full", "tint", "stripe", "tint-stripe", "cross", "tint-dot")
"""A fill per series besides its colour, so that colour never is alone."""
HATCHES = {"stripe": "//", "cross": "xx", "dot": ".."}
MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES: tuple[Any, ...] = ("-", (0, (5, 1.6)), (0, (1.6, 1.2)), (0, (6, 1.5, 1.5, 1.5)), "-", "-")


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
        self.theme = current()
        self.figure.set_facecolor(self.theme.ground)
        scale = self.figure.dpi_scale_trans
        self._mm = Affine2D().scale(1 / 25.4) + scale
        self._order = 0
        self._lines: list[Line] = []
        self._texts: list[Text] = []

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
        look, fill, stroke = self._look(index)
        # The edge lies within the bar, so that neighbours keep a thin white line between them
        inset = 0.15
        wide = width - (2 * inset if width > 0 else -2 * inset)
        patch = Rectangle(
            (x + (inset if width > 0 else -inset), y),
            wide,
            height,
            facecolor=fill,
            edgecolor=self.theme.colour(index),
            linewidth=0.8,
        )
        if hatch := HATCHES.get(look.removeprefix("tint-")):
            patch.set_hatch(hatch)
            patch.set_hatchcolor(stroke)
        self._add(patch)

    def _look(self, index: int) -> tuple[str, str, str]:
        """Return the look of a series, its fill, and the colour of the strokes in it."""
        theme, look = self.theme, LOOKS[index % len(LOOKS)]
        color, tint = theme.colour(index), theme.tint(index)
        if not look.startswith("tint"):
            return look, color, theme.ground
        # Strokes that cannot be told from the tint stand on paper
        pale = look != "tint" and contrast(color, tint) < MARK
        return look, theme.ground if pale else tint, color

    def bar_text(self, x: float, y: float, text: str, index: int) -> None:
        """Write inside a bar, in what can be read on its fill; on strokes with a plate behind."""
        look, fill, _ = self._look(index)
        if look not in ("full", "tint"):
            width = text_mm(text, "semibold") + 1.6
            self.rect(x - width / 2, y - 1.8, width, 3.6, fill, layer=1)
        self.text(x, y, text, ha="center", color=self.theme.on(fill), weight="semibold")

    def lines(
        self,
        segments: Sequence[Sequence[tuple[float, float]]],
        color: str | None = None,
        width: float = 0.6,
        dash: Any = "-",
    ) -> None:
        """Draw straight lines that share one look; without a colour they are the grid's."""
        color = color or self.theme.grid
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
                markeredgecolor=self.theme.ground,
                markeredgewidth=0.7,
                solid_capstyle="round",
            )
        )

    def circle(self, x: float, y: float, radius: float, color: str) -> None:
        """Draw a filled circle."""
        self._add(
            Circle((x, y), radius, facecolor=color, edgecolor=self.theme.ground, linewidth=0.8)
        )

    def text(
        self,
        x: float,
        y: float,
        text: str | Sequence[str],
        *,
        ha: str = "left",
        va: str = "center",
        color: str | None = None,
        weight: str = "normal",
        size: float = SIZE,
        rotation: float = 0,
        plate: bool = False,
    ) -> None:
        """Write one or several lines of text; `va` counts for all lines together.

        Without a colour it is the theme's ink. With `plate` the text gets a white ground, where
        it crosses a line.
        """
        texts = [text] if isinstance(text, str) else text
        room = self.width_mm - x if ha == "left" and not rotation else self.width_mm
        color = color or self.theme.ink
        lines = [fitted(line, room, weight, size) for line in texts]
        step = LINE_MM * size / SIZE
        if plate:
            width = widest(lines, weight) + 0.8
            left = x - {"left": 0.4, "center": width / 2, "right": width - 0.4}[ha]
            low = y - {"center": 1.3, "top": 2.3, "bottom": 0.3}[va]
            self.rect(left, low, width, 2.6, self.theme.ground, layer=1)
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
            base = first - i * step
            self._lines.append(
                Line(x, self.height_mm - base, line, ha, color, weight, size, rotation)
            )
            # Without parse_math a "$" is a dollar sign and starts no formula
            drawing = Text(
                x,
                base,
                line,
                ha=ha,
                va="baseline",
                color=color,
                fontproperties=fonts.properties(self.theme, weight, size),
                parse_math=False,
                rotation=rotation,
            )
            self._texts.append(drawing)
            self._add(drawing, layer=1)

    def svg(self) -> str:
        """Return the drawing as SVG; ids carry the drawing's own hash, so pages can hold many."""
        out = io.StringIO()
        canvas: Any = FigureCanvasSVG(self.figure)
        # The words are written as words, by us
        for text in self._texts:
            text.set_visible(False)
        canvas.print_svg(
            out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
        for text in self._texts:
            text.set_visible(True)
        shapes, end, _ = out.getvalue().rpartition("</svg>")
        words = svg_group(self._lines, self.theme)
        own = "d" + hashlib.sha256(f"{shapes}{words}".encode()).hexdigest()[:8]
        return f"{_with_ids(shapes, own)}{words}{end}\n"

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


def _with_ids(shapes: str, own: str) -> str:
    """Let every id begin with `own`. The words stay out of it: they may say `id="…"` themselves."""
    shapes = re.sub(r'\bid="([^"]+)"', rf'id="{own}-\1"', shapes)
    return re.sub(r'(href="#|url\(#)([^")]+)', rf"\1{own}-\2", shapes)
