"""The helpers of ``--to async``: threads start at once, wait together, and can be canceled."""

from __future__ import annotations

import ast
import asyncio
import contextvars
import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

import lwtsyntax.coroutines
from lwtsyntax.coroutines import both, items, managed, only, start, wait_if

Log = list[Any]


def run(main: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(main())


async def work(log: Log, name: str, rounds: int = 1) -> str:
    log.append(f"{name} starts")
    for _ in range(rounds):
        await asyncio.sleep(0)
    log.append(f"{name} ends")
    return name


def test_the_standard_library_is_enough() -> None:
    tree = ast.parse(Path(lwtsyntax.coroutines.__file__).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    for node in imports:
        names = [alias.name for alias in node.names]
        found = [node.module or ""] if isinstance(node, ast.ImportFrom) else names
        assert {each.partition(".")[0] for each in found} <= sys.stdlib_module_names


# -- start --------------------------------------------------------------------------------------


def test_runs_at_once_up_to_its_first_wait() -> None:
    log: Log = []

    async def main() -> None:
        thread = start(work(log, "a"))
        log.append("after")
        assert await thread == "a"
        assert await thread == "a"

    run(main)
    assert log == ["a starts", "after", "a ends"]


def test_without_a_wait_it_is_done_at_once() -> None:
    log: Log = []

    async def main() -> None:
        thread = start(work(log, "a", rounds=0))
        assert log == ["a starts", "a ends"]
        before = len(log)
        asyncio.get_running_loop().call_soon(log.append, "the loop turned")
        assert await thread == "a"
        assert len(log) == before

    run(main)


def test_threads_interleave() -> None:
    log: Log = []

    async def main() -> None:
        threads = [start(work(log, name, 2)) for name in "ab"]
        assert [await thread for thread in threads] == ["a", "b"]

    run(main)
    assert log == ["a starts", "b starts", "a ends", "b ends"]


def test_threads_that_wait_for_each_other() -> None:
    async def main() -> None:
        here, there = asyncio.Event(), asyncio.Event()

        async def first() -> str:
            here.set()
            await there.wait()
            return "first"

        async def second() -> str:
            await here.wait()
            there.set()
            return "second"

        thread, other = start(first()), start(second())
        assert (await thread, await other) == ("first", "second")

    run(main)


@pytest.mark.parametrize("rounds", [0, 1])
def test_what_is_raised_comes_out_where_it_is_awaited(rounds: int) -> None:
    async def fails() -> None:
        for _ in range(rounds):
            await asyncio.sleep(0)
        raise KeyError("k")

    async def main() -> None:
        thread = start(fails())
        for _ in range(2):
            with pytest.raises(KeyError):
                await thread

    run(main)


def test_system_exit_is_raised_on_the_spot() -> None:
    async def exits() -> None:
        raise SystemExit(3)

    async def main() -> None:
        with pytest.raises(SystemExit):
            start(exits())

    run(main)


def test_anything_but_a_coroutine_is_given_back() -> None:
    async def main() -> None:
        future = asyncio.get_running_loop().create_future()
        assert start(future) is future
        assert start(3) == 3

    run(main)


def test_without_an_event_loop_it_starts_when_it_is_awaited() -> None:
    log: Log = []
    thread = start(work(log, "a"))
    assert log == []

    async def main() -> None:
        log.append("main")
        assert await thread == "a"
        assert await thread == "a"

    run(main)
    assert log == ["main", "a starts", "a ends"]


def test_first_steps_run_in_their_own_task_and_context() -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="outer")
    seen: Log = []

    async def thread() -> None:
        seen.append(asyncio.current_task())
        variable.set("inner")
        await asyncio.sleep(0)
        seen.append(asyncio.current_task())
        seen.append(variable.get())

    async def main() -> None:
        outer = asyncio.current_task()
        started = start(thread())
        assert asyncio.current_task() is outer
        assert variable.get() == "outer"
        await started
        first, second, value = seen
        assert first is second
        assert first is not outer
        assert value == "inner"

    run(main)


def test_a_timeout_in_a_thread_ends_that_thread_only() -> None:
    async def thread() -> str:
        try:
            async with asyncio.timeout(0):
                await asyncio.get_running_loop().create_future()
        except TimeoutError:
            return "late"
        return "never"

    async def main() -> None:
        started = start(thread())
        assert await started == "late"

    run(main)


@pytest.mark.parametrize("turns", [0, 1, 2])
def test_cancel_reaches_the_place_where_it_waits(turns: int) -> None:
    log: Log = []

    async def thread() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            log.append("canceled")
            raise
        finally:
            log.append("finally")

    async def main() -> None:
        started = asyncio.ensure_future(start(thread()))
        for _ in range(turns):
            await asyncio.sleep(0)
        started.cancel()
        with pytest.raises(asyncio.CancelledError):
            await started

    run(main)
    assert log == ["canceled", "finally"]


def test_two_threads_that_wait_for_one_future() -> None:
    async def main() -> None:
        future = asyncio.get_running_loop().create_future()

        async def waits() -> int:
            return int(await future)

        threads = [start(waits()), start(waits())]
        asyncio.get_running_loop().call_soon(future.set_result, 7)
        assert [await thread for thread in threads] == [7, 7]

    run(main)


def test_a_future_that_is_resolved_before_the_loop_turns() -> None:
    async def main() -> None:
        future = asyncio.get_running_loop().create_future()

        async def waits() -> int:
            return int(await future)

        thread = start(waits())
        future.set_result(7)
        assert await thread == 7

    run(main)


def test_a_thread_that_nobody_holds_runs_on() -> None:
    log: Log = []

    async def main() -> None:
        start(work(log, "dropped", rounds=3))
        for _ in range(5):
            gc.collect()
            await asyncio.sleep(0)

    run(main)
    assert log == ["dropped starts", "dropped ends"]


# -- both ---------------------------------------------------------------------------------------


def test_both_starts_all_before_it_waits() -> None:
    log: Log = []

    async def main() -> None:
        assert await both(work(log, "a"), work(log, "b")) == ("a", "b")

    run(main)
    assert log == ["a starts", "b starts", "a ends", "b ends"]


def test_both_waits_for_all_and_raises_what_came_first() -> None:
    log: Log = []

    async def fails(error: Exception, rounds: int) -> None:
        await work(log, str(error), rounds)
        raise error

    async def main() -> None:
        with pytest.raises(ValueError, match="early"):
            await both(fails(KeyError("late"), 3), fails(ValueError("early"), 1), work(log, "c", 5))

    run(main)
    assert log[-1] == "c ends"


def test_canceling_both_cancels_all() -> None:
    log: Log = []

    async def waits(name: str) -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            log.append(name)
            raise

    async def main() -> None:
        task = asyncio.ensure_future(both(waits("a"), waits("b")))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(main)
    assert log == ["a", "b"]


def test_both_of_what_is_no_awaitable() -> None:
    async def main() -> None:
        number: Any = 3
        with pytest.raises(TypeError):
            await both(work([], "a"), number)

    run(main)


# -- the others ---------------------------------------------------------------------------------


def test_wait_if() -> None:
    async def main() -> None:
        assert await wait_if(work([], "a")) == "a"
        assert await wait_if(3) == 3

    run(main)


def test_only_runs_its_generator_to_the_end() -> None:
    log: Log = []

    async def main() -> None:
        assert await only(await work(log, name) for name in ["a"]) == "a"

    run(main)
    assert log == ["a starts", "a ends"]


def test_items_leaves_an_iterator_open() -> None:
    def generator() -> Iterator[int]:
        yield from range(4)

    async def main() -> None:
        numbers = generator()
        async for number in items(numbers):
            if number == 1:
                break
        assert [*numbers] == [2, 3]
        assert [number async for number in items([1, 2])] == [1, 2]
        assert [number async for number in items(asynchronous())] == [1]
        with pytest.raises(TypeError, match="not iterable"):
            items(3)  # type: ignore[call-overload]

    async def asynchronous() -> AsyncIterator[int]:
        yield 1

    run(main)


def test_managed_waits_for_what_the_methods_give() -> None:
    class Manager:
        def __enter__(self) -> Awaitable[str]:
            return work([], "entered")

        def __exit__(self, kind: type | None, *rest: object) -> Awaitable[bool]:
            async def swallows() -> bool:
                return kind is KeyError

            return swallows()

    async def main() -> None:
        async with managed(Manager()) as value:
            assert value == "entered"
        async with managed(Manager()):
            raise KeyError
        lock = asyncio.Lock()
        assert managed(lock) is lock

    run(main)
