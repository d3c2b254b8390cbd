"""The sentences of the reports hold when a figure is unchanged, missing or protected.

Each sentence of `partials/` that compares two figures is rendered with the figures that are tried,
whatever the data says; what else it prints is a seven.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import berattelse
from berattelse import qmd
from berattelse.missing import Missing
from tests.conftest import ROOT

WORDS = ("fran_till", "jamfor", "riktning_ord", "andrats_med", "andrats_till", "skiljer")
WRITING = [
    name
    for name in berattelse.__all__
    if getattr(getattr(berattelse, name), "__module__", "").startswith("berattelse.text")
]
TEXTS = sorted((ROOT / "partials").rglob("*.qmd"))

CASES = {
    "unchanged": (5.0, 5.0),
    "increased": (7.0, 5.0),
    "new figure missing": (Missing("ej_matt"), 5.0),
    "old figure missing": (5.0, Missing("ej_matt")),
    "new figure protected": (Missing("skyddad"), 5.0),
    "old figure protected": (5.0, Missing("skyddad")),
}
FAULTS = {
    "a change that is none": r"(oförändra\w+|inte ändrats|kvar på \d+(,\d)?) (med|till|från)\b",
    "a comparison with a reason": r"jämföras (med|till|från|på) (skyddad|ej mätt|uppgift)",
    "a change of nothing": r"(skillnad|ökning|minskning|förändring|nivå) (på|med) (0|skyddad|ej)",
    "an amount that is none": r"\b0(,0)?\s\w+ (i nivå med|lika|enligt|från)\b",
    "agreement": r"(na|rna|derna|arna) har varit oförändrat|\w+an har varit oförändrat",
    "no comparison to something": r"jämföras (till|på|med \d)",
    "no noun": r"(nivå|jämför\w*) med (vid|under|i)\b",
    "compared since": r"(jämföras|jämförbar\w*) sedan|Jämfört med \d+ har \w+ inte kunnat jämföras",
    "order of words": r"medan [^,.]* har inte|vilket är inte",
    "neuter": r"(Det|[Vv]ilket|\wet) är inte jämförbar ",
    "a reason with a unit": r"(uppgift|mätt) (dagar|timmar|läkemedel|procent)",
    "alike and told twice": r"lika många: ",
    "compared twice": r"jämföras jämfört",
}


class Seven(float):
    """Any name of a report: a number, a table, a function."""

    def __call__(self, *_: Any, **__: Any) -> Seven:
        return self

    def _same(self, *_: Any) -> Seven:
        return self

    __getitem__ = __getattr__ = __sub__ = __rsub__ = __add__ = __abs__ = _same

    def __str__(self) -> str:
        return "7"

    def __format__(self, _: str) -> str:
        return "7"


class Tried(ast.NodeTransformer):
    """Gives the words that compare the figures that are tried."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in WORDS:
            node.args[:2] = [ast.Name("_ny", ast.Load()), ast.Name("_gammal", ast.Load())]
            if len(node.args) > 4 and node.func.id in ("andrats_med", "skiljer"):
                node.args[4] = ast.Name("_skillnad", ast.Load())
            for keyword in node.keywords:
                if keyword.arg == "skillnad":
                    keyword.value = ast.Name("_skillnad", ast.Load())
        return node


def compares(expression: str) -> bool:
    return re.search(rf"\b({'|'.join(WORDS)})\(", expression) is not None


def written(expression: str, new: Any, old: Any) -> str:
    """Return what an inline value prints when the figures that it compares are `new` and `old`."""
    if not compares(expression):
        return "7"
    tree = ast.fix_missing_locations(Tried().visit(ast.parse(expression.strip(), mode="eval")))
    lacking = isinstance(new, Missing) or isinstance(old, Missing)
    names = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    known = {
        name: getattr(berattelse, name)
        if name in WRITING
        else getattr(builtins, name, berattelse.tal if name in ("mn", "en_decimal") else Seven(7))
        for name in names
    }
    known |= {
        "_ny": new,
        "_gammal": old,
        "_skillnad": Missing("ej_matt") if lacking else new - old,
        "om_finns": lambda x, text, annars="": annars if lacking else text,
    }
    return str(eval(compile(tree, expression, "eval"), known))


def sentences(path: Path, new: Any, old: Any) -> Iterator[str]:
    """Return the sentences that compare, with their values in place."""
    for paragraph in path.read_text(encoding="utf-8").split("\n\n"):
        marked = qmd.INLINE.sub(
            lambda found: (
                ("\x01" if compares(found["expression"]) else "")
                + written(found["expression"], new, old)
            ),
            " ".join(paragraph.split()),
        )
        for sentence in re.split(r"(?<=[.:]) (?=[A-ZÅÄÖ\x01\d])", marked):
            if "\x01" in sentence:
                yield sentence.replace("\x01", "").replace("\u00a0", " ")


@pytest.mark.parametrize("case", CASES)
def test_no_sentence_says_what_does_not_hold(case: str) -> None:
    found = [(path, each) for path in TEXTS for each in sentences(path, *CASES[case])]
    assert len(found) > 60
    wrong = [
        f"{path.relative_to(ROOT)}: {fault}: {sentence}"
        for path, sentence in found
        for fault, pattern in FAULTS.items()
        if re.search(pattern, sentence)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "sentence",
    [
        "Antalet har varit oförändrat från 135 året före, en skillnad på 0 %.",
        "Synpunkterna har varit oförändrat, 135.",
        "Andelen har inte ändrats med 0 procentenheter.",
        "Tiden har inte kunnat jämföras till skyddad uppgift.",
        "Intäkterna blev 0,0 mnkr i nivå med budget.",
    ],
)
def test_the_faults_that_are_looked_for_are_found(sentence: str) -> None:
    assert any(re.search(pattern, sentence) for pattern in FAULTS.values())
