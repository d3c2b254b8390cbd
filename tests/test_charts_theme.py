"""The look of charts comes from the profile, and their text is text in every format."""

from __future__ import annotations

import dataclasses
import io
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from berattelse.charts import bar, canvas, fonts, letters, limits, line, risk, risk_matrix, theme
from berattelse.charts.theme import VARIABLE, Theme, contrast
from berattelse.errors import DataError, SettingsError
from berattelse.profile import colours, standard
from berattelse.profile.model import Cut, Typeface
from berattelse.typeset.html import svg as html_svg
from tests import pdfs

SVG = "{http://www.w3.org/2000/svg}"
NB = "\u00a0"
PROFILE = standard.profile()
colour = st.tuples(*[st.integers(0, 255)] * 3).map(lambda rgb: "#{:02x}{:02x}{:02x}".format(*rgb))


@pytest.fixture
def as_kernel(monkeypatch: pytest.MonkeyPatch):
    """Give the charts a theme as the engine does."""
    return lambda one: monkeypatch.setenv(VARIABLE, theme.to_text(one))


def frame(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["kategori", "varde"])


def texts(svg: str) -> list[etree._Element]:
    return list(etree.fromstring(svg.encode()).iter(f"{SVG}text"))


# The theme -----------------------------------------------------------------------------------


def test_a_theme_survives_the_way_to_the_kernel() -> None:
    one = Theme.of(PROFILE)
    assert theme.from_text(theme.to_text(one)) == one
    assert theme.to_text(one).isascii()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"colours": 1, "tints": []}', "x"])
def test_what_is_no_theme_is_told(text: str) -> None:
    with pytest.raises(SettingsError, match=VARIABLE):
        theme.from_text(text)


def test_the_kernels_theme_is_the_charts(as_kernel) -> None:
    own = dataclasses.replace(Theme.of(PROFILE), colours=("#123456", "#654321"), ink="#010203")
    as_kernel(own)
    chart = bar(frame(("A", 5.0), ("B", 2.0)))
    assert "#123456" in chart.svg
    assert "#010203" in chart.svg
    assert PROFILE.charts[0] not in chart.svg
    image = Image.open(io.BytesIO(chart.png)).convert("RGB")
    assert any(pixel == (0x12, 0x34, 0x56) for _, pixel in image.getcolors(1 << 20) or ())


def test_without_an_engine_the_projects_profile_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    (tmp_path / "_quarto.yml").write_text("project: {}\n", encoding="utf-8")
    (tmp_path / "_brand.yml").write_text("color:\n  primary: '#7a0046'\n", encoding="utf-8")
    (tmp_path / "reports").mkdir()
    monkeypatch.chdir(tmp_path / "reports")
    assert theme.current().colours[0] == "#7a0046"


def test_outside_a_project_the_standard_profile_is_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    assert theme.current() == Theme.of(PROFILE)


def test_the_nearest_cuts_of_the_typeface_are_taken() -> None:
    cuts = [
        Cut(w, italic, Path(f"{w}{italic}.otf"))
        for w in (300, 500, 700, 900)
        for italic in (False, True)
    ]
    one = Theme.of(dataclasses.replace(PROFILE, text=Typeface("Eget", tuple(cuts))))
    assert (one.family, one.regular, one.semibold, one.weight) == (
        "Eget", "300False.otf", "500False.otf", 500,
    )  # fmt: skip
    one = Theme.of(
        dataclasses.replace(PROFILE, text=Typeface("Eget", (Cut(400, False, Path("r.ttf")),)))
    )
    assert one.regular == one.semibold == "r.ttf"
    assert one.weight == 400


def test_a_typeface_without_files_gives_way_to_the_shipped_one() -> None:
    one = Theme.of(dataclasses.replace(PROFILE, text=Typeface("Bara ett namn")))
    assert one.family == standard.FAMILY
    assert Path(one.regular).is_file()


# Contrast ------------------------------------------------------------------------------------


