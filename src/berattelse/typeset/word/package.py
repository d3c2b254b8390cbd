"""The Word file as a package: parts by name, relations, content types, properties, the zip."""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from berattelse.typeset.word.xml import NS, q, to_bytes, xpath

TYPES = "[Content_Types].xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
CORE_RELATION = f"{_PACKAGE}/relationships/metadata/core-properties"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)

# Text from outside must never make the parser read files or expand entities.
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)

_DC = "http://purl.org/dc/elements/1.1/"
_TERMS = "http://purl.org/dc/terms/"
_CORE = f"{_PACKAGE}/metadata/core-properties"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass
class Package:
    """The parts of one Word file, changed in place until `save`."""

    parts: dict[str, bytes]
    """Part name without leading slash -> bytes."""
    trees: dict[str, etree._Element] = field(default_factory=dict)
    """Parts that have been parsed; they win over `parts` when the file is saved."""

    @classmethod
    def read(cls, path: Path) -> Package:
        """Read all parts of the file `path`."""
        with zipfile.ZipFile(path) as archive:
            return cls({name: archive.read(name) for name in archive.namelist()})

    def tree(self, name: str) -> etree._Element:
        """Return the root of an XML part; what is changed in it is saved.

        Raises:
            KeyError: no such part.
            lxml.etree.XMLSyntaxError: the part is not XML (raw OOXML of a writer's own).
        """
        if name not in self.trees:
            self.trees[name] = etree.fromstring(self.parts[name], _PARSER)
        return self.trees[name]

    def peek(self, name: str) -> etree._Element:
        """Return the root of an XML part to be read; the part's bytes stay as they are.

        Raises:
            KeyError, lxml.etree.XMLSyntaxError: as for `tree`.
        """
        known = self.trees.get(name)
        return etree.fromstring(self.parts[name], _PARSER) if known is None else known

    def put(self, name: str, content: bytes | str) -> None:
        """Replace or add the part `name`."""
        self.trees.pop(name, None)
        self.parts[name] = content.encode("utf-8") if isinstance(content, str) else content

    @property
    def main(self) -> str:
        """Name of the part with the text, mostly `word/document.xml`.

        Raises:
            KeyError: the package names none.
        """
        found = self.related("", "officeDocument")
        if not found:
            raise KeyError("officeDocument")
        return found[0]

    def relations(self, part: str) -> etree._Element:
        """Return the relations of a part (of the package itself: ""), made if there are none."""
        name = _relations_of(part)
        if name not in self.parts and name not in self.trees:
            self.trees[name] = etree.Element(q("rel:Relationships"), nsmap={None: NS["rel"]})
        return self.tree(name)

    def related(self, part: str, kind: str) -> list[str]:
        """Return the parts that `part` leads to by relations of a kind such as `header`."""
        return [
            self.target(part, relation)
            for relation in self._relations(part)
            if str(relation.get("Type", "")).endswith(f"/{kind}")
            and relation.get("TargetMode") != "External"
        ]

    def _relations(self, part: str) -> list[etree._Element]:
        name = _relations_of(part)
        known = name in self.parts or name in self.trees
        return xpath(self.tree(name), "./rel:Relationship") if known else []

    def target(self, part: str, relation: etree._Element) -> str:
        """Return the name of the part that a relation of `part` leads to."""
        path = posixpath.join("/" + posixpath.dirname(part), str(relation.get("Target", "")))
        return posixpath.normpath(path).lstrip("/")

    def target_of(self, part: str, rid: str) -> str:
        """Return the name of the part that relation `rid` of `part` leads to; empty if none."""
        found = [r for r in self._relations(part) if r.get("Id") == rid]
        return self.target(part, found[0]) if found else ""

    def word_part(self, kind: str) -> str:
        """Return the main part's part of a kind such as `styles`; empty if there is none."""
        found = [name for name in self.related(self.main, kind) if name in self.parts]
        return found[0] if found else ""

    def relate(self, part: str, kind: str, target: str, rid: str = "", mode: str = "") -> str:
        """Add a relation from `part` to the part `target`; return its id.

        Args:
            part: where the relation starts.
            kind: last word of its type, or the whole type.
            target: a part's name, or an address where `mode` is External.
            rid: its id; the first free one if empty.
            mode: empty or External.
        """
        root = self.relations(part)
        taken = {relation.get("Id") for relation in root}
        number = 1
        while not rid or rid in taken:
            rid, number = f"rIdB{number}", number + 1
        if not mode:
            target = posixpath.relpath(target, posixpath.dirname(part) or ".")
        relation = etree.SubElement(root, q("rel:Relationship"), Id=rid)
        relation.set("Type", kind if ":" in kind else f"{OFFICE}/{kind}")
        relation.set("Target", target)
        if mode:
            relation.set("TargetMode", mode)
        return rid

    def add(self, name: str, content: bytes, content_type: str) -> None:
        """Add a part; its content type is told by its extension where that is possible."""
        self.put(name, content)
        types = self.tree(TYPES)
        extension = name.rpartition(".")[2].lower()
        defaults = {
            str(entry.get("Extension")).lower(): entry.get("ContentType")
            for entry in xpath(types, "./ct:Default")
        }
        if defaults.get(extension) == content_type:
            return
        if extension not in defaults and extension != "xml":
            entry = etree.Element(q("ct:Default"), Extension=extension, ContentType=content_type)
            types.insert(0, entry)
            return
        etree.SubElement(types, q("ct:Override"), PartName=f"/{name}", ContentType=content_type)

    def drop(self, name: str) -> None:
        """Remove a part with the relations of the package and of the main part to it."""
        self.trees.pop(name, None)
        if self.parts.pop(name, None) is None:
            return
        self.parts.pop(_relations_of(name), None)
        for part in ("", self.main):
            for relation in self._relations(part):
                if self.target(part, relation) == name:
                    self.relations(part).remove(relation)
        for entry in list(self.tree(TYPES)):
            if entry.get("PartName") == f"/{name}":
                self.tree(TYPES).remove(entry)

    def add_word_part(self, kind: str, name: str, root: etree._Element) -> str:
        """Add a part such as a header beside the main part; return its relation's id."""
        path = posixpath.join(posixpath.dirname(self.main), f"{name}.xml")
        self.add(path, to_bytes(root), f"{WORD_TYPE}.{kind}+xml")
        return self.relate(self.main, kind, path, f"rId_{name}")

    def set_properties(self, core: bytes, app: bytes) -> None:
        """Set what the file says of itself: the parts core.xml and app.xml."""
        types = ("package.core-properties", "officedocument.extended-properties")
        kinds = (CORE_RELATION, f"{OFFICE}/extended-properties")
        for content, name, kind, of in zip((core, app), ("core", "app"), kinds, types, strict=True):
            found = self.related("", kind.rpartition("/")[2])
            path = found[0] if found else f"docProps/{name}.xml"
            if not found:
                self.relate("", kind, path)
            if path in self.parts:
                self.put(path, content)
            else:
                self.add(path, content, f"application/vnd.openxmlformats-{of}+xml")

    def save(self, path: Path) -> None:
        """Write the file: parts in a fixed order with a fixed date, so that bytes are the same."""
        for name, root in self.trees.items():
            self.parts[name] = to_bytes(root)
        # Word and file managers look for the content types first.
        names = sorted(self.parts, key=lambda name: (name != TYPES, name != "_rels/.rels", name))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in names:
                info = zipfile.ZipInfo(name, _ZIP_DATE)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 0
                archive.writestr(info, self.parts[name])
        path.write_bytes(buffer.getvalue())


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


