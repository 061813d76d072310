"""What a marker means, and what becomes of the statement that it stands in."""

from __future__ import annotations

import ast
from bisect import bisect_right
from textwrap import dedent

from lsprotocol import types

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.markers import Keyword
from lwtsyntax_lsp.expansion import lines_of, shown_text
from lwtsyntax_lsp.sightings import Sighting, sightings
from lwtsyntax_lsp.snapshot import Snapshot
from lwtsyntax_lsp.view import View

__all__ = ["hover"]

_MOST_LINES = 30


def hover(view: View, position: types.Position) -> types.Hover | None:
    """What to say of the marker at *position*."""
    offset = view.offset(position)
    sighting = None if offset is None else _at(view.snapshot, offset)
    if sighting is None:
        return None
    row = sighting.row
    text = f"```python\n{row.spelling.replace(' / ', chr(10))}\n```\n{row.meaning}"
    if isinstance(row, Keyword):
        text += f" (with markers: `{row.equivalent}`)"
    expansion = _expansion(view, sighting)
    if expansion:
        text += f"\n\n---\n\nbecomes\n\n```python\n{expansion}\n```"
    content = types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.Hover(content, view.word(sighting.word))


def _at(snapshot: Snapshot, offset: int) -> Sighting | None:
    found = snapshot.made(sightings)
    index = bisect_right(found, offset, key=lambda each: each.word.start) - 1
    if index >= 0 and offset <= found[index].word.end:
        return found[index]
    return None


def _expansion(view: View, sighting: Sighting) -> str | None:
    """The lines of the output that came from the statement of *sighting*; for a decorator all of them."""
    snapshot = view.snapshot
    island = snapshot.island_at(sighting.word.start)
    if island is None or snapshot.refused:
        return None
    if view.hurried and not snapshot.has_expansion(island):
        return None
    try:
        text = shown_text(snapshot, island).rstrip("\n")
        if isinstance(sighting.node, ast.FunctionDef) and sighting.node is island.node:
            return _shortened(dedent(text).split("\n"))
        span = _statement(island.node, sighting, snapshot)
        origins = lines_of(snapshot.expansion(island).positions)
    except Refusal:
        return None
    own = [number for number, line in enumerate(origins) if span[0] <= line <= span[1]]
    if not own:
        return None
    lines = text.split("\n")[own[0] : own[-1] + 1]
    return _shortened(dedent("\n".join(lines)).split("\n"))


def _shortened(lines: list[str]) -> str:
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], "…"]
    return "\n".join(lines)


def _statement(
    function: ast.FunctionDef, sighting: Sighting, snapshot: Snapshot
) -> tuple[int, int]:
    """First and last line of the innermost statement around *sighting*; of a compound one its header."""
    line = snapshot.source.line_of(sighting.word.start)
    found = 0, snapshot.source.line_count
    for node in ast.walk(function):
        if isinstance(node, ast.stmt | ast.match_case | ast.ExceptHandler):
            start, end = _header(node, snapshot)
            if start <= line <= end and start >= found[0]:
                found = start, end
    return found


def _header(
    node: ast.stmt | ast.match_case | ast.ExceptHandler, snapshot: Snapshot
) -> tuple[int, int]:
    place = node.pattern if isinstance(node, ast.match_case) else node
    start = snapshot.line(place.lineno, place.col_offset)
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if isinstance(body, list):
        below = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
        return start, max(start, snapshot.line(below.lineno, below.col_offset) - 1)
    last, column = place.end_lineno or place.lineno, place.end_col_offset or 0
    return start, snapshot.line(last, column)
