"""Whether a Word file is sound: what Word itself would refuse, or repair with a question.

`faults` reads a file without the code that wrote it: the order of children (ECMA-376 part 1,
annex A, wml.xsd), ids, relations, content types, styles and lists.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
NAMES = {"w": W, "r": R, "wp": WP, "mc": MC}

_RUN = (
    "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof "
    "snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd "
    "fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange"
)
_BORDERS = "top left start bottom right end insideH insideV tl2br tr2bl"
ORDER = {
    "rPr": "ins del moveFrom moveTo " + _RUN,
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
        "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
        "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
        "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
        "rPr sectPr pPrChange"
    ),
    "numPr": "ilvl numId numberingChange ins",
    "pBdr": "top left bottom right between bar",
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
        "tblDescription tblPrChange"
    ),
    "tblBorders": _BORDERS,
    "tblCellMar": "top left start bottom right end",
    "tcBorders": _BORDERS,
    "tcMar": "top left start bottom right end",
    "tcPr": (
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText "
        "vAlign hideMark headers cellIns cellDel cellMerge tcPrChange"
    ),
    "tbl": (
        "bookmarkStart bookmarkEnd commentRangeStart commentRangeEnd tblPr tblGrid tr sdt "
        "customXml"
    ),
    "tr": "tblPrEx trPr tc sdt customXml bookmarkStart bookmarkEnd",
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
        "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter "
        "docGrid printerSettings sectPrChange"
    ),
    "sdt": "sdtPr sdtEndPr sdtContent",
    # Word's own order; the standard's two editions differ, and Word reads any
    "sdtPr": (
        "rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding label tabIndex "
        "equation comboBox date docPartObj docPartList dropDownList picture richText text citation "
        "group bibliography"
    ),
    "date": "dateFormat lid storeMappedDataAs calendar",
    "lvl": (
        "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr"
    ),
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "num": "abstractNumId lvlOverride",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "style": (
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed "
        "qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr "
        "tblStylePr"
    ),
    "styles": "docDefaults latentStyles style",
    "docDefaults": "rPrDefault pPrDefault",
    "settings": (
        "writeProtection view zoom removePersonalInformation removeDateAndTime "
        "doNotDisplayPageBoundaries displayBackgroundShape printPostScriptOverText "
        "printFractionalCharacterWidth printFormsData embedTrueTypeFonts embedSystemFonts "
        "saveSubsetFonts saveFormsData mirrorMargins alignBordersAndEdges "
        "bordersDoNotSurroundHeader bordersDoNotSurroundFooter gutterAtTop hideSpellingErrors "
        "hideGrammaticalErrors activeWritingStyle proofState formsDesign attachedTemplate "
        "linkStyles stylePaneFormatFilter stylePaneSortMethod documentType mailMerge revisionView "
        "trackRevisions doNotTrackMoves doNotTrackFormatting documentProtection autoFormatOverride "
        "styleLockTheme styleLockQFSet defaultTabStop autoHyphenation consecutiveHyphenLimit "
        "hyphenationZone doNotHyphenateCaps showEnvelope summaryLength clickAndTypeStyle "
        "defaultTableStyle evenAndOddHeaders bookFoldRevPrinting bookFoldPrinting "
        "bookFoldPrintingSheets drawingGridHorizontalSpacing drawingGridVerticalSpacing "
        "displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery "
        "doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin "
        "drawingGridVerticalOrigin doNotShadeFormData noPunctuationKerning "
        "characterSpacingControl printTwoOnOne strictFirstAndLastChars noLineBreaksAfter "
        "noLineBreaksBefore savePreviewPicture doNotValidateAgainstSchema "
        "saveInvalidXml ignoreMixedContent alwaysShowPlaceholderText doNotDemarcateInvalidXml "
        "saveXmlDataOnly useXSLTWhenSaving saveThroughXslt showXMLTags alwaysMergeEmptyNamespace "
        "updateFields hdrShapeDefaults footnotePr endnotePr compat docVars rsids mathPr "
        "attachedSchema themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats "
        "doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown smartTagType "
        "schemaLibrary shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator"
    ),
}  # fmt: skip
ONCE = {"rPr", "pPr", "tblPr", "tcPr", "sdtPr", "style", "lvl", "sdt", "settings"}
"""Elements whose children stand once each, but for those in `MANY`."""
KINDS = {"headerReference": "header", "footerReference": "footer", "blip": "image",
         "svgBlip": "image", "hyperlink": "hyperlink"}  # fmt: skip
"""Element -> kind of the part that its relation leads to."""
MANY = {"tblStylePr", "activeWritingStyle", "attachedSchema", "smartTagType"}


class Opened:
    """A Word file's parts, parsed."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            assert archive.testzip() is None
            names = archive.namelist()
            assert len(set(names)) == len(names)
            self.parts = {name: archive.read(name) for name in names}
        self.trees = {
            name: etree.fromstring(content)
            for name, content in self.parts.items()
            if name.endswith((".xml", ".rels"))
        }

    def find(self, name: str, expression: str) -> list[Any]:
        found = self.trees[name].xpath(expression, namespaces=NAMES) if name in self.trees else []
        return list(found) if isinstance(found, list) else []

    @property
    def stories(self) -> list[str]:
        """Names of the parts that hold text."""
        return [
            name
            for name, root in self.trees.items()
            if root.tag in {f"{{{W}}}{kind}" for kind in
                            ("document", "hdr", "ftr", "footnotes", "endnotes", "comments")}
        ]  # fmt: skip


