"""Running the cells of a single document: which of them, with what size of figures, or none."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from berattelse import execute, notebook
from berattelse.errors import CellError, raise_all
from berattelse.model import Format, Place
from berattelse.qmd import Line
from berattelse.single.metadata import project_root
from berattelse.single.reading import Read

_SIZES: Mapping[Format, tuple[float, float]] = {"html": (7, 5), "docx": (5, 4), "pdf": (5.5, 3.5)}
"""Quarto's default size of figures, in inches."""
_KINDS: Mapping[Format, str] = {"html": "retina", "docx": "retina", "pdf": "svg"}
_FORMATS = ("png", "retina", "svg", "jpeg")
_DPI = 96


def run(read: Read, source: Path, metadata: Mapping[str, Any], format: Format) -> float:
    """Run a document's cells and inline values in place; return the seconds that it took.

    No kernel is started where there is nothing to run: no cells, `eval: false`, or a notebook
    whose stored outputs are to be kept.

    Raises:
        CellError: a cell raised that may not; all inline values that raise.
    """
    begun = time.perf_counter()
    settings = metadata.get("execute")
    settings = settings if isinstance(settings, Mapping) else {}
    enabled = settings.get("enabled")
    if enabled is False or (read.stored and enabled is not True) or not read.executes:
        _leave(read.notebook)
        return 0.0
    to_run = _prepare(read.notebook, settings, metadata, format)
    if not to_run:
        return 0.0
    root = project_root(source)
    project = metadata.get("project")
    at_root = isinstance(project, Mapping) and project.get("execute-dir") == "project"
    execute.run_cells(
        read.notebook,
        execute.Kernel(
            root if root is not None and at_root else source.resolve().parent,
            {"SOURCE_DATE_EPOCH": "0"},
            config=_configuration(settings, metadata, format),
        ),
    )
    raise_all(CellError, execute.inline_faults(read.notebook))
    return time.perf_counter() - begun


def _leave(built: NotebookNode) -> None:
    """Let inline values stand as they are written where nothing is run."""
    built.cells = [
        cell for cell in built.cells if cell.metadata[notebook.KEY]["kind"] not in ("inline",)
    ]


def _prepare(
    built: NotebookNode,
    settings: Mapping[str, Any],
    metadata: Mapping[str, Any],
    format: Format,
) -> bool:
    """Tag the cells by their options; return whether there is any to run."""
    any_to_run = False
    cells: list[NotebookNode] = []
    for cell in built.cells:
        if cell.cell_type != "code":
            cells.append(cell)
            continue
        own = cell.metadata[notebook.KEY]
        options = own.get("options") or {}
        tags = list(cell.metadata.get("tags", ()))
        if options.get("eval", settings.get("eval", True)) is False and own["kind"] == "cell":
            tags.append("skip-execution")
        elif cell.source.strip():
            any_to_run = True
        if options.get("error", settings.get("error", False)) is True:
            tags.append("raises-exception")
        cell.metadata["tags"] = tags
        size = [options.get(name) for name in ("fig-width", "fig-height")]
        if any(isinstance(side, int | float) for side in size):
            default = _size(settings, metadata, format)
            chosen = [own or other for own, other in zip(size, default, strict=True)]
            cells += [_sized(chosen), cell, _sized(default)]
        else:
            cells.append(cell)
    built.cells = cells
    return any_to_run


def _sized(size: Any) -> NotebookNode:
    cell: NotebookNode = new_code_cell(
        "import matplotlib as _b, matplotlib.pyplot\n"
        "_b.pyplot.switch_backend(_b.get_backend())\n"
        f"_b.rcParams['figure.figsize'] = ({float(size[0])!r}, {float(size[1])!r})\n"
        "del _b"
    )
    nowhere = Line("", Place(Path(), 1))
    cell.metadata = notebook.metadata("setup", (nowhere,), options={"include": False})
    return cell


def _size(
    settings: Mapping[str, Any], metadata: Mapping[str, Any], format: Format
) -> tuple[float, float]:
    def side(name: str, otherwise: float) -> float:
        given = settings.get(name, metadata.get(name))
        return float(given) if isinstance(given, int | float) and given > 0 else otherwise

    width, height = _SIZES[format]
    return side("fig-width", width), side("fig-height", height)


def _configuration(settings: Mapping[str, Any], metadata: Mapping[str, Any], format: Format) -> str:
    """Return IPython's configuration for figures; nothing is imported by it."""
    kind = str(settings.get("fig-format", metadata.get("fig-format", _KINDS[format])))
    dpi = settings.get("fig-dpi", metadata.get("fig-dpi", _DPI))
    dpi = float(dpi) if isinstance(dpi, int | float) and dpi > 0 else _DPI
    rc = {
        "figure.figsize": _size(settings, metadata, format),
        "figure.dpi": dpi,
        "savefig.dpi": "figure",
        "svg.hashsalt": "berattelse",
    }
    formats = {kind if kind in _FORMATS else "png"}
    # Only a page shows what a cell stops with in colours
    colours = "linux" if format == "html" else "nocolor"
    return (
        f"c = get_config()\nc.InlineBackend.figure_formats = {formats!r}\n"
        f"c.InlineBackend.rc = {rc!r}\n"
        f"c.InteractiveShell.colors = {colours!r}\n"
    )
