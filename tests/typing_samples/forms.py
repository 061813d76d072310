"""for_lwt, while_lwt, match_lwt, with_lwt and lwt_stream."""

from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager

from lwtsyntax import exception, for_lwt, lwt, lwt_stream, match_lwt, while_lwt, with_lwt


@lwt
def fetch(path: str) -> list[int]:
    return [len(path)]


@lwt
def nothing() -> None:
    pass


@lwt
def ready() -> bool:
    return True


async def ticks() -> AsyncIterator[float]:
    yield 1.0


@asynccontextmanager
async def connection() -> AsyncIterator[bytes]:
    yield b""


@lwt_stream
def lines(path: str) -> Generator[str, None, None]:
    yield path


@lwt
def loops() -> int:
    for i in for_lwt(range(3)):
        reveal_type(i)  # reveal: int
    for tick in for_lwt(ticks()):
        reveal_type(tick)  # reveal: float
    reveal_type(lines("a"))  # reveal: Stream[str]
    for line in for_lwt(lines("a")):
        reveal_type(line)  # reveal: str
    while while_lwt(ready()):
        pass
    while while_lwt(bool(lwt(fetch("a")))):
        pass
    reveal_type([x + 1 for x in for_lwt(lwt(fetch("a")))])  # reveal: list[int]
    for wrong in for_lwt(3):  # error
        pass
    for wrong in for_lwt(fetch("a")):  # error
        pass
    return 0


@lwt
def matches() -> str:
    match match_lwt(fetch("a")):
        case exception(KeyError() as e):
            reveal_type(e)  # reveal: KeyError
            e.missing  # error
        case [first, *rest]:
            reveal_type(first)  # reveal: int
            reveal_type(rest)  # reveal: list[int]
        case other:
            reveal_type(other)  # reveal: list[int]
    match match_lwt(nothing()):
        case exception(OSError() as failure):
            reveal_type(failure)  # reveal: OSError
            failure.missing  # error
        case None:
            pass
    return ""


@lwt
def managers() -> None:
    with with_lwt(connection()) as c:
        reveal_type(c)  # reveal: bytes
    with lwt(opened()) as f:
        reveal_type(f.name)  # reveal: str
    with with_lwt(open("a")) as wrong:  # error
        pass


class Manager:
    name = ""

    def __enter__(self) -> "Manager":
        return self

    def __exit__(self, *exception: object) -> None:
        pass


@lwt
def opened() -> Manager:
    return Manager()


lwt_stream(fetch)  # error
