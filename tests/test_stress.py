"""No stack growth: a million rounds, and recursion to a hundred thousand.

Each runs through the transformer at the default recursion limit, with its promises resolved and
with its promises pending (each wait is a ``pause``).
"""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.pipeline import transform

resolved_and_pending = pytest.mark.parametrize(
    "pending", [False, True], ids=["resolved", "pending"]
)

PRELUDE = "from lwtsyntax import for_lwt, lwt\n"


def compiled(source: str, pending: bool = False) -> dict[str, Any]:
    """The names of *source*, transformed; ``get(x)`` gives a promise of x."""
    assert sys.getrecursionlimit() == 1000
    result = transform(PRELUDE + source, "stress.py")
    assert result.text is not None, result.diagnostics
    namespace: dict[str, Any] = {"get": _later if pending else Lwt.return_}
    exec(compile(result.text, "stress.py", "exec"), namespace)  # noqa: S102  (under test)
    return namespace


def _later(value: Any = None) -> Any:
    return Lwt.map(Lwt.pause(), lambda _: value)


def finished(promise: Any, pending: bool) -> Any:
    """The value of *promise*, which must be there at once where nothing is pending."""
    if not pending:
        assert not Lwt.is_sleeping(promise)
    return Lwt.run(promise)


def kilobytes_kept(run: Callable[[], object]) -> float:
    """The peak of what *run* allocates."""
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1024


LOOPS = {
    "for": """
@lwt
def main(n):
    total = 0
    for i in range(n):
        total += lwt(get(1))
    return total
""",
    "while": """
@lwt
def main(n):
    total = 0
    while total < n:
        total += lwt(get(1))
    return total
""",
    "while true": """
@lwt
def main(n):
    total = 0
    while True:
        total += lwt(get(1))
        if total == n:
            return total
""",
    "tail call": """
@lwt
def main(n, total=0):
    if total == n:
        return total
    lwt(get(1))
    return lwt(main(n, total + 1))
""",
    "try": """
@lwt
def main(n):
    total = 0
    for i in range(n):
        try:
            total += lwt(get(1))
        finally:
            pass
    return total
""",
}


@pytest.mark.slow
@resolved_and_pending
@pytest.mark.parametrize("name", LOOPS)
def test_million_rounds(name: str, pending: bool) -> None:
    main = compiled(LOOPS[name], pending)["main"]
    assert finished(main(1_000_000), pending) == 1_000_000


@resolved_and_pending
@pytest.mark.parametrize("name", LOOPS)
def test_rounds_keep_nothing(name: str, pending: bool) -> None:
    main = compiled(LOOPS[name], pending)["main"]
    finished(main(2_000), pending)
    assert kilobytes_kept(lambda: finished(main(20_000), pending)) < 200


RECURSIONS = {
    "wait first": """
@lwt
def depth(n):
    lwt(get(n))
    if n == 0:
        return 0
    below = lwt(depth(n - 1))
    return below + 1
""",
    "recursion first": """
@lwt
def depth(n):
    return 0 if n == 0 else lwt(depth(n - 1)) + 1
""",
    "recursion first, then a wait": """
@lwt
def depth(n):
    if n == 0:
        return lwt(get(0))
    below = lwt(depth(n - 1))
    return below + lwt(get(1))
""",
    "through a loop": """
@lwt
def depth(n):
    total = 0
    for i in range(2):
        lwt(get(i))
        if i == 1 and n > 0:
            total += lwt(depth(n - 1)) + 1
    return total
""",
    "through a loop and five native frames": """
def native(k, n):
    return native(k - 1, n) if k else depth(n)

@lwt
def depth(n):
    total = 0
    for i in range(2):
        lwt(get(i))
        if i == 1 and n > 0:
            total += lwt(native(5, n - 1)) + 1
    return total
""",
    "through finally": """
@lwt
def depth(n):
    try:
        if n > 0:
            return lwt(depth(n - 1)) + 1
        return lwt(get(0))
    finally:
        lwt(get(n))
""",
    "through a method": """
class Node:
    @lwt
    def depth(self, n):
        return 0 if n == 0 else lwt(self.depth(n - 1)) + 1

depth = Node().depth
""",
}


@pytest.mark.slow
@resolved_and_pending
@pytest.mark.parametrize("name", RECURSIONS)
def test_recursion_to_a_hundred_thousand(name: str, pending: bool) -> None:
    depth = compiled(RECURSIONS[name], pending)["depth"]
    assert finished(depth(100_000), pending) == 100_000


@pytest.mark.slow
@pytest.mark.parametrize("link", ["_value", "_k", "_callbacks"])
def test_a_chain_of_a_million_promises_is_freed(link: str) -> None:
    first = None
    for _ in range(1_000_000):
        p, _ = Lwt.wait()
        setattr(p, link, first)
        first = p
    del p, first, _
    gc.collect()
