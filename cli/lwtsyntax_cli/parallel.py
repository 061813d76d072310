"""Running one function over many items in worker processes, where a crash costs one item only.

When a worker dies (a segmentation fault, say), Python's process pool gives up everything it holds and
does not say which item was to blame.  So only a few items are handed out at a time; after a crash each
of those runs once more in a process of its own, which tells the guilty one from the others.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

__all__ = ["available_cpus", "run_all"]

T = TypeVar("T")
R = TypeVar("R")

_MOST_WORKERS = 61  # what Windows can wait for


def available_cpus() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_all(
    work: Callable[[T], R], items: Sequence[T], workers: int, crashed: Callable[[T], R]
) -> Iterator[tuple[int, R]]:
    """``(index, work(item))`` for every item, in the order in which they finish.

    ``crashed(item)`` stands in for an item whose process died.  One worker means this process.
    *work* must be importable by name, as the workers are started afresh ("spawn").
    """
    if workers <= 1:
        for index, item in enumerate(items):
            yield index, work(item)
        return
    waiting = deque(enumerate(items))
    while waiting:
        suspects = yield from _until_crash(work, waiting, min(workers, _MOST_WORKERS))
        for index, item in suspects:
            yield index, _alone(work, item, crashed)


def _until_crash(
    work: Callable[[T], R], waiting: deque[tuple[int, T]], workers: int
) -> Generator[tuple[int, R], None, list[tuple[int, T]]]:
    """Work through *waiting*; at a crash, return the items that were in the workers' hands."""
    running: dict[Future[R], tuple[int, T]] = {}
    pool = _pool(workers)
    try:
        while waiting or running:
            while waiting and len(running) < 2 * workers:
                running[pool.submit(work, waiting[0][1])] = waiting[0]
                waiting.popleft()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                result = future.result()
                index, _ = running.pop(future)
                yield index, result
    except BrokenProcessPool:
        pass
    finally:
        pool.shutdown(cancel_futures=True)
    return list(running.values())


def _alone(work: Callable[[T], R], item: T, crashed: Callable[[T], R]) -> R:
    with _pool(1) as pool:
        try:
            return pool.submit(work, item).result()
        except BrokenProcessPool:
            return crashed(item)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_leave_interrupts_to_parent
    )


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
