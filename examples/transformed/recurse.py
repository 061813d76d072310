"""The second benchmark of "Delimited Continuations vs Lwt for Threads", in direct style.

    lwtsyntax run examples/recurse.py [DEPTH]

A sum by recursion that is not in tail position, with a wait on every level.  The depth may be far
beyond Python's recursion limit: try 100000.
"""

import sys
import time

from lwtsyntax import runtime as Lwt


def recurse(fn, n):
    try:

        def after_fn(_):
            if n == 0:
                return Lwt.return_(0)
            return Lwt.map(recurse(fn, n - 1), lambda value: n + value)

        return Lwt.bind(fn(), after_fn)
    except BaseException as error:
        return Lwt.failed(error)


def main(depth=5000):
    kinds = {
        "quick": Lwt.return_,
        "medium": Lwt.pause,
        "slow": lambda: Lwt.sleep(0.0),
    }
    for kind, fn in kinds.items():
        start = time.perf_counter()
        total = Lwt.run(recurse(fn, depth))
        seconds = time.perf_counter() - start
        print(f"recurse {kind}: the numbers up to {depth} add up to {total}")
        print(f"{seconds / (depth + 1) * 1e9:.0f} ns a level", file=sys.stderr)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
