"""What the gate said, as files: `_site/kontroll/<kommun>-<ar>.html` and `.json`."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace as replace_field
from importlib.resources import files
from pathlib import Path
from typing import Any

from berattelse.gate import Checked
from berattelse.intake import RULES as READING
from berattelse.intake.text import spans
from berattelse.model import Finding
from berattelse.profile import Profile, style
from berattelse.publish import replace
from berattelse.text.prose import period_text

FOLDER = "kontroll"
LEVELS = {"fel": "Fel", "varning": "Varningar", "upplysning": "Upplysningar"}
MEANING = {
    "fel": "Berättelser som bygger på siffrorna byggs inte förrän felen är rättade.",
    "varning": "Berättelserna byggs, men siffrorna bör ses över.",
    "upplysning": "Bra att veta; inget behöver göras.",
}


def public(checked: Checked, finding: Finding) -> Finding:
    """Return a finding as published files may tell it.

    That two protected figures do not agree already says how they lie to each other, and a cell
    that could not be read may hold a small count: the command line tells more than a page may.
    """
    if finding.hidden:
        table = checked.tables.get(finding.dataset)
        title = table.dataset.titel if table else finding.dataset
        return replace_field(
            finding,
            rule="skyddad",
            message=f"{title}: en kontroll av skyddade siffror larmar.",
            place="",
            remedy="«berattelse kontrollera» säger vilken.",
            keys={},
            difference="",
        )
    table = checked.tables.get(finding.dataset)
    shown = finding.dataset in checked.decisions.exempt
    if finding.rule in READING and table is not None and table.dataset.skydd.pa and not shown:
        return replace_field(finding, message=re.sub(r"«[^»]*»", "«…»", finding.message))
    return finding


def remarks(checked: Checked) -> list[str]:
    """Return the warnings and accepted deviations as texts, for the manifest."""
    findings = [public(checked, f) for f in checked.findings if f.level == "varning"]
    warnings = [f"{f.place}: {f.message}" if f.place else f.message for f in findings]
    accepted = [
        f"Godkänd avvikelse: {public(checked, each.finding).message} ({each.approval.skal})"
        for each in checked.accepted
    ]
    return warnings + accepted


def folded(findings: Iterable[Finding]) -> list[Finding]:
    """Tell the same fault in many rows of a column once: "rad 2–49"."""
    rows: dict[tuple[object, ...], list[int]] = {}
    first: dict[tuple[object, ...], tuple[Finding, str, str]] = {}
    for number, finding in enumerate(findings):
        found = re.fullmatch(r"(.*, rad )(\d+)(, kolumn [^,;]*)?", finding.place)
        head, tail = (found[1], found[3] or "") if found else (finding.place, "")
        own = (finding.rule, finding.message, finding.remedy, head, tail)
        key = own if found else (*own, number)
        first.setdefault(key, (finding, head, tail))
        rows.setdefault(key, []).extend([int(found[2])] if found else [])
    return [
        replace_field(finding, place=f"{head}{spans(rows[key])}{tail}") if rows[key] else finding
        for key, (finding, head, tail) in first.items()
    ]


def counted(checked: Checked) -> str:
    """Say how much was read and found: "25 datamängder: 1 fel, 5 varningar, 4 upplysningar"."""
    parts = []
    for level, one, many in (
        ("fel", "fel", "fel"),
        ("varning", "varning", "varningar"),
        ("upplysning", "upplysning", "upplysningar"),
    ):
        number = sum(finding.level == level for finding in checked.findings)
        parts.append(f"{number} {one if number == 1 else many}")
    number = len(checked.tables)
    return f"{number} {'datamängd' if number == 1 else 'datamängder'}: {', '.join(parts)}"


def as_data(checked: Checked) -> dict[str, Any]:
    """Return all that the gate said as plain data; no protected figure is among it."""
    return {
        "kommun": checked.kommun,
        "ar": checked.ar,
        "resultat": [_finding(public(checked, finding)) for finding in checked.findings],
        "godkanda": [
            {
                **_finding(public(checked, each.finding)),
                "skal": each.approval.skal,
                "roll": each.approval.roll,
                "datum": each.approval.datum.isoformat(),
            }
            for each in checked.accepted
        ],
        "undantag_fran_skydd": [
            {
                "datamangd": each.datamangd,
                "skal": each.skal,
                "kalla": each.kalla,
                "roll": each.roll,
                "datum": each.datum.isoformat(),
            }
            for each in checked.decisions.exemptions
        ],
        "skyddade": [
            {"datamangd": name, "nycklar": keys}
            for name, rows in checked.hidden.rows.items()
            for keys in _keys(checked, name, sorted(rows))
        ],
        "datamangder": sorted(checked.tables),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "regel": finding.rule,
        "niva": finding.level,
        "datamangd": finding.dataset,
        "nycklar": dict(finding.keys),
        "meddelande": finding.message,
        "plats": finding.place,
        "atgard": finding.remedy,
        "skillnad": "" if finding.hidden else finding.difference,
    }


def _keys(checked: Checked, name: str, rows: Sequence[int]) -> list[dict[str, str]]:
    table = checked.tables[name]
    return [
        {
            key: str(table.frame[key].iloc[row])
            for key in table.dataset.nycklar
            if str(table.frame[key].iloc[row])
        }
        for row in rows
    ]


def write_report(checked: Checked, out: Path, profile: Profile | None = None) -> Path:
    """Write the page and the data of one kommun and year below `out`; return the page's path.

    `profile` is the project's own, the built-in one if left out.
    """
    folder = out / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{checked.kommun}-{checked.ar}"
    content = json.dumps(as_data(checked), ensure_ascii=False, indent=1) + "\n"
    replace(folder / f"{stem}.json", content.encode())
    path = folder / f"{stem}.html"
    fill(path, f"Kontroll av data: {checked.namn} {checked.ar}", _body(checked), profile)
    return path


def fill(path: Path, title: str, body: str, profile: Profile | None = None) -> None:
    """Write a page about data: `title` as text, `body` as HTML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    template = (files("berattelse") / "assets" / "kontroll.html").read_text(encoding="utf-8")
    page = style.filled(template, profile)
    page = page.replace("$titel$", html.escape(title)).replace("$innehall$", body)
    replace(path, page.encode())


