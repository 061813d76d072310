"""How a worker measures each program of its candidate: CPU time, and memory."""

from __future__ import annotations

import gc
import os
import time
import tracemalloc
from collections.abc import Callable
from types import ModuleType

__all__ = ["PROGRAMS"]

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
}  # program -> the function of the candidate that it takes, and how it is measured
