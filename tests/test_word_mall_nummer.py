"""A template that numbers some levels of headings: the report's references say the same."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pymupdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from tests.readers import squeeze
from tests.test_word_libreoffice import PDF, Convert, convert
from tests.test_word_mall import Build, Made, W, build, document_with
from tests.test_word_mallar import NS, control, para, run
from tests.test_word_schema import faults

__all__ = ["build", "convert"]

BODY = """
# Ett

## Under

### Tre {#sec-tre}

#### Fyra {#sec-fyra}

### Bilaga {.unnumbered}

### Mer \\<w:p/> & {#sec-mer}

# Två

Se @sec-tre och [-@sec-fyra], och @sec-mer.[^1]

[^1]: Noten nämner @sec-mer.
"""

Levels = tuple[str, ...]


def numbered(
    path: Path,
    patterns: Levels = ("%1", "%1.%2"),
    *blocks: str,
    change: Callable[[Any, Any], None] = lambda abstract, styles: None,
) -> Path:
    """Make a template whose first headings have numbers with these patterns."""
    place = control("innehall", para(run("x")), number=1)
    document = docx.Document(str(document_with(path, *blocks, place)))
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{n}" w:tplc="0409000F"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        f'<w:pStyle w:val="Heading{n + 1}"/><w:lvlText w:val="{pattern}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="600" w:hanging="600"/></w:pPr><w:rPr><w:i/><w:sz w:val="40"/>'
        "</w:rPr></w:lvl>"
        for n, pattern in enumerate(patterns)
    )
    abstract = parse_xml(
        f'<w:abstractNum {NS} w:abstractNumId="70"><w:nsid w:val="00112233"/>'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    numbering.find(qn("w:num")).addprevious(abstract)
    numbering.append(parse_xml(f'<w:num {NS} w:numId="70"><w:abstractNumId w:val="70"/></w:num>'))
    for level in range(len(patterns)):
        document.styles[f"Heading {level + 1}"].element.get_or_add_pPr()._insert_numPr(
            parse_xml(f'<w:numPr {NS}><w:ilvl w:val="{level}"/><w:numId w:val="70"/></w:numPr>')
        )
    change(abstract, document.styles)
    document.save(str(path))
    return path


def numbers(made: Made) -> dict[str, str]:
    """Count the headings as Word does: text -> number."""

    def one(path: str, part: str) -> str:
        return "".join(map(str, made.file.find(path, part)[:1]))

    counts = [0] * 9
    out = {}
    for p in made.file.find("//w:body/w:p"):
        sid = p.xpath("string(./w:pPr/w:pStyle/@w:val)", namespaces=W)
        own = f"//w:style[@w:styleId='{sid}'][starts-with(w:name/@w:val, 'heading')]/w:pPr/w:numPr"
        number = p.xpath("string(./w:pPr/w:numPr/w:numId/@w:val)", namespaces=W)
        number = number or one(f"{own}/w:numId/@w:val", "word/styles.xml")
        if not number or not sid.startswith("Heading"):
            continue
        text = "".join(p.xpath(".//w:t/text()", namespaces=W))
        level = one(f"{own}/w:ilvl/@w:val", "word/styles.xml")
        of = one(f"//w:num[@w:numId='{number}']/w:abstractNumId/@w:val", "word/numbering.xml")
        owner = f"//w:abstractNum[@w:abstractNumId='{of}']/w:lvl[@w:ilvl='{level}']"
        shown = one(f"{owner}/w:lvlText/@w:val", "word/numbering.xml") if number != "0" else ""
        if shown:
            assert one(f"{owner}/w:pStyle/@w:val", "word/numbering.xml") == sid
            counts[int(level)] += 1
            counts[int(level) + 1 :] = [0] * (8 - int(level))
        for place, count in enumerate(counts, 1):
            shown = shown.replace(f"%{place}", str(count))
        out[text] = shown
    return out


def said(made: Made) -> str:
    return next(text for _, text in made.paragraphs if text.startswith("Se ")).replace(
        "\u00a0", " "
    )


NUMBERS = {"Tre": "1.1.1", "Fyra": "1.1.1.1", "Bilaga": "", "Mer <w:p/> &": "1.1.2"}


@pytest.mark.parametrize(
    ("patterns", "end"),
    [
        (("%1", "%1.%2"), ""),
        (("%1.", "%1.%2."), "."),
        (("%1",), ""),
        (("Kapitel %1",), ""),
        (("%1", "%1.%2", "%1.%2.%3"), ""),
    ],
)
def test_levels_that_the_template_does_not_number_are_numbered_on(
    build: Build, tmp_path: Path, patterns: Levels, end: str
) -> None:
    made = build(BODY, numbered(tmp_path / "mall.docx", patterns))
    found = numbers(made)
    assert {title: found[title].removesuffix(".") for title in NUMBERS} == NUMBERS
    assert found["Tre"] == f"1.1.1{end}"
    assert said(made) == "Se Avsnitt 1.1.1 och 1.1.1.1, och Avsnitt 1.1.2."
    assert f"1.1.1{end}Tre" in made.file.texts("//w:sdt//w:hyperlink")
    assert not [w for w in made.warnings if "numrerar inte" in w]
    assert faults(made.path) == []


def test_new_levels_look_like_those_of_the_template(build: Build, tmp_path: Path) -> None:
    made = build(BODY, numbered(tmp_path / "mall.docx"))
    lvl = "//w:abstractNum[@w:abstractNumId='70']/w:lvl"
    assert made.file.find(f"{lvl}/@w:ilvl", "word/numbering.xml") == ["0", "1", "2", "3"]
    assert len(made.file.find(f"{lvl}/w:rPr/w:i", "word/numbering.xml")) == 4
    # A size of its own is the size of Rubrik 2
    assert len(made.file.find(f"{lvl}/w:rPr/w:sz", "word/numbering.xml")) == 2
    hanging = made.file.find(f"{lvl}/w:pPr/w:ind/@w:hanging", "word/numbering.xml")
    assert hanging[:2] == ["600", "600"]
    assert int(hanging[2]) < int(hanging[3])


def test_level_that_the_list_has_already_is_linked_as_it_is(build: Build, tmp_path: Path) -> None:
    def change(abstract: Any, styles: Any) -> None:
        abstract.append(
            parse_xml(
                f'<w:lvl {NS} w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
                '<w:lvlText w:val="%1.%2.%3"/><w:lvlJc w:val="right"/></w:lvl>'
            )
        )

    made = build(BODY, numbered(tmp_path / "mall.docx", change=change))
    assert numbers(made)["Tre"] == "1.1.1"
    third = "//w:lvl[w:pStyle/@w:val='Heading3']"
    assert made.file.find(f"{third}/w:lvlJc/@w:val", "word/numbering.xml") == ["right"]
    assert not made.file.find(f"{third}/w:rPr", "word/numbering.xml")
    assert faults(made.path) == []


def test_roman_chapters_do_not_reach_the_new_levels(build: Build, tmp_path: Path) -> None:
    def change(abstract: Any, styles: Any) -> None:
        abstract[2].find(qn("w:numFmt")).set(qn("w:val"), "upperRoman")

    made = build(BODY, numbered(tmp_path / "mall.docx", change=change))
    legal = made.file.find("//w:lvl[w:isLgl]/@w:ilvl", "word/numbering.xml")
    assert legal == ["2", "3"]
    assert faults(made.path) == []


def test_heading_that_only_inherits_a_number_gets_its_own(build: Build, tmp_path: Path) -> None:
    def change(abstract: Any, styles: Any) -> None:
        styles["Heading 3"].base_style = styles["Heading 2"]

    made = build(BODY, numbered(tmp_path / "mall.docx", change=change))
    found = numbers(made)
    assert {title: found[title] for title in NUMBERS} == NUMBERS


def _taken(abstract: Any, styles: Any) -> None:
    styles.add_style("Numrerat stycke", 1).element.set(qn("w:styleId"), "Numrerat")
    abstract.append(
        parse_xml(
            f'<w:lvl {NS} w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
            '<w:pStyle w:val="Numrerat"/><w:lvlText w:val="%3)"/><w:lvlJc w:val="left"/></w:lvl>'
        )
    )


def _other_list(abstract: Any, styles: Any) -> None:
    root = abstract.getparent()
    root.append(parse_xml(f'<w:num {NS} w:numId="71"><w:abstractNumId w:val="70"/></w:num>'))
    style = styles["Heading 2"].element
    style.pPr.numPr.numId.set(qn("w:val"), "71")


@pytest.mark.parametrize("change", [_taken, _other_list])
def test_list_that_cannot_go_on_is_told_and_references_name_the_heading(
    build: Build, tmp_path: Path, change: Callable[[Any, Any], None]
) -> None:
    made = build(BODY, numbered(tmp_path / "mall.docx", change=change))
    told = [w for w in made.warnings if "numrerar inte «Rubrik 3» och «Rubrik 4»" in w]
    assert len(told) == 1
    assert said(made) == "Se Avsnitt ”Tre” och ”Fyra”, och Avsnitt ”Mer <w:p/> &”."
    assert (
        "Avsnitt\u00a0”Mer <w:p/> &”"
        in made.file.texts("//w:footnote[not(@w:type)]", "word/footnotes.xml")[0]
    )
    assert "Tre" in made.file.texts("//w:sdt//w:hyperlink")
    codes = [str(c).split() for c in made.file.find("//w:instrText/text()")]
    assert ["REF", "_Ref_sec_tre", "\\h"] in codes
    assert not [code for code in codes if "\\r" in code]
    assert faults(made.path) == []


def test_deep_headings_of_the_templates_own_stay_without_number(
    build: Build, tmp_path: Path
) -> None:
    before, after = (para(run(text), "Heading3") for text in ("Före", "Efter"))
    path = numbered(tmp_path / "mall.docx", ("%1", "%1.%2"), before)
    document = docx.Document(str(path))
    document.element.body[-1].addprevious(parse_xml(after))
    document.save(str(path))
    found = numbers(build(BODY, path))
    assert (found["Före"], found["Efter"]) == ("", "")
    assert found["Tre"] == "1.1.1"


def test_shallow_text_leaves_the_list_of_the_template_alone(build: Build, tmp_path: Path) -> None:
    path = numbered(tmp_path / "mall.docx")
    with zipfile.ZipFile(path) as archive:
        before = archive.read("word/numbering.xml").decode()
    made = build("\n# A\n\n## B\n", path)
    levels = "//w:abstractNum[@w:abstractNumId='70']/w:lvl/@w:ilvl"
    assert before.count('w:tplc="0409000F"') == 2
    assert made.file.find(levels, "word/numbering.xml") == ["0", "1"]


def test_another_program_counts_the_same(build: Build, tmp_path: Path, convert: Convert) -> None:
    """LibreOffice computes the fields anew when it opens a file."""
    on = build(BODY, numbered(tmp_path / "mall.docx"))
    named = build(BODY, numbered(tmp_path / "tagen.docx", change=_taken))
    files = [tmp_path / "vidare.docx", tmp_path / "namn.docx"]
    for made, file in zip((on, named), files, strict=True):
        file.write_bytes(made.path.read_bytes())
    texts = []
    for page in convert(files, PDF):
        with pymupdf.open(page) as pdf:
            texts.append(squeeze("".join(page.get_text() for page in pdf)))
    assert "SeAvsnitt1.1.1och1.1.1.1,ochAvsnitt1.1.2." in texts[0].replace(" ", "")
    assert "SeAvsnitt”Tre”och”Fyra”,ochAvsnitt”Mer<w:p/>&”." in texts[1].replace(" ", "")
