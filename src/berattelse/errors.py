"""The errors that a user may meet, each with what is wrong, where, and what to do.

BerattelseError                 exit code 1
 ├── UsageError                 exit code 2: the command or its arguments
 ├── SettingsError              `_quarto.yml`, a target's `.yml`, a report's front matter
 ├── SourceError                a `.qmd` or partial: includes, cells, cell options
 ├── DataError                  a data file or a look-up in one
 ├── CellError                  a cell or an inline value that raised
 ├── ToolError                  pandoc, typst: missing, too old, or refused its input
 └── TypesetError               the composed document cannot be typeset

Anything else that is raised is a bug in berattelse and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Sequence


class BerattelseError(Exception):
    """An expected fault. `str()` is the Swedish text that the user sees.

    Args:
        message: what is wrong, one sentence or line, in Swedish.
        place: where: `file:line`, a file, or nothing.
        remedy: what to do about it, in Swedish.
    """

    exit_code = 1

    def __init__(self, message: str, *, place: object = None, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.remedy = remedy

    def __str__(self) -> str:
        head = f"{self.place}: {self.message}" if self.place is not None else self.message
        return f"{head}\n  → {self.remedy}" if self.remedy else head


class UsageError(BerattelseError):
    """The command was called in a way that cannot work."""

    exit_code = 2


class SettingsError(BerattelseError):
    """Settings that are missing, unknown or of the wrong type."""


class SourceError(BerattelseError):
    """A source text that cannot be read as a report."""


class DataError(BerattelseError):
    """A data file, or a question to it, that has no single answer."""


class CellError(BerattelseError):
    """A cell or inline value that raised when it was executed."""


class ToolError(BerattelseError):
    """An outside program that is missing or that refused its input."""


class TypesetError(BerattelseError):
    """A composed document that cannot be typeset."""


def raise_all(cls: type[BerattelseError], faults: Sequence[BerattelseError]) -> None:
    """Raise one error of class `cls` that tells each of `faults` once; return if there are none."""
    told = {str(fault): fault for fault in faults}
    if len(told) == 1:
        raise next(iter(told.values()))
    if told:
        raise cls("\n".join(told))
