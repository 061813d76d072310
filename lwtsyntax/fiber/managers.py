"""`with with_lwt(m) as r:` on a fiber: its two ends are waited for."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from lwtsyntax.fiber.fibers import await_, current
from lwtsyntax.runtime import Promise, Resolver, is_sleeping, on_failure, wait, wakeup, wakeup_exn
from lwtsyntax.runtime.adapting import is_awaitable, promise
from lwtsyntax.runtime.managers import CO_COROUTINE, special_method

__all__ = ["managed"]


def managed(manager: Any) -> Any:
    """What ``with`` enters in place of *manager*.

    Where `__aenter__` is a coroutine function, both ends run in one asyncio task, which managers such as
    `asyncio.timeout` cancel; that cancels what the fiber waits for.
    """
    code = getattr(getattr(type(manager), "__aenter__", None), "__code__", None)
    if code is not None and code.co_flags & CO_COROUTINE:
        return _Task(manager)
    return _Managed(manager)


class _Managed:
    """`__aenter__` and `__aexit__` where the class has them, else `__enter__` and `__exit__`."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager

    def __enter__(self) -> Any:
        a = "a" if hasattr(type(self._manager), "__aenter__") else ""
        enter = special_method(self._manager, f"__{a}enter__", "")
        self._leave = special_method(self._manager, f"__{a}exit__", f" (missed __{a}exit__ method)")
        return _waited(enter())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        return bool(_waited(self._leave(kind, error, trace)))


def _waited(value: Any) -> Any:
    return await_(value) if is_awaitable(value) else value


class _Task:
    """An asyncio task holds the manager open while the fiber runs the body."""

    def __init__(self, manager: Any) -> None:
        self._manager = manager
        self._enter: Resolver[Any]
        self._body: Promise[None]
        self._left: Resolver[None]

    def __enter__(self) -> Any:
        entered: Promise[Any]
        self._body, self._left = wait()
        self._body._waits_on = current("with_lwt").promise  # so canceling the task cancels that
        entered, self._enter = wait()
        self._held = promise(self._hold())
        entered._waits_on = self._held
        on_failure(self._held, self._failed)
        return await_(entered)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None:
            wakeup(self._left, None)
        else:
            wakeup_exn(self._left, error)
        try:
            await_(self._held)
        except BaseException as raised:
            if raised is error:
                return False
            raise
        return error is not None

    async def _hold(self) -> None:
        async with self._manager as value:
            wakeup(self._enter, value)
            await self._body

    def _failed(self, error: BaseException) -> None:
        """It could not be entered."""
        if is_sleeping(self._enter._promise):
            wakeup_exn(self._enter, error)
