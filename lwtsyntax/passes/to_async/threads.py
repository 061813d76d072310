"""What a call gives, as far as this file says: a thread, an iterable, an asynchronous manager."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from lwtsyntax.ir.assignments import rebound_elsewhere, sole_value
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.scopes import Scope
from lwtsyntax.ir.tree import walk
from lwtsyntax.names import RUNTIME

__all__ = ["Starts", "Threads"]

Starts = Callable[[ast.Call, Scope], bool]

_ITERABLES = frozenset(
    ("dict", "enumerate", "filter", "frozenset", "iter", "list", "map", "range", "reversed")
    + ("set", "sorted", "str", "tuple", "zip", "bytes", "bytearray")
)
_DISPLAYS = (ast.List, ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp)
_MOST_NAMES = 5  # of one function
_RUNNERS = {f"{RUNTIME}.run", "asyncio.run"}


class Threads:
    """The functions of the file that give threads, by the scopes and the names they have."""

    def __init__(self, markers: Markers, starts_elsewhere: Starts) -> None:
        self._markers = markers
        self._starts_elsewhere = starts_elsewhere
        self.rebound = rebound_elsewhere(markers.scopes.values())  # by functions further in
        self._functions: dict[tuple[Scope, str], ThreadFunction] = {}
        self._methods: dict[str, list[ThreadFunction]] = {}
        for node, function in markers.functions.items():
            if isinstance(node, ast.FunctionDef):
                self._add(_home(function), node.name, function)
        for node in walk(markers.tree):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value):
                    if value in markers.functions and not markers.functions[value].plain:
                        self._add(_home(markers.functions[value]), name, markers.functions[value])

    def _add(self, home: Scope, name: str, function: ThreadFunction) -> None:
        if home.kind == "class":
            self._methods.setdefault(name, []).append(function)
        else:
            self._functions[home, name] = function

    def starts(self, call: ast.Call, scope: Scope) -> bool:
        """Whether *call*, made in *scope*, may start a thread of this file, or evidently one of another."""
        found = [*self._called(call, scope)]
        if found:
            return any(not function.stream for function in found)
        return self._starts_elsewhere(call, scope)

    def surely_starts(self, call: ast.Call, scope: Scope) -> bool:
        """Whether it does, whatever other files do."""
        found = [*self._called(call, scope)]
        if len(found) != 1 or found[0].stream or _decorators(found[0]):
            return False
        if isinstance(call.func, ast.Attribute):
            return self._is_own_method(call.func, found[0], scope)
        assert isinstance(call.func, ast.Name)
        return self._is_bound_once(call.func.id, scope)

    def streams(self, call: ast.expr, scope: Scope) -> bool:
        """Whether *call* surely gives a stream of this file."""
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return False
        found = [*self._called(call, scope)]
        known = self._is_bound_once(call.func.id, scope)
        return known and bool(found) and found[0].stream and not _decorators(found[0])

    def _is_bound_once(self, name: str, scope: Scope) -> bool:
        owner = scope.resolve(name)
        if owner is None or owner.binders[name] != 1 or "*" in owner.binders:
            return False
        return name not in self.rebound

    def _called(self, call: ast.Call, scope: Scope) -> Iterator[ThreadFunction]:
        match call.func:
            case ast.Name(id=name):
                yield from self._named(name, scope)
            case ast.Attribute(attr=name):
                yield from self._methods.get(name, ())

    def _named(self, name: str, scope: Scope) -> Iterator[ThreadFunction]:
        """The thread function *name*, which may be another name of one."""
        for _ in range(_MOST_NAMES):
            owner = scope.resolve(name)
            if owner is None:
                return
            if (owner, name) in self._functions:
                yield self._functions[owner, name]
                return
            value = sole_value(owner, name)
            if not isinstance(value, ast.Name):
                return
            name, scope = value.id, owner

    def _is_own_method(self, func: ast.Attribute, function: ThreadFunction, scope: Scope) -> bool:
        """Whether *func* is ``self.method`` in the class that defines the method."""
        around: Scope | None = scope
        while around is not None and (around.kind != "function" or not _in_class(around)):
            around = around.parent
        if around is None or not isinstance(func.value, ast.Name):
            return False
        first = around.parameters[:1]
        return _class_of(around) is _home(function) and [func.value.id] == first

    # -- other calls ----------------------------------------------------------------------------

    def runs(self, call: ast.Call, scope: Scope) -> bool:
        """Whether *call* hands its first argument to a main loop that does not run yet."""
        return self._qualified(call.func, scope) in _RUNNERS

    def iterable(self, node: ast.expr, scope: Scope) -> bool:
        """Whether *node* is evidently an iterable, not a stream."""
        match node:
            case ast.Constant(value=str() | bytes()) | ast.JoinedStr():
                return True
            case ast.Call(func=ast.Name(id=name)):
                known = scope.resolve(name) is None and "*" not in scope.module.binders
                return known and name in _ITERABLES
            case ast.IfExp(body=body, orelse=orelse):
                return self.iterable(body, scope) and self.iterable(orelse, scope)
        return isinstance(node, _DISPLAYS)

    def asynchronous_manager(self, node: ast.expr, scope: Scope) -> bool:
        """Whether *node* evidently has the asynchronous methods of a context manager."""
        if not isinstance(node, ast.Call):
            return False
        if (self._qualified(node.func, scope) or "").partition(".")[0] == "asyncio":
            return True
        if not isinstance(node.func, ast.Name):
            return False
        owner = scope.resolve(node.func.id)
        definition = owner.definitions.get(node.func.id) if owner is not None else None
        match definition:
            case ast.ClassDef(body=body):
                names = {each.name for each in body if isinstance(each, _FUNCTIONS)}
                return {"__aenter__", "__aexit__"} <= names
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                assert owner is not None
                made = {self._qualified(each, owner) for each in definition.decorator_list}
                return "contextlib.asynccontextmanager" in made
        return False

    def _qualified(self, node: ast.expr, scope: Scope) -> str | None:
        path: list[str] = []
        while isinstance(node, ast.Attribute):
            path.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return None
        owner = scope.resolve(node.id)
        target = owner.imported(node.id) if owner is not None else None
        return ".".join([target, *reversed(path)]) if target is not None else None


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _home(function: ThreadFunction) -> Scope:
    """The scope that binds the name of *function*: past its own type parameters."""
    home = function.scope.parent
    assert home is not None
    if home.node is function.scope.node:
        assert home.parent is not None
        home = home.parent
    while home.kind == "comprehension" and home.parent is not None:
        home = home.parent
    return home


def _decorators(function: ThreadFunction) -> bool:
    """Whether anything but the marker decorates *function*."""
    return len(function.node.decorator_list) > 1


def _in_class(scope: Scope) -> bool:
    return _class_of(scope) is not None


def _class_of(scope: Scope) -> Scope | None:
    """The class whose method *scope* is."""
    home = scope.parent
    if home is not None and home.node is scope.node:
        home = home.parent
    return home if home is not None and home.kind == "class" else None
