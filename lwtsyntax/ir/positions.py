"""From a position in the output to the one in the source that it came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cached_property

from lwtsyntax.ir.printing import Mapped
from lwtsyntax.ir.source import Source, Stretch
from lwtsyntax.ir.spelling import composed

__all__ = ["PositionMap"]


class PositionMap:
    """Which source position each piece of the output came from; found when somebody asks."""

    def __init__(
        self, output: Source, source: Source, find_places: Callable[[], Sequence[Mapped]]
    ) -> None:
        self.output = output
        self.source = source
        self._find_places = find_places

    @cached_property
    def places(self) -> tuple[Mapped, ...]:
        return tuple(self._find_places())

    def original(self, line: int, column: int) -> tuple[int, int] | None:
        """The source position (line from 1, column from 0, in characters) of an output position.

        None where the output line came from nowhere in particular, such as the runtime's import.
        """
        offset = self.output.offset_of(line, column)
        index = bisect_right(self.places, offset, key=lambda place: place.start) - 1
        if index < 0:
            return None
        place = self.places[index]
        inside = offset - place.start if place.exact and offset < place.end else 0
        shown = self.source.shown_offset(place.source.start + inside)
        return self.source.shown.position(shown)

    @cached_property
    def _stretches(self) -> list[Stretch]:
        """What was copied from the text that users see, in the order of that text."""
        copied = [(p.start, p.end, p.source.start) for p in self.places if p.exact]
        found = composed(copied, self.source.shown_stretches())
        return sorted(found, key=lambda stretch: stretch[2])

    def written(self, line: int, column: int) -> tuple[int, int] | None:
        """The output position of the character at a source position, where it was copied as it is."""
        offset = self.source.shown.offset_of(line, column)
        index = bisect_right(self._stretches, offset, key=lambda stretch: stretch[2]) - 1
        if index < 0:
            return None
        start, end, source = self._stretches[index]
        if offset - source > end - start:  # its end is where a cursor may stand
            return None
        return self.output.position(start + offset - source)
