"""Give every variable its frame.

Input: the output tree of a thread function, its continuations assigning names as if they shared one
frame.  Output: the same tree with ``nonlocal``, ``global`` and declarations, so that they do::

    def each(x):                     total: Lwt.Any
        total = total + x     ->     def each(x):
                                         nonlocal total
                                         total = total + x

A variable lives in the innermost generated function around all its uses (*private* and *bound once*
variables become plain locals and parameters that way).  In a function that runs once a round, it may
stay only if each round surely binds it first and no closure of the user's keeps it; otherwise it
lives in the thread function itself (*shared*), which is always right.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator
from functools import partial

from lwtsyntax.ir.code import Code, Declared, Printed, code, fill
from lwtsyntax.ir.mentions import Mentions
from lwtsyntax.ir.output import Body, Def, Out, Root, Text, bodies, walk
from lwtsyntax.ir.printing import Printer
from lwtsyntax.ir.scopes import Scope, build_scopes, hidden_by_comprehensions
from lwtsyntax.ir.source import Source
from lwtsyntax.names import Fresh

__all__ = ["place_variables"]


def place_variables(root: Root, source: Source, alias: str) -> None:
    """Place the variables of *root* and of the thread functions in it, inner ones first."""
    for statement in walk(root.body):
        for definition in _printed(statement):
            assert isinstance(definition, Root)
            place_variables(definition, source, alias)
    frames = _Frames(root, source, alias)
    fresh = root.function.fresh
    for name, owner in frames.variables():
        if name != fresh.ignored:
            frames.place(name, owner, fresh)
    frames.declare_hidden()
    frames.settle_annotations()


def _printed(statement: Out) -> Iterator[Def]:
    codes = [statement.code] if isinstance(statement, Text) else []
    for item in codes:
        for piece in item:
            if isinstance(piece, Printed):
                yield piece.definition


class _Frame:
    """One generated function, with its scope in the printed text."""

    def __init__(self, definition: Def, scope: Scope, parent: _Frame | None) -> None:
        self.definition = definition
        self.scope = scope
        self.parent = parent
        self.uses: set[str] = set()  # names read here or in closures of the user's here
        self.kept: set[str] = set()  # names that a closure of the user's may keep
        self.homes: set[str] = set()
        self.first = self.last = 0  # the places of this frame, and of the last one inside it

    def owner(self, name: str) -> _Frame:
        """The outermost frame that a variable *name* of this frame can live in."""
        frame = self
        while frame.parent is not None and name not in frame.definition.owned:
            frame = frame.parent
        return frame

    def repeats_in(self, owner: _Frame) -> bool:
        """Whether this frame may run more than once in one activation of *owner*."""
        frame = self
        while frame is not owner and frame.parent is not None:
            if frame.definition.repeats:
                return True
            frame = frame.parent
        return False

    def ancestors(self) -> list[_Frame]:
        """This frame and those around it, outermost first."""
        chain: list[_Frame] = []
        frame: _Frame | None = self
        while frame is not None:
            chain.append(frame)
            frame = frame.parent
        return chain[::-1]


class _Frames:
    def __init__(self, root: Root, source: Source, alias: str) -> None:
        self.root = root
        self.alias = alias
        self.function = root.function
        definitions = {d.name: d for d in walk(root.body) if isinstance(d, Def)}
        printer = Printer(source, alias)
        printer.definition(root, "")
        tree = ast.parse(printer.text)
        scopes = build_scopes(tree)
        node = next(n for n in tree.body if isinstance(n, ast.FunctionDef))
        self.frames: list[_Frame] = []
        self.generated = set(definitions)
        self._collect(root, scopes[node], None, definitions)
        self.mentions = Mentions()
        self.keeping: dict[str, list[int]] = {}  # the frames whose closures keep a name
        for index, frame in enumerate(self.frames):
            for name in frame.kept:
                self.keeping.setdefault(name, []).append(index)
        self.binding: dict[tuple[str, _Frame], list[_Frame]] = {}
        self.using: dict[tuple[str, _Frame], list[_Frame]] = {}
        for frame in self.frames:
            for name in frame.scope.binders:
                self.binding.setdefault((name, frame.owner(name)), []).append(frame)
            for name in frame.uses:
                self.using.setdefault((name, frame.owner(name)), []).append(frame)

    def _collect(
        self, definition: Def, scope: Scope, parent: _Frame | None, known: dict[str, Def]
    ) -> None:
        frame = _Frame(definition, scope, parent)
        frame.first = len(self.frames)
        self.frames.append(frame)
        frame.uses.update(scope.loads)
        for child in scope.children:
            name = child.node.name if isinstance(child.node, ast.FunctionDef) else None
            if name in known:
                self._collect(known[name], child, frame, known)
            else:
                self._closure(child, frame, kept=child.kind == "function" or _lazy(child))
        frame.last = len(self.frames) - 1

    def _closure(self, scope: Scope, frame: _Frame, kept: bool) -> None:
        """What a scope of the user's takes from *frame*."""
        free = {name for name in scope.loads if not scope.owns(name)} | scope.nonlocals
        free |= {name for name in scope.binders if name in scope.nonlocals}
        frame.uses |= free
        if kept:
            frame.kept |= free
        for child in scope.children:
            self._closure(child, frame, kept or child.kind == "function" or _lazy(child))

    # -- choosing -------------------------------------------------------------------------------

    def variables(self) -> list[tuple[str, _Frame]]:
        """The variables of the program: the names that generated functions bind, each with the frame
        it can live in at the outermost (the thread function's, or a comprehension's)."""
        root = self.frames[0]
        found = {*self.binding, *((name, root) for name in self.function.locals)}
        order = {frame: index for index, frame in enumerate(self.frames)}
        known = [variable for variable in found if variable[0] not in self.generated]
        return sorted(known, key=lambda variable: (variable[0], order[variable[1]]))

    def place(self, name: str, owner: _Frame, fresh: Fresh) -> None:
        binding = self.binding.get((name, owner), [])
        using = self.using.get((name, owner), [])
        root = self.frames[0]
        if owner is root and (name in self.function.globals or name in self.function.nonlocals):
            self._foreign(name, binding, using, fresh)
            return
        home = self._home(name, owner, binding, using)
        if home is None:
            return
        home.homes.add(name)
        for frame in binding:
            if frame is not home:
                self._assigned_elsewhere(name, frame, fresh)
                frame.definition.nonlocals.append(name)
        if name not in home.scope.binders:
            annotation = self.function.annotations.get(name) if owner is root else None
            home.definition.declarations.append((name, annotation or code(f"{self.alias}.Any")))

    def _home(
        self, name: str, owner: _Frame, binding: list[_Frame], using: list[_Frame]
    ) -> _Frame | None:
        """The frame that *name* lives in; None when nothing concerns it."""
        concerned = [*binding, *using]
        if not concerned:
            return None
        if name in owner.scope.parameters or not binding:
            return owner
        chains = [frame.ancestors() for frame in concerned]
        home = owner
        for level in zip(*chains, strict=False):
            if any(frame is not level[0] for frame in level):
                break
            home = level[0]
        if home.repeats_in(owner) and not self._fresh_each_round(name, home):
            return owner
        return home

    def _fresh_each_round(self, name: str, home: _Frame) -> bool:
        """Whether each activation of *home* binds *name* before any use, and no closure keeps it."""
        keeping = self.keeping.get(name, [])
        below = bisect_left(keeping, home.first)
        if below < len(keeping) and keeping[below] <= home.last:
            return False
        if name in home.scope.parameters:
            return True
        assert isinstance(home.scope.node, ast.FunctionDef)
        return self.mentions.bound_first(home.scope.node.body, name)

    # -- changing the tree ----------------------------------------------------------------------

    def _foreign(self, name: str, binding: list[_Frame], using: list[_Frame], fresh: Fresh) -> None:
        """A name that the user declared ``global`` or ``nonlocal``: declared wherever it is bound."""
        is_global = name in self.function.globals
        for frame in self.frames:
            if frame in binding or (is_global and frame is self.frames[0] and using):
                self._assigned_elsewhere(name, frame, fresh)
                declared = frame.definition.globals if is_global else frame.definition.nonlocals
                declared.append(name)

    def _assigned_elsewhere(self, name: str, frame: _Frame, fresh: Fresh) -> None:
        """A parameter cannot be ``nonlocal``: take the value under another name, then assign."""
        definition = frame.definition
        if name in definition.parameters:
            value = fresh.of("value of a wait" if not definition.repeats else "item")
            definition.parameters[definition.parameters.index(name)] = value
            assign = Text(code(f"{name} = {value}"), origin=definition.origin)
            definition.body.insert(0, assign)

    def declare_hidden(self) -> None:
        """Declare the variables of functions around that only closures here use, and a comprehension hides.

        From 3.12 on CPython inlines comprehensions, and takes such a variable for the comprehension's
        (python/cpython#121377), unless the function mentions it itself.
        """
        for frame in self.frames:
            definition = frame.definition
            declared = {*definition.parameters, *definition.nonlocals, *definition.globals}
            mentioned = (
                declared | frame.homes | frame.scope.binders.keys() | frame.scope.loads.keys()
            )
            for name in sorted(hidden_by_comprehensions(frame.scope) - mentioned):
                inside = self.frames[frame.first : frame.last + 1]
                used = any(name in f.uses or name in f.scope.binders for f in inside)
                if used and self._is_outer(name, frame):
                    definition.nonlocals.append(name)

    def _is_outer(self, name: str, frame: _Frame) -> bool:
        """Whether *name*, which *frame* does not bind, is a variable of a function around it."""
        around: _Frame | None = frame
        while around is not None:
            if name in around.homes:
                return True
            around = around.parent
        return name in self.function.outer

    def settle_annotations(self) -> None:
        """An annotated assignment stays one only in the frame that its name lives in."""
        homes = {id(frame.definition): frame.homes for frame in self.frames}
        parameters = set(self.frames[0].scope.parameters)
        todo: list[tuple[Body, set[str]]] = [(self.root.body, self.frames[0].homes)]
        for body, home in todo:
            settled = partial(_settled, annotated=home - parameters)
            for statement in body:
                if isinstance(statement, Text):
                    statement.code = fill(statement.code, settled)
                if isinstance(statement, Def):
                    todo.append((statement.body, homes[id(statement)]))
                else:
                    todo += [(inner, home) for inner in bodies(statement)]


def _settled(piece: object, annotated: set[str]) -> Code | None:
    if isinstance(piece, Declared):
        return piece.annotated if piece.name in annotated else piece.plain
    return None


def _lazy(scope: Scope) -> bool:
    """Whether the scope is a generator, whose body runs when somebody asks."""
    return isinstance(scope.node, ast.GeneratorExp)
