"""Execution: values in text, what a failing cell says, and that a failure stays with its target."""

import re
from pathlib import Path

import pytest

from berattelse import literal
from berattelse.compose import compose
from berattelse.config import read_settings
from berattelse.errors import CellError, SourceError, UsageError
from berattelse.execute import execute
from berattelse.model import Document
from berattelse.plan import Selection, plan
from tests.conftest import write


def document(projekt: Path, kommun: str = "herrljunga") -> Document:
    settings = read_settings(projekt)
    (job,) = plan(settings, Selection(kommun=(kommun,))).jobs
    return compose(execute(settings, job), projekt / "work", 0)


def composed(projekt: Path, kommun: str = "herrljunga") -> str:
    return document(projekt, kommun).markdown.read_text(encoding="utf-8")


def test_values_stand_in_the_text(projekt: Path) -> None:
    assert "fattades 1\u00a0234 beslut i Herrljunga." in composed(projekt)
    assert "Allmän text: 1\u00a0234 beslut." in composed(projekt, "harnosand")


def test_table_stands_in_a_div_with_label_and_caption(projekt: Path) -> None:
    found = re.search(
        r"::: \{#tbl-insatser\}\n```\{=html\}\n<table.*?```\n\n(.*?)\n:::",
        composed(projekt),
        re.DOTALL,
    )
    assert found is not None
    assert found[1] == "Insatser under året"


def test_hidden_cell_is_never_executed(projekt: Path) -> None:
    assert "Risker" not in composed(projekt)


def test_cells_that_are_not_included_leave_nothing(projekt: Path) -> None:
    text = composed(projekt)
    assert "start(" not in text
    assert "kommun =" not in text


def test_failing_cell_in_a_partial_names_file_and_line(projekt: Path) -> None:
    write(
        projekt / "partials/liten/herrljunga/2022/_text.qmd",
        "Text.\n\n```{python}\n#| label: raknar\nx = 1\nx / 0\n```\n",
    )
    with pytest.raises(CellError) as fault:
        document(projekt)
    assert Path(str(fault.value.place)).as_posix() == "partials/liten/herrljunga/2022/_text.qmd:6"
    for words in ("liten", "Herrljunga 2022", "«raknar»", "ZeroDivisionError"):
        assert words in str(fault.value)


def test_syntax_error_names_its_line(projekt: Path) -> None:
    write(
        projekt / "partials/liten/herrljunga/2022/_text.qmd",
        "```{python}\nx = 1\nif x\n```\n",
    )
    with pytest.raises(CellError) as fault:
        document(projekt)
    assert str(fault.value.place).endswith("_text.qmd:3")
    assert "SyntaxError" in str(fault.value)


def test_every_failing_value_is_told_with_its_line(projekt: Path) -> None:
    write(
        projekt / "partials/liten/herrljunga/2022/_text.qmd",
        "Ett `{python} 1/0` och\ntvå `{python} ''` samt `{python} f'{None} st'`.\n",
    )
    with pytest.raises(CellError) as fault:
        document(projekt)
    text = str(fault.value).replace("\\", "/")
    assert "_text.qmd:1" in text
    assert text.count("_text.qmd:2") == 2


def test_missing_value_prints_what_is_missing(projekt: Path) -> None:
    write(
        projekt / "partials/liten/herrljunga/2022/_text.qmd",
        "Avslag: `{python} tal(b.value('insatser', matt='avslag'))`, "
        "annat: `{python} tal(b.value('insatser', matt='annat'))`.\n",
    )
    assert "Avslag: ej mätt, annat: uppgift saknas." in composed(projekt)


def test_nothing_at_all_prints_the_words_for_missing(projekt: Path) -> None:
    write(
        projekt / "partials/liten/herrljunga/2022/_text.qmd",
        "```{python}\n#| include: false\nimport pandas as pd\n```\n\n"
        "A `{python} None`, b `{python} float('nan')`, c `{python} pd.NaT`, d `{python} pd.NA`.\n",
    )
    assert "A uppgift saknas, b uppgift saknas, c uppgift saknas, d uppgift saknas." in composed(
        projekt
    )


@pytest.mark.parametrize("text", ["nan", "mot None", "[nan]", "NaT", "<NA> år"])
def test_a_text_with_pythons_word_for_nothing_is_an_error(projekt: Path, text: str) -> None:
    write(
        projekt / "partials/liten/herrljunga/2022/_text.qmd",
        f"Det var `{{python}} {text!r} + ''` beslut.\n",
    )
    with pytest.raises(CellError, match="värde som saknas") as fault:
        document(projekt)
    assert "_text.qmd:1" in str(fault.value)
    assert f"{text!r} + ''" in str(fault.value)


def test_timeout_stops_the_target_with_the_cells_place(projekt: Path) -> None:
    write(
        projekt / "_quarto.yml",
        "project: {type: default}\nexecute: {echo: false}\nberattelse: {tidsgrans: 3}\n",
    )
    write(
        projekt / "partials/liten/herrljunga/2022/_text.qmd",
        "```{python}\n#| label: evig\nimport time\ntime.sleep(60)\n```\n",
    )
    with pytest.raises(CellError, match="tidsgränsen 3 sekunder") as fault:
        document(projekt)
    assert "«evig»" in str(fault.value)


def test_dead_kernel_is_told(projekt: Path) -> None:
    write(
        projekt / "partials/liten/herrljunga/2022/_text.qmd",
        "```{python}\n#| label: dog\nimport os\nos._exit(3)\n```\n",
    )
    with pytest.raises(CellError, match="Pythonprocessen avslutades") as fault:
        document(projekt)
    assert "«dog»" in str(fault.value)


def test_table_without_caption_is_an_error(projekt: Path) -> None:
    source = projekt / "reports/liten.qmd"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("#| tbl-cap: Insatser under året\n", ""), encoding="utf-8")
    with pytest.raises(SourceError, match="«tbl-insatser» saknar rubrik"):
        document(projekt)


@pytest.mark.parametrize("text", ["*fet* _kursiv_ `kod`", "<script>", "$x$ @ref [a](b)", "a\\b~c^"])
def test_values_are_text_whatever_they_hold(text: str) -> None:
    import pypandoc

    plain = pypandoc.convert_text(literal.markdown(text), "plain", format="markdown-smart")
    assert plain.strip() == text


def test_plain_quarto_with_another_kommun_is_stopped(
    projekt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from berattelse import start

    monkeypatch.chdir(projekt / "reports")
    assert start("liten", "herrljunga", 2022).namn == "Herrljunga"
    with pytest.raises(UsageError, match="använd berattelse render --rapport liten --kommun harno"):
        start("liten", "harnosand", 2022)
