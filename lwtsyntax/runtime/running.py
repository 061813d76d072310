"""`run`: the main loop."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from .adapting import promise
from .nesting import drain, nest
from .places import strip
from .promise import FULFILLED, PENDING, Promise, add_waiter, delivered, fatal, root
from .reporting import add_notes
from .scheduler import raise_fatal, ready, run_due, run_ready, running_loop, scheduler, timers

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")

_EVERYTHING = sys.maxsize

on_interrupt: Callable[[], object] | None = None  # set by the debug mode


def run(p: Awaitable[T]) -> T:
    """Run ready threads, timers and I/O until `p` is resolved; its value, or its exception raised
    (`Lwt_main.run`).

    Raises RuntimeError inside another `run`, inside a running asyncio loop, and when `p` can never be
    resolved because nothing is left to run ("deadlock").  A KeyboardInterrupt, SystemExit or GeneratorExit
    raised by a continuation, which nobody handles, is raised at once.  When `p` is resolved, threads that
    are not finished stay where they are, for the next `run`; asyncio tasks are canceled, as by asyncio.run.
    """
    _refuse_nested(p)
    target = promise(p)
    fatal.clear()
    scheduler.running = True
    scheduler.idle = False
    scheduler.driver = None  # one of an asyncio loop that does not run now, or is closed
    try:
        if nest.deferred:
            drain()  # the end of a stream that was dropped outside every thread
        if scheduler.loop is None:
            _turn(target)
        if scheduler.loop is not None:
            _turn_with_asyncio(target, scheduler.loop)
    except BaseException as ending:
        if on_interrupt is not None and isinstance(ending, KeyboardInterrupt):
            on_interrupt()
        strip(ending)
        raise  # anew, as below
    finally:
        scheduler.running = False
        scheduler.idle = True
        if scheduler.loop is not None:
            close_loop(scheduler.loop)
    target = root(target)
    if target._state == FULFILLED:
        value: T = target._value
        return value
    fatal.clear()
    error = delivered(target)
    add_notes(error)
    if on_interrupt is not None and isinstance(error, KeyboardInterrupt):
        on_interrupt()
    try:
        raise error
    except BaseException:
        error.__traceback__ = target._k
        raise  # anew, which leaves this frame out


def _refuse_nested(p: Any) -> None:
    if scheduler.running or nest.depth:
        problem = "Lwt.run is active already: inside a thread, wait for the promise, as in lwt(p)"
    elif running_loop() is not None:
        problem = (
            "an asyncio loop is running: inside `async def`, write `await p` instead of Lwt.run(p)"
        )
    else:
        return
    if hasattr(p, "close"):  # a coroutine nobody will await
        p.close()
    raise RuntimeError(problem)


def _turn(target: Promise[Any]) -> None:
    """The loop without asyncio, until `target` is resolved or something needs asyncio."""
    while True:  # see `run_ready`
        if target._state != PENDING and root(target)._state != PENDING:
            return
        if ready:
            run_ready(_EVERYTHING, target)
        elif not timers:
            raise RuntimeError(_DEADLOCK)
        if fatal:
            if fatal[0] is root(target):
                return
            raise_fatal()
        if timers:
            now = scheduler.clock()
            if timers[0][0] <= now:
                run_due(now)
            elif not ready and root(target)._state == PENDING:
                scheduler.wait(timers[0][0] - now)
        if scheduler.loop is not None:
            return


_DEADLOCK = (
    "deadlock: the promise given to Lwt.run is pending, and no thread is ready, no timer is set and no I/O is "
    "outstanding, so nothing can resolve it"
)


def _turn_with_asyncio(target: Promise[Any], loop: asyncio.AbstractEventLoop) -> None:
    from .driving import Driver

    driver = scheduler.driver = Driver(loop, target)
    stop: Promise[Any] = Promise()
    stop._step = lambda _, __: loop.stop()
    if root(target)._state == PENDING:
        add_waiter(root(target), stop)
    while root(target)._state == PENDING:
        driver.scheduled = False
        driver.schedule()
        loop.run_forever()
        if fatal:
            if fatal[0] is root(target):
                return
            raise_fatal()
        if driver.deadlock:
            raise RuntimeError(_DEADLOCK)


def close_loop(loop: asyncio.AbstractEventLoop) -> None:
    """What asyncio.run does at its end: cancel the tasks left, close async generators, close the loop."""
    import asyncio

    if (
        scheduler.driver is not None
    ):  # it may still turn for the tasks, but no longer stops the loop
        scheduler.driver.own = False
        scheduler.driver.target = None
    try:
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        if tasks:
            loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        scheduler.loop = None
        scheduler.driver = None
        scheduler.outstanding.clear()
        scheduler.idle = True
        loop.close()