def faults(path: Path) -> list[str]:
    """Return everything in a Word file that Word would not take; empty for a sound one."""
    opened = Opened(path)
    checks = (_order, _ids, _relations, _types, _styles, _lists, _fields, _structure, _prefixes)
    return [fault for check in checks for fault in check(opened)]


def _order(opened: Opened) -> Iterator[str]:
    for part, root in opened.trees.items():
        for element in root.iter(*(f"{{{W}}}{name}" for name in ORDER)):
            name = etree.QName(element).localname
            rank = {child: number for number, child in enumerate(ORDER[name].split())}
            seen = [
                etree.QName(child).localname
                for child in element
                if isinstance(child.tag, str) and etree.QName(child).namespace == W
            ]
            if name == "date" and not seen:
                continue
            strange = [child for child in seen if child not in rank]
            if strange:
                yield f"{part}: {strange} i {name}"
            places = [rank.get(child, 0) for child in seen]
            if name == "sectPr":
                places = [max(place, 1) for place in places]
            if name in {"tr", "tbl"}:
                places = [min(place, rank["tc" if name == "tr" else "tr"]) for place in places]
            if places != sorted(places):
                yield f"{part}: fel ordning i {name}: {seen}"
            if name in ONCE:
                twice = [c for c, n in Counter(seen).items() if n > 1 and c not in MANY]
                if twice:
                    yield f"{part}: {twice} flera gånger i {name}"


def _ids(opened: Opened) -> Iterator[str]:
    wanted = {
        "bokmärken": ("//w:bookmarkStart/@w:id", opened.stories),
        "bokmärkens namn": ("//w:bookmarkStart/@w:name", opened.stories),
        "ritningar": ("//wp:docPr/@id", ["word/document.xml"]),
        "innehållskontroller": ("//w:sdt/w:sdtPr/w:id/@w:val", opened.stories),
        "fotnoter": ("//w:footnote/@w:id", ["word/footnotes.xml"]),
        "stilar": ("//w:style/@w:styleId", ["word/styles.xml"]),
        "stilnamn": ("//w:style/w:name/@w:val", ["word/styles.xml"]),
        "listor": ("//w:num/@w:numId", ["word/numbering.xml"]),
        "listmönster": ("//w:abstractNum/@w:abstractNumId", ["word/numbering.xml"]),
        "listmönsters nsid": ("//w:nsid/@w:val", ["word/numbering.xml"]),
    }
    for what, (expression, parts) in wanted.items():
        found = Counter(str(value) for part in parts for value in opened.find(part, expression))
        for value, count in found.items():
            if count > 1:
                yield f"{what}: {value} finns {count} gånger"
    for part in opened.stories:
        starts = sorted(map(str, opened.find(part, "//w:bookmarkStart/@w:id")))
        if starts != sorted(map(str, opened.find(part, "//w:bookmarkEnd/@w:id"))):
            yield f"{part}: bokmärken som inte slutar"


