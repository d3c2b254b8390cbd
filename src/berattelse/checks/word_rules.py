"""Rules for a Word document: headings, title, language, pictures, links, fields, spacing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from berattelse.checks.rules import finding
from berattelse.checks.word_document import Document
from berattelse.checks.word_layout import CONTENTS, empty, fake_columns, fake_headings
from berattelse.checks.word_read import (
    DC,
    WP,
    A,
    Paragraph,
    R,
    V,
    W,
    on,
    shortened,
    text_of,
    value,
    within,
)
from berattelse.checks.word_tables import is_picture
from berattelse.model import Finding

_SWEDISH = re.compile(r"sv(-\w+)*", re.IGNORECASE)
_NO_LINK_WORDS = {
    "här", "klicka", "tryck", "gå", "följ", "öppna", "hämta", "ladda", "ner", "ned", "visa", "se",
    "läs", "läsa", "mer", "mera", "vidare", "fler", "information", "info", "detaljer", "om",
    "för", "att", "på", "in", "till", "via", "och", "du", "ni", "kan", "det", "den", "denna",
    "detta", "dessa", "länk", "länken", "hit", "sida", "sidan", "sidorna", "dokument",
    "dokumentet", "fil", "filen", "pdf", "följande", "nedan", "ovan", "here", "click", "read",
    "more", "this", "that", "the", "page", "link", "for", "to", "about", "details",
}  # fmt: skip
"""Words that do not say what is there; a link of these alone says nothing when read by itself."""
_ADDRESS = re.compile(
    r"(?:https?://|ftp://|www\.)\S+"
    r"|(?:[a-zåäö\d][a-zåäö\d-]*\.)+(?:se|nu|com|net|org|eu|info|io|edu|gov|no|dk|fi|de)(?:/\S*)?",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(
    r".*\.(?:png|jpe?g|gif|svg|emf|wmf|bmp|tiff?|webp)"
    r"|(?:bild|bildobjekt|picture|image|figur|figure|diagram|chart|graphic|grafik)\s*\d*",
    re.IGNORECASE,
)
_NOT_FILLED = re.compile(
    r"högerklicka|right.click|uppdatera (?:fält|fältet)|update (?:the )?field"
    r"|no table of contents|hittades inga poster|inga poster", re.IGNORECASE
)  # fmt: skip
_DECORATIVE = "{http://schemas.microsoft.com/office/drawing/2017/decorative}decorative"
_HORIZONTAL_RULE = "{urn:schemas-microsoft-com:office:office}hr"


def headings(document: Document) -> Iterator[Finding]:
    """Tell headings that are missing, empty or out of order."""
    before = 0
    for paragraph in document.main():
        level = document.styles.heading_level(paragraph.node)
        if level is None:
            continue
        if not paragraph.text.strip():
            yield finding("word_rubrik_tom", f"En rubrik på nivå {level} saknar text.",
                          paragraph.under)  # fmt: skip
            continue
        if not before and level != 1:
            message = f"Den första rubriken är på nivå {level}, inte 1."
            yield finding("word_rubrik_forsta", message, paragraph.place)
        elif level > before + 1:
            message = f"Rubriken är på nivå {level} direkt efter en på nivå {before}."
            yield finding("word_rubrik_hopp", message, paragraph.place)
        before = level
    if not before:
        message = "Dokumentet har inga rubriker: det går inte att hoppa mellan avsnitt."
        yield finding("word_rubrik_saknas", message)


def title(document: Document) -> Iterator[Finding]:
    """Tell a title that is missing, or there more than once."""
    titles = [
        paragraph
        for paragraph in document.main()
        if document.styles.name(paragraph.node) == "title" and paragraph.text.strip()
    ]
    if not titles:
        yield finding("word_titel", "Inget stycke har formatet Rubrik (Title).")
    for paragraph in titles[1:]:
        yield finding("word_titel", "Ännu ett stycke har formatet Rubrik (Title).", paragraph.place)
    names = [
        target
        for kind, target, _ in document.package.relations("").values()
        if kind.endswith("/core-properties")
    ]
    core = document.package.tree(names[0]) if names else None
    said = None if core is None else core.find(f"{DC}title")
    if said is None or not (said.text or "").strip():
        yield finding("word_titel_egenskap", "Titeln saknas i dokumentets egenskaper.")


def language(document: Document) -> Iterator[Finding]:
    """Tell a document whose text is not read as Swedish."""
    default = document.styles.default_language()
    if not _SWEDISH.fullmatch(default):
        said = f"Dokumentets språk är «{default}»" if default else "Dokumentets språk saknas"
        yield finding("word_sprak", f"{said}; det ska vara sv-SE.")
        return
    written: Counter[str] = Counter()
    styled: dict[tuple[str, str], Paragraph] = {}
    for paragraph in document.main():
        for run in (node for node in within(paragraph.node) if node.tag == f"{W}r"):
            length = sum(len(text.text or "") for text in run.iterfind(f"{W}t"))
            if not length:
                continue
            said = document.styles.language(paragraph.node, run)
            written[said] += length
            if value(run, "rPr/lang") is None and not _SWEDISH.fullmatch(said):
                styled.setdefault((document.styles.name(paragraph.node), said), paragraph)
    for (style, said), paragraph in styled.items():
        message = f"Formatmallen «{style}» eller en mall i texten anger språket «{said}»."
        yield finding("word_sprak", message, paragraph.place)
    foreign = {said: n for said, n in written.items() if not _SWEDISH.fullmatch(said)}
    if not styled and 2 * sum(foreign.values()) > sum(written.values()):
        most = max(foreign, key=lambda said: foreign[said])
        yield finding("word_sprak", f"Det mesta av texten är märkt som «{most}», inte svenska.")


def pictures(document: Document) -> Iterator[Finding]:
    """Tell pictures without an alternative text, and pictures that float."""
    number = 0
    for name in document.package.texts:
        root = document.package.tree(name)
        for node in root.iter(f"{WP}inline", f"{WP}anchor", f"{W}pict", f"{W}object"):
            described = _drawing(node) if node.tag.startswith(WP) else _vml(node)
            if described is None:
                continue
            number += 1
            where = document.at(node)
            place = f"{where.under}, bild {number}" if where else f"bild {number}"
            if not described:
                yield finding("word_alttext", "Bilden saknar alternativtext.", place)
            elif _FILE_NAME.fullmatch(described):
                message = f"Alternativtexten «{described}» säger inte vad bilden visar."
                yield finding("word_alttext_namn", message, place)
            if name == document.package.main and _floats(node):
                yield finding("word_bild_flytande", "Bilden ligger fritt på sidan.", place)


def _drawing(node: Any) -> str | None:
    """Return the alternative text of a drawing; None where it needs none."""
    box = next(node.iter(f"{W}txbxContent"), None) is not None
    if box and next(node.iter(f"{A}blip"), None) is None:
        return None
    properties = node.find(f"{WP}docPr")
    if properties is None:
        return ""
    for mark in properties.iter(_DECORATIVE):
        if (mark.get("val") or "1") not in ("0", "false"):
            return None
    return (properties.get("descr") or "").strip()


def _vml(node: Any) -> str | None:
    shapes = [each for each in node.iter() if str(each.tag).startswith(V)]
    # An object always shows something; a shape without a picture need not
    shows = node.tag == f"{W}object" or is_picture(node)
    if not shows and not any(shape.get("alt") == "" for shape in shapes):
        return None
    if any((shape.get(_HORIZONTAL_RULE) or "f") in ("t", "true") for shape in shapes):
        return None
    return next((shape.get("alt", "").strip() for shape in shapes if shape.get("alt")), "")


def _floats(node: Any) -> bool:
    if node.tag == f"{WP}anchor":
        return True
    style = next((shape.get("style") or "" for shape in node if str(shape.tag).startswith(V)), "")
    return "position:absolute" in style.replace(" ", "")


def links(document: Document) -> Iterator[Finding]:
    """Tell links whose text does not say where they lead."""
    found: list[tuple[str, Any]] = []
    for name in document.package.texts:
        part = "" if name == document.package.main else name
        for node in document.package.tree(name).iter(f"{W}hyperlink"):
            if node.get(f"{R}id") or node.get(f"{W}anchor"):
                # What a picture says of itself is judged with the pictures
                pictured = next(node.iter(f"{W}drawing", f"{W}pict"), None) is not None
                found.append(("en bild" if pictured else text_of(node), node))
        found += [
            (field.text, field.node)
            for field in document.fields[part]
            if field.code.upper().startswith("HYPERLINK")
        ]
    for text, node in found:
        where = document.at(node)
        if where and document.styles.name(where.node).startswith(CONTENTS):
            continue  # Word fills them, and may leave a tab or a page number alone in a link
        place = where.place if where else ""
        words = re.findall(r"\w+", text.lower())
        if not text.strip():
            yield finding("word_lanktext", "En länk saknar text.", place)
        elif _NO_LINK_WORDS.issuperset(words) and not _ADDRESS.fullmatch(text.strip()):
            message = f"Länktexten «{shortened(text)}» säger inte vart länken leder."
            yield finding("word_lanktext", message, place)
        elif _ADDRESS.fullmatch(text.strip()):
            message = f"Länktexten är en webbadress: {shortened(text)}"
            yield finding("word_lank_adress", message, place)


def field_marks(document: Document) -> Iterator[Finding]:
    """Tell what makes Word ask when the file is opened, and a contents list that is empty."""
    if document.settings is not None and on(document.settings.find(f"{W}updateFields")):
        message = "Word frågar om fälten ska uppdateras när filen öppnas."
        yield finding("word_falt", message, remedy="Spara om filen i Word efter uppdateringen.")
    for part, its in document.fields.items():
        for field in its:
            where = document.at(field.node)
            place = where.place if where else ""
            kind = field.code.split(None, 1)[0] if field.code else "okänt"
            if field.dirty:
                yield finding("word_falt", f"Fältet {kind} är märkt för uppdatering.", place)
            text = field.text.strip()
            if kind.upper() == "TOC" and not part and (not text or _NOT_FILLED.search(text)):
                yield finding("word_innehall_tom", "Innehållsförteckningen är tom.", place)


def page_numbers(document: Document) -> Iterator[Finding]:
    """Tell a document whose header and footer do not number the pages."""
    kinds = {
        field.code.split(None, 1)[0].upper()
        for part, its in document.fields.items()
        if part
        for field in its
        if field.code
    }
    lacking = [] if "PAGE" in kinds else ["sidans nummer"]
    lacking += [] if kinds & {"NUMPAGES", "SECTIONPAGES"} else ["antalet sidor"]
    if lacking:
        message = f"Varken sidhuvud eller sidfot har {' eller '.join(lacking)}."
        yield finding("word_sidnummer", message)


CHECKS: tuple[Callable[[Document], Iterator[Finding]], ...] = (
    headings,
    title,
    language,
    pictures,
    links,
    field_marks,
    page_numbers,
    empty,
    fake_headings,
    fake_columns,
)
"""The rules here, in the order that their findings are told."""
