"""The auditor finds what is planted in produced files, and nothing in clean ones.

The files are written by hand here: neither the gate nor the pipeline has any part in it.
"""

from __future__ import annotations

import io
import itertools
import json
import random
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import docx
import pytest
import typst
from docx.oxml.ns import qn

from berattelse.audit import RULES, Leak, Report, audit, read_word, tell
from berattelse.audit.numerals import masked, tokens
from berattelse.audit.periods import fits, mentions
from berattelse.config import Settings

DECLARED = """
beslut:
  titel: Beslut om bistånd
  kolumner:
    insats: {nyckel: true}
    kategori: {nyckel: true}
  enheter: [antal]
  periodtyper: [helar]
  kontroller:
    - regel: beslut_totalt
      vanster: {dar: {kategori: [Avslag, Bifall]}}
      hoger: {dar: {kategori: Totalt}}
      per: [insats]
    - regel: insatser_samtliga
      vanster: {inte: {insats: Samtliga insatser}}
      hoger: {dar: {insats: Samtliga insatser}}
      per: [kategori]

avvikelser:
  titel: Avvikelser per enhet
  kolumner:
    enhet_namn: {nyckel: true}
  enheter: [antal]
  periodtyper: [helar]

lex_sarah:
  titel: Lex Sarah
  kolumner:
    nyckeltal_id: {nyckel: true}
    nyckeltal: {}
  enheter: [antal]
  periodtyper: [helar]
  kontroller:
    - regel: ivo_rapporter
      slag: hogst
      vanster: {dar: {nyckeltal_id: lex_ivo}}
      hoger: {dar: {nyckeltal_id: lex_rapporter}}
"""

COUNTS = {
    ("Avlösarservice", "2024"): (3, 9, 12),
    ("Kontaktperson", "2024"): (7, 16, 23),
    ("Ledsagarservice", "2024"): (4, 11, 15),
    ("Samtliga insatser", "2024"): (14, 36, 50),
    ("Avlösarservice", "2023"): (5, 10, 15),
    ("Kontaktperson", "2023"): (6, 14, 20),
    ("Ledsagarservice", "2023"): (8, 12, 20),
    ("Samtliga insatser", "2023"): (19, 36, 55),
}
UNITS = {"Björkgården": 3, "Ekgården": 18, "Tallgården": 12}
CATEGORIES = ("Avslag", "Bifall", "Totalt")


def _key(insats: str, kategori: str, period: str = "2024") -> dict[str, str]:
    return {"insats": insats, "kategori": kategori, "periodtyp": "helar", "period": period}


AVSLAG = _key("Avlösarservice", "Avslag")
HIDDEN = (
    ("beslut", AVSLAG),
    ("beslut", _key("Avlösarservice", "Bifall")),
    ("beslut", _key("Ledsagarservice", "Avslag")),
    ("beslut", _key("Ledsagarservice", "Bifall")),
    ("avvikelser", {"enhet_namn": "Björkgården", "periodtyp": "helar", "period": "2024"}),
    ("lex_sarah", {"nyckeltal_id": "lex_ivo", "periodtyp": "helar", "period": "2024"}),
)
UNIT = dict(HIDDEN[4][1])

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Site:
    """What is produced for 2024; a test changes one thing."""

    prose: str = "Besluten om avlösarservice är få och visas inte. Kontaktperson fick 7 avslag."
    note: str = "Siffror markerade med x är skyddade."
    alt: str = (
        "Stapeldiagram. Avslag: avlösarservice skyddad uppgift, kontaktperson 7 och "
        "ledsagarservice skyddad uppgift."
    )
    table: Rows = (
        (
            "Insats",
            "2023 | Avslag",
            "2023 | Bifall",
            "2024 | Avslag",
            "2024 | Bifall",
            "2024 | Totalt",
        ),
        ("Avlösarservice", "5", "10", "x", "x", "12"),
        ("Kontaktperson", "6", "14", "7", "16", "23"),
        ("Ledsagarservice", "8", "12", "x", "x", "15"),
        ("Samtliga insatser", "19", "36", "14", "36", "50"),
    )
    units: Rows = (
        ("Enhet", "Avvikelser"),
        ("Björkgården", "x"), ("Ekgården", "18"), ("Tallgården", "12"), ("Totalt", "x"),
    )  # fmt: skip
    chart: Rows = (
        ("Insats", "Avslag"),
        ("Avlösarservice", "x"), ("Kontaktperson", "7"), ("Ledsagarservice", "x"),
    )  # fmt: skip
    word: str = "Besluten om avlösarservice visas inte."
    word_alt: str = "Tabell med beslut"
    word_table: Rows | None = None
    pdf: str = "Besluten om avlösarservice visas inte."
    pdf_table: Rows | None = None
    pdf_alt: str = "Ett diagram"
    remarks: tuple[str, ...] = ("Antalet avslag är högre än året före.",)
    entry: Mapping[str, object] = field(default_factory=dict)
    hidden: tuple[tuple[str, Mapping[str, str]], ...] = HIDDEN
    hidden_before: tuple[tuple[str, Mapping[str, str]], ...] = ()
    control: Mapping[str, object] = field(default_factory=dict)
    exempt: str = ""


