"""What an outsider can work out about hidden counts, and the cuts that say what must be hidden too.

The outsider's problem and the cuts from its dual are those of Fischetti & Salazar-González,
"Solving the cell suppression problem on tabular data with linear constraints", Management Science
47(7), 2001. Two things differ: counts are whole numbers here, and each hidden cell must have an
interval that is wide, wherever the true count lies in it (their sliding protection).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, linprog, milp

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

GRID = 2520
"""Dual prices are rounded to parts of this; 2520 is divisible by 1-10, and the prices of tables
are small fractions, so that a cut computed from them in whole numbers is both right and tight."""
HAIR = 1e-3
"""Capacity that a shown cell has in the outsider's problem when a cut is sought: among the many
optimal dual prices it picks those whose cut names few shown cells."""
NODES = 20_000
"""Nodes that one outsider's integer problem may take; tables take 1."""
LP_WORK = 3000
"""Effort of the smallest linear programme, about a millisecond."""


@dataclass(frozen=True)
class Cell:
    """A count that is published, or hidden."""

    value: int
    """The true count."""
    sensitive: bool = False
    """Whether it must be hidden."""
    fixed: bool = False
    """Whether it is already published, and so cannot be hidden."""
    open: bool = True
    """Whether it may be hidden for the sake of another."""
    weight: float = 1.0
    """What is lost when it is hidden; not negative."""
    floor: int = 1
    """What an outsider knows that a hidden count is at least. Where zeros are always shown it
    is 1; where they may be hidden it is 0."""
    width: int = 3
    """What an outsider can work out must be wider than this: the highest value less the lowest."""

    @property
    def candidate(self) -> bool:
        """Whether the cell may be hidden; one below its floor is known never to be."""
        return not self.fixed and (self.sensitive or (self.open and self.value >= self.floor))


@dataclass(frozen=True)
class Equation:
    """A relation that the outsider knows: the sum of coefficient x cell is 0, or at most 0."""

    terms: tuple[tuple[int, int], ...]
    """(index of a cell, coefficient); a cell may occur more than once."""
    inequality: bool = False


@dataclass(frozen=True)
class Cut:
    """What every protected pattern satisfies: sum of `coefficients` x hidden >= `rhs` if `cell`.

    All are whole numbers, in units of 1 / GRID, so that a cut is either broken clearly or not.
    """

    cell: int
    coefficients: Floats
    """One per cell, 0 for `cell` itself, at most `rhs`."""
    rhs: float

    def lacks(self, hidden: Floats) -> float:
        """Return how far a pattern falls short, whole or not."""
        return float(hidden[self.cell] * self.rhs - self.coefficients @ hidden) / GRID

    def row(self) -> Floats:
        """Return the coefficients of all cells when the right-hand side is 0."""
        row = self.coefficients / GRID
        row[self.cell] = -self.rhs / GRID
        return row


