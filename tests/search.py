"""Look for programs that are lowered wrongly: ``python tests/search.py --programs 20000``.

One program for each seed, run in all ways of the oracle.  What differs is gathered by kind and
reduced.  The same numbers give the same programs and the same findings.
"""

from __future__ import annotations

import argparse
import io
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, suppress
from multiprocessing.connection import wait
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from harness.comparing import Finding, compare, rotated
from harness.guarding import Guarded, guarded, patience
from harness.programs import INTERLEAVES, program
from harness.reducing import reduced

_PATIENCE = 60  # seconds for one program
_HANGS = Finding("", "no end within a minute, or the process died", "")

Message = tuple[int, Finding | None, tuple[str, ...]]


def search(seeds: range, send: Callable[[Message], None]) -> None:
    """Send the finding of each seed, with the ways it went."""
    for seed in seeds:
        ways = rotated(seed)
        send((seed, compare(program(seed), ways), ("identity", *ways)))


class Search:
    """A search on several processes, and what it has found."""

    def __init__(self, seeds: range, processes: int) -> None:
        self.findings: dict[str, list[int]] = {}
        self.examples: dict[str, Finding] = {}
        self.ways: Counter[str] = Counter()
        self.done = 0
        self._left = {part: seeds[part::processes] for part in range(min(processes, len(seeds)))}
        self._workers = {part: self._start(part) for part in self._left}

    def _start(self, part: int) -> Guarded[Message]:
        def run(send: Callable[[Message], None]) -> None:
            for seed in self._left[part]:
                patience(_PATIENCE)
                search(range(seed, seed + 1), send)

        return Guarded(run)

    def run(self) -> None:
        """Until every program has run."""
        while self._workers:
            ready = wait([worker.results for worker in self._workers.values()])
            for part, worker in [*self._workers.items()]:
                if worker.results in ready:
                    self._receive(part, worker)

    def stop(self) -> None:
        """What was found so far is all."""
        for worker in self._workers.values():
            worker.stop()

    def _receive(self, part: int, worker: Guarded[Message]) -> None:
        message = None
        with suppress(EOFError):
            message = worker.results.recv()
        if message is None:  # not in a handler, which the programs of the next worker would run in
            self._give_up(part, worker)
            return
        self.add(message)
        self._next(part)
        if not self._left[part]:
            worker.stop()
            del self._workers[part]

    def _give_up(self, part: int, worker: Guarded[Message]) -> None:
        """The program that *worker* is at does not end, or has ended the process."""
        worker.stop()
        self.add((self._left[part][0], _HANGS, ()))
        self._next(part)
        del self._workers[part]
        if self._left[part]:
            self._workers[part] = self._start(part)

    def _next(self, part: int) -> None:
        self._left[part] = self._left[part][1:]

    def add(self, message: Message) -> None:
        """Count what one program did."""
        seed, finding, ways = message
        self.done += 1
        self.ways.update(way.replace(" unformatted", "") for way in ways)
        if finding is not None:
            if finding.kind not in self.findings:
                print(f"seed {seed}: {finding.kind}", flush=True)
                self.examples[finding.kind] = finding
            self.findings.setdefault(finding.kind, []).append(seed)
        if self.done % 1000 == 0:
            print(f"{self.done} programs, {len(self.findings)} kinds", flush=True)


def smallest(seed: int, finding: Finding, seconds: float) -> str:
    """The program of *seed*, made smaller as long as it differs in the same kind of way."""
    ways = [finding.way] if finding.way else rotated(seed)
    if finding.way and finding.way != "asyncio":
        ways.insert(
            0, "asyncio"
        )  # where a promise that is waited for by mistake shows, and one that is not

    def fails(text: str) -> bool:
        if (INTERLEAVES in text) != (INTERLEAVES in best):
            return False
        return finding.like(guarded(lambda: _compared(text, ways), 10, _HANGS))

    best = program(seed)

    def reduce(send: Callable[[str], None]) -> None:
        with redirect_stderr(io.StringIO()):  # what makes no sense causes many warnings
            reduced(best, fails, send)

    worker: Guarded[str] = Guarded(reduce)
    end = time.monotonic() + seconds
    try:
        while worker.results.poll(max(0, end - time.monotonic())):
            best = worker.results.recv()
    except EOFError:
        pass
    worker.stop()
    return best


def _compared(text: str, ways: list[str]) -> Finding | None:
    try:
        finding = compare(text, ways)
        if (
            finding is not None
            and finding.way == "asyncio"
            and compare(text, ["resolved unformatted"])
        ):
            return None  # the smaller program makes no sense
        return finding
    except BaseException:  # noqa: BLE001  (a program that does not run at all)
        return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--programs", type=int, default=1000, metavar="N", help="how many")
    parser.add_argument("--start", type=int, default=0, metavar="SEED", help="the first seed")
    parser.add_argument(
        "--processes", type=int, default=2, metavar="N", help="0: here, unguarded, for coverage.py"
    )
    parser.add_argument(
        "--reduce", type=float, default=120, metavar="SECONDS", help="for each kind"
    )
    parser.add_argument(
        "--each", type=int, default=1, metavar="N", help="how many of each kind to reduce"
    )
    parser.add_argument("--show", type=int, metavar="SEED", help="show one program and its finding")
    given = parser.parse_args()
    if given.show is not None:
        print(program(given.show))
        print(compare(program(given.show), rotated(given.show)) or "# every way agrees")
        return 0
    signal.signal(
        signal.SIGTERM, signal.default_int_handler
    )  # a run that is stopped says what it found
    begun = time.monotonic()
    seeds = range(given.start, given.start + given.programs)
    found = Search(seeds, given.processes)
    try:
        if given.processes:
            found.run()
        else:
            search(seeds, found.add)
    except KeyboardInterrupt:
        found.stop()
    seconds = time.monotonic() - begun
    print(f"{found.done} programs in {seconds:.0f} s, {found.done / seconds:.1f} a second")
    for way, number in sorted(found.ways.items()):
        print(f"  {way}: {number}")
    for kind, seeds in sorted(found.findings.items(), key=lambda item: -len(item[1])):
        print(f"\n== {kind}: {len(seeds)}, seeds {seeds[:8]}")
        for seed in seeds[: given.each if given.reduce else 0]:
            print(
                f"-- seed {seed}\n{smallest(seed, found.examples[kind], given.reduce)}", flush=True
            )
        print(found.examples[kind].details[-1500:])
    print(f"\n{sum(map(len, found.findings.values()))} findings, {len(found.findings)} kinds")
    return bool(found.findings)


if __name__ == "__main__":
    sys.exit(main())
