"""The Word file as a package: parts by name, relations, content types, properties, the zip."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from berattelse.typeset.word.xml import to_bytes

_TYPES = "[Content_Types].xml"
_RELATIONS = "word/_rels/document.xml.rels"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
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

    def put(self, name: str, content: bytes | str) -> None:
        """Replace or add the part `name`."""
        self.trees.pop(name, None)
        self.parts[name] = content.encode("utf-8") if isinstance(content, str) else content

    def drop(self, name: str) -> None:
        """Remove a part with what refers to it."""
        self.trees.pop(name, None)
        if self.parts.pop(name, None) is None:
            return
        for relations in ("_rels/.rels", _RELATIONS):
            for relation in list(self.tree(relations)):
                target = str(relation.get("Target", "")).lstrip("/")
                if name in {target, f"word/{target}"}:
                    self.tree(relations).remove(relation)
        for entry in list(self.tree(_TYPES)):
            if entry.get("PartName") == f"/{name}":
                self.tree(_TYPES).remove(entry)

    def add_word_part(self, kind: str, name: str, root: etree._Element) -> str:
        """Add `word/<name>.xml` of a kind such as header; return its relation's id."""
        self.put(f"word/{name}.xml", to_bytes(root))
        types, relations = self.tree(_TYPES), self.tree(_RELATIONS)
        etree.SubElement(
            types,
            f"{{{_PACKAGE}/content-types}}Override",
            PartName=f"/word/{name}.xml",
            ContentType=f"{_WORD_TYPE}.{kind}+xml",
        )
        rid = f"rId_{name}"
        etree.SubElement(
            relations,
            f"{{{_PACKAGE}/relationships}}Relationship",
            Id=rid,
            Type=f"{_OFFICE}/{kind}",
            Target=f"{name}.xml",
        )
        return rid

    def save(self, path: Path) -> None:
        """Write the file: parts in a fixed order with a fixed date, so that bytes are the same."""
        for name, root in self.trees.items():
            self.parts[name] = to_bytes(root)
        # Word and file managers look for the content types first.
        names = sorted(self.parts, key=lambda name: (name != _TYPES, name != "_rels/.rels", name))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name in names:
                info = zipfile.ZipInfo(name, _ZIP_DATE)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 0
                archive.writestr(info, self.parts[name])
        path.write_bytes(buffer.getvalue())


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
