"""What a chart says, in one to four Swedish sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from berattelse import literal
from berattelse.charts.grid import Cell, Grid
from berattelse.missing import Missing
from berattelse.text.numbers import rakneord
from berattelse.text.prose import lista, riktning_ord, stor

FEW = 6
"""Up to so many numbers are all told."""
COUNTS = ("antal", "st")
MANY_SERIES = 4
"""More series than this are summarised together."""


def kind_sentence(kind: str, what: str, grid: Grid) -> str:
    """Tell the kind of chart, what it shows, its series and its span."""
    what = literal.short(literal.plain(what))
    # "Andel nöjda" goes into the sentence, "IFO" keeps its capitals
    inner = what if what[1:2].isupper() else what[:1].lower() + what[1:]
    subject = f" över {inner}" if what else ""
    names = [name for name in grid.series if name]
    series = f" för {lista(names)}" if 1 < len(names) <= MANY_SERIES else ""
    if len(names) > MANY_SERIES:
        series = f" med {rakneord(len(names))} serier"
    unit = f", i {grid.unit}" if grid.unit and grid.unit not in what.lower() else ""
    if grid.unit in COUNTS:
        unit = f" ({grid.unit})" if grid.unit not in what.lower() else ""
    return f"{kind}{subject}{series}{unit}."


def bar_sentences(grid: Grid) -> list[str]:
    """Tell all numbers of a small chart, else the highest and lowest of each series."""
    if not grid.known:
        return ["Alla uppgifter saknas."]
    told = sum(len(row) for row in grid.cells) <= FEW
    if told:
        sentences = [_all(grid)]
    elif len(grid.series) <= MANY_SERIES:
        extremes = [_extremes(grid, i) for i in range(len(grid.series)) if grid.points(i)]
        sentences = [stor("; ".join(extremes)) + "."]
    else:
        numbers = [
            (number, grid.series[i], grid.labels[at])
            for i in range(len(grid.series))
            for at, number in grid.points(i)
        ]
        high, low = max(numbers, key=lambda n: n[0]), min(numbers, key=lambda n: n[0])
        among = _among(cell for row in grid.cells for cell in row)
        sentences = [
            f"Högst {among}är {high[1]}, {high[2]}, med {grid.with_unit(high[0])} och lägst "
            f"{low[1]}, {low[2]}, med {grid.with_unit(low[0])}."
        ]
    return sentences + ([] if told else _gaps(grid))


def _all(grid: Grid) -> str:
    parts = []
    for name, row in zip(grid.series, grid.cells, strict=True):
        told = [
            f"{label} {cell if isinstance(cell, Missing) else grid.with_unit(cell)}"
            for label, cell in zip(grid.labels, row, strict=True)
        ]
        parts.append(f"{name}: {lista(told)}" if name else lista(told))
    return stor("; ".join(parts)) + "."


def _among(cells: Iterable[Cell]) -> str:
    """Return what makes a claim of a highest figure true where hidden ones may be higher."""
    return "av de redovisade " if any(map(_hidden, cells)) else ""


def _hidden(cell: Cell) -> bool:
    return isinstance(cell, Missing) and cell.orsak == "skyddad"


def _extremes(grid: Grid, series: int) -> str:
    points = grid.points(series)
    among = _among(grid.cells[series])
    high = max(points, key=lambda point: point[1])
    low = min(points, key=lambda point: point[1])
    prefix = f"{grid.series[series]}: " if grid.series[series] else ""
    if high[1] == low[1]:
        return f"{prefix}{grid.with_unit(high[1])} i alla {among.replace('av de', '')}".rstrip()
    return (
        f"{prefix}högst {among}är {grid.labels[high[0]]} med {grid.with_unit(high[1])}, "
        f"lägst {grid.labels[low[0]]} med {grid.with_unit(low[1])}"
    )


def line_sentences(grid: Grid) -> list[str]:
    """Tell for each series where it began and ended, and its peak if that lies between."""
    if not grid.known:
        return ["Alla uppgifter saknas."]
    if len(grid.series) > MANY_SERIES:
        return [_many_lines(grid), *_gaps(grid)]
    parts = [_course(grid, i) for i in range(len(grid.series)) if grid.points(i)]
    return [stor("; ".join(parts)) + ".", *_gaps(grid)]


def _course(grid: Grid, series: int) -> str:
    points = grid.points(series)
    (first, start), (last, end) = points[0], points[-1]
    name = grid.series[series] or "värdet"
    if len(points) == 1:
        return f"{name} är {grid.with_unit(start)} {grid.labels[first]}, enda mätningen"
    begun, ended = (
        ("år " if grid.keys[i].isdigit() else "") + grid.labels[i] for i in (first, last)
    )
    course = riktning_ord(end, start, ("har ökat", "har minskat", "är detsamma"))
    if start == end:
        text = f"{name} är {grid.with_unit(start)} både {begun} och {ended}"
    else:
        text = (
            f"{name} {course} från {grid.format(start)} {begun} till {grid.with_unit(end)} {ended}"
        )
    extremes = []
    for word, chosen in (
        ("högst", max(points, key=lambda p: p[1])),
        ("lägst", min(points, key=lambda p: p[1])),
    ):
        if chosen[1] not in (start, end):
            year = "år " if grid.keys[chosen[0]].isdigit() else ""
            extremes.append(f"{word} {grid.format(chosen[1])} {year}{grid.labels[chosen[0]]}")
    if extremes and (among := _among(grid.cells[series])):
        extremes[0] = among + extremes[0]
    return f"{text} ({', '.join(extremes)})" if extremes else text


def _many_lines(grid: Grid) -> str:
    ends = [
        (grid.points(i)[0][1], grid.points(i)[-1][1])
        for i in range(len(grid.series))
        if len(grid.points(i)) > 1
    ]
    rising = sum(end > start for start, end in ends)
    falling = sum(end < start for start, end in ends)
    last = [
        (grid.points(i)[-1][1], grid.series[i]) for i in range(len(grid.series)) if grid.points(i)
    ]
    high, low = max(last), min(last)
    among = _among(cell for row in grid.cells for cell in row)
    span = "första till sista redovisade värdet" if among else "första till sista mätningen"
    return (
        f"Från {span} har {_of_series(rising)} ökat och {_of_series(falling)} minskat; "
        f"senast {among}är {high[1]} högst med {grid.with_unit(high[0])} "
        f"och {low[1]} lägst med {grid.with_unit(low[0])}."
    )


def _of_series(count: int) -> str:
    return f"{rakneord(count)} {'serie' if count == 1 else 'serier'}" if count else "ingen serie"


def _gaps(grid: Grid) -> list[str]:
    """Tell which categories lack numbers, and which are hidden: by name if they are few."""
    cells = [(i, cell) for row in grid.cells for i, cell in enumerate(row)]
    lacking = [i for i, cell in cells if isinstance(cell, Missing) and not _hidden(cell)]
    hidden = [i for i, cell in cells if _hidden(cell)]
    return [
        *_gap(grid, "Uppgift saknas", lacking),
        *_gap(grid, "Skyddade uppgifter finns", hidden),
    ]


def _gap(grid: Grid, what: str, positions: Sequence[int]) -> list[str]:
    labels = list(dict.fromkeys(grid.labels[i] for i in positions))
    if not labels:
        return []
    if len(labels) <= MANY_SERIES:
        some = "" if len(grid.series) == 1 else " i någon serie"
        return [f"{what}{some} för {lista(labels)}."]
    if len(labels) == len(grid.keys):
        return [f"{what} för alla punkter på axeln."]
    return [f"{what} för {rakneord(len(labels))} av {len(grid.keys)} punkter på axeln."]


def target_sentences(
    grid: Grid, targets: Sequence[float | Missing], last_only: bool = False
) -> list[str]:
    """Compare the numbers with the target: how many lie at it, above it, below it.

    Args:
        grid: the numbers.
        targets: the target of each category.
        last_only: compare each series' last number only (lines).
    """
    pairs = [
        (number, target)
        for i in range(len(grid.series))
        for at, number in (grid.points(i)[-1:] if last_only else grid.points(i))
        if not isinstance(target := targets[at], Missing)
    ]
    if not pairs:
        return []
    same = {target for _, target in pairs}
    name = f"målet {grid.with_unit(same.pop())}" if len(same) == 1 else "sitt mål"
    above = sum(number > target for number, target in pairs)
    below = sum(number < target for number, target in pairs)
    if len(pairs) == 1:
        where = "över" if above else "under" if below else "på"
        return [f"Det {'senaste ' if last_only else ''}värdet ligger {where} {name}."]
    counts = [
        (count, word)
        for count, word in ((above, "över"), (len(pairs) - above - below, "på"), (below, "under"))
        if count
    ]
    told_of = "redovisade " if _among(cell for row in grid.cells for cell in row) else ""
    what = f"de {rakneord(len(pairs))} {'senaste ' if last_only else ''}{told_of}värdena"
    if len(counts) == 1:
        return [f"{stor(what)} ligger {counts[0][1]} {name}."]
    told = [f"{rakneord(count, genus='t')} {word}" for count, word in counts]
    return [f"Av {what} ligger {lista(told)} {name}."]
