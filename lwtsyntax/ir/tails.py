"""Which bare calls are waited for: those that end the body of a thread."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.scopes import Scope

__all__ = ["implicit_waits", "tails_of"]


def implicit_waits(function: ast.FunctionDef, markers: Markers) -> set[ast.stmt]:
    """The bare calls in tail position of the ``_lwt`` forms of *function*, calls of builtins aside."""
    scope = markers.scopes[function]
    return {
        tail
        for body in _threads(function.body, markers)
        for tail in _tails(body, markers)
        if not _calls_builtin(tail.value, scope)
    }


def tails_of(statement: ast.stmt, function: ast.FunctionDef, markers: Markers) -> set[ast.stmt]:
    """Those that *statement* of *function* would add if its blocks were threads."""
    scope = markers.scopes[function]
    return {tail for tail in _tails([statement], markers) if not _calls_builtin(tail.value, scope)}


def _threads(statements: list[ast.stmt], markers: Markers) -> Iterator[list[ast.stmt]]:
    """The blocks that are bodies of threads."""
    for statement in statements:
        if statement in markers.threads:
            yield [statement]
        match statement:
            case ast.For(iter=place) | ast.While(test=place):
                if markers.form(place) in ("for_lwt", "while_lwt"):
                    yield statement.body
            case ast.Match(subject=place) if markers.form(place) == "match_lwt":
                yield from (case.body for case in statement.cases)
        for block in _blocks(statement):
            yield from _threads(block, markers)


def _tails(body: list[ast.stmt], markers: Markers) -> Iterator[ast.Expr]:
    """The bare calls that end *body*, or an arm of a statement that ends it."""
    match body[-1]:
        case ast.Expr(value=ast.Call() as call) as last if call not in markers.calls:
            yield last
        case ast.If() | ast.With() | ast.Match() as last:
            for block in _blocks(last):
                yield from _tails(block, markers)
        case ast.Try() as last:
            for block in [last.orelse or last.body, *(handler.body for handler in last.handlers)]:
                yield from _tails(block, markers)


def _calls_builtin(call: ast.expr, scope: Scope) -> bool:
    """Whether *call* calls a builtin, such as print: that never gives a promise."""
    assert isinstance(call, ast.Call)
    if not isinstance(call.func, ast.Name) or scope.resolve(call.func.id) is not None:
        return False
    return hasattr(builtins, call.func.id)


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
