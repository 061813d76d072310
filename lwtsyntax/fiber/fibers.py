"""start and await_.

A fiber is the waiter of what it waits for, as a `bind` is: its promise is stored there, and its step switches to the
fiber's stack.  So cancellation, forwarding and the order of waking are those of bind chains.

Invariants (tests/fiber/test_fibers.py):
- Whoever starts or resumes a fiber is its parent until it waits or ends: the running fibers are a stack.
- `nest.depth` belongs to a stack: a switch puts back the value of the one it comes to.  Past the bound a start is
  put off, as any entry into the runtime, so that recursion over fibers nests no deeper than over binds.
- A running fiber has its promise; of one that waits, the promise has the fiber.  Never both, and no frame of ours
  on a stack that waits holds either: the garbage collector does not look into stacks, so a cycle through one would
  stay for ever.  A fiber that nobody can wake any more ends with a GreenletExit where it waits.
"""

# ruff: noqa: BLE001 - whatever is raised in a fiber rejects its promise; `start` lets the fatal ones out.
from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from contextvars import Context, ContextVar
from os.path import dirname
from sys import exception
from types import TracebackType
from typing import Any, Final, ParamSpec, TypeVar

from lwtsyntax.fiber.greenlets import getcurrent, greenlet
from lwtsyntax.runtime import Promise
from lwtsyntax.runtime.adapting import promise
from lwtsyntax.runtime.binding import add_context, handling
from lwtsyntax.runtime.nesting import LIMIT, defer, drain, link_to, nest
from lwtsyntax.runtime.places import RUNTIME
from lwtsyntax.runtime.promise import (
    FATAL,
    FORWARD,
    FULFILLED,
    PENDING,
    add_waiter,
    delivered,
    fulfil_waiter,
    pending,
    reject_waiter,
    root,
)

__all__ = [
    "Fiber",
    "NotInFiber",
    "await_",
    "current",
    "in_fiber",
    "start",
]

P = ParamSpec("P")
T = TypeVar("T")

_OWN: Final = (dirname(__file__), *RUNTIME)
# Set where a context is needed that can be shared: a thread of the interpreter begins without one.
_has_context: Final[ContextVar[bool]] = ContextVar("lwtsyntax.fiber")


class NotInFiber(RuntimeError):
    """What only a fiber can do was asked for outside of all of them."""


class Fiber(greenlet):
    """A stack, and what belongs to it."""

    __slots__ = ("context", "depth", "outcome", "promise", "storage", "waited")

    promise: Promise[Any] | None  # while it runs
    # when it has ended: the promise that has callbacks to run, or for `start` the error to raise, or None
    outcome: Any
    context: Context  # the one it shares
    depth: int  # of entries into the runtime, while it waits
    waited: bool
    storage: dict[Any, Any] | None


