"""Which targets are built, and what is wrong with the command before anything runs."""

from pathlib import Path

import pytest

from berattelse.config import folder_name, kommun_folders, read_settings
from berattelse.errors import SettingsError, UsageError
from berattelse.plan import Selection, plan
from tests.conftest import TARGET, write


def targets(projekt: Path, **selection: object) -> list[str]:
    chosen = plan(read_settings(projekt), Selection(**selection))  # type: ignore[arg-type]
    return [str(job.target) for job in chosen.jobs]


def test_everything_is_built_in_order(projekt: Path) -> None:
    assert targets(projekt) == ["liten harnosand 2022", "liten herrljunga 2022"]


def test_patterns_choose(projekt: Path) -> None:
    assert targets(projekt, kommun=("herr*",), ar=("20??",)) == ["liten herrljunga 2022"]


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        ({"kommun": ("harnosad",)}, "harnosand"),
        ({"rapport": ("litenn",)}, "liten"),
        ({"ar": ("2031",)}, "2022"),
        ({"parameters": {"tonn": "kort"}}, "ton"),
        ({"parameters": {"ton": "lång"}}, "kort, utforlig"),
        ({"parameters": {"kommun": "x"}}, "--kommun"),
    ],
)
def test_wrong_selection_is_told_with_a_way_out(
    projekt: Path, selection: dict[str, object], words: str
) -> None:
    with pytest.raises(UsageError) as fault:
        targets(projekt, **selection)
    assert words in str(fault.value)


def test_every_wrong_pattern_is_told_at_once(projekt: Path) -> None:
    with pytest.raises(UsageError) as fault:
        targets(projekt, kommun=("x",), ar=("1999",))
    assert "«x»" in str(fault.value)
    assert "«1999»" in str(fault.value)


def test_parameters_keep_their_types(projekt: Path) -> None:
    (job,) = plan(
        read_settings(projekt), Selection(kommun=("harnosand",), parameters={"ton": "utforlig"})
    ).jobs
    assert job.parameters == {"kommun": "harnosand", "ar": 2022, "ton": "utforlig"}


def test_undeclared_parameter_in_the_cell_is_an_error(projekt: Path) -> None:
    source = projekt / "reports/liten.qmd"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace('ton = "kort"', 'ton = "kort"\nextra = 1'), encoding="utf-8")
    faults = plan(read_settings(projekt), Selection()).faults
    assert all("«extra»" in str(fault) for fault in faults.values())
    assert len(faults) == 2


def test_faulty_target_settings_fail_that_target_alone(projekt: Path) -> None:
    write(
        projekt / "data/harnosand/2022/liten.yml",
        TARGET.replace("namnd:", "nmnd:").replace("helar", "kvartal"),
    )
    chosen = plan(read_settings(projekt), Selection())
    assert [str(job.target) for job in chosen.jobs] == ["liten herrljunga 2022"]
    (fault,) = chosen.faults.values()
    for words in ("Menade du «namnd»?", "«namnd» saknas", "kvartal"):
        assert words in str(fault)


def test_unknown_key_of_ours_in_quarto_yml(projekt: Path) -> None:
    write(projekt / "_quarto.yml", "project: {type: default}\nberattelse: {tidsgrens: 3}\n")
    with pytest.raises(SettingsError, match="Menade du «tidsgrans»"):
        read_settings(projekt)


@pytest.mark.parametrize(
    ("namn", "folder"),
    [
        ("Härnösand", "harnosand"),
        ("Upplands Väsby", "upplands-vasby"),
        ("Älvkarleby", "alvkarleby"),
    ],
)
def test_folder_name(namn: str, folder: str) -> None:
    assert folder_name(namn) == folder


def test_colliding_folder_names_get_the_code() -> None:
    folders = kommun_folders({"0305": "Håbo", "0643": "Habo", "1466": "Herrljunga"})
    assert folders == {"habo-0305": "Håbo", "habo-0643": "Habo", "herrljunga": "Herrljunga"}


def test_only_habo_collides_in_sweden() -> None:
    from berattelse.project import kommun_names

    names = kommun_names(Path(__file__).parent.parent / "data/kommuner.csv")
    assert len(names) == 290
    assert [name for name in names if name[-1].isdigit()] == ["habo-0305", "habo-0643"]
