"""A document by itself is made in spite of what its writer has got wrong, and each is told."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from berattelse.errors import TypesetError
from tests.quarto.enskilt import ONE_PIXEL, Made, render

FORMATS = ("html", "docx", "typst")


def told(made: Made) -> list[str]:
    """The warnings as `line: text`, without rule and remedy."""
    lines = [warning.splitlines()[0].split(":", 1)[1] for warning in made.warnings]
    return [re.sub(r" \[[\w-]+\]$", "", line) for line in lines]


# Names ----------------------------------------------------------------------------------------

TWICE = """\
---
lang: sv
---

![Ett](p.png){#fig-x fig-alt="a"}

![Två](p.png){#fig-x fig-alt="b"}

Se @fig-x och @eq-a.

$$ x $$ {#eq-a}

$$ y $$ {#eq-a}

# R {#sec-a}

# S {#sec-a}
"""


@pytest.mark.parametrize("to", FORMATS)
def test_a_name_that_is_used_twice(tmp_path: Path, to: str) -> None:
    made = render(tmp_path, TWICE, to, files={"p.png": ONE_PIXEL})
    assert told(made) == [
        "7: Id:t fig-x används mer än en gång",
        "13: Id:t eq-a används mer än en gång",
        "17: Id:t sec-a används mer än en gång",
    ]
    text = made.text.replace("\xa0", " ")
    assert "Figur 1: Ett" in text and "Figur 2: Två" in text
    assert "Se Figur 1 och Ekvation 1." in text
    if to == "html":
        ids = [element.get("id") for element in made.find("//*[@id]")]
        assert len(ids) == len(set(ids))
    if to == "docx":
        document = zipfile.ZipFile(made.path).read("word/document.xml").decode()
        assert r"\r" not in "".join(re.findall(r"SEQ Figur[^<]*", document))
        names = re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', document)
        assert len(names) == len(set(names))


def test_a_third_name_does_not_meet_one_that_there_is(tmp_path: Path) -> None:
    made = render(tmp_path, "## A {#x}\n\n## B {#x}\n\n## C {#x-2}\n\n## D {#x}\n")
    ids = [element.get("id") for element in made.find("//section")]
    assert ids == ["x", "x-3", "x-2", "x-4"]
    assert told(made) == [f"{line}: Id:t x används mer än en gång" for line in (3, 7)]


def test_two_cells_with_one_label_are_told_once(tmp_path: Path) -> None:
    cell = "```{python}\n#| label: tbl-a\n#| tbl-cap: T\nfrom IPython.display import Markdown\n"
    cell += "Markdown('| a |\\n|---|\\n| 1 |')\n```\n"
    made = render(tmp_path, f"{cell}\n{cell}\n@tbl-a\n")
    assert len(told(made)) == 1
    assert "Id:t tbl-a används mer än en gång" in told(made)[0]


# Sources --------------------------------------------------------------------------------------

BIB = "@book{finns, title={En bok}, author={Ek, Å}, year=2020}\n"


@pytest.mark.parametrize("to", FORMATS)
def test_a_source_that_nobody_has(tmp_path: Path, to: str) -> None:
    text = "---\nbibliography: b.bib\n---\n\nSe [@saknas; @finns].\n\nOch @borta.\n"
    made = render(tmp_path, text, to, files={"b.bib": BIB})
    assert told(made) == [
        "5: Källan @saknas finns inte i källförteckningen",
        "7: Källan @borta finns inte i källförteckningen",
    ]
    assert "Ek 2020" in made.text and "saknas?" in made.text


def test_a_list_of_sources_that_cannot_be_read(tmp_path: Path) -> None:
    text = "---\nbibliography: b.bib\n---\n\nSe [@finns].\n"
    with pytest.raises(TypesetError) as fault:
        render(tmp_path, text, files={"b.bib": "@book{finns,\n  title={En\n"})
    said = str(fault.value)
    assert said.startswith("Källförteckningen b.bib kan inte läsas, rad ")
    assert "stack" not in said and str(tmp_path) not in said


# Formulas, raw code, links --------------------------------------------------------------------


@pytest.mark.parametrize("to", FORMATS)
def test_a_formula_that_cannot_be_read(tmp_path: Path, to: str) -> None:
    text = "---\nlang: sv\n---\n\nEn $x^{2$ till.\n\n$$\n\\begin{fel} x\n$$ {#eq-a}\n\nSe @eq-a.\n"
    made = render(tmp_path, text, to)
    assert [line.split(" ", 2)[:2] for line in told(made)] == [["5:", "Formeln"], ["8:", "Formeln"]]
    shown = made.text.replace("\xa0", " ")
    assert "x^{2" in shown and r"\begin{fel}" in shown
    assert "(1)" in shown and "Se Ekvation 1." in shown


@pytest.mark.parametrize("to", FORMATS)
def test_text_that_would_be_lost_is_told(tmp_path: Path, to: str) -> None:
    text = (
        "A \\textbf{fet} B \\vspace{2cm} `\\emph{x}`{=latex}\n\n"
        "\\begin{center}\nmitt\n\\end{center}\n\n"
        "```{=okant}\nokänt\n```\n\n"
        "C <okand> D <em>E</em> <egen-sort>F</egen-sort>\n\n"
        "```{=rtf}\nför en annan\n```\n"
    )
    made = render(tmp_path, text, to)
    assert [line.split(":")[0] for line in told(made)] == ["1", "11", "3", "8"]
    for part in (r"\textbf{fet}", "<okand>", r"\begin{center} mitt", "{=okant}"):
        assert sum(part in line for line in told(made)) == 1


@pytest.mark.parametrize("to", FORMATS)
def test_links_that_run_code_become_text(tmp_path: Path, to: str) -> None:
    text = "[ett](javascript:f) [två](data:text/html,x) [tre](JavaScript:g) [fyra](https://a.se)\n"
    made = render(tmp_path, text, to)
    assert all(word in made.text for word in ("ett", "två", "tre", "fyra"))
    assert [line.rsplit(": bara", 1)[0] for line in told(made)] == [
        f"1: Länken som börjar med {scheme}: är inte med"
        for scheme in ("javascript", "data", "JavaScript")
    ]
    whole = made.path.read_bytes() if to != "docx" else b"".join(
        zipfile.ZipFile(made.path).read(name) for name in zipfile.ZipFile(made.path).namelist()
    )  # fmt: skip
    assert b"javascript:" not in whole.lower() and b"data:text" not in whole


# Pictures -------------------------------------------------------------------------------------

FETCHES = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/>'
    '<image href="https://exempel.se/x.png" width="9" height="9"/></svg>'
)


@pytest.mark.parametrize("to", FORMATS)
def test_pictures_that_cannot_be_shown(tmp_path: Path, to: str) -> None:
    text = "![A](a.png)\n\n![B](b.svg)\n\n![C](c.svg)\n\n![D](/etc/hostname) ![E](d.png)\n"
    files = {"a.png": b"\x89PNG", "b.svg": "<svg", "c.svg": FETCHES, "d.png": ONE_PIXEL}
    made = render(tmp_path, text, to, files=files)
    *own, outside = sorted(told(made))
    assert own == [
        "1: Bilden «a.png» är ingen läsbar bild.",
        "3: Bilden «b.svg» är ingen läsbar bild.",
        "5: Bilden «c.svg» visar i sin tur https://exempel.se/x.png, som inte följer med.",
    ]
    assert outside.startswith("7: Bilden «/etc/hostname» ")
    if to == "html":
        assert "exempel.se" not in made.source


# Settings and options -------------------------------------------------------------------------


@pytest.mark.parametrize("to", FORMATS)
def test_values_of_the_front_matter_that_mean_nothing(tmp_path: Path, to: str) -> None:
    head = (
        "title: T\ndate: 2023-02-30\nlang: 'sv\"x'\ntoc: kanske\ntoc-depth: många\n"
        "number-sections: [1]\ncrossref: ja\nformat: 3\nexecute: tom\n"
    )
    made = render(tmp_path, f"---\n{head}---\n\nText.\n", to)
    keys = {2: "2023-02-30", 3: "lang", 4: "toc", 5: "toc-depth", 6: "number-sections",
            7: "crossref", 8: "format", 9: "execute"}  # fmt: skip
    assert len(made.warnings) == len(keys)
    for line, key in keys.items():
        assert any(text.startswith(f"{line + 1}: ") and f"«{key}»" in text for text in told(made))
    assert "2023-02-30" in made.text and "Text." in made.text


def test_values_that_quarto_takes_are_no_fault(tmp_path: Path) -> None:
    head = (
        "date: today\nlang: zh-Hant-TW\ntoc: true\ntoc-depth: 2\nnumber-sections: false\n"
        "crossref: false\nformat: html\nshift-heading-level-by: -1\n"
    )
    assert render(tmp_path, f"---\n{head}---\n\n## R\n").warnings == ()
    assert render(tmp_path, "---\ndate: våren 2024\nexecute: {echo: false}\n---\n").warnings == ()


@pytest.mark.parametrize("to", FORMATS)
def test_layouts_that_mean_nothing(tmp_path: Path, to: str) -> None:
    parts = ('layout="[[a,b]"', "layout-ncol=två", 'layout="[[0,0],[-10,110]]"', "layout-ncol=0",
             "layout-nrow=1", "layout-ncol=2")  # fmt: skip
    text = "\n\n".join(f"::: {{{part}}}\nett\n\ntvå\n:::" for part in parts)
    made = render(tmp_path, f"{text}\n", to)
    assert [line.split(" kan inte")[0] for line in told(made)] == [
        '1: Värdet layout="[[a,b]"',
        '7: Värdet layout-ncol="två"',
        '19: Värdet layout-ncol="0"',
    ]
    assert made.text.count("ett") == made.text.count("två") == len(parts)


def test_options_of_cells_that_mean_nothing(tmp_path: Path) -> None:
    text = (
        "```{python}\n#| echo: kanske\n#| label: [a]\n#| fig-width: bred\n#| warning: ibland\n"
        "print('ut')\n```\n\n```{python}\n#| echo: fenced\n#| output: asis\n#| fig-width: 4.5\n"
        "#| label: b\n#| error: true\nprint('asis')\n```\n"
    )
    made = render(tmp_path, text)
    wanted = [("label", "['a']"), ("echo", "kanske"), ("warning", "ibland"), ("fig-width", "bred")]
    assert [line.split(" betyder")[0] for line in told(made)] == [
        f"6: Cellens «{name}: {value}»" for name, value in wanted
    ]
    assert "ut" in made.text and "asis" in made.text


# Included texts -------------------------------------------------------------------------------


def test_a_text_within_a_text_is_seen_from_the_document(tmp_path: Path) -> None:
    files = {"under/a.qmd": "A\n\n{{< include under/b.qmd >}}\n", "under/b.qmd": "B\n",
             "under/under/b.qmd": "Fel\n"}  # fmt: skip
    made = render(tmp_path, "{{< include under/a.qmd >}}\n", files=files)
    assert made.warnings == () and made.text.endswith("A B")


def test_a_text_beside_a_text_is_told_since_quarto_stops(tmp_path: Path) -> None:
    files = {"under/a.qmd": "A\n\n{{< include b.qmd >}}\n", "under/b.qmd": "B\n"}
    made = render(tmp_path, "{{< include under/a.qmd >}}\n", files=files)
    assert made.text.endswith("A B")
    assert len(made.warnings) == 1
    assert "a.qmd:3: Sökvägen «b.qmd» räknas i Quarto från dokumentets mapp" in made.warnings[0]


# Depth ----------------------------------------------------------------------------------------


def test_boxes_far_inside_boxes_are_set_in_time(tmp_path: Path) -> None:
    """To measure each box doubled the time for each level: forty of them took for ever."""
    depth = 40
    opened = "\n".join(f"{':' * (60 - level)} {{.callout-note}}" for level in range(depth))
    closed = "\n".join(":" * (61 - depth + level) for level in range(depth))
    made = render(tmp_path, f"{opened}\nInnerst\n{closed}\n", "typst")
    assert "Innerst" in made.text
    assert [text.split(": ")[-1] for text in made.warnings] == [
        "Rutor inne i 10 rutor visas utan ram i PDF"
    ]
