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
from statistics import median
from typing import Any
from unittest import mock

import psutil
import typst
from rich.console import Console
from rich.table import Table

from berattelse import includes, notebook, qmd, tools
from berattelse.compose import compose
from berattelse.config import Settings, find_root, read_settings
from berattelse.data import TARGET_VARIABLE
from berattelse.errors import BerattelseError
from berattelse.execute import execute, metadata
from berattelse.model import FORMATS, Job
from berattelse.pipeline import timestamp
from berattelse.plan import Selection, plan
from berattelse.typeset import TYPESETTERS
from berattelse.typeset.inbyggd import WRITERS

STAGES = ("execute", "compose", *FORMATS)
SAMPLE_S = 0.05
"""Between two looks at the memory: a look at the process tree costs some milliseconds."""


@dataclass(frozen=True)
class Cost:
    """What a stage took; `cpu_s` holds child processes too."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    """Largest sum of resident memory over the process tree, in millions of bytes."""


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
    """Measures stages of this process; `peaks[0]` is written by the sampling process."""

    def __init__(self, peaks: Any, slot: int) -> None:
        self.peaks, self.slot = peaks, slot
        self.costs: dict[str, Cost] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what happens within."""
        self.peaks[self.slot] = 0.0
        wall, cpu = time.perf_counter(), cpu_s()
        yield
        wall, cpu = time.perf_counter() - wall, cpu_s() - cpu
        # A stage shorter than a sample has the memory of this moment
        peak = max(self.peaks[self.slot], tree_bytes(os.getpid(), set()) if self.slot else 0.0)
        self.costs[name] = Cost(wall, cpu, peak / 1e6)


