"""Coroutines under trio."""

from collections.abc import Awaitable, Callable

import trio

from .asyncio_loop import _basic, _nothing, _recursions, _rows, _tail

KINDS: dict[str, Callable[[], Awaitable[None]]] = {
    "quick": _nothing,
    "medium": trio.lowlevel.checkpoint,
    "slow": lambda: trio.sleep(1e-9),  # noqa: ASYNC105  (the caller waits for it)
}


def basic(kind: str, iterations: int, yields: int) -> int:
    return trio.run(_basic, KINDS[kind], iterations, yields)


def recurse(kind: str, times: int, depth: int) -> int:
    return trio.run(_recursions, KINDS[kind], times, depth)


def tail(count: int) -> int:
    return trio.run(_tail, KINDS["medium"], count, 0)


def row(count: int) -> int:
    return trio.run(_rows, count)


async def _inner(event: trio.Event) -> int:
    await event.wait()
    return 1 + 1


async def _middle(event: trio.Event) -> int:
    value = await _inner(event)
    return value + 1


async def _outer(event: trio.Event, results: list[int]) -> None:
    value = await _middle(event)
    results.append(value + 1)


async def _park(count: int, probe: Callable[[], None]) -> int:
    events: list[trio.Event] = []
    results: list[int] = []
    async with trio.open_nursery() as nursery:
        for _ in range(count):
            event = trio.Event()
            events.append(event)
            nursery.start_soon(_outer, event, results)
        await trio.lowlevel.checkpoint()
        await trio.lowlevel.checkpoint()
        probe()
        for event in events:
            event.set()
    return sum(results)


def park(count: int, probe: Callable[[], None]) -> int:
    return trio.run(_park, count, probe)
