"""``with with_lwt(m)`` is ``async with m``."""

from __future__ import annotations

import ast
from itertools import groupby

from lwtsyntax.ir.code import Code, code, join
from lwtsyntax.ir.source import Span
from lwtsyntax.passes.to_async.edits import parses
from lwtsyntax.passes.to_async.statements import Statements

__all__ = ["Withs"]


class Withs(Statements):
    """A statement with managers of both kinds becomes one for each run of one kind."""

    def visit_With(self, node: ast.With) -> None:
        kinds = [self._enters(item) for item in node.items]
        if any(kinds) and not all(kinds):
            self._nested(node)
            return
        if any(kinds):
            self.edits.insert(self.span(node).start, "async ")
        self.visit_all([*node.items, *node.body])

    def _enters(self, item: ast.withitem) -> bool:
        return self.markers.form(item.context_expr) == "with_lwt"

    def visit_withitem(self, node: ast.withitem) -> None:
        call = node.context_expr
        if isinstance(call, ast.Call) and self._enters(node):
            (manager,) = call.args
            if self.threads.asynchronous_manager(manager, self.scope):
                self.unwrap(call, "", fits=True)
            else:
                self.edits.rename(call, self.helper("managed"))
                self.visit(manager)
        else:
            self.visit(call)
        self.visit_all([node.optional_vars])

    def _nested(self, node: ast.With) -> None:
        last = node.items[-1]
        start = self.span(node).start
        colon = self.colon(self.span(last.optional_vars or last.context_expr).end)
        base = self.source.indentation(start)
        groups = [[*group] for _, group in groupby(node.items, self._enters)]
        headers: list[Code] = [(comment,) for comment in self._comments(node, start, colon)]
        for depth, group in enumerate(groups):
            items = join(", ", map(self._item, group))
            if any(isinstance(part, Span) and "\n" in self.source.slice(part) for part in items):
                items = code("(", items, ")")
            word = "async with " if self._enters(group[0]) else "with "
            headers.append(code(self.unit * depth, word, items, ":"))
        lines = Span(colon, colon)
        if self.begins_line(self.span(node.body[0]).start):
            lines = Span(self.next_line(colon), self.line_end(self.source.whole(node).end))
        with self.deeper(lines, len(groups) - 1, base):
            self.visit_all(node.body)
        self.edits.replace(start, colon + 1, join(f"\n{self.moved(base)}", headers))

    def _item(self, item: ast.withitem) -> Code:
        """``m as r``, edited, with the parentheses that it needs."""
        self.visit(item)
        manager = self.edits.take(self.span(item.context_expr))
        text = self.source.slice(self.span(item.context_expr))
        if isinstance(item.context_expr, ast.NamedExpr) or not parses(text):
            manager = code("(", manager, ")")
        if item.optional_vars is None:
            return manager
        return code(manager, " as ", self.edits.take(self.span(item.optional_vars)))

    def _comments(self, node: ast.With, start: int, end: int) -> list[str]:
        """The comments between the managers, which are in none of them."""
        parts = [part for item in node.items for part in (item.context_expr, item.optional_vars)]
        spans = [self.span(part) for part in parts if part is not None]
        return [
            comment.text
            for comment in self.source.comments_in(start, end)
            if not any(span.start <= comment.span.start < span.end for span in spans)
        ]