@pytest.fixture
def project(tmp_path: Path) -> Settings:
    """A project with two years of data for one kommun."""
    data = tmp_path / "data"
    (data / "datamangder").mkdir(parents=True)
    (data / "datamangder" / "beslut.yml").write_text(DECLARED, encoding="utf-8")
    (data / "kommuner.csv").write_text(
        "kommunkod,kommun,lankod,lan\n1,Älvby,1,Län\n", encoding="utf-8"
    )
    (tmp_path / "reports").mkdir()
    for ar in ("2023", "2024"):
        folder = data / "alvby" / ar
        folder.mkdir(parents=True)
        rows = ["insats,kategori,periodtyp,period,enhet,varde,orsak,kalla"]
        for (insats, period), numbers in COUNTS.items():
            if period <= ar:
                rows += [
                    f"{insats},{kategori},helar,{period},antal,{number},,"
                    for kategori, number in zip(CATEGORIES, numbers, strict=True)
                ]
        (folder / "beslut.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    rows = ["enhet_namn,periodtyp,period,enhet,varde,orsak,kalla"]
    rows += [f"{unit},helar,2024,antal,{number},," for unit, number in UNITS.items()]
    (folder / "avvikelser.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "lex_sarah.csv").write_text(
        "nyckeltal_id,nyckeltal,periodtyp,period,enhet,varde,orsak,kalla\n"
        "lex_rapporter,Inkomna rapporter enligt lex Sarah,helar,2024,antal,26,,\n"
        "lex_ivo,Lex Sarah anmälda till IVO,helar,2024,antal,1,,\n",
        encoding="utf-8",
    )
    return Settings(root=tmp_path, ut=tmp_path / "_site")


def produce(settings: Settings, site: Site) -> Path:
    """Write the files that a build would have written."""
    out = settings.ut
    folder = out / "alvby" / "2024"
    folder.mkdir(parents=True)
    (out / "alvby" / "2023").mkdir()
    (out / "kontroll").mkdir()
    (folder / "kvalitetsberattelse.html").write_text(_page(site), encoding="utf-8")
    word = _word(site.word, site.word_alt, site.word_table)
    (folder / "kvalitetsberattelse.docx").write_bytes(word)
    pdf = _pdf(site.pdf, site.pdf_alt, site.pdf_table)
    (folder / "kvalitetsberattelse.pdf").write_bytes(pdf)
    for ar, hidden in ((2023, site.hidden_before), (2024, site.hidden)):
        content = {
            "kommun": "alvby",
            "ar": ar,
            "resultat": [],
            "skyddade": [{"datamangd": name, "nycklar": dict(keys)} for name, keys in hidden],
            **(site.control if ar == 2024 else {}),
        }
        path = out / "kontroll" / f"alvby-{ar}.json"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    entry = {
        "fil": "alvby/2024/kvalitetsberattelse.html", "kommun": "alvby", "ar": 2024, "byte": 3,
        "titel": "Kvalitetsberättelse", "varningar": list(site.remarks), **site.entry,
    }  # fmt: skip
    (out / "manifest.json").write_text(json.dumps([entry], ensure_ascii=False), encoding="utf-8")
    (out / "index.html").write_text(
        "<html><body><h1>Berättelser</h1><table><tr><th>Berättelse</th><th>Fil</th></tr>"
        "<tr><th>Kvalitetsberättelse 2024</th><td>Webbsida 3\u00a0kB</td></tr></table></body>"
        "</html>",
        encoding="utf-8",
    )
    if site.exempt:
        (settings.data / "alvby" / "2024" / "skydd.yml").write_text(site.exempt, encoding="utf-8")
    return out


def _html_table(rows: Rows, caption: str) -> str:
    tops = [cell.partition(" | ") for cell in rows[0]]
    head = "".join(f"<th scope='col'>{a}{f' {c}' if c else ''}</th>" for a, _, c in tops)
    body = ""
    for row in rows[1:]:
        total = " class='summa'" if row[0].startswith("Samtliga") else ""
        cells = "".join(f"<td>{cell}</td>" for cell in row[1:])
        body += f"<tr{total}><th scope='row'>{row[0]}</th>{cells}</tr>"
    return (
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _page(site: Site) -> str:
    return f"""<!DOCTYPE html><html lang="sv"><head><title>Kvalitetsberättelse 2024</title>
<meta name="description" content="Kvalitetsberättelse för Älvby"></head><body><main>
<h1>Kvalitetsberättelse 2024</h1><h2>1 Rättssäkerhet</h2>
<p>{site.prose}</p>
{_html_table(site.table, "Tabell 1. Beslut om bistånd per insats")}
<h2>2 Avvikelser</h2>
{_html_table(site.units, "Tabell 2. Avvikelser per enhet 2024")}
<figure><svg role="img" aria-label="{site.alt}"><title>{site.alt}</title><path d="M0 0"/></svg>
<figcaption>Figur 1. Avslag på ansökningar om bistånd 2024, antal</figcaption></figure>
<details><summary>Siffrorna i diagrammet (Avslag per insats 2024)</summary>
<div aria-label="Siffrorna i Figur 1">{_html_table(site.chart, "")}</div></details>
<section role="doc-endnotes"><ol><li id="fn1"><p>{site.note}</p></li></ol></section>
</main></body></html>"""


def _inline(rows: Rows) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell.replace(" | ", " ") for cell in row) for row in rows)


