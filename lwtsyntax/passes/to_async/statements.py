"""Definitions and statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lwtsyntax.ir.markers import ThreadFunction
from lwtsyntax.ir.tails import implicit_waits
from lwtsyntax.ir.tree import children
from lwtsyntax.markers import written
from lwtsyntax.passes.to_async.context import Spot
from lwtsyntax.passes.to_async.lambdas import Lambdas

__all__ = ["Statements"]


class Statements(Lambdas):
    """``@lwt def`` is ``async def``; loops by what they loop over; tail calls are waited for."""

    def visit(self, node: ast.AST) -> None:
        if not isinstance(node, ast.stmt) or self.function is None:
            super().visit(node)
            return
        at = self.span(node).start
        spot = self.spot
        if self.begins_line(at) and not self.text.startswith("elif", at):
            spot = Spot(self.moved(self.source.indentation(at)), node)
        with self.elsewhere(spot):
            super().visit(node)

    # -- definitions ----------------------------------------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        function = self.markers.functions.get(node)
        marker = function.decorator if function is not None else None
        self.visit_all(each for each in node.decorator_list if each is not marker)
        self.visit_all([*node.args.defaults, *node.args.kw_defaults])
        if function is not None and isinstance(node, ast.FunctionDef):
            self._check(function)
            self._without_decorator(function)
            self.edits.insert(self.source.offset(node.lineno, node.col_offset), "async ")
            self.implicit |= implicit_waits(node, self.markers)
        with self.inside(node), self.thread(function):
            self.visit_all(node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.visit_all([*node.decorator_list, *node.bases, *node.keywords])
        with self.inside(node), self.elsewhere(None):
            self.visit_all(node.body)

    def _without_decorator(self, function: ThreadFunction) -> None:
        """Take the marker off, with its line if nothing else stands there."""
        span = self.span(function.decorator)
        start = self.text.rindex("@", 0, span.start)
        end = span.end
        while self.text[end] in " \t)":
            end += 1
        if self.begins_line(start) and self.text[end] in "\r\n":
            while self.text[end].isspace():
                end += 1
        self.edits.drop_inside(start, end)
        self.edits.replace(start, end)

    def _check(self, function: ThreadFunction) -> None:
        """Refuse what an ``async def`` cannot hold, or would mean something else there."""
        for node in _own_nodes(function.node):
            if isinstance(node, ast.YieldFrom) and function.stream:
                form = written("for_lwt", keywords=self.source.in_keywords)
                hint = f"write `{form} yield x`"
                raise self.refuse("LWT016", node, "yield from in a stream", hint)
            if isinstance(node, ast.Yield | ast.YieldFrom) and not function.stream:
                hint = "put @lwt_stream above the def, and read it by for_lwt"
                raise self.refuse("LWT016", node, "yield in a thread function", hint)
            if isinstance(node, ast.Return) and node.value is not None and function.stream:
                hint = "a stream ends by a bare return"
                raise self.refuse("LWT016", node, "return with a value in a stream", hint)

    # -- simple statements ----------------------------------------------------------------------

    def visit_Assign(self, node: ast.Assign) -> None:
        if not self.assigned_lambda(node):
            self.visit_all(children(node))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit_all([node.target, node.value])

    def visit_Expr(self, node: ast.Expr) -> None:
        if node not in self.implicit:
            self.visit(node.value)
            return
        span = self.span(node.value)
        assert isinstance(node.value, ast.Call)
        self.direct.add(node.value)
        if self.threads.surely_starts(node.value, self.scope):
            self.edits.insert(span.start, "await ")
            self.visit(node.value)
        else:
            self.edits.insert(span.start, f"await {self.helper('wait_if')}(")
            self.visit(node.value)
            self.edits.insert(span.end, ")")

    # -- loops ----------------------------------------------------------------------------------

    def visit_For(self, node: ast.For) -> None:
        self.visit(node.target)
        if isinstance(node.iter, ast.Call) and self.markers.form(node.iter) == "for_lwt":
            self.loop(node.iter, self.span(node).start)
        else:
            self.visit(node.iter)
        outer = self.loop_variables
        if isinstance(node.target, ast.Name):
            self.loop_variables = outer | {node.target.id}
        self.visit_all(node.body)
        self.loop_variables = outer
        self.visit_all(node.orelse)

    def visit_While(self, node: ast.While) -> None:
        if isinstance(node.test, ast.Call) and self.markers.form(node.test) == "while_lwt":
            self._condition(node.test)
        else:
            self.visit(node.test)
        self.visit_all([*node.body, *node.orelse])

    def _condition(self, call: ast.Call) -> None:
        """``while_lwt(c)``: *c* is a truth value, or something to wait for."""
        (condition,) = call.args
        if self._is_truth(condition):
            self.unwrap(call, "", fits=True)
        elif isinstance(condition, ast.Call) and self.threads.surely_starts(condition, self.scope):
            self.direct.add(condition)
            self.unwrap(call, "await ", fits=True)
        else:
            self.directly(condition)
            self.edits.rename(call, f"await {self.helper('wait_if')}")
            self.visit(condition)

    def _is_truth(self, node: ast.expr) -> bool:
        """Whether *node* evidently is nothing to wait for."""
        match node:
            case ast.BoolOp(values=values):
                return all(map(self._is_truth, values))
            case ast.Call():
                return self.markers.form(node) == "lwt"
            case ast.UnaryOp(op=ast.Not()) | ast.Compare() | ast.Constant():
                return True
        return False


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of *function*'s own body, without those of definitions and lambdas in it."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo.extend(children(node))
