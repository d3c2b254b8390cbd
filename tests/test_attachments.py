"""The figures that a PDF carries: those that the report may load, and no others."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from berattelse import pipeline
from berattelse.attachments import write_attachments
from berattelse.config import read_settings
from berattelse.model import Job
from berattelse.plan import Selection, plan
from tests.conftest import ROOT, copy_project


def attached(root: Path, work: Path, rapport: str, kommun: str) -> dict[str, list[dict[str, str]]]:
    """Return what the PDF of a report would carry: dataset -> rows."""
    settings = read_settings(root)
    chosen = plan(settings, Selection(rapport=(rapport,), kommun=(kommun,), attach_data=True))
    _, jobs, faults = pipeline.pass_gate(settings, chosen.jobs, work)
    assert not faults and jobs[0].attach_data
    return {path.stem: _rows(path) for path in write_attachments(jobs[0], work / "bilagor")}


def _rows(path: Path, delimiter: str = ";") -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_the_datasets_of_the_report_are_written_with_their_figures(tmp_path: Path) -> None:
    files = attached(ROOT, tmp_path, "verksamhetsberattelse", "harnosand")
    assert "volymer_manad" in files
    assert "psb_bpsd" not in files, "it belongs to another report"
    given = _rows(ROOT / "data/harnosand/2022/volymer_manad.csv", ",")
    assert len(files["volymer_manad"]) == len(given)
    for row, source in zip(files["volymer_manad"], given, strict=True):
        same = row["varde"].replace(",", ".")
        assert (float(same) if same else None) == (
            float(source["varde"]) if source["varde"] else None
        )


def test_small_counts_are_taken_out_and_say_so(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    project = copy_project(tmp_path / "p")
    (project / "data/harnosand/2022/skydd.yml").unlink()
    rows = attached(project, tmp_path, "kvalitetsberattelse", "harnosand")["lex_sarah"]
    given = _rows(project / "data/harnosand/2022/lex_sarah.csv", ",")
    assert [row["varde"] for row in given] == ["", "2"]
    assert [(row["varde"], row["orsak"]) for row in rows] == [
        ("", "uppgift_saknas"),
        ("", "skyddad"),
    ]


def test_a_job_without_passed_data_has_none(tmp_path: Path) -> None:
    settings = read_settings(ROOT)
    job: Job = plan(settings, Selection(kommun=("herrljunga",))).jobs[0]
    assert write_attachments(job, tmp_path) == ()
