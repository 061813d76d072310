"""Deferreds of Twisted with callbacks."""

import gc
from collections.abc import Callable
from typing import Any

from twisted.internet import reactor, task
from twisted.internet.defer import Deferred, gatherResults, maybeDeferred, succeed
from twisted.internet.protocol import Factory, Protocol
from twisted.logger import globalLogBeginner
from twisted.python import log

globalLogBeginner.beginLoggingTo([], redirectStandardIO=False)

KINDS: dict[str, Callable[[], "Deferred[Any]"]] = {
    "quick": lambda: succeed(None),
    "medium": lambda: task.deferLater(reactor, 0),  # type: ignore[arg-type]
    "slow": lambda: task.deferLater(reactor, 1e-9),  # type: ignore[arg-type]
}


def run(start: Callable[[], "Deferred[int]"]) -> int:
    """The result of a Deferred, under the reactor.

    A reactor may be started once in a process, so one that is stopped has to be told that it was not.  An exception
    that gets as far as the reactor is only logged, and one that is lost with its Deferred not before that is garbage.
    """
    results: list[Any] = []

    def finish(result: Any) -> None:
        results.append(result)
        reactor.crash()  # type: ignore[attr-defined]

    def begin() -> None:
        start().addBoth(finish)

    def logged(event: dict[str, Any]) -> None:
        if event.get("failure") is not None:
            finish(event["failure"])

    def look_for_lost() -> None:
        nonlocal look
        if not reactor.getDelayedCalls():  # type: ignore[attr-defined]
            gc.collect()
        look = reactor.callLater(0.5, look_for_lost)  # type: ignore[attr-defined]

    look = reactor.callLater(0.5, look_for_lost)  # type: ignore[attr-defined]
    reactor.callWhenRunning(begin)  # type: ignore[attr-defined]
    reactor._startedBefore = False  # type: ignore[attr-defined]
    log.addObserver(logged)
    reactor.run(installSignalHandlers=False)  # type: ignore[attr-defined]
    log.removeObserver(logged)
    look.cancel()
    if not isinstance(results[0], int):
        results[0].raiseException()
    number: int = results[0]
    return number


def basic(kind: str, iterations: int, yields: int) -> int:
    fn = KINDS[kind]
    done: Deferred[int] = Deferred()

    def go_on(_: object, left: int) -> None:
        while left:
            left -= 1
            step = fn()
            if not step.called:
                step.addCallback(go_on, left)
                return
        done.callback(iterations * yields)

    def start() -> "Deferred[int]":
        go_on(None, iterations * yields)
        return done

    return run(start)


def recurse(kind: str, times: int, depth: int) -> int:
    fn = KINDS[kind]
    sums: list[int] = []
    done: Deferred[int] = Deferred()

    def sum_to(depth: int) -> "Deferred[int]":
        def descend(_: object) -> "int | Deferred[int]":
            if depth == 0:
                return 0
            return sum_to(depth - 1).addCallback(lambda rest: depth + rest)

        return fn().addCallback(descend)

    def go_on(_: object) -> None:
        started = len(sums)
        while started < times:
            started += 1
            step = sum_to(depth).addCallback(sums.append)
            if len(sums) < started:
                step.addCallbacks(go_on, done.errback)
                return
        done.callback(sum(sums))

    def start() -> "Deferred[int]":
        go_on(None)
        return done

    return run(start)


def park(count: int, probe: Callable[[], None]) -> int:
    def successor(value: int) -> int:
        return value + 1

    def start() -> "Deferred[int]":
        sources: list[Deferred[int]] = [Deferred() for _ in range(count)]
        threads = [
            source.addCallback(successor).addCallback(successor).addCallback(successor)
            for source in sources
        ]
        probe()
        for source in sources:
            source.callback(1)
        return gatherResults(threads).addCallback(sum)

    return run(start)


class _Echo(Protocol):
    def dataReceived(self, data: bytes) -> None:
        self.factory.total += len(data)
        self.transport.write(data)

    def connectionLost(self, reason: object = None) -> None:
        self.factory.one_less()


class _Echoes(Factory):
    protocol = _Echo

    def __init__(self, connections: int) -> None:
        self.left = connections
        self.total = 0
        self.all_gone: Deferred[int] = Deferred()

    def one_less(self) -> None:
        self.left -= 1
        if not self.left:
            self.all_gone.callback(self.total)


def echo(connections: int, started: Callable[[int], None]) -> int:
    factory = _Echoes(connections)
    port = reactor.listenTCP(0, factory, connections, "127.0.0.1")  # type: ignore[attr-defined]

    def stop(total: int) -> "Deferred[int]":
        return maybeDeferred(port.stopListening).addCallback(lambda _: total)

    def start() -> "Deferred[int]":
        started(port.getHost().port)
        return factory.all_gone.addCallback(stop)

    return run(start)
