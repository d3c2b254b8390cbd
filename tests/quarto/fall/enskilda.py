"""Shortcodes, front matter and cells: what is done before the Markdown is typeset."""

from __future__ import annotations

from tests.quarto.fall.form import Case, Seen

SHORTCODES = "Kortkoder"
FRONT = "Förord"


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
        "`{{< include >}}`, med hänvisning över filgränsen",
        "Se @fig-x och @sec-bit.\n\n{{< include _bit.qmd >}}",
        Seen(
            find=("a[href='#fig-x']", "a[href='#sec-bit']"),
            text=("Se Figur 1 och Avsnitt 1.1.",),
            absent=("?@", "{{<"),
        ),
        Seen(find=("Link",), text=("Se Figur 1 och Avsnitt 1.1.",), absent=("?@", "{{<")),
        Seen(
            find=("//w:bookmarkStart[@w:name='fig-x']",),
            text=("Se Figur 1 och",),
            absent=("?@", "{{<"),
        ),
        files={"_bit.qmd": "## Biten {#sec-bit}\n\n![En bild](a.svg){#fig-x fig-alt='En ruta'}\n"},
    ),
    _case(
        SHORTCODES,
        "`{{< include >}}` av en fil som inte finns",
        "{{< include _saknas.qmd >}}",
        Seen(fault="_saknas.qmd"),
        listed=False,
    ),
    _case(
        SHORTCODES,
        "`{{< var >}}`",
        "Antal: {{< var tal.barn >}}. Skrivet: `{{< var tal.barn >}}`.",
        Seen(text=("Antal: 12. Skrivet: 12.",), absent=("{{<", "tal.barn", "?var")),
        files={"_variables.yml": "tal:\n  barn: 12\n"},
    ),
    _case(
        SHORTCODES,
        "`{{< var >}}` utan värde",
        "Antal: {{< var saknas >}}.",
        Seen(text=("Antal: ?var:saknas.",), absent=("{{<",), warning="Värdet «var:saknas»"),
        listed=False,
    ),
    _case(
        SHORTCODES,
        "`{{< env >}}`, med värde för den som saknas",
        "Ur {{< env BERATTELSE_PROV >}}, annars {{< env BERATTELSE_SAKNAS reserv >}}.",
        Seen(text=("Ur *miljön*, annars reserv.",), absent=("{{<", "BERATTELSE")),
    ),
    _case(
        SHORTCODES,
        "`{{< version >}}`",
        "Version {{< version >}}!",
        Seen(text=("Version ",), absent=("{{<", "Version !", "version >")),
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
        "`date-format`",
        "Text.",
        Seen(find=("time[datetime='2023-02-10']",), missing=("time[datetime='10/2 2023']",)),
        Seen(text=("fredag 10/2 2023",), absent=("2023-02-10", "dddd")),
        Seen(text=("fredag 10/2 2023",), absent=("dddd",)),
        head="date: 2023-02-10\ndate-format: dddd D/M YYYY\n",
    ),
    _case(
        FRONT,
        "`subtitle` i flera stycken",
        "Text.",
        Seen(find=("h1",), missing=("p.subtitle:empty",)),
        Seen(text=("Först", "Sedan"), absent=("subtitle",)),
        Seen(text=("Först", "Sedan"), absent=("subtitle",)),
        head="subtitle: |\n  Först\n\n  Sedan\n",
    ),
    _case(
        FRONT,
        "`lang`, med dess ord: `lang: en`",
        "::: {.callout-note}\nText.\n:::\n\n![En bild](a.svg){#fig-x fig-alt='En ruta'}\n\n@fig-x",
        Seen(find=("html[lang=en]",), text=("Figure 1: En bild", "Note"), absent=("Figur 1",)),
        Seen(text=("Figure 1: En bild", "Note"), absent=("Figur 1",)),
        Seen(text=("Figure 1: En bild", "Note"), absent=("Figur 1",)),
        head="lang: en\n",
    ),
    _case(
        FRONT,
        "ord på danska, norska, finska, tyska, franska och spanska: `lang: fi`",
        "::: {.callout-tip}\nText.\n:::\n\n![En bild](a.svg){#fig-x fig-alt='En ruta'}\n\n@fig-x",
        Seen(find=("html[lang=fi]",), text=("Kuva 1: En bild", "Vihje"), absent=("Figure 1",)),
        Seen(text=("Kuva 1: En bild", "Vihje"), absent=("Figure 1",)),
        Seen(text=("Kuva 1: En bild", "Vihje"), absent=("Figure 1",)),
        head="lang: fi\n",
    ),
    _case(
        FRONT,
        "egna ord: `language: crossref-fig-title`",
        "![En bild](a.svg){#fig-x fig-alt='En ruta'}\n\nSe @fig-x.",
        Seen(text=("Bild 1: En bild",), absent=("Figur 1: En",)),
        head="language:\n  crossref-fig-title: Bild\n",
    ),
    _case(
        FRONT,
        "`citation`, `appendix-cite-as: display`",
        "Text.",
        Seen(
            find=("#quarto-citation .quarto-appendix-citeas",),
            text=("Eva Ek. 2023. Prov.",),
            missing=(".quarto-appendix-bibtex",),
        ),
        *(2 * [Seen(text=("Eva Ek", "Text."), absent=("@online",), becomes="står inte med")]),
        head="author: Eva Ek\ndate: 2023-02-10\ncitation: true\nappendix-cite-as: display\n",
    ),
    _case(
        FRONT,
        "`citation`, som BibTeX",
        "Text.",
        Seen(
            find=(".quarto-appendix-bibtex code",),
            text=("@online{ek2023,", "author = {Eva Ek}"),
            absent=("@misc",),
        ),
        *(2 * [Seen(text=("Eva Ek", "Text."), absent=("@online",))]),
        head="author: Eva Ek\ndate: 2023-02-10\ncitation: true\n",
        listed=False,
    ),
    _case(
        FRONT,
        "`_brand.yml` med för liten kontrast, i ett eget dokument",
        "Text.",
        Seen(
            text=("Text.",), absent=("Varumärket",), warning="Den grafiska profilen används inte."
        ),
        files={"_brand.yml": "color:\n  primary: '#ffee00'\n"},
        listed=False,
    ),
    _case(
        FRONT,
        "`abstract`",
        "Text.",
        Seen(text=("Kort sagt.",), absent=("abstract:",)),
        head="abstract: Kort sagt.\n",
    ),
)
