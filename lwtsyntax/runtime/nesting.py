"""How deep the stack may get, and the two loops that run what would have made it deeper.

Invariants (tests/runtime/test_depth.py):
- `nest.depth` counts the runtime entries (bind, map, call, for_each, …) active on this stack; every entry
  puts back the value it found, whatever is raised, so the outermost always leaves 0.
- Past LIMIT an entry does not run: it becomes a waiter in `nest.deferred` (pending promise to the caller).
  The outermost entry empties that before it returns, and so does the scheduler between two ready threads.
- `cascade` resolves chains of waiters without recursion; waiters never call it.
"""

# ruff: noqa: BLE001 - whatever is raised becomes a rejection or is reported; `failed` lets the fatal ones out.
from __future__ import annotations

from collections.abc import Callable
from sys import exception
from types import CodeType
from typing import Any, Final

from .places import at_head, strip
from .promise import (
    FATAL,
    PENDING,
    Promise,
    add_waiter,
    follow,
    reject_waiter,
    rejected,
)

# 50 is what was promised; 40 leaves room for ten frames of the user's and three of ours per level under the
# default recursion limit of 1000.  Beyond 16 a greater limit gains next to nothing in speed.
LIMIT: Final = 40


class Nesting:
    __slots__ = ("deferred", "depth", "handling", "todo")
    depth: int
    handling: Promise[Any] | None  # what takes its step while an exception is being handled again
    deferred: list[Promise[Any]]  # what the entry running now has put off, oldest first
    todo: list[Promise[Any]]  # what was put off before that, next one last

    def __init__(self) -> None:
        self.depth = 0
        self.handling = None
        self.deferred = []
        self.todo = []


nest: Final = Nesting()


def cascade(p: Promise[Any]) -> None:
    """Run the callbacks of `p`, just resolved, and of whatever they resolve: depth first, in order.

    The work list is explicit, so a chain of a million waiters takes no stack.
    """
    waiting: list[
        tuple[Promise[Any], list[Promise[Any]]]
    ] = []  # promise, its further waiters (next one last)
    resolved: Promise[Any] | None = p
    try:
        while True:
            if resolved is not None:
                p = resolved
                callbacks = p._callbacks
                if callbacks is not None:
                    p._callbacks = None
                    if type(callbacks) is not list:
                        w: Promise[Any] = callbacks
                        # Called as w._step(…) it would be looked up as a method, which is slower.
                        step = w._step
                        resolved = step(w, p)
                        continue
                    callbacks.reverse()
                    waiting.append((p, callbacks))
            if not waiting:
                return
            if nest.deferred and nest.depth == 1:
                drain()  # what the last thread started comes before the next ready thread
            p, waiters = waiting[-1]
            w = waiters.pop()
            if not waiters:
                waiting.pop()
            resolved = w._step(w, p)
    except BaseException:  # only a signal can get here: no waiter may be lost to it
        for q, waiters in waiting:
            for w in reversed(waiters):
                nest.deferred.append(_redo(q, w))
        raise


def _redo(p: Promise[Any], w: Promise[Any]) -> Promise[Any]:
    again: Promise[Any] = Promise()
    again._state = PENDING
    again._callbacks = None
    again._step = _redo_step
    again._k = (w, p)
    return again


def _redo_step(again: Promise[Any], _: Promise[Any]) -> Promise[Any] | None:
    w: Promise[Any]
    w, p = again._k
    return w._step(w, p)


def keep_handled(w: Promise[Any], error: BaseException) -> None:
    """Have `w`, which waits while `error` is being handled, take its step while that is handled again."""
    w._k = (w._step, w._k, error)
    w._step = _handling_step


def _handling_step(w: Promise[Any], p: Promise[Any]) -> Promise[Any] | None:
    """What the step of `w` resolves is handed back, so its callbacks run after the `except` block is left."""
    error: BaseException
    step, k, error = w._k
    w._step, w._k = step, k
    traceback, context, link = error.__traceback__, error.__context__, link_to(error)
    try:
        raise error
    except BaseException:
        error.__traceback__ = traceback
        error.__context__ = context
        if link is not None:
            link.__context__ = error
        nest.handling = w
        resolved: Promise[Any] | None = step(w, p)
        nest.handling = None
        return resolved


def link_to(error: BaseException) -> BaseException | None:
    """What is being handled, or what is in its chain of contexts, that has `error` as its context.

    To raise `error` now would cut that link: CPython lets no cycle arise.
    """
    link, seen = exception(), 0
    while link is not None and link.__context__ is not error and seen < 100_000:
        link, seen = link.__context__, seen + 1
    return None if seen == 100_000 else link


