"""Lambdas that wait: there is no asynchronous lambda."""

from __future__ import annotations

import ast

from lwtsyntax.ir.code import Code, code, join
from lwtsyntax.ir.markers import ThreadFunction
from lwtsyntax.ir.scopes import identifiers
from lwtsyntax.ir.source import Span
from lwtsyntax.ir.tree import walk
from lwtsyntax.passes.to_async.context import Spot
from lwtsyntax.passes.to_async.edits import BLANK, FIRST, parses
from lwtsyntax.passes.to_async.expressions import Expressions

__all__ = ["Lambdas"]

_SIMPLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Raise, ast.Assert)


class Lambdas(Expressions):
    """One becomes an ``async def`` just before its statement, or keeps its place with a helper's help."""

    def visit_Lambda(self, node: ast.Lambda) -> None:
        function = self.markers.functions.get(node)
        if function is not None and self.spot is not None and self._can_move(node, self.spot):
            name = self.fresh.of("anonymous function")
            definition = self._definition(node, function, name, self.spot.indent)
            whole = self.span(node)
            self.edits.replace(whole.start, whole.end, name)
            self._put(definition, self.spot)
            return
        self.visit(node.args)
        with self.inside(node), self.elsewhere(None):
            if function is not None and not function.plain:
                self._stays(node)
            else:
                self.visit(node.body)

    def _can_move(self, node: ast.Lambda, spot: Spot) -> bool:
        """Whether nobody can tell that *node* is made a little earlier."""
        whole, body = self.span(node), self.span(node.body)
        if self.source.comments_in(whole.start, body.start):
            return False
        defaults = [*node.args.defaults, *filter(None, node.args.kw_defaults)]
        return all(self._is_settled(default, spot) for default in defaults)

    def _is_settled(self, node: ast.expr, spot: Spot) -> bool:
        """Whether *node* has its value already where the statement of *spot* begins."""
        if isinstance(node, ast.Constant):
            return True
        if not isinstance(node, ast.Name) or not isinstance(spot.statement, _SIMPLE):
            return False
        inside = walk(spot.statement)
        assigned = {each.target.id for each in inside if isinstance(each, ast.NamedExpr)}
        bound = node.id in self.scope.parameters or node.id in self.loop_variables
        return bound and node.id not in assigned and self.is_constant(node.id)

    def _put(self, definition: Code, spot: Spot) -> None:
        if spot.statement is None:
            spot.definitions.append(definition)
            return
        start = self.span(spot.statement).start
        if not spot.definitions:
            self._blank_before(spot.statement)
        spot.definitions.append(definition)
        self.edits.insert(start, definition, f"\n\n{spot.indent}", rank=FIRST)

    def _definition(
        self, node: ast.Lambda, function: ThreadFunction, name: str, indent: str
    ) -> Code:
        """*node* as a ``def`` of its own."""
        self.visit(node.args)
        spot = Spot(indent + self.unit)
        with self.inside(node), self.elsewhere(spot):
            self.visit(node.body)
        start, body = self.span(node).start + len("lambda"), self.span(node.body)
        colon = self.text.rindex(":", start, body.start)
        first = start + len(self.text[start:colon]) - len(self.text[start:colon].lstrip())
        arguments = self.edits.take(Span(first, max(first, colon)))
        value = self.edits.take(body)
        if isinstance(node.body, ast.NamedExpr) or not parses(self.text[body.start : body.end]):
            value = code("(", value, ")")
        word = "def" if function.plain else "async def"
        header = code(f"{word} {name}(", arguments, f"):\n{spot.indent}")
        inner = [code(each, "\n\n", spot.indent) for each in spot.definitions]
        return code(header, join("", inner), "return ", value)

    def _stays(self, node: ast.Lambda) -> None:
        """``lambda: only(await e for _ in [0])``: an asynchronous generator of one value."""
        ignored = "_"
        if "_" in identifiers(node.body):
            ignored = self.fresh.of("ignored value")
        body = self.span(node.body)
        self.edits.insert(body.start, f"{self.helper('only')}(")
        self.visit(node.body)
        self.edits.insert(body.end, f" for {ignored} in [0])")

    def assigned_lambda(self, node: ast.Assign) -> bool:
        """``f = lambda …`` becomes ``async def f(…)``."""
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value):
                function = self.markers.functions.get(value)
            case _:
                return False
        if function is None or self.spot is None or self.spot.statement is not node:
            return False
        whole, end = self.span(node), self.span(value).end
        if end < whole.end or self.source.comments_in(whole.start, self.span(value.body).start):
            return False
        definition = self._definition(value, function, name, self.spot.indent)
        self._blank_before(node)
        self.edits.replace(whole.start, whole.end, definition)
        if self._is_followed(node):
            self.edits.insert(self.line_end(whole.end), "\n")
        return True

    # -- empty lines ----------------------------------------------------------------------------

    def _blank_before(self, node: ast.stmt) -> None:
        """An empty line before *node*, unless there is one, or *node* opens its function."""
        start = self.line_start(self.span(node).start)
        assert self.function is not None
        above = self.text[self.line_start(start - 1) : start]
        if node is not self.function.node.body[0] and above.strip():
            self.edits.insert(start, "\n", rank=BLANK)

    def _is_followed(self, node: ast.stmt) -> bool:
        """Whether a statement of the same block, or a comment, stands on the line below *node*."""
        below = self.next_line(self.span(node).end)
        line = self.text[below : self.line_end(below)]
        indent = self.source.indentation(self.span(node).start)
        return bool(line.strip()) and line.startswith(indent)
