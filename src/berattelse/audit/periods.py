"""Periods as Swedish text prints them, and whether they can mean a data file's period."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from berattelse.audit.words import plain

MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_MONTH = (
    r"(jan(?:uari)?|feb(?:ruari)?|mars?|apr(?:il)?|maj|juni?|juli?|aug(?:usti)?|"
    r"sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ISO = re.compile(r"\b((?:19|20)\d\d)-(0[1-9]|1[0-2])(?:-\d\d)?\b")
_CODE = re.compile(r"\b((?:19|20)\d\d)([thqkd])(\d{1,2})\b")
_PART = re.compile(
    r"\b(?:(forsta|andra|tredje|fjarde)\s+(tertial|halvar|kvartal)\w*|"
    r"(tertial|halvar|kvartal)\w*\s+(\d)|([thq])(\d))(?:\s+((?:19|20)\d\d))?\b"
)
_NAMED = re.compile(rf"\b{_MONTH}\b\.?(?:\s+((?:19|20)\d\d))?")
_YEAR = re.compile(r"(?<![\d:/.,\u00a0-])((?:19|20)\d\d)(?!\d|[:/.,]\d)")
_RELATIVE = (
    (re.compile(r"aret dessforinnan"), -2),
    (
        re.compile(
            r"\b(?:aret (?:fore|innan)|foregaende ar|forra aret|fjolaret|i fjol|fjolarets)\b"
        ),
        -1,
    ),
    (re.compile(r"\b(?:i ar|under aret|arets|innevarande ar)\b"), 0),
)
_ORDINAL = {"forsta": 1, "andra": 2, "tredje": 3, "fjarde": 4}


@dataclass(frozen=True)
class Mention:
    """A period as a text names it."""

    year: int | None = None
    month: int | None = None
    part: str = ""
    """Such as T1, H2."""


def mentions(text: str, year: int) -> list[Mention]:
    """Return the periods that a text names; `year` is the report's own."""
    text = plain(text)
    found = []

    def take(pattern: re.Pattern[str], text: str) -> tuple[list[re.Match[str]], str]:
        return list(pattern.finditer(text)), pattern.sub(" ", text)

    hits, text = take(_ISO, text)
    found += [Mention(int(hit[1]), int(hit[2])) for hit in hits]
    hits, text = take(_CODE, text)
    for hit in hits:
        part = hit[2].upper()
        if part == "D":
            found.append(Mention(int(hit[1]), int(hit[3])))
        else:
            found.append(Mention(int(hit[1]), None, f"{part}{hit[3]}"))
    hits, text = take(_PART, text)
    for hit in hits:
        letter = (hit[2] or hit[3] or hit[5])[0].upper()
        number = _ORDINAL.get(hit[1] or "") or int(hit[4] or hit[6])
        found.append(Mention(int(hit[7]) if hit[7] else None, None, f"{letter}{number}"))
    hits, text = take(_NAMED, text)
    found += [
        Mention(int(hit[2]) if hit[2] else None, MONTHS.index(hit[1][:3]) + 1) for hit in hits
    ]
    for pattern, step in _RELATIVE:
        hits, text = take(pattern, text)
        found += [Mention(year + step) for _ in hits]
    years = [int(hit[1]) for hit in _YEAR.finditer(text)]
    if len(set(years)) == 1 and any(mention.year is None for mention in found):
        # "2023 | jan": the year is said once, for the months beside it
        return [Mention(years[0], m.month, m.part) if m.year is None else m for m in found]
    return [*found, *(Mention(each) for each in years)]


@lru_cache(maxsize=50_000)
def nearest(levels: tuple[str, ...], year: int) -> tuple[Mention, ...]:
    """Return the periods that a place is about.

    Args:
        levels: texts from the nearest to the farthest; the first that names a period rules.
        year: the report's year.
    """
    outer: list[Mention] = []
    for level in reversed(levels):
        found = mentions(level, year)
        # A month beside a year further out, such as a column "aug" in a table of 2022
        years = {m.year for m in outer if m.year is not None}
        if found:
            only = years.pop() if len(years) == 1 else None
            outer = [Mention(only, m.month, m.part) if m.year is None else m for m in found]
    return tuple(outer)


def fits(period: str, mention: Mention, year: int | None) -> bool:
    """Tell whether a mention can mean a data file's period.

    Args:
        period: such as 2022, 2022-08, 2022T1, 2022D08, 2022-08-31, 2022-01/2022-05.
        mention: what the text says.
        year: the year meant where the mention has none; None for any.
    """
    start = int(period[:4]) if period[:4].isdigit() else None
    said = mention.year if mention.year is not None else year
    if start is not None and said is not None and not start <= said <= _end_year(period, start):
        return False
    own = re.fullmatch(r"\d{4}([THQK])(\d)", period)
    if mention.part:
        return bool(own) and mention.part == f"{own[1]}{own[2]}" if own else False
    months = _months(period)
    if mention.month is not None:
        return mention.month in months
    # Months are told apart by their names: a year alone does not name one
    return not re.fullmatch(r"\d{4}-\d{2}", period)


def _end_year(period: str, start: int) -> int:
    last = re.search(r"/(\d{4})", period)
    return int(last[1]) if last else start


def _months(period: str) -> Sequence[int]:
    if found := re.fullmatch(r"\d{4}-(\d{2})/\d{4}-(\d{2})", period):
        return (int(found[1]), int(found[2]))
    if found := re.fullmatch(r"\d{4}-(\d{2})(?:-\d{2})?", period):
        return (int(found[1]),)
    if found := re.fullmatch(r"\d{4}D(\d{2})", period):
        return (1, int(found[1]))
    if found := re.fullmatch(r"\d{4}T(\d)", period):
        return (4 * int(found[1]) - 3, 4 * int(found[1]))
    if found := re.fullmatch(r"\d{4}H(\d)", period):
        return (6 * int(found[1]) - 5, 6 * int(found[1]))
    return (1, 12)
