"""Stage 4, typeset: a composed document becomes HTML, PDF or Word.

A typesetter is a class with the members of `Typesetter`; `TYPESETTERS` names them all. A further
one is a new entry here and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from berattelse.config import Settings
from berattelse.model import Document, Format
from berattelse.typeset.inbyggd import Inbyggd
from berattelse.typeset.quarto import Quarto, QuartoKor


class Typesetter(Protocol):
    """Makes files of composed documents."""

    name: str
    """What `--typsattare` calls it."""
    executes: bool
    """Whether it runs the report's cells itself: then nothing is executed or composed for it, and
    the document's folder is empty."""

    def check(self) -> None:
        """See that the outside programs are there, before anything is executed in vain.

        Raises:
            ToolError: one is missing or too old.
        """
        ...

    def typeset(self, document: Document, format: Format, out: Path) -> Sequence[str]:
        """Write the document as `format` to the file `out`; return warnings, in Swedish.

        Called from several threads at once, each with a document of its own.

        Raises:
            TypesetError: what stands in the document cannot be typeset; all faults at once.
            ToolError: an outside program is missing or refused its input.
        """
        ...

    def stop(self) -> None:
        """End what outside programs still do, when the user has given up; nothing more begins."""
        ...


TYPESETTERS: Mapping[str, Callable[[Settings], Typesetter]] = {
    "inbyggd": lambda settings: Inbyggd(),
    "quarto": Quarto,
    "quarto-kor": QuartoKor,
}
