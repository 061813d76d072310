"""Interleaved runs: every cell by every candidate in turn, round by round, all on one core."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

from .cells import ENVIRONMENT, Cell

__all__ = ["Samples", "Skipped", "Worker", "measure"]

ROOT = Path(__file__).resolve().parents[2]

# candidate -> cell -> quantity -> its samples
Samples = dict[str, dict[str, dict[str, list[float]]]]
# candidate -> cell -> why there are none
Skipped = dict[str, dict[str, str]]


class Worker:
    """The process of a candidate; ``missing`` says why it cannot run here, if it cannot.

    One that dies (a stack overflow, say) is started anew.
    """

    missing: str | None

    def __init__(self, candidate: str, core: int | None = None) -> None:
        self.candidate = candidate
        self.core = core
        self._start()

    def _start(self) -> None:
        command = [sys.executable, "-m", f"{__package__}.worker", self.candidate]
        environment = {**os.environ, **ENVIRONMENT.get(self.candidate, {})}
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        if self.core is not None:
            os.sched_setaffinity(self._process.pid, {self.core})
        answer = self._read()
        self.missing = answer.get("missing", answer.get("skipped"))

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            return {"skipped": f"its process ended with {self._process.wait()}"}
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, cell: Cell) -> dict[str, Any]:
        """What one run of the cell took, or why there is none."""
        assert self._process.stdin is not None
        request = {name: getattr(cell, name) for name in ("program", "kind", "size", "units")}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        if self._process.returncode is not None:
            self.close()
            self._start()
        return answer

    def ask_afresh(self, cell: Cell) -> dict[str, Any]:
        with Worker(self.candidate, self.core) as worker:
            return worker.ask(cell)

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def measure(
    workers: list[Worker], cells: Iterable[Cell], rounds: int, say: Callable[[str], object] = print
) -> tuple[Samples, Skipped]:
    """The samples, and why a candidate skipped a cell.  Who comes first changes from round to round."""
    samples: Samples = {worker.candidate: {} for worker in workers}
    skipped: Skipped = {worker.candidate: {} for worker in workers}
    cells = list(cells)
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        first = number % max(1, len(workers))
        for cell in cells:
            if number >= cell.rounds:
                continue
            for worker in [*workers[first:], *workers[:first]]:
                reasons = skipped[worker.candidate]
                if cell.key in reasons:
                    continue
                answer = worker.ask_afresh(cell) if cell.fresh else worker.ask(cell)
                if "skipped" in answer:
                    reasons[cell.key] = answer["skipped"]
                    samples[worker.candidate].pop(cell.key, None)
                    continue
                found = samples[worker.candidate].setdefault(cell.key, {})
                for quantity, value in answer.items():
                    found.setdefault(quantity, []).append(value)
    return samples, skipped
