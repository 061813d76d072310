"""A wait::

    x = lwt(e); REST            ≡  return Lwt.bind(e, with_x)     def with_x(x): REST
    x = lwt(e); return v        ≡  return Lwt.map(e, lambda x: v)
    x = lwt(a, b); REST         ≡  return Lwt.bind(Lwt.both(a, b), with_x)

This is the model of the lowerings; the others follow it.  ``bind`` is for a continuation in which some
path waits, ``map`` for one in which none does.
"""

from __future__ import annotations

from lwtsyntax.ir.direct import Return, Stmt, Wait
from lwtsyntax.ir.output import Helper, Ref, ReturnOut
from lwtsyntax.lowerings._helpers import operand, sequel, tail
from lwtsyntax.lowerings._place import Lowered, Lowerer, Place, Rest

__all__ = ["lower_wait"]


def lower_wait(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``x = lwt(e)``, and the statements after it as its continuation."""
    assert isinstance(node, Wait)
    if node.target is None and rest.ends and not place.value:
        return Lowered([_last_of_region(node, place)])
    if place.value and place.mode != "mixed" and _returned(node, rest):
        value = tail(node.operand, place)
        return Lowered([ReturnOut(value, node.operand.place, origin=node.origin)])
    if node.target is None:
        name = lower.fresh.of("continuation without a value", node.operand.hint)
        parameter = lower.fresh.ignored
    else:
        name = lower.fresh.of("continuation with a value", node.target)
        parameter = node.target
    definition = sequel(name, [parameter], rest, node, place, lower)
    helper = "bind" if rest.waits else "map"
    call = Helper(helper, (operand(node.operand, place), Ref(name)), node.operand.place)
    return Lowered([definition, ReturnOut(call, origin=node.origin)])


def _last_of_region(node: Wait, place: Place) -> ReturnOut:
    """The wait that ends a region: its promise is the region's, since no value is a completion."""
    if node.operand.implicit and place.mode == "mixed":
        return ReturnOut(node.operand.code, node.operand.place, origin=node.origin)
    return ReturnOut(tail(node.operand, place), node.operand.place, origin=node.origin)


def _returned(node: Wait, rest: Rest) -> bool:
    """Whether the value is what the function returns next, and nothing else sees it: a tail wait."""
    if not node.dies:
        return False
    match rest.statements:
        case [Return(value=(str(name),)), *_]:
            return name == node.target
    return False
