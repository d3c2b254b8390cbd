"""The contrast of a Word document's text against what lies behind it (WCAG 2.1, 1.4.3)."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Iterator
from typing import Any

from coloraide import Color

from berattelse.checks.rules import finding
from berattelse.checks.word_read import A, Package, Paragraph, V, W, on, shortened, within
from berattelse.checks.word_styles import Styles
from berattelse.model import Finding

LARGE_PT, LARGE_BOLD_PT = 18.0, 14.0
NORMAL, LARGE = 4.5, 3.0
_WPS = "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}"
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF",
    "red": "FF0000", "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "000080",
    "darkCyan": "008080", "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000",
    "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip
# What w:themeColor calls a colour, what the map in the settings calls it, what the theme calls it
_THEME = {
    "text1": ("t1", "dk1"), "dark1": ("", "dk1"), "background1": ("bg1", "lt1"),
    "light1": ("", "lt1"), "text2": ("t2", "dk2"), "dark2": ("", "dk2"),
    "background2": ("bg2", "lt2"), "light2": ("", "lt2"), "hyperlink": ("hyperlink", "hlink"),
    "followedHyperlink": ("followedHyperlink", "folHlink"),
} | {f"accent{n}": (f"accent{n}", f"accent{n}") for n in range(1, 7)}  # fmt: skip
_MAPPED = {
    "dark1": "dk1", "light1": "lt1", "dark2": "dk2", "light2": "lt2", "hyperlink": "hlink",
    "followedHyperlink": "folHlink",
}  # fmt: skip
_DRAWN = {"tx1": "text1", "bg1": "background1", "tx2": "text2", "bg2": "background2"}


class Palette:
    """The colours of a document: what a colour element comes to as RRGGBB."""

    def __init__(self, package: Package) -> None:
        """Read the theme, and how the settings map its colours."""
        self._theme: dict[str, str] = {}
        scheme = None
        theme = package.only("theme")
        if theme is not None:
            scheme = theme.find(f".//{A}clrScheme")
        for each in () if scheme is None else scheme:
            colour = next(iter(each), None)
            code = None if colour is None else colour.get("lastClr") or colour.get("val")
            if code and _is_code(code):
                self._theme[str(each.tag).rpartition("}")[2]] = code.upper()
        settings = package.only("settings")
        mapping = None if settings is None else settings.find(f"{W}clrSchemeMapping")
        self._map: dict[str, str] = {
            str(key).rpartition("}")[2]: _MAPPED.get(str(said), str(said))
            for key, said in (() if mapping is None else mapping.attrib.items())
        }
        self.page = "FFFFFF"
        background = package.tree(package.main).find(f"{W}background")
        shown = settings is not None and on(settings.find(f"{W}displayBackgroundShape"))
        if background is not None and shown:
            self.page = self.of(background, "color", "themeColor") or self.page

    def of(self, node: Any, plain: str, theme: str) -> str | None:
        """Return the colour that an element names, the theme's before the plain; None for auto."""
        named = node.get(f"{W}{theme}")
        if named:
            code = self._themed(named)
            if code:
                kind = theme.removesuffix("Color") if theme != "themeColor" else "theme"
                return _adjusted(code, node.get(f"{W}{kind}Tint"), node.get(f"{W}{kind}Shade"))
        code = node.get(f"{W}{plain}") or "auto"
        return code.upper() if _is_code(code) else None

    def drawn(self, fill: Any) -> str | None:
        """Return the colour of a drawing's `a:solidFill`."""
        colour = next(iter(fill), None)
        if colour is None:
            return None
        code = colour.get("lastClr") or colour.get("val") or ""
        if str(colour.tag).endswith("schemeClr"):
            return self._themed(_DRAWN.get(code, code)) if not len(colour) else None
        return code.upper() if _is_code(code) else None

    def shading(self, shade: Any) -> str | None:
        """Return the colour of a `w:shd`; None where it lets what is behind shine through."""
        pattern = shade.get(f"{W}val") or "clear"
        fill = self.of(shade, "fill", "themeFill")
        if pattern == "nil":
            return None
        ink = self.of(shade, "color", "themeColor")
        if pattern == "solid":
            return ink or "000000"
        part = re.fullmatch(r"pct(\d\d?)", pattern)
        if part is None:
            return fill
        mixed = Color(f"#{fill or 'FFFFFF'}").mix(f"#{ink or '000000'}", int(part[1]) / 100,
                                                 space="srgb")  # fmt: skip
        return mixed.to_string(hex=True).lstrip("#").upper()

    def _themed(self, named: str) -> str | None:
        key, otherwise = _THEME.get(named, ("", named))
        return self._theme.get(self._map.get(key, otherwise))


def _is_code(code: str) -> bool:
    return re.fullmatch(r"[0-9A-Fa-f]{6}", code) is not None


