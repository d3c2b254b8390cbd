"""The eighteen produced files, judged by tools that share no code with the writer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import docx
import lxml.html
import page
import pytest
from docx.oxml.ns import qn

from berattelse import project
from berattelse.config import read_settings
from berattelse.model import Target
from tests.conftest import ROOT
from tests.readers import Pdf, _word_body, _word_text, squeeze

TARGETS = project.all_targets(read_settings(ROOT))
IDS = [str(target) for target in TARGETS]


def produced(site: Path, target: Target, suffix: str) -> Path:
    return site / target.kommun / str(target.ar) / f"{target.rapport}.{suffix}"


def test_six_targets_in_three_formats(site: Path) -> None:
    files = [p for p in site.glob("*/*/*") if p.suffix in (".html", ".pdf", ".docx")]
    assert len(TARGETS) == 6
    assert len(files) == 18
    pages = {f"{target.kommun}-{target.ar}" for target in TARGETS}
    assert pages <= {p.stem for p in (site / "kontroll").glob("*.html")}


@pytest.mark.parametrize("target", TARGETS, ids=IDS)
@pytest.mark.parametrize("profile", ["UA1", "A2A"])
def test_pdf_is_valid(site: Path, target: Target, profile: str) -> None:
    name = {"UA1": "PDF_UA_1", "A2A": "PDF_A_2A"}[profile]
    report = page.validate_pdf(
        produced(site, target, "pdf"), profile=getattr(page.ValidationProfile, name)
    )
    assert not report.failures, report.failures[:3]


@pytest.mark.parametrize("target", TARGETS, ids=IDS)
def test_word_has_headings_captions_and_marked_header_rows(site: Path, target: Target) -> None:
    document = docx.Document(str(produced(site, target, "docx")))
    styles = [p.style.style_id for p in document.paragraphs]
    assert sum(style.startswith("Heading") for style in styles) >= 8
    assert styles.count("Caption") >= 8
    assert len(document.tables) >= 8
    for table in document.tables:
        first = table._tbl.tr_lst[0]
        assert first.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert not table._tbl.xpath(".//w:tc//w:tbl")
    for drawing in document.element.body.iter(qn("wp:docPr")):
        # The mark on the cover says nothing besides the name next to it
        if not drawing.xpath(".//*[local-name()='decorative'][@val='1']"):
            assert len(drawing.get("descr") or "") > 20


@pytest.mark.parametrize("target", TARGETS, ids=IDS)
def test_web_page_needs_nothing_from_outside(site: Path, target: Target) -> None:
    text = produced(site, target, "html").read_text(encoding="utf-8")
    tree = lxml.html.document_fromstring(text)
    assert tree.get("lang") == "sv"
    assert not tree.xpath("//script[@src] | //link[@rel='stylesheet'] | //iframe")
    assert len(tree.xpath("//script")) == 1
    sources = tree.xpath(
        "//*/@src | //*[local-name()='image']/@href | //*[local-name()='use']/@href"
    )
    assert all(source.startswith(("data:", "#")) for source in sources)
    assert not re.search(r"url\((?!['\"]?(?:#|data:))|@import", text)
    for table in tree.xpath("//main//table"):
        assert table.xpath("./thead//th[@scope]")
        assert table.xpath("ancestor::details") or table.find("caption") is not None


# The same figures in the three formats -------------------------------------------------------

_AUTOMATIC = re.compile(r"\b(?:Tabell|Figur|Avsnitt)[ \u00a0]\d+(?:\.\d+)*")
_FIGURE = re.compile(r"[−+-]?\d+(?:[ \u00a0]\d{3})*(?:[.,:]\d+)*")
_NUMBERED_HEADING = re.compile(r"^\d+(?:\.\d+)*[ \u00a0]*(?=[A-ZÅÄÖ])")


def figures(blocks: Iterator[tuple[str, str]]) -> list[str]:
    """Return the figures of the blocks in order; `(kind, text)` pairs."""
    found: list[str] = []
    for kind, text in blocks:
        text = _AUTOMATIC.sub(" ", text)
        if kind == "heading":
            text = _NUMBERED_HEADING.sub("", text)
        found += [re.sub(r"[ \u00a0]", "", figure) for figure in _FIGURE.findall(text)]
    return found


def html_blocks(path: Path) -> Iterator[tuple[str, str]]:
    tree = lxml.html.document_fromstring(path.read_text(encoding="utf-8"))
    main = tree.xpath("//main")[0]
    drop = (
        ".//details | .//nav | .//svg | .//*[local-name()='svg'] | .//sup"
        " | .//*[contains(@class,'footnote')] | .//*[contains(@class, 'noter')]"
    )
    for element in main.xpath(drop):
        tail = element.tail or ""
        parent = element.getparent()
        if parent is not None:
            before = element.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + tail
            else:
                parent.text = (parent.text or "") + tail
            parent.remove(element)
    leaves = main.xpath(
        ".//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::p or self::li"
        " or self::th or self::td or self::caption or self::figcaption or self::dt or self::dd]"
        "[not(.//p or .//li or .//table)]"
    )
    for element in leaves:
        kind = "heading" if re.fullmatch(r"h\d", element.tag) else "text"
        yield kind, squeeze(element.text_content())


def word_blocks(path: Path) -> Iterator[tuple[str, str]]:
    started = False
    for element in _word_body(path):
        if element.tag == qn("w:tbl"):
            for cell in element.iter(qn("w:tc")):
                yield "text", _word_text(cell)
            continue
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        name = "" if style is None else style.get(qn("w:val"))
        started = started or (name.startswith("Heading") and not name.startswith("HeadingTOC"))
        if started and not name.startswith("TOC"):
            yield "text", _word_text(element)


def pdf_blocks(path: Path) -> Iterator[tuple[str, str]]:
    text = Pdf(path).running_text()
    page_ = lxml.html.document_fromstring(path.with_suffix(".html").read_text(encoding="utf-8"))
    for heading in page_.xpath("//main//*[self::h1 or self::h2 or self::h3 or self::h4]"):
        numbered = squeeze(heading.text_content())
        words = _NUMBERED_HEADING.sub("", numbered)
        if words != numbered:
            number_ = numbered[: -len(words)].strip()
            # A long heading is divided over lines, so its first word will do
            text = re.sub(
                rf"(?<!\S){re.escape(number_)}[ |]*(?={re.escape(words[:5])})",
                "",
                text,
                count=1,
            )
    yield "text", text


BLOCKS = {"html": html_blocks, "docx": word_blocks, "pdf": pdf_blocks}


@lru_cache(maxsize=32)
def read_figures(path: Path) -> list[str]:
    return figures(BLOCKS[path.suffix[1:]](path))


@pytest.mark.parametrize("target", TARGETS, ids=IDS)
@pytest.mark.parametrize("suffix", ["docx", "pdf"])
def test_the_same_figures_in_the_same_order(site: Path, target: Target, suffix: str) -> None:
    web = read_figures(produced(site, target, "html"))
    other = read_figures(produced(site, target, suffix))
    assert len(web) > 200
    first = next((i for i, (a, b) in enumerate(zip(web, other, strict=False)) if a != b), None)
    where = min(len(web), len(other)) if first is None else first
    context = f"vid {where}: html {web[where - 5 : where + 6]}, {other[where - 5 : where + 6]}"
    assert web == other, context
