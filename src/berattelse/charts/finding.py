"""What a chart shows, in one sentence: its title where the author has written none.

A sentence is made of numbers that are all there: where one that it needs is missing or protected,
it is not said. It tells what is highest, how much has changed from the first period to the last,
or which side of the target the numbers lie on; whether that is good it does not know. Numbers that
are printed alike are treated alike.

Each function returns the sentences that may be said, the fullest first, without a full stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from berattelse.charts import units
from berattelse.charts.grid import Cell, Grid, in_time
from berattelse.missing import Missing
from berattelse.text.numbers import rakneord
from berattelse.text.prose import lista, manad, period_text, riktning_ord, stor

MANY = 6
"""More points than this may vary rather than go from somewhere to somewhere."""

Told = tuple[str, ...]


class Pair(NamedTuple):
    """What is known of a series or category at two points."""

    name: str
    first: float
    last: float
    level: bool = False
    """All numbers from the first to the last are there and printed alike."""


def bars(
    grid: Grid, what: str, stacked: bool, targets: Sequence[float | Missing] | None = None
) -> Told:
    """Return what bars show.

    Args:
        grid: the numbers.
        what: what is measured; empty when only the unit is known.
        stacked: the series of a category are parts of a whole.
        targets: the target of each category.
    """
    if stacked:
        whole = _whole(grid)
        if whole is None:
            return ()
        return _course(whole, what, " sammanlagt") or _extremes(whole, what)
    if targets is not None and (told := _against(grid, targets)):
        return told
    if len(grid.series) == 1:
        return _course(grid, what) or _extremes(grid, what)
    if in_time(grid.keys):
        return _changes(grid, grid.keys, _ends(grid))
    if in_time(grid.series):
        return _changes(
            grid, grid.series, _ends(grid, grid.labels, tuple(zip(*grid.cells, strict=True)))
        )
    return _compared(grid) if len(grid.series) == 2 else _highest(grid)


def lines(grid: Grid, what: str, target: float | None = None) -> Told:
    """Return what lines over periods show; a single one is also compared with its target."""
    if len(grid.series) > 1:
        return _changes(grid, grid.keys, _ends(grid)) if in_time(grid.keys) else ()
    told = _course(grid, what)
    last = grid.cells[0][-1]
    if target is None or isinstance(last, Missing) or not told:
        return told
    goal = f"målet {_amount(grid, target)}"
    if _is_varied(grid):
        # The sentence is of all numbers, and so must the comparison be
        sides = {_side(grid, number, target) for _, number in grid.points(0)}
        return (f"{told[0]}, hela tiden {sides.pop()} {goal}", *told) if len(sides) == 1 else told
    if grid.format(last) == grid.format(target):
        return (f"{told[0]}, vilket är {goal}", *told)
    return (f"{told[0]}, {'över' if last > target else 'under'} {goal}", *told)


def bars_and_lines(grid: Grid, bars: int) -> Told:
    """Return what the first line shows, else the first series of bars."""
    for i in (bars, 0):
        if i < len(grid.series):
            one = Grid(grid.keys, ("",), (grid.cells[i],), grid.unit, grid.format)
            if told := _course(one, grid.series[i]):
                return told
    return ()


def risks(rows: Sequence[tuple[str, int]], total: int) -> Told:
    """Return which risk has the highest value.

    Args:
        rows: name and value of each assessed risk.
        total: how many risks there are, assessed or not.
    """
    if not rows or len(rows) < total:
        return ()
    top = max(value for _, value in rows)
    names = [name for name, value in rows if value == top]
    if total == 1:
        return (f"{names[0]} har riskvärdet {top}",)
    if len(names) == total:
        every = "Båda riskerna" if total == 2 else f"Alla {rakneord(total)} risker"
        return (f"{every} har riskvärdet {top}",)
    several = f"{rakneord(len(names), stor=True)} av {rakneord(total)} risker har högst riskvärde,"
    named = () if len(names) > 2 else (f"Högst riskvärde, {top}, har {lista(names)}",)
    return (*named, *((f"{several} {top}",) if len(names) > 1 else ()))


# One series ----------------------------------------------------------------------------------


def _course(grid: Grid, what: str, in_all: str = "") -> Told:
    """Tell the change of one series from its first number to its last, and when they are from.

    `in_all` stands after the verb where the numbers are sums.
    """
    row, points = grid.cells[0], grid.points(0)
    if not in_time(grid.keys) or len(points) < 2:
        return ()
    (begin, first), (end, last) = points[0], points[-1]
    if any(_hidden(cell) for cell in (*row[:begin], *row[end:])):
        return ()
    subject, bare = _subject(grid, what)
    begun, ended = when(grid.keys[begin], grid.keys[end]), when(grid.keys[end])
    told = [grid.format(n) if bare else _amount(grid, n) for n in (first, last)]
    if _is_varied(grid):
        return (_varied(grid, f"{subject} varierade{in_all}", bare),)
    if told[0] == told[1]:
        return (f"{subject} var{in_all} {told[0]} både {begun} och {ended}",)
    verb = riktning_ord(last, first, ("steg", "sjönk", "var oförändrat"))
    return (f"{subject} {verb}{in_all} från {told[0]} {begun} till {told[1]} {ended}",)


def _is_varied(grid: Grid) -> bool:
    """Tell whether many numbers, all there, go up and down rather than from one to another."""
    numbers = [number for _, number in grid.points(0)]
    if len(numbers) <= MANY or len(numbers) < len(grid.cells[0]):
        return False
    return abs(numbers[-1] - numbers[0]) < (max(numbers) - min(numbers)) / 2


def _varied(grid: Grid, begun: str, bare: bool) -> str:
    points = grid.points(0)
    parts: list[str] = []
    year = ""
    for number in (max(n for _, n in points), min(n for _, n in points)):
        text = grid.format(number)
        at = [grid.keys[i] for i, n in points if grid.format(n) == text]
        text = text if bare else _amount(grid, number)
        # The year is said once, with what is said last
        parts.insert(0, f"{text} {when(at[0], year)}" if len(at) == 1 else text)
        year = at[0] if len(at) == 1 else ""
    return f"{begun} mellan {parts[0]} och {parts[1]}"


def _extremes(grid: Grid, what: str) -> Told:
    """Tell which category is highest and which is lowest, when no category lacks its number."""
    row = grid.cells[0]
    numbers = [n for n in row if not isinstance(n, Missing)]
    if len(numbers) < len(row) or len(row) < 2:
        return ()
    high, low = _named(grid, max(numbers)), _named(grid, min(numbers))
    if grid.format(max(numbers)) == grid.format(min(numbers)):
        return (f"{_all(len(row))} har samma värde, {_amount(grid, numbers[0])}",)
    most, fewest, bare = "Högst", "lägst", False
    noun = _counted(grid, what)
    if noun is not None and min(numbers) >= 0:
        most, fewest, bare = f"Flest {noun}".rstrip(), "färst", True
    told_high = grid.format(max(numbers)) if bare else _amount(grid, max(numbers))
    told_low = grid.format(min(numbers)) if bare else _amount(grid, min(numbers))
    if not high:
        return (f"{stor(fewest)}: {low} ({told_low})",) if low and not bare else ()
    highest = f"{most}: {high} ({told_high})"
    return (f"{highest}, {fewest}: {low} ({told_low})", highest) if low else (highest,)


def _named(grid: Grid, number: float) -> str:
    """Return the one category that has a number; nothing when several share it."""
    text = grid.format(number)
    found = [_quoted(grid.labels[i]) for i, n in grid.points(0) if grid.format(n) == text]
    return found[0] if len(found) == 1 else ""


# Several series ------------------------------------------------------------------------------


def _changes(grid: Grid, periods: Sequence[str], pairs: Sequence[Pair] | None) -> Told:
    """Tell which has changed the most from the first period to the last."""
    if not pairs:
        return ()
    one, other = _bare_period(periods[0], periods[-1]), _bare_period(periods[-1])
    span = f"från {one} till {other}"
    changed = [
        (abs(last - first), name, first, last)
        for name, first, last, _ in pairs
        if grid.format(first) != grid.format(last)
    ]
    if not changed:
        then, now = when(periods[0], periods[-1]), when(periods[-1])
        return (f"Alla värden är desamma {now} som {then}",)
    both = (_both(grid, span, periods, pairs),) if len(pairs) == 2 else ()
    most = grid.format(max(change for change, *_ in changed))
    largest = [told for told in changed if grid.format(told[0]) == most]
    if len(largest) > 1:
        return both
    _, name, first, last = largest[0]
    told = f"{_quoted(name)}, från {grid.format(first)} till {_amount(grid, last)}"
    return (*both, f"Störst förändring {span}: {told}")


def _both(grid: Grid, span: str, periods: Sequence[str], pairs: Sequence[Pair]) -> str:
    """Tell the change of two: "Från 2021 till 2022 steg A från 1 till 2 och B från 3 till 4".

    One that ends where it began has stayed there only if it never was elsewhere.
    """
    parts, said, end = [], "", ""
    for name, first, last, level in pairs:
        if grid.format(first) == grid.format(last):
            if level:
                parts.append(f"låg {_quoted(name)} kvar på {_amount(grid, last)}")
            else:
                begun, ended = (when(period, periods[0]) for period in (periods[0], periods[-1]))
                if periods[0][:4] == periods[-1][:4] and re.fullmatch(r"\d{4}-\d\d", periods[0]):
                    # The span has said the year
                    begun, ended = f"i {manad(periods[0])}", f"i {manad(periods[-1])}"
                end = f", medan {_quoted(name)} var {_amount(grid, last)} både {begun} och {ended}"
            continue
        verb = "steg" if last > first else "sjönk"
        again = "" if verb == said else f"{verb} "
        said = verb
        parts.append(f"{again}{_quoted(name)} från {grid.format(first)} till {_amount(grid, last)}")
    return f"{stor(span)} {' och '.join(parts)}{end}"


def _ends(
    grid: Grid, names: Sequence[str] = (), rows: Sequence[Sequence[Cell]] = ()
) -> list[Pair] | None:
    """Return first and last of each series, or of the rows; as `_pairs`."""
    rows = rows or grid.cells
    pairs = _pairs((n, row[0], row[-1]) for n, row in zip(names or grid.series, rows, strict=True))
    return pairs and [
        pair._replace(level=len({_printed(grid, cell) for cell in row}) == 1)
        for pair, row in zip(pairs, rows, strict=True)
    ]


def _printed(grid: Grid, cell: Cell) -> str | None:
    return None if isinstance(cell, Missing) else grid.format(cell)


def _side(grid: Grid, number: float, target: float) -> str:
    """Return on which side of a target a number lies, as they are printed."""
    if grid.format(number) == grid.format(target):
        return "på"
    return "över" if number > target else "under"


def _pairs(found: Iterable[tuple[str, Cell, Cell]]) -> list[Pair] | None:
    """Return first and last of each; nothing at all when one of them is missing."""
    pairs: list[Pair] = []
    for name, first, last in found:
        if isinstance(first, Missing) or isinstance(last, Missing):
            return None
        pairs.append(Pair(name, first, last))
    return pairs


def _compared(grid: Grid) -> Told:
    """Tell in how many categories the first of two series is higher than the second."""
    pairs = _pairs(zip(grid.labels, *grid.cells, strict=True))
    if not pairs:
        return ()
    one, other = map(_quoted, grid.series)
    apart = [(a, b) for _, a, b, _ in pairs if grid.format(a) != grid.format(b)]
    over = sum(a > b for a, b in apart)
    total = rakneord(len(pairs), "t")
    cases = f"{_all(len(pairs)).lower()} fallen"
    if not apart:
        return (f"{one} och {other} är lika höga i {cases}",) if len(pairs) > 1 else ()
    if len(pairs) == 1:
        return (f"{one} ligger {'över' if over else 'under'} {other}",)
    if over == len(pairs) or (not over and len(apart) == len(pairs)):
        return (f"{one} ligger {'över' if over else 'under'} {other} i {cases}",)
    return (
        f"{one} ligger över {other} i {rakneord(over, 't') if over else 'inget'} fall av {total}",
    )


def _highest(grid: Grid) -> Told:
    if len(grid.known) < len(grid.series) * len(grid.keys):
        return ()
    top = grid.format(max(grid.known))
    found = [
        f"{_quoted(grid.series[s])}, {_quoted(grid.labels[i])}"
        for s in range(len(grid.series))
        for i, n in grid.points(s)
        if grid.format(n) == top
    ]
    return (f"Högst: {found[0]} ({_amount(grid, max(grid.known))})",) if len(found) == 1 else ()


def _whole(grid: Grid) -> Grid | None:
    """Return the sums of the piles; nothing when a part is missing or has no sum."""
    shares = grid.unit in units.SHARES or "%" in grid.format(1)
    if shares or len(grid.known) < len(grid.series) * len(grid.keys):
        return None
    piles = zip(*grid.cells, strict=True)
    sums = tuple(sum(part for part in pile if not isinstance(part, Missing)) for pile in piles)
    return Grid(grid.keys, ("",), (sums,), grid.unit, grid.format)


def _against(grid: Grid, targets: Sequence[float | Missing]) -> Told:
    """Tell on which side of the target the numbers lie; of several periods in the last one."""
    if len(grid.series) > 1 and not in_time(grid.series):
        return ()
    pairs = _pairs(zip(grid.keys, grid.cells[-1], targets, strict=True))
    if not pairs:
        return ()
    period = f" {when(grid.series[-1])}" if len(grid.series) > 1 else ""
    same = {grid.format(pair.last) for pair in pairs}
    goal = f"målet {_amount(grid, pairs[0].last)}" if len(same) == 1 else "sitt mål"
    sides = [_side(grid, pair.first, pair.last) for pair in pairs]
    counts = [(sides.count(side), side) for side in ("över", "på", "under") if side in sides]
    if len(pairs) == 1:
        return (f"Värdet{period} ligger {sides[0]} {goal}",)
    total = rakneord(len(pairs), "t")
    if len(counts) == 1:
        every = "Båda värdena" if len(pairs) == 2 else f"Alla {total} värden"
        return (f"{every}{period} ligger {sides[0]} {goal}",)
    (count, side), *others = counts
    told = [
        f"{rakneord(count, 't')} {side} {goal}",
        *(f"{rakneord(n, 't')} {s}" for n, s in others),
    ]
    return (f"Av {total} värden{period} ligger {lista(told)}",)


# Words ---------------------------------------------------------------------------------------


def _subject(grid: Grid, what: str) -> tuple[str, bool]:
    """Return what rises or falls, and whether it says the unit already."""
    what = _told(grid, what)
    noun = _counted(grid, what)
    if found := re.fullmatch(r"(antal|andel)\b(.*)", what, re.IGNORECASE | re.DOTALL):
        return (
            f"{found[1].capitalize()}{'et' if found[1].lower() == 'antal' else 'en'}{found[2]}",
            (noun is not None),
        )
    if what:
        return stor(what), False
    if noun is not None:
        return f"Antalet {noun}".rstrip(), True
    if grid.unit in units.SHARES:
        return "Andelen", False
    return ("Beloppet" if grid.unit in units.MONEY else "Värdet"), False


def _told(grid: Grid, what: str) -> str:
    """Return what is measured; nothing when that is only the unit once more."""
    return "" if what.lower() == grid.unit.lower() else what


def _counted(grid: Grid, what: str) -> str | None:
    """Return what is counted, in the plural ("avvikelser"); None for what is measured."""
    what = _told(grid, what)
    if found := re.fullmatch(r"antal\s+(\S.*)", what, re.IGNORECASE | re.DOTALL):
        return found[1]
    if what or re.search(r"[^\W\d_]|%", grid.format(2)):
        return None
    if grid.unit in units.PLAIN:
        return ""
    return grid.unit if units.is_counted(grid.unit) else None


def _amount(grid: Grid, number: float) -> str:
    """Write a number with its unit, which "antal per patient" is not after a number."""
    return grid.format(number) if grid.unit.startswith("antal ") else grid.with_unit(number)


def _all(count: int) -> str:
    return "Båda" if count == 2 else f"Alla {rakneord(count)}"


def _quoted(name: str) -> str:
    """Return a name, with quotation marks where its own punctuation would break the sentence."""
    return f"”{name}”" if re.search(r"[,:;?!()]", name) else name


def _hidden(cell: Cell) -> bool:
    return isinstance(cell, Missing) and cell.orsak == "skyddad"


def when(period: str, until: str = "") -> str:
    """Write when it was: "år 2022", "i januari 2022"; without the year where `until` says it."""
    if period.isdigit():
        return f"år {period}"
    if re.fullmatch(r"\d{4}-\d\d", period):
        return f"i {_bare_period(period, until)}"
    if re.fullmatch(r"[\d-]{10}", period):
        return f"den {period_text(period)}"
    text = period_text(period)
    # "under första halvåret 2022"
    return text if text == period else f"under {text}"


def _bare_period(period: str, until: str = "") -> str:
    if re.fullmatch(r"\d{4}-\d\d", period) and until[:4] == period[:4] and until != period:
        return manad(period)
    return period_text(period)
