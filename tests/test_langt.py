"""A report of the worst size: long tables, long words, sixty pages, forty charts, three formats.

It goes the whole way, from source to finished file, and the files are read by other programs.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import docx
import pypdfium2
import pytest
from lxml import html

from berattelse.checks import check
from tests.conftest import DATA, KOMMUNER, TARGET, run_in, write

WORD = "verksamhetsutvecklingsområdesbeskrivning"
ROWS, MONTHS, CHARTS, CHAPTERS = 200, 12, 40, 20

CHAPTER = """
# Kapitel {n} {{#sec-{n}}}

{prose}

## Underavsnitt {n}

{prose} Se @tbl-lang, @fig-{n}-1 och @sec-1.[^{n}]

[^{n}]: En fotnot till kapitel {n} med ordet {word}.

- En punkt.
- {word} och {word} och {word}.

::: {{.callout-note}}
## Att tänka på {n}

{prose}
:::

```{{python}}
#| label: fig-{n}-1
#| fig-cap: "Antal ärenden i kapitel {n}"
bar(pd.DataFrame({{"kategori": ["Hemtjänst", "Särskilt boende", "{word}"],
                  "varde": [{n} + 11, {n} + 27, {n} + 19]}}), unit="ärenden")
```

```{{python}}
#| label: fig-{n}-2
#| fig-cap: "Ärenden över tid i kapitel {n}"
line(pd.DataFrame({{"period": [2019, 2020, 2021, 2022],
                   "varde": [{n} + 31, {n} + 27, {n} + 33, {n} + 40]}}), unit="ärenden")
```
"""

TABLES = f"""
# Tabeller

```{{python}}
#| label: tbl-lang
#| tbl-cap: "Alla enheter"
Table(pd.DataFrame({{"post": [f"Enhet {{i}}" for i in range(1, {ROWS + 1})],
                    "a": [1000 + i for i in range({ROWS})],
                    "b": [7.5 * i for i in range({ROWS})]}}),
      columns={{"a": "Antal", "b": "Utfall, tkr"}}, stub_label="Enhet")
```

```{{python}}
#| label: tbl-manad
#| tbl-cap: "Månad för månad"
manader = [manad_kort(m) for m in range(1, {MONTHS + 1})]
Table(pd.DataFrame([{{"post": f"Verksamhet {{r}}", **{{m: 12_345_678 + r for m in manader}},
                     "summa": 148_148_136}} for r in range(12)]),
      columns={{**{{m: m for m in manader}}, "summa": "Summa"}}, stub_label="Verksamhet")
```

```{{python}}
#| label: tbl-ord
#| tbl-cap: "Långa ord i smala celler"
Table(pd.DataFrame([{{"post": "{WORD}", "a": "{WORD}", "b": "Kort text", "c": "{WORD}s{WORD}",
                     "d": "En mening som är lång nog att behöva flera rader.", "e": 1}}]),
      columns={{"a": "{WORD.capitalize()}", "b": "B", "c": "C", "d": "D", "e": "E"}},
      stub_label="Område")
```
"""

PROSE = (
    "Nämndens verksamhet har under året präglats av ett ökat behov av insatser inom "
    f"ordinärt boende. Arbetet med {WORD} fortsatte enligt plan. "
)


def source() -> str:
    head = (
        "---\ntitle: Lång\ntoc: true\nnumber-sections: true\nlang: sv\nberattelse:\n"
        "  parametrar:\n    kommun: {typ: text}\n    ar: {typ: heltal}\n---\n\n"
        "```{python}\n#| tags: [parameters]\nkommun = 'herrljunga'\nar = 2022\n```\n\n"
        "```{python}\n#| include: false\nimport pandas as pd\nfrom berattelse import *\n```\n"
    )
    prose = "\n\n".join([PROSE * 6] * 4)
    chapters = (CHAPTER.format(n=n, prose=prose, word=WORD) for n in range(1, CHAPTERS + 1))
    return head + "".join(chapters) + TABLES


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The three files of the long report, in one folder."""
    root = tmp_path_factory.mktemp("lang")
    write(root / "_quarto.yml", "project: {type: default}\nexecute: {echo: false}\n")
    (root / "reports").mkdir()
    (root / "reports/lang.qmd").write_text(source(), encoding="utf-8")
    write(root / "data/kommuner.csv", KOMMUNER)
    write(root / "data/herrljunga/2022/insatser.csv", DATA)
    write(root / "data/herrljunga/2022/lang.yml", TARGET)
    done = run_in(root, "render")
    assert done.returncode == 0, done.stdout + done.stderr
    return next((root / "_site").rglob("*.pdf")).parent


