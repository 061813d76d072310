"""``with``::

    with m as r: BODY; REST               ≡  return Lwt.bind(Lwt.using(m, body), lambda _: REST)
                                             def body(r): BODY
    with with_lwt(m) as r: BODY           ≡  Lwt.using_lwt(m, body)

The body is a region; an exit that swallows an exception makes it end normally.
"""

from __future__ import annotations

from lwtsyntax.ir.direct import Stmt, With
from lwtsyntax.ir.flow import escapes
from lwtsyntax.ir.output import Def, Helper, Ref
from lwtsyntax.lowerings._helpers import after_region
from lwtsyntax.lowerings._place import END, Lowered, Lowerer, Place, Rest

__all__ = ["lower_with"]


def lower_with(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``with`` one manager."""
    assert isinstance(node, With)
    name = lower.fresh.of("with body")
    parameter = node.target if node.target is not None else lower.fresh.ignored
    body = lower.block(node.body, END, place.region())
    definition = Def(name, [parameter], body, origin=node.origin)
    region = Helper("using_lwt" if node.waits else "using", (node.manager, Ref(name)))
    after = after_region(region, escapes([node]), "with", rest, node, place, lower)
    return Lowered([definition, *after.body])
