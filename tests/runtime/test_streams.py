"""The life of a stream: who ends it, and when."""

from __future__ import annotations

import asyncio
import gc

import pytest

from lwtsyntax import runtime as Lwt


def numbers(log, cleanup=lambda: None):
    """0, 1, 2 …; says when it ends, and then does `cleanup()`."""

    def produce(emit):
        def close():
            log.append("closing")
            return cleanup()

        count = iter(range(1_000_000))
        return Lwt.finalize(lambda: Lwt.while_(lambda: True, lambda: emit(next(count))), close)

    return Lwt.Stream(produce)


def first(stream):
    return Lwt.returning(Lwt.for_each(stream, Lwt.Returned))


class TestDropped:
    def test_closes_when_the_loop_has_left_it(self):
        log = []
        value = Lwt.run(first(numbers(log)))  # not in an assert: pytest keeps what stands there
        assert value == 0
        assert log == ["closing"]

    def test_is_left_open_while_somebody_holds_it(self):
        log = []
        stream = numbers(log)
        assert Lwt.run(first(stream)) == 0
        assert log == []
        assert Lwt.run(first(stream)) == 1
        del stream
        Lwt.run(Lwt.pause())
        assert log == ["closing"]

    def test_never_started_has_nothing_to_close(self):
        log = []
        numbers(log)
        assert log == []

    def test_cleanup_that_waits_goes_on_as_a_thread(self):
        log = []

        def cleanup():
            return Lwt.map(Lwt.pause(), lambda _: log.append("closed"))

        def after_first(x):
            log.append(x)
            return Lwt.bind(Lwt.pause(), lambda _: Lwt.pause())

        Lwt.run(Lwt.bind(first(numbers(log, cleanup)), after_first))
        assert log == [0, "closing", "closed"]

    def test_what_its_cleanup_raises_goes_to_the_hook(self):
        errors = []
        before = Lwt.set_async_exception_hook(errors.append)
        try:

            def cleanup():
                raise KeyError("cleanup")

            Lwt.run(first(numbers([], cleanup)))
        finally:
            Lwt.set_async_exception_hook(before)
        assert [repr(error) for error in errors] == ["KeyError('cleanup')"]

    def test_a_coroutine_that_breaks_drops_it(self):
        log = []

        async def main():
            async for x in numbers(log):  # noqa: B007
                break
            await Lwt.pause()
            return x

        assert asyncio.run(main()) == 0
        assert log == ["closing"]

    def test_a_rejection_that_leaves_the_loop_drops_it(self):
        log = []

        def body(_):
            raise ValueError("left")

        with pytest.raises(ValueError, match="left"):
            Lwt.run(Lwt.for_each(numbers(log), body))
        gc.collect()  # the traceback keeps frames, and those the stream, in a cycle
        Lwt.run(Lwt.pause())
        assert log == ["closing"]
