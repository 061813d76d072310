"""The functions that hold a marker's call: those, too, are thread functions in a .lwt file."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Set

from lwtsyntax.ir.tree import children

__all__ = ["holders"]

_Owner = ast.FunctionDef | None


def holders(tree: ast.Module, markers: Set[str]) -> Iterator[ast.FunctionDef]:
    """The definitions around each call of one of *markers*, which are names of this file.

    A lambda is a thread function as it is; in a class body and in a coroutine a marker has no meaning.
    """
    if markers:
        yield from _in_all(tree.body, None, markers)


def _in_all(
    nodes: Iterable[ast.AST | None], owner: _Owner, markers: Set[str]
) -> Iterator[ast.FunctionDef]:
    for node in nodes:
        if node is not None:
            yield from _in(node, owner, markers)


def _in(node: ast.AST, owner: _Owner, markers: Set[str]) -> Iterator[ast.FunctionDef]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            body = {id(each) for each in node.body}
            around = (each for each in children(node) if id(each) not in body)
            yield from _in_all(around, owner, markers)
            inner = node if isinstance(node, ast.FunctionDef) else None
            yield from _in_all(node.body, inner, markers)
        case ast.Lambda():
            yield from _in(node.args, owner, markers)
            yield from _in(node.body, None, markers)
        case ast.Call(func=ast.Name(id=name)) if owner is not None and name in markers:
            yield owner
            yield from _in_all(children(node), owner, markers)
        case _:
            yield from _in_all(children(node), owner, markers)
