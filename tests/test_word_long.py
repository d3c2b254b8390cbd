"""Long material: tables of many rows and columns, long words, sixty pages, forty figures.

Widths are measured in the PDF that LibreOffice makes. The machine may lack the file's font; what
it takes instead is mostly wider, so that what fits here fits in Word.
"""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from tests.test_word import FIGURE, Docx
from tests.test_word_libreoffice import Convert, convert, structure
from tests.test_word_mall import Build, Made, build
from tests.test_word_mallar import TEMPLATES
from tests.test_word_schema import faults

__all__ = ["build", "convert"]

WORD = "verksamhetsutvecklingsområdesbeskrivning"
MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni", "juli"),
    *("augusti", "september", "oktober", "november", "december"),
)
ROWS, FIGURES, CHAPTERS = 200, 40, 60
SLACK_PT = 3
"""A line of a table may stand this far outside the column of text, half its width."""


def table(name: str, caption: str, head: list[str], rows: list[list[str]]) -> str:
    def line(cells: list[str], tag: str) -> str:
        first = f'<th class="gt_left">{cells[0]}</th>'
        rest = "".join(f'<{tag} class="gt_right">{cell}</{tag}>' for cell in cells[1:])
        return f"<tr>{first}{rest}</tr>"

    body = "".join(line(row, "td") for row in rows)
    return (
        f"::: {{#tbl-{name}}}\n```{{=html}}\n<table><thead>{line(head, 'th')}</thead>"
        f"<tbody>{body}</tbody></table>\n```\n\n{caption}\n:::\n"
    )


LONG = table("lang", "Lång tabell", ["Post", "Utfall", "Budget"],
             [[f"Rad {n} av {ROWS}", f"{n} 000", "1"] for n in range(1, ROWS + 1)])  # fmt: skip
MONTHLY = table(
    "manad",
    "Månader, tkr",
    ["Verksamhet", *(month.capitalize() for month in MONTHS), "Summa"],
    [["Försörjningsstöd", *("12 345,6" for _ in MONTHS), "148 147,2"], ["IFO", *["1"] * 13]],
)
NARROW = table(
    "smal", "Långa ord", ["Område", *(f"Enhet {n}" for n in range(1, 10))],
    [[WORD, *[WORD] * 9], ["Kort", *["1"] * 9]],
)  # fmt: skip
FEW = table("fa", "Ett långt ord", ["Område", *(f"År {n}" for n in range(2016, 2024))],
            [[WORD, *["12 345"] * 8]])  # fmt: skip
PROSE = " ".join(["Nämnden redovisar verksamhetens resultat, kvalitet och ekonomi för året."] * 70)


def figure(number: int) -> str:
    return FIGURE.replace("fig-nojd", f"fig-nojd{number}").replace("160mm", "80mm")


DOCUMENT = "\n\n".join([
    "# Tabeller", LONG, "# Månader", MONTHLY, "Efter månaderna.", "# Långa ord", NARROW, FEW,
    *(f"# Kapitel {n}\n\n{PROSE}\n\n{figure(n) if n <= FIGURES else ''}"
      for n in range(1, CHAPTERS + 1)),
])  # fmt: skip


@pytest.fixture(scope="module", params=["utan", "omslag"])
def document(
    request: pytest.FixtureRequest, build: Build, tmp_path_factory: pytest.TempPathFactory
) -> Made:
    make = TEMPLATES.get(request.param)
    template = make(tmp_path_factory.mktemp("mall") / "mall.docx") if make else None
    return build(DOCUMENT, template)


@pytest.fixture(scope="module")
def pdf(document: Made, convert: Convert) -> Path:
    return convert([document.path], 'pdf:writer_pdf_Export:{"UseTaggedPDF":'
                   '{"type":"boolean","value":"true"}}')[0]  # fmt: skip


def test_long_document_is_sound(document: Made) -> None:
    assert faults(document.path) == []
    file = Docx(document.path)
    assert len(file.find("//w:tbl[w:tblPr/w:tblCaption]")) == 4
    assert len(file.find("//w:drawing[.//@descr[contains(., 'Stapeldiagram')]]")) == FIGURES


def test_nothing_is_lost_in_sixty_pages(document: Made, pdf: Path) -> None:
    file = Docx(document.path)
    assert structure(pdf, "Table") == len(file.find("//w:tbl"))
    with pymupdf.open(pdf) as pages:
        assert len(pages) >= 60
        assert sum(len(page.get_image_info()) for page in pages) == len(file.find("//w:drawing"))
        shown = "".join("".join(page.get_text().split()) for page in pages)
    assert [n for n in range(1, ROWS + 1) if f"Rad{n}av{ROWS}" not in shown] == []


def test_no_text_is_outside_the_column_of_text(document: Made, pdf: Path) -> None:
    margins = {
        (s.page_width > s.page_height): (s.left_margin.pt, s.right_margin.pt)
        for s in document.document.sections
    }
    outside = []
    with pymupdf.open(pdf) as pages:
        for page in pages:
            left, right = margins[page.rect.width > page.rect.height]
            for *box, text, _, _, _ in page.get_text("words"):
                if box[0] < left - SLACK_PT - 6 or box[2] > page.rect.width - right + SLACK_PT:
                    outside.append((page.number, text, box))
    assert outside == []


def test_long_word_is_whole_although_its_column_is_narrow(pdf: Path) -> None:
    with pymupdf.open(pdf) as pages:
        letters = ["".join(page.get_text().replace("-", "").split()) for page in pages]
    found = sum(text.count(WORD) for text in letters)
    assert found >= 1
    pieces = [WORD[:6], WORD[-6:]]
    shown = "".join(letters)
    assert min(shown.count(piece) for piece in pieces) >= 11


def test_words_of_neighbouring_cells_do_not_overlap(pdf: Path) -> None:
    with pymupdf.open(pdf) as pages:
        for page in list(pages)[:16]:
            words = [(pymupdf.Rect(w[:4]), w[4]) for w in page.get_text("words")]
            for i, (box, word) in enumerate(words):
                for other, second in words[i + 1 : i + 40]:
                    common = box & other
                    assert common.is_empty or common.width < 1.5 or common.height < 4, (
                        page.number, word, second,
                    )  # fmt: skip


def test_head_of_a_long_table_is_repeated(pdf: Path) -> None:
    with pymupdf.open(pdf) as pages:
        with_rows = [p.get_text() for p in pages if f"av {ROWS}" in p.get_text()]
    assert len(with_rows) > 3
    assert all("Budget" in text for text in with_rows)


def test_figure_and_caption_are_on_one_page(pdf: Path) -> None:
    with pymupdf.open(pdf) as pages:
        for page in pages:
            captions = page.get_text().count("Nöjda brukare")
            cover = page.number == 0
            assert cover or len(page.get_image_info()) == captions, page.number