def _relations(opened: Opened) -> Iterator[str]:
    for name, root in opened.trees.items():
        if name.endswith(".rels"):
            folder, file = posixpath.split(name)
            owner = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
            if owner and owner not in opened.parts:
                yield f"{name} hör till ingen del"
            ids = [relation.get("Id") for relation in root]
            if len(set(ids)) != len(ids):
                yield f"{name}: samma Id två gånger"
            for relation in root:
                if relation.get("TargetMode") == "External":
                    continue
                path = posixpath.join("/" + posixpath.dirname(owner), relation.get("Target", ""))
                if posixpath.normpath(path).lstrip("/") not in opened.parts:
                    yield f"{name}: {relation.get('Target')} finns inte"
            continue
        folder, file = posixpath.split(name)
        rels = opened.trees.get(posixpath.join(folder, "_rels", f"{file}.rels"))
        known = {r.get("Id"): r.get("Type", "") for r in rels} if rels is not None else {}
        for element in root.iter():
            for key, value in element.attrib.items():
                if not str(key).startswith(f"{{{R}}}"):
                    continue
                if value not in known:
                    yield f"{name}: {value} ({key}) leder ingenstans"
                    continue
                kind = KINDS.get(etree.QName(element).localname)
                if kind and not known[value].endswith(f"/{kind}"):
                    yield f"{name}: {value} ska leda till {kind}, inte {known[value]}"


def _types(opened: Opened) -> Iterator[str]:
    root = opened.trees["[Content_Types].xml"]
    defaults = {e.get("Extension", "").lower() for e in root.iter(f"{{{TYPES}}}Default")}
    overrides = [e.get("PartName", "") for e in root.iter(f"{{{TYPES}}}Override")]
    if len(set(overrides)) != len(overrides):
        yield "innehållstyper: samma del två gånger"
    for name in overrides:
        if name.lstrip("/") not in opened.parts:
            yield f"innehållstyper: {name} finns inte"
    for name in opened.parts:
        extension = name.rpartition(".")[2].lower()
        if name == "[Content_Types].xml" or f"/{name}" in overrides:
            continue
        if extension not in defaults:
            yield f"{name} har ingen innehållstyp"
        elif extension == "xml" and name.startswith("word/"):
            yield f"{name} har ingen egen innehållstyp"


def _styles(opened: Opened) -> Iterator[str]:
    known = {
        (style.get(f"{{{W}}}type"), style.get(f"{{{W}}}styleId"))
        for style in opened.find("word/styles.xml", "//w:style")
    }
    ids = {sid for _, sid in known}
    kinds = {"pStyle": "paragraph", "rStyle": "character", "tblStyle": "table"}
    for part in [*opened.stories, "word/numbering.xml"]:
        for use, kind in kinds.items():
            for value in set(opened.find(part, f"//w:{use}/@w:val")):
                if (kind, value) not in known:
                    yield f"{part}: stilen {value} ({kind}) finns inte"
    for link in ("basedOn", "next", "link"):
        for value in set(opened.find("word/styles.xml", f"//w:style/w:{link}/@w:val")):
            if value not in ids:
                yield f"styles.xml: {link} {value} finns inte"


def _lists(opened: Opened) -> Iterator[str]:
    numbers = set(opened.find("word/numbering.xml", "//w:num/@w:numId"))
    abstracts = set(opened.find("word/numbering.xml", "//w:abstractNum/@w:abstractNumId"))
    for part in [*opened.stories, "word/styles.xml"]:
        for value in set(opened.find(part, "//w:numPr/w:numId/@w:val")) - {"0"}:
            if value not in numbers:
                yield f"{part}: listan {value} finns inte"
    for value in opened.find("word/numbering.xml", "//w:num/w:abstractNumId/@w:val"):
        if value not in abstracts:
            yield f"numbering.xml: listmönstret {value} finns inte"


def _fields(opened: Opened) -> Iterator[str]:
    for part in opened.stories:
        depth = 0
        for kind in opened.find(part, "//w:fldChar/@w:fldCharType"):
            depth += {"begin": 1, "end": -1}.get(str(kind), 0)
            if depth < 0:
                yield f"{part}: ett fält slutar utan att börja"
        if depth:
            yield f"{part}: ett fält slutar aldrig"
        if opened.find(part, "//@w:dirty"):
            yield f"{part}: w:dirty"
    if opened.find("word/settings.xml", "//w:updateFields"):
        yield "settings.xml: updateFields"
    names = {
        name for part in opened.stories for name in opened.find(part, "//w:bookmarkStart/@w:name")
    }
    for part in opened.stories:
        for code in opened.find(part, "//w:instrText/text()"):
            words = str(code).split()
            if words and words[0] in {"REF", "PAGEREF"} and words[1] not in names:
                yield f"{part}: {code} leder ingenstans"
        for anchor in opened.find(part, "//w:hyperlink/@w:anchor"):
            if anchor not in names:
                yield f"{part}: länk till {anchor} leder ingenstans"


