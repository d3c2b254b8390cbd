"""Stage 4, typeset: a composed document becomes HTML, PDF or Word.

A typesetter is a class with one method; `TYPESETTERS` names them all. A third one is a new
entry here and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from berattelse.model import Document, Format
from berattelse.typeset.inbyggd import Inbyggd


class Typesetter(Protocol):
    """Makes files of composed documents."""

    name: str
    """What `--typsattare` calls it."""

    def typeset(self, document: Document, format: Format, out: Path) -> Sequence[str]:
        """Write the document as `format` to the file `out`; return warnings, in Swedish.

        Raises:
            TypesetError: what stands in the document cannot be typeset; all faults at once.
            ToolError: an outside program is missing or refused its input.
        """
        ...


TYPESETTERS: Mapping[str, Callable[[], Typesetter]] = {"inbyggd": Inbyggd}
