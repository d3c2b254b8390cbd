"""Figures, tables and listings with a caption, and how they are laid out."""

from __future__ import annotations

from tests.quarto.fall.form import Case, Seen

GROUP = "Figurer och layout"
IMG = '![](a.svg){fig-alt="Den ökar."}'
CAPTION = "//w:p[w:pPr/w:pStyle/@w:val='Caption']"


def _case(name: str, source: str, *seen: Seen, head: str = "", listed: bool = True) -> Case:
    html, pdf, docx = seen
    return Case(GROUP, name, source, html, pdf, docx, head=head, listed=listed)


TWO = '![Ett](a.svg){#fig-a fig-alt="A."}\n\n![Två](b.svg){#fig-b fig-alt="B."}\n'
TABLE = "| A | B |\n|---|--:|\n| 1 | 2 |\n"

CASES = (
    _case(
        'figur: `![text](fil){#fig-x fig-alt="…"}`',
        '![En *bra* bild](a.svg){#fig-x fig-alt="Den ökar."}',
        Seen(
            find=("figure#fig-x svg[aria-label='Den ökar.']", "figure#fig-x figcaption em"),
            text=("Figur 1. En bra bild",),
            absent=("Den ökar",),
        ),
        Seen(find=("Figure=Den ökar.",), text=("Figur 1. En bra bild",), absent=("fig-alt",)),
        Seen(
            find=("//wp:docPr[@descr='Den ökar.']", CAPTION),
            text=("Figur 1. En bra bild",),
            absent=("Den ökar",),
        ),
    ),
    _case(
        "figur utan nummer: `![text](fil)`",
        '![En bild](a.svg){fig-alt="Den ökar."}',
        Seen(find=("figure figcaption",), text=("En bild",), absent=("Figur",)),
        Seen(find=("Figure=Den ökar.",), text=("En bild",), absent=("Figur",)),
        Seen(find=(CAPTION,), text=("En bild",), absent=("Figur",)),
    ),
    _case(
        "figur som avsnitt: `::: {#fig-x}`",
        f"::: {{#fig-x}}\n{IMG}\n\nEn bild\n:::",
        Seen(find=("figure#fig-x figcaption",), text=("Figur 1. En bild",), absent=(":::",)),
        Seen(find=("Figure=Den ökar.",), text=("Figur 1. En bild",), absent=(":::",)),
        Seen(find=(CAPTION,), text=("Figur 1. En bild",), absent=(":::",)),
    ),
    _case(
        'bildtext som attribut: `::: {#fig-x fig-cap="…"}`',
        f'::: {{#fig-x fig-cap="En *bra* bild"}}\n{IMG}\n:::',
        Seen(
            find=("figure#fig-x figcaption em",),
            text=("Figur 1. En bra bild",),
            missing=("[data-fig-cap]",),
        ),
        Seen(text=("Figur 1. En bra bild",), absent=("fig-cap",)),
        Seen(text=("Figur 1. En bra bild",), absent=("fig-cap",)),
    ),
    _case(
        "tabell som avsnitt: `::: {#tbl-x}`",
        f"::: {{#tbl-x}}\n{TABLE}\nEn tabell\n:::",
        Seen(find=("div#tbl-x table caption",), text=("Tabell 1. En tabell",), missing=("figure",)),
        Seen(find=("Table", "Caption"), text=("Tabell 1. En tabell",), absent=(":::",)),
        Seen(find=("//w:tbl", CAPTION), text=("Tabell 1. En tabell",), absent=(":::",)),
    ),
    _case(
        "kodlista som avsnitt: `::: {#lst-x}`",
        "::: {#lst-x}\n```python\nx = 1\n```\n\nEn lista\n:::",
        Seen(
            find=("div#lst-x figcaption", "div#lst-x pre"),
            text=("Lista 1. En lista",),
            absent=("Figur",),
        ),
        Seen(text=("Lista 1. En lista", "x = 1"), absent=("Figur",)),
        Seen(text=("Lista 1. En lista", "x = 1"), absent=("Figur",)),
    ),
    _case(
        "bild som tabell: `::: {#tbl-x}` med en bild",
        f"::: {{#tbl-x}}\n{IMG}\n\nSom bild\n:::",
        Seen(
            find=("#tbl-x svg, figure#tbl-x svg",), text=("Tabell 1. Som bild",), missing=("table",)
        ),
        Seen(find=("Figure=Den ökar.",), text=("Tabell 1. Som bild",), missing=("Table",)),
        Seen(find=("//w:drawing",), text=("Tabell 1. Som bild",), missing=("//w:tbl",)),
    ),
    _case(
        "text som figur",
        "::: {#fig-x}\n::: {.ram}\nBara ord.\n:::\n\nEn figur av ord\n:::",
        Seen(
            find=("figure#fig-x p",),
            text=("Bara ord.", "Figur 1. En figur av ord"),
            missing=("svg",),
        ),
        Seen(text=("Bara ord.", "Figur 1. En figur av ord"), absent=(":::",)),
        Seen(text=("Bara ord.", "Figur 1. En figur av ord"), missing=("//w:drawing",)),
    ),
    _case(
        "bredd: `{width=40%}`",
        '![En bild](a.svg){#fig-x fig-alt="A." width=40%}',
        Seen(find=("#fig-x svg[style*='40%'], #fig-x svg[width='40%']",), absent=("width",)),
        Seen(find=("Figure=A.",), absent=("width",)),
        Seen(find=("//wp:extent[@cx < 4000000]",), absent=("width",)),
    ),
    _case(
        "sida vid sida: `layout-ncol=2`",
        f"::: {{#fig-x layout-ncol=2}}\n{TWO}\nBåda\n:::",
        Seen(
            find=("#fig-x .quarto-layout-row > .quarto-layout-cell:nth-child(2) svg",),
            text=("(a) Ett", "(b) Två", "Figur 1. Båda"),
            missing=("table",),
        ),
        Seen(
            find=("Figure=A.", "Figure=B."),
            text=("(a) Ett", "(b) Två", "Figur 1. Båda"),
            missing=("Table",),
        ),
        Seen(
            find=("//w:drawing",),
            text=("(a) Ett", "(b) Två", "Figur 1. Båda"),
            missing=("//w:tbl",),
            becomes="under varandra",
        ),
    ),
    _case(
        "rader: `layout-nrow=2`",
        f"::: {{layout-nrow=2}}\n{IMG}\n\n{IMG}\n\n{IMG}\n:::",
        Seen(
            find=(".quarto-layout-panel .quarto-layout-row:nth-child(2) svg",),
            missing=(".quarto-layout-row:nth-child(3)",),
        ),
        Seen(find=("Figure=Den ökar.",), absent=("layout",)),
        Seen(find=("count(//w:drawing) = 3",), missing=("//w:tbl",), becomes="under varandra"),
    ),
    _case(
        'eget mönster: `layout="[[70,30],[100]]"`',
        f'::: {{layout="[[70,30],[100]]"}}\n{IMG}\n\n{IMG}\n\n{IMG}\n:::',
        Seen(
            find=(
                ".quarto-layout-row[style*='70'][style*='30fr']",
                ".quarto-layout-row:nth-child(2)",
            ),
            missing=("[data-layout]",),
        ),
        Seen(find=("Figure=Den ökar.",), absent=("[[",)),
        Seen(find=("count(//w:drawing) = 3",), missing=("//w:tbl",), becomes="under varandra"),
    ),
    _case(
        "lodrät placering: `layout-valign`",
        f'::: {{layout-ncol=2 layout-valign="bottom"}}\n{IMG}\n\nEn text.\n:::',
        Seen(
            find=(".lodratt-bottom .quarto-layout-row",),
            text=("En text.",),
            missing=(".lodratt-center",),
        ),
        Seen(find=("Figure=Den ökar.",), text=("En text.",), absent=("bottom",)),
        Seen(text=("En text.",), missing=("//w:tbl",), becomes="under varandra"),
    ),
    _case(
        "layout av stycken",
        "::: {layout-ncol=2}\nVänster.\n\nHöger.\n:::",
        Seen(
            find=(".quarto-layout-cell:nth-child(2) p",),
            text=("Vänster.", "Höger."),
            missing=("figure",),
        ),
        Seen(text=("Vänster. Höger.",), missing=("Figure",)),
        Seen(text=("Vänster.", "Höger."), missing=("//w:tbl",), becomes="under varandra"),
    ),
    _case(
        "deltabeller: `::: {#tbl-x layout-ncol=2}`",
        f"::: {{#tbl-x layout-ncol=2}}\n{TABLE}\n: Ett {{#tbl-a}}\n\n{TABLE}\n"
        f": Två {{#tbl-b}}\n\nBåda\n:::\n\nSe @tbl-b.",
        Seen(
            find=("#tbl-x #tbl-a table caption", "#tbl-x figcaption, #tbl-x > figure > figcaption"),
            text=("(a) Ett", "(b) Två", "Tabell 1. Båda", "Se Tabell 1 (b)."),
            absent=("Tabell 2",),
        ),
        Seen(
            find=("Table",),
            text=("(a) Ett", "(b) Två", "Tabell 1. Båda", "Se Tabell 1 (b)."),
            absent=("Tabell 2",),
        ),
        Seen(
            find=("count(//w:tbl) = 2",),
            text=("(a) Ett", "(b) Två", "Tabell 1. Båda", "Se Tabell 1 (b)."),
            missing=("//w:tbl//w:tbl",),
            becomes="under varandra",
        ),
    ),
    _case(
        "tabelltext under: `tbl-cap-location: bottom`",
        f"Före.\n\n{TABLE}\n: En tabell {{#tbl-x}}",
        Seen(find=("table.under caption",), text=("Tabell 1. En tabell",), missing=("figure",)),
        Seen(text=("1 2 Tabell 1. En tabell",), absent=("Före. Tabell 1.",)),
        Seen(
            find=(f"//w:tbl/following-sibling::{CAPTION[2:]}",),
            missing=(f"//w:tbl/preceding-sibling::{CAPTION[2:]}",),
        ),
        head="tbl-cap-location: bottom\n",
    ),
    _case(
        "bildtext över: `fig-cap-location: top`",
        '![En bild](a.svg){#fig-x fig-alt="A."}\n\nEfter.',
        Seen(find=("#fig-x figcaption + .bild",), missing=("#fig-x .bild + figcaption",)),
        Seen(find=("Caption",), text=("Figur 1. En bild Efter.",)),
        Seen(
            find=(f"{CAPTION}/following-sibling::w:p[.//w:drawing]",),
            missing=(f"{CAPTION}/preceding-sibling::w:p[.//w:drawing]",),
        ),
        head="fig-cap-location: top\n",
    ),
    _case(
        "bild utan alternativtext",
        "![](a.svg){#fig-x}",
        *(3 * [Seen(fault="saknar alternativtext")]),
        listed=False,
    ),
    _case(
        "figur utan innehåll",
        "::: {#fig-x}\n:::",
        *(3 * [Seen(fault="har inget innehåll")]),
        listed=False,
    ),
    Case(
        GROUP,
        "bild som är en länk: `[![text](fil)](https://…)`",
        "[![En bild](a.svg){fig-alt='En ruta'}](https://exempel.se/)",
        Seen(
            find=("figure figcaption", "figure a[href='https://exempel.se/'] img[alt='En ruta']"),
            text=("En bild",),
            missing=("figure figure", "figcaption a"),
        ),
        Seen(find=("Figure=En ruta", "Link"), text=("En bild",), absent=("![",)),
        Seen(find=("//wp:docPr[@descr='En ruta']",), text=("En bild",), absent=("![",)),
        single=True,
    ),
    Case(
        GROUP,
        "egen klass på en figur, placering: `.egen`, `fig-align`, `fig-cap-location: margin`",
        "::: {#fig-x .egen}\n![](a.svg){fig-alt='En ruta' fig-align='right'}\n\nText\n:::\n\n"
        "![Annan](b.svg){#fig-y .bild fig-alt='Två'}",
        Seen(
            find=(
                "div#fig-x.egen.quarto-figure-right",
                "#fig-y img.bild",
                "figcaption.margin-caption",
            ),
            text=("Figur 1: Text", "Figur 2: Annan"),
            missing=("div#fig-y.bild", "figure[fig-align]"),
        ),
        Seen(text=("Figur 1: Text", "Figur 2: Annan"), absent=("egen",), becomes="på sin plats"),
        Seen(text=("Figur 1: Text", "Figur 2: Annan"), absent=("egen",), becomes="på sin plats"),
        head="fig-cap-location: margin\n",
        single=True,
    ),
    Case(
        GROUP,
        'bild som inte visar något: `alt=""`',
        '![](a.svg){alt=""}',
        Seen(find=("img[alt='']",), missing=("figcaption",)),
        Seen(text=("Kapitlet",), missing=("Figure",)),
        Seen(find=("//w:drawing",), missing=("//wp:docPr[@descr='a.svg']",)),
        single=True,
    ),
)
