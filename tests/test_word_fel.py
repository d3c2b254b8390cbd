"""What is told of a template or text with a fault, and what the file then says."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import docx
import pytest
from docx.oxml import parse_xml

from berattelse import images
from berattelse.errors import TypesetError
from berattelse.model import Document
from berattelse.profile import Logo, standard
from berattelse.typeset.pdf.fonts import book
from berattelse.typeset.pdf.look import profile_facts
from berattelse.typeset.word import picture
from tests.test_word import FIGURE, HEAD, Make, make
from tests.test_word_mall import Build, Made, build, document_with, mall
from tests.test_word_mallar import NS, control, letter, para, run
from tests.test_word_schema import faults

__all__ = ["build", "make", "mall"]

MAIN = "word/document.xml"
SPACE = NS.partition("=")[2].strip('"').encode()


# Files that cannot be read ----------------------------------------------------------------------


def packed(path: Path, main: bytes | None = None) -> Path:
    """Write the letter's parts again, packed, with another main part."""
    letter(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, main if main is not None and name == MAIN else content)
    return path


def body(inside: bytes) -> bytes:
    return b'<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (SPACE, inside)


def damaged(kind: str, path: Path) -> Path:
    """Write a template whose directory is whole, but whose content has the fault `kind`."""
    if kind == "djup":
        return packed(path, body(b"<w:p>" * 20_000 + b"</w:p>" * 20_000))
    if kind == "stor":
        return packed(path, body(b"<w:p/>" * 6_000_000))
    if kind == "entitet":
        return packed(path, b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    packed(path)
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(MAIN)
    content = bytearray(path.read_bytes())
    data = info.header_offset + 30 + len(MAIN)
    listed = content.rindex(MAIN.encode()) - 46
    if kind == "innehåll":
        content[data : data + 200] = bytes(byte ^ 0x5A for byte in content[data : data + 200])
    elif kind == "kontrollsumma":
        for place in (info.header_offset + 14, listed + 16):
            content[place : place + 4] = struct.pack("<L", info.CRC ^ 1)
    elif kind == "packning":
        for place in (info.header_offset + 8, listed + 10):
            content[place : place + 2] = struct.pack("<H", 97)
    elif kind == "lzma":
        for place in (info.header_offset + 8, listed + 10):
            content[place : place + 2] = struct.pack("<H", 14)
    elif kind == "lösenord":
        for place in (info.header_offset + 6, listed + 8):
            content[place] |= 1
    path.write_bytes(bytes(content))
    return path


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("innehåll", "skadad"),
        ("kontrollsumma", "skadad"),
        ("packning", "skadad"),
        ("lzma", "skadad"),
        ("lösenord", "skadad"),
        ("djup", "skadad"),
        ("stor", "orimligt stor"),
        ("entitet", "skadad"),
    ],
)
def test_damaged_content_is_an_error_with_a_remedy(
    build: Build, tmp_path: Path, kind: str, said: str
) -> None:
    path = damaged(kind, tmp_path / "mall.docx")
    assert zipfile.is_zipfile(path)
    with pytest.raises(TypesetError) as error:
        build("\n# A\n", path)
    assert said in error.value.message
    assert str(error.value.place) == str(path)
    assert error.value.remedy


def test_packing_again_does_no_harm(build: Build, tmp_path: Path) -> None:
    assert faults(build("\n# A\n", packed(tmp_path / "mall.docx")).path) == []


# Facts that are missing -------------------------------------------------------------------------

NO_DNR = HEAD.replace("dnr: SN 22-100", "dnr: dnr saknas")
NO_DATE = NO_DNR.replace('datum: "2023-02-19"\n', "")


def keywords(made: Made) -> str:
    return str(made.document.core_properties.keywords)


def test_control_for_a_missing_dnr_keeps_its_prompt_and_is_told(
    build: Build, mall: Callable[..., Path]
) -> None:
    made = build("\n# A\n", mall(), head=NO_DNR)
    assert made.file.texts("//w:sdt", "word/header1.xml") == ["X 1/01", "Utredare"]
    assert len([w for w in made.warnings if "«dnr», som inte är ifyllt: fältet står" in w]) == 1
    assert all(b"dnr saknas" not in part for part in made.file.parts.values())
    assert keywords(made) == "Verksamhetsberättelse, Härnösand, Socialnämnden, 2022"


def test_without_template_the_pages_say_that_there_is_no_dnr(build: Build) -> None:
    made = build("\n# A\n", head=NO_DNR)
    assert ("Omslagsuppgift", "Diarienummer dnr saknas") in made.paragraphs
    assert "Härnösand · dnr saknas · 19 februari 2023" in made.margins("footer")
    assert "dnr saknas" not in keywords(made)


def test_known_dnr_is_a_keyword(build: Build) -> None:
    assert keywords(build("\n# A\n")).endswith(", SN 22-100")


def test_footer_has_no_word_for_a_dnr_that_nobody_speaks_of(build: Build) -> None:
    made = build("\n# A\n", head=HEAD.replace("dnr: SN 22-100\n", ""))
    assert "Härnösand · 19 februari 2023" in made.margins("footer")


def test_several_empty_controls_are_told_in_the_plural(
    build: Build, mall: Callable[..., Path]
) -> None:
    made = build("\n# A\n", mall(), head=NO_DATE, handlaggare="")
    told = [w for w in made.warnings if "har plats för" in w]
    assert len(told) == 1
    assert "«datum», «dnr» och «handlaggare», som inte är ifyllda: fälten står kvar" in told[0]


