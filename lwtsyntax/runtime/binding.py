"""The value level: return_, fail, bind, map, and the handlers catch, try_bind.

`bind` is the model: the others follow its shape, and are commented where they differ.
"""

# ruff: noqa: BLE001 - whatever is raised becomes a rejection or is reported; `failed` lets the fatal ones out.
from __future__ import annotations

from collections.abc import Awaitable, Callable
from sys import exception
from types import CodeType
from typing import Any, Final, TypeVar

from .adapting import is_awaitable, promise, result_of
from .completions import BREAK, BREAK_PROMISE, CONTINUE_PROMISE, Abrupt, unit
from .nesting import LIMIT, defer, drain, entered, failed, keep_handled, link_to, nest, waiter
from .places import head_of, pass_on, strip
from .promise import (
    FORWARD,
    FULFILLED,
    PENDING,
    REJECTED,
    Promise,
    Unobserved,
    add_waiter,
    follow,
    fulfil_waiter,
    fulfilled,
    observe,
    reject_waiter,
    rejected,
    rejection,
    root,
)

T = TypeVar("T")
U = TypeVar("U")

_true: Final = fulfilled(True)
_false: Final = fulfilled(False)
_small: Final = [fulfilled(i) for i in range(257)]


def return_(value: T = None) -> Promise[T]:  # type: ignore[assignment]
    """A promise fulfilled with `value` (`Lwt.return`).  None, True, False and the ints 0 to 256 are shared."""
    if value is None:
        return unit  # type: ignore[return-value]
    kind = type(value)
    if kind is int:
        if 0 <= value <= 256:  # type: ignore[operator]
            return _small[value]  # type: ignore[call-overload, no-any-return]
    elif kind is bool:
        return _true if value else _false
    elif kind is Abrupt:
        return BREAK_PROMISE if value is BREAK else CONTINUE_PROMISE  # type: ignore[return-value]
    p: Promise[T] = Promise()
    p._state = FULFILLED
    p._value = value
    return p


def fail(error: BaseException | type[BaseException]) -> Promise[Any]:
    """A promise rejected with `error` (`Lwt.fail`); an exception class stands for an instance of it."""
    if isinstance(error, type) and issubclass(error, BaseException):
        error = error()
    if not isinstance(error, BaseException):
        error = TypeError(f"Lwt.fail takes an exception, not {type(error).__name__}")
    return rejected(error)


def rejected_again(
    p: Promise[Any], place: CodeType | None = None, k: Callable[..., Any] | None = None
) -> Promise[Any]:
    """Waiting for the rejected `p` raises its error *here*: a promise rejected with it, for the result.

    When an exception is being handled here that the error does not know of, that becomes its context.
    """
    observe(p)
    add_context(p._value)
    q: Promise[Any] = Promise()
    q._state = REJECTED
    q._value = p._value
    pass_on(q, p, place, k)
    q._callbacks = Unobserved(q)
    return q


def received(
    p: Promise[Any], place: CodeType | None, k: Callable[..., Any] | None
) -> BaseException:
    """The error of the rejected `p`, for which a region at `place` waits: to be handled there, or passed on
    as rejected(error, place)."""
    observe(p)
    error: BaseException = p._value
    q: Promise[Any] = Promise()
    pass_on(q, p, place, k)
    error.__traceback__ = q._k
    return error


def add_context(error: BaseException) -> None:
    handled = exception()
    if handled is None or handled is error:
        return
    link, last, seen = error.__context__, error, 0
    while link is not None and link is not handled and seen < 100_000:
        last, seen = link, seen + 1
        link = last.__context__
    if link is None and (last is error or not _is_made_by_except_star(last)):
        traceback = error.__traceback__
        try:
            raise error  # sets the context as CPython does, which also breaks cycles
        except BaseException:
            error.__traceback__ = traceback


def _is_made_by_except_star(error: BaseException) -> bool:
    """Whether `except*` wrapped a single exception in this group, to which it gives no context."""
    return isinstance(error, BaseExceptionGroup) and not error.message


