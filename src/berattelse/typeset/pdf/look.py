"""What `report.typ` is told of a document: the words of its cover and margins, and the profile.

Both go to typst as JSON in `sys.inputs`; their keys are the template's own words.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from typing import Any

import typst

from berattelse.errors import SettingsError, TypesetError
from berattelse.literal import short
from berattelse.model import Document, shown
from berattelse.profile.model import Profile
from berattelse.text.prose import datum_ord
from berattelse.typeset import single
from berattelse.typeset.margins import dnr_text, running_header
from berattelse.typeset.pdf.faults import logo_fault
from berattelse.typeset.pdf.fonts import FontBook

NBSP = "\u00a0"
MARGIN = 200
"""Characters that the head and the foot of a page have room for, on two lines."""
LOGO = "profil-logotyp"
"""Name of the logo's copy in the document's folder, which is all that typst can read."""


def facts(document: Document, meta: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `report.typ` reads as `dokument`.

    Args:
        document: the composed document.
        meta: its front matter as pandoc's JSON.

    Raises:
        TypesetError: the document has no title, which PDF/UA (ISO 14289-1, 7.1) asks for.
    """
    settings, target = document.job.settings, document.job.target
    if not settings.titel.strip():
        raise TypesetError(
            "PDF: dokumentet saknar titel.",
            place=f"data/{target.kommun}/{target.ar}/{target.rapport}.yml",
            remedy="Skriv «titel: …» i filen.",
        )
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
        "sidhuvud": short(running_header(settings.namnd, settings.titel, target.ar), MARGIN),
        "sidfot": short(
            "  ·  ".join((settings.namn, dnr_text(dnr), *(day for _, day in dated))), MARGIN
        ),
        "beskrivning": f"{settings.titel}, {settings.namnd}, {settings.namn}",
        "nyckelord": [kind or settings.titel, settings.namn, str(target.ar)],
        "forfattare": settings.namnd,
        "sprak": "sv",
        "region": "SE",
        "avsnitt": "Avsnitt",
        "innehall": plain(meta.get("toc-title")) or "Innehåll",
        "toc": plain(meta.get("toc")) != "false",
        "tocdjup": min(int(plain(meta.get("toc-depth")) or 2), 3),
    }


def single_facts(meta: Mapping[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    """Return what `enskilt.typ` reads as `dokument`, of a document that stands by itself.

    Args:
        meta: its front matter as pandoc's JSON.
        words: of its language, as `common/settings.lua` has them.
    """
    title = single.plain(meta.get("title"))
    lang, _, region = (single.plain(meta.get("lang")) or "en").partition("-")
    authors = single.authors(meta)
    keywords = single.texts(meta.get("keywords"))
    return {
        "titel": title,
        "undertitel": single.plain(meta.get("subtitle")),
        "forfattare": [name for name, _ in authors],
        "forfattarna": [{"namn": name, "tillhor": where} for name, where in authors],
        "datum": single.plain(meta.get("date")),
        "sammanfattning": single.paragraphs(meta.get("abstract")),
        "sammanfattningstitel": single.plain(meta.get("abstract-title")) or words["abstract"],
        "beskrivning": single.plain(meta.get("description")),
        "nyckelord": keywords,
        "nyckelord-synliga": f"{words['keywords']}: {', '.join(keywords)}" if keywords else "",
        "sprak": lang.lower(),
        "region": region.upper() if len(region) == 2 else ("SE" if lang == "sv" else None),
        "avsnitt": words["sec"],
        "sidhuvud": short(title, MARGIN),
        "sidfot": "",
        "innehall": single.plain(meta.get("toc-title")) or words["toc"],
        "toc": single.plain(meta.get("toc")) == "true",
        "tocdjup": single.whole(meta.get("toc-depth"), 3),
    }


def profile_facts(profile: Profile, fonts: FontBook, document: Document) -> dict[str, Any]:
    """Return what `report.typ` reads as `profil`; the logo is copied to the document's folder.

    Raises:
        SettingsError: the logo cannot be read.
    """
    light = profile.light
    return {
        "typsnitt": fonts.text,
        "rubriktypsnitt": fonts.headings,
        "bindestreck": fonts.hyphen,
        "storlek": profile.size_pt,
        "farger": {
            "text": light.text,
            "svag": light.muted,
            "papper": light.ground,
            "ljus": light.surface,
            "linje": light.line,
            "harlinje": light.hairline,
            "accent": light.accent,
            "band": light.band,
            "pa-band": light.on_band,
            "markering": light.mark,
            "pa-markering": light.on_mark,
            "note": light.info,
            "tip": light.tip,
            "important": light.important,
            "warning": light.warning,
            "caution": light.warning,
        },
        "logotyp": _logo(profile, document),
    }


def _logo(profile: Profile, document: Document) -> dict[str, str] | None:
    if profile.logo is None:
        return None
    path = profile.logo.path
    name = LOGO + path.suffix.lower()
    try:
        shutil.copyfile(path, document.folder / name)
    except OSError as error:
        raise SettingsError(
            f"Logotypen kan inte läsas: {error.strerror}.",
            place=shown(path),
            remedy="Kontrollera «logo» i _brand.yml.",
        ) from error
    return {"fil": name, "alt": profile.logo.alt}


def check_logo(document: Document, look: Mapping[str, Any], fonts: typst.Fonts) -> None:
    """Raise a SettingsError if the logo is what typst cannot read."""
    logo, mark = document.job.profile.logo, look["logotyp"]
    fault = logo_fault(document, mark["fil"], fonts) if mark else ""
    if logo is not None and fault:
        raise SettingsError(
            f"Logotypen kan inte visas: {fault}.",
            place=shown(logo.path),
            remedy="Spara om den som SVG eller PNG.",
        )


def attachments(document: Document) -> list[dict[str, str]]:
    """Return the files that the PDF carries: as typst reads them, named and described.

    They are copied to names that typst can read whatever the files are called.
    """
    carried = []
    for number, path in enumerate(document.attachments if document.job.attach_data else (), 1):
        name = f"bilaga-{number}.csv"
        shutil.copyfile(path, document.folder / name)
        said = f"Siffrorna i datamängden {path.stem}, {document.job.settings.titel}"
        carried.append({"fil": name, "namn": path.name, "beskrivning": said})
    return carried


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
