"""How a worker measures each program of its candidate: CPU time, and memory."""

from __future__ import annotations

import gc
import os
import selectors
import subprocess
import sys
import time
import tracemalloc
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from types import ModuleType
from typing import Any

from .load import MESSAGE

__all__ = ["PROGRAMS", "load"]

_LEAST = 0.02  # seconds that a sample lasts at least

Measured = dict[str, float]


def _sample(run: Callable[[], int], expected: int, units: int) -> Measured:
    """CPU nanoseconds a unit, of a run that gives what is expected."""
    times = 0
    started = time.process_time()
    while True:
        _check(run(), expected)
        times += 1
        spent = time.process_time() - started
        if spent >= _LEAST:
            return {"ns": spent / (times * units) * 1e9}


def _check(result: int, expected: int) -> None:
    if result != expected:
        raise AssertionError(f"{result} instead of {expected}")


def _basic(module: ModuleType, kind: str, yields: int, units: int) -> Measured:
    iterations = max(1, units // yields)
    waits = iterations * yields
    return _sample(lambda: module.basic(kind, iterations, yields), waits, waits)


def _recurse(module: ModuleType, kind: str, depth: int, units: int) -> Measured:
    times = max(1, units // depth)
    total = times * depth * (depth + 1) // 2
    return _sample(lambda: module.recurse(kind, times, depth), total, times * (depth + 1))


def _row(module: ModuleType, _: str, count: int, units: int) -> Measured:
    return _sample(lambda: module.row(count), 10 * count, units)


def _tail(module: ModuleType, _: str, count: int, units: int) -> Measured:
    return _sample(lambda: module.tail(count), count, units)


def _park(module: ModuleType, _: str, count: int, units: int) -> Measured:
    """What it takes to start a thread, to wake it, and what the process grows by for each that waits.

    Collections of garbage that the number of threads causes are part of that.
    """
    marks: list[float] = []
    sizes: list[int] = []

    def probe() -> None:
        marks.append(time.process_time())
        sizes.append(_resident())
        marks.append(time.process_time())

    before = _resident()
    started = time.process_time()
    _check(module.park(count, probe), 4 * count)
    wake = time.process_time() - marks[1]
    measured = {"ns": (marks[0] - started) / units * 1e9, "wake": wake / units * 1e9}
    if before:
        measured["resident"] = (sizes[0] - before) / units
    return measured


def _watched(module: ModuleType, kind: str, waits: int, units: int) -> Measured:
    """What a wait takes while another thread waits for input, which arrives at the end."""
    run = lambda: module.polled(kind, waits, waits, lambda: None, lambda count: None)  # noqa: E731
    return _sample(run, 1, units)


def _polled(module: ModuleType, kind: str, waits: int, units: int) -> Measured:
    """What a wait takes while another thread waits for input; the longest that input had to wait, and, in a second
    run, the longest between two looks at it (where that can be seen: in Python's own selectors).  All in CPU time."""
    sent: deque[float] = deque()
    delays: list[float] = []

    def arrived(count: int) -> None:
        now = time.process_time()
        delays.extend(now - sent.popleft() for _ in range(count))

    def run() -> None:
        note = lambda: sent.append(time.process_time())  # noqa: E731
        _check(module.polled(kind, waits, EVERY, note, arrived), waits // EVERY)

    started = time.process_time()
    run()
    spent = time.process_time() - started
    measured = {"ns": spent / units * 1e9, "delay": max(delays) * 1e9}
    looks = _looks_at_input(run)
    if len(looks) > 1:
        measured["gap"] = max(after - before for before, after in pairwise(looks)) * 1e9
    return measured


EVERY = 100  # so many waits for one byte


def _looks_at_input(run: Callable[[], None]) -> list[float]:
    """When a selector looked, while that ran."""
    looks: list[float] = []
    selector: Any = selectors.DefaultSelector
    select = selector.select

    def noted(self: object, timeout: float | None = None) -> object:
        looks.append(time.process_time())
        return select(self, timeout)

    selector.select = noted
    try:
        run()
    finally:
        selector.select = select
    return looks


def _echo(module: ModuleType, _: str, connections: int, rounds: int) -> Measured:
    """CPU nanoseconds of the server for one message."""
    marks: list[float] = []
    messages = connections * rounds
    with load(connections, rounds) as start:

        def started(port: int) -> None:
            start(port)
            marks.append(time.process_time())

        _check(module.echo(connections, started), messages * MESSAGE)
    return {"ns": (time.process_time() - marks[0]) / messages * 1e9}


@contextmanager
def load(connections: int, rounds: int) -> Iterator[Callable[[int], None]]:
    """A process that puts a server under load as soon as it is told the port."""
    command = [sys.executable, "-m", f"{__package__}.load", str(connections), str(rounds)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdout.readline()  # it is ready

        def start(port: int) -> None:
            assert process.stdin is not None
            process.stdin.write(f"{port}\n")
            process.stdin.flush()

        try:
            yield start
        finally:
            process.kill()


def _resident() -> int:
    """Bytes of memory that the process has, where the system says so."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _weigh(module: ModuleType, _: str, count: int, units: int) -> Measured:
    """The bytes of a thread that waits, as Python's allocator counts them."""
    sizes: list[int] = []

    def probe() -> None:
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0])

    tracemalloc.start()
    try:
        _check(module.park(count, probe), 4 * count)
    finally:
        tracemalloc.stop()
    return {"bytes": sizes[0] / units}


PROGRAMS: dict[str, tuple[str, Callable[[ModuleType, str, int, int], Measured]]] = {
    "basic": ("basic", _basic),
    "recurse": ("recurse", _recurse),
    "row": ("row", _row),
    "tail": ("tail", _tail),
    "park": ("park", _park),
    "weigh": ("park", _weigh),
    "watched": ("polled", _watched),
    "polled": ("polled", _polled),
    "echo": ("echo", _echo),
}  # program -> the function of the candidate that it takes, and how it is measured