def pass_rejection(
    w: Promise[Any], p: Promise[Any], k: Callable[..., Any] | None = None
) -> Promise[Any] | None:
    """`w` waited for `p`, which is rejected: so is `w`, with what it was handling as context."""
    error = p._value
    if nest.handling is w:
        add_context(error)
    place = w._place
    if w._state:
        w = root(w)
        if w._state:
            return None
    w._state = REJECTED
    w._value = error
    pass_on(w, p, place, k)
    return rejection(w)


def bind(
    p: Awaitable[T], k: Callable[[T], Awaitable[U]], place: CodeType | None = None
) -> Promise[U]:
    """Wait for `p`, then go on with `k(value)`, which gives a promise (`Lwt.bind`).

    The result has the outcome of that promise; when `p` is rejected it is rejected likewise and `k` does
    not run.  When `p` is fulfilled already, `k` runs on the spot.  Never raises an `Exception`: what `k`
    raises becomes a rejection, and so does a `p` or a result of `k` that cannot be waited for (TypeError).
    A KeyboardInterrupt, SystemExit or GeneratorExit that `k` raises on the spot propagates.
    `place`, here and in the other functions, is given by compiled sources, for tracebacks (places.py).
    """
    # (Under a name of its own: where this is compiled, it is known to be a promise.)
    on: Promise[Any] = p if type(p) is Promise else result_of("bind", p)  # type: ignore[comparison-overlap]
    state = on._state
    if state == FORWARD:  # it was merged into another promise: that one has the outcome
        on = root(on)
        state = on._state
    if state == FULFILLED:
        depth = nest.depth
        if depth >= LIMIT:  # too deep: the same call again, later
            return defer(bind, on, k, place)
        nest.depth = depth + 1
        try:
            q = k(on._value)
        except BaseException as error:
            nest.depth = depth  # before `failed`, which lets KeyboardInterrupt & co. out
            q = failed(error, place)
        nest.depth = depth
        if type(q) is not Promise:  # type: ignore[comparison-overlap]
            q = result_of("bind", q, k)
        if not depth and nest.deferred:  # the outermost entry: run what was put off below
            drain()
        return q
    if state == REJECTED:
        return rejected_again(on, place, k)
    # Pending: the result is its own waiter (see promise.py) and remembers what is being handled here.
    # (`waiter(_bind_step, k, on, place)`, inline.)
    r: Promise[Any] = Promise()
    r._state = PENDING
    r._callbacks = None
    r._waits_on = on
    r._step = _bind_step
    r._k = k
    handled = exception()
    if handled is not None:
        keep_handled(r, handled)
    r._place = place
    if on._callbacks is None:
        on._callbacks = r
    else:
        add_waiter(on, r)
    return r


def _bind_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    """`p`, for which the bind `w` waited, is resolved.  Gives back what is resolved by that, if anything."""
    k = w._k
    w._k = w._waits_on = None  # a resolved promise keeps neither its past nor its closures alive
    if p._state == REJECTED:
        return pass_rejection(w, p, k)
    try:
        result = k(p._value)
    except BaseException as error:
        return reject_waiter(w, strip(error), w._place)
    q: Promise[Any] = result if type(result) is Promise else result_of("bind", result, k)
    if q._state == PENDING and w._state == PENDING and q is not w and q._callbacks is None:
        # `forward(q, w)`, for the commonest case: a fresh pending promise
        q._state = FORWARD
        q._value = w
        w._waits_on = q
        return None
    return follow(w, q)


def map(p: Awaitable[T], f: Callable[[T], U], place: CodeType | None = None) -> Promise[U]:
    """Wait for `p`; the promise of `f(value)` (`Lwt.map`).  What `f` raises becomes a rejection."""
    on: Promise[Any] = p if type(p) is Promise else result_of("map", p)  # type: ignore[comparison-overlap]
    state = on._state
    if state == FORWARD:
        on = root(on)
        state = on._state
    if state == FULFILLED:
        depth = nest.depth
        if depth >= LIMIT:
            return defer(map, on, f, place)
        nest.depth = depth + 1
        try:
            value = f(on._value)
        except BaseException as error:
            nest.depth = depth
            r: Promise[Any] = failed(error, place)
        else:
            nest.depth = depth
            if value is None:
                r = unit
            else:
                r = Promise()
                r._state = FULFILLED
                r._value = value
        if not depth and nest.deferred:
            drain()
        return r
    if state == REJECTED:
        return rejected_again(on, place, f)
    return waiter(_map_step, f, on, place)


