"""Small PDFs for the tests, and what independent readers say of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import page
import pdfplumber
import pymupdf

from berattelse.model import Document, Job, Target, TargetSettings
from berattelse.profile import Profile, standard
from berattelse.typeset import inbyggd, pdf

NBSP = "\u00a0"
SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="160mm" height="60mm" viewBox="0 0 160 60">
<rect x="10" y="10" width="60" height="40" fill="#00556b"/></svg>"""
HEAD = "---\nlang: sv\ntoc: true\nnumber-sections: true\n---\n\n"

Make = Callable[..., Path]


def typeset(
    folder: Path,
    text: str,
    *,
    name: str = "ut.pdf",
    title: str = "Delårsrapport 2022",
    profile: Profile | None = None,
    attachments: Sequence[Path] | None = None,
) -> Path:
    """Typeset a Markdown text (without front matter) in `folder` and return the PDF.

    `attachments`: None for a PDF that may carry no files.
    """
    (folder / "figures").mkdir(exist_ok=True)
    (folder / "figures" / "stapel.svg").write_text(SVG, encoding="utf-8")
    (folder / "composed.md").write_text(HEAD + text, encoding="utf-8")
    settings = TargetSettings(
        titel=title,
        namn="Härnösand",
        namnd="Socialnämnden",
        periodtyp="helar",
        dnr="SN 10/2022",
        datum=dt.date(2023, 2, 10),
    )
    job = Job(
        Target("liten", "harnosand", 2022),
        settings,
        Path("reports/liten.qmd"),
        frozenset(),
        profile=profile or standard.profile(),
        attach_data=attachments is not None,
    )
    document = Document(job, folder, 1_676_000_000, tuple(attachments or ()))
    out = folder / name
    pdf.write(document, inbyggd.parse(document), out)
    return out


def table(
    rows: list[list[str]], head: list[str], *, label: str = "tbl-x", caption: str = "En tabell",
    note: str = "", group_at: dict[int, str] | None = None,
) -> str:  # fmt: skip
    body = ""
    for i, row in enumerate(rows):
        if group_at and i in group_at:
            body += f'<tr class="grupp"><th colspan="{len(head)}">{group_at[i]}</th></tr>'
        kind = ' class="summa"' if row[0].startswith("Summa") else ""
        cells = "".join(f'<td class="gt_right">{cell}</td>' for cell in row[1:])
        body += f'<tr{kind}><th scope="row" class="gt_left">{row[0]}</th>{cells}</tr>'
    heads = "".join(
        f'<th class="gt_{"right" if i else "left"}">{h}</th>' for i, h in enumerate(head)
    )
    foot = f'<tfoot><tr><td colspan="{len(head)}">{note}</td></tr></tfoot>' if note else ""
    return (
        f"::: {{#{label}}}\n```{{=html}}\n<table><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody>{foot}</table>\n```\n\n{caption}\n:::\n"
    )


def texts(path: Path) -> list[str]:
    return [re.sub(r"\s+", " ", sida.get_text().replace(NBSP, " ")) for sida in pymupdf.open(path)]


def tags(path: Path) -> list[dict[str, Any]]:
    """The structure tree as a flat list, in reading order."""
    flat: list[dict[str, Any]] = []

    def walk(elements: list[dict[str, Any]]) -> None:
        for element in elements:
            flat.append(element)
            walk(element.get("children", []))

    with pdfplumber.open(path) as document:
        walk(document.structure_tree)
    return flat


def failures(path: Path, archive: str = "PDF_A_2A") -> list[str]:
    """What the validator says against PDF/UA-1 and PDF/A; nothing for a valid file."""
    found = []
    for profile in (page.ValidationProfile.PDF_UA_1, page.ValidationProfile[archive]):
        report = page.validate_pdf(path, profile=profile)
        found += [f"{failure.rule_id}: {failure.message}" for failure in report.failures]
    return found
