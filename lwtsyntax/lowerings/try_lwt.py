"""``try``::

    try: A except E as e: H else: C     ≡  Lwt.try_(body, on_error, no_error)
                                           def body(): A
                                           def on_error():
                                               try: raise
                                               except E as e: H
                                           def no_error(): C
    try: A finally: F                   ≡  Lwt.finalize(body, cleanup)      def cleanup(): F
    try: A except* E as e: H            ≡  Lwt.try_star(body, on_error)
                                           def on_error():
                                               try: raise
                                               except* E as e:
                                                   def handler(): H
                                                   if (yield e, handler): raise

The handler runs inside an active ``except`` block of the runtime, so that its clauses are CPython's own:
they match, bind and chain as they always do.  All parts are regions.  Python splits a group before an
``except*`` clause and puts it together after the last: where such a clause waits, ``on_error`` is a
generator, which the runtime resumes when the handler has ended.  The equation is for an H that waits.
"""

from __future__ import annotations

from lwtsyntax.ir.code import code
from lwtsyntax.ir.direct import Block, Handler, Stmt, Try
from lwtsyntax.ir.flow import escapes
from lwtsyntax.ir.output import (
    Body,
    Branch,
    Def,
    Expr,
    Helper,
    IfOut,
    Ref,
    Reraise,
    ReturnOut,
    Text,
)
from lwtsyntax.lowerings._helpers import after_region
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
    groups = any(handler.group is not None for handler in node.handlers)
    clauses = [
        Branch(handler.head, _clause(handler, node, inside, lower), comments=handler.comments)
        for handler in node.handlers
    ]
    reraise = Reraise(clauses, origin=node.origin)
    definitions.append(Def(on_error, [], [reraise], origin=node.origin))
    arguments: tuple[Expr, ...] = (Ref(body), Ref(on_error))
    if node.orelse:
        arguments += (Ref(_region("try else", node.orelse, node, place, lower, definitions)),)
    return Helper("try_star" if groups else "try_", arguments)


def _clause(handler: Handler, node: Try, place: Place, lower: Lowerer) -> Body:
    """What stands in an except clause: the handler, or the request to run it as a region."""
    if handler.group is None:
        return lower.block(handler.body, END, place)
    body: Body = []
    region = _region("group handler", handler.body, node, place, lower, body)
    request = code(f"(yield {handler.group}, {region})")
    again: Body = [Text(code("raise"), ends=True, origin=handler.place)]
    return [*body, IfOut([Branch(request, again)], [], origin=handler.place)]
