"""PDF by pandoc and typst: tagged, PDF/UA-1 and PDF/A-2a at once.

    composed AST -> common.lua -> pdf.lua -> typst code -> typst -> PDF

The layout is in `assets/report.typ` and `assets/report-tabeller.typ`. Typst sees no fonts but its
own and those named here, no network, and no file outside the document's folder, so a file comes
out alike on every machine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import typst

from berattelse import tools
from berattelse.errors import TypesetError, raise_all
from berattelse.model import Document
from berattelse.typeset import single
from berattelse.typeset.pdf.faults import Attempt, before_typst, explain, in_boxes
from berattelse.typeset.pdf.fonts import book
from berattelse.typeset.pdf.look import (
    attachments,
    check_logo,
    facts,
    profile_facts,
    single_facts,
)

TEMPLATE = ("report.typ", "report-tabeller.typ")
SINGLE_TEMPLATE = (*TEMPLATE, "enskilt.typ")
KEPT_RUNS = 11
"""Typst keeps what it has computed until it has not been used for ten runs."""


def write(document: Document, ast: Path, out: Path) -> Sequence[str]:
    """Typeset a composed document as PDF.

    The file is PDF/A-2a, or PDF/A-3a with the document's attachments where the job asks for them
    (ISO 19005-2 lets a file carry other files only if they are PDF/A too).

    Args:
        document: the composed document; images are looked for in its folder.
        ast: the composed document as pandoc's JSON, before any of our filters.
        out: the file to write.

    Returns:
        Code that a PDF does not show, and letters that no font has and that stand as boxes, each
        with its place.

    Raises:
        ToolError: pandoc is missing or refused its input, or the fonts are missing.
        SettingsError: a font or the logo of the profile cannot be used.
        TypesetError: the document cannot be a PDF/UA: a missing alternative text, a heading level
            that is skipped, an image that does not exist or cannot be read, typst code that is
            wrong; all that can be told at once, each with its place.
    """
    meta = single.meta_of(ast)
    alone = single.is_single(meta)
    words = single_facts(meta, single.words(meta)) if alone else facts(document, meta)
    standards, warnings = _standards(document, meta) if alone else (_report_standards(document), [])
    fonts = book(document.job.profile)
    look = profile_facts(document.job.profile, fonts, document)
    template = "\n".join(
        [
            *(
                tools.asset(name).read_text(encoding="utf-8")
                for name in (SINGLE_TEMPLATE if alone else TEMPLATE)
            ),
            "#show: rapport\n",
        ]
    )
    code, found, lost = _typst_code(document, ast)
    attempt = Attempt(document, code, template.count("\n"), fonts.with_boxes, alone)
    if found:
        raise_all(TypesetError, [*found, *before_typst(attempt)])
    given = {"dokument": words, "profil": look, "bilagor": attachments(document)}
    if alone:
        # Beside the PDF, for one who wants to see what typst was given
        out.with_suffix(".typ").write_text(template + code, encoding="utf-8", newline="\n")

    def compiled(with_fonts: typst.Fonts) -> bytes:
        compiler = typst.Compiler(
            (template + code).encode(),
            root=str(document.folder),
            font_paths=with_fonts,
            ignore_system_fonts=True,
            sys_inputs={
                name: json.dumps(content, ensure_ascii=False) for name, content in given.items()
            },
        )
        data = compiler.compile(format="pdf", pdf_standards=standards, timestamp=document.timestamp)
        assert isinstance(data, bytes)
        return data

    try:
        try:
            data = compiled(fonts.fonts)
        except typst.TypstError as error:
            boxes = in_boxes(error, attempt)
            if not boxes:
                raise
            warnings += boxes
            data = compiled(fonts.with_boxes)
    except typst.TypstError as error:
        check_logo(document, look, fonts.with_boxes)
        raise_all(TypesetError, explain(error, attempt))
        raise
    finally:
        _forget(fonts.fonts)
    out.write_bytes(with_clear_ends(data))
    return [*lost, *warnings]


def _report_standards(document: Document) -> list[typst.PDFStandard]:
    return ["a-3a" if document.job.attach_data else "a-2a", "ua-1"]


def _standards(
    document: Document, meta: Mapping[str, Any]
) -> tuple[list[typst.PDFStandard], list[str]]:
    """Return the standards that a document asks for by `pdf-standard`, and warnings of unknown."""
    known, unknown = single.pdf_standards(meta)
    warnings = [f"PDF-standarden «{name}» stöds inte." for name in unknown]
    return cast("list[typst.PDFStandard]", known), warnings


def _forget(fonts: typst.Fonts) -> None:
    """Let go of what typst keeps of a document: some 60 MB, and no other document needs it.

    Runs over nothing make it old; together they take less than a tenth of a second.
    """
    for _ in range(KEPT_RUNS):
        typst.compile(b"", format="svg", font_paths=fonts)


def _typst_code(document: Document, ast: Path) -> tuple[str, list[TypesetError], list[str]]:
    """Return the text as code that calls the functions of `report.typ`, faults and warnings."""
    filters = tools.asset("filters")
    arguments = [
        str(ast.resolve()),
        "--from=json",
        "--to=typst",
        f"--lua-filter={filters / 'common.lua'}",
        f"--lua-filter={filters / 'pdf.lua'}",
    ]
    code, found, lost = tools.pandoc_and_faults(
        arguments, folder=document.folder, timestamp=document.timestamp
    )
    return code.decode("utf-8"), found, lost


def with_clear_ends(data: bytes) -> bytes:
    """Return the PDF with no doubt about where its streams end.

    Typst ends a stream with LF. Where the last byte of the data itself is CR (one stream in 256)
    the two read as one line end, and the stream seems a byte shorter than its /Length, which
    PDF/A forbids. There the line end becomes CR LF; what follows moves by one byte.
    """
    doubtful, clear = b"\r\nendstream\nendobj\n", b"\r\r\nendstream\nendobj\n"
    ends = [found.start() for found in re.finditer(re.escape(doubtful), data)]
    if not ends:
        return data
    begin = data.rindex(b"\nxref\n")

    def moved(found: re.Match[bytes]) -> bytes:
        offset = int(found[2])
        offset += sum(end < offset for end in ends)
        return found[1] + str(offset).zfill(len(found[2])).encode() + found[3]

    table = re.sub(rb"()(\d{10})( \d{5} n)", moved, data[begin:])
    table = re.sub(rb"(startxref\n)(\d+)()", moved, table)
    return data[:begin].replace(doubtful, clear) + table
