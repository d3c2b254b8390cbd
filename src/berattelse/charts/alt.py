"""What a chart says, in one to four Swedish sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from berattelse import literal
from berattelse.charts.finding import when
from berattelse.charts.grid import Cell, Grid, in_time
from berattelse.charts.units import MONEY, PLAIN, SHARES, is_counted
from berattelse.missing import Missing
from berattelse.text.numbers import rakneord
from berattelse.text.prose import lista, riktning_ord, stor

FEW = 6
"""Up to so many numbers are all told."""
MANY_SERIES = 4
"""More series than this are summarised together."""


def kind_sentence(kind: str, what: str, grid: Grid) -> str:
    """Tell the kind of chart, what it shows, its series and its span."""
    what = literal.short(literal.plain(what))
    # "Andel nöjda" goes into the sentence, "IFO" keeps its capitals
    inner = what if what[1:2].isupper() else what[:1].lower() + what[1:]
    unit = f", i {grid.unit}" if grid.unit and grid.unit not in what.lower() else ""
    if grid.unit in PLAIN:
        unit = f" ({grid.unit})" if grid.unit not in what.lower() else ""
    if inner.lower() in ("", grid.unit.lower()):
        inner, unit = _measured(grid.unit), ""
    names = [name for name in grid.series if name]
    series = f" för {lista(names)}" if 1 < len(names) <= MANY_SERIES else ""
    if len(names) > MANY_SERIES:
        series = f" med {rakneord(len(names))} serier"
    return f"{kind} över {inner}{_each(grid, inner)}{series}{unit}."


def _measured(unit: str) -> str:
    """Say what a chart shows of which only the unit is known."""
    if is_counted(unit):
        return f"antal {unit}"
    if unit in PLAIN:
        return "antal"
    of_what = "andelar" if unit in SHARES else "belopp" if unit in MONEY else "värden"
    return f"{of_what} i {unit}" if unit else of_what


def _each(grid: Grid, what: str) -> str:
    """Say which periods the categories are: " per år"."""
    if not in_time(grid.keys) or " per " in f" {what} ":
        return ""
    forms = {4: " per år", 7: " per månad" if "-" in grid.keys[0] else ""}
    return forms.get(len(grid.keys[0]), "")


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
        high, low = max(n for n, *_ in numbers), min(n for n, *_ in numbers)
        among = _among(cell for row in grid.cells for cell in row)
        named = [(number, f"{name}, {label},") for number, name, label in numbers]
        sentences = [f"Alla {among.replace('av de ', '')}värden är {grid.with_unit(high)}."]
        if grid.format(high) != grid.format(low):
            most, fewest = (_those(grid, named, n, few=1) for n in (high, low))
            sentences = [
                f"Högst {among}är {most} med {grid.with_unit(high)} och lägst {fewest} med "
                f"{grid.with_unit(low)}."
            ]
    return sentences + ([] if told else _gaps(grid))


def _all(grid: Grid) -> str:
    """Tell every number, so that none runs together with a year or a label that ends in one.

    A year and a colon before a number would read as the number of a law.
    """
    parts = []
    for name, row in zip(grid.series, grid.cells, strict=True):
        first = next((i for i, cell in enumerate(row) if not isinstance(cell, Missing)), 0)
        told = []
        for i, cell in enumerate(row):
            once = in_time(grid.keys) and is_counted(grid.unit)
            number = grid.format if once and i != first else grid.with_unit
            text = str(cell) if isinstance(cell, Missing) else number(cell)
            told.append(_of(grid, i, text))
        parts.append(f"{name}: {lista(told)}" if name else lista(told))
    return stor("; ".join(parts)) + "."


def _of(grid: Grid, at: int, text: str) -> str:
    if in_time(grid.keys):
        return f"{text} {when(grid.keys[at])}"
    label = grid.labels[at]
    return f"{label} ({text})" if label[-1:].isdigit() else f"{label} {text}"


def _among(cells: Iterable[Cell]) -> str:
    """Return what makes a claim of a highest figure true where hidden ones may be higher."""
    return "av de redovisade " if any(map(_hidden, cells)) else ""


def _those(grid: Grid, named: Sequence[tuple[float, str]], number: float, few: int = 3) -> str:
    """Return all that have a number, as it is printed: their names if they are few, or how many."""
    text = grid.format(number)
    names = [name for n, name in named if grid.format(n) == text]
    return (
        lista(names) if len(names) <= few else f"{rakneord(len(names))} av {rakneord(len(named))}"
    )


def _each_of(grid: Grid, named: Sequence[tuple[float, str]], number: float) -> str:
    """Write a number that several may have, so that nobody takes it for their sum."""
    alike = sum(grid.format(n) == grid.format(number) for n, _ in named)
    return f"{grid.with_unit(number)}{' vardera' if alike > 1 else ''}"


def _hidden(cell: Cell) -> bool:
    return isinstance(cell, Missing) and cell.orsak == "skyddad"


def _extremes(grid: Grid, series: int) -> str:
    points = grid.points(series)
    among = _among(grid.cells[series])
    named = [(number, grid.labels[at]) for at, number in points]
    high, low = max(named)[0], min(named)[0]
    prefix = f"{grid.series[series]}: " if grid.series[series] else ""
    if grid.format(high) == grid.format(low):
        return f"{prefix}{grid.with_unit(high)} i alla {among.replace('av de', '')}".rstrip()
    return (
        f"{prefix}högst {among}är {_those(grid, named, high)} med {_each_of(grid, named, high)}, "
        f"lägst {_those(grid, named, low)} med {_each_of(grid, named, low)}"
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
        return f"{name} är {grid.with_unit(start)} {when(grid.keys[first])}, enda mätningen"
    begun, ended = when(grid.keys[first]), when(grid.keys[last])
    course = riktning_ord(end, start, ("har ökat", "har minskat", "är detsamma"))
    if grid.format(start) == grid.format(end):
        text = f"{name} är {grid.with_unit(start)} både {begun} och {ended}"
    else:
        text = (
            f"{name} {course} från {grid.format(start)} {begun} till {grid.with_unit(end)} {ended}"
        )
    extremes = []
    numbers = [number for _, number in points]
    for word, number in (("högst", max(numbers)), ("lägst", min(numbers))):
        told = grid.format(number)
        if told not in (grid.format(start), grid.format(end)):
            at = [when(grid.keys[i]) for i, n in points if grid.format(n) == told]
            extremes.append(
                f"{word} {told} {at[0] if len(at) == 1 else f'{rakneord(len(at))} gånger'}"
            )
    if extremes and (among := _among(grid.cells[series])):
        extremes[0] = among + extremes[0]
    return f"{text} ({', '.join(extremes)})" if extremes else text


def _many_lines(grid: Grid) -> str:
    ends = [
        (grid.points(i)[0][1], grid.points(i)[-1][1])
        for i in range(len(grid.series))
        if len(grid.points(i)) > 1
    ]
    ends = [(start, end) for start, end in ends if grid.format(start) != grid.format(end)]
    rising = sum(end > start for start, end in ends)
    falling = sum(end < start for start, end in ends)
    last = [
        (grid.points(i)[-1][1], grid.series[i]) for i in range(len(grid.series)) if grid.points(i)
    ]
    high, low = max(last)[0], min(last)[0]
    among = _among(cell for row in grid.cells for cell in row)
    span = "första till sista redovisade värdet" if among else "första till sista mätningen"
    course = f"Från {span} har {_of_series(rising)} ökat och {_of_series(falling)} minskat"
    if grid.format(high) == grid.format(low):
        return f"{course}; senast är alla {among.replace('av de ', '')}på {grid.with_unit(high)}."
    return (
        f"{course}; senast {among}är {_those(grid, last, high)} högst med {grid.with_unit(high)} "
        f"och {_those(grid, last, low)} lägst med {grid.with_unit(low)}."
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
    same = {grid.format(target) for _, target in pairs}
    name = f"målet {grid.with_unit(pairs[0][1])}" if len(same) == 1 else "sitt mål"
    # What is printed alike is alike, as in the title
    apart = [(n, target) for n, target in pairs if grid.format(n) != grid.format(target)]
    above = sum(number > target for number, target in apart)
    below = len(apart) - above
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
