"""The declarations fit the data that is shipped, and speak to the one who opens Excel."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from berattelse import declare, describe
from berattelse.config import read_settings
from berattelse.datasets import Dataset, Relation, Term
from tests.conftest import ROOT

CATALOGUE = declare.catalogue(ROOT / "data")
FILES = sorted((ROOT / "data").glob("*/20*/*.csv"))
REPORTS = sorted((ROOT / "reports").glob("*.qmd"))
COMMON = {column.namn for column in (*declare.COMMON, declare.SOURCE)}
SENTENCE = re.compile(r"[A-ZÅÄÖ(].{8,}\.")

per_file = pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parts[-3]}-{p.stem}")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def declared(path: Path) -> Dataset:
    return CATALOGUE[path.stem]


def front_matter(report: Path) -> dict[str, object]:
    return yaml.safe_load(report.read_text(encoding="utf-8").split("---\n")[1])


def test_every_shipped_dataset_is_declared() -> None:
    assert FILES
    assert {path.stem for path in FILES} - set(CATALOGUE) == set()


def test_every_declared_dataset_is_shipped_or_used_by_a_report() -> None:
    texts = "".join(report.read_text(encoding="utf-8") for report in REPORTS)
    idle = {
        name
        for name in set(CATALOGUE) - {path.stem for path in FILES}
        if not re.search(rf"\b{name}\b", texts)
    }
    assert idle == set()


@pytest.mark.parametrize("report", REPORTS, ids=lambda p: p.stem)
def test_the_datasets_that_a_report_names_are_declared(report: Path) -> None:
    assert set(front_matter(report)["data"]) - set(CATALOGUE) == set()


@per_file
def test_the_columns_of_a_file_are_declared(path: Path) -> None:
    header = list(rows(path)[0])
    columns = {column.namn: column for column in declared(path).kolumner}
    assert set(header) - set(columns) == set()
    assert {name for name, column in columns.items() if column.obligatorisk} - set(header) == set()
    shipped_order = [name for name in header if name not in COMMON]
    assert shipped_order == [name for name in columns if name in shipped_order]


@per_file
def test_the_keys_tell_rows_apart(path: Path) -> None:
    keys = declared(path).nycklar
    assert "ordning" not in keys
    found = Counter(tuple(row.get(key, "") for key in keys) for row in rows(path))
    assert [key for key, times in found.items() if times > 1] == []


@per_file
def test_the_cells_are_as_declared(path: Path) -> None:
    dataset = declared(path)
    faults = []
    for number, row in enumerate(rows(path), start=2):
        for column in dataset.kolumner:
            cell = row.get(column.namn, "")
            if column.namn not in row or (not cell and column.kan_vara_tom):
                continue
            if not cell or (column.tillatna and cell not in column.tillatna):
                faults.append((number, column.namn, cell))
            elif column.typ == "heltal":
                low, high = column.lagst or 0, column.hogst or 10_000
                if not low <= int(cell) <= high:
                    faults.append((number, column.namn, cell))
        if dataset.slag == "tal":
            faults += [
                (number, name, row[name])
                for name, known in (("enhet", dataset.enheter), ("periodtyp", dataset.periodtyper))
                if row[name] not in known
            ]
    assert faults == []


@per_file
def test_whole_numbers_are_those_that_the_reports_are_used_to(path: Path) -> None:
    for column in declared(path).kolumner:
        assert (column.typ == "heltal") == (column.namn in declare.WHOLE), column.namn


@per_file
def test_the_period_that_a_measure_gives_is_the_one_that_stands_there(path: Path) -> None:
    dataset = declared(path)
    year = int(path.parts[-2])
    for row in rows(path) if dataset.perioder else ():
        period_type, pattern = dataset.perioder[row["matt"]]
        assert row["periodtyp"] == period_type
        filled = pattern.replace("{ar}", str(year)).replace("{fg}", str(year - 1))
        assert re.fullmatch(filled.replace("{mm}", r"\d\d"), row["period"])


@pytest.mark.parametrize("dataset", CATALOGUE.values(), ids=lambda d: d.namn)
def test_texts_are_swedish_sentences(dataset: Dataset) -> None:
    assert dataset.titel != dataset.namn
    assert dataset.titel[0].isupper()
    assert SENTENCE.fullmatch(dataset.beskrivning)
    for column in dataset.kolumner:
        assert SENTENCE.fullmatch(column.hjalp), column.namn
        if column.namn not in COMMON:
            assert all(column.tillatna.values()), column.namn
    for relation in dataset.kontroller:
        assert SENTENCE.fullmatch(relation.text), relation.regel
    said = " ".join((dataset.beskrivning, *(column.hjalp for column in dataset.kolumner)))
    assert {"å", "ä", "ö"} <= set(said)


def test_protection_is_never_turned_off_without_a_reason() -> None:
    off = [dataset for dataset in CATALOGUE.values() if not dataset.skydd.pa]
    assert [dataset.namn for dataset in off if not SENTENCE.fullmatch(dataset.skydd.skal)] == []


def relations() -> Iterator[tuple[Dataset, Relation]]:
    for dataset in CATALOGUE.values():
        for relation in dataset.kontroller:
            yield dataset, relation


def terms(relation: Relation) -> tuple[Term, ...]:
    return (*relation.vanster, *relation.hoger, *filter(None, [relation.andel]))


def test_rules_have_stable_names() -> None:
    names = [(dataset.namn, relation.regel) for dataset, relation in relations()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]+", name) for _, name in names)


@pytest.mark.parametrize(
    "relation",
    [pytest.param(r, id=f"{d.namn}-{r.regel}") for d, r in relations()],
)
def test_every_content_that_a_rule_looks_for_occurs_in_the_data(relation: Relation) -> None:
    for term in terms(relation):
        found: dict[str, set[str]] = {}
        for path in FILES:
            if path.stem == term.datamangd:
                for row in rows(path):
                    for name, cell in row.items():
                        found.setdefault(name, set()).add(cell)
        for sought in (term.dar, term.inte):
            for name, contents in sought.items():
                # {ar} stands for the year at hand
                fixed = {content for content in contents if "{ar}" not in content}
                assert fixed <= found[name], (term.datamangd, name)
        for names in term.kolumner.values():
            contents = set().union(*(found[name] for name in names))
            assert set(term.oversatt) <= contents


@pytest.mark.parametrize("dataset", CATALOGUE.values(), ids=lambda d: d.namn)
def test_rows_that_need_no_protection_occur_in_the_data(dataset: Dataset) -> None:
    shipped = [row for path in FILES if path.stem == dataset.namn for row in rows(path)]
    for exception in dataset.skydd.utom:
        for name, contents in exception.items():
            assert set(contents) <= {row[name] for row in shipped}


def test_the_page_about_datasets_is_what_the_declarations_say() -> None:
    """`berattelse data beskriv --fil docs/datamangder.md` makes it anew."""
    page = (ROOT / "docs/datamangder.md").read_text(encoding="utf-8")
    assert page == describe.everything(read_settings(ROOT), CATALOGUE)


def test_every_key_of_a_declaration_is_explained() -> None:
    page = (ROOT / "docs/deklarationer.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`(\w+)`", page))
    source = (ROOT / "src/berattelse/declare.py").read_text(encoding="utf-8")
    keys = {
        key
        for known in re.findall(r"known = \((.*?)\)(?:  # fmt: skip)?\n", source, re.DOTALL)
        for key in re.findall(r'"(\w+)"', known)
    }
    assert len(keys) > 30
    assert keys <= explained, sorted(keys - explained)
