"""The process of one candidate: it runs what it is asked to, and says what it took.

``python -m benchmarks.peers.worker CANDIDATE`` reads a cell as JSON from each line, and answers with one.
"""

from __future__ import annotations

import gc
import importlib
import json
import sys
import time
import tracemalloc
from types import ModuleType
from typing import Any

__all__ = ["main"]

_LEAST = 0.02  # seconds that a sample lasts at least


def _sample(run: Any, units: int) -> float:
    """CPU nanoseconds a unit."""
    times = 0
    started = time.process_time()
    while True:
        run()
        times += 1
        spent = time.process_time() - started
        if spent >= _LEAST:
            return spent / (times * units) * 1e9


def _checked(result: int, expected: int) -> None:
    if result != expected:
        raise AssertionError(f"{result} instead of {expected}")


def _measure(
    module: ModuleType, program: str, kind: str, size: int, units: int
) -> dict[str, float]:
    if program == "basic":
        iterations = units // size
        run = lambda: _checked(module.basic(kind, iterations, size), iterations * size)  # noqa: E731
        return {"ns": _sample(run, iterations * size)}
    if program == "recurse":
        run = lambda: _checked(module.recurse(kind, size), size * (size + 1) // 2)  # noqa: E731
        return {"ns": _sample(run, units)}
    if program == "row":
        return {"ns": _sample(lambda: _checked(module.row(size), 10 * size), units)}
    if program == "tail":
        return {"ns": _sample(lambda: _checked(module.tail(size), size), units)}
    return _parked(module, size)


def _parked(module: ModuleType, count: int) -> dict[str, float]:
    """Nanoseconds to start a thread and to wake it, and its bytes, for which it runs once more."""
    marks = [time.process_time()]
    _checked(module.park(count, lambda: marks.append(time.process_time())), 4 * count)
    marks.append(time.process_time())
    start, wake = marks[1] - marks[0], marks[2] - marks[1]
    gc.collect()
    tracemalloc.start()
    sizes: list[int] = []

    def weigh() -> None:
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0])

    module.park(count, weigh)
    tracemalloc.stop()
    return {"ns": start / count * 1e9, "wake": wake / count * 1e9, "bytes": sizes[0] / count}


def _answer(module: ModuleType, request: dict[str, Any]) -> dict[str, Any]:
    if not hasattr(module, request["program"]):
        return {"skipped": "has no such program"}
    gc.collect()
    try:
        return _measure(module, **request)
    except NotImplementedError:
        return {"skipped": "has no such waits"}
    except RecursionError:
        return {"skipped": "recurses beyond Python's limit"}


def main(candidate: str) -> None:
    try:
        module = importlib.import_module(f"{__package__}.candidates.{candidate}")
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), flush=True)
        return
    print(json.dumps({}), flush=True)
    for line in sys.stdin:
        print(json.dumps(_answer(module, json.loads(line))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