def drain() -> None:
    """Run what was put off, in the order in which direct calls would have run it."""
    todo = nest.todo
    depth = nest.depth
    nest.depth = 1
    try:
        while True:
            deferred = nest.deferred
            if deferred:
                deferred.reverse()
                todo.extend(deferred)
                deferred.clear()
            if not todo:
                return
            w = todo.pop()
            p = w._step(w, w)
            if p is not None and p._callbacks is not None:
                cascade(p)
    finally:
        nest.depth = depth


def run_callbacks(p: Promise[Any]) -> None:
    """`cascade` as a counted entry: for promises resolved by user code (`wakeup`) or by I/O."""
    if p._callbacks is None:
        return
    depth = nest.depth
    if depth >= LIMIT:
        run_callbacks_later(p)
        return
    nest.depth = depth + 1
    try:
        cascade(p)
    finally:
        nest.depth = depth
    if not depth and (nest.deferred or nest.todo):
        drain()


def run_callbacks_later(p: Promise[Any]) -> None:
    """Run the callbacks of `p` once the entries now active have returned."""
    if p._callbacks is None:
        return
    w: Promise[Any] = Promise()
    w._step = _callbacks_step
    w._k = p
    nest.deferred.append(w)


def _callbacks_step(w: Promise[Any], _: Promise[Any]) -> Promise[Any] | None:
    p: Promise[Any] = w._k
    return p


def defer(f: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Promise[Any]:
    """Put off the call `f(*args, **kwargs)`; the promise of its (adapted) result."""
    w: Promise[Any] = Promise()
    w._state = PENDING
    w._callbacks = None
    w._waits_on = None
    w._step = _call_step
    w._k = (f, args, kwargs)
    handled = exception()
    if handled is not None:
        keep_handled(w, handled)
    nest.deferred.append(w)
    return w


def _call_step(w: Promise[Any], _: Promise[Any]) -> Promise[Any] | None:
    f, args, kwargs = w._k
    w._k = None
    try:
        q = f(*args, **kwargs)
        if type(q) is not Promise:
            from .adapting import promise

            q = promise(q)
    except BaseException as error:
        return reject_waiter(w, strip(error))
    return follow(w, q)


def entered(
    f: Callable[..., Promise[Any]],
    *args: Any,
    place: CodeType | None = None,
    regions: tuple[Callable[..., Any] | None, ...] = (),
) -> Promise[Any]:
    """f(*args) as a counted entry whose exceptions become rejections: the frame of all helpers but the
    hottest, which repeat it inline.  `regions`: of one that has a head (places.py)."""
    depth = nest.depth
    if depth >= LIMIT:
        return defer(f, *args)
    nest.depth = depth + 1
    try:
        result = f(*args)
    except BaseException as error:
        result = failed(at_head(error, place, *regions) if regions else error, place)
    finally:
        nest.depth = depth
    if not depth and nest.deferred:
        drain()
    return result


def failed(error: BaseException, place: CodeType | None = None) -> Promise[Any]:
    """What a thread function's guard returns: a promise rejected with `error`.

    Raises `error` itself when it is a KeyboardInterrupt, SystemExit or GeneratorExit.
    """
    strip(error)
    if isinstance(error, FATAL):
        raise error
    return rejected(error, place)


def call(f: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """`f(*args, **kwargs)`, counted: for calls that may recurse before they wait.

    Past the nesting bound the call itself is put off and the promise of its result returned; then an
    exception it raises rejects that promise.  Otherwise its result and its exceptions are its own.
    """
    depth = nest.depth
    if depth >= LIMIT:
        return defer(f, *args, **kwargs)
    nest.depth = depth + 1
    try:
        result = f(*args, **kwargs)
    finally:
        nest.depth = depth
    if not depth and nest.deferred:
        drain()
    return result


def waiter(
    step: Callable[[Promise[Any], Promise[Any]], Promise[Any] | None],
    k: Any,
    p: Promise[Any],
    place: CodeType | None = None,
) -> Promise[Any]:
    """A promise that waits for the pending `p` and then takes `step`; it keeps what is being handled."""
    w: Promise[Any] = Promise()
    w._state = PENDING
    w._callbacks = None
    w._waits_on = p
    w._step = step
    w._k = k
    handled = exception()
    if handled is not None:
        keep_handled(w, handled)
    w._place = place
    if p._callbacks is None:
        p._callbacks = w
    else:
        add_waiter(p, w)
    return w
