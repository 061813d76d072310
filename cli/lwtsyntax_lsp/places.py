"""Offsets of a text as positions of the protocol, and back.

The protocol counts columns in the units that client and server have agreed on, UTF-16 by default;
everything else here counts characters.
"""

from __future__ import annotations

import re

from lsprotocol import types
from pygls.workspace import PositionCodec

from lwtsyntax.analysing import Source, Span

__all__ = ["Places"]

_BEYOND = {
    types.PositionEncodingKind.Utf32: re.compile("(?!)"),
    types.PositionEncodingKind.Utf16: re.compile("[\U00010000-\U0010ffff]"),
    types.PositionEncodingKind.Utf8: re.compile("[^\x00-\x7f]"),
}


class Places:
    """The positions of one text."""

    def __init__(self, source: Source, codec: PositionCodec) -> None:
        self.source = source
        self.codec = codec
        encoding = types.PositionEncodingKind(codec.encoding or "utf-16")
        self._plain = _BEYOND[encoding].search(source.text) is None  # each character is a unit

    def position(self, offset: int) -> types.Position:
        line, column = self.source.position(offset)
        if not self._plain:
            column = self.codec.client_num_units(self.source.line(line)[:column])
        return types.Position(line - 1, column)

    def range(self, span: Span) -> types.Range:
        return types.Range(self.position(span.start), self.position(span.end))

    def offset(self, position: types.Position) -> int:
        """The offset of *position*; one behind the end of its line, or of the text, is at that end."""
        if position.line >= self.source.line_count:
            return len(self.source.text)
        text = self.source.line(position.line + 1)
        column = min(position.character, len(text))
        if not self._plain and position.character < self.codec.client_num_units(text):
            within = types.Position(0, position.character)
            column = self.codec.position_from_client_units([text], within).character
        return self.source.offset_of(position.line + 1, min(column, len(text)))

    def span(self, range: types.Range) -> Span:
        return Span(self.offset(range.start), self.offset(range.end))
