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
from lwtsyntax.passes.to_async.threads import Starts

__all__ = ["to_async"]


def to_async(
    markers: Markers, source: Source, starts_elsewhere: Starts
) -> tuple[list[tuple[Span, Code]], dict[str, str]]:
    """The edits, and the helpers that they use: for each the name it has in the output.

    *starts_elsewhere* tells of a call whether it evidently starts a thread of another file.
    """
    walk = Matches(markers, source, starts_elsewhere)
    walk.visit_all(markers.tree.body)
    return walk.edits.all(), walk.helpers
