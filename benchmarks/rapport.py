"""Measure where the time of a berättelse goes, against the least that it could take.

    python benchmarks/rapport.py [--rapport … --kommun … --ar …] [--varv N]

Each target is measured alone, stage by stage. The floor is measured in the same run: the same
cells and inline values in one warm Python process (no kernel, no IPython, imports done), and the
same calls of pandoc and typst as the engine made, recorded and made again with nothing around
them. Nothing is asserted: a figure is a fact of the machine it was measured on.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import importlib
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import psutil
import typst
from tabell import Cost, Costs, middle, show

from berattelse import includes, notebook, prepared, qmd, tools
from berattelse.charts import theme
from berattelse.compose import compose
from berattelse.config import Settings, find_root, read_settings
from berattelse.data import TARGET_VARIABLE
from berattelse.errors import BerattelseError
from berattelse.execute import execute, metadata
from berattelse.model import FORMATS, Job
from berattelse.pipeline import pass_gate, timestamp
from berattelse.plan import Selection, plan
from berattelse.typeset import TYPESETTERS
from berattelse.typeset.inbyggd import WRITERS

SAMPLE_S = 0.05
"""Between two looks at the memory: a look at the process tree costs some milliseconds."""


@dataclass
class Calls:
    """Calls of outside tools that one stage made, as they can be made again in any process."""

    pandoc: list[tuple[Any, dict[str, Any], dict[str, bytes]]] = field(default_factory=list)
    """Arguments, options, and files that have gone since: path -> content."""
    typst: list[tuple[tuple[Any, ...], dict[str, Any], dict[str, Any]]] = field(
        default_factory=list
    )
    """Arguments and options of the compiler, and options of its one compilation."""


@dataclass(frozen=True)
class Fonts:
    """Stands for a `typst.Fonts`, which cannot be sent to another process."""

    options: tuple[tuple[str, Any], ...]


def cpu_s() -> float:
    """Return the CPU seconds of this process and of those of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


