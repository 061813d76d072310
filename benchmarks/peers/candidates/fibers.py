"""Fibers of ``lwtsyntax.fiber``: plain functions that wait wherever they are, under one ``start``."""

from __future__ import annotations

from collections.abc import Callable

from lwtsyntax import runtime as Lwt
from lwtsyntax.fiber import await_, start

Wait = Callable[[], Lwt.Promise[None]]

KINDS: dict[str, Wait] = {
    "quick": lambda: Lwt.return_(None),
    "medium": Lwt.pause,
    "slow": lambda: Lwt.sleep(0.0),
}


def _basic(fn: Wait, iterations: int, yields: int) -> int:
    count = 0
    for _ in range(iterations):
        for _ in range(yields):
            await_(fn())
        count += yields
    return count


def basic(kind: str, iterations: int, yields: int) -> int:
    return Lwt.run(start(_basic, KINDS[kind], iterations, yields))


def _recurse(fn: Wait, depth: int) -> int:
    await_(fn())
    if depth == 0:
        return 0
    return depth + _recurse(fn, depth - 1)


def _recursions(fn: Wait, times: int, depth: int) -> int:
    return sum(_recurse(fn, depth) for _ in range(times))


def recurse(kind: str, times: int, depth: int) -> int:
    return Lwt.run(start(_recursions, KINDS[kind], times, depth))


def _row() -> int:
    a = await_(Lwt.return_(1))
    b = await_(Lwt.return_(2))
    c = await_(Lwt.return_(3))
    d = await_(Lwt.return_(4))
    return a + b + c + d


def _rows(count: int) -> int:
    return sum(_row() for _ in range(count))


def row(count: int) -> int:
    return Lwt.run(start(_rows, count))


def _inner(promise: Lwt.Promise[int]) -> int:
    value = await_(promise)
    return value + 1


def _middle(promise: Lwt.Promise[int]) -> int:
    value = _inner(promise)
    return value + 1


def _outer(promise: Lwt.Promise[int]) -> int:
    value = _middle(promise)
    return value + 1


def park(count: int, probe: Callable[[], None]) -> int:
    resolvers, threads = [], []
    for _ in range(count):
        promise, resolver = Lwt.wait()
        resolvers.append(resolver)
        threads.append(start(_outer, promise))
    probe()
    for resolver in resolvers:
        Lwt.wakeup(resolver, 1)
    return sum(Lwt.run(Lwt.all(threads)))
