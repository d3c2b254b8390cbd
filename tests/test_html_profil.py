"""The kommun's graphic profile on its web pages: colours, typefaces, mark."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fontTools.ttLib import TTFont
from PIL import Image

from berattelse import publish, tools
from berattelse.errors import TypesetError
from berattelse.gate import report
from berattelse.profile import Cut, Logo, Profile, Typeface, standard, style
from berattelse.profile.webfonts import webfonts
from tests.test_html import FIGURE, SVG, one, typeset, wide_table

BLUE = replace(standard.LIGHT, text="#101020", accent="#1d3f91", band="#1d3f91", ground="#fffdf7")
NIGHT = replace(standard.DARK, text="#eeeeff", ground="#0b0b1a", accent="#a9c1ff")
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><script>alert(1)</script>'
    '<style>p{display:none}</style><rect id="innehall" width="60" height="20" fill="#a02030"/>'
    "</svg>"
)


def face(family: str, *names: str) -> Typeface:
    """The shipped typeface under another name, or some cuts of it."""
    wanted = {"Regular": (400, False), "It": (400, True), "Semibold": (600, False)}
    cuts = {(c.weight, c.italic): c for c in standard.typeface().cuts}
    return Typeface(family, tuple(cuts[wanted[name]] for name in names))


def a_profile(**changes: Any) -> Profile:
    return replace(standard.profile(), **changes)


def colour(page: Any, selector: str, name: str) -> str:
    return str(page.evaluate(
        "([s, n]) => getComputedStyle(document.querySelector(s))[n]", [selector, name]
    ))  # fmt: skip


def rgb(code: str) -> str:
    return "rgb({}, {}, {})".format(*(int(code[i : i + 2], 16) for i in (1, 3, 5)))


# Colours --------------------------------------------------------------------------------------


def test_the_sheets_know_no_colour_of_their_own() -> None:
    for name in ("base.css", "report.css", "oversikt.css"):
        text = tools.asset(name).read_text(encoding="utf-8")
        assert not re.search(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(|\b(?:black|white)\b;", text), name
        used = set(re.findall(r"var\(--([\w-]+)", text)) - set(re.findall(r"--([\w-]+):", text))
        known = {field.name.replace("_", "-") for field in fields(standard.LIGHT)}
        assert used <= known | {"paper", "text-family", "heading-family"}, name


@pytest.mark.parametrize(("scheme", "colours"), [("light", BLUE), ("dark", NIGHT)])
def test_a_page_has_the_colours_of_its_kommun(
    tmp_path: Path, browser: Any, scheme: str, colours: Any
) -> None:
    out = typeset(tmp_path, "# Ett\n\nSe [Ett](#ett).\n", a_profile(light=BLUE, dark=NIGHT))
    page = browser.new_page(color_scheme=scheme)
    page.goto(out.as_uri())
    assert colour(page, "html", "backgroundColor") == rgb(colours.ground)
    assert colour(page, "main p", "color") == rgb(colours.text)
    assert colour(page, "main p a", "color") == rgb(colours.accent)
    assert colour(page, ".sidhuvud", "backgroundColor") == rgb(colours.band)
    # Paper is always light
    page.emulate_media(media="print", color_scheme=scheme)
    assert colour(page, "main p", "color") == rgb(BLUE.text)
    page.close()


def test_who_asks_for_more_contrast_gets_it(tmp_path: Path, browser: Any) -> None:
    out = typeset(tmp_path, wide_table().replace(":::\n\n", ":::\n\n") + NOTE)
    page = browser.new_page()
    page.goto(out.as_uri())
    assert colour(page, ".tabellnot", "color") == rgb(standard.LIGHT.muted)
    page.emulate_media(contrast="more")
    assert colour(page, ".tabellnot", "color") == rgb(standard.LIGHT.text)
    page.close()


NOTE = (
    "::: {#tbl-n}\n```{=html}\n<table><thead><tr><th>A</th><th>B</th></tr></thead>"
    "<tbody><tr><th>x</th><td>1</td></tr></tbody><tfoot><tr><td colspan='2'>Källa: Y</td></tr>"
    "</tfoot></table>\n```\n\nMed not\n:::\n"
)


# Typefaces ------------------------------------------------------------------------------------


def fonts_of(path: Path) -> dict[tuple[str, int, str], TTFont]:
    """Return the fonts that a page carries: (family, weight, style) -> font."""
    text = path.read_text(encoding="utf-8")
    found = re.findall(
        r'@font-face\{font-family:"([^"]+)";font-weight:(\d+);font-style:(\w+);[^}]*?base64,([^"]+)"',
        text,
    )
    return {
        (family, int(weight), slant): TTFont(io.BytesIO(base64.b64decode(data)))
        for family, weight, slant, data in found
    }


def test_a_page_carries_the_cuts_that_it_uses(tmp_path: Path) -> None:
    upright = [("Source Sans Pro", 400, "normal"), ("Source Sans Pro", 600, "normal")]
    assert list(fonts_of(typeset(tmp_path, "Rak text.\n"))) == upright
    fonts = fonts_of(typeset(tmp_path, "Text som *lutar*.\n"))
    assert list(fonts) == [*upright, ("Source Sans Pro", 400, "italic")]
    for font in fonts.values():
        letters = set(font.getBestCmap())
        assert {ord(sign) for sign in "åäöÅÄÖéŁž0123456789–−…”’≤½→%€ \u00a0"} <= letters
        assert max(letters) < 0x2270
        assert not letters & set(range(0x0400, 0x0500)), "Cyrillic is no part of the repertoire"
        widths = {font["hmtx"][font.getBestCmap()[ord(digit)]][0] for digit in "0123456789"}
        assert len(widths) == 1
        assert font.flavor == "woff2"


def test_text_and_headings_have_each_their_typeface(tmp_path: Path, browser: Any) -> None:
    profile = a_profile(
        text=face("Löpa", "Regular", "Semibold"), headings=face("Rubba", "Semibold")
    )
    out = typeset(tmp_path, "# Ett\n\ntext *lutar*\n", profile)
    # Without an italic the browser slants the upright cut
    assert list(fonts_of(out)) == [
        ("Löpa", 400, "normal"), ("Löpa", 600, "normal"), ("Rubba", 600, "normal"),
    ]  # fmt: skip
    page = browser.new_page()
    page.goto(out.as_uri())
    assert colour(page, "main p", "fontFamily").startswith("Löpa, system-ui")
    for heading in ("h1", "h2"):
        assert colour(page, heading, "fontFamily").startswith("Rubba, system-ui")
    page.close()


def test_a_typeface_without_files_is_only_named(tmp_path: Path) -> None:
    profile = a_profile(text=Typeface("Arial"), headings=Typeface("Arial"))
    out = typeset(tmp_path, "text\n", profile)
    assert fonts_of(out) == {}
    assert '--text-family:"Arial",system-ui' in out.read_text(encoding="utf-8")


def test_charts_are_lettered_with_a_typeface_that_is_there(tmp_path: Path) -> None:
    profile = a_profile(text=Typeface("Arial"), headings=Typeface("Arial"))
    lettered = SVG.replace("<text", "<text font-family=\"'Source Sans Pro', sans-serif\"")
    fonts = fonts_of(typeset(tmp_path, FIGURE.format("a"), profile, lettered))
    assert list(fonts) == [("Source Sans Pro", 400, "normal"), ("Source Sans Pro", 600, "normal")]


@pytest.mark.parametrize("weight", [400, 600])
def test_text_in_a_chart_is_drawn_with_the_embedded_typeface(
    tmp_path: Path, browser: Any, weight: int
) -> None:
    """The name is no font of any machine: what is measured can only come from the page."""
    profile = a_profile(text=face("Enbart Inbäddad", "Regular", "Semibold"))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 30"><style>text{fill:red}</style>'
        f'<text id="t" y="9" font-family="Enbart Inbäddad" font-weight="{weight}" font-size="8">'
        "Ökning 82 %</text></svg>"
    )
    out = typeset(tmp_path, FIGURE.format("a"), profile, svg)
    page = browser.new_page()
    page.goto(out.as_uri())
    page.evaluate("document.fonts.ready")
    assert page.evaluate(f"document.fonts.check('{weight} 12px \"Enbart Inbäddad\"', 'Ö')")
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.weight)"
    )
    assert str(weight) in loaded
    wide = page.evaluate("document.querySelector('svg text').getComputedTextLength()")
    cut = next(c for c in standard.typeface().cuts if (c.weight, c.italic) == (weight, False))
    font = TTFont(cut.path)
    names, advances = font.getBestCmap(), font["hmtx"].metrics
    units = sum(advances[names[ord(sign)]][0] for sign in "Ökning 82 %")
    # Kerning moves a letter by some hundredths
    assert wide == pytest.approx(units * 8 / font["head"].unitsPerEm, rel=0.01)
    # Its style sheet reaches its own text alone
    assert colour(page, "main svg text", "fill") == "rgb(255, 0, 0)"
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend',"
                  " '<svg id=x><text>y</text></svg>')")  # fmt: skip
    assert colour(page, "#x text", "fill") != "rgb(255, 0, 0)"
    page.close()


def test_a_missing_weight_is_shown_with_the_nearest() -> None:
    cuts = {(c.weight, c.italic): c for c in standard.typeface().cuts}
    bold, light = cuts[700, False], cuts[300, False]
    found = webfonts(Typeface("X", (light, bold)), [(400, False), (600, False), (400, True)])
    assert [(font.weight, font.italic) for font in found] == [(300, False), (700, False)]
    assert webfonts(Typeface("X"), [(400, False)]) == ()


def test_a_weight_that_only_a_chart_asks_for_is_there(tmp_path: Path) -> None:
    cuts = {(c.weight, c.italic): c for c in standard.typeface().cuts}
    text = Typeface("X", (cuts[300, False], cuts[400, False], cuts[700, False]))
    light = SVG.replace("<text", '<text font-weight="300"')
    fonts = fonts_of(
        typeset(tmp_path, FIGURE.format("a"), a_profile(text=text, headings=text), light)
    )
    assert [weight for _, weight, _ in fonts] == [400, 700, 300]


def test_a_variable_font_gives_the_weight_that_is_asked_for(tmp_path: Path) -> None:
    path = variable_font(tmp_path / "v.ttf")
    found = webfonts(Typeface("V", (Cut(400, False, path), Cut(600, False, path))),
                     [(400, False), (600, False)])  # fmt: skip
    fonts = [TTFont(io.BytesIO(font.woff2)) for font in found]
    assert all("fvar" not in font for font in fonts)
    assert [font["glyf"]["a"].xMax for font in fonts] == [500, 700]


def variable_font(path: Path) -> Path:
    """Write a font of one letter that is 500 wide at weight 400 and 900 at 800."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib.tables.TupleVariation import TupleVariation

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((500, 0), (500, 700), (0, 700)):
        pen.lineTo(point)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "a"])
    builder.setupCharacterMap({ord("a"): "a"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "a": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "a": (600, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "V", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.setupFvar([("wght", 400, 400, 800, "Weight")], [])
    wider = [(0, 0), (400, 0), (400, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0)]
    builder.setupGvar({"a": [TupleVariation({"wght": (0, 1, 1)}, wider)], ".notdef": []})
    builder.save(path)
    return path


def test_nothing_is_said_of_tables_that_a_page_does_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    from fontTools.ttLib import newTable

    path = variable_font(tmp_path / "v.ttf")
    font = TTFont(path)
    font["FFTM"] = newTable("FFTM")
    font["FFTM"].__dict__.update(version=1, FFTimeStamp=0, sourceCreated=0, sourceModified=0)
    font.save(path)
    (found,) = webfonts(Typeface("V", (Cut(400, False, path),)), [(400, False)])
    assert "FFTM" not in TTFont(io.BytesIO(found.woff2))
    assert caplog.text == ""


def test_a_damaged_font_is_a_fault_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "trasig.otf"
    path.write_bytes(b"OTTO" + bytes(40))
    broken = Typeface("X", (Cut(400, False, path),))
    with pytest.raises(TypesetError, match=r"trasig\.otf"):
        typeset(tmp_path, "text\n", a_profile(text=broken))


def test_a_hostile_family_name_stays_a_name(tmp_path: Path, browser: Any) -> None:
    name = 'X"; } </style><img src=x> * { display: none } \\'
    out = typeset(tmp_path, "text\n", a_profile(text=Typeface(name), headings=Typeface(name)))
    soup = BeautifulSoup(out.read_text(encoding="utf-8"), "html.parser")
    assert soup.select("img") == []
    page = browser.new_page()
    page.goto(out.as_uri())
    assert page.locator("main p").is_visible()
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"X\\"; }')
    page.close()


def test_fonts_are_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    code = (
        "import hashlib\nfrom berattelse.profile import standard\n"
        "from berattelse.profile import style\n"
        "print(hashlib.sha256(style.sheet(standard.profile(), italic=True).encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    assert len(seen) == 1 and len(seen.pop().strip()) == 64


def test_the_page_without_its_figures_is_small(tmp_path: Path) -> None:
    """A report of 60 pages of text and 40 tables, with all its fonts."""
    text = "Nämnden redovisar ett underskott på *30,8 mnkr*, 4,1 procent av budgeten. " * 12
    sections = "".join(
        f"# Avsnitt {i} {{#sec-{i}}}\n\n{text}\n\n{text}\n\n"
        + wide_table(8).replace("tbl-x", f"tbl-{i}")
        for i in range(40)
    )
    assert typeset(tmp_path, sections).stat().st_size < 400_000


# Mark -----------------------------------------------------------------------------------------


def png(path: Path, colour: str) -> Path:
    Image.new("RGB", (60, 20), colour).save(path)
    return path


def test_a_mark_says_what_it_is_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "m.svg").write_text(MARK, encoding="utf-8")
    for alt in ("Härnösands kommun", ""):
        logo = Logo(tmp_path / "m.svg", alt)
        out = typeset(tmp_path, "text\n", a_profile(logo=logo))
        soup = BeautifulSoup(out.read_text(encoding="utf-8"), "lxml")
        image = one(soup, "header img")
        assert image["alt"] == alt
        kind, data = str(image["src"]).split(",")
        assert kind == "data:image/svg+xml;base64"
        assert base64.b64decode(data).decode() == MARK
        assert "alert(1)" not in out.read_text(encoding="utf-8")


def test_a_mark_of_its_own_is_shown_in_the_dark(tmp_path: Path, browser: Any) -> None:
    logo = Logo(png(tmp_path / "l.png", "red"), "Kommun", dark=png(tmp_path / "d.png", "yellow"))
    out = typeset(tmp_path, "text\n", a_profile(logo=logo))
    shown = []
    for scheme, media in (("light", "screen"), ("dark", "screen"), ("dark", "print")):
        page = browser.new_page(color_scheme=scheme)
        page.emulate_media(media=media, color_scheme=scheme)
        page.goto(out.as_uri())
        page.locator("header img").evaluate("image => image.decode()")
        data = page.locator("header img").evaluate("image => image.currentSrc").split(",")[1]
        shown.append(Image.open(io.BytesIO(base64.b64decode(data))).getpixel((9, 9)))
        assert page.locator("header img").bounding_box()["height"] > 30
        page.close()
    assert shown == [(255, 0, 0), (255, 255, 0), (255, 0, 0)]


def test_a_mark_for_white_only_keeps_its_white_in_the_dark(tmp_path: Path, browser: Any) -> None:
    logo = Logo(png(tmp_path / "l.png", "red"), "Kommun")
    out = typeset(tmp_path, "text\n", a_profile(logo=logo, light=BLUE, dark=NIGHT))
    page = browser.new_page(color_scheme="dark")
    page.goto(out.as_uri())
    assert colour(page, "header picture", "backgroundColor") == rgb(BLUE.ground)
    page.close()


def test_a_mark_that_is_gone_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(TypesetError, match=r"borta\.svg"):
        typeset(tmp_path, "text\n", a_profile(logo=Logo(tmp_path / "borta.svg", "x")))


# The other pages ------------------------------------------------------------------------------


def test_the_start_page_has_the_same_base_and_the_projects_profile(tmp_path: Path) -> None:
    (tmp_path / "m.svg").write_text(MARK, encoding="utf-8")
    profile = a_profile(light=BLUE, logo=Logo(tmp_path / "m.svg", "Länet"))
    page = tools.asset("index.html").read_text(encoding="utf-8")
    publish.write_index(tmp_path, page, profile)
    index = BeautifulSoup((tmp_path / "index.html").read_text(encoding="utf-8"), "lxml")
    berattelse = typeset(tmp_path, "text\n", profile).read_text(encoding="utf-8")
    sheet = one(index, "style").text
    assert f"--accent:{BLUE.accent}" in sheet
    base = style.sheet(profile, "base.css")
    assert base in sheet and base in berattelse
    assert one(index, "header img")["alt"] == "Länet"
    assert "$" not in re.sub(r"base64,[^\"]+", "", str(index))


def test_a_page_about_data_has_the_same_base_and_says_where_it_belongs(tmp_path: Path) -> None:
    profile = a_profile(light=BLUE)
    path = tmp_path / "kontroll" / "x-2022.html"
    table = report.table_html("Fel", ("Vad", "Var"), [("<b>$stil$</b>", "data/x/2022/y.csv")])
    report.fill(path, "Kontroll av data: <X> 2022", table, profile)
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
    assert style.sheet(profile, "base.css") in one(page, "style").text
    assert one(page, "h1").text == "Kontroll av data: <X> 2022"
    assert one(page, "header a")["href"] == "../index.html"
    assert one(page, "tbody th").text == "<b>$stil$</b>"
    assert one(page, "body > a")["href"] == "#" + str(one(page, "main")["id"])


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_files_of_a_report_are_in_view(tmp_path: Path, browser: Any, width: int) -> None:
    facts = {"namn": "Härnösand", "ar": 2022, "byte": 123_456}
    entries = [
        {**facts, "fil": f"a.{format_}", "format": format_, "titel": title}
        for title in ("Patientsäkerhetsberättelse 2022", "Verksamhetsberättelse")
        for format_ in ("html", "pdf", "docx")
    ]
    (tmp_path / publish.MANIFEST).write_text(json.dumps(entries), encoding="utf-8")
    publish.write_index(tmp_path, tools.asset("index.html").read_text(encoding="utf-8"))
    tab = browser.new_page(viewport={"width": width, "height": 900})
    tab.goto((tmp_path / "index.html").as_uri())
    boxes = [link.bounding_box() for link in tab.locator("td a").all()]
    assert len(boxes) == 6
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    assert all(box["height"] >= 24 for box in boxes)
    # It is still a table to who listens
    assert tab.get_by_role("row").count() == 3
    assert tab.get_by_role("rowheader").count() == 2
    assert tab.get_by_role("columnheader").count() == 6
    tab.close()


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_other_pages_fit_and_are_accessible(tmp_path: Path, browser: Any, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    (tmp_path / "a.html").write_text("x", encoding="utf-8")
    facts = {"fil": "a.html", "ar": 2022, "format": "html", "byte": 123_456}
    entries = [{**facts, "namn": "Härnösand", "titel": title} for title in ("Kort", "x" * 300)]
    (tmp_path / publish.MANIFEST).write_text(json.dumps(entries), encoding="utf-8")
    publish.write_index(tmp_path, tools.asset("index.html").read_text(encoding="utf-8"))
    rows = [("y" * 300, "text " * 30, "data/x/2022/" + "z" * 80, "rätta")] * 3
    table = report.table_html("Fel", ("Datamängd", "Vad", "Var", "Att göra"), rows)
    report.fill(tmp_path / "kontroll.html", "Kontroll av data: Härnösand 2022", table)
    for scheme in ("light", "dark"):
        tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        for name in ("index.html", "kontroll.html"):
            tab.goto((tmp_path / name).as_uri())
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            violations = Axe().run(tab).response["violations"]
            assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == [], name
        tab.close()
