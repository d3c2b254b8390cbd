"""What a page's own text names from outside, whether or not the browser happens to ask for it.

A style for print, a sharper picture for another screen or a form that is never sent makes no
request while the page is checked, but does so at a reader's. A link that a reader follows by
choice is none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import lxml.html

_FETCHED = ("src", "poster", "background", "longdesc", "manifest", "ping", "classid", "codebase")
"""Attributes of any element that hold an address which a browser fetches or tells something."""
_SETS = ("srcset", "imagesrcset")
_RELATIONS = {
    "stylesheet", "icon", "apple-touch-icon", "apple-touch-icon-precomposed",
    "apple-touch-startup-image", "mask-icon", "preconnect", "dns-prefetch", "preload", "prefetch",
    "modulepreload", "prerender", "manifest", "pingback",
}  # fmt: skip
"""Kinds of `<link>` that reach out; the others, such as `license` and `author`, only say."""
_DRAWN = ("image", "use", "feimage", "pattern", "lineargradient", "radialgradient", "textpath",
          "mpath", "animate", "script", "cursor")  # fmt: skip
"""Elements of SVG, in lower case, whose `href` is fetched."""
_STYLED = ("style", "fill", "stroke", "filter", "mask", "clip-path", "marker", "marker-start",
           "marker-mid", "marker-end", "cursor")  # fmt: skip
_INSIDE = ("data:", "blob:", "about:", "javascript:", "#")
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|@namespace\b[^;]*;", re.DOTALL)
"""What fetches nothing: a comment, and the name of a name space."""
_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)
_CSS = re.compile(
    r"url\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^\"'()\s]*))\s*\)"
    r"|@import\s+(?:\"([^\"]*)\"|'([^']*)')"
    r"|image-set\(\s*(?:\"([^\"]*)\"|'([^']*)')",
    re.IGNORECASE,
)
_REFRESH = re.compile(r"^\s*[\d.]*\s*[;,]?\s*(?:url\s*=\s*)?[\"']?([^\"']*)", re.IGNORECASE)


def addresses(content: bytes) -> Iterator[tuple[str, str]]:
    """Return what a page names outside itself: (what it does, address), each once, in order.

    Args:
        content: the page, UTF-8.
    """
    yield from dict.fromkeys(
        (does, address.strip())
        for does, address in _named(content)
        if address.strip() and not address.strip().lower().startswith(_INSIDE)
    )


def _named(content: bytes) -> Iterator[tuple[str, str]]:
    tree = lxml.html.document_fromstring(content, parser=lxml.html.HTMLParser(encoding="utf-8"))
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.rpartition(":")[2].lower()
        yield from _of(element, tag)
        for name in _STYLED:
            yield from _in_style(element.get(name) or "")
        if tag == "style":
            yield from _in_style(element.text_content())
        inner = element.get("srcdoc")
        if tag == "iframe" and inner and inner.strip():
            yield from _named(inner.encode())


def _of(element: Any, tag: str) -> Iterator[tuple[str, str]]:
    for name in _FETCHED:
        yield "hämtar", element.get(name) or ""
    for name in _SETS:
        # A comma that is part of an address has no space after it, as in data:image/png;base64,
        for part in re.split(r",\s+|\s,", element.get(name) or ""):
            yield "hämtar", (part.split() or [""])[0]
    href = element.get("href") or element.get("xlink:href") or ""
    if tag in _DRAWN:
        yield "hämtar", href
    if tag == "link" and _RELATIONS.intersection((element.get("rel") or "").lower().split()):
        yield "hämtar", href
    if tag == "object":
        yield "hämtar", element.get("data") or ""
    if tag == "base":
        yield "räknar sina länkar från", href
    if tag == "form":
        yield "skickar uppgifter till", element.get("action") or ""
    yield "skickar uppgifter till", element.get("formaction") or ""
    if tag == "meta" and (element.get("http-equiv") or "").lower() == "refresh":
        found = _REFRESH.match(element.get("content") or "")
        yield "går av sig själv vidare till", found[1] if found else ""


def _in_style(text: str) -> Iterator[tuple[str, str]]:
    """Return the addresses in a style sheet or a declaration, whatever it holds for."""
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub("", text)) if "\\" in text else (
        _COMMENT.sub("", text)
    )  # fmt: skip
    for match in _CSS.finditer(plain):
        yield "hämtar", next(filter(None, match.groups()), "")


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[2]
    code = int(match[1], 16)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
