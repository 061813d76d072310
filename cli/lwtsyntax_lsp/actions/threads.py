"""Put ``@lwt`` where it is missing, or where it belongs."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lwtsyntax.analysing import Span
from lwtsyntax_lsp.actions.fix import Edit, Fix, Setting, around, function_around, marker_name

__all__ = ["above", "add_lwt", "is_thread", "move_lwt", "thread_edits"]


def add_lwt(setting: Setting) -> Iterator[Fix]:
    """The way out of LWT010 in a function."""
    function = function_around(setting)
    if isinstance(function, ast.FunctionDef) and not is_thread(setting, function):
        name, _ = marker_name(setting, "lwt")
        edits = thread_edits(setting, function)
        yield Fix(f"Put @{name} above {function.name}", edits, preferred=True)


def move_lwt(setting: Setting) -> Iterator[Fix]:
    """The way out of LWT017: the decorator at the span goes down to the def."""
    source = setting.source
    for function in reversed(around(setting)):
        if isinstance(function, ast.FunctionDef):
            break
    else:
        return
    name = source.slice(setting.span)
    line = source.line_of(setting.span.start)
    start = source.offset_of(line, 0)
    if source.line(line).strip() == f"@{name}":
        gone = Span(start, source.offset_of(line + 1, 0))
        edits = [(gone, ""), above(setting, function, name)]
        yield Fix(f"Move @{name} down to the def", edits, preferred=True)


def is_thread(setting: Setting, function: ast.FunctionDef) -> bool:
    """Whether a marker stands above *function*."""
    for marker in ("lwt", "lwt_stream"):
        name, missing = marker_name(setting, marker)
        if not missing and name in map(ast.unparse, function.decorator_list):
            return True
    return False


def thread_edits(setting: Setting, function: ast.FunctionDef) -> list[Edit]:
    """What makes *function* a thread function."""
    name, edits = marker_name(setting, "lwt")
    return [*edits, above(setting, function, name)]


def above(
    setting: Setting, function: ast.FunctionDef | ast.AsyncFunctionDef, decorator: str
) -> Edit:
    """*decorator* directly above the ``def``, below all others."""
    source = setting.source
    start = source.offset(function.lineno, function.col_offset)
    return Span(start, start), f"@{decorator}\n{source.indentation(start)}"
