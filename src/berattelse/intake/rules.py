"""The rules of intake: stable ids with one sentence each, and a fault that has no place yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

RULES: Mapping[str, str] = {
    # the file
    "fil_saknas": "Filen ska finnas och gå att öppna.",
    "fel_filtyp": "En datafil är en CSV-fil (.csv) eller en Excelfil (.xlsx, .xlsm).",
    "for_stor": "En datafil får inte vara större än vad som går att läsa säkert.",
    "tom_fil": "En datafil har en rubrikrad.",
    "losenord": "En Excelfil får inte vara lösenordsskyddad.",
    "skadad": "En Excelfil ska vara hel.",
    "teckenkodning": "En CSV-fil är sparad som UTF-8 eller Windows-1252, och bara som ett av dem.",
    "citattecken": "Citattecken i en CSV-fil sätts i par.",
    "radlangd": "Alla rader i en CSV-fil har lika många celler.",
    "avklippt": "En CSV-fil slutar med en radbrytning; annars kan den vara avklippt.",
    # the sheet
    "flera_blad": "Det framgår vilket blad som är datamängden.",
    "okant_blad": "Varje blad i en arbetsbok hör till en datamängd.",
    "olasta_blad": "Blad som inte hör till datamängden läses inte.",
    "sammanfogade_celler": "Celler i tabellen får inte vara sammanfogade.",
    "dolt": "Dolda rader, kolumner och blad läses som andra.",
    # the headings
    "rubrikrad": "Rubrikraden står först i filen.",
    "okand_kolumn": "Varje kolumn är känd eller har rubriken inom parentes.",
    "saknad_kolumn": "Alla obligatoriska kolumner finns.",
    "dubbel_kolumn": "En kolumn förekommer en gång.",
    "utan_rubrik": "En kolumn med innehåll har en rubrik.",
    # the cells
    "felvarde": "Ingen cell innehåller ett felvärde från Excel, såsom #REF!.",
    "formel_utan_varde": "En formel har ett uträknat värde.",
    "sant_falskt": "Ingen cell innehåller SANT eller FALSKT.",
    "blev_datum": "Excel har inte gjort om en text eller ett tal till ett datum.",
    "blev_tal": "Excel har inte gjort om en text till ett tal.",
    "styrtecken": "Text innehåller inga styrtecken.",
    "forstord_text": "Text har inte förstörts av en tidigare sparning.",
    "tom_cell": "En cell som måste fyllas i är ifylld.",
    "otillatet": "Innehållet är ett av dem som kolumnen tillåter.",
    "fel_enhet": "Enheten är en av datamängdens.",
    "fel_periodtyp": "Periodtypen är en av datamängdens.",
    "utom_granser": "Ett tal ligger inom kolumnens gränser.",
    "fel_typ": "En kolumn har den typ som är deklarerad.",
    # numbers
    "inte_tal": "Där ett tal ska stå står ett tal.",
    "inte_heltal": "Där ett heltal ska stå står ett heltal.",
    "tusental": "Tusental skiljs åt med mellanrum, i grupper om tre siffror.",
    "tvetydigt_tal": "Ett tal kan bara läsas på ett sätt.",
    "exponent": "Tal skrivs utan exponent.",
    "ungefarligt": "Tal skrivs utan ca, < eller andra förbehåll.",
    "talintervall": "Ett tal är ett enda tal.",
    "stjarna": "Tal skrivs utan stjärna och fotnotstecken.",
    "tecken_for_saknat": "Ett tal som saknas är en tom cell med orsak, inte ett tecken.",
    "andra_siffror": "Tal skrivs med siffrorna 0–9.",
    "enhet_i_tal": "En enhet efter talet är radens enhet.",
    "for_manga_siffror": "Ett tal har inte fler siffror än som kan hållas exakt.",
    "visas_skalat": "Excel visar talet som det är.",
    # missing figures
    "saknar_orsak": "Ett värde som saknas har en orsak.",
    "bade_varde_och_orsak": "Ett värde som finns har ingen orsak.",
    # periods and dates
    "inte_period": "En period är skriven som periodtypen säger.",
    "inte_datum": "Ett datum är skrivet som ett datum och finns i kalendern.",
    "fel_period": "Perioden är den som måttet gäller.",
    # rows
    "dubblett": "Två rader har inte samma nycklar.",
    "annan_kommun": "Filen gäller mappens kommun.",
    "annat_ar": "Filen gäller mappens år och rapportens månad.",
    "fler_fel": "Bara de första felen i en fil räknas upp.",
}
"""Rule id -> what holds when there is nothing to say, one Swedish sentence."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with some content, before its place is known."""

    rule: str
    """A key of `RULES`."""
    message: str
    """One Swedish sentence."""
    remedy: str = ""
    """What to do about it, in Swedish."""


class UnreadableError(Exception):
    """The file cannot be read at all; never leaves the package.

    Args:
        fault: why.
        row: the row that it shows in, 0 for the file as a whole.
    """

    def __init__(self, fault: Fault, row: int = 0) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.row = row
