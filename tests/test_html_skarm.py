"""Long and awkward material on screens of all widths, with the keyboard, and on paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PIL import Image

from berattelse.profile import Logo, standard
from tests.test_html import FIGURE, typeset, wide_table

LONG = "verksamhetsutvecklingsområdesbeskrivning"
ENDLESS = "x" * 300
MONTHS = ["jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"]
DATA = (
    "```{=html}\n<details class='diagramdata'><summary>Siffrorna i diagrammet</summary><table>"
    "<thead><tr><th>Grupp</th><th>2021</th><th>2022</th></tr></thead><tbody><tr><th>Hemtjänst</th>"
    "<td class='gt_right'>41</td><td class='gt_right'>42</td></tr></tbody></table></details>"
    "\n```\n\n"
)


def table(label: str, heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f"<th>{text}</th>" for text in heads)
    body = "".join(
        f"<tr><th>{cells[0]}</th>"
        + "".join(f'<td class="gt_right">{text}</td>' for text in cells[1:])
        + "</tr>"
        for cells in rows
    )
    return (
        f"::: {{#tbl-{label}}}\n```{{=html}}\n<table><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>\n```\n\nTabell om {label}\n:::\n\n"
    )


def months(rows: int) -> list[list[str]]:
    return [
        [f"Rad {i} med namn", *(str(1000 + i * 13 + m) for m in range(13))] for i in range(rows)
    ]


def material(rows: int, figures: int, sections: int) -> str:
    """All that is long and awkward, at the size that is asked for."""
    return (
        "# Sammanfattning {.unnumbered}\n\nSe @tbl-manader och @fig-f1.[^n] En *lutande* rad.\n\n"
        "[^n]: En not.\n\n"
        + table("manader", ["Post", *MONTHS, "Summa"], months(rows))
        + table("lang", ["Enhet", "2022"], [[f"Enhet {i}", str(i)] for i in range(rows)])
        + table("smal", ["Post", "Text", "Antal", "Andel"], [[LONG, LONG, "1", "2"]] * 3)
        + table("ord", ["Post", "Antal", "Andel"], [[ENDLESS, "1", "2"], ["y", ENDLESS, "3"]])
        + table("tva", ["Post", "Text"], [[ENDLESS, ENDLESS]])
        + f"# {LONG.capitalize()} {LONG} {{#sec-lang}}\n\n{ENDLESS}\n\n"
        + f"## {ENDLESS} {{#sec-ord}}\n\n- {ENDLESS}\n\n"
        + f'::: {{.callout-note title="{LONG}"}}\n{ENDLESS}\n:::\n\n'
        + "".join(FIGURE.format(f"f{i}") + DATA for i in range(1, figures + 1))
        + "".join(f"## Avsnitt om {i}\n\ntext\n\n" for i in range(sections))
    )


def made(folder: Path, text: str) -> Path:
    Image.new("RGB", (900, 60), "red").save(folder / "m.png")
    logo = Logo(folder / "m.png", "Härnösands kommun")
    return typeset(folder, text, replace(standard.profile(), logo=logo))


@pytest.fixture(scope="module")
def long_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("lang"), material(rows=200, figures=40, sections=60))


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield opened
    opened.close()


def overflow(page: Any) -> int:
    return int(page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    ))  # fmt: skip


# Widths ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1920])
def test_the_page_never_scrolls_sideways(long_page: Path, page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(long_page.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert overflow(page) == 0


@pytest.mark.parametrize("width", [320, 1280])
def test_text_may_be_spaced_out(long_page: Path, page: Any, width: int) -> None:
    """WCAG 2.1, 1.4.12: nothing is lost when the reader spaces the text out."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(long_page.as_uri())
    page.add_style_tag(
        content="* { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
        " word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"
    )
    assert overflow(page) == 0
    cut = page.evaluate("""[...document.querySelectorAll('h1, h2, h3, p, summary, button, dd')]
        .filter(e => !e.closest('.dold, .hoppa') && e.scrollHeight > e.clientHeight + 4
            && getComputedStyle(e).overflowY === 'hidden').map(e => e.outerHTML)""")
    assert cut == []


