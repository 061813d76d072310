"""The imports through which a file reaches the markers, and which of their names the output loses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.scopes import Scope, build_scopes
from lwtsyntax.ir.source import Source
from lwtsyntax.ir.tree import walk
from lwtsyntax.markers import FORMS
from lwtsyntax.passes.find_markers.bindings import binding_line, stand_ins

__all__ = ["PACKAGE", "MarkerImports", "may_reach_marker"]

PACKAGE = "lwtsyntax"
_MODULES = (PACKAGE, f"{PACKAGE}.markers")
_MARKERS = {f"{module}.{form.name}": form.name for form in FORMS for module in _MODULES}
_RUNTIME = f"{PACKAGE}.runtime"

_Import = ast.Import | ast.ImportFrom


class MarkerImports:
    """The imports of this package in a tree; ``names`` are those that may reach a marker."""

    def __init__(self, tree: ast.Module, source: Source) -> None:
        concerned = [each for each in tree.body if source.may_name(each, [PACKAGE])]
        self.nodes = [
            node
            for node in walk(ast.Module(concerned, []))
            if isinstance(node, ast.Import | ast.ImportFrom) and _concerns_package(node)
        ]
        self.names: set[str] = set()
        self.stars: list[_Import] = []
        self.scopes: dict[ast.AST, Scope] = {}
        self._targets: dict[tuple[Scope, str], str | None] = {}
        for node in self.nodes:
            for alias in node.names:
                if alias.name == "*" and _has_markers(node):
                    self.stars.append(node)
                elif may_reach_marker(node, alias):
                    self.names.add(alias.asname or alias.name.partition(".")[0])
        if self.names:
            self.scopes = build_scopes(tree)

    def marker(self, node: ast.expr, scope: Scope) -> str | None:
        """The marker that *node* names when read in *scope*."""
        path: list[str] = []
        while isinstance(node, ast.Attribute):
            path.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.names:
            return None
        owner = scope.resolve(node.id)
        target = self._target(owner, node.id) if owner is not None else None
        return None if target is None else _MARKERS.get(".".join([target, *reversed(path)]))

    def doubt(self, node: ast.Name, scope: Scope) -> tuple[str, str] | None:
        """Message and hint for a name that may be a marker, or something else, when it is read."""
        name = node.id
        if name not in self.names:
            return None
        owner = scope.resolve(name)
        if owner is None or owner.parent is None:
            for each in self.scopes.values():
                if name in each.globals and _imported_as(each, name):
                    line = binding_line(each, name)
                    message = f"{name} is a marker only after the import in line {line}"
                    return message, "import it at the top of the file"
        if owner is None or not _imported_as(owner, name) or self._target(owner, name):
            return None
        rebinding = [each for each in self.scopes.values() if _rebinds(each, owner, name)]
        line = binding_line(rebinding[0] if rebinding else owner, name, self.nodes)
        message = f"{name} is a marker by its import, and something else by line {line}"
        return message, "give the other one a name of its own"

    def _target(self, owner: Scope, name: str) -> str | None:
        """The marker, or the module of markers, that *name* is in *owner* by all its bindings."""
        key = owner, name
        if key not in self._targets:
            self._targets[key] = self._find_target(owner, name)
        return self._targets[key]

    def _find_target(self, owner: Scope, name: str) -> str | None:
        targets = _imported_as(owner, name)
        if not targets or len({_MARKERS.get(target, target) for target in targets}) > 1:
            return None
        if any(_rebinds(each, owner, name) for each in self.scopes.values()):
            return None
        others = owner.binders[name] - sum(owner.import_binders[name, t] for t in targets)
        if others and others != stand_ins(owner, name, self.nodes):
            return None
        return next(iter(targets))

    def settle(self, markers: Markers) -> None:
        """Note which imports lose which names, and whether the user has a name for the runtime."""
        markers.identifiers = markers.scopes[markers.tree].identifiers()
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


def _imported_as(owner: Scope, name: str) -> set[str]:
    """The markers and modules of markers that imports bind *name* to in *owner*."""
    bound = {target for found, target in owner.import_binders if found == name}
    return {target for target in bound if target in _MARKERS or target in _MODULES}


def _rebinds(scope: Scope, owner: Scope, name: str) -> bool:
    """Whether *scope*, which stands in *owner*, assigns the variable *name* of it."""
    if name not in scope.binders or scope.owns(name) or scope.parent is None:
        return False
    return scope.resolve(name) is owner


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
