"""Which names of a program are markers: imports from ``lwtsyntax`` that nothing shadows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lwtsyntax.markers import FORMS

__all__ = ["SCOPES", "Scopes"]

_MARKERS = {form.name for form in FORMS}
SCOPES = (
    ast.Module,
    ast.ClassDef,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass
class _Scope:
    """The names bound in one scope; an import of a marker or of the package says its target."""

    is_class: bool
    bound: dict[str, str | None] = field(default_factory=dict)

    def bind(self, name: str, target: str | None = None) -> None:
        if target is not None:
            target = target.replace("lwtsyntax.markers.", "lwtsyntax.")
        self.bound[name] = target if self.bound.get(name, target) == target else None


@dataclass
class Scopes:
    """Follows a walk over *tree* and knows what each name means at the node at hand."""

    tree: ast.Module
    stack: list[_Scope] = field(default_factory=list)

    @contextmanager
    def inside(self, node: ast.AST) -> Iterator[None]:
        """Visit *node*, which has a scope: what it holds stands there."""
        self.stack.append(_bindings(node))
        yield
        self.stack.pop()

    def around(self) -> Scopes:
        """The scopes around the innermost one."""
        return Scopes(self.tree, self.stack[:-1])

    def marker(self, node: ast.expr) -> str | None:
        """The marker that *node* names, if it names one."""
        path: list[str] = []
        while isinstance(node, ast.Attribute):
            path.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        target = self._target(node.id)
        words = ".".join([target, *reversed(path)]).split(".") if target is not None else []
        if words[:1] == ["lwtsyntax"] and words[-1] in _MARKERS:
            return words[-1] if words[1:-1] in ([], ["markers"]) else None
        return None

    def _target(self, name: str) -> str | None:
        for depth, scope in enumerate(reversed(self.stack)):
            if name in scope.bound and not (scope.is_class and depth > 0):
                return scope.bound[name]
        return None


def _bindings(scope: ast.AST) -> _Scope:
    found = _Scope(isinstance(scope, ast.ClassDef))
    nodes = [*_own_nodes(scope)]
    declared = (node for node in nodes if isinstance(node, ast.Global | ast.Nonlocal))
    elsewhere = {name for node in declared for name in node.names}
    stand_ins = _stand_ins(scope)
    for node in nodes:
        for name, target in _bound_by(node):
            if name not in elsewhere and (node, name) not in stand_ins:
                found.bind(name, target)
    return found


def _stand_ins(scope: ast.AST) -> set[tuple[ast.AST, str]]:
    """The nodes that bind a name only when the import of a marker under that name fails."""
    return {
        (node, name)
        for each in _own_nodes(scope)
        if isinstance(each, ast.Try)
        for statement in each.body
        if isinstance(statement, ast.ImportFrom)
        and (statement.module or "").startswith("lwtsyntax")
        for name, _ in _bound_by(statement)
        for handler in each.handlers
        if handler.type is None or "ImportError" in ast.unparse(handler.type)
        for node in ast.walk(handler)
    }


def _bound_by(node: ast.AST) -> Iterator[tuple[str, str | None]]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name, None
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name, None
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name, None
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name, None
        case ast.Import(names=names):
            for alias in names:
                top = alias.name.partition(".")[0]
                yield alias.asname or top, alias.name if alias.asname else top
        case ast.ImportFrom(module=module, names=names, level=0):
            for alias in names:
                yield alias.asname or alias.name, f"{module}.{alias.name}"


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of *scope* that stand in no inner scope; an inner definition counts, its body not."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _COMPREHENSIONS):
            waiting += [each for each in ast.walk(node) if isinstance(each, ast.NamedExpr)]
        elif not isinstance(node, SCOPES):
            waiting += ast.iter_child_nodes(node)
