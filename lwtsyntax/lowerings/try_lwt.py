"""``try``::

    try: A except E as e: H else: C     ≡  Lwt.try_(body, on_error, no_error)
                                           def body(): A
                                           def on_error():
                                               try: raise
                                               except E as e: H
                                           def no_error(): C
    try: A finally: F                   ≡  Lwt.finalize(body, cleanup)      def cleanup(): F

The handler runs inside an active ``except`` block of the runtime, so that its clauses are CPython's own:
they match, bind and chain as they always do.  All parts are regions.
"""

from __future__ import annotations

from lwtsyntax.ir.direct import Block, Stmt, Try
from lwtsyntax.ir.output import Body, Branch, Def, Expr, Helper, Ref, Reraise, ReturnOut
from lwtsyntax.lowerings._helpers import after_region, escapes
from lwtsyntax.lowerings._place import END, Lowered, Lowerer, Place, Rest

__all__ = ["lower_try"]


def lower_try(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``try`` with any of its parts."""
    assert isinstance(node, Try)
    inner = place.region() if node.cleanup is not None and node.handlers else place
    definitions: Body = []
    region: Expr | None = None
    if node.handlers:
        region = _try(node, inner, lower, definitions)
    if node.cleanup is not None:
        if region is None:
            body: Expr = Ref(_region("try body", node.body, node, place, lower, definitions))
        else:
            name = lower.fresh.of("guarded body")
            definitions = [
                Def(
                    name,
                    [],
                    [*definitions, ReturnOut(region, origin=node.origin)],
                    origin=node.origin,
                )
            ]
            body = Ref(name)
        cleanup = _region("cleanup", node.cleanup, node, place, lower, definitions)
        region = Helper("finalize", (body, Ref(cleanup)))
    assert region is not None
    abruptly = escapes([node])
    after = after_region(region, abruptly, "try", rest, node, place, lower)
    return Lowered([*definitions, *after.body])


def _region(
    purpose: str, block: Block, node: Try, place: Place, lower: Lowerer, definitions: Body
) -> str:
    """*block* as a region, which joins *definitions*; its name."""
    name = lower.fresh.of(purpose)
    body = lower.block(block, END, place.region())
    origin = block[0].origin if block else node.origin
    definitions.append(Def(name, [], body, origin=origin))
    return name


def _try(node: Try, place: Place, lower: Lowerer, definitions: Body) -> Expr:
    body = _region("try body", node.body, node, place, lower, definitions)
    on_error = lower.fresh.of("exception cases")
    inside = place.region().deeper().deeper()
    clauses = [
        Branch(handler.head, lower.block(handler.body, END, inside), comments=handler.comments)
        for handler in node.handlers
    ]
    reraise = Reraise(clauses, origin=node.origin)
    definitions.append(Def(on_error, [], [reraise], origin=node.origin))
    arguments: tuple[Expr, ...] = (Ref(body), Ref(on_error))
    if node.orelse:
        arguments += (Ref(_region("try else", node.orelse, node, place, lower, definitions)),)
    return Helper("try_", arguments)
