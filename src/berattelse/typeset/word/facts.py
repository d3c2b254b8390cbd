"""What the Word file says of the document: cover, margins, content controls, properties."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from berattelse.model import TargetSettings
from berattelse.text.prose import datum_ord
from berattelse.typeset import single
from berattelse.typeset.margins import running_header

_IMPOSSIBLE = re.compile(r"[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Contents:
    """Whether there is a table of contents, and how deep it goes."""

    title: str = "Innehåll"
    depth: int = 3
    wanted: bool = True


@dataclass(frozen=True)
class Facts:
    """What cover, header, footer and properties say of the document; empty = not said."""

    titel: str
    undertitel: str
    kommun: str
    namnd: str
    dnr: str
    """Empty too where the report says that there is none."""
    datum: str
    """As it is read: 19 september 2022."""
    ar: str
    rapport: str
    handlaggare: str = ""
    """The role that handles the matter."""
    iso: str = ""
    """The date as 2022-09-19; empty if it is none."""
    contents: Contents = Contents()
    no_dnr: str = ""
    """What the report says in the place of a dnr that it has not got."""
    alone: bool = False
    """Whether the document stands by itself: a title block and no cover, no nämnd and no dnr."""
    authors: tuple[tuple[str, str], ...] = ()
    """Name and affiliations of each author."""
    abstract: tuple[str, ...] = ()
    """Its title and its paragraphs."""
    keywords: tuple[str, ...] = ()
    lang: str = "sv-SE"

    @property
    def page_word(self) -> str:
        """The word before the number of a page."""
        return "Sida" if self.lang.startswith("sv") else "Page"

    @property
    def dnr_or_none(self) -> str:
        """What our own pages say of the dnr: `SN 22-100`, or that there is none."""
        return self.dnr or self.no_dnr

    @property
    def header(self) -> str:
        """Nämnd, dokument – år; the year once."""
        if self.alone:
            return self.titel
        return running_header(self.namnd, self.titel, self.ar)


def read_facts(meta: Mapping[str, Any], handlaggare: str = "") -> Facts:
    """Read the document's facts from the metadata of a pandoc AST, and the role that handles it."""
    value = {key: _clean(_plain(node)) for key, node in meta.items()}
    dnr = value.get("dnr", "")
    none = dnr.strip().lower() == TargetSettings.dnr
    return Facts(
        titel=value.get("title") or "Utan titel",
        undertitel=value.get("subtitle", ""),
        kommun=value.get("kommun", ""),
        namnd=value.get("namnd", ""),
        dnr="" if none else dnr,
        datum=_date(value.get("datum", "")),
        ar=value.get("ar", ""),
        rapport=value.get("rapportnamn") or value.get("rapport", ""),
        handlaggare=_clean(handlaggare),
        iso=value.get("datum", "") if _is_date(value.get("datum", "")) else "",
        contents=_contents(meta, value),
        no_dnr=dnr if none else "",
    )


def read_single(meta: Mapping[str, Any]) -> Facts:
    """Read the facts of a document that stands by itself."""
    words = single.words(meta)
    value = {key: _clean(_plain(node)) for key, node in meta.items()}
    abstract = [
        _clean(text) for text in single.paragraphs(meta.get("abstract")).split("\n") if text
    ]
    lang = value.get("lang") or "en"
    return Facts(
        titel=value.get("title", ""),
        undertitel=value.get("subtitle", ""),
        kommun="",
        namnd="",
        dnr="",
        datum=value.get("date", ""),
        ar="",
        rapport="",
        iso=value.get("date-iso", ""),
        contents=Contents(
            title=value.get("toc-title") or words["toc"],
            depth=min(max(single.whole(meta.get("toc-depth"), 3), 1), 9),
            wanted=single.plain(meta.get("toc")) == "true",
        ),
        alone=True,
        authors=tuple((_clean(name), _clean(where)) for name, where in single.authors(meta)),
        abstract=(value.get("abstract-title") or words["abstract"], *abstract) if abstract else (),
        keywords=tuple(map(_clean, single.texts(meta.get("keywords")))),
        lang={"sv": "sv-SE", "en": "en-US"}.get(lang, lang),
    )


def _contents(meta: Mapping[str, Any], value: Mapping[str, str]) -> Contents:
    wanted = meta.get("toc", {}).get("c", True) is not False and value.get("toc") != "false"
    depth = value.get("toc-depth", "")
    return Contents(
        title=value.get("toc-title") or Contents.title,
        depth=min(max(int(depth), 1), 3) if depth.isdigit() else Contents.depth,
        wanted=wanted,
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
    """Drop what XML cannot hold; a line break becomes a space."""
    return _IMPOSSIBLE.sub("", text.replace("\n", " "))


def _is_date(iso: str) -> bool:
    try:
        return bool(dt.date.fromisoformat(iso))
    except ValueError:
        return False


def _date(iso: str) -> str:
    """Write an ISO date as it is read; anything else stays as it is."""
    return datum_ord(dt.date.fromisoformat(iso)) if _is_date(iso) else iso
