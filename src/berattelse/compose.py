"""Stage 3, compose: an executed notebook becomes one Markdown document.

Every value, table and figure stands in its place. Any typesetter that knows Pandoc's Markdown
with Quarto's divs can take it from there; none of them executes anything.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import yaml

from berattelse import cell_options, cells, images, inline, lint, literal, notebook, origin, qmd
from berattelse.config import read_yaml
from berattelse.errors import BerattelseError, SourceError, raise_all
from berattelse.model import Document, Executed, Job, Place
from berattelse.shortcodes import Shortcodes

Line = tuple[str, Place | None]
"""A line of the composed document and where it came from."""


@dataclass
class _Composing:
    """What one `compose` gathers."""

    folder: Path
    faults: list[BerattelseError] = field(default_factory=list)
    figures: int = 0
    used: set[str] = field(default_factory=set)
    """Names of figures of cells that are written as Quarto's."""


def compose(executed: Executed, folder: Path, timestamp: int) -> Document:
    """Write `composed.md`, the map to its sources (`origin.py`) and `figures/` into `folder`.

    Args:
        executed: from `execute`.
        folder: an empty folder that belongs to this target alone.
        timestamp: seconds since 1970, for every date inside the files.

    Raises:
        SourceError: tables and figures without a caption or with outputs that cannot be placed,
            pictures that cannot be shown and what Markdown would lose; all at once.
    """
    composing = _Composing(folder)
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    lines: list[Line] = [(line, None) for line in _front_matter(executed).split("\n")]
    values: list[Mapping[str, str]] = []
    for cell in executed.notebook.cells:
        kind = cell.metadata[notebook.KEY]["kind"]
        if kind == "inline":
            values = list(inline.results(cell))
        elif kind == "text":
            lines += [("", None), *with_values(cell, values)]
            values = []
        elif kind == "cell":
            place = notebook.place(cell, 1)
            for output in _outputs(cell, executed.front_matter, composing):
                lines += [("", None), *((line, place) for line in output.split("\n"))]
    coded = Shortcodes(executed.front_matter, folder, *_project_words(executed.job))
    lines = coded.lines(lines)
    composing.faults += [SourceError(text, place=place) for text, place in coded.warnings]
    lines, faults = images.gather(lines, executed.job, folder)
    raise_all(SourceError, [*composing.faults, *faults, *lint.faults(lines)])
    # One empty line says as much as several.
    kept = [now for before, now in zip([("", None), *lines], lines, strict=False)
            if now[0] or before[0]]  # fmt: skip
    document = Document(executed.job, folder, timestamp)
    write(document, kept)
    return document


def write(document: Document, lines: Sequence[Line]) -> None:
    """Write `composed.md` and the map to its sources."""
    kept = list(lines)
    while kept and not kept[-1][0].strip():
        kept.pop()
    text = "".join(f"{line}\n" for line, _ in kept)
    document.markdown.write_text(text, encoding="utf-8", newline="\n")
    origin.write(document.folder, [place for _, place in kept])


def _project_words(job: Job) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return what the project's `_variables.yml` and `_brand.yml` hold."""
    root = job.source.parent.parent
    files = (root / "_variables.yml", root / "_brand.yml")
    variables, brand = (read_yaml(path) if path.is_file() else {} for path in files)
    return variables, brand


def _front_matter(executed: Executed) -> str:
    own = {
        key: content
        for key, content in executed.front_matter.items()
        if key not in ("project", "format", "execute", "berattelse", "jupyter")
    }
    own["engine"] = "markdown"
    text = yaml.safe_dump(own, allow_unicode=True, sort_keys=True, width=float("inf"))
    return f"---\n{text}---"


def with_values(cell: nbformat.NotebookNode, values: list[Mapping[str, str]]) -> Iterator[Line]:
    """Yield the lines of a text with its inline `values` in place, each with where it came from."""
    results = iter(values)
    lines = [
        qmd.Line(line, notebook.place(cell, number))
        for number, line in enumerate(cell.source.split("\n"), 1)
    ]
    for _, line, info in qmd.outside_code(lines):
        # A value may be a list of several lines.
        text = line.text if info else qmd.INLINE.sub(lambda _: next(results)["text"], line.text)
        for part in text.split("\n"):
            yield part, line.place


