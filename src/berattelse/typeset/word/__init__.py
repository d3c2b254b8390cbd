"""Composed document -> Word file that people go on editing.

pandoc writes the text with our styles (`styles`); `word.lua` tells what pandoc has no words
for; then the parts are finished here with lxml: headings and table of contents (`fields`),
tables (`tables`), pages (`layout`), and the package itself (`package`).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from berattelse.errors import TypesetError
from berattelse.model import Document
from berattelse.tools import asset, pandoc
from berattelse.typeset.word import fields, layout, styles
from berattelse.typeset.word.layout import Facts
from berattelse.typeset.word.package import Package, Properties, app_xml, core_xml
from berattelse.typeset.word.styles import Look
from berattelse.typeset.word.xml import NS, q, xpath

_FILTERS = asset("filters")
_MONTHS = (
    *("januari", "februari", "mars", "april", "maj", "juni", "juli"),
    *("augusti", "september", "oktober", "november", "december"),
)


def write(document: Document, ast: Path, out: Path) -> Sequence[str]:
    """Write the Word file `out` from the composed document's AST (pandoc's JSON).

    The same document gives the same bytes.

    Raises:
        TypesetError: text that Word cannot hold, or headings whose numbers Word would change.
        ToolError: pandoc refused the document.
    """
    look = Look()
    facts = read_facts(json.loads(ast.read_text(encoding="utf-8"))["meta"])
    with tempfile.TemporaryDirectory(prefix="berattelse-") as folder:
        reference, draft = Path(folder, "reference.docx"), Path(folder, "draft.docx")
        reference.write_bytes(styles.reference_docx(look))
        _run_pandoc(document, ast, reference, draft)
        package = Package.read(draft)
    try:
        finish(package, facts, look, document.timestamp)
    except etree.XMLSyntaxError as error:
        raise TypesetError(
            f"Word-filen blev inte giltig XML: {error.msg}.",
            place=document.markdown,
            remedy="Rätta blocken {=openxml} i källan.",
        ) from error
    package.save(out)
    return ()


def finish(package: Package, facts: Facts, look: Look, timestamp: int) -> None:
    """Turn pandoc's draft into the finished file, in place."""
    body = package.tree("word/document.xml").find(q("body"))
    assert body is not None
    headings = fields.settle_headings(body)
    flow = layout.lay_out(body, look)
    layout.settle_lists(flow.blocks, _bullet_lists(package))
    front = layout.cover(facts) + fields.contents(headings)
    _start_pages(front, flow.blocks)
    ids = layout.add_headers(package, facts, look, wide=bool(flow.wide))
    body[:] = layout.assemble(front, flow, ids, look)
    fields.number_bookmarks(body)
    _drop_marks(package)
    _number_headings(package, look)
    _finish_parts(package, facts, look, timestamp)


def _run_pandoc(document: Document, ast: Path, reference: Path, draft: Path) -> None:
    pandoc(
        [
            str(ast.resolve()),
            "--from=json",
            "--to=docx",
            f"--lua-filter={_FILTERS / 'common.lua'}",
            f"--lua-filter={_FILTERS / 'word.lua'}",
            f"--reference-doc={reference}",
            f"--resource-path={document.folder}",
            f"--output={draft}",
        ],
        folder=document.folder,
        timestamp=document.timestamp,
    )


def _start_pages(front: list[etree._Element], blocks: list[etree._Element]) -> None:
    """Begin the table of contents and the text on pages of their own."""
    starts = [xpath(block, ".//w:p[1]")[0] for block in front if block.tag == q("sdt")]
    starts += [block for block in blocks[:1] if block.tag == q("p")]
    for start in starts:
        layout.start_page(start)


