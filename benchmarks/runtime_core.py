"""What the runtime's operations cost, beside asyncio's, in one run: `python benchmarks/runtime_core.py`.

CPU nanoseconds for one operation (the least of several rounds; the two sides of a row alternate), and the
ratio to asyncio in that row.  Run it on an idle core (`taskset -c 1`); compare ratios, not nanoseconds.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable

from lwtsyntax import runtime as Lwt

# Ours


def resolved_constant(n: int) -> None:
    def fn() -> Lwt.Promise[None]:
        return Lwt.unit

    Lwt.for_each(range(n), lambda _: fn())


def resolved_fresh(n: int) -> None:
    def fn() -> Lwt.Promise[str]:
        return Lwt.return_("x")

    Lwt.for_each(range(n), lambda _: fn())


def bind_resolved(n: int) -> None:
    p, bind, unit = Lwt.return_("x"), Lwt.bind, Lwt.unit
    for _ in range(n):
        bind(p, lambda _: unit)


def paused(n: int) -> None:
    Lwt.run(Lwt.for_each(range(n), lambda _: Lwt.pause()))


def paused_1000(n: int) -> None:
    Lwt.run(Lwt.join([Lwt.for_each(range(n // 1000), lambda _: Lwt.pause()) for _ in range(1000)]))


def slept(n: int) -> None:
    Lwt.run(Lwt.for_each(range(n), lambda _: Lwt.sleep(0.0)))


def depth_resolved(n: int) -> None:
    def depth(k: int) -> Lwt.Promise[int]:
        return Lwt.return_(0) if k == 0 else Lwt.map(Lwt.call(depth, k - 1), lambda v: v + 1)

    for _ in range(n // 200):
        depth(200)


def depth_paused(n: int) -> None:
    def depth(k: int) -> Lwt.Promise[int]:
        if k == 0:
            return Lwt.return_(0)
        return Lwt.bind(Lwt.pause(), lambda _: Lwt.map(depth(k - 1), lambda v: v + 1))

    for _ in range(n // 200):
        Lwt.run(depth(200))


# asyncio


async def value(v: object) -> object:
    return v


def a_resolved(n: int) -> None:
    async def main() -> None:
        for _ in range(n):
            await value(None)

    asyncio.run(main())


async def a_rounds(n: int) -> None:
    for _ in range(n):
        await asyncio.sleep(0)


def a_paused(n: int) -> None:
    asyncio.run(a_rounds(n))


def a_paused_1000(n: int) -> None:
    async def main() -> None:
        await asyncio.gather(*[a_rounds(n // 1000) for _ in range(1000)])

    asyncio.run(main())


def a_slept(n: int) -> None:
    async def main() -> None:
        for _ in range(n):
            await asyncio.sleep(1e-9)

    asyncio.run(main())


def a_depth(pausing: bool) -> Callable[[int], None]:
    async def depth(k: int) -> int:
        if k == 0:
            return 0
        if pausing:
            await asyncio.sleep(0)
        return await depth(k - 1) + 1

    async def main(n: int) -> None:
        for _ in range(n // 200):
            await depth(200)

    return lambda n: asyncio.run(main(n))


ROWS = [
    ("for_each, shared constant", resolved_constant, a_resolved, 200_000),
    ("for_each, fresh promise", resolved_fresh, a_resolved, 200_000),
    ("bind on a resolved promise", bind_resolved, a_resolved, 200_000),
    ("pause, one thread", paused, a_paused, 50_000),
    ("pause, 1000 threads", paused_1000, a_paused_1000, 100_000),
    ("sleep(0.0)", slept, a_slept, 20_000),
    ("200 deep, resolved", depth_resolved, a_depth(False), 50_000),
    ("200 deep, each level pauses", depth_paused, a_depth(True), 20_000),
]


def cost(f: Callable[[int], None], n: int) -> float:
    started = time.process_time()
    f(n)
    return (time.process_time() - started) / n * 1e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(f"CPython {sys.version.split()[0]}; CPU ns an operation, least of {rounds} rounds")
    print(f"{'':30}{'lwtsyntax':>10}{'asyncio':>10}{'ratio':>8}")
    for name, ours, theirs, n in ROWS:
        pairs = [(cost(ours, n), cost(theirs, n)) for _ in range(rounds)]
        a, b = min(p[0] for p in pairs), min(p[1] for p in pairs)
        print(f"{name:30}{a:10.0f}{b:10.0f}{a / b:8.2f}")


if __name__ == "__main__":
    main()
