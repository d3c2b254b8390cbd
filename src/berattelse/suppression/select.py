"""Choose which counts to hide: the least loss that leaves every hidden count wide.

Fischetti & Salazar-González, "Solving the cell suppression problem on tabular data with linear
constraints", Management Science 47(7), 2001: an integer programme over which cells are hidden,
tightened by a cut for every cell that the outsider can still work out. Here a cell that is hidden
for another's sake must be as well protected as that other, since nobody can tell them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .attack import Cell, Cut, Equation, Floats, Mask, Outsider

WORK = 2.5e7
"""Effort that the search for a component's pattern may take before the heuristic takes over: nodes
of the integer programmes times the size of their matrices, about ten seconds in all. It is counted,
not clocked, since a slower computer must not hide other cells."""
LAST_RESORT_S = 60.0
"""Seconds after which one integer programme is given up, should the count have misjudged it."""


@dataclass(frozen=True)
class Pattern:
    """Which cells to hide."""

    hidden: frozenset[int]
    """Indices of all cells to hide, the sensitive and those hidden for their sake alike."""
    unprotected: frozenset[int]
    """Sensitive cells that published figures give away whatever is hidden, and sensitive cells
    that are themselves published. With any of them, nothing may be published."""
    optimal: bool
    """Whether no pattern loses less, which is proven."""


def protect(cells: Sequence[Cell], equations: Sequence[Equation]) -> Pattern:
    """Return the pattern of least loss in which every hidden cell is protected.

    Every hidden cell's interval in whole numbers (see `interval`) is wider than its `width`,
    save those of `unprotected`. The same input gives the same pattern, also on another computer
    unless the search for it takes too much effort.

    Raises:
        ValueError: a weight is negative, or a sensitive count lies below its floor.
    """
    for index, cell in enumerate(cells):
        if not cell.weight >= 0:
            raise ValueError(f"cell {index} has weight {cell.weight}")
        if cell.sensitive and not cell.fixed and cell.value < cell.floor:
            raise ValueError(f"cell {index} is {cell.value}, below its floor {cell.floor}")
    hidden: set[int] = set()
    unprotected = {index for index, cell in enumerate(cells) if cell.sensitive and cell.fixed}
    optimal = True
    for indices, known in _components(cells, equations):
        found = _Component([cells[index] for index in indices], known).solve()
        hidden.update(indices[local] for local in found.hidden)
        unprotected.update(indices[local] for local in found.unprotected)
        optimal &= found.optimal
    return Pattern(frozenset(hidden), frozenset(unprotected), optimal)


def _components(
    cells: Sequence[Cell], equations: Sequence[Equation]
) -> list[tuple[list[int], list[Equation]]]:
    """Return the parts that can be solved apart: their cells' indices, their equations in them.

    Cells that cannot be hidden are constants and tie nothing together; they may be in many parts.
    """
    links = [(row, i) for row, e in enumerate(equations) for i, _ in e.terms if cells[i].candidate]
    size = len(cells) + len(equations)
    graph = coo_array(
        (np.ones(len(links)), ([len(cells) + row for row, _ in links], [i for _, i in links])),
        shape=(size, size),
    )
    labels = connected_components(graph, directed=False)[1]
    wanted = {labels[i] for i, cell in enumerate(cells) if cell.sensitive and not cell.fixed}
    parts = []
    for label in sorted(wanted):
        own = [e for row, e in enumerate(equations) if labels[len(cells) + row] == label]
        indices = {i for e in own for i, _ in e.terms}
        indices |= {i for i, cell in enumerate(cells) if labels[i] == label and cell.candidate}
        order = sorted(indices)
        place = {index: local for local, index in enumerate(order)}
        known = [
            replace(e, terms=tuple((place[index], factor) for index, factor in e.terms))
            for e in own
        ]
        parts.append((order, known))
    return parts


class _Component:
    """Cells that depend on each other, and the search for their pattern."""

    def __init__(self, cells: Sequence[Cell], equations: Sequence[Equation]) -> None:
        self.outsider = Outsider(cells, equations)
        self.weights = np.array([cell.weight for cell in cells])
        self.must: Mask = np.array([c.sensitive and not c.fixed for c in cells], dtype=bool)
        self.required: Mask = np.ones(len(cells), dtype=bool)
        self.cuts: list[Floats] = []
        self.limit = WORK
        """What the outsider's effort, in which the master problems are counted, may come to."""
        self.ceiling = np.inf
        """What the pattern may lose at most."""

    def solve(self) -> Pattern:
        """Return the pattern, in the component's own indices."""
        outsider = self.outsider
        # A pattern's intervals only widen when more is hidden. So a cell that is narrow though
        # all that may be hidden is hidden can be in no protected pattern, and what is left when
        # all such have been dropped is itself protected: the heuristic can always fall back on it.
        while dropped := outsider.narrow(outsider.may, ~self.must):
            outsider.may[dropped] = False
        unprotected = outsider.narrow(outsider.may, self.must)
        self.required[unprotected] = False
        for row in range(len(outsider.rows)):
            self._add(outsider.row_cuts(row))
        hidden = self._cheapest(self.weights)
        optimal = hidden is not None and not outsider.doubt
        if hidden is None:
            hidden = self._prune(self._repair(self.must))
        else:
            hidden = self._first_among_equals(hidden)
        return Pattern(frozenset(map(int, np.flatnonzero(hidden))), frozenset(unprotected), optimal)

    def _cheapest(self, weights: Floats) -> Mask | None:
        """Return the protected pattern of least weight, or None if it takes too much effort."""
        while (pattern := self._master(weights)) is not None:
            hidden = pattern > 0.5
            narrow = self.outsider.narrow(hidden, self.required)
            if not narrow:
                return hidden
            self._add([self.outsider.reason(hidden, cell) for cell in narrow])
        return None

    def _first_among_equals(self, hidden: Mask) -> Mask:
        """Return, of the patterns that lose as little as this one, that with the fewest cells.

        Among several such, that with low indices: which of them the solver happens to meet first
        may differ between computers, and two patterns of one table give away more than either.
        """
        size = len(hidden)
        self.limit = self.outsider.work + WORK / 2
        self.ceiling = float(self.weights[hidden].sum()) + 1e-7
        # multiples of the golden ratio: no two sets of cells are likely to have the same sum
        order = (np.arange(size) + np.arange(1, size + 1) * 0.6180339887498949 % 1.0) / size
        found = self._cheapest(1000.0 * (size + order))
        return self._prune(hidden) if found is None else found

    def _add(self, cuts: list[Cut]) -> None:
        """Add cuts to the master problem, save those of cells that need no protection."""
        for cut in cuts:
            if self.required[cut.cell] and self.outsider.may[cut.cell]:
                self.cuts.append(cut.row())

    def _master(self, weights: Floats) -> Floats | None:
        """Return the pattern of least weight that satisfies the cuts so far."""
        size = len(weights)
        left = self.limit - self.outsider.work
        if left < 0:
            return None
        matrix = np.array(self.cuts).reshape(-1, size)
        effort = max(matrix.size, 1)
        limits = [LinearConstraint(matrix, 0.0, np.inf)]
        if self.ceiling < np.inf:
            limits.append(LinearConstraint(self.weights[np.newaxis], -np.inf, self.ceiling))
        result = milp(
            weights,
            integrality=np.ones(size),
            bounds=Bounds(self.must.astype(float), self.outsider.may.astype(float)),
            constraints=limits,
            options={
                "mip_rel_gap": 0.0,
                "node_limit": max(int(left / effort), 1),
                "time_limit": LAST_RESORT_S,
            },
        )
        self.outsider.work += effort * (1 + (result.mip_node_count or 0))
        return result.x if result.status == 0 else None

    def _repair(self, hidden: Mask) -> Mask:
        """Return a protected pattern that holds the given one, without looking for the best."""
        hidden = hidden.copy()
        while narrow := self.outsider.narrow(hidden, self.required, first=True):
            added = self.outsider.partners(hidden, narrow[0], self.weights)
            if not (added & ~hidden).any():
                return self.outsider.may.copy()
            hidden |= added
        return hidden

    def _prune(self, hidden: Mask) -> Mask:
        """Return the pattern without the cells that can be shown again, the heaviest first."""
        for cell in np.lexsort((np.arange(len(hidden)), -self.weights)):
            if hidden[cell] and not self.must[cell]:
                fewer = hidden.copy()
                fewer[cell] = False
                if not self.outsider.narrow(fewer, self.required, first=True):
                    hidden = fewer
        return hidden
