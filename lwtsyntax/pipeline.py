"""transform(source): the passes in order, on one screen."""

from __future__ import annotations

import ast
import codecs
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from lwtsyntax.analysing import Analysis, analyse, deep_recursion, diagnosed
from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.ir.describing import describe
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.output import Root
from lwtsyntax.ir.positions import PositionMap
from lwtsyntax.ir.printing import Printer
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.spelling import show_places
from lwtsyntax.keywords import SUFFIX
from lwtsyntax.names import HELPERS, RUNTIME_ALIAS, Fresh
from lwtsyntax.passes.check_waits import Modules, thread_calls
from lwtsyntax.passes.find_markers import mentions_markers
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
from lwtsyntax.passes.to_async import to_async
from lwtsyntax.passes.to_fibers import to_fibers
from lwtsyntax.respelling import spell_with_keywords, spell_with_markers
from lwtsyntax.results import Target, TransformResult, unchanged

__all__ = [
    "HELPERS",
    "Island",
    "PositionMap",
    "Target",
    "TransformResult",
    "runtime_alias",
    "splice_islands",
    "transform",
    "transform_bytes",
]

Trace = Callable[[str, str], None]
Layout = Callable[[str, str], str]  # of a definition's text, at its indentation


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
    if target == "markers" and not filename.endswith(SUFFIX):
        return unchanged(Source(source, filename))
    found = analyse(source, filename)
    if found.refused:
        return TransformResult(None, found.diagnostics, facts=found.facts)
    try:
        with deep_recursion():
            result = _lowered(found, format, optimise, trace, target, helpers)
    except (Refusal, SyntaxError, RecursionError) as error:
        return TransformResult(None, diagnosed(error, found.source), facts=found.facts)
    if target in ("markers", "keywords"):
        return result
    return replace(result, diagnostics=found.diagnostics, facts=found.facts)


def _lowered(
    found: Analysis,
    format: bool,
    optimise: bool,
    trace: Trace | None,
    target: Target,
    helpers: str,
) -> TransformResult:
    source, tree, markers = found.source, found.tree, found.markers
    if tree is None or markers is None:
        return unchanged(source)
    if target == "keywords":
        return spell_with_keywords(source, markers)
    if target == "markers":
        starts_thread = thread_calls(markers, source, found.modules)
        return spell_with_markers(source, markers, starts_thread, format)
    if not markers.functions:
        return _without_threads(source, tree, target)
    if target == "async":
        return _to_async(source, markers, found.modules, helpers, trace)
    if target == "fibers":
        return _with_tree(source, to_fibers(markers))
    return _to_binds(source, markers, format, optimise, trace)


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


def _to_binds(
    source: Source, markers: Markers, format: bool, optimise: bool, trace: Trace | None
) -> TransformResult:
    alias = runtime_alias(markers)
    programs: dict[str, list[Replacement]] = {}
    islands = []
    for function in markers.islands():
        island = Island(function, source)

        def note(name: str, text: str, span: Span = island.span) -> None:
            programs.setdefault(name, []).append(Replacement(span, text))

        printed = island.lowered(markers, alias, optimise, note if trace else None)
        islands.append(island.replacement(printed, format))
    if trace:
        for name, shown in programs.items():
            trace(name, splice_output(source, shown))
    last = partial(trace, "format" if format else "splice") if trace else None
    return splice_islands(markers, source, islands, last)


def splice_islands(
    markers: Markers,
    source: Source,
    islands: list[Replacement],
    show: Callable[[str], None] | None = None,
) -> TransformResult:
    """The file with all of its *islands* lowered."""
    imports = import_edits(markers, source, runtime_import(markers, runtime_alias(markers)))
    return _spliced(markers, source, [*islands, *imports], show)


def runtime_alias(markers: Markers) -> str:
    """The runtime's name in the output."""
    return markers.runtime_alias or Fresh(markers.identifiers).name(RUNTIME_ALIAS)


def _to_async(
    source: Source, markers: Markers, modules: Modules, helpers: str, trace: Trace | None
) -> TransformResult:
    edits, used = to_async(markers, source, thread_calls(markers, source, modules))
    imports = import_edits(markers, source, helpers_import(helpers, used))
    show = partial(trace, "to async") if trace else None
    return _spliced(markers, source, [*replacements(edits, source), *imports], show)


def _spliced(
    markers: Markers,
    source: Source,
    parts: list[Replacement],
    show: Callable[[str], None] | None,
) -> TransformResult:
    text = splice_output(source, parts)
    if show:
        show(text)
    _check(markers.tree, source, parts)
    find_places = partial(splice_mapping, source, parts)
    positions = PositionMap(Source(text, source.filename), source, find_places)
    return TransformResult(text, (), positions, changed=True)


class Island:
    """A thread function that stands in no other, and the stretch of text it takes."""

    def __init__(self, function: ThreadFunction, source: Source) -> None:
        self.function = function
        self.source = source
        self.span = source.whole(function.node)
        self.indent = source.indentation(self.span.start)

    def lowered(
        self, markers: Markers, alias: str, optimise: bool, note: Trace | None = None
    ) -> Printer:
        """The function as it stands in the output; *note* sees it after each pass."""
        normal = normalise(self.function, markers, self.source, alias)
        if note:
            note("normalise", describe(normal, self.source, self.indent))
        output = lower(normal, self.source, alias)
        if note:
            note("lower", self.printed(output, alias).text)
        place_variables(output, self.source, alias)
        if note:
            note("place variables", self.printed(output, alias).text)
        if optimise:
            optimise_output(output, self.source, alias)
            if note:
                note("optimise", self.printed(output, alias).text)
        return self.printed(output, alias)

    def printed(self, output: Root, alias: str) -> Printer:
        printer = Printer(self.source, alias)
        printer.island(output, self.indent)
        return printer

    def replacement(
        self, printed: Printer, format: bool, layout: Layout = format_output
    ) -> Replacement:
        text, mapping = printed.text, printed.mapping
        if not format:
            return Replacement(self.span, text, lambda: mapping)
        new = layout(text, self.indent)
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
