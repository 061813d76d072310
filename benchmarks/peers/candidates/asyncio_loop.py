"""Coroutines under asyncio."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

run: Callable[[Coroutine[Any, Any, int]], int] = asyncio.run


async def _nothing() -> None:
    return None


KINDS: dict[str, Callable[[], Awaitable[None]]] = {
    "quick": _nothing,
    "medium": lambda: asyncio.sleep(0),
    "slow": lambda: asyncio.sleep(1e-9),  # sleep(0) does not go through the timers
}


async def _basic(fn: Callable[[], Awaitable[None]], iterations: int, yields: int) -> int:
    count = 0
    for _ in range(iterations):
        for _ in range(yields):
            await fn()
        count += yields
    return count


def basic(kind: str, iterations: int, yields: int) -> int:
    return run(_basic(KINDS[kind], iterations, yields))


async def _recurse(fn: Callable[[], Awaitable[None]], depth: int) -> int:
    await fn()
    if depth == 0:
        return 0
    return depth + await _recurse(fn, depth - 1)


async def _recursions(fn: Callable[[], Awaitable[None]], times: int, depth: int) -> int:
    total = 0
    for _ in range(times):
        total += await _recurse(fn, depth)
    return total


def recurse(kind: str, times: int, depth: int) -> int:
    return run(_recursions(KINDS[kind], times, depth))


async def _tail(fn: Callable[[], Awaitable[None]], count: int, total: int) -> int:
    await fn()
    if count == 0:
        return total
    return await _tail(fn, count - 1, total + 1)


def tail(count: int) -> int:
    return run(_tail(KINDS["medium"], count, 0))


async def _number(n: int) -> int:
    return n


async def _row() -> int:
    a = await _number(1)
    b = await _number(2)
    c = await _number(3)
    d = await _number(4)
    return a + b + c + d


async def _rows(count: int) -> int:
    total = 0
    for _ in range(count):
        total += await _row()
    return total


def row(count: int) -> int:
    return run(_rows(count))


async def _inner(future: asyncio.Future[int]) -> int:
    value = await future
    return value + 1


async def _middle(future: asyncio.Future[int]) -> int:
    value = await _inner(future)
    return value + 1


async def _outer(future: asyncio.Future[int]) -> int:
    value = await _middle(future)
    return value + 1


async def _park(count: int, probe: Callable[[], None]) -> int:
    loop = asyncio.get_running_loop()
    futures: list[asyncio.Future[int]] = []
    tasks: list[asyncio.Task[int]] = []
    for _ in range(count):
        future = loop.create_future()
        futures.append(future)
        tasks.append(loop.create_task(_outer(future)))
    await asyncio.sleep(0)
    probe()
    for future in futures:
        future.set_result(1)
    return sum([await task for task in tasks])


def park(count: int, probe: Callable[[], None]) -> int:
    return run(_park(count, probe))


async def _read(reader: asyncio.StreamReader, count: int, arrived: Callable[[int], None]) -> int:
    got = 0
    while got < count:
        data = await reader.read(4096)
        arrived(len(data))
        got += len(data)
    return got


async def _polled(
    fn: Callable[[], Awaitable[None]],
    waits: int,
    every: int,
    sent: Callable[[], None],
    arrived: Callable[[int], None],
) -> int:
    source, sink = socket.socketpair()
    reader, writer = await asyncio.open_unix_connection(sock=source)
    reading = asyncio.create_task(_read(reader, waits // every, arrived))
    for number in range(1, waits + 1):
        await fn()
        if number % every == 0:
            sent()
            sink.send(b"x")
    got = await reading
    writer.close()
    sink.close()
    return got


def polled(
    kind: str,
    waits: int,
    every: int,
    sent: Callable[[], None],
    arrived: Callable[[int], None],
) -> int:
    return run(_polled(KINDS[kind], waits, every, sent, arrived))


async def _echo(connections: int, started: Callable[[int], None]) -> int:
    total, left = 0, connections
    all_gone = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal total, left
        while data := await reader.read(4096):
            total += len(data)
            writer.write(data)
            await writer.drain()
        writer.close()
        left -= 1
        if not left:
            all_gone.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=connections)
    started(server.sockets[0].getsockname()[1])
    await all_gone.wait()
    server.close()
    return total


def echo(connections: int, started: Callable[[int], None]) -> int:
    return run(_echo(connections, started))
