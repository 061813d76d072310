"""The value level, after Lwt's own suite: every operation on resolved and on pending promises."""

import re

import pytest

from lwtsyntax import runtime as Lwt

from .helpers import Abort, Boom, outcome, raise_


class TestShared:
    @pytest.mark.parametrize("value", [None, True, False, 0, 1, 256, Lwt.BREAK, Lwt.CONTINUE])
    def test_constants_share_their_promise(self, value):
        assert Lwt.return_(value) is Lwt.return_(value)
        assert Lwt.poll(Lwt.return_(value)) is value

    @pytest.mark.parametrize("value", [1.0, 257, -1, "", (), [], 0.0])
    def test_other_values_keep_their_type(self, value):
        got = Lwt.poll(Lwt.return_(value))
        assert got == value
        assert type(got) is type(value)

    def test_unit_is_the_promise_of_none(self):
        assert Lwt.return_(None) is Lwt.return_() is Lwt.unit


class TestBind:
    def test_value_goes_to_the_continuation(self, give):
        assert outcome(Lwt.bind(give(1), lambda v: give(v + 1))) == ("fulfilled", 2)

    def test_continuation_raises(self, give):
        p = Lwt.bind(give(1), lambda v: raise_(Boom(v)))
        state, error = outcome(p)
        assert state == "rejected"
        assert type(error) is Boom

    def test_continuation_rejects(self, give):
        error = Boom()
        assert outcome(Lwt.bind(give(1), lambda v: give(error=error))) == ("rejected", error)

    def test_rejected_skips_the_continuation(self, give):
        error = Boom()
        assert outcome(Lwt.bind(give(error=error), lambda v: raise_(AssertionError()))) == (
            "rejected",
            error,
        )

    def test_resolved_runs_on_the_spot(self):
        seen = []
        Lwt.bind(Lwt.return_(1), lambda v: seen.append(v) or Lwt.unit)
        assert seen == [1]

    def test_pending_does_not_run_yet(self):
        p, r = Lwt.wait()
        seen = []
        q = Lwt.bind(p, lambda v: seen.append(v) or Lwt.unit)
        assert (seen, Lwt.state(q)) == ([], "pending")
        Lwt.wakeup(r, 1)
        assert (seen, Lwt.state(q)) == ([1], "fulfilled")

    def test_fan_out_in_registration_order(self):
        p, r = Lwt.wait()
        seen = []
        qs = [Lwt.bind(p, lambda v, i=i: seen.append(i) or Lwt.return_(v + i)) for i in range(5)]
        Lwt.wakeup(r, 10)
        assert seen == [0, 1, 2, 3, 4]
        assert [Lwt.poll(q) for q in qs] == [10, 11, 12, 13, 14]

    @pytest.mark.parametrize("bad", [1, "x", None, object(), Lwt.BREAK])
    def test_continuation_gives_no_promise(self, give, bad):
        state, error = outcome(Lwt.bind(give(1), lambda v: bad))
        assert state == "rejected"
        assert type(error) is TypeError
        assert "Lwt.map" in str(error)
        assert type(bad).__name__ in str(error)

    def test_operand_is_no_promise(self):
        for operation in (Lwt.bind, Lwt.map):
            state, error = outcome(operation(3, lambda v: v))
            assert state == "rejected"
            assert re.search(r"cannot wait for int", str(error))

    def test_double_pending(self):
        p, r = Lwt.wait()
        p2, r2 = Lwt.wait()
        q = Lwt.bind(p, lambda _: p2)
        Lwt.wakeup(r)
        assert Lwt.state(q) == "pending"
        Lwt.wakeup(r2, "v")
        assert Lwt.poll(q) == Lwt.poll(p2) == "v"

    def test_continuation_gives_the_same_pending_promise_as_another(self):
        p, r = Lwt.wait()
        inner, ir = Lwt.wait()
        a = Lwt.bind(p, lambda _: inner)
        b = Lwt.bind(p, lambda _: inner)
        c = Lwt.bind(p, lambda _: a)
        Lwt.wakeup(r)
        Lwt.wakeup(ir, 3)
        assert [Lwt.poll(x) for x in (a, b, c, inner)] == [3] * 4

    def test_cycle_stays_pending(self):
        p, r = Lwt.wait()
        q = Lwt.bind(p, lambda _: q)
        Lwt.wakeup(r)
        assert Lwt.state(q) == "pending"
        assert "pending" in repr(q)

    def test_forwarding_chain_has_one_outcome(self):
        p1, r1 = Lwt.wait()
        p2, r2 = Lwt.wait()
        p3 = Lwt.bind(p1, lambda _: p2)
        p4 = Lwt.bind(p1, lambda _: p3)
        p5 = Lwt.bind(p1, lambda _: p4)
        seen = []
        Lwt.on_success(p2, lambda v: seen.append(("p2", v)))
        Lwt.wakeup(r1)
        Lwt.on_success(p5, lambda v: seen.append(("p5", v)))
        Lwt.wakeup(r2, 9)
        assert [Lwt.poll(p) for p in (p2, p3, p4, p5)] == [9] * 4
        assert seen == [("p2", 9), ("p5", 9)]

    def test_promise_forwards_while_its_own_callbacks_run(self):
        p, r = Lwt.wait()
        outer, outer_r = Lwt.wait()
        first = Lwt.bind(outer, lambda _: p)
        seen = []
        Lwt.on_success(p, lambda v: Lwt.wakeup(outer_r))
        Lwt.on_success(p, lambda v: seen.append(v))
        Lwt.wakeup(r, 4)
        assert seen == [4]
        assert Lwt.poll(first) == 4