def tree_bytes(pid: int, without: set[int]) -> float:
    """Return the resident memory of a process and its descendants, in bytes."""
    total = 0.0
    try:
        root = psutil.Process(pid)
        tree = [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    for process in tree:
        if process.pid not in without:
            try:
                total += process.memory_info().rss
            except psutil.Error:
                continue  # it ended between the list and the look
    return total


def sample(engine: int, without: set[int], floor: int, peaks: Any) -> None:
    """Keep the highest memory of engine and floor in `peaks`; runs in a process of its own."""
    without = without | {os.getpid()}
    while psutil.pid_exists(engine):
        peaks[0] = max(peaks[0], tree_bytes(engine, without))
        peaks[1] = max(peaks[1], tree_bytes(floor, set()))
        time.sleep(SAMPLE_S)


# The engine -----------------------------------------------------------------------------------


def measure_engine(
    settings: Settings, job: Job, folder: Path, peaks: Any
) -> tuple[dict[str, Cost], dict[str, Calls]]:
    """Take a target through the stages of `pipeline.py` and record its calls of outside tools."""
    meter, calls = Meter(peaks, 0), {name: Calls() for name in STAGES}
    typesetter = TYPESETTERS["inbyggd"]()
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
            calls.typst.append((*self.call, options))
            return self.compiler.compile(**options)

    with (
        mock.patch.object(subprocess, "run", recorded_run),
        mock.patch.object(typst, "Compiler", RecordedCompiler),
    ):
        yield


def passing_files(command: Sequence[str], folder: Path) -> dict[str, bytes]:
    """Return the engine's own passing files that a command reads, which are gone afterwards."""
    scratch = Path(tempfile.gettempdir()).resolve()
    found = {}
    for part in command[1:]:
        path = Path(part.partition("=")[2] if part.startswith("--") else part)
        if not (path.is_absolute() and path.is_file()):
            continue
        path = path.resolve()
        passing = path.is_relative_to(scratch) and path.relative_to(scratch).parts[0].startswith(
            "berattelse-"
        )
        if passing and not path.is_relative_to(folder.resolve()):
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


def warm_up() -> int:
    """Import what the cells and calls need, in the floor's process; return its id."""
    for name in ("pandas", "great_tables", "matplotlib.figure", "berattelse.charts", "typst"):
        importlib.import_module(name)
    vocabulary = importlib.import_module("berattelse")
    for name in vocabulary.__all__:
        getattr(vocabulary, name)
    return os.getpid()


PEAKS: list[Any] = []  # in the floor's process: the array that is shared with the sampler


def floor_begins(peaks: Any) -> None:
    """Receive the shared array; runs once when the floor's process starts."""
    PEAKS.append(peaks)


def measure_floor(settings: Settings, job: Job, calls: dict[str, Calls]) -> dict[str, Cost]:
    """Do the target's unavoidable work bare: its cells, then the recorded calls."""
    source = qmd.read(
        job.source, includes.resolver(settings.root, job.target), metadata(settings, job)
    )
    cells = notebook.build(qmd.blocks(source.lines), job.parameters).cells
    target = job.target
    os.environ[TARGET_VARIABLE] = f"{target.rapport}/{target.kommun}/{target.ar}"
    os.chdir(job.source.parent)
    meter = Meter(PEAKS[0], 1)
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


REMADE: dict[Fonts, Any] = {}


def typst_again(
    args: tuple[Any, ...], options: dict[str, Any], compilation: dict[str, Any]
) -> Callable[[], Any]:
    """Return the same call of typst."""
    for name, option in options.items():
        if isinstance(option, Fonts):
            fonts = Fonts(
                tuple((key, tuple(v) if isinstance(v, list) else v) for key, v in option.options)
            )
            if fonts not in REMADE:
                REMADE[fonts] = typst.Fonts(**dict(option.options))
            options = options | {name: REMADE[fonts]}
    return lambda: typst.Compiler(*args, **options).compile(**compilation)


# The table ------------------------------------------------------------------------------------

Costs = dict[str, Cost]


def middle(rounds: Sequence[Costs]) -> Costs:
    """Return the median of each figure over the rounds."""
    return {
        name: Cost(
            *(
                median(getattr(costs[name], what) for costs in rounds)
                for what in ("wall_s", "cpu_s", "peak_mb")
            )
        )
        for name in STAGES
    }


def total(costs: Sequence[Cost]) -> Cost:
    """Return the sum of the seconds and the largest memory."""
    return Cost(
        sum(cost.wall_s for cost in costs),
        sum(cost.cpu_s for cost in costs),
        max(cost.peak_mb for cost in costs),
    )


def number(value: float, decimals: int = 2) -> str:
    """Write a number with decimal comma."""
    return f"{value:.{decimals}f}".replace(".", ",")


def ratio(engine: float, floor: float) -> str:
    """Write engine/floor; nothing where the floor is nothing."""
    return number(engine / floor) if floor >= 0.005 else "–"


def add_row(table: Table, name: str, stage: str, engine: Cost, floor: Cost) -> None:
    """Add one line of figures."""
    table.add_row(
        name,
        stage,
        number(engine.wall_s),
        number(floor.wall_s),
        ratio(engine.wall_s, floor.wall_s),
        number(engine.cpu_s),
        number(floor.cpu_s),
        ratio(engine.cpu_s, floor.cpu_s),
        number(engine.peak_mb, 0),
        number(floor.peak_mb, 0),
        style="bold" if stage == "summa" else None,
    )


def show(results: dict[str, tuple[Costs, Costs]], rounds: int) -> None:
    """Print the table."""
    table = Table(title=f"Motor och golv, median av {rounds} varv")
    table.add_column("Berättelse", no_wrap=True)
    table.add_column("Steg", no_wrap=True)
    for head in ("Tid s", "golv", "kvot", "CPU s", "golv", "kvot", "Minne MB", "golv"):
        table.add_column(head, justify="right", no_wrap=True)
    sums: list[tuple[Cost, Cost]] = []
    for name, (engine, floor) in results.items():
        for stage in STAGES:
            add_row(table, name if stage == STAGES[0] else "", stage, engine[stage], floor[stage])
        sums.append((total(list(engine.values())), total(list(floor.values()))))
        add_row(table, "", "summa", *sums[-1])
        table.add_section()
    add_row(table, "Alla", "summa", total([e for e, _ in sums]), total([f for _, f in sums]))
    console = Console()
    # In a pipe rich would cut the table at 80 characters
    console = console if console.is_terminal else Console(width=120)
    console.print(table)
    console.print(
        "Golv: samma celler i en varm Pythonprocess, och samma anrop av pandoc och typst utan "
        "något runt dem. Minne: högsta summan över processträdet."
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Mät tid och minne per berättelse och steg.")
    for name in ("rapport", "kommun", "ar"):
        parser.add_argument(f"--{name}", action="append", default=[], help="urval, med * och ?")
    parser.add_argument("--varv", type=int, default=1, help="antal mätningar; medianen visas")
    return parser.parse_args()


def main() -> None:
    """Measure the chosen targets and print the table."""
    given = arguments()
    os.environ["MPLBACKEND"] = "agg"
    settings = read_settings(find_root(Path.cwd()))
    chosen = plan(settings, Selection(tuple(given.rapport), tuple(given.kommun), tuple(given.ar)))
    for fault in chosen.faults.values():
        print(fault, file=sys.stderr)
    for module in WRITERS.values():
        importlib.import_module(module)
    tools.pandoc_path()
    context = multiprocessing.get_context("spawn")
    peaks = context.RawArray("d", 2)
    rounds = max(1, given.varv)
    results: dict[str, tuple[Costs, Costs]] = {}
    with ProcessPoolExecutor(1, context, floor_begins, (peaks,)) as pool:
        floor_id = pool.submit(warm_up).result()
        helpers = {child.pid for child in psutil.Process().children(recursive=True)}
        sampler = context.Process(
            target=sample, args=(os.getpid(), helpers, floor_id, peaks), daemon=True
        )
        sampler.start()
        for job in chosen.jobs:
            measured: list[tuple[Costs, Costs]] = []
            for _ in range(rounds):
                print(f"mäter {job.target}", file=sys.stderr)
                with tempfile.TemporaryDirectory(prefix="berattelse-") as folder:
                    engine, calls = measure_engine(settings, job, Path(folder), peaks)
                    floor = pool.submit(measure_floor, settings, job, calls).result()
                measured.append((engine, floor))
            results[str(job.target)] = (
                middle([e for e, _ in measured]),
                middle([f for _, f in measured]),
            )
        sampler.terminate()
    show(results, rounds)


if __name__ == "__main__":
    try:
        main()
    except BerattelseError as error:
        sys.exit(str(error))
