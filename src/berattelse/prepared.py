"""The figures that reports get, on their way from the gate to the kernels.

The engine writes them to a folder of its own for a run; a report's `load` reads them there.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import pandas as pd

VARIABLE = "BERATTELSE_DATA"
"""Names the folder; set by the engine for its kernels, absent under plain Quarto."""


SUMS = "_summor"
Sums = tuple[tuple[frozenset[str], float], ...]
"""Protected figures (`Protected.rad`) -> their sum, where totals that are shown tell it."""
_here: list[tuple[frozenset[str], float]] = []


def write_frames(frames: Mapping[str, pd.DataFrame], sums: Sums, folder: Path) -> Path:
    """Write every dataset of one kommun and year into `folder`, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{SUMS}.pkl").write_bytes(pickle.dumps(sums, protocol=5))
    for name, frame in frames.items():
        (folder / f"{name}.pkl").write_bytes(pickle.dumps(frame, protocol=5))
    return folder


def names(folder: Path) -> frozenset[str]:
    """Return the names of the datasets in `folder`."""
    return frozenset(path.stem for path in folder.glob("*.pkl") if path.stem != SUMS)


def known_sums() -> Sums:
    """Return the sums of protected figures that are public, in a report that is being run."""
    ready = os.environ.get(VARIABLE)
    return _sums(Path(ready)) if ready else tuple(_here)


@lru_cache(maxsize=1)
def _sums(folder: Path) -> Sums:
    path = folder / f"{SUMS}.pkl"
    sums: Sums = pickle.loads(path.read_bytes()) if path.is_file() else ()
    return sums


def remember(sums: Sums) -> None:
    """Keep the sums for a report that runs in this process, without the engine."""
    _here[:] = sums


def read_frame(folder: Path, dataset: str) -> pd.DataFrame:
    """Read a dataset; one that there is none of gives a frame without rows or columns."""
    path = folder / f"{dataset}.pkl"
    if not path.is_file():
        return pd.DataFrame()
    # The engine's own file, in a folder that it made for this run: nothing foreign is unpickled
    frame: pd.DataFrame = pickle.loads(path.read_bytes())
    return frame
