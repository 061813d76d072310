"""Long runs and deep nesting: CPython takes no text of 100 indentations.

    S1; S2; …; Sn; REST      ≡  return Lwt.bind(Lwt.sequence(step_1, step_2, …), lambda _: REST)
                                def step_1(): S1 …

``sequence`` iterates, so that a run of any length costs no stack.  A block that would stand too deep
is lifted to the top of the thread function, where all its variables are shared ones.
"""

from __future__ import annotations

import dataclasses

from lwtsyntax.ir.direct import Block, Collect
from lwtsyntax.ir.flow import escapes, waits
from lwtsyntax.ir.output import Apply, Body, Def, Helper, Ref
from lwtsyntax.lowerings._helpers import after_region
from lwtsyntax.lowerings._place import END, After, Lowerer, Place, Rest

__all__ = ["LONGEST_RUN", "MAXIMAL_DEPTH", "lower_deep_block", "lower_long_run"]

LONGEST_RUN = 10  # waits in one block whose continuations are nested into each other
STEP = 5  # waits in one step of a run longer than that
MAXIMAL_DEPTH = 40  # indentations


def lower_long_run(statements: Block, after: After, place: Place, lower: Lowerer) -> Body:
    """A block of many waits, as steps of a sequence."""
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
    rest = Rest([], after, getattr(after, "waits", False))
    lowered = after_region(call, escapes(statements), "steps", rest, statements[-1], place, lower)
    return [*definitions, *lowered.body]


def lower_deep_block(statements: Block, after: After, place: Place, lower: Lowerer) -> Body:
    """A block that stands too deep, as a function at the top of the thread function."""
    name = lower.fresh.of("lifted block")
    region = dataclasses.replace(place.region("promise"), depth=3, counted=place.counted)
    body = lower.block(statements, END, region)
    lower.lift(Def(name, [], body, repeats=place.repeats, origin=statements[0].origin))
    rest = Rest([], after, getattr(after, "waits", False))
    return after_region(
        Apply(name), escapes(statements), "block", rest, statements[-1], place, lower
    ).body