def _outputs(
    cell: nbformat.NotebookNode, front_matter: Mapping[str, Any], composing: _Composing
) -> Iterator[str]:
    options = cell.metadata[notebook.KEY]["options"]
    execute = front_matter.get("execute") or {}
    if cell_options.RICH & set(options) or options.get("output") == "asis":
        text = cells.Cells("docx", execute, composing.folder, used=composing.used).markdown(cell)
        if text:
            yield text
        return

    def option(name: str, default: bool) -> bool:
        return bool(options.get(name, execute.get(name, default)))

    if not option("include", True):
        return
    if option("echo", True) and cell.source.strip():
        yield _fenced(cell.source, ".python .cell-code")
    if not option("output", True):
        return
    shown = 0
    for output in cell.get("outputs", ()):
        content = None
        if output.output_type == "stream":
            if output.name == "stdout" or option("warning", True):
                content = _fenced(str(output.text).rstrip("\n"), ".cell-output")
        elif output.output_type in ("display_data", "execute_result"):
            content = _display(output, cell, shown, composing)
        if content:
            shown += 1
            yield content
    label = str(options.get("label", ""))
    if not shown and label.startswith(("tbl-", "fig-")):
        composing.faults.append(
            SourceError(
                f"Cellen «{label}» ger varken tabell eller diagram.",
                place=notebook.place(cell, 1),
                remedy="Saknas data ska avsnittet stå inom "
                '«::: {.content-visible when-meta="data.…"}».',
            )
        )


def _fenced(text: str, classes: str) -> str:
    # Quarto looks for shortcodes in code too, if it is not told otherwise
    off = ' shortcodes="false"' if "{{<" in text else ""
    return _fence(text, f" {{{classes}{off}}}")


def _raw_html(content: str) -> str:
    return _fence(content.strip(), "{=html}")


def _fence(text: str, info: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{info}\n{text}\n{fence}"


def _display(
    output: nbformat.NotebookNode, cell: nbformat.NotebookNode, number: int, composing: _Composing
) -> str | None:
    data, metadata = output.data, output.get("metadata", {})
    if "text/markdown" in data:
        return str(data["text/markdown"])
    if "image/svg+xml" in data or "image/png" in data:
        return _figure(data, metadata.get(cells.CHART_KEY) or {}, cell, number, composing)
    if "text/html" in data:
        return _table(str(data["text/html"]), cell, composing)
    text = str(data.get("text/plain", "")).strip()
    return _fenced(text, ".cell-output") if text else None


def _caption(
    cell: nbformat.NotebookNode, prefix: str, composing: _Composing
) -> tuple[str, str] | None:
    """Return `(label, caption)` of a float, or None for an output that is none."""
    options = cell.metadata[notebook.KEY]["options"]
    label = str(options.get("label", ""))
    if not label.startswith(prefix + "-"):
        return None
    caption = str(options.get(f"{prefix}-cap", "")).strip()
    if not caption:
        composing.faults.append(
            SourceError(
                f"Cellen «{label}» saknar rubrik.",
                place=notebook.place(cell, 1),
                remedy=f"Lägg till «#| {prefix}-cap: …» i cellen.",
            )
        )
    return label, caption


def _table(content: str, cell: nbformat.NotebookNode, composing: _Composing) -> str | None:
    if not content.strip():
        return None
    raw = _raw_html(content)
    caption = _caption(cell, "tbl", composing)
    if caption is None:
        return raw
    return f"::: {{#{caption[0]}}}\n{raw}\n\n{caption[1]}\n:::"


def _figure(
    data: Mapping[str, Any],
    facts: Mapping[str, Any],
    cell: nbformat.NotebookNode,
    number: int,
    composing: _Composing,
) -> str:
    options = cell.metadata[notebook.KEY]["options"]
    composing.figures += 1
    stem = str(options.get("label") or f"figur-{composing.figures}")
    stem = re.sub(r"[^\w-]", "-", stem) + (f"-{number + 1}" if number else "")
    folder = composing.folder / "figures"
    if "image/png" in data:
        (folder / f"{stem}.png").write_bytes(base64.b64decode(data["image/png"]))
    name = f"{stem}.png"
    if "image/svg+xml" in data:
        name = f"{stem}.svg"
        (folder / name).write_text(str(data["image/svg+xml"]), encoding="utf-8", newline="\n")
    alt = str(options.get("fig-alt") or facts.get("alt") or "")
    if not alt:
        composing.faults.append(
            SourceError(
                f"Figuren «{stem}» saknar alternativtext.",
                place=notebook.place(cell, 1),
                remedy="Lägg till «#| fig-alt: …» i cellen.",
            )
        )
    width = f' width="{facts["width_mm"]:g}mm"' if "width_mm" in facts else ""
    image = f'![](figures/{name}){{fig-alt="{literal.attribute(alt)}"{width}}}'
    caption = _caption(cell, "fig", composing)
    if caption is not None:
        image = f"::: {{#{caption[0]}}}\n{image}\n\n{caption[1]}\n:::"
    return image + _disclosure(str(facts.get("data_html") or ""), caption)


def _disclosure(table: str, caption: tuple[str, str] | None) -> str:
    """Return the figures behind a chart, for the one format that can fold them."""
    if not table.strip():
        return ""
    of = f" ({literal.html(caption[1])})" if caption else ""
    folded = _raw_html(
        f'<details class="diagramdata"><summary>Siffrorna i diagrammet{of}</summary>'
        f"{table.strip()}</details>"
    )
    return f'\n\n::: {{.content-visible when-format="html"}}\n{folded}\n:::'
