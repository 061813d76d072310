"""Folding: blocks, clauses, brackets and strings over several lines, runs of imports and of comments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lsprotocol import types

from lwtsyntax.analysing import Source
from lwtsyntax.ir.tree import children
from lwtsyntax_lsp.snapshot import Snapshot
from lwtsyntax_lsp.view import View

__all__ = ["folding_ranges"]

_Import = ast.Import | ast.ImportFrom
_MAYBE_COMMENTS = re.compile(r"#[^\r\n]*(?:(?:\r\n|\r|\n)[ \t\f]*#[^\r\n]*)+")
_CLAUSE = re.compile(r"[ \t\f]*(?:else|finally)\b")


@dataclass(frozen=True, slots=True)
class _Fold:
    first: int  # lines from 1
    last: int
    kind: types.FoldingRangeKind | None = None


def folding_ranges(view: View) -> list[types.FoldingRange] | None:
    """The folds; None for a text without markers, whose folds other tools know as well."""
    if view.snapshot.found.tree is None:
        return None
    found = []
    for fold in view.snapshot.made(_folds):
        first, last = view.line(fold.first), view.line(fold.last)
        if first >= 0 and last > first:
            found.append(types.FoldingRange(first, last, kind=fold.kind))
    return found


def _folds(snapshot: Snapshot) -> list[_Fold]:
    tree = snapshot.found.tree
    assert tree is not None
    widest: dict[int, _Fold] = {}  # one for each first line
    nodes = [*_of_nodes(tree, snapshot.found.source), *_imports(tree.body)]
    for fold in [*(_shown(each, snapshot) for each in nodes), *_comments(snapshot)]:
        known = widest.get(fold.first)
        if fold.last > fold.first and (known is None or known.last < fold.last):
            widest[fold.first] = fold
    return [widest[line] for line in sorted(widest)]


def _shown(fold: _Fold, snapshot: Snapshot) -> _Fold:
    """*fold* in the text that the user sees."""
    source, shown = snapshot.found.source, snapshot.source
    if source is shown:
        return fold
    head, tail = source.line(fold.first), source.line(fold.last)
    start = source.offset_of(fold.first, len(head) - len(head.lstrip()))
    end = source.offset_of(fold.last, max(0, len(tail.rstrip()) - 1))
    first, last = (shown.line_of(source.shown_offset(each)) for each in (start, end))
    return _Fold(first, last, fold.kind)


def _of_nodes(tree: ast.Module, source: Source) -> Iterator[_Fold]:
    """What takes several lines.  What stands on one is not looked into: that is most of a text."""
    todo: list[ast.AST] = [tree]
    while todo:
        for node in children(todo.pop()):
            first, last = getattr(node, "lineno", None), getattr(node, "end_lineno", None)
            if first is not None and last is not None:
                if first == last:
                    continue
                yield from _of_node(node, first, last, source)
            elif isinstance(node, ast.match_case):
                yield _Fold(node.pattern.lineno, _end(node.body))
            todo.append(node)


def _of_node(node: ast.AST, first: int, last: int, source: Source) -> Iterator[_Fold]:
    body = getattr(node, "body", None)
    if not isinstance(body, list):
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        yield _Fold(first, last, types.FoldingRangeKind.Comment if text else None)
        return
    after = _end(body)
    yield _Fold(first, after)
    after = max([after, *(handler.end_lineno for handler in getattr(node, "handlers", []))])
    for block in (getattr(node, "orelse", []), getattr(node, "finalbody", [])):
        if block:
            clause = _clause(source, after, block[0].lineno)
            after = _end(block)
            if clause is not None:
                yield _Fold(clause, after)


def _clause(source: Source, after: int, first: int) -> int | None:
    """The line of the ``else`` or ``finally`` above a block; None for an ``elif``, which is an ``if`` of its own."""
    for line in range(first, after, -1):
        if _CLAUSE.match(source.line(line)):
            return line
    return None


def _end(body: list[ast.stmt]) -> int:
    return body[-1].end_lineno or body[-1].lineno


def _imports(body: list[ast.stmt]) -> Iterator[_Fold]:
    """Imports that follow each other."""
    run: list[ast.stmt] = []
    for statement in [*body, None]:
        if isinstance(statement, _Import):
            run.append(statement)
        elif run:
            yield _Fold(run[0].lineno, _end(run), types.FoldingRangeKind.Imports)
            run = []


def _comments(snapshot: Snapshot) -> Iterator[_Fold]:
    """Comments on lines of their own that follow each other."""
    source = snapshot.source
    for run in _MAYBE_COMMENTS.finditer(source.text):  # or parts of strings
        comments = source.comments_in(run.start(), run.end())
        lines = [source.line_of(each.span.start) for each in comments if each.own_line]
        first = last = None
        for line in [*lines, None]:
            if last is not None and line == last + 1:
                last = line
                continue
            if first is not None and last is not None:
                yield _Fold(first, last, types.FoldingRangeKind.Comment)
            first = last = line
