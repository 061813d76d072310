"""Bind chains that somebody wrote by hand, as short as the library allows."""

from collections.abc import Callable

from lwtsyntax import runtime as Lwt

KINDS: dict[str, Callable[[], Lwt.Promise[None]]] = {
    "quick": lambda: Lwt.unit,
    "medium": Lwt.pause,
    "slow": lambda: Lwt.sleep(0.0),
}


def basic(kind: str, iterations: int, yields: int) -> int:
    fn = KINDS[kind]
    rounds = Lwt.for_each(range(iterations), lambda _: Lwt.for_each(range(yields), lambda _: fn()))
    Lwt.run(rounds)
    return iterations * yields


def recurse(kind: str, times: int, depth: int) -> int:
    fn = KINDS[kind]
    total = 0

    def add(value: int) -> None:
        nonlocal total
        total += value

    def sum_to(depth: int) -> Lwt.Promise[int]:
        if depth == 0:
            return Lwt.map(fn(), lambda _: 0)
        return Lwt.bind(fn(), lambda _: Lwt.map(sum_to(depth - 1), lambda rest: depth + rest))

    Lwt.run(Lwt.for_each(range(times), lambda _: Lwt.map(sum_to(depth), add)))
    return total


def tail(count: int) -> int:
    def count_down(count: int, total: int) -> Lwt.Promise[int]:
        if count == 0:
            return Lwt.return_(total)
        return Lwt.bind(Lwt.pause(), lambda _: count_down(count - 1, total + 1))

    return Lwt.run(count_down(count, 0))


def row(count: int) -> int:
    number = Lwt.return_
    total = 0

    def add(value: int) -> None:
        nonlocal total
        total += value

    def four(_: int) -> Lwt.Promise[None]:
        def with_a(a: int) -> Lwt.Promise[None]:
            def with_b(b: int) -> Lwt.Promise[None]:
                def with_c(c: int) -> Lwt.Promise[None]:
                    return Lwt.map(number(4), lambda d: add(a + b + c + d))

                return Lwt.bind(number(3), with_c)

            return Lwt.bind(number(2), with_b)

        return Lwt.bind(number(1), with_a)

    Lwt.run(Lwt.for_each(range(count), four))
    return total


def park(count: int, probe: Callable[[], None]) -> int:
    def successor(value: int) -> int:
        return value + 1

    resolvers, threads = [], []
    for _ in range(count):
        promise, resolver = Lwt.wait()
        resolvers.append(resolver)
        threads.append(Lwt.map(Lwt.map(Lwt.map(promise, successor), successor), successor))
    probe()
    for resolver in resolvers:
        Lwt.wakeup(resolver, 1)
    return sum(Lwt.run(Lwt.all(threads)))
