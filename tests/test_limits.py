"""As long and as deep as CPython allows: such programs are lowered, and do what they say.

What is expected comes from the same program with ``lwt`` as identity.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from harness.families import CHAINS, NESTS, PARTS, PRELUDE, chained, marked, nested, program

from lwtsyntax import runtime as Lwt
from lwtsyntax.pipeline import transform


class World:
    """The functions that a program calls, and the marks that it passed."""

    def __init__(self, make: Callable[[Callable[[], Any]], Any]) -> None:
        self.passed: list[str] = []
        self.make = make

    def names(self) -> dict[str, Any]:
        return {
            name: getattr(self, name) for name in ("add", "fail", "get", "manager", "mark", "value")
        }

    def mark(self, name: str) -> None:
        self.passed.append(name)

    def value(self, value: int, name: str) -> int:
        self.passed.append(name)
        return value

    def add(self, *values: int) -> int:
        return sum(values)

    def get(self, value: Any) -> Any:
        return self.make(lambda: value)

    def fail(self, error: Exception) -> Any:
        def raises() -> Any:
            raise error

        return self.make(raises)

    @contextlib.contextmanager
    def manager(self) -> Iterator[int]:
        self.passed.append("enter")
        yield 1
        self.passed.append("exit")


def _pending(compute: Callable[[], Any]) -> Any:
    return Lwt.map(Lwt.pause(), lambda _: compute())


def _resolved(compute: Callable[[], Any]) -> Any:
    try:
        return Lwt.return_(compute())
    except Exception as error:  # noqa: BLE001  (it becomes the rejection)
        return Lwt.fail(error)


def check(body: str, *, format: bool = False) -> None:
    """The program around *body* does the same direct, resolved and pending."""
    source = program(marked(body)[0])
    direct = World(lambda compute: compute())
    names = direct.names() | {"lwt": lambda promise: promise}
    exec(source, names)  # noqa: S102  (the program under test)
    expected = names["main"]()
    result = transform(PRELUDE + source, "limit.py", format=format)
    assert result.text is not None, result.diagnostics
    for make in (_resolved, _pending):
        world = World(make)
        names = world.names()
        exec(compile(result.text, "limit.py", "exec"), names)  # noqa: S102
        assert (Lwt.run(names["main"]()), world.passed) == (expected, direct.passed)


MARKER_FORMS = {"for_lwt", "match_lwt", "with_lwt"}  # they need more than lwt as identity


TIMES = {"wait": 1000, "binding": 1000, "if": 1000, "except": 500, "finally": 500, "with": 500}


@pytest.mark.slow
@pytest.mark.parametrize("part", [part for part in PARTS if part not in MARKER_FORMS])
def test_long_functions(part: str) -> None:
    check(PARTS[part] * TIMES.get(part, 150))


@pytest.mark.parametrize("kind", CHAINS)
def test_long_chains(kind: str) -> None:
    check(chained(kind, 200))


@pytest.mark.parametrize("kind", NESTS)
def test_deepest_nests(kind: str) -> None:
    # CPython writes the code of a ``finally`` twice for each that it stands in
    most = 12 if kind in ("finally", "cleanup") else 98
    deepest = next(depth for depth in range(most, 0, -1) if _compiles(nested(kind, depth)))
    check(nested(kind, deepest), format=True)


def test_nineteen_blocks_of_every_kind() -> None:
    kinds = ["for", "with", "try", "while", "finally", "else of try"] * 3 + ["with"]
    check(_mixture(kinds))


def test_deepest_mixture() -> None:
    blocks = ["for", "with", "try", "while"] * 4
    branches = ["if", "case", "choice or return", "if and else"]
    deep = next(n for n in range(30, 0, -1) if _compiles(_mixture(blocks + branches * n)))
    check(_mixture(blocks + branches * deep))
    check(_mixture((branches * deep)[: 3 * deep] + blocks))


def _mixture(kinds: list[str]) -> str:
    """A block of each of *kinds*, each in the one before."""
    text = "total += lwt(get(1))\nMARK\n"
    for kind in reversed(kinds):
        text = nested(kind, 1, text)
    return text


def _compiles(body: str) -> bool:
    try:
        compile(program(body), "limit.py", "exec")
    except SyntaxError:
        return False
    return True


def test_nested_functions() -> None:
    """One level less than CPython takes: the guard of a thread function is one."""
    depth = 97
    lines = [f"{' ' * level}def f{level}():\n" for level in range(depth - 1)]
    innermost = f"{' ' * (depth - 1)}mark('innermost')\n"
    calls = [f"{' ' * level}f{level}()\n" for level in reversed(range(depth - 1))]
    check("".join([*lines, innermost, *calls]) + "lwt(get(1))\n")


@pytest.mark.parametrize("kind", ["for", "with", "while"])
def test_no_level_left_for_the_guard(kind: str) -> None:
    blocks = 21 if sys.version_info >= (3, 13) else 20  # of Python's own in one function
    body = nested(kind, blocks, "MARK\n").replace("lwt(get(yes))", "yes")
    result = transform(PRELUDE + program(marked(body)[0] + "lwt(get(1))\n"), "limit.py")
    assert [each.code for each in result.diagnostics] == ["LWT003"]
