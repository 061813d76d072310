"""What every part of the pass shares: the place in the tree, the edits, names and helpers."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.ir.code import Code
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.scopes import Scope, identifiers
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.tree import children
from lwtsyntax.names import Fresh
from lwtsyntax.passes.to_async.edits import LINE, Edits
from lwtsyntax.passes.to_async.threads import Starts, Threads

__all__ = ["Context", "Spot"]


@dataclass(slots=True)
class Spot:
    """A place for definitions: before a statement, or before the ``return`` of another definition."""

    indent: str
    statement: ast.stmt | None = None
    definitions: list[Code] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Move:
    """A change of indentation, at a column of the source."""

    column: int
    added: str
    removed: int


class Context:
    """The walk's state.  Each kind of node that becomes something else has a ``visit_`` method."""

    def __init__(self, markers: Markers, source: Source, starts_elsewhere: Starts) -> None:
        self.markers = markers
        self.source = source
        self.text = source.text
        self.edits = Edits(source)
        self.threads = Threads(markers, starts_elsewhere)
        self.helpers: dict[str, str] = {}  # helper -> its name in the output
        self._helper_names = Fresh(markers.identifiers)
        self.scope: Scope = markers.scopes[markers.tree]
        self.function: ThreadFunction | None = None
        self.fresh = Fresh(())
        self.implicit: set[ast.stmt] = set()
        self.direct: set[ast.expr] = set()  # what is waited for on the spot
        self.tight: set[ast.expr] = set()  # what binds tighter than `await`
        self.moves: list[_Move] = []  # how the lines at hand are moved, by statements around them
        self.spot: Spot | None = None  # where a def may stand
        self.unit = "    "
        self.loop_variables: frozenset[str] = frozenset()

    def helper(self, name: str) -> str:
        """The name in the output of the helper *name*."""
        if name not in self.helpers:
            self.helpers[name] = self._helper_names.name(name)
        return self.helpers[name]

    def span(self, node: ast.expr | ast.stmt | ast.pattern) -> Span:
        return self.source.span(node)

    def refuse(self, code: str, node: ast.expr | ast.stmt, message: str, hint: str) -> Refusal:
        return Refusal(self.source.diagnostic(code, message, self.span(node), hint))

    # -- the walk -------------------------------------------------------------------------------

    def visit(self, node: ast.AST) -> None:
        method = getattr(self, f"visit_{type(node).__name__}", None)
        if method is not None:
            method(node)
        else:
            self.visit_all(children(node))

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    @contextmanager
    def inside(self, node: ast.AST) -> Iterator[None]:
        """In the scope that *node* opens."""
        outer, self.scope = self.scope, self.markers.scopes[node]
        yield
        self.scope = outer

    @contextmanager
    def thread(self, function: ThreadFunction | None) -> Iterator[None]:
        """In the body of *function*; None: of one that is no thread function."""
        saved = self.function, self.fresh, self.spot, self.loop_variables
        if function is not None and self.function is None:
            names = identifiers(function.node)
            self.unit = self._unit_of(function.node)
            self.fresh = Fresh({*names, *self.helpers.values()})
        self.function, self.spot, self.loop_variables = function, None, frozenset()
        yield
        self.function, self.fresh, self.spot, self.loop_variables = saved

    def _unit_of(self, node: ast.FunctionDef) -> str:
        """How much deeper the body of *node* is indented."""
        outer = self.source.indentation(self.source.offset(node.lineno, node.col_offset))
        body = self.span(node.body[0]).start
        inner = self.source.indentation(body)[len(outer) :] if self.begins_line(body) else ""
        return inner or "    "

    @contextmanager
    def elsewhere(self, spot: Spot | None) -> Iterator[None]:
        """Where definitions may stand at *spot*, if anywhere."""
        outer, self.spot = self.spot, spot
        yield
        self.spot = outer

    # -- lines ----------------------------------------------------------------------------------

    @contextmanager
    def deeper(self, lines: Span, levels: int, base: str) -> Iterator[None]:
        """Move *lines*, which are indented by *base* and more, so many levels to the right.

        Lines that begin inside a string stay as they are.
        """
        move = _Move(len(base), self.unit * levels, len(self.unit) * max(0, -levels))
        for start, line in self.source.lines_in(lines):
            if line.strip() and not self.source.begins_in_string(self.source.line_of(start)):
                indent = len(line) - len(line.lstrip(" \t"))
                first, last = min(move.column, indent), min(move.column + move.removed, indent)
                self.edits.replace(start + first, start + last, move.added, rank=LINE)
        self.moves.append(move)
        yield
        self.moves.pop()

    def moved(self, indent: str) -> str:
        """The indentation in the output of text that has *indent* in the source."""
        for move in reversed(self.moves):
            behind = indent[move.column + move.removed :]
            indent = indent[: move.column] + move.added + behind
        return indent

    def colon(self, at: int) -> int:
        """The next colon after *at* that stands in no comment."""
        while self.text[at] != ":":
            at = self.text.index("\n", at) if self.text[at] == "#" else at + 1
        return at

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """Where the line of *at* ends, before its line end."""
        end = self.next_line(at)
        return end - len(self.text[at:end]) + len(self.text[at:end].rstrip("\r\n"))

    def next_line(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1

    def begins_line(self, at: int) -> bool:
        return not self.text[self.line_start(at) : at].strip()
