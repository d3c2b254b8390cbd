"""Text from data is text: hostile texts in every place, read back out of the produced files."""

from __future__ import annotations

import csv
import functools
import json
import os
import re
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import page as page_validation
import pymupdf
import pypdfium2
import pytest
import yaml
from docx.oxml.ns import qn
from lxml import etree

from berattelse import tools
from berattelse.config import read_target_settings
from berattelse.errors import SettingsError
from tests.conftest import KOMMUNER, write
from tests.hostile import CONTROL, LONG, SHORT, shown
from tests.readers import Pdf, _style, _word_body

FORMATS = ("html", "docx", "pdf")
HEADED = tuple(range(0, len(SHORT), 7))
"""Texts that stand in running text also as a heading's only content; the others follow a word."""

REPORT = """\
---
title: Farlig rapport
berattelse:
  parametrar:
    kommun: {typ: text}
    ar: {typ: heltal}
data:
  texter: true
---

```{python}
#| tags: [parameters]
kommun = "herrljunga"
ar = 2022
```

```{python}
#| include: false
import pandas as pd
from IPython.display import display
from berattelse import *
b = start("RAPPORT", kommun, ar)
texter = b.load("texter")
made = MADE
if made:
    more = [{"nr": len(texter) + i, "text": text, "varde": 9e3} for i, text in enumerate(made)]
    texter = pd.concat([texter, pd.DataFrame(more)], ignore_index=True)
t = list(texter["text"])
```

# Celler {#sec-celler}

```{python}
#| label: tbl-celler
#| tbl-cap: Rader, grupper och celler
texter["grupp"] = texter["text"]
texter["cell"] = texter["text"]
texter["efter"] = "efter"
Table(
    texter,
    stub="text",
    groups="grupp",
    columns={"cell": "Text", "nr": "Nr", "efter": "Efter"},
    totals=(),
)
```

# Huvuden {#sec-huvuden}

```{python}
for i, text in enumerate(t):
    bred = wide(select(texter, nr=i), "nr", "text", values="varde")
    bred["b"] = bred[text]
    display(Table(
        bred,
        stub="nr",
        columns={text: str(bred.columns[1]), "b": "B"},
        spanners={text: [text, "b"]},
        note=text,
        source=text,
        stub_label=text,
    ))
```

# Diagram {#sec-diagram}

```{python}
for i in range(0, len(t), 6):
    display(bar(texter.iloc[i : i + 6], x="text", unit="antal"))
```

```{python}
for i in range(0, len(t), 4):
    del_ = texter.iloc[i : i + 4].assign(kategori="alla")
    display(bar(del_, x="kategori", series="text", unit="antal", title_y=t[i]))
```

```{python}
for i in range(0, len(t), 4):
    del_ = texter.iloc[i : i + 4]
    del_ = del_.loc[del_.index.repeat(2)].assign(ar=[2021, 2022] * len(del_))
    display(line(del_, x="ar", series="text", unit=t[i]))
```

```{python}
risk_matrix(texter.assign(sannolikhet=2, konsekvens=3).head(12), risk="text")
```

# Löptext {#sec-text}

"""

PLACES = """\
## HEADING{#sec-t%d}

Före `{python} t[%d]` efter.

`{python} value(texter, "text", nr=%d)`

- `{python} t[%d]`

> `{python} t[%d]`

**`{python} t[%d]`**

| A | B |
|---|---|
| `{python} t[%d]` | efter |

::: {.callout-note}
`{python} t[%d]`
:::

Not.[^n%d]

[^n%d]: `{python} t[%d]`
"""


def report(name: str, texts: tuple[str, ...]) -> str:
    made = [text for text in texts if text in CONTROL]
    parts = [REPORT.replace("RAPPORT", name).replace("MADE", ascii(made))]
    for i in range(len(texts)):
        heading = f"`{{python}} t[{i}]` " if i in HEADED else f"Rubrik `{{python}} t[{i}]` "
        parts.append(re.sub("%d", str(i), PLACES).replace("HEADING", heading))
    return "\n".join(parts)


