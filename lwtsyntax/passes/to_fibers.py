"""Have the markers mean what they mean on fibers.

Input: the markers of a file.  Output: its syntax tree, to be compiled; every node stands where it stood::

    @lwt                                   @Fiber.thread
    def total(names):                      def total(names):
        for name in for_lwt(names):  ->        for name in Fiber.items(names):
            add(lwt(count(name)))                  Fiber.tail(add(Fiber.wait(count(name))))

``Fiber`` is :mod:`lwtsyntax.fiber.forms`, imported under a name that no program uses.  Native control flow stays,
but for the exception arms of a ``match_lwt``.
"""

from __future__ import annotations

import ast
from typing import TypeVar

from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.tails import implicit_waits
from lwtsyntax.ir.tree import walk
from lwtsyntax.names import Fresh

__all__ = ["to_fibers"]

_ALIAS = "__lwtsyntax_fiber__"
_FORMS = {
    "lwt": "wait",
    "for_lwt": "items",
    "while_lwt": "condition",
    "match_lwt": "wait",
    "with_lwt": "managed",
}

Node = TypeVar("Node", bound=ast.stmt | ast.expr)


def to_fibers(markers: Markers) -> ast.Module:
    """The tree of the file, changed in place."""
    _ToFibers(markers).visit(markers.tree)
    body = markers.tree.body
    place = 0
    while place < len(body) and _comes_first(body[place], place):
        place += 1
    imported = ast.ImportFrom("lwtsyntax.fiber", [ast.alias("forms", _ALIAS)], 0)
    imported.lineno = imported.end_lineno = body[place].lineno
    imported.col_offset = imported.end_col_offset = 0
    body.insert(place, imported)
    return ast.fix_missing_locations(markers.tree)


def _comes_first(statement: ast.stmt, place: int) -> bool:
    """A docstring, or an import from ``__future__``."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return place == 0
        case ast.ImportFrom(module="__future__"):
            return True
    return False


class _ToFibers(ast.NodeTransformer):
    def __init__(self, markers: Markers) -> None:
        self.markers = markers
        self.fresh = Fresh(markers.identifiers)
        self.tails: set[ast.stmt] = set()

    def visit_Call(self, node: ast.Call) -> ast.expr:
        form = self.markers.form(node)
        if form is None:
            self.generic_visit(node)
            return node
        node.args = [self.visit(each) for each in node.args]
        alone = len(node.args) == 1 and not isinstance(node.args[0], ast.Starred)
        node.func = _at(node.func, _form(_FORMS[form] if alone else "several"))
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        value = self.visit(node.value)
        is_tail = node in self.tails
        node.value = _at(node.value, ast.Call(_form("tail"), [value], [])) if is_tail else value
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        thread = self.markers.functions.get(node)
        if thread is not None:
            self.tails |= implicit_waits(node, self.markers)
            form = _at(thread.decorator, _form("stream" if thread.stream else "thread"))
            node.decorator_list[-1] = form  # it stands directly above the def
        self.generic_visit(node)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        thread = self.markers.functions.get(node)
        self.generic_visit(node)
        if thread is None or thread.plain:
            return node
        return _at(node, ast.Call(_form("thread"), [node], []))

    def visit_Match(self, node: ast.Match) -> ast.stmt:
        """Exception arms: try: value = e; except: match the error; else: match the value."""
        arms = [case for case in node.cases if case.pattern in self.markers.exception_arms]
        self.generic_visit(node)
        if not arms:
            return node
        subject, error = self.fresh.name("value"), self.fresh.name("error")
        for case in arms:
            assert isinstance(case.pattern, ast.MatchClass)
            case.pattern = case.pattern.patterns[0]
            if case.guard is None:  # or CPython allows no other behind one that takes all
                case.guard = _at(node, ast.Constant(True))
        values = [case for case in node.cases if case not in arms]
        arms.append(ast.match_case(ast.MatchAs(), None, [ast.Raise()]))
        first = _at(node, ast.Assign([ast.Name(subject, ast.Store())], node.subject))
        rejected = _at(node, ast.Match(ast.Name(error, ast.Load()), arms))
        handler = ast.ExceptHandler(_form("AnyError"), error, [rejected])
        node.subject, node.cases = ast.Name(subject, ast.Load()), values
        fulfilled: list[ast.stmt] = [node] if values else []
        return _at(node, ast.Try([first], [ast.copy_location(handler, node)], fulfilled, []))


def _form(name: str) -> ast.expr:
    return ast.Attribute(ast.Name(_ALIAS, ast.Load()), name, ast.Load())


def _at(place: ast.AST, node: Node) -> Node:
    """*node*, and what is new in it, standing at *place*."""
    for each in walk(node):
        if "lineno" in each._attributes and not hasattr(each, "lineno"):
            ast.copy_location(each, place)
    return node
