"""What Markdown would lose is told with its line; what it would not lose is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from berattelse import lint
from berattelse.model import Place
from tests.conftest import Run, write

THREE = "Tabellraden har 3 celler men rubrikraden bara 2."


def told(text: str) -> list[tuple[int, str]]:
    """Return `(line, message)` of each fault of a text."""
    lines = [(line, Place(Path("x.qmd"), n)) for n, line in enumerate(text.split("\n"), 1)]
    found = lint.faults(lines)
    return [(fault.place.line, fault.message) for fault in found]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            "| a | b |\n|---|---|\n| 1 | 2 | 3 |",
            3,
            "Tabellraden har 3 celler men rubrikraden bara 2.",
        ),
        ("a | b\n--|--\n1 | 2\n1 | 2 | 3", 4, "Tabellraden har 3 celler men rubrikraden bara 2."),
        ("| a |\n|:-:|\n| 1 | |", 3, "Tabellraden har 2 celler men rubrikraden bara 1."),
        ("Se här.[^saknas]\n", 1, "Fotnoten [^saknas] har ingen text."),
        ("[^1]: Se även [^2].\n\nText[^1]", 1, "Fotnoten [^2] har ingen text."),
        ("\n::: {.callout-foo}\nText\n:::", 2, "Det finns ingen ruta som heter «callout-foo»."),
        (
            "::: {#nte-x .callout-notes title='A'}",
            1,
            "Det finns ingen ruta som heter «callout-notes».",
        ),
    ],
)
def test_what_would_be_lost_is_told(text: str, line: int, message: str) -> None:
    assert told(text) == [(line, message)]


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 1 |\n",
        "| a | b |\n|---|---|\n| 1 \\| ett | `a|b` |\n",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\nEn mening | med ett streck | och ett till.",
        "Text[^1] och \\[^2] och `[^3]`.\n\n[^1]: Noten.",
        "```\n[^4]\n| a |\n|---|\n| 1 | 2 |\n```",
        "::: {.callout-note}\n:::\n\n::: {.callout-caution collapse=true}\n:::",
        "a[0][^1]\n\n[^1]: n",
        "Räkna | med\n---\nmera | så | här",
    ],
)
def test_what_is_not_lost_is_left_alone(text: str) -> None:
    assert told(text) == []


def test_several_are_told_in_order_with_the_partial(projekt: Path, berattelse: Run) -> None:
    write(
        projekt / "partials/liten/herrljunga/2022/_text.qmd",
        """\
        Text.[^a]

        | a | b |
        |---|---|
        | 1 | 2 | 3 |

        ::: {.callout-varning}
        Text.
        :::
        """,
    )
    done = berattelse("render", "--kommun", "herrljunga", "--format", "html")
    assert done.returncode == 1
    places = [line.split(": ")[0] for line in done.stderr.splitlines() if "_text.qmd:" in line]
    assert [int(place.rsplit(":", 1)[1]) for place in places] == [1, 5, 7]
