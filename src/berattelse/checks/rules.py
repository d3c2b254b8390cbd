"""The rules of the checks: a stable id, how grave a breach is, one Swedish sentence, what to do.

axe-core's own rules are in `axe_sv.py` under `axe:<id>`, those of PDF/UA and PDF/A in `pdf_sv.py`
under `pdf:<clause>`: there are too many to name here, and their ids belong to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from berattelse.model import Finding

Level = Literal["fel", "varning", "upplysning"]


@dataclass(frozen=True)
class Rule:
    """A rule of our own."""

    level: Level
    sentence: str
    """What holds for a good document."""
    remedy: str
    """What to do where it does not hold."""


INSTALL = (
    "Installera det som behövs med «.venv/bin/pip install -c constraints.txt -e '.[validera]'» "
    "och kör om."
)

COMMON: Mapping[str, Rule] = {
    "ej_provad": Rule("fel", "Allt som ska prövas har gått att pröva.", INSTALL),
    "filen_saknas": Rule(
        "fel", "Filen som ska prövas finns och går att läsa.", "Bygg om berättelsen och kör om."
    ),
}

HTML: Mapping[str, Rule] = {
    "html_oppnas": Rule(
        "fel",
        "Webbsidan är en textfil i UTF-8 som öppnas direkt från disk och visar något.",
        "Bygg om berättelsen; är filen redigerad för hand, spara den som UTF-8.",
    ),
    "html_sprak": Rule(
        "fel",
        "Webbsidans språk är svenska.",
        'Ange lang="sv" på html-elementet.',
    ),
    "html_anrop": Rule(
        "fel",
        "Webbsidan hämtar ingenting utifrån och skickar inget ut: allt ligger i filen.",
        "Lägg in bilden, typsnittet eller stilen i filen, eller ta bort hänvisningen.",
    ),
    "html_csp": Rule(
        "fel",
        "Webbsidan fungerar under den stränga säkerhetspolicy (CSP) som en kommuns "
        "webbplats kan ha.",
        "Ta bort det som policyn stoppar; skript ska stå i sidans egen CSP med sin kontrollsumma.",
    ),
    "html_skriptfel": Rule(
        "fel", "Skripten i webbsidan går utan fel.", "Rätta skriptet eller ta bort det."
    ),
    "html_bredd": Rule(
        "fel",
        "Webbsidan ryms i fönstrets bredd: bara tabeller och bilder rullas i sidled, "
        "var för sig (WCAG 1.4.10).",
        "Låt det som är för brett rulla i en egen ruta eller radbrytas.",
    ),
    "html_storlek": Rule(
        "varning",
        "Webbsidan är högst 5 MB, så att den går att öppna i en telefon.",
        "Minska bilderna, eller dela berättelsen.",
    ),
}

PDF: Mapping[str, Rule] = {
    "pdf_lasbar": Rule(
        "fel", "Filen är en hel PDF utan lösenord.", "Bygg om berättelsen; filen är skadad."
    ),
    "pdf_pdfua": Rule(
        "fel",
        "PDF-filen säger att den följer PDF/UA-1, standarden för tillgänglig PDF.",
        "Bygg filen med berattelse, eller spara den som taggad PDF med PDF/UA påslaget.",
    ),
    "pdf_pdfa": Rule(
        "fel",
        "PDF-filen säger att den följer PDF/A-2a, eller PDF/A-3a om den bär bilagor, "
        "standarderna för arkivering.",
        "Bygg filen med berattelse, eller spara den som PDF/A på nivå A.",
    ),
    "pdf_titel": Rule(
        "fel", "PDF-filen har en titel i sina egenskaper.", "Ange titel i dokumentets egenskaper."
    ),
    "pdf_sprak": Rule(
        "fel", "PDF-filens språk är svenska.", "Ange sv-SE som dokumentets språk och bygg om."
    ),
    "pdf_bokmarken": Rule(
        "fel",
        "En PDF med mer än två sidor har bokmärken som leder till en sida.",
        "Använd rubriker, och låt dem bli bokmärken när filen sparas.",
    ),
}

WORD: Mapping[str, Rule] = {
    "word_lasbar": Rule(
        "fel",
        "Filen är ett helt Worddokument (.docx) utan lösenord.",
        "Öppna filen i Word och spara den som Worddokument (.docx).",
    ),
    "word_rubrik_saknas": Rule(
        "fel",
        "Dokumentet har rubriker i formatmallarna Rubrik 1, Rubrik 2 och så vidare.",
        "Markera rubrikerna och välj Rubrik 1–3 under Start, Format.",
    ),
    "word_rubrik_forsta": Rule(
        "fel", "Den första rubriken är på nivå 1.", "Ge den första rubriken formatet Rubrik 1."
    ),
    "word_rubrik_hopp": Rule(
        "fel",
        "Rubrikerna går en nivå i taget: under Rubrik 1 kommer Rubrik 2, inte Rubrik 3.",
        "Ge rubriken nivån närmast under den rubrik som den hör till.",
    ),
    "word_rubrik_tom": Rule(
        "fel",
        "Varje rubrik har text.",
        "Ta bort den tomma raden, eller ge den ett vanligt format.",
    ),
    "word_titel": Rule(
        "fel",
        "Dokumentets titel står en gång, i formatet Rubrik (Title).",
        "Ge titeln formatet Rubrik (Title) under Start, Format, och ingenting annat det formatet.",
    ),
    "word_titel_egenskap": Rule(
        "fel",
        "Dokumentet har en titel i sina egenskaper; den läses upp när filen öppnas.",
        "Skriv titeln under Arkiv, Info, Egenskaper, Titel.",
    ),
    "word_sprak": Rule(
        "fel",
        "Dokumentets språk är svenska, så att det läses upp med svenskt uttal.",
        "Markera allt, välj Granska, Språk, Ange korrekturspråk: svenska, och spara som standard.",
    ),
    "word_tabellhuvud": Rule(
        "fel",
        "Varje tabell har sin rubrikrad märkt, så att den läses upp till varje värde.",
        "Ställ dig i tabellens första rad och välj Layout, Upprepa rubrikrader.",
    ),
    "word_tabelltext": Rule(
        "varning",
        "Varje tabell har en tabelltext (beskrivning) alldeles före eller efter sig.",
        "Ställ dig i tabellen och välj Referenser, Infoga beskrivning.",
    ),
    "word_layouttabell": Rule(
        "fel",
        "Tabeller används för uppgifter, inte för att placera text och bilder.",
        "Gör om tabellen till vanliga stycken; behåll bara tabeller med rader och kolumner.",
    ),
    "word_celler": Rule(
        "varning",
        "Tabellens celler är regelbundna: sammanslagna celler bara i rubrikrader, "
        "grupprubriker tvärs över tabellen och tabellens första kolumn.",
        "Dela de sammanslagna cellerna och skriv värdet i varje cell.",
    ),
    "word_alttext": Rule(
        "fel",
        "Varje bild och diagram har en alternativtext, eller är märkt som dekorativ.",
        "Högerklicka på bilden, välj Visa alternativtext och skriv vad bilden säger.",
    ),
    "word_alttext_namn": Rule(
        "varning",
        "Alternativtexten säger vad bilden visar, och är inte bara ett filnamn.",
        "Högerklicka på bilden, välj Visa alternativtext och skriv vad bilden säger.",
    ),
    "word_bild_flytande": Rule(
        "varning",
        "Bilder står i raden med texten, så att de läses upp på sin plats.",
        "Högerklicka på bilden och välj Figursättning, I nivå med texten.",
    ),
    "word_tomt_stycke": Rule(
        "fel",
        "Avstånd görs med formatmallens luft före och efter, inte med tomma stycken.",
        "Ta bort det tomma stycket och ställ in avståndet under Stycke, Avstånd före och efter.",
    ),
    "word_falsk_rubrik": Rule(
        "varning",
        "Det som ser ut som en rubrik är en rubrik, inte ett stycke i fet eller stor stil.",
        "Ge stycket formatet Rubrik på rätt nivå; är det ingen rubrik, ta bort den feta stilen.",
    ),
    "word_kolumner": Rule(
        "varning",
        "Kolumner görs med tabell, inte med tabbar eller mellanslag.",
        "Gör om raderna till en tabell, eller skriv dem som löpande text.",
    ),
    "word_lanktext": Rule(
        "fel",
        "Varje länktext säger vart länken leder, också läst för sig.",
        "Skriv länken så att den säger vad som finns där, inte «här» eller «läs mer».",
    ),
    "word_lank_adress": Rule(
        "varning",
        "Länktexten är ord, inte en webbadress.",
        "Skriv sidans namn som länktext och låt adressen ligga i länken.",
    ),
    "word_kontrast": Rule(
        "fel",
        "Text har kontrasten 4,5:1 mot bakgrunden, stor text 3:1 (WCAG 1.4.3).",
        "Välj en mörkare textfärg, eller en ljusare bakgrund.",
    ),
    "word_falt": Rule(
        "fel",
        "Inget fält är märkt för uppdatering, så att Word öppnar filen utan fråga.",
        "Markera allt, tryck F9 så att fälten uppdateras, och spara.",
    ),
    "word_innehall_tom": Rule(
        "fel",
        "Innehållsförteckningen är ifylld.",
        "Högerklicka på innehållsförteckningen och välj Uppdatera fält.",
    ),
    "word_sidnummer": Rule(
        "varning",
        "Sidhuvud eller sidfot har sidans nummer och antalet sidor: Sida n(N).",
        "Infoga sidnummer och antal sidor under Infoga, Sidnummer.",
    ),
}

OWN: Mapping[str, Rule] = {**COMMON, **HTML, **PDF, **WORD}


def finding(rule: str, message: str, place: str = "", remedy: str = "") -> Finding:
    """Return what breaks one of our own rules, with the rule's level and remedy."""
    own = OWN[rule]
    return Finding(rule, own.level, message, place, remedy or own.remedy)