class Outsider:
    """The outsider's view of some cells: what each may be, as a deviation from the true count.

    Equations that the true counts do not satisfy (a total printed wrong) are shifted until they
    do: the outsider is taken to know the error.
    """

    def __init__(self, cells: Sequence[Cell], equations: Sequence[Equation]) -> None:
        count = len(cells)
        values = np.array([cell.value for cell in cells], dtype=np.int64)
        rows = np.zeros((len(equations), count), dtype=np.int64)
        for row, equation in zip(rows, equations, strict=True):
            for index, coefficient in equation.terms:
                row[index] += coefficient
        self.rows: Ints = rows
        self.inequality: Mask = np.array([e.inequality for e in equations], dtype=bool)
        self.slack: Ints = np.where(self.inequality, np.maximum(-(rows @ values), 0), 0)
        self.down: Ints = np.array([max(c.value - c.floor, 0) for c in cells], dtype=np.int64)
        """How far each count may fall; nothing holds it from rising but the equations."""
        self.may: Mask = np.array([cell.candidate for cell in cells], dtype=bool)
        """Which cells may be hidden."""
        self.need: Ints = np.array([max(cell.width, 0) + 1 for cell in cells], dtype=np.int64)
        """The least distance between the ends of each interval."""
        self.box = 8 * int(self.need.max(initial=1)) + 2 * int(np.abs(values).max(initial=0))
        """How far a count may rise when a witness is sought. No proof that a cell is narrow
        rests on it alone, see `narrow`."""
        self.work = 0
        """Effort spent so far, in the unit of `select.WORK`."""
        self.doubt = False
        """Whether an integer problem was given up, and its cell taken to be narrow."""
        self.known = np.zeros((0, count), dtype=np.int64)
        """Deviations that fit every equation; each shows, for good, how far cells may go."""

    def spans(self, hidden: Mask) -> Ints:
        """Return the width of each cell's interval as far as known deviations show it."""
        fitting = self.known[~self.known[:, ~hidden].any(axis=1)]
        span: Ints = fitting.max(axis=0, initial=0) - fitting.min(axis=0, initial=0)
        return span

    def narrow(self, hidden: Mask, required: Mask, first: bool = False) -> list[int]:
        """Return the hidden cells whose interval is too narrow, among those that are required.

        Args:
            hidden: the pattern.
            required: the cells that must be protected if they are hidden.
            first: whether one is enough.
        """
        pattern = hidden.astype(float)
        wanting = hidden & required & (self.spans(hidden) < self.need)
        if np.count_nonzero(wanting) > 2:  # all at once: two problems often settle most of them
            for sign in (1.0, -1.0):
                self._linear(np.where(wanting, sign, 0.0), np.zeros(len(hidden)), pattern)
        cells: list[int] = []
        for cell in map(int, np.flatnonzero(wanting)):
            if self.spans(hidden)[cell] >= self.need[cell]:
                continue
            cut = self.separate(pattern, cell)
            if self.spans(hidden)[cell] >= self.need[cell]:
                continue
            # dual prices prove that it is narrow; where they do not, whole numbers may
            if (cut and cut.lacks(pattern) > 0) or not self._whole(hidden, cell):
                cells.append(cell)
                if first:
                    break
        return cells

    def reason(self, hidden: Mask, cell: int) -> Cut:
        """Return a cut that the pattern, in which the cell is narrow, does not satisfy."""
        pattern = hidden.astype(float)
        for tried in (np.maximum(pattern, HAIR * self.may), pattern):
            cut = self.separate(tried, cell)
            if cut and cut.lacks(pattern) > 0:
                return cut
        return self._cover(hidden, cell)

    def separate(self, pattern: Floats, cell: int) -> Cut | None:
        """Return the cut for the cell that the outsider's dual prices give at a pattern."""
        goal = np.zeros(len(pattern))
        goal[cell] = 1.0
        prices = self._linear(goal, -goal, pattern)
        return None if prices is None else self.cut(cell, *prices)

    def cut(self, cell: int, rise: Ints, fall: Ints) -> Cut | None:
        """Return the cut that prices in parts of GRID give; by weak duality any prices are right.

        The cell's rise is at most the sum over hidden cells of what is left of them at these
        prices times how far they can go, and so is its fall; both must make up its need.
        """
        reach = np.zeros(len(self.down), dtype=np.int64)
        boundless = np.zeros(len(self.down), dtype=bool)
        spare = 0
        for sign, prices in ((1, rise), (-1, fall)):
            left = -(prices @ self.rows)
            left[cell] += sign * GRID
            reach += np.maximum(-left, 0) * self.down
            boundless |= left > 0
            spare += int(prices @ self.slack)
        rhs = GRID * int(self.need[cell]) - spare - int(reach[cell])
        if boundless[cell] or rhs <= 0:
            return None
        coefficients = np.where(boundless, rhs, np.minimum(reach, rhs)).astype(float)
        coefficients[cell] = 0.0
        return Cut(cell, coefficients, float(rhs))

    def row_cuts(self, row: int) -> list[Cut]:
        """Return the cuts that one equation gives for its cells, without solving anything."""
        cuts = []
        for cell in np.flatnonzero(self.rows[row]):
            coefficient = int(self.rows[row, cell])
            price = np.zeros(len(self.rows), dtype=np.int64)
            price[row] = GRID // coefficient
            none = np.zeros_like(price)
            usable = not self.inequality[row]
            pairs = (
                ((price, -price), usable),
                ((price, none), usable or coefficient > 0),
                ((none, -price), usable or coefficient < 0),
            )
            cuts += [cut for pair, ok in pairs if ok and (cut := self.cut(int(cell), *pair))]
        return cuts

    def _linear(self, up: Floats, low: Floats, pattern: Floats) -> tuple[Ints, Ints] | None:
        """Find two deviations with the largest `up` and `low`, and the prices of the equations.

        Each cell has its range times `pattern`. The deviations are kept if they are whole.
        """
        active = np.flatnonzero(pattern > 0)
        rows = np.flatnonzero(self.rows[:, active].any(axis=1))
        rows = np.concatenate([rows[~self.inequality[rows]], rows[self.inequality[rows]]])
        equal = int(np.count_nonzero(~self.inequality[rows]))
        part = self.rows[np.ix_(rows, active)]
        goals = [goal[active] for goal in (up, low) if goal.any()]
        copies = len(goals)
        self.work += LP_WORK + copies * part.size // 8
        share = pattern[active]
        bounds = np.column_stack([-self.down[active] * share, self.box * share])
        result = linprog(
            -np.concatenate(goals),
            A_eq=np.kron(np.eye(copies), part[:equal]),
            b_eq=np.zeros(copies * equal),
            A_ub=np.kron(np.eye(copies), part[equal:]),
            b_ub=np.tile(self.slack[rows[equal:]], copies),
            bounds=np.tile(bounds, (copies, 1)),
            method="highs-ds",
            options={"presolve": False},
        )
        if result.status != 0:
            return None
        self._learn(result.x, active)
        prices = np.zeros((copies, len(self.rows)))
        prices[:, rows[:equal]] = -result.eqlin.marginals.reshape(copies, -1)
        prices[:, rows[equal:]] = np.maximum(-result.ineqlin.marginals.reshape(copies, -1), 0.0)
        grid = np.rint(prices * GRID).astype(np.int64)
        return (grid[0], grid[-1])

    def _learn(self, found: Floats, active: NDArray[np.intp]) -> None:
        """Keep deviations that are whole numbers and fit, checked without rounding errors."""
        for deviation in found.reshape(-1, len(active)):
            whole = np.zeros(len(self.down), dtype=np.int64)
            whole[active] = np.rint(deviation)
            residual = self.rows @ whole
            if (
                whole.any()
                and (whole >= -self.down).all()
                and (residual <= self.slack).all()
                and not residual[~self.inequality].any()
            ):
                self.known = np.vstack([self.known, whole])

    def _whole(self, hidden: Mask, cell: int) -> bool:
        """Return whether the cell's interval is shown to be wide by integer programmes."""
        active = np.flatnonzero(hidden)
        goal = (active == cell).astype(float)
        # a count that must rise further than 1000 boxes to let another move is no protection
        for sign in (1.0, -1.0):
            result = self.extreme(active, sign * goal, 1000.0 * self.box, whole=True)
            self.doubt |= result.status != 0
            if result.x is not None:
                self._learn(result.x, active)
        return bool(self.spans(hidden)[cell] >= self.need[cell])

    def extreme(
        self, active: NDArray[np.intp], goal: Floats, rise: float, whole: bool
    ) -> OptimizeResult:
        """Return the deviation of the active cells with the largest goal."""
        rows = self.rows[:, active]
        self.work += 4 * LP_WORK + rows.size
        low = np.where(self.inequality, -np.inf, self.slack)
        return milp(
            -goal,
            integrality=np.full(len(active), int(whole)),
            bounds=Bounds(-self.down[active], np.full(len(active), rise)),
            constraints=LinearConstraint(rows, low, self.slack),
            # without presolve an unbounded problem is told from one that is impossible
            options={"mip_rel_gap": 0.0, "node_limit": NODES, "presolve": whole},
        )

    def _cover(self, hidden: Mask, cell: int) -> Cut:
        """Return the cut that some cell outside the pattern must be hidden, naming few.

        Every pattern inside one that leaves the cell narrow leaves it narrow too, so the pattern
        is first made as large as it can be.
        """
        large = hidden.copy()
        for other in np.flatnonzero(self.may & ~hidden):
            large[other] = True
            self.separate(large.astype(float), cell)
            if self.spans(large)[cell] >= self.need[cell] or self._whole(large, cell):
                large[other] = False
        return Cut(cell, GRID * (self.may & ~large).astype(float), GRID)

    def partners(self, hidden: Mask, cell: int, weights: Floats) -> Mask:
        """Return cells that together give a narrow cell its width, cheap but not the cheapest.

        Each costs its weight times how far it must move, which makes the problem linear.
        """
        active = np.flatnonzero(self.may)
        cost = np.where(hidden, 0.0, weights)[active] + 1e-4
        rows = self.rows[:, active]
        moves = np.hstack([rows, -rows])  # a rise and a fall of each cell, twice
        goal = (active == cell).astype(float)
        bounds = np.concatenate([np.full(len(active), 1000.0 * self.box), self.down[active]])
        result = linprog(
            np.tile(cost, 4),
            A_eq=np.kron(np.eye(2), moves[~self.inequality]),
            b_eq=np.zeros(2 * np.count_nonzero(~self.inequality)),
            A_ub=np.vstack(
                [
                    np.kron(np.eye(2), moves[self.inequality]),
                    np.concatenate([-goal, goal, goal, -goal]),
                ]
            ),
            b_ub=np.append(np.tile(self.slack[self.inequality], 2), -float(self.need[cell])),
            bounds=np.column_stack([np.zeros(4 * len(active)), np.tile(bounds, 2)]),
            method="highs-ds",
        )
        if result.status != 0:
            return self.may.copy()
        chosen = np.zeros_like(hidden)
        chosen[active[(result.x.reshape(4, -1) > 1e-7).any(axis=0)]] = True
        return chosen


