"""``python -m benchmarks.peers``: threads by bind beside every other way to write them, in one run.

Prints medians and ratios to asyncio; what is not installed does not take part (``pip install -e '.[bench]'``).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
from pathlib import Path

from .cells import CANDIDATES, CELLS
from .graphs import draw
from .report import as_json, tables
from .running import Worker, measure


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="+", metavar="CANDIDATE", choices=CANDIDATES)
    parser.add_argument("--programs", nargs="+", metavar="PROGRAM", help="basic, recurse, …")
    parser.add_argument("--most", type=int, help="leave out sizes above this")
    parser.add_argument("--core", type=int, help="the core to run on (default: the last one)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples")
    parser.add_argument("--graphs", type=Path, metavar="FOLDER", help="draw SVG (with matplotlib)")
    options = parser.parse_args()
    cells = [
        cell
        for cell in CELLS
        if (not options.programs or cell.program in options.programs)
        and (not options.most or cell.size <= options.most)
    ]
    core = options.core
    if core is None and hasattr(os, "sched_getaffinity"):
        core = max(os.sched_getaffinity(0))
    with contextlib.ExitStack() as stack:
        workers = []
        for candidate in options.only or CANDIDATES:
            worker = stack.enter_context(Worker(candidate, core))
            if worker.missing:
                print(f"{CANDIDATES[candidate]} is left out: {worker.missing}", file=sys.stderr)
            else:
                workers.append(worker)
        say = lambda text: print(text, file=sys.stderr)  # noqa: E731
        samples, skipped = measure(workers, cells, options.rounds, say)
    print(tables(samples))
    if options.json:
        content = as_json(samples, skipped, options.rounds)
        options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    if options.graphs:
        draw(samples, options.graphs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
