"""The ready queue and the timers, turned from within an asyncio event loop (ours or the user's)."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any, Literal

from .promise import PENDING, Promise, fatal, pending, root
from .scheduler import raise_fatal, ready, run_due, run_ready, scheduler, timers

# How long our own threads may run before asyncio is polled again: at least once a millisecond.
SLICE = 0.0005
BATCH = 64  # of our threads that are woken before a look at the clock

RECHECK = 0.5  # seconds


def _left_in(loop: asyncio.AbstractEventLoop) -> Literal["nothing", "callbacks", "I/O"]:
    """What may still happen in `loop`.  "nothing" only where its insides can be seen to be empty."""
    inside: Any = loop
    try:
        if (
            len(inside._selector.get_map()) > 1 or inside._signal_handlers
        ):  # 1: its own wake-up pipe
            return "I/O"
        if inside._ready or inside._scheduled or asyncio.all_tasks(loop):
            return "callbacks"
    except AttributeError:
        return "I/O"
    return "nothing"


class Driver:
    """Keeps one callback (`turn`) scheduled with `loop` while there is something to do.

    When nothing is ready, asyncio blocks until I/O happens, our next timer is due, or `schedule` is called
    because a callback of asyncio's made something ready.
    """

    __slots__ = ("deadlock", "loop", "own", "scheduled", "target", "timer")

    loop: asyncio.AbstractEventLoop
    own: bool  # the loop belongs to `run`, which waits for `target`
    target: Promise[Any] | None
    scheduled: bool
    timer: asyncio.TimerHandle | None
    deadlock: bool  # `target` can never be resolved

    def __init__(self, loop: asyncio.AbstractEventLoop, target: Promise[Any] | None = None) -> None:
        self.loop = loop
        self.target = target
        self.own = target is not None
        self.scheduled = False
        self.timer = None
        self.deadlock = False

    def schedule(self) -> None:
        if self.scheduled:
            return
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        self.scheduled = True
        scheduler.idle = not self.own  # a loop of the user's may be closed with our callback in it
        self.loop.call_soon(self.turn)

    def turn(self) -> None:
        """Run our threads for a slice of time, then let asyncio have its turn."""
        self.scheduled = False
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        scheduler.idle = not self.own
        # Where asyncio has callbacks to run, as between a byte that arrived and its reader, one batch will do.
        deadline = monotonic() + (0.0 if getattr(self.loop, "_ready", ()) else SLICE)
        target = self.target
        until = _never if target is None else root(target)
        while True:
            if timers:
                now = scheduler.clock()
                if timers[0][0] <= now:
                    run_due(now)
            if ready and not fatal:
                run_ready(BATCH, until)
            if fatal or (target is not None and root(target)._state != PENDING):
                break
            if not ready and not (timers and timers[0][0] <= scheduler.clock()):
                break
            if monotonic() > deadline:
                break
        if self.own and (fatal or (target is not None and root(target)._state != PENDING)):
            self.loop.stop()
            scheduler.idle = True
            return
        self.rearm()
        if fatal and not self.own:
            raise_fatal()

    def rearm(self) -> None:
        if ready or self.scheduled:
            self.schedule()
            return
        scheduler.idle = True
        if timers:
            delay = max(0.0, timers[0][0] - scheduler.clock())
            if (
                scheduler.wait is not _real_wait
            ):  # a virtual clock: time jumps when nothing is ready
                scheduler.wait(delay)
                self.schedule()
            else:
                self.timer = self.loop.call_later(delay, self.turn)
        elif self.own and not scheduler.outstanding:
            self.look_for_deadlock()

    def look_for_deadlock(self) -> None:
        """Nothing of ours is left: `run` waits for something inside asyncio, or in vain."""
        left = _left_in(self.loop)
        if left == "nothing":
            self.deadlock = True
            self.loop.stop()
        elif left == "callbacks":  # they may end without telling us
            self.timer = self.loop.call_later(RECHECK, self.turn)


_real_wait = scheduler.wait
_never: Promise[Any] = pending()
