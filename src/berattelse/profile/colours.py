"""Colours: what can be read on what, and what a scheme makes of a few colours of its own.

Contrast is WCAG 2.1's (1.4.3 and 1.4.11); lightness and mixtures are reckoned in OKLCH, where equal
steps look equal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from coloraide import Color

from berattelse.profile.model import Scheme

TEXT = 4.5
"""WCAG 2.1, 1.4.3: text of ordinary size."""
MARK = 3.0
"""WCAG 2.1, 1.4.11: what a chart is read by."""
_CLEAR = 25.0
"""CIEDE2000 between two colours that nobody takes for one another."""
_STEP = 0.002
"""Of lightness, 0 to 1: less than an eye can tell."""


def parse(text: str) -> str | None:
    """Return a CSS colour as `#rrggbb`; None for what is no colour, or lets light through."""
    try:
        color = Color(text)
    except ValueError:
        return None
    return _hex(color) if color.alpha() == 1 else None


@cache
def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    return float(Color(one).contrast(other, method="wcag21"))


def worst(color: str, grounds: Sequence[str]) -> float:
    """Return the least contrast of a colour against several grounds."""
    return min(contrast(color, ground) for ground in grounds)


def nearest(color: str, grounds: Sequence[str], wanted: float) -> str | None:
    """Return the colour of the same hue that is nearest in lightness and has enough contrast.

    None if no lightness of that hue has it against all `grounds`.
    """
    lightness, chroma, hue = _oklch(color)
    steps = (sign * number * _STEP for number in range(int(1 / _STEP) + 1) for sign in (1, -1))
    for step in steps:
        if 0 <= lightness + step <= 1:
            found = color if step == 0 else _of(lightness + step, chroma, hue)
            if worst(found, grounds) >= wanted:
                return found
    return None


def readable(color: str, grounds: Sequence[str], wanted: float = TEXT) -> str:
    """Return `color`, made lighter or darker where it would not be readable."""
    return nearest(color, grounds, wanted) or max(
        ("#000000", "#ffffff"), key=lambda extreme: worst(extreme, grounds)
    )


def mixed(color: str, other: str, share: float) -> str:
    """Return `color` with a share (0 to 1) of `other` in it."""
    return _hex(Color(color).mix(other, share, space="oklab"))


def at_lightness(color: str, lightness: float, chroma: float) -> str:
    """Return the hue of `color` at another lightness, with at most `chroma` of it."""
    _, own, hue = _oklch(color)
    return _of(lightness, min(own, chroma), hue)


def light_scheme(given: Mapping[str, str], standard: Scheme) -> dict[str, str]:
    """Return every colour of a light scheme, from those that a profile gives.

    Args:
        given: field of `Scheme` -> `#rrggbb`.
        standard: whose colours are taken for text, ground, accent and what they do not make.
    """
    text, ground, accent = (
        given.get(name, getattr(standard, name)) for name in ("text", "ground", "accent")
    )
    # Of the accent's hue, but always as light: what can be read on it must not hang on the accent
    depth = _oklch(ground)[0]
    surface = given.get("surface") or at_lightness(accent, depth - 0.031, 0.008)
    papers = (ground, surface)
    line = readable(mixed(ground, accent, 0.4), (ground,), 1.8)
    made = {
        "text": text,
        "ground": ground,
        "accent": accent,
        "surface": surface,
        "muted": readable(mixed(text, line, 0.36), papers),
        "line": line,
        "hairline": mixed(ground, accent, 0.17),
        "band": accent,
        "on_band": max((ground, text, "#ffffff"), key=lambda ink: contrast(ink, accent)),
        "info": accent,
        "mark": standard.mark,
        "on_mark": standard.on_mark,
        **{
            name: readable(getattr(standard, name), papers)
            for name in ("tip", "warning", "important")
        },
    }
    return {**made, **given}


def dark_scheme(light: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Return every colour of a dark scheme: those given, the others made from the light ones."""
    accent = given.get("accent", light["accent"])
    ground = given.get("ground") or at_lightness(accent, 0.2, 0.012)
    surface = given.get("surface") or at_lightness(accent, 0.248, 0.018)
    papers = (ground, surface)
    made = {
        "ground": ground,
        "surface": surface,
        "text": readable(at_lightness(accent, 0.94, 0.008), papers, 7),
        "muted": readable(at_lightness(accent, 0.8, 0.016), papers),
        "line": at_lightness(accent, 0.53, 0.035),
        "hairline": at_lightness(accent, 0.355, 0.022),
        "accent": readable(at_lightness(accent, 0.8, 0.085), papers),
        "band": at_lightness(accent, 0.335, 0.06),
        "mark": at_lightness(light["mark"], 0.42, 0.085),
        **{
            name: readable(at_lightness(light[name], 0.8, 0.11), papers)
            for name in ("info", "tip", "warning", "important")
        },
        **given,
    }
    made.setdefault("on_band", readable("#f3f9fb", (made["band"],)))
    made.setdefault("on_mark", readable("#fff6cf", (made["mark"],)))
    return made


def completed(own: tuple[str, ...], others: Sequence[str], count: int) -> tuple[str, ...]:
    """Return `count` colours: `own`, then those of `others` that are least like any before."""
    chosen = list(own[:count])
    left = [color for color in others if color not in chosen]
    while left and len(chosen) < count:
        # A clear difference is enough: then the order of `others` holds
        apart = [min((_apart(color, seen) for seen in chosen), default=100.0) for color in left]
        best = next((i for i, far in enumerate(apart) if far >= _CLEAR), apart.index(max(apart)))
        chosen.append(left.pop(best))
    return tuple(chosen)


def tint(color: str) -> str:
    """Return the light variant of a chart's colour, for fills with an edge of the full colour."""
    return at_lightness(color, 0.89, 0.035)


def _apart(one: str, other: str) -> float:
    return float(Color(one).delta_e(other, method="2000"))


def _oklch(color: str) -> tuple[float, float, float]:
    lightness, chroma, hue = Color(color).convert("oklch").coords(nans=False)
    return float(lightness), float(chroma), float(hue)


def _of(lightness: float, chroma: float, hue: float) -> str:
    return _hex(Color("oklch", (lightness, chroma, hue)))


def _hex(color: Color) -> str:
    return str(color.convert("srgb").fit().to_string(hex=True))
