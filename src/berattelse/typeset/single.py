"""What the writers ask of a document that stands by itself, from its metadata in pandoc's JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PDF_STANDARDS = ("1.4", "1.5", "1.6", "1.7", "2.0", "a-1a", "a-1b", "a-2a", "a-2b", "a-2u", "a-3a",
                 "a-3b", "a-3u", "a-4", "a-4e", "a-4f", "ua-1")  # fmt: skip
"""The standards that typst knows, by the names that both it and Quarto use."""


def meta_of(ast: Path) -> Mapping[str, Any]:
    """Return the metadata of a document's AST."""
    meta: Mapping[str, Any] = json.loads(ast.read_text(encoding="utf-8"))["meta"]
    return meta


def is_single(meta: Mapping[str, Any]) -> bool:
    """Return whether the document stands by itself, and is no berättelse."""
    return bool(plain(meta.get("enskilt")) == "true")


def plain(node: Any) -> str:
    """Return the text of a metadata value or of what it holds; "" for a missing one."""
    if isinstance(node, list):
        return "".join(map(plain, node))
    if not isinstance(node, Mapping):
        return ""
    kind, content = node.get("t"), node.get("c")
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if isinstance(content, bool):
        return "true" if content else "false"
    if kind == "Quoted" and isinstance(content, list):
        mark = "’" if content[0]["t"] == "SingleQuote" else "”"
        return mark + plain(content[1]) + mark
    if kind in ("Code", "Math", "RawInline") and isinstance(content, list):
        return str(content[-1])
    if isinstance(content, str):
        return content
    return plain(content) if isinstance(content, list) else ""


def texts(node: Any) -> list[str]:
    """Return the texts of a list of metadata, or the one text that it is."""
    if isinstance(node, Mapping) and node.get("t") == "MetaList":
        return [text for text in map(plain, node["c"]) if text]
    return [text for text in (plain(node),) if text]


def whole(node: Any, otherwise: int) -> int:
    """Return metadata that is to be a whole number."""
    text = plain(node)
    return int(text) if text.isdigit() else otherwise


def html_contents(meta: Mapping[str, Any]) -> Sequence[str]:
    """Return pandoc's arguments for the table of contents of a page."""
    wanted = plain(meta.get("toc")) == "true" or plain(meta.get("table-of-contents")) == "true"
    return ("--toc", f"--toc-depth={whole(meta.get('toc-depth'), 3)}") if wanted else ()


def authors(meta: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return each author's name, and the affiliations in one line."""
    found = []
    node = meta.get("by-author")
    for author in node["c"] if isinstance(node, Mapping) and node.get("t") == "MetaList" else ():
        facts = author.get("c") if author.get("t") == "MetaMap" else {}
        found.append((plain(facts.get("name")), ", ".join(texts(facts.get("affiliations")))))
    return found


def pdf_standards(meta: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the standards that the document asks for, and those of them that are not known."""
    asked = [text.lower() for text in texts(meta.get("pdf-standard"))]
    return [name for name in asked if name in PDF_STANDARDS], [
        name for name in asked if name not in PDF_STANDARDS
    ]


def paragraphs(node: Any) -> str:
    """Return the text of metadata with one line for each of its paragraphs."""
    if isinstance(node, Mapping) and node.get("t") == "MetaBlocks":
        return "\n".join(text for text in map(plain, node["c"]) if text)
    return plain(node)


WORDS: Mapping[str, Mapping[str, str]] = {
    "sv": {
        "abstract": "Sammanfattning", "keywords": "Nyckelord", "sec": "Avsnitt",
        "toc": "Innehållsförteckning",
    },
    "en": {
        "abstract": "Abstract", "keywords": "Keywords", "sec": "Section",
        "toc": "Table of contents",
    },
    "da": {
        "abstract": "Sammendrag", "keywords": "Nøgleord", "sec": "Afsnit",
        "toc": "Indholdsfortegnelse",
    },
    "nb": {
        "abstract": "Sammendrag", "keywords": "Nøkkelord", "sec": "Avsnitt",
        "toc": "Innholdsfortegnelse",
    },
    "fi": {
        "abstract": "Tiivistelmä", "keywords": "Avainsanat", "sec": "Osio",
        "toc": "Sisällys",
    },
    "de": {
        "abstract": "Zusammenfassung", "keywords": "Schlüsselwörter", "sec": "Abschnitt",
        "toc": "Inhaltsverzeichnis",
    },
    "fr": {
        "abstract": "Résumé", "keywords": "Mots-clés", "sec": "Section",
        "toc": "Table des matières",
    },
    "es": {
        "abstract": "Resumen", "keywords": "Palabras clave", "sec": "Sección",
        "toc": "Tabla de contenidos",
    },
}  # fmt: skip
"""Words of the title block, by language, as in `assets/filters/common/words.lua`."""
_NORWEGIAN = {"no": "nb", "nn": "nb"}


def words(meta: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the words of a document's language; English where we have none."""
    lang = plain(meta.get("lang")).split("-")[0].lower()
    return WORDS.get(_NORWEGIAN.get(lang, lang), WORDS["en"])
