"""Make once, before a loop, what each of its rounds would make anew.

::

    def each(x):                              def with_value(value):
        def with_value(value):                    nonlocal total
            nonlocal total               →        total += value
            total += value                    def each(x):
        return Lwt.map(f(x), with_value)          return Lwt.map(f(x), with_value)

To make a closure costs about half of what a wait for a resolved promise does (``benchmarks/lowering.py``).
What ``transform`` writes keeps each definition beside its use, for the reader; this is not read.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lwtsyntax.compiling.origins import located
from lwtsyntax.compiling.parts import Structure
from lwtsyntax.compiling.relocation import inner_blocks
from lwtsyntax.ir.scopes import Scope, build_scopes

__all__ = ["hoist"]

_LOOPS = ("for_each", "while_")
Block = list[ast.stmt]


def hoist(tree: ast.Module, structure: Structure) -> None:
    """Move definitions of the output in front of the loops on whose variables they do not depend."""
    parts = structure.parts.values()
    loops = {part.node for part in parts if part.site is not None and part.site.name in _LOOPS}
    if loops:
        _Hoisting(tree, structure, loops).functions(tree.body, None)


class _Hoisting:
    def __init__(self, tree: ast.Module, structure: Structure, loops: set[ast.FunctionDef]) -> None:
        self.lowered = structure.lowered
        self.loops = loops
        scopes = build_scopes(tree)
        regions = [node for node in scopes if self.lowered.is_region(node)]
        self.bound = {node: {*filter(scopes[node].owns, _names(scopes[node]))} for node in regions}
        self.free = {node: _free(scopes[node]) for node in regions}

    def functions(self, body: Block, around: ast.AST | None) -> None:
        """Hoist in what *body* holds, a block of the function *around*; inner loops come first."""
        for statement in [*body]:
            function = statement if isinstance(statement, ast.FunctionDef) else around
            for block in inner_blocks(statement):
                self.functions(block, function)
            if isinstance(statement, ast.FunctionDef) and statement in self.loops:
                moved = [*self._moved(statement.body, [statement])]
                for definition in moved:
                    located(statement).put_on(definition)
                    self.bound.get(around, set()).add(definition.name)  # type: ignore[arg-type]
                index = body.index(statement)
                body[index:index] = moved

    def _moved(self, body: Block, path: list[ast.FunctionDef]) -> Iterator[ast.FunctionDef]:
        """Take the definitions that depend on no function of *path* out of *body*, a block of the last."""
        for statement in [*body]:
            if not isinstance(statement, ast.FunctionDef):
                for block in inner_blocks(statement):
                    yield from self._moved(block, path)
            elif self.lowered.is_region(statement) and not self.lowered.is_scope(statement):
                yield from self._moved(statement.body, [*path, statement])
                if not any(self.free[statement] & self.bound[each] for each in path):
                    body.remove(statement)
                    for each in path:
                        self.free[each].add(statement.name)
                        self.bound[each].discard(statement.name)
                    yield statement


def _names(scope: Scope) -> set[str]:
    return {*scope.binders, *scope.loads, *scope.declared, *scope.nonlocals, *scope.globals}


def _free(scope: Scope) -> set[str]:
    """The names in *scope* that mean variables outside, and, to be safe, some in classes that do not."""
    inside = set().union(*map(_free, scope.children))
    names = _names(scope) | inside
    return names if scope.kind == "class" else {name for name in names if not scope.owns(name)}
