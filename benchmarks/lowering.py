"""What lowered code costs beside the best that can be written by hand: `python -m benchmarks.lowering`.

All waits are for promises that are resolved, so that nothing but the code between them is timed.  CPU nanoseconds a
wait (the least of several rounds; the columns alternate), and ratios to asyncio.  *lowered* is what `lwtsyntax
transform` writes, *imported* what the import hook compiles; *by hand* the best bind chain we know; *two versions* what a compiler could make that
keeps the direct code for resolved promises beside the chain for pending ones.  At the end, what a wait for a
resolved promise consists of.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Callable
from types import FunctionType
from typing import Any

from lwtsyntax import runtime as Lwt
from lwtsyntax import transform
from lwtsyntax.compiling import compile_result
from lwtsyntax.runtime.promise import FULFILLED, Promise

DIRECT = """
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt

ONE = Lwt.return_(1)


def get():
    return ONE


@lwt
def row(n):
    for _ in range(n):
        lwt(four())


@lwt
def four():
    a = lwt(get())
    b = lwt(get())
    c = lwt(get())
    d = lwt(get())
    return a + b + c + d


@lwt
def loop(n):
    total = 0
    for _ in range(n):
        total += lwt(get())
    return total


@lwt
def joins(n):
    total = 0
    for i in range(n):
        if i & 1:
            a = lwt(get())
        else:
            a = 2
            lwt(get())
        total += a
    return total


@lwt
def tries(n):
    total = 0
    for _ in range(n):
        try:
            total += lwt(get())
        except KeyError:
            total = 0
    return total


