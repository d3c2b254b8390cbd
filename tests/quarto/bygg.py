"""Small documents typeset straight by `Inbyggd`, and read with tools that know none of its code."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from unittest import mock

import bs4
import pymupdf
from lxml import etree

from berattelse import single
from berattelse.model import Document, Format, Job, Target, TargetSettings
from berattelse.typeset.inbyggd import Inbyggd
from berattelse.typeset.word.xml import NS
from tests.pdfs import tags

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="30mm" viewBox="0 0 60 30">
<rect x="5" y="5" width="30" height="20" fill="#00556b"/></svg>"""
HEAD = "---\ntitle: Prov\nlang: sv\nnumber-sections: true\n{more}---\n\n"
ENVIRONMENT = {"BERATTELSE_PROV": "*miljön*"}
"""What `{{< env >}}` can ask for."""
NAMES = {**NS, "m": "http://schemas.openxmlformats.org/officeDocument/2006/math"}

_SETTINGS = TargetSettings(
    titel="Prov",
    namn="Härnösand",
    namnd="Socialnämnden",
    periodtyp="helar",
    dnr="SN 10/2022",
    datum=dt.date(2023, 2, 10),
)


def squeeze(text: str) -> str:
    """Return a text with each run of white space as one space, without word joiners."""
    return re.sub(r"\s+", " ", text.replace("\u2060", "")).strip()


@dataclass
class Built:
    """A finished file and what the user was told."""

    path: Path
    warnings: Sequence[str]

    def holds(self, what: str) -> bool:
        """Tell whether the file holds a CSS selector (HTML), a tag (PDF) or an XPath (Word)."""
        if self.path.suffix == ".html":
            return bool(self._page().select(what))
        if self.path.suffix == ".docx":
            return bool(self._word().xpath(what, namespaces=NAMES))
        kind, _, alt = what.partition("=")
        return any(
            tag["type"] == kind and (not alt or tag.get("alt_text") == alt)
            for tag in tags(self.path)
        )

    def text(self) -> str:
        """Return all that is read in the file's text."""
        if self.path.suffix == ".html":
            page = self._page()
            for annotation in page.select("annotation, .ankare, nav"):
                annotation.decompose()
            return squeeze((page.select_one("main") or page).get_text())
        if self.path.suffix == ".docx":
            parts = self._word().xpath("//w:body//w:p", namespaces=NAMES)
            return squeeze(" ".join(_words(part) for part in parts))
        pages: Any = pymupdf.open(self.path)
        return squeeze(" ".join(page.get_text() for page in pages))

    def _page(self) -> bs4.BeautifulSoup:
        return bs4.BeautifulSoup(self.path.read_text(encoding="utf-8"), "html.parser")

    def _word(self) -> Any:
        with zipfile.ZipFile(self.path) as archive:
            return etree.fromstring(archive.read("word/document.xml"))


def _words(paragraph: Any) -> str:
    nodes = paragraph.xpath(".//w:t | .//m:t | .//w:tab | .//w:br", namespaces=NAMES)
    return "".join(node.text or " " for node in nodes)


def document(
    folder: Path, source: str, head: str = "", files: dict[str, str] | None = None
) -> Document:
    """Write a small document with two pictures, `a.svg` and `b.svg`, into an empty folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("a.svg", "b.svg"):
        (folder / name).write_text(SVG, encoding="utf-8")
    for name, content in (files or {}).items():
        (folder / name).write_text(content, encoding="utf-8")
    first = "" if source.startswith("# ") else "# Kapitlet\n\n"
    text = HEAD.format(more=head) + first + source + "\n"
    (folder / "composed.md").write_text(text, encoding="utf-8", newline="\n")
    job = Job(Target("liten", "harnosand", 2022), _SETTINGS, Path("reports/liten.qmd"), frozenset())
    return Document(job, folder, 1_676_000_000)


def render(
    folder: Path, source: str, head: str, format: str, files: dict[str, str] | None = None
) -> Built:
    """Render a document by itself, with its shortcodes and cells.

    Raises:
        BerattelseError: it cannot be rendered.
    """
    written = document(folder, source, head, files).markdown
    path = written.rename(folder / "ut.qmd")
    with mock.patch.dict(os.environ, ENVIRONMENT):
        warnings = single.render(path, cast(Format, format), folder)
    return Built(folder / f"ut.{format}", warnings)


def build(made: Document, format: str) -> Built:
    """Typeset a document.

    Raises:
        TypesetError: what stands in it cannot be typeset.
    """
    out = made.folder / f"ut.{format}"
    return Built(out, Inbyggd().typeset(made, cast(Format, format), out))
