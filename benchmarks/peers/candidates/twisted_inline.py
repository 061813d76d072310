"""Generators under Twisted's inlineCallbacks."""

from collections.abc import Callable, Generator
from typing import Any

from twisted.internet.defer import Deferred, gatherResults, inlineCallbacks, succeed

from .twisted_deferreds import KINDS, run

_Thread = Generator["Deferred[Any]", Any, int]


@inlineCallbacks
def _basic(fn: Callable[[], "Deferred[Any]"], iterations: int, yields: int) -> _Thread:
    count = 0
    for _ in range(iterations):
        for _ in range(yields):
            yield fn()
        count += yields
    return count


def basic(kind: str, iterations: int, yields: int) -> int:
    return run(lambda: _basic(KINDS[kind], iterations, yields))


@inlineCallbacks
def _recurse(fn: Callable[[], "Deferred[Any]"], depth: int) -> _Thread:
    yield fn()
    if depth == 0:
        return 0
    rest = yield _recurse(fn, depth - 1)
    return depth + int(rest)


@inlineCallbacks
def _recursions(fn: Callable[[], "Deferred[Any]"], times: int, depth: int) -> _Thread:
    total = 0
    for _ in range(times):
        total += yield _recurse(fn, depth)
    return total


def recurse(kind: str, times: int, depth: int) -> int:
    return run(lambda: _recursions(KINDS[kind], times, depth))


@inlineCallbacks
def _row() -> _Thread:
    a = yield succeed(1)
    b = yield succeed(2)
    c = yield succeed(3)
    d = yield succeed(4)
    return int(a + b + c + d)


@inlineCallbacks
def _rows(count: int) -> _Thread:
    total = 0
    for _ in range(count):
        total += yield _row()
    return total


def row(count: int) -> int:
    return run(lambda: _rows(count))


@inlineCallbacks
def _inner(source: "Deferred[int]") -> _Thread:
    value = yield source
    return int(value + 1)


@inlineCallbacks
def _middle(source: "Deferred[int]") -> _Thread:
    value = yield _inner(source)
    return int(value + 1)


@inlineCallbacks
def _outer(source: "Deferred[int]") -> _Thread:
    value = yield _middle(source)
    return int(value + 1)


def park(count: int, probe: Callable[[], None]) -> int:
    def start() -> "Deferred[int]":
        sources: list[Deferred[int]] = [Deferred() for _ in range(count)]
        threads = [_outer(source) for source in sources]
        probe()
        for source in sources:
            source.callback(1)
        return gatherResults(threads).addCallback(sum)

    return run(start)