@dataclass(frozen=True)
class Properties:
    """What the file says of itself; shown by Word under Arkiv, Information."""

    title: str
    subject: str
    creator: str
    keywords: str
    timestamp: int
    """Seconds since 1970, for both created and modified."""
    language: str = "sv-SE"


def core_xml(properties: Properties) -> bytes:
    """Return the part docProps/core.xml."""
    root = etree.Element(
        f"{{{_CORE}}}coreProperties",
        nsmap={"cp": _CORE, "dc": _DC, "dcterms": _TERMS, "xsi": _XSI},
    )
    for name, value in (
        (f"{{{_DC}}}title", properties.title),
        (f"{{{_DC}}}subject", properties.subject),
        (f"{{{_DC}}}creator", properties.creator),
        (f"{{{_CORE}}}keywords", properties.keywords),
        (f"{{{_DC}}}language", properties.language),
        (f"{{{_CORE}}}lastModifiedBy", properties.creator),
    ):
        etree.SubElement(root, name).text = value
    moment = dt.datetime.fromtimestamp(properties.timestamp, dt.UTC)
    for name in ("created", "modified"):
        node = etree.SubElement(root, f"{{{_TERMS}}}{name}")
        node.set(f"{{{_XSI}}}type", "dcterms:W3CDTF")
        node.text = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def app_xml(company: str) -> bytes:
    """Return the part docProps/app.xml."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    root = etree.Element(f"{{{space}}}Properties", nsmap={None: space})
    etree.SubElement(root, f"{{{space}}}Application").text = "berattelse"
    etree.SubElement(root, f"{{{space}}}Company").text = company
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
