"""Greenlets under gevent's hub."""

from collections.abc import Callable

import gevent
from gevent.event import AsyncResult

gevent.get_hub().NOT_ERROR += (RecursionError,)  # which is expected: do not print it

KINDS: dict[str, Callable[[], None]] = {
    "quick": lambda: None,
    "medium": lambda: gevent.sleep(0),
    "slow": lambda: gevent.sleep(1e-9),
}


def _basic(fn: Callable[[], None], iterations: int, yields: int) -> int:
    count = 0
    for _ in range(iterations):
        for _ in range(yields):
            fn()
        count += yields
    return count


def basic(kind: str, iterations: int, yields: int) -> int:
    return gevent.spawn(_basic, KINDS[kind], iterations, yields).get()


def _recurse(fn: Callable[[], None], depth: int) -> int:
    fn()
    if depth == 0:
        return 0
    return depth + _recurse(fn, depth - 1)


def _recursions(fn: Callable[[], None], times: int, depth: int) -> int:
    return sum(_recurse(fn, depth) for _ in range(times))


def recurse(kind: str, times: int, depth: int) -> int:
    return gevent.spawn(_recursions, KINDS[kind], times, depth).get()


def _number(n: int) -> int:
    return n


def _row() -> int:
    return _number(1) + _number(2) + _number(3) + _number(4)


def _rows(count: int) -> int:
    return sum(_row() for _ in range(count))


def row(count: int) -> int:
    return gevent.spawn(_rows, count).get()


def _inner(result: "AsyncResult[int]") -> int:
    value = result.get()
    return value + 1


def _middle(result: "AsyncResult[int]") -> int:
    value = _inner(result)
    return value + 1


def _outer(result: "AsyncResult[int]") -> int:
    value = _middle(result)
    return value + 1


def park(count: int, probe: Callable[[], None]) -> int:
    results, greenlets = [], []
    for _ in range(count):
        result: AsyncResult[int] = AsyncResult()
        results.append(result)
        greenlets.append(gevent.spawn(_outer, result))
    gevent.sleep(0)
    probe()
    for result in results:
        result.set(1)
    gevent.joinall(greenlets)
    return sum(each.value for each in greenlets)
