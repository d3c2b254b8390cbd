"""Run an outside program so that nothing of it is left: not when it hangs, not at Ctrl-C.

The program leads a process group of its own, and writes to files: a grandchild that keeps a pipe
open holds up nothing. What is to stop is asked first, so that it can take away its own temporary
files, and then made to.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil  # type: ignore[import-untyped]

from berattelse import ansi
from berattelse.errors import ToolError

GRACE_S = 3.0
"""What a program that is asked to stop gets to do it in."""
MAX_OUTPUT = 1_000_000
"""Bytes that are kept of each stream, from its end: that is where the fault stands."""


class TimedOutError(Exception):
    """The program was not done within its time, and has been killed."""


@dataclass(frozen=True)
class Done:
    """What a program that came to its end has said."""

    code: int
    output: str
    """Standard output and then standard error, without colours; foreign bytes are replaced."""


class Runner:
    """Runs programs that another thread can stop, all at once and for good."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def run(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        limit_s: float,
    ) -> Done:
        """Run a program to its end.

        Args:
            command: each one argument, never a line to be split.
            folder: where it runs.
            environment: all of its variables.
            limit_s: seconds until it is killed, with its children.

        Raises:
            OSError: it cannot be started.
            TimedOutError: it took too long.
            ToolError: `stop` was called.
        """
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            process = self._start(command, folder, environment, out, err)
            try:
                code = process.wait(timeout=limit_s)
            except subprocess.TimeoutExpired:
                kill_tree(process)
                raise TimedOutError from None
            except BaseException:
                kill_tree(process)
                raise
            finally:
                with self._lock:
                    self._running.discard(process)
            if self._stopped:
                raise _interrupted()
            return Done(code, _text(out) + _text(err))

    def _start(
        self,
        command: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        out: IO[bytes],
        err: IO[bytes],
    ) -> subprocess.Popen[bytes]:
        # Under the lock: what is started is known to `stop`, or not started at all
        with self._lock:
            if self._stopped:
                raise _interrupted()
            process = subprocess.Popen(
                list(command),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
            self._running.add(process)
            return process

    def stop(self) -> None:
        """Kill all that runs, with its children, and let nothing more begin."""
        with self._lock:
            self._stopped = True
            running = list(self._running)
        for process in running:
            kill_tree(process)


def _interrupted() -> ToolError:
    return ToolError("Quarto avbröts.")


def _text(stream: IO[bytes]) -> str:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - MAX_OUTPUT))
    text = ansi.without(stream.read().decode("utf-8", "replace"))
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n" if text else ""


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """End a process with all that it has started, also what leads a session of its own."""
    family = _descendants(process.pid)
    with contextlib.suppress(OSError):
        process.terminate()
    for child in family:
        with contextlib.suppress(psutil.Error):
            child.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=GRACE_S)
    family = list(dict.fromkeys([*family, *_descendants(process.pid)]))
    if sys.platform != "win32":
        # Those whose parent is gone are no longer its descendants, but still in its group
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()
    for child in family:
        with contextlib.suppress(psutil.Error):
            child.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=GRACE_S)
    psutil.wait_procs(family, timeout=GRACE_S)


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.Error:
        return []
