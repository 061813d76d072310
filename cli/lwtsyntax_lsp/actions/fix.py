"""A change that is offered, and what all of them are made with."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lsprotocol import types

from lwtsyntax.analysing import Source, Span
from lwtsyntax.diagnostics import Diagnostic

__all__ = [
    "Edit",
    "Fix",
    "Function",
    "Setting",
    "around",
    "function_around",
    "marker_name",
    "runtime_name",
]

Edit = tuple[Span, str]
_PACKAGE = "lwtsyntax"
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class Setting:
    """A text and its tree, and what has been found at *span* of it."""

    source: Source
    tree: ast.Module
    span: Span
    found: Diagnostic | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """*edits* make what *title* says; *preferred* is the way out that is nearly always meant."""

    title: str
    edits: list[Edit]
    preferred: bool = False
    kind: types.CodeActionKind = types.CodeActionKind.QuickFix


def around(setting: Setting) -> list[ast.AST]:
    """The nodes around the span, the outermost first."""
    path: list[ast.AST] = [setting.tree]
    while True:
        inner = next((node for node in _children(path[-1]) if _holds(setting, node)), None)
        if inner is None:
            return path
        path.append(inner)


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of *node* with places of their own."""
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "lineno"):
            yield child
        else:
            yield from _children(child)


def _holds(setting: Setting, node: ast.AST) -> bool:
    span = setting.source.span(node)  # type: ignore[arg-type]
    return span.start <= setting.span.start and setting.span.end <= span.end


def function_around(setting: Setting) -> Function | None:
    """The innermost function whose body the span stands in."""
    functions = [node for node in around(setting) if isinstance(node, Function)]
    return functions[-1] if functions else None


def marker_name(setting: Setting, marker: str) -> tuple[str, list[Edit]]:
    """The name of *marker* in the file, and the edits that give it one where it has none."""
    return _imported(setting, marker, marker)


def runtime_name(setting: Setting) -> tuple[str, list[Edit]]:
    """The same of the runtime."""
    return _imported(setting, "runtime", "Lwt")


def _imported(setting: Setting, name: str, wanted: str) -> tuple[str, list[Edit]]:
    known: ast.ImportFrom | None = None
    for node in setting.tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == _PACKAGE:
                    return f"{alias.asname or _PACKAGE}.{name}", []
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module == _PACKAGE:
            known = known or node
            for alias in node.names:
                if alias.name == name:
                    return alias.asname or name, []
    new = name if name == wanted else f"{name} as {wanted}"
    return wanted, [_import(setting, new, known)]


def _import(setting: Setting, new: str, known: ast.ImportFrom | None) -> Edit:
    """Behind the package's other names, or in a line of its own below the imports that open the file."""
    source = setting.source
    if known is not None:
        end = source.span(known.names[-1]).end
        return Span(end, end), f", {new}"
    line = 0
    for index, node in enumerate(setting.tree.body):
        string = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not (string and index == 0) and not isinstance(node, ast.Import | ast.ImportFrom):
            break
        line = node.end_lineno or node.lineno
    if line >= source.line_count:
        end = len(source.text)
        return Span(end, end), f"\nfrom {_PACKAGE} import {new}\n"
    start = source.offset_of(line + 1, 0)
    return Span(start, start), f"from {_PACKAGE} import {new}\n"
