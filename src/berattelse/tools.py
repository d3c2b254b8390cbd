"""The one door to pandoc: where it is, how it is run, what its messages become.

`assets/filters` tell faults in the content as JSON lines on standard error; they become one
`TypesetError` that lists them all, each with the line of the source that it stands on.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from berattelse import origin
from berattelse.errors import ToolError, TypesetError, raise_all

WANTED = (3, 1)
"""The oldest pandoc whose filters can do what ours do."""
TIMEOUT_S = 120
"""A report takes a second or two; what takes longer than this hangs."""

_INSTALL = "Installera om med «pip install --force-reinstall pypandoc-binary»."

# Warnings of what would be lost or wrong in the file; those of style or layout are not ours.
_FATAL_WARNINGS = (
    (re.compile(r"Could not fetch resource (.+?)(?::|$)"), "Bilden {0} finns inte", "bild"),
    (
        re.compile(r"Div (?:at .*?line (\d+).*)?unclosed"),
        "Ett avsnitt ::: stängs aldrig (den satta textens rad {0})",
        "rad",
    ),
    (
        re.compile(r"Duplicate note reference '(.+?)'"),
        "Fotnoten [^{0}] finns två gånger",
        "fotnot",
    ),
    (
        re.compile(r"Note with key '(.+?)' defined"),
        "Fotnoten [^{0}] används aldrig i texten",
        "fotnot",
    ),
    (
        re.compile(r"Could not parse YAML metadata(.*)"),
        "Sidhuvudets YAML kan inte läsas{0}",
        "",
    ),
)
"""Pattern, message, and what `origin` finds the place by: an element, or the line itself."""


def asset(name: str) -> Path:
    """Return the path of a file in `assets/`, such as `filters/common.lua`."""
    return Path(str(files("berattelse") / "assets" / name))


@lru_cache(maxsize=1)
def pandoc_path() -> str:
    """Return the pandoc to run: the wheel's own, so that every machine has the same.

    Raises:
        ToolError: there is no pandoc, or it is too old.
    """
    try:
        import pypandoc
    except ImportError:
        raise ToolError("Pandoc saknas.", remedy=_INSTALL) from None
    name = "pandoc.exe" if sys.platform == "win32" else "pandoc"
    own = Path(pypandoc.__file__).parent / "files" / name
    try:
        path = str(own) if own.exists() else str(pypandoc.get_pandoc_path())
        shown = subprocess.run(
            [path, "--version"], capture_output=True, timeout=TIMEOUT_S, check=True
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolError(f"Pandoc går inte att köra: {error}", remedy=_INSTALL) from error
    found = re.search(r"\d+(?:\.\d+)+", shown)
    version = tuple(int(part) for part in found.group().split(".")) if found else ()
    if version < WANTED:
        wanted = ".".join(map(str, WANTED))
        have = found.group() if found else "okänd version"
        raise ToolError(f"Pandoc {wanted} behövs, men {path} är {have}.", remedy=_INSTALL)
    return path


def pandoc(
    arguments: Sequence[str | Path],
    *,
    folder: Path,
    timestamp: int,
    stdin: bytes | None = None,
) -> bytes:
    """Run pandoc and return what it writes to standard output.

    Args:
        arguments: each one argument, never a line to be split.
        folder: where it runs, so that the paths of figures hold.
        timestamp: seconds since 1970 for every date in the file (SOURCE_DATE_EPOCH).
        stdin: what it reads when no file is named.

    Raises:
        TypesetError: a filter found faults in the content, or pandoc warned of a loss.
        ToolError: pandoc is missing, refused its input or did not come back.
    """
    return pandoc_and_warnings(arguments, folder=folder, timestamp=timestamp, stdin=stdin)[0]


def pandoc_and_warnings(
    arguments: Sequence[str | Path],
    *,
    folder: Path,
    timestamp: int,
    stdin: bytes | None = None,
) -> tuple[bytes, list[str]]:
    """Run pandoc as `pandoc` does, and return what the filters warn of beside what it writes."""
    out, found, warned = pandoc_and_faults(
        arguments, folder=folder, timestamp=timestamp, stdin=stdin
    )
    raise_all(TypesetError, found)
    return out, warned


def pandoc_and_faults(
    arguments: Sequence[str | Path],
    *,
    folder: Path,
    timestamp: int,
    stdin: bytes | None = None,
) -> tuple[bytes, list[TypesetError], list[str]]:
    """Run pandoc as `pandoc` does, and return faults and warnings beside what it writes.

    For a caller that has more to say of the same content.
    """
    command = [pandoc_path(), *map(str, arguments)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(timestamp)}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            input=stdin if stdin is not None else b"",
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ToolError(f"Pandoc blev inte klart på {TIMEOUT_S} sekunder.") from None
    messages = done.stderr.decode("utf-8", "replace")
    found, warned = findings(messages, folder)
    if done.returncode:
        raise_all(TypesetError, found)
        lines = [line for line in messages.splitlines() if line.strip()]
        text = "\n".join(lines[:12]) or f"felkod {done.returncode}"
        raise ToolError(f"Pandoc kunde inte läsa eller skriva dokumentet: {text}")
    return done.stdout, found, warned


_LENIENT: ContextVar[bool] = ContextVar("lenient", default=False)


@contextmanager
def lenient() -> Iterator[None]:
    """Let pandoc's own warnings be warnings in this block: the rule of a document by itself.

    In a berättelse what they tell of is an error, such as a note that is never used.
    """
    token = _LENIENT.set(True)
    try:
        yield
    finally:
        _LENIENT.reset(token)


def findings(messages: str, folder: Path) -> tuple[list[TypesetError], list[str]]:
    """Return the faults and warnings that pandoc and our filters tell of on standard error.

    A warning leaves the file as it should be but for what it names.

    Args:
        messages: standard error.
        folder: of the composed document, whose origin gives each fault its place.
    """
    found: list[TypesetError] = []
    warned: list[str] = []
    where: origin.Origin | None = None
    for line in messages.splitlines():
        finding = _finding(line)
        if finding is None:
            continue
        where = where or origin.read(folder)
        at = finding.get("at") or {}
        place = where.place(int(at["text"])) if at.get("kind") == "rad" else where.find(at)
        told = TypesetError(finding["message"], place=place, remedy=finding["remedy"])
        if finding["niva"] == "varning":
            warned.append(str(told))
        else:
            found.append(told)
    return found, list(dict.fromkeys(warned))


def _finding(line: str) -> dict[str, Any] | None:
    """Return what a line of pandoc's standard error says of the content."""
    if line.startswith('{"berattelse"'):
        finding: dict[str, Any] = json.loads(line)["berattelse"]
        rule = f" [{finding['rule']}]" if finding["rule"] else ""
        return {**finding, "message": finding["message"] + rule}
    if line.startswith("[WARNING]"):
        for pattern, text, kind in _FATAL_WARNINGS:
            match = pattern.search(line)
            if match:
                named = match.group(1) or ""
                at = {"kind": kind, "text": named, "nr": 2 if "två gånger" in text else 1}
                message = text.format(named or "?") + "."
                level = "varning" if _LENIENT.get() else "fel"
                at = at if kind and named else {}
                return {"message": message, "remedy": "", "at": at, "niva": level}
    return None
