"""A program with markers as a program without: ``lwt`` as identity, or as ``await`` under asyncio.

Input: direct-style source.  Output: a syntax tree that runs as it is.  This knows the markers'
meaning and nothing of the transformer, so that the two can be held against each other::

    x = lwt(get(1))      ->      x = get(1)      or      x = await get(1)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from harness.names import SCOPES, Scopes

__all__ = ["direct_style"]

_THREADS = ("lwt", "lwt_stream")


def direct_style(source: str, *, asynchronous: bool) -> ast.Module:
    """*source* without its markers."""
    tree = ast.parse(source)
    rewriter = _Awaiting(tree) if asynchronous else _Identity(tree)
    program = rewriter.visit(tree)
    assert isinstance(program, ast.Module)
    return ast.fix_missing_locations(program)


class _Identity(ast.NodeTransformer):
    """A promise is its value, and waiting does nothing."""

    def __init__(self, tree: ast.Module) -> None:
        self.scopes = Scopes(tree)
        self.fresh = 0
        self.lambdas: list[bool] = []  # the lambdas around the node at hand: does it wait?

    # what waiting is
    def one(self, value: ast.expr) -> ast.expr:
        return value

    def maybe(self, value: ast.expr) -> ast.expr:
        return value

    def several(self, call: ast.Call) -> ast.expr:
        return ast.Tuple(call.args, ast.Load())

    def loop(self, node: ast.For) -> ast.stmt:
        return node

    def comprehension(self, node: ast.comprehension) -> ast.AST:
        return node

    def function(self, node: ast.FunctionDef) -> ast.stmt:
        return node

    def anonymous(self, node: ast.Lambda) -> ast.expr:
        return node

    def managed(self, item: ast.withitem, body: list[ast.stmt]) -> ast.stmt:
        item.context_expr = ast.Call(_load("manager_"), [item.context_expr], [])
        return ast.With([item], body)

    # the walk
    def visit(self, node: ast.AST) -> Any:
        if not isinstance(node, SCOPES):
            return super().visit(node)
        with self.scopes.inside(node):
            return super().visit(node)

    def marker(self, node: ast.AST) -> str | None:
        """The marker that *node* calls."""
        return self.scopes.marker(node.func) if isinstance(node, ast.Call) else None

    def visit_Call(self, node: ast.Call) -> Any:
        marker = self.marker(node)
        self.generic_visit(node)
        if marker != "lwt":
            return node
        if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
            return self.one(node.args[0])
        return self.several(node)

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        node.args = self.visit(node.args)
        self.lambdas.append(False)
        node.body = self.visit(node.body)
        return self.anonymous(node) if self.lambdas.pop() else node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        is_form = self.marker(node.iter) == "for_lwt"
        if is_form:
            node.iter = node.iter.args[0]  # type: ignore[attr-defined]
        self.generic_visit(node)
        return self.comprehension(node) if is_form else node

    def visit_With(self, node: ast.With) -> ast.AST:
        forms = [self.marker(item.context_expr) == "with_lwt" for item in node.items]
        for item, is_form in zip(node.items, forms, strict=True):
            if is_form:
                item.context_expr = item.context_expr.args[0]  # type: ignore[attr-defined]
        self.generic_visit(node)
        if not any(forms):
            return node
        body = node.body
        for item, is_form in reversed([*zip(node.items, forms, strict=True)]):
            body = [self.managed(item, body) if is_form else ast.With([item], body)]
        return body[0]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        outside = self.scopes.around()
        kept = [each for each in node.decorator_list if outside.marker(each) not in _THREADS]
        is_thread = len(kept) < len(node.decorator_list)
        node.decorator_list = kept
        lambdas, self.lambdas = self.lambdas, []
        self.generic_visit(node)
        self.lambdas = lambdas
        return self.function(node) if is_thread else node

    def visit_For(self, node: ast.For) -> ast.AST:
        is_form = self.marker(node.iter) == "for_lwt"
        if is_form:
            node.iter = node.iter.args[0]  # type: ignore[attr-defined]
        tails = list(_tails(node.body, self)) if is_form else []
        self.generic_visit(node)
        self.wait_for_tails(tails)
        return self.loop(node) if is_form else node

    def visit_While(self, node: ast.While) -> ast.AST:
        is_form = self.marker(node.test) == "while_lwt"
        tails = list(_tails(node.body, self)) if is_form else []
        if is_form:
            node.test = node.test.args[0]  # type: ignore[attr-defined]
        self.generic_visit(node)
        self.wait_for_tails(tails)
        if is_form:
            node.test = self.maybe(node.test)
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        is_form = self.marker(node.subject) == "match_lwt"
        if not is_form:
            return self.generic_visit(node)
        node.subject = node.subject.args[0]  # type: ignore[attr-defined]
        tails = [tail for case in node.cases for tail in _tails(case.body, self)]
        rejected = [case for case in node.cases if self.is_exception_arm(case)]
        self.generic_visit(node)
        self.wait_for_tails(tails)
        node.subject = self.one(node.subject)
        return self.with_exception_arms(node, rejected) if rejected else node

    def is_exception_arm(self, case: ast.match_case) -> bool:
        pattern = case.pattern
        return (
            isinstance(pattern, ast.MatchClass) and self.scopes.marker(pattern.cls) == "exception"
        )

    def with_exception_arms(self, node: ast.Match, rejected: list[ast.match_case]) -> ast.stmt:
        """try: subject = e; except: match the exception arms; else: match the others."""
        self.fresh += 1
        subject, error = f"subject_{self.fresh}_", f"error_{self.fresh}_"
        for case in rejected:
            assert isinstance(case.pattern, ast.MatchClass)
            case.pattern = case.pattern.patterns[0]
        values = [case for case in node.cases if case not in rejected]
        handler = ast.Match(_load(error), [*rejected, _otherwise_raise()])
        if _irrefutable(rejected[-1]):
            handler.cases.pop()
        orelse: list[ast.stmt] = [ast.Match(_load(subject), values)] if values else []
        assign = ast.Assign([ast.Name(subject, ast.Store())], node.subject)
        catch = ast.ExceptHandler(_load("BaseException"), error, [handler])
        return ast.Try([assign], [catch], orelse, [])

    def wait_for_tails(self, tails: list[ast.Expr]) -> None:
        for tail in tails:
            tail.value = self.maybe(tail.value)


class _Awaiting(_Identity):
    """A promise is an awaitable, a thread function is a coroutine function."""

    def one(self, value: ast.expr) -> ast.expr:
        if not self.lambdas:
            return ast.Await(value)
        self.lambdas[-1] = True
        return ast.YieldFrom(ast.Call(_load("waiting_"), [value], []))

    def maybe(self, value: ast.expr) -> ast.expr:
        return self.one(ast.Call(_load("maybe_"), [value], []))

    def several(self, call: ast.Call) -> ast.expr:
        return self.one(ast.Call(_load("several_"), call.args, []))

    def comprehension(self, node: ast.comprehension) -> ast.AST:
        node.iter = ast.Call(_load("items_"), [node.iter], [])
        node.is_async = 1
        return node

    def anonymous(self, node: ast.Lambda) -> ast.expr:
        return ast.Call(_load("coroutine_"), [node], [])

    def managed(self, item: ast.withitem, body: list[ast.stmt]) -> ast.stmt:
        return ast.AsyncWith([item], body)

    def loop(self, node: ast.For) -> ast.stmt:
        items = ast.Call(_load("items_"), [node.iter], [])
        return ast.AsyncFor(node.target, items, node.body, node.orelse)

    def function(self, node: ast.FunctionDef) -> ast.stmt:
        fields = {name: getattr(node, name) for name in node._fields}
        return ast.copy_location(ast.AsyncFunctionDef(**fields), node)


def _tails(body: list[ast.stmt], rewriter: _Identity) -> Iterator[ast.Expr]:
    """The bare calls that end *body*, or an arm of a statement that ends it."""
    match body[-1]:
        case ast.Expr(value=ast.Call() as call) as last if rewriter.marker(call) is None:
            yield last
        case ast.If() as last:
            yield from _tails(last.body, rewriter)
            if last.orelse:
                yield from _tails(last.orelse, rewriter)
        case ast.Match() as last:
            for case in last.cases:
                yield from _tails(case.body, rewriter)
        case ast.With() as last:
            yield from _tails(last.body, rewriter)
        case ast.Try() as last:
            for arm in (last.orelse or last.body, *(handler.body for handler in last.handlers)):
                yield from _tails(arm, rewriter)


def _irrefutable(case: ast.match_case) -> bool:
    return (
        case.guard is None
        and isinstance(case.pattern, ast.MatchAs)
        and case.pattern.pattern is None
    )


def _otherwise_raise() -> ast.match_case:
    return ast.match_case(ast.MatchAs(), None, [ast.Raise()])


def _load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())
