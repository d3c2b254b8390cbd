"""Stage 2, execute: a report's source becomes an executed notebook, once for every format."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import psutil  # type: ignore[import-untyped]
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)

from berattelse import ansi, includes, inline, literal, notebook, prepared, qmd
from berattelse.charts import theme
from berattelse.config import Settings
from berattelse.data import TARGET_VARIABLE
from berattelse.errors import BerattelseError, CellError, raise_all
from berattelse.model import Executed, Job

_LINE_IN_CELL = re.compile(r"Cell In\[\d+\], line (\d+)|<ipython-input[^>]*>.*?line (\d+)")


def metadata(settings: Settings, job: Job) -> dict[str, Any]:
    """Return what a target sets over its report's front matter; shape as Quarto's metadata.

    Texts are Markdown there, so the settings' own are escaped.
    """
    facts = job.settings
    declared = dict.fromkeys(sorted(qmd.declared_datasets(job.source)), False)
    return {
        "title": literal.markdown(facts.titel),
        **({"subtitle": literal.markdown(facts.undertitel)} if facts.undertitel else {}),
        "rapport": job.target.rapport,
        "kommun": literal.markdown(facts.namn),
        "namnd": literal.markdown(facts.namnd),
        "ar": job.target.ar,
        "dnr": literal.markdown(facts.dnr),
        "roller": [literal.markdown(roll) for roll in facts.roller],
        **({"datum": facts.datum.isoformat()} if facts.datum else {}),
        "data": declared | dict.fromkeys(sorted(job.data), True),
    }


def execute(settings: Settings, job: Job) -> Executed:
    """Execute a target's cells and inline values in a kernel of its own.

    Raises:
        SourceError: the source cannot be read; all faults at once.
        CellError: a cell raised, took too long, or the kernel died; with the `.qmd` line, the
            cell's label and the last line of the error. Inline values: all that fail in a text.
    """
    begun = time.perf_counter()
    resolve = includes.resolver(settings.root, job.target)
    source = qmd.read(job.source, resolve, metadata(settings, job))
    built = notebook.build(qmd.blocks(source.lines), job.parameters)
    _run(built, settings, job)
    name = f"{job.target.rapport}, {job.settings.namn} {job.target.ar}: "
    raise_all(CellError, inline_faults(built, name))
    front_matter = {**(settings.projekt or {}), **source.front_matter}
    return Executed(job, built, front_matter, time.perf_counter() - begun)


def _run(built: nbformat.NotebookNode, settings: Settings, job: Job) -> None:
    target = job.target
    environment = {
        TARGET_VARIABLE: f"{target.rapport}/{target.kommun}/{target.ar}",
        "MPLBACKEND": "agg",
        theme.VARIABLE: theme.to_text(theme.Theme.of(job.profile)),
    }
    if job.prepared is not None:
        environment[prepared.VARIABLE] = str(job.prepared)
    run_cells(
        built,
        Kernel(
            job.source.parent,
            environment,
            settings.tidsgrans_s,
            name=f"{target.rapport}, {job.settings.namn} {target.ar}: ",
        ),
    )


@dataclass(frozen=True)
class Kernel:
    """How the cells of one document are run."""

    folder: Path
    """Where they run."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables over those of this process."""
    timeout_s: float = 300.0
    """Seconds that one cell may take."""
    config: str = ""
    """IPython's configuration, as Python."""
    name: str = ""
    """What errors begin with: whose document it is."""


def run_cells(built: nbformat.NotebookNode, kernel: Kernel) -> None:
    """Execute a notebook's code cells in a process of its own, in place.

    Cells tagged `skip-execution` are left as they are; one tagged `raises-exception` may raise,
    and the error becomes an output.

    Raises:
        CellError: a cell or the display of its value raised, took too long, or the kernel died.
    """
    with _kernel_folder() as folder:
        manager = AsyncKernelManager(kernel_name="python3")
        if sys.platform != "win32":
            # A socket in a folder of our own: nothing listens on the network. The path of a
            # socket ends at 107 bytes, hence the short folder.
            manager.transport = "ipc"
            manager.ip = str(folder / "k")
        if kernel.config:
            profile = folder / "profile_default"
            profile.mkdir()
            (profile / "ipython_kernel_config.py").write_text(kernel.config, encoding="utf-8")
        client = NotebookClient(
            built,
            km=manager,
            timeout=kernel.timeout_s,
            startup_timeout=120,
            resources={"metadata": {"path": str(kernel.folder)}},
        )
        env = {
            **os.environ,
            "IPYTHONDIR": str(folder),
            "JUPYTER_RUNTIME_DIR": str(folder),
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
            **kernel.environment,
        }
        running: list[nbformat.NotebookNode] = []
        client.on_cell_execute = lambda cell, cell_index: running.append(cell)
        try:
            _execute(client, manager, env)
        except CellExecutionError as error:
            raise _cell_error(built, kernel) or error from error
        except (CellTimeoutError, DeadKernelError) as error:
            raise _stopped(running[-1], kernel, error) from error
    # A value whose display raises does not stop the cell, but its reader would miss it
    fault = _cell_error(built, kernel)
    if fault is not None:
        raise fault


