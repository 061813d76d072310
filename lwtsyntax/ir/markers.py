"""What the marker pass finds: which syntax nodes are markers, and the thread functions around them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from lwtsyntax.ir.callgraph import CallGraph
from lwtsyntax.ir.code import Code
from lwtsyntax.ir.scopes import Scope
from lwtsyntax.ir.source import Span

__all__ = ["Markers", "ThreadFunction"]


@dataclass(slots=True, eq=False)
class ThreadFunction:
    """One ``@lwt def``: its marker decorator, its scope, and the thread function around it, if any."""

    node: ast.FunctionDef
    decorator: ast.expr
    scope: Scope
    outer: ThreadFunction | None
    stream: bool = False  # ``@lwt_stream``: a generator function
    plain: bool = False  # a lambda that only holds one that waits: an ordinary function
    header: Code | None = None  # of a lambda, which has none of its own
    # what stands for the waits in decorators and defaults
    head_edits: list[tuple[Span, Code]] = field(default_factory=list)


@dataclass(slots=True)
class Markers:
    """The result of the marker pass, keyed by syntax node (nodes hash by identity)."""

    tree: ast.Module
    scopes: dict[ast.AST, Scope]
    calls: dict[ast.Call, str] = field(default_factory=dict)  # lwt(…), for_lwt(…), … -> the form
    exception_arms: set[ast.MatchClass] = field(default_factory=set)
    threads: set[ast.stmt] = field(
        default_factory=set
    )  # others than loops whose blocks are threads
    functions: dict[ast.AST, ThreadFunction] = field(default_factory=dict)
    imports: list[tuple[ast.Import | ast.ImportFrom, list[ast.alias]]] = field(default_factory=list)
    runtime_alias: str | None = None  # the user's own name for lwtsyntax.runtime, where it is safe
    identifiers: set[str] = field(default_factory=set)  # every name that the text uses
    underscore_is_read: bool = False
    graph: CallGraph | None = None  # made when the first function needs it

    def form(self, node: ast.AST) -> str | None:
        """The marker that *node* calls, if it calls one."""
        return self.calls.get(node) if isinstance(node, ast.Call) else None

    def islands(self) -> list[ThreadFunction]:
        """The thread functions that stand in no other."""
        return [function for function in self.functions.values() if function.outer is None]