@cache
def _word(text: str, comments: str, rows: Rows | None) -> bytes:
    document = docx.Document()
    document.add_heading("Rättssäkerhet", 1)
    document.add_paragraph(text)
    if rows:
        document.add_paragraph("Tabell 1. Beslut om bistånd per insats")
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, _inline(rows), strict=True):
            for cell, content in zip(row.cells, cells, strict=True):
                cell.text = content
    document.core_properties.comments = comments
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


@cache
def _pdf(text: str, alt: str, rows: Rows | None) -> bytes:
    parts = [
        '#set document(title: "Kvalitetsberättelse 2024")', '#set text(lang: "sv")',
        "= Rättssäkerhet", text, f'#image("punkt.svg", alt: "{alt}", width: 10pt)',
    ]  # fmt: skip
    if rows:
        head, *body = _inline(rows)
        heads = ", ".join(f"[{cell}]" for cell in head)
        cells = ", ".join(f"[{cell}]" for row in body for cell in row)
        parts.append("Tabell 1. Beslut om bistånd per insats")
        parts.append(f"#table(columns: {len(head)}, table.header({heads}), {cells})")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "fil.typ"
        source.write_text("\n\n".join(parts), encoding="utf-8")
        (Path(folder) / "punkt.svg").write_text(drawing)
        return bytes(typst.compile(str(source)))


def _changed(rows: Rows, row: str, column: int, text: str) -> Rows:
    return tuple(
        tuple(text if line[0] == row and i == column else cell for i, cell in enumerate(line))
        for line in rows
    )


CLEAN = Site()


def test_clean_files_have_no_leaks(project: Settings) -> None:
    report = audit(project, produce(project, CLEAN))
    assert tell(report)[1:] == []
    assert report.protected == 6
    # Avslag on avlösarservice and ledsagarservice are 7 together, so each is 1 to 6
    assert report.narrowest is not None
    assert report.narrowest.values == 6
    assert {path.suffix for path in report.files} == {".html", ".docx", ".pdf", ".json"}
    assert tell(report) == [
        "6 skyddade siffror granskade i 7 filer; den smalaste går att ringa in till "
        "6 möjliga värden. Inga läckor."
    ]


@dataclass(frozen=True)
class Planted:
    """What is planted, and how it must be told."""

    name: str
    site: Site
    rule: str
    file: str
    place: str
    dataset: str = "beslut"
    keys: Mapping[str, str] = field(default_factory=lambda: AVSLAG)


HTML = "alvby/2024/kvalitetsberattelse.html"
WORD = "alvby/2024/kvalitetsberattelse.docx"
PDF = "alvby/2024/kvalitetsberattelse.pdf"


def _prose(
    name: str,
    text: str,
    rule: str = "siffra_i_text",
    dataset: str = "beslut",
    keys: Mapping[str, str] = AVSLAG,
) -> Planted:
    place = "stycke under «1 Rättssäkerhet»"
    return Planted(name, replace(CLEAN, prose=text), rule, HTML, place, dataset, keys)


IVO = ("siffra_i_text", "lex_sarah", dict(HIDDEN[5][1]))
BJORK = ("siffra_i_text", "avvikelser", UNIT)
SHARES = ("2024 | Andel avslag, procent", "25", "30", "x", "28")


