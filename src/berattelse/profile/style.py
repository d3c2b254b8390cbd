"""The style sheet of a page, made of a kommun's graphic profile and the sheets in `assets/`.

The sheets know no colour and no typeface: they use the variables that are written here.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from berattelse import tools
from berattelse.errors import TypesetError
from berattelse.profile import Logo, Profile, Scheme, Typeface, standard
from berattelse.profile.webfonts import Wanted, Webfont, webfonts

SYSTEM = (
    'system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, '
    "sans-serif"
)
"""What stands in for a typeface, or for a letter that it lacks."""
UPRIGHT: tuple[Wanted, ...] = ((400, False), (600, False))
"""The weights that the sheets, and the text of charts, ask for."""
ITALIC: Wanted = (400, True)

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"\n\s*")
_DARK_SCREEN = "screen and (prefers-color-scheme: dark)"
_MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


def sheet(
    profile: Profile,
    *names: str,
    italic: bool = False,
    lettered: Iterable[str] = (),
    weights: Iterable[int] = (),
) -> str:
    """Return what stands in `<style>` of a page.

    Args:
        profile: whose colours and typefaces.
        names: sheets in `assets/`, in order.
        italic: whether the page has text in italics.
        lettered: what the page's charts ask for as `font-family`: the shipped typeface, where
            the profile's own cannot be embedded.
        weights: what they ask for as `font-weight`.

    Raises:
        TypesetError: a font file cannot be read.
    """
    upright = dict.fromkeys((*UPRIGHT, *((weight, False) for weight in weights)))
    wanted = (*upright, *([ITALIC] if italic else []))
    fonts = [*webfonts(profile.text, wanted), *webfonts(profile.headings, UPRIGHT)]
    if any(standard.FAMILY in families for families in lettered):
        fonts += webfonts(standard.typeface(), upright)
    faces: dict[tuple[str, int, bool], str] = {}
    for font in fonts:
        faces.setdefault((font.family, font.weight, font.italic), _face(font))
    families = (
        f"--text-family:{_stack(profile.text)};--heading-family:{_stack(profile.headings)};"
        f"--paper:{profile.light.ground};color-scheme:light dark"
    )
    parts = [
        *faces.values(),
        f":root{{{_variables(profile.light)}{families}}}",
        # Paper is white whatever the reader's screen is
        f"@media {_DARK_SCREEN}{{:root{{{_variables(profile.dark)}}}}}",
        *map(_asset, names),
    ]
    return "\n".join(parts)


def filled(page: str, profile: Profile | None = None) -> str:
    """Return a page of `assets/` about the reports with its style sheet and mark in place.

    Args:
        page: HTML with `$stil$` and `$marke$`.
        profile: the project's own; the built-in one if left out.

    Raises:
        TypesetError: a font file or the mark cannot be read.
    """
    profile = profile or standard.profile()
    page = page.replace("$stil$", sheet(profile, "base.css", "oversikt.css"), 1)
    return page.replace("$marke$", mark(profile.logo), 1)


def mark(logo: Logo | None) -> str:
    """Return the mark as HTML for the head of a page, empty where there is none.

    It is an image and no part of the page, so that nothing in an SVG file can reach the page.

    Raises:
        TypesetError: the file cannot be read.
    """
    if logo is None:
        return ""
    dark = f'<source media="{_DARK_SCREEN}" srcset="{_data(logo.dark)}">' if logo.dark else ""
    return (
        f'<div class="marke{"" if dark else " ljus"}"><div class="bredd"><picture>{dark}'
        f'<img src="{_data(logo.path)}" alt="{html.escape(logo.alt)}"></picture></div></div>\n'
    )


def _data(path: Path) -> str:
    try:
        content = base64.b64encode(path.read_bytes()).decode("ascii")
    except OSError as error:
        raise TypesetError(
            f"Logotypen {path.name} kan inte läsas: {error.strerror}.",
            remedy="Lägg filen i profilens mapp.",
        ) from error
    return f"data:{_MEDIA_TYPES.get(path.suffix.lower(), 'image/png')};base64,{content}"


def _variables(scheme: Scheme) -> str:
    return "".join(
        f"--{field.name.replace('_', '-')}:{getattr(scheme, field.name)};"
        for field in fields(scheme)
    )


def _face(font: Webfont) -> str:
    content = base64.b64encode(font.woff2).decode("ascii")
    # The letters are in the page itself: block hides nothing for longer than it takes to unpack
    return (
        f"@font-face{{font-family:{_string(font.family)};font-weight:{font.weight};"
        f"font-style:{'italic' if font.italic else 'normal'};font-display:block;"
        f'src:url("data:font/woff2;base64,{content}") format("woff2")}}'
    )


def _stack(face: Typeface) -> str:
    return f"{_string(face.family)},{SYSTEM}"


def _string(text: str) -> str:
    """Return a CSS string (CSS Syntax 3, 4.3.7) that can end neither itself nor the style."""
    return f'"{"".join(_escaped(text))}"'


def _escaped(text: str) -> Iterator[str]:
    for sign in text:
        plain = sign.isalnum() or sign in " -_."
        yield sign if plain and sign.isprintable() else f"\\{ord(sign):x} "


def _asset(name: str) -> str:
    text = _COMMENT.sub("", tools.asset(name).read_text(encoding="utf-8"))
    return _INDENT.sub("\n", text).strip()
