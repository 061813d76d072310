"""start and await_: what OCaml's Lwt_direct promises, and what bind chains promise."""

from __future__ import annotations

import asyncio
import contextvars
import io
import sys
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import greenlet
import pytest

from lwtsyntax import fiber
from lwtsyntax import runtime as Lwt
from lwtsyntax.fiber import await_, in_fiber, start
from lwtsyntax.runtime.nesting import nest
from lwtsyntax.runtime.testing import fresh_loop, virtual_clock


@pytest.fixture(autouse=True)
def _own_loop() -> Iterator[None]:
    with fresh_loop():
        yield
    assert nest.depth == 0


def test_a_fiber_runs_at_once_up_to_its_first_wait() -> None:
    events = []
    promise, resolver = Lwt.wait()

    def thread(name: str, *, times: int) -> int:
        events.append(f"{name} begins")
        value: int = await_(promise)
        events.append(f"{name} goes on")
        return value * times

    result = start(thread, "a", times=2)
    events.append("started")
    Lwt.wakeup(resolver, 21)
    assert events == ["a begins", "started", "a goes on"]
    assert Lwt.run(result) == 42


def test_waiting_for_a_resolved_promise_does_not_switch() -> None:
    switches: list[object] = []

    def thread() -> list[object]:
        before = greenlet.settrace(lambda event, _: switches.append(event))
        try:
            values = [await_(Lwt.return_(1)), await_(Lwt.bind(Lwt.unit, Lwt.return_))]
            assert switches == []
            await_(Lwt.pause())
        finally:
            greenlet.settrace(before)
        return values

    assert Lwt.run(start(thread)) == [1, None]
    assert switches == ["switch", "switch"]


def test_exceptions_cross_both_ways() -> None:
    def fails() -> None:
        await_(Lwt.pause())
        raise KeyError(1)

    def catches() -> str:
        try:
            await_(start(fails))
        except KeyError as error:
            return f"caught {error}"
        return "none"

    assert Lwt.run(start(catches)) == "caught 1"
    with pytest.raises(KeyError):
        Lwt.run(start(fails))
    handled = Lwt.catch(lambda: start(fails), lambda error: Lwt.return_(type(error)))
    assert Lwt.run(handled) is KeyError


@pytest.mark.parametrize("waits", [False, True])
def test_a_traceback_holds_the_users_frames_only(waits: bool) -> None:
    def inner() -> None:
        if waits:
            await_(Lwt.pause())
        raise KeyError(1)

    def outer() -> None:
        await_(start(inner))

    with pytest.raises(KeyError) as caught:
        Lwt.run(start(outer))
    entries = traceback.extract_tb(caught.value.__traceback__)
    assert [each.name for each in entries[-2:]] == ["outer", "inner"]
    assert not any("lwtsyntax/fiber" in each.filename for each in entries)


def test_cancellation_crosses_both_ways() -> None:
    events = []

    def sleeper() -> None:
        try:
            await_(Lwt.sleep(10))
        except Lwt.Canceled:
            events.append("canceled")
            raise
        finally:
            await_(Lwt.pause())
            events.append("cleaned up")

    def outer() -> None:
        await_(start(sleeper))

    inside = Lwt.bind(start(outer), lambda _: Lwt.unit)
    Lwt.cancel(inside)
    with pytest.raises(Lwt.Canceled):
        Lwt.run(inside)
    assert events == ["canceled", "cleaned up"]


def test_a_fiber_cancels_what_it_likes() -> None:
    def thread() -> str:
        promise, _ = Lwt.task()
        Lwt.cancel(promise)
        try:
            await_(promise)
        except Lwt.Canceled:
            return "canceled"
        return "none"

    assert Lwt.run(start(thread)) == "canceled"


@pytest.mark.parametrize("use", [lambda: await_(Lwt.unit), fiber.yield_], ids=["await_", "yield_"])
def test_outside_of_a_fiber_it_says_so(use: Any) -> None:
    assert not in_fiber()
    with pytest.raises(
        fiber.NotInFiber, match=r"await_ is for fibers.*fiber\.start\(fn\).*Lwt\.run"
    ):
        use()


