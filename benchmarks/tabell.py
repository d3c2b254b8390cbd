"""The table of `rapport.py`: figures of engine and floor side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from berattelse.model import FORMATS

STAGES = ("execute", "compose", *FORMATS)


@dataclass(frozen=True)
class Cost:
    """What a stage took; `cpu_s` holds child processes too."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    """Largest sum of resident memory over the process tree, in millions of bytes."""


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
