"""The built-in typesetter: pandoc and typst from their wheels, no other program.

The Markdown is read once per document; each format then works on the same Pandoc AST, where
`assets/filters/common.lua` does what they share.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from berattelse import tools
from berattelse.errors import TypesetError, raise_all
from berattelse.model import Document, Format

READER = "markdown"
"""Pandoc's own Markdown is what Quarto reads; `smart` is on in both."""

WARNINGS = "composed.warnings.json"
"""What reading the document warned of, kept beside it."""

Write = Callable[[Document, Path, Path], Sequence[str]]
"""`write(document, ast, out)`: the AST at `ast` becomes the file `out`; returns warnings."""

# Imported when used: a run that makes HTML alone needs neither typst nor python-docx.
WRITERS: dict[Format, str] = {
    "html": "berattelse.typeset.html",
    "pdf": "berattelse.typeset.pdf",
    "docx": "berattelse.typeset.word",
}


class Inbyggd:
    """Typesets with what `pip` has installed; the same inputs give the same bytes."""

    name = "inbyggd"
    executes = False

    def check(self) -> None:
        """See that there is a pandoc; see `Typesetter`."""
        tools.pandoc_path()

    def typeset(self, document: Document, format: Format, out: Path) -> Sequence[str]:
        """Write the document as `format` to `out`; see `Typesetter`."""
        ast = parse(document)
        told = _writer(format)(document, ast, out)
        return tuple(dict.fromkeys((*told, *read_warnings(document))))

    def stop(self) -> None:
        """Do nothing: pandoc takes a second or two, and ends with the run."""


def _writer(format: Format) -> Write:
    return cast(Write, importlib.import_module(WRITERS[format]).write)


def parse(document: Document) -> Path:
    """Return the document as Pandoc's JSON, read at the first call and kept beside the Markdown.

    Raises:
        TypesetError: Markdown that pandoc warns of, such as a division that is never closed,
            together with what the shared filters find in the same text.
    """
    ast = document.folder.resolve() / "composed.json"
    stamp = document.folder / "composed.sha256"
    warnings = document.folder / WARNINGS
    reader = document.reader or READER
    key = hashlib.sha256(reader.encode() + document.markdown.read_bytes()).hexdigest()
    if ast.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == key:
        return ast
    stamp.unlink(missing_ok=True)
    _, faults, told = _read(document, "json", "read", f"--output={ast.name}")
    if faults:
        # Told at once with dead references and the like, so that nobody has to build twice
        raise_all(TypesetError, _read(document, "html", "common")[1])
    warnings.write_text(json.dumps(told), encoding="ascii")
    stamp.write_text(key, encoding="ascii")
    return ast


def read_warnings(document: Document) -> Sequence[str]:
    """Return what was warned of when the document was parsed: the same in every format."""
    told: list[str] = json.loads((document.folder / WARNINGS).read_text(encoding="ascii"))
    return told


def _read(
    document: Document, to: str, filter: str, *arguments: str
) -> tuple[bytes, list[TypesetError], list[str]]:
    return tools.pandoc_and_faults(
        [
            f"--from={document.reader or READER}",
            f"--to={to}",
            *(f"--lua-filter={path}" for path in document.filters),
            f"--lua-filter={tools.asset(f'filters/{filter}.lua')}",
            *arguments,
            document.markdown.name,
        ],
        folder=document.folder,
        timestamp=document.timestamp,
    )
