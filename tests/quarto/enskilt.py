"""Render one small document and read what came out: page, Word file or PDF."""

from __future__ import annotations

import struct
import textwrap
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import docx
import lxml.html
import pymupdf

from berattelse import single


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


ONE_PIXEL = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\x20\x40\x60"))
    + _chunk(b"IEND", b"")
)
"""A whole PNG."""


@dataclass(frozen=True)
class Made:
    """A rendered document."""

    path: Path
    warnings: tuple[str, ...]

    @property
    def source(self) -> str:
        """The file as text (for a page), or the typst code beside a PDF."""
        path = self.path if self.path.suffix == ".html" else self.path.with_suffix(".typ")
        return path.read_text(encoding="utf-8")

    @property
    def page(self) -> lxml.html.HtmlElement:
        """The page as elements."""
        return lxml.html.fromstring(self.path.read_text(encoding="utf-8"))

    def find(self, xpath: str) -> list[lxml.html.HtmlElement]:
        """Return the elements of a page that an XPath finds."""
        found: list[lxml.html.HtmlElement] = self.page.xpath(xpath)
        return found

    @property
    def text(self) -> str:
        """What is read, white space as single spaces: of the page's main part in HTML."""
        if self.path.suffix == ".html":
            (main,) = self.find("//body")
            return " ".join(main.text_content().split())
        if self.path.suffix == ".docx":
            body = docx.Document(str(self.path)).element.body
            said = ["".join(p.itertext("{*}t")) for p in body.iter("{*}p")]
            return " ".join(" ".join(said).split())
        with pymupdf.open(self.path) as document:
            return " ".join(" ".join(page.get_text() for page in document).split())


Render = Callable[..., Made]


def render(
    folder: Path,
    text: str,
    to: str = "html",
    name: str = "prov.qmd",
    files: Mapping[str, str | bytes] | None = None,
) -> Made:
    """Write a document and its files in `folder`, and render it to a folder beside."""
    for path, content in {name: textwrap.dedent(text), **(files or {})}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            (folder / path).write_bytes(content)
        else:
            (folder / path).write_text(content, encoding="utf-8", newline="\n")
    format_ = single.FORMATS[to]
    out = folder / "ut"
    warnings = single.render(folder / name, format_, out, keep_typ=True)
    return Made(out / f"{Path(name).stem}.{format_}", tuple(warnings))
