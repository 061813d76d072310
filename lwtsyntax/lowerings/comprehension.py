"""Comprehensions that wait::

    [ELEMENT for x in xs if c]    ≡    Lwt.bind(collect(xs), …)
                                       def collect(items):
                                           collected = []
                                           def each(x):
                                               if c: collected.append(ELEMENT)
                                           return Lwt.map(Lwt.for_each(items, each), lambda _: collected)

The function is the comprehension's scope: its variables are its own.  A long chain of operands, such as
``a and b and …``, becomes a function too, which returns where the chain stops.
"""

from __future__ import annotations

import dataclasses

from lwtsyntax.ir.direct import Collect, Stmt
from lwtsyntax.ir.output import Def
from lwtsyntax.lowerings._place import END, Lowered, Lowerer, Place, Rest

__all__ = ["lower_collect"]


def lower_collect(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """The function that a comprehension becomes."""
    assert isinstance(node, Collect)
    inside = dataclasses.replace(place.region("promise"), value=True, counted=place.counted)
    body = lower.enclosed(node.body, END, inside)
    parameters = [] if node.parameter is None else [node.parameter]
    definition = Def(node.name, parameters, body, owned=node.owned, origin=node.origin)
    return Lowered([definition], done=False)
