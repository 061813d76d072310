"""Branches::

    if c: A else: B; REST       ≡  def after_if(): REST
                                   if c: A; return after_if()
                                   else: B; return after_if()

    x = A if c else B; REST     ≡  def after_choice(x): REST
                                   if c: return Lwt.bind(A, after_choice) …

REST is emitted once.  It needs no function of its own where it is empty, where one arm alone comes
out at its end, or where no arm that waits does.
"""

from __future__ import annotations

import dataclasses

from lwtsyntax.ir.direct import Block, Give, If, Operand, Stmt
from lwtsyntax.ir.output import Body, Branch, Def, Helper, IfOut, Ref, ReturnOut, ends
from lwtsyntax.lowerings._helpers import go_to, join, operand
from lwtsyntax.lowerings._place import FALL, Jump, Lowered, Lowerer, Place, Rest

__all__ = ["lower_give", "lower_if"]


def lower_if(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``if``, and every conditional expression."""
    assert isinstance(node, If)
    if node.gives is not None:
        return _lower_choice(node, rest, place, lower)
    arms, orelse = _flatten(node)
    blocks = [*(arm.body for arm in arms), orelse]
    definitions, rests, done = join("if", blocks, rest, node, place, lower)
    bodies = [
        lower.block([*block, *after.statements], after.after, place.deeper())
        for block, after in zip(blocks, rests, strict=True)
    ]
    return Lowered([*definitions, *_branches(node, arms, bodies, has_else=bool(orelse))], done)


def _flatten(node: If) -> tuple[list[If], Block]:
    """``if … elif … else`` as its arms and the last block."""
    arms = [node]
    orelse = node.orelse
    while len(orelse) == 1 and isinstance(orelse[0], If) and orelse[0].gives is None:
        arms.append(orelse[0])
        orelse = orelse[0].orelse
    return arms, orelse


def _branches(node: If, arms: list[If], bodies: list[Body], has_else: bool) -> Body:
    """The branches as text; an ``else`` that was not written is left out where nothing falls into it."""
    branches = [
        Branch(arm.test, body, comments=() if arm is node else arm.comments)
        for arm, body in zip(arms, bodies, strict=False)
    ]
    orelse = bodies[-1]
    if orelse and not has_else and all(ends(branch.body) for branch in branches):
        return [IfOut(branches, [], origin=node.origin), *orelse]
    return [IfOut(branches, orelse, origin=node.origin)]


def _lower_choice(node: If, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """A conditional expression: its join point takes the value as a parameter."""
    assert node.gives is not None
    name = lower.fresh.of("join", node.gives)
    inner = place.join("promise" if rest.waits else "plain")
    body = lower.block(rest.statements, rest.after, inner)
    definition = Def(name, [node.gives], body, origin=node.origin)
    chosen = dataclasses.replace(place.deeper(), give=Jump(name, rest.waits))
    bodies = [lower.block(block, FALL, chosen) for block in (node.body, node.orelse)]
    return Lowered([definition, *_branches(node, [node], bodies, has_else=False)])


def lower_give(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """The value of one branch, on its way to the join point."""
    assert isinstance(node, Give) and place.give is not None
    if isinstance(node.value, Operand):
        helper = "bind" if place.give.waits else "map"
        value = Helper(helper, (operand(node.value, place), Ref(place.give.name)))
        return Lowered([ReturnOut(value, origin=node.origin)])
    return Lowered([ReturnOut(go_to(place.give, (node.value,), place), origin=node.origin)])
