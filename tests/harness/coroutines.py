"""What a program without markers calls in place of the forms that plain Python cannot say."""

from __future__ import annotations

import asyncio
import inspect
import types
from collections.abc import AsyncIterator, Awaitable, Iterator
from typing import Any

__all__ = ["HELPERS"]


async def maybe(value: Any) -> Any:
    """Wait for *value* if it can be waited for: a condition, an implicit tail wait."""
    return await value if inspect.isawaitable(value) else value


async def several(*started: Awaitable[Any]) -> tuple[Any, ...]:
    """As ``Lwt.both``: wait for all, then raise what was raised first in time."""
    errors: list[BaseException] = []

    async def watched(each: Awaitable[Any]) -> Any:
        try:
            return await each
        except BaseException as error:  # noqa: BLE001  (raised again below)
            errors.append(error)
            return None

    values = await asyncio.gather(*map(watched, started))
    if errors:
        raise errors[0]
    return tuple(values)


class _Items(AsyncIterator[Any]):
    """An iterable as an async iterable; a loop that ends early leaves it open, as ``for`` does."""

    def __init__(self, items: Iterator[Any]) -> None:
        self._items = items

    async def __anext__(self) -> Any:
        for item in self._items:
            return item
        raise StopAsyncIteration


def items(given: Any) -> AsyncIterator[Any]:
    """What ``for_lwt`` loops over."""
    return aiter(given) if hasattr(given, "__aiter__") else _Items(iter(given))


class Manager:
    """What ``with_lwt`` enters where nothing waits: a manager by its asynchronous methods."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager

    def __enter__(self) -> Any:
        return self._manager.__aenter__()

    def __exit__(self, *exception: object) -> Any:
        return self._manager.__aexit__(*exception)


def waiting(given: Any) -> Any:
    """What a lambda yields from to wait for *given*, which may be another such lambda's."""
    return given if isinstance(given, types.GeneratorType) else given.__await__()


HELPERS = {
    "coroutine_": types.coroutine,  # of a lambda that waits by `yield from`
    "items_": items,
    "manager_": Manager,
    "maybe_": maybe,
    "several_": several,
    "waiting_": waiting,
}
