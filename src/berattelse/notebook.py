"""A report's source as a notebook, in which every cell knows where it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from berattelse import inline, qmd
from berattelse.model import Place
from berattelse.qmd import Block, Cell, Line, Markdown

KEY = "berattelse"
"""Our key in a cell's metadata: `kind`, `file`, `lines`, `options`."""


def build(
    blocks: Sequence[Block], parameters: Mapping[str, Any], *, strict: bool = True
) -> NotebookNode:
    """Turn blocks into a notebook with the target's parameters after the `parameters` cell.

    A run of Markdown with inline values becomes two cells: one that evaluates them, and the text.

    Args:
        blocks: from `qmd.blocks`.
        parameters: what is assigned after the `parameters` cell, if there are any.
        strict: whether an inline value that is empty or missing is a fault.
    """
    cells: list[NotebookNode] = []
    for block in blocks:
        if isinstance(block, Cell):
            cells.append(_code(block))
            if "parameters" in block.tags and parameters:
                cells.append(_injected(parameters, block))
        else:
            found = qmd.inline_values(block.lines)
            expressions = [(expression, block.lines[index]) for index, expression in found]
            if expressions:
                cells.append(_values(expressions, strict))
            cells.append(_markdown(block))
    notebook: NotebookNode = new_notebook(cells=cells)
    for number, cell in enumerate(notebook.cells):
        # nbformat draws random ids; ours are the same for every run
        cell["id"] = f"cell-{number}"
    return notebook


def metadata(kind: str, lines: Sequence[Line], **more: Any) -> dict[str, Any]:
    """Return a cell's metadata of ours: its kind, where each of its lines came from, and more."""
    places = [[str(line.place.file), line.place.line] for line in lines]
    return {KEY: {"kind": kind, "lines": places, **more}}


def _code(cell: Cell) -> NotebookNode:
    lines = cell.code or (Line("", cell.place),)
    written = [line.text for line in cell.written]
    own = metadata("cell", lines, options=dict(cell.options), written=written)
    made: NotebookNode = new_code_cell(
        "\n".join(line.text for line in cell.code), metadata=own | {"tags": _tags(cell)}
    )
    return made


def _tags(cell: Cell) -> list[str]:
    """Return a cell's own tags, and nbclient's for what its options say of running it."""
    tags = list(cell.tags)
    if cell.options.get("eval") is False:
        tags.append("skip-execution")
    if cell.options.get("error") is True:
        tags.append("raises-exception")
    return tags


def _injected(parameters: Mapping[str, Any], cell: Cell) -> NotebookNode:
    code = "\n".join(f"{name} = {content!r}" for name, content in parameters.items())
    lines = [Line("", cell.place)] * len(parameters)
    own = metadata("parameters", lines, options={"include": False})
    made: NotebookNode = new_code_cell(code, metadata=own | {"tags": ["injected-parameters"]})
    return made


def _values(expressions: Sequence[tuple[str, Line]], strict: bool) -> NotebookNode:
    lines = [line for _, line in expressions]
    made: NotebookNode = new_code_cell(
        inline.source([expression for expression, _ in expressions], strict=strict),
        metadata=metadata("inline", lines),
    )
    return made


def _markdown(block: Markdown) -> NotebookNode:
    text = "\n".join(line.text for line in block.lines)
    made: NotebookNode = new_markdown_cell(text, metadata=metadata("text", block.lines))
    return made


def place(cell: NotebookNode, line: int) -> Place:
    """Return where line `line` (from 1) of a cell's source stands in the `.qmd`."""
    lines = cell.metadata[KEY]["lines"]
    file, number = lines[min(max(line, 1), len(lines)) - 1]
    return Place(Path(file), number)
