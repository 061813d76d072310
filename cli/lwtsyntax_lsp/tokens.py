"""Semantic tokens: what only the server knows of a name, that it is a marker, or bound by a wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lsprotocol import types

from lwtsyntax.analysing import Span
from lwtsyntax_lsp.sightings import bound_names, sightings
from lwtsyntax_lsp.snapshot import Snapshot
from lwtsyntax_lsp.view import View

__all__ = ["LEGEND", "semantic_tokens"]

LEGEND = types.SemanticTokensLegend(["keyword", "variable"], ["async"])

_KEYWORD, _VARIABLE = range(2)
_ASYNC = 1 << 0


@dataclass(frozen=True, slots=True, order=True)
class _Token:
    start: int
    end: int
    kind: int
    modifiers: int


def semantic_tokens(view: View, within: types.Range | None = None) -> types.SemanticTokens:
    """The tokens of the text, or of the lines of *within*."""
    ranges = ((view.word(Span(each.start, each.end)), each) for each in _tokens(view.snapshot))
    return types.SemanticTokens(
        _encoded(
            (place, token)
            for place, token in ranges
            if place is not None and (within is None or _meets(place, within))
        )
    )


def _tokens(snapshot: Snapshot) -> list[_Token]:
    return snapshot.made(_find)


def _find(snapshot: Snapshot) -> list[_Token]:
    found = [
        _Token(each.word.start, each.word.end, _KEYWORD, _ASYNC if each.waits else 0)
        for each in snapshot.made(sightings)
    ]
    found += [_Token(span.start, span.end, _VARIABLE, _ASYNC) for span in bound_names(snapshot)]
    return sorted(found)


def _meets(place: types.Range, within: types.Range) -> bool:
    return within.start.line <= place.start.line <= within.end.line


def _encoded(tokens: Iterable[tuple[types.Range, _Token]]) -> list[int]:
    """Five numbers a token, of which the first two count from the token before."""
    data: list[int] = []
    line = column = 0
    for place, token in tokens:
        start = place.start
        same = start.line == line
        data += [start.line - line, start.character - column if same else start.character]
        data += [place.end.character - start.character, token.kind, token.modifiers]
        line, column = start.line, start.character
    return data
