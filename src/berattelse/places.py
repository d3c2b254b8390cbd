"""Where in a report a dataset's figures are printed: tables, figures and sentences.

The report's code is read, not run: a name that a statement sets carries the datasets of all
names that the statement reads. That may name a place too many, never one too few.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import html as lxml_html

from berattelse import execute, includes, qmd
from berattelse.config import Settings
from berattelse.model import Job, Place


@dataclass(frozen=True)
class Printed:
    """A place in a report where figures of some datasets are printed."""

    rapport: str
    what: str
    """"Tabell «Driftredovisning»", "Figur «…»" or "Text"."""
    caption: str
    """Caption of the table or figure, empty for text."""
    place: Place
    datasets: frozenset[str]

    def __str__(self) -> str:
        return f"{self.rapport}: {self.what} ({self.place})"


def printed(settings: Settings, job: Job) -> list[Printed]:
    """Return the places of one target's report, in the order of the text.

    Raises:
        SourceError: the source cannot be read.
    """
    resolve = includes.resolver(settings.root, job.target)
    source = qmd.read(job.source, resolve, execute.metadata(settings, job))
    flow = _Flow(qmd.declared_datasets(job.source))
    found: list[Printed] = []
    for block in qmd.blocks(source.lines):
        if isinstance(block, qmd.Cell):
            used = flow.run("\n".join(line.text for line in block.code))
            kind, caption = _caption(block.options)
            if kind and used:
                what = f"{kind} «{caption}»"
                found.append(Printed(job.target.rapport, what, caption, block.place, used))
            continue
        for line in block.lines:
            used = frozenset().union(
                *(flow.reads(match["expression"]) for match in qmd.INLINE.finditer(line.text))
            )
            if used:
                found.append(Printed(job.target.rapport, "Text", "", line.place, used))
    return found


def _caption(options: Mapping[str, object]) -> tuple[str, str]:
    label = str(options.get("label", ""))
    for prefix, kind in (("tbl", "Tabell"), ("fig", "Figur")):
        if label.startswith(f"{prefix}-"):
            return kind, str(options.get(f"{prefix}-cap", label))
    return "", ""


class _Flow:
    """Which datasets each name carries, statement by statement."""

    def __init__(self, datasets: frozenset[str]) -> None:
        self._datasets = datasets
        self._carried: dict[str, frozenset[str]] = {}

    def run(self, code: str) -> frozenset[str]:
        """Follow a cell's code; return what its last expression shows, or all that it reads."""
        try:
            statements = ast.parse(code).body
        except SyntaxError:
            return frozenset()
        shown: frozenset[str] = frozenset()
        for statement in statements:
            shown = self._used(statement)
            for name in _written(statement):
                anew = _replaces(statement) or name in _own_names(statement)
                before = frozenset() if anew else self._carried.get(name, frozenset())
                self._carried[name] = before | shown
        return shown

    def reads(self, expression: str) -> frozenset[str]:
        """Return the datasets behind an inline value."""
        try:
            return self._used(ast.parse(expression.strip(), mode="eval"))
        except SyntaxError:
            return frozenset()

    def _used(self, node: ast.AST, own: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return the datasets that a piece of code reads; `own` are names of its own."""
        own |= _own_names(node)
        used: set[str] = set()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
            used |= self._carried.get(node.id, frozenset())
        elif isinstance(node, ast.Constant) and node.value in self._datasets:
            used.add(str(node.value))
        for child in ast.iter_child_nodes(node):
            used |= self._used(child, own)
        return frozenset(used)


_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _own_names(node: ast.AST) -> frozenset[str]:
    """Return the names that exist within a comprehension, a function or a loop alone."""
    if isinstance(node, _COMPREHENSIONS):
        return _stored(*(part.target for part in node.generators))
    if isinstance(node, ast.FunctionDef | ast.Lambda):
        arguments = node.args
        named = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        inside = _stored(*node.body) if isinstance(node, ast.FunctionDef) else frozenset()
        return frozenset(argument.arg for argument in named) | inside
    return _stored(node.target) if isinstance(node, ast.For) else frozenset()


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
    """Name what a statement sets or changes."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
        return
    within = frozenset().union(
        *(_own_names(each) for each in ast.walk(statement) if isinstance(each, _COMPREHENSIONS))
    )
    for each in ast.walk(statement):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            if each.id not in within:
                yield each.id
        elif isinstance(each, ast.Subscript | ast.Attribute) and isinstance(each.ctx, ast.Store):
            yield from _base(each)
        elif isinstance(each, ast.Expr) and isinstance(each.value, ast.Call):
            # rows.append(…) changes rows
            yield from _base(each.value.func)


def _base(node: ast.AST) -> Iterator[str]:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id


def holding(places: Sequence[Printed], page: Path, labels: Sequence[str]) -> list[Printed]:
    """Keep the tables whose printed rows name one of `labels`, as the last built page has them.

    Texts and figures are kept, and all places when the page has not been built.
    """
    if not page.is_file() or not labels:
        return list(places)
    tables = _tables(page)
    wanted = [_plain(label) for label in labels]
    kept = []
    for place in places:
        text = tables.get(_plain(place.caption)) if place.what.startswith("Tabell") else None
        if text is None or any(label in text for label in wanted):
            kept.append(place)
    return kept


def _plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").replace("\u00ad", "").lower().split())


def _tables(page: Path) -> dict[str, str]:
    """Return caption -> text of each table of a built page."""
    tree = lxml_html.fromstring(page.read_bytes())
    tables = {}
    for table in tree.iter("table"):
        caption = table.find(".//caption")
        if caption is None:
            continue
        name = _plain(str(caption.text_content()))
        # "Tabell 3: Driftredovisning" is known by what the author wrote
        name = name.partition(": ")[2] or name
        tables[name] = _plain(str(table.text_content()))
    return tables