class Meter:
    """Measures stages of this process; the sampling process looks at its memory meanwhile."""

    def __init__(self) -> None:
        self.costs: dict[str, Cost] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what happens within."""
        WATCHED.peak.value = 0.0
        wall, cpu = time.perf_counter(), cpu_s()
        yield
        wall, cpu = time.perf_counter() - wall, cpu_s() - cpu
        # A stage may be shorter than the time between two samples
        peak = max(WATCHED.peak.value, tree_bytes(os.getpid()))
        self.costs[name] = Cost(wall, cpu, peak / 1e6)


@dataclass(frozen=True)
class Watched:
    """What a measuring process shares with the sampling process."""

    pid: Any
    """Id of the process that measures just now; 0 when none does."""
    peak: Any
    """Highest memory of its tree that was seen since it was put to zero, in bytes."""


WATCHED: Watched
"""Set in a measuring process when it begins."""


def tree_bytes(pid: int) -> float:
    """Return the resident memory of a process and its descendants, in bytes."""
    total = 0.0
    try:
        root = psutil.Process(pid)
        tree = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    for process in tree:
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue  # it ended between the list and the look
    return total


def sample(watched: Watched) -> None:
    """Keep the highest memory of the measuring process; runs in a process of its own."""
    while True:
        if watched.pid.value:
            watched.peak.value = max(watched.peak.value, tree_bytes(watched.pid.value))
        time.sleep(SAMPLE_S)


def begin(watched: Watched, scratch: Path) -> None:
    """Make this process ready to measure: imports done, passing files in `scratch`."""
    global WATCHED
    WATCHED = watched
    watched.pid.value = os.getpid()
    # A process that multiprocessing ends does not remove its passing files itself
    tempfile.tempdir = str(scratch)
    os.environ["MPLBACKEND"] = "agg"
    for name in (*WRITERS.values(), "pandas", "great_tables", "matplotlib.figure"):
        importlib.import_module(name)
    vocabulary = importlib.import_module("berattelse")
    for name in vocabulary.__all__:
        getattr(vocabulary, name)
    tools.pandoc_path()


# The engine -----------------------------------------------------------------------------------


def measure_engine(
    settings: Settings, job: Job, folder: Path
) -> tuple[dict[str, Cost], dict[str, Calls]]:
    """Take a target through the stages of `pipeline.py` and record its calls of outside tools."""
    meter, calls = Meter(), {name: Calls() for name in FORMATS}
    typesetter = TYPESETTERS["inbyggd"](settings)
    with meter.stage("execute"):
        executed = execute(settings, job)
    with meter.stage("compose"):
        document = compose(executed, folder, timestamp(job))
    for format_ in FORMATS:
        with recording(calls[format_], folder), meter.stage(format_):
            typesetter.typeset(document, format_, folder / f"ut.{format_}")
    return meter.costs, calls


@contextmanager
def recording(calls: Calls, folder: Path) -> Iterator[None]:
    """Write down every call of pandoc and typst; what they do is not changed."""
    run, compiler = subprocess.run, typst.Compiler
    pandoc = tools.pandoc_path()

    def recorded_run(command: Any, *args: Any, **options: Any) -> Any:
        if command[0] == pandoc:
            calls.pandoc.append((list(command), options, passing_files(command, folder)))
        return run(command, *args, **options)

    class RecordedCompiler:
        def __init__(self, *args: Any, **options: Any) -> None:
            self.call = args, {name: portable(item) for name, item in options.items()}
            self.compiler = compiler(*args, **options)

        def compile(self, **options: Any) -> Any:
            # The mark that Word needs as a PNG is drawn in a passing folder: no part of the floor
            if Path(self.call[1].get("root", ".")).resolve() == folder.resolve():
                calls.typst.append((*self.call, options))
            return self.compiler.compile(**options)

    with (
        mock.patch.object(subprocess, "run", recorded_run),
        mock.patch.object(typst, "Compiler", RecordedCompiler),
    ):
        yield


def passing_files(command: Sequence[str], folder: Path) -> dict[str, bytes]:
    """Return the engine's own passing files that a command reads, which are gone afterwards."""
    scratch, found = Path(tempfile.gettempdir()).resolve(), {}
    for part in command[1:]:
        path = Path(part.partition("=")[2] if part.startswith("--") else part)
        if path.is_absolute() and path.is_file():
            path = path.resolve()
            if path.is_relative_to(scratch) and not path.is_relative_to(folder.resolve()):
                found[str(path)] = path.read_bytes()
    return found


def remember_fonts() -> dict[int, Fonts]:
    """Make typst remember how each `typst.Fonts` was made."""
    made, fonts = {}, typst.Fonts

    def remembered(**options: Any) -> Any:
        result = fonts(**options)
        made[id(result)] = Fonts(tuple(options.items()))
        return result

    typst.Fonts = remembered  # type: ignore[assignment, misc]
    return made


FONTS = remember_fonts()


def portable(option: Any) -> Any:
    """Return `option`, or what stands for it in another process."""
    return FONTS.get(id(option), option)


# The floor ------------------------------------------------------------------------------------


def measure_floor(settings: Settings, job: Job, calls: dict[str, Calls]) -> dict[str, Cost]:
    """Do the target's unavoidable work bare: its cells, then the recorded calls."""
    source = qmd.read(
        job.source, includes.resolver(settings.root, job.target), metadata(settings, job)
    )
    cells = notebook.build(qmd.blocks(source.lines), job.parameters).cells
    target = job.target
    os.environ[TARGET_VARIABLE] = f"{target.rapport}/{target.kommun}/{target.ar}"
    os.environ[prepared.VARIABLE] = str(job.prepared)
    os.environ[theme.VARIABLE] = theme.to_text(theme.Theme.of(job.profile))
    os.chdir(job.source.parent)
    meter = Meter()
    with meter.stage("execute"):
        run_cells(cells)
    with meter.stage("compose"):
        pass  # to put outputs in place is the engine's own work
    for format_ in FORMATS:
        again = [
            *(pandoc_again(*call) for call in calls[format_].pandoc),
            *(typst_again(*call) for call in calls[format_].typst),
        ]
        with meter.stage(format_):
            for call in again:
                call()
    return meter.costs


