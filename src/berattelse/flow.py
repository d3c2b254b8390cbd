"""Which figures a report's code carries from name to name.

The code is read, not run: a name that a statement sets carries the datasets of all names that the
statement reads, and of each dataset the rows that it was asked for where the code says so in so
many words. That may be a row too many, never one too few.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from berattelse import __all__ as vocabulary


@dataclass(frozen=True)
class Reading:
    """What is read of a dataset."""

    dataset: str
    asked: frozenset[str] = frozenset()
    """Contents that the rows were asked for by; none when all rows may be read."""

    def holds(self, keys: Mapping[str, str], contents: Mapping[str, Collection[str]]) -> bool:
        """Tell whether a row may be among those that are read.

        Args:
            keys: key column -> content of the row, without the empty ones.
            contents: key column -> what it holds in the whole dataset.
        """
        wanted: dict[str, set[str]] = {}
        for content in self.asked:
            columns = [name for name, known in contents.items() if content in known]
            # What two columns can hold, or none, does not tell which rows were asked for
            if len(columns) == 1:
                wanted.setdefault(columns[0], set()).add(content)
        return all(keys.get(name, "") in content for name, content in wanted.items())


Readings = frozenset[Reading]


class Flow:
    """Which datasets each name carries, statement by statement."""

    def __init__(self, datasets: frozenset[str]) -> None:
        self._datasets = datasets
        self._carried: dict[str, Readings] = {}
        self._functions: dict[str, _Function] = {}

    def run(self, code: str) -> Readings:
        """Follow a cell's code; return what its last statement reads."""
        try:
            statements = ast.parse(code).body
        except SyntaxError:
            return Readings()
        shown = Readings()
        for statement in statements:
            shown = self._used(statement)
            if isinstance(statement, ast.FunctionDef):
                self._define(statement)
            for name in _written(statement):
                anew = _replaces(statement) or name in _own_names(statement)
                before = Readings() if anew else self._carried.get(name, Readings())
                self._carried[name] = before | shown
            for name in self._changed(statement):
                self._carried[name] |= shown
        return shown

    def reads(self, expression: str) -> Readings:
        """Return what is behind an inline value."""
        try:
            return self._used(ast.parse(expression.strip(), mode="eval"))
        except SyntaxError:
            return Readings()

    def _used(self, node: ast.AST, own: frozenset[str] = frozenset()) -> Readings:
        """Return what a piece of code reads; `own` are names of its own."""
        own |= _own_names(node)
        used = Readings()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
            used |= self._carried.get(node.id, Readings())
        elif isinstance(node, ast.Constant) and node.value in self._datasets:
            used |= {Reading(str(node.value))}
        elif isinstance(node, ast.Call) and (asked := self._asked(node)) is not None:
            rest = [*node.args[1:], *(word.value for word in node.keywords)]
            for part in (node.func, *(part for part in rest if not _is_text(part))):
                used |= self._used(part, own)
            rows = self._used(node.args[0], own)
            return used | {Reading(each.dataset, each.asked | asked) for each in rows}
        names_only = self._takes_words(node) or _asks_if_there(node)
        for child in ast.iter_child_nodes(node):
            if not (names_only and isinstance(child, ast.Constant)):
                used |= self._used(child, own)
        return used

    def _takes_words(self, node: ast.AST) -> bool:
        """Tell whether a text that a call is given is a word, though it is a dataset's name too.

        The vocabulary takes figures and tables, never a dataset by its name; only a report's own
        functions do.
        """
        function = self._called(node)
        if function is not None:
            return function.names_only
        return isinstance(node, ast.Call) and (
            isinstance(node.func, ast.Name) and node.func.id in vocabulary
        )

    def _called(self, node: ast.AST) -> _Function | None:
        """Return the report's own function that a call is of."""
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return self._functions.get(node.func.id)
        return None

    def _asked(self, call: ast.Call) -> frozenset[str] | None:
        """Return the contents that a call asks for rows by; None for any other call."""
        function = self._called(call)
        own = function is not None and function.asks
        if not call.args or not (own or (function is None and _name(call.func) in _ASKING)):
            return None
        places = call.args[1:] if own else []  # else the name of a column
        spread = any(isinstance(each, ast.Starred) for each in call.args)
        if spread or any(word.arg is None for word in call.keywords):
            return frozenset()
        if function is not None and function.many and not all(map(_is_text, places)):
            return frozenset()
        named = (word.value for word in call.keywords if word.arg != "column")
        return frozenset(
            str(each.value) for each in (*places, *named) if isinstance(each, ast.Constant)
        )

    def _define(self, function: ast.FunctionDef) -> None:
        """Remember what a function of the report does."""
        changed = {name for statement in function.body for name in self._altered(statement)}
        outside = changed - _own_names(function)
        everything = {"*"} if changed & _arguments(function) else set()
        parts = list(ast.walk(function))
        called = [_name(each.func) for each in parts if isinstance(each, ast.Call)]
        self._functions[function.name] = _Function(
            changes=frozenset(outside | everything),
            names_only=all(name in _HARMLESS for name in called),
            asks=any(name in ("load", "value") for name in called)
            and all(name in _ASKING or name in _SIFTING for name in called)
            and not any(isinstance(each, _EXCLUDING) for each in parts),
            many=function.args.vararg is not None,
        )

    def _changed(self, statement: ast.stmt) -> Iterator[str]:
        """Name the report's own names that a statement changes without setting them."""
        if not isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield from (name for name in self._altered(statement) if name in self._carried)

    def _altered(self, statement: ast.stmt) -> Iterator[str]:
        for each in ast.walk(statement):
            if isinstance(each, ast.Subscript | ast.Attribute) and isinstance(each.ctx, ast.Store):
                yield from _base(each)
            elif isinstance(each, ast.Expr) and isinstance(each.value, ast.Call):
                # rows.append(…) changes rows; Table(…) and b.load(…) change nothing
                called = each.value.func
                if isinstance(called, ast.Attribute) and called.attr not in _READING:
                    yield from _base(called)
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Name):
                function = self._functions.get(each.func.id)
                changes = frozenset() if function is None else function.changes
                yield from changes - {"*"}
                if "*" in changes:
                    for argument in (*each.args, *(word.value for word in each.keywords)):
                        yield from _base(argument)


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_READING = ("load", "value")
"""Methods of a report that give figures and change nothing."""
_ASKING = ("load", "value", "select")
"""What gives the rows of its first argument that the others ask for."""
_SIFTING = ("isin", "len", "is_missing")
"""What else a function may call that asks for rows."""
_EXCLUDING = (ast.Not, ast.NotEq, ast.NotIn, ast.Invert, ast.Sub)
"""Signs of a function that may leave out what it is given."""
_HARMLESS = ("Markdown", "any", "all", "len", "str")
"""What a function may call that only asks which datasets there are."""


