"""Every construct of Quarto's Markdown that we know of, in every format, read in the file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from berattelse import checks
from berattelse.errors import BerattelseError
from tests.quarto.bygg import Built, build, document, render
from tests.quarto.fall import CASES, FORMATS, Case

BY_FORMAT = [
    pytest.param(case, format, id=f"{case.group}: {case.name} [{format}]")
    for case in CASES
    for format in FORMATS
]


# The writer's own choice: a table without a caption or a head, an address as the words of a link.
UNASKED = ("[word_tabelltext]", "[word_tabellhuvud]", "[word_lank_adress]")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fall")


def made_of(case: Case, format: str, folder: Path) -> Built:
    if case.single:
        return render(folder / "ett", case.source, case.head, format, case.files)
    return build(document(folder / "ett", case.source, case.head, case.files), format)


@pytest.mark.parametrize(("case", "format"), BY_FORMAT)
def test_a_construct_is_in_the_finished_file(case: Case, format: str, folder: Path) -> None:
    seen = case.seen(format)
    if seen.fault:
        with pytest.raises(BerattelseError, match=seen.fault):
            made_of(case, format, folder)
        return
    built = made_of(case, format, folder)
    assert [what for what in seen.find if not built.holds(what)] == []
    assert [what for what in seen.missing if built.holds(what)] == []
    text = built.text()
    assert [words for words in seen.text if words not in text] == [], text
    assert [words for words in seen.absent if words in text] == [], text
    told = "\n".join(built.warnings)
    assert seen.warning in told
    assert bool(seen.warning) == bool(told), told
    if format != "html" and not case.single and "enskilt" not in case.head:
        with checks.Checker() as checker:
            told_of = map(str, checker.check(built.path))
            assert [one for one in told_of if not any(rule in one for rule in UNASKED)] == []


def test_there_are_enough_of_them() -> None:
    assert len([case for case in CASES if case.listed]) >= 60
    assert len(CASES) * len(FORMATS) >= 150


def test_each_construct_is_asked_for_what_it_must_not_be_too() -> None:
    for case in CASES:
        seen = [case.seen(format) for format in FORMATS]
        assert any(one.missing or one.absent or one.fault or one.warning for one in seen), case.name


def test_no_two_rows_of_the_table_have_the_same_name() -> None:
    names = Counter((case.group, case.name) for case in CASES)
    assert [name for name, count in names.items() if count > 1] == []
