"""A kommun's profile on paper: its colours, fonts and mark, and fonts that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import matplotlib
import pymupdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from berattelse.errors import SettingsError
from berattelse.profile import Profile, standard
from berattelse.profile.model import Cut, Logo, Typeface
from berattelse.typeset.pdf.fonts import book
from tests.pdfs import NBSP, failures, table, tags, texts, typeset

FONTS = Path(matplotlib.__file__).parent / "mpl-data" / "fonts" / "ttf"
TEXT = f"""# Rubrik ett-två

Text med bindestreck här-och-där, *kursiv* och **fet**, i [länk](https://exempel.se).

[Verksamheten skriver: x.]{{.platshallare}}

::: {{.callout-warning}}
## Se upp
Innehåll.
:::

{table([["Vård", f"1{NBSP}234"], ["Stöd", "5"], ["Summa", f"−5{NBSP}000"]], ["Post", "Utfall"])}
"""
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60" viewBox="0 0 200 60">
<rect width="200" height="60" fill="#c0ffee"/></svg>"""


@pytest.fixture(scope="module")
def kommun(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    """A profile with colours, two typefaces and a mark of its own.

    The files are named otherwise than the profile names them, as happens.
    """
    folder = tmp_path_factory.mktemp("profil")
    (folder / "marke.svg").write_text(LOGO, encoding="utf-8")
    base = standard.profile()
    return replace(
        base,
        light=replace(
            base.light, text="#201020", accent="#7a1f3d", band="#123b2a", on_band="#fffbe6",
            surface="#f8f0f4", line="#b090a0", hairline="#e0d0d8", muted="#50404a",
            mark="#d0f0ff", on_mark="#102030", warning="#8a2b00",
        ),
        text=Typeface(
            "Kommun Sans",
            (
                Cut(400, False, FONTS / "STIXGeneral.ttf"),
                Cut(700, False, FONTS / "STIXGeneralBol.ttf"),
                Cut(400, True, FONTS / "STIXGeneralItalic.ttf"),
            ),
        ),
        headings=Typeface("Kommun Rubrik", (Cut(600, False, FONTS / "DejaVuSansMono-Bold.ttf"),)),
        size_pt=10.5,
        logo=Logo(folder / "marke.svg", "Kommunens märke"),
    )  # fmt: skip


def fonts_of(path: Path) -> dict[str, set[str]]:
    """Return what is written in each font of a PDF."""
    found: dict[str, set[str]] = {}
    for sida in pymupdf.open(path):
        for block in sida.get_text("dict")["blocks"]:
            for line in block.get("lines", ()):
                for span in line["spans"]:
                    found.setdefault(span["font"], set()).add(span["text"].strip())
    return found


def colours_of(path: Path) -> set[str]:
    found = set()
    for sida in pymupdf.open(path):
        for drawing in sida.get_drawings():
            for part in (drawing.get("fill"), drawing.get("color")):
                if part:
                    found.add("#" + "".join(f"{round(tone * 255):02x}" for tone in part))
        for block in sida.get_text("dict")["blocks"]:
            for line in block.get("lines", ()):
                found |= {f"#{span['color']:06x}" for span in line["spans"]}
    return found


def test_a_profile_gives_the_file_its_colours_and_fonts(tmp_path: Path, kommun: Profile) -> None:
    path = typeset(tmp_path, TEXT, profile=kommun)
    assert failures(path) == []
    fonts = fonts_of(path)
    assert {name.split("-")[0] for name in fonts} == {
        "KommunSans", "KommunRubrik", "BerattelseBindestreck",
    }  # fmt: skip
    assert "Rubrik ett-två" in fonts["KommunRubrik-600"]
    assert any("fet" in text for text in fonts["KommunSans-700"])
    assert any("kursiv" in text for text in fonts["KommunSans-400It"])
    light, colours = kommun.light, colours_of(path)
    wanted = {
        light.text, light.accent, light.band, light.on_band, light.surface, light.line,
        light.hairline, light.muted, light.mark, light.on_mark, light.warning,
    }  # fmt: skip
    assert wanted <= colours
    own = standard.LIGHT
    assert not colours & {own.text, own.accent, own.surface, own.line, own.mark, own.warning}


def test_an_authors_hyphens_survive_in_any_typeface(tmp_path: Path, kommun: Profile) -> None:
    assert "här-och-där" in " ".join(texts(typeset(tmp_path, TEXT, profile=kommun)))


def test_the_mark_stands_on_the_cover_with_its_alternative_text(
    tmp_path: Path, kommun: Profile
) -> None:
    path = typeset(tmp_path, TEXT, profile=kommun)
    assert [e["alt_text"] for e in tags(path) if e["type"] == "Figure"] == ["Kommunens märke"]
    drawn = [
        drawing["rect"]
        for drawing in pymupdf.open(path)[0].get_drawings()
        if drawing.get("fill")
        and [round(part * 255) for part in drawing["fill"]] == [192, 255, 238]
    ]
    assert len(drawn) == 1
    assert drawn[0].width / drawn[0].height == pytest.approx(200 / 60, rel=0.02)
    assert drawn[0].x1 <= 595 - 60 and drawn[0].y1 <= 842 - 60


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_a_mark_that_says_nothing_is_no_figure(tmp_path: Path, kommun: Profile, kind: str) -> None:
    path = tmp_path / f"marke.{kind}"
    path.write_text(LOGO, encoding="utf-8")
    if kind == "png":
        pymupdf.Pixmap(pymupdf.csRGB, (0, 0, 900, 90), False).save(path)
    made = typeset(tmp_path, TEXT, profile=replace(kommun, logo=Logo(path, "")))
    assert failures(made) == []
    assert not [element for element in tags(made) if element["type"] == "Figure"]


def test_the_same_profile_gives_the_same_bytes(tmp_path: Path, kommun: Profile) -> None:
    first = typeset(tmp_path, TEXT, profile=kommun).read_bytes()
    assert first == typeset(tmp_path, TEXT, profile=kommun, name="igen.pdf").read_bytes()


def test_a_typeface_without_files_is_the_shipped_one(tmp_path: Path) -> None:
    profile = replace(standard.profile(), text=Typeface("Arial"), headings=Typeface("Verdana"))
    names = {name.split("-")[0] for name in fonts_of(typeset(tmp_path, TEXT, profile=profile))}
    assert names == {"SourceSansPro"}


CHART = """<svg xmlns="http://www.w3.org/2000/svg" width="160mm" height="60mm" viewBox="0 0 160 60">
<g font-family="'{family}', sans-serif" font-size="5"><text x="5" y="10">Åäö − 12\u00a0345</text>
<text x="5" y="20" font-weight="600">Halvfet 84\u00a0%</text><text x="5" y="30">{odd}</text>
</g></svg>"""
FIGURE = '::: {#fig-x}\n![](figures/egen.svg){fig-alt="Alt" width="160mm"}\n\nBildtext\n:::\n'


def chart(folder: Path, family: str, odd: str, profile: Profile | None) -> Path:
    (folder / "figures").mkdir(exist_ok=True)
    svg = CHART.format(family=family, odd=odd)
    (folder / "figures" / "egen.svg").write_text(svg, encoding="utf-8")
    return typeset(folder, "# A\n\n" + FIGURE, profile=profile)


def test_text_in_a_chart_is_set_in_the_shipped_typeface(tmp_path: Path) -> None:
    path = chart(tmp_path, standard.FAMILY, "Привет ≥ Ω", None)
    assert failures(path) == []
    fonts = fonts_of(path)
    assert f"Åäö − 12{NBSP}345" in fonts["SourceSansPro-Regular"]
    assert f"Halvfet 84{NBSP}%" in fonts["SourceSansPro-Semibold"]
    # A letter that the typeface lacks comes from one that has it, not from the font of boxes.
    assert "Привет" in " ".join(texts(path))
    assert not [name for name in fonts if "LastResort" in name]


def test_text_in_a_chart_is_set_in_the_profiles_typeface(tmp_path: Path, kommun: Profile) -> None:
    path = chart(tmp_path, "Kommun Sans", "Mer", kommun)
    assert failures(path) == []
    fonts = fonts_of(path)
    assert f"Åäö − 12{NBSP}345" in fonts["KommunSans-400"]
    # Without a cut of 600 the nearest bold one.
    assert f"Halvfet 84{NBSP}%" in fonts["KommunSans-700"]


def test_a_letter_that_no_font_has_is_told_and_shown_as_a_box(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from berattelse.typeset import pdf

    told: list[str] = []
    write = pdf.write

    def kept(*arguments: object) -> None:
        told.extend(write(*arguments))  # type: ignore[arg-type]

    monkeypatch.setattr(pdf, "write", kept)
    path = typeset(tmp_path, "# A\n\nTecknet 日 och 日.\n\nOch 本.\n")
    assert failures(path) == []
    assert "Tecknet 日 och 日." in " ".join(texts(path))
    assert [re.sub(r"^.*composed\.", "", line.split("\n")[0]) for line in told] == [
        f"md:{line}: PDF: tecknet {sign} finns inte i något typsnitt och visas som en ruta."
        for line, sign in ((9, "«日» (U+65E5)"), (11, "«本» (U+672C)"))
    ]


# Fonts that cannot be used --------------------------------------------------------------------


def changed(folder: Path, change: Callable[[TTFont], None]) -> Path:
    font = TTFont(FONTS / "STIXGeneral.ttf")
    change(font)
    path = folder / "kommun.ttf"
    font.save(path)
    return path


def restricted(use: int) -> Callable[[Path], Path]:
    return lambda folder: changed(folder, lambda font: setattr(font["OS/2"], "fsType", use))


def written(content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / "kommun.ttf").write_bytes(content)
        return folder / "kommun.ttf"

    return make


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (restricted(0x0002), "får enligt sin tillverkare inte bäddas in"),
        (restricted(0x0200), "får enligt sin tillverkare inte bäddas in"),
        (restricted(0x0100), "bara bäddas in helt"),
        (written(b""), "skadat eller inget typsnitt"),
        (written(b"\x00\x01\x00\x00" + b"\xff" * 400), "skadat eller inget typsnitt"),
        (written((FONTS / "STIXGeneral.ttf").read_bytes()[:5000]), "skadat eller inget typsnitt"),
        (lambda folder: folder / "kommun.ttf", "kan inte läsas"),
    ],
)
def test_a_font_that_cannot_be_used_is_told(
    tmp_path: Path, make: Callable[[Path], Path], message: str
) -> None:
    path = make(tmp_path)
    face = Typeface("Kommun Sans", (Cut(400, False, path),))
    with pytest.raises(SettingsError) as caught:
        book(replace(standard.profile(), text=face))
    assert message in str(caught.value) and "kommun.ttf" in str(caught.value)


@pytest.mark.parametrize("use", [0x0000, 0x0004, 0x0008])
def test_a_font_for_preview_or_editing_may_be_used(tmp_path: Path, use: int) -> None:
    face = Typeface("Kommun Sans", (Cut(400, False, restricted(use)(tmp_path)),))
    assert book(replace(standard.profile(), text=face)).text[0] == "Kommun Sans"


def test_all_fonts_that_cannot_be_used_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(b"")
    cuts = (Cut(400, False, tmp_path / "a.ttf"), Cut(700, False, tmp_path / "b.ttf"))
    with pytest.raises(SettingsError, match=r"(?s)a\.ttf.*b\.ttf"):
        book(replace(standard.profile(), text=Typeface("Kommun Sans", cuts)))


def variable(path: Path) -> Path:
    """Write a font whose letters get wider with its weight, from 300 to 900."""

    def bar(width: int) -> object:
        pen = TTGlyphPen(None)
        for n, point in enumerate([(0, 0), (0, 700), (width, 700), (width, 0)]):
            (pen.lineTo if n else pen.moveTo)(point)
        pen.closePath()
        return pen.glyph()

    letters = {ord(char): f"g{ord(char)}" for char in "-ABab 0123456789"}
    names = [".notdef", *letters.values()]
    build = FontBuilder(1000, isTTF=True)
    build.setupGlyphOrder(names)
    build.setupCharacterMap(letters)
    build.setupGlyf(dict.fromkeys(names, bar(300)))
    build.setupHorizontalMetrics(dict.fromkeys(names, (500, 0)))
    build.setupHorizontalHeader(ascent=800, descent=-200)
    build.setupNameTable({"familyName": "Variabel", "styleName": "Regular"})
    build.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    build.setupPost()
    build.setupFvar([("wght", 300, 300, 900, "Weight")], [])
    from fontTools.ttLib.tables.TupleVariation import TupleVariation

    wider = [(0, 0), (0, 0), (300, 0), (300, 0), (0, 0), (600, 0), (0, 0), (0, 0)]
    build.setupGvar({name: [TupleVariation({"wght": (0, 1, 1)}, wider)] for name in names})
    build.save(path)
    return path


def test_a_variable_font_is_used_in_the_weights_that_are_asked_for(tmp_path: Path) -> None:
    path = variable(tmp_path / "variabel.ttf")
    cuts = (Cut(400, False, path), Cut(700, False, path))
    profile = replace(standard.profile(), text=Typeface("Variabel", cuts))
    made = typeset(tmp_path, "# A\n\nab ab **ab ab**\n", profile=profile)
    assert failures(made) == []
    widths = {}
    for sida in pymupdf.open(made):
        for block in sida.get_text("dict")["blocks"]:
            for line in block.get("lines", ()):
                for span in line["spans"]:
                    if span["text"].strip() == "ab ab":
                        widths[span["font"]] = span["bbox"][2] - span["bbox"][0]
    assert set(widths) == {"Variabel-400", "Variabel-700"}
    assert widths["Variabel-400"] < widths["Variabel-700"]
