"""Cross-references."""

from __future__ import annotations

from tests.quarto.fall.form import Case, Seen

GROUP = "Korsreferenser"
FIG = '![En bild](a.svg){#fig-x fig-alt="Den ökar."}'
TBL = "| A | B |\n|---|--:|\n| 1 | 2 |\n\n: En tabell {#tbl-x}"
REF = "//w:r[w:instrText[contains(., 'REF _Ref_%s')]]"


def _case(name: str, source: str, *seen: Seen, head: str = "", listed: bool = True) -> Case:
    html, pdf, docx = seen
    return Case(GROUP, name, source, html, pdf, docx, head=head, listed=listed)


def _same(text: str, absent: str = "?@") -> Seen:
    return Seen(text=(text,), absent=(absent,))


CASES = (
    _case(
        "figur: `@fig-x`",
        f"{FIG}\n\nSe @fig-x.",
        Seen(
            find=("figure#fig-x figcaption", "a.quarto-xref[href='#fig-x']"),
            text=("Se Figur 1.",),
            absent=("@fig",),
        ),
        Seen(
            find=("Figure=Den ökar.", "Caption"),
            text=("Se Figur 1.", "Figur 1. En bild"),
            absent=("@fig",),
        ),
        Seen(
            find=(REF % "fig_x", "//w:bookmarkStart[@w:name='_Ref_fig_x']"),
            text=("Se Figur 1.",),
            absent=("@fig",),
        ),
    ),
    _case(
        "tabell: `@tbl-x`",
        f"{TBL}\n\nSe @tbl-x.",
        Seen(
            find=("#tbl-x table caption", "a.quarto-xref[href='#tbl-x']"),
            text=("Se Tabell 1.",),
            missing=("figure",),
        ),
        Seen(find=("Table", "Caption"), text=("Se Tabell 1.",), missing=("Figure",)),
        Seen(
            find=(REF % "tbl_x", "//w:tbl", "//w:instrText[contains(., 'SEQ Tabell')]"),
            text=("Se Tabell 1.",),
            missing=("//w:drawing",),
        ),
    ),
    _case(
        "avsnitt: `@sec-x`, numrerat eller ej",
        "## Ett {#sec-ett}\n\n## Två {#sec-tva .unnumbered}\n\nSe @sec-ett och @sec-tva.",
        Seen(
            find=("a.quarto-xref[href='#sec-ett']",),
            text=("Se Avsnitt 1.1 och Avsnitt ”Två”.",),
            absent=("1.2",),
        ),
        Seen(text=("Se Avsnitt 1.1 och Avsnitt ”Två”.",), absent=("1.2",)),
        Seen(
            find=("//w:instrText[contains(., 'REF _Ref_sec_ett \\r \\h')]",),
            text=("Se Avsnitt 1.1 och Avsnitt ”Två”.",),
            absent=("1.2",),
        ),
    ),
    _case(
        "formel: `@eq-x`",
        "$$ E = mc^2 $$ {#eq-x}\n\n$$ a $$\n\nSe @eq-x.",
        Seen(
            find=("span#eq-x > span.math math", "#eq-x .ekvnummer"),
            text=("Se Ekvation 1.", "(1)"),
            absent=("{#eq", "(2)"),
        ),
        Seen(find=("Formula",), text=("Se Ekvation 1.", "(1)"), absent=("{#eq", "(2)")),
        Seen(
            find=("//m:oMath", REF % "eq_x_n"),
            text=("Se Ekvation 1.", "(1)"),
            absent=("{#eq", "(2)"),
        ),
    ),
    _case(
        "kodlista: `@lst-x`",
        '```{#lst-x .python lst-cap="Kod som *räknar*"}\nx = 1\n```\n\nSe @lst-x.',
        Seen(
            find=("div#lst-x figcaption em", "div#lst-x pre.sourceCode"),
            text=("Se Lista 1.", "Lista 1. Kod som räknar"),
            absent=("lst-cap", "Figur"),
        ),
        Seen(text=("Se Lista 1.", "Lista 1. Kod som räknar", "x = 1"), absent=("lst-cap", "Figur")),
        Seen(
            find=("//w:instrText[contains(., 'SEQ Lista')]",),
            text=("Se Lista 1.", "x = 1"),
            absent=("lst-cap", "Figur"),
        ),
    ),
    _case(
        "sats, lemma, följdsats, definition m.fl.: `@thm-x`",
        "::: {#thm-x}\n## Linjen\n\nEn linje.\n:::\n\n::: {#lem-x}\nEtt lemma.\n:::\n\n"
        "::: {#def-x}\nEn definition.\n:::\n\nSe @thm-x, @lem-x och @def-x.",
        Seen(
            find=("div#thm-x.theorem .theorem-title", "a.quarto-xref[href='#thm-x']"),
            text=("Teorem 1 (Linjen) En linje.", "Se Teorem 1, Lemma 1 och Definition 1."),
            missing=("#thm-x h2", "#thm-x h3"),
            absent=("()",),
        ),
        Seen(
            text=("Teorem 1 (Linjen)", "Se Teorem 1, Lemma 1 och Definition 1."),
            missing=("H2",),
            absent=("()",),
        ),
        Seen(
            find=("//w:instrText[contains(., 'SEQ Teorem')]",),
            text=("Teorem 1 (Linjen). En linje.", "Se Teorem 1, Lemma 1 och Definition 1."),
            absent=("()",),
        ),
    ),
    _case(
        "påstående, förmodan, exempel, uppgift, följdsats: `@prp-x` …",
        "::: {#prp-x}\nA.\n:::\n\n::: {#cnj-x}\nB.\n:::\n\n::: {#exm-x}\nC.\n:::\n\n"
        "::: {#exr-x}\nD.\n:::\n\n"
        "::: {#cor-x}\nE.\n:::\n\nSe @prp-x, @cnj-x, @exm-x, @exr-x, @cor-x.",
        *(3 * [_same("Se Påstående 1, Förmodan 1, Exempel 1, Uppgift 1, Följdsats 1.")]),
    ),
    _case(
        "bevis, anmärkning, lösning (`.proof`, `.remark`, `.solution`)",
        "::: {.proof}\nTy så är det.\n:::\n\n::: {.remark}\nObs.\n:::\n\n::: {.solution}\n"
        "Svar.\n:::",
        Seen(
            find=(".proof .theorem-title em", ".remark", ".solution"),
            text=("Bevis. Ty så är det.", "Anmärkning. Obs.", "Lösning. Svar."),
            absent=("Bevis 1",),
        ),
        Seen(text=("Bevis", "Anmärkning", "Lösning"), absent=("Bevis 1",)),
        Seen(
            find=("//w:r[w:rPr/w:i]/w:t[contains(., 'Bevis')]",),
            text=("Bevis. Ty så är det.",),
            absent=("Bevis 1",),
        ),
    ),
    _case(
        "ruta: `@nte-x`, `@wrn-x` …",
        "::: {#nte-x .callout-note}\n## Om kronor\nText.\n:::\n\n"
        "::: {#wrn-x .callout-warning}\nMer.\n:::\n\n"
        "::: {.callout-tip}\nUtan nummer.\n:::\n\nSe @nte-x och @wrn-x.",
        Seen(
            find=("div#nte-x.callout-note", "a.quarto-xref[href='#wrn-x']"),
            text=("Notera 1. Om kronor", "Se Notera 1 och Varning 1."),
            absent=("Tips 1",),
        ),
        Seen(text=("Notera 1. Om kronor", "Se Notera 1 och Varning 1."), absent=("Tips 1",)),
        Seen(
            find=("//w:bookmarkStart[@w:name='_Ref_nte_x']",),
            text=("Notera 1. Om kronor", "Se Notera 1 och Varning 1."),
            absent=("Tips 1",),
        ),
    ),
    _case(
        "utan ord: `[-@fig-x]`",
        f"{FIG}\n\nI [-@fig-x] syns det.",
        *(3 * [_same("I 1 syns det.", "I Figur")]),
    ),
    _case(
        "flera: `[@fig-x; @tbl-x]`",
        f"{FIG}\n\n{TBL}\n\nSe [@fig-x; @tbl-x].",
        *(3 * [_same("Se Figur 1, Tabell 1.", ";")]),
    ),
    _case(
        "eget ord: `[Bild @fig-x]`",
        f"{FIG}\n\nSe [Bild @fig-x].",
        *(3 * [_same("Se Bild 1.", "Se Figur")]),
    ),
    _case(
        "stor bokstav: `@Fig-x`",
        f"{FIG}\n\n@Fig-x visar.",
        *(3 * [_same("Diagram 1 visar.", "diagram 1 visar")]),
        head="crossref:\n  fig-prefix: diagram\n",
    ),
    _case(
        "del av figur: `@fig-x-1`",
        '::: {#fig-x layout-ncol=2}\n![Ett](a.svg){#fig-x-1 fig-alt="A."}\n\n'
        '![Två](b.svg){#fig-x-2 fig-alt="B."}\n\nBåda\n:::\n\n'
        "Se @fig-x-2 i @fig-x.",
        Seen(
            find=("#fig-x #fig-x-1 figcaption", "a[href='#fig-x-2']"),
            text=("(a) Ett", "(b) Två", "Figur 1. Båda", "Se Figur 1 (b) i Figur 1."),
            absent=("Figur 2",),
        ),
        Seen(
            find=("Figure=A.", "Figure=B."),
            text=("(a) Ett", "(b) Två", "Figur 1. Båda", "Se Figur 1 (b) i Figur 1."),
            absent=("Figur 2",),
        ),
        Seen(
            find=("//w:bookmarkStart[@w:name='_Ref_fig_x_2']",),
            text=("(a) Ett", "(b) Två", "Figur 1. Båda", "Se Figur 1 (b) i Figur 1."),
            absent=("Figur 2",),
            missing=("//w:tbl",),
        ),
    ),
    _case(
        "egna ord: `crossref: fig-title`, `tbl-prefix`",
        f"{FIG}\n\n{TBL}\n\nSe @fig-x och @tbl-x.",
        Seen(text=("Bild 1. En bild", "Tabla 1"), absent=("Figur", "Tabell 1")),
        Seen(text=("Bild 1. En bild", "Tabla 1"), absent=("Figur", "Tabell 1")),
        Seen(text=("Bild 1. En bild", "Tabla 1"), absent=("Figur", "Tabell 1")),
        head="crossref:\n  fig-title: Bild\n  fig-prefix: Bild\n  tbl-prefix: Tabla\n",
    ),
    _case(
        "skiljetecken: `crossref: title-delim`",
        f"{FIG}\n\n{TBL}",
        *(3 * [Seen(text=("Figur 1: En bild", "Tabell 1: En tabell"), absent=("Figur 1.",))]),
        head='crossref:\n  title-delim: ":"\n',
    ),
    _case(
        "numrering: `fig-labels: alpha A`, `subref-labels: roman i`",
        f"{FIG}\n\n" + '::: {#fig-y layout-ncol=2}\n![Ett](a.svg){#fig-y-1 fig-alt="A."}\n\n'
        '![Två](b.svg){#fig-y-2 fig-alt="B."}\n\nBåda\n:::\n\nSe @fig-y-2.',
        *(
            3
            * [
                Seen(
                    text=("Figur A. En bild", "Figur B. Båda", "(ii) Två", "Se Figur B (ii)."),
                    absent=("Figur 1",),
                )
            ]
        ),
        head="crossref:\n  fig-labels: alpha A\n  subref-labels: roman i\n",
    ),
    _case(
        "numrering inom kapitel: `crossref: chapters`",
        f"{FIG}\n\n# Kapitel\n\n{TBL}\n\nSe @fig-x och @tbl-x.",
        *(
            3
            * [
                Seen(
                    text=("Figur 1.1. En bild", "Se Figur 1.1 och Tabell 2.1."),
                    absent=("Tabell 1",),
                )
            ]
        ),
        head="crossref:\n  chapters: true\n",
    ),
    _case(
        "egna slag: `crossref: custom`",
        '::: {#dia-x}\n![](a.svg){fig-alt="Flöde."}\n\nEtt flöde\n:::\n\nSe @dia-x.',
        Seen(
            find=("div#dia-x figcaption", "a[href='#dia-x']"),
            text=("Diagram 1. Ett flöde", "Se Diagram 1."),
            absent=("Figur",),
        ),
        Seen(
            find=("Figure=Flöde.",),
            text=("Diagram 1. Ett flöde", "Se Diagram 1."),
            absent=("Figur",),
        ),
        Seen(
            find=("//w:instrText[contains(., 'SEQ Diagram')]",),
            text=("Se Diagram 1.",),
            absent=("Figur",),
        ),
        head=(
            "crossref:\n  custom:\n    - kind: float\n      key: dia\n"
            "      reference-prefix: Diagram\n      caption-prefix: Diagram\n"
        ),
    ),
    _case(
        "utan länk: `crossref: ref-hyperlink: false`",
        f"{FIG}\n\nSe @fig-x.",
        Seen(text=("Se Figur 1.",), missing=("a[href='#fig-x']",)),
        Seen(text=("Se Figur 1.",), absent=("@fig",)),
        Seen(text=("Se Figur 1.",), missing=("//w:instrText[contains(., ' REF ')]",)),
        head="crossref:\n  ref-hyperlink: false\n",
    ),
    _case(
        "till något som inte finns",
        "Se @fig-borta.",
        *(3 * [Seen(fault="@fig-borta leder ingenstans")]),
        listed=False,
    ),
    _case(
        "till något som inte finns, i ett enskilt dokument",
        "Se @fig-borta.",
        Seen(find=("strong",), text=("?@fig-borta",), warning="@fig-borta"),
        Seen(text=("?@fig-borta",), warning="@fig-borta"),
        Seen(text=("?@fig-borta",), warning="@fig-borta"),
        head="enskilt: true\n",
        listed=False,
    ),
)
