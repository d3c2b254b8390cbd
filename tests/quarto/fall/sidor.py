"""Columns, margins, pages, content per format."""

from __future__ import annotations

from tests.quarto.fall.form import Case, Seen

GROUP = "Sidor, spalter och format"


def _case(name: str, source: str, *seen: Seen, head: str = "", listed: bool = True) -> Case:
    html, pdf, docx = seen
    return Case(GROUP, name, source, html, pdf, docx, head=head, listed=listed)


COLUMNS = (
    ":::: {.columns}\n::: {.column width=30%}\nVänster.\n:::\n"
    "::: {.column width=70%}\nHöger.\n:::\n::::"
)

CASES = (
    _case(
        "spalter: `.columns`, `.column`",
        COLUMNS,
        Seen(
            find=(".columns[style*='30fr'] > .column + .column",),
            text=("Vänster.", "Höger."),
            missing=("table", "[width]"),
        ),
        Seen(text=("Vänster. Höger.",), missing=("Table",)),
        Seen(
            text=("Vänster. Höger.",),
            missing=("//w:tbl", "//w:cols[@w:num > 1]"),
            becomes="efter varandra",
        ),
    ),
    _case(
        "i marginalen: `.column-margin`, `.aside`",
        "Text.\n\n::: {.column-margin}\nVid sidan.\n:::\n\nMer [kort not]{.aside} text.",
        Seen(
            find=("div.column-margin p", "span.aside"),
            text=("Vid sidan.", "kort not"),
            absent=(":::",),
        ),
        Seen(
            text=("Vid sidan.", "(kort not)"), absent=(":::",), becomes="i liten stil på sin plats"
        ),
        Seen(
            find=("//w:p[w:pPr/w:pStyle/@w:val='Tabellnot'][.//w:t]",),
            text=("Vid sidan.", "(kort not)"),
            absent=(":::",),
            becomes="i liten stil på sin plats",
        ),
    ),
    _case(
        "bredare än texten: `.column-page`, `.column-screen`",
        "::: {.column-page}\nBrett.\n:::\n\n::: {.column-body}\nVanligt.\n:::",
        Seen(
            find=("div.column-page p",),
            text=("Brett. Vanligt.",),
            absent=(":::",),
            becomes="sidans bredd",
        ),
        Seen(text=("Brett. Vanligt.",), absent=(":::",), becomes="sidans bredd"),
        Seen(text=("Brett. Vanligt.",), absent=(":::",), becomes="sidans bredd"),
    ),
    _case(
        "sidbrytning: `{{< pagebreak >}}`",
        "Ett.\n\n{{< pagebreak >}}\n\nTvå.",
        Seen(
            find=(".sidbrytning",),
            text=("Ett. Två.",),
            absent=("pagebreak",),
            becomes="vid utskrift",
        ),
        Seen(text=("Ett.", "Två."), absent=("pagebreak", "Ett. Två.")),
        Seen(
            find=("//w:p[w:pPr/w:pageBreakBefore][contains(., 'Två.')]",),
            text=("Ett. Två.",),
            absent=("pagebreak",),
        ),
    ),
    _case(
        "liggande sida: `.landscape`",
        "Före.\n\n::: {.landscape}\nLiggande.\n:::\n\nEfter.",
        Seen(
            find=(".landscape p",),
            text=("Före. Liggande. Efter.",),
            absent=(":::",),
            becomes="som annan text",
        ),
        Seen(text=("Liggande.",), absent=("Före. Liggande.", ":::")),
        Seen(
            find=("//w:pgSz[@w:orient='landscape']", "//w:pgSz[not(@w:orient='landscape')]"),
            text=("Före. Liggande. Efter.",),
            absent=(":::",),
        ),
    ),
    Case(
        GROUP,
        "liggande sida i ett eget dokument",
        "Stående.\n\n::: {.landscape}\nLiggande.\n:::\n\nÅter stående.",
        Seen(find=("div.landscape",), text=("Stående. Liggande. Åter",), becomes="som annan text"),
        Seen(text=("Stående.", "Liggande.", "Åter"), absent=("Stående. Liggande.", "flipped")),
        Seen(
            find=("//w:sectPr/w:pgSz[@w:orient='landscape']",),
            text=("Liggande.",),
            missing=("//w:body/w:sectPr/w:pgSz[@w:orient='landscape']",),
        ),
        single=True,
        listed=False,
    ),
    _case(
        "bilaga: `# Rubrik {.appendix}`",
        "# Bilagan {.appendix}\n\nSist.\n\n# Kapitel\n\nFörst.",
        *(2 * [Seen(text=("Kapitel Först.", "Bilagan Sist."), absent=("2 Kapitel", "2 Bilagan"))]),
        Seen(text=("Kapitel Först. Bilagan Sist.",), absent=("Bilagan Sist. Kapitel",)),
    ),
    _case(
        'bara i ett format: `.content-visible when-format="…"`',
        '::: {.content-visible when-format="html"}\nBara webb.\n:::\n\n'
        '::: {.content-visible when-format="typst"}\nBara PDF.\n:::\n\n'
        '::: {.content-visible when-format="docx"}\nBara Word.\n:::\n\n'
        '::: {.content-hidden when-format="html"}\nEj webb.\n:::',
        Seen(text=("Bara webb.",), absent=("Bara PDF.", "Bara Word.", "Ej webb.")),
        Seen(text=("Bara PDF. Ej webb.",), absent=("Bara webb.", "Bara Word.")),
        Seen(text=("Bara Word. Ej webb.",), absent=("Bara webb.", "Bara PDF.")),
    ),
    _case(
        'utom i ett format: `unless-format="…"`, i text och för kod',
        '::: {.content-visible unless-format="html"}\nEj webb.\n:::\n\n'
        '::: {.content-hidden unless-format="docx"}\nBara Word.\n:::\n\n'
        'Ett [utom i PDF]{.content-visible unless-format="typst"} ord.\n\n'
        '``` {.content-visible unless-format="pdf"}\nkod\n```',
        Seen(text=("Ett utom i PDF ord. kod",), absent=("Ej webb.", "Bara Word.")),
        Seen(text=("Ej webb. Ett ord. kod",), absent=("Bara Word.", "utom i PDF")),
        Seen(text=("Ej webb. Bara Word. Ett utom i PDF ord. kod",), absent=("unless",)),
    ),
    _case(
        'flera villkor: `when-format="…"` och `unless-meta="…"`',
        '::: {.content-visible when-format="html" unless-meta="data.finns"}\nBåda.\n:::\n\n'
        '::: {.content-hidden when-format="html" when-meta="data.finns"}\nGömd på webben.\n:::',
        Seen(text=("Kapitlet",), absent=("Båda.", "Gömd")),
        *(2 * [Seen(text=("Gömd på webben.",), absent=("Båda.",))]),
        head="data:\n  finns: true\n",
    ),
    _case(
        'efter profil: `when-profile="…"`, `unless-profile="…"`',
        '::: {.content-visible when-profile="utkast"}\nI utkast.\n:::\n\n'
        '::: {.content-visible unless-profile="utkast"}\nAnnars.\n:::',
        *(3 * [Seen(text=("Annars.",), absent=("I utkast.",), becomes="ingen profil är vald")]),
    ),
    _case(
        "text i ett annat format: ` ```{=pandoc-reader-rst} `",
        "```{=pandoc-reader-rst}\n*kursiv* och ``kod``\n```\n\n# Därefter",
        Seen(find=("em", "code"), text=("kursiv och kod",), absent=("*", "``")),
        Seen(find=("Code",), text=("kursiv och kod",), absent=("*", "``")),
        Seen(find=("//w:rPr/w:i",), text=("kursiv och kod",), absent=("*", "``")),
    ),
    _case(
        'efter uppgift: `when-meta="…"`',
        '::: {.content-visible when-meta="data.finns"}\nFinns.\n:::\n\n'
        '::: {.content-visible unless-meta="data.finns"}\nSaknas.\n:::',
        *(3 * [Seen(text=("Finns.",), absent=("Saknas.",))]),
        head="data:\n  finns: true\n",
    ),
    _case(
        "eget format: ` ```{=html} `, `{=typst}`, `{=openxml}`",
        '```{=html}\n<p class="egen">Webb.</p>\n```\n\n```{=typst}\n#par[Typst.]\n```\n\n'
        "```{=openxml}\n<w:p><w:r><w:t>Ooxml.</w:t></w:r></w:p>\n```\n\n```{=latex}\n\\emph{Latex.}\n```",
        Seen(
            find=("p.egen",),
            text=("Webb.",),
            absent=("Typst.", "Ooxml.", "Latex."),
            warning="LaTeX-koden \\emph{Latex.} visas inte i webbsidan",
        ),
        Seen(fault="HTML som inte är en tabell"),
        Seen(fault="HTML som inte är en tabell"),
        listed=False,
    ),
    _case(
        "HTML i text: `<span>`, `<img>`",
        'Ett <span class="x">ord</span> och <img src="data:image/png;base64,AA" alt="bild"> här.',
        Seen(find=("span.x", "img"), text=("Ett ord och",), absent=("<span",)),
        Seen(
            text=("Ett ord och här.",),
            absent=("<span",),
            warning="visas inte i PDF",
            becomes="texten, med varning",
        ),
        Seen(
            text=("Ett ord och här.",),
            absent=("<span",),
            warning="visas inte i Word",
            becomes="texten, med varning",
        ),
    ),
    _case(
        "eget format, i ett villkor",
        '::: {.content-visible when-format="html"}\n```{=html}\n<p class="egen">Webb.</p>\n'
        "```\n:::\n\n"
        "```{=typst}\n#par[Typst.]\n```\n\n```{=openxml}\n<w:p><w:r><w:t>Ooxml.</w:t></w:r></w:p>\n```",
        Seen(find=("p.egen",), text=("Webb.",), absent=("Typst.", "Ooxml.")),
        Seen(text=("Typst.",), absent=("Webb.", "Ooxml.")),
        Seen(text=("Ooxml.",), absent=("Typst.", "Webb.")),
    ),
    _case(
        'egen stil i Word: `custom-style="…"`',
        '::: {custom-style="Faktaruta"}\nI ruta.\n:::\n\n[ord]{custom-style="Platshållare"}',
        Seen(text=("I ruta. ord",), missing=("[custom-style]",), becomes="vanlig text"),
        Seen(text=("I ruta. ord",), absent=("Faktaruta",), becomes="vanlig text"),
        Seen(
            find=("//w:p[w:pPr/w:pStyle/@w:val='Faktaruta']", "//w:rStyle[@w:val='Platshallare']"),
            absent=("custom-style",),
        ),
    ),
    _case(
        "egen klass och id: `::: {#x .y}`",
        '::: {#min .egen data-a="1"}\nText.\n:::\n\nSe [den gula rutan](#min).',
        Seen(find=("div#min.egen", "a[href='#min']"), text=("Text.",), absent=("egen",)),
        Seen(find=("Link",), text=("Text.",), absent=("egen",)),
        Seen(
            find=("//w:bookmarkStart[@w:name='min']", "//w:hyperlink[@w:anchor='min']"),
            absent=("egen",),
        ),
    ),
    _case(
        "inmatning och sidopaneler: `.panel-input`, `.panel-sidebar`",
        "::: {.panel-sidebar}\nText.\n:::\n\n::: {.panel-sidebar}\nMer.\n:::",
        *(
            3
            * [
                Seen(
                    text=("Text. Mer.",),
                    absent=(":::",),
                    warning="(.panel-sidebar) stöds inte",
                    supported=False,
                    becomes="nej: vanlig text, med varning",
                )
            ]
        ),
    ),
)
