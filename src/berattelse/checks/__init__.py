"""Checks of what was built: a finished file -> Findings, in Swedish.

The checks read the file on their own and share no code with what wrote it (`typeset/`): a fault
in the writer's idea of a format must not be a fault in the check's idea too.

    with Checker() as checker:
        for path in paths:
            findings = checker.check(path)

A check that could not be run gives the finding `ej_provad` at level `fel`: it is never a pass.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any

from berattelse.checks.rules import finding
from berattelse.model import Finding

SUFFIXES = (".html", ".pdf", ".docx")
MAX_BYTES = 200_000_000
"""Of a file; more is told, not read into memory."""
_READABLE = {".html": "html_oppnas", ".pdf": "pdf_lasbar", ".docx": "word_lasbar"}


class Checker:
    """Checks files of every format; one browser, started with the first page, serves them all."""

    def __init__(self, browser: Any = None) -> None:
        """Use a Chromium of Playwright's that runs already, or start one when it is needed."""
        self._given = browser
        self._running: Any = None

    def __enter__(self) -> Checker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._running is not None:
            self._running.close()

    def check(self, path: Path) -> list[Finding]:
        """Return what is wrong with a file, by its suffix; in the order of the file.

        A file that is damaged, missing or of another kind than its suffix says is a finding.

        Raises:
            ValueError: the suffix is none of `SUFFIXES`.
        """
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES:
            raise ValueError(f"{path.name}: {suffix or 'ingen ändelse'}")
        try:
            size = path.stat().st_size
            if size > MAX_BYTES:
                message = f"Filen är för stor att pröva: {size // 1_000_000} MB."
                remedy = f"Minska bilderna, eller dela den: högst {MAX_BYTES // 1_000_000} MB."
                return [finding(_READABLE[suffix], message, remedy=remedy)]
            content = path.read_bytes()
        except OSError as error:
            return [finding("filen_saknas", f"Filen kan inte läsas: {error.strerror}.")]
        if suffix == ".docx":
            from berattelse.checks.word import check as check_word

            return check_word(content)
        if suffix == ".pdf":
            from berattelse.checks.pdf import check as check_pdf

            return check_pdf(content)
        from berattelse.checks.browser import NoBrowserError, Running
        from berattelse.checks.html import check as check_html

        if self._given is not None:
            return check_html(path, self._given)
        try:
            if self._running is None:
                self._running = Running()
        except NoBrowserError as error:
            return [finding("ej_provad", error.message, remedy=error.remedy)]
        return check_html(path, self._running.browser)


def check(path: Path) -> list[Finding]:
    """Return what is wrong with one file; for many, a `Checker` is quicker."""
    with Checker() as checker:
        return checker.check(path)
