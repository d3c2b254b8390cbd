"""Text as people write it: what is the same name, what is only space, how it is quoted."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2212"
"""Characters that people write for a hyphen, a dash or a minus."""

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Characters that cannot be seen at the ends of a text."""

_WHITE = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + INVISIBLE
_SEPARATORS = re.compile(rf"[\s_\{DASHES}]+")  # the backslash is for the hyphen
# C0 and C1 controls without newline and tab, and halves of surrogate pairs
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSEEN = re.compile(f"{_CONTROL.pattern[:-1]}\n\t\r{INVISIBLE}\u2028\u2029\u202a-\u202e]")


def strip(text: str) -> str:
    """Return `text` without white space and invisible characters at its ends."""
    return text.strip(_WHITE)


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return what is the same for all ways to write a name: `Per-datum ` and `per_datum`.

    Case, å ä ö, composed and decomposed letters, and the kinds of space, hyphen and underscore
    make no difference.
    """
    decomposed = unicodedata.normalize("NFD", strip(text)).casefold()
    letters = (c for c in decomposed if not unicodedata.combining(c) and c not in INVISIBLE)
    return _SEPARATORS.sub("_", "".join(letters)).strip("_")


def match(text: str, names: Iterable[str]) -> str | None:
    """Return the one of `names` that `text` means: exactly, but for case, else as `fold` sees it.

    None when there is none, or when several names would do.
    """
    names = tuple(names)
    if text in names:
        return text
    folded = text.casefold()
    found = [name for name in names if name.casefold() == folded]
    if len(found) == 1:
        return found[0]
    wanted = fold(text)
    found = [name for name in names if wanted and fold(name) == wanted]
    return found[0] if len(found) == 1 else None


def near(text: str, names: Iterable[str]) -> str:
    """Return the question «Menade du …?» with the nearest of `names`, or nothing."""
    folded = {fold(name): name for name in names}
    close = difflib.get_close_matches(fold(text), folded, n=1, cutoff=0.7)
    return f"Menade du «{folded[close[0]]}»?" if close else ""


def quote(text: str, limit: int = 60) -> str:
    """Return `text` between «», cut at `limit` characters, with what cannot be seen written out."""
    cut = text if len(text) <= limit else text[:limit] + "…"
    return f"«{_UNSEEN.sub(_escape, cut)}»"


def _escape(found: re.Match[str]) -> str:
    char = found.group()
    code = ord(char)
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(
        char, f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    )


def control(text: str) -> str:
    """Return the first character that no text may hold, or nothing."""
    found = _CONTROL.search(text)
    return found.group() if found else ""


def letter(index: int) -> str:
    """Return Excel's letter of the column `index`, counted from 0; nothing for -1."""
    letters = ""
    index += 1
    while index > 0:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def grouped(number: int) -> str:
    """Return a whole number with no-break spaces between thousands."""
    return f"{number:,}".replace(",", "\u00a0")


def listed(items: Iterable[str], most: int = 12) -> str:
    """Return the items with commas between, at most `most` of them."""
    items = tuple(items)
    more = f" med flera ({len(items)} i allt)" if len(items) > most else ""
    return ", ".join(items[:most]) + more


def spans(numbers: Iterable[int]) -> str:
    """Return whole numbers as `5, 7–9`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return listed((str(a) if a == b else f"{a}–{b}" for a, b in runs), 20)
