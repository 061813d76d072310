"""analyse(source): what a text holds, before anything of it is lowered.

The first half of :func:`lwtsyntax.pipeline.transform`, and what an editor wants to know at every key: is it
a program, where are its markers, what is worth a word.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeGuard

from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.modules import Fact
from lwtsyntax.ir.parsing import check_compiles, parse
from lwtsyntax.ir.reparsing import reparse
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.tree import children
from lwtsyntax.keywords import (
    SUFFIX,
    Remembered,
    mentions_keywords,
    read_source,
    reread,
    tell_of_keywords,
)
from lwtsyntax.passes.check_loops import check_loops
from lwtsyntax.passes.check_waits import Modules, check_waits
from lwtsyntax.passes.find_markers import find_markers, look_for_markers, mentions_markers
from lwtsyntax.passes.suppress import suppress

__all__ = [
    "Analysis",
    "Markers",
    "Source",
    "Span",
    "ThreadFunction",
    "analyse",
    "deep_recursion",
    "diagnosed",
]


@dataclass(slots=True)
class Analysis:
    """A text, its syntax tree if it has one, and its markers.

    ``tree`` is None where nothing can be a marker, and where the text is no program.  The markers of a
    text that is *refused* because some stand where they have no meaning are known all the same.
    """

    source: Source
    modules: Modules
    diagnostics: tuple[Diagnostic, ...] = ()
    tree: ast.Module | None = None
    compiles: bool = False
    markers: Markers | None = None
    remembered: Remembered | None = None  # in keyword spelling: what helps to read a later text

    @property
    def refused(self) -> bool:
        """Whether the diagnostics are errors."""
        return any(each.severity == "error" for each in self.diagnostics)

    def release(self) -> None:
        """Nobody will ask for its scopes again: as they know each other, only the collector would free its tree."""
        for scope in self.markers.scopes.values() if self.markers is not None else ():
            scope.children.clear()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the diagnostics owe to other files."""
        return tuple(self.modules.facts)


def analyse(
    source: str,
    filename: str = "<string>",
    *,
    since: Analysis | None = None,
    remember: bool = False,
) -> Analysis:
    """What *source* holds; the files that *filename* imports may be read, never run.

    The analysis of an earlier text of the file, *since*, makes this one quicker, and no other, the more so if it was
    made to *remember*.
    """
    found = Analysis(Source(source, filename), Modules(filename, find_markers, read_source))
    keywords = filename.endswith(SUFFIX) and mentions_keywords(source)
    if not keywords and not mentions_markers(source):
        return found
    try:
        with deep_recursion():
            if remember and filename.endswith(SUFFIX):
                known = since.remembered if since is not None else None
                found.source, found.remembered = reread(found.source, known)
            else:
                found.source = read_source(source, filename)
            text = found.source
            found.tree, fresh = _parse_since(text, since)
            text.divide(found.tree)
            _check_compiles(found, fresh)
            found.markers, faults = look_for_markers(found.tree, text)
            if faults:
                raise Refusal(*faults)
            found.diagnostics = _warnings(text, found.markers, found.modules)
    except (Refusal, SyntaxError, RecursionError) as error:
        found.diagnostics = diagnosed(error, found.source)
        if not filename.endswith(SUFFIX):
            found.diagnostics = tuple(tell_of_keywords(found.diagnostics, found.source))
    return found


def _parse_since(source: Source, since: Analysis | None) -> tuple[ast.Module, list[ast.stmt]]:
    """The tree, and those of its statements of which it is not known that they compile."""
    # The tree of a text that is refused may have been mended, to find more that is wrong with it.
    if since is not None and since.tree is not None and since.compiles and not since.refused:
        known = reparse(since.source, since.tree, source)
        if known is not None:
            tree, fresh = known
            alone = _futures(tree) == _futures(since.tree) and not _declares_globals(tree, source)
            return tree, fresh if alone else tree.body
    tree = parse(source)
    return tree, tree.body


def _check_compiles(found: Analysis, fresh: list[ast.stmt]) -> None:
    """Refuse what only CPython's compiler refuses, which goes by the statement."""
    assert found.tree is not None
    body = found.tree.body
    last = max((n for n, each in enumerate(body) if _is_future(each)), default=-1)
    head = body[: last + 1]
    part = ast.Module([*head, *(each for each in fresh if each not in head)], [])
    try:
        check_compiles(part, found.source)
        found.compiles = True
    except Refusal:
        # For an `await` in a thread function there is a better word than CPython's.
        markers, faults = look_for_markers(found.tree, found.source)
        if any(each.code == "LWT029" for each in faults):
            found.markers = markers
            raise Refusal(*faults) from None
        raise


def _warnings(source: Source, markers: Markers, modules: Modules) -> tuple[Diagnostic, ...]:
    """What is worth a word about a file that can be lowered."""
    findings = [*check_waits(markers, source, modules), *check_loops(markers, source)]
    return suppress(findings, source, judged=bool(markers.functions))


def diagnosed(error: Exception, source: Source) -> tuple[Diagnostic, ...]:
    """What is said when *error* ended the work on *source*."""
    if isinstance(error, Refusal):
        return error.diagnostics
    deep = isinstance(error, RecursionError) or "too many levels of indentation" in str(error)
    if deep or "nested" in str(error):
        message = "this source is nested too deeply to be transformed"
        return (source.diagnostic("LWT003", message, Span(0, 0)),)
    message = f"internal error: the output is not valid ({error}); please report this file"
    return (source.diagnostic("LWT099", message, Span(0, 0)),)


def _is_future(node: ast.stmt) -> TypeGuard[ast.ImportFrom]:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _futures(tree: ast.Module) -> list[str]:
    return [alias.name for each in tree.body if _is_future(each) for alias in each.names]


def _declares_globals(tree: ast.Module, source: Source) -> bool:
    """Whether a ``global`` stands in the module itself: that may not come after other uses of its name."""
    if "global" not in source.text:
        return False
    todo: list[ast.AST] = [tree]
    for node in todo:
        if isinstance(node, ast.Global):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            todo += children(node)
    return False


@contextmanager
def deep_recursion() -> Iterator[None]:
    """The passes recurse over syntax trees: allow them the depth that CPython's parser allows a text."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 20_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
