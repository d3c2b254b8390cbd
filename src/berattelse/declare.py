"""Read `data/datamangder/*.yml`: which datasets there are, and what must hold in each.

A file maps names of datasets to declarations. Names that begin with `_` are templates for YAML's
own `<<:` and are not datasets. All faults of all files are told at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from berattelse.config import read_yaml, unknown_key
from berattelse.datasets import (
    PERIODTYPER,
    Catalogue,
    Column,
    Dataset,
    Jump,
    Protection,
    Relation,
    Term,
    Total,
)
from berattelse.errors import BerattelseError, SettingsError, raise_all
from berattelse.missing import TEXTS
from berattelse.model import shown

FOLDER = "datamangder"

COMMON = (
    Column(
        "periodtyp",
        hjalp="Vilket slags period siffran gäller.",
        nyckel=True,
        tillatna=PERIODTYPER,
        obligatorisk=False,
    ),
    Column(
        "period",
        typ="period",
        hjalp="Perioden, skriven som periodtypen säger.",
        nyckel=True,
        obligatorisk=False,
    ),
    Column("enhet", hjalp="Vad siffran räknas i.", obligatorisk=False),
    Column(
        "varde",
        typ="tal",
        hjalp="Siffran. Tom när den saknas; skriv då varför i orsak.",
        kan_vara_tom=True,
    ),
    Column(
        "orsak",
        hjalp="Varför siffran saknas, annars tom.",
        tillatna=TEXTS,
        obligatorisk=False,
        kan_vara_tom=True,
    ),
)
"""Columns that every dataset of figures ends with."""

SOURCE = Column("kalla", hjalp="Varifrån uppgiften kommer.", obligatorisk=False, kan_vara_tom=True)

WHOLE = frozenset(("ordning", "nr", "ar", "steg", "tertial", "sannolikhet", "konsekvens")) | {
    "riskvarde_fran",
    "riskvarde_till",
}
"""Names of columns that hold whole numbers in a file that nobody has declared."""


def catalogue(data: Path) -> Catalogue:
    """Return every dataset that `data/datamangder/*.yml` declares, by name.

    Raises:
        SettingsError: every fault of every file at once.
    """
    files = sorted((data / FOLDER).glob("*.yml"))
    return _catalogue(tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=4)
def _catalogue(files: tuple[tuple[Path, int], ...]) -> Catalogue:
    faults: list[BerattelseError] = []
    found: dict[str, Dataset] = {}
    places: dict[str, str] = {}
    for path, _ in files:
        try:
            content = read_yaml(path)
        except SettingsError as fault:
            faults.append(fault)
            continue
        for name, raw in content.items():
            if str(name).startswith("_"):
                continue
            reading = _Reading(f"{shown(path)}, {name}", faults)
            places.setdefault(str(name), reading.place)
            if name in found:
                reading.fault(f"Datamängden «{name}» är redan deklarerad.")
            try:
                found[str(name)] = reading.dataset(str(name), raw)
            except (TypeError, ValueError, AttributeError, KeyError, IndexError) as error:
                remedy = "Jämför med docs/deklarationer.md."
                reading.fault(f"Deklarationen går inte att tolka ({error}).", remedy)
    for dataset in found.values():
        faults += _unknown_datasets(dataset, found, places[dataset.namn])
    raise_all(SettingsError, faults)
    return found


def _unknown_datasets(dataset: Dataset, found: Catalogue, declared: str) -> list[BerattelseError]:
    faults: list[BerattelseError] = []
    for relation in dataset.kontroller:
        for term in (*relation.vanster, *relation.hoger, *filter(None, [relation.andel])):
            place = f"{declared}, kontroll {relation.regel}"
            other = found.get(term.datamangd)
            if other is None:
                faults.append(unknown_key(term.datamangd, tuple(found), place))
                continue
            known = {column.namn for column in other.kolumner}
            used = {*term.dar, *term.inte, *(c for cs in term.kolumner.values() for c in cs)}
            used |= {name for name in relation.per if name not in term.kolumner and name != "ar"}
            faults += [
                unknown_key(name, tuple(known), f"{place}, {other.namn}")
                for name in sorted(used - known)
            ]
            faults += _impossible(term, other, place)
    faults += [
        unknown_key(name, tuple(found), declared) for name in dataset.kraver if name not in found
    ]
    own = {column.namn for column in dataset.kolumner}
    for total in dataset.summor:
        used = {*total.per, *total.dar, *total.inte}
        faults += [
            unknown_key(name, tuple(own), f"{declared}, summor") for name in sorted(used - own)
        ]
    return faults


def _impossible(term: Term, dataset: Dataset, place: str) -> list[BerattelseError]:
    """Tell contents that a column does not allow: the check would never find a row."""
    faults: list[BerattelseError] = []
    for column in dataset.kolumner:
        if column.tillatna:
            sought = (*term.dar.get(column.namn, ()), *term.inte.get(column.namn, ()))
            faults += [
                SettingsError(
                    f"Kolumnen «{column.namn}» i {dataset.namn} kan inte innehålla «{content}».",
                    place=place,
                    remedy=f"Tillåtet är {', '.join(filter(None, column.tillatna))}.",
                )
                for content in sought
                if content and content not in column.tillatna and "{ar}" not in content
            ]
    return faults


def undeclared(name: str, header: Sequence[str]) -> Dataset:
    """Return what is taken for granted of a file that nobody has declared.

    The common columns are as everywhere; every other column is text and tells rows apart, except
    a few that hold whole numbers. Small counts are protected as by default.
    """
    common = {column.namn: column for column in (*COMMON, SOURCE)}
    own = [
        Column(
            column,
            typ="heltal" if column in WHOLE else "text",
            nyckel=column not in WHOLE,
            kan_vara_tom=True,
        )
        for column in header
        if column not in common
    ]
    figures = "varde" in header
    tail = (*COMMON, SOURCE) if figures else (SOURCE,)
    return Dataset(
        namn=name,
        titel=name,
        slag="tal" if figures else "text",
        kolumner=(*own, *tail),
        deklarerad=False,
    )


class _Reading:
    """Reads one declaration, gathering its faults."""

    def __init__(self, place: str, faults: list[BerattelseError]) -> None:
        self.place = place
        self.faults = faults

    def fault(self, message: str, remedy: str = "") -> None:
        self.faults.append(SettingsError(message, place=self.place, remedy=remedy))

    def keys(self, raw: Any, known: Sequence[str], where: str) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            self.fault(f"«{where}» ska bestå av rader «nyckel: värde».")
            return {}
        for key in raw:
            if key not in known:
                self.faults.append(unknown_key(str(key), tuple(known), f"{self.place}, {where}"))
        return {str(key): content for key, content in raw.items() if key in known}

    def yes(self, content: Mapping[str, Any], key: str, otherwise: bool = False) -> bool:
        """Read a yes or no; YAML itself knows true and false, people write ja and nej."""
        raw = content.get(key, otherwise)
        if isinstance(raw, bool):
            return raw
        if str(raw).lower() not in ("ja", "nej"):
            self.fault(f"«{key}» ska vara true eller false, inte «{raw}».")
        return str(raw).lower() == "ja"

    def texts(self, raw: Any, where: str) -> tuple[str, ...]:
        items = raw if isinstance(raw, list) else [raw]
        if any(isinstance(item, dict | list) or item is None for item in items):
            self.fault(f"«{where}» ska vara text eller en lista med texter.")
            return ()
        return tuple(str(item) for item in items)

    def contents(self, raw: Any, where: str) -> dict[str, tuple[str, ...]]:
        if not isinstance(raw, Mapping):
            self.fault(f"«{where}» ska bestå av rader «kolumn: innehåll».")
            return {}
        return {str(key): self.texts(content, f"{where} {key}") for key, content in raw.items()}

    def dataset(self, name: str, raw: Any) -> Dataset:
        known = (
            "titel", "beskrivning", "slag", "kolumner", "enheter", "periodtyper", "perioder",
            "kraver", "kontroller", "summor", "skydd", "hopp", "senast_dagar",
            "negativa", "over_hundra",
        )  # fmt: skip
        content = self.keys(raw, known, "datamängden")
        slag = content.get("slag", "tal")
        if slag not in ("tal", "text"):
            self.fault(f"Okänt slag «{slag}».", "Välj tal eller text.")
        own = [
            self.column(str(column), facts or {})
            for column, facts in (content.get("kolumner") or {}).items()
        ]
        named = {column.namn for column in own}
        tail = (*COMMON, SOURCE) if slag == "tal" else (SOURCE,)
        periods = content.get("perioder") or {}
        hopp = content.get("hopp")
        return Dataset(
            namn=name,
            titel=str(content.get("titel", name)),
            beskrivning=str(content.get("beskrivning", "")).strip(),
            slag="text" if slag == "text" else "tal",
            kolumner=(*own, *(column for column in tail if column.namn not in named)),
            enheter=self.texts(content.get("enheter", []), "enheter"),
            periodtyper=self.period_types(content.get("periodtyper", [])),
            perioder={
                str(matt): (str(pair[0]), str(pair[1]))
                for matt, pair in periods.items()
                if self.is_pair(pair, f"perioder {matt}")
            },
            kraver=self.texts(content.get("kraver", []), "kraver"),
            kontroller=tuple(self.relation(name, item) for item in content.get("kontroller") or []),
            summor=tuple(self.total(item) for item in content.get("summor") or []),
            skydd=self.protection(content.get("skydd", {})),
            hopp=None if hopp is None else Jump(**self.numbers(hopp, ("faktor", "minst"), "hopp")),
            senast_dagar=int(content.get("senast_dagar", 0)),
            negativa=self.yes(content, "negativa"),
            over_hundra=self.yes(content, "over_hundra"),
        )

    def is_pair(self, raw: Any, where: str) -> bool:
        if isinstance(raw, list) and len(raw) == 2 and raw[0] in PERIODTYPER:
            return True
        self.fault(f"«{where}» ska vara [periodtyp, period].")
        return False

    def period_types(self, raw: Any) -> tuple[str, ...]:
        types = self.texts(raw, "periodtyper")
        self.faults += [
            unknown_key(typ, tuple(PERIODTYPER), self.place)
            for typ in types
            if typ not in PERIODTYPER
        ]
        return types

    def numbers(self, raw: Any, known: Sequence[str], where: str) -> dict[str, float]:
        content = self.keys(raw, known, where)
        for key, number in content.items():
            if isinstance(number, bool) or not isinstance(number, int | float):
                self.fault(f"«{where} {key}» ska vara ett tal.")
                content[key] = 1.0
        return {key: float(number) for key, number in content.items()}

    def column(self, name: str, raw: Any) -> Column:
        known = (
            "typ", "hjalp", "nyckel", "obligatorisk", "kan_vara_tom", "tillatna", "lagst",
            "hogst", "alias",
        )  # fmt: skip
        content = self.keys(raw, known, f"kolumnen {name}")
        typ = content.get("typ", "text")
        if typ not in ("text", "heltal", "tal", "datum", "period"):
            self.fault(
                f"Kolumnen «{name}» har en okänd typ «{typ}».",
                "Välj text, heltal, tal, datum eller period.",
            )
            typ = "text"
        allowed = content.get("tillatna") or {}
        if isinstance(allowed, list):
            allowed = {item: "" for item in allowed}
        return Column(
            namn=name,
            typ=typ,
            hjalp=str(content.get("hjalp", "")),
            nyckel=self.yes(content, "nyckel"),
            obligatorisk=self.yes(content, "obligatorisk", True),
            kan_vara_tom=self.yes(content, "kan_vara_tom"),
            tillatna={str(key): str(text) for key, text in allowed.items()},
            lagst=content.get("lagst"),
            hogst=content.get("hogst"),
            alias=self.texts(content.get("alias", []), f"alias {name}"),
        )

    def protection(self, raw: Any) -> Protection:
        known = ("pa", "skal", "lagst", "hogst", "bredd", "nollor", "enheter", "utom", "foljer")
        content = self.keys(raw, known, "skydd")
        given: dict[str, Any] = {key: content[key] for key in known[1:5] if key in content}
        given["pa"] = self.yes(content, "pa", True)
        given["nollor"] = self.yes(content, "nollor")
        if not given["pa"] and not content.get("skal"):
            self.fault("Skyddet av små tal är avstängt utan skäl.", "Skriv varför i «skal».")
        low, high = given.get("lagst", 1), given.get("hogst", 4)
        bounds = (low, high, given.get("bredd", 3))
        if not all(isinstance(x, int) and x >= 0 for x in bounds) or low > high:
            self.fault("Gränserna i «skydd» ska vara hela tal, med «lagst» högst «hogst».")
            return Protection()
        if "enheter" in content:
            given["enheter"] = frozenset(self.texts(content["enheter"], "skydd enheter"))
        if "utom" in content:
            rows = content["utom"] if isinstance(content["utom"], list) else [content["utom"]]
            given["utom"] = tuple(self.contents(row, "skydd utom") for row in rows)
        given["foljer"] = {
            str(column): {str(name): str(leader) for name, leader in pairs.items()}
            for column, pairs in (content.get("foljer") or {}).items()
        }
        return Protection(**given)

    def relation(self, dataset: str, raw: Any) -> Relation:
        known = (
            "regel", "slag", "vanster", "hoger", "andel", "per", "harledda", "niva", "text",
        )  # fmt: skip
        content = self.keys(raw, known, "kontroll")
        slag = content.get("slag", "lika")
        if slag not in ("lika", "hogst", "hundra", "andel", "bas"):
            remedy = "Välj lika, hogst, hundra, andel eller bas."
            self.fault(f"Okänt slag av kontroll «{slag}».", remedy)
            slag = "lika"
        niva = content.get("niva", "fel")
        if niva not in ("fel", "varning", "upplysning"):
            self.fault(f"Okänd nivå «{niva}».", "Välj fel, varning eller upplysning.")
            niva = "fel"
        if "regel" not in content:
            self.fault("En kontroll saknar «regel», namnet som den godkänns under.")
        derived = content.get("harledda") or {}
        return Relation(
            regel=str(content.get("regel", slag)),
            slag=slag,
            vanster=self.terms(dataset, content.get("vanster", [])),
            hoger=self.terms(dataset, content.get("hoger", [])),
            andel=self.term(dataset, content["andel"]) if "andel" in content else None,
            per=self.texts(content.get("per", []), "per"),
            harledda={str(key): (str(pair[0]), str(pair[1])) for key, pair in derived.items()},
            niva=niva,
            text=str(content.get("text", "")),
        )

    def total(self, raw: Any) -> Total:
        content = self.keys(raw, ("per", "dar", "inte"), "summor")
        return Total(
            per=self.texts(content.get("per", []), "summor per"),
            dar=self.contents(content.get("dar", {}), "dar"),
            inte=self.contents(content.get("inte", {}), "inte"),
        )

    def terms(self, dataset: str, raw: Any) -> tuple[Term, ...]:
        items = raw if isinstance(raw, list) else [raw]
        return tuple(self.term(dataset, item) for item in items)

    def term(self, dataset: str, raw: Any) -> Term:
        content = self.keys(raw, ("datamangd", "dar", "inte", "kolumner", "oversatt"), "led")
        return Term(
            datamangd=str(content.get("datamangd", dataset)),
            dar=self.contents(content.get("dar", {}), "dar"),
            inte=self.contents(content.get("inte", {}), "inte"),
            kolumner=self.contents(content.get("kolumner", {}), "kolumner"),
            oversatt={str(key): str(name) for key, name in (content.get("oversatt") or {}).items()},
        )