# Styles that are missing ------------------------------------------------------------------------


def without_headings(path: Path, *, contents: bool = True) -> Path:
    """Make a template without heading styles, as one for letters may be."""
    document = docx.Document(
        str(document_with(path, para(run("omslag")), control("innehall", para(run("x")), number=1)))
    )
    root = document.styles.element
    for style in list(document.styles):
        if re.match(r"(Heading|heading)", str(style.name)) or style.name == "TOC Heading":
            root.remove(style.element)
    if contents:
        root.append(
            parse_xml(
                f'<w:style {NS} w:type="paragraph" w:styleId="TOCHeading">'
                '<w:name w:val="TOC Heading"/><w:basedOn w:val="Rubrik1"/></w:style>'
            )
        )
    document.save(str(path))
    return path


@pytest.mark.parametrize("contents", [True, False])
def test_headings_that_were_added_are_told(build: Build, tmp_path: Path, contents: bool) -> None:
    path = without_headings(tmp_path / "mall.docx", contents=contents)
    made = build("\n# A\n\n## B\n\n### C\n\n## D\n", path)
    told = [w for w in made.warnings if "saknar" in w]
    assert len(told) == 1
    assert "saknar «Rubrik 1», «Rubrik 2» och «Rubrik 3». De har lagts till" in told[0]
    assert faults(made.path) == []


@pytest.mark.parametrize("contents", [True, False])
def test_heading_of_the_contents_looks_like_rubrik_1(
    build: Build, tmp_path: Path, contents: bool
) -> None:
    made = build("\n# A\n", without_headings(tmp_path / "mall.docx", contents=contents))
    assert made.paragraphs[1] == ("TOC Heading", "Innehåll")
    styles = {s.style_id: s for s in made.document.styles}
    base = styles["TOCHeading"].base_style
    assert base is not None
    assert str(base.name).lower() == "heading 1"
    told = [w for w in made.warnings if "saknar «Rubrik 1». Stilen har lagts till" in w]
    assert len(told) == 1


def test_unknown_style_is_told_with_each_place(build: Build) -> None:
    text = (
        '\n# A\n\n::: {custom-style="Okänd ruta"}\nStycke\n:::\n\n'
        "[ord]{custom-style='Okänd ruta'} och [ord]{custom-style=Annan}\n\n"
        '```\n{custom-style="Okänd ruta"}\n```\n'
    )
    made = build(text)
    lines = (HEAD + text).split("\n")
    composed = made.path.parent / "composed.md"
    for name, places in (("Okänd ruta", ("::: {", "[ord]")), ("Annan", ("[ord]",))):
        wanted = [next(n for n, line in enumerate(lines, 1) if line.startswith(p)) for p in places]
        told = [w for w in made.warnings if f"Stilen «{name}»" in w]
        assert [w.partition(": Stilen")[0] for w in told] == [f"{composed}:{n}" for n in wanted]


# Pictures ---------------------------------------------------------------------------------------

BROKEN = b"<svg xmlns='http://www.w3.org/2000/svg'><rect"


def test_unreadable_mark_is_told_with_the_profiles_file(make: Make, tmp_path: Path) -> None:
    path = tmp_path / "vapen.svg"
    path.write_bytes(BROKEN)
    profile = replace(standard.profile(), logo=Logo(path, "Vapen"))
    with pytest.raises(TypesetError) as error:
        make("\n# A\n", profile=profile)
    assert str(error.value) == (
        f"{path}: Logotypen är ingen läsbar bild.\n  → Spara den på nytt som SVG eller PNG."
    )


def test_the_pdfs_copy_of_the_mark_is_no_picture_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "vapen.svg"
    path.write_bytes(BROKEN)
    folder = tmp_path / "ut"
    folder.mkdir()
    profile = replace(standard.profile(), logo=Logo(path, "Vapen"))
    profile_facts(profile, book(profile), cast(Document, SimpleNamespace(folder=folder)))
    assert [p.read_bytes() for p in folder.glob("*.svg")] == [BROKEN]
    picture.draw_pngs(folder, profile)
    assert not list(folder.glob("*.png"))


def test_unreadable_pictures_of_the_text_are_told_where_they_stand(tmp_path: Path) -> None:
    folder = tmp_path / images.FOLDER
    folder.mkdir()
    for name in ("1-hus.svg", "2-vag.svg"):
        (folder / name).write_bytes(BROKEN)
    composed = tmp_path / "composed.md"
    text = f"# A\n\n![Hus]({images.FOLDER}/1-hus.svg)\n\n![Väg]({images.FOLDER}/2-vag.svg)\n"
    composed.write_text(text, encoding="utf-8")
    with pytest.raises(TypesetError) as error:
        picture.draw_pngs(tmp_path, standard.profile())
    assert str(error.value).splitlines() == [
        f"{composed}:3: Bilden hus.svg går inte att läsa som SVG.",
        "  → Spara om den, som SVG eller PNG.",
        f"{composed}:5: Bilden vag.svg går inte att läsa som SVG.",
        "  → Spara om den, som SVG eller PNG.",
    ]


def test_pictures_stand_where_their_line_begins(build: Build) -> None:
    made = build(f"\n# A\n\n{FIGURE}\n\nText ![En bild](figures/nojd.png) i raden.\n")
    assert len(made.file.find("//wp:inline")) == 2
    for side in ("distT", "distB", "distL", "distR"):
        assert made.file.find(f"//wp:inline/@{side}") == ["0", "0"]
    assert not made.file.find("//w:style[@w:styleId='Figur']//w:ind", "word/styles.xml")
