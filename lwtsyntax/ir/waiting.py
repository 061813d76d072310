"""Which syntax nodes of a thread function hold a wait, explicit or implicit."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

from lwtsyntax.ir.markers import Markers

__all__ = ["Waiting"]


class Waiting:
    """``node in waiting``: a wait of this function stands in *node*.

    ``implicit`` holds the bare calls in tail position of a ``_lwt`` form: they are waited for when
    their value is a promise.
    """

    def __init__(self, function: ast.FunctionDef, markers: Markers) -> None:
        self._markers = markers
        self._scope = markers.scopes[function]
        self._nodes: set[ast.AST] = set()
        self.implicit: set[ast.stmt] = set()
        self._find_tails(function.body)
        self._mark_all(function.body)

    def __contains__(self, node: ast.AST) -> bool:
        return node in self._nodes

    def any(self, nodes: Iterable[ast.AST | None]) -> bool:
        return any(node in self._nodes for node in nodes if node is not None)

    def _find_tails(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            form = self._form(statement)
            if form in ("for_lwt", "while_lwt"):
                self._tail(statement.body)  # type: ignore[attr-defined]
            elif isinstance(statement, ast.Match) and form == "match_lwt":
                for case in statement.cases:
                    self._tail(case.body)
            for block in _blocks(statement):
                self._find_tails(block)

    def _tail(self, body: list[ast.stmt]) -> None:
        match body[-1]:
            case ast.Expr(value=ast.Call() as call) as last if call not in self._markers.calls:
                if not self._calls_builtin(call):
                    self.implicit.add(last)
            case ast.If() | ast.With() | ast.Match() as last:
                for block in _blocks(last):
                    self._tail(block)
            case ast.Try() as last:
                for block in [
                    last.orelse or last.body,
                    *(handler.body for handler in last.handlers),
                ]:
                    self._tail(block)

    def _calls_builtin(self, call: ast.Call) -> bool:
        """Whether *call* calls a builtin, such as print: that never gives a promise."""
        if not isinstance(call.func, ast.Name) or self._scope.resolve(call.func.id) is not None:
            return False
        return hasattr(builtins, call.func.id)

    def _form(self, statement: ast.stmt) -> str | None:
        match statement:
            case ast.For(iter=place) | ast.While(test=place) | ast.Match(subject=place):
                return self._markers.form(place)
        return None

    def _mark_all(self, nodes: Iterable[ast.AST | None]) -> bool:
        found = False
        for node in nodes:
            if node is not None and self._mark(node):
                found = True
        return found

    def _mark(self, node: ast.AST) -> bool:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            decorators = [d for d in node.decorator_list if not self._is_marker(node, d)]
            found = self._mark_all([*decorators, *node.args.defaults, *node.args.kw_defaults])
        elif isinstance(node, ast.Lambda):
            found = self._mark_all([*node.args.defaults, *node.args.kw_defaults])
            found = found or node in self._markers.functions
        elif isinstance(node, ast.ClassDef):
            found = self._mark_all([*node.decorator_list, *node.bases, *node.keywords])
        elif isinstance(node, ast.GeneratorExp):
            found = self._mark(node.generators[0].iter)
        else:
            found = self._mark_all(ast.iter_child_nodes(node))
        found = (
            found
            or isinstance(node, ast.Yield)
            or node in self._markers.calls
            or node in self.implicit
        )
        if found:
            self._nodes.add(node)
        return found

    def _is_marker(self, node: ast.AST, decorator: ast.expr) -> bool:
        function = self._markers.functions.get(node)
        return function is not None and function.decorator is decorator


def _blocks(statement: ast.stmt) -> list[list[ast.stmt]]:
    """The non-empty blocks of *statement*, its own only."""
    match statement:
        case ast.If() | ast.For() | ast.While():
            blocks = [statement.body, statement.orelse]
        case ast.With():
            blocks = [statement.body]
        case ast.Match():
            blocks = [case.body for case in statement.cases]
        case ast.Try() | ast.TryStar():
            handlers = [handler.body for handler in statement.handlers]
            blocks = [statement.body, *handlers, statement.orelse, statement.finalbody]
        case _:
            blocks = []
    return [block for block in blocks if block]