@dataclass(frozen=True)
class _Function:
    """What a function of the report does beside what it returns."""

    changes: frozenset[str]
    """Names that it changes; `*` is what it is called with."""
    names_only: bool
    """It asks which datasets there are, and reads none."""
    asks: bool
    """It returns the rows that its arguments ask for."""
    many: bool
    """It takes any number of arguments."""


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _name(function: ast.AST) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _asks_if_there(node: ast.AST) -> bool:
    """Tell whether code only asks if there is a dataset: `"domar" in b.data`."""
    return (
        isinstance(node, ast.Compare)
        and all(isinstance(operator, ast.In | ast.NotIn) for operator in node.ops)
        and all(
            isinstance(each, ast.Attribute) and each.attr == "data" for each in node.comparators
        )
    )


def _own_names(node: ast.AST) -> frozenset[str]:
    """Return the names that exist within a comprehension, a function or a loop alone."""
    if isinstance(node, _COMPREHENSIONS):
        return _stored(*(part.target for part in node.generators))
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        inside = _stored(*node.body) if isinstance(node, ast.FunctionDef) else frozenset()
        return _arguments(node) | inside
    return _stored(node.target) if isinstance(node, ast.For) else frozenset()


def _arguments(function: ast.FunctionDef | ast.Lambda) -> frozenset[str]:
    given = function.args
    named = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
    return frozenset(argument.arg for argument in named if argument is not None)


def _stored(*nodes: ast.AST) -> frozenset[str]:
    return frozenset(
        each.id
        for node in nodes
        for each in ast.walk(node)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    )


def _replaces(statement: ast.stmt) -> bool:
    """Tell whether a statement gives its names a new content, instead of adding to the old."""
    if isinstance(statement, ast.FunctionDef):
        return True
    return isinstance(statement, ast.Assign) and all(
        isinstance(target, ast.Name | ast.Tuple) for target in statement.targets
    )


def _written(statement: ast.stmt) -> Iterator[str]:
    """Name what a statement sets."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
        return
    within = frozenset().union(
        *(_own_names(each) for each in ast.walk(statement) if isinstance(each, _COMPREHENSIONS))
    )
    yield from _stored(statement) - within


def _base(node: ast.AST) -> Iterator[str]:
    """Name what `rows["a"].b.setdefault(…)` begins with; what a function returns has no name."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                return
            node = node.func
        else:
            node = node.value
    if isinstance(node, ast.Name):
        yield node.id
