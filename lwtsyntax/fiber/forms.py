"""What the markers are on fibers.  The pass ``to_fibers`` has an untransformed source call these::

@lwt / x = lwt(e) / lwt(a, b)        thread / wait / several
for_lwt(xs) / while_lwt(c)           items / condition
with_lwt(m) / @lwt_stream            managed / stream
"""

# ruff: noqa: BLE001 - what a consumer does to a stream is thrown into its generator
from __future__ import annotations

import functools
from collections.abc import Callable, Generator, Iterator
from typing import Any, ParamSpec, TypeVar

from lwtsyntax.fiber.fibers import await_, start
from lwtsyntax.fiber.managers import managed
from lwtsyntax.runtime import AnyError, Promise, Stream, both
from lwtsyntax.runtime.adapting import is_awaitable
from lwtsyntax.runtime.groups import throw
from lwtsyntax.runtime.promise import REJECTED, delivered

__all__ = [
    "AnyError",
    "condition",
    "items",
    "managed",
    "several",
    "stream",
    "tail",
    "thread",
    "wait",
]

P = ParamSpec("P")
T = TypeVar("T")

wait = await_


def thread(function: Callable[P, T]) -> Callable[P, Promise[T]]:
    """``@lwt``: calling the function starts a fiber."""

    @functools.wraps(function)
    def starting(*args: P.args, **kwargs: P.kwargs) -> Promise[T]:
        promise = start(function, *args, **kwargs)
        if promise._state == REJECTED and promise._k is None and type(promise._value) is TypeError:
            raise delivered(promise)  # wrong arguments: it was never entered
        return promise

    return starting


def stream(function: Callable[P, Generator[T, Any, Any]]) -> Callable[P, Stream[T]]:
    """``@lwt_stream``: the generator runs on a fiber, and waits at each ``yield`` until the next value is wanted."""

    @functools.wraps(function)
    def streaming(*args: P.args, **kwargs: P.kwargs) -> Stream[T]:
        values = function(*args, **kwargs)
        return Stream(lambda emit: start(_produce, values, emit))

    return streaming


def _produce(values: Generator[T, Any, Any], emit: Callable[[T], Promise[None]]) -> None:
    thrown: BaseException | None = None
    while True:
        try:
            value = next(values) if thrown is None else throw(values, thrown)
        except StopIteration:
            return
        try:
            await_(emit(value))
        except BaseException as error:
            thrown = error
        else:
            thrown = None


def several(*promises: Any) -> tuple[Any, ...]:
    """``lwt(a, b)``: wait for all."""
    return await_(both(*promises))


def tail(value: Any) -> Any:
    """The bare call that ends the body of a thread: waited for when it can be."""
    return await_(value) if is_awaitable(value) else value


def condition(value: Any) -> bool:
    """``while_lwt(c)``: a truth value or a promise of one."""
    return bool(tail(value))


def items(given: Any) -> Any:
    """``for_lwt(xs)``: an iterable is itself; the items of an async one are waited for."""
    kind = type(given)
    if hasattr(kind, "__iter__") or not hasattr(kind, "__aiter__"):
        return given
    return _Items(kind.__aiter__(given))


class _Items(Iterator[Any]):
    """An async iterator as an iterator; a loop that ends early leaves it open."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def __next__(self) -> Any:
        try:
            return await_(type(self._values).__anext__(self._values))
        except StopAsyncIteration:
            raise StopIteration from None
