"""Reading a dataset: every fault of a file at once, with the row that Excel shows."""

from pathlib import Path

import pytest

from berattelse import is_missing, value, wide
from berattelse.data import read_dataset
from berattelse.errors import DataError
from tests.conftest import write

HEADER = "ordning,matt,period,varde,orsak\n"


def test_all_faults_are_told_with_row_and_column(tmp_path: Path) -> None:
    path = write(tmp_path / "x.csv", HEADER + "1,a,2022,1 2,\n\n,b,2022,5,\n3,c,2022,,okänd\n")
    with pytest.raises(DataError) as fault:
        read_dataset(path)
    text = str(fault.value)
    assert "rad 2, kolumn varde" in text
    assert "rad 4, kolumn ordning" in text
    assert "rad 5, kolumn orsak" in text


def test_types_and_missing_values(tmp_path: Path) -> None:
    frame = read_dataset(write(tmp_path / "x.csv", HEADER + "1,a,2022,1.5,\n2,b,2022,,ej_matt\n"))
    assert value(frame, matt="a") == 1.5
    assert value(frame, matt="b").orsak == "ej_matt"
    assert value(frame, matt="c").orsak == "uppgift_saknas"
    assert frame["ordning"].tolist() == [1, 2]
    assert frame["period"].tolist() == ["2022", "2022"]


def test_a_question_with_two_answers_is_an_error(tmp_path: Path) -> None:
    frame = read_dataset(write(tmp_path / "x.csv", HEADER + "1,a,2021,1,\n2,a,2022,2,\n"))
    with pytest.raises(DataError, match="2 rader"):
        value(frame, matt="a")
    table = wide(frame, "matt", "period")
    assert table.columns.tolist() == ["matt", "2021", "2022"]
    assert not is_missing(table["2022"][0])
