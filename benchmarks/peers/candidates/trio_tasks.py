"""Coroutines under trio."""

import socket
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


async def _read(source: trio.SocketStream, count: int, arrived: Callable[[int], None]) -> None:
    while count:
        data = await source.receive_some(4096)
        arrived(len(data))
        count -= len(data)


async def _polled(
    fn: Callable[[], Awaitable[None]],
    waits: int,
    every: int,
    sent: Callable[[], None],
    arrived: Callable[[int], None],
) -> int:
    source, sink = socket.socketpair()
    stream = trio.SocketStream(trio.socket.from_stdlib_socket(source))
    async with stream, trio.open_nursery() as nursery:
        nursery.start_soon(_read, stream, waits // every, arrived)
        for number in range(1, waits + 1):
            await fn()
            if number % every == 0:
                sent()
                sink.send(b"x")
    sink.close()
    return waits // every


def polled(
    kind: str,
    waits: int,
    every: int,
    sent: Callable[[], None],
    arrived: Callable[[int], None],
) -> int:
    return trio.run(_polled, KINDS[kind], waits, every, sent, arrived)


async def _echo(connections: int, started: Callable[[int], None]) -> int:
    total, left = 0, connections

    async def serve(stream: trio.SocketStream) -> None:
        nonlocal total, left
        async for data in stream:
            total += len(data)
            await stream.send_all(data)
        left -= 1
        if not left:
            nursery.cancel_scope.cancel()

    async with trio.open_nursery() as nursery:
        listeners = await trio.open_tcp_listeners(0, host="127.0.0.1", backlog=connections)
        nursery.start_soon(trio.serve_listeners, serve, listeners)
        started(listeners[0].socket.getsockname()[1])
    return total


def echo(connections: int, started: Callable[[int], None]) -> int:
    return trio.run(_echo, connections, started)
