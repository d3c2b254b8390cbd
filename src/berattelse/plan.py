"""Stage 1, plan: which targets there are, which of them are asked for, and what each needs."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from berattelse import project, qmd
from berattelse.config import Settings, unknown_key
from berattelse.errors import BerattelseError, SettingsError, UsageError, raise_all
from berattelse.model import FORMATS, Format, Job, Target
from berattelse.profile import Profile
from berattelse.profile.reading import read_profile

TYPES: Mapping[str, type] = {"text": str, "heltal": int, "tal": float, "ja_nej": bool}


@dataclass(frozen=True)
class Selection:
    """What the user asks for; patterns are shell globs, nothing means all."""

    rapport: tuple[str, ...] = ()
    kommun: tuple[str, ...] = ()
    ar: tuple[str, ...] = ()
    formats: tuple[Format, ...] = FORMATS
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Further parameters as they were written, `name` -> text."""
    attach_data: bool = False
    """Whether PDF files carry the figures."""


@dataclass(frozen=True)
class Plan:
    """The jobs to do, sorted, and the targets that could not be planned."""

    jobs: tuple[Job, ...]
    faults: Mapping[Target, BerattelseError]
    formats: tuple[Format, ...] = FORMATS
    """That are asked for, of every target."""


def plan(settings: Settings, selection: Selection) -> Plan:
    """Find the targets that the selection asks for and check their settings and parameters.

    Raises:
        UsageError: a pattern that fits nothing, an unknown parameter or a wrong type, all at once.
    """
    targets = project.all_targets(settings)
    chosen = _choose(targets, selection)
    jobs: list[Job] = []
    faults: dict[Target, BerattelseError] = {}
    profiles: dict[str, Profile | BerattelseError] = {}
    usage: dict[str, BerattelseError] = {}
    for target in chosen:
        source = settings.reports / f"{target.rapport}.qmd"
        try:
            profile = _profile(settings, target.kommun, profiles)
            parameters = check_parameters(source, target, selection.parameters)
            jobs.append(
                Job(
                    target=target,
                    settings=project.target_settings(settings, target),
                    source=source,
                    data=project.datasets(settings, settings.data / target.kommun / str(target.ar)),
                    parameters=parameters,
                    formats=selection.formats,
                    profile=profile,
                    attach_data=selection.attach_data,
                )
            )
        except UsageError as fault:
            usage[str(fault)] = fault
        except BerattelseError as fault:
            faults[target] = fault
    raise_all(UsageError, list(usage.values()))
    return Plan(tuple(jobs), faults, selection.formats)


def _profile(
    settings: Settings, kommun: str, known: dict[str, Profile | BerattelseError]
) -> Profile:
    """Return the kommun's profile; it is read once, and a fault in it is told for every target."""
    if kommun not in known:
        try:
            known[kommun] = read_profile(settings.root, kommun)
        except BerattelseError as fault:
            known[kommun] = fault
    profile = known[kommun]
    if isinstance(profile, BerattelseError):
        raise profile
    return profile


def _choose(targets: Sequence[Target], selection: Selection) -> list[Target]:
    faults: list[BerattelseError] = []
    columns = (
        ("rapport", selection.rapport, [target.rapport for target in targets]),
        ("kommun", selection.kommun, [target.kommun for target in targets]),
        ("år", selection.ar, [str(target.ar) for target in targets]),
    )
    for name, patterns, present in columns:
        known = sorted(set(present))
        faults += [
            _no_match(name, pattern, known)
            for pattern in patterns
            if not any(fnmatch.fnmatchcase(item, pattern) for item in known)
        ]
    raise_all(UsageError, faults)
    chosen = [
        target
        for target in targets
        if _fits(target.rapport, selection.rapport)
        and _fits(target.kommun, selection.kommun)
        and _fits(str(target.ar), selection.ar)
    ]
    if not chosen:
        raise UsageError(
            "Ingen berättelse stämmer med urvalet.",
            remedy="«berattelse lista» visar vilka som finns.",
        )
    return chosen