def _map_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    f = w._k
    w._k = w._waits_on = None
    if p._state == REJECTED:
        return pass_rejection(w, p, f)
    try:
        value = f(p._value)
    except BaseException as error:
        return reject_waiter(w, strip(error), w._place)
    if w._state == PENDING:
        w._state = FULFILLED
        w._value = value
        return w
    return fulfil_waiter(w, value)


def handling(error: BaseException, handler: Callable[[], Any], *, chain: bool = True) -> Any:
    """Call `handler` while `error` is being handled: `raise` and sys.exc_info() mean it there.

    `chain`: the exception that is being handled now is its context.
    """
    if chain:
        add_context(error)
    traceback, context, link = error.__traceback__, error.__context__, link_to(error)
    try:
        raise error
    except BaseException:
        error.__traceback__ = traceback
        error.__context__ = context
        if link is not None:
            link.__context__ = error
        return handler()


def after(
    p: Promise[Any],
    k: Callable[[Promise[Any]], Promise[Any]],
    place: CodeType | None = None,
) -> Promise[Any]:
    """`k(p)` once `p` is resolved either way.  What k raises now is raised; later it is a rejection."""
    if p._state == FORWARD:
        p = root(p)
    if p._state == PENDING:
        return waiter(_after_step, k, p, place)
    return k(p)


def _after_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    k = w._k
    w._k = w._waits_on = None
    try:
        q = k(p)
    except BaseException as error:
        return reject_waiter(w, strip(error), w._place)
    return follow(w, q)


def at_its_head(p: Promise[Any], place: CodeType | None, body: Callable[..., Any]) -> Promise[Any]:
    """`p`, for which the head of what stands at `place` waits, before or after its `body`."""
    head = head_of(place)

    def resolved(p: Promise[Any]) -> Promise[Any]:
        if p._state != REJECTED:
            return p
        return rejected_again(rejected_again(p, head, body), place)

    return after(p, resolved, head)


def try_bind(
    thunk: Callable[[], Awaitable[T]],
    on_value: Callable[[T], Awaitable[U]],
    on_error: Callable[[BaseException], Awaitable[U]],
    place: CodeType | None = None,
) -> Promise[U]:
    """`on_value(v)` when the promise of `thunk()` is fulfilled, `on_error(e)` otherwise (`Lwt.try_bind`).

    `on_error` receives every BaseException, also one that `thunk` raises, and runs while it is being
    handled: a bare `raise` re-raises it.  It does not see what `on_value` raises.
    """
    return entered(_try_bind, thunk, on_value, on_error, place, place=place)


def _try_bind(
    thunk: Callable[[], Any],
    on_value: Callable[[Any], Any] | None,
    on_error: Callable[[BaseException], Any],
    place: CodeType | None = None,
) -> Promise[Any]:
    def resolved(p: Promise[Any]) -> Promise[Any]:
        if p._state == REJECTED:
            error = received(p, place, thunk)
            return promise(handling(error, lambda: on_error(error)), "on_error")
        return p if on_value is None else promise(on_value(p._value), "on_value")

    try:
        p = promise(thunk(), "the thunk")
    except BaseException as error:
        return promise(on_error(strip(error)), "on_error")
    return after(p, resolved, place)


def passing(p: Any, place: CodeType | None = None) -> Any:
    """`p`, with an entry for `place` in the traceback of a rejection: the wait that ends a region.

    What cannot be waited for passes too, as it may end a region.
    """
    if type(p) is Promise:
        return p if p._state == FULFILLED else map(p, _same, place)
    return map(p, _same, place) if is_awaitable(p) else p


def _same(value: T) -> T:
    return value


def catch(
    thunk: Callable[[], Awaitable[T]], handler: Callable[[BaseException], Awaitable[T]]
) -> Promise[T]:
    """The promise of `thunk()`, or `handler(e)` when that is rejected or raises (`Lwt.catch`)."""
    return entered(_try_bind, thunk, None, handler)