@given(colour, colour)
def test_contrast_is_that_of_the_profile(one: str, other: str) -> None:
    assert contrast(one, other) == pytest.approx(colours.contrast(one, other), abs=0.01)


@given(colour)
def test_text_is_readable_on_any_fill_and_in_any_colour(fill: str) -> None:
    one = dataclasses.replace(Theme.of(PROFILE), colours=(fill,))
    assert contrast(one.on(fill), fill) >= 4.5
    assert contrast(one.label(0), one.ground) >= 4.5


@given(st.lists(colour, min_size=6, max_size=6), st.lists(colour, min_size=6, max_size=6))
def test_strokes_can_be_told_from_their_fill(full: list[str], tints: list[str]) -> None:
    full = [one for one in full if contrast(one, "#ffffff") >= 3] or list(PROFILE.charts)
    sheet = canvas.Canvas(10)
    sheet.theme = dataclasses.replace(sheet.theme, colours=tuple(full), tints=tuple(tints))
    for index in range(limits.SERIES):
        look, fill, stroke = sheet._look(index)
        if look not in ("full", "tint"):
            assert contrast(fill, stroke) >= 3


def test_every_look_and_marker_is_its_own() -> None:
    assert len(set(canvas.LOOKS)) == limits.SERIES
    assert len(set(canvas.MARKERS)) == limits.SERIES
    assert len(canvas.DASHES) == limits.SERIES


def test_what_is_read_stands_out_from_the_paper() -> None:
    one = Theme.of(PROFILE)
    assert all(contrast(c, one.ground) >= 3 for c in (*one.colours, one.axis))
    assert all(contrast(c, one.ground) >= 4.5 for c in (one.ink, one.muted))
    assert all(contrast(one.ink, tint) >= 7 for tint in risk.TINTS)


def test_the_values_of_the_risk_matrix_are_readable_on_their_squares() -> None:
    levels = pd.DataFrame(
        {"riskvarde_fran": [1, 3, 5, 9], "riskvarde_till": [2, 4, 8, 16], "niva": list("abcd")}
    )
    risks = pd.DataFrame({"risk": ["A"], "sannolikhet": [1], "konsekvens": [1]})
    words = {t.text: t for t in texts(risk_matrix(risks, thresholds=levels).svg)}
    ink = words["16"].get("fill") or Theme.of(PROFILE).ink
    assert contrast(ink, risk.TINTS[3]) >= 4.5


# Text ----------------------------------------------------------------------------------------


def test_the_words_of_an_svg_are_text_in_the_profiles_typeface(as_kernel) -> None:
    as_kernel(dataclasses.replace(Theme.of(PROFILE), family="Kommun's Sans", weight=700))
    chart = bar(frame(("Hemtjänst", 1887.0), ("Boende", -2.0)), unit="tkr", rubrik="En «rubrik»")
    root = etree.fromstring(chart.svg.encode())
    (group,) = [g for g in root.iter(f"{SVG}g") if g.get("font-family")]
    assert group.get("font-family").startswith("'Kommun\\'s Sans', 'DejaVu Sans', ")
    assert group.get("font-family").endswith(", sans-serif")
    assert group.get("font-weight") == "400"
    words = {t.text: t for t in texts(chart.svg)}
    assert {"Hemtjänst", f"1{NB}887", "−2", "tkr", "En «rubrik»"} <= set(words)
    assert words["En «rubrik»"].get("font-weight") == "700"
    assert words["Hemtjänst"].get("text-anchor") == "middle"
    assert not [use for use in root.iter(f"{SVG}use") if "DejaVu" in str(use.attrib)]


def test_anchors_hold_where_the_letters_are_of_another_width() -> None:
    names = frame(*((f"En enhet med ett ganska långt namn {i}", float(i)) for i in range(1, 13)))
    sides = {t.text: t.get("text-anchor") for t in texts(bar(names, unit="antal").svg)}
    assert [side for text, side in sides.items() if text.startswith("En enhet")] == ["end"] * 12
    assert sides["12"] is None


