"""Edits of the user's text, collected while the tree is walked and applied at the end."""

from __future__ import annotations

import ast
from bisect import bisect_left, insort

from lwtsyntax.ir.code import Code, code, splice
from lwtsyntax.ir.source import Source, Span

__all__ = ["Edits", "parses"]

BLANK, LINE, FIRST, LATER = range(4)  # the order of insertions at one place


class Edits:
    """Spans of the text and what replaces them.  Insertions at one place keep the order they came in."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        # in the order of the text: start, rank, number, end, replacement
        self._edits: list[tuple[int, int, int, int, Code]] = []
        self._made = 0

    def replace(self, start: int, end: int, *new: str | Code, rank: int = LATER) -> None:
        self._made += 1
        insort(self._edits, (start, rank, self._made, end, code(*new)))

    def insert(self, at: int, *new: str | Code, rank: int = LATER) -> None:
        if code(*new):
            self.replace(at, at, *new, rank=rank)

    def drop_inside(self, start: int, end: int) -> None:
        """Forget the edits of a stretch that goes."""
        first, last = self._range(start + 1, end)
        kept = [edit for edit in self._edits[first:last] if edit[3] > end]
        self._edits[first:last] = kept

    def all(self) -> list[tuple[Span, Code]]:
        """Every edit, in the order of the text."""
        return [(Span(start, end), new) for start, _, _, end, new in self._edits]

    def take(self, region: Span) -> Code:
        """The text of *region*, edited; its edits are done with."""
        first, last = self._range(region.start, region.end)
        found = self._edits[first:last]
        self._edits[first:last] = [edit for edit in found if edit[3] > region.end]
        inside = [(Span(edit[0], edit[3]), edit[4]) for edit in found if edit[3] <= region.end]
        return splice(region, inside)

    def _range(self, start: int, end: int) -> tuple[int, int]:
        """The edits that begin in *start* to *end*, that included."""
        return bisect_left(self._edits, (start,)), bisect_left(self._edits, (end + 1,))

    # -- marker calls ---------------------------------------------------------------------------

    def opening(self, call: ast.Call) -> int:
        """The parenthesis that opens the arguments of *call*."""
        at = self.source.span(call.func).end
        while self.text[at] != "(":
            at = self.text.index("\n", at) if self.text[at] == "#" else at + 1
        return at

    def rename(self, call: ast.Call, name: str) -> None:
        """``marker(…)`` becomes ``name(…)``."""
        self.replace(self.source.span(call).start, self.opening(call), name)

    def unwrapped(
        self, call: ast.Call, before: str, after: str, *, fits: bool
    ) -> tuple[tuple[int, int, str], list[tuple[int, int, str]]]:
        """The edits before and behind *e* that make ``marker(e)`` into ``before e after``.

        With parentheses unless *e* *fits* there bare, and can stand on its lines without them.
        """
        span, opening = self.source.span(call), self.opening(call)
        argument = self.source.span(call.args[0])
        comma = self._trailing_comma(argument.end, span.end - 1)
        inside = self.text[opening + 1 : span.end - 1 if comma is None else comma]
        bare = inside.strip()
        start = opening + 1 + inside.index(bare)
        margins = self.text[opening + 1 : argument.start] + self.text[argument.end : span.end]
        grouped = bare.startswith("(") and start < argument.start
        if (
            argument.start > opening  # not a generator expression, which has no others
            and "\n" not in margins
            and (fits or grouped)
            and parses(bare)
        ):
            if not after and _is_word(self.text[span.end : span.end + 1]):
                after = " "
            return (span.start, start, before), [(start + len(bare), span.end, after)]
        closing = [] if comma is None else [(comma, comma + 1, "")]
        return (span.start, opening, before), [*closing, (span.end, span.end, after)]

    def _trailing_comma(self, at: int, end: int) -> int | None:
        while at < end and self.text[at] != ",":
            at = self.text.index("\n", at) if self.text[at] == "#" else at + 1
        return at if at < end else None


def _is_word(character: str) -> bool:
    return character == "_" or character.isalnum()


def parses(text: str) -> bool:
    """Whether *text* is an expression that needs no brackets around it to run over its lines."""
    if "\n" not in text:
        return True
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True
