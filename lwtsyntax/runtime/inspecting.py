"""Looking at a promise without waiting for it."""

from __future__ import annotations

from typing import Any, Literal, TypeVar

from .promise import FULFILLED, PENDING, Promise, delivered, root

T = TypeVar("T")


def state(p: Promise[Any]) -> Literal["pending", "fulfilled", "rejected"]:
    """The state of `p` (`Lwt.state`)."""
    now = root(p)._state
    return "pending" if now == PENDING else "fulfilled" if now == FULFILLED else "rejected"


def is_sleeping(p: Promise[Any]) -> bool:
    """Whether `p` is pending (`Lwt.is_sleeping`)."""
    return root(p)._state == PENDING


def poll(p: Promise[T]) -> T | None:
    """The value of `p`, or None while it is pending; raises its exception when it is rejected (`Lwt.poll`)."""
    p = root(p)
    if p._state == PENDING:
        return None
    if p._state == FULFILLED:
        value: T = p._value
        return value
    error = delivered(p)
    try:
        raise error
    except BaseException:
        error.__traceback__ = p._k
        raise  # anew, which leaves this frame out