def _adjusted(code: str, tint: str | None, shade: str | None) -> str:
    """Return a theme colour made lighter or darker: both are parts of 255 (17.18.40)."""
    red, green, blue = (int(code[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    try:
        if shade:
            light *= int(shade, 16) / 255
        if tint:
            light = light * int(tint, 16) / 255 + 1 - int(tint, 16) / 255
    except ValueError:
        return code
    light = min(1.0, max(0.0, light))
    return "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, strength))


def contrast(
    paragraphs: Iterable[Paragraph], styles: Styles, palette: Palette
) -> Iterator[Finding]:
    """Tell each paragraph where some text has too little contrast, once per pair of colours."""
    for paragraph in paragraphs:
        said: set[tuple[str, str]] = set()
        for run in (node for node in within(paragraph.node) if node.tag == f"{W}r"):
            words = "".join(text.text or "" for text in run.iterfind(f"{W}t"))
            if not words.strip() or on(styles.run_property(paragraph.node, run, "vanish")):
                continue
            colour = styles.run_property(paragraph.node, run, "color")
            code = None if colour is None else palette.of(colour, "val", "themeColor")
            if code is None:
                continue  # automatic: black, or white on dark
            behind = background(paragraph.node, run, styles, palette)
            wanted = _wanted(styles, paragraph.node, run)
            ratio = Color(f"#{code}").contrast(f"#{behind}", method="wcag21")
            if ratio < wanted and (code, behind) not in said:
                said.add((code, behind))
                yield finding("word_kontrast", _message(words, ratio, wanted, code, behind),
                              paragraph.place)  # fmt: skip


def _wanted(styles: Styles, paragraph: Any, run: Any) -> float:
    size = styles.points(paragraph, run)
    bold = size >= LARGE_BOLD_PT and styles.toggled(paragraph, run, "b")
    return LARGE if size >= LARGE_PT or bold else NORMAL


def _message(words: str, ratio: float, wanted: float, code: str, behind: str) -> str:
    # Cut, not rounded: 4,49 must not be told as 4,5
    told = f"{int(ratio * 100) / 100:.2f}".replace(".", ",")
    return (
        f"Texten «{shortened(words, 40)}» har kontrasten {told}:1 men ska ha minst "
        f"{wanted:g}:1 (#{code} på #{behind}).".replace("4.5:1", "4,5:1")
    )


def background(paragraph: Any, run: Any, styles: Styles, palette: Palette) -> str:
    """Return what lies behind a run: the nearest thing that is not clear."""
    highlight = styles.run_property(paragraph, run, "highlight")
    code = _HIGHLIGHTS.get("" if highlight is None else highlight.get(f"{W}val") or "")
    if code:
        return code
    shades = [styles.run_property(paragraph, run, "shd"), _of_paragraph(paragraph, styles)]
    for above in paragraph.iterancestors():
        if above.tag == f"{W}tc":
            shades += [_of_cell(above, styles), _of_table(above, styles)]
        elif above.tag in (f"{_WPS}wsp", f"{V}shape", f"{V}rect", f"{V}roundrect"):
            code = next(filter(None, map(palette.shading, filter(_there, shades))), None)
            code = code or _of_box(above, palette)
            if code:
                return code
            shades = []
    return next(filter(None, map(palette.shading, filter(_there, shades))), palette.page)


def _there(node: Any) -> bool:
    return node is not None


def _of_paragraph(paragraph: Any, styles: Styles) -> Any:
    layers = [paragraph, *reversed(styles.paragraph_chain(paragraph))]
    layers += reversed(styles.table_layers(paragraph))
    return next(filter(_there, (layer.find(f"{W}pPr/{W}shd") for layer in layers)), None)


def _of_cell(cell: Any, styles: Styles) -> Any:
    inside = next(iter(cell), None)
    layers = [] if inside is None else list(reversed(styles.table_layers(inside)))
    found = cell.find(f"{W}tcPr/{W}shd")
    if found is not None:
        return found
    return next(filter(_there, (layer.find(f"{W}tcPr/{W}shd") for layer in layers)), None)


def _of_table(cell: Any, styles: Styles) -> Any:
    row = cell.getparent()
    table = next(cell.iterancestors(f"{W}tbl"))
    found = row.find(f"{W}tblPrEx/{W}shd")
    if found is None:
        found = table.find(f"{W}tblPr/{W}shd")
    if found is not None:
        return found
    chain = reversed(styles.table_chain(table))
    return next(filter(_there, (style.find(f"{W}tblPr/{W}shd") for style in chain)), None)


def _of_box(shape: Any, palette: Palette) -> str | None:
    """Return the fill of a text box."""
    if str(shape.tag).startswith(V):
        code = (shape.get("fillcolor") or "").lstrip("#")[:6]
        return (
            code.upper() if _is_code(code) and shape.get("filled") not in ("f", "false") else None
        )
    fill = shape.find(f"{_WPS}spPr/{A}solidFill")
    return None if fill is None else palette.drawn(fill)