PLANTED = [
    _prose("siffror", "Antalet avslag på avlösarservice var 3 under 2024."),
    _prose("räkneord", "Tre personer fick avslag på sin ansökan om avlösarservice."),
    _prose("omvänd ordning", "För avlösarservice blev det tre avslag, mot 7 för kontaktperson."),
    _prose("stycke", "Besluten om avlösarservice blev färre. Avslagen var 3."),
    _prose("böjt", "Avslagen på avlösarservicen uppgick till 3."),
    _prose("båda åren", "Avslagen på avlösarservice var 5 år 2023 och 3 år 2024."),
    _prose("ett", "Under året gjordes en anmälan till IVO enligt lex Sarah.", *IVO),
    _prose("en siffra", "Av rapporterna enligt lex Sarah blev 1 anmäld till IVO.", *IVO),
    _prose("enhet", "På Björkgården skrevs tre avvikelser.", *BJORK),
    _prose(
        "sekundär", "Antalet bifall för ledsagarservice var 11.",
        keys=_key("Ledsagarservice", "Bifall"),
    ),
    _prose(
        "förändring", "Avslagen på avlösarservice minskade med två, från fem året före.",
        "skillnad_i_text",
    ),
    _prose(
        "förändring från visat", "Avslagen på avlösarservice har minskat med 2.", "skillnad_i_text"
    ),
    _prose("färre", "Det var två färre avslag på avlösarservice än 2023.", "skillnad_i_text"),
    _prose("procent", "Avslagen på avlösarservice minskade med 40 procent.", "skillnad_i_text"),
    _prose(
        "jämförelse", "Avlösarservice fick 4 färre avslag än kontaktperson.", "skillnad_i_text"
    ),
    _prose(
        "summa", "Avslagen på avlösarservice och kontaktperson var tillsammans 10.", "summa_i_text"
    ),
    _prose("andel", "Av besluten om avlösarservice var 25 procent avslag.", "andel_i_text"),
    _prose("andel av sagt", "Avslag: 25 % av de 12 besluten om avlösarservice.", "andel_i_text"),
    Planted(
        "fotnot", replace(CLEAN, note="Avlösarservice fick 3 avslag."),
        "siffra_i_text", HTML, "stycke",
    ),
    Planted(
        "alternativtext",
        replace(CLEAN, alt=CLEAN.alt.replace("avlösarservice skyddad uppgift", "avlösarservice 3")),
        "siffra_i_alternativtext", HTML, "alternativtext",
    ),
    Planted(
        "alternativtext över år",
        replace(CLEAN, alt=(
            "Stapeldiagram över antal avslag per år. "
            "Avlösarservice: 12 avslag år 2023 och 3 år 2024.")),
        "siffra_i_alternativtext", HTML, "alternativtext",
    ),
    Planted(
        "diagramdata", replace(CLEAN, chart=_changed(CLEAN.chart, "Avlösarservice", 1, "3")),
        "siffra_i_tabell", HTML,
        "diagrammets data till Figur 1, rad «Avlösarservice», kolumn «Avslag»",
    ),
    Planted(
        "tabell", replace(CLEAN, table=_changed(CLEAN.table, "Avlösarservice", 3, "3")),
        "siffra_i_tabell", HTML, "Tabell 1, rad «Avlösarservice», kolumn «2024 Avslag»",
    ),
    Planted(
        "andel i tabell",
        replace(CLEAN, table=tuple(
            (*row, share) for row, share in zip(CLEAN.table, SHARES, strict=True))),
        "andel_i_tabell", HTML,
        "Tabell 1, rad «Avlösarservice», kolumn «2024 Andel avslag, procent»",
    ),
    Planted(
        "förändring i tabell",
        replace(CLEAN, chart=(
            ("Insats", "2023", "2024", "Förändring"),
            ("Avlösarservice", "5", "x", "−2"), ("Kontaktperson", "6", "7", "+1"))),
        "skillnad_i_tabell", HTML, "diagrammets data till Figur 1, rad «Avlösarservice»",
    ),
    Planted(
        "summarad", replace(CLEAN, units=_changed(CLEAN.units, "Totalt", 1, "33")),
        "summa_i_tabell", HTML, "Tabell 2, rad «Björkgården», kolumn «Avvikelser»",
        "avvikelser", UNIT,
    ),
    Planted(
        "Word", replace(CLEAN, word="Antalet avslag på avlösarservice var 3."),
        "siffra_i_text", WORD, "stycke under «Rättssäkerhet»",
    ),
    Planted(
        "Words tabell", replace(CLEAN, word_table=_changed(CLEAN.table, "Avlösarservice", 3, "3")),
        "siffra_i_tabell", WORD, "Tabell 1, rad «Avlösarservice», kolumn «2024 Avslag»",
    ),
    Planted(
        "Words egenskaper", replace(CLEAN, word_alt="Tre avslag på avlösarservice 2024"),
        "siffra_i_text", WORD, "dokumentets egenskaper",
    ),
    Planted(
        "PDF", replace(CLEAN, pdf="Antalet avslag på avlösarservice var 3."),
        "siffra_i_text", PDF, "sida 1, stycke",
    ),
    Planted(
        "PDF:s tabell", replace(CLEAN, pdf_table=_changed(CLEAN.table, "Avlösarservice", 3, "3")),
        "siffra_i_tabell", PDF, "sida 1, Tabell 1, rad «Avlösarservice», kolumn «2024 Avslag»",
    ),
    Planted(
        "PDF:s alternativtext", replace(CLEAN, pdf_alt="Avslag på avlösarservice: 3"),
        "siffra_i_alternativtext", PDF, "sida 1, alternativtext",
    ),
    Planted(
        "manifest", replace(CLEAN, remarks=("Avslag på avlösarservice är 3, mindre än väntat.",)),
        "siffra_i_logg", "manifest.json", "varningar",
    ),
    Planted(
        "kontrollens fil",
        replace(CLEAN, control={
            "resultat": [{"datamangd": "beslut", "nycklar": AVSLAG, "varde": 3}]}),
        "siffra_i_logg", "kontroll/alvby-2024.json", "resultat 1, varde",
    ),
    Planted(
        "kontrollens meddelande",
        replace(CLEAN, control={
            "resultat": [{"meddelande": "Beslut: Avlösarservice, Avslag, 2024 är 3."}]}),
        "siffra_i_logg", "kontroll/alvby-2024.json", "resultat 1, meddelande",
    ),
]  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED, ids=[planted.name for planted in PLANTED])
def test_planted_leak_is_found(project: Settings, planted: Planted) -> None:
    report = audit(project, produce(project, planted.site))
    assert _named(report.leaks) == [
        (planted.rule, planted.dataset, dict(planted.keys), planted.file)
    ]
    assert planted.place in report.leaks[0].place
    assert (report.leaks[0].kommun, report.leaks[0].ar) == ("alvby", 2024)
    told = "\n".join(tell(report))
    assert planted.file in told.replace("\\", "/")
    # The place quotes the sentence, but tells no number of it
    quote = report.leaks[0].place.partition(": «")[2]
    assert [token.value for token in tokens(quote) if token.role != "annat"] == []