def test_hostile_names_are_text_and_ids_in_them_are_left_alone() -> None:
    hostile = '</text><script>alert(1)</script> id="x" url(#y) &amp; «$x$»'
    svg = bar(frame((hostile, 1.0), ("B", 2.0)), horizontal=True, rubrik=hostile).svg
    root = etree.fromstring(svg.encode())
    assert not list(root.iter(f"{SVG}script"))
    assert hostile in " ".join(t.text or "" for t in texts(svg))


def test_letters_that_the_typeface_lacks_have_a_font_of_their_own() -> None:
    (word,) = [t for t in texts(bar(frame(("Snö ☃ här", 1.0), ("B", 2.0))).svg) if t.text == "Snö "]
    (span,) = word
    assert span.text == "☃ "
    assert span.get("font-family") == "'DejaVu Sans', sans-serif"
    assert span.tail == "här"
    assert fonts.runs(Theme.of(PROFILE), "normal", "ÅÄÖ é €") == [(standard.FAMILY, "ÅÄÖ é €")]


def test_the_width_of_text_is_that_of_the_profiles_typeface(as_kernel) -> None:
    before = letters.text_mm("Mmm")
    one = Theme.of(PROFILE)
    as_kernel(dataclasses.replace(one, regular=one.semibold))
    assert letters.text_mm("Mmm") > before


def test_nothing_is_smaller_than_eight_points() -> None:
    charts = [
        bar(frame(("A", 5.0), ("B", 2.0))),
        line(frame(("2021", 5.0), ("2022", 2.0)), x="kategori"),
    ]
    for chart in charts:
        root = etree.fromstring(chart.svg.encode())
        assert float(root.get("width").removesuffix("pt")) == pytest.approx(
            160 / 25.4 * 72, abs=0.5
        )
        sizes = [float(e.get("font-size")) for e in root.iter() if e.get("font-size")]
        assert min(sizes) >= 8


# In the formats ------------------------------------------------------------------------------


def test_the_web_page_keeps_the_text_and_tells_it_once(tmp_path: Path) -> None:
    chart = bar(frame(("Hemtjänst ☃", 1887.0), ("B", 2.0)), unit="tkr", rubrik="A & <b>B</b>")
    (tmp_path / "a.svg").write_text(chart.svg, encoding="utf-8")
    found = html_svg.inline(tmp_path / "a.svg", id="fig-x", alt=chart.alt)
    root = etree.fromstring(found.encode())
    assert (root.get("role"), root.get("aria-label")) == ("img", chart.alt)
    words = ["".join(t.itertext()) for t in root.iter("text")]
    assert {"A & <b>B</b>", "Hemtjänst ☃", f"1{NB}887"} <= set(words)
    assert f"'{standard.FAMILY}'" in found


def test_the_pdf_holds_the_text_in_the_same_typeface_and_stays_valid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = bar(frame(("Hemtjänst", 1887.0), ("Snö ☃", 22.0)), unit="tkr", rubrik="Finns att söka")
    monkeypatch.setattr(pdfs, "SVG", chart.svg)
    path = pdfs.typeset(
        tmp_path,
        '::: {#fig-a}\n![](figures/stapel.svg){fig-alt="Alt." width="160mm"}\n\nBildtext\n:::\n',
    )
    assert pdfs.failures(path) == []
    spans = [
        span
        for sheet in pymupdf.open(path)
        for block in sheet.get_text("dict")["blocks"]
        for row in block.get("lines", ())
        for span in row["spans"]
    ]
    found = {re.sub(r"\s+", " ", s["text"]).strip(): s for s in spans}
    assert "SourceSansPro-Semibold" in found["Finns att söka"]["font"]
    assert found["Finns att söka"]["size"] == pytest.approx(10, abs=0.1)
    assert "SourceSansPro-Regular" in found["Hemtjänst"]["font"]
    assert found["Hemtjänst"]["size"] == pytest.approx(8.6, abs=0.1)
    assert any("DejaVuSans" in s["font"] and "☃" in s["text"] for s in spans)


