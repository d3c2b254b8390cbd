"""HTML: one self-contained file per report, with no request to anywhere.

Pandoc, `assets/filters/html.lua` and `assets/page.html` make the page; what is done here is
what they cannot: the pictures, the kommun's graphic profile, the script that copies tables, and a
last look at the ids of the whole page. Nothing on the page needs the script to be read.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from urllib.parse import unquote

from berattelse import tools
from berattelse.errors import TypesetError, raise_all
from berattelse.model import Document
from berattelse.profile import Profile, style
from berattelse.typeset import single
from berattelse.typeset.html import svg

WRITER = "html5-smart"
TOC_DEPTH = 3
# The page's title is h1, so the report's first level is h2
HTML_CONTENTS = ("--toc", f"--toc-depth={TOC_DEPTH + 1}")

_PICTURE = re.compile(r'<bild src="([^"]*)" id="([^"]*)" width="([^"]*)" alt="([^"]*)"></bild>')
_ITALIC = re.compile(r"<(?:em|i|cite|dfn|address)\b|font-style[:=][\"\s]*(?:italic|oblique)")
_LETTERED = re.compile(r'font-family="([^"]*)"')
_WEIGHT = re.compile(r'font-weight="(\d+)"')
_TABLE = re.compile(r"<table\b")
_ID = re.compile(r'<[a-zA-Z][^<>]*?\sid="([^"]+)"')
_IMAGE = re.compile(r'(<img\b[^<>]*?\ssrc=")([^"]*)(")')
_CODE = re.compile(r"<code\b.*?</code>", re.DOTALL)
_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
_MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_MORE_TYPES = {**_MEDIA_TYPES, ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml"}


def write(document: Document, ast: Path, out: Path) -> Sequence[str]:
    """Write the document as one HTML file.

    Args:
        document: what is typeset; figures are read from its folder.
        ast: the document as Pandoc's JSON.
        out: the file to write, UTF-8.

    Returns:
        Warnings in Swedish of code that a web page does not show.

    Raises:
        TypesetError: faults in the content, missing pictures, fonts that cannot be read, ids
            used twice; all at once.
    """
    meta = single.meta_of(ast)
    alone = single.is_single(meta)
    code, warnings = tools.pandoc_and_warnings(
        [
            "--from=json",
            f"--to={WRITER}",
            "--standalone",
            "--section-divs",
            "--mathml",
            "--wrap=none",
            *(single.html_contents(meta) if alone else HTML_CONTENTS),
            f"--lua-filter={tools.asset('filters/common.lua')}",
            f"--lua-filter={tools.asset('filters/html.lua')}",
            f"--template={tools.asset('enskild.html' if alone else 'page.html')}",
            str(ast),
        ],
        folder=document.folder,
        timestamp=document.timestamp,
    )
    page = code.decode("utf-8")
    faults: list[TypesetError] = []
    page = _PICTURE.sub(partial(_picture, document.folder, faults), page)
    if alone:
        page = _IMAGE.sub(partial(_embedded, document.folder), page)
        page = _CODE.sub(lambda code: _TEXT.sub(_quotes, code[0]), page)
    try:
        page = _dressed(page, document.job.profile, alone=alone)
    except TypesetError as fault:
        faults.append(fault)
    if not alone:
        faults.extend(_repeated_ids(page))
    raise_all(TypesetError, faults)
    out.write_text(page, encoding="utf-8", newline="\n")
    return warnings


def _dressed(page: str, profile: Profile, *, alone: bool) -> str:
    """Put style sheet, script and mark where `page.html` has room for them: before all content."""
    sheet = style.sheet(
        profile,
        "base.css",
        "report.css",
        *(("enskild.css",) if alone else ()),
        italic=bool(_ITALIC.search(page)),
        lettered=_LETTERED.findall(page),
        weights=sorted({int(weight) for weight in _WEIGHT.findall(page)}),
    )
    script, allowed = "", ""
    if _TABLE.search(page):
        source = tools.asset("tabeller.js").read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode("ascii")
        script = f"<script>{source}</script>\n"
        allowed = f"; script-src 'sha256-{digest}'"
    page = page.replace("<plats-tillatet>", allowed, 1)
    page = page.replace("<plats-stil>", sheet, 1)
    page = page.replace("<plats-skript>\n", script, 1)
    return page.replace("<plats-marke>\n", style.mark(profile.logo), 1)


def _picture(folder: Path, faults: list[TypesetError], match: re.Match[str]) -> str:
    src, id_, width, alt = map(html.unescape, match.groups())
    path = folder / src
    try:
        if not path.is_file():
            raise TypesetError(
                f"Bilden {src} finns inte.",
                remedy="Sidan får inte hämta något utifrån: bilden ska ligga i projektet.",
            )
        if path.suffix.lower() == ".svg":
            return svg.inline(path, id=id_, alt=alt, width=width)
        media_type = _MEDIA_TYPES.get(path.suffix.lower())
        if media_type is None:
            raise TypesetError(f"Bilden {src} är varken SVG, PNG eller JPEG.")
    except TypesetError as fault:
        faults.append(fault)
        return ""
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    style = f' style="width:{width}"' if re.fullmatch(r"[\d.]+(?:mm|cm|in|px|%)", width) else ""
    return f'<img src="data:{media_type};base64,{data}" alt="{html.escape(alt)}" id="{id_}"{style}>'


def _embedded(folder: Path, match: re.Match[str]) -> str:
    """Put the bytes of a local picture into its element; what lies elsewhere keeps its address."""
    path = folder / unquote(html.unescape(match[2]))
    media_type = _MORE_TYPES.get(path.suffix.lower())
    if media_type is None or not path.is_file():
        return match[0]
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"{match[1]}data:{media_type};base64,{data}{match[3]}"


def _quotes(text: re.Match[str]) -> str:
    """Write quotation marks in text as they are, as browsers do: they need no entity there."""
    return text[0].replace("&#39;", "'").replace("&quot;", '"')


def _repeated_ids(page: str) -> list[TypesetError]:
    counts = Counter(_ID.findall(page))
    return [
        TypesetError(f"Id:t {id_} används {count} gånger på sidan.")
        for id_, count in counts.items()
        if count > 1
    ]