FACTS = {
    "titel": "`{python} 1+1` *T* <script>alert(1)</script> {{< meta title >}} $x$ \u202eab",
    "undertitel": '# =HYPERLINK("http://x","y") [x](javascript:alert(1)) --',
    "namnd": "#import \"x\" | <b>N</b> & 'n'",
    "dnr": "- @tbl-x </footer> %s \\ ~ 1",
    "roller": ["<i>*Chef*</i>"],
    "periodtyp": "helar",
}
TITLE = f"{FACTS['titel']}\u202c"
NAMES = {"farlig": ("herrljunga", SHORT), "lang": ("harnosand", LONG)}
SHAPED = re.compile(
    "[\u00ad\u0300-\u036f\u0590-\u08ff\u200b-\u202e\u2060\u2066-\u2069\u4e00-\u9fff\ufeff]"
)
"""Letters that turn, join or stand on each other, and those that no font has."""
MM = 72 / 25.4
HEADER = ("nr", "text", "periodtyp", "period", "enhet", "varde", "orsak", "kalla")
Made = Callable[[str, str], Path]
WORD_NAMES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The reports `farlig` (short texts) and `lang` (10 000 characters), built once."""
    root = tmp_path_factory.mktemp("farligt")
    settings = (Path(__file__).parent.parent / "_quarto.yml").read_text(encoding="utf-8")
    write(root / "_quarto.yml", settings)
    write(root / "data/kommuner.csv", KOMMUNER)
    (root / "reports").mkdir()
    for name, (kommun, texts) in NAMES.items():
        (root / f"reports/{name}.qmd").write_text(report(name, texts), encoding="utf-8")
        folder = root / f"data/{kommun}/2022"
        folder.mkdir(parents=True)
        with (folder / "texter.csv").open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(HEADER)
            rows.writerows(
                [i, text, "helar", "2022", "kr", i + 1000, "", ""]
                for i, text in enumerate(texts)
                if text not in CONTROL
            )
        (folder / f"{name}.yml").write_text(yaml.safe_dump(FACTS), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "berattelse", "--ut", str(root / "ut")],
        cwd=root,
        env=os.environ | {"PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return lambda name, suffix: root / "ut" / NAMES[name][0] / "2022" / f"{name}.{suffix}"


def squeeze(text: str) -> str:
    """Return the text as a reader sees it: runs of ordinary white space are one space."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")


Places = dict[str, list[str]]
IN_TABLES = ("grupp", "rad", "cell", "hornet", "spann", "kolumn", "not", "kalla")
IN_TEXT = ("rubrik", "mening", "stycke", "lista", "citat", "fet", "tabellcell", "ruta", "fotnot")
IN_CHARTS = ("kategori", "serie", "linje")
PLACES_OF = {
    # The figures of a chart stand on the web page alone
    "html": (*IN_TABLES, *IN_TEXT, *IN_CHARTS),
    "docx": (*IN_TABLES, *IN_TEXT),
    "pdf": (*IN_TABLES, *IN_TEXT),
}


def literal_name(text: str) -> str:
    """Return a chart's name for a text: a long one is cut."""
    text = shown(text)
    return text if len(text) <= 120 else text[:119].rstrip() + "…"


# HTML


@functools.cache
def html_page(path: Path) -> Any:
    return lxml.html.document_fromstring(path.read_text(encoding="utf-8"))


