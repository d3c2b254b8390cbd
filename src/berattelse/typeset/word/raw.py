"""Raw code for Word, `{=openxml}`: pandoc puts it into the file as it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from berattelse import origin
from berattelse.errors import TypesetError
from berattelse.typeset.word.xml import NS

_OPEN_XML = "http://schemas.openxmlformats.org"
_KNOWN = {
    "m": f"{_OPEN_XML}/officeDocument/2006/math",
    "r": f"{_OPEN_XML}/officeDocument/2006/relationships",
    "a": f"{_OPEN_XML}/drawingml/2006/main",
    "pic": f"{_OPEN_XML}/drawingml/2006/picture",
    "wp": f"{_OPEN_XML}/drawingml/2006/wordprocessingDrawing",
    "o": "urn:schemas-microsoft-com:office:office",
    "v": "urn:schemas-microsoft-com:vml",
    "w10": "urn:schemas-microsoft-com:office:word",
    **{prefix: address for prefix, address in NS.items() if prefix},
}
"""The prefixes that pandoc's file declares."""


def faults(ast: Mapping[str, Any], folder: Path) -> list[TypesetError]:
    """Return a fault for each piece of raw code that is no well-formed XML, with its place.

    Args:
        ast: the document as pandoc's JSON.
        folder: of the composed document.
    """
    declared = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in _KNOWN.items())
    where = origin.read(folder)
    seen: Counter[str] = Counter()
    found = []
    for code in _codes(ast["blocks"]):
        seen[code] += 1
        try:
            etree.fromstring(f"<x {declared}>{code}</x>".encode())
        except etree.XMLSyntaxError as error:
            at = {"kind": "openxml", "text": code, "nr": seen[code]}
            found.append(
                TypesetError(
                    f"Koden för Word är inte giltig XML: {error.msg}.",
                    place=where.find(at),
                    remedy="Rätta den, eller ta bort den.",
                )
            )
    return found


def _codes(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _codes(child)
    elif isinstance(node, Mapping):
        content = node.get("c")
        if node.get("t") in ("RawBlock", "RawInline") and isinstance(content, list):
            if content[0] == "openxml":
                yield content[1]
        else:
            yield from _codes(content)
