"""The titles of charts: what a sentence says is reckoned again from the numbers, another way."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from berattelse.charts import bar, bar_line, finding, line, risk_matrix
from berattelse.charts.grid import Cell, Grid
from berattelse.errors import DataError
from berattelse.missing import TEXTS, Missing
from berattelse.text.numbers import tal

NB = "\u00a0"
NAMES = ("Alfa", "Beta", "Gamma", "Delta", "Epsilon", "Zeta", "Eta", "Theta")
YEARS = tuple(str(year) for year in range(2015, 2024))
HIDDEN = Missing("skyddad")
NUMBER = r"−?\d+(?:\u00a0\d{3})*(?:,\d+)?"

numbers = st.integers(-1500, 1500).map(float) | st.sampled_from((0.0, 1.0, 2.0, -1.0, 3.0))
counts = st.integers(0, 40).map(float)
missing = st.sampled_from([Missing(reason) for reason in TEXTS])
cells = counts | numbers | missing


def rows(width: int, height: int, of: st.SearchStrategy[Cell] = cells) -> st.SearchStrategy:
    row = st.lists(of, min_size=width, max_size=width).map(tuple)
    return st.lists(row, min_size=height, max_size=height).map(tuple)


def grid(
    keys: Sequence[str], series: Sequence[str], content: Sequence[Sequence[Cell]], unit: str = ""
) -> Grid:
    return Grid(tuple(keys), tuple(series), tuple(map(tuple, content)), unit, tal)


@st.composite
def one_series(draw: st.DrawFn, keys: Sequence[str] = NAMES, unit: str = "") -> Grid:
    width = draw(st.integers(1, len(keys)))
    return grid(keys[:width], ("",), draw(rows(width, 1)), unit)


@st.composite
def any_grid(draw: st.DrawFn) -> Grid:
    keys = draw(st.sampled_from((NAMES, YEARS)))
    names = draw(st.sampled_from((("",), NAMES[:2], NAMES[:3], ("2021", "2022"), NAMES[:6])))
    width = draw(st.integers(1, 8))
    return grid(keys[:width], names, draw(rows(width, len(names))), draw(units))


units = st.sampled_from(("", "antal", "avvikelser", "procent", "tkr", "kr/invånare", "dagar"))


def said(text: str) -> float:
    return float(text.replace(NB, "").replace("−", "-").replace(",", "."))


def all_told(one: Grid) -> list[str]:
    """Every sentence that any kind of chart could say of the numbers."""
    goals: tuple[Cell, ...] = (10.0,) * len(one.keys)
    return [
        *finding.bars(one, "", stacked=False),
        *finding.bars(one, "Antal ärenden", stacked=True),
        *finding.bars(one, "Andel nöjda", stacked=False, targets=goals),
        *finding.lines(one, "Väntetid", 10.0),
        *finding.bars_and_lines(one, 1),
    ]


@given(any_grid())
def test_no_sentence_has_a_word_of_python_or_a_reason(one: Grid) -> None:
    for text in all_told(one):
        assert not re.search(r"nan|None|Missing|inf|  |\.$", text), text
        assert not any(reason in text for reason in TEXTS.values()), text
        assert text[0].isupper() or text[0].isdigit()
        assert "-" not in text
    assert all_told(one) == all_told(one)


@given(any_grid(), st.data())
def test_a_hidden_figure_changes_only_whether_something_is_said(
    one: Grid, data: st.DataObject
) -> None:
    """Whatever stood in the hidden cell, the same is said; and nothing is called the highest."""
    at = data.draw(st.integers(0, len(one.keys) - 1))
    row = data.draw(st.integers(0, len(one.series) - 1))
    shown = [list(r) for r in one.cells]
    shown[row][at] = HIDDEN
    masked = grid(one.keys, one.series, shown, one.unit)
    visible = {tal(abs(n)) for n in (*masked.known, 10.0)} | set(one.keys) | set(one.series)
    for text in all_told(masked):
        if re.search(r"^(?:Av|Alla|Båda|Värdet) .*ligger .*målet", text):
            # Of several periods it is the last one that is compared, and named
            assert HIDDEN not in masked.cells[-1]
            continue
        assert not re.search(r"Flest|färst|Högst|lägst|sammanlagt|Alla|Båda|samma", text), text
        counted = re.sub(r"Av \w+ värden|i \w+ fall av \w+", "", text)
        assert set(re.findall(r"\d+(?:\u00a0\d{3})*", counted)) <= visible, text


@given(one_series(YEARS))
def test_a_change_is_from_the_first_number_to_the_last(one: Grid) -> None:
    known = [
        (key, n)
        for key, n in zip(one.keys, one.cells[0], strict=True)
        if n == n and not isinstance(n, Missing)
    ]
    for text in finding.lines(one, "", None):
        if found := re.fullmatch(
            rf"Värdet (steg|sjönk) från ({NUMBER}) år (\d+) till ({NUMBER}) år (\d+)", text
        ):
            verb, first, begun, last, ended = found.groups()
            assert (begun, said(first)) == known[0]
            assert (ended, said(last)) == known[-1]
            assert (verb == "steg") == (said(last) > said(first))
            assert said(last) != said(first)
        elif found := re.fullmatch(rf"Värdet var ({NUMBER}) både år (\d+) och år (\d+)", text):
            assert [(found[2], said(found[1])), (found[3], said(found[1]))] == [known[0], known[-1]]
        else:
            found = re.fullmatch(
                rf"Värdet varierade mellan ({NUMBER})(?: år (\d+))? och ({NUMBER})(?: år (\d+))?",
                text,
            )
            assert found, text
            values = [n for _, n in known]
            assert len(values) == len(one.keys)
            for number, year, wanted in ((1, 2, min(values)), (3, 4, max(values))):
                assert said(found[number]) == wanted
                years = [key for key, n in known if n == wanted]
                assert found[year] == (years[0] if len(years) == 1 else None)


@given(one_series(unit="avvikelser"))
def test_the_highest_and_the_lowest_are_so_and_alone(one: Grid) -> None:
    row = one.cells[0]
    for text in finding.bars(one, "", stacked=False):
        assert not any(isinstance(n, Missing) for n in row)
        values = dict(zip(one.keys, row, strict=True))
        if text.startswith(("Alla ", "Båda ")):
            assert len(set(row)) == 1
            continue
        claims = re.findall(r"(Flest avvikelser|färst|Högst|[Ll]ägst): (\w+) \(([^)]+)\)", text)
        assert claims, text
        for word, name, number in claims:
            extreme = max if word in ("Flest avvikelser", "Högst") else min
            assert values[name] == extreme(row) == said(number.split(NB + "avv")[0])
            assert list(row).count(values[name]) == 1
        assert ("Flest" in text) <= (min(row) >= 0)


@given(st.integers(1, 8).flatmap(lambda n: rows(n, 2)))
def test_two_series_are_compared_name_by_name(content: Sequence[Sequence[Cell]]) -> None:
    one = grid(NAMES[: len(content[0])], ("Kommunen", "Riket"), content)
    (text,) = finding.bars(one, "", stacked=False) or ("",)
    if any(isinstance(n, Missing) for row in content for n in row):
        assert not text
        return
    over = sum(a > b for a, b in zip(*content, strict=True))
    under = sum(a < b for a, b in zip(*content, strict=True))
    words = {n: str(n) for n in range(20)} | dict(
        enumerate(["inget", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta"])
    )
    total = len(content[0])
    if found := re.fullmatch(r"Kommunen ligger (över|under) Riket i (båda|alla \w+) fallen", text):
        assert (over if found[1] == "över" else under) == total
        assert found[2] == ("båda" if total == 2 else f"alla {words[total]}")
    elif found := re.fullmatch(r"Kommunen ligger över Riket i (\w+) fall av (\w+)", text):
        assert (found[1], found[2]) == (words[over], words[total])
    elif total == 1:
        assert text in ("", f"Kommunen ligger {'över' if over else 'under'} Riket")
    else:
        assert over == under == 0
        assert "lika höga" in text


@given(st.integers(2, 8).flatmap(lambda n: rows(n, 3)))
def test_the_largest_change_is_the_largest(content: Sequence[Sequence[Cell]]) -> None:
    one = grid(YEARS[: len(content[0])], NAMES[:3], content)
    for text in finding.lines(one, ""):
        changes = {n: row[-1] - row[0] for n, row in zip(one.series, content, strict=True)}
        assert not any(isinstance(change, Missing) for change in changes.values())
        if text.startswith("Alla värden är desamma år"):
            assert set(changes.values()) == {0.0}
            continue
        found = re.fullmatch(
            rf"Störst förändring från (\d+) till (\d+): (\w+), från ({NUMBER}) till ({NUMBER})",
            text,
        )
        assert found, text
        assert (found[1], found[2]) == (one.keys[0], one.keys[-1])
        row = content[one.series.index(found[3])]
        assert (said(found[4]), said(found[5])) == (row[0], row[-1])
        sizes = sorted(abs(change) for change in changes.values())
        assert abs(changes[found[3]]) == sizes[-1] > sizes[-2]


@given(st.integers(1, 6).flatmap(lambda n: rows(n, 3)))
def test_piles_are_summed_only_when_whole(content: Sequence[Sequence[Cell]]) -> None:
    one = grid(NAMES[: len(content[0])], NAMES[:3], content, "ärenden")
    told = finding.bars(one, "", stacked=True)
    if any(isinstance(n, Missing) for row in content for n in row):
        assert told == ()
        return
    sums = [sum(pile) for pile in zip(*content, strict=True)]
    for text in told:
        for number in re.findall(rf"\(({NUMBER})(?:\u00a0ärenden)?\)", text):
            assert said(number) in (max(sums), min(sums))


@given(one_series(), st.integers(-5, 45).map(float))
def test_the_sides_of_the_target_are_counted(one: Grid, goal: float) -> None:
    row = one.cells[0]
    told = finding.bars(one, "", stacked=False, targets=(goal,) * len(row))
    if any(isinstance(n, Missing) for n in row):
        assert not any("målet" in text for text in told)
        return
    (text,) = told
    words = ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta"]
    sides = {
        "över": sum(n > goal for n in row),
        "på": sum(n == goal for n in row),
        "under": sum(n < goal for n in row),
    }
    claimed = re.findall(r"(\w+) (över|på|under)\b", text.replace("ligger ", ""))
    if text.startswith("Av "):
        assert {side: words.index(count) for count, side in claimed} == {
            side: n for side, n in sides.items() if n
        }
    else:
        assert [side for side, n in sides.items() if n] == [claimed[-1][1]]


# What single sentences say -------------------------------------------------------------------


def years(*numbers: float | None, unit: str = "procent", **more: object) -> str:
    frame = pd.DataFrame({"period": YEARS[: len(numbers)], "varde": numbers})
    return line(frame, unit=unit, **more).rubrik


def test_the_unit_and_what_is_measured_make_the_subject() -> None:
    assert years(84, 79) == f"Andelen sjönk från 84{NB}procent år 2015 till 79{NB}procent år 2016"
    assert (
        years(84, 79, unit="avvikelser")
        == "Antalet avvikelser sjönk från 84 år 2015 till 79 år 2016"
    )
    assert years(1, 2, unit="mnkr").startswith(
        f"Beloppet steg från 1{NB}mnkr år 2015 till 2{NB}mnkr"
    )
    assert years(5, 5, title_y="Antal brukare") == "Antalet brukare var 5 både år 2015 och år 2016"
    assert years(5, 7, title_y="Andel nöjda").startswith(f"Andelen nöjda steg från 5{NB}procent")
    assert years(12, 104, unit="dagar", title_y="Väntetid") == (
        f"Väntetid steg från 12{NB}dagar år 2015 till 104{NB}dagar år 2016"
    )


def test_a_title_of_the_axis_that_is_the_unit_says_nothing_more() -> None:
    assert years(84, 79, title_y="Procent") == years(84, 79)
    assert years(8, 7, unit="timmar", title_y="Timmar").startswith(
        f"Värdet sjönk från 8{NB}timmar år"
    )


@pytest.mark.parametrize(
    ("unit", "one"),
    [
        ("dagar", f"1{NB}dag"),
        ("avvikelser", f"1{NB}avvikelse"),
        ("orosanmälningar", f"1{NB}orosanmälan"),
        ("personer med insats", f"1{NB}person med insats"),
        ("timmar/vecka", f"1{NB}timme/vecka"),
        ("kr per brukare", f"1{NB}kr per brukare"),
        ("procentenheter", f"1{NB}procentenhet"),
        ("lediga lägenheter", "1"),
        ("påhittade", "1"),
        ("antal", "1"),
    ],
)
def test_the_unit_of_one_is_in_the_singular_or_left_out(unit: str, one: str) -> None:
    assert f"till {one} år 2016" in years(2, 1, unit=unit, title_y="Mått")
    frame = pd.DataFrame({"kategori": ["A", "B"], "varde": [-1.0, 11.0]})
    told = bar(frame, unit=unit).alt
    assert f"A −{one}" in told
    assert f"11{NB}{unit}" in told or unit == "antal"


MEASURES = (
    "procentenheter", "poäng", "timmar", "kr/invånare", "index", "dagar", "mkr", "miljoner kronor",
    "år", "grader", "timmar per person", "påhittade", "antal per patient", "utfall",
)  # fmt: skip


@pytest.mark.parametrize("unit", MEASURES)
def test_what_is_measured_is_never_counted(unit: str) -> None:
    frame = pd.DataFrame({"kategori": ["A", "B"], "varde": [3.0, 2.0]})
    told = bar(frame, unit=unit).rubrik
    assert re.fullmatch(r"Högst: A \(3.*\), lägst: B \(2.*\)", told), told
    assert re.match(r"(Värdet|Beloppet) sjönk från 3", years(3, 2, unit=unit))
    if unit != "antal per patient":
        assert f"3{NB}{unit}" in told


@pytest.mark.parametrize(
    "unit", ["avvikelser", "orosanmälningar", "personer med insats", "lediga lägenheter", "beslut"]
)
def test_what_is_counted_is_told_as_a_count(unit: str) -> None:
    frame = pd.DataFrame({"kategori": ["A", "B"], "varde": [3.0, 2.0]})
    assert bar(frame, unit=unit).rubrik == f"Flest {unit}: A (3), färst: B (2)"
    assert years(3, 2, unit=unit) == f"Antalet {unit} sjönk från 3 år 2015 till 2 år 2016"


def two(first: Sequence[float | None], other: Sequence[float | None]) -> str:
    months = [f"2022-{m:02}" for m in range(1, len(first) + 1)]
    frame = pd.DataFrame(
        {"period": months * 2, "s": ["A"] * len(first) + ["B"] * len(first),
         "varde": [*first, *other]}
    )  # fmt: skip
    return line(frame, series="s", unit="personer").rubrik


def test_only_what_never_was_elsewhere_has_stayed() -> None:
    assert two([6, 7, 6], [17, 16, 16]) == (
        f"Från januari till mars 2022 sjönk B från 17 till 16{NB}personer, medan A var "
        f"6{NB}personer både i januari och i mars"
    )
    assert ", medan A var 6" in two([6, None, 6], [17, 16, 16])
    assert two([6, 6, 6], [17, 16, 16]) == (
        f"Från januari till mars 2022 låg A kvar på 6{NB}personer och sjönk B från 17 till "
        f"16{NB}personer"
    )
    assert two([6, 70, 6], [17, 16, 17]) == "Alla värden är desamma i mars 2022 som i januari"


def test_lines_that_vary_are_on_one_side_of_the_target_only_if_all_of_them_are() -> None:
    assert years(5, 9, 3, 4, 5, 5, 5, 6, target=5) == (
        f"Andelen varierade mellan 3{NB}procent år 2017 och 9{NB}procent år 2016"
    )
    assert years(5, 9, 3, 4, 5, 5, 5, 6, target=50).endswith(
        f", hela tiden under målet 50{NB}procent"
    )


def test_the_alternative_names_all_that_share_the_lowest_number() -> None:
    def told(*numbers: float) -> str:
        names = [f"K{i}" for i in range(len(numbers))]
        frame = pd.DataFrame({"kategori": names, "varde": numbers})
        return bar(frame, unit="avvikelser", rubrik=False).alt

    assert told(1, 312, 5, 5, 5, 1, 9).endswith(
        f"Högst är K1 med 312{NB}avvikelser, lägst K0 och K5 med 1{NB}avvikelse vardera."
    )
    assert f"lägst fyra av åtta med 1{NB}avvikelse vardera." in told(1, 1, 312, 5, 5, 1, 9, 1)
    assert told(*[4.0] * 8).endswith(f"4{NB}avvikelser i alla.")
    frame = pd.DataFrame(
        {"period": [f"2022-{m:02}" for m in range(1, 7)], "varde": [5, 9, 2, 9, 2, 6]}
    )
    assert "(högst 9 två gånger, lägst 2 två gånger)" in line(frame, unit="antal").alt
    many = pd.DataFrame(
        {"period": ["2021", "2022"] * 6, "s": [f"S{i // 2}" for i in range(12)],
         "varde": [1, 5, 1, 5, 1, 3, 1, 1, 1, 1, 1, 1]}
    )  # fmt: skip
    said_of = line(many, series="s", unit="personer").alt
    assert f"är S0 och S1 högst med 5{NB}personer och S3, S4 och S5 lägst med 1{NB}person" in (
        said_of
    )


def test_the_alternative_counts_what_is_printed_alike_as_the_target() -> None:
    frame = pd.DataFrame({"kategori": ["A", "B"], "varde": [79.9, 81.2]})
    chart = bar(frame, unit="procent", format=lambda n: tal(n), target=80)
    assert chart.rubrik == f"Av två värden ligger ett över målet 80{NB}procent och ett på"
    assert "ligger ett över och ett på målet" in chart.alt


@pytest.mark.parametrize("sign", ["", "-"])
def test_parts_of_years_are_told_in_words(sign: str) -> None:
    frame = pd.DataFrame(
        {"period": [f"2022{sign}H1", f"2021{sign}H2", f"2021{sign}H1"], "varde": [3, 2, 1]}
    )
    chart = line(frame, unit="antal")
    words = "från 1 under första halvåret 2021 till 3 under första halvåret 2022"
    assert chart.rubrik == f"Antalet steg {words}"
    assert f"Värdet har ökat {words}" in chart.alt
    assert "H1" not in chart.svg
    frame = pd.DataFrame({"kategori": [f"2021{sign}T1", f"2022{sign}T1"], "varde": [1, 2]})
    assert "första tertialet 2021" in bar(frame, unit="antal").alt


def test_an_infinite_number_is_refused_and_a_missing_name_is_in_words() -> None:
    frame = pd.DataFrame({"kategori": ["A", "B"], "varde": [float("inf"), 1.0]})
    with pytest.raises(DataError, match="oändligt") as refused:
        bar(frame, unit="antal")
    assert refused.value.remedy
    for nameless in (None, float("nan"), pd.NA):
        frame = pd.DataFrame({"kategori": [nameless, "B"], "varde": [1.0, 2.0]})
        chart = bar(frame, unit="antal")
        assert "färst: uppgift saknas (1)" in chart.rubrik
        assert not re.search(r"\b(nan|None|NA)\b", chart.alt + chart.svg)


def test_missing_years_at_the_end_are_passed_over_but_not_hidden_ones() -> None:
    assert years(1, 2, None) == f"Andelen steg från 1{NB}procent år 2015 till 2{NB}procent år 2016"
    frame = pd.DataFrame(
        {"period": YEARS[:3], "varde": [1.0, 2.0, None], "orsak": ["", "", "skyddad"]}
    )
    assert line(frame).rubrik == ""


def test_numbers_that_are_printed_alike_are_alike() -> None:
    assert years(120.2, 120.4, unit="kr") == f"Beloppet var 120{NB}kr både år 2015 och år 2016"


def test_a_single_line_is_compared_with_its_target() -> None:
    assert years(88, 80, target=85).endswith(f"år 2016, under målet 85{NB}procent")
    assert years(88, 85, target=85).endswith(f"år 2016, vilket är målet 85{NB}procent")


def test_months_of_one_year_say_the_year_once() -> None:
    frame = pd.DataFrame({"period": ["2022-01", "2022-12"], "varde": [3, 5]})
    assert (
        line(frame, unit="antal").rubrik == "Antalet steg från 3 i januari till 5 i december 2022"
    )


def test_a_course_that_ends_where_it_began_has_varied() -> None:
    frame = pd.DataFrame(
        {"period": [f"2022-{m:02}" for m in range(1, 9)], "varde": [5, 9, 2, 4, 5, 5, 5, 6]}
    )
    assert (
        line(frame, unit="antal").rubrik
        == "Antalet varierade mellan 2 i mars och 9 i februari 2022"
    )


def test_two_lines_are_both_told() -> None:
    frame = pd.DataFrame(
        {"period": ["2021", "2022"] * 2, "s": ["A", "A", "B", "B"], "varde": [12, 104, 90, 90]}
    )
    assert line(frame, series="s", unit="dagar").rubrik == (
        f"Från 2021 till 2022 steg A från 12 till 104{NB}dagar och låg B kvar på 90{NB}dagar"
    )


def test_names_with_punctuation_stand_in_quotation_marks() -> None:
    frame = pd.DataFrame({"kategori": ["Oro: våld, hot", "Annat"], "varde": [5, 2]})
    assert bar(frame, unit="fall").rubrik == "Flest fall: ”Oro: våld, hot” (5), färst: Annat (2)"


@pytest.mark.parametrize(
    ("frame", "title"),
    [
        ([("A", 0), ("B", 0)], "Båda har samma värde, 0"),
        ([("A", 3)], ""),
        ([("A", None), ("B", None)], ""),
        ([("A", 5), ("B", 5), ("C", 1)], ""),
        ([("A", 5), ("B", 1), ("C", 1)], "Flest: A (5)"),
    ],
)
def test_ties_zeros_and_single_names(frame: list[tuple[str, float]], title: str) -> None:
    assert bar(pd.DataFrame(frame, columns=["kategori", "varde"]), unit="antal").rubrik == title


def test_a_long_name_leaves_out_what_has_no_room() -> None:
    names = [f"{letter} {'mycket ' * 12}långt namn" for letter in "AB"]
    frame = pd.DataFrame({"kategori": names, "varde": [5, 2]})
    assert bar(frame, unit="antal").rubrik == f"Flest: {names[0]} (5)"


def test_bars_with_a_line_tell_of_the_line() -> None:
    frame = pd.DataFrame({"m": ["2022-01", "2022-02"], "a": [1.5, 2], "b": [1.5, -3.5]})
    chart = bar_line(frame, "m", {"a": "Månaden"}, {"b": "Ackumulerat"}, unit="mnkr")
    assert chart.rubrik == (
        f"Ackumulerat sjönk från 1,5{NB}mnkr i januari till −3,5{NB}mnkr i februari 2022"
    )


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ([(2, 3), (4, 4), (1, 1)], "Högst riskvärde, 16, har Risk 1"),
        ([(4, 4), (4, 4), (1, 1)], "Högst riskvärde, 16, har Risk 0 och Risk 1"),
        ([(4, 4), (4, 4), (4, 4), (1, 1)], "Tre av fyra risker har högst riskvärde, 16"),
        ([(2, 2), (2, 2)], "Båda riskerna har riskvärdet 4"),
        ([(2, 2)], "Risk 0 har riskvärdet 4"),
        ([(2, 2), (None, 3)], ""),
    ],
)
def test_the_highest_risk_is_named(values: list[tuple[float | None, float]], title: str) -> None:
    frame = pd.DataFrame(values, columns=["sannolikhet", "konsekvens"])
    frame["risk"] = [f"Risk {i}" for i in range(len(values))]
    assert risk_matrix(frame).rubrik == title


def test_a_title_by_hand_or_none_and_the_text_alternative_begins_with_it() -> None:
    frame = pd.DataFrame({"kategori": ["A", "B"], "varde": [5, 2]})
    by_hand = bar(frame, rubrik="A är störst <b>$x$</b>")
    assert by_hand.rubrik == "A är störst <b>$x$</b>"
    assert by_hand.alt.startswith("A är störst <b>$x$</b>. Stapeldiagram")
    for none in (False, ""):
        plain = bar(frame, rubrik=none)
        assert plain.rubrik == ""
        assert plain.alt.startswith("Stapeldiagram")
        assert plain.canvas.height_mm < by_hand.canvas.height_mm
    assert bar(frame, rubrik="Är det så?").alt.startswith("Är det så? Stapeldiagram")
    assert bar(frame, rubrik="Hand", alt="Min text.").alt == "Min text."


def test_a_title_takes_at_most_two_lines_and_the_alternative_has_it_all() -> None:
    title = "Ett långt ord om något " * 20
    chart = bar(pd.DataFrame({"kategori": ["A", "B"], "varde": [5, 2]}), rubrik=title)
    drawn = re.findall(r'<text [^>]*font-size="10"[^>]*>([^<]*)</text>', chart.svg)
    assert len(drawn) == 2
    assert drawn[1].endswith("…")
    assert title.strip() in chart.alt
