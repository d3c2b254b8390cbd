"""WordprocessingML in short: namespaces, elements, properties kept in the schema's order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "rel": "http://schemas.openxmlformats.org/package/2006/relationships",
    "ct": "http://schemas.openxmlformats.org/package/2006/content-types",
    "b": "urn:berattelse:word",
}
"""`b` is our own: what `word.lua` tells this package; no element of it is left in the file."""

TWIPS_PER_MM = 1440 / 25.4
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

# Word calls a file broken when properties stand in another order than the schema's.
_ORDER = {
    "rPr": (
        "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
        "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u "
        "effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath "
        "rPrChange"
    ),
    "sectPr": (
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders "
        "lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter "
        "docGrid printerSettings sectPrChange"
    ),
    "pPr": (
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers "
        "pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE "
        "autoSpaceDN bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents "
        "suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle "
        "rPr sectPr pPrChange"
    ),
    "trPr": "cnfStyle gridBefore gridAfter cantSplit trHeight tblHeader jc hidden",
    "tcPr": (
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText "
        "vAlign hideMark"
    ),
    "tblPr": (
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc "
        "tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
        "tblDescription"
    ),
}

Attribute = str | int


def q(name: str) -> str:
    """Return the qualified name of `w:p`, or of `p` in the main namespace."""
    prefix, _, local = name.rpartition(":")
    return f"{{{NS[prefix or 'w']}}}{local}"


def local(element: etree._Element) -> str:
    """Return the element's name without namespace; empty for comments."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def el(name: str, /, *children: etree._Element, **attributes: Attribute) -> etree._Element:
    """Make an element of the main namespace; attributes too (`w_id` for reserved words is `id`)."""
    element = etree.Element(q(name), nsmap={"w": NS["w"]} if ":" not in name else None)
    for key, value in attributes.items():
        element.set(q(key), str(value))
    element.extend(children)
    return element


def text(content: str, *, style: str = "") -> etree._Element:
    """Make a run with `content`; a tab character becomes a tab."""
    run = el("r")
    if style:
        run.append(el("rPr", el("rStyle", val=style)))
    for number, part in enumerate(content.split("\t")):
        if number:
            run.append(el("tab"))
        if part:
            node = el("t")
            node.text = part
            node.set(XML_SPACE, "preserve")
            run.append(node)
    return run


def paragraph(style: str, *content: etree._Element) -> etree._Element:
    """Make a paragraph in the style with id `style`."""
    return el("p", el("pPr", el("pStyle", val=style)), *content)


def properties(element: etree._Element) -> etree._Element:
    """Return the properties of a paragraph, run, row, cell or table; made first if missing."""
    if local(element) == "sectPr":
        return element
    name = {"p": "pPr", "r": "rPr", "tr": "trPr", "tc": "tcPr", "tbl": "tblPr"}[local(element)]
    found = element.find(q(name))
    if found is None:
        found = el(name)
        element.insert(0, found)
    return found


def put(owner: etree._Element, *news: etree._Element) -> None:
    """Set properties of a paragraph, run, row, cell, table or section (a `sectPr`).

    Each replaces its like, and all stand in the schema's order.
    """
    holder = properties(owner)
    order = _ORDER[local(holder)].split()
    for new in news:
        for old in holder.findall(str(new.tag)):
            holder.remove(old)
        holder.append(new)
    rank = {name: number for number, name in enumerate(order)}
    holder[:] = sorted(holder, key=lambda child: rank.get(local(child), len(order)))


def style_of(element: etree._Element) -> str:
    """Return the style id of a paragraph, empty if it has none."""
    found = element.find(f"{q('pPr')}/{q('pStyle')}")
    return "" if found is None else str(found.get(q("val"), ""))


def text_of(element: etree._Element) -> str:
    """Return the visible text of an element."""
    return "".join(node.text or "" for node in element.iter(q("t")))


def xpath(element: etree._Element, expression: str) -> list[etree._Element]:
    """Find elements by XPath with the prefixes of `NS`."""
    found = element.xpath(expression, namespaces=NS)
    return list(found) if isinstance(found, list) else []


def xpath_texts(element: etree._Element, expression: str) -> list[str]:
    """Find attribute values or text by XPath with the prefixes of `NS`."""
    found = element.xpath(expression, namespaces=NS)
    return [str(text) for text in found] if isinstance(found, list) else []


def val(owner: etree._Element, path: str) -> str:
    """Return `w:val` of the first element at `path` below `owner`; empty without one."""
    found = xpath(owner, path)
    return str(found[0].get(q("val"), "")) if found else ""


def mm(value: float) -> int:
    """Millimetres in twips."""
    return round(value * TWIPS_PER_MM)


def to_bytes(root: etree._Element) -> bytes:
    """Serialise a part; the same tree gives the same bytes."""
    # Word calls a file broken when mc:Ignorable names a prefix that is not declared, and values
    # may name one too (xsi:type): what the root declares is kept, but for our own.
    keep = {"w", "r", *filter(None, root.nsmap)} - {"b"}
    for names in xpath_texts(root, "//@mc:Ignorable | //@Requires | //@mc:MustUnderstand"):
        keep |= set(names.split())
    etree.cleanup_namespaces(root, keep_ns_prefixes=sorted(keep))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def marks(elements: Iterable[etree._Element], name: str) -> Iterator[etree._Element]:
    """Yield the markers `b:<name>` among `elements`."""
    return (element for element in elements if element.tag == q(f"b:{name}"))