def _structure(opened: Opened) -> Iterator[str]:
    main = "word/document.xml"
    body = opened.find(main, "/w:document/w:body")[0]
    if body[-1].tag != f"{{{W}}}sectPr" or opened.find(main, "/w:document/w:body/w:sectPr[2]"):
        yield "brödtexten slutar inte med ett (1) sectPr"
    for part in opened.stories:
        for cell in opened.find(part, "//w:tc"):
            if not len(cell) or cell[-1].tag != f"{{{W}}}p":
                yield f"{part}: en cell slutar inte med ett stycke"
        for section in opened.find(part, "//w:sectPr"):
            uses = Counter((r.tag, r.get(f"{{{W}}}type")) for r in section
                           if str(r.tag).endswith("Reference"))  # fmt: skip
            if any(count > 1 for count in uses.values()):
                yield f"{part}: samma sidhuvud två gånger i ett avsnitt"
            sizes = [section.find(f"{{{W}}}{name}") is None for name in ("pgSz", "pgMar")]
            if any(sizes):
                yield f"{part}: ett avsnitt utan sidstorlek eller marginaler"
        if opened.find(part, "//w:p//w:p[not(ancestor::w:txbxContent)]"):
            yield f"{part}: stycke i stycke"
        for table in opened.find(part, "//w:tbl"):
            grid = len(table.findall(f"{{{W}}}tblGrid/{{{W}}}gridCol"))
            for row in table.findall(f"{{{W}}}tr"):
                spans = row.xpath("./w:tc/w:tcPr/w:gridSpan/@w:val", namespaces=NAMES)
                cells = len(row.xpath("./w:tc | ./w:sdt//w:tc", namespaces=NAMES))
                if cells - len(spans) + sum(map(int, spans)) > grid:
                    yield f"{part}: fler celler än kolumner"


def _prefixes(opened: Opened) -> Iterator[str]:
    for part, root in opened.trees.items():
        for element in root.iter():
            named = element.get(f"{{{MC}}}Ignorable", "").split()
            if element.tag == f"{{{MC}}}Choice":
                named += element.get("Requires", "").split()
            for prefix in named:
                if prefix not in element.nsmap:
                    yield f"{part}: prefixet {prefix} är inte förklarat"


# The helper itself finds what it is for ---------------------------------------------------------

PART = f'<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="{MC}">{{}}</w:document>'
PAGE = '<w:sectPr><w:pgSz w:w="1" w:h="1"/><w:pgMar w:top="1"/></w:sectPr>'
BROKEN = {
    "ordning": "<w:p><w:pPr><w:jc w:val='left'/><w:keepNext/></w:pPr></w:p>",
    "två gånger": "<w:p><w:pPr><w:jc w:val='left'/><w:jc w:val='left'/></w:pPr></w:p>",
    "stil": "<w:p><w:pPr><w:pStyle w:val='Ingen'/></w:pPr></w:p>",
    "lista": "<w:p><w:pPr><w:numPr><w:numId w:val='7'/></w:numPr></w:pPr></w:p>",
    "relation": "<w:p><w:hyperlink r:id='rId9'/></w:p>",
    "fält": "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r></w:p>",
    "bokmärke": "<w:p><w:bookmarkStart w:id='1' w:name='a'/></w:p>",
    "cell": "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc/></w:tr></w:tbl>",
    "prefix": "<mc:AlternateContent><mc:Choice Requires='wps'/></mc:AlternateContent>",
}


def bare(path: Path, content: str) -> Path:
    """Write the least file that Word opens, with `content` in its body."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" '
        f'ContentType="{kind}.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="a" '
        f'Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": PART.format(f"<w:body>{content}{PAGE}</w:body>"),
    }  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


def test_a_sound_file_has_no_faults(tmp_path: Path) -> None:
    assert faults(bare(tmp_path / "hel.docx", "<w:p/>")) == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_fault_is_found(tmp_path: Path, name: str) -> None:
    assert len(faults(bare(tmp_path / "trasig.docx", BROKEN[name]))) >= 1
