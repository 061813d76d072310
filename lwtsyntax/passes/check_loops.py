"""Find the ``for_lwt`` and ``while_lwt`` loops that wait for nothing.

Input: the markers of a file.  Output: a warning for each such loop::

    for x in for_lwt(range(3)):     # LWT031: write `for x in range(3):`
        total += x

A stream or an async iterable needs ``for_lwt`` whatever the body does, and a condition may be a
promise; so only loops over what is evidently plain are meant.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lwtsyntax.ir.assignments import rebound_elsewhere, sole_value
from lwtsyntax.ir.findings import Finding, lines_of
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.scopes import Scope
from lwtsyntax.ir.source import Source
from lwtsyntax.ir.tree import children
from lwtsyntax.ir.waiting import Waiting

__all__ = ["check_loops"]

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_ITERABLES = {"dict", "enumerate", "filter", "frozenset", "list", "map", "range"}
_ITERABLES |= {"reversed", "set", "sorted", "str", "tuple", "zip"}
_BOOLS = {"all", "any", "bool", "callable", "hasattr", "isinstance", "issubclass", "len"}


def check_loops(markers: Markers, source: Source) -> list[Finding]:
    """The loops of a file that need no marker."""
    if not {"for_lwt", "while_lwt"} & set(markers.calls.values()):
        return []
    check = _Check(markers, source)
    for function in markers.functions.values():
        if not function.plain:
            check.function(function)
    return check.findings


class _Check:
    def __init__(self, markers: Markers, source: Source) -> None:
        self.markers = markers
        self.source = source
        self.findings: list[Finding] = []
        self.rebound = rebound_elsewhere(markers.scopes.values())

    def function(self, function: ThreadFunction) -> None:
        loops = list(self._loops(function.node.body, function.scope))
        if not loops:
            return
        waiting = Waiting(function.node, self.markers)
        for statement, call, rounds, hint in loops:
            if not waiting.any(rounds):
                self._warn(statement, call, hint)

    def _warn(self, statement: ast.stmt, call: ast.Call, hint: str) -> None:
        form = self.markers.calls[call]
        message = f"this {form} waits for nothing: it could be a plain {form.removesuffix('_lwt')}"
        diagnostic = self.source.diagnostic("LWT031", message, self.source.span(call), hint)
        self.findings.append(Finding(diagnostic, lines_of(statement)))

    def _loops(
        self, body: list[ast.stmt], scope: Scope
    ) -> Iterator[tuple[ast.stmt, ast.Call, list[ast.AST], str]]:
        """The marked loops over plain things: statement, marker, what runs each round, the way out."""
        for statement in _own_statements(body):
            match statement:
                case ast.For(iter=ast.Call() as call) if self._is_plain(call, "for_lwt", scope):
                    hint = f"write `for {self._text(statement.target)} in {self._argument(call)}:`"
                    yield statement, call, list(statement.body), hint
                case ast.While(test=ast.Call() as call) if self._is_plain(call, "while_lwt", scope):
                    hint = f"write `while {self._argument(call)}:`"
                    yield statement, call, [call.args[0], *statement.body], hint
            for node in _own_comprehensions(statement):
                inner = self.markers.scopes[node]
                for index, generator in enumerate(node.generators):
                    place = inner if index else scope
                    over = generator.iter
                    if isinstance(over, ast.Call) and self._is_plain(over, "for_lwt", place):
                        target = self._text(generator.target)
                        hint = f"write `for {target} in {self._argument(over)}`"
                        yield statement, over, _rounds(node, index), hint

    def _is_plain(self, call: ast.Call, form: str, scope: Scope) -> bool:
        if self.markers.form(call) != form:
            return False
        return (self._is_iterable if form == "for_lwt" else self._is_bool)(call.args[0], scope)

    def _is_iterable(self, node: ast.expr, scope: Scope) -> bool:
        match node:
            case ast.List() | ast.Tuple() | ast.Set() | ast.Dict() | ast.Constant():
                return True
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.JoinedStr():
                return True
            case ast.Call(func=ast.Name(id=name)):
                return name in _ITERABLES and scope.resolve(name) is None
            case ast.Name(id=name) if name not in self.rebound:
                owner = scope.resolve(name)
                value = sole_value(owner, name) if owner is not None else None
                named = isinstance(value, ast.Name)  # a name for a name: not looked into
                return value is not None and not named and self._is_iterable(value, scope)
        return False

    def _is_bool(self, node: ast.expr, scope: Scope) -> bool:
        match node:
            case ast.Constant() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return True
            case ast.BoolOp(values=values):
                return all(self._is_bool(value, scope) for value in values)
            case ast.Call(func=ast.Name(id=name)):
                return name in _BOOLS and scope.resolve(name) is None
        return False

    def _text(self, node: ast.expr) -> str:
        text = self.source.slice(self.source.span(node))
        return text if len(text) <= 40 and "\n" not in text else "…"

    def _argument(self, call: ast.Call) -> str:
        return self._text(call.args[0])


def _own_statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a function, without those of the functions and classes in it."""
    todo: list[ast.AST] = list(reversed(body))
    while todo:
        node = todo.pop()
        if isinstance(node, ast.stmt):
            yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            todo += reversed(list(children(node)))


def _own_comprehensions(statement: ast.stmt) -> Iterator[_Comprehension]:
    """The comprehensions in the expressions of *statement* itself."""
    todo = [child for child in children(statement) if not isinstance(child, ast.stmt)]
    while todo:
        node = todo.pop()
        if isinstance(node, _Comprehension):
            yield node
        if not isinstance(node, ast.stmt | ast.Lambda | ast.arguments):
            todo += children(node)


def _rounds(node: _Comprehension, index: int) -> list[ast.AST]:
    """What runs each round of the loop *index* of a comprehension."""
    elements = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    inner = [generator.iter for generator in node.generators[index + 1 :]]
    return [*elements, *inner, *(test for each in node.generators[index:] for test in each.ifs)]
