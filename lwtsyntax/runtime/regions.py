"""The statement level: what lowered `try` and the statements after them are made of.

Every helper takes regions (see completions.py) and gives a promise of a completion.
"""

# ruff: noqa: BLE001 - whatever is raised becomes a rejection or is reported; `failed` lets the fatal ones out.
from __future__ import annotations

from collections.abc import Callable
from sys import exception
from types import CodeType
from typing import Any, TypeAlias, TypeVar

from .adapting import is_awaitable, promise, result_of
from .binding import after, handling, pass_rejection, received, rejected_again, return_
from .completions import Returned, is_abrupt, unit
from .nesting import LIMIT, defer, drain, entered, failed, keep_handled, nest, waiter
from .places import strip
from .promise import (
    FORWARD,
    FULFILLED,
    PENDING,
    REJECTED,
    Promise,
    add_waiter,
    delivered,
    follow,
    observe,
    reject_waiter,
    rejected,
    root,
)

T = TypeVar("T")

# Gives a Completion, a promise of one, or anything else: a normal end.
Region: TypeAlias = Callable[[], Any]


def ended(result: Any) -> Promise[Any]:
    """What a region gave, as a promise.  What can be waited for is; a plain value is a normal end with it."""
    if type(result) is Promise:
        return result if result._state != FORWARD else root(result)
    if result is None:
        return unit
    if is_abrupt(result) or not is_awaitable(result):
        return return_(result)
    return promise(result)


def _ended(result: Any) -> Promise[Any]:
    """`ended`, without exceptions."""
    try:
        return ended(result)
    except BaseException as error:
        return failed(error)


def then(region_result: Any, k: Region, place: CodeType | None = None) -> Promise[Any]:
    """`k()` when the region ended normally; a BREAK, CONTINUE or Returned goes on outward."""
    depth = nest.depth
    if depth >= LIMIT:
        return defer(then, region_result, k, place)
    if region_result is not unit:
        p = region_result if type(region_result) is Promise else _ended(region_result)
        state = p._state
        if state == FORWARD:
            p = root(p)
            state = p._state
        if state == REJECTED:
            return rejected_again(p, place)
        if state == PENDING:
            return waiter(_then_step, k, p, place)
        if p._value is not None and is_abrupt(p._value):
            return p
    nest.depth = depth + 1
    try:
        q = k()
        if type(q) is not Promise:
            q = ended(q)
    except BaseException as error:
        nest.depth = depth
        q = failed(error, place)
    nest.depth = depth
    if not depth and nest.deferred:
        drain()
    return q


def _then_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    k = w._k
    w._k = w._waits_on = None
    if p._state == REJECTED:
        return pass_rejection(w, p)
    if is_abrupt(p._value):
        return follow(w, p)
    try:
        q = ended(k())
    except BaseException as error:
        return reject_waiter(w, strip(error), w._place)
    return follow(w, q)


def returning(
    region_result: Any, k: Callable[[], Any] | None = None, place: CodeType | None = None
) -> Promise[Any]:
    """The end of a function's statements: its promise.  Returned(v) gives v, any other end `k()`.

    `k` gives a promise; without it the function ends with None.
    """
    depth = nest.depth
    if depth >= LIMIT:
        return defer(returning, region_result, k, place)
    completion: Any = None
    if region_result is not unit:
        p = region_result if type(region_result) is Promise else _ended(region_result)
        state = p._state
        if state == FORWARD:
            p = root(p)
            state = p._state
        if state == REJECTED:
            return rejected_again(p, place)
        if state == PENDING:
            return waiter(_returning_step, k, p, place)
        completion = p._value
    nest.depth = depth + 1
    try:
        q = _returned(completion, k)
    except BaseException as error:
        nest.depth = depth
        q = failed(error, place)
    nest.depth = depth
    if not depth and nest.deferred:
        drain()
    return q


def _returned(completion: Any, k: Callable[[], Any] | None) -> Promise[Any]:
    if type(completion) is Returned:
        return return_(completion.value)
    if k is None:
        return unit
    q = k()
    return q if type(q) is Promise else result_of("returning", q, k)


def _returning_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    k = w._k
    w._k = w._waits_on = None
    if p._state == REJECTED:
        return pass_rejection(w, p)
    try:
        q = _returned(p._value, k)
    except BaseException as error:
        return reject_waiter(w, strip(error), w._place)
    return follow(w, q)


def sequence(*regions: Region, place: CodeType | None = None) -> Promise[Any]:
    """Run the regions one after the other, without nesting, until one ends abruptly."""
    return entered(_steps, iter(regions), None, place, place=place)


def _steps(regions: Any, w: Promise[Any] | None, place: CodeType | None) -> Promise[Any]:
    """Run what is left of `regions`; when one waits, `w` (made if need be) waits for it: then w is given."""
    for region in regions:
        p = ended(region())
        state = p._state
        if state == FULFILLED:
            if p._value is not None and is_abrupt(p._value):
                return p
        elif state == REJECTED:
            return rejected_again(p, place, region)
        elif w is None:
            return waiter(_steps_step, regions, p, place)
        else:
            return park(w, _steps_step, p)
    return unit


