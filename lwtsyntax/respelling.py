"""The two spellings, each from the other: the same program, with the same markers in other words."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.positions import PositionMap
from lwtsyntax.ir.printing import Mapped
from lwtsyntax.ir.scopes import Scope
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.keywords import spell_out_tails, write_keywords
from lwtsyntax.passes.format_output import follow_places, layout
from lwtsyntax.passes.splice import import_edits, replacements, splice_mapping, splice_output
from lwtsyntax.results import TransformResult, unchanged

__all__ = ["spell_with_keywords", "spell_with_markers"]


def spell_with_markers(
    source: Source, markers: Markers, starts_thread: Callable[[ast.Call, Scope], bool], format: bool
) -> TransformResult:
    """*source*, which was read from keywords, as a text of its own."""
    if source.shown is source:
        return unchanged(source)
    source = spell_out_tails(source, markers, starts_thread)
    text, whole = source.text, [Mapped(0, len(source.text), Span(0, len(source.text)), True)]
    if not format:
        return replace(unchanged(source), changed=True)
    laid_out = layout(text)
    find_places = partial(follow_places, text, laid_out, "", whole)
    positions = PositionMap(Source(laid_out, source.filename), source, find_places)
    return TransformResult(laid_out, (), positions, changed=True)


def spell_with_keywords(source: Source, markers: Markers) -> TransformResult:
    """*source*, in marker spelling, with the keywords that mean the same."""
    writing = write_keywords(markers, source)
    if not writing.edits or source.shown is not source:
        return unchanged(source.shown)
    unused = import_edits(replace(markers, imports=writing.unused_imports()), source, None)
    parts = [*replacements(writing.edits, source), *unused]
    text = splice_output(source, parts)
    find_places = partial(splice_mapping, source, parts)
    positions = PositionMap(Source(text, source.filename), source, find_places)
    return TransformResult(text, (), positions, changed=True)
