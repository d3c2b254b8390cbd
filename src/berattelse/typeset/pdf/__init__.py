"""PDF by pandoc and typst: tagged, PDF/UA-1 and PDF/A-2a at once.

    composed AST -> common.lua -> pdf.lua -> typst code -> typst -> PDF

The layout is in `assets/report.typ` and `assets/report-tabeller.typ`. Typst sees no fonts but its
own and those named here, no network, and no file outside the document's folder, so a file comes
out alike on every machine.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from berattelse import tools
from berattelse.errors import ToolError, TypesetError
from berattelse.model import Document
from berattelse.text.prose import datum_ord
from berattelse.typeset.margins import dnr_text, running_header

TEMPLATE = ("report.typ", "report-tabeller.typ")
FONT_PACKAGE = "font_source_sans_pro"
FONT_CUTS = ("Light", "Regular", "It", "Semibold", "SemiboldIt", "Bold", "BoldIt")
"""Static cuts of Source Sans Pro; what they lack is taken from the fonts within typst."""
RESERVES = ("DejaVuSans.ttf", "LastResortHE-Regular.ttf")
"""What all those lack: matplotlib's fonts for most alphabets, and boxes for any letter at all.

A letter that no font has would be no PDF/A; with a box for it, its text can still be read out,
searched and copied.
"""

NBSP = "\u00a0"


def write(document: Document, ast: Path, out: Path) -> Sequence[str]:
    """Typeset a composed document as PDF.

    Args:
        document: the composed document; images are looked for in its folder.
        ast: the composed document as pandoc's JSON, before any of our filters.
        out: the file to write.

    Raises:
        ToolError: pandoc is missing or refused its input, or the fonts are missing.
        TypesetError: typst refused the document (a missing alternative text, a heading level
            that is skipped, a figure that does not exist).
    """
    template = [tools.asset(name).read_text(encoding="utf-8") for name in TEMPLATE]
    source = "\n".join([*template, "#show: rapport", typst_code(document, ast)])
    facts = _facts(document, json.loads(ast.read_text(encoding="utf-8"))["meta"])
    try:
        compiler = typst.Compiler(
            source.encode(),
            root=str(document.folder),
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"dokument": json.dumps(facts, ensure_ascii=False)},
        )
        data = compiler.compile(
            format="pdf", pdf_standards=["a-2a", "ua-1"], timestamp=document.timestamp
        )
    except typst.TypstError as error:
        raise explain(error, document) from error
    assert isinstance(data, bytes)
    out.write_bytes(with_clear_ends(data))
    return ()


def typst_code(document: Document, ast: Path) -> str:
    """Return the document's text as code that calls the functions of `report.typ`."""
    filters = tools.asset("filters")
    arguments = [
        str(ast.resolve()),
        "--from=json",
        "--to=typst",
        f"--lua-filter={filters / 'common.lua'}",
        f"--lua-filter={filters / 'pdf.lua'}",
    ]
    code = tools.pandoc(arguments, folder=document.folder, timestamp=document.timestamp)
    return code.decode("utf-8")


