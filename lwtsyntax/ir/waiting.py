"""Which syntax nodes of a thread function hold a wait, explicit or implicit."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.tails import implicit_waits
from lwtsyntax.ir.tree import children

__all__ = ["Waiting"]


class Waiting:
    """``node in waiting``: a wait of this function stands in *node*.

    ``implicit`` holds the bare calls in tail position of a ``_lwt`` form: they are waited for when
    their value is a promise.
    """

    def __init__(self, function: ast.FunctionDef, markers: Markers) -> None:
        self._markers = markers
        self._nodes: set[ast.AST] = set()
        self.implicit = implicit_waits(function, markers)
        self._mark_all(function.body)

    def __contains__(self, node: ast.AST) -> bool:
        return node in self._nodes

    def any(self, nodes: Iterable[ast.AST | None]) -> bool:
        return any(node in self._nodes for node in nodes if node is not None)

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
            found = self._mark_all(children(node))
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