def test_a_callback_that_runs_on_the_main_stack_is_no_fiber() -> None:
    def thread() -> list[bool]:
        seen = [in_fiber()]
        await_(Lwt.map(Lwt.pause(), lambda _: seen.append(in_fiber())))
        return seen

    assert Lwt.run(start(thread)) == [True, False]


def test_other_awaitables_can_be_waited_for() -> None:
    async def coroutine() -> int:
        await asyncio.sleep(0)
        return 1

    def thread() -> tuple[int, int]:
        future: Future[int] = Future()
        timer = threading.Thread(target=lambda: future.set_result(2))
        timer.start()
        found = await_(coroutine()), await_(future)  # type: ignore[arg-type, var-annotated]
        timer.join()
        return found

    assert Lwt.run(start(thread)) == (1, 2)
    with pytest.raises(TypeError, match="cannot wait for int"):
        Lwt.run(start(await_, 1))  # type: ignore[arg-type]


def test_fibers_inside_asyncio() -> None:
    def thread() -> int:
        await_(Lwt.pause())
        return await_(asyncio.sleep(0, 3))

    async def main() -> int:
        return await start(thread)

    assert asyncio.run(main()) == 3


def test_sleeping_fibers_wake_in_order() -> None:
    events = []

    def thread(seconds: float) -> None:
        await_(Lwt.sleep(seconds))
        events.append(seconds)

    with virtual_clock():
        Lwt.run(Lwt.join([start(thread, each) for each in (3.0, 1.0, 2.0)]))
    assert events == [1.0, 2.0, 3.0]


def test_recursion_has_no_limit() -> None:
    def depth(n: int) -> int:
        return await_(start(depth, n - 1)) + 1 if n else 0

    assert Lwt.run(start(depth, 5_000)) == 5_000


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_fatal_errors_are_raised_at_once(error: type[BaseException]) -> None:
    def at_once() -> None:
        raise error

    def later() -> None:
        fiber.yield_()
        raise error

    with pytest.raises(error):
        start(at_once)
    _ = start(later)
    with pytest.raises(error):
        Lwt.run(Lwt.sleep(10))


def test_what_is_handled_is_handled_in_a_fiber_too() -> None:
    def thread() -> list[object]:
        before = sys.exception()
        await_(Lwt.pause())
        return [before, sys.exception()]

    error = ValueError()
    try:
        raise error
    except ValueError:
        promise = start(thread)
    assert sys.exception() is None
    assert Lwt.run(promise) == [error, error]


def test_context_variables_are_shared_as_on_bind_chains() -> None:
    variable = contextvars.ContextVar("variable", default=0)

    def thread() -> int:
        variable.set(1)
        await_(Lwt.pause())
        return variable.get()

    def chain() -> Lwt.Promise[int]:
        variable.set(1)
        return Lwt.map(Lwt.pause(), lambda _: variable.get())

    def seen(begin: Any) -> tuple[int, int, int]:
        promise = begin()
        at_once = variable.get()
        variable.set(2)
        return at_once, Lwt.run(promise), variable.get()

    in_fibers = contextvars.Context().run(seen, lambda: start(thread))
    assert in_fibers == contextvars.Context().run(seen, chain) == (1, 2, 2)


def test_a_wait_inside_context_run_keeps_that_context() -> None:
    variable = contextvars.ContextVar("variable", default=0)

    def inside() -> int:
        variable.set(5)
        await_(Lwt.pause())
        return variable.get()

    def thread() -> tuple[int, int]:
        return contextvars.Context().run(inside), variable.get()

    assert Lwt.run(start(thread)) == (5, 0)


def test_dump_shows_the_stacks_of_fibers() -> None:
    promise, resolver = Lwt.wait()

    def inner() -> None:
        await_(promise)

    def outer() -> None:
        inner()

    thread = start(outer)
    shown = io.StringIO()
    Lwt.dump(shown)
    Lwt.wakeup(resolver, None)
    Lwt.run(thread)
    entries = [line.split(", ")[-1] for line in shown.getvalue().splitlines() if "File" in line]
    assert entries == ["in outer", "in inner"]
    assert "await_(promise)" in shown.getvalue()
