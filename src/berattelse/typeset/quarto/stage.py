"""What Quarto is given: a folder of its own per target and format, with a `_quarto.yml` of its own.

Nothing of it lies in the project, so that Quarto leaves nothing there, neither finds nor writes
what another target has, and does not take up the project's own list of what to render.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from berattelse import literal
from berattelse.config import Settings
from berattelse.model import Document, Format, Job
from berattelse.profile import Profile
from berattelse.profile.model import Typeface

TO: Mapping[Format, str] = {"html": "html", "pdf": "typst", "docx": "docx"}
"""What Quarto calls our formats."""
SUFFIX: Mapping[Format, str] = {"html": ".html", "pdf": ".pdf", "docx": ".docx"}

OURS = ("project", "berattelse", "website", "book", "manuscript", "brand", "profile", "format")
"""Top-level keys of a project's `_quarto.yml` that say nothing of how a single document is set."""
_CHART = re.compile(r"^(!\[\]\((?P<file>figures/[\w-]+))\.svg(?=\)\{)", re.MULTILINE)
"""A chart as `compose` writes it."""
_RULE = "#set figure.caption(separator: [. ])"
"""In the `_quarto.yml` of the project itself."""
_WEIGHTS = (400, 700)
"""Cuts of a typeface that running text needs; each more makes every web page larger."""


def prepare(document: Document, format: Format, settings: Settings, name: str) -> Path:
    """Make the folder for one format of a document, all but its text, and return it.

    Args:
        document: whose pictures are copied, and whose profile gives colours, fonts and mark.
        format: what is to be made.
        settings: with the project's own `_quarto.yml`, whose options for documents hold.
        name: of the file that is to be rendered.
    """
    stage = document.folder.resolve() / "quarto" / format
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    for folder in ("figures", "bilder"):
        if (document.folder / folder).is_dir():
            shutil.copytree(document.folder / folder, stage / folder)
    project = project_file(settings.projekt or {}, format, name)
    for path in _files(project, settings.root):
        (stage / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(settings.root / path, stage / path)
    write_yaml(stage / "_quarto.yml", {**cover(document.job), **project})
    write_yaml(stage / "_brand.yml", brand(document.job.profile, stage / "profil"))
    return stage


def cover(job: Job) -> dict[str, str]:
    """Return what Quarto can say of whose report it is and when it was made."""
    facts = job.settings
    whose = {"author": literal.markdown(f"{facts.namnd} i {facts.namn}")}
    # Without the format Quarto writes the date as its language has it, with the day's name
    dated = {"date": facts.datum.isoformat(), "date-format": "YYYY-MM-DD"} if facts.datum else {}
    return whose | dated


def place_text(document: Document, format: Format, out: Path) -> None:
    """Copy the composed Markdown to `out`; for Word, with the charts as PNG.

    Word shows no SVG that has no PNG beside it, and only we have made one of each.
    """
    text = document.markdown.read_text(encoding="utf-8")
    if format == "docx":
        text = _CHART.sub(
            lambda chart: (
                f"{chart[1]}.png"
                if (document.folder / chart["file"]).with_suffix(".png").is_file()
                else chart[0]
            ),
            text,
        )
    out.write_text(text, encoding="utf-8", newline="\n")


def write_yaml(path: Path, content: Mapping[str, Any]) -> None:
    """Write a mapping as YAML, the same bytes for the same content."""
    text = yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=True, width=float("inf"))
    path.write_text(text, encoding="utf-8", newline="\n")


def project_file(own: Mapping[str, Any], format: Format, name: str) -> dict[str, Any]:
    """Return the `_quarto.yml` of a staging folder.

    Args:
        own: the project's.
        format: the only one that is to be made.
        name: the only file that is to be rendered.
    """
    to = TO[format]
    formats = own.get("format")
    options = formats.get(to) if isinstance(formats, Mapping) else None
    chosen = dict(options) if isinstance(options, Mapping) else {}
    crossref = own.get("crossref")
    crossref = {"title-delim": ".", **(crossref if isinstance(crossref, Mapping) else {})}
    if format == "html":
        chosen["embed-resources"] = True
    if format == "pdf":
        # Quarto's own is 1.1.a
        chosen.setdefault("section-numbering", "1.1.1.1")
        chosen["include-in-header"] = _with_delimiter(
            chosen.get("include-in-header"), str(crossref["title-delim"])
        )
    return {
        "lang": "sv",
        "toc": True,
        "number-sections": True,
        **{key: content for key, content in own.items() if key not in OURS},
        "crossref": crossref,
        "project": {"type": "default", "render": [name]},
        "format": {to: chosen or "default"},
    }


def _with_delimiter(included: Any, delimiter: str) -> list[Any]:
    """Return what stands in the head of typst code, with what Quarto's typst sets of itself else:
    the sign between a number and its caption.
    """
    own = included if isinstance(included, list) else [included] if included else []
    sign = json.dumps(f"{delimiter} ", ensure_ascii=False)
    rule = {"text": f"#set figure.caption(separator: {sign})"}
    return [rule, *(each for each in own if each != {"text": _RULE})]


def _files(content: Any, root: Path) -> Iterator[Path]:
    """Yield the files of the project that settings name, such as a style sheet or a template."""
    if isinstance(content, Mapping):
        for value in content.values():
            yield from _files(value, root)
    elif isinstance(content, list):
        for value in content:
            yield from _files(value, root)
    elif isinstance(content, str) and content and "\n" not in content:
        path = Path(content)
        if path.is_absolute() or ".." in path.parts or len(content) > 255:
            return
        if (root / path).is_file():
            yield path


def brand(profile: Profile, folder: Path) -> dict[str, Any]:
    """Return a profile as Quarto's `_brand.yml`, with its fonts and mark copied into `folder`.

    Paths are seen from the folder above it. Quarto has one scheme of colours: the light one.
    """
    light = profile.light
    made: dict[str, Any] = {
        "color": {
            "foreground": light.text,
            "background": light.ground,
            "primary": light.accent,
            "info": light.info,
            "success": light.tip,
            "warning": light.warning,
            "danger": light.important,
        },
        "typography": {
            "base": {"family": profile.text.family},
            "headings": {"family": profile.headings.family},
        },
    }
    faces = {face.family: face for face in (profile.text, profile.headings)}
    fonts = [font for _, face in sorted(faces.items()) if (font := _font(face, folder))]
    if fonts:
        made["typography"]["fonts"] = fonts
    if profile.logo is not None:
        folder.mkdir(parents=True, exist_ok=True)
        mark = folder / f"marke{profile.logo.path.suffix.lower()}"
        shutil.copy(profile.logo.path, mark)
        named = {"path": f"{folder.name}/{mark.name}", "alt": profile.logo.alt}
        made["logo"] = {"images": {"marke": named}, "medium": "marke"}
    return made


def _font(face: Typeface, folder: Path) -> dict[str, Any] | None:
    cuts = [cut for cut in face.cuts if cut.weight in _WEIGHTS and cut.path.is_file()]
    if not cuts:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for cut in cuts:
        shutil.copy(cut.path, folder / cut.path.name)
        files.append(
            {
                "path": f"{folder.name}/{cut.path.name}",
                "weight": cut.weight,
                "style": "italic" if cut.italic else "normal",
            }
        )
    return {"family": face.family, "source": "file", "files": files}
