"""for_each and while_: loops that iterate while their promises are resolved.

A round whose promise is resolved costs no object of ours and no stack; when one is pending, the loop's own
promise becomes its waiter, and the loop goes on from there.
"""

# ruff: noqa: BLE001 - whatever is raised becomes a rejection or is reported; `failed` lets the fatal ones out.
from __future__ import annotations

from collections.abc import Callable
from sys import exception
from types import CodeType
from typing import Any

from .adapting import is_awaitable, promise
from .binding import after, pass_rejection, rejected_again, return_
from .completions import BREAK, Returned, unit
from .nesting import LIMIT, defer, drain, entered, failed, keep_handled, nest, waiter
from .places import at_head, head_of
from .promise import (
    FORWARD,
    FULFILLED,
    REJECTED,
    Promise,
    add_waiter,
    follow,
    observe,
    reject_waiter,
    root,
)
from .regions import Region, ended, park

Body = Callable[[Any], Any]


def for_each(
    xs: Any, body: Body, no_break: Region | None = None, place: CodeType | None = None
) -> Promise[Any]:
    """Lowered `for x in xs: body(x)` with `no_break()` as its `else` (`Lwt_list.iter_s`, with breaks).

    `xs` is an iterable or an async iterable; its iterator is not closed on a break.  BREAK and CONTINUE
    from the body are consumed, a Returned goes outward; the value is None when the loop ended otherwise.
    """
    depth = nest.depth
    if depth >= LIMIT:
        return defer(for_each, xs, body, no_break, place)
    nest.depth = depth + 1
    try:
        if hasattr(type(xs), "__iter__") or not hasattr(type(xs), "__aiter__"):
            p = _rounds(iter(xs), body, no_break, None, place)
        else:
            p = _async_rounds(type(xs).__aiter__(xs), body, no_break, place)
    except BaseException as error:
        nest.depth = depth
        p = failed(at_head(error, place, body, no_break), place)
    nest.depth = depth
    if not depth and nest.deferred:
        drain()
    return p


def _rounds(
    xs: Any,
    body: Body,
    no_break: Region | None,
    w: Promise[Any] | None,
    place: CodeType | None,
) -> Promise[Any]:
    """Run rounds until one waits (then `w`, made if need be, waits and is given) or the loop ends."""
    for x in xs:
        result = body(x)
        if result is None or result is unit:
            continue
        p = result if type(result) is Promise else ended(result)
        state = p._state
        if state == FORWARD:
            p = root(p)
            state = p._state
        if state == FULFILLED:
            value = p._value
            if value is None:
                continue
            if value is BREAK:
                return unit
            if type(value) is Returned:
                return p
        elif state == REJECTED:
            return rejected_again(p, place, body)
        else:
            if w is None:
                return waiter(_for_each_step, (xs, body, no_break), p, place)
            w._waits_on = p  # `park`, inline
            handled = exception()
            if handled is not None:
                keep_handled(w, handled)
            if p._callbacks is None:
                p._callbacks = w
            else:
                add_waiter(p, w)
            return w
    return unit if no_break is None else ended(no_break())


def _for_each_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    xs, body, no_break = w._k
    if p._state == REJECTED:
        return pass_rejection(w, p, body)
    value = p._value
    try:
        if value is None or (value is not BREAK and type(value) is not Returned):
            p = _rounds(xs, body, no_break, w, w._place)
            if p is w:
                return None  # waits again
        elif value is BREAK:
            p = unit
    except BaseException as error:
        p = None  # type: ignore[assignment]
        return reject_waiter(w, at_head(error, w._place, body, no_break), w._place)
    w._k = w._waits_on = None
    return follow(w, p)


def _async_rounds(
    xs: Any, body: Body, no_break: Region | None, place: CodeType | None
) -> Promise[Any]:
    """The same over an async iterator: a `while_` whose condition fetches the next element."""
    element: Any = None
    head = head_of(place)

    def fetch() -> Promise[bool]:
        def fetched(p: Promise[Any]) -> Promise[Any]:
            nonlocal element
            if p._state == REJECTED:
                if isinstance(p._value, StopAsyncIteration):
                    observe(p)
                    return return_(False)
                return rejected_again(p, head, body)
            element = p._value
            return return_(True)

        return after(promise(type(xs).__anext__(xs)), fetched, head)

    def round_() -> Any:
        return body(element)

    return _while(fetch, round_, no_break, False, None, place)


def while_(
    cond: Callable[[], Any],
    body: Region,
    no_break: Region | None = None,
    place: CodeType | None = None,
) -> Promise[Any]:
    """Lowered `while cond(): body()` with `no_break()` as its `else`.

    `cond` gives a truth value or a promise of one.  Completions as in `for_each`.
    """
    regions = (body, cond, no_break)
    return entered(_while, cond, body, no_break, False, None, place, place=place, regions=regions)


def _while(
    cond: Callable[[], Any],
    body: Region,
    no_break: Region | None,
    held: bool,
    w: Promise[Any] | None,
    place: CodeType | None,
) -> Promise[Any]:
    """Rounds, as `_rounds`; `held`: the condition of the first round has been waited for, and holds."""
    while True:
        if held:
            held = False
        else:
            c = cond()
            if c is not True:
                if type(c) is Promise or (c is not False and c is not None and is_awaitable(c)):
                    p = ended(c)
                    if p._state == REJECTED:
                        return rejected_again(p, place, cond)
                    if p._state != FULFILLED:
                        if w is None:
                            return waiter(_cond_step, (cond, body, no_break), p, place)
                        return park(w, _cond_step, p)
                    c = p._value
                if not c:
                    return unit if no_break is None else ended(no_break())
        result = body()
        if result is None or result is unit:
            continue
        p = ended(result)
        state = p._state
        if state == FULFILLED:
            value = p._value
            if value is BREAK:
                return unit
            if type(value) is Returned:
                return p
        elif state == REJECTED:
            return rejected_again(p, place, body)
        else:
            if w is None:
                return waiter(_while_step, (cond, body, no_break), p, place)
            return park(w, _while_step, p)


def _cond_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    """The condition has been waited for."""
    cond, body, no_break = w._k
    if p._state == REJECTED:
        return pass_rejection(w, p, cond)
    try:
        if p._value:
            p = _while(cond, body, no_break, True, w, w._place)
            if p is w:
                return None
        else:
            p = unit if no_break is None else ended(no_break())
    except BaseException as error:
        return reject_waiter(w, at_head(error, w._place, body, cond, no_break), w._place)
    w._k = w._waits_on = None
    return follow(w, p)


def _while_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    """The body has been waited for."""
    cond, body, no_break = w._k
    if p._state == REJECTED:
        return pass_rejection(w, p, body)
    value = p._value
    try:
        if value is BREAK:
            p = unit
        elif type(value) is not Returned:
            p = _while(cond, body, no_break, False, w, w._place)
            if p is w:
                return None
    except BaseException as error:
        return reject_waiter(w, at_head(error, w._place, body, cond, no_break), w._place)
    w._k = w._waits_on = None
    return follow(w, p)
