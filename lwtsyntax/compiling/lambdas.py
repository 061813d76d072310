"""Write the generated lambdas of the output's tree as definitions.

::

    return Lwt.map(e, lambda x: v)     →     def lambda_1(x): return v
                                             return Lwt.map(e, lambda_1)

The ``return`` of a lambda bears the line of the lambda itself, up to Python 3.12; that of a definition
bears the line where the source returns.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lwtsyntax.compiling.origins import definition, located
from lwtsyntax.compiling.relocation import Lowered, bodies

__all__ = ["define_lambdas"]


def define_lambdas(lowered: Lowered) -> None:
    """Turn every generated lambda into a definition, which is generated too."""
    hoisting = _Hoisting(lowered)
    for node in [*lowered.nodes]:
        for body in bodies(node):
            body[:] = [new for statement in body for new in hoisting.statement(statement)]


class _Hoisting:
    def __init__(self, lowered: Lowered) -> None:
        self.lowered = lowered
        self.count = 0

    def statement(self, node: ast.stmt) -> Iterator[ast.stmt]:
        """The definitions that *node* needs, and *node*."""
        if isinstance(node, ast.Return) and node.value is not None:
            definitions: list[ast.stmt] = []
            node.value = self._expression(node.value, definitions)
            yield from definitions
        yield node

    def _expression(self, node: ast.expr, definitions: list[ast.stmt]) -> ast.expr:
        if node not in self.lowered.generated:
            return node
        if isinstance(node, ast.Call):
            node.args = [self._expression(argument, definitions) for argument in node.args]
            for argument in node.args:
                if isinstance(argument, ast.Name) and argument in self.lowered.generated:
                    located(node).put_on(argument)
        elif isinstance(node, ast.Lambda):
            definitions.append(self._definition(node))
            reference = ast.Name(definitions[-1].name, ast.Load())  # type: ignore[attr-defined]
            self._take_in(reference, node)
            return reference
        return node

    def _definition(self, node: ast.Lambda) -> ast.FunctionDef:
        self.count += 1
        function = definition(f"lambda_{self.count}", [], node.args)
        returned = ast.Return(node.body)
        located(node).put_on(function)
        located(node.body).put_on(returned)
        if node in self.lowered.waits:
            self.lowered.waits[returned] = self.lowered.waits[node]
        self._take_in(function, node)
        self._take_in(returned, node)
        function.body = [*self.statement(returned)]
        return function

    def _take_in(self, new: ast.AST, old: ast.Lambda) -> None:
        self.lowered.add(new, self.lowered.owners[old])
        self.lowered.generated.add(new)
