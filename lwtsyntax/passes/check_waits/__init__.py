"""Find the calls whose promise is dropped: nobody waits for the thread that they start.

Input: the markers of a file.  Output: a warning for each such statement::

    fetch(url)          # LWT030: the promise of fetch() is dropped

Only what is evident is said: the callee must be, by Python's scopes, a thread function, an ``async def``
or a function annotated ``-> Promise``, of this file, of one that it imports, or of the runtime.
Nothing is imported to find out.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from lwtsyntax.ir.findings import Finding, lines_of
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.scopes import Scope
from lwtsyntax.ir.source import Source
from lwtsyntax.ir.waiting import Waiting
from lwtsyntax.passes.check_waits.callees import Callees, Function
from lwtsyntax.passes.check_waits.files import File
from lwtsyntax.passes.check_waits.modules import Modules

__all__ = ["Modules", "check_waits", "thread_calls"]


def check_waits(markers: Markers, source: Source, modules: Modules) -> list[Finding]:
    """The forgotten waits of a file; *modules* reads the files that it imports."""
    return _Check(markers, source, modules).findings


def thread_calls(
    markers: Markers, source: Source, modules: Modules
) -> Callable[[ast.Call, Scope], bool]:
    """Tells of a call, made in a scope, whether it evidently starts a thread, of whichever file."""
    file = File(markers, source.filename)
    callees = Callees(modules)

    def starts(call: ast.Call, scope: Scope) -> bool:
        callee = callees.evaluate(file, call.func, scope)
        return isinstance(callee, Function) and callee.thread

    return starts


class _Check:
    """Walks the statements with the scope, and the kind of function, they stand in."""

    def __init__(self, markers: Markers, source: Source, modules: Modules) -> None:
        self.markers = markers
        self.source = source
        self.findings: list[Finding] = []
        self.waiting: dict[ThreadFunction, Waiting] = {}  # made when a statement asks for it
        self.file = File(markers, source.filename)
        self.callees = Callees(modules)
        if self.file.may_call_threads():
            self.block(markers.tree.body, self.file.scopes[markers.tree], None)

    def block(self, body: list[ast.stmt], scope: Scope, function: ast.AST | None) -> None:
        for statement in body:
            match statement:
                case ast.Expr(value=value):
                    for call in _dropped(value):
                        self.call(statement, call, scope, function)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    self.block(statement.body, self.file.scopes[statement], statement)
                case ast.ClassDef():
                    self.block(statement.body, self.file.scopes[statement], None)
                case ast.Assign() | ast.Return() | ast.AugAssign():
                    pass
                case _:
                    for inner in _blocks(statement):
                        self.block(inner, scope, function)

    def call(
        self, statement: ast.stmt, call: ast.Call, scope: Scope, function: ast.AST | None
    ) -> None:
        callee = self.callees.evaluate(self.file, call.func, scope)
        if not isinstance(callee, Function) or callee.gives is None:
            return
        thread = self.markers.functions.get(function) if function is not None else None
        if thread is not None and self._waited_for(statement, thread):
            return
        name = ast.unparse(call.func)
        name = name if len(name) <= _LONGEST_NAME else f"….{name.rpartition('.')[2]}"
        message = f"the {callee.gives} of {name}() is dropped: {_LOSS[callee.gives]}"
        hint = _hint(
            f"{name}({'…' if call.args or call.keywords else ''})",
            callee,
            function,
            thread,
            keywords=self.source.in_keywords,
        )
        diagnostic = self.source.diagnostic("LWT030", message, self.source.span(call), hint)
        self.findings.append(Finding(diagnostic, lines_of(statement)))

    def _waited_for(self, statement: ast.stmt, thread: ThreadFunction) -> bool:
        if thread not in self.waiting:
            self.waiting[thread] = Waiting(thread.node, self.markers)
        return statement in self.waiting[thread].implicit


_COMPOUND = (
    *(ast.If, ast.For, ast.While, ast.Try, ast.TryStar, ast.With, ast.Match),
    *(ast.AsyncFor, ast.AsyncWith),
)
_LONGEST_NAME = 40
_LOSS = {"promise": "nothing waits for it", "coroutine": "it never runs"}


def _hint(
    call: str,
    callee: Function,
    function: ast.AST | None,
    thread: ThreadFunction | None,
    *,
    keywords: bool,
) -> str:
    if keywords and not isinstance(function, ast.AsyncFunctionDef):
        wait = f"write `lwt {call}`"
    elif thread is not None:
        wait = f"write `lwt({call})`"
    elif isinstance(function, ast.AsyncFunctionDef):
        wait = f"write `await {call}`"
    elif function is not None:
        wait = "return it, or put @lwt above the def and wait for it"
    else:
        wait = f"write `Lwt.run({call})`"
    if callee.gives == "coroutine":
        return wait
    return f"{wait}; `_ = {call}` lets it run on its own"


def _dropped(value: ast.expr) -> Iterator[ast.Call]:
    """The calls whose value is the value of *value*."""
    match value:
        case ast.Call():
            yield value
        case ast.IfExp():
            yield from _dropped(value.body)
            yield from _dropped(value.orelse)
        case ast.BoolOp():
            yield from _dropped(value.values[-1])


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    if not isinstance(statement, _COMPOUND):
        return
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, [])
    for part in [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]:
        yield part.body
