"""What the checks found, as text for the terminal and as one page in `.berattelse/`."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from berattelse.checks.axe_sv import SENTENCES
from berattelse.checks.pdf_sv import sentence as pdf_sentence
from berattelse.checks.rules import OWN, Level
from berattelse.model import Finding, shown
from berattelse.publish import replace
from berattelse.tools import asset

PAGE = Path(".berattelse") / "validering.html"
DATA = Path(".berattelse") / "validering.json"
LEVELS: tuple[Level, ...] = ("fel", "varning", "upplysning")
WORDS: Mapping[Level, tuple[str, str]] = {
    "fel": ("fel", "fel"),
    "varning": ("varning", "varningar"),
    "upplysning": ("upplysning", "upplysningar"),
}
FORMATS = {".html": "Webbsida", ".pdf": "PDF", ".docx": "Word"}
SHOWN_IN_TERMINAL = 5
"""Places of a rule; the page has them all."""


@dataclass(frozen=True)
class Checked:
    """A file and what was found in it."""

    path: Path
    findings: tuple[Finding, ...]
    seconds: float

    def count(self, level: Level) -> int:
        """Return how many findings have a level."""
        return sum(finding.level == level for finding in self.findings)


def described(finding: Finding) -> str:
    """Return the one sentence of a finding's rule, in Swedish where there is one."""
    if finding.rule in OWN:
        return OWN[finding.rule].sentence
    kind, _, name = finding.rule.partition(":")
    if kind == "axe":
        return SENTENCES.get(name, f"axe-regeln {name} är uppfylld.")
    standard = "PDF/UA-1" if name.startswith("PDFUA") else "PDF/A"
    return pdf_sentence(name) or f"{standard} är uppfylld på punkten {name}."


def grouped(findings: Iterable[Finding]) -> list[tuple[Finding, list[Finding]]]:
    """Gather findings by level and rule, gravest first: (the first of them, all of them)."""
    groups: dict[tuple[Level, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.level, finding.rule), []).append(finding)
    order = sorted(groups, key=lambda key: LEVELS.index(key[0]))
    return [(groups[key][0], groups[key]) for key in order]


def counted(checked: Sequence[Checked]) -> str:
    """Say how much was checked and found: "3 filer: 1 fel, 2 varningar, 0 upplysningar"."""
    parts = []
    for level in LEVELS:
        number = sum(each.count(level) for each in checked)
        parts.append(f"{number} {WORDS[level][number != 1]}")
    number = len(checked)
    return f"{number} {'fil' if number == 1 else 'filer'}: {', '.join(parts)}"


def text(checked: Checked, *, whole: bool = False) -> list[tuple[Level | None, str]]:
    """Return what was found in a file as lines for the terminal, each with its level or None.

    Args:
        checked: the file.
        whole: every place of a rule, not the first `SHOWN_IN_TERMINAL`.
    """
    lines: list[tuple[Level | None, str]] = []
    most = len(checked.findings) if whole else SHOWN_IN_TERMINAL
    for first, its in grouped(checked.findings):
        lines.append((first.level, f"{described(first)} [{first.rule}]"))
        for finding in its[:most]:
            said = "  ".join(_said(finding))
            # A document's own text could hold codes that a terminal obeys
            lines.append(
                (None, "  " + re.sub(r"[\x00-\x1f\x7f-\x9f]", "\N{REPLACEMENT CHARACTER}", said))
            )
        if len(its) > most:
            lines.append((None, f"  … och {len(its) - most} ställen till."))
        lines += [(None, f"  → {remedy}") for remedy in dict.fromkeys(f.remedy for f in its[:most])]
    return lines


def write(root: Path, checked: Sequence[Checked]) -> Path:
    """Write the page and the data below a project's root; return the page's path."""
    path = root / PAGE
    path.parent.mkdir(parents=True, exist_ok=True)
    template = asset("checks/validering.html").read_text(encoding="utf-8")
    page = template.replace("$summa$", html.escape(counted(checked)))
    replace(path, page.replace("$innehall$", body(checked)).encode())
    data = json.dumps([as_data(each) for each in checked], ensure_ascii=False, indent=1)
    replace(root / DATA, f"{data}\n".encode())
    return path


def as_data(checked: Checked) -> dict[str, Any]:
    """Return what was found in a file as plain data."""
    return {
        "fil": shown(checked.path),
        "resultat": [
            {
                "regel": finding.rule,
                "niva": finding.level,
                "meddelande": finding.message,
                "plats": finding.place,
                "atgard": finding.remedy,
            }
            for finding in checked.findings
        ],
    }


def body(checked: Sequence[Checked]) -> str:
    """Return the page's content: a table of the files, then each file with its findings."""
    parts = [f"<p>{html.escape(counted(checked))}.</p>", _table(checked)]
    parts.append(
        "<p>Ett fel ska rättas innan filen publiceras. En varning bör ses över. En upplysning är "
        "sådant som granskaren inte kan avgöra själv. docs/validera.md förklarar reglerna.</p>"
    )
    for number, each in enumerate(checked, 1):
        if each.findings:
            parts.append(_section(each, number))
    return "\n".join(parts)


def _table(checked: Sequence[Checked]) -> str:
    rows = []
    for number, each in enumerate(checked, 1):
        name = html.escape(shown(each.path)).replace("/", "/<wbr>")
        link = f'<a href="#fil-{number}">{name}</a>' if each.findings else name
        cells = "".join(f'<td class="tal">{each.count(level)}</td>' for level in LEVELS)
        kind = FORMATS[each.path.suffix.lower()]
        rows.append(f'<tr><th scope="row">{link}</th><td>{kind}</td>{cells}</tr>')
    heads = "".join(f'<th scope="col">{head}</th>' for head in ("Fil", "Format"))
    for level in LEVELS:
        heads += f'<th scope="col" class="tal">{WORDS[level][1].capitalize()}</th>'
    return (
        '<h2 id="filer">Filer</h2>\n'
        '<div class="rulla" role="region" aria-labelledby="filer" tabindex="0">'
        f'<table aria-labelledby="filer"><thead><tr>{heads}</tr></thead>'
        f"<tbody>\n{''.join(rows)}\n</tbody></table></div>"
    )


def _section(checked: Checked, number: int) -> str:
    parts = [f'<h2 id="fil-{number}">{html.escape(shown(checked.path))}</h2>']
    for first, its in grouped(checked.findings):
        level = WORDS[first.level][0].capitalize()
        parts.append(
            f'<h3><span class="{first.level}">{level}:</span> {html.escape(described(first))}</h3>'
        )
        parts.append(f"<p>Regel: <code>{html.escape(first.rule)}</code></p>")
        items = "\n".join(f"<li>{_item(finding)}</li>" for finding in its)
        parts.append(f"<ul>\n{items}\n</ul>")
        parts += [
            f"<p>Att göra: {html.escape(remedy)}</p>"
            for remedy in dict.fromkeys(finding.remedy for finding in its)
            if remedy
        ]
    return "\n".join(parts)


def _item(finding: Finding) -> str:
    return "<br>".join(html.escape(part) for part in _said(finding))


def _said(finding: Finding) -> list[str]:
    """Return what an item under its rule says: what is wrong, unless the rule does, and where."""
    place = finding.place[:1].upper() + finding.place[1:]
    if place and described(finding).rstrip(".") in finding.message:
        return [place]
    return [finding.message, place] if place else [finding.message]
