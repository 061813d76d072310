"""Interleaved runs: every cell by every candidate in turn, round by round, all on one core."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from .cells import Cell

__all__ = ["Worker", "measure"]

ROOT = Path(__file__).resolve().parents[2]

# candidate -> cell -> quantity -> its samples
Samples = dict[str, dict[str, dict[str, list[float]]]]


class Worker:
    """The process of a candidate; ``missing`` says why it cannot run here, if it cannot."""

    def __init__(self, candidate: str, core: int | None) -> None:
        command = [sys.executable, "-m", f"{__package__}.worker", candidate]
        self.candidate = candidate
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        if core is not None:
            os.sched_setaffinity(self._process.pid, {core})
        self.missing: str | None = self._read().get("missing")

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.candidate} ended with {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, cell: Cell) -> dict[str, Any]:
        assert self._process.stdin is not None
        request = {name: getattr(cell, name) for name in ("program", "kind", "size", "units")}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._read()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


def measure(
    workers: list[Worker], cells: Iterable[Cell], rounds: int, say: Any = print
) -> tuple[Samples, dict[str, dict[str, str]]]:
    """The samples, and why a candidate skipped a cell.  Who comes first changes from round to round."""
    samples: Samples = {worker.candidate: {} for worker in workers}
    skipped: dict[str, dict[str, str]] = {worker.candidate: {} for worker in workers}
    cells = list(cells)
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for cell in cells:
            first = number % len(workers)
            for worker in [*workers[first:], *workers[:first]]:
                if cell.key in skipped[worker.candidate]:
                    continue
                answer = worker.ask(cell)
                if "skipped" in answer:
                    skipped[worker.candidate][cell.key] = answer["skipped"]
                    continue
                found = samples[worker.candidate].setdefault(cell.key, {})
                for quantity, value in answer.items():
                    found.setdefault(quantity, []).append(value)
    return samples, skipped