def html_places(path: Path) -> Places:
    found: Places = {}

    def texts(name: str, xpath: str, of: Any = None) -> None:
        root = html_page(path) if of is None else of
        found.setdefault(name, []).extend(squeeze(e.text_content()) for e in root.xpath(xpath))

    first = "//section[@id='sec-celler']//"
    texts("grupp", first + "th[@scope='rowgroup']")
    texts("rad", first + "th[@scope='row']")
    texts("cell", first + "tbody/tr/td[1]")
    heads = "//section[@id='sec-huvuden']//"
    texts("hornet", heads + "thead/tr[1]/th[1]")
    texts("spann", heads + "thead/tr[1]/th[2]")
    texts("kolumn", heads + "thead/tr[2]/th[1]")
    texts("not", heads + "div[contains(@class,'tabellnot')]/p[1]")
    texts("kalla", heads + "div[contains(@class,'tabellnot')]/p[2]")
    tables = html_page(path).xpath("//section[@id='sec-diagram']//details//table")
    count = len(found["rad"])
    by_six, by_four = -(-count // 6), -(-count // 4)
    for i, table in enumerate(tables[: by_six + 2 * by_four]):
        if i < by_six:
            texts("kategori", "tbody/tr/th", table)
        else:
            texts("serie" if i < by_six + by_four else "linje", "thead/tr/th[position()>1]", table)
    for i in range(count):
        [section] = html_page(path).xpath(f"//section[@id='sec-t{i}']")
        texts("rubrik", "h3", section)
        texts("mening", "p[1]", section)
        texts("stycke", "p[2]", section)
        texts("lista", "ul/li", section)
        texts("citat", "blockquote", section)
        texts("fet", "p/strong", section)
        texts("tabellcell", ".//tbody/tr/*[1]", section)
        texts("ruta", "div[contains(@class,'callout')]/p", section)
        texts("fotnot", f"//*[@id='fn{i + 1}']")
    return found


# Word


def word_text(element: Any) -> str:
    signs = {qn("w:tab"): " ", qn("w:noBreakHyphen"): "\u2011", qn("w:softHyphen"): "\u00ad"}
    parts = (n.text or "" if n.tag == qn("w:t") else signs.get(n.tag, "") for n in element.iter())
    return squeeze("".join(parts))


def word_places(path: Path) -> Places:
    found: Places = {}
    blocks = _word_body(path)
    tables = [block for block in blocks if block.tag == qn("w:tbl")]

    def rows(table: Any) -> list[list[str]]:
        return [
            [word_text(cell) for cell in row.findall(qn("w:tc"))]
            for row in table.findall(qn("w:tr"))
        ]

    def add(name: str, text: str) -> None:
        found.setdefault(name, []).append(text)

    for row in rows(tables[0])[1:]:
        if len(row) == 1:
            add("grupp", row[0])
        else:
            add("rad", row[0])
            add("cell", row[1])
    count = len(found["rad"])
    for table in tables[1 : count + 1]:
        one, two = rows(table)[:2]
        add("hornet", one[0])
        add("spann", one[1])
        add("kolumn", two[1])
        after = blocks[blocks.index(table) + 1 :]
        add("not", word_text(after[0]))
        add("kalla", word_text(after[1]))
    starts = [i for i, block in enumerate(blocks) if _style(block) == "Heading2"]
    order = ("rubrik", "mening", "stycke", "lista", "citat", "fet", "tabellcell", "", "ruta", "")
    for start in starts:
        for name, block in zip(order, blocks[start : start + 10], strict=True):
            if name == "tabellcell":
                add(name, rows(block)[1][0])
            elif name:
                add(name, word_text(block))
    with zipfile.ZipFile(path) as package:
        root = etree.fromstring(package.read("word/footnotes.xml"))
    own = [note for note in root if note.get(qn("w:type")) is None]
    found["fotnot"] = [word_text(note) for note in own]
    return found


# PDF


@functools.cache
def pdf_tags(path: Path) -> Pdf:
    return Pdf(path)


def below(element: dict[str, Any], *types: str) -> list[dict[str, Any]]:
    found = []
    for child in element.get("children", ()):
        child.setdefault("page_number", element.get("page_number"))
        if child["type"] in types:
            found.append(child)
        found += below(child, *types)
    return found


def pdf_places(path: Path) -> Places:
    pdf = pdf_tags(path)
    found: Places = {}

    def add(name: str, element: dict[str, Any]) -> None:
        found.setdefault(name, []).append(pdf.text(element))

    blocks = pdf.tree[0]["children"]
    tables = [block for block in blocks if block["type"] == "Table"]

    def rows(table: dict[str, Any]) -> list[list[dict[str, Any]]]:
        return [below(row, "TH", "TD") for row in below(table, "TR")]

    for row in rows(tables[0])[1:]:
        if len(row) == 1:
            add("grupp", row[0])
        else:
            add("rad", row[0])
            add("cell", row[1])
    count = len(found["rad"])
    for table in tables[1 : count + 1]:
        one, two = rows(table)[:2]
        add("hornet", one[0])
        add("spann", one[1])
        add("kolumn", two[0])
        after = blocks[blocks.index(table) + 1 :]
        add("not", after[0])
        add("kalla", after[1])
    starts = [i for i, block in enumerate(blocks) if block["type"] == "H2"]
    order = ("rubrik", "mening", "stycke", "lista", "citat", "fet", "tabellcell", "", "ruta", "")
    for start in starts:
        for name, block in zip(order, blocks[start : start + 10], strict=True):
            if name == "tabellcell":
                add(name, rows(block)[1][0])
            elif name == "lista":
                add(name, below(block, "LBody")[0])
            elif name:
                add(name, block)
        note = below(blocks[start + 9], "Note")[0]
        parts = [part for part in note["children"] if part["type"] != "Lbl"]
        add("fotnot", {**note, "children": parts})
    return found


READ: dict[str, Callable[[Path], Places]] = {
    "html": functools.cache(html_places),
    "docx": functools.cache(word_places),
    "pdf": functools.cache(pdf_places),
}


def wanted(place: str, i: int, text: str, suffix: str) -> str:
    text = shown(text)
    number = f"4.{i + 1}"
    if place == "rubrik":
        text = text if i in HEADED else f"Rubrik {text}"
        return text if suffix == "docx" else f"{number} {text}"
    before = {"mening": "Före ", "kalla": "Källa: "}
    after = {"mening": " efter.", "fotnot": "\u00a0↩\ufe0e" if suffix == "html" else ""}
    return f"{before.get(place, '')}{text}{after.get(place, '')}"


def comparable(text: str, suffix: str) -> str:
    """Return what must be equal: a PDF has no white space where a line is broken."""
    return re.sub("[\\s\u00ad\u200b\u2060]", "", text) if suffix == "pdf" else text


def mismatches(found: list[str], place: str, name: str, suffix: str) -> dict[str, tuple[str, str]]:
    texts = NAMES[name][1]
    assert len(found) == len(texts)
    pairs = [
        (text, got, wanted(place, i, text, suffix))
        for i, (text, got) in enumerate(zip(texts, found, strict=True))
        if not (suffix == "pdf" and SHAPED.search(text))
    ]
    return {
        text[:60]: (got[:200], want[:200])
        for text, got, want in pairs
        if comparable(got, suffix) != comparable(want, suffix)
    }


def cases() -> list[Any]:
    every = [
        (name, suffix, place) for name in NAMES for suffix in FORMATS for place in PLACES_OF[suffix]
    ]
    return [case for case in every if case[:2] != ("lang", "pdf")]


@pytest.mark.parametrize(("name", "suffix", "place"), cases())
def test_text_stands_as_it_is(made: Made, name: str, suffix: str, place: str) -> None:
    found = READ[suffix](made(name, suffix))[place]
    assert mismatches(found, place, name, suffix) == {}


@functools.cache
def shaped_text(path: Path) -> str:
    with pymupdf.open(path) as document:
        return "".join(page.get_text() for page in document)


@pytest.mark.parametrize("text", [text for text in SHORT if SHAPED.search(text)])
def test_pdf_holds_the_letters_that_a_font_shapes(made: Made, text: str) -> None:
    # Their text stands in /ActualText, which the reader of tags passes over
    whole = shaped_text(made("farlig", "pdf"))
    for letter in shown(text):
        if letter > "\u02ff" and unicodedata.category(letter) != "Cf":
            count = whole.count(letter)
            assert count >= len(PLACES_OF["pdf"]), hex(ord(letter))


def test_pdf_holds_long_texts_in_every_place(made: Made) -> None:
    # PDFium needs a second for what takes MuPDF a minute
    pages = [
        page.get_textpage().get_text_bounded(bottom=25 * MM, top=page.get_height() - 28 * MM)
        for page in pypdfium2.PdfDocument(made("lang", "pdf"))
    ]
    whole = comparable("".join(pages), "pdf")
    places = len(PLACES_OF["pdf"]) + 1  # the table of contents
    spaced, solid = LONG
    letters, signs = whole.count("L"), sum(map(len, re.findall("x{2,}", whole)))
    # The drawings hold the beginnings of the texts; three letters more are «Löptext» twice, and
    # HYPERLINK. A place that lacked a text would be far outside.
    drawn = 24 * 120
    assert drawn < len(solid) / 2
    assert 0 <= signs - places * len(solid) <= drawn
    assert 3 <= letters - places * spaced.count("L") <= 3 + drawn / 20


# Nothing has become more than text -------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_page_has_no_element_of_the_data(made: Made, name: str) -> None:
    page = html_page(made(name, "html"))
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    own = tools.asset("tabeller.js").read_text(encoding="utf-8")
    assert [script.text for script in page.iter("script")] == [own]
    assert not tags & {
        "iframe",
        "object",
        "embed",
        "form",
        "input",
        "b",
        "i",
        "br",
        "base",
    }
    assert len(page.xpath("//style[not(ancestor::svg)]")) == len(page.xpath("//h1")) == 1
    assert page.xpath("//img") == []
    assert not [e for e in page.iter("*") if any(str(a).lower().startswith("on") for a in e.attrib)]
    assert {href[:1] for href in page.xpath("//@href")} == {"#"}
    assert page.xpath("//@src") == page.xpath("//*[@class='ordagrant']") == []
    assert not page.xpath("//math") and not page.xpath("//code") and not page.xpath("//hr")
    comments = [element for element in page.iter() if element.tag is lxml.html.etree.Comment]
    assert comments == []


def pdf_alts(path: Path) -> list[str]:
    with pymupdf.open(path) as document:
        found = [document.xref_get_key(x, "Alt") for x in range(1, document.xref_length())]
    return [text for kind, text in found if kind == "string"]


@pytest.mark.parametrize("name", NAMES)
def test_alternative_texts_are_the_text(made: Made, name: str) -> None:
    texts = [literal_name(text) for text in NAMES[name][1]]
    with zipfile.ZipFile(made(name, "docx")) as package:
        word = etree.fromstring(package.read("word/document.xml"))
    alts = {
        "html": html_page(made(name, "html")).xpath("//svg/@aria-label"),
        "docx": [node.get("descr") for node in word.iter(qn("wp:docPr"))],
        "pdf": pdf_alts(made(name, "pdf")),
    }
    for suffix, found in alts.items():
        whole = "\n".join(found)
        assert [text for text in texts if text not in whole] == [], suffix
        assert whole.count(texts[0]) >= 3


@pytest.mark.parametrize("name", NAMES)
def test_word_file_has_no_field_or_link_of_the_data(made: Made, name: str) -> None:
    with zipfile.ZipFile(made(name, "docx")) as package:
        parts = {n: package.read(n) for n in package.namelist() if n.endswith((".xml", ".rels"))}
    for part, content in parts.items():
        root = etree.fromstring(content)
        codes = [str(node.text).split()[0] for node in root.iter(qn("w:instrText"))]
        assert set(codes) <= {"TOC", "PAGEREF", "PAGE", "NUMPAGES", "SEQ", "REF"}, part
        links = list(root.iter(qn("w:hyperlink")))
        assert all(link.get(qn("w:anchor")) and not link.get(qn("r:id")) for link in links)
        for tag in ("w:fldSimple", "w:object", "w:altChunk", "w:dde", "m:oMath"):
            assert not root.xpath(f"//{tag}", namespaces=WORD_NAMES), (part, tag)
        assert not root.xpath("//@TargetMode"), part


@pytest.mark.parametrize("name", NAMES)
def test_pdf_has_no_action_or_link_of_the_data(made: Made, name: str) -> None:
    with pymupdf.open(made(name, "pdf")) as document:
        for xref in range(1, document.xref_length()):
            source = document.xref_object(xref)
            assert not re.search(r"/(URI|JS|JavaScript|Launch|GoToR|SubmitForm)\b", source)
        kinds = {link["kind"] for page in document for link in page.get_links()}
    assert kinds <= {pymupdf.LINK_GOTO, pymupdf.LINK_NAMED}
    for profile in ("PDF_UA_1", "PDF_A_2A"):
        report = page_validation.validate_pdf(
            made(name, "pdf"), profile=getattr(page_validation.ValidationProfile, profile)
        )
        assert not report.failures, report.failures[:3]


# What the target's settings say ----------------------------------------------------------------


def test_settings_stand_as_text_on_the_page(made: Made) -> None:
    page = html_page(made("farlig", "html"))

    def text(xpath: str) -> list[str]:
        return [squeeze(element.text_content()) for element in page.xpath(xpath)]

    facts = FACTS
    sender = f"{facts['namnd']}, Herrljunga"
    assert text("//h1") == [TITLE]
    assert text("//p[@class='undertitel']") == [facts["undertitel"]]
    assert text("//span[@class='namnd']") == [facts["namnd"]]
    assert text("//dl[@class='uppgifter']//dd") == [facts["dnr"]]
    assert text("//title") == [f"{TITLE} – {sender}"]
    assert page.xpath("//meta[@name='author']/@content") == [sender]
    assert text("//footer//p")[0] == f"{sender} · {facts['dnr']}"


def test_settings_stand_as_text_in_word(made: Made) -> None:
    path = made("farlig", "docx")
    with zipfile.ZipFile(path) as package:
        core = etree.fromstring(package.read("docProps/core.xml"))
        margins = [
            word_text(etree.fromstring(package.read(n)))
            for n in package.namelist()
            if re.match(r"word/(header|footer)_(staende|liggande)", n)
        ]
    facts = FACTS
    paragraphs = {_style(block): word_text(block) for block in reversed(_word_body(path)[:6])}
    assert paragraphs["Title"] == TITLE
    assert paragraphs["Subtitle"] == facts["undertitel"]
    details = [word_text(b) for b in _word_body(path)[:6] if _style(b) == "Omslagsuppgift"]
    assert details == [f"Nämnd {facts['namnd']}", f"Diarienummer {facts['dnr']}"]
    names = {etree.QName(node).localname: node.text for node in core}
    assert names["title"] == TITLE
    assert names["subject"] == facts["undertitel"]
    assert names["creator"] == facts["namnd"]
    assert facts["dnr"] in names["keywords"]
    assert any(m.startswith(f"{facts['namnd']}, {TITLE}") for m in margins)
    assert any(f"Herrljunga · Dnr {facts['dnr']}" in m for m in margins)


def test_settings_stand_as_text_in_the_pdf(made: Made) -> None:
    facts = FACTS
    with pymupdf.open(made("farlig", "pdf")) as document:
        about = document.metadata
        cover, margin = (comparable(document[i].get_text(), "pdf") for i in (0, 2))
    assert about["title"] == TITLE
    assert about["author"] == facts["namnd"]
    assert comparable(facts["undertitel"], "pdf") in cover
    for fact in ("namnd", "dnr"):
        assert comparable(facts[fact], "pdf") in cover
        assert comparable(facts[fact], "pdf") in margin
    assert comparable(TITLE.split("\u202e")[0], "pdf") in cover


def test_settings_stand_as_text_in_index_and_manifest(made: Made) -> None:
    root = made("farlig", "html").parents[2]
    index = lxml.html.document_fromstring((root / "index.html").read_text(encoding="utf-8"))
    assert [squeeze(e.text_content()) for e in index.xpath("//tbody//th")] == [TITLE] * 2
    assert index.xpath("//script") == []
    hrefs = index.xpath("//tbody//a/@href")
    assert len(hrefs) == 6 and all((root / href).is_file() for href in hrefs)
    assert index.xpath("//tbody//a/@aria-label")[0].startswith(TITLE)
    manifest = json.loads((root / "manifest.json").read_text(encoding="utf-8"))
    assert {entry["titel"] for entry in manifest} == {TITLE}


def test_a_title_that_fits_no_cover_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "x.yml", yaml.safe_dump({**FACTS, "titel": "x" * 301}))
    with pytest.raises(SettingsError, match="«titel» är 301 tecken; högst 300"):
        read_target_settings(path, "Herrljunga")


# What a browser does ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_browser_runs_nothing_and_the_page_keeps_its_width(
    made: Made, browser: Any, name: str
) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 800})
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("dialog", lambda dialog: (seen.append("dialog"), dialog.dismiss()))
    url = made(name, "html").as_uri()
    page.goto(url)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert seen == [url]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    # Each cell with a long text is a column that is read, neither a line nor a thread
    widths = page.evaluate(
        "[...document.querySelectorAll('td.langord, td.lang')].map(cell => cell.clientWidth)"
    )
    assert all(100 <= width <= 800 for width in widths), (min(widths), max(widths))
    if name == "farlig":
        # «Före … efter.» with an override that the text does not end: «efter» still reads onwards
        i = SHORT.index("\u202eabc")
        order = page.evaluate(
            """id => {
              const p = document.querySelector(`#${id} > p`);
              const last = p.lastChild, range = document.createRange();
              const x = at => { range.setStart(last, at); range.setEnd(last, at + 1);
                return range.getBoundingClientRect().left; };
              return [x(1), x(2), x(5)];
            }""",
            f"sec-t{i}",
        )
        assert order == sorted(order)
    page.close()
