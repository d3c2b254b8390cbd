"""Running text."""

from __future__ import annotations

from tests.quarto.fall.form import Case, Seen

GROUP = "Text"


def _case(name: str, source: str, *seen: Seen, head: str = "", listed: bool = True) -> Case:
    html, pdf, docx = seen
    return Case(GROUP, name, source, html, pdf, docx, head=head, listed=listed)


def _run(what: str) -> str:
    return f"//w:r[w:rPr/w:{what}]/w:t[. = 'ord']"


CASES = (
    _case(
        "*kursiv*, **fet**, ~~struken~~",
        "*ord* **ord** ~~ord~~",
        Seen(find=("em", "strong", "del"), text=("ord ord ord",), absent=("*", "~")),
        Seen(text=("ord ord ord",), absent=("*", "~")),
        Seen(find=(_run("i"), _run("b"), _run("strike")), text=("ord ord ord",), absent=("*", "~")),
    ),
    _case(
        "upphöjt och nedsänkt: `x^2^`, `H~2~O`",
        "x^ord^ H~ord~",
        Seen(find=("sup", "sub"), absent=("^", "~")),
        Seen(text=("ord",), absent=("^", "~")),
        Seen(
            find=("//w:vertAlign[@w:val='superscript']", "//w:vertAlign[@w:val='subscript']"),
            absent=("^", "~"),
        ),
    ),
    _case(
        "understruken, kapitäler, märkt: `[text]{.underline}`, `.smallcaps`, `.mark`",
        "[ord]{.underline} [ord]{.smallcaps} [ord]{.mark}",
        Seen(find=("u", ".smallcaps", "mark"), text=("ord ord ord",), absent=("{.",)),
        Seen(text=("ord ord ord",), absent=("{.",)),
        Seen(
            find=(_run("u"), _run("smallCaps"), "//w:r[w:rPr/w:rStyle]/w:t[. = 'ord']"),
            absent=("{.",),
        ),
    ),
    _case(
        "tangent: `<kbd>` och `[Ctrl]{.kbd}`",
        "Tryck <kbd>Ctrl</kbd> och [Esc]{.kbd}.",
        Seen(find=("kbd",), text=("Tryck Ctrl och Esc.",), absent=("<kbd>",)),
        Seen(text=("Tryck Ctrl och Esc",), absent=("<kbd>",)),
        Seen(
            find=("//w:r[w:rPr/w:rStyle/@w:val='VerbatimChar']/w:t[. = 'Esc']",),
            text=("Tryck Ctrl och Esc.",),
            absent=("<kbd>",),
        ),
    ),
    _case(
        'citattecken och tankstreck: `"så"`, `--`',
        "Han sa \"så\" -- och 'så'...",
        *(3 * [Seen(text=("Han sa ”så” – och ’så’…",), absent=('"', "--"))]),
    ),
    _case(
        "länk och adress",
        "Se [kommunens sida](https://exempel.se/a?b=1&c=2) och <https://exempel.se>.",
        Seen(
            find=("a[href='https://exempel.se/a?b=1&c=2']",),
            text=("Se kommunens sida och https://exempel.se.",),
            absent=("](",),
        ),
        Seen(find=("Link",), text=("Se kommunens sida och https://exempel.se.",), absent=("](",)),
        Seen(
            find=("//w:hyperlink[@r:id]",),
            text=("Se kommunens sida och https://exempel.se.",),
            absent=("](",),
        ),
    ),
    _case(
        "länk till rubrik: `[text](#rubrik)`",
        "## Mål {#mal}\n\nSe [målen](#mal).",
        Seen(find=("a[href='#mal']", "#mal"), text=("Se målen.",), missing=("a.quarto-xref",)),
        Seen(find=("Link",), text=("Se målen.",), absent=("#mal",)),
        Seen(find=("//w:hyperlink[@w:anchor='_Ref_mal']",), text=("Se målen.",), absent=("#mal",)),
    ),
    _case(
        "fotnot: `[^1]` och `^[direkt]`",
        "Ett.[^1] Två.^[Direkt not.]\n\n[^1]: Notens text.",
        Seen(
            find=("[role=doc-noteref][href='#fn2']", "#fn2 [role=doc-backlink]"),
            text=("Notens text.", "Direkt not."),
            absent=("[^",),
        ),
        Seen(find=("Note",), text=("Notens text.", "Direkt not."), absent=("[^",)),
        Seen(find=("//w:footnoteReference",), absent=("[^", "Notens text.")),
    ),
    _case(
        "punktlista, numrerad lista, nästlad",
        "1. Ett\n2. Två\n    - inre\n\n- punkt",
        Seen(find=("ol li ul li", "main ul"), text=("inre",), absent=("- ",)),
        Seen(find=("L", "LI", "Lbl"), text=("1. Ett 2. Två",), absent=("- ",)),
        Seen(find=("//w:numPr/w:ilvl[@w:val='1']",), text=("inre",), absent=("1. ",)),
    ),
    _case(
        "lista med bokstäver, med början: `c.`",
        "c. Tre\nd. Fyra",
        Seen(find=("ol[start='3'][type='a']",), text=("Fyra",), absent=("c.",)),
        Seen(find=("L",), text=("c. Tre d. Fyra",), absent=("1.",)),
        Seen(find=("//w:numPr",), text=("Fyra",), absent=("c. ",)),
    ),
    _case(
        "att göra: `- [ ]`, `- [x]`",
        "- [ ] kvar\n- [x] klart",
        Seen(find=("li input[type=checkbox][checked]",), text=("kvar", "klart"), absent=("[x]",)),
        Seen(text=("☐ kvar", "☒ klart"), absent=("[x]", "•")),
        Seen(find=("//w:numPr",), text=("kvar klart",), absent=("[x]",)),
    ),
    _case(
        "exempellista: `(@x)`, med hänvisning",
        "(@a) Ett.\n\nMellan.\n\n(@b) Två, se (@a).",
        Seen(find=("ol[start='2']",), text=("Två, se (1).",), absent=("@",)),
        Seen(text=("(1) Ett.", "(2) Två, se (1)."), absent=("@",)),
        Seen(text=("Två, se (1).",), absent=("@",)),
    ),
    _case(
        "definitioner",
        "Ord\n:   Förklaring.\n:   En till.",
        Seen(find=("dl dt", "dl dd + dd"), text=("Förklaring.",), absent=(": ",)),
        Seen(text=("Ord", "Förklaring. En till."), absent=(": ",)),
        Seen(
            find=("//w:pStyle[@w:val='DefinitionTerm']",), text=("Ord Förklaring.",), absent=(": ",)
        ),
    ),
    _case(
        "rader som de står: `| rad`",
        "| Ett\n|   Två",
        Seen(find=(".line-block br",), text=("Ett Två",), missing=("table",), absent=("|",)),
        Seen(text=("Ett Två",), absent=("|",)),
        Seen(find=("//w:br",), text=("Ett Två",), absent=("|",)),
    ),
    _case(
        "citat: `> text`",
        "> Citerat.\n\nEfter.",
        Seen(find=("blockquote p",), text=("Citerat. Efter.",), absent=(">",)),
        Seen(find=("BlockQuote",), text=("Citerat. Efter.",), absent=(">",)),
        Seen(find=("//w:pStyle[@w:val='BlockText']",), text=("Citerat. Efter.",), absent=(">",)),
    ),
    _case(
        "linje: `---`",
        "Ett.\n\n---\n\nTvå.",
        Seen(find=("hr",), text=("Ett. Två.",), absent=("---",)),
        Seen(text=("Ett. Två.",), absent=("---",)),
        Seen(text=("Ett. Två.",), absent=("---",)),
    ),
    _case(
        "rubrik utan nummer: `{.unnumbered}`",
        "## Ett\n\n## Två {.unnumbered}\n\n## Tre",
        *(3 * [Seen(text=("Två",), absent=("1.3",))]),
    ),
    _case(
        "rubrik utanför innehållet: `{.unnumbered .unlisted}`",
        "## Synlig\n\n## Dold {.unnumbered .unlisted}\n\nText.",
        Seen(find=("nav a[href='#synlig']", "#dold"), missing=("nav a[href='#dold']",)),
        Seen(find=("TOC",), text=("Dold Text.",), absent=("Dold .", "Dold 3")),
        Seen(
            find=("//w:p[w:pPr/w:pStyle/@w:val='Heading2'][contains(., 'Dold')]",),
            text=("Dold Text.",),
            absent=("1.2",),
            becomes="står med i innehållet",
        ),
        head="toc: true\n",
    ),
    _case(
        "språk: `[text]{lang=en}`",
        "[The board]{lang=en} beslutade.\n\n::: {lang=de}\nDer Rat.\n:::",
        Seen(
            find=("span[lang=en]", "div[lang=de]"), text=("The board beslutade.",), absent=("lang",)
        ),
        Seen(text=("The board beslutade.", "Der Rat."), absent=("lang",)),
        Seen(find=("//w:lang[@w:val='en']",), text=("The board beslutade.",), absent=("lang",)),
    ),
    _case(
        "formel i text: `$x^2$`",
        "Här är $x^2$ kvar, men 5$ och 6$ är pengar.",
        Seen(find=("p math",), text=("5$ och 6$",), missing=(".ekvation",)),
        Seen(find=("Formula",), text=("5$ och 6$",), absent=("x^2",)),
        Seen(find=("//m:oMath",), text=("5$ och 6$",), absent=("x^2",)),
    ),
    _case(
        "formel på egen rad: `$$ … $$`",
        "Före:\n$$ a^2 + b^2 $$\nefter.",
        Seen(find=("math[display=block]",), text=("Före:", "efter."), missing=(".ekvnummer",)),
        Seen(find=("Formula",), text=("Före:", "𝑎2 + 𝑏2", "efter."), absent=("(1)", "$$")),
        Seen(find=("//m:oMathPara",), text=("Före:", "efter."), absent=("(1)", "$$")),
    ),
    _case(
        'formel som läses upp: `{#eq-x alt="…"}`',
        "$$ E = mc^2 $$ {#eq-x alt=\"E är lika med 'm' c i kvadrat\"}",
        Seen(find=("#eq-x[aria-label*=\"E är lika med 'm' c i kvadrat\"]",), absent=("alt=",)),
        Seen(find=("Formula=E är lika med 'm' c i kvadrat",), absent=("alt=",)),
        Seen(
            find=("//m:oMath",), text=("(1)",), absent=("alt=",), becomes="formeln läses som den är"
        ),
    ),
    _case(
        "emoji: `:smile:`",
        "Bra :smile:",
        *(
            3
            * [
                Seen(
                    text=("Bra :smile:",),
                    absent=("😄",),
                    becomes="står som det skrivs, som i Quarto",
                )
            ]
        ),
    ),
)
