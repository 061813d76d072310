"""For tests: a clock that jumps, a main loop of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .scheduler import scheduler


class VirtualClock:
    """A clock in seconds that stands still while threads run, and jumps to the next timer when none is ready."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@contextmanager
def virtual_clock(now: float = 0.0) -> Iterator[VirtualClock]:
    """Inside, sleeping takes no time: `with virtual_clock() as clock: run(sleep(3600.0))`, then clock.now.

    Timers set under one clock mean nothing under another: those left at the end are dropped.
    """
    from .scheduler import timers

    clock = VirtualClock(now)
    before = scheduler.clock, scheduler.wait, timers[:]
    timers.clear()
    scheduler.clock = lambda: clock.now
    scheduler.wait = clock.advance
    try:
        yield clock
    finally:
        scheduler.clock, scheduler.wait, timers[:] = before


@contextmanager
def fresh_loop() -> Iterator[None]:
    """Inside, the main loop is as in a fresh process; threads that are left at the end never wake.

    Those from before are back then.
    """
    from .running import close_loop
    from .scheduler import ready, timers

    before = list(ready), timers[:], scheduler.loop, scheduler.driver, set(scheduler.outstanding)
    ready.clear()
    timers.clear()
    scheduler.loop = scheduler.driver = None
    scheduler.outstanding.clear()
    try:
        yield
    finally:
        if scheduler.loop is not None:
            close_loop(scheduler.loop)
        ready.clear()
        ready.extend(before[0])
        timers[:], scheduler.loop, scheduler.driver = before[1:4]
        scheduler.outstanding.clear()
        scheduler.outstanding |= before[4]
