"""The rest of Lwt_direct: yield_ and spawn, made of start and await_."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from lwtsyntax.fiber.fibers import await_, start
from lwtsyntax.runtime import Promise, async_, on_any, on_success, pause, wait, wakeup, wakeup_exn

__all__ = ["spawn", "spawn_in_the_background", "yield_"]

P = ParamSpec("P")
T = TypeVar("T")


def yield_() -> None:
    """Let every thread that is ready have its turn (`Lwt_direct.yield`)."""
    await_(pause())


def spawn(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Promise[T]:
    """As `start`, but the fiber begins when the main loop turns, and its promise cannot be canceled
    (`Lwt_direct.spawn`)."""
    result: Promise[T]
    result, resolver = wait()

    def begin(_: None) -> None:
        on_any(
            start(function, *args, **kwargs),
            lambda value: wakeup(resolver, value),
            lambda error: wakeup_exn(resolver, error),
        )

    on_success(pause(), begin)
    return result


def spawn_in_the_background(
    function: Callable[P, Any], /, *args: P.args, **kwargs: P.kwargs
) -> None:
    """`spawn` for its effects alone: a failure goes to the async exception hook."""
    async_(lambda: spawn(function, *args, **kwargs))
