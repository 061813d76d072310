"""The imports through which a file reaches the markers, and which of their names the output loses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.scopes import Scope, identifiers
from lwtsyntax.markers import FORMS

__all__ = ["PACKAGE", "MarkerImports", "may_reach_marker"]

PACKAGE = "lwtsyntax"
_MODULES = (PACKAGE, f"{PACKAGE}.markers")
_MARKERS = {f"{module}.{form.name}": form.name for form in FORMS for module in _MODULES}
_RUNTIME = f"{PACKAGE}.runtime"

_Import = ast.Import | ast.ImportFrom


class MarkerImports:
    """The imports of this package in a tree; ``names`` are those that may reach a marker."""

    def __init__(self, tree: ast.Module) -> None:
        self.nodes = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom) and _concerns_package(node)
        ]
        self.names: set[str] = set()
        self.stars: list[_Import] = []
        for node in self.nodes:
            for alias in node.names:
                if alias.name == "*" and _has_markers(node):
                    self.stars.append(node)
                elif may_reach_marker(node, alias):
                    self.names.add(alias.asname or alias.name.partition(".")[0])

    def marker(self, node: ast.expr, scope: Scope) -> str | None:
        """The marker that *node* names when read in *scope*."""
        path: list[str] = []
        while isinstance(node, ast.Attribute):
            path.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.names:
            return None
        owner = scope.resolve(node.id)
        target = owner.imported(node.id) if owner is not None else None
        return None if target is None else _MARKERS.get(".".join([target, *reversed(path)]))

    def settle(self, markers: Markers) -> None:
        """Note which imports lose which names, and whether the user has a name for the runtime."""
        markers.identifiers = identifiers(markers.tree)
        markers.underscore_is_read = any(scope.loads["_"] for scope in markers.scopes.values())
        if not markers.functions:
            return
        for node in self.nodes:
            aliases = [alias for alias in node.names if _only_markers(node, alias, markers)]
            if aliases:
                markers.imports.append((node, aliases))
        module = markers.scopes[markers.tree]
        for statement in markers.tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                for name, target in _bound_names(statement):
                    if target == _RUNTIME and _bound_once(markers.scopes, module, name):
                        markers.runtime_alias = name


def may_reach_marker(node: _Import, alias: ast.alias) -> bool:
    """Whether the name that *alias* binds is a marker, or has one among its attributes."""
    if isinstance(node, ast.ImportFrom):
        name = f"{node.module}.{alias.name}"
        return name in _MARKERS or name == f"{PACKAGE}.markers"
    if alias.asname:
        return alias.name in _MODULES
    return alias.name.partition(".")[0] == PACKAGE


def _concerns_package(node: _Import) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level == 0 and (node.module or "").partition(".")[0] == PACKAGE
    return any(alias.name.partition(".")[0] == PACKAGE for alias in node.names)


def _has_markers(node: _Import) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module in _MODULES


def _only_markers(node: _Import, alias: ast.alias, markers: Markers) -> bool:
    """Whether nothing but markers is reached through this import, so that it can go."""
    if isinstance(node, ast.ImportFrom):
        return f"{node.module}.{alias.name}" in _MARKERS
    if alias.name not in _MODULES:
        return False
    name = alias.asname or PACKAGE
    uses = sum(scope.loads[name] for scope in markers.scopes.values())
    marker_uses = sum(_root(call.func) == name for call in markers.calls)
    marker_uses += sum(_root(f.decorator) == name for f in markers.functions.values())
    marker_uses += sum(_root(arm.cls) == name for arm in markers.exception_arms)
    return uses == marker_uses


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _bound_names(node: _Import) -> Iterator[tuple[str, str]]:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            if not node.level:
                yield alias.asname or alias.name, f"{node.module}.{alias.name}"
        elif alias.asname:
            yield alias.asname, alias.name


def _bound_once(scopes: dict[ast.AST, Scope], module: Scope, name: str) -> bool:
    elsewhere = (scope for scope in scopes.values() if scope is not module)
    if any(name in scope.binders or name in scope.declared for scope in elsewhere):
        return False
    return module.binders[name] == 1
