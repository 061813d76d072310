"""What `lwtsyntax transform --to async` cannot say in `async`/`await` alone.

The output imports a name from here only where it needs it.  This file needs nothing but the standard
library: copy it into a project and name it (`--helpers package.module`) to be rid of the dependency.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import sys
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Generator,
    Iterable,
    Iterator,
)
from typing import Any, TypeVar, overload

__all__ = ["AnyError", "both", "items", "managed", "only", "start", "wait_if"]

T = TypeVar("T")
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")

AnyError = BaseException  # under a name that a program's own BaseException cannot hide

# -- starting a thread -----------------------------------------------------------------------------

_running: set[asyncio.Future[Any]] = set()  # the event loop itself keeps weak references only


@overload
def start(thread: Awaitable[T]) -> Awaitable[T]: ...
@overload
def start(thread: T) -> T: ...
def start(thread: Any) -> Any:
    """Run a coroutine at once, up to its first real wait; what this gives can be awaited many times.

    Where no event loop runs, the coroutine starts when it is first awaited.  Anything but a coroutine
    is given back as it is.
    """
    if not inspect.iscoroutine(thread):
        return thread
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        return _Later(thread)
    task: asyncio.Future[Any]
    if sys.version_info >= (3, 12):
        task = asyncio.Task(thread, loop=loop, eager_start=True)
    else:
        task = _started_by_hand(thread, loop)
    if not task.done():
        _running.add(task)
        task.add_done_callback(_running.discard)
    return task


class _Later(Awaitable[T]):
    """A coroutine called where no event loop runs."""

    def __init__(self, coroutine: Coroutine[Any, Any, T]) -> None:
        self._coroutine = coroutine
        self._task: Awaitable[T] | None = None

    def __await__(self) -> Generator[Any, Any, T]:
        if self._task is None:
            self._task = start(self._coroutine)
        return self._task.__await__()


class _Rest(Coroutine[Any, Any, T]):
    """What is left of a coroutine after its first step, which was taken by hand."""

    def __init__(self, coroutine: Coroutine[Any, Any, T]) -> None:
        self._coroutine: Coroutine[Any, Any, T] | None = coroutine
        self._first: Any = None  # what it waits for, until a task has seen that

    def take_first_step(self) -> None:
        assert self._coroutine is not None
        coroutine, self._coroutine = self._coroutine, None
        self._first = coroutine.send(None)
        self._coroutine = coroutine  # it is not at its end
        if self._first is not None:
            self._first._asyncio_future_blocking = False  # until the task takes it

    def send(self, value: Any) -> Any:
        if self._coroutine is None:
            raise StopIteration
        first, self._first = self._first, None
        if first is not None:
            first._asyncio_future_blocking = True  # as when it was awaited
            return first
        return self._coroutine.send(value)

    def throw(self, *error: Any) -> Any:
        if self._coroutine is None:
            raise StopIteration
        self._first = None
        return self._coroutine.throw(*error)

    def close(self) -> None:
        if self._coroutine is not None:
            self._coroutine.close()

    def __await__(self) -> Generator[Any, Any, T]:
        raise NotImplementedError("only a task goes on with this")


def _started_by_hand(
    coroutine: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop
) -> asyncio.Future[T]:
    """Python 3.11 has no eager tasks: the first step is taken here, in the name of the new task."""
    rest = _Rest(coroutine)
    context = contextvars.copy_context()
    task = asyncio.Task(rest, loop=loop, context=context)
    outer = asyncio.current_task(loop)
    if outer is not None:
        asyncio.tasks._leave_task(loop, outer)
    asyncio.tasks._enter_task(loop, task)
    try:
        context.run(rest.take_first_step)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001  (it is the outcome, as in a task)
        return _ended(error, loop)
    finally:
        asyncio.tasks._leave_task(loop, task)
        if outer is not None:
            asyncio.tasks._enter_task(loop, outer)
    return task


def _ended(error: BaseException, loop: asyncio.AbstractEventLoop) -> asyncio.Future[Any]:
    """The outcome of a coroutine that came to its end in its first step."""
    future: asyncio.Future[Any] = loop.create_future()
    if isinstance(error, StopIteration):
        future.set_result(error.value)
    elif isinstance(error, asyncio.CancelledError):
        future.cancel()
    else:
        future.set_exception(error)
    return future


# -- waiting ---------------------------------------------------------------------------------------


@overload
async def both(a: Awaitable[T1], b: Awaitable[T2], /) -> tuple[T1, T2]: ...
@overload
async def both(a: Awaitable[T1], b: Awaitable[T2], c: Awaitable[T3], /) -> tuple[T1, T2, T3]: ...
@overload
async def both(*threads: Awaitable[Any]) -> tuple[Any, ...]: ...
async def both(*threads: Awaitable[Any]) -> tuple[Any, ...]:
    """Start all, wait for all, then raise what was raised first in time, if anything was."""
    errors: list[BaseException] = []

    async def watched(thread: Awaitable[Any]) -> Any:
        try:
            return await thread
        except BaseException as error:  # noqa: BLE001  (raised again below)
            errors.append(error)

    started = [asyncio.ensure_future(start(watched(thread))) for thread in threads]
    if not all(each.done() for each in started):
        await asyncio.gather(*started)
    if errors:
        raise errors[0]
    return tuple(each.result() for each in started)


async def wait_if(value: Any) -> Any:
    """Wait for *value* where it can be waited for: a call that may or may not start a thread."""
    return await value if inspect.isawaitable(value) else value


async def only(values: AsyncIterator[T]) -> T:
    """The one value of an asynchronous generator expression: how a lambda waits."""
    [found] = [value async for value in values]
    return found


# -- loops and managers ----------------------------------------------------------------------------


@overload
def items(given: Iterable[T]) -> AsyncIterator[T]: ...
@overload
def items(given: AsyncIterable[T]) -> AsyncIterator[T]: ...
def items(given: Any) -> AsyncIterator[Any]:
    """What `async for` loops over, be *given* an iterable or an asynchronous one."""
    if hasattr(type(given), "__aiter__") and not hasattr(type(given), "__iter__"):
        return aiter(given)
    return _Items(iter(given))


class _Items(AsyncIterator[T]):
    """An iterator as an asynchronous one; a loop that ends early leaves it open, as `for` does."""

    def __init__(self, iterator: Iterator[T]) -> None:
        self._iterator = iterator

    async def __anext__(self) -> T:
        for item in self._iterator:
            return item
        raise StopAsyncIteration


def managed(manager: Any) -> Any:
    """What `async with` enters: *manager* itself, or one that has only the methods of `with`.

    What such methods give is waited for where it can be.
    """
    kind = type(manager)
    if hasattr(kind, "__aenter__") or not hasattr(kind, "__enter__"):
        return manager
    return _Managed(kind.__enter__, kind.__exit__, manager)


class _Managed:
    def __init__(self, enter: Callable[..., Any], leave: Callable[..., Any], manager: Any) -> None:
        self._enter, self._leave, self._manager = enter, leave, manager

    async def __aenter__(self) -> Any:
        return await wait_if(self._enter(self._manager))

    async def __aexit__(self, *exception: object) -> Any:
        return await wait_if(self._leave(self._manager, *exception))
