"""`using_lwt` over asyncio's own managers: what `async with` does."""

import asyncio
import contextlib
import sys

import pytest

from lwtsyntax import runtime as Lwt

from .helpers import Boom


def never():
    return Lwt.task()[0]


def run_in_ours(thread):
    """`asyncio.timeout` wants a running loop: the first coroutine that is waited for starts it."""
    return Lwt.run(Lwt.bind(asyncio.sleep(0), lambda _: thread()))


def run_in_loop(thread):
    async def main():
        return await thread()

    return asyncio.run(main())


RUNNERS = [run_in_ours, run_in_loop]


@pytest.fixture(params=RUNNERS, ids=["Lwt.run", "asyncio.run"])
def run(request):
    return request.param


def test_lock_is_held_in_the_body(run):
    def thread():
        lock = asyncio.Lock()

        def body(_):
            return Lwt.map(Lwt.pause(), lambda _: Lwt.Returned(lock.locked()))

        return Lwt.map(Lwt.using_lwt(lock, body), lambda end: (end.value, lock.locked()))

    assert run(thread) == (True, False)


def test_timeout_cancels_the_body_and_waits_for_its_cleanup(run):
    events = []

    def body(_):
        def cleanup():
            events.append("cleaning up")
            return Lwt.map(Lwt.pause(), lambda _: events.append("clean"))

        return Lwt.finalize(never, cleanup)

    def thread():
        return Lwt.catch(
            lambda: Lwt.using_lwt(asyncio.timeout(0), body), lambda error: Lwt.return_(error)
        )

    assert isinstance(run(thread), TimeoutError)
    assert events == ["cleaning up", "clean"]


def test_timeout_that_the_body_swallows(run):
    def body(_):
        return Lwt.catch(never, lambda _: Lwt.return_("swallowed"))

    assert run(lambda: Lwt.using_lwt(asyncio.timeout(0), body)) == "swallowed"


def test_inner_timeout_leaves_the_outer_body_alone(run):
    def inner(_):
        return Lwt.using_lwt(asyncio.timeout(0), lambda _: never())

    def outer(_):
        return Lwt.catch(lambda: inner(None), lambda error: Lwt.return_(type(error)))

    assert run(lambda: Lwt.using_lwt(asyncio.timeout(60), outer)) is TimeoutError


def test_outer_timeout_cancels_through_the_inner_one(run):
    def outer(_):
        return Lwt.using_lwt(asyncio.timeout(60), lambda _: never())

    with pytest.raises(TimeoutError):
        run(lambda: Lwt.using_lwt(asyncio.timeout(0), outer))


def test_task_group_that_fails_cancels_the_body(run):
    async def fails():
        raise Boom

    def body(group):
        group.create_task(fails())
        return never()

    with pytest.raises(ExceptionGroup) as caught:
        run(lambda: Lwt.using_lwt(asyncio.TaskGroup(), body))
    assert [type(each) for each in caught.value.exceptions] == [Boom]


def test_enter_and_exit_run_in_one_task_and_may_swallow(run):
    tasks = []

    @contextlib.asynccontextmanager
    async def manager():
        tasks.append(asyncio.current_task())
        await asyncio.sleep(0)
        try:
            yield "value"
        except Boom:
            pass
        tasks.append(asyncio.current_task())

    def body(value):
        assert value == "value"
        raise Boom

    assert run(lambda: Lwt.using_lwt(manager(), body)) is None
    assert len(tasks) == 2
    assert tasks[0] is tasks[1]


def test_exception_being_handled_outside_is_handled_in_the_body(run):
    seen = []

    def thread():
        try:
            raise Boom
        except Boom:
            return Lwt.using_lwt(asyncio.Lock(), lambda _: seen.append(sys.exception()))

    run(thread)
    assert [type(each) for each in seen] == [Boom]


def test_awaiting_task_gives_up_at_once_where_nothing_can_be_canceled():
    async def main():
        task = asyncio.create_task(awaits(Lwt.wait()[0]))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def awaits(promise):
        return await promise

    asyncio.run(main())
