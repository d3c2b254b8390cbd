"""Charts: what they draw, what their text alternative says, and that bytes repeat."""

from __future__ import annotations

import base64
import io
import re
import struct

import pandas as pd
import pytest
from lxml import etree
from lxml import html as lxml_html
from PIL import Image

from berattelse.charts import Chart, bar, bar_line, line, risk_matrix
from berattelse.charts import grid as grids
from berattelse.charts.canvas import Canvas
from berattelse.charts.letters import text_mm, wrap
from berattelse.errors import DataError
from berattelse.missing import Missing
from berattelse.text.numbers import tal, tkr

NB = "\u00a0"
HOSTILE = "<script>alert(1)</script> *md* $x$"


def satisfaction() -> pd.DataFrame:
    return pd.DataFrame(
        [
            ("Bemötande", "Herrljunga", 96.0, ""),
            ("Bemötande", "Riket", 94.0, ""),
            ("Trygghet", "Herrljunga", 88.0, ""),
            ("Trygghet", "Riket", float("nan"), "ej_matt"),
        ],
        columns=["kategori", "omrade", "varde", "orsak"],
    )


def years() -> pd.DataFrame:
    return pd.DataFrame(
        {"period": ["2018", "2019", "2022"], "varde": [88.0, 78.0, 80.0], "orsak": ["", "", ""]}
    )


def months() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "manad": [f"2022-{m:02}" for m in range(1, 13)],
            "manadens": [-0.1, 0.6, 0.2, -0.4, -0.8, 0.3, -0.2, -0.5, 0.1, 0.2, -0.3, -0.6],
            "ack": [-0.1, 0.5, 0.7, 0.3, -0.5, -0.2, -0.4, -0.9, -0.8, -0.6, -0.9, -1.5],
        }
    )


def risks() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "risk": ["Smitta", "Infektioner", "Fel"],
            "sannolikhet": [2, 4, 1],
            "konsekvens": [3, 4, 1],
        }
    )


def thresholds() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "riskvarde_fran": [1, 3, 7],
            "riskvarde_till": [2, 6, 16],
            "niva": ["behöver inte kontrolleras", "bör kontrolleras", "ska kontrolleras"],
        }
    )


CHARTS = {
    "bar": lambda: bar(satisfaction(), series="omrade", target=85),
    "stacked": lambda: bar(satisfaction(), series="omrade", stacked=True),
    "lying": lambda: bar(satisfaction(), series="omrade", horizontal=True, target=85),
    "lying stacked": lambda: bar(satisfaction(), series="omrade", stacked=True, horizontal=True),
    "line": lambda: line(years(), unit="procent", target=85),
    "bar_line": lambda: bar_line(
        months(), "manad", {"manadens": "Månadens resultat"}, {"ack": "Ackumulerat"}, unit="mnkr"
    ),
    "risk_matrix": lambda: risk_matrix(risks(), thresholds=thresholds()),
}


@pytest.mark.parametrize("kind", CHARTS)
def test_bytes_are_the_same_every_time(kind):
    first, second = CHARTS[kind](), CHARTS[kind]()
    assert first.svg == second.svg
    assert first.png == second.png
    assert first.alt == second.alt
    assert first.data.html == second.data.html


@pytest.mark.parametrize("kind", CHARTS)
def test_a_chart_is_svg_and_sharp_png_160_mm_wide(kind):
    chart = CHARTS[kind]()
    bundle, metadata = chart._repr_mimebundle_()
    svg = etree.fromstring(bundle["image/svg+xml"].encode())
    assert float(svg.get("width").removesuffix("pt")) == pytest.approx(160 / 25.4 * 72, abs=0.5)
    png = base64.b64decode(bundle["image/png"])
    width, height = struct.unpack(">II", png[16:24])
    about = metadata["berattelse"]
    assert about["width_mm"] == 160
    assert width / (160 / 25.4) >= 200
    assert height / width == pytest.approx(about["height_mm"] / 160, abs=0.01)
    assert about["alt"] == chart.alt
    assert lxml_html.fragment_fromstring(about["data_html"]).tag == "table"


@pytest.mark.parametrize("kind", CHARTS)
def test_the_paper_is_white(kind):
    image = Image.open(io.BytesIO(CHARTS[kind]().png)).convert("RGB")
    assert image.getpixel((image.width - 1, image.height - 1)) == (255, 255, 255)


def test_ids_of_two_charts_never_meet_on_a_page():
    one, two = CHARTS["bar"]().svg, CHARTS["line"]().svg
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (one, two)]
    assert ids[0] and ids[1] and not ids[0] & ids[1]
    for svg, known in zip((one, two), ids, strict=True):
        assert set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg)) <= known


