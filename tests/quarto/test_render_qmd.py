"""A document by itself: its settings, its front matter, its files and what is said of faults."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import docx
import pytest

from berattelse import execute, single
from berattelse.errors import (
    BerattelseError,
    SettingsError,
    SourceError,
    TypesetError,
    UsageError,
)
from berattelse.model import shown
from tests.conftest import signals_as_in_a_terminal
from tests.quarto.enskilt import ONE_PIXEL, render

FORMATS = ("html", "docx", "typst")


def command(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "berattelse", "render-qmd", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.mark.parametrize("to", FORMATS)
def test_title_block(tmp_path: Path, to: str) -> None:
    made = render(
        tmp_path,
        """\
        ---
        title: "En *egen* titel"
        subtitle: Undertiteln
        author:
          - name: {given: Maj, family: Exempel}
            affiliations: [{ref: a}]
          - Kim Prov
        affiliations:
          - {id: a, name: Socialnämnden, city: Orten}
        date: 2024-03-05
        date-format: D MMMM YYYY
        lang: sv
        abstract: |
          Det korta av det.
        keywords: [vård, omsorg]
        ---

        Text.
        """,
        to,
    )
    for said in ("En egen titel", "Undertiteln", "Maj Exempel", "Socialnämnden, Orten", "Kim Prov",
                 "5 mars 2024", "Sammanfattning", "Det korta av det."):  # fmt: skip
        assert said in made.text
    assert made.warnings == ()
    if to == "html":
        assert [e.text_content() for e in made.find("//h1")] == ["En egen titel"]
        assert made.find("//h1[@class='title']/em")
        assert made.find("/html/@lang") == ["sv"]
        assert made.find("//meta[@name='author']/@content") == ["Maj Exempel", "Kim Prov"]
        assert made.find("//time/@datetime") == ["2024-03-05"]
    elif to == "docx":
        properties = docx.Document(str(made.path)).core_properties
        assert (properties.title, properties.author) == ("En egen titel", "Maj Exempel, Kim Prov")


def test_without_a_title_there_is_no_title_block(tmp_path: Path) -> None:
    made = render(tmp_path, "Bara text.\n")
    assert made.find("//header") == []
    assert made.find("//h1") == []
    assert made.text.endswith("Bara text.")


@pytest.mark.parametrize(
    ("written", "lang", "style", "shown"),
    [
        ("2024-03-05", "sv", None, "5 mars 2024"),
        ("2024-03-05", "en", None, "March 5, 2024"),
        ("03/05/2024", "en", "iso", "2024-03-05"),
        ("2024-03-05", "sv", "[den] D MMM YY", "den 5 mar 24"),
        ("2024-03-05", "en", "dddd Do", "Tuesday 5th"),
        ("hösten 2024", "sv", None, "hösten 2024"),
        ("2024-02-31", "sv", None, "2024-02-31"),
    ],
)
def test_dates(tmp_path: Path, written: str, lang: str, style: str | None, shown: str) -> None:
    head = f'date: "{written}"\nlang: {lang}\n' + (f'date-format: "{style}"\n' if style else "")
    made = render(tmp_path, f"---\ntitle: T\n{head}---\n")
    (date,) = made.find("//p[@class='date']")
    assert date.text_content() == shown


def test_what_stands_under_the_format_wins(tmp_path: Path) -> None:
    text = """\
    ---
    title: Överst
    toc: false
    format:
      html: {title: För webben, toc: true}
      typst: {title: För papper}
    ---

    ## Rubriken

    Text.
    """
    page = render(tmp_path, text)
    assert page.find("//h1")[0].text == "För webben"
    assert [a.text for a in page.find("//nav[@id='TOC']//a")] == ["Rubriken"]
    assert "För papper" in render(tmp_path, text, "typst").text
    word = render(tmp_path, text, "docx")
    assert "Överst" in word.text
    assert "För" not in word.text


def test_project_folder_and_document_are_joined_the_nearest_wins(tmp_path: Path) -> None:
    made = render(
        tmp_path,
        "---\ntitle: T\nc: dokument\n---\n\n{{< meta a >}}, {{< meta b >}}, {{< meta c >}}\n",
        name="mapp/prov.qmd",
        files={
            "_quarto.yml": "a: projekt\nb: projekt\nc: projekt\nformat: {html: {a: webben}}\n",
            "mapp/_metadata.yml": "b: mapp\nc: mapp\n",
        },
    )
    assert made.text.endswith("webben, mapp, dokument")


def test_brand_beside_the_document_colours_it(tmp_path: Path) -> None:
    brand = "color:\n  palette: {egen: '#7a1f5c'}\n  primary: egen\n"
    made = render(tmp_path, "---\ntitle: T\n---\n\n## R\n", files={"_brand.yml": brand})
    assert "7a1f5c" in made.source.lower()
    other = render(tmp_path, "---\ntitle: T\n---\n\n## R\n", files={"_brand.yml": "color: {}\n"})
    assert "7a1f5c" not in other.source.lower()


@pytest.mark.parametrize("to", FORMATS)
def test_levels_are_shifted(tmp_path: Path, to: str) -> None:
    made = render(
        tmp_path, "---\nshift-heading-level-by: -1\n---\n\n# Titeln\n\n## Första\n\nText.\n", to
    )
    assert "Titeln" in made.text
    if to == "html":
        assert [e.text for e in made.find("//h1[@class='title']")] == ["Titeln"]
        assert [e.text for e in made.find("//main//h1")] == ["Första"]
    plain = render(tmp_path, "---\ntitle: T\n---\n\n# Titeln\n", "html")
    assert [e.text for e in plain.find("//main//h1")] == ["Titeln"]


def test_contents_only_where_asked_for_and_as_deep(tmp_path: Path) -> None:
    text = "---\ntitle: T\ntoc: {}\ntoc-depth: 2\nlang: sv\n---\n\n# A\n\n## B\n\n### C\n"
    made = render(tmp_path, text.format("true"))
    assert [a.text for a in made.find("//nav//a")] == ["A", "B"]
    assert made.find("//nav//summary")[0].text == "Innehållsförteckning"
    assert render(tmp_path, text.format("false")).find("//nav") == []
    paper = render(tmp_path, text.format("true"), "typst").text
    assert "Innehållsförteckning" in paper
    assert "Innehållsförteckning" not in render(tmp_path, text.format("false"), "typst").text


def test_licence_and_copyright(tmp_path: Path) -> None:
    made = render(
        tmp_path,
        "---\ntitle: T\nlang: sv\nlicense: CC BY-SA\n"
        "copyright: {holder: Orten, year: 2024}\n---\n\n"
        "{{< meta license.text >}} {{< meta copyright.statement >}}\n",
    )
    assert "CC BY-SA 4.0 Copyright 2024 Orten" in made.text
    (link,) = made.find("//*[@id='quarto-reuse']//a")
    assert link.get("href") == "https://creativecommons.org/licenses/by-sa/4.0/deed.sv"
    assert render(tmp_path, "---\ntitle: T\n---\n\nT\n").find("//*[@id='quarto-appendix']") == []


def test_how_the_document_is_cited(tmp_path: Path) -> None:
    head = "---\ntitle: En *titel*\nauthor: Maj Exempel\ndate: 2024-03-05\nlang: sv\n"
    made = render(tmp_path, head + "citation: {url: 'https://exempel.se/_a_'}\n---\n\nT\n")
    (section,) = made.find("//section[@id='quarto-citation']")
    said = section.text_content()
    assert "@online{exempel2024," in said
    assert "url = {https://exempel.se/_a_}" in said
    assert "Maj Exempel. 2024. En titel" in said
    assert render(tmp_path, head + "---\n\nT\n").find("//section[@id='quarto-citation']") == []


def test_metadata_further_down_counts_but_the_first_wins(tmp_path: Path) -> None:
    made = render(
        tmp_path,
        "---\ntitle: Först\n---\n\nText.\n\n---\n\nMer.\n\n---\ntitle: Sedan\nx: senare\n---\n\n"
        "{{< meta x >}}\n",
    )
    assert made.find("//h1")[0].text == "Först"
    assert made.text.endswith("Mer. senare")
    assert len(made.find("//hr")) == 1


# Includes and shortcodes ----------------------------------------------------------------------


@pytest.mark.parametrize("to", FORMATS)
def test_include(tmp_path: Path, to: str) -> None:
    made = render(
        tmp_path,
        """\
        ---
        title: T
        ---

        {{< include "under/en fil.md" >}}

        ```{.python}
        {{< include under/kod.py >}}
        ```
        """,
        to,
        files={
            "under/en fil.md": "---\ntitle: bort\n---\n\nInnehåll. \n\n{{< include djup.md >}}\n",
            "under/djup.md": "Djupare.\n",
            "under/kod.py": "x = 1\n",
        },
    )
    assert "Innehåll. Djupare. x = 1" in made.text
    assert "bort" not in made.text


def test_missing_includes_are_told_with_their_lines_all_at_once(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        render(tmp_path, "A\n\n{{< include a.md >}}\n\n{{< include b.md >}}\n")
    assert "prov.qmd:3: Filen «a.md» finns inte" in str(caught.value)
    assert "prov.qmd:5: Filen «b.md» finns inte" in str(caught.value)


@pytest.mark.parametrize("to", FORMATS)
def test_values_from_everywhere(tmp_path: Path, to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROV_MILJO", "från *miljön*")
    made = render(
        tmp_path,
        r"""
        ---
        title: T
        a: {b: "en *djup*", "c.d": punkt}
        lista: [ett, två]
        vilket: a.b
        adress: "https://exempel.se/x"
        flera: |
          Första.

          Andra.
        ---

        {{< meta a.b >}}; {{< meta a.c\\.d >}}; {{< meta lista.2 >}}; {{< var x.y >}};
        {{< meta {{< meta vilket >}} >}}; {{< env PROV_MILJO >}};
        {{< env FINNS_INTE_ALLS "ett förval" >}};
        {{< meta
        a.b >}}

        [länken]({{< meta adress >}}){titel='{{< meta adress >}}'}

        {{< meta flera >}}

        `{{< meta lista.1 >}}` och `{{{< meta lista.1 >}}}` och {{{< meta lista.1 >}}}

        ```
        kod {{< meta lista.1 >}}
        ```

        ```{shortcodes="false"}
        orörd {{< meta lista.1 >}}
        ```
        """.lstrip("\n"),
        to,
        files={"_variables.yml": "x: {y: variabel}\n"},
    )
    assert (
        "en djup; punkt; två; variabel; en djup; från *miljön*; ett förval; en djup länken "
        "Första. Andra. ett och {{< meta lista.1 >}} och {{< meta lista.1 >}}" in made.text
    )
    assert "kod ett" in made.text
    assert "orörd {{< meta lista.1 >}}" in made.text
    assert made.warnings == ()
    if to == "html":
        (link,) = made.find("//a[text()='länken']")
        assert link.get("href") == link.get("data-titel") == "https://exempel.se/x"
        assert len(made.find("//p[text()='Första.']")) == 1


def test_values_that_are_missing_are_seen_and_told_once(tmp_path: Path) -> None:
    made = render(tmp_path, "A {{< meta borta >}}\n\nB {{< meta borta >}} {{< var v >}}\n")
    assert [e.text_content() for e in made.find("//strong")] == [
        "?meta:borta",
        "?meta:borta",
        "?var:v",
    ]
    assert [text.split(": ", 1) for text in made.warnings] == [
        [f"{tmp_path / 'prov.qmd'}:1", "Värdet «meta:borta» i en kortkod saknas."],
        [f"{tmp_path / 'prov.qmd'}:3", "Värdet «var:v» i en kortkod saknas."],
    ]


def test_hostile_values_end_no_attribute_and_start_no_markup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROV", "<script>x()</script> [a](b) {{< meta title >}} `c`")
    made = render(
        tmp_path,
        "---\ntitle: T\nv: 'a\" onclick=\"x()'\n---\n\n"
        "[s]{#s k='{{< meta v >}}'} {{< env PROV >}}\n",
    )
    (span,) = made.find("//span[@id='s']")
    assert span.get("data-k") == 'a" onclick="x()'
    assert "onclick" not in span.attrib
    assert "<script>x()</script> [a](b) {{< meta title >}} `c`" in made.text
    assert made.find("//main//script") == []


@pytest.mark.parametrize("to", FORMATS)
def test_keys_filler_and_placeholders(tmp_path: Path, to: str) -> None:
    made = render(
        tmp_path,
        """\
        ---
        title: T
        ---

        {{< kbd Ctrl-S >}} {{< kbd mac=Cmd-S win=Ctrl-W linux=Ctrl-L >}}

        {{< lipsum 2 >}}

        ![Platsen]({{< placeholder 40 20 >}}){fig-alt="grå"}

        {{< obekant ord >}}
        """,
        to,
    )
    assert "Ctrl-S Ctrl-W" in made.text
    assert "Lorem ipsum dolor sit amet" in made.text
    assert "{{< obekant ord >}}" in made.text
    assert [text.split(": ", 1)[1] for text in made.warnings] == [
        "Kortkoden «obekant» stöds inte och står kvar i texten."
    ]
    if to == "html":
        assert [e.get("title") for e in made.find("//kbd")] == [
            "Ctrl-S",
            "linux: Ctrl-L, mac: Cmd-S, windows: Ctrl-W",
        ]
        (image,) = made.find("//main//img")
        assert image.get("src").startswith("data:image/png;base64,")
        assert image.get("alt") == "grå"


def test_video_is_shown_on_a_page_and_linked_on_paper(tmp_path: Path) -> None:
    text = (
        '{{< video https://youtu.be/abc123?t=5 width="640" aspect-ratio="16x9" title="Film" >}}\n'
    )
    (frame,) = render(tmp_path, text).find("//iframe")
    assert frame.get("src") == "https://www.youtube-nocookie.com/embed/abc123?start=5"
    assert (frame.get("width"), frame.get("height"), frame.get("title")) == ("640", "360", "Film")
    paper = render(tmp_path, text, "typst")
    assert "Film" in paper.text
    assert "iframe" not in paper.source


def test_contents_moves_what_has_the_id(tmp_path: Path) -> None:
    made = render(
        tmp_path,
        "::: {#flytta}\nDet här.\n:::\n\nMitt emellan.\n\n"
        "::: {.note-ram}\n{{< contents flytta >}}\n:::\n\n{{< contents borta >}}\n",
    )
    assert [
        e.text_content().strip() for e in made.find("//div[@class='note-ram']/div[@id='flytta']")
    ] == ["Det här."]
    assert len(made.find("//*[@id='flytta']")) == 1
    assert any("id:t borta" in text for text in made.warnings)


# Conditions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "seen"),
    [("html", "webb skript ej-word"), ("docx", "word"), ("typst", "papper ej-word")],
)
def test_conditions_on_format(tmp_path: Path, to: str, seen: str) -> None:
    made = render(
        tmp_path,
        """\
        [webb]{.content-visible when-format="html"}
        [skript]{.content-visible when-format="html:js"}
        [word]{.content-visible when-format="docx"}
        [papper]{.content-visible when-format="typst"}
        [ej-word]{.content-hidden when-format="docx"}
        [latex]{.content-hidden when-format="html" unless-format="pdf"}
        [endera]{.content-visible when-format="html" when-format="docx" when-format="typst"}

        ```{.content-visible when-format="latex"}
        kod för LaTeX
        ```
        """,
        to,
    )
    assert seen in made.text
    assert "endera" in made.text
    assert ("latex" in made.text) == (to != "html")
    assert "LaTeX" not in made.text
    assert ("webb" in made.text) == (to == "html")


def test_conditions_on_metadata(tmp_path: Path) -> None:
    made = render(
        tmp_path,
        """\
        ---
        ja: {djup: true}
        nej: false
        ---

        [A]{.content-visible when-meta="ja.djup"}
        [B]{.content-visible when-meta="nej"}
        [C]{.content-hidden unless-meta="ja.djup"}
        [D]{.content-visible unless-meta="borta"}
        [E]{.content-visible when-profile="x"}
        [F]{.content-hidden when-meta="ja.djup"}
        """,
    )
    assert made.text.endswith(" A C D")


# Files ----------------------------------------------------------------------------------------


def test_pictures(tmp_path: Path) -> None:
    made = render(
        tmp_path,
        "![A](bild.png){data-x=1} ![B](https://exempel.se/b.png) ![C](borta.png)\n",
        files={"bild.png": ONE_PIXEL},
    )
    sources = [image.get("src") for image in made.find("//main//img")]
    assert sources[0].startswith("data:image/png;base64,iVBOR")
    assert sources[1:] == ["https://exempel.se/b.png", "borta.png"]
    assert [text.split(": ", 1)[1] for text in made.warnings] == [
        "Bilden «borta.png» finns inte.",
        "Bilden «https://exempel.se/b.png» ligger på nätet: den följer inte med sidan.",
    ]


@pytest.mark.parametrize("to", ["docx", "typst"])
def test_pictures_that_cannot_be_had_leave_a_mark_on_paper(tmp_path: Path, to: str) -> None:
    made = render(tmp_path, "![A](https://exempel.se/a.png)\n\n![B](borta.png)\n", to)
    assert [text.split(": ", 1)[1] for text in made.warnings] == [
        "Bilden «borta.png» finns inte.",
        "Bilden «https://exempel.se/a.png» hämtas inte från nätet.",
    ]
    assert "A" in made.text and "B" in made.text


HARD = """\
### Djupt

