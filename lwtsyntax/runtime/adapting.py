"""What may stand where a promise is waited for: promises, and everything else that can be awaited."""

# ruff: noqa: BLE001 - whatever is raised becomes a rejection or is reported; `failed` lets the fatal ones out.
from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from .completions import unit
from .nesting import run_callbacks
from .promise import (
    Promise,
    fulfil_waiter,
    fulfilled,
    pending,
    reject_waiter,
    rejected,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable

T = TypeVar("T")

ACCEPTED = (
    "a promise, a coroutine or another awaitable, an asyncio or concurrent.futures future, "
    "or an object with add_done_callback"
)


def is_awaitable(e: Any) -> bool:
    """Whether `promise(e)` accepts `e`."""
    kind = type(e)
    return (
        kind is Promise
        or hasattr(kind, "__await__")
        or hasattr(kind, "add_done_callback")
        or (hasattr(e, "gi_code") and bool(e.gi_code.co_flags & 0x100))  # types.coroutine
    )


def promise(e: Any, who: str = "") -> Promise[Any]:
    """`e` itself when it is a promise, else a promise with the outcome of the awaitable `e`.

    Raises TypeError when `e` cannot be waited for (`who`, when given, is named as its origin).
    """
    if type(e) is Promise:
        return e
    kind = type(e)
    if hasattr(kind, "add_done_callback"):
        return _from_future(e)
    if hasattr(kind, "__await__") or is_awaitable(e):
        return _from_awaitable(e)
    got = kind.__name__
    if who:
        raise TypeError(f"{who} gave {got}, which cannot be waited for; it must give {ACCEPTED}")
    raise TypeError(f"cannot wait for {got}; lwt takes {ACCEPTED}")


def implicit_wait(e: Any) -> Promise[Any]:
    """The wait of a bare call that ends the body of a thread, or of a condition: for `e` when it can be waited
    for, else a promise that `e` fulfils."""
    if e is None:
        return unit
    return promise(e) if is_awaitable(e) else fulfilled(e)


def result_of(helper: str, e: Any, k: Callable[..., Any] | None = None) -> Promise[Any]:
    """`promise(e)` for an operand of `helper` (or, with `k`, the result of that continuation).

    Never raises: what cannot be waited for gives a rejected promise.
    """
    try:
        return promise(e)
    except TypeError as error:
        if is_awaitable(e):
            return rejected(error)
    kind = type(e).__name__
    if k is None:
        message = f"Lwt.{helper} cannot wait for {kind}: it takes {ACCEPTED}"
    else:
        name = getattr(k, "__qualname__", repr(k))
        message = (
            f"{name}, the continuation given to Lwt.{helper}, returned {kind}, which cannot be waited for; "
            f"it must return a promise: use Lwt.map where it gives a plain value, or Lwt.return_(value)"
        )
    return rejected(TypeError(message))


# Foreign awaitables.  The scheduler counts them (`outstanding`), because while there is one, I/O is polled
# and nobody may claim a deadlock.


def _settle(p: Promise[Any], future: Any) -> None:
    """`future` is done: give its outcome to `p` and run what waits for that."""
    from .scheduler import scheduler

    scheduler.outstanding.discard(future)
    try:
        if future.cancelled():
            import asyncio

            try:
                future.result()
                error: BaseException = asyncio.CancelledError()
            except BaseException as cancelled:
                error = cancelled
            resolved = reject_waiter(p, error)
        else:
            failure = future.exception() if hasattr(future, "exception") else None
            if failure is not None:
                resolved = reject_waiter(p, failure)
            else:
                resolved = fulfil_waiter(p, future.result())
    except BaseException as error:
        resolved = reject_waiter(p, error)
    if resolved is not None:
        run_callbacks(resolved)
    if not scheduler.outstanding and scheduler.running and scheduler.driver is not None:
        scheduler.driver.schedule()  # have it see whether this was the last thing that could happen


def _from_future(future: Any) -> Promise[Any]:
    """Any object with add_done_callback.  Only asyncio's own call back in the thread of the event loop."""
    from .scheduler import scheduler

    p = pending(future)
    if future.done() if hasattr(future, "done") else False:
        _settle(p, future)
        return p
    scheduler.outstanding.add(future)
    if getattr(future, "_asyncio_future_blocking", None) is not None:
        scheduler.loop_for_awaitables()
        future.add_done_callback(lambda done: _settle(p, done))
        return p
    loop = scheduler.loop_for_awaitables()

    def done_in_some_thread(done: Any) -> None:
        try:
            loop.call_soon_threadsafe(_settle, p, future)
        except RuntimeError:  # the loop is closed: nobody waits any more
            pass

    future.add_done_callback(done_in_some_thread)
    return p


async def _await(awaitable: Awaitable[T]) -> T:
    return await awaitable


def _from_awaitable(awaitable: Any) -> Promise[Any]:
    """A coroutine (or other awaitable) becomes a task; from 3.12 on it starts at once, as our threads do."""
    import asyncio

    from .scheduler import scheduler

    coroutine = awaitable if asyncio.iscoroutine(awaitable) else _await(awaitable)
    loop = scheduler.loop_for_awaitables()
    if sys.version_info >= (3, 12) and loop.is_running():
        # Without this, waiting for data that is there already would cost two laps of the event loop.
        task = asyncio.Task(coroutine, loop=loop, eager_start=True)
    else:
        task = loop.create_task(coroutine)
    return _from_future(task)
