"""Code: a piece of program text that remembers which parts of it are the user's own.

A :data:`Code` is a tuple of pieces.  A :class:`~lwtsyntax.ir.source.Span` is the user's text, a string
is ours, and the other pieces are holes that the lowering fills when it knows where the code lands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lwtsyntax.ir.source import Source, Span

if TYPE_CHECKING:
    from lwtsyntax.ir.direct import Function
    from lwtsyntax.ir.output import Def

__all__ = [
    "Code",
    "Declared",
    "Jump",
    "Nested",
    "Piece",
    "Printed",
    "Stand",
    "code",
    "grouped",
    "join",
    "spans",
    "splice",
    "standing",
]


@dataclass(frozen=True, slots=True)
class Jump:
    """A hole for ``return``, ``break`` or ``continue`` inside text that otherwise stays as it is."""

    kind: str
    place: Span
    value: Code | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Nested:
    """A hole for a thread function that is defined inside such text."""

    function: Function


@dataclass(frozen=True, slots=True)
class Declared:
    """An annotated assignment to a name, ``name: annotation = value``: a name that other frames
    assign may not be annotated where it is assigned."""

    name: str
    annotated: Code
    plain: Code


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """A lowered definition inside text."""

    definition: Def


class Stand(str):
    """Text of ours that stands for *place*, a piece of the user's text."""

    __slots__ = ("place",)
    place: Span

    def __new__(cls, text: str, place: Span) -> Stand:
        self = super().__new__(cls, text)
        self.place = place
        return self


Piece = str | Span | Jump | Nested | Declared | Printed
Code = tuple[Piece, ...]


def code(*parts: Piece | Code) -> Code:
    """One code out of pieces and codes."""
    pieces: list[Piece] = []
    for part in parts:
        if isinstance(part, tuple):
            pieces.extend(part)
        elif part != "":
            pieces.append(part)
    return tuple(pieces)


def join(separator: str, codes: Iterable[Code]) -> Code:
    """``separator.join`` for codes."""
    pieces: list[Piece] = []
    for index, item in enumerate(codes):
        if index:
            pieces.append(separator)
        pieces.extend(item)
    return tuple(pieces)


def splice(region: Span, edits: Sequence[tuple[Span, Code]]) -> Code:
    """The text of *region* with each span of *edits* (which do not overlap) replaced."""
    pieces: list[Piece] = []
    position = region.start
    for span, replacement in sorted(edits, key=lambda edit: edit[0].start):
        if position < span.start:
            pieces.append(Span(position, span.start))
        pieces.extend(standing(replacement, span))
        position = span.end
    if position < region.end:
        pieces.append(Span(position, region.end))
    return tuple(pieces)


def standing(item: Code, place: Span) -> Code:
    """*item*, in which text of ours stands for *place*, unless it says for what."""
    return tuple(Stand(piece, place) if type(piece) is str else piece for piece in item)


def grouped(item: Code, source: Source) -> Code:
    """*item* in parentheses when it runs over several lines, so that it may stand anywhere."""
    if any("\n" in source.slice(piece) for piece in item if isinstance(piece, Span)):
        return code("(", item, ")")
    return item


def spans(item: Code) -> Iterator[Span]:
    """The user's own text in *item*, holes included."""
    for piece in item:
        match piece:
            case Span():
                yield piece
            case Jump(value=tuple(value)):
                yield from spans(value)
            case Declared(annotated=annotated):
                yield from spans(annotated)
            case Nested(function=function):
                yield function.origin


def fill(item: Code, replace: Callable[[Piece], Code | None]) -> Code:
    """*item* with each piece for which *replace* gives something replaced by that."""
    pieces: list[Piece] = []
    for piece in item:
        replacement = replace(piece)
        pieces.extend((piece,) if replacement is None else replacement)
    return tuple(pieces)
