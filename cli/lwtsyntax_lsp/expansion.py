"""What becomes of the function at the cursor, or of the file."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import PurePath
from typing import Any

from lsprotocol import types

from lwtsyntax.analysing import Span, ThreadFunction
from lwtsyntax.diagnostics import Refusal
from lwtsyntax.expanding import join
from lwtsyntax.pipeline import PositionMap
from lwtsyntax_lsp.snapshot import Snapshot
from lwtsyntax_lsp.view import View

__all__ = ["expand_file", "expand_function", "lines_of", "qualified_name", "shown_text"]


def expand_function(view: View, position: types.Position) -> dict[str, Any] | None:
    """The expansion of the thread function around *position*; None where there is none."""
    island = view.snapshot.island_at(view.nearest_offset(position))
    if island is None:
        return None
    expansion = view.snapshot.expansion(island)
    place = view.range(view.snapshot.found.source.shown_span(expansion.span))
    return {
        "scope": "function",
        "name": qualified_name(island),
        "text": shown_text(view.snapshot, island),
        "sourceRange": place or _whole(view),
        "lines": [line if line < 0 else view.line(line) for line in lines_of(expansion.positions)],
    }


def expand_file(view: View, path: str) -> dict[str, Any] | None:
    """The file, when each of its functions has been expanded; None if nothing becomes of it.

    Raises :class:`~lwtsyntax.diagnostics.Refusal` where the parts give no program.
    """
    snapshot = view.snapshot
    if not snapshot.islands and not snapshot.respelled:
        return None
    result = join(snapshot.found, map(snapshot.expansion, snapshot.islands))
    if result.text is None or result.positions is None:
        raise Refusal(*result.diagnostics)
    return {
        "scope": "file",
        "name": PurePath(path).name,
        "text": result.text,
        "sourceRange": _whole(view),
        "lines": [line if line < 0 else view.line(line) for line in lines_of(result.positions)],
    }


def _whole(view: View) -> types.Range:
    return view.present.range(Span(0, len(view.present.source.text)))


def shown_text(snapshot: Snapshot, island: ThreadFunction) -> str:
    """The expansion of *island* as it stands in its output, indented throughout."""
    expansion = snapshot.expansion(island)
    return f"{snapshot.found.source.indentation(expansion.span.start)}{expansion.text}\n"


def lines_of(positions: PositionMap) -> list[int]:
    """For each line of an output the line (from 1) of the source that it came from, or -1."""
    output = positions.output
    last = output.line_count - (not output.line(output.line_count))
    lines = []
    for number in range(1, last + 1):
        blank = not output.line(number).strip()
        column = _telling_column(positions, number)
        origin = None if blank else positions.original(number, column)
        lines.append(-1 if origin is None else origin[0])
    return lines


def _telling_column(positions: PositionMap, number: int) -> int:
    """Where line *number* of the output tells most of where it came from: what was copied from the source."""
    text = positions.output.line(number)
    line = positions.output.offset_of(number, 0)
    start, end = line + len(text) - len(text.lstrip()), line + len(text)
    index = max(0, bisect_right(positions.places, start, key=lambda place: place.start) - 1)
    told = start - line
    found = False
    while index < len(positions.places) and positions.places[index].start < end:
        place = positions.places[index]
        if place.end > start:
            column = max(place.start, start) - line
            if place.exact and text[column : place.end - line].strip():
                return column
            told, found = (told if found else column), True
        index += 1
    return told


def qualified_name(function: ThreadFunction) -> str:
    """The name of *function* behind those of the classes and functions around it."""
    names = [function.node.name]
    scope = function.scope.parent
    while scope is not None:
        name = getattr(scope.node, "name", None)
        names += [name] if name else []
        scope = scope.parent
    return ".".join(reversed(names))
