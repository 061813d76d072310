"""Who binds which name, by Python's own rules: one tree of scopes for a syntax tree.

``symtable`` knows the same for source text; the passes need it keyed by syntax nodes, with the number
of bindings of a name, and for trees that are not the text's own.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

from lwtsyntax.ir.tree import children, walk

__all__ = ["Scope", "build_scopes", "identifiers", "names_outside_handlers"]

Kind = Literal["module", "class", "function", "comprehension"]
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Scope:
    """One scope: ``binders`` counts the places that bind a name, ``loads`` those that read it."""

    def __init__(self, node: ast.AST, kind: Kind, parent: Scope | None) -> None:
        self.node = node
        self.kind = kind
        self.parent = parent
        self.children: list[Scope] = []
        self.binders: Counter[str] = Counter()
        self.parameters: list[str] = []
        self.loads: Counter[str] = Counter()
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.declared: set[str] = set()
        self.imports: dict[str, str] = {}  # name -> qualified name of what an import binds it to
        self.import_binders: Counter[tuple[str, str]] = Counter()
        self.assigned: dict[str, ast.expr] = {}  # name -> the last value given to it alone
        self.definitions: dict[str, ast.AST] = {}  # name -> the last def or class that binds it
        if parent is not None:
            parent.children.append(self)

    def owns(self, name: str) -> bool:
        """Whether *name* is a local of this scope."""
        if name in self.globals or name in self.nonlocals:
            return False
        return name in self.binders or name in self.declared

    def resolve(self, name: str) -> Scope | None:
        """The scope whose variable *name* means when read here; None for a builtin."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.globals:
                scope = scope.module
                return scope if scope.owns(name) else None
            if scope.owns(name) and (scope is self or scope.kind != "class"):
                return scope
            scope = scope.parent
        return None

    def imported(self, name: str) -> str | None:
        """What *name* is imported as, when nothing but that import binds it here."""
        target = self.imports.get(name)
        if target is None or self.binders[name] != self.import_binders[name, target]:
            return None
        return target

    @property
    def module(self) -> Scope:
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def walk(self) -> Iterator[Scope]:
        """This scope and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def identifiers(self) -> set[str]:
        """Every name that is bound, declared or read here or below."""
        found: set[str] = set()
        for scope in self.walk():
            found.update(scope.binders, scope.loads, scope.declared, scope.globals, scope.nonlocals)
        return found

    @property
    def function(self) -> Scope | None:
        """The nearest function scope, this one included, past comprehensions only."""
        scope: Scope | None = self
        while scope is not None and scope.kind == "comprehension":
            scope = scope.parent
        return scope if scope is not None and scope.kind == "function" else None


def hidden_by_comprehensions(scope: Scope) -> set[str]:
    """The names that comprehensions directly in *scope* bind, generator expressions aside."""
    names: set[str] = set()
    for child in scope.children:
        if child.kind == "comprehension" and not isinstance(child.node, ast.GeneratorExp):
            names |= child.binders.keys() | hidden_by_comprehensions(child)
    return names


def build_scopes(tree: ast.AST) -> dict[ast.AST, Scope]:
    """The scope of every node that opens one (module, functions, classes, lambdas, comprehensions)."""
    builder = _Builder()
    root = Scope(tree, "module", None)
    builder.scopes[tree] = root
    builder.visit_all(children(tree), root)
    return builder.scopes


class _Builder:
    def __init__(self) -> None:
        self.scopes: dict[ast.AST, Scope] = {}

    def open(self, node: ast.AST, kind: Kind, parent: Scope) -> Scope:
        scope = self.scopes[node] = Scope(node, kind, parent)
        return scope

    def visit_all(self, nodes: Iterable[ast.AST | None], scope: Scope) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node, scope)

    def visit(self, node: ast.AST, scope: Scope) -> None:
        todo = [node]
        while todo:
            node = todo.pop()
            if isinstance(node, ast.Name):
                names = scope.loads if isinstance(node.ctx, ast.Load) else scope.binders
                names[node.id] = names.get(node.id, 0) + 1
            elif isinstance(node, ast.Attribute):
                todo.append(node.value)
            elif (method := _METHODS.get(node.__class__)) is not None:
                method(self, node, scope)
            else:
                todo += reversed(children(node))

    def visit_Assign(self, node: ast.Assign, scope: Scope) -> None:
        target = node.targets[0]
        if isinstance(target, ast.Name) and len(node.targets) == 1:
            scope.assigned[target.id] = node.value
        self.visit_all(children(node), scope)

    def visit_AugAssign(self, node: ast.AugAssign, scope: Scope) -> None:
        if isinstance(node.target, ast.Name):
            scope.loads[node.target.id] += 1
        self.visit_all(children(node), scope)

    def visit_AnnAssign(self, node: ast.AnnAssign, scope: Scope) -> None:
        if isinstance(node.target, ast.Name) and node.value is None:
            scope.declared.add(node.target.id)
        else:
            if isinstance(node.target, ast.Name) and node.value is not None:
                scope.assigned[node.target.id] = node.value
            self.visit_all([node.target, node.value], scope)
        self.visit(node.annotation, scope)

    def visit_NamedExpr(self, node: ast.NamedExpr, scope: Scope) -> None:
        owner = scope
        while owner.kind == "comprehension" and owner.parent is not None:
            owner = owner.parent
        owner.binders[node.target.id] += 1
        self.visit(node.value, scope)

    def visit_Global(self, node: ast.Global, scope: Scope) -> None:
        scope.globals.update(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal, scope: Scope) -> None:
        scope.nonlocals.update(node.names)

    def visit_Import(self, node: ast.Import, scope: Scope) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            scope.binders[name] += 1
            scope.imports[name] = alias.name if alias.asname else name
            scope.import_binders[name, scope.imports[name]] += 1

    def visit_ImportFrom(self, node: ast.ImportFrom, scope: Scope) -> None:
        for alias in node.names:
            name = alias.asname or alias.name
            scope.binders[name] += 1
            scope.imports[name] = "." * node.level + f"{node.module or ''}.{alias.name}"
            scope.import_binders[name, scope.imports[name]] += 1

    def visit_ExceptHandler(self, node: ast.ExceptHandler, scope: Scope) -> None:
        if node.name:
            scope.binders[node.name] += 1
        self.visit_all(children(node), scope)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar, scope: Scope) -> None:
        if node.name:
            scope.binders[node.name] += 1
        self.visit_all(children(node), scope)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping, scope: Scope) -> None:
        if node.rest:
            scope.binders[node.rest] += 1
        self.visit_all(children(node), scope)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        scope.binders[node.name] += 1
        scope.definitions[node.name] = node
        self.visit_all(node.decorator_list, scope)
        scope = self._type_parameters(node, scope)
        self._arguments(node.args, scope)
        self.visit_all([node.returns], scope)
        inner = self.open(node, "function", scope)
        self._bind_arguments(node.args, inner)
        self.visit_all(node.body, inner)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda, scope: Scope) -> None:
        self._arguments(node.args, scope)
        inner = self.open(node, "function", scope)
        self._bind_arguments(node.args, inner)
        self.visit(node.body, inner)

    def visit_ClassDef(self, node: ast.ClassDef, scope: Scope) -> None:
        scope.binders[node.name] += 1
        scope.definitions[node.name] = node
        self.visit_all(node.decorator_list, scope)
        scope = self._type_parameters(node, scope)
        self.visit_all([*node.bases, *node.keywords], scope)
        self.visit_all(node.body, self.open(node, "class", scope))

    def _type_parameters(self, node: ast.AST, scope: Scope) -> Scope:
        parameters = getattr(node, "type_params", None)
        if not parameters:
            return scope
        inner = Scope(node, "function", scope)
        for parameter in parameters:
            inner.binders[parameter.name] += 1
            self.visit_all(children(parameter), inner)
        return inner

    def _arguments(self, args: ast.arguments, scope: Scope) -> None:
        self.visit_all([*args.defaults, *args.kw_defaults], scope)
        self.visit_all([arg.annotation for arg in _all_arguments(args)], scope)

    def _bind_arguments(self, args: ast.arguments, scope: Scope) -> None:
        for arg in _all_arguments(args):
            scope.binders[arg.arg] += 1
            scope.parameters.append(arg.arg)

    def _comprehension(self, node: _Comprehension, scope: Scope) -> None:
        self.visit(node.generators[0].iter, scope)
        inner = self.open(node, "comprehension", scope)
        for index, generator in enumerate(node.generators):
            self.visit(generator.target, inner)
            if index:
                self.visit(generator.iter, inner)
            self.visit_all(generator.ifs, inner)
        if isinstance(node, ast.DictComp):
            self.visit_all([node.key, node.value], inner)
        else:
            self.visit(node.elt, inner)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension


_METHODS: dict[type[ast.AST], Callable[[_Builder, Any, Scope], None]] = {
    getattr(ast, name.removeprefix("visit_")): method
    for name, method in vars(_Builder).items()
    if name.startswith("visit_") and name != "visit_all"
}


def _all_arguments(args: ast.arguments) -> list[ast.arg]:
    star = [arg for arg in (args.vararg, args.kwarg) if arg is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *star]


def identifiers(tree: ast.AST) -> set[str]:
    """Every identifier in *tree* that is not an attribute."""
    found: set[str] = set()
    for node in walk(tree):
        match node:
            case ast.Name(id=name) | ast.arg(arg=name) | ast.MatchStar(name=str(name)):
                found.add(name)
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
            ):
                found.add(name)
            case ast.alias(name=name, asname=asname):
                found.add(asname or name.partition(".")[0])
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                found.add(name)
            case ast.MatchMapping(rest=str(name)):
                found.add(name)
    return found


_CLOSURES = (ast.Lambda, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.GeneratorExp)


def names_outside_handlers(function: ast.FunctionDef) -> frozenset[str]:
    """The names of *function* that are used in a closure, or elsewhere than in one handler that binds
    them.  A handler inside one of the same name leaves that without its variable, so it counts."""
    found: set[str] = set()
    todo: list[tuple[ast.AST, frozenset[str]]] = [(node, frozenset()) for node in function.body]
    while todo:
        node, bound = todo.pop()
        match node:
            case ast.Name(id=name) if name not in bound:
                found.add(name)
            case ast.ExceptHandler(type=kind, name=str(name), body=body):
                found |= bound & {name}
                todo += [(node, bound) for node in (kind,) if node is not None]
                todo += [(inner, bound | {name}) for inner in body]
            case _ if isinstance(node, _CLOSURES):
                found |= identifiers(node)
            case _:
                todo += [(inner, bound) for inner in children(node)]
    return frozenset(found)