class TestMap:
    def test_value(self, give):
        assert outcome(Lwt.map(give(20), lambda v: v + 1)) == ("fulfilled", 21)

    def test_raises(self, give):
        state, error = outcome(Lwt.map(give(1), lambda v: raise_(Boom())))
        assert (state, type(error)) == ("rejected", Boom)

    def test_rejected(self, give):
        error = Boom()
        assert outcome(Lwt.map(give(error=error), lambda v: 1)) == ("rejected", error)

    def test_promise_is_a_value_like_any_other(self, give):
        assert outcome(Lwt.map(give(1), lambda v: Lwt.unit)) == ("fulfilled", Lwt.unit)


class TestHandlers:
    @pytest.mark.parametrize("kind", [Boom, Abort, KeyboardInterrupt, GeneratorExit])
    def test_catch_sees_every_exception(self, give, kind):
        error = kind()
        assert outcome(Lwt.catch(lambda: give(error=error), lambda e: give(e))) == (
            "fulfilled",
            error,
        )
        assert outcome(Lwt.catch(lambda: raise_(error), lambda e: give(e))) == ("fulfilled", error)

    def test_catch_lets_values_through(self, give):
        assert outcome(Lwt.catch(lambda: give(3), lambda e: raise_(e))) == ("fulfilled", 3)

    def test_catch_handler_raises(self, give):
        def handler(e):
            raise Boom("second")

        state, error = outcome(Lwt.catch(lambda: give(error=KeyError()), handler))
        assert state == "rejected"
        assert str(error) == "second"
        assert type(error.__context__) is KeyError

    def test_catch_handler_reraises_bare(self, give):
        original = KeyError(1)

        def handler(e):
            raise  # noqa: PLE0704 - the runtime is handling it

        assert outcome(Lwt.catch(lambda: give(error=original), handler)) == ("rejected", original)
        assert original.__context__ is None

    def test_try_bind_does_not_see_what_on_value_raises(self, give):
        seen = []
        p = Lwt.try_bind(lambda: give(1), lambda v: raise_(Boom()), lambda e: give(seen.append(e)))
        state, error = outcome(p)
        assert (state, type(error), seen) == ("rejected", Boom, [])

    def test_try_bind_both_ways(self, give):
        def run(thunk):
            return outcome(Lwt.try_bind(thunk, lambda v: give(("v", v)), lambda e: give(("e", e))))

        error = Boom()
        assert run(lambda: give(1)) == ("fulfilled", ("v", 1))
        assert run(lambda: give(error=error)) == ("fulfilled", ("e", error))
        assert run(lambda: raise_(error)) == ("fulfilled", ("e", error))

    def test_finalize_lets_the_outcome_through(self, give):
        error, log = Boom(), []
        assert outcome(Lwt.finalize(lambda: give(5), lambda: give(log.append(1)))) == (
            "fulfilled",
            5,
        )
        p = Lwt.finalize(lambda: give(error=error), lambda: give(log.append(2)))
        assert outcome(p) == ("rejected", error)
        p = Lwt.finalize(lambda: raise_(error), lambda: give(log.append(3)))
        assert outcome(p) == ("rejected", error)
        assert log == [1, 2, 3]

    def test_finalize_cleanup_failure_wins(self, give):
        for body in (lambda: give(5), lambda: give(error=Boom(1)), lambda: raise_(Boom(1))):
            for cleanup in (lambda: give(error=Boom(2)), lambda: raise_(Boom(2))):
                state, error = outcome(Lwt.finalize(body, cleanup))
                assert (state, error.args) == ("rejected", (2,))

    def test_finalize_cleanup_value_is_dropped(self, give):
        assert outcome(Lwt.finalize(lambda: give("v"), lambda: give("other"))) == ("fulfilled", "v")


