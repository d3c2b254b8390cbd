"""What a terminal shows in colours, as HTML: Jupyter's tracebacks have such codes (ECMA-48)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_STYLE = re.compile(r"\x1b\[([0-9;]*)m")
_COLOURS = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


def without(text: str) -> str:
    """Return a text without the codes."""
    return CODES.sub("", text)


def html(text: str) -> str:
    """Return a text as HTML, with the classes that Jupyter and Quarto have for its colours."""
    parts, classes, at = [], _Classes(), 0
    for match in _STYLE.finditer(text):
        parts.append(_span(text[at : match.start()], classes.now()))
        classes.take([int(code or 0) for code in match[1].split(";")])
        at = match.end()
    parts.append(_span(text[at:], classes.now()))
    return "".join(parts)


def block(text: str, name: str) -> str:
    """Return a text as a block of code in HTML that the keyboard reaches; `name` is its name."""
    return (
        '<div class="ansi-escaped-output kodram" role="group" tabindex="0" '
        f'aria-label="{escape(name)}"><pre><code>{html(text)}</code></pre></div>'
    )


def _span(text: str, classes: Sequence[str]) -> str:
    shown = escape(without(text), quote=False)
    return f'<span class="{" ".join(classes)}">{shown}</span>' if classes and shown else shown


class _Classes:
    """Which classes hold, as the codes come one after the other."""

    def __init__(self) -> None:
        self.colour = ""
        self.bold = False

    def now(self) -> list[str]:
        return [name for name in (self.colour, "ansi-bold" if self.bold else "") if name]

    def take(self, codes: list[int]) -> None:
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.colour, self.bold = "", False
            elif code == 1:
                self.bold = True
            elif code == 22:
                self.bold = False
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.colour = f"ansi-{_COLOURS[code % 10]}-fg"
            elif code == 39:
                self.colour = ""
            elif code in (38, 48):  # one of 256, or of all: no name for it
                del codes[: 2 if codes[:1] == [5] else 4]
