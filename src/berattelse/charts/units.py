"""Units in words: what is counted and what is measured, and what one of it is called."""

from __future__ import annotations

import re

PLAIN = ("antal", "st")
"""Units that say that something is counted, but not what."""
SHARES = ("procent", "promille")
MONEY = (
    "kr", "tkr", "mkr", "mnkr", "mdkr", "kronor", "tusen kronor", "miljoner kronor",
    "miljarder kronor",
)  # fmt: skip

# Persons and things that boards count: plural -> singular. Longer words that end so are counted
# too ("orosanmälningar"), but for those in `_WHOLE_WORDS`.
_COUNTED = {
    "aktiviteter": "aktivitet", "anmälningar": "anmälan", "ansökningar": "ansökan",
    "anställda": "anställd", "arbetsgivare": "arbetsgivare", "avgångar": "avgång",
    "avtal": "avtal", "avvikelser": "avvikelse", "barn": "barn", "beslut": "beslut",
    "beställningar": "beställning", "besök": "besök", "bilar": "bil", "boende": "boende",
    "boenden": "boende", "bostäder": "bostad", "brukare": "brukare", "chefer": "chef",
    "deltagare": "deltagare", "domar": "dom", "elever": "elev", "enheter": "enhet",
    "fall": "fall", "fallskador": "fallskada", "familjer": "familj", "flickor": "flicka",
    "frågor": "fråga", "förslag": "förslag", "hem": "hem", "hushåll": "hushåll",
    "händelser": "händelse", "incidenter": "incident", "individer": "individ",
    "insatser": "insats", "invånare": "invånare", "klagomål": "klagomål",
    "klienter": "klient", "kommuner": "kommun", "kontroller": "kontroll", "kurser": "kurs",
    "kvinnor": "kvinna", "lägenheter": "lägenhet", "medarbetare": "medarbetare",
    "män": "man", "möten": "möte", "patienter": "patient", "personer": "person",
    "placeringar": "placering", "platser": "plats", "pojkar": "pojke", "rapporter": "rapport",
    "remisser": "remiss", "risker": "risk", "rum": "rum", "samtal": "samtal",
    "sjuksköterskor": "sjuksköterska", "svar": "svar", "synpunkter": "synpunkt",
    "tillbud": "tillbud", "tjänster": "tjänst", "trycksår": "trycksår",
    "undersköterskor": "undersköterska", "ungdomar": "ungdom", "uppdrag": "uppdrag",
    "utredningar": "utredning", "utskrivningar": "utskrivning", "vikarier": "vikarie",
    "vårdtillfällen": "vårdtillfälle", "åtgärder": "åtgärd", "ärenden": "ärende",
}  # fmt: skip
# As the end of a longer word they may be something else: procentenheter, utfall, ansvar.
_WHOLE_WORDS = frozenset({"enheter", "fall", "hem", "män", "rum", "svar", "tjänster", "bilar"})

_MEASURED = {
    "dagar": "dag", "grader": "grad", "kronor": "krona", "minuter": "minut",
    "månader": "månad", "procentenheter": "procentenhet", "sekunder": "sekund",
    "timmar": "timme", "veckor": "vecka", "vårddagar": "vårddag",
    **dict.fromkeys((
        "dygn", "vårddygn", "boendedygn", "index", "kr", "tkr", "mkr", "mnkr", "mdkr", "poäng",
        "procent", "promille", "tim", "år", "mil", "km", "kg", "ton", "kWh", "MWh",
    )),
}  # fmt: skip
"""Plural -> singular; None where they are the same."""

_PER = re.compile(r"(\s*/\s*|\s+per\s+)")


def _one_counted(word: str) -> str | None:
    """Return the singular of a counted noun; None for other words."""
    if word in _COUNTED:
        return _COUNTED[word]
    for plural, one in _COUNTED.items():
        if len(plural) > 3 and plural not in _WHOLE_WORDS and word.endswith(plural):
            return word.removesuffix(plural) + one
    return None


def is_counted(unit: str) -> bool:
    """Tell whether a unit names what is counted ("avvikelser"), and is no measure ("dagar")."""
    words = unit.lower().split()
    if not words or _PER.search(unit) or "%" in unit or words[0] in _MEASURED:
        return False
    # "personer med insats", "lediga lägenheter"
    heads = (words[0], words[-1]) if len(words) == 2 else words[:1]
    return any(_one_counted(word) is not None for word in heads)


def singular(unit: str) -> str:
    """Return what one of a unit is called ("avvikelse"); empty where nobody can know."""
    head, *rest = _PER.split(unit, maxsplit=1)
    first, *more = head.split(" ")
    low = first.lower()
    one = (_MEASURED[low] or first) if low in _MEASURED else _one_counted(low)
    if one is None and first in _MEASURED:
        one = first
    return "" if one is None else "".join((" ".join((one, *more)), *rest))
