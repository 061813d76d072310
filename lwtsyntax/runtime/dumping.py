"""`dump`: which threads are parked, where, and what for."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Iterator
from os.path import dirname
from types import FrameType
from typing import Any, Final, TextIO

from .places import RUNTIME, located, place_of
from .promise import FORWARD, PENDING, TASK, Promise, root
from .scheduler import ready, scheduler, timers

MOST_LEVELS: Final = 50  # of one thread that are shown

_INDENT: Final = "   "
_OWN: Final = (dirname(RUNTIME[0]), RUNTIME[1])  # the package; compiled code


def dump(file: TextIO | None = None) -> None:
    """Print the threads that are parked, as trees: each line that waits, below it what it waits for.

    Goes to `file`, stderr by default.  Threads that are parked at the same places are printed once, with
    their number.  It looks through all objects there are, so it takes its time.
    """
    out = sys.stderr if file is None else file
    threads = Counter("\n".join(_tree(p)) for p in _threads())
    count = threads.total()
    print(f"{count} thread{'' if count == 1 else 's'} parked", file=out)
    for text, times in threads.items():
        print(f"\n{times} times:\n{text}" if times > 1 else f"\n{text}", file=out)


def _threads() -> list[Promise[Any]]:
    """The pending promises that wait for something and that no other one waits for, in order of creation
    (as far as the garbage collector knows it)."""
    waiting = [
        p for p in gc.get_objects() if type(p) is Promise and p._state == PENDING and _operands(p)
    ]
    awaited = {id(root(operand)) for p in waiting for operand in _operands(_present(p))}
    return [p for p in waiting if id(p) not in awaited]


def _present(p: Promise[Any]) -> Promise[Any]:
    """Where the thread of `p` is now: in the last of the promises that `p` was handed on to."""
    while True:
        on = getattr(p, "_waits_on", None)
        if type(on) is not Promise or on._state != FORWARD or root(on) is not root(p):
            return p
        p = on


def _operands(p: Promise[Any]) -> tuple[Promise[Any], ...]:
    on = getattr(p, "_waits_on", None)
    if type(on) is tuple:
        return tuple(each for each in on if root(each)._state == PENDING)
    return (on,) if type(on) is Promise else ()


def _tree(thread: Promise[Any]) -> Iterator[str]:
    """The lines of one thread."""
    todo = [(thread, 0)]
    seen: set[int] = set()
    while todo:
        p, level = todo.pop()
        p = _present(root(p))
        indent = _INDENT * level
        if level > MOST_LEVELS:
            yield f"{indent}…"
            continue
        operands = _operands(p)
        if not operands:
            yield f"{indent}waits for {_reason(p)}"
            continue
        for filename, line, name in _entries(p, operands):
            yield f'{indent}File "{filename}", line {line}, in {name}'
            import linecache  # which is slow to import

            text = linecache.getline(filename, line).strip()
            if text:
                yield f"{indent}  {text}"
            level += 1
        if id(p) in seen:
            yield f"{_INDENT * level}(see above)"
            continue
        seen.add(id(p))
        todo += [(operand, level) for operand in reversed(operands)]


def _entries(p: Promise[Any], operands: tuple[Promise[Any], ...]) -> Iterator[tuple[str, int, str]]:
    """File, line and function of what waits: one entry or, where the wait is that of a region around the one that
    parks it, none; of a thread that waits on a stack of its own, all its frames."""
    frame = getattr(getattr(p, "_k", None), "gr_frame", None)
    if frame is not None:
        yield from _stack(frame)
        return
    place = place_of(p)
    if place is None:
        return
    inner = [place_of(_present(root(operand))) for operand in operands]
    filename, line, name, adds = located(place, inner)
    if adds:
        yield filename, line, name


def _stack(frame: FrameType | None) -> list[tuple[str, int, str]]:
    """The frames of a stack that are the user's, outermost first."""
    found = []
    while frame is not None:
        if not frame.f_code.co_filename.startswith(_OWN):
            found.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back
    return found[::-1]


def _reason(p: Promise[Any]) -> str:
    """What a thread waits for in the end."""
    on = getattr(p, "_waits_on", None)
    if on is None:
        return "a promise that somebody is to resolve"
    if on is not TASK:
        return repr(on)
    due = next((due for due, _, sleeper in timers if sleeper is p), None)
    if due is not None:
        return f"a sleep with {max(0.0, due - scheduler.clock()):.3g} s left"
    return (
        "its turn (pause)"
        if any(each is p for each in ready)
        else "a task that somebody is to resolve"
    )
