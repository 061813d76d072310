"""``python -m tests.real_code [SUITE …] [--variant V] [--jobs N] [--update]``"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor

from .page import update_page
from .running import LOWERED, Row, run_suite
from .suites import SUITES


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.real_code", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join(SUITES))
    parser.add_argument("--variant", choices=LOWERED, action="append", help="only this one")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--update", action="store_true", help="write docs/real_code.md")
    options = parser.parse_args()
    if options.update and options.variant:
        parser.error("--update needs every variant")
    unknown = [name for name in options.suites if name not in SUITES]
    if unknown:
        parser.error(f"no such suite: {', '.join(unknown)}")
    variants = tuple(options.variant or LOWERED)
    rows: list[Row] = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for row in pool.map(lambda name: run_suite(name, variants), options.suites or SUITES):
            rows.append(row)
            shown = ", ".join(f"{variant} {row.passed[variant]}" for variant in variants)
            print(f"{row.suite}: {row.tests} tests; {shown}", flush=True)
            if options.update and not row.problems:
                update_page(row)
            print(*row.problems, sep="\n", end="\n" * bool(row.problems), flush=True)
    problems = sum(len(row.problems) for row in rows)
    print(f"{problems} problems" if problems else "all as known.py says")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
