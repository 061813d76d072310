"""The promise: its representation, and the moves between its states.

A promise is *pending*, *fulfilled*, *rejected*, or *forwards to* another promise (it has been merged
into that one, as in union-find).  A promise that waits for another one is at the same time the
*waiter* stored with it: there is one object per pending wait beside the user's closure.

The state is an int and not the object's class: creating a fulfilled promise takes 88 ns either way
(87 with a subclass per state), a check takes the same, and `__class__` assignment costs more and
cannot be compiled.  All slots sit in one class, so every attribute access stays specialised.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from types import CodeType, TracebackType
from typing import Any, Final, Generic, TypeVar, final

T = TypeVar("T")

PENDING: Final = 0
FULFILLED: Final = 1
REJECTED: Final = 2
FORWARD: Final = 3

# What `_waits_on` may hold besides promises (see `cancellation.py`).
TASK: Final = "task"  # cancel rejects this very promise

FATAL: Final = (KeyboardInterrupt, SystemExit, GeneratorExit)


@final
class Promise(Generic[T]):
    """A value of type T that may not be there yet (`'a Lwt.t`).

    Made by `return_`, `fail`, `wait`, `task`, `pause`, `bind`, …, never by calling the class: there is
    no `__init__`, so that a fulfilled promise costs one allocation and two stores.
    Inside `async def` it can be awaited.
    """

    _state: int
    _value: Any  # the value, the exception, or the promise forwarded to; unset while pending
    # pending: None, one waiter, or a list of waiters in order of registration;
    # rejected: None, or the `Unobserved` that reports it when nobody ever looks.
    _callbacks: Any
    # pending: who this one waits for: None, TASK, a promise, a tuple of them, or a foreign task;
    # rejected: how many entries the waits it passed have put into its traceback
    _waits_on: Any
    # The three below are set where the promise waits.
    _step: Callable[
        [Promise[Any], Promise[Any]], Promise[Any] | None
    ]  # what to do when that one is resolved
    # pending: the step's data: a continuation, or a record;
    # rejected: the traceback (of two that wait for one rejection, each has its own)
    _k: Any
    _place: (
        CodeType | None
    )  # where the wait stands; rejected: the last wait that it passed (places.py)

    __slots__ = (
        "__weakref__",
        "_callbacks",
        "_k",
        "_place",
        "_state",
        "_step",
        "_value",
        "_waits_on",
    )  # fmt: skip

    def __await__(self) -> Generator[Any, None, T]:
        """Wait for this promise inside `async def`; canceling the asyncio task cancels the promise."""
        from . import awaiting

        return awaiting.await_promise(self)

    def __bool__(self) -> bool:
        raise TypeError(
            "the truth of a promise is not known before it is waited for: write lwt(p), "
            "or `p is not None` to compare"
        )

    def __repr__(self) -> str:
        p = root(self)
        if p._state == PENDING:
            return f"<Promise pending at {id(self):#x}>"
        word = "fulfilled" if p._state == FULFILLED else "rejected"
        return f"<Promise {word}: {p._value!r}>"


def root(p: Promise[Any]) -> Promise[Any]:
    """The promise that `p` stands for; shortens the way there (union-find's path halving)."""
    while p._state == FORWARD:
        q = p._value
        if q._state == FORWARD:
            p._value = q._value
        p = q
    return p


def fulfilled(value: Any) -> Promise[Any]:
    p: Promise[Any] = Promise()
    p._state = FULFILLED
    p._value = value
    return p


def rejected(error: BaseException, place: CodeType | None = None) -> Promise[Any]:
    """`error` as it has been raised, by what stands at `place`."""
    p: Promise[Any] = Promise()
    p._state = REJECTED
    p._value = error
    p._k = error.__traceback__
    p._waits_on = 0
    p._place = place
    p._callbacks = Unobserved(p)
    return p


def pending(waits_on: Any = None) -> Promise[Any]:
    """A pending promise that waits for nothing of ours (`wait`, `task`, a foreign awaitable)."""
    p: Promise[Any] = Promise()
    p._state = PENDING
    p._callbacks = None
    p._waits_on = waits_on
    p._place = None
    return p


def add_waiter(p: Promise[Any], waiter: Promise[Any]) -> None:
    """Store `waiter` with the pending `p`, behind those that came before."""
    callbacks = p._callbacks
    if callbacks is None:
        p._callbacks = waiter
    elif type(callbacks) is list:
        callbacks.append(waiter)
    else:
        p._callbacks = [callbacks, waiter]


# How a waiter comes to its outcome.  Each returns the promise that is now resolved and has callbacks to
# run, or None: the caller (`nesting.cascade`) runs them, so that no chain of waiters nests.


def fulfil_waiter(w: Promise[Any], value: Any) -> Promise[Any] | None:
    if w._state:
        w = root(w)
        if w._state:
            return None  # resolved by somebody else meanwhile (canceled, for one)
    w._waits_on = None
    w._state = FULFILLED
    w._value = value
    return w


def reject_waiter(
    w: Promise[Any], error: BaseException, place: CodeType | None = None
) -> Promise[Any] | None:
    """`error` as it has been raised, by what stands at `place`."""
    if w._state:
        w = root(w)
        if w._state:
            return None
    w._state = REJECTED
    w._value = error
    w._k = error.__traceback__
    w._waits_on = 0
    w._place = place
    return rejection(w)


def rejection(w: Promise[Any]) -> Promise[Any] | None:
    """`w` has been rejected: who has callbacks to run, if anybody."""
    if w._callbacks is not None:
        return w
    w._callbacks = Unobserved(w)
    if isinstance(w._value, FATAL):
        fatal.append(w)
    return None


def follow(w: Promise[Any], q: Promise[Any]) -> Promise[Any] | None:
    """`w` gets the outcome of `q`, now or (q being made to forward to w) when q has one."""
    if q._state == FORWARD:
        q = root(q)
    state = q._state
    if state == FULFILLED:
        return fulfil_waiter(w, q._value)
    if state == REJECTED:
        observe(q)
        if w._state:
            w = root(w)
            if w._state:
                return None
        w._state = REJECTED
        w._value, w._k, w._waits_on, w._place = q._value, q._k, q._waits_on, q._place
        return rejection(w)
    if w._state:
        w = root(w)
        if w._state:
            return None
    if q is not w:  # p = bind(p0, lambda _: p) waits for itself, for ever
        forward(q, w)
    return None


def forward(q: Promise[Any], r: Promise[Any]) -> None:
    """The pending `q` becomes the pending `r`: this keeps a tail loop flat, whatever its length."""
    callbacks = q._callbacks
    q._state = FORWARD
    q._value = r
    q._callbacks = None
    r._waits_on = q  # q keeps its own _waits_on, so cancellation finds the way through it
    if callbacks is not None:
        if type(callbacks) is list:
            for waiter in callbacks:
                add_waiter(r, waiter)
        else:
            add_waiter(r, callbacks)


# Rejections that nobody looked at.

fatal: list[
    Promise[Any]
] = []  # rejected with one of FATAL, waited for by nobody; `run` raises them


class Unobserved:
    """Sits in a rejected promise until somebody looks; reports the rejection when it dies there."""

    __slots__ = ("error", "trace")
    error: BaseException | None
    trace: TracebackType | None

    def __init__(self, p: Promise[Any]) -> None:
        self.error = p._value
        self.trace = p._k

    def __del__(self) -> None:
        if self.error is not None:
            from .reporting import report_unobserved

            report_unobserved(self.error.with_traceback(self.trace))


def observe(p: Promise[Any]) -> None:
    """Somebody has seen the rejection of `p`: it will not be reported."""
    unobserved = p._callbacks
    if unobserved is not None:
        unobserved.error = unobserved.trace = None
        p._callbacks = None


def delivered(p: Promise[Any]) -> BaseException:
    """The error of the rejected `p` for somebody who handles it, with its traceback."""
    observe(p)
    error: BaseException = p._value
    error.__traceback__ = p._k
    return error
