"""What a marker means, and what becomes of the statement that it stands in."""

from __future__ import annotations

import ast
from bisect import bisect_right

from lsprotocol import types

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.markers import Keyword
from lwtsyntax_lsp.excerpt import excerpt, whole, written_from
from lwtsyntax_lsp.expansion import shown_text
from lwtsyntax_lsp.sightings import Sighting, sightings
from lwtsyntax_lsp.snapshot import Snapshot
from lwtsyntax_lsp.view import View

__all__ = ["hover"]


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
    """What became of the statement of *sighting*, in whole statements; of a decorator, of the function."""
    snapshot = view.snapshot
    if snapshot.refused:
        return None
    island = snapshot.island_at(sighting.word.start)
    if island is None:
        return _at_module_level(snapshot, sighting)
    if view.hurried and not snapshot.has_expansion(island):
        return None
    try:
        text = shown_text(snapshot, island).rstrip("\n")
        positions = snapshot.expansion(island).positions
    except Refusal:
        return None
    if isinstance(sighting.node, ast.FunctionDef) and sighting.node is island.node:
        return whole(text)
    return excerpt(text, written_from(positions, _statement(island.node, sighting, snapshot)))


def _at_module_level(snapshot: Snapshot, sighting: Sighting) -> str | None:
    """The statement of a keyword that stands in no function, which runs the main loop."""
    if not snapshot.respelled or snapshot.found.tree is None:
        return None
    source, start = snapshot.found.source, sighting.word.start
    waits = [
        node
        for node in ast.walk(snapshot.found.tree)
        if isinstance(node, ast.Expr | ast.Assign | ast.AnnAssign | ast.AugAssign)
        if snapshot.span(node).start >= start
    ]
    first = min(waits, key=lambda node: (node.lineno, node.col_offset), default=None)
    return None if first is None else source.slice(source.span(first))


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
    start = _first_line(node, snapshot)
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if isinstance(body, list):
        return start, max(start, _first_line(body[0], snapshot) - 1)
    place = node.pattern if isinstance(node, ast.match_case) else node
    last, column = place.end_lineno or place.lineno, place.end_col_offset or 0
    return start, snapshot.line(last, column)


def _first_line(node: ast.stmt | ast.match_case | ast.ExceptHandler, snapshot: Snapshot) -> int:
    place: ast.stmt | ast.expr | ast.pattern | ast.ExceptHandler
    place = node.pattern if isinstance(node, ast.match_case) else node
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        place = node.decorator_list[0] if node.decorator_list else node
    return snapshot.line(place.lineno, place.col_offset)