def _named(leaks: Sequence[Leak]) -> list[tuple[str, str, dict[str, str], str]]:
    return [
        (leak.rule, leak.dataset, dict(leak.keys), leak.file.as_posix().partition("/_site/")[2])
        for leak in leaks
    ]


HARMLESS = [
    "Enligt 4 kap. 3 § socialtjänstlagen kan avslag på avlösarservice överklagas.",
    "Avslag på avlösarservice framgår av Tabell 3.",
    "Beslutet om avslag på avlösarservice fattades den 3 maj 2024.",
    "Avslag på avlösarservice får överklagas inom 3 veckor.",
    "Avslag på avlösarservice för barn 0–3 år är ovanliga.",
    "Avslag på avlösarservice var 5 under 2023.",
    "Kontaktperson fick 7 avslag, medan avslagen på avlösarservice är skyddade.",
    "Avslag på kontaktperson var 7 och på avlösarservice en skyddad uppgift.",
    "Tre chefer deltog i utbildningen om avlösarservice.",
    "Avslag på avlösarservice kostar 3 mnkr.",
    "Avslag på avlösarservice regleras i HSLF-FS 2017:3 och covid-3.",
    "Ett avslag på avlösarservice ska motiveras i tre steg: fakta, lag och bedömning.",
    "En rapport enligt lex Sarah ska anmälas till IVO om missförhållandet är allvarligt.",
    "Andelen avslag på ledsagarservice är skyddad; 33 procent gäller kontaktperson.",
    "Avslagen på avlösarservice och ledsagarservice var tillsammans 7.",
    "Det blev ett skyddat antal avslag på avlösarservice, mot 5 året före.",
    "Under året blev en skyddad uppgift av rapporterna enligt lex Sarah anmäld till IVO.",
    "Ekgården hade 18 avvikelser, Tallgården 12 och Björkgården en skyddad uppgift.",
]  # fmt: skip


@pytest.mark.parametrize("text", HARMLESS)
def test_same_digits_elsewhere_are_no_leak(project: Settings, text: str) -> None:
    assert tell(audit(project, produce(project, replace(CLEAN, prose=text))))[1:] == []


def test_a_total_row_that_other_hidden_cells_protect_is_no_leak(project: Settings) -> None:
    """The printed totals of the table of decisions are what makes the interval 6 wide, no less."""
    table = [row for row in CLEAN.table if row[0] != "Kontaktperson"]
    table[-1] = ("Samtliga insatser", "13", "22", "7", "20", "27")
    assert tell(audit(project, produce(project, replace(CLEAN, table=table))))[1:] == []


def test_a_table_that_no_figure_is_known_for_is_solved_by_itself(project: Settings) -> None:
    rows = (("Ort", "Fall"), ("Norrby", "x"), ("Söderby", "8"), ("Totalt", "10"))
    page = _html_table(rows, "Tabell 9. Fallolyckor per ort 2024")
    out = produce(project, CLEAN)
    old = (out / HTML).read_text(encoding="utf-8")
    (out / HTML).write_text(old.replace("</main>", f"{page}</main>"), encoding="utf-8")
    leaks = audit(project, out).leaks
    assert [(leak.rule, dict(leak.keys)) for leak in leaks] == [
        ("summa_i_tabell", {"rad": "Norrby", "kolumn": "Fall"})
    ]


def test_a_total_that_is_only_a_sum_of_its_own_is_no_leak(project: Settings) -> None:
    """Two hidden parts whose sum is known elsewhere: the hidden total tells nothing more."""
    rows = (("Insats", "2024 | Avslag"), ("Avlösarservice", "x"), ("Ledsagarservice", "x"))
    site = replace(CLEAN, table=(*rows, ("Totalt", "x")))
    assert tell(audit(project, produce(project, site)))[1:] == []


def test_a_secondary_that_is_not_hidden_makes_the_others_too_narrow(project: Settings) -> None:
    hidden = tuple(each for each in HIDDEN if each[1] != _key("Ledsagarservice", "Bifall"))
    table = _changed(CLEAN.table, "Ledsagarservice", 4, "11")
    report = audit(project, produce(project, replace(CLEAN, hidden=hidden, table=table)))
    told = [(leak.rule, leak.keys["insats"], leak.keys["kategori"]) for leak in report.leaks]
    assert told == [
        ("for_smalt", "Avlösarservice", "Avslag"),
        ("for_smalt", "Avlösarservice", "Bifall"),
        ("for_smalt", "Ledsagarservice", "Avslag"),
    ]
    assert report.leaks[0].file.name == "alvby-2024.json"
    assert report.narrowest is not None
    assert report.narrowest.values == 1


