"""Cells, by their options: what Quarto's engine does before the Markdown is typeset."""

from __future__ import annotations

from tests.quarto.fall.form import Case, Seen

GROUP = "Celler"
CODE = "//w:p[w:pPr/w:pStyle/@w:val='SourceCode']"
DRAW = (
    "from IPython.display import SVG\n"
    "def bild(bredd):\n"
    '    SIZE = f\'width="{bredd}mm" height="9mm" viewBox="0 0 9 9"\'\n'
    "    return SVG(f'<svg xmlns=\"http://www.w3.org/2000/svg\" {SIZE}>'\n"
    '               \'<rect width="9" height="9"/></svg>\')\n'
)


def _case(name: str, source: str, *seen: Seen, head: str = "", listed: bool = True) -> Case:
    html, pdf, docx = seen if len(seen) == 3 else 3 * seen
    return Case(GROUP, name, source, html, pdf, docx, head=head, single=True, listed=listed)


def _cell(options: str, code: str) -> str:
    lines = "".join(f"#| {line}\n" for line in options.splitlines())
    return f"```{{python}}\n{lines}{code}\n```\n\n"


def _drawn(options: str, *widths: int) -> str:
    shown = "".join(f"display(bild({width}))\n" for width in widths)
    return _cell("echo: false\n" + options, DRAW + shown)


