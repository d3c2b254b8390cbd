"""Copying a table from the page, as the person who pastes it meets it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from berattelse import export, literal
from tests.hostile import LITERAL
from tests.test_html import FIGURE, typeset

NBSP = "\u00a0"
Cells = list[list[str]]

FIGURES = [
    (f"1{NBSP}234{NBSP}567,5", "1234567,5"),
    ("−12,3", "-12,3"),
    (f"84{NBSP}%", "84%"),
    (f"−3{NBSP}%", "-3%"),
    ("+22", "22"),
    ("2022", "2022"),
    ("0,0", "0,0"),
    (f"30{NBSP}mnkr", "30 mnkr"),
    ("–", "–"),
    ("2021–2022", "2021–2022"),
    ("070 123 456", "070 123 456"),
    (f"070{NBSP}123{NBSP}456", "070 123 456"),
    ("0123", "0123"),
    ("0", "0"),
    ("1/2", "1/2"),
    ("3-4", "3-4"),
    ("jan-22", "jan-22"),
]
"""What a cell says -> what is copied."""


def table(head: str, body: str, label: str = "tbl-x", caption: str = "Drift, tkr") -> str:
    return (
        f"::: {{#{label}}}\n```{{=html}}\n<table><thead>{head}</thead>{body}</table>\n```\n\n"
        f"{caption}\n:::\n\n"
    )


def row(name: str, *cells: str, kind: str = "gt_right") -> str:
    return f"<tr><th>{name}</th>" + "".join(f'<td class="{kind}">{c}</td>' for c in cells) + "</tr>"


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    opened = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield opened
    opened.close()


Copied = Callable[..., Cells]


@pytest.fixture
def copied(context: Any, tmp_path: Path) -> Copied:
    """Press the button of the first table and return the rows of what lies on the clipboard."""

    def press(text: str) -> Cells:
        page = context.new_page()
        page.goto(typeset(tmp_path, text).as_uri())
        page.get_by_role("button", name="Kopiera tabellen").first.click()
        page.get_by_role("status").filter(has_text="kopier").wait_for()
        return read(page.evaluate("navigator.clipboard.readText()"))

    return press


def read(text: str) -> Cells:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_figures_are_plain_digits_with_decimal_comma(copied: Copied) -> None:
    rows = "".join(row(f"r{i}", shown) for i, (shown, _) in enumerate(FIGURES))
    found = copied(table("<tr><th>Post</th><th>Utfall</th></tr>", f"<tbody>{rows}</tbody>"))
    assert found[0] == ["Post", "Utfall"]
    assert [cells[1] for cells in found[1:]] == [plain for _, plain in FIGURES]


def test_text_is_no_formula_whoever_wrote_it(copied: Copied) -> None:
    """Every hostile text is guarded as in the files that we write ourselves."""
    # Soft hyphens are for lines, not for files; marks of direction are closed on the page
    texts = [text for text in LITERAL if not re.search("[\u00ad\u202a-\u202e\u2066-\u2069]", text)]
    rows = "".join(row("x", literal.html(text), kind="gt_left") for text in texts)
    found = copied(table("<tr><th>Post</th><th>Text</th></tr>", f"<tbody>{rows}</tbody>"))
    assert len(texts) > 100
    assert [cells[1] for cells in found[1:]] == [
        export.guarded(text).replace(NBSP, " ") for text in texts
    ]


def test_heads_above_one_another_become_one(copied: Copied) -> None:
    head = (
        '<tr><th rowspan="2">Post</th><th colspan="2">Budget</th><th colspan="2">Utfall</th></tr>'
        "<tr><th>2021</th><th>2022</th><th>2021</th><th>2022</th></tr>"
    )
    found = copied(table(head, f"<tbody>{row('Lön', '1', '2', '3', '4')}</tbody>"))
    assert found == [
        ["Post", "Budget – 2021", "Budget – 2022", "Utfall – 2021", "Utfall – 2022"],
        ["Lön", "1", "2", "3", "4"],
    ]


def test_groups_become_a_column(copied: Copied) -> None:
    group = '<tr class="grupp"><th colspan="3" scope="rowgroup">{}</th></tr>'
    body = (
        f"<tbody>{row('Allt', '9', '9')}</tbody>"
        f"<tbody>{group.format('Kostnader')}{row('Lön', '1', '2')}</tbody>"
        f"<tbody>{group.format('=1+1')}{row('Avgift', '3', '4')}</tbody>"
    )
    found = copied(table("<tr><th>Post</th><th>A</th><th>B</th></tr>", body))
    assert found == [
        ["Grupp", "Post", "A", "B"],
        ["", "Allt", "9", "9"],
        ["Kostnader", "Lön", "1", "2"],
        ["'=1+1", "Avgift", "3", "4"],
    ]


def test_a_mark_of_a_note_is_no_part_of_the_figure(copied: Copied) -> None:
    text = (
        "| Post | Antal |\n|:--|--:|\n| Lön[^1] | 12[^2] |\n\n: Drift {#tbl-d}\n\n"
        "[^1]: Med avgifter.\n\n[^2]: Avrundat.\n"
    )
    assert copied(text) == [["Post", "Antal"], ["Lön", "12"]]


def test_cells_with_signs_of_the_format_are_quoted(copied: Copied) -> None:
    body = f"<tbody>{row('a; b', 'säger &quot;nej&quot;', kind='gt_left')}</tbody>"
    found = copied(table("<tr><th>Post</th><th>Text</th></tr>", body))
    assert found[1] == ["a; b", 'säger "nej"']


def test_programs_that_want_a_table_get_one(context: Any, tmp_path: Path) -> None:
    body = f"<tbody>{row('&lt;b&gt;', f'1{NBSP}000')}</tbody>"
    page = context.new_page()
    page.goto(typeset(tmp_path, table("<tr><th>Post</th><th>A</th></tr>", body)).as_uri())
    page.get_by_role("button", name="Kopiera tabellen").click()
    page.get_by_role("status").filter(has_text="kopierad").wait_for()
    markup = page.evaluate(
        "navigator.clipboard.read().then(all => all[0].getType('text/html')).then(b => b.text())"
    )
    cells = [cell.text for cell in BeautifulSoup(markup, "lxml").select("td")]
    assert cells == ["Post", "A", "<b>", "1000"]


def test_a_program_takes_no_text_for_a_number_or_a_date(context: Any, tmp_path: Path) -> None:
    """Excel pastes the table, and would make 0123 a number and the others dates."""
    texts = ["0123", "1/2", "3-4", "jan-22", f"070{NBSP}123{NBSP}456"]
    numbers = ["0", "123", "0,5", f"1{NBSP}234"]
    body = f"<tbody>{''.join(row('x', cell) for cell in texts + numbers)}</tbody>"
    page = context.new_page()
    page.goto(typeset(tmp_path, table("<tr><th>Post</th><th>A</th></tr>", body)).as_uri())
    page.get_by_role("button", name="Kopiera tabellen").click()
    page.get_by_role("status").filter(has_text="kopierad").wait_for()
    cells = page.evaluate(
        "navigator.clipboard.read().then(all => all[0].getType('text/html')).then(b => b.text())"
        ".then(text => [...new DOMParser().parseFromString(text, 'text/html')"
        ".querySelectorAll('td:nth-child(2)')].map(cell => (cell.getAttribute('style') || '')"
        ".includes('mso-number-format')))"
    )
    assert cells == [True] + [True] * len(texts) + [False] * len(numbers)


def test_it_says_which_table_and_that_it_is_copied(context: Any, tmp_path: Path) -> None:
    head, body = "<tr><th>Post</th><th>A</th></tr>", f"<tbody>{row('Lön', '1')}</tbody>"
    text = table(head, body) + table(head, body, "tbl-y", "Andra")
    page = context.new_page()
    page.goto(typeset(tmp_path, text).as_uri())
    buttons = page.get_by_role("button")
    assert [button.get_attribute("aria-label") for button in buttons.all()] == [
        f"Kopiera tabellen: Tabell{NBSP}{number}" for number in (1, 2)
    ]
    assert {button.inner_text() for button in buttons.all()} == {"Kopiera tabellen"}
    status = page.get_by_role("status")
    assert status.inner_text() == ""
    buttons.nth(1).press("Enter")
    status.filter(has_text=f"Tabell{NBSP}2 är kopierad").wait_for()
    assert page.evaluate("document.activeElement.ariaLabel").endswith(f"Tabell{NBSP}2")
    page.emulate_media(media="print")
    assert not buttons.nth(1).is_visible() and not status.is_visible()


def test_the_figures_behind_a_chart_can_be_copied(context: Any, tmp_path: Path) -> None:
    raw = (
        "```{=html}\n<details class='diagramdata'><summary>Siffrorna</summary><table><thead><tr>"
        "<th>Grupp</th><th>2021</th><th>2022</th></tr></thead><tbody><tr><th>Hemtjänst</th>"
        "<td class='gt_right'>1</td><td class='gt_right'>2</td></tr></tbody></table></details>"
        "\n```\n"
    )
    page = context.new_page()
    page.goto(typeset(tmp_path, FIGURE.format("a") + raw).as_uri())
    page.locator("summary", has_text="Siffrorna").click()
    page.get_by_role("button", name=f"Kopiera tabellen: Siffrorna i Figur{NBSP}1").click()
    said = page.get_by_role("status").filter(has_text=f"Siffrorna i Figur{NBSP}1 är kopierade")
    said.wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert read(text) == [["Grupp", "2021", "2022"], ["Hemtjänst", "1", "2"]]
    assert text.endswith("\r\n")


@pytest.mark.parametrize(
    "lacking",
    [
        "Object.defineProperty(Navigator.prototype, 'clipboard', { value: undefined })",
        "Clipboard.prototype.write = () => Promise.reject(new DOMException('nej'))",
    ],
    ids=["without the interface", "refused"],
)
def test_it_works_where_the_browser_keeps_the_clipboard(
    context: Any, tmp_path: Path, lacking: str
) -> None:
    page = context.new_page()
    page.add_init_script(lacking)
    body = f"<tbody>{row('Lön', f'−1{NBSP}000')}</tbody>"
    page.goto(typeset(tmp_path, table("<tr><th>Post</th><th>A</th></tr>", body)).as_uri())
    page.get_by_role("button").click()
    page.get_by_role("status").filter(has_text="är kopierad").wait_for()
    other = context.new_page()
    other.goto((tmp_path / "ut.html").as_uri())
    assert read(other.evaluate("navigator.clipboard.readText()")) == [
        ["Post", "A"],
        ["Lön", "-1000"],
    ]
    assert page.locator("textarea").count() == 0


def test_it_says_so_when_nothing_could_be_copied(context: Any, tmp_path: Path) -> None:
    page = context.new_page()
    page.add_init_script(
        "Clipboard.prototype.write = () => Promise.reject(); document.execCommand = () => false"
    )
    body = f"<tbody>{row('Lön', '1')}</tbody>"
    page.goto(typeset(tmp_path, table("<tr><th>Post</th><th>A</th></tr>", body)).as_uri())
    page.get_by_role("button").click()
    page.get_by_role("status").filter(has_text="gick inte att kopiera").wait_for()


def test_without_script_there_is_no_dead_button(browser: Any, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    body = f"<tbody>{row('Lön', '1')}</tbody>"
    page.goto(typeset(tmp_path, table("<tr><th>Post</th><th>A</th></tr>", body)).as_uri())
    assert page.get_by_role("button").count() == 0
    assert page.get_by_role("table").is_visible()
    context.close()


def test_no_other_script_runs(context: Any, tmp_path: Path) -> None:
    """The policy lets the one script run that is in the page, and no other."""
    body = f"<tbody>{row('Lön', '1')}</tbody>"
    out = typeset(tmp_path, table("<tr><th>Post</th><th>A</th></tr>", body))
    page_text = out.read_text(encoding="utf-8")
    added = "<script>document.title = 'angripen'</script><p onclick='1' id='p'>x</p></main>"
    out.write_text(page_text.replace("</main>", added), encoding="utf-8")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(out.as_uri())
    assert page.title() != "angripen"
    assert any("Content Security Policy" in text for text in said)
    assert page.get_by_role("button").count() == 1