def start(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Promise[T]:
    """Run `function(*args, **kwargs)` on a fiber, at once and up to its first wait; the promise of its result.

    What it raises rejects the promise, but for a KeyboardInterrupt, SystemExit or GeneratorExit before its
    first wait, which propagates.  Canceling the promise cancels what the fiber waits for.  Past the nesting bound
    of the runtime the fiber starts before the outermost entry returns.
    """
    depth = nest.depth
    if depth >= LIMIT:
        return defer(start, function, *args, **kwargs)
    idle = _pool.idle
    if idle:
        fiber = idle.pop()
        fiber.parent = getcurrent()
    else:
        fiber = Fiber(_life)
    fiber.promise = result = pending()
    fiber.waited = False
    fiber.storage = fiber.outcome = None
    fiber.context = fiber.gr_context = _shared_context()
    nest.depth = depth + 1
    fiber.switch((function, args, kwargs, exception()))
    nest.depth = depth
    outcome = fiber.outcome
    if outcome is not None:
        fiber.outcome = None
        if type(outcome) is not Promise:
            raise outcome
    if not depth and nest.deferred:
        drain()
    return result


class _Pool(threading.local):
    """Stacks to be used again, of this thread of the interpreter: a new one costs several times as much."""

    MOST: Final = 100

    def __init__(self) -> None:
        self.idle: list[Fiber] = []


_pool: Final = _Pool()


def _life(job: tuple[Any, ...]) -> None:
    """What runs on a stack: one function after the other.  Between them it holds nothing."""
    while True:
        outcome = _body(*job)
        if not _retire(outcome):
            return
        del job, outcome
        job = getcurrent().parent.switch(None)  # type: ignore[union-attr]


def _retire(outcome: Any) -> bool:
    """The fiber that runs has come to its end; whether its stack is to be used again."""
    fiber = current()
    if _running() is None:
        return False
    fiber.outcome = outcome
    fiber.promise = None
    if len(_pool.idle) >= _Pool.MOST:
        return False
    _pool.idle.append(fiber)
    return True


def _shared_context() -> Context:
    """Fibers share the context variables of who starts or wakes them, as threads on bind chains do."""
    context = getcurrent().gr_context
    if context is None:
        _has_context.set(True)
        context = getcurrent().gr_context
        assert context is not None
    return context


def _body(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    handled: BaseException | None,
) -> Promise[Any] | BaseException | None:
    """One function, and its outcome.  `handled` is being handled where the fiber was started, so it is here."""
    try:
        if handled is None:
            value = function(*args, **kwargs)
        else:
            value = handling(handled, lambda: function(*args, **kwargs), chain=False)
    except BaseException as error:
        error.__traceback__ = _foreign(error.__traceback__)
        promise = _running()
        if promise is None:
            return None
        if isinstance(error, FATAL) and not current().waited:
            return error
        return reject_waiter(promise, error)
    promise = _running()
    return None if promise is None else fulfil_waiter(promise, value)


def _running() -> Promise[Any] | None:
    """The promise of the fiber that runs; None for one that was dropped while it waited: greenlet is ending it."""
    # It may have lost its attributes already: what ends it is its deallocation.
    return getattr(current(), "promise", None)


def _foreign(trace: TracebackType | None) -> TracebackType | None:
    """`trace` from the first frame on that is not our own."""
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_OWN):
        trace = trace.tb_next
    return trace


def await_(p: Awaitable[T], /) -> T:
    """Wait for `p`, in a fiber: its value, or its exception raised here.

    A promise that is resolved already costs no switch.  Takes what `lwt` takes: every awaitable, and futures.
    """
    fiber = getcurrent()
    if type(fiber) is not Fiber:
        raise NotInFiber(_OUTSIDE.format("await_"))
    q: Promise[T] = p if type(p) is Promise else promise(p)  # type: ignore[comparison-overlap]
    if q._state == FORWARD:
        q = root(q)
    if q._state == PENDING:
        _park(fiber, q)
        del p, q, fiber  # a stack that waits holds neither itself nor what it waits for
        q = getcurrent().parent.switch(None)  # type: ignore[union-attr]
    if q._state == FULFILLED:
        value: T = q._value
        return value
    error = delivered(q)
    add_context(error)
    context, link = error.__context__, link_to(error)
    try:
        raise error
    except BaseException:
        error.__traceback__ = q._k
        error.__context__ = context
        if link is not None:
            link.__context__ = error
        raise  # anew, which leaves this frame out


_OUTSIDE: Final = (
    "{} is for fibers, and this is none: start one with lwtsyntax.fiber.start(fn), "
    "or wait for a promise with Lwt.run(promise)"
)


def _park(fiber: Fiber, p: Promise[Any]) -> None:
    """The promise of `fiber` becomes the waiter of `p`."""
    own = _running()
    if own is None:
        raise RuntimeError(
            "this fiber was dropped while it waited; in its cleanup it cannot wait again"
        )
    own._step = _resume  # what is being handled, the stack keeps
    own._k = fiber
    own._waits_on = p
    add_waiter(p, own)
    fiber.promise = None
    fiber.waited = True
    fiber.depth = nest.depth


def _resume(own: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    """The step of a fiber's promise: `p`, which it waited for, is resolved."""
    fiber: Fiber = own._k
    own._k = own._waits_on = None
    fiber.promise = own
    fiber.parent = getcurrent()
    context = _shared_context()
    if context is not fiber.context and fiber.gr_context is fiber.context:  # not in a Context.run
        fiber.context = fiber.gr_context = context
    depth = nest.depth
    nest.depth = fiber.depth
    fiber.switch(p)
    nest.depth = depth
    resolved: Promise[Any] | None = fiber.outcome
    fiber.outcome = None
    return resolved


def current(asked: str = "this") -> Fiber:
    """The fiber that runs here; raises NotInFiber outside of all."""
    fiber = getcurrent()
    if type(fiber) is not Fiber:
        raise NotInFiber(_OUTSIDE.format(asked))
    return fiber


def in_fiber() -> bool:
    """Whether `await_` can be called here."""
    return type(getcurrent()) is Fiber
