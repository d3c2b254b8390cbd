"""The guides' examples work as they stand."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pymupdf
import pytest
import yaml
from docx import Document
from lxml import html as lxml_html

from berattelse import declare
from berattelse.config import read_settings
from berattelse.gate.records import read_records
from berattelse.plan import Selection, plan
from tests.conftest import ROOT, run_in, write

FILE = re.compile(r"^\*\*`([^`]+)`\*\*\n\n(`{3,})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def guide(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of the guide's own files, built."""
    project = tmp_path_factory.mktemp("ny")
    (project / "data").mkdir()
    for name in ("_quarto.yml", "data/kommuner.csv"):
        shutil.copy(ROOT / name, project / name)
    text = guide("ny-rapport.md")
    files = {found[1]: found[3] for found in FILE.finditer(text)}
    listed = re.findall(r"^\| \d \| `([^`]+)` \|", text, re.MULTILINE)
    assert list(files) == listed
    for name, content in files.items():
        write(project / name, content)
    done = run_in(project, "--rapport", "traffpunkter")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "VARNING" not in done.stdout + done.stderr
    return project / "_site" / "herrljunga" / "2023"


def test_the_guides_report_is_built_in_every_format(built: Path) -> None:
    sentence = "Under 2023 gjordes 2 244 besök på träffpunkterna i Herrljunga."
    change = "Antalet har ökat från 2 070 till 2 244."
    page = lxml_html.fromstring((built / "traffpunkter.html").read_bytes())
    document = Document(str(built / "traffpunkter.docx"))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    pdf = pymupdf.open(built / "traffpunkter.pdf")
    texts = {
        "html": page.text_content(),
        "pdf": "".join(sheet.get_text() for sheet in pdf),
        "docx": "\n".join(paragraphs),
    }
    for format_, text in texts.items():
        plain = " ".join(text.replace("\u00ad", "").split())
        assert sentence in plain, format_
        assert change in plain, format_
        assert "Verksamheten skriver: vad som har påverkat" in plain, format_
    assert len(page.xpath("//figure//*[local-name()='svg']")) == 1
    assert page.xpath("//table[.//caption[contains(., 'Besök per träffpunkt')]]")
    rows = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert ["Lunden", "1\u00a0210", "1\u00a0384"] in rows
    assert len(document.inline_shapes) == 1


def test_the_guide_is_found() -> None:
    assert "(docs/ny-rapport.md)" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(ny-rapport.md)" in guide("kom-igang.md")


def test_every_declaration_of_the_guide_is_accepted(tmp_path: Path) -> None:
    examples = YAML.findall(guide("deklarationer.md"))
    assert examples
    for number, example in enumerate(examples):
        write(tmp_path / f"{number}/datamangder/x.yml", example)
        found = declare.catalogue(tmp_path / str(number))
        assert list(found) == list(yaml.safe_load(example))
        for dataset in found.values():
            assert all(column.hjalp.endswith(".") for column in dataset.kolumner)


def test_every_file_of_the_controllers_guide_is_accepted(projekt: Path) -> None:
    """`<rapport>.yml`, `godkanda.yml` and `skydd.yml`, read as the program reads them."""
    catalogue = declare.catalogue(ROOT / "data")
    kinds = []
    for example in YAML.findall(guide("controller.md")):
        content = yaml.safe_load(example)
        folder = projekt / "data/herrljunga/2023"
        if "titel" in content:
            kinds.append("berättelse")
            write(folder / "liten.yml", example)
            chosen = Selection(kommun=("herrljunga",), ar=("2023",))
            (job,) = plan(read_settings(projekt), chosen).jobs
            assert job.settings.titel == content["titel"]
        else:
            (name,) = content
            kinds.append(name)
            write(folder / f"{'skydd' if name == 'undantag' else name}.yml", example)
            records = read_records(folder, catalogue)
            assert len([*records.approvals, *records.exemptions]) == len(kinds) - 1
    assert kinds == ["berättelse", "godkanda", "undantag"]
