"""Long runs and deep nesting: CPython takes no text of 100 indentations.

    S1; S2; …; Sn; REST      ≡  return Lwt.bind(Lwt.sequence(step_1, step_2, …), lambda _: REST)
                                def step_1(): S1 …

``sequence`` iterates, so that a run of any length costs no stack.  A block that would stand too deep
is lifted to the top of the thread function, where all its variables are shared ones.
"""

from __future__ import annotations

import dataclasses

from lwtsyntax.ir.code import code, grouped
from lwtsyntax.ir.direct import Block, Collect, Give, If, Native, Next, Operand, Stmt, Wait
from lwtsyntax.ir.flow import escapes, waits
from lwtsyntax.ir.output import Apply, Body, Def, Helper, Ref
from lwtsyntax.lowerings._helpers import after_region
from lwtsyntax.lowerings._place import END, After, Jump, Lowerer, Place, Rest

__all__ = [
    "LONGEST_RUN",
    "MAXIMAL_DEPTH",
    "leads_to_next",
    "lower_deep_block",
    "lower_long_run",
]

LONGEST_RUN = 10  # waits in one block whose continuations are nested into each other
STEP = 5  # waits in one step of a run longer than that
MAXIMAL_DEPTH = 40  # indentations


def lower_long_run(statements: Block, after: After, place: Place, lower: Lowerer) -> Body:
    """A block of many waits, as steps of a sequence.

    Where the block gives the value of a conditional expression, or leads to the next case, its last
    statement does so, behind the steps.
    """
    jumps = [jump for jump in (after, place.give, place.next) if isinstance(jump, Jump)]
    ending = statements[-1:] if place.give or place.next else []
    statements = statements[: len(statements) - len(ending)]
    steps: list[Block] = [[]]
    count = 0
    for statement in statements:
        collects = bool(steps[-1]) and isinstance(steps[-1][-1], Collect)  # for this statement
        if waits([statement]) or isinstance(statement, Collect):
            count += 1
            if count > STEP and not collects:
                steps.append([])
                count = 1
        steps[-1].append(statement)
    names = [lower.fresh.of("step of a run", str(index)) for index in range(1, len(steps) + 1)]
    definitions: Body = [
        Def(name, [], lower.block(step, END, place.region()), origin=step[0].origin)
        for name, step in zip(names, steps, strict=True)
    ]
    call = Helper("sequence", tuple(map(Ref, names)))
    rest = Rest(ending, after, waits(ending) or any(jump.waits for jump in jumps))
    origin = statements[0].origin
    lowered = after_region(
        call, escapes(statements), "steps", rest, statements[-1], place, lower, origin
    )
    return [*definitions, *lowered.body]


def lower_deep_block(statements: Block, after: After, place: Place, lower: Lowerer) -> Body:
    """A block that stands too deep, as a function at the top of the thread function."""
    name = lower.fresh.of("lifted block")
    following: Block = []
    if place.give is not None:
        choice = lower.fresh.of("choice")
        kept = _keeping(statements, choice, lower)
        if kept is not None:
            following = [Give((choice,), origin=statements[-1].origin)]
            statements = kept
    region = dataclasses.replace(place.region("promise"), depth=3, counted=place.counted)
    body = lower.block(statements, END, region)
    lower.lift(Def(name, [], body, repeats=place.repeats, origin=statements[0].origin))
    next_waits = place.give is not None and place.give.waits if following else False
    rest = Rest(following, after, next_waits or getattr(after, "waits", False))
    origin = statements[0].origin
    return after_region(
        Apply(name), escapes(statements), "block", rest, statements[-1], place, lower, origin
    ).body


def _keeping(statements: Block, name: str, lower: Lowerer) -> Block | None:
    """*statements* with each Give that ends them as an assignment to *name*; None if none does."""
    last = statements[-1] if statements else None
    kept: Stmt
    match last:
        case Give(value=Operand() as operand):
            kept = Wait(operand, name, origin=last.origin, comments=last.comments)
        case Give(value=tuple(value)):
            assign = code(name, " = ", grouped(value, lower.source))
            kept = Native(assign, origin=last.origin, comments=last.comments)
        case If(test=test, body=body, orelse=orelse, gives=None):
            arms = _keeping(body, name, lower), _keeping(orelse, name, lower)
            if arms == (None, None):
                return None
            bodies = arms[0] or body, arms[1] or orelse
            kept = If(test, *bodies, origin=last.origin, comments=last.comments)
        case _:
            return None
    return [*statements[:-1], kept]


def leads_to_next(statements: Block) -> bool:
    """Whether a guard that does not hold leads out of *statements* to the cases after it."""
    match statements[-1] if statements else None:
        case Next():
            return True
        case If(body=body, orelse=orelse):
            return leads_to_next(body) or leads_to_next(orelse)
    return False
