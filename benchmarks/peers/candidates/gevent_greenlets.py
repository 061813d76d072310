"""Greenlets under gevent's hub."""

from collections.abc import Callable

import gevent
from gevent import socket
from gevent.event import AsyncResult, Event
from gevent.server import StreamServer

gevent.get_hub().NOT_ERROR += (RecursionError,)  # which is expected: do not print it

KINDS: dict[str, Callable[[], None]] = {
    "quick": lambda: None,
    "medium": lambda: gevent.sleep(0),
    "slow": lambda: gevent.sleep(1e-9),
}


def _basic(fn: Callable[[], None], iterations: int, yields: int) -> int:
    count = 0
    for _ in range(iterations):
        for _ in range(yields):
            fn()
        count += yields
    return count


def basic(kind: str, iterations: int, yields: int) -> int:
    return gevent.spawn(_basic, KINDS[kind], iterations, yields).get()


def _recurse(fn: Callable[[], None], depth: int) -> int:
    fn()
    if depth == 0:
        return 0
    return depth + _recurse(fn, depth - 1)


def _recursions(fn: Callable[[], None], times: int, depth: int) -> int:
    return sum(_recurse(fn, depth) for _ in range(times))


def recurse(kind: str, times: int, depth: int) -> int:
    return gevent.spawn(_recursions, KINDS[kind], times, depth).get()


def _number(n: int) -> int:
    return n


def _row() -> int:
    return _number(1) + _number(2) + _number(3) + _number(4)


def _rows(count: int) -> int:
    return sum(_row() for _ in range(count))


def row(count: int) -> int:
    return gevent.spawn(_rows, count).get()


def _inner(result: "AsyncResult[int]") -> int:
    value = result.get()
    return value + 1


def _middle(result: "AsyncResult[int]") -> int:
    value = _inner(result)
    return value + 1


def _outer(result: "AsyncResult[int]") -> int:
    value = _middle(result)
    return value + 1


def park(count: int, probe: Callable[[], None]) -> int:
    results, greenlets = [], []
    for _ in range(count):
        result: AsyncResult[int] = AsyncResult()
        results.append(result)
        greenlets.append(gevent.spawn(_outer, result))
    gevent.sleep(0)
    probe()
    for result in results:
        result.set(1)
    gevent.joinall(greenlets)
    return sum(each.value for each in greenlets)


def _read(source: socket.socket, count: int, arrived: Callable[[int], None]) -> int:
    got = 0
    while got < count:
        data = source.recv(4096)
        arrived(len(data))
        got += len(data)
    return got


def polled(
    kind: str,
    waits: int,
    every: int,
    sent: Callable[[], None],
    arrived: Callable[[int], None],
) -> int:
    fn = KINDS[kind]
    source, sink = socket.socketpair()
    reading = gevent.spawn(_read, source, waits // every, arrived)
    for number in range(1, waits + 1):
        fn()
        if number % every == 0:
            sent()
            sink.send(b"x")
    got = reading.get()
    source.close()
    sink.close()
    return got


def echo(connections: int, started: Callable[[int], None]) -> int:
    total, left = 0, connections
    all_gone = Event()

    def serve(client: socket.socket, address: object) -> None:
        nonlocal total, left
        while data := client.recv(4096):
            total += len(data)
            client.sendall(data)
        left -= 1
        if not left:
            all_gone.set()

    server = StreamServer(("127.0.0.1", 0), serve, backlog=connections)
    server.start()
    started(server.server_port)
    all_gone.wait()
    server.stop()
    return total
