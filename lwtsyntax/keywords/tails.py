"""Bare calls that end the blocks of ``if_lwt``, ``try_lwt`` and ``with_lwt``, as waits one can see.

In marker spelling the bodies of loops and the arms of a match are threads, and no others::

    try_lwt:                       try:
        fetch(url)          ->         lwt(fetch(url))
    finally:                       finally:
        close(url)                     lwt(Lwt.implicit_wait(close(url)))

The first surely starts a thread; the other may give a promise.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace

from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.scopes import Scope
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.spelling import Edit, respell
from lwtsyntax.ir.tails import implicit_waits
from lwtsyntax.keywords.importing import MarkerNames

__all__ = ["spell_out_tails"]


def spell_out_tails(
    source: Source, markers: Markers, starts_thread: Callable[[ast.Call, Scope], bool]
) -> Source:
    """*source* without blocks that are threads by their keywords alone."""
    plain = replace(markers, threads=set())
    names = MarkerNames(markers.tree)
    edits: list[Edit] = []
    for node, function in markers.functions.items():
        if not markers.threads or not isinstance(node, ast.FunctionDef):
            continue
        for statement in implicit_waits(node, markers) - implicit_waits(node, plain):
            assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
            opening, closing = f"{names.marker('lwt')}(", ")"
            if not starts_thread(statement.value, function.scope):
                opening += f"{names.runtime()}.implicit_wait("
                closing += ")"
            span = source.span(statement.value)
            edits.append(Edit(Span(span.start, span.start), (opening,), span))
            edits.append(Edit(Span(span.end, span.end), (closing,), span))
    return respell(source, [*names.edits(source, source.newline), *edits]) if edits else source
