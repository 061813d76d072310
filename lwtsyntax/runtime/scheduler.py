"""The ready queue and the timers: pause, sleep; and the link to an asyncio event loop.

Nothing here imports asyncio until a foreign awaitable is waited for.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, Final

from .nesting import cascade, drain, nest
from .promise import FULFILLED, PENDING, TASK, Promise, delivered, fatal, fulfil_waiter, root
from .reporting import add_notes

if TYPE_CHECKING:
    import asyncio

    from .driving import Driver

ready: Final[deque[Promise[Any]]] = deque()  # paused threads, first in, first out
_enqueue: Final = ready.append
_dequeue: Final = ready.popleft
timers: Final[
    list[tuple[float, int, Promise[Any]]]
] = []  # a heap: due time, order of creation, promise


class Scheduler:
    """The state that is not hot.  One per process, as in Lwt: promises belong to one OS thread."""

    __slots__ = ("clock", "driver", "idle", "loop", "outstanding", "running", "sequence", "wait")

    clock: Callable[[], float]  # seconds
    wait: Callable[[float], object]  # blocks for so many seconds
    loop: (
        asyncio.AbstractEventLoop | None
    )  # ours: made when first needed, closed at the end of `run`
    driver: Driver | None  # what turns the ready queue within an asyncio loop
    idle: bool  # nobody will look at the queue unless told to (`notify`)
    running: bool  # `run` is active
    sequence: int
    outstanding: set[Any]  # foreign futures and tasks that somebody here waits for

    def __init__(self) -> None:
        self.clock = time.monotonic
        self.wait = time.sleep
        self.loop = None
        self.driver = None
        self.idle = True
        self.running = False
        self.sequence = 0
        self.outstanding = set()

    def loop_for_awaitables(self) -> asyncio.AbstractEventLoop:
        """The running asyncio loop, or our own."""
        running = running_loop()
        if running is not None:
            return running
        if self.loop is None:
            self.loop = loop_factory()
        return self.loop

    def notify(self) -> None:
        """Something became ready while nobody was going to look: have the asyncio loop look soon."""
        loop = running_loop()
        if loop is None:
            return  # a later `run` will find it
        driver = self.driver
        if driver is None or driver.loop is not loop:
            from .driving import Driver

            driver = self.driver = Driver(loop)
        driver.schedule()


scheduler: Final = Scheduler()


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The asyncio loop that runs here.  While asyncio is being imported there is none."""
    get_running_loop = getattr(sys.modules.get("asyncio"), "get_running_loop", None)
    if get_running_loop is None:
        return None
    try:
        loop: asyncio.AbstractEventLoop = get_running_loop()
    except RuntimeError:
        return None
    return loop


def _default_loop() -> asyncio.AbstractEventLoop:
    import asyncio

    return asyncio.new_event_loop()


loop_factory: Callable[[], asyncio.AbstractEventLoop] = _default_loop


def set_loop_factory(factory: Callable[[], asyncio.AbstractEventLoop] | None) -> None:
    """Have `run` take its event loops from `factory` (`uvloop.new_event_loop`); None for asyncio's own."""
    global loop_factory
    loop_factory = factory or _default_loop


def pause() -> Promise[None]:
    """A promise that is fulfilled when every thread that is ready now has had its turn (`Lwt.pause`).

    Paused threads wake in the order in which they paused.  Can be canceled.
    """
    p: Promise[None] = Promise()
    p._state = PENDING
    p._callbacks = None
    p._waits_on = TASK
    _enqueue(p)
    if scheduler.idle:
        scheduler.notify()
    return p


def sleep(seconds: float) -> Promise[None]:
    """A promise that is fulfilled after `seconds` (`Lwt_unix.sleep`); 0.0 passes through the timers too.

    Threads due at the same time wake in the order in which they began to sleep.  Can be canceled.
    """
    p: Promise[None] = Promise()
    p._state = PENDING
    p._callbacks = None
    p._waits_on = TASK
    sequence = scheduler.sequence
    scheduler.sequence = sequence + 1
    heappush(timers, (scheduler.clock() + seconds, sequence, p))
    if scheduler.idle and timers[0][2] is p:
        scheduler.notify()
    return p


def run_ready(most: int, target: Promise[Any] | None = None) -> None:
    """Wake the threads that are paused now (`most` at the most), not those that pause meanwhile.

    With `target`, generation after generation, until that promise is resolved or there may be something
    else to look at: a timer, or an asyncio loop that was not there before.  (So the main loop is one frame.)
    """
    loop = scheduler.loop
    count = len(ready)
    if count > most:  # noqa: PLR1730 - min() would cost 50 ns a tick
        count = most
    most -= count
    nest.depth = 1
    try:
        while (
            True
        ):  # CPython 3.11 specialises a function that loops by `while True`, not by `while count`
            if not count:
                if target is None or target._state or timers or scheduler.loop is not loop:
                    return
                count = len(ready)
                if count > most:  # noqa: PLR1730
                    count = most
                if not count:
                    return
                most -= count
            p = _dequeue()
            if p._state:
                p = root(p)
                if p._state:
                    count -= 1
                    continue  # canceled
            p._state = FULFILLED
            p._value = None
            p._waits_on = None
            callbacks = p._callbacks
            if (
                type(callbacks) is Promise
            ):  # one waiter: the commonest case, without a call of `cascade`
                w = callbacks
                p._callbacks = None
                step = w._step  # see `cascade`
                resolved = step(w, p)
                if resolved is not None and resolved._callbacks is not None:
                    cascade(resolved)
            elif callbacks is not None:
                cascade(p)
            if nest.deferred or nest.todo:
                drain()
            if fatal:
                return
            # Last, for speed: CPython 3.11 specialises a running loop only by an unconditional jump back.
            count -= 1
    finally:
        nest.depth = 0


def run_due(now: float) -> None:
    """Wake the sleepers due at `now`; those that go to sleep meanwhile are not among them."""
    last = scheduler.sequence
    nest.depth = 1
    try:
        while timers and timers[0][0] <= now and timers[0][1] < last:
            p: Promise[Any] | None = heappop(timers)[2]
            assert p is not None
            p = fulfil_waiter(p, None)
            if p is not None and p._callbacks is not None:
                cascade(p)
            if nest.deferred or nest.todo:
                drain()
            if fatal:
                return
    finally:
        nest.depth = 0


def raise_fatal() -> None:
    """Raise the KeyboardInterrupt & co. that a resumed continuation raised and nobody handles."""
    p = fatal[0]
    fatal.clear()
    error = delivered(p)
    add_notes(error)
    try:
        raise error
    except BaseException:
        error.__traceback__ = p._k
        raise  # anew, which leaves this frame out
