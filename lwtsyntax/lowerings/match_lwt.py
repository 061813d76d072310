"""``match``::

match match_lwt(e): CASES        ≡  return Lwt.bind(e, lambda value: match value: CASES)
match match_lwt(e):              ≡  return Lwt.try_bind(lambda: e, on_value, on_error)
    case P: A                          def on_value(value): match value: case P: A
    case exception(Q): B               def on_error(error): match error: case Q: B; case _: raise

match s:                         ≡  def case_2(): match s: CASES
    case P if lwt(g): A             match s:
    CASES                               case P: return Lwt.bind(g, … A … case_2() …)
                                        case _: return case_2()
"""

from __future__ import annotations

import dataclasses

from lwtsyntax.ir.code import code
from lwtsyntax.ir.direct import Block, Match, Next, Stmt, TryMatch
from lwtsyntax.ir.flow import escapes, waits
from lwtsyntax.ir.output import Body, Branch, Def, Helper, MatchOut, Ref, ReturnOut, ends
from lwtsyntax.lowerings._helpers import after_region, finish, join
from lwtsyntax.lowerings._place import END, Jump, Lowered, Lowerer, Place, Rest

__all__ = ["lower_match", "lower_next", "lower_try_match"]


def lower_match(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``match`` with waits in its arms or guards."""
    assert isinstance(node, Match)
    if node.otherwise is not None:
        return _lower_guarded(node, node.otherwise, rest, place, lower)
    exhaustive = node.cases[-1].irrefutable
    blocks: list[Block] = [case.body for case in node.cases]
    unmatched: list[Block] = [] if exhaustive else [[]]
    definitions, rests, done = join("match", [*blocks, *unmatched], rest, node, place, lower)
    cases = _cases(node, rests, place, lower)
    last = [] if exhaustive else lower.block(rests[-1].statements, rests[-1].after, place.deeper())
    return Lowered([*definitions, *_match(node, cases, last)], done)


def _cases(node: Match, rests: list[Rest], place: Place, lower: Lowerer) -> list[Branch]:
    inner = place.deeper().deeper()
    return [
        Branch(
            case.pattern,
            lower.block([*case.body, *after.statements], after.after, inner),
            case.guard,
            case.comments,
        )
        for case, after in zip(node.cases, rests, strict=False)
    ]


def _match(node: Match, cases: list[Branch], unmatched: Body) -> Body:
    """The match as text, *unmatched* being what runs when no case fits."""
    statement = MatchOut(node.subject, cases, origin=node.origin)
    if all(ends(case.body) for case in cases):
        return [statement, *unmatched]
    if unmatched:
        cases.append(Branch(code("_"), unmatched))
    return [statement]


def _lower_guarded(
    node: Match, otherwise: Block, rest: Rest, place: Place, lower: Lowerer
) -> Lowered:
    """The last case's guard waits: the cases after it are a function, for either way into them."""
    definitions: Body = []
    if rest.statements:
        rest = _as_function(lower.fresh.of("join", "match"), rest, node, place, lower, definitions)
    following = rest
    if otherwise:
        following = Rest(otherwise, rest.after, waits(otherwise) or rest.waits)
        name = lower.fresh.of("case", str(len(node.cases) + 1))
        following = _as_function(name, following, node, place, lower, definitions)
    guarded = dataclasses.replace(place, next=following.after)
    cases = _cases(node, [rest] * len(node.cases), guarded, lower)
    exhaustive = node.cases[-1].irrefutable
    unmatched = [] if exhaustive else finish(following.after, place, node, lower)
    return Lowered([*definitions, *_match(node, cases, unmatched)])


def _as_function(
    name: str, rest: Rest, node: Stmt, place: Place, lower: Lowerer, definitions: Body
) -> Rest:
    """*rest* as a jump to a function of its own, which joins *definitions*."""
    inner = place.join("promise" if rest.waits else "plain")
    body = lower.block(rest.statements, rest.after, inner)
    if isinstance(rest.statements[0], Match):  # the functions of later cases stand beside this one
        while isinstance(body[0], Def):
            definitions.append(body.pop(0))
    origin = rest.statements[0].origin if rest.statements else node.origin
    definitions.append(Def(name, [], body, origin=node.origin))
    return Rest([], Jump(name, rest.waits, origin), rest.waits)


def lower_next(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """A guard that waited did not hold: on to the cases after it."""
    assert isinstance(node, Next) and place.next is not None
    return Lowered(finish(place.next, place, node, lower))


def lower_try_match(node: Stmt, rest: Rest, place: Place, lower: Lowerer) -> Lowered:
    """``match_lwt`` with exception arms; they do not cover the other arms."""
    assert isinstance(node, TryMatch)
    inner = dataclasses.replace(place.region("promise"), value=True)
    awaited = lower.fresh.of("waiting thunk")
    thunk = Def(awaited, [], lower.block(node.operand, END, inner), origin=node.origin)
    handled = place.continuation("promise") if rest.ends else place.region("promise")
    on_value = lower.fresh.of("value cases")
    value = Def(on_value, [node.subject], lower.block(node.value, END, handled), origin=node.origin)
    on_error = lower.fresh.of("exception cases")
    error = Def(on_error, [node.error], lower.block(node.errors, END, handled), origin=node.origin)
    call = Helper("try_bind", (Ref(awaited), Ref(on_value), Ref(on_error)))
    if rest.ends:
        return Lowered([thunk, value, error, ReturnOut(call, origin=node.origin)])
    abruptly = escapes([*node.value, *node.errors])
    after = after_region(call, abruptly, "match", rest, node, place, lower)
    return Lowered([thunk, value, error, *after.body])
