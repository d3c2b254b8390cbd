"""Shortcodes, front matter and cells: what is done before the Markdown is typeset."""

from __future__ import annotations

from tests.quarto.fall.form import Case, Seen

SHORTCODES = "Kortkoder"
FRONT = "Förord"
CELLS = "Celler"


def _case(
    group: str, name: str, source: str, *seen: Seen, head: str = "", listed: bool = True,
    files: dict[str, str] | None = None,
) -> Case:  # fmt: skip
    html, pdf, docx = seen if len(seen) == 3 else 3 * seen
    return Case(
        group, name, source, html, pdf, docx, head=head, files=files or {}, single=True,
        listed=listed,
    )  # fmt: skip


CASES = (
    _case(
        SHORTCODES,
        "`{{< meta >}}`",
        "Nämnd: {{< meta organ.namn >}}.",
        Seen(text=("Nämnd: Socialnämnden.",), absent=("{{<", "organ")),
        head="organ:\n  namn: Socialnämnden\n",
    ),
    _case(
        SHORTCODES,
        "`{{< include >}}`",
        "Före.\n\n{{< include _bit.qmd >}}\n\nEfter.",
        Seen(text=("Före. Ur filen. Efter.",), absent=("{{<", "_bit")),
        files={"_bit.qmd": "Ur filen.\n"},
    ),
    _case(
        SHORTCODES,
        "`{{< kbd >}}`",
        "Tryck {{< kbd Ctrl-C >}} nu.",
        Seen(find=("kbd",), text=("Tryck Ctrl-C nu.",), absent=("{{<",)),
        Seen(text=("Ctrl-C",), absent=("{{<",)),
        Seen(text=("Tryck Ctrl-C nu.",), absent=("{{<",)),
    ),
    _case(
        SHORTCODES,
        "`{{< lipsum >}}`",
        "{{< lipsum 1 >}}",
        Seen(text=("ipsum",), absent=("{{<", "lipsum 1")),
    ),
    _case(
        SHORTCODES,
        "`{{< placeholder >}}`",
        "{{< placeholder 200 100 >}}",
        Seen(find=("img, svg",), absent=("{{<",)),
        Seen(find=("Figure",), absent=("{{<",)),
        Seen(find=("//w:drawing",), absent=("{{<",)),
    ),
    _case(
        SHORTCODES,
        "`{{< pagebreak >}}`",
        "Ett.\n\n{{< pagebreak >}}\n\nTvå.",
        Seen(text=("Ett.", "Två."), absent=("{{<",), becomes="vid utskrift"),
        Seen(text=("Ett.", "Två."), absent=("{{<", "Ett. Två.")),
        Seen(find=("//w:pageBreakBefore",), text=("Ett.", "Två."), absent=("{{<",)),
    ),
    _case(
        SHORTCODES,
        "`{{{< så står den kvar >}}}`",
        "Skriv {{{< meta title >}}} i texten.",
        Seen(text=("Skriv {{< meta title >}} i texten.",), absent=("{{{", "Prov i texten")),
    ),
    _case(
        FRONT,
        "`title`, `subtitle`, `author`, `date`",
        "Text.",
        Seen(find=("h1",), missing=("h1 + h1",)),
        Seen(text=("Prov", "Undertiteln", "Förvaltningen"), absent=("subtitle",)),
        Seen(text=("Prov", "Undertiteln", "Förvaltningen"), absent=("subtitle",)),
        head="subtitle: Undertiteln\nauthor: Förvaltningen\ndate: 2023-02-10\n",
    ),
    _case(
        FRONT,
        "`toc`, `toc-depth`",
        "## Synlig\n\n### Djup\n\nText.",
        Seen(find=("nav a[href='#synlig']",), missing=("nav a[href='#djup']",)),
        Seen(find=("TOC",), text=("1.1 Synlig",), absent=("toc",)),
        Seen(find=("//w:instrText[contains(., 'TOC')]",), text=("Synlig",), absent=("toc",)),
        head="toc: true\ntoc-depth: 2\n",
    ),
    _case(
        FRONT,
        "`number-sections`, `number-depth`",
        "## Ett\n\n### Två\n\nText.",
        Seen(text=("1.1 Ett", "Två"), absent=("1.1.1",)),
        Seen(text=("1.1 Ett", "Två"), absent=("1.1.1",)),
        Seen(text=("Ett", "Två"), absent=("1.1.1",)),
        head="number-depth: 2\n",
    ),
    _case(
        FRONT,
        "`shift-heading-level-by`",
        "# Ett\n\nText.",
        Seen(find=("main h2, h2#ett, section h2",), absent=("shift",)),
        Seen(text=("Ett Text.",), absent=("shift",)),
        Seen(find=("//w:pStyle[@w:val='Heading2']",), missing=("//w:pStyle[@w:val='Heading1']",)),
        head="shift-heading-level-by: 1\n",
    ),
    _case(
        FRONT,
        "`abstract`",
        "Text.",
        Seen(text=("Kort sagt.",), absent=("abstract:",)),
        head="abstract: Kort sagt.\n",
    ),
    _case(
        CELLS,
        "`echo`, `output`, `label`, `fig-cap`, inbäddat `{python}`",
        "```{python}\n#| echo: false\n#| output: asis\nx = 4\nprint(f'Det är **{x}**.')\n```\n\n"
        "```{python}\n#| eval: false\n1 / 0\n```\n\nVärdet är `{python} x + 1`.",
        Seen(
            text=("Det är 4.", "1 / 0", "Värdet är 5."),
            absent=("print", "ZeroDivisionError", "#|"),
        ),
    ),
)
