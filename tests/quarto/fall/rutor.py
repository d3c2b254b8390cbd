"""Boxes, tabs and theorems' neighbours: content with a frame of its own."""

from __future__ import annotations

from tests.quarto.fall.form import Case, Seen

GROUP = "Rutor och flikar"
BOX = "//w:p[w:pPr/w:pStyle/@w:val='%s']"


def _case(name: str, source: str, *seen: Seen, head: str = "", listed: bool = True) -> Case:
    html, pdf, docx = seen
    return Case(GROUP, name, source, html, pdf, docx, head=head, listed=listed)


def _kind(kind: str, title: str, style: str) -> Case:
    return _case(
        f"`.callout-{kind}`",
        f"::: {{.callout-{kind}}}\nEn text.\n\n- punkt\n:::",
        Seen(
            find=(f"div.callout.callout-{kind}[role=note] > p", ".callout ul"),
            text=(f"{title} En text.",),
            missing=("main details", "main h3"),
        ),
        Seen(find=("L",), text=(f"{title} En text.",), missing=("H2",)),
        Seen(
            find=(BOX % f"{style}rubrik", BOX % style),
            text=(f"{title} En text.",),
            missing=("//w:tbl",),
        ),
    )


CASES = (
    _kind("note", "Observera", "Faktaruta"),
    _kind("tip", "Tips", "Faktarutatips"),
    _kind("warning", "Varning", "Faktarutavarning"),
    _kind("important", "Viktigt", "Faktarutaviktigt"),
    _kind("caution", "Var försiktig", "Faktarutaforsiktig"),
    _case(
        "rubrik som rubrik i rutan",
        "::: {.callout-note}\n## Om *kronor*\n\nText.\n:::",
        Seen(
            find=(".callout-titel em", ".callout .screen-reader-only"),
            text=("Om kronor",),
            missing=("main h3", "#om-kronor"),
        ),
        Seen(text=("Om kronor",), missing=("H2",)),
        Seen(
            find=(BOX % "Faktarutarubrik" + "/w:r[w:rPr/w:i]",),
            text=("Om kronor",),
            missing=(BOX % "Heading2",),
        ),
    ),
    _case(
        'rubrik som attribut: `title="…"`',
        '::: {.callout-tip title="Gör så & så"}\nText.\n:::',
        Seen(text=("Gör så & så", "Text."), absent=("&amp;",)),
        Seen(text=("Gör så & så Text.",), absent=("Tips",)),
        Seen(text=("Gör så & så Text.",), absent=("Tips",)),
    ),
    _case(
        'fällbar: `collapse="true"`',
        '::: {.callout-note collapse="true"}\n## Mer\nText.\n:::\n\n'
        '::: {.callout-note collapse="false"}\nUtfälld.\n:::',
        Seen(
            find=(".callout > details:not([open]) > summary", ".callout > details[open]"),
            text=("Text.", "Utfälld."),
            missing=("script:not([type]) button",),
        ),
        Seen(text=("Mer Text.", "Utfälld."), absent=("collapse",), becomes="utfälld"),
        Seen(
            find=(BOX % "Faktaruta",),
            text=("Mer Text.", "Utfälld."),
            absent=("collapse",),
            becomes="utfälld",
        ),
    ),
    _case(
        'utseende: `appearance="simple"`, `"minimal"`',
        '::: {.callout-note appearance="simple"}\nEnkel.\n:::\n\n'
        '::: {.callout-note appearance="minimal"}\n## Liten\nMinimal.\n:::',
        Seen(
            find=(".callout-style-simple", ".callout-style-minimal"),
            text=("Enkel.", "Minimal."),
            missing=(".callout-style-default",),
        ),
        Seen(text=("Enkel.", "Liten Minimal."), absent=("simple",)),
        Seen(
            find=(BOX % "Faktaruta",),
            text=("Enkel.", "Liten Minimal."),
            absent=("simple",),
            becomes="samma ruta som annars",
        ),
    ),
    _case(
        "utan ikon: `icon=false`",
        "::: {.callout-note icon=false}\nText.\n:::",
        Seen(find=(".callout.no-icon",), text=("Observera Text.",), absent=("icon",)),
        Seen(text=("Observera Text.",), absent=("icon",)),
        Seen(text=("Observera Text.",), absent=("icon",)),
    ),
    _case(
        "ruta i ruta, med tabell",
        "::: {.callout-note}\nYttre.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n"
        ":::: {.callout-warning}\nInre.\n::::\n:::",
        Seen(
            find=(".callout-note .callout-warning p", ".callout table"),
            text=("Yttre.", "Inre."),
            absent=(":::",),
        ),
        Seen(find=("Table",), text=("Yttre.", "Inre."), absent=(":::",)),
        Seen(find=("//w:tbl",), text=("Yttre.", "Inre."), absent=(":::",)),
    ),
    _case(
        "flikar: `.panel-tabset`",
        "::: {.panel-tabset}\n## Sverige\nEtt.\n\n## Norge\nTvå.\n:::\n\n## Sedan",
        Seen(
            find=(".panel-tabset details.flik[open] > summary", ".flik#norge"),
            text=("Sverige Ett.", "Norge Två."),
            missing=("[role=tab]", ".panel-tabset h3"),
            becomes="under varandra, var och en kan fällas ihop",
        ),
        Seen(
            find=("H2",),
            text=("Sverige Ett.", "Norge Två.", "1.1 Sedan"),
            missing=("H3",),
            becomes="rubriker efter varandra",
        ),
        Seen(
            find=(BOX % "Heading2" + "[contains(., 'Norge')]",),
            text=("Sverige Ett.", "Norge Två."),
            missing=(BOX % "Heading3",),
            becomes="rubriker efter varandra",
        ),
    ),
    _case(
        "flikar utan rubriker",
        "::: {.panel-tabset}\nBara text.\n:::",
        Seen(text=("Bara text.",), missing=("main details",)),
        Seen(text=("Bara text.",), absent=("tabset",)),
        Seen(text=("Bara text.",), absent=("tabset",)),
        listed=False,
    ),
    Case(
        GROUP,
        "vald flik: `{.active}`, flikar i flikar",
        "::: {.panel-tabset}\n## Ett\n\nFörst.\n\n## Två {.active}\n\n"
        ":::: {.panel-tabset}\n### Inre\n\nDjupt.\n::::\n:::",
        Seen(
            find=("#tabset-1-2.active", "#tabset-1-1:not(.active)", "details details"),
            text=("Ett Först. Två Inre Djupt.",),
            missing=("#tabset-1-1.active", "details:not([open])"),
            becomes="alla är öppna",
        ),
        Seen(text=("Ett Först. Två Inre Djupt.",), absent=("active",), becomes="alla visas"),
        Seen(text=("Ett Först. Två Inre Djupt.",), absent=("active",), becomes="alla visas"),
        single=True,
    ),
)
