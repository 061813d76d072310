"""Awaiting our promises inside `async def` (the body of `Promise.__await__`)."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

from .cancellation import Canceled, request_cancel
from .promise import FULFILLED, PENDING, Promise, add_waiter, delivered, root


def await_promise(promise: Promise[Any]) -> Generator[Any, None, Any]:
    """Suspend the asyncio task until `promise` is resolved; its value, or its exception raised.

    When the task is canceled, so is `promise`, and the task goes on once that has cleaned up.
    """
    p = root(promise)
    canceled: asyncio.CancelledError | None = None
    while p._state == PENDING:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        w: Promise[Any] = Promise()
        w._step = _wake_step
        w._k = future
        add_waiter(p, w)
        try:
            yield from future
        except asyncio.CancelledError as error:
            if not request_cancel(p):
                raise
            canceled = error
        p = root(promise)
    if p._state == FULFILLED:
        return p._value
    failure = delivered(p)
    if canceled is not None and isinstance(failure, Canceled):
        raise canceled
    try:
        raise failure
    except BaseException:
        failure.__traceback__ = p._k
        raise  # anew, which leaves this frame out


def _wake_step(w: Promise[Any], _: Promise[Any]) -> None:
    if not w._k.done():
        w._k.set_result(None)
