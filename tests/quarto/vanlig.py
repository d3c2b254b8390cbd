"""Plain Quarto's way with a report, as far as the cells go: no engine, none of its variables.

What is done here is what Quarto 1.9 does (src/resources/jupyter/notebook.py and, in src/core,
execute-inline.ts and jupyter/jupyter-inline.ts, in quarto-dev/quarto-cli): includes are put in as
they are written, every section is kept, `-P` becomes a cell after the one with parameters, and a
value in running text is asked for as a user expression.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from berattelse import qmd
from berattelse.model import Place

VALUE = re.compile(r"(?:^|[^`])`\{python\}[ \t]([^`]+)`", re.MULTILINE)


def read(report: Path) -> list[qmd.Block]:
    """A report's blocks with its includes, which Quarto sees from the report's folder."""
    root = report.parent.parent

    def resolve(written: str, place: Place) -> Path:
        folder = root if written.startswith("/") else report.parent
        return (folder / written.lstrip("/")).resolve()

    return qmd.blocks(qmd.read(report, resolve).lines)


def as_quarto_writes(shown: Mapping[str, Any], expression: str) -> str:
    """The Markdown that Quarto makes of what the kernel answers; of nothing, the source itself."""
    data = shown["data"]
    text = str(data.get("text/markdown", data["text/plain"]))
    if "text/markdown" not in data and text[:1] in "'\"" and text[:1] == text[-1:]:
        text = re.sub(r"([\\`*_{}\[\]()>#+\-.!])", r"\\\1", text[1:-1])
    return text or f"`{{python}} {expression}`"


@contextmanager
def kernel(folder: Path) -> Iterator[NotebookClient]:
    """A kernel in `folder` that knows nothing of the engine."""
    clean = {name: text for name, text in os.environ.items() if not name.startswith("BERATTELSE_")}
    client = NotebookClient(
        new_notebook(), timeout=120, resources={"metadata": {"path": str(folder)}}
    )
    with client.setup_kernel(env={**clean, "MPLBACKEND": "agg"}):
        yield client


def run(report: Path, parameters: Mapping[str, Any] | None = None) -> dict[str, str]:
    """Execute a report; return the values in its text, by their expression.

    Raises:
        CellExecutionError: a cell or a value raised.
    """
    values: dict[str, str] = {}
    with kernel(report.parent) as client:
        for number, block in enumerate(read(report)):
            if isinstance(block, qmd.Cell):
                _cell(client, "\n".join(line.text for line in block.code), number)
                if parameters and "parameters" in block.tags:
                    told = "".join(f"{name} = {text!r}\n" for name, text in parameters.items())
                    _cell(client, f"# Injected Parameters\n{told}", number)
            else:
                values |= _values(client, "\n".join(line.text for line in block.lines))
    return values


def _cell(client: NotebookClient, code: str, number: int) -> None:
    cell = new_code_cell(code)
    client.nb.cells.append(cell)
    client.execute_cell(cell, len(client.nb.cells) - 1)
    for output in cell.outputs:
        if output.output_type == "error":
            raise CellExecutionError.from_cell_and_msg(cell, output)


def _values(client: NotebookClient, text: str) -> dict[str, str]:
    asked = {str(index): expression for index, expression in enumerate(VALUE.findall(text))}
    if not asked:
        return {}
    message = client.kc.execute("", user_expressions=asked)
    answers = client.wait_for_reply(message)["content"]["user_expressions"]
    for key, answer in answers.items():
        assert answer["status"] == "ok", f"{asked[key]}: {answer}"
    return {
        asked[key].strip(): as_quarto_writes(answer, asked[key]) for key, answer in answers.items()
    }
