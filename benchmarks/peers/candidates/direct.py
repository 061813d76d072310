"""The programs in direct style, for the import hook."""

import asyncio
import socket

from lwtsyntax import for_lwt, lwt
from lwtsyntax import runtime as Lwt

KINDS = {
    "quick": lambda: Lwt.unit,
    "medium": Lwt.pause,
    "slow": lambda: Lwt.sleep(0.0),
}


@lwt
def _basic(fn, iterations, yields):
    count = 0
    for _ in for_lwt(range(iterations)):
        for _ in for_lwt(range(yields)):
            fn()
        count += yields
    return count


def basic(kind, iterations, yields):
    return Lwt.run(_basic(KINDS[kind], iterations, yields))


@lwt
def _recurse(fn, depth):
    lwt(fn())
    if depth == 0:
        return 0
    return depth + lwt(_recurse(fn, depth - 1))


@lwt
def _recursions(fn, times, depth):
    total = 0
    for _ in range(times):
        total += lwt(_recurse(fn, depth))
    return total


def recurse(kind, times, depth):
    return Lwt.run(_recursions(KINDS[kind], times, depth))


@lwt
def _tail(fn, count, total):
    lwt(fn())
    if count == 0:
        return total
    return lwt(_tail(fn, count - 1, total + 1))


def tail(count):
    return Lwt.run(_tail(KINDS["medium"], count, 0))


@lwt
def _number(n):
    return n


@lwt
def _row():
    a = lwt(_number(1))
    b = lwt(_number(2))
    c = lwt(_number(3))
    d = lwt(_number(4))
    return a + b + c + d


@lwt
def _rows(count):
    total = 0
    for _ in range(count):
        total += lwt(_row())
    return total


def row(count):
    return Lwt.run(_rows(count))


@lwt
def _inner(promise):
    value = lwt(promise)
    return value + 1


@lwt
def _middle(promise):
    value = lwt(_inner(promise))
    return value + 1


@lwt
def _outer(promise):
    value = lwt(_middle(promise))
    return value + 1


@lwt
def _park(count, probe):
    resolvers, threads = [], []
    for _ in range(count):
        promise, resolver = Lwt.wait()
        resolvers.append(resolver)
        threads.append(_outer(promise))
    probe()
    for resolver in resolvers:
        Lwt.wakeup(resolver, 1)
    return sum(lwt(Lwt.all(threads)))


def park(count, probe):
    return Lwt.run(_park(count, probe))


@lwt
def _read(reader, count, arrived):
    got = 0
    while got < count:
        data = lwt(reader.read(4096))
        arrived(len(data))
        got += len(data)
    return got


@lwt
def _polled(fn, waits, every, sent, arrived):
    source, sink = socket.socketpair()
    reader, writer = lwt(asyncio.open_unix_connection(sock=source))
    reading = _read(reader, waits // every, arrived)
    for number in range(1, waits + 1):
        lwt(fn())
        if number % every == 0:
            sent()
            sink.send(b"x")
    got = lwt(reading)
    writer.close()
    sink.close()
    return got


def polled(kind, waits, every, sent, arrived):
    return Lwt.run(_polled(KINDS[kind], waits, every, sent, arrived))


@lwt
def _echo(connections, started):
    total, left = 0, connections
    all_gone, last_is_gone = Lwt.wait()

    @lwt
    def serve(reader, writer):
        nonlocal total, left
        while data := lwt(reader.read(4096)):
            total += len(data)
            writer.write(data)
            lwt(writer.drain())
        writer.close()
        left -= 1
        if not left:
            Lwt.wakeup(last_is_gone, None)

    server = lwt(asyncio.start_server(serve, "127.0.0.1", 0, backlog=connections))
    started(server.sockets[0].getsockname()[1])
    lwt(all_gone)
    server.close()
    return total


def echo(connections, started):
    return Lwt.run(_echo(connections, started))
