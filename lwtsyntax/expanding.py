"""What becomes of one thread function at a time, for those who want to see it while it is being written.

    expand(found, function)         the function that is being looked at
    join(found, expansions)         the file, from the expansions of all of its functions

A function that has not changed is not laid out again: most of the time of a transformation goes there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from lwtsyntax.analysing import Analysis, deep_recursion, diagnosed
from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.ir.markers import ThreadFunction
from lwtsyntax.ir.positions import PositionMap
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.passes.format_output import format_output
from lwtsyntax.passes.normalise import normalise
from lwtsyntax.passes.splice import Replacement
from lwtsyntax.pipeline import Island, runtime_alias, splice_islands
from lwtsyntax.results import TransformResult, unchanged

__all__ = ["Expansion", "check", "expand", "join"]

_layout = lru_cache(maxsize=1024)(format_output)


@dataclass(frozen=True, slots=True)
class Expansion:
    """The text that stands in the output where a function stood in the source, from its first word on."""

    replacement: Replacement = field(repr=False)
    positions: PositionMap = field(repr=False)

    @property
    def text(self) -> str:
        return self.replacement.text

    @property
    def span(self) -> Span:
        return self.replacement.span


def expand(found: Analysis, function: ThreadFunction, *, format: bool = True) -> Expansion:
    """*function*, which stands in no other, lowered; raises :class:`Refusal`.

    *found* is the analysis that it is of, and has not been refused.
    """
    assert found.markers is not None
    source = found.source
    try:
        with deep_recursion():
            island = Island(function, source)
            printed = island.lowered(found.markers, runtime_alias(found.markers), optimise=True)
            new = island.replacement(printed, format, _layout)
    except (SyntaxError, RecursionError) as error:
        raise Refusal(*diagnosed(error, source)) from error
    output = Source(new.text, source.filename)
    return Expansion(new, PositionMap(output, source, new.find_mapping))


def check(found: Analysis, function: ThreadFunction) -> tuple[Diagnostic, ...]:
    """What refuses *function* that only shows when it is lowered."""
    assert found.markers is not None
    try:
        with deep_recursion():
            normalise(function, found.markers, found.source, runtime_alias(found.markers))
    except (Refusal, SyntaxError, RecursionError) as error:
        return diagnosed(error, found.source)
    return ()


def join(found: Analysis, expansions: Iterable[Expansion]) -> TransformResult:
    """The file of *found*, from the *expansions* of its functions."""
    assert found.markers is not None
    islands = [each.replacement for each in expansions]
    if not islands:  # a keyword form may run the main loop in it
        return unchanged(found.source)
    try:
        return splice_islands(found.markers, found.source, islands)
    except Refusal as refusal:
        return TransformResult(None, refusal.diagnostics, facts=found.facts)
