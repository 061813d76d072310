"""The `with` statement: using, and using_lwt, which waits for the two ends."""

# ruff: noqa: BLE001 - whatever is raised becomes a rejection or is reported; `failed` lets the fatal ones out.
from __future__ import annotations

from collections.abc import Callable
from sys import exception
from types import CodeType
from typing import Any

from .adapting import is_awaitable, promise
from .binding import after, at_its_head, handling, received, rejected_again
from .completions import unit
from .nesting import entered
from .places import at_head, strip
from .promise import REJECTED, Promise, delivered, observe, rejected
from .regions import cleaned, ended, settled

CO_COROUTINE = 0x80  # of code flags, as in inspect, which is slow to import


def using(manager: Any, body: Callable[[Any], Any], place: CodeType | None = None) -> Promise[Any]:
    """Lowered `with manager as r: body(r)`.  An exception that `__exit__` swallows is a normal end."""
    return entered(_using, manager, body, place, place=place, regions=(body,))


def _using(manager: Any, body: Callable[[Any], Any], place: CodeType | None) -> Promise[Any]:
    enter = special_method(manager, "__enter__", "")
    leave = special_method(manager, "__exit__", " (missed __exit__ method)")
    leave = _told(leave, place, body)

    def resolved(p: Promise[Any]) -> Promise[Any]:
        if p._state == REJECTED:
            error = received(p, place, body)
            if handling(error, lambda: leave(type(error), error, error.__traceback__)):
                return unit
            return rejected_again(p, place, body)
        leave(None, None, None)
        return p

    value = enter()
    try:
        p = ended(body(value))
    except BaseException as error:
        strip(error)
        if leave(type(error), error, error.__traceback__):
            return unit
        raise
    return after(p, resolved, place)


def using_lwt(
    manager: Any, body: Callable[[Any], Any], place: CodeType | None = None
) -> Promise[Any]:
    """Lowered `with with_lwt(manager) as r: body(r)`: what `async with` is to `with`.

    `__aenter__` and `__aexit__` where the class has them, else `__enter__` and `__exit__`; what they give is
    waited for when it can be.  Where they are coroutines, they and the body belong to one asyncio task, which
    is what managers like `asyncio.timeout` and `asyncio.TaskGroup` cancel.
    """
    code = getattr(getattr(type(manager), "__aenter__", None), "__code__", None)
    if code is not None and code.co_flags & CO_COROUTINE:
        return promise(_using_coroutines(manager, body, exception(), place))
    return entered(_using_lwt, manager, body, place, place=place, regions=(body,))


async def _using_coroutines(
    manager: Any,
    body: Callable[[Any], Any],
    handled: BaseException | None,
    place: CodeType | None,
) -> Any:
    try:
        async with manager as value:
            if handled is None:
                p = ended(body(value))
            else:
                p = ended(handling(handled, lambda: body(value), chain=False))
            return await after(
                p, lambda p: settled(p, place, body) if p._state == REJECTED else p, place
            )
    except BaseException as error:
        at_head(error, place, body)
        raise


def _using_lwt(manager: Any, body: Callable[[Any], Any], place: CodeType | None) -> Promise[Any]:
    a = "a" if hasattr(type(manager), "__aenter__") else ""
    enter = special_method(manager, f"__{a}enter__", "")
    leave = special_method(manager, f"__{a}exit__", f" (missed __{a}exit__ method)")
    leave = _told(leave, place, body)

    def entering(p: Promise[Any]) -> Promise[Any]:
        if p._state == REJECTED:
            return p
        try:
            q = ended(body(p._value))
        except BaseException as error:
            strip(error)
            left = ended(leave(type(error), error, error.__traceback__))
            return _left(at_its_head(left, place, body), rejected(error, place))
        return after(q, leaving, place)

    def leaving(p: Promise[Any]) -> Promise[Any]:
        if p._state == REJECTED:
            p = rejected_again(p, place, body)
            error = delivered(p)
            left = ended(handling(error, lambda: leave(type(error), error, error.__traceback__)))
            return _left(at_its_head(left, place, body), p)
        return cleaned(at_its_head(ended(leave(None, None, None)), place, body), p)

    return after(at_its_head(ended(enter()), place, body), entering, place)


def _told(
    leave: Callable[..., Any], place: CodeType | None, body: Callable[..., Any]
) -> Callable[..., Any]:
    """`leave`, which may run when the `with` has waited: what it raises has the entry of its head."""

    def told(*arguments: Any) -> Any:
        try:
            return leave(*arguments)
        except BaseException as error:
            at_head(error, place, body)
            raise

    return told


def _left(swallowed: Promise[Any], outcome: Promise[Any]) -> Promise[Any]:
    """After an exit that was told of the rejection `outcome`: a normal end when it swallowed that."""
    observe(outcome)

    def resolved(swallowed: Promise[Any]) -> Promise[Any]:
        if swallowed._state == REJECTED:
            return swallowed
        return unit if swallowed._value else rejected_again(outcome)

    return after(swallowed, resolved)


def special_method(manager: Any, name: str, hint: str) -> Callable[..., Any]:
    """`name` as the `with` statement finds it: on the class, bound as a descriptor would be."""
    kind = type(manager)
    for base in kind.__mro__:
        method = base.__dict__.get(name)
        if method is not None:
            bind_to = getattr(type(method), "__get__", None)
            found: Callable[..., Any] = (
                method if bind_to is None else bind_to(method, manager, kind)
            )
            return found
    if not hint and is_awaitable(manager):
        hint = " (to wait for it first, write with lwt(e))"
    raise TypeError(f"'{kind.__name__}' object does not support the context manager protocol{hint}")
