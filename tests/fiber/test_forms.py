"""The markers on fibers, where the fixtures do not reach: asyncio's managers, wrong arguments, plain functions that wait."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.compiling import compile_result
from lwtsyntax.pipeline import transform
from lwtsyntax.runtime.testing import fresh_loop

HEAD = """\
import asyncio
from lwtsyntax import exception, for_lwt, lwt, lwt_stream, match_lwt, while_lwt, with_lwt
from lwtsyntax import runtime as Lwt
from lwtsyntax.fiber import await_
events = []
"""


@pytest.fixture(autouse=True)
def _own_loop() -> Iterator[None]:
    with fresh_loop():
        yield


def loaded(source: str) -> dict[str, Any]:
    result = transform(HEAD + source, "program.py", target="fibers")
    assert result.diagnostics == ()
    namespace: dict[str, Any] = {"__name__": "program"}
    exec(compile_result(result, "program.py"), namespace)  # noqa: S102  (the program under test)
    return namespace


def run(source: str) -> tuple[Any, list[Any]]:
    program = loaded(source)
    return Lwt.run(program["main"]()), program["events"]


def test_a_timeout_of_asyncio_cancels_the_body() -> None:
    source = """
@lwt
def main():
    lwt(asyncio.sleep(0))
    try:
        with with_lwt(asyncio.timeout(0.001)) as timeout:
            try:
                lwt(Lwt.sleep(60))
            except Lwt.Canceled:
                events.append("canceled")
                raise
    except TimeoutError:
        return timeout.expired()
"""
    assert run(source) == (True, ["canceled"])


def test_a_task_group_waits_for_its_tasks_and_raises_what_they_raise() -> None:
    source = """
async def work(n):
    await asyncio.sleep(0)
    events.append(n)
    if n == 2:
        raise KeyError(n)

@lwt
def main():
    with with_lwt(asyncio.TaskGroup()) as group:
        group.create_task(work(1))
    try:
        with with_lwt(asyncio.TaskGroup()) as group:
            group.create_task(work(2))
            lwt(Lwt.sleep(60))
    except* KeyError as errors:
        events.append(errors.exceptions[0].args)
"""
    assert run(source) == (None, [1, 2, (2,)])


@pytest.mark.parametrize("ends", ["enter", "body", "exit"])
def test_what_a_manager_of_coroutines_raises_is_raised(ends: str) -> None:
    source = f"""
class Manager:
    async def __aenter__(self):
        await asyncio.sleep(0)
        events.append("enter")
        if {ends!r} == "enter":
            raise KeyError("enter")

    async def __aexit__(self, kind, error, trace):
        await asyncio.sleep(0)
        events.append(kind)
        if {ends!r} == "exit":
            raise KeyError("exit")

@lwt
def main():
    with with_lwt(Manager()):
        lwt(Lwt.pause())
        if {ends!r} == "body":
            raise KeyError("body")
"""
    program = loaded(source)
    with pytest.raises(KeyError, match=ends):
        Lwt.run(program["main"]())
    left = {"enter": [], "body": [KeyError], "exit": [None]}[ends]
    assert program["events"] == ["enter", *left]


def test_what_a_manager_swallows_is_a_normal_end() -> None:
    source = """
class Manager:
    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, trace):
        return kind is KeyError

@lwt
def main():
    with with_lwt(Manager()):
        lwt(Lwt.pause())
        raise KeyError(1)
    return "went on"
"""
    assert run(source) == ("went on", [])


def test_wrong_arguments_are_the_callers_error() -> None:
    program = loaded("@lwt\ndef main(a):\n    lwt(None)\n")
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        program["main"]()
    promise = program["main"](1)  # this one it raises itself
    with pytest.raises(TypeError, match="cannot wait for NoneType"):
        Lwt.run(promise)


def test_a_plain_function_waits_in_the_fiber_that_calls_it() -> None:
    source = """
def plain(n):
    await_(Lwt.pause())
    return n

@lwt
def main():
    return sorted([3, 1, 2], key=plain)
"""
    assert run(source) == ([1, 2, 3], [])


def test_the_two_engines_wait_for_each_other() -> None:
    source = """
@lwt
def main():
    return lwt(Lwt.bind(other(), lambda v: Lwt.map(Lwt.pause(), lambda _: v + 1)))

@lwt
def other():
    lwt(Lwt.pause())
    return 1
"""
    assert run(source) == (2, [])


def test_a_stream_can_be_read_from_asyncio_and_closed() -> None:
    source = """
@lwt_stream
def numbers():
    try:
        while True:
            lwt(Lwt.pause())
            yield len(events)
    finally:
        lwt(Lwt.pause())
        events.append("closed")
"""
    program = loaded(source)

    async def main() -> list[int]:
        stream, seen = program["numbers"](), []
        async for number in stream:
            seen.append(number)
            if len(seen) == 2:
                break
        await stream.aclose()
        return seen

    assert asyncio.run(main()) == [0, 0]
    assert program["events"] == ["closed"]
