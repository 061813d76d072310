"""Greenlets under gevent's hub."""

from collections.abc import Callable

import gevent
from gevent.event import AsyncResult

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


def recurse(kind: str, depth: int) -> int:
    return gevent.spawn(_recurse, KINDS[kind], depth).get()


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