def run_cells(cells: Sequence[Any]) -> None:
    """Execute code cells and the values in the text, in their order, and show the results."""
    names: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
    for cell in cells:
        kind = cell.metadata[notebook.KEY]["kind"]
        if kind == "text":
            for match in qmd.INLINE.finditer(cell.source):
                str(eval(match["expression"].strip(), names))
        elif kind != "inline":  # that cell holds the engine's way to do what stands above
            run_cell(cell.source, names)


def run_cell(code: str, names: dict[str, Any]) -> None:
    """Execute one cell and ask for the display of its last expression, as IPython does."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "<cell>", "exec"), names)
    if last is not None:
        shown = eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)
        for method in ("_repr_mimebundle_", "_repr_html_", "__repr__"):
            if shown is not None and hasattr(shown, method):
                getattr(shown, method)()
                break


def pandoc_again(
    command: Any, options: dict[str, Any], gone: dict[str, bytes]
) -> Callable[[], Any]:
    """Return the same call of pandoc; the files it reads are put back at once."""
    for path, content in gone.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)
    return lambda: subprocess.run(command, **options)


def typst_again(
    args: tuple[Any, ...], options: dict[str, Any], compilation: dict[str, Any]
) -> Callable[[], Any]:
    """Return the same call of typst."""
    for name, option in options.items():
        if isinstance(option, Fonts):
            options = options | {name: typst.Fonts(**dict(option.options))}
    return lambda: typst.Compiler(*args, **options).compile(**compilation)


# The run --------------------------------------------------------------------------------------


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Mät tid och minne per berättelse och steg.")
    for name in ("rapport", "kommun", "ar"):
        parser.add_argument(f"--{name}", action="append", default=[], help="urval, med * och ?")
    parser.add_argument("--varv", type=int, default=1, help="antal mätningar; medianen visas")
    return parser.parse_args()


def measure(settings: Settings, job: Job, watched: Watched) -> tuple[Costs, Costs]:
    """Measure engine and floor of one target, each in a fresh process, one after the other."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory(prefix="berattelse-") as name:
        scratch, folder = Path(name), Path(name, "dokument")
        folder.mkdir()
        with ProcessPoolExecutor(1, context, begin, (watched, scratch)) as pool:
            engine, calls = pool.submit(measure_engine, settings, job, folder).result()
        with ProcessPoolExecutor(1, context, begin, (watched, scratch)) as pool:
            floor = pool.submit(measure_floor, settings, job, calls).result()
        watched.pid.value = 0
    return engine, floor


def main() -> None:
    """Measure the chosen targets and print the table."""
    given = arguments()
    settings = read_settings(find_root(Path.cwd()))
    chosen = plan(settings, Selection(tuple(given.rapport), tuple(given.kommun), tuple(given.ar)))
    for fault in chosen.faults.values():
        print(fault, file=sys.stderr)
    context = multiprocessing.get_context("spawn")
    watched = Watched(context.Value("i", 0, lock=False), context.Value("d", 0.0, lock=False))
    sampler = context.Process(target=sample, args=(watched,), daemon=True)
    sampler.start()
    results: dict[str, tuple[Costs, Costs]] = {}
    with tempfile.TemporaryDirectory(prefix="berattelse-") as passed:
        # The gate is passed once for all: both sides get the figures that it has let through
        begun = time.perf_counter()
        _, jobs, stopped = pass_gate(settings, chosen.jobs, Path(passed))
        print(f"data lästa och kontrollerade på {time.perf_counter() - begun:.2f} s")
        for fault in stopped.values():
            print(fault, file=sys.stderr)
        for job in jobs:
            measured: list[tuple[Costs, Costs]] = []
            for _ in range(max(1, given.varv)):
                print(f"mäter {job.target}", file=sys.stderr)
                measured.append(measure(settings, job, watched))
            results[str(job.target)] = (
                middle([engine for engine, _ in measured]),
                middle([floor for _, floor in measured]),
            )
    sampler.terminate()
    show(results, max(1, given.varv))


if __name__ == "__main__":
    try:
        main()
    except BerattelseError as error:
        sys.exit(str(error))
