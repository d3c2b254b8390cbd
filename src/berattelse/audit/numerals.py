"""Numbers in running text: which of them count something, which are shares or changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from berattelse.audit.words import plain, several, words

Role = Literal["antal", "andel", "annat"]

_NUMBERS = (
    "noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton "
    "sjutton arton nitton tjugo"
)
NUMBER_WORDS = {word: number for number, word in enumerate(_NUMBERS.split())} | {"en": 1}
_TOKEN = re.compile(
    r"(?P<digits>(?<![\w.,])[−–-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:,\d+)?(?!\d)"
    r"|[−–-]?\d+(?:,\d+)?)"
    rf"|\b(?P<word>{'|'.join(NUMBER_WORDS)})\b",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"(?:\b(?:tabell|figur|diagram|bild|avsnitt|bilaga|sida|sid\.|s\.|punkt|steg|nivå|kapitel|"
    r"kap\.?|paragraf|artikel|fas|version|nr\.?|nummer|vecka|kvartal|tertial|halvår|dnr|rad|kolumn|"
    r"not|fotnot|term|årskurs|prioritet|lag|förordning)|§+|\d\s*[:/.–-]|[^\W\d_]-)\s*$",
    re.IGNORECASE,
)
_SHARE = re.compile(r"^\s*(?:%|procent|procentenhet|promille)", re.IGNORECASE)
_OTHER_UNIT = re.compile(
    r"^\s*(?:§|kap\b|kapitlet|stycket|kr\b|tkr|mnkr|kronor|miljon|mkr|tusen|tim|h\b|minut|"
    r"min\b|dag|dygn|veck|månad|årig|år\b(?!\s*(?:19|20)\d\d)|års|åring|km\b|mil\b|kg\b|kB\b|MB\b|poäng|grader|gånger|kolumn|rader\b|sidor|"
    r"steg\b|delar\b|nivå|punkt|sätt\b|skäl\b|typer\b|områden\b|kategori|kriteri|princip|"
    r""
    r"(?:jan|feb|mars|apr|maj|juni|juli|aug|sep|okt|nov|dec)|[:/]\s?\d|:[ea]\b|[–-]\s?\d|\.\d)",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:ok(?:a|ar|at|ade|ning\w*)\b|minsk|sjunk|sjonk|stig|steg\b|vaxt|vaxer|forandr|skillnad|differens|uppgang|nedgang|"
    r"fler|farre|flera an|upp med|ner med|ned med|mer an|mindre an)"
)
_LESS = re.compile(r"\b(?:minsk|sjunk|sjonk|farre|mindre|nedgang|ner\b|ned\b|lagre)")
_MORE = re.compile(
    r"\b(?:ok(?:a|ar|at|ade|ning\w*)\b|stig|steg\b|vaxt|fler|mer\b|uppgang|upp\b|hogre)"
)
_COUNTED = several(
    "person personer individ individer barn flicka pojke kvinna man brukare ungdom vuxen elev "
    "hushall arende fall anmalan rapport beslut insats plats placering klagomal synpunkt avvikelse "
    "enda av sadan sadant handelse dom"
)
_RULE = re.compile(r"\b(?:ska|skall|kan|far|maste|bor|om en|om ett|varje|nar en|nar ett)\b")
"""What a sentence has that says how things should be, not how many there were."""
_PROTECTED = re.compile(r"\s*skyddad?e?t?\b", re.IGNORECASE)
"""What follows in "ett skyddat antal", "en skyddad uppgift"."""
_PAST = re.compile(
    r"\b(?:blev|var|fick|fanns|kom|inkom|gjordes|har|hade|\w{3,}(?:ades|ade|des|tes|dde|its|ats)|"
    r"(?:19|20)\d\d)\b"
)
"""What a sentence has that tells what has been."""
_BREAK = re.compile(
    r"[,;:()•|]|\s[–-]\s|\b(?:och|samt|men|medan|till|från|mot|jämfört|varav|respektive|eller)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Token:
    """A number in a sentence."""

    value: Fraction
    start: int
    end: int
    role: Role
    word: bool = False
    noun: tuple[str, ...] = ()
    """For an "en" or "ett" that may be an article: the words that follow."""
    decimals: int = 0
    delta: Literal["", "+", "-", "±"] = ""
    """Whether it is how much something changed, and which way."""
    item: str = ""
    """The piece of the sentence between commas, "och" and the like that the number stands in."""


def tokens(sentence: str, start_of_block: bool = False) -> list[Token]:
    """Return the numbers of a sentence.

    Args:
        sentence: the text.
        start_of_block: whether a list's own numbering may stand first.
    """
    found = []
    changing = bool(_CHANGE.search(plain(sentence)))
    for hit in _TOKEN.finditer(sentence):
        role = _role(sentence, hit, start_of_block)
        digits = hit["digits"]
        value = (
            Fraction(NUMBER_WORDS[hit["word"].lower()])
            if digits is None
            else Fraction(re.sub(r"[ \u00a0\u202f]", "", digits).lstrip("−–-").replace(",", "."))
        )
        if (
            digits is not None
            and digits[0] in "−-–"
            and role == "antal"
            and not _is_signed(sentence, hit)
        ):
            role = "annat"
        found.append(
            Token(
                value,
                hit.start(),
                hit.end(),
                role,
                word=digits is None,
                noun=_noun(sentence, hit) if role == "annat" and digits is None else (),
                decimals=len(digits.partition(",")[2]) if digits else 0,
                delta=_delta(sentence, hit) if changing and role != "annat" else "",
                item=_item(sentence, hit),
            )
        )
    return found


def _is_signed(sentence: str, hit: re.Match[str]) -> bool:
    return hit.start() == 0 or sentence[hit.start() - 1] in " \u00a0("


def _role(sentence: str, hit: re.Match[str], start_of_block: bool) -> Role:
    before, after = sentence[: hit.start()], sentence[hit.end() :]
    digits = hit["digits"]
    if _REFERENCE.search(before[-20:]):
        return "annat"
    if _SHARE.match(after):
        return "andel"
    if _OTHER_UNIT.match(after) or ("§" in before and re.match(r"\s*st\.", after)):
        return "annat"  # "st." is pieces, but in a law it is stycket
    if digits is None:
        one = hit["word"].lower() in ("en", "ett")
        return "annat" if one and not _counts(before, after) else "antal"
    if (before and (before[-1].isalnum() or before[-1] == "_")) or (after and after[0].isalpha()):
        return "annat"
    if re.fullmatch(r"(?:19|20)\d\d", digits):
        return "annat"
    if start_of_block and not before.strip() and re.match(r"[.)]\s", after):
        return "annat"
    return "annat" if "," in digits else "antal"


def _counts(before: str, after: str) -> bool:
    """Tell whether "en" or "ett" is the number one, not an article."""
    if re.match(r"\s*[.,;:)!?]|\s*$", after):
        return True
    if re.search(r"\b(?:endast|bara|blott|exakt|totalt|sammanlagt)\s*$", before, re.IGNORECASE):
        return True
    if _RULE.search(plain(before + after)) or _PROTECTED.match(after):
        return False
    return any(word.strip(".,;:()") in _COUNTED for word in plain(after).split()[:2])


def _noun(sentence: str, hit: re.Match[str]) -> tuple[str, ...]:
    """Return what an article stands before, where the sentence tells of what has been."""
    text = plain(sentence)
    article = hit["word"].lower() in ("en", "ett") and not _PROTECTED.match(sentence[hit.end() :])
    if not article or _RULE.search(text) or not _PAST.search(text):
        return ()
    return tuple(words(sentence[hit.end() :])[:2])


def _delta(sentence: str, hit: re.Match[str]) -> Literal["", "+", "-", "±"]:
    """Tell whether a number says how much something changed."""
    before, after = plain(sentence[: hit.start()]), plain(sentence[hit.end() :])
    window = " ".join(before.split()[-7:])
    led = re.search(r"\b(?:med|pa|av)(?: (?:bara|endast|cirka|ca|ungefar|hela))?$", before.strip())
    led_by_change = led and _CHANGE.search(window)
    followed = re.match(
        r"\s*(?:%|procent|procentenheter)?\s*(?:\w+\s+)?(?:fler|farre|mer|mindre|hogre|lagre)\b",
        after,
    )
    signed = (hit["digits"] or "")[:1] in ("−", "-", "–")
    if not (led_by_change or followed or signed):
        return ""
    near = window if led_by_change and not followed else after[:30]
    if _LESS.search(near) or signed:
        return "-"
    return "+" if _MORE.search(near) else "±"


def _item(sentence: str, hit: re.Match[str]) -> str:
    breaks = [0, *(b.end() for b in _BREAK.finditer(sentence) if b.end() <= hit.start())]
    ends = [
        *(b.start() for b in _BREAK.finditer(sentence) if b.start() >= hit.end()),
        len(sentence),
    ]
    return sentence[breaks[-1] : ends[0]]


def masked(text: str, most: int = 110) -> str:
    """Return a text for quoting, with every number taken out."""
    hidden = _TOKEN.sub("…", text)
    return hidden if len(hidden) <= most else hidden[: most - 1].rstrip() + "…"
