"""Canceling: `cancel p` looks for the tasks that `p` waits on, and rejects those with Canceled."""

from __future__ import annotations

from typing import Any

from .nesting import run_callbacks
from .promise import FORWARD, PENDING, TASK, Promise, reject_waiter, root


class Canceled(BaseException):
    """The rejection of a canceled promise (`Lwt.Canceled`).

    Derives from BaseException, as asyncio.CancelledError does, so that `except Exception` lets it pass.
    """


def cancel(p: Promise[Any]) -> None:
    """Cancel `p` (`Lwt.cancel`): reject the tasks, pauses and sleeps it waits for with Canceled.

    First all of them are found and rejected, each once; then what waits for them runs.  Foreign tasks and
    futures have their own `cancel` called.  Promises made by `wait` are not touched, nor are resolved ones.
    """
    request_cancel(p)


def request_cancel(p: Promise[Any]) -> bool:
    """`cancel`; whether there was anything to cancel."""
    canceled: list[Promise[Any]] = []
    foreign: list[Any] = []
    seen: set[int] = set()
    todo: list[Any] = [root(p)]
    while todo:
        q = todo.pop()
        if id(q) in seen:
            continue
        seen.add(id(q))
        if q._state != PENDING and q._state != FORWARD:
            continue
        on = q._waits_on
        if on is TASK:
            resolved = reject_waiter(root(q), Canceled())
            if resolved is not None:
                canceled.append(resolved)
        elif type(on) is Promise:
            todo.append(on)
            if on._state == FORWARD and root(on) is not root(q):
                todo.append(root(on))
        elif type(on) is tuple:
            todo.extend(root(each) for each in reversed(on))
        elif on is not None:
            foreign.append(on)
    for resolved in canceled:
        run_callbacks(resolved)
    for each in foreign:
        each.cancel()
    return bool(canceled or foreign)
