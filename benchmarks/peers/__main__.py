"""``python -m benchmarks.peers``: threads by bind beside every other way to write them, in one run.

Prints medians and ratios to asyncio; what is not installed does not take part (``pip install -e '.[bench]'``).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from .cells import CANDIDATES, CELLS
from .graphs import draw
from .page import updated
from .report import as_json, tables
from .running import ROOT, Worker, measure
from .worker import NO_GC

RESULTS = ROOT / "docs/benchmark/results.json"
PAGES = (ROOT / "docs/benchmark.md", ROOT / "README.md")


def main() -> int:
    options = _options()
    results = (
        json.loads(options.read.read_text(encoding="utf-8")) if options.read else _run(options)
    )
    print(tables(results["samples"]))
    if options.json:
        _write_json(results, options.json)
    if options.graphs:
        draw(results["samples"], options.graphs)
    if options.update_docs:
        _write_json(results, RESULTS)
        draw(results["samples"], RESULTS.parent)
        for page in PAGES:
            page.write_text(updated(page.read_text(encoding="utf-8"), results), encoding="utf-8")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="+", metavar="CANDIDATE", choices=CANDIDATES)
    parser.add_argument("--programs", nargs="+", metavar="PROGRAM", help="basic, recurse, …")
    parser.add_argument("--most", type=int, help="leave out sizes above this")
    parser.add_argument("--core", type=int, help="the core to run on (default: the last one)")
    parser.add_argument("--no-gc", action="store_true", help="without Python's garbage collector")
    parser.add_argument("--read", type=Path, metavar="FILE", help="take these results, run nothing")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all samples")
    parser.add_argument("--graphs", type=Path, metavar="FOLDER", help="draw SVG (with matplotlib)")
    parser.add_argument(
        "--update-docs",
        action="store_true",
        help="write the tables, graphs and results of the docs",
    )
    options = parser.parse_args()
    if (
        options.update_docs
        and not options.read
        and (options.only or options.programs or options.most or options.no_gc)
    ):
        parser.error("the docs show a whole run")
    return options


def _run(options: argparse.Namespace) -> dict[str, Any]:
    cells = [
        cell
        for cell in CELLS
        if (not options.programs or cell.program in options.programs)
        and (not options.most or cell.size <= options.most)
    ]
    core = options.core
    if core is None and hasattr(os, "sched_getaffinity"):
        core = max(os.sched_getaffinity(0))
    if options.no_gc:
        os.environ[NO_GC] = "1"
    say = lambda text: print(text, file=sys.stderr)  # noqa: E731
    with contextlib.ExitStack() as stack:
        workers = []
        for candidate in options.only or CANDIDATES:
            worker = stack.enter_context(Worker(candidate, core))
            if worker.missing:
                say(f"{CANDIDATES[candidate]} is left out: {worker.missing}")
            else:
                workers.append(worker)
        samples, skipped = measure(workers, cells, options.rounds, say)
    return as_json(samples, skipped, options.rounds)


def _write_json(results: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1)
    # The samples of a quantity on one line.
    text = re.sub(r"\[[^\[\]{}]*\]", lambda found: re.sub(r"\s+", " ", found[0]), text)
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
