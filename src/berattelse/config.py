"""Settings: `_quarto.yml`, a target's `.yml` and what a report declares, read once.

After this module no stage reads YAML for settings or looks into the environment.
"""

from __future__ import annotations

import datetime as dt
import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from berattelse import literal
from berattelse.errors import BerattelseError, SettingsError, raise_all
from berattelse.model import TargetSettings, shown

PROJECT_FILE = "_quarto.yml"
PERIODTYPER = ("manad", "tertial", "halvar", "delar", "helar", "tidpunkt")


@dataclass(frozen=True)
class Settings:
    """Our block `berattelse:` of `_quarto.yml`, with the project's folders resolved."""

    root: Path
    """The folder of `_quarto.yml`."""
    ut: Path
    """Where finished reports go."""
    tidsgrans_s: float = 300.0
    """Seconds that one cell may take, and one run of Quarto."""
    typsattare: str = "inbyggd"
    """Which of `typeset.TYPESETTERS` is used where the command does not say."""
    quarto: str = ""
    """Where Quarto is, as it is written; empty where nothing is said."""
    projekt: Mapping[str, Any] | None = None
    """The whole of `_quarto.yml`: defaults for the front matter of every report."""

    @property
    def reports(self) -> Path:
        """Folder of the reports' sources."""
        return self.root / "reports"

    @property
    def data(self) -> Path:
        """Folder of the datasets."""
        return self.root / "data"


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that holds `_quarto.yml`.

    Raises:
        SettingsError: no such folder.
    """
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    raise SettingsError(
        f"Hittar ingen {PROJECT_FILE} i {start} eller i mapparna ovanför.",
        remedy="Kör kommandot i projektets mapp.",
    )


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which YAML would forget the first without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping of a node.

        Raises:
            yaml.YAMLError: a key that stands twice.
        """
        seen: set[str] = set()
        for key, _ in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"nyckeln «{name}» står två gånger", key.start_mark
                )
            seen.add(name)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping.

    Raises:
        SettingsError: unreadable, not YAML, or not a mapping; with file and line.
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)
    except OSError as error:
        raise SettingsError(
            f"Filen kan inte läsas: {error.strerror}.", place=shown(path)
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            "Filen är inte sparad som UTF-8.", place=shown(path), remedy="Spara om den som UTF-8."
        ) from error
    except yaml.YAMLError as error:
        raise _yaml_error(path, error) from error
    except ValueError as error:  # a date such as 2023-02-30
        raise SettingsError(
            f"Filen innehåller ett datum eller tal som inte finns ({error}).",
            place=shown(path),
            remedy="Kontrollera datumen; sätt annars innehållet inom citattecken.",
        ) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise SettingsError("Filen ska bestå av rader «nyckel: värde».", place=shown(path))
    return content


def _yaml_error(path: Path, error: yaml.YAMLError) -> SettingsError:
    mark = getattr(error, "problem_mark", None)
    place = f"{shown(path)}:{mark.line + 1}" if mark is not None else shown(path)
    return SettingsError(
        f"Raden går inte att tolka som YAML ({getattr(error, 'problem', None) or error}).",
        place=place,
        remedy="Kontrollera indrag, kolon och citattecken; text med kolon sätts inom citattecken.",
    )


def unknown_key(key: str, known: tuple[str, ...], place: object) -> SettingsError:
    """Return the error for a key that is not `known`, with the nearest known one."""
    near = difflib.get_close_matches(key, known, n=1)
    remedy = f"Menade du «{near[0]}»?" if near else f"Kända nycklar: {', '.join(known)}."
    return SettingsError(f"Okänd nyckel «{key}».", place=place, remedy=remedy)


def read_settings(root: Path) -> Settings:
    """Read our block of `_quarto.yml`; Quarto's own keys pass through unread.

    Raises:
        SettingsError: all faults of the block at once.
    """
    path = root / PROJECT_FILE
    projekt = read_yaml(path)
    ours = projekt.get("berattelse") or {}
    faults: list[BerattelseError] = []
    known = ("ut", "tidsgrans", "typsattare", "quarto")
    if not isinstance(ours, dict):
        raise SettingsError("«berattelse:» ska bestå av rader «nyckel: värde».", place=shown(path))
    faults += [unknown_key(str(key), known, path) for key in ours if key not in known]
    limit = ours.get("tidsgrans", 300)
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit <= 0:
        faults.append(SettingsError("«tidsgrans» ska vara ett antal sekunder.", place=shown(path)))
        limit = 300
    for key in ("typsattare", "quarto"):
        if not isinstance(ours.get(key, ""), str):
            faults.append(SettingsError(f"«{key}» ska vara text.", place=path))
    raise_all(SettingsError, faults)
    return Settings(
        root=root,
        ut=root / str(ours.get("ut", "_site")),
        tidsgrans_s=float(limit),
        typsattare=ours.get("typsattare") or "inbyggd",
        quarto=ours.get("quarto", ""),
        projekt=projekt,
    )


