"""The PDF's checks: a good file of ours with bytes changed, and files by other hands."""

from __future__ import annotations

import re
import sys
import zlib
from pathlib import Path

import pytest
import typst

from berattelse.checks import check, pdf
from berattelse.checks.pdf_sv import EXACT, sentence
from tests.underlag.rapport import WORD, libreoffice, typeset


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return typeset(tmp_path_factory.mktemp("rapport"), "pdf").read_bytes()


def rules(content: bytes) -> set[str]:
    found = pdf.check(content)
    assert all(finding.level == "fel" for finding in found)
    return {finding.rule for finding in found}


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    """Replace a text by one of the same length, so that no place in the file moves."""
    assert len(old) == len(new) and old in content, old
    return content.replace(old, new)


def drawn(tmp_path: Path, source: str, *standards: str) -> bytes:
    path = tmp_path / "text.typ"
    path.write_text(source, encoding="utf-8")
    return typst.compile(path, pdf_standards=list(standards))


def test_our_pdf_has_no_findings(ours: bytes) -> None:
    assert pdf.check(ours) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"/Lang(sv-SE)", b"/Lang(en-US)", {"pdf_sprak"}),
        (b"/Outlines", b"/OutlineX", {"pdf_bokmarken"}),
        (b"/Alt", b"/Alx", {"pdf:PDFUA1-FIGURE-ALTERNATIVE-TEXT-001"}),
        (b"<pdfuaid:part>1<", b"<pdfuaid:part>7<", {"pdf_pdfua"}),
        (b"<pdfaid:part>2<", b"<pdfaid:part>7<", {"pdf_pdfa"}),
        (b"<pdfaid:conformance>A<", b"<pdfaid:conformance>B<", {"pdf_pdfa"}),
        (b"/DisplayDocTitle true", b"/DisplayDocTitlX true",
         {"pdf:PDFUA1-VIEWER-PREFERENCES-001"}),
        (b"/StructTreeRoot", b"/StructTreeRooX",
         {"pdf:PDFUA1-STRUCT-TREE-ROOT-001", "pdf:PDFA2A-STRUCT-TREE-ROOT-001"}),
    ],
)  # fmt: skip
def test_one_change_is_found(ours: bytes, old: bytes, new: bytes, expected: set[str]) -> None:
    found = rules(changed(ours, old, new))
    assert expected <= found
    if len(expected) == 1:
        assert found == expected


def test_language_that_is_missing_is_told_by_both(ours: bytes) -> None:
    found = rules(changed(ours, b"/Lang(sv-SE)", b"/Lanx(sv-SE)"))
    assert {"pdf_sprak", "pdf:PDFUA1-TEXT-LANGUAGE-001"} <= found


def test_title_that_is_missing(tmp_path: Path) -> None:
    found = rules(drawn(tmp_path, '#set text(lang: "sv")\n= Rubrik\nText'))
    assert {"pdf_titel", "pdf_pdfua", "pdf_pdfa", "pdf:PDFUA1-METADATA-TITLE-001"} <= found


@pytest.mark.parametrize(
    ("standards", "missing"),
    [((), {"pdf_pdfua", "pdf_pdfa"}), (("ua-1",), {"pdf_pdfa"}), (("a-2b",), {"pdf_pdfua",
     "pdf_pdfa"}), (("a-2a",), {"pdf_pdfua"}), (("a-2a", "ua-1"), set()),
     (("a-3a", "ua-1"), set())],
)  # fmt: skip
def test_both_standards_must_be_claimed(
    tmp_path: Path, standards: tuple[str, ...], missing: set[str]
) -> None:
    source = '#set document(title: "Titel")\n#set text(lang: "sv")\n= Rubrik\nText'
    assert rules(drawn(tmp_path, source, *standards)) & {"pdf_pdfua", "pdf_pdfa"} == missing


