"""Find the markers, by qualified name, and the thread functions that hold them.

Input: a syntax tree.  Output: :class:`~lwtsyntax.ir.markers.Markers`.  An alias is a marker, a name
that shadows one is not.  A marker that stands where it has no meaning refuses the file::

    x = lwt(f())        # LWT010: marker outside a thread function
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.source import Source
from lwtsyntax.passes.find_markers.imports import PACKAGE, MarkerImports
from lwtsyntax.passes.find_markers.walk import Walk

_THREADS = (ast.If, ast.Try, ast.TryStar, ast.With)

__all__ = ["find_markers", "look_for_markers", "mentions_markers"]


def mentions_markers(text: str) -> bool:
    """Whether *text* can hold a marker at all: every way to one imports the package by its name."""
    return PACKAGE in text


def find_markers(tree: ast.Module, source: Source) -> Markers:
    """The markers of *tree*; raises :class:`Refusal` when one stands where it has no meaning."""
    found, faults = look_for_markers(tree, source)
    if faults:
        raise Refusal(*faults)
    return found


def _threads(tree: ast.Module, source: Source) -> Iterator[ast.stmt]:
    """The statements whose blocks are threads by their keywords."""
    todo: list[ast.AST] = [tree]
    for node in todo:
        if isinstance(node, _THREADS) and source.span(node).start in source.threads:
            yield node
        for name in ("body", "handlers", "orelse", "finalbody", "cases"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                todo += block


def look_for_markers(tree: ast.Module, source: Source) -> tuple[Markers, list[Diagnostic]]:
    """The markers of *tree*, and what is wrong with those that stand where they have no meaning."""
    imports = MarkerImports(tree, source)
    found = Markers(tree, imports.scopes)
    walk = Walk(found, imports, source)
    for node in imports.stars:
        walk.refuse("LWT022", node, "markers imported by *", "import each marker by name")
    if imports.names:
        walk.visit_all(tree.body)
    if source.threads:
        found.threads = set(_threads(tree, source))
    if imports.names and not walk.diagnostics:
        imports.settle(found)
    return found, sorted(walk.diagnostics, key=lambda each: (each.line, each.column))