def test_a_small_figure_that_is_not_hidden_is_told(project: Settings) -> None:
    report = audit(project, produce(project, replace(CLEAN, hidden=HIDDEN[:-1])))
    assert [(leak.rule, leak.dataset) for leak in report.leaks] == [
        ("smatt_tal_visas", "lex_sarah")
    ]


def test_small_figures_of_an_exempt_dataset_may_be_shown(project: Settings) -> None:
    for named in ("lex_sarah", "[lex_sarah, avvikelser]", "{lex_sarah: s123}"):
        exempt = f"undantag:\n  - {{datamangd: {named}, skal: a, kalla: b, roll: c}}\n"
        site = replace(CLEAN, hidden=HIDDEN[:-1], exempt=exempt)
        out = produce(project, site)
        assert [leak.rule for leak in audit(project, out).leaks] == []
        shutil.rmtree(out)


def test_a_figure_that_an_earlier_report_shows_is_told(project: Settings) -> None:
    shown = _key("Kontaktperson", "Avslag", "2023")
    report = audit(project, produce(project, replace(CLEAN, hidden=(*HIDDEN, ("beslut", shown)))))
    found = [(leak.rule, leak.ar, dict(leak.keys), leak.file.name) for leak in report.leaks]
    assert found == [("skillnad_mellan_ar", 2023, shown, "alvby-2023.json")]


def test_an_earlier_years_report_can_narrow_this_years(project: Settings) -> None:
    """2023's report hides four of its figures; this year's shows one: then all are known."""
    hidden = tuple(
        ("beslut", _key(i, k, "2023"))
        for i in ("Avlösarservice", "Ledsagarservice")
        for k in ("Avslag", "Bifall")
    )
    site = replace(CLEAN, hidden_before=hidden, hidden=(*HIDDEN, *hidden[1:]))
    report = audit(project, produce(project, site), ar=2024)
    rules = sorted(
        {
            (leak.rule, leak.keys["insats"], leak.keys["kategori"])
            for leak in report.leaks
            if leak.keys.get("period") == "2023"
        }
    )
    assert ("skillnad_mellan_ar", "Avlösarservice", "Avslag") in rules
    assert ("for_smalt", "Ledsagarservice", "Bifall") in rules


def test_a_hidden_figure_that_the_data_lacks_is_told(project: Settings) -> None:
    gone = ("beslut", _key("Boendestöd", "Avslag"))
    report = audit(project, produce(project, replace(CLEAN, hidden=(*HIDDEN, gone))))
    assert [leak.rule for leak in report.leaks] == ["okand_siffra"]


def test_reports_without_the_gates_record_are_told(project: Settings) -> None:
    out = produce(project, CLEAN)
    (out / "kontroll" / "alvby-2024.json").unlink()
    rules = {leak.rule for leak in audit(project, out).leaks}
    assert rules == {"kontroll_saknas", "smatt_tal_visas"}


@pytest.mark.parametrize(
    ("hiding", "place"),
    [
        ('<p title="Avslag på avlösarservice: 3">Beslut</p>', "titelattribut"),
        ('<p data-antal="Avslag på avlösarservice: 3">Beslut</p>', "alternativtext"),
        ("<!-- Avslag på avlösarservice: 3 -->", "kommentar i koden"),
        ('<script>var avslag = "Avslag på avlösarservice: 3";</script>', "skript"),
        ('<meta name="keywords" content="Avslag på avlösarservice: 3">', "metadata"),
        ("<div>Avslag på avlösarservice: <b>3</b><p>Mer text.</p></div>", "stycke"),
        ("<table><tr><td>Avlösarservice</td><td>3 (varav 1 sent) avslag</td></tr></table>", "rad"),
    ],
)  # fmt: skip
def test_what_is_not_seen_is_read_too(project: Settings, hiding: str, place: str) -> None:
    out = produce(project, CLEAN)
    page = (out / HTML).read_text(encoding="utf-8")
    (out / HTML).write_text(page.replace("</main>", f"{hiding}</main>"), encoding="utf-8")
    leaks = audit(project, out).leaks
    assert [(dict(leak.keys), place in leak.place) for leak in leaks] == [(AVSLAG, True)]


def test_what_stands_in_an_earlier_report_is_found(project: Settings) -> None:
    out = produce(project, CLEAN)
    page = "<html><body><p>Hittills 2024 har avlösarservice fått 3 avslag.</p></body></html>"
    (out / "alvby" / "2023" / "delarsrapport.html").write_text(page, encoding="utf-8")
    leaks = audit(project, out).leaks
    assert [(leak.ar, leak.file.name, dict(leak.keys)) for leak in leaks] == [
        (2023, "delarsrapport.html", AVSLAG)
    ]


