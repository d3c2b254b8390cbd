"""Long and wide material: nothing is lost, cut or parted from what it belongs to."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from tests.pdfs import NBSP, SVG, Make, failures, table, tags, texts, typeset

MONTHS = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
COMPOUND = "verksamhetsutvecklingsområdesbeskrivning"
ENDLESS = "".join(f"bokstav{n:03}" for n in range(30))
"""A word of 300 letters in which every tenth place is known."""


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return functools.partial(typeset, tmp_path)


def words(path: Path) -> Iterator[tuple[pymupdf.Page, pymupdf.Rect, str]]:
    for sida in pymupdf.open(path):
        for x0, y0, x1, y1, text, *_ in sida.get_text("words"):
            yield sida, pymupdf.Rect(x0, y0, x1, y1), text


def sound(path: Path) -> None:
    """A PDF is valid, keeps to its pages, and no word lies upon another."""
    assert failures(path) == []
    for sida, box, text in words(path):
        assert sida.rect.x0 + 30 <= box.x0 and box.x1 <= sida.rect.x1 - 30, text
        assert sida.rect.y0 + 20 <= box.y0 and box.y1 <= sida.rect.y1 - 20, text
    for sida in pymupdf.open(path):
        boxes = [pymupdf.Rect(word[:4]) for word in sida.get_text("words")]
        for i, one in enumerate(boxes):
            for other in boxes[i + 1 :]:
                across = min(one.x1, other.x1) - max(one.x0, other.x0)
                down = min(one.y1, other.y1) - max(one.y0, other.y0)
                assert across < 1 or down < 0.5 * min(one.height, other.height), (one, other)


def test_two_hundred_rows_are_all_there_under_their_heads(make: Make) -> None:
    rows = [[f"Enhet nummer {i}", f"{i}{NBSP}500", f"−{i}"] for i in range(1, 201)]
    path = make("# A\n\n" + table(rows, ["Enhet", "Utfall", "Avvikelse"], note="Källa: bokslut."))
    sound(path)
    pages = [text for text in texts(path) if "Enhet nummer" in text]
    assert len(pages) >= 4
    assert all("Enhet Utfall Avvikelse" in text for text in pages)
    found = re.findall(r"Enhet nummer (\d+) (\d+ 500) −(\d+)", " ".join(pages))
    assert found == [(str(i), f"{i} 500", str(i)) for i in range(1, 201)]
    assert all(len(re.findall(r"Enhet nummer", text)) >= 3 for text in pages)


@pytest.mark.parametrize("size", ["12", f"1{NBSP}234", f"−123{NBSP}456"])
def test_a_table_of_months_keeps_every_number_whole(make: Make, size: str) -> None:
    head = ["Verksamhet", *MONTHS, "Totalt"]
    rows = [[f"Område {i}", *[size] * 13] for i in range(12)]
    path = make("# A\n\nFöre.\n\n" + table(rows, head) + "\nEfter.\n")
    sound(path)
    whole = " ".join(texts(path))
    assert whole.count(size.replace(NBSP, " ")) >= 12 * 13
    lines = [
        "".join(span["text"] for span in line["spans"]).strip()
        for sida in pymupdf.open(path)
        for block in sida.get_text("dict")["blocks"]
        for line in block.get("lines", ())
    ]
    # Number by number: none is divided between lines.
    parts = Counter(line for line in lines if re.fullmatch(r"[−\d\s]{2,}", line))
    assert set(parts) <= {size, *(" ".join([size] * n) for n in range(2, 14))}, parts


def test_a_table_wider_than_a_landscape_page_gets_small_and_keeps_its_numbers(make: Make) -> None:
    head = ["Enhet", *(f"{m} {year}" for year in (2023, 2024) for m in MONTHS)]
    rows = [["Hemtjänst", *[f"12{NBSP}345"] * 24]] * 4
    path = make("# A\n\n" + table(rows, head))
    sound(path)
    assert " ".join(texts(path)).count("12 345") == 24 * 4
    assert any(sida.rect.width > sida.rect.height for sida in pymupdf.open(path))


def test_long_words_are_divided_where_they_do_not_fit(make: Make) -> None:
    head = ["Verksamhet", *MONTHS]
    rows = [[COMPOUND, *[f"1{NBSP}234"] * 12], [ENDLESS, *["5"] * 12], ["Kort", *[COMPOUND] * 12]]
    text = (
        f"# {COMPOUND.capitalize()} och {ENDLESS}\n\n{COMPOUND} i en text. {ENDLESS}\n\n"
        f"- {ENDLESS}\n\n::: {{.callout-note}}\n## {ENDLESS}\n{ENDLESS}\n:::\n\n"
        + table(rows, head, caption=f"Rubrik {ENDLESS}", note=ENDLESS)
    )
    path = make(text, title=f"Plan för {ENDLESS}")
    sound(path)
    whole = "".join("".join(texts(path)).replace("\u00ad", "").split())
    assert whole.count(ENDLESS) >= 8
    assert whole.replace("-", "").count(COMPOUND) >= 14


def test_a_row_taller_than_a_page_goes_on_overleaf(make: Make) -> None:
    cell = " ".join(f"ord{n}" for n in range(170))
    head = ["Område", *(f"Spalt {i}" for i in range(11))]
    path = make("# A\n\n" + table([["Första", *[cell] * 11], ["Andra", *["kort"] * 11]], head))
    sound(path)
    whole = "".join(texts(path))
    assert whole.count("ord169") == 11 and whole.count("kort") == 11


FIGURE = '<rect x="10" y="10" width="60" height="40" fill="#123456"/>'


def test_a_long_report_keeps_figures_and_captions_together(make: Make, tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    svg = re.sub(r"<rect.*/>", FIGURE, SVG)
    (tmp_path / "figures" / "egen.svg").write_text(svg, encoding="utf-8")
    parts = []
    for n in range(1, 41):
        filler = "\n\n".join(f"Stycke {i}. " + "Texten löper på. " * 30 for i in range(n % 5 + 2))
        parts.append(
            f"# Kapitel {n}\n\n{filler}\n\n::: {{#fig-{n}}}\n"
            f'![](figures/egen.svg){{fig-alt="Bild {n}." width="160mm"}}\n\nBildtext {n}\n:::\n\n'
            f"Se @fig-{n}.\n\n"
            + table([[f"Rad {i}", f"{i}"] for i in range(n)], ["Post", "Tal"], label=f"tbl-{n}")
        )
    path = make("\n".join(parts))
    assert failures(path) == []
    document = pymupdf.open(path)
    assert len(document) >= 60
    for sida in document:
        drawn = [d for d in sida.get_drawings() if d.get("fill") and _hex(d["fill"]) == "#123456"]
        captions = re.findall(r"Figur\s+\d+\.\s+Bildtext", sida.get_text())
        assert len(captions) == len(drawn), sida.number
    pages = texts(path)
    numbers = [int(n) for text in pages for n in re.findall(r"Figur (\d+)\. Bildtext", text)]
    assert numbers == list(range(1, 41))
    assert [e["alt_text"] for e in tags(path) if e["type"] == "Figure"] == [
        f"Bild {n}." for n in range(1, 41)
    ]
    # The contents name the page that the chapter begins on.
    contents = "".join(pages[1:4])
    for n in (1, 20, 40):
        number = int(re.search(rf"Kapitel {n}[ .]+(\d+)", contents)[1])  # type: ignore[index]
        assert f"Kapitel {n} " in pages[number - 1]
    assert all(f"Sida {i}({len(pages)})" in text for i, text in enumerate(pages, 1) if i > 1)


def _hex(fill: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in fill)
