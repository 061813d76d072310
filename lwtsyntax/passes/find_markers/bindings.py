"""What a name means that an import of a marker binds, given everything else that binds it.

A marker by all its bindings is one, whatever the branches they stand in.  So is one with a stand-in
for the case that the package is missing, in which the output, which needs the runtime, is of no use::

    try:
        from lwtsyntax import lwt
    except ImportError:
        lwt = None
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from lwtsyntax.ir.scopes import Scope, build_scopes
from lwtsyntax.ir.tree import children

__all__ = ["binding_line", "stand_ins"]

_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def stand_ins(owner: Scope, name: str, imports: Iterable[ast.stmt]) -> int:
    """How many bindings of *name* in *owner* happen only if one of *imports* fails."""
    ours = set(imports)
    return sum(
        _binders(handler.body, name)
        for node in _own_nodes(owner)
        if isinstance(node, ast.Try) and ours.intersection(node.body)
        for handler in node.handlers
        if _takes_import_errors(handler)
    )


def binding_line(owner: Scope, name: str, imports: Iterable[ast.stmt] = ()) -> int:
    """The line where *owner* binds *name*, not by *imports*; its own first line for a parameter."""
    ours = set(imports)
    for node in _own_nodes(owner):
        match node:
            case ast.Import() | ast.ImportFrom():
                bound = [alias.asname or alias.name.partition(".")[0] for alias in node.names]
                if name in bound and node not in ours:
                    return node.lineno
            case ast.Name(id=found, ctx=ast.Store() | ast.Del(), lineno=line) if found == name:
                return line
            case (
                ast.FunctionDef(name=found, lineno=line)
                | ast.AsyncFunctionDef(name=found, lineno=line)
                | ast.ClassDef(name=found, lineno=line)
                | ast.ExceptHandler(name=found, lineno=line)
            ) if found == name:
                return line
    return getattr(owner.node, "lineno", 1)


def _own_nodes(owner: Scope) -> Iterator[ast.AST]:
    """The nodes of a scope, in order, without those of the scopes in it."""
    body = getattr(owner.node, "body", [])
    todo: list[ast.AST] = list(reversed(body)) if isinstance(body, list) else []
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _SCOPES):
            todo += reversed(list(children(node)))


def _binders(body: list[ast.stmt], name: str) -> int:
    tree = ast.Module(body, [])
    return build_scopes(tree)[tree].binders[name]


def _takes_import_errors(handler: ast.ExceptHandler) -> bool:
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        each is None or (isinstance(each, ast.Name) and each.id in _IMPORT_ERRORS) for each in types
    )
