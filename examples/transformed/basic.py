"""The first benchmark of "Delimited Continuations vs Lwt for Threads", in direct style.

    lwtsyntax run examples/basic.py [ITERATIONS [YIELDS]]

Two nested loops call a thread function: one whose promise is fulfilled already (quick), one that
lets the other threads run (medium), one that goes through the timers (slow).
"""

import sys
import time

from lwtsyntax import runtime as Lwt


def basic(fn, iterations, yields):
    try:
        return Lwt.for_each(
            range(iterations), lambda i: Lwt.for_each(range(yields), lambda x: fn())
        )
    except BaseException as error:
        return Lwt.failed(error)


def main(iterations=100, yields=10):
    kinds = {
        "quick": Lwt.return_,
        "medium": Lwt.pause,
        "slow": lambda: Lwt.sleep(0.0),
    }
    for kind, fn in kinds.items():
        calls = 0

        def counted():
            nonlocal calls
            calls += 1
            return fn()

        start = time.perf_counter()
        Lwt.run(basic(counted, iterations, yields))
        seconds = time.perf_counter() - start
        print(f"basic {kind}: {calls} waits")
        print(f"{seconds / calls * 1e9:.0f} ns a wait", file=sys.stderr)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
