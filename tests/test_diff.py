"""What changed in the data since the last build, and where it is printed."""

from __future__ import annotations

from pathlib import Path

from berattelse import history, places
from berattelse.compare import compare, rows
from berattelse.config import read_settings
from berattelse.missing import Missing
from berattelse.plan import Selection, plan
from tests.conftest import ROOT, Run, write
from tests.test_gate import SMALL, SOUND, edit, kommun


def test_added_removed_and_changed_figures_are_told(tmp_path: Path) -> None:
    history.remember(tmp_path, kommun(tmp_path, 2022, SOUND))
    now = (
        SOUND.replace(",60,", ",59,").replace(",40,", ",41,").replace("unika,,", "unika,ny,")
        + "nya,,helar,2022,antal,,ej_matt\n"
    )
    checked = kommun(tmp_path, 2022, now)
    old = history.used(tmp_path, checked)
    assert old is not None
    found = {
        (change.keys["matt"], change.keys.get("grupp", "")): (
            change.kind, change.old, change.new, change.difference,
        )
        for change in history.changes(checked, old, history.now(checked))
    }  # fmt: skip
    assert found == {
        ("beslut", "Kvinnor"): ("ändrad", 60.0, 59.0, -1.0),
        ("beslut", "Män"): ("ändrad", 40.0, 41.0, 1.0),
        ("unika", ""): ("borttagen", 70.0, None, None),
        ("unika", "ny"): ("tillkommen", None, 70.0, None),
        ("nya", ""): ("tillkommen", None, Missing("ej_matt"), None),
    }


def test_a_protected_figure_is_not_told_before_or_after(tmp_path: Path) -> None:
    history.remember(tmp_path, kommun(tmp_path, 2022, SOUND))
    checked = kommun(tmp_path, 2022, SMALL)
    comparison = compare(read_settings(tmp_path), checked)
    told = rows(comparison)
    assert [(row[1], row[2], row[3], row[4]) for row in told] == [
        ("beslut, Kvinnor, 2022", "x", "x", ""),
        ("beslut, Män, 2022", "x", "x", ""),
    ]


def test_the_last_change_is_still_told_after_the_build(tmp_path: Path) -> None:
    history.remember(tmp_path, kommun(tmp_path, 2022, SOUND))
    changed = SOUND.replace(",70,", ",71,")
    checked = kommun(tmp_path, 2022, changed)
    settings = read_settings(tmp_path)
    assert compare(settings, checked).since == "senast"
    history.remember(tmp_path, checked)
    after = compare(settings, checked)
    assert after.since == "innan"
    assert [change.new for change in after.changes] == [71.0]


def test_a_damaged_store_counts_as_none(tmp_path: Path) -> None:
    checked = kommun(tmp_path, 2022, SOUND)
    history.remember(tmp_path, checked)
    for path in (tmp_path / history.STORE).glob("*.csv"):
        path.write_bytes(b"x")
    old = history.used(tmp_path, checked)
    assert old is not None
    assert not old.frames
    write(tmp_path / history.STORE / "herrljunga-2022.json", "{")
    assert history.used(tmp_path, checked) is None


def test_places_follow_names_through_the_code(projekt: Path) -> None:
    job = plan(read_settings(projekt), Selection(kommun=("herrljunga",))).jobs[0]
    found = places.printed(read_settings(projekt), job)
    # the text stands before the table; `antal` carries the dataset from the cell that set it
    assert [(place.what, place.place.file.name) for place in found] == [
        ("Text", "_text.qmd"),
        ("Tabell «Insatser under året»", "liten.qmd"),
    ]


def test_every_dataset_of_every_report_is_found_somewhere() -> None:
    settings = read_settings(ROOT)
    for job in plan(settings, Selection()).jobs:
        printed = places.printed(settings, job)
        named = frozenset().union(*(place.datasets for place in printed))
        from berattelse import qmd

        used = qmd.declared_datasets(job.source) & job.data
        assert used <= named, f"{job.target}: {sorted(used - named)}"


SELECTING = """\
    ---
    title: Liten rapport
    berattelse:
      parametrar: {kommun: {typ: text}, ar: {typ: heltal}}
    data: {insatser: true, risker: true}
    ---

    ```{python}
    #| tags: [parameters]
    kommun = "herrljunga"
    ar = 2022
    ```

    ```{python}
    from berattelse import *
    b = start("liten", kommun, ar)

    def tabell(rader):
        return Table(rader, stub="matt", columns={"varde": "Antal"})

    def urval(namn, *matt):
        rader = b.load(namn)
        return rader[rader["matt"].isin(matt)] if matt else rader

    def rubrik(text, *namn):
        return Markdown(text if any(n in b.data for n in namn) else "")

    def andra(rader):
        rader["matt"] = "annat"

    def utom(namn, matt):
        rader = b.load(namn)
        return rader[rader["matt"] != matt]
    ```

    `{python} rubrik("# Allt", "insatser")`

    ```{python}
    #| label: tbl-beslut
    #| tbl-cap: Beslut
    tabell(urval("insatser", "beslut"))
    ```

    ```{python}
    #| label: tbl-alla
    #| tbl-cap: Alla
    insatser = b.load("insatser")
    Table(insatser, stub="matt")
    ```

    ```{python}
    #| label: tbl-utom
    #| tbl-cap: Utom beslut
    tabell(utom("insatser", "beslut"))
    ```

    ```{python}
    #| label: tbl-risker
    #| tbl-cap: Risker
    risker = b.load("risker")
    tabell(risker)
    ```

    Risker: `{python} antal_text(len(risker), "insats", "insatser")`.

    ```{python}
    rader = []
    rader.append(b.value("insatser", matt="avslag"))
    andra(risker)
    ```

    Avslag: `{python} lista(rader)`, `{python} b.value("insatser", matt="beslut")`.

    ```{python}
    #| label: tbl-risker-sist
    #| tbl-cap: Risker igen
    tabell(risker)
    ```
"""


