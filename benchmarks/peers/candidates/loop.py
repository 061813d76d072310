"""No threads at all: a plain loop that calls, and a plain recursion.  The floor."""

from collections.abc import Callable


def _nothing() -> None:
    return None


def _basic(fn: Callable[[], None], iterations: int, yields: int) -> int:
    count = 0
    for _ in range(iterations):
        for _ in range(yields):
            fn()
        count += yields
    return count


def basic(kind: str, iterations: int, yields: int) -> int:
    if kind != "quick":
        raise NotImplementedError
    return _basic(_nothing, iterations, yields)


def _recurse(fn: Callable[[], None], depth: int) -> int:
    fn()
    if depth == 0:
        return 0
    return depth + _recurse(fn, depth - 1)


def recurse(kind: str, times: int, depth: int) -> int:
    if kind != "quick":
        raise NotImplementedError
    return sum(_recurse(_nothing, depth) for _ in range(times))


def _number(n: int) -> int:
    return n


def _row() -> int:
    return _number(1) + _number(2) + _number(3) + _number(4)


def row(count: int) -> int:
    return sum(_row() for _ in range(count))
