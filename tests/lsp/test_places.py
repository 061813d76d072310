"""Offsets and the protocol's positions, whatever they count."""

from __future__ import annotations

import pytest
from lsprotocol import types
from lwtsyntax_lsp.places import Places
from pygls.workspace import PositionCodec

from lwtsyntax.analysing import Source

TEXTS = [
    "plain = 1\nlast",
    "a = '🐫🐫'; b\nç = 'é'\n\nend\n",
    "form\x0cfeed = 1\r\nsecond\rthird\n",
    "",
    "\N{LINE SEPARATOR}no line end\n🐫",
]
ENCODINGS = [*types.PositionEncodingKind]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", TEXTS)
def test_every_offset_comes_back(text: str, encoding: types.PositionEncodingKind) -> None:
    places = Places(Source(text, ""), PositionCodec(encoding))
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":  # no client puts its cursor there
            assert places.offset(places.position(offset)) == offset


@pytest.mark.parametrize(
    ("encoding", "character"),
    [
        (types.PositionEncodingKind.Utf8, 14),
        (types.PositionEncodingKind.Utf16, 10),
        (types.PositionEncodingKind.Utf32, 8),
    ],
)
def test_columns_count_in_the_units_of_the_client(
    encoding: types.PositionEncodingKind, character: int
) -> None:
    places = Places(Source("a = '🐫🐫'; b", ""), PositionCodec(encoding))
    assert places.position(8) == types.Position(0, character)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_positions_behind_an_end_are_that_end(encoding: types.PositionEncodingKind) -> None:
    places = Places(Source("🐫\nb\n", ""), PositionCodec(encoding))
    assert places.offset(types.Position(0, 99)) == 1
    assert places.offset(types.Position(1, 99)) == 3
    assert places.offset(types.Position(2, 0)) == 4
    assert places.offset(types.Position(99, 0)) == 4


def test_a_position_is_left_as_it_is() -> None:
    position = types.Position(0, 99)
    Places(Source("🐫", ""), PositionCodec()).offset(position)
    assert position == types.Position(0, 99)
