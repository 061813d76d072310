"""``break`` and ``continue`` of a lowered loop: completions, which the loop's helper interprets::

for x in xs: …; break       ≡  return Lwt.BREAK
for x in xs: …; continue    ≡  return                 across a region: return Lwt.CONTINUE
"""

from __future__ import annotations

from lwtsyntax.ir.direct import Break, Stmt
from lwtsyntax.ir.output import ReturnOut
from lwtsyntax.lowerings._helpers import abrupt
from lwtsyntax.lowerings._place import Lowered, Lowerer, Place, Rest

__all__ = ["lower_loop_jump"]


def lower_loop_jump(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``break`` or ``continue``."""
    kind = "break" if isinstance(node, Break) else "continue"
    return Lowered([ReturnOut(abrupt(kind, None, place, lower.alias), origin=node.origin)])
