"""Rules for a Word document: headings, title, language, pictures, links, fields, spacing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from berattelse.checks.rules import finding
from berattelse.checks.word_document import Document
from berattelse.checks.word_read import (
    DC,
    WP,
    A,
    Paragraph,
    R,
    V,
    W,
    blocks,
    on,
    shortened,
    text_of,
    value,
    within,
)
from berattelse.checks.word_tables import is_picture
from berattelse.model import Finding

_SWEDISH = re.compile(r"sv(-\w+)*", re.IGNORECASE)
_NO_LINK_TEXT = {
    "här", "klicka här", "tryck här", "länk", "länken", "denna länk", "den här länken", "läs mer",
    "läs mer här", "mer", "mer information", "se här", "hit", "sida", "sidan", "dokument",
    "klicka", "here", "click here", "read more", "link", "more",
}  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|ftp://|www\.)\S+", re.IGNORECASE)
_FILE_NAME = re.compile(
    r".*\.(?:png|jpe?g|gif|svg|emf|wmf|bmp|tiff?|webp)"
    r"|(?:bild|bildobjekt|picture|image|figur|figure|diagram|chart|graphic|grafik)\s*\d*",
    re.IGNORECASE,
)
_NOT_FILLED = re.compile(
    r"högerklicka|right.click|uppdatera (?:fält|fältet)|update (?:the )?field"
    r"|no table of contents|hittades inga poster|inga poster", re.IGNORECASE
)  # fmt: skip
_COLUMN_SPACES = re.compile(r"\S[ \u00a0]{3,}\S")
_OWN_SPACING = (
    "toc ", "table of figures", "index", "source code", "källkod", "html preformatted",
    "preformatted text", "plain text",
)  # fmt: skip
"""Styles in which tabs and spaces belong: lists of contents, and code."""
_FAKE_LENGTH = 80
"""Characters of the longest line that can look like a heading."""
_LARGER_PT = 2.0
"""How much larger than the body text a line must be to look like a heading."""
_BULLET = re.compile(r"[-–—•*·]\s")
_OBJECTS = (
    f"{W}drawing", f"{W}pict", f"{W}object", f"{W}sym", f"{W}fldChar", f"{W}fldSimple",
    f"{W}instrText", f"{W}footnoteReference", f"{W}endnoteReference", f"{W}ptab",
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath",
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
    if not is_picture(node):
        return None
    shapes = [each for each in node.iter() if str(each.tag).startswith(V)]
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
            if node.get(f"{R}id"):
                pictured = next(node.iter(f"{W}drawing", f"{W}pict"), None) is not None
                found.append(("bild" if pictured else text_of(node), node))
        found += [
            (field.text, field.node)
            for field in document.fields[part]
            if field.code.upper().startswith("HYPERLINK") and not re.search(r"\\l\b", field.code)
        ]
    for text, node in found:
        where = document.at(node)
        place = where.place if where else ""
        words = shortened(text).strip(" .:!?»«\"'()[]→>").lower()
        if not words:
            yield finding("word_lanktext", "En länk saknar text.", place)
        elif words in _NO_LINK_TEXT:
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


def empty(document: Document) -> Iterator[Finding]:
    """Tell empty paragraphs, except the one that Word itself demands after a table."""
    for container in document.containers:
        around = blocks(container)
        at = 0
        while at < len(around):
            count = 0
            while at + count < len(around) and _spaces(around[at + count], document):
                count += 1
            if count and not _demanded(around, at, count, container):
                before = text_of(around[at - 1]) if at else ""
                where = document.at(around[at])
                place = where.under if where else ""
                if before.strip() and around[at - 1].tag == f"{W}p":
                    place += f", efter stycket «{shortened(before)}»"
                many = "Ett tomt stycke" if count == 1 else f"{count} tomma stycken i rad"
                yield finding("word_tomt_stycke", f"{many} gör avstånd.", place)
            at += max(1, count)


def _spaces(block: Any, document: Document) -> bool:
    """Say whether a block is a paragraph that shows nothing; an empty heading has its own rule."""
    if block.tag != f"{W}p" or text_of(block).strip() or document.styles.heading_level(block):
        return False
    if next(block.iter(*_OBJECTS), None) is not None:
        return False
    breaks = (each.get(f"{W}type") for each in block.iter(f"{W}br"))
    return not any(kind in ("page", "column") for kind in breaks)


def _demanded(around: list[Any], at: int, count: int, container: Any) -> bool:
    """Say whether Word demands an empty paragraph just here."""
    if count != 1:
        return False
    if len(around) == 1:
        return True  # a cell and a text box hold at least one
    after_table = at > 0 and around[at - 1].tag == f"{W}tbl"
    if around[at].find(f"{W}pPr/{W}sectPr") is not None:
        return after_table or at == 0  # it carries the section, and the table cannot
    last = at == len(around) - 1
    between = not last and around[at + 1].tag == f"{W}tbl"
    return after_table and (last or between)


def fake_headings(document: Document) -> Iterator[Finding]:
    """Tell short paragraphs in bold or large letters that act as headings."""
    paragraphs = [each for each in document.main() if each.table is None]
    for paragraph, following in pairwise(paragraphs):
        text = paragraph.text.strip()
        if not text or len(text) > _FAKE_LENGTH or text[-1] in ".,;:!?" or "\n" in text:
            continue
        if not re.search(r"[^\W\d_]{2}", text) or _known(paragraph, document):
            continue
        if following.text.strip() and _stands_out(paragraph, document) and not _stands_out(
            following, document
        ):  # fmt: skip
            message = "Stycket ser ut som en rubrik men är vanlig text i fet eller stor stil."
            yield finding("word_falsk_rubrik", message, paragraph.place)


def _known(paragraph: Paragraph, document: Document) -> bool:
    """Say whether a paragraph has a role of its own: heading, title, caption, contents, list."""
    styles = document.styles
    names = styles.names(paragraph.node)
    roles = ("toc", "caption", "title", "subtitle", "list", "header", "footer", "quote")
    if styles.heading_level(paragraph.node) or any(name.startswith(roles) for name in names):
        return True
    if paragraph.node.getparent().tag == f"{W}txbxContent":
        return True
    return paragraph.node.find(f"{W}pPr/{W}numPr") is not None


def _stands_out(paragraph: Paragraph, document: Document) -> bool:
    """Say whether all text of a paragraph is bold or large by itself, not by its style."""
    styles = document.styles
    runs = [
        node
        for node in within(paragraph.node)
        if node.tag == f"{W}r" and any((t.text or "").strip() for t in node.iterfind(f"{W}t"))
    ]
    if not runs:
        return False
    plain = runs[0].makeelement(f"{W}r")
    usual = styles.points(paragraph.node, plain)
    if all(styles.points(paragraph.node, run) >= usual + _LARGER_PT for run in runs):
        return True
    bold = all(styles.toggled(paragraph.node, run, "b") for run in runs)
    return bold and not styles.toggled(paragraph.node, plain, "b")


def fake_columns(document: Document) -> Iterator[Finding]:
    """Tell rows that are lined up with tabs or spaces."""
    rows: list[Paragraph] = []
    # The sentinel ends the last group
    for paragraph in [*document.main(), None]:
        if paragraph is not None and _lined_up(paragraph, document):
            rows.append(paragraph)
            continue
        tabs = max((row.text.strip().count("\t") for row in rows), default=0)
        spaced = any(_COLUMN_SPACES.search(row.text) for row in rows)
        if len(rows) > 1 or tabs > 1 or spaced:
            several = (
                f"{len(rows)} stycken är uppställda" if len(rows) > 1 else "Texten är uppställd"
            )
            message = f"{several} i kolumner med tabbar eller mellanslag."
            yield finding("word_kolumner", message, rows[0].place)
        rows = []


def _lined_up(paragraph: Paragraph, document: Document) -> bool:
    if document.styles.name(paragraph.node).startswith(_OWN_SPACING):
        return False
    if document.styles.heading_level(paragraph.node) or _BULLET.match(paragraph.text.strip()):
        return False
    text = paragraph.text.strip()
    return "\t" in text or _COLUMN_SPACES.search(text) is not None


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
