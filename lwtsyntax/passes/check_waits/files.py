"""A file as the evaluation of names sees it: what is looked up in it, each thing at most once."""

from __future__ import annotations

import ast
import sys
from functools import cached_property

from lwtsyntax.ir.assignments import rebound_elsewhere
from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.scopes import Scope, build_scopes
from lwtsyntax.ir.tree import walk

__all__ = ["File"]


class File:
    """The markers and the scopes of the file *name*."""

    def __init__(self, markers: Markers, name: str) -> None:
        self.markers = markers
        self.name = name

    @cached_property
    def scopes(self) -> dict[ast.AST, Scope]:
        return self.markers.scopes or build_scopes(self.markers.tree)

    def may_call_threads(self) -> bool:
        """Whether anything in the file can be a thread function: cheaper than to look closely."""
        if self.markers.functions:
            return True
        runtime: set[str] = set()
        called: set[str | None] = set()
        for node in walk(self.markers.tree):
            if _brings_threads(node):
                return True
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lwtsyntax"):
                runtime |= {alias.asname or alias.name for alias in node.names}
            elif isinstance(node, ast.Import):
                runtime |= {alias.asname or "lwtsyntax" for alias in node.names}
            elif isinstance(node, ast.Expr):
                called.add(_first_name(node.value))
        return not called.isdisjoint(runtime)

    @cached_property
    def rebound(self) -> set[str]:
        return rebound_elsewhere(self.scopes.values())

    @cached_property
    def before_stars(self) -> set[ast.AST]:
        """The statements of the module that an ``import *`` follows: it may bind their names anew."""
        body = self.markers.tree.body
        stars = [
            index
            for index, statement in enumerate(body)
            for node in walk(statement)
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        ]
        return {node for statement in body[: max(stars, default=0)] for node in walk(statement)}

    @cached_property
    def stored_attributes(self) -> set[str]:
        """The attributes that something in the file assigns: these methods may be others."""
        return {
            node.attr
            for node in walk(self.markers.tree)
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        }


def _brings_threads(node: ast.AST) -> bool:
    """Whether *node* makes or imports what may start a thread, the standard library and the runtime aside."""
    match node:
        case ast.AsyncFunctionDef():
            return True
        case ast.Import(names=names):
            return not all(_is_left_out(alias.name) for alias in names)
        case ast.ImportFrom(module=module, level=level):
            return level > 0 or not _is_left_out(module or "")
    return False


def _is_left_out(module: str) -> bool:
    top = module.partition(".")[0]
    return top == "lwtsyntax" or top in sys.stdlib_module_names


def _first_name(node: ast.expr) -> str | None:
    while isinstance(node, ast.Call | ast.Attribute):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None