class TestNeverRaises:
    """No helper leaks an Exception, whichever operand raises."""

    @pytest.mark.parametrize(
        "program",
        [
            lambda: Lwt.bind(Lwt.unit, lambda _: raise_(Boom())),
            lambda: Lwt.map(Lwt.unit, lambda _: raise_(Boom())),
            lambda: Lwt.catch(lambda: Lwt.fail(KeyError()), lambda e: raise_(Boom())),
            lambda: Lwt.try_bind(lambda: Lwt.unit, lambda v: raise_(Boom()), lambda e: Lwt.unit),
            lambda: Lwt.finalize(lambda: Lwt.unit, lambda: raise_(Boom())),
            lambda: Lwt.for_each([1], lambda x: raise_(Boom())),
            lambda: Lwt.while_(lambda: raise_(Boom()), lambda: None),
            lambda: Lwt.while_(lambda: True, lambda: raise_(Boom())),
            lambda: Lwt.then(None, lambda: raise_(Boom())),
            lambda: Lwt.returning(None, lambda: raise_(Boom())),
            lambda: Lwt.sequence(lambda: raise_(Boom())),
            lambda: Lwt.try_(lambda: raise_(KeyError()), lambda: raise_(Boom())),
            lambda: Lwt.for_each(iter_raises(), lambda x: None),
        ],
    )
    def test_exception_becomes_a_rejection(self, program):
        state, error = outcome(program())
        assert (state, type(error)) == ("rejected", Boom)

    @pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
    def test_fatal_ones_propagate_when_raised_on_the_spot(self, kind):
        for program in (
            lambda: Lwt.bind(Lwt.unit, lambda _: raise_(kind())),
            lambda: Lwt.map(Lwt.unit, lambda _: raise_(kind())),
            lambda: Lwt.for_each([1], lambda _: raise_(kind())),
            lambda: Lwt.finalize(lambda: raise_(kind()), lambda: None),
            lambda: Lwt.failed(kind()),
        ):
            with pytest.raises(kind):
                program()

    @pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
    def test_fatal_ones_reject_in_a_resumed_continuation(self, kind):
        p = Lwt.bind(Lwt.pause(), lambda _: raise_(kind()))
        q = Lwt.catch(lambda: p, lambda e: Lwt.return_(type(e)))
        assert Lwt.run(q) is kind

    @pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
    def test_fatal_ones_nobody_handles_end_run_at_once(self, kind):
        Lwt.bind(Lwt.pause(), lambda _: raise_(kind()))
        other = Lwt.bind(Lwt.pause(), lambda _: Lwt.pause())
        with pytest.raises(kind):
            Lwt.run(other)
        assert Lwt.run(other) is None

    def test_other_base_exceptions_are_rejections(self):
        assert Lwt.state(p := Lwt.bind(Lwt.unit, lambda _: raise_(Abort()))) == "rejected"
        assert outcome(p)[0] == "rejected"


def iter_raises():
    raise Boom
    yield


