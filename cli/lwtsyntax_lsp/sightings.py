"""Where the markers of a snapshot stand in the text, and the names that are bound by waits."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lwtsyntax.analysing import Markers, Span
from lwtsyntax.markers import FORMS, KEYWORDS, Form, Keyword
from lwtsyntax_lsp.snapshot import Snapshot

__all__ = ["Sighting", "bound_names", "sightings"]


@dataclass(frozen=True, slots=True)
class Sighting:
    """The word of a marker, or a keyword."""

    word: Span
    row: Form | Keyword
    waits: bool
    node: ast.AST | None = None  # the call, the definition under the decorator, or the pattern


_FORMS = {form.name: form for form in FORMS}
_KEYWORDS = {row.word: row for row in KEYWORDS}
_WORD = re.compile(rf"\b(?:{'|'.join(_KEYWORDS)})\b")
_IDLE = ("exception", "raise_lwt", "try_lwt")  # the keywords that do not wait themselves


def sightings(snapshot: Snapshot) -> list[Sighting]:
    """The markers and keywords, in the order of the text."""
    markers = snapshot.found.markers
    if markers is None:
        return []
    found = {each.word: each for each in _of_markers(snapshot, markers)}
    if snapshot.respelled:
        found |= {each.word: each for each in _of_keywords(snapshot)}
    return sorted(found.values(), key=lambda each: each.word.start)


def _of_markers(snapshot: Snapshot, markers: Markers) -> Iterator[Sighting]:
    for node, name, waits, owner in _named(markers):
        word = _last_word(snapshot, node)
        if word is not None:
            yield Sighting(word, _FORMS[name], waits, owner)


def _of_keywords(snapshot: Snapshot) -> Iterator[Sighting]:
    """The words that were not copied when the text was written anew: those are keywords."""
    copied = sorted((there, there + end - here) for here, end, there in snapshot.stretches)
    starts = [start for start, _ in copied]
    for match in _WORD.finditer(snapshot.source.text):
        index = bisect_right(starts, match.start()) - 1
        if index < 0 or copied[index][1] < match.end():
            word = Span(match.start(), match.end())
            yield Sighting(word, _KEYWORDS[match[0]], match[0] not in _IDLE)


def _named(markers: Markers) -> Iterator[tuple[ast.expr, str, bool, ast.AST]]:
    """Where a marker is named, which one, whether it waits there, and what it belongs to."""
    for call, form in markers.calls.items():
        yield call.func, form, True, call
    for function in markers.functions.values():
        if not isinstance(function.decorator, ast.Lambda):
            form = "lwt_stream" if function.stream else "lwt"
            yield function.decorator, form, False, function.node
    for arm in markers.exception_arms:
        yield arm.cls, "exception", False, arm


def _last_word(snapshot: Snapshot, node: ast.expr) -> Span | None:
    """The last word of a name; None where the user has not written it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            pass
        case _:
            return None
    end = snapshot.span(node).end
    span = Span(end - len(name), end)
    return span if span.start >= 0 and snapshot.source.slice(span) == name else None


def bound_names(snapshot: Snapshot) -> list[Span]:
    """The names that waits bind: targets of assignments, of ``for_lwt``, of ``with``."""
    markers = snapshot.found.markers
    if markers is None or not markers.calls:
        return []
    lines = sorted(call.lineno for call in markers.calls)
    names = (
        (node.id, snapshot.span(node))
        for function in markers.islands()
        for target in _targets(function.node, markers, lines)
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    spans = (span for name, span in names if snapshot.source.slice(span) == name)
    return sorted(spans, key=lambda each: each.start)


def _targets(function: ast.FunctionDef, markers: Markers, lines: list[int]) -> Iterator[ast.expr]:
    """What waits bind in *function*; nothing is looked into that stands on none of the *lines*."""
    todo: list[ast.AST] = [function]
    while todo:
        node = todo.pop()
        yield from _bound(node, markers)
        last = getattr(node, "end_lineno", None)
        if last is not None:
            index = bisect_left(lines, getattr(node, "lineno"))  # noqa: B009
            if index == len(lines) or lines[index] > last:
                continue
        todo.extend(ast.iter_child_nodes(node))


def _bound(node: ast.AST, markers: Markers) -> Iterable[ast.expr]:
    match node:
        case ast.Assign(targets=targets, value=value) if value in markers.calls:
            return targets
        case (
            ast.AnnAssign(target=target, value=ast.Call() as value)
            | ast.NamedExpr(target=target, value=ast.Call() as value)
            | ast.For(target=target, iter=ast.Call() as value)
            | ast.comprehension(target=target, iter=ast.Call() as value)
        ) if value in markers.calls:
            return [target]
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target) if (
            value in markers.calls
        ):
            return [target]
    return []
