"""The HTML typesetter, read back with a parser and a browser that know nothing of pandoc."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from berattelse.errors import TypesetError
from berattelse.model import Document, Job, Target, TargetSettings
from berattelse.profile import Profile, standard
from berattelse.typeset import inbyggd

NBSP = "\u00a0"
HEAD = """\
---
title: Delårsrapport per augusti
lang: sv
kommun: Härnösand
namnd: Socialnämnden
dnr: SN 10/2022
datum: "2022-09-09"
toc: true
number-sections: true
---

"""
SVG = """<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="80mm" height="30mm" viewBox="0 0 80 30"><metadata><a>x</a></metadata>
<script>alert(1)</script><defs><style>*{stroke-linecap: butt}</style>
<clipPath id="p"><rect width="9" height="9"/></clipPath><path id="m" d="M0 0"/></defs>
<g clip-path="url(#p)" onclick="alert(1)"><use xlink:href="#m"/>
<image xlink:href="https://exempel.se/x.png"/><text y="9">82 %</text></g></svg>"""
FIGURE = '::: {{#fig-{0}}}\n![](a.svg){{fig-alt="Andelen \\"ökar\\"."}}\n\nBildtext {0}\n:::\n\n'

Make = Callable[[str], Path]


def typeset(folder: Path, text: str, profile: Profile | None = None, svg: str = SVG) -> Path:
    """Typeset Markdown, which may show `a.svg`, and return the HTML file."""
    (folder / "a.svg").write_text(svg, encoding="utf-8")
    (folder / "composed.md").write_text(HEAD + text, encoding="utf-8")
    settings = TargetSettings("Titel", "Härnösand", "Socialnämnden", "helar")
    job = Job(
        Target("liten", "harnosand", 2022),
        settings,
        Path("liten.qmd"),
        frozenset(),
        profile=profile or standard.profile(),
    )
    out = folder / "ut.html"
    inbyggd.Inbyggd().typeset(Document(job, folder, 0), "html", out)
    return out


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return lambda text: typeset(tmp_path, text)


@pytest.fixture
def soup(make: Make) -> Callable[[str], BeautifulSoup]:
    return lambda text: BeautifulSoup(make(text).read_text(encoding="utf-8"), "lxml")


Soup = Callable[[str], BeautifulSoup]


def one(root: Tag | BeautifulSoup, selector: str) -> Tag:
    found = root.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


def words(element: Tag) -> str:
    return re.sub(r"[ \n]+", " ", element.get_text()).strip()


def wide_table(columns: int = 5) -> str:
    heads = "".join(f'<th class="gt_right">K{i}</th>' for i in range(1, columns))
    cells = "".join(f'<td class="gt_right">{i}{NBSP}000</td>' for i in range(1, columns))
    row = f'<tr><th class="gt_left">Lön</th>{cells}</tr>'
    group = f'<tr class="grupp"><th colspan="{columns}">Kostnader</th></tr>'
    total = f'<tr class="summa"><th>Summa</th>{cells}</tr>'
    return (
        "::: {#tbl-x}\n```{=html}\n"
        f'<table><thead><tr><th rowspan="2">Post</th><th colspan="{columns - 1}">Period</th></tr>'
        f"<tr>{heads}</tr></thead><tbody>{group}{row}{total}</tbody></table>\n```\n\n"
        "Drift, tkr\n:::\n\n"
    )


def test_the_head_says_who_sends_what(soup: Soup) -> None:
    page = soup("text\n")
    assert one(page, "html")["lang"] == "sv"
    assert words(one(page, "header h1")) == "Delårsrapport per augusti"
    head = words(one(page, "header"))
    for said in ("Härnösand", "Socialnämnden", "SN 10/2022", f"9{NBSP}september{NBSP}2022"):
        assert said in head
    assert page.title is not None and "Härnösand" in page.title.text
    assert one(page, "body > a")["href"] == "#" + str(one(page, "main")["id"])


def test_headings_start_under_the_title_and_the_contents_lead_to_them(soup: Soup) -> None:
    page = soup("# Ekonomi {#sec-e}\n\n## Drift {#sec-d}\n\n# Bilaga {.unnumbered #sec-b}\n")
    assert [(h.name, words(h)) for h in page.select("main :is(h1, h2, h3, h4)")] == [
        ("h2", "1 Ekonomi"), ("h3", "1.1 Drift"), ("h2", "Bilaga"),
    ]  # fmt: skip
    assert [(a["href"], words(a)) for a in page.select("nav details a")] == [
        ("#sec-e", "1 Ekonomi"), ("#sec-d", "1.1 Drift"), ("#sec-b", "Bilaga"),
    ]  # fmt: skip


def test_a_link_to_each_section_stands_beside_its_heading(soup: Soup) -> None:
    page = soup("# Ekonomi {#sec-e}\n\n## Drift *nu* {#sec-d}\n\ntext\n")
    links = page.select("main a.ankare")
    assert [(a["href"], a["aria-label"], a.text) for a in links] == [
        ("#sec-e", "Länk till avsnittet 1 Ekonomi", ""),
        ("#sec-d", "Länk till avsnittet 1.1 Drift nu", ""),
    ]
    assert all(a.find_previous_sibling().name in ("h2", "h3") for a in links)  # type: ignore[union-attr]
    assert not page.select(":is(h1, h2, h3) a")


def test_a_table_has_caption_scopes_and_groups(soup: Soup) -> None:
    table = one(soup(wide_table()), "table")
    assert words(one(table, "caption")) == f"Tabell{NBSP}1. Drift, tkr"
    assert [cell["scope"] for cell in table.select("thead th")] == ["col", "colgroup"] + ["col"] * 4
    assert words(one(table, "tbody th[scope=rowgroup]")) == "Kostnader"
    assert [words(cell) for cell in table.select("tbody th[scope=row]")] == ["Lön", "Summa"]
    assert words(one(table, "tr.summa th")) == "Summa"
    assert {tuple(cell["class"]) for cell in table.select("td")} == {("tal",)}


def test_a_wide_table_scrolls_in_a_named_region(soup: Soup) -> None:
    page = soup(wide_table())
    region = one(page, "main [role=region]")
    assert region["tabindex"] == "0"
    assert words(one(page, f"#{region['aria-labelledby']}")).startswith(f"Tabell{NBSP}1")
    assert not soup(wide_table(2)).select("main [role=region]")


def test_hostile_html_in_a_cell_stays_text(soup: Soup) -> None:
    page = soup(wide_table().replace("Lön", "&lt;img src=x onerror=alert(1)&gt;"))
    assert not page.select("main img")
    assert "<img src=x onerror=alert(1)>" in words(one(page, "table"))


def test_a_figure_is_drawn_in_the_page(soup: Soup) -> None:
    figure = one(soup(FIGURE.format("a")), "figure#fig-a")
    svg = one(figure, "svg")
    assert (svg["role"], svg["aria-label"]) == ("img", 'Andelen "ökar".')
    assert words(one(figure, "figcaption")) == f"Figur{NBSP}1. Bildtext a"
    assert words(one(svg, "text")) == "82 %"


def test_two_figures_of_one_file_share_no_id_and_no_style(make: Make) -> None:
    page = make(FIGURE.format("a") + FIGURE.format("b")).read_text(encoding="utf-8")
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for prefix in re.findall(r'<svg[^>]* id="([^"]+)"', page):
        assert f"url(#{prefix}-p)" in page
        assert f'href="#{prefix}-m"' in page
        assert f"#{prefix} *{{" in page
    assert "<style>*{" not in page


def test_nothing_is_fetched(make: Make) -> None:
    page = make(FIGURE.format("a") + wide_table()).read_text(encoding="utf-8")
    assert not re.search(r"\son[a-z]+=|<link|@import", page)
    assert not re.search(r'(?:src|href)="(?!#|data:)', page)
    assert not re.search(r"url\((?!\"?data:|#)", page)
    assert "exempel.se" not in page and "www.w3.org" not in page


def test_the_one_script_is_the_one_that_the_page_allows(make: Make, soup: Soup) -> None:
    page = soup(FIGURE.format("a") + wide_table())
    script = one(page, "script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    policy = str(one(page, "meta[http-equiv=Content-Security-Policy]")["content"])
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe-inline" not in policy.split("script-src")[1]
    bare = soup("Bara text.\n")
    assert bare.select("script") == []
    assert "script-src" not in str(one(bare, "meta[http-equiv=Content-Security-Policy]"))


def test_a_missing_picture_is_a_fault_that_names_it(make: Make) -> None:
    with pytest.raises(TypesetError, match=r"figures/borta\.svg"):
        make('![](figures/borta.svg){fig-alt="x"}\n')


def test_an_id_of_raw_html_that_stands_twice_is_a_fault(make: Make) -> None:
    raw = '```{=html}\n<p id="ekonomi">x</p>\n```\n'
    with pytest.raises(TypesetError, match="ekonomi"):
        make(f"# Ekonomi\n\n{raw}")


def test_the_figures_behind_a_chart_stand_in_a_disclosure(soup: Soup) -> None:
    raw = (
        "```{=html}\n<details class='diagramdata'><summary>Siffrorna</summary><table><thead><tr>"
        "<th>Grupp</th><th>2021</th><th>2022</th></tr></thead><tbody><tr><th>Hemtjänst</th>"
        "<td class='gt_right'>1</td><td class='gt_right'>2</td></tr></tbody></table></details>"
        "\n```\n"
    )
    details = one(soup(FIGURE.format("a") + raw), "details.diagramdata")
    assert one(details, "[role=region]")["aria-label"] == f"Siffrorna i Figur{NBSP}1"
    assert words(one(details, "th[scope=row]")) == "Hemtjänst"


def test_footnotes_lead_there_and_back_in_swedish(soup: Soup) -> None:
    page = soup("Ett.[^a] Två.[^b]\n\n[^a]: Första *noten*.\n\n[^b]: Andra.\n")
    there = page.select("a[role=doc-noteref]")
    assert [(a["href"], words(a)) for a in there] == [("#fn1", "1"), ("#fn2", "2")]
    assert words(one(page, "#fn1")).startswith("Första noten.")
    back = one(page, "#fn2 a[role=doc-backlink]")
    assert (back["href"], back["aria-label"]) == ("#fnref2", "Tillbaka till texten vid not 2")
    assert words(page.select("main h2")[-1]) == "Noter"


def test_html_in_a_line_stays_in_its_paragraph(soup: Soup) -> None:
    page = soup("Ett <b>fett</b> ord.\n\n<b>Fet</b> början.\n\nRad<br>två.\n\n[märkt]{.mark} ord\n")
    main = one(page, "main")
    assert [words(p) for p in main.select(":scope > p")] == [
        "Ett fett ord.", "Fet början.", "Rad två.", "märkt ord",
    ]  # fmt: skip
    assert [b.text for b in main.select("p > b")] == ["fett", "Fet"]
    assert len(main.select("p > br")) == 1 and one(main, "p > mark").text == "märkt"
    assert [str(text) for text in main.find_all(string=True, recursive=False) if text.strip()] == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("[js](javascript:alert(1))", "javascript:"),
        ("[js](JavaScript:alert(1))", "JavaScript:"),
        ("<a href='java&#115;cript:alert(1)'>js</a>", "javascript:"),
        ("[fil](file:///etc/passwd)", "file:"),
        ("[data](data:text/html,hej)", "data:"),
        ("[ftp](ftp://exempel.se)", "ftp:"),
        ("[bilaga](rapport.pdf)", "leder ingenstans"),
        ("[mapp](../2021/rapport.html#a)", "leder ingenstans"),
        ("[utan](www.exempel.se)", "leder ingenstans"),
        ("[utan](//exempel.se/a)", "leder ingenstans"),
        ("[lokal](C:\\bilaga.docx)", "leder ingenstans"),
        ("[tom]()", "saknar adress"),
    ],
)
def test_a_link_that_leads_nowhere_or_runs_code_is_a_fault(
    make: Make, link: str, said: str
) -> None:
    with pytest.raises(TypesetError) as caught:
        make(f"Före.\n\nSe {link} här.\n")
    assert said in str(caught.value)
    assert caught.value.place is not None or link.startswith("<a")


def test_links_that_lead_somewhere_are_kept(soup: Soup) -> None:
    text = (
        "[a](https://exempel.se/a?b=1#c) [b](http://exempel.se) [c](mailto:a@exempel.se)"
        " [d](tel:+46701234567) [e](#har) <https://exempel.se> <f@exempel.se>\n\n# Här {#har}\n"
    )
    found = [a["href"] for a in one(soup(text), "main").select("p > a") if a.text != ""]
    assert found == [
        "https://exempel.se/a?b=1#c", "http://exempel.se", "mailto:a@exempel.se",
        "tel:+46701234567", "#har", "https://exempel.se", "mailto:f@exempel.se",
    ]  # fmt: skip


def test_a_callout_is_a_note_and_no_heading(soup: Soup) -> None:
    page = soup("# A\n\n::: {.callout-note}\n## Om kronorna\nText\n:::\n")
    note = one(page, "[role=note]")
    assert words(one(page, f"#{note['aria-labelledby']}")) == "Om kronorna"
    assert [words(h) for h in page.select("main :is(h2, h3, h4)")] == ["1 A"]


def test_a_passage_to_fill_in_is_marked_and_a_hand_written_figure_is_not(soup: Soup) -> None:
    page = soup("[Verksamheten skriver: orsak.]{.platshallare} [12]{.handskriven}\n")
    assert words(one(page, "mark.platshallare")) == "Verksamheten skriver: orsak."
    assert len(page.select("mark")) == 1


def test_the_same_document_gives_the_same_bytes(make: Make) -> None:
    text = FIGURE.format("a") + wide_table() + "x[^1]\n\n[^1]: y\n"
    assert make(text).read_bytes() == make(text).read_bytes()


# In a browser -----------------------------------------------------------------------------

WHOLE = (
    "# Sammanfattning {.unnumbered}\n\nSe @tbl-x och @fig-a.[^1]\n\n"
    '[^1]: En not.\n\n# Ekonomi\n\n## Drift\n\n::: {.callout-warning title="Obs"}\nText\n:::\n\n'
    "[Verksamheten skriver: orsak.]{.platshallare}\n\n"
    + wide_table(14)
    + FIGURE.format("a")
    + "".join(f"## Avsnitt om {i}\n\ntext\n\n" for i in range(30))
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_is_accessible_and_fits(make: Make, browser: Any, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(make(WHOLE).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert len(requests) == 1
    violations = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []
    page.close()


@pytest.mark.parametrize(("width", "open_"), [(1280, True), (390, False)])
def test_the_contents_stand_open_beside_the_text_and_folded_on_a_phone(
    make: Make, browser: Any, width: int, open_: bool
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(make(WHOLE).as_uri())
    assert page.locator("nav details a").first.is_visible() is open_
    if open_:
        for _ in range(3):  # skip link, the list, its first link
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#sammanfattning"
    page.close()
