"""Tables: heads, groups, sums, marks, and nothing that is not text from hostile data."""

from __future__ import annotations

import math
import re

import pandas as pd
import pytest
from lxml import html as lxml_html

from berattelse.missing import Missing
from berattelse.tables import Table
from berattelse.text.numbers import procent, tal, tkr

NB = "\u00a0"
HOSTILE = "<script>alert(1)</script> *md* $x$ `kod` & «å»"


def parsed(table: Table):
    return lxml_html.fragment_fromstring(table.html)


def texts(element, path):
    return [node.text_content() for node in element.xpath(path)]


def drift() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "post": ["Intäkter", "Personal", "Delsumma kostnader", "Summa"],
            "grupp": ["Intäkter", "Kostnader", "Kostnader", ""],
            "utfall": [-40021000, 120000000.0, 150000000, 109979000],
            "budget": [-33745000, Missing("ej_matt"), None, math.nan],
            "not": ["egen", "", "text", HOSTILE],
        }
    )


def test_heads_have_scope_and_spanners_stand_over_their_columns():
    table = parsed(
        Table(
            drift(),
            columns={"utfall": "Utfall", "budget": "Budget", "not": "Not"},
            spanners={"Perioden": ["utfall", "budget"]},
            stub_label="Kostnadsslag",
        )
    )
    first, second = table.xpath("thead/tr")
    assert texts(first, "th") == ["Kostnadsslag", "Perioden", "Not"]
    assert texts(second, "th") == ["Utfall", "Budget"]
    assert first.xpath("th[1]/@rowspan") == ["2"]
    assert first.xpath("th[2]/@colspan") == ["2"]
    assert first.xpath("th/@scope") == ["col", "colgroup", "col"]
    assert second.xpath("th/@scope") == ["col", "col"]


def test_rows_are_headed_by_their_stub_and_figures_are_right_aligned():
    table = parsed(Table(drift(), columns={"utfall": "Utfall", "not": "Not"}, format=tkr))
    row = table.xpath("tbody/tr")[0]
    assert row.xpath("th/@scope") == ["row"]
    assert texts(row, "*") == ["Intäkter", f"\u221240{NB}021{NB}tkr", "egen"]
    assert row.xpath("*/@class") == ["gt_left", "gt_right", "gt_left"]
    assert table.xpath("thead//th/@class") == ["gt_left", "gt_right", "gt_left"]


def test_groups_are_bodies_of_their_own_and_sums_are_marked():
    table = parsed(
        Table(
            drift(),
            columns={"utfall": "Utfall", "budget": "Budget"},
            groups="grupp",
            subtotals=["Delsumma kostnader"],
        )
    )
    bodies = table.xpath("tbody")
    assert [texts(body, "tr/th") for body in bodies] == [
        ["Intäkter", "Intäkter"],
        ["Kostnader", "Personal", "Delsumma kostnader"],
        ["Summa"],
    ]
    heads = table.xpath("//th[@scope='rowgroup']")
    assert [head.get("colspan") for head in heads] == ["3", "3"]
    assert texts(table, "//tr[@class='summa']/th") == ["Summa"]
    assert texts(table, "//tr[@class='delsumma']/th") == ["Delsumma kostnader"]


def test_missing_cells_print_their_mark_and_the_note_explains_the_marks_used():
    table = parsed(
        Table(
            drift(),
            columns={"utfall": "Utfall", "budget": "Budget"},
            note="Belopp i kronor.",
            source="Delårsrapport 2022-08-31, tryckt",
        )
    )
    assert texts(table, "tbody/tr/td[2]") == [f"\u221233{NB}745{NB}000", "e.m.", "..", ".."]
    assert texts(table, "tfoot/tr") == [
        "Belopp i kronor.",
        "Teckenförklaring: .. = uppgift saknas; e.m. = ej mätt.",
        "Källa: Delårsrapport 2022-08-31, tryckt",
    ]
    assert table.xpath("tfoot/tr/td/@colspan") == ["3", "3", "3"]


def test_without_notes_there_is_no_foot():
    assert parsed(Table(drift(), columns={"utfall": "Utfall"})).xpath("tfoot") == []


def test_text_from_data_stays_text():
    frame = pd.DataFrame({"post": [HOSTILE], "varde": [1], "text": [HOSTILE], "grupp": [HOSTILE]})
    table = Table(
        frame,
        columns={"varde": HOSTILE, "text": "Text"},
        spanners={HOSTILE: ["varde", "text"]},
        groups="grupp",
        note=HOSTILE,
        source=HOSTILE,
        stub_label=HOSTILE,
    )
    tree = parsed(table)
    assert tree.xpath("//script") == []
    assert tree.xpath("//em | //code | //span") == []
    found = [t for t in texts(tree, "//th | //td") if "alert" in t]
    assert found == [HOSTILE] * 7 + [f"Källa: {HOSTILE}"]
    # a fence of backticks would end the raw block in the composed Markdown
    assert "`" not in table.html


def test_the_html_carries_no_style_and_no_id_but_the_one_asked_for():
    table = Table(
        drift(), columns={"utfall": "Utfall"}, spanners={"A": ["utfall"]}, id="drift", source="x"
    )
    assert re.findall(r'\bid="([^"]*)"', table.html) == ["drift"]
    assert "style" not in table.html
    assert (
        table.html
        == Table(
            drift(),
            columns={"utfall": "Utfall"},
            spanners={"A": ["utfall"]},
            id="drift",
            source="x",
        ).html
    )


def test_formats_may_differ_per_column_and_text_among_numbers_is_kept():
    frame = pd.DataFrame(
        {
            "post": ["SIP", "Balans"],
            "mal": ["öka 10 %", 100],
            ("2022", "utfall"): [8.25, 50.0],
        }
    )
    table = parsed(
        Table(
            frame,
            columns={"mal": "Mål", ("2022", "utfall"): "Utfall"},
            format={"mal": procent, ("2022", "utfall"): lambda x: tal(x, 1)},
        )
    )
    assert texts(table, "tbody/tr[1]/td") == ["öka 10 %", "8,3"]
    assert texts(table, "tbody/tr[2]/td") == [f"100{NB}%", "50,0"]
    assert table.xpath("tbody/tr[1]/td/@class") == ["gt_right", "gt_right"]


def test_a_frame_without_rows_prints_nothing():
    assert Table(pd.DataFrame()).html == ""
    assert Table(pd.DataFrame(), columns={"a": "A"}, groups="g")._repr_html_() == ""


def test_an_unknown_column_is_named():
    with pytest.raises(KeyError, match="prognos"):
        Table(drift(), columns={"prognos": "Prognos"})