def file(built: Path, suffix: str) -> Path:
    return next(built.glob(f"*.{suffix}"))


@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_the_files_pass_the_validators(built: Path, suffix: str) -> None:
    assert [str(finding) for finding in check(file(built, suffix)) if finding.level == "fel"] == []


def test_the_page_passes_the_validators(built: Path, browser_path: str) -> None:
    # A process of its own: Playwright's loop can be begun only once in this one
    done = run_in(built, "validera", str(file(built, "html")))
    assert done.returncode == 0, done.stdout + done.stderr
    assert ": fel 0, varningar 0" in done.stdout


def test_the_pdf_has_sixty_pages_and_every_row_and_figure_once(built: Path) -> None:
    pdf = pypdfium2.PdfDocument(file(built, "pdf"))
    pages = [page.get_textpage().get_text_range() for page in pdf]
    assert len(pages) >= 60
    text = "\n".join(pages).replace("\u00a0", " ").replace("\ufffe", "")
    for number in range(1, ROWS + 1):
        assert len(re.findall(rf"Enhet {number}\b(?! [,.])", text)) == 1, number
    tables = [page for page in pages if re.search(r"Enhet \d+\b", page)]
    assert len(tables) > 3
    assert all("Utfall, tkr" in page for page in tables), "the head stands on every page"
    for number in range(1, 2 * CHAPTERS + 1):
        assert re.search(rf"Figur {number}[.: ]", text), number


def test_no_text_of_the_pdf_leaves_its_page(built: Path) -> None:
    pdf = pypdfium2.PdfDocument(file(built, "pdf"))
    for number, page in enumerate(pdf, 1):
        width, height = page.get_size()
        text = page.get_textpage()
        for i in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(i)
            assert left > 20 and right < width - 20, (
                number,
                text.get_text_bounded(left, bottom, right, top),
            )
            assert bottom > 15 and top < height - 15, number


def test_the_word_file_keeps_all_when_another_program_sets_it(built: Path, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        message = "LibreOffice finns inte här: testet är inte kört"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    word = file(built, "docx")
    document = docx.Document(str(word))
    assert len(document.inline_shapes) == CHARTS
    assert [len(table.rows) for table in document.tables] == [ROWS + 1, 13, 2]
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{tmp_path / 'lo'}", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(word)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    pdf = pypdfium2.PdfDocument(tmp_path / f"{word.stem}.pdf")
    text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    assert len(pdf) >= 60
    for number in range(1, ROWS + 1):
        assert re.search(rf"Enhet.{number}\b", text), number
    pictures = [
        one for page in pdf for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    ]
    assert len(pictures) >= CHARTS


def test_the_page_holds_all_and_its_text_is_light(built: Path) -> None:
    text = file(built, "html").read_text(encoding="utf-8")
    page = html.fromstring(text)
    assert len(page.xpath("//figure//svg")) == CHARTS
    longest = max(len(table.xpath("./tbody/tr")) for table in page.xpath("//table"))
    assert longest == ROWS
    for picture in page.xpath("//figure//svg | //details"):
        picture.drop_tree()
    assert len(html.tostring(page)) < 700_000, "twenty chapters, and one fifth of it fonts"