def test_a_long_word_stands_in_its_cell_on_a_phone(long_page: Path, page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(long_page.as_uri())
    outside = page.evaluate("""[...document.querySelectorAll('main :is(th, td)')].filter(cell => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        const box = cell.getBoundingClientRect();
        return [...range.getClientRects()]
            .some(r => r.right > box.right + 1 || r.left < box.left - 1);
    }).map(cell => cell.textContent.slice(0, 40))""")
    assert outside == []


# Regions --------------------------------------------------------------------------------------


def region(page: Any, label: str) -> Any:
    return page.locator(f"#tbl-{label} .tabellram")


def place(page: Any, selector: str) -> dict[str, float]:
    return dict(page.locator(selector).bounding_box())


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (390, 844)])
def test_heads_and_names_stay_in_view_in_a_table_that_scrolls(
    long_page: Path, page: Any, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(long_page.as_uri())
    frame = region(page, "manader")
    frame.scroll_into_view_if_needed()
    frame.evaluate("e => e.scrollTo(200, 1500)")
    box = frame.bounding_box()
    assert box["height"] <= 0.85 * height + 1
    head = place(page, "#tbl-manader thead th >> nth=0")
    other = place(page, "#tbl-manader thead th >> nth=13")
    row = place(page, "#tbl-manader tbody tr:nth-child(70) th")
    assert abs(head["y"] - box["y"]) < 2 and abs(other["y"] - box["y"]) < 2
    assert abs(head["x"] - box["x"]) < 2 and abs(row["x"] - box["x"]) < 2
    # What stands at the corner is the corner, and nothing shows through
    corner = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('th').textContent",
        [box["x"] + 12, box["y"] + 12],
    )
    assert corner == "Post"


def test_the_head_of_a_narrow_long_table_follows_the_page(long_page: Path, page: Any) -> None:
    page.goto(long_page.as_uri())
    page.locator("#tbl-lang tbody tr:nth-child(100)").evaluate("e => e.scrollIntoView()")
    head = place(page, "#tbl-lang thead th >> nth=0")
    assert -1 <= head["y"] <= 1


def test_a_low_window_shows_rows_and_not_only_heads(long_page: Path, page: Any) -> None:
    page.set_viewport_size({"width": 640, "height": 320})
    page.goto(long_page.as_uri())
    assert region(page, "manader").bounding_box()["height"] > 1000


