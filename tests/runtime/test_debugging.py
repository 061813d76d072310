"""`dump` and the debug mode, over chains written by hand."""

import gc
import io
import itertools
from collections.abc import Iterator

import pytest

from lwtsyntax import runtime as Lwt
from lwtsyntax.runtime import debugging
from lwtsyntax.runtime.testing import virtual_clock


def dumped() -> str:
    out = io.StringIO()
    Lwt.dump(out)
    return out.getvalue()


def leaf(seconds):
    def after_sleep(_):
        return seconds

    return Lwt.map(Lwt.sleep(seconds), after_sleep)


def worker(seconds):
    def with_value(value):
        return value

    return Lwt.map(Lwt.finalize(lambda: leaf(seconds), lambda: None), with_value)


class TestDump:
    @pytest.fixture(autouse=True)
    def nothing_left_of_others(self) -> None:
        gc.collect()  # an exception that a test has caught holds the frames of that test

    def test_nothing_is_parked(self):
        assert dumped() == "0 threads parked\n"

    def test_tree_of_a_thread_and_what_it_waits_for(self):
        with virtual_clock():
            both = Lwt.map(Lwt.both(worker(2), worker(1.5)), lambda values: values)
            lines = dumped().splitlines()
            functions = [line.strip().rpartition(" in ")[2] for line in lines if "File" in line]
            reasons = [line.strip() for line in lines if "waits for" in line]
            assert lines[0] == "1 thread parked"
            assert (
                functions
                == ["TestDump.test_tree_of_a_thread_and_what_it_waits_for"[9:]]
                + [
                    "worker",
                    "leaf",
                ]
                * 2
            )
            assert reasons == [
                "waits for a sleep with 2 s left",
                "waits for a sleep with 1.5 s left",
            ]
            assert Lwt.run(both) == (2, 1.5)
            assert dumped() == "0 threads parked\n"

    def test_threads_at_one_place_are_counted(self):
        p, resolver = Lwt.wait()
        threads = [Lwt.map(p, lambda _: None) for _ in range(1000)]
        text = dumped()
        assert "1000 threads parked" in text
        assert text.count("File") == 1
        assert "1000 times:" in text
        assert "waits for a promise that somebody is to resolve" in text
        Lwt.wakeup(resolver)
        Lwt.run(Lwt.join(threads))

    def test_deep_thread_is_cut(self):
        p, resolver = Lwt.wait()

        def down(n):
            return Lwt.map(p if n == 0 else down(n - 1), lambda v: v)

        thread = down(200)
        assert dumped().count("File") == 51
        assert "…" in dumped()
        Lwt.wakeup(resolver)
        Lwt.run(thread)

    def test_thread_that_went_on_to_another_promise_is_shown_there(self):
        p, resolver = Lwt.wait()
        q, another = Lwt.task()

        def second(_):
            def after_q(_):
                return None

            return Lwt.map(q, after_q)

        thread = Lwt.bind(p, second)
        Lwt.wakeup(resolver)
        assert "waits for a task that somebody is to resolve" in dumped()
        assert dumped().count("File") == 1
        Lwt.wakeup(another)
        Lwt.run(thread)


@pytest.fixture
def debug_mode() -> Iterator[None]:
    Lwt.debug()
    yield
    Lwt.debug(False)


def thread():
    return Lwt.map(Lwt.pause(), lambda _: 1)


def calls_in_tail_position():
    return thread()


@pytest.mark.usefixtures("debug_mode")
class TestDebugMode:
    def test_dropped_promises_are_reported_with_their_line(self, capsys):
        def drops():
            thread()
            _ = thread()
            calls_in_tail_position()
            return thread()

        Lwt.run(drops())
        first = drops.__code__.co_firstlineno
        reports = [line for line in capsys.readouterr().err.splitlines() if "File" in line]
        assert [report.partition(", line ")[2] for report in reports] == [
            f"{first + 1}, in drops",
            f"{first + 3}, in drops",
        ]

    def test_what_is_resolved_may_be_dropped(self, capsys):
        def done():
            return Lwt.map(Lwt.unit, lambda _: None)

        done()
        assert capsys.readouterr().err == ""

    def test_thread_that_holds_the_loop_is_reported(self, capsys, monkeypatch):
        clock = itertools.count(step=0.07)
        monkeypatch.setattr(debugging, "perf_counter", lambda: next(clock))

        def hold(_):
            next(clock)

        Lwt.run(Lwt.map(Lwt.pause(), hold))
        err = capsys.readouterr().err
        assert "A thread held the main loop for 0.140 s" in err
        assert f"line {hold.__code__.co_firstlineno}, in " in err
        with virtual_clock():
            Lwt.run(Lwt.map(Lwt.sleep(1), hold))
        assert "A thread held the main loop for 0.140 s" in capsys.readouterr().err

    def test_thread_that_is_quick_is_not(self, capsys):
        assert Lwt.run(thread()) == 1
        assert capsys.readouterr().err == ""

    def test_interrupted_main_loop_prints_the_threads(self, capsys):
        def interrupted(_):
            raise KeyboardInterrupt

        parked = leaf(60)
        with pytest.raises(KeyboardInterrupt):
            Lwt.run(Lwt.map(Lwt.pause(), interrupted))
        assert "1 thread parked" in capsys.readouterr().err
        Lwt.cancel(parked)

    def test_switching_twice_and_off(self):
        Lwt.debug()
        Lwt.debug(False)
        assert Lwt.bind.__module__ == "lwtsyntax.runtime.binding"
        assert not hasattr(Lwt.bind, "__wrapped__")


def fails(_):
    raise ZeroDivisionError


def inner():
    return Lwt.map(Lwt.pause(), fails)


def outer():
    return Lwt.bind(inner(), lambda _: Lwt.unit)


def test_tracebacks_name_the_waiting_functions():
    with pytest.raises(ZeroDivisionError) as caught:
        Lwt.run(outer())
    names = [entry.name for entry in caught.traceback]
    assert names[1:] == ["outer", "fails"]


def test_two_waiters_of_one_rejection_have_their_own_tracebacks():
    p, resolver = Lwt.wait()
    seen = []

    def see(error):
        trace, names = error.__traceback__, []
        while trace is not None:
            names.append(trace.tb_frame.f_code.co_name)
            trace = trace.tb_next
        seen.append(names)
        return Lwt.unit

    first = Lwt.catch(lambda: first_thread(p), see)
    second = Lwt.catch(lambda: second_thread(p), see)
    Lwt.wakeup_exn(resolver, ValueError())
    Lwt.run(Lwt.both(first, second))
    assert [names[-1] for names in seen] == ["first_thread", "second_thread"]
    assert [len(names) for names in seen] == [2, 2]


def first_thread(p):
    return Lwt.map(p, lambda _: None)


def second_thread(p):
    return Lwt.map(p, lambda _: None)
