"""The statement level: what lowered `try` and the statements after them are made of.

Every helper takes regions (see completions.py) and gives a promise of a completion.
"""

# ruff: noqa: BLE001 - whatever is raised becomes a rejection or is reported; `failed` lets the fatal ones out.
from __future__ import annotations

from collections.abc import Callable
from sys import exception
from typing import Any, TypeAlias, TypeVar

from .adapting import is_awaitable, promise, result_of
from .binding import after, handling, pass_rejection, rejected_again, return_
from .completions import Returned, is_abrupt, unit
from .nesting import LIMIT, defer, drain, entered, failed, nest, waiter
from .promise import (
    FORWARD,
    FULFILLED,
    PENDING,
    REJECTED,
    Promise,
    add_waiter,
    follow,
    observe,
    reject_waiter,
    rejected,
    root,
    strip,
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
        return failed(strip(error))


def then(region_result: Any, k: Region) -> Promise[Any]:
    """`k()` when the region ended normally; a BREAK, CONTINUE or Returned goes on outward."""
    depth = nest.depth
    if depth >= LIMIT:
        return defer(then, region_result, k)
    p = region_result
    if p is not unit:
        if type(p) is not Promise or p._state == FORWARD:
            p = _ended(p)
        state = p._state
        if state == REJECTED:
            return rejected_again(p)
        if state == PENDING:
            return waiter(_then_step, k, p)
        if p._value is not None and is_abrupt(p._value):
            return p
    nest.depth = depth + 1
    try:
        p = k()
        if type(p) is not Promise:
            p = ended(p)
    except BaseException as error:
        nest.depth = depth
        p = failed(strip(error))
    nest.depth = depth
    if not depth and nest.deferred:
        drain()
    return p


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
        return reject_waiter(w, strip(error))
    return follow(w, q)


def returning(region_result: Any, k: Callable[[], Any] | None = None) -> Promise[Any]:
    """The end of a function's statements: its promise.  Returned(v) gives v, any other end `k()`.

    `k` gives a promise; without it the function ends with None.
    """
    depth = nest.depth
    if depth >= LIMIT:
        return defer(returning, region_result, k)
    p = region_result
    if p is not unit:
        if type(p) is not Promise or p._state == FORWARD:
            p = _ended(p)
        state = p._state
        if state == REJECTED:
            return rejected_again(p)
        if state == PENDING:
            return waiter(_returning_step, k, p)
    nest.depth = depth + 1
    try:
        p = _returned(p._value, k)
    except BaseException as error:
        nest.depth = depth
        p = failed(strip(error, 2))
    nest.depth = depth
    if not depth and nest.deferred:
        drain()
    return p


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
        return reject_waiter(w, strip(error, 2))
    return follow(w, q)


def sequence(*regions: Region) -> Promise[Any]:
    """Run the regions one after the other, without nesting, until one ends abruptly."""
    return entered(_steps, iter(regions), None)


def _steps(regions: Any, w: Promise[Any] | None) -> Promise[Any]:
    """Run what is left of `regions`; when one waits, `w` (made if need be) waits for it: then w is given."""
    for region in regions:
        p = ended(region())
        state = p._state
        if state == FULFILLED:
            if p._value is not None and is_abrupt(p._value):
                return p
        elif state == REJECTED:
            return rejected_again(p)
        else:
            return waiter(_steps_step, regions, p) if w is None else park(w, _steps_step, p)
    return unit


def _steps_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    w._waits_on = None
    if p._state == REJECTED:
        return pass_rejection(w, p)
    if is_abrupt(p._value):
        return follow(w, p)
    try:
        q = _steps(w._k, w)
    except BaseException as error:
        return reject_waiter(w, strip(error, 2))
    return None if q is w else follow(w, q)


def park(
    w: Promise[Any],
    step: Callable[[Promise[Any], Promise[Any]], Promise[Any] | None],
    p: Promise[Any],
) -> Promise[Any]:
    """Have `w` wait once more, for the pending `p`, then take `step`: one promise serves a whole loop."""
    w._step = step
    w._waits_on = p
    w._handled = exception()
    if p._callbacks is None:
        p._callbacks = w
    else:
        add_waiter(p, w)
    return w


def try_(body: Region, on_error: Region, no_error: Region | None = None) -> Promise[Any]:
    """Lowered `try`/`except`/`else`.

    `on_error()` runs while the exception is being handled, so that it can be a native `try: raise` with the
    except clauses; `no_error()` runs only after a normal end of `body`, and what it raises is not caught.
    """
    return entered(_try, body, on_error, no_error)


def _try(body: Region, on_error: Region, no_error: Region | None) -> Promise[Any]:
    try:
        p = ended(body())
    except BaseException as error:
        strip(error)
        return ended(on_error())
    if p._state == PENDING:
        return after(p, lambda p: _tried(p, on_error, no_error))
    return _tried(p, on_error, no_error)


def _tried(p: Promise[Any], on_error: Region, no_error: Region | None) -> Promise[Any]:
    """The body `p` of a `try` is resolved."""
    if p._state == REJECTED:
        observe(p)
        return ended(handling(p._value, on_error))
    if no_error is None or is_abrupt(p._value):
        return p
    return ended(no_error())


def finalize(body: Callable[[], Any], cleanup: Region) -> Promise[Any]:
    """`body()`, then `cleanup()` whatever happened (`Lwt.finalize`, and lowered `try`/`finally`).

    The outcome of `body`, its value too, comes through; an abrupt completion or an exception of `cleanup`
    replaces it.  `cleanup` runs while the exception that ended the body, if any, is being handled.
    """
    return entered(_finalize, body, cleanup)


def _finalize(body: Callable[[], Any], cleanup: Region) -> Promise[Any]:
    try:
        p = ended(body())
    except BaseException as error:
        strip(error)
        done = ended(cleanup())
        if done._state == FULFILLED and not is_abrupt(done._value):
            raise
        p = rejected(error)
        observe(p)
        return cleaned(done, p)
    if p._state == PENDING:
        return after(p, lambda p: _clean(p, cleanup))
    return _clean(p, cleanup)


def _clean(p: Promise[Any], cleanup: Region) -> Promise[Any]:
    """The body `p` is resolved: clean up."""
    if p._state == REJECTED:
        observe(p)
        return cleaned(ended(handling(p._value, cleanup)), p)
    return cleaned(ended(cleanup()), p)


def cleaned(done: Promise[Any], outcome: Promise[Any]) -> Promise[Any]:
    """After the cleanup `done`: its own abrupt end or rejection, else the `outcome` of the body."""
    if done._state == PENDING:
        return after(done, lambda done: cleaned(done, outcome))
    if done._state == REJECTED or is_abrupt(done._value):
        return done
    if outcome._state == REJECTED:
        return rejected(outcome._value)
    return outcome
