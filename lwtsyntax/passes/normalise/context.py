"""What every part of the normal-form pass shares: the function at hand, and where statements go."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.ir.callgraph import CallGraph
from lwtsyntax.ir.code import Code, Piece, code, grouped, splice
from lwtsyntax.ir.direct import Block, Native, Operand, Stmt, Wait
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.scopes import Scope, identifiers
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.tree import children, walk
from lwtsyntax.ir.waiting import Waiting
from lwtsyntax.names import Fresh

__all__ = ["Context", "Setting"]


@dataclass(slots=True)
class Setting:
    """What the functions of one island share."""

    source: Source
    markers: Markers
    alias: str
    graph: CallGraph = field(init=False)

    def __post_init__(self) -> None:
        if self.markers.graph is None:
            defined = {name for scope in self.markers.scopes.values() for name in scope.definitions}
            self.markers.graph = CallGraph(self.markers.tree, defined)
        self.graph = self.markers.graph


class Context:
    """The thread function that is being brought into normal form."""

    def __init__(self, function: ThreadFunction, setting: Setting) -> None:
        self.function = function
        self.setting = setting
        self.source = setting.source
        self.markers = setting.markers
        taken = {*identifiers(function.node), setting.alias}
        self.fresh = Fresh(taken, underscore_is_read=setting.markers.underscore_is_read)
        self.alias = setting.alias
        self.scope = function.scope
        self.waiting = Waiting(function.node, setting.markers)
        self.out: Block = []
        self.origin = self.source.span(function.node)
        self.bound: set[str] = set(function.scope.parameters)  # surely bound at this point
        self.temporaries: set[str] = set()
        self.leaving = True  # a Return leaves the function (in a loop's condition it does not)
        self.annotations: dict[str, Code] = {}
        self.standing: list[tuple[Span, Code]] = []  # edits that hold wherever the text goes
        self.unstable = self._unstable_locals()
        self._assigned: dict[ast.AST, set[str]] = {}
        self._find_assigned(function.node)
        self.emitter = self.fresh_temporary("emitter") if function.stream else None

    # -- text -----------------------------------------------------------------------------------

    def span(self, node: ast.expr | ast.stmt | ast.pattern) -> Span:
        return self.source.span(node)

    def text(self, region: Span, edits: list[tuple[Span, Code]] | None = None) -> Code:
        """The user's text of *region*, with *edits* and with the edits that always hold."""
        edits = edits or []
        standing = [
            (span, replacement)
            for span, replacement in self.standing
            if region.start <= span.start
            and span.end <= region.end
            and not any(edit.start < span.end and span.start < edit.end for edit, _ in edits)
        ]
        return splice(region, [*edits, *standing])

    def refuse(self, code_: str, node: ast.expr | ast.stmt, message: str, hint: str) -> Refusal:
        return Refusal(self.source.diagnostic(code_, message, self.span(node), hint))

    # -- statements -----------------------------------------------------------------------------

    def emit(self, statement: Stmt) -> None:
        self.out.append(statement)

    def native(self, *parts: Piece | Code, ends: bool = False) -> None:
        """A statement without waits."""
        self.emit(Native(code(*parts), ends, origin=self.origin))

    def assign(self, target: str, value: Code) -> None:
        self.native(target, " = ", grouped(value, self.source))

    def temporary(self, value: Code, kind: str, what: str = "") -> Code:
        """A fresh variable that holds *value*."""
        name = self.fresh_temporary(kind, what)
        self.assign(name, value)
        return (name,)

    def fresh_temporary(self, kind: str, what: str = "") -> str:
        name = self.fresh.of(kind, what)
        self.temporaries.add(name)
        return name

    @contextmanager
    def block(self) -> Iterator[Block]:
        """Statements emitted inside go to the block that this gives; what they bind counts only there."""
        outer, bound = self.out, set(self.bound)
        inner: Block = []
        self.out = inner
        yield inner
        self.out, self.bound = outer, bound

    def wait_for(self, operand: Operand, target: str | None, origin: Span) -> None:
        """``target = wait operand``"""
        dies = target is None or target in self.temporaries or (self.leaving and self._dies(target))
        self.emit(Wait(operand, target, dies, origin=origin))

    def _dies(self, name: str) -> bool:
        """Whether *name* is a local that no closure takes along."""
        scope = self.function.scope
        if not scope.owns(name):
            return False
        return not any(name in inner.loads for inner in scope.walk() if inner is not scope)

    def builtin(self, name: str) -> str:
        """The builtin *name*, under a name that means it here."""
        hidden = self.function.scope.resolve(name) is not None
        return f"{self.alias}.builtins.{name}" if hidden else name

    # -- variables ------------------------------------------------------------------------------

    def _unstable_locals(self) -> set[str]:
        """The locals that can change while this function waits, or that may become unbound."""
        names = {
            name
            for inner in self.scope.walk()
            if inner is not self.scope
            for name in inner.nonlocals
        }
        for node in walk(self.function.node):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
                names.add(node.id)
            elif isinstance(node, ast.ExceptHandler) and node.name:
                names.add(node.name)
        return names

    def assigned_in(self, node: ast.AST) -> set[str]:
        """The names that the walrus operators in *node* assign."""
        return self._assigned.get(node, set())

    def _find_assigned(self, node: ast.AST) -> set[str]:
        found: set[str] = set()
        for child in children(node):
            found |= self._find_assigned(child)
        if isinstance(node, ast.NamedExpr) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        if found:
            self._assigned[node] = found
        return found

    def stable(self, name: str, assigned: Collection[str] = ()) -> bool:
        """Whether *name*, read before a wait, surely has the same value after it.

        *assigned*: the names that the rest of the statement may assign.  A definition or an import
        that nothing in this file rebinds counts as stable.
        """
        if name in assigned:
            return False
        owner = self.scope.resolve(name)
        if owner is self.function.scope or (owner is not None and owner.kind == "comprehension"):
            return name in self.bound and name not in self.unstable
        if owner is None:
            return hasattr(builtins, name) and name not in self.scope.module.binders
        return (
            owner.binders[name] == 1 and _is_definition(owner, name) and not _rebound(owner, name)
        )

    def thread_call(self, node: ast.expr) -> bool:
        """Whether *node* surely calls a thread function of this file."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            return False
        owner = self.scope.resolve(node.func.id)
        if owner is None or owner.binders[node.func.id] != 1 or _rebound(owner, node.func.id):
            return False
        definition = owner.definitions.get(node.func.id)
        function = self.markers.functions.get(definition) if definition is not None else None
        if function is None or function.stream:
            return False
        return len(function.node.decorator_list) == 1


def _is_definition(owner: Scope, name: str) -> bool:
    return name in owner.definitions or name in owner.parameters or owner.imported(name) is not None


def _rebound(owner: Scope, name: str) -> bool:
    """Whether an inner scope assigns the *name* of *owner* through ``global`` or ``nonlocal``."""
    for scope in owner.walk():
        declared = scope.globals if owner.kind == "module" else scope.nonlocals
        if name in declared:
            return True
    return False
