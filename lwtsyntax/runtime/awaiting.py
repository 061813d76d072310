"""Awaiting our promises inside `async def` (the body of `Promise.__await__`)."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

from .cancellation import cancel
from .promise import FULFILLED, PENDING, Promise, add_waiter, observe, root


def await_promise(promise: Promise[Any]) -> Generator[Any, None, Any]:
    """Suspend the asyncio task until `promise` is resolved; its value, or its exception raised."""
    p = root(promise)
    if p._state == PENDING:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        w: Promise[Any] = Promise()
        w._handled = None
        w._step = _wake_step
        w._k = future
        add_waiter(p, w)
        try:
            yield from future
        except asyncio.CancelledError:
            cancel(promise)
            raise
        p = root(promise)
    if p._state == FULFILLED:
        return p._value
    observe(p)
    raise p._value


def _wake_step(w: Promise[Any], _: Promise[Any]) -> None:
    if not w._k.done():
        w._k.set_result(None)
