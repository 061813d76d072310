"""pause, sleep and run, by a clock that jumps."""

import time

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.runtime.scheduler import run_ready
from lwtsyntax.runtime.testing import virtual_clock

from .helpers import Boom, raise_


def pauses(n, log, name):
    def step(i):
        log.append((name, i))
        return Lwt.unit if i == n else Lwt.bind(Lwt.pause(), lambda _: step(i + 1))

    return step(0)


def test_paused_threads_wake_first_in_first_out():
    log = []
    Lwt.run(Lwt.join([pauses(2, log, name) for name in "abc"]))
    assert log == [(name, i) for i in range(3) for name in "abc"]


def test_sleepers_wake_by_time_then_by_age():
    log = []
    with virtual_clock() as clock:
        waits = [(3.0, "c"), (1.0, "a1"), (2.0, "b"), (1.0, "a2"), (0.0, "now"), (1.0, "a3")]
        ps = [
            Lwt.map(Lwt.sleep(seconds), lambda _, n=name: log.append((clock.now, n)))
            for seconds, name in waits
        ]
        Lwt.run(Lwt.join(ps))
    assert log == [(0.0, "now"), (1.0, "a1"), (1.0, "a2"), (1.0, "a3"), (2.0, "b"), (3.0, "c")]


def test_an_hour_takes_no_time():
    started = time.monotonic()
    with virtual_clock(100.0) as clock:
        Lwt.run(Lwt.for_each(range(60), lambda _: Lwt.sleep(60.0)))
        assert clock.now == 3700.0
    assert time.monotonic() - started < 5.0


def test_the_clock_stands_still_while_threads_are_ready():
    log = []
    with virtual_clock() as clock:
        sleeping = Lwt.map(Lwt.sleep(1.0), lambda _: log.append("slept"))
        busy = Lwt.map(
            Lwt.for_each(range(100), lambda _: Lwt.pause()), lambda _: log.append(clock.now)
        )
        Lwt.run(Lwt.both(sleeping, busy))
    assert log == [0.0, "slept"]


def test_sleeping_for_nothing_does_not_starve_the_others():
    log = []
    with virtual_clock():

        def spin():
            return Lwt.while_(lambda: not log, lambda: Lwt.sleep(0.0))

        Lwt.run(Lwt.both(spin(), Lwt.map(Lwt.pause(), lambda _: log.append("ran"))))
    assert log == ["ran"]


def test_pausing_does_not_starve_the_timers():
    done = []
    sleeping = Lwt.map(Lwt.sleep(0.001), lambda _: done.append(True))
    Lwt.run(Lwt.while_(lambda: not done, lambda: Lwt.pause()))
    assert Lwt.state(sleeping) == "fulfilled"


def test_run_gives_the_value_or_raises():
    assert Lwt.run(Lwt.return_(3)) == 3
    error = Boom()
    with pytest.raises(Boom) as caught:
        Lwt.run(Lwt.bind(Lwt.pause(), lambda _: raise_(error)))
    assert caught.value is error


def test_threads_left_over_go_on_in_the_next_run():
    log = []
    rest = Lwt.bind(
        Lwt.bind(Lwt.pause(), lambda _: Lwt.pause()), lambda _: Lwt.return_(log.append(1))
    )
    Lwt.run(Lwt.pause())
    assert log == []
    Lwt.run(rest)
    assert log == [1]


def test_nested_run_is_refused():
    def inner(_):
        with pytest.raises(RuntimeError, match="Lwt.run is active already"):
            Lwt.run(Lwt.unit)
        return Lwt.return_("refused")

    assert Lwt.run(Lwt.bind(Lwt.pause(), inner)) == "refused"
    assert Lwt.poll(Lwt.bind(Lwt.unit, inner)) == "refused"


def test_deadlock_is_reported():
    p, _ = Lwt.wait()
    with pytest.raises(RuntimeError, match="^deadlock: "):
        Lwt.run(p)
    with pytest.raises(RuntimeError, match="^deadlock: "):
        Lwt.run(Lwt.bind(Lwt.pause(), lambda _: p))


def test_deadlock_is_reported_with_asyncio_in_use():
    import asyncio

    p, _ = Lwt.wait()
    with pytest.raises(RuntimeError, match="^deadlock: "):
        Lwt.run(Lwt.bind(asyncio.sleep(0), lambda _: p))


def test_run_refuses_what_cannot_be_waited_for():
    with pytest.raises(TypeError, match="cannot wait for int"):
        Lwt.run(3)


def test_a_signal_during_run_leaves_a_usable_state():
    import os
    import signal

    forever = Lwt.while_(lambda: True, lambda: Lwt.pause())
    Lwt.on_termination(Lwt.sleep(0.0), lambda: os.kill(os.getpid(), signal.SIGINT))
    # a process started in the background of a shell ignores the signal
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            Lwt.run(forever)
    finally:
        signal.signal(signal.SIGINT, before)
    assert Lwt.run(Lwt.map(Lwt.pause(), lambda _: 1)) == 1


class TestCancel:
    @pytest.mark.parametrize("make", [Lwt.pause, lambda: Lwt.sleep(9.0), lambda: Lwt.task()[0]])
    def test_tasks_pauses_and_sleeps_are_rejected(self, make):
        p = make()
        q = Lwt.bind(Lwt.map(p, lambda _: 1), Lwt.return_)
        Lwt.cancel(q)
        for each in (p, q):
            with pytest.raises(Lwt.Canceled):
                Lwt.poll(each)
        with virtual_clock():
            Lwt.run(Lwt.pause())

    def test_wait_is_not(self):
        p, r = Lwt.wait()
        Lwt.cancel(Lwt.map(p, lambda _: 1))
        assert Lwt.is_sleeping(p)
        Lwt.wakeup(r)

    def test_through_two_forwards_to_what_is_waited_for_now(self):
        inner, r = Lwt.task()
        p = Lwt.bind(Lwt.pause(), lambda _: Lwt.bind(Lwt.pause(), lambda _: Lwt.map(inner, id)))
        Lwt.run(Lwt.for_each(range(3), lambda _: Lwt.pause()))
        Lwt.cancel(p)
        with pytest.raises(Lwt.Canceled):
            Lwt.poll(p)
        Lwt.wakeup(r)  # nobody need know that it was canceled

    def test_a_handler_may_turn_it_into_a_value(self):
        p = Lwt.catch(Lwt.pause, lambda e: Lwt.return_(type(e)))
        Lwt.cancel(p)
        assert Lwt.poll(p) is Lwt.Canceled

    def test_a_diamond_is_canceled_once(self):
        seen = []
        p, _ = Lwt.task()
        a, b = Lwt.map(p, id), Lwt.map(p, id)
        joined = Lwt.join([a, b])
        Lwt.on_failure(p, seen.append)
        Lwt.cancel(joined)
        assert len(seen) == 1
        with pytest.raises(Lwt.Canceled):
            Lwt.poll(joined)

    def test_a_loop_is_canceled_where_it_waits(self):
        p = Lwt.for_each(range(9), lambda _: Lwt.pause())
        Lwt.cancel(p)
        with pytest.raises(Lwt.Canceled):
            Lwt.run(p)


def test_run_ready_wakes_so_many_over_generations():
    """So a single thread that pauses does not cost a turn of the asyncio loop each time."""
    woken = []
    thread = Lwt.for_each(range(100), lambda i: Lwt.map(Lwt.pause(), lambda _: woken.append(i)))
    run_ready(10, thread)
    assert woken == [*range(10)]
    run_ready(10)
    assert woken == [*range(11)]
    Lwt.run(thread)
    assert woken == [*range(100)]
