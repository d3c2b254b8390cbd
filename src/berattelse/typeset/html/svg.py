"""A chart's SVG file as a part of a page: nothing of it may leak out or collide."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree

from berattelse import images
from berattelse.errors import TypesetError

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
FULL_WIDTH_MM = 150
"""A picture as wide as the text on paper fills the text column of the page."""

_UNWANTED = {"metadata", "title", "desc", "script", "foreignObject"}
_URL = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
_RULE = re.compile(r"([^{}]+)\{")
_MM_PER = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96, "": 25.4 / 96}
_LENGTH = re.compile(r"([\d.]+)\s*([a-z]*)")


def inline(path: Path, *, id: str, alt: str, width: str = "") -> str:
    """Return the picture as an `<svg>` element for an HTML page.

    Args:
        path: the SVG file.
        id: stands before every id inside, so that two pictures never share one.
        alt: what the picture says; the one thing that a screen reader is told of it.
        width: how wide it is shown at most, such as `160mm`; the file's own width if empty.

    Raises:
        TypesetError: the file is missing or is no SVG.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_blank_text=True
    )
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except (OSError, etree.XMLSyntaxError) as error:
        own = re.sub(r"^\d+-", "", path.name) if path.parent.name == images.FOLDER else path.name
        raise TypesetError(
            f"Bilden {own} kan inte läsas som SVG: {error}",
            remedy="Spara om den, som SVG eller PNG.",
        ) from error
    _drop_unwanted(root)
    _prefix_ids(root, id)
    _drop_namespaces(root)
    shown = _length_mm(width) or _length_mm(root.get("width", ""))
    _view_box(root)
    for name in ("width", "height", "version", "role", "aria-label"):
        root.attrib.pop(name, None)
    root.set("id", id)
    root.set("role", "img")
    root.set("aria-label", alt)
    if shown and shown < FULL_WIDTH_MM:
        root.set("style", f"max-width:{shown:g}mm")
    if re.fullmatch(r"[\d.]+%", width):
        root.set("style", f"width:{width}")
    etree.cleanup_namespaces(root)
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    # An HTML parser knows <svg> without being told the namespace
    return text.replace(f' xmlns="{SVG}"', "", 1)


def _drop_unwanted(root: etree._Element) -> None:
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or etree.QName(element).localname in _UNWANTED:
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for name in list(element.attrib):
            if str(name).lower().startswith("on"):
                del element.attrib[name]


def _prefix_ids(root: etree._Element, prefix: str) -> None:
    def of_url(match: re.Match[str]) -> str:
        return f"url(#{prefix}-{match.group(1)})"

    for element in root.iter():
        for name, value in list(element.attrib.items()):
            if name == "id":
                element.set("id", f"{prefix}-{value}")
            elif name in ("href", f"{{{XLINK}}}href"):
                del element.attrib[name]
                # Only links within the picture: nothing is fetched
                if value.startswith("#"):
                    element.set("href", f"#{prefix}-{value[1:]}")
                elif value.startswith("data:image/"):
                    element.set("href", value)
            elif "url(" in value:
                element.set(name, _URL.sub(of_url, value))
        if etree.QName(element).localname == "style" and element.text:
            # matplotlib writes *{stroke-linejoin: round}: it must not reach the page
            rules = _URL.sub(of_url, element.text)
            element.text = _RULE.sub(lambda match: f"#{prefix} {match[1].strip()}{{", rules)


def _drop_namespaces(root: etree._Element) -> None:
    for element in root.iter():
        for name in list(element.attrib):
            if str(name).startswith("{"):
                del element.attrib[name]


def _view_box(root: etree._Element) -> None:
    """See to it that the picture can be scaled: without a viewBox it would be cut off."""
    if root.get("viewBox") is None:
        width, height = (_LENGTH.match(root.get(name, "")) for name in ("width", "height"))
        if width and height:
            root.set("viewBox", f"0 0 {width.group(1)} {height.group(1)}")


def _length_mm(text: str) -> float | None:
    match = _LENGTH.fullmatch(text.strip())
    if not match or match.group(2) not in _MM_PER:
        return None
    return round(float(match.group(1)) * _MM_PER[match.group(2)], 1)
