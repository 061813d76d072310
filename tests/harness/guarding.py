"""Run something that may never end, or end the process, in a process of its own."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

__all__ = ["Guarded", "guarded", "patience"]

T = TypeVar("T")

_fork = multiprocessing.get_context("fork")


class Guarded(Generic[T]):
    """A function that runs in a process of its own, and may send what it finds on the way."""

    def __init__(self, function: Callable[[Callable[[T], None]], None]) -> None:
        self.results, ours = _fork.Pipe(duplex=False)
        self._process = _fork.Process(target=_report, args=(function, ours))
        self._process.start()
        ours.close()

    def stop(self) -> None:
        self._process.kill()
        self._process.join()
        self.results.close()


def patience(seconds: float) -> None:
    """Let this process end unless it asks for patience again within *seconds*."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _report(function: Callable[[Callable[[T], None]], None], results: Connection) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    function(results.send)


def guarded(function: Callable[[], T], seconds: float, otherwise: T) -> T:
    """What *function* gives; *otherwise* when it takes longer, or takes the process with it."""

    def run(send: Callable[[T], None]) -> None:
        patience(seconds)
        send(function())

    running: Guarded[T] = Guarded(run)
    try:
        return running.results.recv()  # type: ignore[no-any-return]
    except EOFError:
        return otherwise
    finally:
        running.stop()
