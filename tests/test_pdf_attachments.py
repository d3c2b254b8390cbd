"""The figures that a PDF carries as files, read back with readers that know nothing of typst."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pypdfium2
import pytest

from tests.pdfs import failures, typeset

ROWS = "matt;period;varde\r\nbeslut;2022;1 234\r\n"
NAMES = {
    "insatser.csv": ROWS,
    "väntetid & köer.csv": "﻿kö;dygn\r\n\"Åäö; med citat\"\"\";3\r\n",
    'odd "namn" (1) #set page().csv': "<</EF /F>> endstream endobj %%EOF\n",
    "tom.csv": "",
}  # fmt: skip


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, dict[str, bytes]]:
    """A PDF, and the files that it should carry."""
    folder = tmp_path / "dokument"
    (folder / "bilagor").mkdir(parents=True)
    files = {name: text.encode() for name, text in NAMES.items()}
    for name, content in files.items():
        (folder / "bilagor" / name).write_bytes(content)
    paths = [folder / "bilagor" / name for name in files]
    return typeset(folder, "# Insatser\n\nText.\n", attachments=paths), files


def test_attachments_are_read_back_as_they_were(made: tuple[Path, dict[str, bytes]]) -> None:
    path, files = made
    found = pymupdf.open(path)
    contents = [found.embfile_get(name) for name in found.embfile_names()]
    assert sorted(contents) == sorted(files.values())
    document = pypdfium2.PdfDocument(path)
    carried = map(document.get_attachment, range(document.count_attachments()))
    assert {each.get_name() for each in carried} == set(files)


def test_attachments_say_what_they_are(made: tuple[Path, dict[str, bytes]]) -> None:
    document = pymupdf.open(made[0])
    info = document.embfile_info("insatser.csv")
    assert info["description"] == "Siffrorna i datamängden insatser, Delårsrapport 2022"
    objects = [
        document.xref_object(xref, compressed=True) for xref in range(1, document.xref_length())
    ]
    specs = [text for text in objects if "/Type/Filespec" in text or "/AFRelationship" in text]
    assert len(specs) == len(NAMES)
    assert all("/AFRelationship/Data" in text for text in specs)
    assert sum("/Subtype/text#2Fcsv" in text for text in objects) == len(NAMES)


def test_a_pdf_with_attachments_is_pdf_a_3a(made: tuple[Path, dict[str, bytes]]) -> None:
    path = made[0]
    assert failures(path, "PDF_A_3A") == []
    xmp = pymupdf.open(path).get_xml_metadata()
    assert "<pdfaid:part>3</pdfaid:part>" in xmp and "<pdfuaid:part>1</pdfuaid:part>" in xmp


def test_without_the_choice_nothing_is_carried(tmp_path: Path) -> None:
    path = typeset(tmp_path, "# Insatser\n\nText.\n")
    document = pymupdf.open(path)
    assert document.embfile_count() == 0
    assert "<pdfaid:part>2</pdfaid:part>" in document.get_xml_metadata()


def test_the_same_attachments_give_the_same_bytes(tmp_path: Path) -> None:
    pdfs = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "insatser.csv").write_bytes(ROWS.encode())
        pdfs.append(typeset(folder, "# A\n\nText.\n", attachments=[folder / "insatser.csv"]))
    assert pdfs[0].read_bytes() == pdfs[1].read_bytes()
