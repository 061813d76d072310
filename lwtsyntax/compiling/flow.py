"""Places for what only control flow needs: definitions, guards, joins, default arms.

Debuggers and coverage tools watch lines follow each other.  So no line may show that is not being
executed, and where the source goes from one line to another, the compiled code does:

- a generated definition stands where the statement stands that it serves;
- a call of a join point stands where the source goes on; behind a simple statement it has no place.
"""

from __future__ import annotations

import ast

from lwtsyntax.compiling.origins import NOWHERE, Location, located
from lwtsyntax.compiling.relocation import Lowered, bodies, runtime_call

__all__ = ["direct_flow", "entry", "move_all", "passing"]

_VALUES = (None, "return_", "Returned")  # what stands for the value of a `return` of the user's
_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Match, ast.Try, ast.TryStar)


def direct_flow(lowered: Lowered) -> None:
    """Give the generated statements, whose nodes have been moved to the source, their places."""
    flow = _Flow(lowered)
    for node in reversed(lowered.nodes):  # what stands deeper first
        for body in bodies(node):
            flow.block(body, in_function=isinstance(node, ast.FunctionDef))
    for node in lowered.nodes:
        for body in bodies(node):
            body[:] = [new for statement in body for new in _with_dropped(statement, lowered)]


def _with_dropped(node: ast.stmt, lowered: Lowered) -> list[ast.stmt]:
    """*node*, behind a line for each statement or decorator before it that left nothing."""
    before = [*lowered.statements.get(node, ()), *lowered.decorators.get(node, ())]
    behind = lowered.last_statements.get(node, ())
    return [*map(passing, before), node, *map(passing, behind)]


def passing(place: Location) -> ast.stmt:
    """A line that only passes by."""
    line = ast.Pass()
    place.put_on(line)
    return line


def entry(node: ast.stmt) -> Location:
    """Where control stands when it comes to *node*."""
    match node:
        case ast.If(test=first) | ast.Match(subject=first):
            return located(first)
        case ast.With(items=[ast.withitem(context_expr=first), *_]):
            return located(first)
        case ast.FunctionDef(decorator_list=[first, *_]):
            return located(first)
    return located(node)


class _Flow:
    def __init__(self, lowered: Lowered) -> None:
        self.lowered = lowered

    def block(self, body: list[ast.stmt], in_function: bool) -> None:
        """The statements of *body*, the blocks in them being done."""
        following = NOWHERE
        own = [node for node in body if not self.lowered.is_region(node)]
        before = {node: own[index - 1] if index else None for index, node in enumerate(own)}
        for node in reversed(body):
            if self.lowered.is_region(node):
                if following != NOWHERE:
                    following.put_on(node)
                continue
            if node in self.lowered.generated:
                self._statement(node, before[node], in_function and len(own) == len(body))
            if isinstance(node, ast.Match):
                self._default_arm(node)
            following = entry(node)

    def _statement(self, node: ast.stmt, before: ast.stmt | None, begins: bool) -> None:
        """*node*, behind *before* in its block; *begins*: it can be what a function begins with."""
        match node:
            case ast.Assign(targets=[target], value=value) if located(target).covers(
                located(value)
            ):
                located(value).put_on(node)  # a temporary
                located(value).put_on(target)
            case ast.Return(value=ast.expr() as value) if self._is_jump(value):
                if not isinstance(before, _COMPOUND) and (before or begins):
                    move_all(node, NOWHERE)
            case ast.Return() if node in self.lowered.waits:
                self.lowered.waits[node].put_on(node)
            case ast.Return(value=value) if runtime_call(value, self.lowered) not in _VALUES:
                assert value is not None
                located(value).put_on(node)
            case (
                ast.Try(body=[ast.Raise(exc=None) as again], handlers=[clause, *_])
                | ast.TryStar(body=[ast.Raise(exc=None) as again], handlers=[clause, *_])
            ) if again in self.lowered.generated:
                located(clause).start.put_on(node)
                located(clause).start.put_on(again)
            case ast.Try():  # the guard
                entry(next(s for s in node.body if not self.lowered.is_region(s))).put_on(node)

    def _is_jump(self, value: ast.expr) -> bool:
        """Whether *value* is the call of a join point."""
        match value:
            case ast.Call(func=ast.Name(), args=[], keywords=[]):
                return value in self.lowered.generated
            case ast.Call(args=[ast.Call() as inner]):
                return runtime_call(value, self.lowered) == "return_" and self._is_jump(inner)
        return False

    def _default_arm(self, node: ast.Match) -> None:
        for case in node.cases:
            if case.pattern in self.lowered.generated:
                first = next((s for s in case.body if not self.lowered.is_region(s)), None)
                move_all(case.pattern, NOWHERE if first is None else entry(first))


def move_all(node: ast.AST, place: Location) -> None:
    for inner in ast.walk(node):
        if hasattr(inner, "lineno"):
            place.put_on(inner)
