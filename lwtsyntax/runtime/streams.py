"""Streams: what an async generator is to `async def`, a stream is to a thread function."""

from __future__ import annotations

from collections.abc import Callable
from sys import exception, is_finalizing
from typing import Any, Generic, TypeAlias, TypeVar

from .binding import fail
from .completions import unit
from .nesting import defer, failed, nest
from .promise import FULFILLED, Promise, observe
from .reporting import async_exception_hook
from .resolving import Resolver, on_any, on_failure, task, wait, wakeup, wakeup_exn
from .scheduler import pause

T = TypeVar("T")

Emit: TypeAlias = Callable[[T], "Promise[None]"]


class Stream(Generic[T]):
    """The values that a producer emits, one for each time somebody asks.

    `producer(emit)` is a thread that starts when the first value is asked for; `emit(value)` gives a
    promise that is fulfilled when the next one is, so that the producer is never more than one value
    ahead.  Reading goes by `for_each` or `async for`.  After `aclose()` the producer goes on with a
    GeneratorExit where it waits, so that its `finally` runs; so it does when nobody holds the stream any more,
    as after a `break`.  One reader at a time; what the producer raises is raised to it.  The counterpart of
    Lwt_stream.from, with the life of an async generator.
    """

    # The producer knows its source, not the stream: the stream dies with its last reader.
    __slots__ = ("__weakref__", "_source")

    def __init__(self, producer: Callable[[Emit[T]], Promise[Any]]) -> None:
        self._source: _Source[T] = _Source(producer)

    def __aiter__(self) -> Stream[T]:
        return self

    def __anext__(self) -> Promise[T]:
        """A promise of the next value; rejected with StopAsyncIteration after the last one."""
        return self._source.next()

    def aclose(self) -> Promise[None]:
        """End the stream: a promise fulfilled when the producer has ended.

        Rejected with what the producer raises on its way out, a RuntimeError if it emits once more.
        """
        return self._source.close()

    def __del__(self) -> None:
        source = getattr(self, "_source", None)  # none if __init__ was not even called rightly
        if source is not None and source.is_suspended() and not is_finalizing():
            # Not here: the garbage collector may have come in the middle of anything.
            defer(source.end)
            if not nest.depth:
                pause()  # so that the main loop has a turn to take, if it runs


class _Source(Generic[T]):
    """The producer's side of a stream."""

    __slots__ = (
        "_closing",
        "_demand",
        "_emitting",
        "_finished",
        "_producer",
        "_resume",
        "_running",
    )

    def __init__(self, producer: Callable[[Emit[T]], Promise[Any]]) -> None:
        self._producer: Callable[[Emit[T]], Promise[Any]] | None = producer
        self._demand: Resolver[T] | None = None  # the reader that waits for a value
        self._resume: Resolver[None] | None = None  # the producer that waits in emit
        self._running: Promise[Any] | None = None
        self._emitting = False  # a reader runs inside emit, before the producer waits
        self._finished = False
        self._closing: Promise[None] | None = None

    def is_suspended(self) -> bool:
        """Whether the producer waits in emit for the next demand."""
        return self._resume is not None and self._closing is None

    def next(self) -> Promise[T]:
        if self._demand is not None:
            return fail(RuntimeError("this stream is being read already"))
        if self._finished or self._closing is not None:
            return fail(StopAsyncIteration())
        value: Promise[T]
        value, self._demand = task()
        self._advance()
        return value

    def close(self) -> Promise[None]:
        if self._closing is not None:
            return self._closing
        if self._finished or self._running is None:
            self._finished = True
            self._producer = None
            return unit
        self._closing, closed = wait()
        on_any(
            self._running, lambda _: wakeup(closed, None), lambda error: self._closed(closed, error)
        )
        if self._resume is not None and not self._emitting:
            resume, self._resume = self._resume, None
            ending = GeneratorExit()
            ending.__context__ = exception()  # the producer may be on a stack of its own
            wakeup_exn(resume, ending)
        return self._closing

    def end(self) -> Promise[None]:
        """Close the stream as a thread of its own."""
        on_failure(self.close(), async_exception_hook)
        return unit

    def _closed(self, closed: Resolver[None], error: BaseException) -> None:
        if isinstance(error, GeneratorExit | StopAsyncIteration):
            wakeup(closed, None)
        else:
            wakeup_exn(closed, error)

    def _advance(self) -> None:
        """Let the producer run up to its next value."""
        if self._resume is not None:
            resume, self._resume = self._resume, None
            wakeup(resume, None)
            return
        producer, self._producer = self._producer, None
        if producer is None:
            return
        try:
            self._running = producer(self._emit)
        except BaseException as error:  # noqa: BLE001 - `failed` lets the fatal ones out
            self._running = failed(error)
        on_any(self._running, lambda _: self._end(StopAsyncIteration()), self._end)

    def _emit(self, value: T) -> Promise[None]:
        if self._closing is not None:
            return fail(
                RuntimeError("the stream ignored GeneratorExit: it yields while it is closed")
            )
        resumed: Promise[None]
        resumed, self._resume = wait()
        demand, self._demand = self._demand, None
        if demand is not None:
            self._emitting = True
            wakeup(demand, value)
            self._emitting = False
            if self._closing is not None:
                return fail(GeneratorExit())
        return resumed

    def _end(self, error: BaseException) -> None:
        self._finished = True
        demand, self._demand = self._demand, None
        if demand is not None:
            wakeup_exn(demand, error)
        elif self._running is not None and self._running._state != FULFILLED:
            observe(self._running)
