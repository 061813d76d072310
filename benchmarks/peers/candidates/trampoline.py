"""Plain generators on a trampoline: a scheduler of twenty lines, which keeps the stack of each thread itself."""

from __future__ import annotations

import heapq
import time
from collections import deque
from collections.abc import Callable, Generator
from itertools import count as counter
from types import GeneratorType
from typing import Any

# What a thread yields: another generator to run and wait for, or a request.
Thread = Generator[Any, Any, Any]
Request = Callable[["Loop", list[Thread]], None]


class Loop:
    def __init__(self) -> None:
        self.ready: deque[tuple[list[Thread], Any]] = deque()
        self.timers: list[tuple[float, int, list[Thread]]] = []
        self.numbers = counter()

    def run(self, thread: Thread) -> Any:
        stack = [thread]
        self.ready.append((stack, None))
        result = None
        while self.ready or self.timers:
            now = time.monotonic() if self.timers else 0.0
            while self.timers and self.timers[0][0] <= now:
                self.ready.append((heapq.heappop(self.timers)[2], None))
            for _ in range(len(self.ready)):
                stack, value = self.ready.popleft()
                result = self.step(stack, value)
        return result

    def step(self, stack: list[Thread], value: Any) -> Any:
        """Run a thread up to its next request, or its end."""
        while stack:
            try:
                wanted = stack[-1].send(value)
            except StopIteration as end:
                stack.pop()
                value = end.value
                continue
            if type(wanted) is GeneratorType:
                stack.append(wanted)
                value = None
            else:
                wanted(self, stack)
                return None
        return value


def pause(loop: Loop, stack: list[Thread]) -> None:
    loop.ready.append((stack, None))


def sleep(loop: Loop, stack: list[Thread]) -> None:
    heapq.heappush(loop.timers, (time.monotonic(), next(loop.numbers), stack))


def quick() -> Thread:
    return None
    yield


KINDS: dict[str, Callable[[], Any]] = {
    "quick": quick,
    "medium": lambda: pause,
    "slow": lambda: sleep,
}


def _basic(fn: Callable[[], Any], iterations: int, yields: int) -> Thread:
    count = 0
    for _ in range(iterations):
        for _ in range(yields):
            yield fn()
        count += yields
    return count


def basic(kind: str, iterations: int, yields: int) -> int:
    result: int = Loop().run(_basic(KINDS[kind], iterations, yields))
    return result


def _recurse(fn: Callable[[], Any], depth: int) -> Thread:
    yield fn()
    if depth == 0:
        return 0
    return depth + (yield _recurse(fn, depth - 1))


def _recursions(fn: Callable[[], Any], times: int, depth: int) -> Thread:
    total = 0
    for _ in range(times):
        total += yield _recurse(fn, depth)
    return total


def recurse(kind: str, times: int, depth: int) -> int:
    result: int = Loop().run(_recursions(KINDS[kind], times, depth))
    return result


def _number(n: int) -> Thread:
    return n
    yield


def _row() -> Thread:
    a = yield _number(1)
    b = yield _number(2)
    c = yield _number(3)
    d = yield _number(4)
    return a + b + c + d


def _rows(count: int) -> Thread:
    total = 0
    for _ in range(count):
        total += yield _row()
    return total


def row(count: int) -> int:
    result: int = Loop().run(_rows(count))
    return result


def _inner(parked: list[list[Thread]]) -> Thread:
    value = yield lambda loop, stack: parked.append(stack)
    return value + 1


def _middle(parked: list[list[Thread]]) -> Thread:
    value = yield _inner(parked)
    return value + 1


def _outer(parked: list[list[Thread]], results: list[int]) -> Thread:
    value = yield _middle(parked)
    results.append(value + 1)


def park(count: int, probe: Callable[[], None]) -> int:
    loop = Loop()
    parked: list[list[Thread]] = []
    results: list[int] = []
    for _ in range(count):
        loop.step([_outer(parked, results)], None)
    probe()
    for stack in parked:
        loop.step(stack, 1)
    return sum(results)
