"""The thread that reads and lowers, while the event loop goes on listening."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import IntEnum
from typing import Any, TypeVar

__all__ = ["Priority", "Worker"]

T = TypeVar("T")


class Priority(IntEnum):
    """The lowest goes first."""

    ASKED = 0  # somebody waits for the answer
    EDITED = 1
    OPENED = 2
    LONG = 3


# The passes recurse over syntax trees; the stacks that some systems give to threads are small.
_STACK = 64 * 1024 * 1024


class Worker:
    """One thread: the transformer is pure Python, more of them would only wait for each other."""

    def __init__(self) -> None:
        self._count = itertools.count()
        self._jobs: queue.PriorityQueue[tuple[int, int, Future[Any], Callable[[], Any]]]
        self._jobs = queue.PriorityQueue()
        self._thread: threading.Thread | None = None

    def submit(self, job: Callable[[], T], priority: Priority) -> Future[T]:
        """The future of *job*; cancelled before its turn it never runs."""
        if self._thread is None:
            self._start()
        future: Future[T] = Future()
        self._jobs.put((priority, next(self._count), future, job))
        return future

    def _start(self) -> None:
        before = threading.stack_size(_STACK)
        try:
            self._thread = threading.Thread(target=self._work, name="lwtsyntax", daemon=True)
            self._thread.start()
        finally:
            threading.stack_size(before)

    def _work(self) -> None:
        while True:
            _, _, future, job = self._jobs.get()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job())
            except BaseException as error:  # noqa: BLE001 (it is raised where the result is waited for)
                future.set_exception(error)
            del future, job  # a snapshot is not kept until the next job comes
