"""Promises resolved by hand (wait, task, wakeup…), and side callbacks (on_success…, async_)."""

# ruff: noqa: BLE001 - whatever is raised becomes a rejection or is reported; `failed` lets the fatal ones out.
from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar, final

from .adapting import promise
from .cancellation import Canceled
from .completions import unit
from .nesting import entered, nest, run_callbacks, run_callbacks_later
from .places import strip
from .promise import (
    FATAL,
    FORWARD,
    FULFILLED,
    PENDING,
    REJECTED,
    TASK,
    Promise,
    add_waiter,
    delivered,
    fatal,
    fulfil_waiter,
    observe,
    pending,
    reject_waiter,
    rejected,
    root,
)
from .reporting import async_exception_hook

T = TypeVar("T")


@final
class Resolver(Generic[T]):
    """The right to resolve one promise, once (`'a Lwt.u`)."""

    __slots__ = ("_promise",)
    _promise: Promise[T]

    def __repr__(self) -> str:
        return f"<Resolver of {self._promise!r}>"


def wait() -> tuple[Promise[T], Resolver[T]]:
    """A pending promise and the resolver of it (`Lwt.wait`).  It cannot be canceled."""
    p: Promise[T] = pending()
    resolver: Resolver[T] = Resolver()
    resolver._promise = p
    return p, resolver


def task() -> tuple[Promise[T], Resolver[T]]:
    """As `wait`, but `cancel` rejects the promise with Canceled (`Lwt.task`)."""
    p: Promise[T] = pending(TASK)
    resolver: Resolver[T] = Resolver()
    resolver._promise = p
    return p, resolver


def _resolve(
    name: str,
    resolver: Resolver[Any],
    settle: Callable[[Promise[Any], Any], Promise[Any] | None],
    value: Any,
    later: bool,
) -> None:
    p = root(resolver._promise)
    if p._state != PENDING:
        if p._state == REJECTED and isinstance(p._value, Canceled):
            return  # whoever resolves it need not know that it was canceled
        raise RuntimeError(f"Lwt.{name}: the promise is resolved already: {p!r}")
    resolved = settle(p, value)
    if resolved is not None:
        if later and nest.depth:
            run_callbacks_later(resolved)
        else:
            run_callbacks(resolved)


def wakeup(resolver: Resolver[T], value: T = None) -> None:  # type: ignore[assignment]
    """Fulfil the promise of `resolver`; what waits for it runs before this returns (`Lwt.wakeup`).

    (Past the nesting bound: before the outermost entry returns.)  Raises RuntimeError when the promise is
    resolved already; when it was canceled, nothing happens.
    """
    _resolve("wakeup", resolver, fulfil_waiter, value, False)


def wakeup_exn(resolver: Resolver[Any], error: BaseException) -> None:
    """Reject the promise of `resolver`; otherwise as `wakeup` (`Lwt.wakeup_exn`)."""
    _resolve("wakeup_exn", resolver, reject_waiter, error, False)


def wakeup_later(resolver: Resolver[T], value: T = None) -> None:  # type: ignore[assignment]
    """As `wakeup`, but inside a continuation what waits runs after that has returned (`Lwt.wakeup_later`)."""
    _resolve("wakeup_later", resolver, fulfil_waiter, value, True)


def wakeup_later_exn(resolver: Resolver[Any], error: BaseException) -> None:
    """As `wakeup_exn`, with the timing of `wakeup_later` (`Lwt.wakeup_later_exn`)."""
    _resolve("wakeup_later_exn", resolver, reject_waiter, error, True)


# Side callbacks: they give nothing back, and what they raise goes to the hook.


def _side(p: Awaitable[Any], callback: Callable[[Promise[Any]], object]) -> None:
    entered(_side_now, promise(p), callback)


def _side_now(p: Promise[Any], callback: Callable[[Promise[Any]], object]) -> Promise[None]:
    if p._state == FORWARD:
        p = root(p)
    if p._state != PENDING:
        _run_side(p, callback)
        return unit
    w: Promise[Any] = Promise()
    w._state = PENDING
    w._step = _side_step  # with nothing handled: a callback is not the continuation of a thread
    w._k = callback
    add_waiter(p, w)
    return unit


def _side_step(w: Promise[Any], p: Promise[Any]) -> None:
    try:
        _run_side(p, w._k)
    except BaseException as error:
        fatal.append(rejected(strip(error)))  # one of FATAL: for `run`


def _run_side(p: Promise[Any], callback: Callable[[Promise[Any]], object]) -> None:
    try:
        callback(p)
    except FATAL:
        raise
    except BaseException as error:
        strip(error)
        async_exception_hook(error)


def on_success(p: Awaitable[T], f: Callable[[T], object]) -> None:
    """Call `f(value)` when `p` is fulfilled (`Lwt.on_success`); at once when it is already."""

    def callback(p: Promise[Any]) -> None:
        if p._state == FULFILLED:
            f(p._value)

    _side(p, callback)


def on_failure(p: Awaitable[Any], f: Callable[[BaseException], object]) -> None:
    """Call `f(error)` when `p` is rejected (`Lwt.on_failure`)."""

    def callback(p: Promise[Any]) -> None:
        if p._state == REJECTED:
            f(delivered(p))

    _side(p, callback)


def on_termination(p: Awaitable[Any], f: Callable[[], object]) -> None:
    """Call `f()` when `p` is resolved either way (`Lwt.on_termination`)."""

    def callback(p: Promise[Any]) -> None:
        if p._state == REJECTED:
            observe(p)
        f()

    _side(p, callback)


def on_any(p: Awaitable[T], f: Callable[[T], object], g: Callable[[BaseException], object]) -> None:
    """Call `f(value)` or `g(error)` when `p` is resolved (`Lwt.on_any`)."""

    def callback(p: Promise[Any]) -> None:
        if p._state == FULFILLED:
            f(p._value)
        else:
            g(delivered(p))

    _side(p, callback)


def dont_wait(
    thunk: Callable[[], Awaitable[Any]], handler: Callable[[BaseException], object]
) -> None:
    """Start the thread `thunk()` and go on; `handler(error)` when it fails (`Lwt.dont_wait`)."""

    def start() -> Promise[None]:
        try:
            p = promise(thunk())
        except Exception as error:
            p = None
            _run_side_error(handler, strip(error))
        if p is not None:
            on_failure(p, handler)
        return unit

    entered(start)


def _run_side_error(handler: Callable[[BaseException], object], error: BaseException) -> None:
    try:
        handler(error)
    except Exception as another:
        async_exception_hook(another)


def async_(thunk: Callable[[], Awaitable[Any]]) -> None:
    """Start the thread `thunk()` and go on; its failure goes to the async exception hook (`Lwt.async`)."""
    dont_wait(thunk, async_exception_hook)
