"""Composed document -> Word file that people go on editing.

pandoc writes the text with our styles (`styles`); `word.lua` tells what pandoc has no words
for; then the parts are finished here with lxml: headings and table of contents (`fields`),
tables (`tables`), the flow of the text (`layout`), pages (`pages`), and the package itself
(`package`). Where a kommun has a Word template of its own, the finished text goes into that file
(`mall/`), whose styles, margins, headers and numbering win.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from berattelse.errors import TypesetError, raise_all
from berattelse.model import Document, Place
from berattelse.tools import asset, pandoc_and_warnings
from berattelse.typeset import single
from berattelse.typeset.word import (
    fields,
    layout,
    mall,
    pages,
    picture,
    raw,
    reference,
    styles,
    unknown,
)
from berattelse.typeset.word.facts import Facts, read_facts, read_single
from berattelse.typeset.word.look import Look
from berattelse.typeset.word.mall.names import Styles
from berattelse.typeset.word.package import Package, Properties, app_xml, core_xml
from berattelse.typeset.word.picture import logo_drawing
from berattelse.typeset.word.xml import NS, q, val, xpath

__all__ = ["Look", "write"]

_FILTERS = asset("filters")


def write(document: Document, ast: Path, out: Path) -> Sequence[str]:
    """Write the Word file `out` from the composed document's AST (pandoc's JSON).

    The same document gives the same bytes.

    Returns:
        What the user should know, in Swedish: code that Word does not show, styles that nobody
        has, what the kommun's template lacks.

    Raises:
        TypesetError: text that Word cannot hold, headings whose numbers Word would change, a
            template or logo that cannot be used.
        ToolError: pandoc refused the document.
    """
    profile = document.job.profile
    look = Look.of(profile)
    template = mall.open_template(profile.template) if profile.template else None
    if template:
        look = template.look(look)
    read = json.loads(ast.read_text(encoding="utf-8"))
    meta = read["meta"]
    alone = single.is_single(meta)
    facts = read_single(meta) if alone else read_facts(meta, document.job.settings.handlaggare)
    with tempfile.TemporaryDirectory(prefix="berattelse-") as folder:
        blank, draft = Path(folder, "reference.docx"), Path(folder, "draft.docx")
        blank.write_bytes(reference.reference_docx(look))
        picture.draw_pngs(document.folder, profile)
        lost = _run_pandoc(document, ast, blank, draft)
        package = Package.read(draft)
    try:
        text = set_text(package, look)
    except etree.XMLSyntaxError as error:
        raise_all(TypesetError, raw.faults(read, document.folder))
        raise TypesetError(
            f"Word-filen blev inte giltig XML: {error.msg}.",
            place=document.job.source,
            remedy="Rätta blocken {=openxml} i källan.",
        ) from error
    places = unknown.finder(document.folder)
    if template:
        warnings = [*template.warnings, *mall.fill(template, package, text, facts, look, places)]
        package = template.package
    else:
        warnings = _settle_styles(package, text, look, places)
        finish(package, text, facts, look)
    warnings += _of_tables(read, template, look, places, warnings)
    _set_properties(package, facts, document.timestamp)
    package.save(out)
    # A name may be asked for by paragraphs and by words: two styles, one fault.
    return tuple(dict.fromkeys((*lost, *warnings)))


def set_text(package: Package, look: Look) -> layout.Text:
    """Take the text out of pandoc's draft, set in our styles."""
    body = package.tree("word/document.xml").find(q("body"))
    assert body is not None
    headings = fields.settle_headings(body, look)
    flow = layout.lay_out(body, look)
    layout.settle_lists(flow.blocks, _bullet_lists(package))
    _drop_marks(package, flow.blocks)
    return layout.Text(flow, headings)


def finish(package: Package, text: layout.Text, facts: Facts, look: Look) -> None:
    """Make pandoc's draft, emptied by `set_text`, the finished file, in place."""
    body = package.tree("word/document.xml").find(q("body"))
    assert body is not None
    logo = logo_drawing(package, look.logo) if look.logo else None
    contents = fields.contents(text.headings, facts.contents, look)
    if not facts.alone:
        _start_pages(contents, text.flow.blocks, look)
    ids = pages.add_headers(package, facts, look, wide=bool(text.flow.wide))

    def section(landscape: bool, first: bool) -> etree._Element:
        return pages.section(ids, look, landscape=landscape, first=first)

    front = pages.cover(facts, logo) + contents
    blocks, last = pages.assemble(front, text.flow, section, look)
    body[:] = [*blocks, last]
    fields.number_bookmarks(list(body))
    _number_headings(package, look)
    package.put("word/settings.xml", reference.settings_xml(facts.lang))
    package.put("word/fontTable.xml", reference.font_table_xml(look))
    for name in ("docProps/custom.xml", "word/comments.xml", "word/webSettings.xml"):
        package.drop(name)


