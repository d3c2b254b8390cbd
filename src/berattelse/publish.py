"""Stage 5, publish: typeset files are moved into place, whole; index and manifest follow."""

from __future__ import annotations

import hashlib
import html
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from berattelse.errors import BerattelseError
from berattelse.model import Artifact, Format, Job, Outcome, Target
from berattelse.profile import Profile, style

MANIFEST = "manifest.json"
FORMAT_NAMES: Mapping[Format, str] = {"html": "Webbsida", "pdf": "PDF", "docx": "Word"}


def output_path(out: Path, target: Target, format_: Format) -> Path:
    """Return where a target's file is published."""
    return out / target.kommun / str(target.ar) / f"{target.rapport}.{format_}"


def publish(artifact: Artifact, out: Path) -> Outcome:
    """Move one typeset file into place; the place holds the old file or the new, never half.

    Raises:
        BerattelseError: the place cannot be written to.
    """
    path = output_path(out, artifact.target, artifact.format)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace(path, artifact.path.read_bytes())
    except OSError as error:
        raise BerattelseError(
            f"Kan inte skriva {path}: {error.strerror}.",
            remedy="Stäng filen om den är öppen i ett annat program och kör om.",
        ) from error
    size = path.stat().st_size
    return Outcome(
        artifact.target,
        artifact.format,
        True,
        artifact.seconds,
        size,
        path,
        warnings=artifact.warnings,
    )


def replace(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step, by way of a file beside it."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.chmod(0o644)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def write_manifest(
    out: Path,
    jobs: Sequence[Job],
    outcomes: Iterable[Outcome],
    remarks: Mapping[tuple[str, int], Sequence[str]] | None = None,
) -> None:
    """Record what stands in `out`: this run's files, and earlier ones that are still there.

    `remarks` gives what the gate warned of per kommun and year.
    """
    path = out / MANIFEST
    entries = {entry["fil"]: entry for entry in read_manifest(out)}
    facts = {job.target: job.settings for job in jobs}
    for outcome in outcomes:
        if not outcome.ok or outcome.path is None:
            continue
        settings = facts[outcome.target]
        name = outcome.path.relative_to(out).as_posix()
        entries[name] = {
            "fil": name,
            "rapport": outcome.target.rapport,
            "kommun": outcome.target.kommun,
            "namn": settings.namn,
            "ar": outcome.target.ar,
            "titel": settings.titel,
            "format": outcome.format,
            "byte": outcome.size,
            "sha256": hashlib.sha256(outcome.path.read_bytes()).hexdigest(),
            "varningar": [
                *(remarks or {}).get((outcome.target.kommun, outcome.target.ar), ()),
                *outcome.warnings,
            ],
        }
    present = [entries[name] for name in sorted(entries) if (out / name).is_file()]
    out.mkdir(parents=True, exist_ok=True)
    replace(path, (json.dumps(present, ensure_ascii=False, indent=1) + "\n").encode())


def read_manifest(out: Path) -> list[dict[str, Any]]:
    """Return the entries of the manifest in `out`; a missing or damaged one has none."""
    try:
        entries = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return [entry for entry in entries if isinstance(entry["fil"], str)]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def write_index(out: Path, page: str, profile: Profile | None = None) -> None:
    """Write the start page: every report in the manifest, by kommun and year.

    Args:
        out: the folder of the published files.
        page: `assets/index.html`.
        profile: the project's own, of no kommun; the built-in one if left out.
    """
    rows: dict[tuple[str, int, str], dict[str, dict[str, Any]]] = {}
    for entry in read_manifest(out):
        key = (entry["namn"], -entry["ar"], entry["titel"])
        rows.setdefault(key, {})[entry["format"]] = entry
    body = "\n".join(
        _row(namn, -ar, titel, rows[(namn, ar, titel)]) for namn, ar, titel in sorted(rows)
    )
    replace(out / "index.html", style.filled(page, profile).replace("$rader$", body).encode())


def _row(namn: str, ar: int, titel: str, files: Mapping[str, Mapping[str, Any]]) -> str:
    links = []
    for format_, name in FORMAT_NAMES.items():
        if format_ in files:
            entry = files[format_]
            label = html.escape(f"{titel}, {namn} {ar}, {name}")
            size = f"{max(1, round(entry['byte'] / 1000))}\u00a0kB"
            links.append(
                f'<a href="{html.escape(entry["fil"])}" aria-label="{label}">{name}</a> '
                f'<span class="storlek">{size}</span>'
            )
    cells = f"<td>{ar}</td><td>{'</td><td>'.join(links)}</td>"
    missing = "<td></td>" * (len(FORMAT_NAMES) - len(links))
    return (
        f'<tr><th scope="row">{html.escape(titel)}</th><td>{html.escape(namn)}</td>'
        f"{cells}{missing}</tr>"
    )
