"""Fibers of ``lwtsyntax.fiber``: plain functions that wait wherever they are, under one ``start``."""

from __future__ import annotations

import asyncio
import socket
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


def _read(reader: asyncio.StreamReader, count: int, arrived: Callable[[int], None]) -> int:
    got = 0
    while got < count:
        data = await_(reader.read(4096))
        arrived(len(data))
        got += len(data)
    return got


def _polled(
    fn: Wait, waits: int, every: int, sent: Callable[[], None], arrived: Callable[[int], None]
) -> int:
    source, sink = socket.socketpair()
    reader, writer = await_(asyncio.open_unix_connection(sock=source))
    reading = start(_read, reader, waits // every, arrived)
    for number in range(1, waits + 1):
        await_(fn())
        if number % every == 0:
            sent()
            sink.send(b"x")
    got = await_(reading)
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
    return Lwt.run(start(_polled, KINDS[kind], waits, every, sent, arrived))


def _echo(connections: int, started: Callable[[int], None]) -> int:
    total, left = 0, connections
    all_gone, last_is_gone = Lwt.wait()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal total, left
        while data := await_(reader.read(4096)):
            total += len(data)
            writer.write(data)
            await_(writer.drain())
        writer.close()
        left -= 1
        if not left:
            Lwt.wakeup(last_is_gone, None)

    accept = lambda reader, writer: start(serve, reader, writer)  # noqa: E731
    server = await_(asyncio.start_server(accept, "127.0.0.1", 0, backlog=connections))
    started(server.sockets[0].getsockname()[1])
    await_(all_gone)
    server.close()
    return total


def echo(connections: int, started: Callable[[int], None]) -> int:
    return Lwt.run(start(_echo, connections, started))
