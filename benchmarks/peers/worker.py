"""The process of one candidate: it runs what it is asked to, and says what it took.

``python -m benchmarks.peers.worker CANDIDATE`` reads a cell as JSON from each line, and answers with one.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from collections.abc import Iterator
from types import ModuleType

from .measuring import PROGRAMS

__all__ = ["NO_GC", "main"]

NO_GC = "BENCHMARK_WITHOUT_GC"  # an environment variable


def _answer(
    module: ModuleType, program: str, kind: str, size: int, units: int
) -> dict[str, float] | dict[str, str]:
    if hasattr(module, "answer"):  # not Python's: it measures by itself
        answer: dict[str, float] | dict[str, str] = module.answer(program, kind, size, units)
        return answer
    function, measure = PROGRAMS[program]
    if not hasattr(module, function):
        return {"skipped": "has no such program"}
    gc.collect()
    try:
        return measure(module, kind, size, units)
    except NotImplementedError:
        return {"skipped": "has no such waits"}
    except BaseException as error:
        if any(isinstance(each, RecursionError) for each in _causes(error)):
            return {"skipped": "ends at Python's recursion limit"}
        raise


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception, and what it came of: some frameworks wrap what their own code runs into."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _causes(each)
        error = error.__cause__ or error.__context__


def main(candidate: str) -> None:
    answers = sys.stdout
    sys.stdout = sys.stderr  # what a candidate prints is no answer
    try:
        module = importlib.import_module(f"{__package__}.candidates.{candidate}")
    except ImportError as error:
        print(json.dumps({"missing": str(error)}), file=answers, flush=True)
        return
    if NO_GC in os.environ:
        gc.disable()
    print(json.dumps({}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(_answer(module, **json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
