"""From a position in the output to the one in the source that it came from."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from lwtsyntax.ir.printing import Mapped
from lwtsyntax.ir.source import Source

__all__ = ["PositionMap"]


@dataclass(frozen=True, slots=True)
class PositionMap:
    """Which source position each piece of the output came from."""

    output: Source
    source: Source
    places: tuple[Mapped, ...]

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
        return self.source.position(place.source.start + inside)
