"""What does not wait stays what it is::

    STATEMENT        ≡  STATEMENT

except for the holes in it: its ``return``, ``break`` and ``continue`` where they leave the statement,
and the thread functions defined inside.
"""

from __future__ import annotations

from lwtsyntax.ir.code import Code, Jump, Nested, Piece, Printed, fill, grouped, standing
from lwtsyntax.ir.direct import Native, Pass, Stmt
from lwtsyntax.ir.output import Text
from lwtsyntax.lowerings._helpers import abrupt, written
from lwtsyntax.lowerings._place import Lowered, Lowerer, Place, Rest

__all__ = ["lower_native", "lower_pass"]


def lower_native(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """A statement without waits."""
    assert isinstance(node, Native)

    def hole(piece: Piece) -> Code | None:
        match piece:
            case Jump(kind=kind, place=jump, value=value):
                result = abrupt(kind, value, place, lower.alias)
                if isinstance(result, tuple):
                    result = grouped(result, lower.source)
                return standing(written(result, lower.alias), jump)
            case Nested(function=function):
                return (Printed(lower.function(function)),)
        return None

    return Lowered([Text(fill(node.code, hole), node.ends, origin=node.origin)], done=node.ends)


def lower_pass(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``pass``"""
    assert isinstance(node, Pass)
    return Lowered([Text((), origin=node.origin)], done=False)
