"""spawn, yield_ and storage: Lwt_direct's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lwtsyntax import fiber
from lwtsyntax import runtime as Lwt
from lwtsyntax.fiber import await_, spawn, start, storage, yield_
from lwtsyntax.runtime.testing import fresh_loop


@pytest.fixture(autouse=True)
def _own_loop() -> Iterator[None]:
    with fresh_loop():
        yield


def test_spawn_begins_when_the_main_loop_turns() -> None:
    events = []

    def thread(name: str) -> str:
        events.append(name)
        return name

    promise = spawn(thread, "spawned")
    events.append("after")
    assert Lwt.run(promise) == "spawned"
    assert events == ["after", "spawned"]


def test_what_is_spawned_cannot_be_canceled() -> None:
    promise = spawn(lambda: await_(Lwt.pause()))
    Lwt.cancel(promise)
    assert Lwt.run(promise) is None


def test_a_failure_in_the_background_goes_to_the_hook() -> None:
    seen: list[BaseException] = []

    def fails() -> None:
        raise KeyError(1)

    before = Lwt.set_async_exception_hook(seen.append)
    try:
        fiber.spawn_in_the_background(fails)
        Lwt.run(Lwt.bind(Lwt.pause(), lambda _: Lwt.pause()))
    finally:
        Lwt.set_async_exception_hook(before)
    assert [type(each) for each in seen] == [KeyError]


def test_yield_lets_the_others_have_their_turn() -> None:
    events = []

    def thread(name: str) -> None:
        for turn in range(2):
            events.append(f"{name}{turn}")
            yield_()

    Lwt.run(Lwt.join([start(thread, "a"), start(thread, "b")]))
    assert events == ["a0", "b0", "a1", "b1"]


def test_storage_belongs_to_one_fiber_and_survives_waits() -> None:
    key: storage.Key[str] = storage.new_key()
    other: storage.Key[int] = storage.new_key()

    def thread(name: str) -> list[object]:
        seen: list[object] = [storage.get(key)]
        storage.set(key, name)
        yield_()
        seen += [storage.get(key), storage.get(other), await_(start(storage.get, key))]
        storage.remove(key)
        storage.remove(other)
        return [*seen, storage.get(key)]

    both = Lwt.run(Lwt.both(start(thread, "a"), start(thread, "b")))
    assert both == ([None, "a", None, None, None], [None, "b", None, None, None])


def test_a_stack_that_is_used_again_has_an_empty_storage() -> None:
    key: storage.Key[int] = storage.new_key()
    start(storage.set, key, 1)
    assert Lwt.run(start(storage.get, key)) is None


def test_storage_is_for_fibers() -> None:
    with pytest.raises(fiber.NotInFiber, match="Storage is for fibers"):
        storage.get(storage.new_key())