def test_svg_and_png_have_their_words_in_the_same_places() -> None:
    chart = bar(frame(("Hemtjänst", 5.0), ("B", 2.0)), rubrik="Rubrik")
    image = Image.open(io.BytesIO(chart.png)).convert("L")
    scale = image.width / (160 / 25.4 * 72)
    for word in texts(chart.svg):
        x, y = (float(word.get(name)) * scale for name in ("x", "y"))
        half = letters.text_mm(word.text) / 25.4 * 72 * scale
        left = x - {"middle": half / 2, "end": half}.get(word.get("text-anchor"), 0)
        box = (max(left, 0), y - 14, left + half, y + 1)
        assert image.crop(tuple(map(round, box))).getextrema()[0] < 150, word.text


# Limits --------------------------------------------------------------------------------------


def many(series: int, keys: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        [(k, f"Serie {s}", float(s + i)) for i, k in enumerate(keys) for s in range(series)],
        columns=["period", "serie", "varde"],
    )


YEARS = [str(year) for year in range(2015, 2023)]
MONTHS = [f"{year}-{month:02}" for year in range(2019, 2023) for month in range(1, 13)]


@pytest.mark.parametrize(
    ("draw", "said"),
    [
        (lambda: bar(many(7, YEARS), x="period", series="serie"), "7 serier"),
        (lambda: bar(many(7, YEARS), x="period", series="serie", stacked=True), "Övriga"),
        (lambda: bar(many(1, MONTHS), x="period", series="serie"), "48 perioder"),
        (lambda: bar(frame(*((f"Enhet {i}", 1.0) for i in range(19)))), "19 namn"),
        (lambda: line(many(13, YEARS), series="serie"), "13 linjer"),
        (
            lambda: risk_matrix(
                pd.DataFrame({"risk": list("x" * 31), "sannolikhet": 1, "konsekvens": 1})
            ),
            "31 risker",
        ),
    ],
)
def test_more_than_can_be_compared_is_refused_with_what_to_do(draw, said: str) -> None:
    with pytest.raises(DataError) as caught:
        draw()
    assert said in f"{caught.value} {caught.value.remedy}"
    assert caught.value.remedy


@pytest.mark.parametrize("series", [limits.LINES, limits.LINES + 1, limits.DRAWINGS])
def test_many_lines_get_a_drawing_each_without_a_rainbow(series: int) -> None:
    chart = line(many(series, YEARS), series="serie", target=6)
    one = theme.current()
    used = {c for c in one.colours if c in chart.svg}
    assert used == (set(one.colours[:1]) if series > limits.LINES else set(one.colours[:series]))
    words = [t.text for t in texts(chart.svg)]
    assert all(any(w.startswith(f"Serie {s} ") for w in words) for s in range(series))
    assert "Mål 6" in words


def test_every_allowed_chart_fits_a_page() -> None:
    names = [f"{i} Enhet med {'ett mycket långt namn ' * 6}" for i in range(limits.CATEGORIES)]
    charts = [
        bar(many(1, names), x="period", rubrik="Rubrik " * 30),
        bar(many(2, names), x="period", series="serie", rubrik="Rubrik " * 30),
        line(many(limits.DRAWINGS, YEARS), series="serie", rubrik="Rubrik " * 30),
        risk_matrix(
            pd.DataFrame(
                {
                    "risk": [f"Risk {i}" for i in range(limits.RISKS)],
                    "sannolikhet": 1,
                    "konsekvens": 1,
                }
            )
        ),
    ]
    for chart in charts:
        assert chart.canvas.height_mm <= limits.PAGE_MM


def test_the_theme_is_read_without_anything_heavy() -> None:
    code = (
        "import sys; from berattelse.charts import theme; theme.from_text(sys.argv[1]); "
        "print([name for name in ('matplotlib', 'pandas', 'coloraide') if name in sys.modules])"
    )
    text = theme.to_text(Theme.of(PROFILE))
    done = subprocess.run(
        [sys.executable, "-c", code, text], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