def _steps_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    w._waits_on = None
    if p._state == REJECTED:
        return pass_rejection(w, p)
    if is_abrupt(p._value):
        return follow(w, p)
    try:
        q = _steps(w._k, w, w._place)
    except BaseException as error:
        return reject_waiter(w, strip(error), w._place)
    return None if q is w else follow(w, q)


def park(
    w: Promise[Any],
    step: Callable[[Promise[Any], Promise[Any]], Promise[Any] | None],
    p: Promise[Any],
) -> Promise[Any]:
    """Have `w` wait once more, for the pending `p`, then take `step`: one promise serves a whole loop."""
    w._step = step
    w._waits_on = p
    handled = exception()
    if handled is not None:
        keep_handled(w, handled)
    if p._callbacks is None:
        p._callbacks = w
    else:
        add_waiter(p, w)
    return w


def try_(
    body: Region,
    on_error: Region,
    no_error: Region | None = None,
    place: CodeType | None = None,
) -> Promise[Any]:
    """Lowered `try`/`except`/`else`.

    `on_error()` runs while the exception is being handled, so that it can be a native `try: raise` with the
    except clauses; `no_error()` runs only after a normal end of `body`, and what it raises is not caught.
    """
    depth = nest.depth
    if depth >= LIMIT:
        return defer(try_, body, on_error, no_error, place)
    nest.depth = depth + 1
    try:
        try:
            p = ended(body())
        except BaseException as error:
            strip(error)
            p = settled(ended(on_error()), place, on_error)
        else:
            if p._state == PENDING:
                p = _when_tried(p, body, on_error, no_error, place)
            elif p._state == REJECTED or no_error is not None:
                p = _tried(p, body, on_error, no_error, place)
    except BaseException as error:
        nest.depth = depth
        p = failed(error, place)
    nest.depth = depth
    if not depth and nest.deferred:
        drain()
    return p


def _when_tried(
    p: Promise[Any],
    body: Region,
    on_error: Region,
    no_error: Region | None,
    place: CodeType | None,
) -> Promise[Any]:
    return after(p, lambda p: _tried(p, body, on_error, no_error, place), place)


def _tried(
    p: Promise[Any],
    body: Region,
    on_error: Region,
    no_error: Region | None,
    place: CodeType | None,
) -> Promise[Any]:
    """The body `p` of a `try` is resolved."""
    if p._state == REJECTED:
        return settled(ended(handling(received(p, place, body), on_error)), place, on_error)
    if no_error is None or is_abrupt(p._value):
        return p
    return settled(ended(no_error()), place, no_error)


def settled(p: Promise[Any], place: CodeType | None, region: Callable[..., Any]) -> Promise[Any]:
    """The outcome `p` of another part of what stands at `place`.  (One that is pending stays as it is:
    to note here that it passed would cost a promise for each.)"""
    return rejected_again(p, place, region) if p._state == REJECTED else p


def finalize(
    body: Callable[[], Any], cleanup: Region, place: CodeType | None = None
) -> Promise[Any]:
    """`body()`, then `cleanup()` whatever happened (`Lwt.finalize`, and lowered `try`/`finally`).

    The outcome of `body`, its value too, comes through; an abrupt completion or an exception of `cleanup`
    replaces it.  `cleanup` runs while the exception that ended the body, if any, is being handled.
    """
    depth = nest.depth
    if depth >= LIMIT:
        return defer(finalize, body, cleanup, place)
    nest.depth = depth + 1
    try:
        try:
            p = ended(body())
        except BaseException as error:
            strip(error)
            done = settled(ended(cleanup()), place, cleanup)
            if done._state == FULFILLED and not is_abrupt(done._value):
                raise
            p = rejected(error, place)
            observe(p)
            p = cleaned(done, p)
        else:
            if p._state == PENDING:
                p = _when_ended(p, body, cleanup, place)
            else:
                p = _clean(p, body, cleanup, place)
    except BaseException as error:
        nest.depth = depth
        p = failed(error, place)
    nest.depth = depth
    if not depth and nest.deferred:
        drain()
    return p


def _when_ended(
    p: Promise[Any], body: Callable[[], Any], cleanup: Region, place: CodeType | None
) -> Promise[Any]:
    return after(p, lambda p: _clean(p, body, cleanup, place), place)


def _clean(
    p: Promise[Any], body: Callable[[], Any], cleanup: Region, place: CodeType | None
) -> Promise[Any]:
    """The body `p` is resolved: clean up."""
    if p._state == REJECTED:
        p = rejected_again(p, place, body)
        done = ended(handling(delivered(p), cleanup))
    else:
        done = ended(cleanup())
        if done is unit:  # the commonest end
            return p
    return cleaned(settled(done, place, cleanup), p)


def cleaned(done: Promise[Any], outcome: Promise[Any]) -> Promise[Any]:
    """After the cleanup `done`: its own abrupt end or rejection, else the `outcome` of the body."""
    if done._state == PENDING:
        return after(done, lambda done: cleaned(done, outcome))
    if done._state == REJECTED or is_abrupt(done._value):
        return done
    if outcome._state == REJECTED:
        error = delivered(outcome)
        again = rejected(error, outcome._place)
        again._waits_on = outcome._waits_on
        return again
    return outcome
