"""Requests to end, so that nothing temporary is left."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def terminable() -> Iterator[None]:
    """Take a request to end (SIGTERM), and a closed terminal (SIGHUP), as Ctrl-C in this block.

    Temporary folders are removed then, and what has been started is ended. A SIGHUP that is
    ignored, as under `nohup`, stays so.
    """

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = [signal.SIGTERM]
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup is not None and signal.getsignal(hangup) != signal.SIG_IGN:
        asked.append(hangup)
    before = [(number, signal.signal(number, interrupt)) for number in asked]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
