"""Which calls may recurse: a call graph by name.

Functions are known by their last name, methods too, so the graph has at least the edges of the
program (calls through variables aside, which the runtime's own nesting bound catches at the next wait).
"""

from __future__ import annotations

import ast
from functools import cached_property
from weakref import WeakKeyDictionary

from lwtsyntax.ir.tree import children

__all__ = ["CallGraph", "callee_name", "keep_calls"]


def callee_name(call: ast.Call) -> str | None:
    """The name or attribute that *call* calls."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


# Of statements that are in several trees, as while a text is being written.
_known: WeakKeyDictionary[ast.stmt, dict[str, set[str]]] = WeakKeyDictionary()


def _calls_in(statement: ast.stmt) -> dict[str, set[str]]:
    """What each function in *statement* calls, or a function in it."""
    found = _known.get(statement)
    if found is not None:
        return found
    found = _known[statement] = {}
    todo: list[tuple[ast.AST, tuple[set[str], ...]]] = [(statement, ())]
    while todo:
        node, around = todo.pop()
        if isinstance(node, ast.FunctionDef):
            around = (*around, found.setdefault(node.name, set()))
        elif isinstance(node, ast.Call) and (name := callee_name(node)) is not None:
            for calls in around:
                calls.add(name)
        todo += [(inner, around) for inner in children(node)]
    return found


def keep_calls(earlier: ast.stmt, moved: ast.stmt) -> None:
    """*moved* is *earlier* in other lines."""
    if earlier in _known:
        _known[moved] = _known[earlier]


class CallGraph:
    """``recursive(f, g)``: may a call of *g* made in *f* come back to *f*?

    *defined* are the names of all functions of the tree, and perhaps others: where no call of one of them
    is asked about, the tree is not gone through.
    """

    def __init__(self, tree: ast.Module, defined: set[str]) -> None:
        self._tree = tree
        self._defined = defined
        self._reach: dict[str, set[str]] = {}

    def recursive(self, function: str, callee: str | None) -> bool:
        """Whether *function* can be reached again from *callee*."""
        return callee in self._defined and function in self._reachable(callee)

    @cached_property
    def _calls(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for statement in self._tree.body:
            for name, calls in _calls_in(statement).items():
                found.setdefault(name, set()).update(calls)
        return found

    def _reachable(self, name: str) -> set[str]:
        if name not in self._reach:
            found = {name} if name in self._calls else set()
            todo = list(found)
            while todo:
                for called in self._calls[todo.pop()]:
                    if called in self._calls and called not in found:
                        found.add(called)
                        todo.append(called)
            self._reach[name] = found
        return self._reach[name]
