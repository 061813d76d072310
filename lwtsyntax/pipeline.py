"""transform(source): the passes in order, on one screen."""

from __future__ import annotations

import ast
import codecs
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.ir.describing import describe
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.output import Root
from lwtsyntax.ir.parsing import check_compiles, parse
from lwtsyntax.ir.positions import PositionMap
from lwtsyntax.ir.printing import Printer
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.spelling import show_places
from lwtsyntax.keywords import SUFFIX, mentions_keywords, read_source
from lwtsyntax.names import HELPERS, RUNTIME_ALIAS, Fresh
from lwtsyntax.passes.check_loops import check_loops
from lwtsyntax.passes.check_waits import Modules, check_waits, thread_calls
from lwtsyntax.passes.find_markers import find_markers, mentions_markers
from lwtsyntax.passes.format_output import follow_places, format_output
from lwtsyntax.passes.lower import lower
from lwtsyntax.passes.normalise import normalise
from lwtsyntax.passes.optimise import optimise as optimise_output
from lwtsyntax.passes.place_variables import place_variables
from lwtsyntax.passes.splice import (
    Replacement,
    changed_statements,
    helpers_import,
    import_edits,
    replacements,
    runtime_import,
    splice_mapping,
    splice_output,
)
from lwtsyntax.passes.suppress import suppress
from lwtsyntax.passes.to_async import to_async
from lwtsyntax.passes.to_fibers import to_fibers
from lwtsyntax.respelling import spell_with_keywords, spell_with_markers
from lwtsyntax.results import Target, TransformResult, unchanged

__all__ = ["HELPERS", "PositionMap", "Target", "TransformResult", "transform", "transform_bytes"]

Trace = Callable[[str, str], None]


def transform(
    source: str,
    filename: str = "<string>",
    *,
    format: bool = True,
    optimise: bool = True,
    trace: Trace | None = None,
    target: Target = "binds",
    helpers: str = HELPERS,
) -> TransformResult:
    """Rewrite direct-style *source* into bind chains, or into ``async`` functions.

    A source without markers comes back as it is.  One that cannot be lowered is refused: the result
    has no text, and says why in its diagnostics.  ``format=False`` leaves out black, ``optimise=False``
    the pass that shortens the chains; ``trace(pass_name, program)`` sees the program after each pass.
    A *filename* that ends in ``.lwt`` says that the source is in keyword spelling.  ``target="markers"`` gives
    such a source in marker spelling, laid out by black if *format*; ``target="keywords"`` is the way back.
    With ``target="async"`` the output imports what it needs of :mod:`lwtsyntax.coroutines` from the
    module *helpers*.  With ``target="fibers"`` the text stays as it is; its ``tree`` runs on fibers.

    The files that *filename* imports may be read, never run, to see which calls of theirs start threads.
    """
    text = Source(source, filename)
    keywords = filename.endswith(SUFFIX) and mentions_keywords(source)
    if not keywords and (target == "markers" or not mentions_markers(source)):
        return unchanged(text)
    modules = Modules(filename, find_markers, read_source)
    try:
        with _deep_recursion():
            text = read_source(source, filename)
            tree = _parse(text)
            markers = find_markers(tree, text)
            if target == "keywords":
                return spell_with_keywords(text, markers)
            if target == "markers":
                starts_thread = thread_calls(markers, text, modules)
                return spell_with_markers(text, markers, starts_thread, format)
            warnings = _warnings(text, markers, modules)
            if not markers.functions:
                result = _without_threads(text, tree, target)
            elif target == "async":
                result = _to_async(text, markers, modules, helpers, trace)
            elif target == "fibers":
                result = _with_tree(text, to_fibers(markers))
            else:
                result = _to_binds(text, markers, format, optimise, trace)
            return replace(result, diagnostics=warnings, facts=tuple(modules.facts))
    except Refusal as refusal:
        return TransformResult(None, refusal.diagnostics, facts=tuple(modules.facts))
    except SyntaxError as error:
        if "too many levels of indentation" in str(error) or "nested" in str(error):
            message = "this source is nested too deeply to be transformed"
            return TransformResult(None, (text.diagnostic("LWT003", message, Span(0, 0)),))
        message = f"internal error: the output is not valid ({error}); please report this file"
        return TransformResult(None, (text.diagnostic("LWT099", message, Span(0, 0)),))
    except RecursionError:
        message = "this source is nested too deeply to be transformed"
        return TransformResult(None, (text.diagnostic("LWT003", message, Span(0, 0)),))


def _without_threads(source: Source, tree: ast.Module, target: Target) -> TransformResult:
    """A file in which nothing is to be lowered; a keyword form may run the main loop in it."""
    if source.shown is source:
        return unchanged(source)
    if target == "fibers":
        return _with_tree(source, tree)
    return replace(unchanged(source), changed=True)


def _with_tree(source: Source, tree: ast.Module) -> TransformResult:
    show_places(tree, source)
    return replace(unchanged(source), changed=True, tree=tree)


def _warnings(source: Source, markers: Markers, modules: Modules) -> tuple[Diagnostic, ...]:
    """What is worth a word about a file that can be lowered."""
    findings = [*check_waits(markers, source, modules), *check_loops(markers, source)]
    return suppress(findings, source, judged=bool(markers.functions))


