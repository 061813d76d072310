"""Where the places of an older text stand in the present one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lwtsyntax.ir.comparing import common_ends

__all__ = ["Edit", "Shift"]


@dataclass(frozen=True, slots=True)
class Edit:
    """One stretch was replaced: what stood up to *before* stays, what stood from *old* on is at *new*."""

    before: int
    old: int
    new: int

    @staticmethod
    def between(old: str, new: str) -> Edit:
        """The smallest edit that makes *new* of *old*."""
        before, behind = common_ends(old, new)
        return Edit(before, len(old) - behind, len(new) - behind)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A stretch that has only moved; both ends belong to it."""

    old: int
    new: int
    length: int


class Shift:
    """From a text, *length* characters long, to what *edits* have made of it.

    ::

        then:  f(g())
        now:   x = f(g(      # `f(g(` has its place, the rest has none
    """

    def __init__(self, length: int, edits: Iterable[Edit]) -> None:
        kept = [_Kept(0, 0, length)]
        for edit in edits:
            kept = [part for each in kept for part in _parts(each, edit)]
        self._kept = kept
        self._olds = [each.old for each in kept]
        self._news = [each.new for each in kept]

    def forward(self, offset: int) -> int | None:
        """Where *offset* of the old text is in the new one; None where the text has changed."""
        index = bisect_right(self._olds, offset) - 1
        if index < 0 or offset > self._olds[index] + self._kept[index].length:
            return None
        return offset - self._olds[index] + self._news[index]

    def stretch(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the text from *start* to *end* is now, if it is still the same."""
        index = bisect_right(self._olds, start) - 1
        if index < 0 or end > self._olds[index] + self._kept[index].length:
            return None
        moved = self._news[index] - self._olds[index]
        return start + moved, end + moved

    def back(self, offset: int) -> int | None:
        """Where *offset* of the new text was in the old one; None where the text has changed."""
        index = bisect_right(self._news, offset) - 1
        if index < 0 or offset > self._news[index] + self._kept[index].length:
            return None
        return offset - self._news[index] + self._olds[index]

    def back_to_kept(self, offset: int) -> int:
        """The same, or else the end of what has not changed before it: where its text was put in."""
        index = bisect_right(self._news, offset) - 1
        if index < 0:
            return 0
        return self._olds[index] + min(offset - self._news[index], self._kept[index].length)


def _parts(kept: _Kept, edit: Edit) -> Iterator[_Kept]:
    """What *edit* leaves of *kept*."""
    end = kept.new + kept.length
    if kept.new < edit.before:
        yield _Kept(kept.old, kept.new, min(end, edit.before) - kept.new)
    if end > edit.old:
        start = max(kept.new, edit.old)
        moved = start - edit.old + edit.new
        yield _Kept(kept.old + start - kept.new, moved, end - start)
