"""Insert the wait that was forgotten.

::

    save(value)    ->    lwt(save(value))        in a thread function
                         await save(value)       in an async function
                         Lwt.run(save(value))    at module level
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lwtsyntax.analysing import Span
from lwtsyntax_lsp.actions.fix import (
    Fix,
    Setting,
    around,
    function_around,
    marker_name,
    runtime_name,
)
from lwtsyntax_lsp.actions.threads import is_thread, thread_edits

__all__ = ["insert_wait", "write_keyword"]


def insert_wait(setting: Setting) -> Iterator[Fix]:
    """The ways out of LWT030."""
    source, span = setting.source, setting.span
    call = source.slice(span)
    shown = call if len(call) <= 30 and "\n" not in call else "…"
    function = function_around(setting)
    match function:
        case ast.AsyncFunctionDef():
            yield Fix(f"Wait for it: await {shown}", [(span, f"await {call}")], preferred=True)
        case ast.FunctionDef() if is_thread(setting, function):
            name, edits = marker_name(setting, "lwt")
            edits = [*edits, (span, f"{name}({call})")]
            yield Fix(f"Wait for it: {name}({shown})", edits, preferred=True)
        case ast.FunctionDef():
            name, _ = marker_name(setting, "lwt")
            edits = [*thread_edits(setting, function), (span, f"{name}({call})")]
            yield Fix(f"Put @{name} above {function.name}, and wait: {name}({shown})", edits)
        case None:
            name, edits = runtime_name(setting)
            yield Fix(f"Run it: {name}.run({shown})", [*edits, (span, f"{name}.run({call})")])
    if not isinstance(function, ast.AsyncFunctionDef) and _is_statement(setting):
        yield Fix(f"Let it run on its own: _ = {shown}", [(span, f"_ = {call}")])


def write_keyword(setting: Setting) -> Iterator[Fix]:
    """The way out of LWT030 in a file with keywords; a ``def`` that holds one needs no decorator."""
    source, span = setting.source, setting.span
    line = source.line_of(span.start)
    if source.line(line)[: span.start - source.offset_of(line, 0)].strip():
        return
    call = source.slice(span)
    shown = call if len(call) <= 30 and "\n" not in call else "…"
    start = Span(span.start, span.start)
    yield Fix(f"Wait for it: lwt {shown}", [(start, "lwt ")], preferred=True)
    yield Fix(f"Let it run on its own: _ = {shown}", [(start, "_ = ")])


def _is_statement(setting: Setting) -> bool:
    """Whether a statement consists of the span."""
    return any(
        isinstance(node, ast.Expr) and setting.source.span(node) == setting.span
        for node in around(setting)
    )
