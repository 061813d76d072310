"""What an expression evidently is: a module, a class, an instance of a class, or a function.

An evaluation by name, along Python's scopes; whatever may be something else by the time it is called
(a name that is bound twice, an attribute that somebody assigns) is nothing in particular.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lwtsyntax.ir.assignments import sole_value
from lwtsyntax.ir.scopes import Scope
from lwtsyntax.ir.tree import children
from lwtsyntax.passes.check_waits.files import File
from lwtsyntax.passes.check_waits.modules import PROMISE, Module, Modules

__all__ = ["Callees", "Class", "Function", "Instance"]

_Definition = ast.FunctionDef | ast.AsyncFunctionDef
# Decorators that hand on what the function gives.
_TRANSPARENT = {"abstractmethod", "cache", "classmethod", "final", "lru_cache", "override"}
_TRANSPARENT |= {"staticmethod"}
_DEEPEST = 12  # steps from name to name; a loop of imports or assignments ends here


@dataclass(frozen=True)
class Function:
    """A function; ``gives`` is "promise", "coroutine", or None for everything else."""

    gives: str | None
    thread: bool = False  # is it under @lwt?


@dataclass(frozen=True)
class Class:
    file: File
    node: ast.ClassDef


@dataclass(frozen=True)
class Instance:
    of: Class


Value = Function | Class | Instance | Module | None


class Callees:
    """Evaluates expressions of a file, and of the files that it imports."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._files: dict[Path, File | None] = {}
        self._steps = 0

    def evaluate(self, file: File, node: ast.expr, scope: Scope) -> Value:
        """What *node* is when read in *scope*."""
        if self._steps > _DEEPEST:
            return None
        self._steps += 1
        try:
            return self._evaluate(file, node, scope)
        finally:
            self._steps -= 1

    def _evaluate(self, file: File, node: ast.expr, scope: Scope) -> Value:
        match node:
            case ast.Name():
                owner = scope.resolve(node.id)
                return self.variable(file, node.id, owner) if owner is not None else None
            case ast.Call(func=ast.Name(id="super"), args=[], keywords=[]):
                return self.parent(file, scope) if scope.resolve("super") is None else None
            case ast.Call():
                callee = self.evaluate(file, node.func, scope)
                return Instance(callee) if isinstance(callee, Class) else None
            case ast.Attribute():
                value = self.attribute(self.evaluate(file, node.value, scope), node.attr)
                return None if _is_replaced(value, node.attr, file) else value
            case ast.Lambda():
                function = file.markers.functions.get(node)
                return Function("promise") if function and not function.plain else None
        return None

    # -- names ----------------------------------------------------------------------------------

    def variable(self, file: File, name: str, owner: Scope) -> Value:
        """What the variable *name* of the scope *owner* is, when it is bound once."""
        if name in file.rebound:
            return None
        target = owner.imported(name)
        if target is not None:
            return self.imported(file, target) if "*" not in owner.binders else None
        if owner.binders[name] != 1:
            return None
        definition = owner.definitions.get(name)
        if definition is not None:
            return self.definition(file, definition, owner)
        if name in owner.parameters:
            return self.parameter(file, name, owner)
        value = sole_value(owner, name)
        return self.evaluate(file, value, owner) if value is not None else None

    def definition(self, file: File, node: ast.AST, owner: Scope) -> Value:
        if "*" in owner.binders and node in file.before_stars:
            return None
        match node:
            case ast.ClassDef():
                return Class(file, node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                gives = self.gives(file, node, owner)
                return Function(gives, gives is not None and node in file.markers.functions)
        return None

    def gives(self, file: File, node: _Definition, owner: Scope) -> str | None:
        """What a call of the function *node* gives that must not be dropped."""
        thread = file.markers.functions.get(node)
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            is_marker = thread is not None and decorator is thread.decorator
            if not is_marker and _last_name(called) not in _TRANSPARENT:
                return None
        if thread is not None:
            return None if thread.stream else "promise"
        if isinstance(node, ast.AsyncFunctionDef):
            return None if _yields(node.body) else "coroutine"
        return "promise" if self.is_promise(file, node.returns, owner) else None

    def is_promise(self, file: File, annotation: ast.expr | None, owner: Scope) -> bool:
        """Whether *annotation* is the runtime's Promise, or a Promise of something."""
        named = annotation.value if isinstance(annotation, ast.Subscript) else annotation
        if named is None or _last_name(named) != "Promise":
            return False
        value = self.evaluate(file, named, owner)
        return isinstance(value, Class) and value.file.name == str(PROMISE)

    def parameter(self, file: File, name: str, owner: Scope) -> Value:
        """The class or the instance of a method's first parameter; else what its annotation says."""
        function = owner.node
        if not isinstance(function, _Definition):
            return None
        around = _scope_around(owner)
        if around is not None and isinstance(around.node, ast.ClassDef):
            decorators = {_last_name(decorator) for decorator in function.decorator_list}
            if name == owner.parameters[0] and "staticmethod" not in decorators:
                method_of = Class(file, around.node)
                of_class = "classmethod" in decorators or function.name == "__new__"
                return method_of if of_class else Instance(method_of)
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        annotation = next((each.annotation for each in arguments if each.arg == name), None)
        if annotation is None or around is None:
            return None
        value = self.evaluate(file, annotation, around)
        return Instance(value) if isinstance(value, Class) else None

    # -- attributes -----------------------------------------------------------------------------

    def attribute(self, value: Value, name: str) -> Value:
        match value:
            case Module():
                return self.member(value, name)
            case Class():
                return self.method(value, name)
            case Instance():
                return self.method(value.of, name)
        return None

    def method(self, owner: Class, name: str) -> Value:
        for each in self.ancestry(owner):
            if each is None:
                return None
            scope = each.file.scopes[each.node]
            if scope.owns(name):
                value = self.variable(each.file, name, scope)
                return None if _is_replaced(value, name, each.file) else value
        return None

    def ancestry(self, owner: Class, depth: int = 0) -> Iterator[Class | None]:
        """The class and its bases, depth first; None for one that is not known."""
        yield owner
        yield from self.bases(owner, depth)

    def bases(self, owner: Class, depth: int = 0) -> Iterator[Class | None]:
        scope = owner.file.scopes[owner.node].parent
        for base in owner.node.bases:
            generic = base.value if isinstance(base, ast.Subscript) else base
            value = self.evaluate(owner.file, generic, scope) if scope is not None else None
            if isinstance(value, Class) and depth < _DEEPEST:
                yield from self.ancestry(value, depth + 1)
            elif _last_name(generic) not in ("object", "Generic", "Protocol", "ABC"):
                yield None

    def parent(self, file: File, scope: Scope) -> Value:
        """What ``super()`` is: an instance of the first base."""
        function: Scope | None = scope
        while function is not None and function.kind != "class":
            function = function.parent
        if function is None or not isinstance(function.node, ast.ClassDef):
            return None
        first = next(self.bases(Class(file, function.node)), None)
        return Instance(first) if first is not None else None

    # -- modules --------------------------------------------------------------------------------

    def imported(self, file: File, target: str) -> Value:
        """What an import of *target*, as ``Scope.imports`` writes it, binds its name to."""
        names = target.lstrip(".").split(".")
        dots = len(target) - len(target.lstrip("."))
        if file.name.startswith("<") and dots:
            return None
        if dots:
            level = dots - 1 if len(names) == 1 else dots  # `from . import m` is "..m"
            value: Module | None = self.modules.package(file.name, level)
        else:
            value = self.modules.top(names.pop(0))
        for name in names[:-1]:  # modules all: a function of that name does not hide them
            value = self.modules.submodule(value, name) if value is not None else None
        return self.attribute(value, names[-1]) if names else value

    def member(self, module: Module, name: str) -> Value:
        """A name that a module binds, else its submodule of that name."""
        file = self.file(module.path) if module.path is not None else None
        if file is not None:
            scope = file.scopes[file.markers.tree]
            if scope.owns(name) and self._steps <= _DEEPEST:
                self._steps += 1
                try:
                    return self.variable(file, name, scope)
                finally:
                    self._steps -= 1
        return self.modules.submodule(module, name)

    def file(self, path: Path) -> File | None:
        if path not in self._files:
            markers = self.modules.read(path)
            self._files[path] = File(markers, str(path)) if markers is not None else None
        return self._files[path]


def _is_replaced(value: Value, name: str, file: File) -> bool:
    """Whether something in *file* assigns the attribute *name*, which else is worth a closer look."""
    worth = value is not None and value != Function(None)
    return worth and name in file.stored_attributes


def _yields(nodes: list[ast.stmt]) -> bool:
    todo: list[ast.AST] = list(nodes)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Yield):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            todo += children(node)
    return False


def _scope_around(scope: Scope) -> Scope | None:
    """The scope in which a function stands, past that of its type parameters."""
    parent = scope.parent
    return parent.parent if parent is not None and parent.node is scope.node else parent


def _last_name(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None