def _fits(item: str, patterns: Sequence[str]) -> bool:
    return not patterns or any(fnmatch.fnmatchcase(item, pattern) for pattern in patterns)


def _no_match(name: str, pattern: str, known: Sequence[str]) -> UsageError:
    near = difflib.get_close_matches(pattern, known, n=1)
    hint = f"Menade du «{near[0]}»?" if near else f"Det finns: {', '.join(known) or 'inget'}."
    what = {"rapport": "Ingen rapport heter", "kommun": "Det finns inga data för kommunen"}
    return UsageError(f"{what.get(name, 'Det finns inga data för år')} «{pattern}».", remedy=hint)


def check_parameters(source: Path, target: Target, given: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the report's parameters for a target, with their types.

    The report declares each parameter once, under `berattelse: parametrar:` in its front matter:
    `typ` (text, heltal, tal, ja_nej) and, where only some will do, `tillatna`. The parameters
    cell gives their default values.

    Raises:
        UsageError: unknown parameters, texts of the wrong type, values not allowed: all at once.
        SettingsError: the declaration is faulty or does not fit the parameters cell.
    """
    declared = read_declaration(source)
    defaults = qmd.default_parameters(source)
    faults: list[BerattelseError] = [
        SettingsError(
            f"Parametern «{name}» står i parametercellen men inte i «berattelse: parametrar:»."
            if name in defaults
            else f"Parametern «{name}» saknar värde i parametercellen.",
            place=source,
        )
        for name in sorted(set(defaults) ^ set(declared))
    ]
    raise_all(SettingsError, faults)
    values: dict[str, Any] = dict(defaults) | {"kommun": target.kommun, "ar": target.ar}
    for name, text in given.items():
        if name not in declared or name in ("kommun", "ar"):
            faults.append(_unknown_parameter(name, declared, source))
            continue
        try:
            values[name] = _convert(text, declared[name].get("typ", "text"))
        except ValueError:
            faults.append(
                UsageError(
                    f"Parametern {name} ska vara {declared[name]['typ']}, inte «{text}».",
                )
            )
    for name, rule in declared.items():
        allowed = rule.get("tillatna")
        if allowed is not None and values[name] not in allowed:
            faults.append(
                UsageError(
                    f"Parametern {name} får inte vara «{values[name]}».",
                    remedy=f"Tillåtna värden: {', '.join(map(str, allowed))}.",
                )
            )
    raise_all(UsageError, faults)
    return values


def _unknown_parameter(
    name: str, declared: Mapping[str, Mapping[str, Any]], source: Path
) -> UsageError:
    if name in ("kommun", "ar"):
        return UsageError(f"Ange {name} med --{name}.")
    fault = unknown_key(name, tuple(declared), source.name)
    return UsageError(f"Rapporten {source.stem} har ingen parameter «{name}».", remedy=fault.remedy)


def read_declaration(source: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the parameters that a report declares: name -> {typ, tillatna}.

    Raises:
        SettingsError: every fault of the declaration at once.
    """
    front_matter = qmd.read_front_matter(source)
    declared = (front_matter.get("berattelse") or {}).get("parametrar") or {}
    faults: list[BerattelseError] = []
    for name, rule in declared.items():
        if not isinstance(rule, dict) or rule.get("typ") not in TYPES:
            faults.append(
                SettingsError(
                    f"Parametern «{name}» har ingen känd typ.",
                    place=source,
                    remedy=f"Skriv {{typ: …}} med någon av {', '.join(TYPES)}.",
                )
            )
            continue
        faults += [
            unknown_key(str(key), ("typ", "tillatna"), source)
            for key in rule
            if key not in ("typ", "tillatna")
        ]
    raise_all(SettingsError, faults)
    return declared


def _convert(text: str, typ: str) -> Any:
    if typ == "ja_nej":
        if text.lower() not in ("ja", "nej"):
            raise ValueError(text)
        return text.lower() == "ja"
    return TYPES[typ](text)
