"""Text from data is text: how it is written so that no reader on the way takes it for more.

    plain     one line of characters that every format can hold
    markdown  plain, as Markdown that reads as the very same text
    attribute plain, for the value between the quotation marks of a Markdown attribute
    html      plain, as HTML inside a fenced block of Markdown

Everything that comes from a data file or a target's settings goes through one of these on its way
into `composed.md`. The document then holds the same text for every typesetter, Quarto included.
"""

from __future__ import annotations

import html as _html
import re

CLASS = "ordagrant"
"""Class of the span around a text that looks like a shortcode; `shortcodes.lua` takes it away."""

REPLACEMENT = "□"
"""Not U+FFFD: a PDF has no way to say which character that glyph is."""

_SPACE = re.compile(r"[ \t\n\v\f\r\x85\u2028\u2029]+")
# Control characters, halves of surrogate pairs and the last two of every plane: XML has no way to
# write most of them, PDF/A forbids others.
_IMPOSSIBLE = "\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef" + "".join(
    chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_DIRECTION = "\u202a-\u202e\u2066-\u2069"
_ODD = re.compile(f"[{_IMPOSSIBLE}{_DIRECTION}\u2028\u2029]|  |^ | $")
_CLOSERS = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)
"""What begins another writing direction -> what ends it."""
_BIDI = re.compile(
    f"[\u200e\u200f{_DIRECTION}"
    "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Letters written from right to left, and signs that change the direction."""
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """Return `text` on one line, with characters that HTML, PDF and Word can all hold.

    White space becomes one space, as in typeset text, and none is left at the ends; what no file
    can hold becomes «□». A writing direction that the text begins ends with it, so that what
    stands after it is not turned around; an end without a beginning is left out.
    """
    if not _ODD.search(text):
        return text
    text = re.sub(f"[{_IMPOSSIBLE}]", REPLACEMENT, _SPACE.sub(" ", text).strip(" "))
    return _closed(text) if re.search(f"[{_DIRECTION}]", text) else text


def _closed(text: str) -> str:
    out: list[str] = []
    opened: list[str] = []
    for char in text:
        if char in _CLOSERS:
            opened.append(_CLOSERS[char])
        elif char == "\u2069" and char in opened:
            # The end of an isolate ends all that was begun within it
            while opened.pop() != char:
                pass
        elif char == "\u202c" and opened[-1:] == [char]:
            opened.pop()
        elif char in "\u202c\u2069":
            continue
        out.append(char)
    return "".join(out) + "".join(reversed(opened))


def short(text: str, length: int = 120) -> str:
    """Return `text`, or its beginning with an ellipsis where only a name has room."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def markdown(text: str) -> str:
    r"""Return `text` as Markdown that reads as the very same text, wherever it is put.

    Every sign of ASCII gets a backslash: that is literal in all places (`\-` begins no list,
    `http\://` no link), and there is no list of dangerous signs to keep.
    """
    escaped = attribute(text)
    marks = [f".{CLASS}"] if "{{<" in text else []
    if _BIDI.search(text):
        # HTML isolates an element with a direction; pdf.lua writes the signs that do the same
        marks.append('dir="auto"')
    return f"[{escaped}]{{{' '.join(marks)}}}" if marks else escaped


def attribute(text: str) -> str:
    """Return `text` for the value of an attribute in Markdown, between quotation marks."""
    return _PUNCTUATION.sub(r"\\\1", plain(text))


def html(text: str) -> str:
    """Return `text` as HTML inside a fenced block: a backtick must not end the fence.

    Braces are entities too: Quarto looks for shortcodes in raw blocks.
    """
    escaped = _html.escape(plain(text), quote=False)
    escaped = escaped.replace("`", "&#96;").replace("{", "&#123;").replace("}", "&#125;")
    return f'<span class="{CLASS}">{escaped}</span>' if "{{<" in text else escaped
