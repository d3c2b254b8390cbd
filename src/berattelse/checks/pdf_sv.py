"""The clauses of PDF/UA-1 and PDF/A that page-validation names, in Swedish.

A clause is `PDFUA1-TABLE-KIDS-001`: standard, what it is about, number. What is not here keeps the
validator's English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

EXACT: Mapping[str, str] = {
    "ID-SCHEMA": "Filens metadata säger inte att den följer standarden.",
    "ID-PART": "Filens metadata anger fel del av standarden.",
    "ID-CONFORMANCE": "Filens metadata anger fel nivå av standarden.",
    "METADATA-TITLE": "Titeln saknas i filens metadata.",
    "METADATA-LANGUAGE": "Språket för filens metadata går inte att avgöra.",
    "METADATA-STRUCTURE": "Filen saknar metadata (XMP), eller så är de felaktigt inlagda.",
    "VIEWER-PREFERENCES": "Fönstret visar filens namn i stället för dokumentets titel.",
    "TAGGED-DOCUMENT": "Filen är inte märkt som taggad.",
    "STRUCT-TREE-ROOT": "Filen saknar taggar: en skärmläsare ser varken rubriker eller tabeller.",
    "FIGURE-ALTERNATIVE-TEXT": "En figur saknar alternativtext.",
    "FORMULA-ALTERNATIVE-TEXT": "En formel saknar alternativtext.",
    "HEADING-NESTING": "En rubriknivå är överhoppad.",
    "HEADING-STRUCTURE": "Rubrikerna blandar numrerade och onumrerade nivåer.",
    "HEADING-CHILD-COUNT": "Ett avsnitt har mer än en rubrik.",
    "CONTENT-TAGGING": "Något på sidan är varken taggat eller märkt som utsmyckning.",
    "TEXT-LANGUAGE": "Språket för en text går inte att avgöra.",
    "OUTLINE-LANGUAGE": "Språket för bokmärkena går inte att avgöra.",
    "SPAN-ALT-TEXT-LANGUAGE": "Språket för en alternativtext går inte att avgöra.",
    "ALT-TEXT-LANGUAGE": "Språket för en alternativtext går inte att avgöra.",
    "ACTUAL-TEXT-LANGUAGE": "Språket för en ersättningstext går inte att avgöra.",
    "ANNOTATION-CONTENTS-LANGUAGE": "Språket för en anteckning går inte att avgöra.",
    "LANGUAGE-TAG": "En språkangivelse är ingen giltig språkkod.",
    "LANG": "Dokumentets språk saknas eller är ingen giltig språkkod.",
    "LINK-LINK-TAG": "En länk är inte taggad som länk.",
    "LINK-CONTENTS": "En länk saknar beskrivning.",
    "ANNOTATION-CONTENTS-ALT": "En anteckning saknar beskrivning.",
    "PAGE-TABS": "Tabbordningen på en sida med länkar följer inte taggarna.",
    "TABLE-HEADERS-SCOPE": "En tabells rubrikceller säger inte vilka celler de gäller.",
    "TABLE-HEADERS-UNDEFINED": "En tabellcell pekar på en rubrikcell som inte finns.",
    "TABLE-COLUMN-ROWSPAN": "En tabells rader har olika många kolumner.",
    "TABLE-ROW-COLUMNSPAN": "En tabells rader har olika många kolumner.",
    "TABLE-CELL-INTERSECTION": "Två celler i en tabell ligger på samma plats.",
    "FONT-EMBEDDING": "Ett typsnitt ligger inte i filen.",
    "FONT-UNICODE-MAPPING": "Ett tecken går inte att läsa upp eller kopiera: Unicode saknas.",
    "UNICODE-MAPPING": "Ett tecken går inte att läsa upp eller kopiera: Unicode saknas.",
    "FONT-UNICODE-VALUE": "Ett tecken går inte att läsa upp eller kopiera: Unicode är ogiltigt.",
    "NOTDEF-GLYPH": "Ett tecken saknas i typsnittet och visas som en ruta.",
    "ENCRYPTION": "Filen är krypterad.",
    "ENCRYPTION-P": "Filen är låst så att hjälpmedel inte kommer åt texten.",
    "OUTPUTINTENT": "Filen anger färger utan att säga vilken färgrymd de gäller.",
    "DEVICE-RGB": "Filen anger färger utan att säga vilken färgrymd de gäller.",
    "DEVICE-CMYK": "Filen anger färger utan att säga vilken färgrymd de gäller.",
    "DEVICE-GRAY": "Filen anger färger utan att säga vilken färgrymd de gäller.",
    "NAMES-EMBEDDED-FILES": "Filen bär bilagor, vilket den här nivån av PDF/A inte tillåter.",
    "EMBEDDED-FILE-PDFA": "Filen bär en bilaga som inte är PDF/A, vilket PDF/A-2 inte tillåter.",
    "FILE-SPEC-AF-RELATIONSHIP": "En bilaga säger inte hur den hör till dokumentet.",
    "FILE-SPEC-ASSOCIATION": "En bilaga är inte knuten till dokumentet.",
    "EMBEDDED-FILE-MIME": "En bilaga säger inte vad den är för slags fil.",
    "POST-EOF-DATA": "Det står något efter filens slut: den kan vara ändrad i efterhand.",
    "NOTE-ID": "En fotnot saknar ett eget namn.",
    "NOTE-ID-UNIQUE": "Två fotnoter har samma namn.",
    "SUSPECTS": "Taggarna är märkta som osäkra.",
}
GROUPS: tuple[tuple[str, str], ...] = (
    (r"STRUCT-TREE-ROLE-MAP.*", "En tagg av eget slag är inte översatt till standardens taggar."),
    (r"(?:TABLE|TR|TH|TD|THEAD|TBODY|TFOOT)-.*", "En tabells taggar är fel ordnade."),
    (r"(?:LI|L|LBODY)-.*", "En listas taggar är fel ordnade."),
    (r"(?:TOC|TOCI)-.*", "Innehållsförteckningens taggar är fel ordnade."),
    (r"(?:ANNOTATION|TRAPNET)-.*", "En anteckning eller länk är inte inlagd som den ska."),
    (r".*ARTIFACT.*", "Utsmyckning och innehåll är blandade i taggarna."),
    (r"(?:WIDGET|FORM|ACROFORM)-.*", "Ett formulärfält är inte inlagt som det ska."),
    (r"(?:FONT|TRUETYPE|TYPE1|TYPE0|CID|CMAP|CIDTOGIDMAP).*", "Ett typsnitt är inte helt inlagt."),
    (r"INFO-.*", "Filens egenskaper säger olika saker på två ställen."),
    (r"XMP-.*", "Filens metadata (XMP) är inte skrivna som de ska."),
    (r"(?:ACTION|NAMED-ACTION|.*ADDITIONAL-ACTIONS).*", "Filen gör något av sig själv."),
    (r"OPTIONAL-CONTENT.*", "Filens lager är inte beskrivna som de ska."),
    (r"(?:TRANSPARENCY|EXTGSTATE|XOBJECT-SMASK|HALFTONE).*", "Genomskinlighet är fel angiven."),
    (r"(?:IMAGE|INLINE-IMAGE|JPEG2000).*", "En bild är lagrad på ett sätt som inte är tillåtet."),
    (r"(?:STREAM|XREF|HEADER|TRAILER|INDIRECT|STRING|HEX|INTEGER|REAL|ARRAY|NAME|DICTIONARY|CATALOG"
     r"|LINEARIZED).*", "Filens inre uppbyggnad är fel."),
)  # fmt: skip


def sentence(rule_id: str) -> str:
    """Return what a broken clause means, or nothing where no Swedish is known.

    Args:
        rule_id: the validator's, such as `PDFUA1-TABLE-KIDS-001`.
    """
    subject = re.sub(r"^PDF(?:UA|A)\d[ABU]?-|-\d+$", "", rule_id)
    if subject in EXACT:
        return EXACT[subject]
    return next((text for form, text in GROUPS if re.fullmatch(form, subject)), "")
