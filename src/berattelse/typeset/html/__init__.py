"""HTML: one self-contained file per report, with no script and no request to anywhere.

Pandoc, `assets/filters/html.lua` and `assets/page.html` make the page; what is done here is
what they cannot: the pictures, and a last look at the ids of the whole page.
"""

from __future__ import annotations

import base64
import html
import re
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from berattelse import tools
from berattelse.errors import TypesetError, raise_all
from berattelse.model import Document
from berattelse.typeset.html import svg

WRITER = "html5-smart"
TOC_DEPTH = 3

_PICTURE = re.compile(r'<bild src="([^"]*)" id="([^"]*)" width="([^"]*)" alt="([^"]*)"></bild>')
_ID = re.compile(r'<[a-zA-Z][^<>]*?\sid="([^"]+)"')
_MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


def write(document: Document, ast: Path, out: Path) -> Sequence[str]:
    """Write the document as one HTML file.

    Args:
        document: what is typeset; figures are read from its folder.
        ast: the document as Pandoc's JSON.
        out: the file to write, UTF-8.

    Raises:
        TypesetError: faults in the content, missing pictures, ids used twice; all at once.
    """
    page = tools.pandoc(
        [
            "--from=json",
            f"--to={WRITER}",
            "--standalone",
            "--section-divs",
            "--mathml",
            "--wrap=none",
            "--toc",
            # The page's title is h1, so the report's first level is h2
            f"--toc-depth={TOC_DEPTH + 1}",
            f"--lua-filter={tools.asset('filters/common.lua')}",
            f"--lua-filter={tools.asset('filters/html.lua')}",
            f"--template={tools.asset('page.html')}",
            str(ast),
        ],
        folder=document.folder,
        timestamp=document.timestamp,
    ).decode("utf-8")
    faults: list[TypesetError] = []
    page = _PICTURE.sub(partial(_picture, document.folder, faults), page)
    faults.extend(_repeated_ids(page))
    raise_all(TypesetError, faults)
    out.write_text(page, encoding="utf-8", newline="\n")
    return ()


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


def _repeated_ids(page: str) -> list[TypesetError]:
    counts = Counter(_ID.findall(page))
    return [
        TypesetError(f"Id:t {id_} används {count} gånger på sidan.")
        for id_, count in counts.items()
        if count > 1
    ]