def _to_binds(
    source: Source, markers: Markers, format: bool, optimise: bool, trace: Trace | None
) -> TransformResult:
    alias = markers.runtime_alias or Fresh(markers.identifiers).name(RUNTIME_ALIAS)
    programs: dict[str, list[Replacement]] = {}

    def note(name: str, island: Island, text: str) -> None:
        programs.setdefault(name, []).append(Replacement(island.span, text))

    islands = []
    for function in markers.islands():
        island = Island(function, source)
        normal = normalise(function, markers, source, alias)
        if trace:
            note("normalise", island, describe(normal, source, island.indent))
        output = lower(normal, source, alias)
        if trace:
            note("lower", island, island.printed(output, alias).text)
        place_variables(output, source, alias)
        if trace:
            note("place variables", island, island.printed(output, alias).text)
        if optimise:
            optimise_output(output, source, alias)
            if trace:
                note("optimise", island, island.printed(output, alias).text)
        printed = island.printed(output, alias)
        islands.append(island.replacement(printed, format))
    imports = import_edits(markers, source, runtime_import(markers, alias))
    if trace:
        for name, shown in programs.items():
            trace(name, splice_output(source, shown))
    return _spliced(markers, source, [*islands, *imports], trace, "format" if format else "splice")


def _to_async(
    source: Source, markers: Markers, modules: Modules, helpers: str, trace: Trace | None
) -> TransformResult:
    edits, used = to_async(markers, source, thread_calls(markers, source, modules))
    imports = import_edits(markers, source, helpers_import(helpers, used))
    return _spliced(markers, source, [*replacements(edits, source), *imports], trace, "to async")


def _spliced(
    markers: Markers, source: Source, parts: list[Replacement], trace: Trace | None, last: str
) -> TransformResult:
    text = splice_output(source, parts)
    if trace:
        trace(last, text)
    _check(markers.tree, source, parts)
    find_places = partial(splice_mapping, source, parts)
    positions = PositionMap(Source(text, source.filename), source, find_places)
    return TransformResult(text, (), positions, changed=True)


class Island:
    """A thread function that stands in no other, and the stretch of text it takes."""

    def __init__(self, function: ThreadFunction, source: Source) -> None:
        self.source = source
        self.span = source.whole(function.node)
        self.indent = source.indentation(self.span.start)

    def printed(self, output: Root, alias: str) -> Printer:
        printer = Printer(self.source, alias)
        printer.island(output, self.indent)
        return printer

    def replacement(self, printed: Printer, format: bool) -> Replacement:
        text, mapping = printed.text, printed.mapping
        if not format:
            return Replacement(self.span, text, lambda: mapping)
        new = format_output(text, self.indent)
        find_mapping = partial(follow_places, text, new, self.indent, mapping)
        return Replacement(self.span, new, find_mapping)


def transform_bytes(
    data: bytes,
    filename: str = "<string>",
    *,
    format: bool = True,
    optimise: bool = True,
    trace: Trace | None = None,
    target: Target = "binds",
    helpers: str = HELPERS,
) -> tuple[bytes | None, TransformResult]:
    """:func:`transform` for a file's bytes: keeps byte order mark and newline style.

    Bytes that do not mention the markers come back as they are, whatever their encoding.
    """
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        text = data[len(mark) :].decode("utf-8")
    except UnicodeDecodeError as error:
        shown = data.decode("latin-1")
        if not mentions_markers(shown) and not filename.endswith(SUFFIX):
            return data, TransformResult(shown)
        return None, TransformResult(None, (_not_utf8(data, error, filename),))
    result = transform(
        text,
        filename,
        format=format,
        optimise=optimise,
        trace=trace,
        target=target,
        helpers=helpers,
    )
    return (None if result.text is None else mark + result.text.encode()), result


def _not_utf8(data: bytes, error: UnicodeDecodeError, filename: str) -> Diagnostic:
    line = data.count(b"\n", 0, error.start) + 1
    message = f"not UTF-8: {error.reason} at byte {error.start}"
    hint = "save the file as UTF-8"
    return Diagnostic("LWT002", message, filename, line, 1, line, 2, "", hint)


def _parse(source: Source) -> ast.Module:
    """The syntax tree of a text that CPython accepts; raises :class:`Refusal` for any other."""
    tree = parse(source)
    try:
        check_compiles(tree, source)
    except Refusal:
        _refuse_awaits(tree, source)
        raise
    return tree


def _refuse_awaits(tree: ast.Module, source: Source) -> None:
    """For an ``await`` in a thread function there is a better word than CPython's."""
    try:
        find_markers(tree, source)
    except Refusal as refusal:
        if any(each.code == "LWT029" for each in refusal.diagnostics):
            raise


def _check(tree: ast.Module, source: Source, parts: list[Replacement]) -> None:
    """The output must be a program; if it is not, that is our mistake, and nothing is written.

    What has not changed is known to be one.
    """
    try:
        for text in changed_statements(tree, source, parts):
            compile(text, source.filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        if "too many" in str(error):  # levels of indentation, or statically nested blocks
            message = "this source is nested too deeply to be transformed"
            raise Refusal(source.diagnostic("LWT003", message, Span(0, 0))) from error
        message = f"internal error: the output does not compile ({error}); please report this file"
        raise Refusal(source.diagnostic("LWT099", message, Span(0, 0))) from error


@contextmanager
def _deep_recursion() -> Iterator[None]:
    """The passes recurse over syntax trees: allow them the depth that CPython's parser allows a text."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, 20_000))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
