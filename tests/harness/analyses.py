"""Whether two analyses say the same."""

from __future__ import annotations

import ast

from lwtsyntax.analysing import Analysis

__all__ = ["same"]


def same(one: Analysis, other: Analysis) -> None:
    """That two analyses are of the same text, and say the same."""
    assert one.source.text == other.source.text
    assert one.diagnostics == other.diagnostics
    assert one.compiles == other.compiles
    assert dump(one.tree) == dump(other.tree)
    if one.markers is None or other.markers is None:
        assert one.markers is other.markers
        return
    places = [
        (sorted((node.lineno, node.col_offset, form) for node, form in markers.calls.items()))
        for markers in (one.markers, other.markers)
    ]
    assert places[0] == places[1]


def dump(tree: ast.Module | None) -> str | None:
    return None if tree is None else ast.dump(tree, include_attributes=True)