def _body(checked: Checked) -> str:
    parts = []
    parts.append(f"<p>{counted(checked)}.</p>")
    for level, heading in LEVELS.items():
        found = folded(public(checked, f) for f in checked.findings if f.level == level)
        if found:
            rows = [(f.dataset, f.message, f.place, f.remedy) for f in found]
            parts.append(table_html(heading, ("Datamängd", "Vad", "Var", "Att göra"), rows))
            parts.append(f"<p>{MEANING[level]}</p>")
    if checked.accepted:
        rows = [
            (a.finding.dataset, public(checked, a.finding).message, a.approval.skal,
             f"{a.approval.roll}, {a.approval.datum.isoformat()}")
            for a in checked.accepted
        ]  # fmt: skip
        parts.append(
            table_html("Godkända avvikelser", ("Datamängd", "Vad", "Skäl", "Beslut"), rows)
        )
    if checked.decisions.exemptions:
        rows = [
            (e.datamangd, e.skal, e.kalla, f"{e.roll}, {e.datum.isoformat()}")
            for e in checked.decisions.exemptions
        ]
        heads = ("Datamängd", "Skäl", "Källa", "Beslut")
        parts.append(table_html("Små tal som visas", heads, rows))
    hidden = [
        (name, ", ".join(period_text(text) for text in keys.values()))
        for name, places in checked.hidden.rows.items()
        for keys in _keys(checked, name, sorted(places))
    ]
    if hidden:
        parts.append(table_html("Skyddade siffror", ("Datamängd", "Siffra"), hidden))
        parts.append(
            "<p>De visas inte i berättelserna: antalet är litet, eller skulle göra det möjligt "
            "att räkna ut ett litet antal.</p>"
        )
    return "\n".join(parts)


def table_html(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table with its heading; every cell is text."""
    ident = "t-" + "".join(c for c in caption.lower() if c.isascii() and c.isalpha())
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' for text in heads)
    body = "\n".join(
        f'<tr><th scope="row">{_cell(row[0])}</th>'
        + "".join(f"<td>{_cell(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    return (
        f'<h2 id="{ident}">{html.escape(caption)}</h2>\n'
        f'<div class="rulla" role="region" aria-labelledby="{ident}" tabindex="0">'
        f'<table aria-labelledby="{ident}"><thead><tr>{head}</tr></thead>'
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def _cell(text: str) -> str:
    """Escape a text, and let paths and names break where a reader would."""
    return re.sub(r"([/_])(?=\w)", r"\1<wbr>", html.escape(text))
