"""What an answer is made from: what is known of the present text, or of the last one that could be read.

While a line is being written its file mostly is no program.  Then the older text answers, as far as
what it says still stands in the present one.
"""

from __future__ import annotations

from dataclasses import dataclass

from lsprotocol import types

from lwtsyntax.analysing import Span
from lwtsyntax_lsp.document import Document
from lwtsyntax_lsp.places import Places
from lwtsyntax_lsp.shift import Shift
from lwtsyntax_lsp.snapshot import Snapshot

__all__ = ["View", "view"]


@dataclass(frozen=True)
class View:
    """*snapshot* as seen from the present text, whose places are *present*."""

    snapshot: Snapshot
    present: Places
    shift: Shift | None = None
    hurried: bool = False  # the present text has not been read yet, and nobody should wait for more

    @property
    def stale(self) -> bool:
        """Whether the snapshot is not of the present text."""
        return self.shift is not None

    def offset(self, position: types.Position) -> int | None:
        """Where *position* of the present text is in the snapshot's; None where it has changed."""
        offset = self.present.offset(position)
        return offset if self.shift is None else self.shift.back(offset)

    def nearest_offset(self, position: types.Position) -> int:
        """The same, or where the changed text around *position* was put in: whoever types is still in a function."""
        offset = self.present.offset(position)
        return offset if self.shift is None else self.shift.back_to_kept(offset)

    def word(self, span: Span) -> types.Range | None:
        """Where the text of *span* stands now; None where it is no longer the same."""
        if self.shift is None:
            return self.present.range(span)
        moved = self.shift.stretch(span.start, span.end)
        return None if moved is None else self.present.range(Span(*moved))

    def range(self, span: Span) -> types.Range | None:
        """Where the ends of *span* are now, whatever has become of what is between them."""
        if self.shift is None:
            return self.present.range(span)
        start, end = self.shift.forward(span.start), self.shift.forward(span.end)
        if start is None or end is None or end < start:
            return None
        return self.present.range(Span(start, end))

    def line(self, line: int) -> int:
        """The line (from 0) in the present text of one (from 1) of the snapshot; -1 where it has changed."""
        if self.shift is None:
            return line - 1
        offset = self.shift.forward(self.snapshot.source.offset_of(line, 0))
        return -1 if offset is None else self.present.source.line_of(offset) - 1


def view(document: Document, snapshot: Snapshot | None) -> View | None:
    """*snapshot* of *document* seen from its present text."""
    if snapshot is None:
        return None
    if snapshot is document.current:
        return View(snapshot, snapshot.places)
    present = document.places(snapshot.places.codec)
    edits = document.edits_since(snapshot.revision)
    shift = Shift(len(snapshot.source.text), edits)
    return View(snapshot, present, shift, hurried=document.current is None)
