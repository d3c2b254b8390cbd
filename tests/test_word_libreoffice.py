"""Another program reads our Word files: LibreOffice, as a page and saved again as Word.

What LibreOffice shows and keeps is no proof for Word, but what it loses is lost for those of the
readers who have it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import docx
import pymupdf
import pytest

from tests.readers import squeeze
from tests.test_word_mall import NAMES, WHOLE, Docx, Made, build, made, plain, templates

__all__ = ["build", "made", "plain", "templates"]

PDF = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
EVERY = ("utan", *NAMES)

Convert = Callable[[Sequence[Path], str], list[Path]]


@pytest.fixture(scope="session")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """Convert files with LibreOffice, in a user profile of its own."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        message = "LibreOffice finns inte här: testet är inte kört"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    home = tmp_path_factory.mktemp("libreoffice")

    def run(paths: Sequence[Path], to: str) -> list[Path]:
        out = tmp_path_factory.mktemp("ut")
        subprocess.run(
            [
                program,
                f"-env:UserInstallation={(home / 'profil').as_uri()}",
                "--headless",
                "--convert-to",
                to,
                "--outdir",
                str(out),
                *map(str, paths),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
        suffix = to.partition(":")[0]
        return [out / f"{path.stem}.{suffix}" for path in paths]

    return run


@pytest.fixture(scope="module")
def files(
    plain: Made, made: Mapping[str, Made], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("word")
    every = {"utan": plain, **made}
    return {name: Path(shutil.copy(m.path, folder / f"{name}.docx")) for name, m in every.items()}


@pytest.fixture(scope="module")
def pages(files: dict[str, Path], convert: Convert) -> dict[str, Path]:
    return dict(zip(files, convert(list(files.values()), PDF), strict=True))


@pytest.fixture(scope="module")
def saved(files: dict[str, Path], convert: Convert) -> dict[str, Any]:
    paths = convert(list(files.values()), "docx")
    return {name: docx.Document(str(path)) for name, path in zip(files, paths, strict=True)}


def structure(pdf: Path, kind: str) -> int:
    """Count the tags of a kind in a PDF."""
    with pymupdf.open(pdf) as document:
        found = [document.xref_get_key(x, "S") for x in range(1, document.xref_length())]
    return found.count(("name", f"/{kind}"))


@pytest.mark.parametrize("name", EVERY)
def test_no_table_or_figure_is_lost_on_the_page(
    files: dict[str, Path], pages: dict[str, Path], name: str
) -> None:
    file = Docx(files[name])
    tables, figures = len(file.find("//w:tbl")), len(file.find("//w:drawing"))
    assert tables >= 2
    assert figures >= 1
    assert structure(pages[name], "Table") == tables
    with pymupdf.open(pages[name]) as document:
        assert sum(len(page.get_image_info()) for page in document) == figures


@pytest.mark.parametrize("name", EVERY)
def test_all_text_of_the_tables_is_on_the_page(
    files: dict[str, Path], pages: dict[str, Path], name: str
) -> None:
    with pymupdf.open(pages[name]) as document:
        shown = "".join("".join(page.get_text().split()) for page in document)
    cells = [c for t in docx.Document(str(files[name])).tables for r in t.rows for c in r.cells]
    assert len(cells) > 40
    missing = [c.text for c in cells if "".join(c.text.split()) not in shown]
    assert missing == []


@pytest.mark.parametrize("name", EVERY)
def test_page_numbers_and_contents_are_filled_in(pages: dict[str, Path], name: str) -> None:
    with pymupdf.open(pages[name]) as document:
        texts = [squeeze(page.get_text()) for page in document]
    if name == "utan":
        assert all(f"Sida {n}({len(texts)})" in text for n, text in enumerate(texts, 1) if n > 1)
    contents = next(text for text in texts if "Innehåll" in text and "Brukare" in text)
    assert "Sammanfattning" in contents


@pytest.mark.parametrize("name", EVERY)
def test_saved_again_headings_and_captions_are_there(
    saved: dict[str, Any], plain: Made, name: str
) -> None:
    def styled(document: Any, start: str) -> list[str]:
        return [
            squeeze(p.text)
            for p in document.paragraphs
            if p.style is not None and str(p.style.name).lower().startswith(start)
        ]

    assert styled(saved[name], "heading ") == styled(plain.document, "heading ")
    assert styled(saved[name], "caption") == styled(plain.document, "caption")
    assert len(styled(saved[name], "caption")) == 3


@pytest.mark.parametrize("name", EVERY)
def test_saved_again_fields_are_there(saved: dict[str, Any], name: str) -> None:
    codes = [str(c.text).split() for c in saved[name].element.body.xpath(".//w:instrText")]
    kinds = [code[0] for code in codes if code]
    assert kinds.count("TOC") == 1
    assert kinds.count("SEQ") == 3
    assert kinds.count("REF") == 4


@pytest.mark.parametrize("name", EVERY)
def test_saved_again_alternative_texts_are_there(
    saved: dict[str, Any], plain: Made, name: str
) -> None:
    alts = saved[name].element.body.xpath(".//wp:docPr/@descr")
    wanted = plain.document.element.body.xpath(".//wp:docPr/@descr")
    assert wanted
    assert [alt for alt in wanted if alt not in alts] == []


@pytest.mark.parametrize("name", EVERY)
def test_saved_again_tables_are_there_with_their_header_rows(
    saved: dict[str, Any], plain: Made, name: str
) -> None:
    def tables(document: Any) -> list[tuple[list[list[str]], int]]:
        found = []
        for table in document.tables:
            rows = [[squeeze(cell.text) for cell in row.cells] for row in table.rows]
            heads = len(table._tbl.xpath("./w:tr[w:trPr/w:tblHeader]"))
            if heads:
                found.append((rows, heads))
        return found

    assert len(tables(plain.document)) == 2
    assert tables(saved[name]) == tables(plain.document)


@pytest.mark.parametrize("name", EVERY)
def test_saved_again_footnotes_are_there(saved: dict[str, Any], name: str) -> None:
    assert len(saved[name].element.body.xpath(".//w:footnoteReference")) == WHOLE.count("[^1]:")
