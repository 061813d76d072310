"""Loops over items::

    for x in xs: BODY; REST         ≡  return Lwt.bind(Lwt.for_each(xs, each), lambda _: REST)
    for x in for_lwt(xs): BODY         def each(x): BODY
    for …: BODY else: E             ≡  Lwt.for_each(xs, each, no_break)      def no_break(): E

The body is a region: it gives a completion, or a promise of one.  Where it may ``return``, the rest
comes by ``Lwt.returning`` (in a region, ``Lwt.then``).
"""

from __future__ import annotations

from lwtsyntax.ir.direct import For, Stmt
from lwtsyntax.ir.flow import escapes, loop_escapes
from lwtsyntax.ir.output import Body, Def, Expr, Helper, Ref
from lwtsyntax.lowerings._helpers import after_region
from lwtsyntax.lowerings._place import END, Lowered, Lowerer, Place, Rest

__all__ = ["lower_for"]


def lower_for(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``for``"""
    assert isinstance(node, For)
    each = lower.fresh.of("loop body")
    body = lower.block(node.body, END, place.region(own_loop=True))
    definitions: Body = [Def(each, [node.target], body, repeats=True, origin=node.origin)]
    arguments: tuple[Expr, ...] = (node.iterable, Ref(each))
    if node.orelse:
        no_break = lower.fresh.of("loop else")
        orelse = lower.block(node.orelse, END, place.region())
        definitions.append(Def(no_break, [], orelse, origin=node.orelse[0].origin))
        arguments += (Ref(no_break),)
    abruptly = loop_escapes(node.body) or escapes(node.orelse)
    after = after_region(Helper("for_each", arguments), abruptly, "loop", rest, node, place, lower)
    return Lowered([*definitions, *after.body])