def _settle_styles(
    package: Package, text: layout.Text, look: Look, places: Callable[[str], Sequence[Place]]
) -> list[str]:
    """Keep the styles that the text names; return warnings of names that we do not know."""
    roots = list(text.flow.blocks)
    if "word/footnotes.xml" in package.parts:
        roots.append(package.tree("word/footnotes.xml"))
    ours = Styles(etree.fromstring(styles.styles_xml(look).encode()))
    wanted, warnings = unknown.used(roots), []
    root = package.tree("word/styles.xml")
    for style in unknown.made_by_pandoc(root, ours.by_id):
        sid, name, kind = (
            style.get(q("styleId"), ""),
            val(style, "./w:name"),
            style.get(q("type"), ""),
        )
        found = ours.find(kind, name)
        if found:
            unknown.rename(roots, {sid: found})
            root.remove(style)
        elif sid in wanted:
            for base in xpath(style, "./w:basedOn"):
                if base.get(q("val")) not in ours.by_id:
                    style.remove(base)
            warnings += unknown.warnings(name, ours.names(kind), places(name))
    unknown.drop_unused(package, roots)
    return warnings


def _of_tables(
    ast: Mapping[str, Any],
    template: mall.Template | None,
    look: Look,
    places: Callable[[str], Sequence[Place]],
    told: Sequence[str],
) -> list[str]:
    """Return warnings of the styles that tables ask for, but for names that are told already."""
    wanted = unknown.of_tables(ast)
    if not wanted:
        return []
    ours = Styles(etree.fromstring(styles.styles_xml(look).encode()))
    theirs = template.styles if template else ours
    return unknown.table_warnings(
        {n: kind for n, kind in wanted.items() if not any(f"Stilen «{n}» (" in t for t in told)},
        lambda kind: [*theirs.names(kind), *ours.names(kind)],
        places,
        template=template.name if template else "",
    )


def _run_pandoc(document: Document, ast: Path, reference: Path, draft: Path) -> list[str]:
    return pandoc_and_warnings(
        [
            str(ast.resolve()),
            "--from=json",
            "--to=docx",
            f"--lua-filter={_FILTERS / 'common.lua'}",
            f"--lua-filter={_FILTERS / 'word.lua'}",
            f"--syntax-highlighting={asset('kod.theme')}",
            f"--reference-doc={reference}",
            f"--resource-path={document.folder}",
            f"--output={draft}",
        ],
        folder=document.folder,
        timestamp=document.timestamp,
    )[1]


def _start_pages(contents: list[etree._Element], blocks: list[etree._Element], look: Look) -> None:
    """Begin the table of contents and the text on pages of their own."""
    starts = [xpath(block, ".//w:p[1]")[0] for block in contents]
    starts += [block for block in blocks[:1] if block.tag == q("p")]
    for start in starts:
        layout.start_page(start, look)


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


def _drop_marks(package: Package, blocks: list[etree._Element]) -> None:
    """Remove markers that found no place, such as those of a heading in a footnote."""
    roots = list(blocks)
    if "word/footnotes.xml" in package.parts:
        root = package.tree("word/footnotes.xml")
        roots.append(root)
        for end in xpath(root, "//*[@b:of]"):
            end.attrib.pop(f"{{{NS['b']}}}of")
    for root in roots:
        for marker in xpath(root, ".//b:*"):
            parent = marker.getparent()
            if parent is not None:
                parent.remove(marker)


def _set_properties(package: Package, facts: Facts, timestamp: int) -> None:
    keywords = facts.keywords or (facts.rapport, facts.kommun, facts.namnd, facts.ar, facts.dnr)
    properties = Properties(
        title=facts.titel,
        subject=facts.undertitel or " ".join(filter(None, (facts.rapport, facts.kommun, facts.ar))),
        creator=facts.namnd or facts.kommun or ", ".join(name for name, _ in facts.authors),
        keywords=", ".join(dict.fromkeys(filter(None, keywords))),
        timestamp=timestamp,
        **({"language": facts.lang} if facts.alone else {}),
    )
    package.set_properties(core_xml(properties), app_xml(facts.kommun))