def _bullet_lists(package: Package) -> set[str]:
    """Return the ids of the lists whose first level has bullets."""
    root = package.tree("word/numbering.xml")
    kinds = {
        abstract.get(q("abstractNumId")): [
            level.get(q("val")) for level in xpath(abstract, "./w:lvl[@w:ilvl='0']/w:numFmt")
        ]
        for abstract in xpath(root, "./w:abstractNum")
    }
    return {
        str(number.get(q("numId")))
        for number in xpath(root, "./w:num")
        for link in xpath(number, "./w:abstractNumId")
        if "bullet" in kinds.get(link.get(q("val")), [])
    }


def _number_headings(package: Package, look: Look) -> None:
    """Add the list of the headings; abstract lists must stand before all instances."""
    root = package.tree("word/numbering.xml")
    abstract, instance = map(etree.fromstring, styles.heading_numbering(look))
    first = root.find(q("num"))
    if first is None:
        root.append(abstract)
    else:
        first.addprevious(abstract)
    root.append(instance)


def _drop_marks(package: Package) -> None:
    """Remove markers that found no place, such as those of a heading in a footnote."""
    for name in ("word/document.xml", "word/footnotes.xml"):
        if name in package.parts:
            root = package.tree(name)
            for marker in xpath(root, "//b:*"):
                parent = marker.getparent()
                if parent is not None:
                    parent.remove(marker)
            for end in xpath(root, "//*[@b:of]"):
                end.attrib.pop(f"{{{NS['b']}}}of")


def _finish_parts(package: Package, facts: Facts, look: Look, timestamp: int) -> None:
    package.put("word/settings.xml", styles.settings_xml())
    package.put("word/fontTable.xml", styles.font_table_xml(look))
    for name in ("docProps/custom.xml", "word/comments.xml", "word/webSettings.xml"):
        package.drop(name)
    keywords = (facts.rapport, facts.kommun, facts.namnd, facts.ar, facts.dnr)
    properties = Properties(
        title=facts.titel,
        subject=facts.undertitel or " ".join(filter(None, (facts.rapport, facts.kommun, facts.ar))),
        creator=facts.namnd or facts.kommun,
        keywords=", ".join(dict.fromkeys(filter(None, keywords))),
        timestamp=timestamp,
    )
    package.put("docProps/core.xml", core_xml(properties))
    package.put("docProps/app.xml", app_xml(facts.kommun))


def read_facts(meta: Mapping[str, Any]) -> Facts:
    """Read the document's facts from the metadata of a pandoc AST."""
    value = {key: _clean(_plain(node)) for key, node in meta.items()}
    return Facts(
        titel=value.get("title") or "Utan titel",
        undertitel=value.get("subtitle", ""),
        kommun=value.get("kommun", ""),
        namnd=value.get("namnd", ""),
        dnr=value.get("dnr", ""),
        datum=_date(value.get("datum", "")),
        ar=value.get("ar", ""),
        rapport=value.get("rapportnamn") or value.get("rapport", ""),
    )


def _plain(node: Any) -> str:
    """Return the text of a metadata value or of inlines."""
    if isinstance(node, list):
        return "".join(map(_plain, node))
    if not isinstance(node, dict):
        return ""
    kind, content = node.get("t"), node.get("c")
    if kind in {"Space", "SoftBreak", "LineBreak"}:
        return " "
    if isinstance(content, str):
        return content
    if kind == "Quoted" and isinstance(content, list):
        mark = "’" if content[0]["t"] == "SingleQuote" else "”"
        return mark + _plain(content[1]) + mark
    if kind in {"Code", "Math", "RawInline"} and isinstance(content, list):
        return str(content[-1])
    return _plain(content) if isinstance(content, list) else ""


def _clean(text: str) -> str:
    """Drop characters that XML cannot hold."""
    return "".join(char for char in text if char >= " " or char in "\t\n")


def _date(iso: str) -> str:
    """Write an ISO date as it is read; anything else stays as it is."""
    year, _, rest = iso.partition("-")
    month, _, day = rest.partition("-")
    if not (year.isdigit() and month.isdigit() and day.isdigit() and 1 <= int(month) <= 12):
        return iso
    return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"