def _execute(client: NotebookClient, manager: AsyncKernelManager, env: Mapping[str, str]) -> None:
    """Execute in another thread: in the main one nbclient takes signals its own way, and stops
    with an error of its own. Where the user gives up, the kernel ends before we do.
    """
    with ThreadPoolExecutor(max_workers=1) as pool:
        # cleanup_kc: nbclient leaves a kernel running whose manager it was given
        done = pool.submit(client.execute, env=env, cleanup_kc=True)
        try:
            done.result()
        except KeyboardInterrupt:
            while not done.done():
                _kill(getattr(manager.provisioner, "pid", None))
                wait([done], timeout=0.2)
            raise


def _kill(pid: int | None) -> None:
    if pid is None:
        return
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        for each in (*process.children(recursive=True), process):
            with suppress(psutil.Error):
                each.kill()


@contextmanager
def _kernel_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="br-", dir=None if sys.platform == "win32" else "/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cell_error(built: nbformat.NotebookNode, kernel: Kernel) -> CellError | None:
    for cell in built.cells:
        tags = cell.metadata.get("tags", ())
        if "raises-exception" in tags or "skip-execution" in tags:
            continue
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                traceback = ansi.without("\n".join(output.traceback))
                # The innermost line that stands in the cell itself
                found = _LINE_IN_CELL.findall(traceback)
                line = int(next(filter(None, found[-1]))) if found else _syntax_line(traceback)
                lines = str(output.evalue).splitlines() or [""]
                hint = "\n".join(text.strip(" →") for text in lines[1:] if text.strip())
                return _error(kernel.name, cell, line, f"{output.ename}: {lines[0]}", hint)
    return None


def _syntax_line(traceback: str) -> int:
    match = re.search(r"line (\d+)", traceback)
    return int(match[1]) if match else 1


def _error(
    name: str, cell: nbformat.NotebookNode, line: int, message: str, remedy: str = ""
) -> CellError:
    label = (cell.metadata[notebook.KEY].get("options") or {}).get("label")
    which = f"cellen «{label}»" if label else "en cell utan etikett"
    return CellError(
        f"{name}{which if name else which[0].upper() + which[1:]} gav fel: {message}",
        place=notebook.place(cell, line),
        remedy=remedy or "Rätta raden, eller datafilen som den läser, och kör om.",
    )


def _stopped(cell: nbformat.NotebookNode, kernel: Kernel, error: Exception) -> BerattelseError:
    if isinstance(error, CellTimeoutError):
        return _error(
            kernel.name,
            cell,
            1,
            f"tidsgränsen {kernel.timeout_s:g} sekunder är passerad",
            "Gör cellen snabbare, eller höj «tidsgrans» i _quarto.yml.",
        )
    return _error(kernel.name, cell, 1, "Pythonprocessen avslutades", "Minnet kan ha tagit slut.")


def inline_faults(built: nbformat.NotebookNode, name: str = "") -> list[CellError]:
    """Return a fault for each inline value that raised; `name` is what each begins with."""
    faults = []
    for cell in built.cells:
        if cell.metadata[notebook.KEY]["kind"] != "inline":
            continue
        results = inline.results(cell)
        for number, result in enumerate(results, start=1):
            if "error" in result:
                which = f"{name}värdet" if name else "Värdet"
                faults.append(
                    CellError(
                        f"{which} `{result['expression']}` i texten gav fel: {result['error']}",
                        place=notebook.place(cell, number),
                        remedy="Rätta uttrycket, eller datafilen som det läser, och kör om.",
                    )
                )
    return faults
