"""Statements without waits: the user's text, with holes for what depends on where it lands."""

from __future__ import annotations

import ast
from collections.abc import Callable

from lwtsyntax.ir.code import Code, Jump, Nested, Stand, code
from lwtsyntax.ir.direct import Function
from lwtsyntax.ir.markers import ThreadFunction
from lwtsyntax.ir.source import Span
from lwtsyntax.ir.tree import children, walk
from lwtsyntax.passes.normalise.statements import SimpleStatements

__all__ = ["Natives", "falls_through"]

Edits = list[tuple[Span, Code]]


class Natives(SimpleStatements):
    """Finds, in text that stays as it is, what cannot."""

    nested: Callable[[ThreadFunction], Function]

    def holes(self, node: ast.AST, loops: int = 0, inner: bool = False) -> Edits:
        """The edits that *node* needs: jumps of this function, thread functions, annotated names.

        *loops* counts the native loops around, whose ``break`` and ``continue`` stay; *inner* is
        true inside a definition, whose own jumps stay too.
        """
        match node:
            case ast.FunctionDef() if node in self.markers.functions:
                whole = self.source.whole(node)  # with the comment on its last line
                return [(whole, (Nested(self.nested(self.markers.functions[node])),))]
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return self._holes_of(node.body, 0, True)
            case ast.Return() if not inner:
                value = None if node.value is None else self.plain(node.value)
                return [(self.span(node), (Jump("return", self.span(node), value),))]
            case ast.Break() | ast.Continue() if not inner and not loops:
                kind = "break" if isinstance(node, ast.Break) else "continue"
                return [(self.span(node), (Jump(kind, self.span(node)),))]
            case ast.AnnAssign(target=ast.Name(id=name), simple=1) if not inner:
                self.annotations.setdefault(name, self.annotation(node))
                if node.value is None:
                    return [(self.span(node), _nothing(self.span(node)))]
                return [(self.span(node), (self.declared(node, name, self.plain(node.value)),))]
            case ast.Global() | ast.Nonlocal() if not inner:
                return [(self.span(node), _nothing(self.span(node)))]
            case ast.For() | ast.While():
                body = self._holes_of(node.body, loops + 1, inner)
                return body + self._holes_of(node.orelse, loops, inner)
            case ast.expr():
                return []
        return self._holes_of(children(node), loops, inner)

    def _holes_of(self, nodes: object, loops: int, inner: bool) -> Edits:
        return [edit for node in nodes for edit in self.holes(node, loops, inner)]  # type: ignore[attr-defined]

    def super_calls(self) -> Edits:
        """``super()`` becomes ``super(__class__, self)``: a continuation has no first parameter."""
        if not self.scope.parameters or self.scope.resolve("super") is not None:
            return []
        replacement = f"super(__class__, {self.scope.parameters[0]})"
        edits: Edits = []
        for statement in self.function.node.body:
            self._add_super_calls(statement, replacement, edits)
        return edits

    def _add_super_calls(self, node: ast.AST, replacement: str, edits: Edits) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            return
        if isinstance(node, ast.JoinedStr) and any(map(super_call, walk(node))):
            edits.append((self.span(node), (ast.unparse(_Super(replacement).visit(node)),)))
        elif super_call(node):
            assert isinstance(node, ast.Call)
            edits.append((self.span(node), code(replacement)))
        else:
            for child in children(node):
                self._add_super_calls(child, replacement, edits)


def _nothing(place: Span) -> Code:
    """``pass``, where a declaration stood at *place*: nothing runs there."""
    return (Stand("pass", Span(place.start, place.start)),)


def super_call(node: ast.AST) -> bool:
    """Whether *node* is ``super()`` without arguments."""
    match node:
        case ast.Call(func=ast.Name(id="super"), args=[], keywords=[]):
            return True
    return False


class _Super(ast.NodeTransformer):
    def __init__(self, replacement: str) -> None:
        self.replacement = replacement

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if super_call(node):
            return ast.parse(self.replacement, mode="eval").body
        return self.generic_visit(node)


def falls_through(node: ast.stmt) -> bool:
    """Whether control can come out at the end of *node*; in doubt it can."""
    match node:
        case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
            return False
        case ast.If(body=body, orelse=orelse):
            return not orelse or _block_falls_through(body) or _block_falls_through(orelse)
        case ast.Match(cases=cases):
            last = cases[-1]
            exhaustive = (
                isinstance(last.pattern, ast.MatchAs)
                and not last.pattern.pattern
                and not last.guard
            )
            return not exhaustive or any(_block_falls_through(case.body) for case in cases)
    return True


def _block_falls_through(body: list[ast.stmt]) -> bool:
    return all(map(falls_through, body))
