"""What becomes of stacks: dropped while they wait, used again, in other threads of the interpreter."""

from __future__ import annotations

import gc
import threading

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.fiber import await_, start


def test_a_fiber_that_nobody_can_wake_is_ended() -> None:
    events = []

    def thread() -> None:
        try:
            await_(Lwt.wait()[0])
        finally:
            events.append("ended")
            with pytest.raises(RuntimeError, match="dropped"):
                await_(Lwt.pause())

    promise = start(thread)
    del promise
    gc.collect()
    assert events == ["ended"]


def test_nothing_is_kept_of_a_fiber_that_has_ended() -> None:
    class Value:
        pass

    def thread() -> Value:
        await_(Lwt.pause())
        return Value()

    for _ in range(3):
        Lwt.run(start(thread))
    gc.collect()
    assert not any(type(each) is Value for each in gc.get_objects())


def test_each_thread_of_the_interpreter_has_its_own_stacks() -> None:
    found: list[object] = []

    def other() -> None:
        start(found.append, "here")

    for _ in range(2):
        start(found.append, "main")
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert found == ["main", "here", "main", "here"]