def interval(
    cells: Sequence[Cell], equations: Sequence[Equation], hidden: Iterable[int], cell: int
) -> tuple[int, float]:
    """Return the lowest and highest value that an outsider must reckon with for a cell.

    Exact by integer programming; `inf` where nothing bounds it.

    Raises:
        ValueError: a hidden count lies below its floor, so what the outsider knows is false.
        ArithmeticError: the integer problem could not be solved.
    """
    mask = np.zeros(len(cells), dtype=bool)
    mask[list(hidden)] = True
    value = cells[cell].value
    if not mask[cell]:
        return value, float(value)
    outsider = Outsider(cells, equations)
    active = np.flatnonzero(mask)
    if any(c.value < c.floor for c, is_hidden in zip(cells, mask, strict=True) if is_hidden):
        raise ValueError("a hidden count lies below its floor")
    goal = (active == cell).astype(float)
    low = outsider.extreme(active, -goal, np.inf, whole=True)
    high = outsider.extreme(active, goal, np.inf, whole=False)
    # the coefficients are whole, so an unbounded relaxation is unbounded in whole numbers too
    free = high.status == 3
    if not free:
        high = outsider.extreme(active, goal, np.inf, whole=True)
    if low.status != 0 or (high.status != 0 and not free):
        raise ArithmeticError(f"{low.message}; {high.message}")
    return value + round(low.fun), inf if free else float(value - round(high.fun))