def test_a_region_is_scrolled_with_the_keyboard(long_page: Path, page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(long_page.as_uri())
    frame = region(page, "manader")
    frame.focus()
    for key in ("ArrowRight", "ArrowDown"):
        for _ in range(3):
            page.keyboard.press(key)
    page.wait_for_timeout(400)
    assert frame.evaluate("e => e.scrollLeft") > 30
    assert frame.evaluate("e => e.scrollTop") > 30
    name = page.locator("#tbl-manader-rubrik").inner_text()
    assert page.get_by_role("region", name=name).count() == 1


# Keyboard -------------------------------------------------------------------------------------

FOCUSED = """() => {
    const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
    return { tag: e.tagName, name: e.className, width: box.width, height: box.height,
        outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
        opacity: parseFloat(style.opacity),
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth };
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_each_stop_of_the_keyboard_is_seen_and_large_enough(
    long_page: Path, page: Any, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(long_page.as_uri())
    assert page.evaluate("[...document.querySelectorAll('[tabindex]')].every(e => e.tabIndex <= 0)")
    seen: dict[str, dict[str, Any]] = {}
    for number in range(140):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        assert number or stop["name"] == "hoppa"
        seen.setdefault(f"{stop['tag']} {stop['name']}", stop)
        assert stop["outline"] >= 2 and stop["opacity"] == 1 and stop["seen"], stop
        if stop["name"].split(" ")[0] not in ("korsref", "notref", "tillbaka"):  # in running text
            assert stop["width"] >= 24 and stop["height"] >= 24, stop
    wanted = {"A hoppa", "A ankare", "BUTTON kopiera", "DIV tabellram bred", "DIV bild"}
    assert wanted <= set(seen)


def test_a_shadow_says_that_a_chart_goes_on_beyond_the_edge(long_page: Path, page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(long_page.as_uri())
    frame = page.locator(".bild").first
    assert frame.get_attribute("role") == "group" and frame.get_attribute("tabindex") == "0"
    assert frame.get_attribute("aria-label")
    frame.scroll_into_view_if_needed()

    def light() -> tuple[int, int]:
        """Return how light the frame is just within its left and right edges, 0 to 255."""
        picture = Image.open(io.BytesIO(frame.screenshot())).convert("L")
        middle = picture.height // 2
        return tuple(picture.getpixel((x, middle)) for x in (4, picture.width - 5))  # type: ignore[return-value]

    left, right = light()
    assert left > 250 and right < 230
    frame.evaluate("box => { box.scrollLeft = box.scrollWidth }")
    left, right = light()
    assert left < 230 and right > 250
    page.set_viewport_size({"width": 1280, "height": 900})
    frame.scroll_into_view_if_needed()
    assert frame.evaluate("box => box.scrollWidth <= box.clientWidth")


def test_the_skip_link_leads_past_the_contents(long_page: Path, page: Any) -> None:
    page.goto(long_page.as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innehall"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_link_to_a_section_is_there_for_who_points_at_the_heading(
    long_page: Path, page: Any
) -> None:
    page.goto(long_page.as_uri())
    link = page.locator("a.ankare[href='#avsnitt-om-9']")
    heading = page.locator("#avsnitt-om-9 > h3")
    assert link.evaluate("e => getComputedStyle(e).opacity") == "0"
    heading.hover()
    assert link.evaluate("e => getComputedStyle(e).opacity") == "1"
    beside, box = link.bounding_box(), heading.bounding_box()
    # On the first line of the heading and close to it, so that the pointer can move there
    assert 0 <= box["x"] - beside["x"] - beside["width"] < 8
    assert beside["y"] >= box["y"] - 2 and beside["y"] + beside["height"] <= box["y"] + 40
    link.click()
    assert page.evaluate("location.hash") == "#avsnitt-om-9"
    page.evaluate("getSelection().selectAllChildren(document.querySelector('#avsnitt-om-9'))")
    assert "#" not in page.evaluate("getSelection().toString()")


# Accessibility --------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_violations_with_everything_open(
    tmp_path: Path, browser: Any, width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    tab = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab.goto(made(tmp_path, material(rows=30, figures=2, sections=3)).as_uri())
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    tab.locator("button.kopiera").first.click()
    tab.get_by_role("status").filter(has_text="kopier").wait_for()
    tab.evaluate("document.querySelectorAll('.ankare').forEach(one => one.style.opacity = 1)")
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    violations = Axe().run(tab, options=rules).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:300]) for v in violations] == []
    tab.close()


def test_forced_colours_keep_what_carries_meaning(long_page: Path, page: Any) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(long_page.as_uri())
    shadow = page.locator(".bred").first.evaluate("e => getComputedStyle(e).backgroundImage")
    assert shadow == "none"
    callout = page.locator(".callout").evaluate("e => getComputedStyle(e).borderLeftWidth")
    assert callout == "5px"
    sheet = page.locator(".bild").first.evaluate("e => getComputedStyle(e).backgroundColor")
    assert sheet == "rgb(255, 255, 255)"


# Paper ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def paper(long_page: Path, browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    tab = browser.new_page(color_scheme="dark")
    tab.goto(long_page.as_uri())
    tab.locator("details.diagramdata").first.evaluate("e => e.open = true")
    out = tmp_path_factory.mktemp("papper") / "ut.pdf"
    tab.pdf(path=out, prefer_css_page_size=True)
    tab.close()
    with pymupdf.open(out) as document:
        yield document


def test_nothing_is_cut_off_on_paper(paper: Any) -> None:
    text = "".join(page.get_text() for page in paper)
    for row in months(200):
        assert row[-1] in text
    for page in paper:
        assert page.rect.width == pytest.approx(595, abs=2)
        assert page.rect.height == pytest.approx(842, abs=2)
        for x0, y0, x1, y1, word, *_ in page.get_text("words"):
            assert x0 > 40 and x1 < 555, (page.number, word)
            assert y0 > 20 and y1 < 822, (page.number, word)


def test_a_year_of_months_is_as_wide_as_the_paper_and_can_be_read(paper: Any) -> None:
    sizes = {
        round(span["size"], 1)
        for block in paper[1].get_text("dict")["blocks"] if block["type"] == 0
        for line in block["lines"] for span in line["spans"]
    }  # fmt: skip
    assert min(sizes) >= 6


def test_heads_of_a_long_table_stand_on_each_page(paper: Any) -> None:
    with_rows = [page for page in paper if "med namn" in page.get_text()]
    assert len(with_rows) >= 3
    for page in with_rows:
        words = page.get_text().split()
        assert {"Post", "jan", "Summa"} <= set(words)


def test_no_heading_stands_last_on_a_page(paper: Any) -> None:
    for page in list(paper)[:-1]:
        lines = [line for line in page.get_text().splitlines() if line.strip()]
        assert not lines[-1].startswith("Avsnitt om"), page.number


def test_paper_has_light_ground_black_text_and_no_tools(paper: Any) -> None:
    text = "".join(page.get_text() for page in paper)
    for tool in ("Kopiera tabellen", "Hoppa till", "Till sidans början", "Siffrorna i diagrammet"):
        assert tool not in text
    # The one disclosure that the reader had opened is printed
    assert text.count("Hemtjänst") == 1
    picture = paper[0].get_pixmap(dpi=30)
    assert picture.pixel(2, 2) == (255, 255, 255)
    colours = {
        span["color"] for block in paper[0].get_text("dict")["blocks"] if block["type"] == 0
        for line in block["lines"] for span in line["spans"] if "Tabell" in span["text"]
    }  # fmt: skip
    assert int(standard.LIGHT.text[1:], 16) in colours


def test_a_wide_table_of_a_few_rows_is_not_parted(browser: Any, tmp_path: Path) -> None:
    text = "".join(
        f"{'Stycke. ' * 60}\n\n" + wide_table(7).replace("tbl-x", f"tbl-{i}") for i in range(9)
    )
    tab = browser.new_page()
    tab.goto(typeset(tmp_path, text).as_uri())
    tab.pdf(path=tmp_path / "ut.pdf", prefer_css_page_size=True)
    tab.close()
    with pymupdf.open(tmp_path / "ut.pdf") as document:
        heads = sum(page.get_text().count("Post") for page in document)
        assert len(document) > 1 and heads == 9
