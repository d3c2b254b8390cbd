"""Texts that a data file may hold and that some reader on the way would take for more than text.

`LITERAL` are shown as they stand, `CHANGED` give the text beside them: white space is one space,
and what a file cannot hold is shown as «□».
"""

from __future__ import annotations

LITERAL: tuple[str, ...] = (
    # Formulas of a spreadsheet
    '=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "=1+1", "+cmd|' /C calc'!A0", "%",
    # HTML
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</table><h1>", "</td></tr>",
    "<!-- -->", "<!--", "]]>", "&amp; &lt;", "&#x41;", "&", "<b>x</b>", "<br>",
    "<style>*{}</style>", "</script>", "<bild src='x'>", "<span class='ordagrant'>x</span>",
    "<svg onload=alert(1)>",
    # Quarto
    "{{< include /etc/passwd >}}", "{{< meta title >}}", "{{< pagebreak >}}", "{{{< x >}}}",
    "`{python} 1+1`", "{=html}", "```{=typst}", "```{python}", "#| echo: true", "{{km^2}}",
    # Typst, TeX
    '#import "x"', '#eval("1")', "$x^2$", "$$x$$", r"\(x\)", r"\begin{x}", r"\newpage", "<label>",
    # Links and references
    "[x](javascript:alert(1))", "![x](http://evil/x.png)", "<http://evil>", "http://evil.example",
    "www.evil.example", "a@evil.example", "@tbl-x", "@fig-x", "[@x]", "[-@tbl-x]", "^1", "^[x]",
    "[^1]", "[^1]: x", "[x]: http://evil", "[x]{.platshallare}", "x{#id}", "{#tbl-x}",
    # Blocks of Markdown
    "| a | b |", "a|b", "|", "::: {.x}", ":::", "~~~", "---", "===", "# rubrik", "- x", "+ x",
    "* x", "1. x", "a) x", "(@) x", "#. x", "> x", ": x", "| x", "% x", "***",
    # Inlines of Markdown
    "`", "``", "```", "````", "`````", "`x`", "*x* _x_ **x**", "~x~ ~~x~~", "H~2~O x^2^",
    "x -- y --- z ...", "\"x\" 'y'", "'", '"', "«x»", ":smile:", "\\", "\\\\",
    r"x\n\ty\u0041", "\\*",    "N.B. m.m. e.g.",
    # Letters
    "\u202eabc\u202c", "\u2067abc\u2069", "שלום (x) 1", "مرحبا", "a\u200bb", "a\u00adb", "a\u00a0b",
    "😀", "👩‍👩‍👧", "e\u0301 a\u0308\u0323", "Åsa Öberg", "漢字", "a\u2060b", "→ ≤ ½ m²",
)  # fmt: skip

CHANGED: dict[str, str] = {
    "rad ett\nrad två": "rad ett rad två",
    "a\tb": "a b",
    "c\r\nd": "c d",
    "\n\n# y": "# y",
    "    y": "y",
    "e   f": "e f",
    "i\u2028j\u2029k": "i j k",
    "\u202eabc": "\u202eabc\u202c",
    "\u2067abc \u202bd": "\u2067abc \u202bd\u202c\u2069",
    "abc\u202c\u2069": "abc",
}

CONTROL: dict[str, str] = {
    "g\x0bh": "g h",
    "a\x01b\x1bc": "a□b□c",
    "a\x7fb\x85c": "a□b c",
    "l\ufffem": "l□m",
    "n\ud800o": "n□o",
}
"""What the gate refuses in a data file; a report's own cell can still make them."""

SHORT = (*LITERAL, *CHANGED, *CONTROL)
LONG = (
    ("Lorem ipsum dolor sit amet och så vidare. " * 240)[:10_000].strip(),
    "x" * 10_000,
)


def shown(text: str) -> str:
    """Return what a reader should meet where the data file holds `text`."""
    return (CHANGED | CONTROL).get(text, text)
