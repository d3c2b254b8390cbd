"""The browser that pages are checked in: where it is, and how it is started without a window."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

from berattelse.checks.rules import INSTALL
from berattelse.errors import ToolError

VARIABLE = "BERATTELSE_CHROMIUM"
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
    "chrome",
)
_MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS = (
    ("ProgramFiles", "Google/Chrome/Application/chrome.exe"),
    ("ProgramFiles(x86)", "Google/Chrome/Application/chrome.exe"),
    ("LOCALAPPDATA", "Google/Chrome/Application/chrome.exe"),
    ("ProgramFiles(x86)", "Microsoft/Edge/Application/msedge.exe"),
    ("ProgramFiles", "Microsoft/Edge/Application/msedge.exe"),
)


class NoBrowserError(ToolError):
    """Pages cannot be checked here: Playwright or every browser is missing."""


def find() -> str | None:
    """Return the browser to run, or None for Playwright's own.

    Raises:
        NoBrowserError: the environment names a browser that is not there.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not Path(named).is_file():
            raise NoBrowserError(
                f"Webbsidan är inte prövad: {VARIABLE} pekar på {named}, som inte finns.",
                remedy=f"Rätta eller ta bort miljövariabeln {VARIABLE}.",
            )
        return named
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None and sys.platform == "darwin":
        found = next((path for path in _MAC if Path(path).is_file()), None)
    if found is None and sys.platform == "win32":
        places = (Path(os.environ.get(base, ""), tail) for base, tail in _WINDOWS)
        found = next((str(path) for path in places if path.is_file()), None)
    return found


class Running:
    """A browser that has been started; `close` ends it."""

    browser: Any

    def __init__(self) -> None:
        """Start it.

        Raises:
            NoBrowserError: it cannot be started; the message is whole, the remedy says how.
        """
        try:
            from playwright.sync_api import Error, sync_playwright
        except ImportError:
            raise NoBrowserError(
                "Webbsidan är inte prövad: Playwright och axe är inte installerade.",
                remedy=INSTALL,
            ) from None
        path = find()
        self._playwright: Any = None
        try:
            self._playwright = sync_playwright().start()
            self.browser = self._playwright.chromium.launch(executable_path=path)
        except Error as error:
            if self._playwright is not None:
                self._playwright.stop()
            reason = str(error).strip().splitlines()[0]
            if path is None:
                raise NoBrowserError(
                    "Webbsidan är inte prövad: det finns ingen Chromium, Chrome eller Edge här.",
                    remedy="Installera någon av dem, eller kör «playwright install chromium»; "
                    f"ligger den på ett eget ställe, peka ut den med {VARIABLE}.",
                ) from error
            raise NoBrowserError(
                f"Webbsidan är inte prövad: {path} går inte att starta ({reason}).",
                remedy=f"Peka ut en annan Chromium, Chrome eller Edge med {VARIABLE}.",
            ) from error

    def close(self) -> None:
        """End the browser."""
        self.browser.close()
        self._playwright.stop()
