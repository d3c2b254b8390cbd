"""Quarto as a typesetter: `quarto` sets what we have composed, `quarto-kor` runs the cells too.

Both owe the content, the numbers and the references, not our layout, nor our rules for PDF and
Word: Quarto decides how the documents look.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from berattelse import origin
from berattelse.config import Settings
from berattelse.errors import ToolError, TypesetError, raise_all
from berattelse.model import Document, Format
from berattelse.origin import Origin
from berattelse.typeset.quarto import execute, find, stage
from berattelse.typeset.quarto.run import Runner, TimedOutError
from berattelse.typeset.quarto.told import short, told

COMPOSED = "composed.qmd"
"""`.qmd`, since Quarto refuses to show code cells, however quoted, in a `.md`."""

_OF_THE_SHELL = (
    "QUARTO_LOG",
    "QUARTO_LOG_FORMAT",
    "QUARTO_PROFILE",
    "QUARTO_PROJECT_DIR",
    "QUARTO_DOCUMENT_PATH",
    "QUARTO_PRINT_STACK",
    "QUARTO_CAPTURE_RENDER_COMMAND",
)
"""Variables that would make what Quarto does depend on the shell, or several write one file."""


class Quarto:
    """Sets composed documents with Quarto; nothing is executed twice."""

    name = "quarto"
    executes = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runner = Runner()
        self._lock = threading.Lock()
        self._program: Path | None = None
        self._fault: ToolError | None = None

    def check(self) -> None:
        """See that there is a Quarto that is new enough; see `Typesetter`."""
        self._found()

    def typeset(self, document: Document, format: Format, out: Path) -> Sequence[str]:
        """Write the document as `format` to `out`; see `Typesetter`."""
        program = self._found()
        folder = stage.prepare(document, format, self._settings, COMPOSED)
        stage.place_text(document, format, folder / COMPOSED)
        where = origin.read(document.folder)
        warnings = self._render(program, document, format, folder / COMPOSED, where, out)
        return [*warnings, *_left_out(document, format)]

    def stop(self) -> None:
        """Kill the Quarto that runs, with its children, and begin no more."""
        self._runner.stop()

    def _found(self) -> Path:
        """Return the program; it is looked for, and asked for its version, once."""
        with self._lock:
            if self._program is None and self._fault is None:
                try:
                    program = find.find(self._settings.quarto, self._settings.root)
                    find.version(program, self._runner, environment(0))
                    self._program = program
                except ToolError as fault:
                    self._fault = fault
            if self._program is None:
                raise self._fault or ToolError("Quarto finns inte på den här datorn.")
            return self._program

    def _render(
        self,
        program: Path,
        document: Document,
        format: Format,
        text: Path,
        where: Origin,
        out: Path,
        *,
        more: Sequence[str] = (),
        variables: Mapping[str, str] | None = None,
    ) -> list[str]:
        """Run Quarto on `text` in its staging folder, move what it makes to `out`.

        Returns what it warns of.
        """
        command = [str(program), "render", text.name, "--to", stage.TO[format], *more]
        limit = self._settings.tidsgrans_s
        try:
            done = self._runner.run(
                command,
                folder=text.parent,
                environment={**environment(document.timestamp), **(variables or {})},
                limit_s=limit,
            )
        except TimedOutError:
            raise ToolError(
                f"Quarto blev inte klart på {limit:g} sekunder och har avslutats.",
                place=document.job.source,
                remedy="Höj «tidsgrans» i _quarto.yml om dokumentet behöver längre tid.",
            ) from None
        except OSError as error:
            raise ToolError(
                f"Quarto ({program}) går inte att köra: {error.strerror}.", remedy=find.install()
            ) from error
        faults, warnings = told(done.output, where, document.job.source, text.parent)
        made = text.with_suffix(stage.SUFFIX[format])
        if done.code:
            raise_all(TypesetError, faults)
            said = short("\n".join(done.output.splitlines()[-12:])) or "utan att säga varför"
            raise ToolError(f"Quarto stannade med felkod {done.code}: {said}")
        if not made.is_file() or not made.stat().st_size:
            raise_all(TypesetError, faults)
            raise ToolError(
                f"Quarto säger sig vara klart, men filen {made.name} finns inte.",
                remedy="Kontrollera att «format:» i _quarto.yml inte byter namn på filen.",
            )
        shutil.move(made, out)
        shutil.rmtree(text.parent, ignore_errors=True)
        # What Quarto calls a fault but goes on from is told all the same
        return [*(str(fault) for fault in faults), *warnings]


class QuartoKor(Quarto):
    """Lets Quarto execute the report too, once per format as it does: for comparison alone."""

    name = "quarto-kor"
    executes = True

    def typeset(self, document: Document, format: Format, out: Path) -> Sequence[str]:
        """Write the report of `document.job` as `format` to `out`; see `Typesetter`.

        Nothing is read of a composed document: there is none.
        """
        program = self._found()
        name = f"{document.job.target.rapport}.qmd"
        folder = stage.prepare(document, format, self._settings, name)
        where = execute.write_source(self._settings, document.job, folder, folder / name)
        parameters = folder / "parametrar.yml"
        stage.write_yaml(parameters, document.job.parameters)
        warnings = self._render(
            program,
            document,
            format,
            folder / name,
            where,
            out,
            more=[
                "--execute-params",
                parameters.name,
                "--execute-dir",
                str(document.job.source.parent.resolve()),
                # A kernel that waits for more would outlive Quarto
                "--no-execute-daemon",
            ],
            variables=execute.variables(document.job),
        )
        return [*warnings, *_left_out(document, format)]


def environment(timestamp: int) -> dict[str, str]:
    """Return the variables that Quarto runs with.

    Args:
        timestamp: seconds since 1970 for every date inside the files.
    """
    return {
        **{name: content for name, content in os.environ.items() if name not in _OF_THE_SHELL},
        "SOURCE_DATE_EPOCH": str(timestamp),
        "NO_COLOR": "1",
        "QUARTO_LOG_LEVEL": "warning",
        # The Python that has our package, where nobody has said which has Jupyter
        "QUARTO_PYTHON": os.environ.get("QUARTO_PYTHON") or sys.executable,
    }


def _left_out(document: Document, format: Format) -> list[str]:
    """Return what was asked for that Quarto does not do."""
    told = []
    if format == "pdf" and document.job.attach_data:
        told.append("Quarto bifogar inga siffror: PDF-filen har inga CSV-filer.")
    if format == "docx" and document.job.profile.template is not None:
        told.append("Quarto använder inte kommunens Wordmall (mall.docx).")
    return told
