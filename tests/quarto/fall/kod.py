"""Code."""

from __future__ import annotations

from tests.quarto.fall.form import Case, Seen

GROUP = "Kod"
CODE = "//w:p[w:pPr/w:pStyle/@w:val='SourceCode']"


def _case(name: str, source: str, *seen: Seen, head: str = "", listed: bool = True) -> Case:
    html, pdf, docx = seen
    return Case(GROUP, name, source, html, pdf, docx, head=head, listed=listed)


CASES = (
    _case(
        "kod i löpande text",
        'Skriv `x = "1"` här.',
        Seen(find=("p > code",), text=('x = "1"',), absent=("`", "”1”")),
        Seen(find=("Code",), text=('x = "1"',), absent=("`", "”1”")),
        Seen(
            find=("//w:r[w:rPr/w:rStyle/@w:val='VerbatimChar']",),
            text=('x = "1"',),
            absent=("`", "”1”"),
        ),
    ),
    _case(
        "kodblock med färger: ` ```python `",
        '```python\nfor x in y:\n    print("ä")  # så\n```',
        Seen(
            find=("[role=group][tabindex='0'] pre.python .cf", ".st", ".co"),
            text=('print("ä")',),
            absent=("```", "”ä”"),
        ),
        Seen(find=("Code",), text=('print("ä")',), absent=("```", "”ä”")),
        Seen(
            find=(CODE, "//w:rStyle[contains(@w:val, 'Tok')]"),
            text=('print("ä")',),
            absent=("```", "”ä”"),
        ),
    ),
    _case(
        "okänt språk",
        "```hittepå\nx <- y\n```",
        Seen(find=("pre code",), text=("x <- y",), absent=("hittepå",)),
        Seen(find=("Code",), text=("x <- y",), absent=("hittepå",)),
        Seen(find=(CODE,), text=("x <- y",), absent=("hittepå",)),
    ),
    _case(
        'filens namn: `filename="…"`',
        '```{.python filename="räkna_<b>.py"}\nx = 1\n```',
        Seen(
            find=(".code-with-filename-file",),
            text=("räkna_<b>.py x = 1",),
            missing=(".filnamn b",),
        ),
        Seen(text=("räkna_<b>.py x = 1",), absent=("filename",)),
        Seen(find=(CODE,), text=("räkna_<b>.py x = 1",), absent=("filename",)),
    ),
    _case(
        "radnummer: `code-line-numbers: true`",
        "```python\nx = 1\ny = 2\n```",
        Seen(find=("pre.radnummer",), text=("x = 1 y = 2",), missing=("pre a:not([aria-hidden])",)),
        Seen(text=("1 x = 1 2 y = 2",), absent=("```",)),
        Seen(find=(CODE,), text=("1 x = 1", "2 y = 2"), absent=("3 ",)),
        head="code-line-numbers: true\n",
    ),
    _case(
        "anteckningar: `# <1>` med lista efter",
        "```python\nx = 1  # <1>\ny = 2\n```\n\n1. Först.",
        Seen(find=(".kodnoter ol li",), text=("x = 1 (1)", "Först."), absent=("<1>",)),
        Seen(find=("L",), text=("x = 1 (1)", "1. Först."), absent=("<1>",)),
        Seen(text=("x = 1 (1)", "Först."), absent=("<1>",)),
    ),
    _case(
        'ihopfälld: `code-fold="true"`',
        '```{.python code-fold="true" code-summary="Visa"}\nx = 1\n```',
        Seen(
            find=("details.code-fold:not([open]) > summary",),
            text=("Visa", "x = 1"),
            absent=("code-fold",),
        ),
        Seen(text=("x = 1",), absent=("code-fold", "Visa"), becomes="utfälld"),
        Seen(text=("x = 1",), absent=("code-fold", "Visa"), becomes="utfälld"),
    ),
    _case(
        "diagram i mermaid eller dot",
        "```{.mermaid}\nflowchart LR\n  A --> B\n```\n\n```{.mermaid}\nflowchart TD\n```",
        *(
            3
            * [
                Seen(
                    text=("A --> B", "flowchart TD"),
                    absent=("```",),
                    warning="Diagram i mermaid ritas inte",
                    supported=False,
                    becomes="nej: koden visas, med varning",
                )
            ]
        ),
    ),
)
