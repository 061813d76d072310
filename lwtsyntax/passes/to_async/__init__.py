"""Write the markers as ``async`` and ``await``.

Input: the source and its markers.  Output: what replaces which stretches of its text; all else stays::

    @lwt                                   async def total(names):
    def total(names):               ->         return [await count(name) for name in names]
        return [lwt(count(name)) for name in names]

What ``async``/``await`` cannot say by itself goes through a helper of :mod:`lwtsyntax.coroutines`.
"""

from __future__ import annotations

from lwtsyntax.ir.code import Code
from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.passes.to_async.matches import Matches

__all__ = ["to_async"]


def to_async(markers: Markers, source: Source) -> tuple[list[tuple[Span, Code]], dict[str, str]]:
    """The edits, and the helpers that they use: for each the name it has in the output."""
    walk = Matches(markers, source)
    walk.visit_all(markers.tree.body)
    return walk.edits.all(), walk.helpers
