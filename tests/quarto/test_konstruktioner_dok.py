"""The table of what is supported says what the cases say; documents with everything are valid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from berattelse import checks
from tests.conftest import ROOT
from tests.quarto import tabell
from tests.quarto.bygg import Built, build, document
from tests.quarto.fall import FORMATS

GUIDE = ROOT / "docs/quarto.md"

TABLE = "| Namn | Antal |\n|:-----|------:|\n| A | 1 |\n| B | 22 |\n"

FLOATS = f"""# Bilder {{#sec-bilder}}

![En bild](a.svg){{#fig-en fig-alt="Den ökar."}}

::: {{#fig-tva layout-ncol=2}}
![Ett](a.svg){{#fig-tva-1 fig-alt="Ett."}}

![Två](b.svg){{#fig-tva-2 fig-alt="Två."}}

Två bilder
:::

{TABLE}
: En tabell {{#tbl-en}}

::: {{#tbl-tva layout-ncol=2}}
{TABLE}
: Ett {{#tbl-tva-1}}

{TABLE}
: Två {{#tbl-tva-2}}

Två tabeller
:::

```{{#lst-en .python lst-cap="Kod" filename="a.py" code-line-numbers="true"}}
for x in y:  # <1>
    print("ä", 1)
```

1. Här börjar det.

Se @fig-en, @fig-tva-2, @tbl-en, @tbl-tva-1, @lst-en och @sec-bilder.
"""

BOXES = """# Rutor

::: {#nte-en .callout-note collapse="true"}
## Om kronor
Text med `kod`.
:::

::: {.callout-warning appearance="simple"}
Varning.

- punkt
:::

::: {.panel-tabset}
## Sverige
Ett.

## Norge
Två.
:::

::: {#thm-en}
## Linjen
En linje: $y = mx + b$.
:::

::: {.proof}
Ty så är det.
:::

$$ E = mc^2 $$ {#eq-en alt="E är lika med m c i kvadrat"}

Se @nte-en, @thm-en och @eq-en.

:::: {.columns}
::: {.column width=30%}
Vänster.
:::
::: {.column width=70%}
Höger [vid sidan]{.aside}.
:::
::::

::: {.column-margin}
I marginalen.
:::
"""

TEXT = """# Text

[Märkt]{.mark} och <kbd>Ctrl</kbd>, [liten]{.smallcaps}, x^2^.[^1]

[^1]: En not, se [@alm2020].

Ord
:   Förklaring.

- [ ] kvar
- [x] klart

| Rad ett
|   rad två

> Citat.

::: {.landscape}
Liggande.
:::

```{.python code-fold="true"}
x = 1
```

# Bilaga {.appendix}

Sist.
"""
FILES = {
    "kallor.bib": "@book{alm2020, author={Alm, Åsa}, title={Om omsorg}, year={2020}, "
    "publisher={Förlaget}}"
}
WHOLE = {"flytande": FLOATS, "rutor": BOXES, "text": TEXT}


def whole(folder: Path, name: str, format: str) -> Built:
    made = document(folder / name, WHOLE[name], "toc: true\nbibliography: kallor.bib\n", FILES)
    return build(made, format)


def test_the_guide_is_made_from_the_cases() -> None:
    assert GUIDE.read_text(encoding="utf-8") == tabell.table(), (
        "kör python -m tests.quarto.tabell --fil docs/quarto.md"
    )


@pytest.mark.parametrize("format", ["pdf", "docx"])
@pytest.mark.parametrize("name", WHOLE)
def test_a_document_with_everything_is_valid(tmp_path: Path, name: str, format: str) -> None:
    with checks.Checker() as checker:
        found = checker.check(whole(tmp_path, name, format).path)
    assert [str(one) for one in found] == []


@pytest.mark.parametrize("name", WHOLE)
def test_a_page_with_everything_is_accessible(tmp_path: Path, name: str, browser: Any) -> None:
    with checks.Checker(browser) as checker:
        found = checker.check(whole(tmp_path, name, "html").path)
    assert [str(one) for one in found] == []


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_document_gives_the_same_bytes(tmp_path: Path, format: str) -> None:
    first = whole(tmp_path, "rutor", format).path.read_bytes()
    assert whole(tmp_path, "rutor", format).path.read_bytes() == first


def test_a_warning_names_construct_and_line(tmp_path: Path) -> None:
    source = "Text.\n\n```{.mermaid}\nflowchart LR\n```\n\n```{.mermaid}\nflowchart TD\n```"
    (told,) = build(document(tmp_path / "ett", source), "pdf").warnings
    assert "Diagram i mermaid ritas inte" in told
    assert "composed.md:12" in told


def test_hostile_words_are_words_everywhere(tmp_path: Path) -> None:
    bad = '<b onclick="x()">&amp; #eval("1") \\\\input{x}'
    source = (
        f"::: {{.callout-note}}\n## {bad}\ntext\n:::\n\n"
        f"::: {{.panel-tabset}}\n## {bad}\ntext\n:::\n\n"
        "```{.python filename='<i>#panic()</i>'}\nx\n```\n\n"
        "::: {#thm-x name='<i>#panic()</i>'}\ntext\n:::"
    )
    for format in FORMATS:
        built = build(document(tmp_path / format, source), format)
        assert "<i>#panic()</i>" in built.text()
        assert '#eval("1")' in built.text().replace("”", '"')
        if format == "html":
            assert not built.holds("main i, main .filnamn i, main [onclick]:not(b)")
