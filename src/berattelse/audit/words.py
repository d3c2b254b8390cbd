"""Swedish words for comparing: a label of a data file with what a report prints.

Labels are printed inflected, in another order, within compounds, without their common part. So
words are compared by their stems, and a label counts as named when enough of what tells it from
its siblings is there.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache


def several(text: str) -> frozenset[str]:
    """Return the words of a list that is written as text."""
    return frozenset(text.split())


WORD = re.compile(r"[a-z]+|\d+")
STOP = several(
    "och i pa av for till med per den det de en ett som samt eller enligt vid om fran att ar var "
    "inom under hos ut in upp antal antalet antalen m fl dem dessa detta har hade ha blev bli "
    "varav st resp respektive utfall ska kan inte ej nya"
)
TOTALS = several("totalt total totala totalen summa summan samtliga alla hela sammanlagt")
ENDINGS = several(
    "a ar arna arnas as at ats d da de des e en ens er erna ernas ers es et ets ets "
    "n na nas nen nens ns or orna ornas r ra rna s t ta te tes "
    "ning ningar ningen ningarna ningars ing ingar ingen ande anden andet else elser "
    "ad ade ades sk ska skt isk iska iskt"
) | {""}
COMPOUND = 5
"""A word of at least so many letters is found inside a compound too."""
GENERAL = 8
"""A text's word of at least so many letters may be the end of a label's compound: "placeringar"
for "ungdomsplaceringar"."""


def plain(text: str) -> str:
    """Return the text in small letters without diacritics, soft hyphens and odd spaces."""
    text = text.replace("\u00ad", "").replace("\u200b", "").replace("_", " ")
    folded = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """Return the words and whole numbers of a text that say something."""
    return [word for word in WORD.findall(plain(text)) if word not in STOP]


@lru_cache(maxsize=400_000)
def alike(label: str, text: str) -> bool:
    """Tell whether a label's word is a text's word, inflected or within a compound."""
    if label == text:
        return True
    if label[0].isdigit() or text[0].isdigit():
        return False
    common = 0
    for a, b in zip(label, text, strict=False):
        if a != b:
            break
        common += 1
    tails = label[common:], text[common:]
    if (common >= 4 or (common >= 3 and "" in tails)) and all(tail in ENDINGS for tail in tails):
        return True
    if len(label) < COMPOUND:
        return False
    if len(text) >= GENERAL and label.endswith(text):
        return True
    stem = label[:-1] if label[-1] in "ae" else label
    return len(text) >= len(label) + 3 and (text.startswith(stem) or text.endswith(label))


class Bag:
    """The words of a piece of text, for asking whether it names a label."""

    def __init__(self, *texts: str) -> None:
        self._fill({word for text in texts for word in words(text)})

    def _fill(self, found: set[str] | frozenset[str]) -> None:
        self.words = frozenset(found)
        self._by_start: dict[str, list[str]] = {}
        for word in self.words:
            self._by_start.setdefault(word[:3], []).append(word)
        self._asked: dict[str, bool] = {}

    def __or__(self, other: Bag) -> Bag:
        joined = Bag()
        joined._fill(self.words | other.words)
        return joined

    def has(self, label: str) -> bool:
        """Tell whether a label's word is here."""
        if label not in self._asked:
            self._asked[label] = self._has(label)
        return self._asked[label]

    def _has(self, label: str) -> bool:
        if label in self.words:
            return True
        if any(alike(label, word) for word in self._by_start.get(label[:3], ())):
            return True
        if len(label) < COMPOUND:
            return False
        return any(word.endswith(label) or alike(label, word) for word in self.words)


@dataclass(frozen=True)
class Label:
    """A key's content as it may be printed: each word with how much it tells."""

    weights: Mapping[str, float] = field(hash=False)
    total: bool = False
    """Whether it says "all of them", which is often not printed."""

    @property
    def weight(self) -> float:
        """What all words together tell."""
        return sum(self.weights.values())

    def found(self, bag: Bag) -> float:
        """Return the weight of the words that are in `bag`."""
        return sum(weight for word, weight in self.weights.items() if bag.has(word))

    def share(self, bag: Bag) -> float:
        """Return how much of the label is named in `bag`, from 0 to 1."""
        return self.found(bag) / self.weight if self.weight else 1.0


def label(content: str, frequency: Mapping[str, int], contents: int) -> Label:
    """Return the label of a content; a word that all siblings share tells next to nothing.

    Args:
        content: what the data file says.
        frequency: word -> how many of the column's contents have it.
        contents: how many contents the column has.
    """
    found = list(dict.fromkeys(words(content)))
    if contents > 1:
        # What stands in brackets explains; it is seldom repeated
        outside = list(dict.fromkeys(words(re.sub(r"\([^)]*\)", " ", content))))
        if outside and any(word not in TOTALS for word in outside):
            found = outside
    weights = {
        word: math.log((contents + 1) / min(frequency.get(word, 1), contents)) + 0.05
        for word in found
        if word not in TOTALS
    }
    return Label(weights, total=not weights or any(word in TOTALS for word in found))


def frequencies(contents: Iterable[str]) -> tuple[Mapping[str, int], int]:
    """Return word -> number of different contents that have it, and the number of contents."""
    counts: dict[str, int] = {}
    different = set(contents)
    for content in different:
        for word in set(words(content)):
            counts[word] = counts.get(word, 0) + 1
    return counts, len(different)


def best(labels: Sequence[Label], bag: Bag) -> Label:
    """Return the alternative that `bag` names best."""
    return max(labels, key=lambda each: each.share(bag))