def test_a_damaged_file_is_told(project: Settings) -> None:
    out = produce(project, CLEAN)
    (out / WORD).write_bytes(b"PK not a package")
    leaks = audit(project, out).leaks
    assert [(leak.rule, leak.file.name) for leak in leaks] == [
        ("olast", "kvalitetsberattelse.docx")
    ]


def test_selection_of_kommun_and_year(project: Settings) -> None:
    out = produce(project, replace(CLEAN, prose="Antalet avslag på avlösarservice var 3."))
    assert len(audit(project, out, "alvby", 2024).leaks) == 1
    assert audit(project, out, "alvby", 2023).leaks == ()
    assert audit(project, out, "annan").files == ()


# The numbers alone


@dataclass(frozen=True)
class Random:
    """A table of counts, its margins among them, and what is hidden; never the grand total."""

    full: tuple[tuple[int, ...], ...]
    hidden: frozenset[tuple[int, int]]

    @property
    def places(self) -> list[tuple[int, int]]:
        return [(r, c) for r, row in enumerate(self.full) for c in range(len(row))]

    def narrow(self) -> set[tuple[int, int]]:
        """The hidden cells whose interval is at most 3 wide, by trying every table."""
        last = (len(self.full) - 1, len(self.full[0]) - 1)
        inner = [(r, c) for r, c in self.places if r < last[0] and c < last[1]]
        free = [place for place in inner if place in self.hidden]
        seen: dict[tuple[int, int], set[int]] = {place: set() for place in self.hidden}
        # No cell is more than a margin of its own that is shown
        most = [
            min(
                self.full[place[0]][place[1]]
                for place in ((r, last[1]), (last[0], c), last)
                if place not in self.hidden
            )
            for r, c in free
        ]
        for values in itertools.product(*(range(1, high + 1) for high in most)):
            chosen = dict(zip(free, values, strict=True))
            tried = with_margins(
                [
                    [chosen.get((r, c), self.full[r][c]) for c in range(last[1])]
                    for r in range(last[0])
                ]
            )
            if all(
                tried[r][c] == self.full[r][c] for r, c in self.places if (r, c) not in self.hidden
            ):
                for r, c in self.hidden:
                    seen[r, c].add(tried[r][c])
        return {place for place, found in seen.items() if max(found) - min(found) <= 3}


def with_margins(rows: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    wide = [(*row, sum(row)) for row in rows]
    return (*wide, tuple(sum(column) for column in zip(*wide, strict=True)))


def _random_tables() -> list[Random]:
    chance = random.Random(20241231)
    tables = []
    for _ in range(14):
        rows, columns = chance.choice(((2, 2), (2, 3), (3, 2)))
        full = with_margins(
            [[chance.choice((1, 2, 3, 5, 6)) for _ in range(columns)] for _ in range(rows)]
        )
        inner = [(r, c) for r in range(rows) for c in range(columns)]
        margins = [(r, columns) for r in range(rows)] + [(rows, c) for c in range(columns)]
        hidden = set(chance.sample(inner, k=3))
        if chance.random() < 0.6:
            hidden = {(r, c) for r in (0, rows - 1) for c in (0, columns - 1)}
        hidden |= set(chance.sample(margins, k=chance.choice((0, 0, 1, 2))))
        tables.append(Random(full, frozenset(hidden)))
    return tables


def test_random_tables_are_of_both_kinds() -> None:
    narrow = [bool(table.narrow()) for table in _random_tables()]
    assert 2 < sum(narrow) < len(narrow) - 2


@pytest.mark.parametrize("table", _random_tables())
def test_intervals_are_exact(tmp_path: Path, table: Random) -> None:
    """What the auditor calls too narrow is what trying every table calls too narrow."""
    settings = Settings(root=tmp_path, ut=tmp_path / "_site")
    (tmp_path / "data" / "datamangder").mkdir(parents=True)
    (tmp_path / "reports").mkdir()
    (tmp_path / "data" / "datamangder" / "t.yml").write_text(
        "t:\n  titel: Tabell\n  kolumner:\n    rad: {nyckel: true}\n    kol: {nyckel: true}\n"
        "  enheter: [antal]\n  periodtyper: [helar]\n  kontroller:\n"
        + "".join(
            f"    - {{regel: {a}, per: [{b}], vanster: {{inte: {{{a}: Totalt}}}}, "
            f"hoger: {{dar: {{{a}: Totalt}}}}}}\n"
            for a, b in (("rad", "kol"), ("kol", "rad"))
        ),
        encoding="utf-8",
    )
    full = table.full
    names = {
        (r, c): (_label(r, len(full), "r"), _label(c, len(full[0]), "k")) for r, c in table.places
    }
    rows = ["rad,kol,periodtyp,period,enhet,varde,orsak,kalla"]
    rows += [f"{a},{b},helar,2024,antal,{full[r][c]},," for (r, c), (a, b) in names.items()]
    folder = tmp_path / "data" / "alvby" / "2024"
    folder.mkdir(parents=True)
    (folder / "t.csv").write_text("\n".join(rows) + "\n")
    (settings.ut / "kontroll").mkdir(parents=True)
    keys = {"periodtyp": "helar", "period": "2024"}
    hidden = [
        {"datamangd": "t", "nycklar": {"rad": names[place][0], "kol": names[place][1], **keys}}
        for place in sorted(table.hidden)
    ]
    (settings.ut / "kontroll" / "alvby-2024.json").write_text(json.dumps({"skyddade": hidden}))
    leaks = audit(settings, settings.ut).leaks
    found = {(leak.keys["rad"], leak.keys["kol"]) for leak in leaks if leak.rule == "for_smalt"}
    assert found == {names[place] for place in table.narrow()}
    shown = {
        (leak.keys["rad"], leak.keys["kol"]) for leak in leaks if leak.rule == "smatt_tal_visas"
    }
    assert shown == {
        names[r, c] for r, c in table.places if full[r][c] < 5 and (r, c) not in table.hidden
    }


def _label(i: int, count: int, letter: str) -> str:
    return "Totalt" if i == count - 1 else f"{letter}{i}"


# The parts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Avslagen var 3.", [(3, "antal", "")]),
        ("Tre av 1\u00a0234 ärenden", [(3, "antal", ""), (1234, "antal", "")]),
        ("den 3 maj 2024", [(3, "annat", ""), (2024, "annat", "")]),
        ("4 kap. 1 § och 3 st.", [(4, "annat", ""), (1, "annat", ""), (3, "annat", "")]),
        ("minskade med två", [(2, "antal", "-")]),
        ("tre fler än året före", [(3, "antal", "+")]),
        ("ökade till 8", [(8, "antal", "")]),
        ("25 procent", [(25, "andel", "")]),
        ("12 år 2021", [(12, "antal", ""), (2021, "annat", "")]),
        ("0–12 år", [(0, "annat", ""), (12, "annat", "")]),
        ("Figur 2 och Tabell 3", [(2, "annat", ""), (3, "annat", "")]),
        ("en handläggare", [(1, "annat", "")]),
        ("en anmälan", [(1, "antal", "")]),
        ("en anmälan ska göras", [(1, "annat", "")]),
    ],
)  # fmt: skip
def test_numbers_in_text(text: str, expected: list[tuple[int, str, str]]) -> None:
    assert [(int(t.value), t.role, t.delta) for t in tokens(text)] == expected


