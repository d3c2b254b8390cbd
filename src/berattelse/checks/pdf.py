"""Check a PDF: PDF/UA-1 and the PDF/A that it claims, by page-validation; title, language, outline.

PDF/UA-1 is ISO 14289-1, PDF/A-2 and -3 are ISO 19005-2 and -3; level `a` is the accessible one.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from berattelse.checks.pdf_sv import sentence
from berattelse.checks.rules import INSTALL, finding
from berattelse.model import Finding

_PDFA = "http://www.aiim.org/pdfa/ns/id/"
_PDFUA = "http://www.aiim.org/pdfua/ns/id/"
_STREAM = re.compile(rb">>\s*stream(?:\r\n|\n)")
MAX_METADATA = 4_000_000
"""Bytes of unpacked metadata; more is no metadata."""
MIN_PAGES = 3
"""Shorter documents need no bookmarks."""


def check(content: bytes) -> list[Finding]:
    """Return what is wrong with a PDF."""
    import pypdfium2

    if not content.lstrip()[:5].startswith(b"%PDF-"):
        return [finding("pdf_lasbar", "Filen är ingen PDF: den börjar inte med %PDF.")]
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        message = "Filen har lösenord." if locked else "Filen är skadad och går inte att öppna."
        return [finding("pdf_lasbar", message)]
    try:
        found = _properties(document)
    finally:
        document.close()
    return found + _standards(content)


def _properties(document: Any) -> list[Finding]:
    from pypdfium2 import raw

    found = []
    title = str(document.get_metadata_dict().get("Title") or "").strip()
    if not title:
        found.append(finding("pdf_titel", "Titeln saknas i filens egenskaper."))
    length = raw.FPDFCatalog_GetLanguage(document.raw, None, 0)
    buffer = (raw.c_ushort * (length // 2 + 1))()
    raw.FPDFCatalog_GetLanguage(document.raw, buffer, length)
    language = bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")
    if not re.fullmatch(r"sv(-\w+)*", language, re.IGNORECASE):
        said = f"Dokumentets språk är «{language}»" if language else "Dokumentets språk saknas"
        found.append(finding("pdf_sprak", f"{said}; det ska vara sv-SE."))
    pages = len(document)
    outline = list(document.get_toc())
    if not outline and pages >= MIN_PAGES:
        message = f"Filen har {pages} sidor men inga bokmärken."
        found.append(finding("pdf_bokmarken", message))
    for entry in outline:
        target = entry.get_dest()
        index = None if target is None else target.get_index()
        if index is None or not 0 <= index < pages:
            name = entry.get_title() or "utan text"
            found.append(finding("pdf_bokmarken", f"Bokmärket «{name}» leder ingenstans."))
    return found


def _standards(content: bytes) -> list[Finding]:
    """Validate against PDF/UA-1 and the PDF/A that is claimed; PDF/A-2a where none is."""
    try:
        import page
    except ImportError:
        message = "PDF/UA och PDF/A är inte prövade: page-validation är inte installerat."
        return [finding("ej_provad", message, remedy=INSTALL)]
    claims = claimed(content)
    found = []
    if "ua1" not in claims:
        found.append(finding("pdf_pdfua", "Filen säger inte att den följer PDF/UA-1."))
    level = next((claim for claim in ("2a", "3a") if claim in claims), None)
    if level is None:
        other = next((claim for claim in sorted(claims) if claim != "ua1"), "")
        said = f"; den säger PDF/A-{other}" if other else ""
        message = f"Filen säger inte att den följer PDF/A-2a eller PDF/A-3a{said}."
        found.append(finding("pdf_pdfa", message))
    for profile, name in (("ua1", "PDF/UA-1"), (level or "2a", f"PDF/A-{level or '2a'}")):
        try:
            report = page.validate_pdf_bytes(content, profile=profile)
        except page.PageError as error:
            message = f"{name} är inte prövad: granskaren kan inte läsa filen ({error})."
            remedy = "Bygg om berättelsen; är filen mycket stor, minska bilderna."
            found.append(finding("ej_provad", message, remedy=remedy))
            continue
        # That a claim is missing has been said above, for both standards at once
        told = [f for f in report.failures if "-ID-" not in f.rule_id or name in _names(claims)]
        found += [
            _failure(each, name)
            for each in told
            if "-STREAM-LENGTH-" not in each.rule_id or not lengths_hold(content)
        ]
    return found


def lengths_hold(content: bytes) -> bool:
    """Say whether every stream is as long as it says; False where that cannot be seen.

    A stream whose last byte happens to be CR, before the line break that ends it, is one byte too
    short to the validator: one stream in 256, and a report has many. So its word is tried here.
    """
    at = 0
    while begun := _STREAM.search(content, at):
        head = content[content.rfind(b"obj", 0, begun.start()) : begun.start()]
        length = re.search(rb"/Length\s+(\d+)(?!\d|\s+\d+\s+R)", head)
        if length is None:
            return False
        at = begun.end() + int(length[1])
        if not re.match(rb"(?:\r\n|\n|\r)?endstream", content[at : at + 11]):
            return False
    return True


def _names(claims: frozenset[str]) -> set[str]:
    return {"PDF/UA-1" if claim == "ua1" else f"PDF/A-{claim}" for claim in claims}


def _failure(failure: Any, name: str) -> Finding:
    number = failure.object_id
    page = re.search(r"\bpage (\d+)\b", failure.message)
    places = [f"sidan {page[1]}"] if page else []
    places += [] if number is None else [f"objekt {number.object_number} i filen"]
    place = ", ".join(places)
    swedish = sentence(failure.rule_id)
    message = f"{name}: {swedish or failure.message}"
    remedy = "Rätta i källan eller i PDF-mallen och bygg om."
    if swedish:
        remedy = f"{remedy} Granskaren säger: {failure.message}."
    return Finding(f"pdf:{failure.rule_id}", "fel", message, place, remedy)


def claimed(content: bytes) -> frozenset[str]:
    """Return the standards that a PDF's metadata claim: `ua1`, `2a`, `3a`, `2b` …"""
    claims: set[str] = set()
    for packet in _packets(content):
        try:
            root = etree.fromstring(packet, etree.XMLParser(resolve_entities=False))
        except etree.XMLSyntaxError:
            continue
        found = {}
        for element in root.iter(etree.Element):
            found[str(element.tag)] = (element.text or "").strip()
            found.update({str(key): str(text) for key, text in element.attrib.items()})
        if found.get(f"{{{_PDFUA}}}part") == "1":
            claims.add("ua1")
        part = found.get(f"{{{_PDFA}}}part", "")
        if part:
            claims.add(part + found.get(f"{{{_PDFA}}}conformance", "").lower())
    return frozenset(claims)


def _packets(content: bytes) -> Iterator[bytes]:
    """Return the XMP packets of a PDF, also packed ones."""
    form = re.compile(rb"<x:xmpmeta\b.*?</x:xmpmeta>", re.DOTALL)
    yield from form.findall(content)
    for found in re.finditer(rb"<<[^<>]*/Type\s*/Metadata\b[^<>]*>>\s*stream\r?\n", content):
        try:
            text = zlib.decompressobj().decompress(content[found.end() :], MAX_METADATA)
        except zlib.error:
            continue
        yield from form.findall(text)
