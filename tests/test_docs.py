"""What the documents say of the code is true."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import berattelse
from berattelse.data import TARGET_VARIABLE

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = (ROOT / "docs" / "rapportsprak.md").read_text(encoding="utf-8")
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def rows(text: str) -> list[list[str]]:
    """Return the cells of every table row."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


EXAMPLES = [
    (row[2].strip("`"), row[3]) for row in rows(LANGUAGE) if len(row) == 4 and row[2][0] == "`"
]


def signatures() -> dict[str, list[str]]:
    """Return what the document says: name -> names of the parameters."""
    said = {}
    for row in rows(LANGUAGE):
        if found := re.fullmatch(r"`(\w+)(?:\((.*)\))?`", row[0]):
            said[found[1]] = re.findall(r"(?:^|, )\*{0,2}(\w+)(?==|,|$)", _flat(found[2] or ""))
    return said


def _flat(arguments: str) -> str:
    return re.sub(r"\([^()]*\)|\"[^\"]*\"", "…", arguments)


def test_every_name_of_the_vocabulary_is_described() -> None:
    missing = set(berattelse.__all__) - set(signatures())
    assert not missing, f"docs/rapportsprak.md beskriver inte: {', '.join(sorted(missing))}"


@pytest.mark.parametrize("name", berattelse.__all__)
def test_signature_is_the_real_one(name: str) -> None:
    if name in ("Chart", "Report", "Status"):
        return  # made by other functions, never by a report
    assert signatures()[name] == list(inspect.signature(getattr(berattelse, name)).parameters)


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the examples' own code defines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(TARGET_VARIABLE, "verksamhetsberattelse/herrljunga/2022")
        patch.chdir(ROOT / "reports")
        defined: dict[str, Any] = {}
        for code in PYTHON.findall(LANGUAGE):
            exec(code, defined)
        return defined


@pytest.mark.parametrize(("expression", "result"), EXAMPLES, ids=[e for e, _ in EXAMPLES])
def test_example_gives_what_the_document_says(
    expression: str, result: str, names: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TARGET_VARIABLE, "verksamhetsberattelse/herrljunga/2022")
    monkeypatch.chdir(ROOT / "reports")
    assert str(eval(expression, names)).replace("\u00a0", " ") == result


def test_examples_are_found() -> None:
    assert len(EXAMPLES) > len(berattelse.__all__)


def test_readme_names_only_modules_that_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    package = ROOT / "src" / "berattelse"
    map_ = readme[readme.index("## The map") :]
    mentioned = set(re.findall(r"`([\w./-]+(?:\.py|/))`", map_))
    assert "execute.py" in mentioned
    lacking = [
        path for path in mentioned if not any((at / path).exists() for at in (package, ROOT))
    ]
    # `rapport.py` stands in a row that names its folder; `_site/` is made by a run
    lacking = [path for path in lacking if path not in ("_site/", "rapport.py")]
    assert not lacking
    assert (ROOT / "benchmarks" / "rapport.py").is_file()


def normalised(name: str) -> str:
    """Return a distribution's name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def dependencies() -> set[str]:
    """Return the direct dependencies, runtime and test."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    required = project["dependencies"] + extras["validera"] + extras["test"]
    names = {normalised(re.match(r"[\w.-]+", line)[0]) for line in required}
    return names - {"berattelse"}


def test_every_dependency_is_explained_and_nothing_else() -> None:
    text = (ROOT / "docs" / "beroenden.md").read_text(encoding="utf-8")
    explained = {normalised(row[0]) for row in rows(text)} - {"paket", "-"}
    assert explained == dependencies()


def test_every_dependency_has_an_exact_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {normalised(found[1]) for line in lines if (found := re.match(r"([\w.-]+)==\d", line))}
    assert not dependencies() - pins