@functools.cache
def _fonts() -> typst.Fonts:
    """Return the fonts that typst may use, from a folder that holds nothing else.

    The package has each cut twice (.otf and .ttf), and typst would take whichever the file
    system lists first.
    """
    try:
        package = files(FONT_PACKAGE) / "files"
    except ModuleNotFoundError as error:
        raise ToolError(
            "Typsnittet Source Sans Pro saknas.", remedy="pip install font-source-sans-pro"
        ) from error
    # Typst reads a font when it first needs it: the folder lives as long as the process.
    folder = tempfile.mkdtemp(prefix="berattelse-typsnitt-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for cut in FONT_CUTS:
        name = f"SourceSansPro-{cut}.otf"
        Path(folder, name).write_bytes((package / name).read_bytes())
    for name in RESERVES:
        path = _matplotlib() / "mpl-data" / "fonts" / "ttf" / name
        if path.is_file():
            shutil.copyfile(path, Path(folder, name))
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _matplotlib() -> Path:
    """Return matplotlib's folder, without the time that importing it takes."""
    spec = importlib.util.find_spec("matplotlib")
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent


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


# What stands on the cover and in the margins --------------------------------------------------


def _facts(document: Document, meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `report.typ` reads as `dokument`; keys are its words."""
    settings, ar = document.job.settings, document.job.target.ar
    kind = plain(meta.get("rapportnamn"))
    dated = [("Datum", datum_ord(settings.datum))] if settings.datum else []
    dnr = settings.dnr or "dnr saknas"
    return {
        "titel": settings.titel,
        "omslagstitel": whole_dates(settings.titel),
        "undertitel": settings.undertitel,
        "rapportnamn": "" if settings.titel.startswith(kind) else kind,
        "kommun": settings.namn,
        "namnd": settings.namnd,
        "uppgifter": [("Nämnd", settings.namnd), ("Diarienummer", dnr), *dated],
        "sidhuvud": running_header(settings.namnd, settings.titel, ar),
        "sidfot": f"{settings.namn}  ·  {dnr_text(dnr)}",
        "beskrivning": f"{settings.titel}, {settings.namnd}, {settings.namn}",
        "nyckelord": [kind or settings.titel, settings.namn, str(ar)],
        "innehall": plain(meta.get("toc-title")) or "Innehåll",
        "toc": plain(meta.get("toc")) != "false",
        "tocdjup": min(int(plain(meta.get("toc-depth")) or 2), 3),
    }


def whole_dates(text: str) -> str:
    """Return `text` with dates that no line break can divide: `31 augusti 2022`."""
    return re.sub(r"\b(\d{1,2}) ([a-zåäö]+) (\d{4})\b", rf"\1{NBSP}\2{NBSP}\3", text)


def plain(value: Mapping[str, Any] | None) -> str:
    """Return the text of a metadata value in pandoc's JSON; '' for a missing one."""
    if value is None:
        return ""
    kind, content = value["t"], value.get("c")
    if kind == "MetaBool":
        return "true" if content else "false"
    if kind == "MetaString":
        return str(content)
    return "".join(
        inline["c"] if inline["t"] == "Str" else " "
        for inline in content or ()
        if isinstance(inline, dict) and inline.get("t") in ("Str", "Space", "SoftBreak")
    )


# What typst refuses ---------------------------------------------------------------------------

_REFUSALS: tuple[tuple[str, str, str], ...] = (
    (
        r"PDF/UA-1 error: missing alt text",
        "en bild eller formel saknar alternativtext",
        "skriv vad bilden visar i fig-alt",
    ),
    (
        r"PDF/UA-1 error: skipped from heading level (\d+) to (\d+)",
        "rubriknivåerna hoppar från {0} till {1}",
        "använd nivåerna i ordning: #, ##, ###",
    ),
    (
        r"PDF/UA-1 error: the first heading must be of level 1",
        "den första rubriken har inte nivå 1",
        "börja texten med en rubrik på nivå 1 (#)",
    ),
    (
        r"PDF/UA-1 error: (?:missing document title|missing title)",
        "dokumentet saknar titel",
        "skriv titel i målets inställningsfil",
    ),
    (
        r"file not found \(searched at (.+)\)",
        "bilden {0} finns inte",
        "kontrollera sökvägen; den räknas från det sammansatta dokumentet",
    ),
    (
        r"label `<(.+)>` does not exist",
        "länken till #{0} leder ingenstans",
        "kontrollera stavningen",
    ),
    (
        r"label `<(.+)>` occurs multiple times",
        "id:t {0} används mer än en gång",
        "ge det ena ett annat namn",
    ),
    (
        r"the text ['\"](.+)['\"] could not be displayed",
        "tecknet {0} finns inte i något typsnitt",
        "byt ut tecknet",
    ),
    (
        r"pagebreaks are not allowed inside of containers",
        "en sidbrytning står inne i en ruta, lista eller tabell",
        "flytta ut sidbrytningen till ett eget stycke",
    ),
)


def explain(error: typst.TypstError, document: Document) -> TypesetError:
    """Return typst's refusal in Swedish; what is not known is given as typst says it."""
    for pattern, message, remedy in _REFUSALS:
        found = re.search(pattern, error.message)
        if found:
            text = message.format(*found.groups())
            return TypesetError(f"PDF: {text}", place=_place(document), remedy=remedy)
    return TypesetError(
        f"PDF: typst godtar inte dokumentet: {error.message}",
        place=_place(document),
        remedy="; ".join(error.hints),
    )


def _place(document: Document) -> str:
    return f"{document.job.source.name} ({document.job.target})"
