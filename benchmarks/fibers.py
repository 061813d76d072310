"""What a wait costs on fibers, beside bind chains, in one run: `python benchmarks/fibers.py`.

CPU nanoseconds for one operation (the least of several rounds; the two sides of a row alternate), and the
ratio to bind chains.  Run it on an idle core (`taskset -c 1`); compare ratios, not nanoseconds.
"""

import time
from collections.abc import Callable

from lwtsyntax import runtime as Lwt
from lwtsyntax.fiber import await_, start

N, ROUNDS = 20_000, 7


def rounds(wait: Callable[[], Lwt.Promise[None]]) -> None:
    for _ in range(N):
        await_(wait())


def on_fiber(wait: Callable[[], Lwt.Promise[None]]) -> None:
    Lwt.run(start(rounds, wait))


def on_binds(wait: Callable[[], Lwt.Promise[None]]) -> None:
    Lwt.run(Lwt.for_each(range(N), lambda _: wait()))


def nothing() -> None:
    pass


def side_by_side(begin: Callable[[Lwt.Promise[None]], Lwt.Promise[None]]) -> None:
    """As many threads at once: more than stacks are kept, so that fibers need fresh ones."""
    gate, opener = Lwt.wait()
    threads = [begin(gate) for _ in range(N)]
    Lwt.wakeup(opener, None)
    Lwt.run(Lwt.join(threads))


def thread() -> Lwt.Promise[None]:
    try:
        nothing()
        return Lwt.unit
    except BaseException as error:  # noqa: BLE001 (what a thread function is)
        return Lwt.failed(error)


ROWS: list[tuple[str, Callable[[], None], Callable[[], None]]] = [
    ("resolved", lambda: on_fiber(lambda: Lwt.unit), lambda: on_binds(lambda: Lwt.unit)),
    ("pause()", lambda: on_fiber(Lwt.pause), lambda: on_binds(Lwt.pause)),
    (
        "sleep(0.0)",
        lambda: on_fiber(lambda: Lwt.sleep(0.0)),
        lambda: on_binds(lambda: Lwt.sleep(0.0)),
    ),
    ("start, wait", lambda: on_fiber(lambda: start(nothing)), lambda: on_binds(thread)),
    (
        "start, park, wake",
        lambda: side_by_side(lambda gate: start(await_, gate)),
        lambda: side_by_side(lambda gate: Lwt.map(gate, lambda _: None)),
    ),
]


def timed(work: Callable[[], None]) -> float:
    before = time.process_time()
    work()
    return (time.process_time() - before) / N * 1e9


def main() -> None:
    print(f"{'':18} {'fibers':>8} {'binds':>8} {'ratio':>7}")
    for name, fibers, binds in ROWS:
        pairs = [(timed(fibers), timed(binds)) for _ in range(ROUNDS)]
        ours, theirs = min(a for a, _ in pairs), min(b for _, b in pairs)
        print(f"{name:18} {ours:8.0f} {theirs:8.0f} {ours / theirs:7.2f}")


if __name__ == "__main__":
    main()