def test_a_place_is_named_for_what_it_prints_and_not_for_what_stood_before(
    projekt: Path,
) -> None:
    write(projekt / "reports/liten.qmd", SELECTING)
    for kommun_ in ("herrljunga", "harnosand"):
        write(projekt / f"data/{kommun_}/2022/risker.csv", "matt,varde,kalla\nbrand,7,Egen\n")
    job = plan(read_settings(projekt), Selection(kommun=("herrljunga",))).jobs[0]
    found = places.printed(read_settings(projekt), job)
    contents = {"matt": {"beslut", "avslag"}, "period": {"2022"}}

    def named(dataset: str, matt: str) -> list[str]:
        keys = {"matt": matt, "period": "2022"}
        return [
            place.caption or f"rad {place.place.line}"
            for place in found
            if any(r.dataset == dataset and r.holds(keys, contents) for r in place.readings)
        ]

    line = next(
        number
        for number, text in enumerate((projekt / "reports/liten.qmd").read_text().splitlines(), 1)
        if text.startswith("Avslag: ")
    )
    assert named("insatser", "beslut") == ["Beslut", "Alla", "Utom beslut", f"rad {line}"]
    assert named("insatser", "avslag") == ["Alla", "Utom beslut", f"rad {line}"]
    # `andra` changes what it is given
    assert named("risker", "brand") == ["Risker", f"rad {line - 8}", "Risker igen"]


def test_a_changed_figure_of_a_real_report_is_found_where_it_is_printed() -> None:
    settings = read_settings(ROOT)
    selected = Selection(kommun=("vanersborg",), rapport=("kvalitetsberattelse",))
    found = places.printed(settings, plan(settings, selected).jobs[0])
    contents = {
        "nyckeltal_id": {"synpunkter_totalt", "synpunkter_verksamhet", "domar", "domar_insats"},
        "grupp": {"Totalt", "IFO", "Personlig assistans"},
    }

    def named(dataset: str, nyckeltal_id: str, grupp: str) -> list[str]:
        keys = {"nyckeltal_id": nyckeltal_id, "grupp": grupp}
        return [
            place.what if place.caption else place.place.file.name
            for place in found
            if any(r.dataset == dataset and r.holds(keys, contents) for r in place.readings)
        ]

    assert sorted(named("synpunkter", "synpunkter_totalt", "Totalt")) == [
        "Figur «Inkomna synpunkter per år, antal»",
        "Tabell «Inkomna synpunkter per verksamhet under året»",
        "Tabell «Inkomna synpunkter»",
        "_sammanfattning.qmd",
        "_synpunkter.qmd",
        "_synpunkter_per_verksamhet.qmd",
    ]
    assert named("domar", "domar", "Totalt") == [
        "_sammanfattning.qmd",
        "_domar.qmd",
        "Tabell «Domar från förvaltningsdomstol per år»",
    ]
    assert named("domar", "domar_insats", "Personlig assistans") == [
        "Tabell «Domar per överklagad insats under året»"
    ]


def test_the_command_names_figure_and_place(berattelse: Run, projekt: Path) -> None:
    assert berattelse("--format", "html").returncode == 0
    edit(projekt / "data/harnosand/2022/insatser.csv", "antal,1234,", "antal,1250,")
    done = berattelse("data", "diff", "--kommun", "harnosand")
    assert done.returncode == 0, done.stderr
    said = done.stdout.replace("\u00a0", " ")
    assert "1 ändrad siffra sedan senaste bygget" in said
    assert "insatser: beslut, 2022: 1 234 → 1 250 (+16 antal)" in said
    assert "liten: Tabell «Insatser under året», text i _text.qmd:1" in said
    assert (projekt / ".berattelse/andringar/harnosand-2022-andringar.html").is_file()
    exported = projekt / "andringar.csv"
    assert berattelse("data", "diff", "--fil", str(exported)).returncode == 0
    listed = exported.read_text(encoding="utf-8-sig").splitlines()
    assert listed[1].startswith("harnosand;2022;insatser;beslut, 2022;1234;1250;16;antal;")
    # the build says so too, and the next command still tells what it was
    built = berattelse("--format", "html", "--kommun", "harnosand")
    assert "1 ändrad siffra" in built.stderr
    assert "1 250" in berattelse("data", "diff", "--kommun", "harnosand").stdout.replace(
        "\u00a0", " "
    )


def test_nothing_of_the_store_is_published(berattelse: Run, projekt: Path) -> None:
    assert berattelse("--format", "html").returncode == 0
    assert (projekt / history.STORE).is_dir()
    published = {path.suffix for path in (projekt / "_site").rglob("*") if path.is_file()}
    assert published <= {".html", ".json"}
