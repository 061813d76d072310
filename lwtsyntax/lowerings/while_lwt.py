"""Loops on a condition::

    while c: BODY; REST               ≡  return Lwt.bind(Lwt.while_(lambda: c, body), lambda _: REST)
    while while_lwt(c): BODY             def body(): BODY

The condition gives a bool or a promise of one, each round anew.
"""

from __future__ import annotations

import dataclasses

from lwtsyntax.ir.direct import Stmt, While
from lwtsyntax.ir.flow import escapes, loop_escapes
from lwtsyntax.ir.output import Body, Def, Expr, Helper, Ref
from lwtsyntax.lowerings._helpers import after_region
from lwtsyntax.lowerings._place import END, Lowered, Lowerer, Place, Rest

__all__ = ["lower_while"]


def lower_while(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``while``"""
    assert isinstance(node, While)
    condition = lower.fresh.of("loop condition")
    asked = dataclasses.replace(place.region(own_loop=True), value=True)
    test = lower.block(node.condition, END, asked)
    body_name = lower.fresh.of("while body")
    body = lower.block(node.body, END, place.region(own_loop=True))
    definitions: Body = [
        Def(condition, [], test, repeats=True, origin=node.origin),
        Def(body_name, [], body, repeats=True, origin=node.origin),
    ]
    arguments: tuple[Expr, ...] = (Ref(condition), Ref(body_name))
    if node.orelse:
        no_break = lower.fresh.of("loop else")
        orelse = lower.block(node.orelse, END, place.region())
        definitions.append(Def(no_break, [], orelse, origin=node.orelse[0].origin))
        arguments += (Ref(no_break),)
    abruptly = loop_escapes(node.body) or escapes(node.orelse)
    after = after_region(Helper("while_", arguments), abruptly, "loop", rest, node, place, lower)
    return Lowered([*definitions, *after.body])
