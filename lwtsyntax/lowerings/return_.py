"""The end of a thread function::

    return v         ≡  return Lwt.return_(v)      in a continuation of map: return v
    return lwt(e)    ≡  return Lwt.promise(e)      e itself where it surely is a promise

In a region ``return v`` is the completion ``Lwt.Returned(v)``.
"""

from __future__ import annotations

from lwtsyntax.ir.direct import Operand, Return, Stmt
from lwtsyntax.ir.output import Helper, Ref, ReturnOut
from lwtsyntax.lowerings._helpers import abrupt, operand, tail
from lwtsyntax.lowerings._place import Lowered, Lowerer, Place, Rest

__all__ = ["lower_return"]


def lower_return(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``return v`` and ``return lwt(e)``."""
    assert isinstance(node, Return)
    if not isinstance(node.value, Operand):
        value = abrupt("return", node.value, place, lower.alias)
    elif place.value:
        value = tail(node.value, place)
    else:
        arguments = (operand(node.value, place), Ref(f"{lower.alias}.Returned"))
        value = Helper("map", arguments, node.value.place)
    if isinstance(node.value, Operand):
        waited = node.value.place
    else:
        waited = node.place if place.mode == "mixed" else None
    return Lowered([ReturnOut(value, waited, origin=node.origin)])
