"""Bare greenlets with a queue: what fibers cost at least."""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable
from itertools import count as counter
from typing import Any

from greenlet import getcurrent, greenlet

ready: deque[greenlet] = deque()
timers: list[tuple[float, int, greenlet]] = []
numbers = counter()
hub: greenlet = getcurrent()


def quick() -> None:
    return None


def pause() -> None:
    ready.append(getcurrent())
    hub.switch()


def sleep() -> None:
    heapq.heappush(timers, (time.monotonic(), next(numbers), getcurrent()))
    hub.switch()


KINDS: dict[str, Callable[[], None]] = {"quick": quick, "medium": pause, "slow": sleep}


def run(function: Callable[..., Any], *args: Any) -> Any:
    results: list[Any] = []
    ready.append(greenlet(lambda: results.append(function(*args)), hub))
    while ready or timers:
        now = time.monotonic() if timers else 0.0
        while timers and timers[0][0] <= now:
            ready.append(heapq.heappop(timers)[2])
        for _ in range(len(ready)):
            ready.popleft().switch()
    return results[0]


def _basic(fn: Callable[[], None], iterations: int, yields: int) -> int:
    count = 0
    for _ in range(iterations):
        for _ in range(yields):
            fn()
        count += yields
    return count


def basic(kind: str, iterations: int, yields: int) -> int:
    result: int = run(_basic, KINDS[kind], iterations, yields)
    return result


def _recurse(fn: Callable[[], None], depth: int) -> int:
    fn()
    if depth == 0:
        return 0
    return depth + _recurse(fn, depth - 1)


def _recursions(fn: Callable[[], None], times: int, depth: int) -> int:
    return sum(_recurse(fn, depth) for _ in range(times))


def recurse(kind: str, times: int, depth: int) -> int:
    result: int = run(_recursions, KINDS[kind], times, depth)
    return result


def _number(n: int) -> int:
    return n


def _row() -> int:
    return _number(1) + _number(2) + _number(3) + _number(4)


def _rows(count: int) -> int:
    return sum(_row() for _ in range(count))


def row(count: int) -> int:
    result: int = run(_rows, count)
    return result


def park(count: int, probe: Callable[[], None]) -> int:
    results: list[int] = []

    def inner() -> int:
        value: int = hub.switch()
        return value + 1

    def middle() -> int:
        value = inner()
        return value + 1

    def outer() -> None:
        value = middle()
        results.append(value + 1)

    parked = [greenlet(outer, hub) for _ in range(count)]
    for each in parked:
        each.switch()
    probe()
    for each in parked:
        each.switch(1)
    return sum(results)