class TestTogether:
    def test_both_waits_for_all_then_rejects_with_the_first_in_time(self):
        p1, r1 = Lwt.wait()
        p2, r2 = Lwt.wait()
        p3, r3 = Lwt.wait()
        both = Lwt.both(p1, p2, p3)
        Lwt.wakeup_exn(r2, Boom("first"))
        Lwt.wakeup_exn(r1, Boom("second"))
        assert Lwt.state(both) == "pending"
        Lwt.wakeup(r3)
        assert str(outcome(both)[1]) == "first"

    def test_values_in_order(self, give):
        assert outcome(Lwt.both(give(1), give(2))) == ("fulfilled", (1, 2))
        assert outcome(Lwt.all([give(1), Lwt.return_(2), give(3)])) == ("fulfilled", [1, 2, 3])
        assert outcome(Lwt.join([give(1), give(2)])) == ("fulfilled", None)

    def test_empty(self):
        assert Lwt.poll(Lwt.all([])) == []
        assert Lwt.poll(Lwt.join([])) is None

    def test_the_same_promise_twice(self, give):
        p = give(2)
        assert outcome(Lwt.all([p, p])) == ("fulfilled", [2, 2])

    def test_two_that_forward_to_one(self):
        p, r = Lwt.wait()
        a = Lwt.bind(Lwt.pause(), lambda _: p)
        everything = Lwt.all([p, a])
        Lwt.on_termination(Lwt.bind(Lwt.pause(), lambda _: Lwt.pause()), lambda: Lwt.wakeup(r, 7))
        assert Lwt.run(everything) == [7, 7]

    def test_rejected_from_the_start(self, give):
        error = Boom()
        assert outcome(Lwt.both(give(1), Lwt.fail(error))) == ("rejected", error)


class TestResolvers:
    @pytest.mark.parametrize("make", [Lwt.wait, Lwt.task])
    @pytest.mark.parametrize("name", ["wakeup", "wakeup_exn", "wakeup_later", "wakeup_later_exn"])
    def test_second_wakeup_names_the_function(self, make, name):
        _, r = make()
        Lwt.wakeup(r, 1)
        with pytest.raises(RuntimeError, match=rf"Lwt\.{name}:"):
            getattr(Lwt, name)(r, Boom())

    def test_nested_wakeup_has_run_callbacks_on_return(self):
        p1, r1 = Lwt.wait()
        p2, r2 = Lwt.wait()
        log = []
        Lwt.on_success(p2, lambda _: log.append("inner"))
        Lwt.on_success(p1, lambda _: (Lwt.wakeup(r2), log.append("after wakeup")))
        Lwt.wakeup(r1)
        assert log == ["inner", "after wakeup"]

    def test_nested_wakeup_later_runs_them_later(self):
        p1, r1 = Lwt.wait()
        p2, r2 = Lwt.wait()
        log = []
        Lwt.on_success(p2, lambda _: log.append("inner"))
        Lwt.on_success(p1, lambda _: (Lwt.wakeup_later(r2), log.append(Lwt.state(p2))))
        Lwt.wakeup(r1)
        assert log == ["fulfilled", "inner"]

    def test_repr_says_the_state(self):
        p, r = Lwt.wait()
        assert "pending" in repr(p)
        Lwt.wakeup(r, 5)
        assert repr(p) == "<Promise fulfilled: 5>"
        q = Lwt.fail(Boom("x"))
        assert repr(q) == "<Promise rejected: Boom('x')>"
        assert outcome(q)[0] == "rejected"

    def test_truth_of_a_promise_is_refused(self):
        with pytest.raises(TypeError, match="lwt"):
            bool(Lwt.unit)


class TestSideCallbacks:
    def test_each_runs_for_its_outcome(self, give):
        log = []
        ok, bad = give(1), give(error=Boom())
        for p in (ok, bad):
            Lwt.on_success(p, lambda v: log.append(("success", v)))
            Lwt.on_failure(p, lambda e: log.append(("failure", type(e))))
            Lwt.on_termination(p, lambda: log.append("termination"))
            Lwt.on_any(p, lambda v: log.append("any v"), lambda e: log.append("any e"))
        if give.pending:
            Lwt.run(Lwt.bind(Lwt.pause(), lambda _: Lwt.pause()))
        assert log == [
            ("success", 1), "termination", "any v", ("failure", Boom), "termination", "any e",
        ]  # fmt: skip

    def test_exceptions_go_to_the_hook(self, give):
        seen = []
        before = Lwt.set_async_exception_hook(seen.append)
        try:
            Lwt.on_success(give(1), lambda v: raise_(Boom(1)))
            Lwt.async_(lambda: give(error=Boom(2)))
            Lwt.async_(lambda: raise_(Boom(3)))
            Lwt.dont_wait(lambda: give(error=Boom(4)), seen.append)
            Lwt.dont_wait(lambda: raise_(Boom(5)), seen.append)
            Lwt.run(Lwt.bind(Lwt.pause(), lambda _: Lwt.pause()))
        finally:
            Lwt.set_async_exception_hook(before)
        assert sorted(e.args[0] for e in seen) == [1, 2, 3, 4, 5]