def test_a_quote_holds_no_numbers() -> None:
    assert (
        masked("Tre av 12 avslag, en minskning från 1\u00a0234.")
        == "… av … avslag, … minskning från …."
    )


@pytest.mark.parametrize(
    ("text", "period", "is_it"),
    [
        ("år 2024", "2024", True),
        ("år 2023", "2024", False),
        ("augusti", "2024-08", True),
        ("aug. 2024", "2024-08", True),
        ("augusti 2023", "2024-08", False),
        ("2024", "2024-08", False),
        ("första tertialet 2024", "2024T1", True),
        ("halvår 1 2024", "2024H1", True),
        ("H2 2024", "2024H1", False),
        ("31 augusti 2024", "2024-08-31", True),
        ("januari–augusti 2024", "2024D08", True),
        ("året före", "2023", True),
        ("året före", "2024", False),
        ("2024", "2023-07/2024-06", True),
    ],
)  # fmt: skip
def test_periods_in_text(text: str, period: str, is_it: bool) -> None:
    assert any(fits(period, mention, 2024) for mention in mentions(text, 2024)) is is_it


def test_every_rule_is_described(project: Settings) -> None:
    assert all(text.endswith(".") for text in RULES.values())
    assert {planted.rule for planted in PLANTED} <= set(RULES)


def test_summary_lines() -> None:
    assert tell(Report()) == ["0 skyddade siffror granskade i 0 filer. Inga läckor."]
    leak = Leak("olast", "alvby", 2024, "", {}, Path("/x/y.pdf"), "hela filen", "Filen är skadad.")
    assert tell(Report((leak,), 1, None, (Path("/x/y.pdf"),))) == [
        "1 skyddad siffra granskad i 1 fil; ingen går att ringa in. 1 läcka.",
        "/x/y.pdf, hela filen: Filen är skadad.",
    ]


def test_it_shares_no_code_with_what_hides() -> None:
    folder = Path(__file__).parent.parent / "src" / "berattelse" / "audit"
    for path in folder.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "berattelse.gate" not in text, path
        assert "berattelse.suppression" not in text, path


def test_headings_of_a_word_file_are_known_by_the_names_of_their_styles(tmp_path: Path) -> None:
    """A template of a Swedish Word calls them Rubrik1; another program's may call them anything."""
    document = docx.Document()
    document.styles["Heading 1"].element.set(qn("w:styleId"), "Rubrik1a")
    heading = document.add_paragraph("Beslut")
    heading._p.get_or_add_pPr().get_or_add_pStyle().val = "Rubrik1a"
    document.add_paragraph("Antalet är 12.")
    path = tmp_path / "mall.docx"
    document.save(str(path))
    texts = {text.text: text.around for text in read_word.read(path).texts}
    assert texts["Antalet är 12."] == "Beslut"
