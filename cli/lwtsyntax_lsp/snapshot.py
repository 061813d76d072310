"""One text of a document, read: what all answers about it are made of."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from pygls.workspace import PositionCodec

from lwtsyntax.analysing import Analysis, Source, Span, ThreadFunction, analyse
from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax.expanding import Expansion, check, expand
from lwtsyntax_lsp.places import Places

__all__ = ["Memory", "Snapshot", "take"]

T = TypeVar("T")


@dataclass
class Memory:
    """What of a document needs no second look; the thread of the worker alone uses it."""

    sound: set[object] = field(default_factory=set)  # functions that nothing refuses
    read: Analysis | None = None  # the last text that nothing is wrong with


@dataclass(eq=False)
class Snapshot:
    """The analysis of one text; the thread of the worker makes it, and alone adds to it."""

    revision: int
    found: Analysis
    diagnostics: tuple[Diagnostic, ...]
    places: Places
    _expansions: dict[ThreadFunction, Expansion] = field(default_factory=dict)
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict)

    def __del__(self) -> None:
        self.found.release()

    @property
    def source(self) -> Source:
        """The text that the user sees."""
        return self.places.source

    @property
    def refused(self) -> bool:
        return any(each.severity == "error" for each in self.diagnostics)

    @property
    def readable(self) -> bool:
        """Whether its markers are known."""
        return self.found.markers is not None

    @cached_property
    def islands(self) -> list[ThreadFunction]:
        """The thread functions that stand in no other."""
        return self.found.markers.islands() if self.found.markers else []

    @property
    def respelled(self) -> bool:
        """Whether the tree is not of the text that the user sees: that has keywords."""
        return self.found.source.shown is not self.found.source

    @property
    def stretches(self) -> list[tuple[int, int, int]]:
        """What of the tree's text was copied: from where to where it stands there, and where the user has it."""
        return self.found.source.shown_stretches()

    def span(self, node: ast.expr | ast.stmt | ast.pattern) -> Span:
        """Where *node* stands in the text that the user sees."""
        source = self.found.source
        return source.shown_span(source.span(node))

    def line(self, line: int, column: int = 0) -> int:
        """The line (from 1) in that text of a place as syntax nodes bear it."""
        if not self.respelled:
            return line
        source = self.found.source
        return source.shown.line_of(source.shown_offset(source.offset(line, column)))

    def island_at(self, offset: int) -> ThreadFunction | None:
        """The island that *offset* stands in; its decorators and the rest of its lines belong to it."""
        line = self.source.line_of(offset)
        for island in self.islands:
            span = self.span(island.node)
            if self.source.line_of(span.start) <= line <= self.source.line_of(span.end):
                return island
        return None

    def expansion(self, island: ThreadFunction) -> Expansion:
        """What becomes of *island*; raises :class:`~lwtsyntax.diagnostics.Refusal`."""
        if island not in self._expansions:
            self._expansions[island] = expand(self.found, island)
        return self._expansions[island]

    def has_expansion(self, island: ThreadFunction) -> bool:
        """Whether that would take no time."""
        return island in self._expansions

    def made(self, make: Callable[[Snapshot], T]) -> T:
        """What *make* gives, which is called once."""
        if make not in self._made:
            self._made[make] = make(self)
        value: T = self._made[make]
        return value


def take(text: str, filename: str, revision: int, codec: PositionCodec, memory: Memory) -> Snapshot:
    """Read *text*, and bring *memory* up to date."""
    source = Source(text, filename)
    try:
        found = analyse(text, filename, since=memory.read, remember=True)
        source = found.source.shown
        if found.compiles and not found.refused:
            memory.read = found
        faults = [] if found.refused else _faults(found, memory)
        diagnostics = tuple(faults) or found.diagnostics
    except Exception as error:  # noqa: BLE001 (the server goes on, and says so)
        found = analyse("", filename)
        message = f"internal error: {type(error).__name__}: {error}; please report this file"
        diagnostics = (source.diagnostic("LWT099", message, Span(0, 0)),)
    return Snapshot(revision, found, diagnostics, Places(source, codec))


def _faults(found: Analysis, memory: Memory) -> list[Diagnostic]:
    """What refuses functions that only shows when they are lowered.

    A function is looked at again when its text changes, or the names around it do.
    """
    if found.markers is None or not found.markers.functions:
        return []
    module = found.markers.scopes[found.markers.tree]
    names = hash((frozenset(module.binders), frozenset(module.import_binders)))
    faults: list[Diagnostic] = []
    sound: set[object] = set()
    for island in found.markers.islands():
        key = (names, found.source.slice(found.source.span(island.node)))
        new = () if key in memory.sound else check(found, island)
        faults += new
        if not new:
            sound.add(key)
    memory.sound = sound
    return faults