def test_faults_are_told_in_swedish_with_page_and_clause(tmp_path: Path) -> None:
    source = (
        '#set document(title: "Titel")\n#set text(lang: "sv")\n= Rubrik\n=== Hopp\n#pagebreak()\n'
        '#pagebreak()\n#link("https://exempel.se")[Länk]'
    )
    found = {f.rule: f for f in pdf.check(drawn(tmp_path, source, "1.4"))}
    jump = found["pdf:PDFUA1-HEADING-NESTING-001"]
    assert jump.message == "PDF/UA-1: En rubriknivå är överhoppad."
    assert "heading level H3" in jump.remedy
    assert found["pdf:PDFUA1-PAGE-TABS-001"].place.startswith("sidan 3")


def test_a_long_file_without_headings_lacks_bookmarks(tmp_path: Path) -> None:
    head = '#set document(title: "Titel")\n#set text(lang: "sv")\n'
    long = head + "Text\n#pagebreak()\nText\n#pagebreak()\nText"
    assert rules(drawn(tmp_path, long, "a-2a", "ua-1")) == {"pdf_bokmarken"}
    assert rules(drawn(tmp_path, head + "Text", "a-2a", "ua-1")) == set()


def test_metadata_may_be_packed(ours: bytes) -> None:
    start, end = ours.index(b"<x:xmpmeta"), ours.index(b"</x:xmpmeta>") + 12
    packed = zlib.compress(ours[start:end])
    content = (
        b"<</Type/Metadata/Subtype/XML/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
        + packed
        + b"\nendstream"
    )
    assert pdf.claimed(ours) == {"ua1", "2a"}
    assert pdf.claimed(content) == {"ua1", "2a"}
    assert pdf.claimed(b"<x:xmpmeta><inte xml</x:xmpmeta>") == frozenset()


def test_a_stream_that_ends_with_a_carriage_return_is_no_fault(ours: bytes) -> None:
    good = b"1 0 obj\n<</Length 3>>\nstream\nab\r\nendstream\nendobj\n"
    assert pdf.lengths_hold(good)
    assert not pdf.lengths_hold(good.replace(b"/Length 3", b"/Length 9"))
    assert not pdf.lengths_hold(good.replace(b"/Length 3", b"/Length 4 0 R"))
    assert pdf.lengths_hold(ours)
    # The same length, one byte more to the end: a real fault stays one
    wrong = re.sub(rb"/Length (\d)(\d+)", lambda m: b"/Length %d%s" % (int(m[1]) % 9 + 1, m[2]),
                   ours, count=1)  # fmt: skip
    assert not pdf.lengths_hold(wrong)


@pytest.mark.parametrize(
    "content",
    [b"", b"hej", b"<html>", b"%PDF-1.7\nhej", b"%PDF-1.7\n%%EOF"],
    ids=["empty", "text", "page", "only a head", "no objects"],
)
def test_what_is_no_pdf_is_a_finding(content: bytes) -> None:
    (finding,) = pdf.check(content)
    assert finding.rule == "pdf_lasbar"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_file_that_is_cut_never_passes(ours: bytes, part: float) -> None:
    assert rules(ours[: int(len(ours) * part)])


def test_pdf_by_libreoffice(tmp_path: Path) -> None:
    libreoffice(tmp_path, "pdf", WORD / "brister.fodt")
    found = {finding.rule for finding in check(tmp_path / "brister.pdf")}
    assert {"pdf_sprak", "pdf_titel", "pdf_pdfua", "pdf_pdfa"} <= found


def test_without_the_validator_the_file_is_not_passed(
    ours: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "page", None)
    (finding,) = pdf.check(ours)
    assert (finding.rule, finding.level) == ("ej_provad", "fel")
    assert "-c constraints.txt -e '.[validera]'" in finding.remedy


def test_clauses_are_told_in_swedish() -> None:
    assert sentence("PDFUA1-FIGURE-ALTERNATIVE-TEXT-001") == EXACT["FIGURE-ALTERNATIVE-TEXT"]
    assert sentence("PDFA2A-TRUETYPE-GLYPH-WIDTH-001") == "Ett typsnitt är inte helt inlagt."
    assert sentence("PDFUA1-NYTT-001") == ""
