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

from lwtsyntax.ir.direct import Block, Give, If, Native, Operand, Stmt, Wait
from lwtsyntax.ir.flow import waits
from lwtsyntax.ir.output import Body, Branch, Def, Helper, IfOut, Ref, ReturnOut, ends
from lwtsyntax.lowerings._helpers import go_to, join, operand
from lwtsyntax.lowerings._place import FALL, Jump, Lowered, Lowerer, Place, Rest

__all__ = ["lower_give", "lower_if"]


def lower_if(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``if``, and every conditional expression."""
    assert isinstance(node, If)
    if node.gives is not None:
        return _lower_choice(node, node.gives, rest, place, lower)
    if rest.statements and (chosen := _as_choice(node)) is not None:
        return _lower_choice(*chosen, rest, place, lower)
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


def _as_choice(node: If) -> tuple[If, str] | None:
    """*node*, every arm of which ends by binding the same name, as a conditional expression for it."""
    name = _last_bound(node.body)
    if name is None or not node.orelse or not waits([node]):
        return None
    body, orelse = _giving(node.body, name), _giving(node.orelse, name)
    if body is None or orelse is None:
        return None
    return If(node.test, body, orelse, origin=node.origin), name


def _last_bound(block: Block) -> str | None:
    match block[-1] if block else None:
        case Wait(target=str(name)) | Native(assigns=(name, _)) | If(gives=str(name)):
            return name
        case If(body=body):
            return _last_bound(body)
    return None


def _giving(block: Block, name: str) -> Block | None:
    """*block* with the binding of *name* that ends it as a Give, if one does."""
    last = block[-1] if block else None
    given: Stmt
    match last:
        case Wait(operand=operand, target=target) if target == name:
            given = Give(operand, origin=last.origin, comments=last.comments)
        case Native(assigns=(target, value)) if target == name:
            given = Give(value, origin=last.origin, comments=last.comments)
        case If(test=test, body=body, orelse=orelse, gives=target) if target in (name, None):
            if target is None:
                inner = _giving(body, name), _giving(orelse, name)
                if inner[0] is None or inner[1] is None:
                    return None
                body, orelse = inner[0], inner[1]
            given = If(test, body, orelse, origin=last.origin, comments=last.comments)
        case _:
            return None
    return [*block[:-1], given]


def _lower_choice(node: If, gives: str, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """A conditional expression: its join point takes the value as a parameter."""
    name = lower.fresh.of("join", gives)
    inner = place.join("promise" if rest.waits else "plain")
    body = lower.block(rest.statements, rest.after, inner)
    definition = Def(name, [gives], body, origin=node.origin)
    chosen = dataclasses.replace(place.deeper(), give=Jump(name, rest.waits, node.origin))
    arms, orelse = _flatten(node)
    blocks = [*(arm.body for arm in arms), orelse]
    bodies = [lower.block(block, FALL, chosen) for block in blocks]
    return Lowered([definition, *_branches(node, arms, bodies, has_else=len(arms) > 1)])


def lower_give(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """The value of one branch, on its way to the join point."""
    assert isinstance(node, Give) and place.give is not None
    if isinstance(node.value, Operand):
        helper = "bind" if place.give.waits else "map"
        value = Helper(helper, (operand(node.value, place), Ref(place.give.name)), node.value.place)
        return Lowered([ReturnOut(value, origin=node.origin)])
    return Lowered([ReturnOut(go_to(place.give, (node.value,), place), origin=node.origin)])
