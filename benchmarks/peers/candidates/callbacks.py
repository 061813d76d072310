"""Callbacks written by hand: functions that are given what comes next, and a queue of them."""

from __future__ import annotations

import heapq
import selectors
import socket
import time
from collections import deque
from collections.abc import Callable
from itertools import count as counter

Next = Callable[[], None]

ready: deque[Next] = deque()
timers: list[tuple[float, int, Next]] = []
numbers = counter()


def medium(go_on: Next) -> None:
    ready.append(go_on)


def slow(go_on: Next) -> None:
    heapq.heappush(timers, (time.monotonic(), next(numbers), go_on))


KINDS: dict[str, Callable[[Next], None]] = {"medium": medium, "slow": slow}  # quick ones would nest


def run() -> None:
    while ready or timers:
        now = time.monotonic() if timers else 0.0
        while timers and timers[0][0] <= now:
            ready.append(heapq.heappop(timers)[2])
        for _ in range(len(ready)):
            ready.popleft()()


def basic(kind: str, iterations: int, yields: int) -> int:
    if kind == "quick":
        raise NotImplementedError
    fn = KINDS[kind]
    left = iterations * yields

    def go_on() -> None:
        nonlocal left
        if left:
            left -= 1
            fn(go_on)

    go_on()
    run()
    return iterations * yields


def recurse(kind: str, times: int, depth: int) -> int:
    if kind == "quick":
        raise NotImplementedError
    fn = KINDS[kind]
    sums: list[int] = []

    def sum_to(depth: int, give: Callable[[int], None]) -> None:
        def descend() -> None:
            if depth == 0:
                give(0)
            else:
                sum_to(depth - 1, lambda rest: ready.append(lambda: give(depth + rest)))

        fn(descend)

    def go_on(value: int) -> None:
        sums.append(value)
        if len(sums) < times:
            sum_to(depth, go_on)

    sum_to(depth, go_on)
    run()
    return sum(sums)


def tail(count: int) -> int:
    results: list[int] = []

    def count_down(count: int, total: int) -> None:
        if count == 0:
            results.append(total)
        else:
            medium(lambda: count_down(count - 1, total + 1))

    count_down(count, 0)
    run()
    return results[0]


def park(count: int, probe: Callable[[], None]) -> int:
    results: list[int] = []
    waiting: list[Callable[[int], None]] = []

    def inner(give: Callable[[int], None]) -> None:
        waiting.append(lambda value: give(value + 1))

    def middle(give: Callable[[int], None]) -> None:
        inner(lambda value: give(value + 1))

    def outer() -> None:
        middle(lambda value: results.append(value + 1))

    for _ in range(count):
        outer()
    probe()
    for resume in waiting:
        resume(1)
    return sum(results)


def echo(connections: int, started: Callable[[int], None]) -> int:
    total, left = 0, connections
    selector = selectors.DefaultSelector()

    def serve(client: socket.socket) -> None:
        nonlocal total, left
        data = client.recv(4096)
        if data:
            total += len(data)
            client.sendall(data)
        else:
            selector.unregister(client)
            client.close()
            left -= 1

    def accept(listener: socket.socket) -> None:
        client, _ = listener.accept()
        client.setblocking(False)
        selector.register(client, selectors.EVENT_READ, serve)

    with selector, socket.create_server(("127.0.0.1", 0), backlog=connections) as listener:
        selector.register(listener, selectors.EVENT_READ, accept)
        started(listener.getsockname()[1])
        while left:
            for key, _ in selector.select():
                key.data(key.fileobj)
    return total
