"""The kommun's graphic profile in the Word file: colours, font, size, mark, kinds of boxes."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from PIL import Image

from berattelse.errors import TypesetError
from berattelse.profile import Logo, Profile, standard
from tests.test_word import BODY, HEAD, Docx, Make, make
from tests.test_word_mallar import picture
from tests.test_word_schema import faults

__all__ = ["make"]

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20" '
    'fill="#7a1f5c"/></svg>'
)
KINDS = {
    "note": "Faktaruta",
    "tip": "Faktaruta tips",
    "warning": "Faktaruta varning",
    "important": "Faktaruta viktigt",
    "caution": "Faktaruta försiktig",
}
EMU_PER_MM = 36_000


def plum() -> Profile:
    """Return a profile that differs from the standard in all that Word shows."""
    ours = standard.profile()
    light = replace(
        ours.light, accent="#7a1f5c", text="#202020", surface="#faf0f6", line="#c090b0",
        muted="#555555", mark="#ffe0f0", on_mark="#300020", tip="#116633", warning="#885500",
        important="#aa1133", info="#224488",
    )  # fmt: skip
    return replace(ours, light=light, word_family="Georgia & co", word_fallback="Gelasio",
                   size_pt=12)  # fmt: skip


@pytest.fixture(scope="module")
def file(make: Make) -> Docx:
    return Docx(make(BODY, profile=plum()))


def test_colours_are_the_profiles(file: Docx) -> None:
    def colour(style: str, path: str) -> list[str]:
        return list(
            map(str, file.find(f"//w:style[@w:styleId='{style}']{path}", "word/styles.xml"))
        )

    assert colour("Heading1", "/w:rPr/w:color/@w:val") == ["7A1F5C"]
    assert colour("Tabellnot", "/w:rPr/w:color/@w:val") == ["555555"]
    assert colour("Platshallare", "/w:rPr/w:shd/@w:fill") == ["FFE0F0"]
    assert colour("Platshallare", "/w:rPr/w:color/@w:val") == ["300020"]
    fills = set(file.find("//w:tbl//w:shd/@w:fill"))
    assert fills == {"FAF0F6"}
    standard_colours = {standard.LIGHT.accent, standard.LIGHT.surface, standard.LIGHT.line}
    for name, part in file.parts.items():
        for old in standard_colours:
            assert old.removeprefix("#").upper().encode() not in part, (name, old)


def test_font_and_size_are_the_profiles(file: Docx) -> None:
    fonts = file.find("//w:docDefaults//w:rFonts/@w:ascii", "word/styles.xml")
    assert fonts == ["Georgia & co"]
    assert file.find("//w:docDefaults//w:sz/@w:val", "word/styles.xml") == ["24"]
    table = "//w:style[@w:styleId='Tabelltext']/w:rPr/w:sz/@w:val"
    assert file.find(table, "word/styles.xml") == ["22"]
    assert file.find("//w:font/w:altName/@w:val", "word/fontTable.xml") == ["Gelasio"]


def test_wide_typeface_gets_wider_columns(make: Make) -> None:
    row = "".join(f'<td class="gt_right">{n} 234 567</td>' for n in range(8))
    head = "".join(f'<th class="gt_right">Kolumn{n}</th>' for n in range(8))
    body = (
        f"\n# A\n\n::: {{#tbl-a}}\n```{{=html}}\n<table><thead><tr><th>Post</th>{head}</tr></thead>"
        f"<tbody><tr><th>Försörjning</th>{row}</tr></tbody></table>\n```\n\nTabell\n:::\n"
    )
    sizes = [
        set(Docx(make(body, profile=replace(plum(), word_family=family, size_pt=11))).find(
            "//w:tbl//w:sz/@w:val"))
        for family in ("Calibri", "Verdana")
    ]  # fmt: skip
    assert sizes[0] != sizes[1]


# The mark ---------------------------------------------------------------------------------------


def with_logo(path: Path, alt: str) -> Profile:
    return replace(standard.profile(), logo=Logo(path, alt))


@pytest.fixture
def svg(tmp_path: Path) -> Path:
    (tmp_path / "marke.svg").write_text(SVG, encoding="utf-8")
    return tmp_path / "marke.svg"


def test_svg_mark_has_a_png_beside_it(make: Make, svg: Path) -> None:
    path = make("\n# A\n", profile=with_logo(svg, "Kommunens vapen"))
    file = Docx(path)
    assert file.parts["word/media/logotyp.svg"] == SVG.encode()
    with Image.open(io.BytesIO(file.parts["word/media/logotyp.png"])) as image:
        assert image.size[0] == pytest.approx(2 * image.size[1], abs=2)
        assert image.convert("RGB").getpixel((20, 20)) == (0x7A, 0x1F, 0x5C)
        assert image.size[0] > 300
    assert len(file.find("//w:drawing//*[local-name()='svgBlip']")) == 1
    assert file.find("//w:drawing//wp:docPr/@descr") == ["Kommunens vapen"]
    assert faults(path) == []


def test_mark_is_the_first_of_the_cover_and_of_fair_size(make: Make, tmp_path: Path) -> None:
    (tmp_path / "m.png").write_bytes(picture(120, width=100, height=400))
    file = Docx(make("\n# A\n", profile=with_logo(tmp_path / "m.png", "Vapen")))
    assert file.find("//w:body/w:p[1]//w:drawing")
    extent = file.find("//wp:extent")[0]
    assert int(extent.get("cy")) == 24 * EMU_PER_MM
    assert int(extent.get("cx")) == 6 * EMU_PER_MM
    assert file.find("//w:body/w:p[1]/w:pPr/w:pStyle/@w:val") == ["Omslaglogotyp"]


def test_mark_without_alternative_text_is_decoration(make: Make, svg: Path) -> None:
    file = Docx(make("\n# A\n", profile=with_logo(svg, "")))
    assert file.find("//wp:docPr//*[local-name()='decorative']/@val") == ["1"]
    assert file.find("//wp:docPr/@descr") == [""]
    named = Docx(make("\n# A\n", profile=with_logo(svg, "Vapen")))
    assert not named.find("//wp:docPr//*[local-name()='decorative']")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("m.png", b"ingen bild"),
        ("m.svg", b"<svg"),
        ("m.png", b"\xff\xd8\xff\xe0 jpeg"),
        ("borta.png", None),
    ],
)
def test_mark_that_is_no_picture_is_refused(
    make: Make, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(TypesetError, match="Logotypen") as error:
        make("\n# A\n", profile=with_logo(tmp_path / name, "Vapen"))
    assert name in str(error.value.place)
    assert error.value.remedy


def test_mark_gives_the_same_bytes(make: Make, svg: Path) -> None:
    profile = with_logo(svg, "Vapen")
    assert make("\n# A\n", profile=profile).read_bytes() == make(
        "\n# A\n", profile=profile
    ).read_bytes()  # fmt: skip


# Boxes ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def boxes(make: Make) -> Path:
    body = "\n# A\n" + "".join(
        f"\n::: {{.callout-{kind}}}\n## Om {kind}\n\nText {kind}.\n\n- Punkt {kind}\n:::\n"
        for kind in KINDS
    )
    return make(body, profile=plum())


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_box_has_styles_of_its_own(boxes: Path, kind: str) -> None:
    found = [
        (p.style.name, p.text)
        for p in docx.Document(str(boxes)).paragraphs
        if p.style is not None and kind in p.text
    ]
    name = KINDS[kind]
    assert found == [
        (f"{name} rubrik", f"Om {kind}"), (name, f"Text {kind}."), (name, f"Punkt {kind}"),
    ]  # fmt: skip


def test_edges_of_boxes_have_the_colours_of_their_kinds(boxes: Path) -> None:
    left = "//w:style[w:name/@w:val='{}']/w:pPr/w:pBdr/w:left/@w:color"
    colours = [Docx(boxes).find(left.format(n), "word/styles.xml")[0] for n in KINDS.values()]
    assert colours == ["224488", "116633", "885500", "AA1133", "885500"]


def test_boxes_are_no_tables(boxes: Path) -> None:
    assert not Docx(boxes).find("//w:tbl")
    assert faults(boxes) == []


# What the front matter says ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("setting", "shown"),
    [
        ("toc-depth: 1", ["1A", "2C"]),
        ("toc-depth: 2", ["1A", "1.1B", "2C"]),
        ("toc: false", []),
        ("toc: true", ["1A", "1.1B", "1.1.1Under", "2C"]),
    ],
)
def test_contents_are_as_deep_as_asked_for(make: Make, setting: str, shown: list[str]) -> None:
    head = HEAD.replace("lang: sv\n", f"lang: sv\n{setting}\n")
    file = Docx(make("\n# A\n\n## B\n\n### Under\n\n# C\n", head=head))
    assert file.texts("//w:sdt//w:hyperlink") == shown


def test_heading_of_the_contents_can_be_chosen(make: Make) -> None:
    head = HEAD.replace("lang: sv\n", "lang: sv\ntoc-title: I korthet\n")
    file = Docx(make("\n# A\n", head=head))
    assert file.texts(file.styled("TOCHeading")) == ["I korthet"]


def test_date_in_the_title_is_not_broken(make: Make) -> None:
    head = HEAD.replace("Verksamhetsberättelse 2022", "Delårsrapport per 31 augusti 2022")
    file = Docx(make("\n# A\n", head=head))
    assert file.texts(file.styled("Title")) == ["Delårsrapport per 31\u00a0augusti\u00a02022"]


def test_small_table_is_not_broken_between_pages(make: Make) -> None:
    rows = "".join(f"| {n} | x |\n" for n in range(5))
    file = Docx(make(f"\n# A\n\n| A | B |\n|---|---|\n{rows}\n"))
    kept = [bool(row.findall(".//{*}keepNext")) for row in file.find("//w:tr")]
    assert kept == [True] * 5 + [False]


def test_long_table_keeps_head_and_two_rows_together(make: Make) -> None:
    rows = "".join(f"| {n} | x |\n" for n in range(12))
    file = Docx(make(f"\n# A\n\n| A | B |\n|---|---|\n{rows}\n"))
    kept = [bool(row.findall(".//{*}keepNext")) for row in file.find("//w:tr")]
    assert kept == [True, True] + [False] * 9 + [True, False]


def test_code_keeps_its_styles_and_no_other_file_has_them(make: Make) -> None:
    code = make("\n# A\n\n```python\nfor x in y:\n    pass\n```\n")
    assert Docx(code).find("//w:rStyle[contains(@w:val, 'Tok')]")
    assert faults(code) == []
    plain = Docx(make("\n# A\n"))
    assert not plain.find("//w:style[contains(@w:styleId, 'Tok')]", "word/styles.xml")
