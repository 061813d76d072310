"""``python -m tests.real_code [SUITE …] [--variant V | --hook] [--jobs N] [--update]``"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor

from .page import update_page
from .running import LOWERED, HookedRow, Row, run_hooked, run_suite
from .suites import SUITES


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.real_code", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=", ".join(SUITES))
    parser.add_argument("--variant", choices=LOWERED, action="append", help="only this one")
    parser.add_argument("--hook", action="store_true", help="import them through the hook")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time")
    parser.add_argument("--update", action="store_true", help="write docs/real_code.md")
    options = parser.parse_args()
    if options.update and options.variant:
        parser.error("--update needs every variant")
    unknown = [name for name in options.suites if name not in SUITES]
    if unknown:
        parser.error(f"no such suite: {', '.join(unknown)}")
    variants = tuple(options.variant or LOWERED)

    def run(suite: str) -> Row | HookedRow:
        return run_hooked(suite) if options.hook else run_suite(suite, variants)

    rows: list[Row | HookedRow] = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for row in pool.map(run, options.suites or SUITES):
            rows.append(row)
            print(row, flush=True)
            if options.update and not row.problems:
                update_page(row)
            print(*row.problems, sep="\n", end="\n" * bool(row.problems), flush=True)
    problems = sum(len(row.problems) for row in rows)
    print(f"{problems} problems" if problems else "all as known.py says")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
