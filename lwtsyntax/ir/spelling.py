"""A text that was written anew from another: positions in it are told as positions of the other."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax.ir.source import Source, Span, Stretch

__all__ = ["Edit", "Respelled", "composed", "respell", "show_places"]


@dataclass(frozen=True, slots=True)
class Edit:
    """*parts* stand where *span* stood; text of ours is told to stand at *anchor*."""

    span: Span
    parts: tuple[str | Span, ...]
    anchor: Span


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    origin: Span
    exact: bool  # the text of the original, character by character


class Respelled(Source):
    """The text that *edits* make of *original*, which is the one that users see."""

    def __init__(
        self, text: str, original: Source, pieces: Sequence[_Piece], threads: frozenset[int]
    ) -> None:
        super().__init__(text, original.filename)
        self._original = original
        self._pieces = pieces
        self._piece_starts = [piece.start for piece in pieces]
        self.threads = threads

    @property
    def shown(self) -> Source:
        return self._original.shown

    def shown_offset(self, offset: int) -> int:
        return self._original.shown_offset(self._origin(offset))

    def shown_span(self, span: Span) -> Span:
        start = self._origin(span.start)
        if span.start == span.end:
            return self._original.shown_span(Span(start, start))
        piece = self._piece(span.end - 1)
        end = piece.origin.start + span.end - piece.start if piece.exact else piece.origin.end
        return self._original.shown_span(Span(start, max(start, end)))

    def shown_stretches(self) -> list[Stretch]:
        copied = [(p.start, p.end, p.origin.start) for p in self._pieces if p.exact]
        return composed(copied, self._original.shown_stretches())

    def diagnostic(self, code: str, message: str, span: Span, hint: str = "") -> Diagnostic:
        return self.shown.diagnostic(code, message, self.shown_span(span), hint)

    def _origin(self, offset: int) -> int:
        piece = self._piece(offset)
        inside = min(offset - piece.start, piece.end - piece.start) if piece.exact else 0
        return piece.origin.start + inside

    def _piece(self, offset: int) -> _Piece:
        return self._pieces[max(0, bisect_right(self._piece_starts, offset) - 1)]


def composed(copied: Iterable[Stretch], earlier: Sequence[Stretch]) -> list[Stretch]:
    """*copied*, which came from a text of which *earlier* says where that came from."""
    starts = [start for start, _, _ in earlier]
    found = []
    for start, end, origin in copied:
        for index in range(max(0, bisect_right(starts, origin) - 1), len(earlier)):
            first, last, source = earlier[index]
            low, high = max(origin, first), min(origin + end - start, last)
            if first >= origin + end - start:
                break
            if low < high:
                found.append((start + low - origin, start + high - origin, source + low - first))
    return found


def respell(original: Source, edits: Iterable[Edit], threads: Iterable[int] = ()) -> Respelled:
    """The text with *edits*; those at one place follow each other as they come.

    *threads*: where statements stand in the original whose blocks are threads.
    """
    parts: list[str] = []
    pieces: list[_Piece] = []
    length = position = 0

    def write(text: str, origin: Span, exact: bool) -> None:
        nonlocal length
        if text:
            parts.append(text)
            pieces.append(_Piece(length, length + len(text), origin, exact))
            length += len(text)

    def copy(span: Span) -> None:
        write(original.slice(span), span, exact=True)

    wanted, found = set(threads), set()
    for edit in sorted(edits, key=lambda each: (each.span.start, each.span.end)):
        copy(Span(position, edit.span.start))
        if edit.span.start in wanted and edit.span.end > edit.span.start:
            found.add(length)
        for part in edit.parts:
            if isinstance(part, Span):
                copy(part)
            else:
                write(part, edit.anchor, exact=False)
        position = edit.span.end
    copy(Span(position, len(original.text)))
    if not pieces:
        pieces.append(_Piece(0, 0, Span(0, 0), exact=True))
    return Respelled("".join(parts), original, pieces, frozenset(found))


def show_places(tree: ast.AST, source: Source) -> None:
    """Move the nodes of *tree*, that of *source*, to the text that users see."""
    shown = source.shown
    if shown is source:
        return
    for node in ast.walk(tree):
        place: dict[str, int] = vars(node)
        if place.get("end_lineno") is None:
            continue
        start = source.offset(place["lineno"], place["col_offset"])
        end = source.offset(place["end_lineno"], place["end_col_offset"])
        span = source.shown_span(Span(start, end))
        place["lineno"], place["col_offset"] = shown.utf8_position(span.start)
        place["end_lineno"], place["end_col_offset"] = shown.utf8_position(span.end)