def folder_name(namn: str) -> str:
    """Return the ASCII folder name of a kommun: «Upplands Väsby» gives `upplands-vasby`.

    Håbo and Habo give the same name; `kommun_folders` tells them apart.
    """
    plain = unicodedata.normalize("NFKD", namn.strip().lower())
    ascii_only = plain.encode("ascii", "ignore").decode("ascii")
    return "-".join(ascii_only.replace("-", " ").split())


def kommun_folders(kommuner: Mapping[str, str]) -> dict[str, str]:
    """Map each folder name to the kommun's name, with the code added where two collide.

    Args:
        kommuner: kommunkod (four digits) -> name, as in `data/kommuner.csv`.
    """
    names: dict[str, list[str]] = {}
    for code, namn in kommuner.items():
        names.setdefault(folder_name(namn), []).append(code)
    return {
        name if len(codes) == 1 else f"{name}-{code}": kommuner[code]
        for name, codes in names.items()
        for code in codes
    }


_TARGET_KEYS = (
    "titel",
    "undertitel",
    "namnd",
    "periodtyp",
    "per_datum",
    "datum",
    "dnr",
    "handlaggare",
    "roller",
)


MAX_LENGTH = 300
"""Characters of a title or name: more fits neither a cover nor a margin."""


def _too_long(key: str, text: str, path: Path) -> SettingsError:
    return SettingsError(
        f"«{key}» är {len(text)} tecken; högst {MAX_LENGTH} får plats.",
        place=shown(path),
        remedy="Korta texten.",
    )


def read_target_settings(path: Path, namn: str) -> TargetSettings:
    """Read `data/<kommun>/<ar>/<rapport>.yml`.

    Args:
        path: the file.
        namn: the kommun's name as it is written.

    Raises:
        SettingsError: every unknown key, missing key and wrong type of the file at once.
    """
    raw = read_yaml(path)
    faults: list[BerattelseError] = [
        unknown_key(str(key), _TARGET_KEYS, path) for key in raw if key not in _TARGET_KEYS
    ]
    texts: dict[str, str] = {}
    for key in ("titel", "undertitel", "namnd", "periodtyp", "dnr", "handlaggare"):
        content = raw.get(key)
        if content is None:
            if key in ("titel", "namnd", "periodtyp"):
                faults.append(SettingsError(f"Nyckeln «{key}» saknas.", place=shown(path)))
        elif isinstance(content, str | int):
            texts[key] = literal.plain(str(content))
            if len(texts[key]) > MAX_LENGTH:
                faults.append(_too_long(key, texts[key], path))
        else:
            faults.append(SettingsError(f"«{key}» ska vara text.", place=shown(path)))
    if texts.get("periodtyp", "helar") not in PERIODTYPER:
        faults.append(
            SettingsError(
                f"Okänd periodtyp «{texts['periodtyp']}».",
                place=shown(path),
                remedy=f"Välj någon av {', '.join(PERIODTYPER)}.",
            )
        )
    dates: dict[str, dt.date | None] = {}
    for key in ("per_datum", "datum"):
        content = raw.get(key)
        if content is not None and not isinstance(content, dt.date):
            faults.append(
                SettingsError(
                    f"«{key}» ska vara ett datum.", place=shown(path), remedy="Skriv 2022-08-31."
                )
            )
            content = None
        dates[key] = content
    per, year = dates["per_datum"], path.parent.name
    if per is not None and year.isdigit() and per.year != int(year):
        faults.append(
            SettingsError(
                f"«per_datum» är {per.isoformat()}, men mappen gäller {year}.",
                place=shown(path),
                remedy="Är filen kopierad från ett annat år? Rätta datum, titel och diarienummer.",
            )
        )
    roller = raw.get("roller") or []
    if not isinstance(roller, list) or not all(isinstance(roll, str) for roll in roller):
        faults.append(SettingsError("«roller» ska vara en lista med texter.", place=shown(path)))
        roller = []
    roller = [literal.plain(roll) for roll in roller]
    faults += [_too_long("roller", roll, path) for roll in roller if len(roll) > MAX_LENGTH]
    raise_all(SettingsError, faults)
    return TargetSettings(
        titel=texts["titel"],
        namn=literal.plain(namn),
        namnd=texts["namnd"],
        periodtyp=texts["periodtyp"],
        undertitel=texts.get("undertitel", ""),
        per_datum=dates["per_datum"],
        datum=dates["datum"],
        dnr=texts.get("dnr", "dnr saknas"),
        handlaggare=texts.get("handlaggare", ""),
        roller=tuple(roller),
    )
