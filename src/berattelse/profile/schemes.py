"""The colours of a profile: looked up, completed, and checked for what can be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from berattelse.errors import BerattelseError
from berattelse.profile import colours, standard
from berattelse.profile.brand import Placed, mapping, our_defaults
from berattelse.profile.model import Profile, Scheme

_FIELDS = {
    "text": "foreground",
    "ground": "background",
    "accent": "primary",
    "surface": "light",
    "info": "info",
    "tip": "success",
    "warning": "warning",
    "important": "danger",
}
"""Field of `Scheme` -> the brand format's name for it."""
MAX_CHARTS = 6
PAPER = "#ffffff"
"""What PDF, Word and charts are on."""
GROUNDS = {"light": "sidans bakgrund", "dark": "den mörka sidans bakgrund"}
SURFACES = {"light": "tabellhuvudens bakgrund", "dark": "den mörka sidans tabellhuvuden"}


def with_colours(
    profile: Profile, brand: Mapping[str, Any], faults: list[BerattelseError]
) -> Profile:
    """Return the profile with the colours of a joined brand file.

    What is no colour, or too weak, is added to `faults`, with the nearest colour that will do.
    """
    color = mapping(brand.get("color"))
    charts = our_defaults(brand).get("diagram")
    if not color and charts is None:
        return profile
    palette = mapping(color.get("palette"))
    themed = {name: content for name, content in color.items() if name != "palette"}

    def look_up(placed: Any, setting: str, seen: tuple[str, ...] = ()) -> str | None:
        if isinstance(placed, dict):
            return look_up(placed.get(setting), setting, seen)
        if not isinstance(placed, Placed) or placed.content is None:
            return None
        name = str(placed.content).strip()
        # A theme's colour may be called as one of the palette, which then is meant
        for colors in (palette, themed):
            if name in colors and name not in seen and colors[name] is not placed:
                return look_up(colors[name], setting, (*seen, name))
        found = colours.parse(name)
        if found is None:
            faults.append(_no_color(placed, name))
        return found

    light, dark = (
        {
            field: found
            for field, key in _FIELDS.items()
            if isinstance(themed.get(key), dict) or setting == "light"
            if (found := look_up(themed.get(key), setting))
        }
        for setting in ("light", "dark")
    )
    series = _series(charts, color, look_up, faults)
    on_light = colours.light_scheme(light, standard.LIGHT)
    on_dark = colours.dark_scheme(on_light, dark)
    faults += _unreadable(on_light, light, themed, "light")
    faults += _unreadable(on_dark, dark, themed, "dark")
    for hex_color, placed in series.items():
        # What is told as too weak for text is not told a second time
        if light.get("accent") != hex_color or charts is not None:
            faults += _too_weak(placed, hex_color, {PAPER: "vitt papper"}, colours.MARK)
    series_colours = colours.completed(tuple(series), standard.CHARTS, MAX_CHARTS)
    return replace(
        profile,
        light=Scheme(**on_light),
        dark=Scheme(**on_dark),
        charts=series_colours,
        tints=tuple(map(colours.tint, series_colours)),
    )


def _no_color(placed: Placed, name: str) -> BerattelseError:
    if not isinstance(placed.content, str):
        # YAML reads 005566 as a number, and not even as that one
        return placed.fault("är ett tal, ingen färg.", remedy='Skriv den som "#005566".')
    return placed.fault(
        f"«{name}» är ingen färg.", remedy="Skriv #rrggbb eller ett namn ur «color: palette:»."
    )


def _series(
    charts: Any,
    color: Mapping[str, Any],
    look_up: Callable[[Any, str], str | None],
    faults: list[BerattelseError],
) -> dict[str, Placed]:
    """Return the colours of charts that the profile gives, with where each stands."""
    if charts is None:
        listed = [color.get(name) for name in ("primary", "secondary", "tertiary")]
    elif isinstance(charts, list):
        listed = charts
    else:
        faults.append(charts.fault("ska vara en lista med färger."))
        return {}
    found: dict[str, Placed] = {}
    for given in listed:
        placed = given.get("light") if isinstance(given, dict) else given
        hex_color = look_up(placed, "light")
        if hex_color and isinstance(placed, Placed):
            found.setdefault(hex_color, placed)
    return found


def _unreadable(
    scheme: Mapping[str, str], given: Mapping[str, str], themed: Mapping[str, Any], setting: str
) -> list[BerattelseError]:
    """Return a fault for each colour that the profile gives and that cannot be read as text."""
    papers = {scheme["ground"]: GROUNDS[setting], scheme["surface"]: SURFACES[setting]}
    if setting == "light":
        papers.setdefault(PAPER, "vitt papper")
    # A background that nothing can be read on is told once, not for each colour of text
    for field in ("ground", "surface"):
        if field in given:
            faults = _hidden_text(scheme, field, themed, setting)
            if faults:
                return faults
    return [
        fault
        for field, key in _FIELDS.items()
        if field in given and field not in ("ground", "surface")
        for fault in _too_weak(_place(themed[key], setting), given[field], papers, colours.TEXT)
    ]


def _hidden_text(
    scheme: Mapping[str, str], field: str, themed: Mapping[str, Any], setting: str
) -> list[BerattelseError]:
    """Return a fault for a background that the text cannot be read on."""
    text, ground = scheme["text"], scheme[field]
    weak = colours.contrast(text, ground)
    if field == "surface" and colours.contrast(scheme["accent"], scheme["ground"]) >= colours.TEXT:
        text, weak = min(
            ((ink, colours.contrast(ink, ground)) for ink in (text, scheme["accent"])),
            key=lambda pair: pair[1],
        )
    if weak >= colours.TEXT:
        return []
    near = colours.nearest(ground, (text,), colours.TEXT + 0.04)
    return [
        _place(themed[_FIELDS[field]], setting).fault(
            f"texten {text} har bara kontrasten {_ratio(weak)} mot {ground}; "
            f"{_ratio(colours.TEXT)} krävs (WCAG 2.1 AA).",
            remedy=f"Närmaste bakgrund som går: {near}." if near else "Välj en annan bakgrund.",
        )
    ]


def _place(content: Any, setting: str) -> Placed:
    placed = content.get(setting) if isinstance(content, dict) else content
    assert isinstance(placed, Placed)
    return placed


def _too_weak(
    placed: Placed, color: str, papers: Mapping[str, str], wanted: float
) -> list[BerattelseError]:
    grounds = tuple(papers)
    weak = colours.worst(color, grounds)
    if weak >= wanted:
        return []
    paper = min(papers, key=lambda ground: colours.contrast(color, ground))
    # A little more than wanted: what is made of the new colour moves with it
    near = colours.nearest(color, grounds, wanted + 0.04)
    use = "text" if wanted == colours.TEXT else "diagrammens former"
    return [
        placed.fault(
            f"färgen {color} har bara kontrasten {_ratio(weak)} mot {papers[paper]} ({paper}); "
            f"{use} kräver {_ratio(wanted)} (WCAG 2.1 AA).",
            remedy=f"Närmaste färg som går: {near}." if near else "Välj en annan bakgrund.",
        )
    ]


def _ratio(number: float) -> str:
    # Rounded down: 4,49 is not told as 4,5
    text = f"{int(number * 100) / 100:g}".replace(".", ",")
    return f"{text}:1"
