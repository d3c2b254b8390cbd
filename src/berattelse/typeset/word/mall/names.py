"""Which style of a template is which of ours, and what a style finally says.

Word writes the built-in styles' English names into every file, but ids in the language of the
program that made it (`Rubrik1`, `Brdtext`): styles are matched by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from lxml import etree

from berattelse.typeset.word.package import Package
from berattelse.typeset.word.xml import NS, q, val, xpath

SWEDISH = {
    **{f"rubrik {level}": f"heading {level}" for level in range(1, 10)},
    **{f"innehåll {level}": f"toc {level}" for level in range(1, 10)},
    **{"brödtext": "body text", "rubrik": "title", "underrubrik": "subtitle"},
    **{"beskrivning": "caption", "citat": "quote", "starkt citat": "intense quote"},
    **{"punktlista": "list bullet", "numrerad lista": "list number"},
    **{"inget avstånd": "no spacing", "stark": "strong", "betoning": "emphasis"},
    **{"fotnotstext": "footnote text", "sidhuvud": "header", "sidfot": "footer"},
    **{"hyperlänk": "hyperlink", "indragen text": "block text"},
}
"""What Word in Swedish calls a built-in style -> the name in the file."""

_FIRST = {"Caption": "bildtext"}
"""A style that a template may have under our own name beside the built-in one."""

Key = tuple[str, str]
"""Type of style (paragraph, character, table, numbering) and its name in lower case."""


class Styles:
    """The styles of a part styles.xml."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.by_id = {str(s.get(q("styleId"))): s for s in xpath(root, "./w:style")}

    @cached_property
    def by_name(self) -> dict[Key, str]:
        """Return ids by type and name, aliases too where no style has that name."""
        found: dict[Key, str] = {}
        for wanted in ("name", "aliases"):
            for sid, style in self.by_id.items():
                kind = str(style.get(q("type"), "paragraph"))
                for name in val(style, f"./w:{wanted}").split(","):
                    if name.strip():
                        found.setdefault((kind, name.strip().lower()), sid)
        return found

    def names(self, kind: str) -> list[str]:
        """Return the names of the styles of a type, as they are written."""
        styles = (s for s in self.by_id.values() if s.get(q("type"), "paragraph") == kind)
        return [val(style, "./w:name") for style in styles]

    def find(self, kind: str, name: str) -> str:
        """Return the id of the style with this name, also Word's Swedish one; empty if none."""
        name = name.lower()
        return self.by_name.get((kind, name)) or self.by_name.get((kind, SWEDISH.get(name, "")), "")

    def default(self, kind: str) -> str:
        """Return the id of what text has that names no style; empty if there is none."""
        found = xpath(
            self.root, f"./w:style[@w:type='{kind}'][@w:default='1' or @w:default='true']"
        )
        return str(found[0].get(q("styleId"))) if found else ""

    def match(self, ours: Styles) -> dict[str, str]:
        """Return our ids -> the ids of these styles with the same names."""
        out: dict[str, str] = {}
        for sid, style in ours.by_id.items():
            kind = str(style.get(q("type"), "paragraph"))
            found = self.by_name.get((kind, _FIRST.get(sid, ""))) or self.by_name.get(
                (kind, val(style, "./w:name").lower())
            )
            if not found and sid in {"Normal", "DefaultParagraphFont", "TableNormal"}:
                found = self.default(kind)
            if found:
                out[sid] = found
        return out

    def chain(self, sid: str) -> Iterator[etree._Element]:
        """Yield a style and those that it is based on; a circle ends where it closes."""
        seen: set[str] = set()
        while sid in self.by_id and sid not in seen:
            seen.add(sid)
            yield self.by_id[sid]
            sid = val(self.by_id[sid], "./w:basedOn")

    def says(self, sid: str, path: str) -> list[etree._Element]:
        """Return the elements at `path` (`w:rPr/w:sz`) of the nearest style that has any."""
        for style in self.chain(sid):
            found = xpath(style, f"./{path}")
            if found:
                return found
        part, _, rest = path.partition("/")
        holder = {"w:rPr": "rPrDefault", "w:pPr": "pPrDefault"}.get(part)
        return xpath(self.root, f"./w:docDefaults/w:{holder}/{part}/{rest}") if holder else []

    def size_pt(self, sid: str) -> float:
        """Return the size of a paragraph style's text in points; Word's own default is 10."""
        found = self.says(sid, "w:rPr/w:sz")
        half = str(found[0].get(q("val"), "")) if found else ""
        return float(half) / 2 if half.replace(".", "", 1).isdigit() else 10.0

    def font(self, sid: str, package: Package) -> str:
        """Return the font of a paragraph style, looked up in the theme; empty if none is named."""
        for found in self.says(sid, "w:rPr/w:rFonts"):
            theme = str(found.get(q("asciiTheme"), ""))
            part = package.word_part("theme")
            if theme and part:
                kind = "major" if theme.startswith("major") else "minor"
                faces = package.tree(part).xpath(
                    f".//a:{kind}Font/a:latin/@typeface", namespaces=NS
                )
                if isinstance(faces, list) and faces:
                    return str(faces[0])
            return str(found.get(q("ascii"), ""))
        return ""
