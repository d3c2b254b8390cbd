"""Cells of a document by itself: their options, their outputs, and notebooks with stored ones."""

from __future__ import annotations

import base64
import json
import re
import textwrap
from pathlib import Path
from typing import Any

import pytest

from berattelse import config, execute
from berattelse.compose import compose
from berattelse.errors import CellError, SourceError, TypesetError
from berattelse.plan import Selection, plan
from berattelse.typeset.inbyggd import Inbyggd
from tests.quarto.enskilt import ONE_PIXEL, Made, render

FORMATS = ("html", "docx", "typst")

MANY = """\
---
title: Celler
lang: sv
---

```{python}
#| label: tbl-a
#| tbl-cap: "En *tabell*"
#| echo: false
import pandas as pd
import matplotlib.pyplot as plt
from IPython.display import HTML, Latex, Markdown, display
pd.DataFrame({"a": [10, 20], "b": ["x", "<b>"]})
```

Värdet är `{python} 1 + 1`, märkt `{python} Markdown("*så*")`, tomt`{python} ""`, farligt
`{python} "[x](y) <i>"` och en kod `x`.

```{python}
#| label: fig-b
#| fig-cap: "En figur"
#| fig-alt: "En \\"linje\\""
#| fig-width: 2
#| fig-height: 1
#| code-fold: true
#| code-summary: "Visa"
plt.plot([1, 2, 3])
plt.show()
```

```{python}
#| label: fig-c
#| fig-cap: "Två figurer"
#| fig-subcap: ["Ett", "Två"]
#| fig-alt: ["Upp", "Ned"]
#| layout-ncol: 2
plt.plot([1, 2]); plt.show()
plt.plot([2, 1]); plt.show()
```

Se @tbl-a, @fig-b, @fig-c och @fig-c-2.

```{python}
#| error: true
1 / 0
```

```{python}
#| output: asis
#| echo: false
print("**fet** text\\n\\n- punkt")
```

```{python}
#| eval: false
aldrig_korts()
```

```{python}
#| include: false
print("göms helt")
```

```{python}
#| output: false
print("utdata göms")
```

```{python}
#| classes: [egen, "fa\\"rlig"]
#| column: margin
#| min-nyckel: "a\\" onclick=\\"x"
import sys
print("på ut"); print("på fel", file=sys.stderr)
```

```{python}
#| warning: false
print("tyst", file=sys.stderr)
```

```{python}
#| echo: fenced
#| label: visad
40 + 2
```

```{python}
#| lst-label: lst-k
#| lst-cap: "Koden"
"{{< meta title >}}"
```

Se @lst-k.

```{python}
display(Markdown("En [länk](https://exempel.se/)."), Latex("$a^2$"))
display(HTML("<p id='ratt'>från html</p>"))
```

```{r}
#| label: ett-r
summary(cars)
```

```{{python}}
visad_som_den_ar
```
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    return {to: render(tmp_path_factory.mktemp(to), MANY, to) for to in FORMATS}


@pytest.mark.parametrize("to", FORMATS)
def test_captions_and_references(many: dict[str, Made], to: str) -> None:
    said = many[to].text.replace("\u00a0", " ")
    for caption in (
        "Tabell 1: En tabell",
        "Figur 1: En figur",
        "Figur 2: Två figurer",
        "Ett",
        "Två",
    ):
        assert caption in said
    assert re.search(r"Se Tabell 1, Figur 1, Figur 2 och Figur 2 ?\(b\)", said)
    assert "Se Lista 1" in said


@pytest.mark.parametrize("to", FORMATS)
def test_inline_values(many: dict[str, Made], to: str) -> None:
    said = many[to].text
    assert "Värdet är 2, märkt så, tomt, farligt [x](y) <i> och en kod x." in said


@pytest.mark.parametrize("to", FORMATS)
def test_what_is_shown_and_what_is_not(many: dict[str, Made], to: str) -> None:
    said = many[to].text
    for shown in ("fet text", "punkt", "aldrig_korts()", "på ut", "på fel", "40 + 2", "42",
                  "ZeroDivisionError: division by zero", "1 / 0", "summary(cars)",
                  "{{< meta title >}}"):  # fmt: skip
        assert shown in said
    for hidden in ("göms helt", "import pandas", "**fet**", "ett-r"):
        assert hidden not in said
    assert said.count("utdata göms") == 1  # in the code
    assert said.count("tyst") == 1
    assert any("Celler i r körs inte" in text for text in many[to].warnings)
    assert len(many[to].warnings) == 1


def test_classes_and_ids_on_a_page(many: dict[str, Made]) -> None:
    page = many["html"]
    assert page.find("//div[@id='tbl-a']//table//td[text()='<b>']")
    assert page.find("//div[@id='tbl-a']//figcaption//em")
    assert page.find("//div[contains(@class, 'cell-output-error')]//code")
    assert page.find("//div[contains(@class, 'cell-output-stdout')]//code[contains(., 'på ut')]")
    assert page.find("//div[contains(@class, 'cell-output-stderr')]//code[contains(., 'på fel')]")
    (own,) = page.find("//div[contains(@class, 'egen')]")
    assert own.get("data-min-nyckel") == 'a" onclick="x'
    assert "onclick" not in own.attrib
    assert "farlig" in own.get("class").split()
    (folded,) = page.find("//details[contains(., 'plt.plot([1, 2, 3])')]")
    assert folded[0].text == "Visa"
    assert page.find("//p[@id='ratt']")
    assert page.find("//math")
    assert page.find("//a[@href='https://exempel.se/']")


def test_fenced_echo_shows_the_options_but_its_own(many: dict[str, Made]) -> None:
    (code,) = [e for e in many["html"].find("//code") if "40 + 2" in e.text_content()]
    assert code.text_content().split("\n") == [
        "```{{python}}",
        "#| label: visad",
        "40 + 2",
        "```",
    ]
    (shown,) = [e for e in many["html"].find("//code") if "visad_som" in e.text_content()]
    assert shown.text_content().split("\n") == ["```{python}", "visad_som_den_ar", "```"]


def test_size_and_alt_of_figures(many: dict[str, Made]) -> None:
    first, up, down = many["html"].find("//main//figure//img")
    assert first.get("alt") == 'En "linje"'
    assert (up.get("alt"), down.get("alt")) == ("Upp", "Ned")
    # Two inches and seven, less what is cut off of the margins
    assert 120 < int(first.get("width")) < 220
    assert 450 < int(up.get("width")) < 680
    pixels = base64.b64decode(first.get("src").partition(",")[2])
    assert int.from_bytes(pixels[16:20], "big") == pytest.approx(2 * int(first.get("width")), abs=2)


def test_no_output_that_only_python_reads(many: dict[str, Made]) -> None:
    assert "<matplotlib" not in many["html"].text
    assert "Line2D" not in many["html"].text


# Faults ---------------------------------------------------------------------------------------


def test_a_cell_that_raises_stops_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(CellError) as caught:
        render(tmp_path, "Text\n\n```{python}\n#| label: min\nx = 1\nborta\n```\n")
    assert "prov.qmd:6: Cellen «min» gav fel: NameError" in str(caught.value)


def test_a_value_whose_display_raises_stops_unless_it_may(tmp_path: Path) -> None:
    text = """\
    ---
    title: T
    execute: {{error: {}}}
    ---

    ```{{python}}
    class Trasig:
        def _repr_html_(self):
            raise ValueError("går inte att visa")
        def __repr__(self):
            return "reserv"
    Trasig()
    ```
    """
    with pytest.raises(CellError, match="går inte att visa"):
        render(tmp_path, text.format("false"))
    made = render(tmp_path, text.format("true"))
    (error,) = made.find("//div[contains(@class, 'cell-output-error')]")
    assert "ValueError: går inte att visa" in error.text_content()
    assert "reserv" in made.text


def test_options_that_are_no_yaml_are_told_with_their_lines(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        render(
            tmp_path,
            "```{python}\n#| label: a\n#| fig-cap: x: y\n1\n```\n\n```{python}\n#| [\n2\n```\n",
        )
    assert "prov.qmd:3: Cellens inställning" in str(caught.value)
    assert "prov.qmd:8: Cellens inställning" in str(caught.value) or ":9:" in str(caught.value)


def test_inline_values_that_raise_are_told_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(CellError) as caught:
        render(tmp_path, "A `{python} borta`\n\nB `{python} 1 / 0`\n")
    assert "prov.qmd:1: Värdet `borta`" in str(caught.value)
    assert "prov.qmd:3: Värdet `1 / 0`" in str(caught.value)


def test_code_in_a_fence_is_not_evaluated(tmp_path: Path) -> None:
    made = render(tmp_path, "```\n`{python} borta`\n```\n")
    assert "`{python} borta`" in made.text


def test_defaults_of_the_document(tmp_path: Path) -> None:
    made = render(
        tmp_path,
        """\
        ---
        title: T
        execute: {echo: false, warning: false}
        format: {typst: {execute: {echo: true}}}
        ---

        ```{python}
        import warnings
        warnings.warn("ovarning")
        print("ut", 1)
        ```

        ```{python}
        #| echo: true
        2 + 2
        ```
        """,
    )
    assert "print" not in made.text
    assert "ovarning" not in made.text
    assert "ut 1" in made.text
    assert "2 + 2" in made.text


def test_a_list_of_captions_gives_as_many_figures(tmp_path: Path) -> None:
    made = render(
        tmp_path,
        """\
        ```{python}
        #| label: tbl-p
        #| tbl-cap: Båda
        #| tbl-subcap: [Den ena, Den andra]
        #| layout-ncol: 2
        import pandas as pd
        from IPython.display import display
        display(pd.DataFrame({"a": [1]}))
        display(pd.DataFrame({"b": [2]}))
        ```

        Se @tbl-p och @tbl-p-1.
        """,
    )
    assert len(made.find("//div[@id='tbl-p']//table")) == 2
    assert "(a) Den ena" in made.text
    assert made.find("//a[@href='#tbl-p-1']")


def test_pictures_shown_by_a_cell(tmp_path: Path) -> None:
    made = render(
        tmp_path,
        """\
        ```{python}
        from IPython.display import Image
        Image("bild.png", width=30, height=20)
        ```
        """,
        files={"bild.png": ONE_PIXEL},
    )
    (image,) = made.find("//main//img")
    assert (image.get("width"), image.get("height")) == ("30", "20")


# Notebooks ------------------------------------------------------------------------------------


def notebook(*cells: dict[str, Any]) -> str:
    return json.dumps(
        {
            "cells": [{"metadata": {}, **cell} for cell in cells],
            "metadata": {"kernelspec": {"name": "python3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 2,
        },
        indent=1,
    )


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "outputs": list(outputs), "execution_count": 1}


PNG = base64.b64encode(ONE_PIXEL).decode()
STORED = notebook(
    {"cell_type": "raw", "source": "---\ntitle: Boken\nx: metadata\n---"},
    {"cell_type": "markdown", "source": "## Avsnitt\n\n{{< meta x >}} ![B](attachment:b.png)",
     "attachments": {"b.png": {"image/png": PNG}}},
    code("#| echo: false\nprint('nytt')",
         {"output_type": "stream", "name": "stdout", "text": ["gam", "malt\n"]}),
    code("#| label: fig-n\n#| fig-cap: Bilden\n1",
         {"output_type": "display_data", "metadata": {"image/png": {"width": 45, "height": 33}},
          "data": {"image/png": PNG, "text/plain": ["<Figure>"]}}),
    {"cell_type": "raw", "source": "<u>rå</u>", "metadata": {"raw_mimetype": "text/html"}},
)  # fmt: skip


@pytest.mark.parametrize("to", FORMATS)
def test_stored_outputs_are_kept_and_nothing_is_run(
    tmp_path: Path, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("en kärna startades")

    monkeypatch.setattr("berattelse.execute.run_cells", refuse)
    made = render(tmp_path, STORED, to, name="bok.ipynb")
    said = made.text.replace("\u00a0", " ")
    for shown in ("Boken", "Avsnitt", "metadata", "gammalt", "Figure 1: Bilden"):
        assert shown in said
    assert "nytt" not in said
    assert ("rå" in said) == (to == "html")
    if to == "html":
        attached, drawn = made.find("//main//img")
        assert attached.get("src") == drawn.get("src")
        assert (drawn.get("width"), drawn.get("height")) == ("45", "33")


def test_a_notebook_is_run_where_it_says_so(tmp_path: Path) -> None:
    text = STORED.replace("x: metadata", "x: metadata\\nexecute: {enabled: true}")
    said = render(tmp_path, text, name="bok.ipynb").text
    assert "nytt" in said
    assert "gammalt" not in said


def test_the_first_heading_is_the_title_of_a_notebook_without_one(tmp_path: Path) -> None:
    heading = {"cell_type": "markdown", "source": "# Rubriken\n\nText"}
    made = render(tmp_path, notebook(heading, code("1")), name="bok.ipynb")
    assert [e.text for e in made.find("//h1")] == ["Rubriken"]
    after = {"cell_type": "markdown", "source": "Text\n\n# Rubriken"}
    other = render(tmp_path, notebook(after, code("1")), name="bok.ipynb")
    assert other.find("//h1[@class='title']") == []


def test_faults_in_a_notebook_say_its_line(tmp_path: Path) -> None:
    text = notebook(code("x = 1"), {"cell_type": "markdown", "source": "A\n\n{{< meta y >}}"})
    made = render(tmp_path, text, name="bok.ipynb")
    assert re.search(r"bok\.ipynb:\d+: Värdet «meta:y»", made.warnings[0])
    with pytest.raises(SourceError, match="ingen Jupyter-anteckningsbok"):
        render(tmp_path, "{trasig", name="bok.ipynb")


# In a berättelse ------------------------------------------------------------------------------


def test_a_report_takes_the_same_options_with_its_own_stricter_rules(projekt: Path) -> None:
    text = projekt / "partials/liten/herrljunga/2022/_text.qmd"
    cell = """\
    ```{{python}}
    #| label: fig-delar
    #| fig-cap: Två delar
    #| fig-subcap: [Ena, Andra]
    #| fig-alt: [Upp, {}]
    #| layout-ncol: 2
    from IPython.display import SVG, display
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'
    display(SVG(svg)); display(SVG(svg))
    ```

    ```{{python}}
    #| eval: false
    aldrig()
    ```

    ```{{python}}
    #| output: asis
    print("**märkt**")
    ```

    {{{{< kbd F5 >}}}} {{{{< meta rapport >}}}}
    """

    def page(alt: str) -> str:
        text.write_text(textwrap.dedent(cell).format(alt), encoding="utf-8")
        settings = config.read_settings(projekt)
        (job,) = plan(settings, Selection(kommun=("herrljunga",), ar=("2022",))).jobs
        folder = projekt / f"satt-{alt}"
        document = compose(execute.execute(settings, job), folder, 0)
        Inbyggd().typeset(document, "html", folder / "ut.html")
        return (folder / "ut.html").read_text(encoding="utf-8")

    shown = page("Ned")
    assert 'id="fig-delar-2"' in shown
    assert "Andra" in shown
    assert "<strong>märkt</strong>" in shown
    assert "aldrig()" not in shown  # the project echoes nothing
    assert re.search(r"<kbd[^>]*>F5</kbd> liten", shown)
    with pytest.raises(TypesetError, match="alternativtext"):
        page("''")
