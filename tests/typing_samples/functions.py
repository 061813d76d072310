"""Thread functions: plain, generic, nested, with defaults; waiting for what is not a promise."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from lwtsyntax import lwt
from lwtsyntax.runtime import Promise

T = TypeVar("T")


@lwt
def double(x: int, *, times: int = 2) -> int:
    return x * times


@lwt
def identity(x: T) -> T:
    return x


async def coroutine() -> str:
    return ""


@lwt
def main(pool: ThreadPoolExecutor, task: "asyncio.Task[bytes]") -> str:
    reveal_type(double(1))  # reveal: Promise[int]
    x = lwt(double(1, times=3))
    reveal_type(x)  # reveal: int
    reveal_type(lwt(identity("a")))  # reveal: str
    reveal_type(lwt(identity([1])))  # reveal: list[int]
    reveal_type(lwt(coroutine()))  # reveal: str
    reveal_type(lwt(task))  # reveal: bytes
    future: Future[float] = pool.submit(float, "1")
    reveal_type(lwt(future))  # reveal: float

    @lwt
    def inner(y: str) -> list[str]:
        return [y, lwt(coroutine())]

    reveal_type(inner)  # reveal: (y: str) -> Promise[list[str]]
    start_inner: Callable[[str], Promise[list[str]]] = lambda y: inner(y)  # noqa: E731
    reveal_type(lwt(start_inner("a")))  # reveal: list[str]
    reveal_type(lwt(double(lwt(double(2)))) + 1)  # reveal: int
    return ""


def start() -> Promise[int]:
    return double(1)


double("a")  # error
double(1) + 1  # error
len(identity("a"))  # error
identity("a").upper()  # error
wrong: int = double(1)  # error


@lwt
def misuse() -> int:
    lwt(3)  # error
    y: str = lwt(double(1))  # error
    return double(1)  # error
