"""Several promises at once: both, all, join."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar, overload

from .adapting import result_of
from .binding import rejected_again, return_
from .promise import (
    PENDING,
    REJECTED,
    Promise,
    add_waiter,
    follow,
    fulfil_waiter,
    observe,
    pending,
    root,
)

T = TypeVar("T")
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
T5 = TypeVar("T5")


class Gathering:
    """Promises waited for together: who is missing, and the first rejection."""

    __slots__ = ("finish", "missing", "promises", "rejection", "result")

    promises: list[Promise[Any]]
    missing: int
    # The first rejection in time; in list order among those rejected from the start.
    rejection: Promise[Any] | None
    result: Promise[Any]
    finish: Callable[[list[Any]], Any]  # makes the value of the list of values


def _gather(
    name: str, awaitables: Iterable[Any], finish: Callable[[list[Any]], Any]
) -> Promise[Any]:
    promises = [root(p) if type(p) is Promise else root(result_of(name, p)) for p in awaitables]
    missing = 0
    rejection: Promise[Any] | None = None
    for p in promises:
        if p._state == PENDING:
            missing += 1
        elif p._state == REJECTED:
            observe(p)
            if rejection is None:
                rejection = p
    if not missing:
        if rejection is not None:
            return rejected_again(rejection)
        return return_(finish([p._value for p in promises]))
    g = Gathering()
    g.promises, g.missing, g.rejection, g.finish = promises, missing, rejection, finish
    g.result = pending(tuple(p for p in promises if p._state == PENDING))
    for p in promises:
        if p._state == PENDING:
            w: Promise[Any] = Promise()
            w._state = PENDING
            w._step = _gather_step
            w._k = g
            add_waiter(p, w)
    return g.result


def _gather_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    g = w._k
    w._k = None
    if p._state == REJECTED and g.rejection is None:
        g.rejection = p
    g.missing -= 1
    if g.missing:
        return None
    promises, g.promises = g.promises, []
    if g.rejection is not None:
        return follow(g.result, g.rejection)
    return fulfil_waiter(g.result, g.finish([root(p)._value for p in promises]))


@overload
def both(p: Awaitable[T1], q: Awaitable[T2], /) -> Promise[tuple[T1, T2]]: ...
@overload
def both(p: Awaitable[T1], q: Awaitable[T2], r: Awaitable[T3], /) -> Promise[tuple[T1, T2, T3]]: ...
@overload
def both(
    p: Awaitable[T1], q: Awaitable[T2], r: Awaitable[T3], s: Awaitable[T4], /
) -> Promise[tuple[T1, T2, T3, T4]]: ...
@overload
def both(
    p: Awaitable[T1], q: Awaitable[T2], r: Awaitable[T3], s: Awaitable[T4], t: Awaitable[T5], /
) -> Promise[tuple[T1, T2, T3, T4, T5]]: ...
@overload
def both(*promises: Awaitable[Any]) -> Promise[tuple[Any, ...]]: ...
def both(*promises: Awaitable[Any]) -> Promise[Any]:
    """Wait for all of the promises; the tuple of their values (`Lwt.both`, for any number).

    When some are rejected, the result is rejected with the rejection that came first in time, but only when
    all are resolved.
    """
    return _gather("both", promises, tuple)


def all(promises: Iterable[Awaitable[T]]) -> Promise[list[T]]:
    """As `both`, for an iterable of promises: the list of their values, in its order (`Lwt.all`)."""
    return _gather("all", promises, list)


def join(promises: Iterable[Awaitable[Any]]) -> Promise[None]:
    """As `all`, for promises whose values do not matter: None (`Lwt.join`)."""
    return _gather("join", promises, lambda _: None)