@pytest.mark.parametrize("kind", CHARTS)
def test_the_text_alternative_is_one_to_five_sentences(kind):
    alt = CHARTS[kind]().alt
    assert 1 <= len(re.findall(r"[.](?= [A-ZÅÄÖ]|$)", alt)) <= 5
    assert alt.endswith(".")


def test_alt_of_few_bars_tells_all_numbers_the_reason_and_the_target():
    alt = bar(satisfaction(), series="omrade", target=85, title_y="Andel nöjda").alt
    assert alt == (
        "Stapeldiagram över andel nöjda för Herrljunga och Riket, i procent. "
        f"Herrljunga: Bemötande 96{NB}procent och Trygghet 88{NB}procent; "
        f"Riket: Bemötande 94{NB}procent och Trygghet ej mätt. "
        f"De tre värdena ligger över målet 85{NB}procent."
    )


def test_alt_of_many_bars_tells_highest_lowest_and_how_many_reach_the_target():
    frame = pd.DataFrame({"kategori": [f"Enhet {i}" for i in range(9)], "varde": range(80, 89)})
    alt = bar(frame, target=85).alt
    assert f"Högst är Enhet 8 med 88{NB}procent, lägst Enhet 0 med 80{NB}procent." in alt
    assert f"Av de nio värdena ligger tre över, ett på och fem under målet 85{NB}procent." in alt


def test_alt_of_years_keeps_year_and_number_apart():
    units = pd.DataFrame({"kategori": ["Enhet 1", "Enhet 2"], "varde": [81, 82]})
    assert f"Enhet 1 (81{NB}procent) och Enhet 2 (82{NB}procent)." in bar(units).alt
    frame = pd.DataFrame({"period": ["2020", "2021", "2022"], "varde": [120, 174, None]})
    frame["orsak"] = ["", "", "skyddad"]
    assert bar(frame, x="period", unit="synpunkter").alt.endswith(
        "Stapeldiagram över antal synpunkter per år. "
        f"120{NB}synpunkter år 2020, 174 år 2021 och skyddad uppgift år 2022."
    )
    parts = pd.DataFrame(
        {"period": ["2020", "2021"] * 2, "del": ["A", "A", "B", "B"], "varde": [12, 17, 5, 6]}
    )
    assert bar(parts, x="period", series="del", unit="beslut").alt.endswith(
        "Stapeldiagram över antal beslut per år för A och B. "
        f"A: 12{NB}beslut år 2020 och 17 år 2021; B: 5{NB}beslut år 2020 och 6 år 2021."
    )


@pytest.mark.parametrize(
    ("unit", "what", "begins"),
    [
        ("antal", None, "Linjediagram över antal per år."),
        ("tkr", "tkr", "Linjediagram över belopp i tkr per år."),
        ("procent", None, "Linjediagram över andelar i procent per år."),
        ("dagar", None, "Linjediagram över värden i dagar per år."),
        ("dagar", "Väntetid", "Linjediagram över väntetid per år, i dagar."),
        ("beslut", "Beslut per 1 000 invånare", "Linjediagram över beslut per 1 000 invånare."),
    ],
)
def test_alt_says_what_is_shown_also_when_only_the_unit_is_known(unit, what, begins):
    assert begins in line(years(), unit=unit, title_y=what).alt


def test_alt_of_a_line_tells_its_course_and_its_gaps():
    alt = line(years(), unit="procent", target=85).alt
    assert f"Värdet har minskat från 88 år 2018 till 80{NB}procent år 2022" in alt
    assert "(lägst 78 år 2019)" in alt
    assert "Uppgift saknas för 2020 och 2021." in alt
    assert f"Det senaste värdet ligger under målet 85{NB}procent." in alt


def test_alt_of_a_long_line_is_a_summary():
    frame = pd.DataFrame(
        {"period": [f"{y}-{m:02}" for y in (2021, 2022) for m in range(1, 13)], "varde": range(24)}
    )
    alt = line(frame, unit="tkr").alt
    assert f"från 0 i januari 2021 till 23{NB}tkr i december 2022" in alt
    assert len(alt) < 200


def test_an_alt_that_is_given_is_used():
    assert bar(satisfaction(), series="omrade", alt="Egen text.").alt == "Egen text."


def test_absent_years_keep_their_place():
    grid = grids.long_grid(
        years(), "period", "varde", None, unit="procent", format=tal, fill_years=True
    )
    assert grid.keys == ("2018", "2019", "2020", "2021", "2022")
    assert grid.cells[0][2] == Missing("uppgift_saknas")


def test_no_line_is_drawn_across_a_gap(monkeypatch):
    runs = []
    monkeypatch.setattr(Canvas, "curve", lambda self, points, *_, **__: runs.append(list(points)))
    assert line(years(), unit="procent").svg
    assert [len(run) for run in runs] == [2, 1]


