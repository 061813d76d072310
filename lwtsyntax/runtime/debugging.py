"""The debug mode: it tells of promises that nobody waits for, and of threads that hold the loop.

It costs nothing while it is off: switched on, it puts checking functions in the place of those that make
the promises of threads, and of the two that resume threads.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from opcode import opmap
from time import perf_counter
from types import CodeType, FrameType
from typing import Any, Final

from . import running
from .places import RUNTIME, located, place_of
from .promise import PENDING, Promise
from .scheduler import ready, run_due, run_ready, timers

LONGEST: Final = 0.1  # seconds that a thread may hold the loop before it is reported

_CHECKED: Final = (
    "bind",
    "map",
    "returning",
    "for_each",
    "while_",
    "try_",
    "try_star",
    "finalize",
    "using",
    "using_lwt",
    "try_bind",
    "catch",
    "promise",
)  # what a thread function may end in
_NOTHING: Final = (opmap["CACHE"], opmap["NOP"])

_originals: dict[str, Callable[..., Any]] = {}


def debug(on: bool = True) -> None:
    """Switch the debug mode on or off; the environment variable LWTSYNTAX_DEBUG=1 switches it on at once.

    It reports on stderr, with the line: a promise of a thread that is dropped where it is made, as by the
    statement `f()`, while it is pending (`_ = f()` says that it is meant); and a thread that holds the main
    loop for more than 100 ms.  An interrupted main loop prints what `dump` prints.
    """
    runtime = sys.modules[__name__.rpartition(".")[0]]
    if on == is_on():
        return
    if on:
        for name in _CHECKED:
            original = _originals[name] = getattr(runtime, name)
            setattr(runtime, name, _checking(original))
    else:
        for name, original in _originals.items():
            setattr(runtime, name, original)
        _originals.clear()
    from . import driving  # which imports asyncio

    for module in (running, driving):
        module.run_ready = _timed_ready if on else run_ready  # type: ignore[attr-defined]
        module.run_due = _timed_due if on else run_due  # type: ignore[attr-defined]
    running.on_interrupt = _dump if on else None


def is_on() -> bool:
    return bool(_originals)


def _dump() -> None:
    from .dumping import dump

    dump()


# -- promises that are dropped ----------------------------------------------------------------------


def _checking(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def checked(*args: Any, **kwargs: Any) -> Any:
        p = original(*args, **kwargs)
        if type(p) is Promise and p._state == PENDING:
            frame: FrameType | None = sys._getframe(1)
            while frame is not None and _next_operation(frame) == opmap["RETURN_VALUE"]:
                frame = frame.f_back
            if frame is not None and _next_operation(frame) == opmap["POP_TOP"]:
                _report_dropped(frame)
        return p

    return checked


def _next_operation(frame: FrameType) -> int | None:
    """What the code of `frame`, which is in a call, does with its result."""
    code = frame.f_code
    if code.co_filename.startswith(RUNTIME):
        return None
    operations = code.co_code
    following = frame.f_lasti + 2
    while operations[following] in _NOTHING:
        following += 2
    return operations[following]


def _report_dropped(frame: FrameType) -> None:
    code = frame.f_code
    _say(
        "A promise is dropped without being waited for",
        f'  File "{code.co_filename}", line {frame.f_lineno}, in {code.co_name}',
    )


def _say(*lines: str) -> None:
    if sys.stderr is not None:
        print(*lines, sep="\n", file=sys.stderr)


# -- threads that hold the loop ---------------------------------------------------------------------


def _timed_ready(most: int, target: Promise[Any] | None = None) -> None:
    """`run_ready`, one thread at a time."""
    for _ in range(min(most, len(ready))):
        if not ready:
            return
        _timed(ready[0], lambda: run_ready(1))


def _timed_due(now: float) -> None:
    _timed(timers[0][2], lambda: run_due(now))


def _timed(p: Promise[Any], resume: Callable[[], None]) -> None:
    waiters = p._callbacks
    places = [place_of(each) for each in (waiters if type(waiters) is list else [waiters])]
    start = perf_counter()
    resume()
    took = perf_counter() - start
    if took > LONGEST:
        _say(f"A thread held the main loop for {took:.3f} s", *map(_resumed, filter(None, places)))


def _resumed(place: CodeType) -> str:
    filename, line, name, _ = located(place, [])
    return f'  resumed at File "{filename}", line {line}, in {name}'