CASES = (
    _case(
        "`echo: false`, `echo: fenced`",
        _cell("echo: false", "print('Tyst.')")
        + _cell("echo: fenced\noutput: false", "print('Med staket')"),
        Seen(
            text=("Tyst. ```{{python}}", "#| output: false", "print('Med staket')"),
            absent=("print('Tyst.')", "echo"),
        ),
    ),
    _case(
        "`eval: false`",
        _cell("eval: false", "1 / 0"),
        Seen(text=("1 / 0",), absent=("ZeroDivisionError", "eval")),
    ),
    _case(
        "`include: false`",
        _cell("include: false", "dold = 7\nprint('inget')") + "Talet är `{python} dold`.",
        Seen(text=("Talet är 7.",), absent=("inget", "dold = 7", "include")),
    ),
    _case(
        "`output: false`, `output: asis`",
        _cell("echo: false\noutput: false", "print('borta')")
        + _cell(
            "echo: false\noutput: asis", "print('## Rubriken {#sec-x}\\n\\nSe @sec-x, **fet**.')"
        ),
        Seen(
            find=("h2#sec-x, section#sec-x", "strong"), text=("fet",), absent=("borta", "**", "##")
        ),
        Seen(find=("H2",), text=("Se Avsnitt 1.1, fet.",), absent=("borta", "**", "##")),
        Seen(
            find=("//w:pStyle[@w:val='Heading2']",),
            text=("Rubriken", "fet."),
            absent=("borta", "**", "##"),
        ),
    ),
    _case(
        "`warning: false`",
        _cell("echo: false\nwarning: false", "import warnings\nwarnings.warn('Tystad.')")
        + _cell("echo: false", "import warnings\nwarnings.warn('Hörd.')"),
        Seen(text=("Hörd.",), absent=("Tystad.",)),
    ),
    _case(
        "`error: true`",
        _cell("error: true\necho: false", "1 / 0") + _cell("echo: false", "print('Efter.')"),
        Seen(
            find=(".ansi-escaped-output[role=group] pre span.ansi-red-fg",),
            text=("ZeroDivisionError: division by zero", "Efter."),
            absent=("[31m",),
        ),
        *(2 * [Seen(text=("ZeroDivisionError: division by zero", "Efter."), absent=("[31m",))]),
    ),
    _case(
        "`error: true`, utan: cellen stoppar dokumentet",
        _cell("echo: false", "1 / 0"),
        Seen(fault="ZeroDivisionError"),
        listed=False,
    ),
    _case(
        "fel i `#|`-raderna",
        _cell("echo: [", "1"),
        Seen(fault="ut.qmd:1[0-9].*YAML"),
        listed=False,
    ),
    _case(
        "`label`, `fig-cap`, `fig-alt`",
        _drawn("label: fig-x\nfig-cap: En *bra* bild\nfig-alt: En svart ruta", 40) + "Se @fig-x.",
        Seen(
            find=("#fig-x img[alt='En svart ruta']", "#fig-x figcaption em", "a[href='#fig-x']"),
            text=("Figur 1: En bra bild", "Se Figur 1."),
            missing=("img[alt='En bra bild']", "#cell-fig-x #cell-fig-x"),
        ),
        Seen(
            find=("Figure=En svart ruta",),
            text=("Figur 1: En bra bild", "Se Figur 1."),
            missing=("Figure=En bra bild",),
        ),
        Seen(
            find=("//wp:docPr[@descr='En svart ruta']", "//w:bookmarkStart[@w:name='fig-x']"),
            text=("Figur 1: En bra bild", "Se Figur 1."),
            missing=("//wp:docPr[@descr='En bra bild']",),
        ),
    ),
    _case(
        "`fig-subcap`, `layout-ncol`",
        _drawn(
            "label: fig-x\nfig-cap: Två\nfig-subcap: [Ett, Annat]\nfig-alt: [Vänster, Höger]\n"
            "layout-ncol: 2",
            20,
            30,
        )
        + "Se @fig-x-2 i @fig-x.",
        Seen(
            find=("#fig-x #fig-x-2 img[alt='Höger']", ".quarto-layout-row .quarto-layout-cell"),
            text=("(a) Ett", "(b) Annat", "Figur 1: Två", "Se Figur 1 (b) i Figur 1."),
            absent=("(c)", "Figur 2"),
        ),
        Seen(
            find=("Figure=Vänster", "Figure=Höger"),
            text=("(a) Ett", "(b) Annat", "Figur 1: Två", "Se Figur 1 (b) i Figur 1."),
            absent=("(c)", "Figur 2"),
        ),
        Seen(
            find=("//wp:docPr[@descr='Höger']",),
            text=("(a) Ett", "(b) Annat", "Figur 1: Två", "Se Figur 1 (b) i Figur 1."),
            absent=("(c)", "Figur 2"),
            becomes="under varandra",
        ),
    ),
    _case(
        "`layout`",
        _drawn(
            'label: fig-x\nfig-cap: Tre\nfig-subcap: [Ett, Två, Tre]\nfig-alt: ["1", "2", "3"]\n'
            "layout: [[70, 30], [100]]",
            20,
            20,
            20,
        ),
        Seen(
            find=(".rutrad + .rutrad", ".rutrad[style*='70fr']"),
            text=("(c) Tre",),
            missing=(".rutrad + .rutrad + .rutrad",),
        ),
        Seen(find=("Figure=3",), text=("(c) Tre",), absent=("(d)", "layout")),
        Seen(text=("(c) Tre",), absent=("(d)", "layout"), becomes="under varandra"),
    ),
    _case(
        "`fig-width`, `fig-height`",
        _cell(
            "echo: false\nfig-width: 2\nfig-height: 1\nfig-alt: Ett streck",
            "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])",
        )
        + _cell(
            "echo: false",
            "print('{} x {}'.format(*plt.rcParams['figure.figsize']))",
        ),
        Seen(find=("img[alt='Ett streck']",), absent=("2.0 x 1.0", "fig-width")),
        Seen(find=("Figure=Ett streck",), absent=("2.0 x 1.0", "fig-width")),
        Seen(
            find=("//wp:docPr[@descr='Ett streck']",),
            missing=("//wp:extent[@cx > 2000000]",),
            absent=("2.0 x 1.0",),
        ),
    ),
    _case(
        "`tbl-cap`, `tbl-colwidths`",
        _cell(
            "label: tbl-x\ntbl-cap: Två tal\ntbl-colwidths: [75, 25]\necho: false",
            "from IPython.display import Markdown\nMarkdown('|A|B|\\n|---|---|\\n|1|2|')",
        )
        + "Se @tbl-x.",
        Seen(
            find=("#tbl-x table th[scope=col]", "#tbl-x col[style*='75']", "#tbl-x figcaption"),
            text=("Tabell 1: Två tal", "Se Tabell 1."),
            missing=("#tbl-x caption",),
        ),
        Seen(find=("Table",), text=("Tabell 1: Två tal", "Se Tabell 1."), absent=("colwidths",)),
        Seen(find=("//w:tbl",), text=("Tabell 1: Två tal", "Se Tabell 1."), absent=("|A|",)),
    ),
    _case(
        "`tbl-subcap`",
        _cell(
            "label: tbl-x\ntbl-cap: Båda\ntbl-subcap: [Ett, Annat]\nlayout-ncol: 2\necho: false",
            "from IPython.display import Markdown\n"
            "for n in 1, 2:\n    display(Markdown(f'|A|\\n|---|\\n|{n}|'))",
        )
        + "Se @tbl-x-2.",
        Seen(
            find=("#tbl-x #tbl-x-2 table",),
            text=("(a) Ett", "(b) Annat", "Se Tabell 1 (b)."),
            absent=("Tabell 2",),
        ),
        Seen(
            find=("Table",), text=("(a) Ett", "(b) Annat", "Se Tabell 1 (b)."), absent=("Tabell 2",)
        ),
        Seen(
            find=("//w:tbl",),
            text=("(a) Ett", "(b) Annat", "Se Tabell 1 (b)."),
            absent=("Tabell 2",),
            becomes="under varandra",
        ),
    ),
    _case(
        "`lst-cap`, `lst-label`",
        _cell("lst-cap: Så räknas det\nlst-label: lst-x\neval: false", "x = 1") + "Se @lst-x.",
        Seen(
            find=("#lst-x figcaption", "a[href='#lst-x']"),
            text=("Lista 1: Så räknas det", "Se Lista 1."),
            absent=("lst-cap",),
        ),
        Seen(find=("Code",), text=("Lista 1: Så räknas det", "Se Lista 1."), absent=("lst-cap",)),
        Seen(find=(CODE,), text=("Lista 1: Så räknas det", "Se Lista 1."), absent=("lst-cap",)),
    ),
    _case(
        "`code-fold`, `code-summary`, för alla celler och för en",
        _cell("eval: false", "x = 1")
        + _cell("eval: false\ncode-fold: show\ncode-summary: Öppen", "y = 2")
        + _cell("eval: false\ncode-fold: false", "z = 3"),
        Seen(
            find=("details.code-fold:not([open])", "details.code-fold[open]"),
            text=("Stängd x = 1", "Öppen y = 2", "z = 3"),
            missing=("details details", "details:nth-of-type(3)"),
        ),
        *(
            2
            * [
                Seen(
                    text=("x = 1", "y = 2", "z = 3"), absent=("Stängd", "Öppen"), becomes="utfälld"
                ),
            ]
        ),
        head="code-fold: true\ncode-summary: Stängd\n",
    ),
    _case(
        "`column`, `classes`, `tags`",
        _cell("echo: false\ncolumn: margin\nclasses: egen\ntags: [en-tagg]", "print('Vid sidan.')"),
        Seen(
            find=(".cell.column-margin.egen",),
            text=("Vid sidan.",),
            absent=("en-tagg",),
            becomes="i liten stil på sin plats",
        ),
        Seen(text=("Vid sidan.",), absent=("en-tagg", "egen"), becomes="i liten stil på sin plats"),
        Seen(text=("Vid sidan.",), absent=("en-tagg", "egen"), becomes="i liten stil på sin plats"),
    ),
    _case(
        "i texten: `{python} x`",
        _cell("echo: false\noutput: false", "x = 4\ny = '*stjärna*'")
        + "Det är `{python} x + 1` och `{python} y`.\n\n# Rubrik med `{python} x`",
        Seen(text=("Det är 5 och *stjärna*.", "Rubrik med 4"), absent=("{python}",)),
    ),
)