def test_a_missing_bar_keeps_its_reason():
    chart = bar(satisfaction(), series="omrade")
    table = lxml_html.fragment_fromstring(chart.data.html)
    assert [c.text_content() for c in table.xpath("tbody/tr[2]/*")] == ["Trygghet", "88", "e.m."]
    assert "e.m. = ej mätt" in table.xpath("string(tfoot)")


def test_two_rows_for_one_bar_are_an_error():
    with pytest.raises(DataError, match="Bemötande"):
        bar(satisfaction())


def test_an_unknown_column_is_an_error():
    with pytest.raises(DataError, match="serie"):
        bar(satisfaction(), series="serie")


def test_long_labels_lay_the_bars_down(monkeypatch):
    frame = pd.DataFrame(
        {
            "kategori": [f"Andelen brukare som är nöjda med sitt boende {i}" for i in range(12)],
            "varde": range(12),
        }
    )
    drawn = []
    bar_of = Canvas.bar
    monkeypatch.setattr(
        Canvas,
        "bar",
        lambda self, *a: (drawn.append(a), bar_of(self, *a)),  # x y width height
    )
    assert bar(frame).svg
    assert len({round(height, 3) for _, _, _, height, _ in drawn}) == 1
    assert len({round(width, 3) for _, _, width, _, _ in drawn}) == 12


def test_targets_per_category_are_in_the_table_and_the_text():
    frame = pd.DataFrame({"kategori": ["A", "B"], "varde": [80, 90], "mal": [85, 85.5]})
    chart = bar(frame, target="mal")
    table = lxml_html.fragment_fromstring(chart.data.html)
    assert [h.text_content() for h in table.xpath("thead//th")] == ["Kategori", "Procent", "Mål"]
    assert "Av de två värdena ligger ett över och ett under sitt mål." in chart.alt


def test_axis_ticks_are_even_and_swedish():
    axis = grids.scale([-1250, 3400])
    assert axis.ticks == (-2000, 0, 2000, 4000)
    assert grids.tick_texts(axis.ticks, tal) == [
        "\u22122\u00a0000",
        "0",
        "2\u00a0000",
        "4\u00a0000",
    ]
    assert grids.tick_texts((0, 0.5, 1), tal) == ["0,0", "0,5", "1,0"]
    assert grids.scale([61, 96], percent=True).high == 100
    assert grids.scale([5, 5]).low == 0
    assert grids.scale([0, 0]).high > 0
    assert grids.tick_texts((0, 500_000), lambda x: tkr(x, enhet=False)) == ["0", "500"]


def test_hostile_text_is_drawn_as_it_stands():
    frame = pd.DataFrame({"kategori": [HOSTILE, "b"], "varde": [1, 2]})
    chart = bar(frame, unit=HOSTILE, title_y=HOSTILE)
    svg = etree.fromstring(chart.svg.encode())
    assert svg.xpath("//*[local-name()='script']") == []
    table = lxml_html.fragment_fromstring(chart.data.html)
    assert table.xpath("//script") == []
    assert table.xpath("string(tbody/tr[1]/th)") == HOSTILE


def test_an_empty_frame_shows_nothing():
    empty = pd.DataFrame()
    charts: list[Chart] = [
        bar(empty),
        line(empty),
        bar_line(empty, "manad", {"a": "A"}, {"b": "B"}),
        risk_matrix(empty),
    ]
    for chart in charts:
        assert chart._repr_mimebundle_() == ({"text/plain": ""}, {})
        assert chart.data.html == ""


def test_only_missing_numbers_still_give_a_chart():
    frame = pd.DataFrame({"kategori": ["A"], "varde": [None], "orsak": ["skyddad"]})
    assert bar(frame).alt == "Stapeldiagram över andelar i procent. Alla uppgifter saknas."
    assert bar(frame).svg
    assert line(frame, x="kategori").svg


def test_the_matrix_tells_the_greatest_risk_and_the_levels():
    chart = risk_matrix(risks(), thresholds=thresholds())
    assert chart.alt == (
        "Högst riskvärde, 16, har Infektioner. "
        "Riskmatris med tre risker efter sannolikhet och konsekvens. "
        "En risk ska kontrolleras, en risk bör kontrolleras och en risk behöver inte kontrolleras."
    )
    table = lxml_html.fragment_fromstring(chart.data.html)
    row = [cell.text_content() for cell in table.xpath("tbody/tr[1]/*")]
    assert row == ["Smitta", "2", "3", "6", "bör kontrolleras"]


def test_labels_are_broken_between_words_only():
    lines = wrap("Andelen brukare som är nöjda", 25)
    assert " ".join(lines) == "Andelen brukare som är nöjda"
    assert all(text_mm(part) <= 25 for part in lines)