@lwt
def recursion(n):
    for _ in range(n // 100):
        lwt(depth(100))


@lwt
def depth(n):
    if n == 0:
        return 0
    return lwt(get()) + lwt(depth(n - 1))
"""

ONE = Lwt.return_(1)


def get() -> Promise[int]:
    return ONE


def loop_by_hand(n: int) -> Promise[int]:
    """The continuation, which knows nothing of the round, is made once."""
    total = 0

    def add(value: int) -> None:
        nonlocal total
        total += value

    rounds = Lwt.for_each(range(n), lambda _: Lwt.map(get(), add))
    return Lwt.map(rounds, lambda _: total)


def tries_by_hand(n: int) -> Promise[int]:
    total = 0

    def add(value: int) -> None:
        nonlocal total
        total += value

    def body() -> Promise[None]:
        return Lwt.map(get(), add)

    def on_error() -> None:
        nonlocal total
        try:
            raise  # noqa: PLE0704 - the error that is being handled when this is called
        except KeyError:
            total = 0

    rounds = Lwt.for_each(range(n), lambda _: Lwt.try_(body, on_error))
    return Lwt.map(rounds, lambda _: total)


def row_in_two_versions(n: int) -> Promise[None]:
    return Lwt.for_each(range(n), lambda _: four_in_two_versions())


def four_in_two_versions() -> Promise[int]:
    """Direct code, which leaves for a chain of continuations at the first promise that is pending."""
    a = b = c = 0

    def with_a(value: int) -> Promise[int]:
        nonlocal a
        a = value
        return Lwt.bind(get(), with_b)

    def with_b(value: int) -> Promise[int]:
        nonlocal b
        b = value
        return Lwt.bind(get(), with_c)

    def with_c(value: int) -> Promise[int]:
        nonlocal c
        c = value
        return Lwt.map(get(), with_d)

    def with_d(d: int) -> int:
        return a + b + c + d

    try:
        p = get()
        if type(p) is not Promise or p._state != FULFILLED:
            return Lwt.bind(p, with_a)
        a = p._value
        p = get()
        if type(p) is not Promise or p._state != FULFILLED:
            return Lwt.bind(p, with_b)
        b = p._value
        p = get()
        if type(p) is not Promise or p._state != FULFILLED:
            return Lwt.bind(p, with_c)
        c = p._value
        p = get()
        if type(p) is not Promise or p._state != FULFILLED:
            return Lwt.map(p, with_d)
        return Lwt.return_(a + b + c + p._value)
    except BaseException as error:  # noqa: BLE001 - as lowered code has it
        return Lwt.failed(error)


def lowered(source: str) -> dict[str, Any]:
    text = transform(source, "direct.py").text
    assert text is not None
    namespace: dict[str, Any] = {}
    exec(compile(text, "lowered.py", "exec"), namespace)  # noqa: S102 - our own output
    return namespace


def imported(source: str) -> dict[str, Any]:
    code = compile_result(transform(source, "direct.py", format=False), "direct.py")
    namespace: dict[str, Any] = {}
    exec(code, namespace)  # noqa: S102 - as above
    return namespace


def coroutines(source: str) -> dict[str, Any]:
    """The same program as asyncio's users write it."""
    text = transform(source, "direct.py", target="async").text
    assert text is not None
    text = text.replace("def get():", "async def get():").replace("return ONE", "return 1")
    namespace: dict[str, Any] = {}
    exec(compile(text, "native.py", "exec"), namespace)  # noqa: S102
    return namespace


# program -> waits a round of its loop; other ways to write it
ROWS: dict[str, tuple[int, dict[str, Callable[[int], Any]]]] = {
    "row": (4, {"two versions": row_in_two_versions}),
    "loop": (1, {"by hand": loop_by_hand}),
    "joins": (1, {}),
    "tries": (1, {"by hand": tries_by_hand}),
    "recursion": (2, {}),
}


# What a wait is made of, each written out so that the interpreter can specialise it.
PIECES = {
    "a coroutine that returns at once, awaited": "async def run(n):\n for _ in range(n): await value(1)",
    "a thread function that returns at once": "def run(n):\n for _ in range(n): number(1)",
    "a closure": "def run(n, x=1):\n for _ in range(n): lambda value: x\n return lambda: x",
    "its call": "def run(n):\n for _ in range(n): k(1)",
    "bind, and the call in it": "def run(n):\n for _ in range(n): bind(one, k)",
}


async def value(v: int) -> int:
    return v


def number(n: int) -> Promise[int]:
    try:
        return Lwt.return_(n)
    except BaseException as error:  # noqa: BLE001 - as lowered code has it
        return Lwt.failed(error)


def pieces(rounds: int) -> dict[str, float]:
    """CPU nanoseconds of each piece, the loop around it left out."""
    n = 50_000
    names = {"value": value, "number": number, "bind": Lwt.bind, "one": ONE, "k": lambda _: ONE}
    runs: dict[str, Callable[[int], Any]] = {}
    for name, text in {"": "def run(n):\n for _ in range(n): pass", **PIECES}.items():
        namespace = {**names}
        exec(text, namespace)  # noqa: S102
        run: Any = namespace["run"]
        runs[name] = (lambda n, f=run: asyncio.run(f(n))) if "async" in text else run
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(rounds):
        for name, way in runs.items():
            best[name] = min(best[name], cost(way, n, n))
    return {name: best[name] - best[""] for name in PIECES}


def cost(way: Callable[[int], object], n: int, waits: int) -> float:
    started = time.process_time()
    way(n)
    return (time.process_time() - started) / waits * 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    ours, hooked, native = lowered(DIRECT), imported(DIRECT), coroutines(DIRECT)
    core = "pure Python" if isinstance(Lwt.bind, FunctionType) else "compiled"
    print(
        f"CPython {sys.version.split()[0]}, runtime {core}; CPU ns a wait, least of {rounds} rounds, (ratio)"
    )
    for name, (waits, others) in ROWS.items():
        ways: dict[str, Callable[[int], Any]] = {
            "asyncio": lambda n, f=native[name]: asyncio.run(f(n)),
            "lowered": lambda n, f=ours[name]: Lwt.run(f(n)),
            "imported": lambda n, f=hooked[name]: Lwt.run(f(n)),
            **{how: lambda n, f=f: Lwt.run(f(n)) for how, f in others.items()},
        }
        n = 20_000 // waits
        best = dict.fromkeys(ways, float("inf"))
        for _ in range(rounds):
            for how, way in ways.items():
                best[how] = min(best[how], cost(way, n, n * waits))
        cells = [f"{how} {ns:.0f} ({ns / best['asyncio']:.2f})" for how, ns in best.items()]
        print(f"{name:10}", "   ".join(cells))
    print("\nCPU ns:", ", ".join(f"{name} {ns:.0f}" for name, ns in pieces(rounds).items()))


if __name__ == "__main__":
    main()