#

[bilaga](bilaga.pdf) [js](javascript:f) <b>Fet</b> \\LaTeX{} $x_{$ <br>ny[^borta]

```{=html}
<p>Bara <em>webb</em></p><script>let a = 1</script>
```

```{=html}
<script>let b = 2</script>
```

```{=latex}
\\clearpage x
```

| a | b |
|---|---|
| 1 | 2 | 3 |

::: {.callout-egen}
Text.
:::

![Skadad](skadad.png)
"""
"""What stops a berättelse or is warned of there, and what Quarto lets pass."""


@pytest.mark.parametrize(
    ("to", "lines"),
    [
        ("html", ["Bilden «skadad.png» är", "Formeln x_{ kan", "Länken som börjar"]),
        ("docx", ["Formeln x_{ kan", "HTML som inte", "Länken som börjar"]),
    ],
)
def test_what_stops_a_berattelse_does_not_stop_a_document_by_itself(
    tmp_path: Path, to: str, lines: list[str]
) -> None:
    text = HARD if to == "html" else HARD.replace("![Skadad](skadad.png)\n", "")
    made = render(tmp_path, text, to, files={"skadad.png": "ingen bild"})
    told = [warning.split(": ", 1)[1] for warning in made.warnings]
    assert len(told) == len(lines), told
    assert all(text.startswith(line) for text, line in zip(told, lines, strict=True)), told
    assert "Djupt" in made.text and "bilaga" in made.text and "Fet" in made.text
    if to == "html":
        (link,) = made.find("//a[. = 'bilaga']")
        assert link.get("href") == "bilaga.pdf"
        (image,) = made.find("//img[@alt = 'Skadad']")
        assert base64.b64decode(image.get("src").split(",")[1]) == b"ingen bild"


def test_raw_parts_of_a_page(tmp_path: Path) -> None:
    made = render(
        tmp_path,
        """\
        ---
        title: T
        v: värdet
        css: stil.css
        include-in-header: [{text: '<meta name="x" content="{{< meta v >}}">'}]
        include-before-body: fore.html
        include-after-body: {text: "<p>efter</p>"}
        canonical-url: https://exempel.se/
        ---

        Mitten
        """,
        files={"stil.css": "p { color: #123456 }", "fore.html": "<p>före</p>"},
    )
    assert made.find("//meta[@name='x']/@content") == ["värdet"]
    assert "före Mitten efter" in made.text
    assert "#123456" in made.source
    assert made.find("//link[@rel='canonical']/@href") == ["https://exempel.se/"]


def test_files_of_the_front_matter_that_are_missing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        render(tmp_path, "---\ntitle: T\ncss: a.css\nbibliography: b.bib\n---\n\nT\n")
    assert "prov.qmd:3: Filen «a.css» (css) finns inte" in str(caught.value)
    assert "prov.qmd:4: Filen «b.bib» (bibliography) finns inte" in str(caught.value)


def test_own_filters_run_and_know_the_format(tmp_path: Path) -> None:
    filter_ = """
    function Str(s)
      if s.text ~= 'ord' then return nil end
      local known = pandoc.utils.stringify(quarto.metadata.get('a.b'))
      return pandoc.Str(FORMAT .. tostring(quarto.doc.is_format('html')) .. known)
    end
    function Pandoc(doc)
      doc.blocks:insert(quarto.Callout { type = 'tip', title = 'Rådet', content = 'Gör så.' })
      return doc
    end
    """
    text = "---\na: {b: X}\nfilters: [f.lua, quarto, borta.lua]\n---\n\nord\n"
    made = render(tmp_path, text, files={"f.lua": filter_})
    assert "htmltrueX" in made.text
    assert made.find("//div[contains(@class, 'callout-tip')]")
    assert "Rådet" in made.text
    assert [text.split(": ", 1)[1] for text in made.warnings] == [
        "Filtret «borta.lua» finns inte och körs inte."
    ]
    assert "typstfalseX" in render(tmp_path, text, "typst", files={"f.lua": filter_}).text


def test_shortcodes_of_an_extension(tmp_path: Path) -> None:
    files = {
        "_extensions/egen/_extension.yml": "contributes: {shortcodes: [egen.lua]}\n",
        "_extensions/egen/egen.lua": """
        return {
          rop = function(args, kwargs, meta, raw, context)
            local word = pandoc.utils.stringify(args[1]) .. pandoc.utils.stringify(kwargs.slut)
            if context ~= 'block' then return pandoc.Strong(word) end
            return pandoc.Div({ pandoc.Para(word) }, { id = 'ropet' })
          end,
        }
        """,
    }
    made = render(
        tmp_path,
        "{{< rop Hej slut='!' >}}\n\nI raden {{< rop `Du` >}}.\n\n{{< annat ord >}}\n",
        files=files,
    )
    (ropet,) = made.find("//div[@id='ropet']")
    assert ropet.text_content().strip() == "Hej!"
    assert made.find("//strong")[0].text_content() == "`Du`"
    assert "{{< annat ord >}}" in made.text
    assert [text.split(": ", 1)[1] for text in made.warnings] == [
        "Kortkoden «annat» stöds inte och står kvar i texten."
    ]


def test_another_reader(tmp_path: Path) -> None:
    made = render(tmp_path, "---\nfrom: commonmark_x\ntitle: T\n---\n\n{#namn}\n> Citat\n")
    assert made.find("//*[@id='namn']")
    assert made.find("//h1[text()='T']")
    unknown = render(tmp_path, "---\nfrom: latex\n---\n\n*T*\n")
    assert unknown.find("//em")
    assert "«from: latex» stöds inte" in unknown.warnings[0]


@pytest.mark.parametrize("to", FORMATS)
def test_what_stops_a_report_is_a_warning_here(tmp_path: Path, to: str) -> None:
    made = render(
        tmp_path,
        "Text, se @fig-borta och [länk](#ingenstans).\n\n![](b.png)\n\n[^n]: Aldrig använd.\n",
        to,
        files={"b.png": ONE_PIXEL},
    )
    assert "Text, se" in made.text
    assert any("prov.qmd:1: Korsreferensen @fig-borta" in text for text in made.warnings)
    assert any("prov.qmd:5: Fotnoten [^n] används aldrig" in text for text in made.warnings)
    # Typst cannot leave a link that leads nowhere; there its text stands alone
    assert any("#ingenstans" in text for text in made.warnings) == (to == "typst")
    assert len(made.warnings) == 2 + (to == "typst")


# PDF ------------------------------------------------------------------------------------------


def test_pdf_standard_is_kept_or_refused(tmp_path: Path) -> None:
    head = "---\ntitle: T\nlang: sv\npdf-standard: [ua-1, a-2a]\n---\n\n"
    made = render(tmp_path, head + "# R\n\nText.\n", "typst")
    assert b"pdfuaid" in made.path.read_bytes()
    with pytest.raises(BerattelseError, match=r"saknar alternativtext .*missing alt text"):
        render(tmp_path, head + "![](b.png)\n", "typst", files={"b.png": ONE_PIXEL})
    free = render(tmp_path, "---\ntitle: T\n---\n\n![](b.png)\n", "typst")
    assert b"pdfuaid" not in free.path.read_bytes()
    odd = render(tmp_path, "---\ntitle: T\npdf-standard: x-9\n---\n\nT\n", "typst")
    assert odd.warnings == ("PDF-standarden «x-9» stöds inte.",)


# The command ----------------------------------------------------------------------------------


def test_command(tmp_path: Path) -> None:
    (tmp_path / "a.qmd").write_text("---\ntitle: T\n---\n\n{{< meta x >}}\n", encoding="utf-8")
    done = command("a.qmd", "--to", "typst", "--ut", "ny/mapp", "--behall-typ", folder=tmp_path)
    assert done.returncode == 0
    assert done.stderr == "WARNING: a.qmd:5: Värdet «meta:x» i en kortkod saknas.\n"
    assert sorted(path.name for path in (tmp_path / "ny" / "mapp").iterdir()) == ["a.pdf", "a.typ"]
    plain = command("a.qmd", "--to", "typst", "--ut", "b", folder=tmp_path)
    assert plain.returncode == 0
    assert [path.name for path in (tmp_path / "b").iterdir()] == ["a.pdf"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("borta.qmd",), 2, "ERROR: «borta.qmd» är inget dokument som kan läsas."),
        (("a.qmd", "--to", "odt"), 2, "ERROR: Okänt format «odt»."),
        (("a.qmd",), 1, "ERROR: a.qmd:3: Dokumenthuvudet går inte att tolka som YAML"),
    ],
)
def test_command_refuses(
    tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    (tmp_path / "a.qmd").write_text("---\ntitle: T\nx: [1\n---\n\nT\n", encoding="utf-8")
    done = command(*arguments, folder=tmp_path)
    assert done.returncode == code
    assert done.stderr.startswith(message)
    assert not (tmp_path / "a.html").exists()


def test_command_tells_each_fault_as_one(tmp_path: Path) -> None:
    head = "bibliography: borta.bib\ncsl: borta.csl"
    (tmp_path / "a.qmd").write_text(f"---\n{head}\n---\n\nT\n", encoding="utf-8")
    done = command("a.qmd", folder=tmp_path)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len([line for line in lines if line.startswith("ERROR: a.qmd:")]) == 2
    assert all(line.startswith(("ERROR: ", "  ")) for line in lines)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows har inga sådana signaler")
def test_an_interrupted_document_leaves_nothing(tmp_path: Path, name: str) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    cell = "```{python}\nimport pathlib, time\npathlib.Path('igang').touch()\ntime.sleep(60)\n```"
    (tmp_path / "a.qmd").write_text(f"{cell}\n", encoding="utf-8")
    running = subprocess.Popen(
        [sys.executable, "-m", "berattelse", "render-qmd", "a.qmd"],
        cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(temporary), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=signals_as_in_a_terminal,
    )
    try:
        until = time.monotonic() + 60
        while not (tmp_path / "igang").exists() and time.monotonic() < until:
            time.sleep(0.1)
        running.send_signal(getattr(signal, name))
        said = running.communicate(timeout=60)[0].decode("utf-8")
    finally:
        running.kill()
    assert running.returncode == 130, said
    assert "Traceback" not in said
    assert not list(temporary.glob("berattelse-*"))


def test_raw_code_for_word_that_is_faulty_is_told_with_its_line(tmp_path: Path) -> None:
    good = "```{=openxml}\n<w:p><w:r><w:t>Bra</w:t></w:r></w:p>\n```"
    bad = "```{=openxml}\n<w:p><w:r><w:t>Fel</w:r>\n```"
    source = tmp_path / "a.qmd"
    source.write_text(f"Före\n\n{good}\n\n{bad}\n\n{bad}\n\nEtt `<w:`{{=openxml}}.\n", "utf-8")
    with pytest.raises(TypesetError) as fault:
        single.render(source, "docx", tmp_path / "ut")
    told = [line.split(": ")[:2] for line in str(fault.value).splitlines() if "→" not in line]
    wanted = "Koden för Word är inte giltig XML"
    assert told == [[f"{shown(source)}:{line}", wanted] for line in (8, 12, 15)]


def test_nothing_to_run_starts_no_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("en kärna startades")

    monkeypatch.setattr(execute, "run_cells", refuse)
    assert "1 + 1" in render(tmp_path, "```{python}\n#| eval: false\n1 + 1\n```\n").text
    assert "text" in render(tmp_path, "Bara text.\n").text
    assert "`{python}`" not in render(tmp_path, "```{python}\n1\n```\n", name="a.md").text


@pytest.mark.parametrize("to", FORMATS)
def test_the_same_document_gives_the_same_bytes(tmp_path: Path, to: str) -> None:
    text = "---\ntitle: T\ndate: 2024-01-02\n---\n\n# R\n\n{{< lipsum 1 >}}\n"
    first = render(tmp_path, text, to).path.read_bytes()
    assert render(tmp_path, text, to).path.read_bytes() == first


def test_render_asks_for_a_document(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    with pytest.raises(UsageError):
        single.render(tmp_path / "a.txt", "html", tmp_path)
