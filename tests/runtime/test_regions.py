"""Completions through then, returning, sequence, try_, finalize, using, for_each and while_."""

# ruff: noqa: PLE0704 - a bare `raise` re-raises what the runtime is handling

import pytest

from lwtsyntax import runtime as Lwt

from .helpers import Boom, outcome, raise_

ABRUPT = [Lwt.BREAK, Lwt.CONTINUE, Lwt.Returned(7)]


@pytest.fixture(params=["plain", "resolved", "pending"])
def end(request):
    """Ends a region with a completion: as it is, or as a promise."""

    def end(completion=None):
        if request.param == "plain":
            return completion
        if request.param == "resolved":
            return Lwt.return_(completion)
        return Lwt.map(Lwt.pause(), lambda _: completion)

    return end


class TestThen:
    def test_normal_goes_on(self, end):
        assert outcome(Lwt.then(end(), lambda: end(Lwt.BREAK))) == ("fulfilled", Lwt.BREAK)

    def test_a_users_value_is_normal(self, end):
        assert outcome(Lwt.then(end("value"), lambda: end())) == ("fulfilled", None)

    @pytest.mark.parametrize("abrupt", ABRUPT)
    def test_abrupt_goes_outward(self, end, abrupt):
        assert outcome(Lwt.then(end(abrupt), lambda: raise_(AssertionError()))) == (
            "fulfilled",
            abrupt,
        )

    def test_always_a_promise(self):
        assert Lwt.then(None, lambda: None) is Lwt.unit
        assert Lwt.sequence() is Lwt.unit
        assert Lwt.for_each([], lambda _: None) is Lwt.unit
        assert Lwt.while_(lambda: False, lambda: None) is Lwt.unit
        assert Lwt.try_(lambda: None, lambda: None) is Lwt.unit
        assert Lwt.finalize(lambda: None, lambda: None) is Lwt.unit
        assert Lwt.returning(None) is Lwt.unit

    def test_rejected(self, give):
        error = Boom()
        assert outcome(Lwt.then(give(error=error), lambda: None)) == ("rejected", error)
        assert outcome(Lwt.returning(give(error=error))) == ("rejected", error)


class TestReturning:
    def test_returned_gives_its_value(self, end):
        assert outcome(Lwt.returning(end(Lwt.Returned(3)), lambda: raise_(Boom()))) == (
            "fulfilled",
            3,
        )

    def test_normal_gives_the_rest(self, end):
        assert outcome(Lwt.returning(end(), lambda: Lwt.return_(4))) == ("fulfilled", 4)
        assert outcome(Lwt.returning(end())) == ("fulfilled", None)

    def test_the_rest_must_give_a_promise(self, end):
        state, error = outcome(Lwt.returning(end(), lambda: 4))
        assert (state, type(error)) == ("rejected", TypeError)


class TestSequence:
    def test_in_order(self, end):
        log = []
        steps = [lambda i=i: (log.append(i), end())[1] for i in range(300)]
        assert outcome(Lwt.sequence(*steps)) == ("fulfilled", None)
        assert log == list(range(300))

    @pytest.mark.parametrize("abrupt", ABRUPT)
    def test_abrupt_ends_it(self, end, abrupt):
        p = Lwt.sequence(end, lambda: end(abrupt), lambda: raise_(AssertionError()))
        assert outcome(p) == ("fulfilled", abrupt)

    def test_exception_ends_it(self, end):
        state, error = outcome(Lwt.sequence(end, lambda: raise_(Boom()), end))
        assert (state, type(error)) == ("rejected", Boom)


class TestForEach:
    def test_all_rounds_then_else(self, end):
        seen = []
        p = Lwt.for_each(
            "abc", lambda x: (seen.append(x), end())[1], lambda: end(Lwt.Returned("else"))
        )
        assert outcome(p)[1].value == "else"
        assert seen == ["a", "b", "c"]

    def test_break_skips_the_else_and_leaves_the_iterator_open(self, end):
        xs = iter(range(5))
        p = Lwt.for_each(xs, lambda x: end(Lwt.BREAK if x == 1 else None), lambda: raise_(Boom()))
        assert outcome(p) == ("fulfilled", None)
        assert next(xs) == 2

    def test_generator_is_not_closed_on_break(self, end):
        closed = []

        def numbers():
            try:
                yield from range(3)
            finally:
                closed.append(True)

        xs = numbers()
        Lwt.run(Lwt.for_each(xs, lambda x: end(Lwt.BREAK)))
        assert (closed, next(xs)) == ([], 1)

    def test_continue_is_consumed(self, end):
        assert outcome(Lwt.for_each([1, 2], lambda x: end(Lwt.CONTINUE))) == ("fulfilled", None)

    def test_returned_goes_outward(self, end):
        done = Lwt.Returned(1)
        assert outcome(Lwt.for_each([1, 2], lambda x: end(done), lambda: raise_(Boom()))) == (
            "fulfilled",
            done,
        )

    def test_a_users_promise_as_body(self, give):
        seen = []
        p = Lwt.for_each([1, 2], lambda x: (seen.append(x), give("value"))[1])
        assert outcome(p) == ("fulfilled", None)
        assert seen == [1, 2]

    def test_rejected_body_ends_it(self, give):
        error, seen = Boom(), []
        p = Lwt.for_each([1, 2], lambda x: (seen.append(x), give(error=error))[1])
        assert outcome(p) == ("rejected", error)
        assert seen == [1]

    def test_not_iterable(self):
        state, error = outcome(Lwt.for_each(3, lambda x: None))
        assert (state, str(error)) == ("rejected", "'int' object is not iterable")

    def test_iterator_raises_in_a_later_round(self, end):
        def xs():
            yield 1
            raise Boom

        state, error = outcome(Lwt.for_each(xs(), lambda x: end()))
        assert (state, type(error)) == ("rejected", Boom)

    def test_async_iterable(self, end):
        seen = []

        class Numbers:
            def __aiter__(self):
                self.left = 3
                return self

            async def __anext__(self):
                if not self.left:
                    raise StopAsyncIteration
                self.left -= 1
                return self.left

        p = Lwt.for_each(
            Numbers(), lambda x: (seen.append(x), end())[1], lambda: end(Lwt.Returned(1))
        )
        assert outcome(p)[1].value == 1
        assert seen == [2, 1, 0]

    def test_mixture_of_resolved_and_pending(self):
        seen = []

        def body(x):
            seen.append(x)
            return [None, Lwt.unit, Lwt.pause(), Lwt.return_("v"), Lwt.sleep(0.0)][x % 5]

        Lwt.run(Lwt.for_each(range(1000), body))
        assert seen == list(range(1000))


class TestWhile:
    @pytest.mark.parametrize("cond", ["plain", "resolved", "pending"])
    def test_rounds(self, end, cond):
        left = [3]

        def condition():
            left[0] -= 1
            value = left[0] >= 0
            return {
                "plain": lambda: [1] if value else [],
                "resolved": lambda: Lwt.return_(value),
                "pending": lambda: Lwt.map(Lwt.pause(), lambda _: value),
            }[cond]()

        log = []
        p = Lwt.while_(
            condition, lambda: (log.append(left[0]), end())[1], lambda: end(Lwt.Returned(9))
        )
        assert outcome(p)[1].value == 9
        assert log == [2, 1, 0]
        left[0] = 3
        assert outcome(Lwt.while_(condition, lambda: end(Lwt.BREAK), lambda: raise_(Boom()))) == (
            "fulfilled",
            None,
        )
        done = Lwt.Returned(1)
        left[0] = 3
        assert outcome(Lwt.while_(condition, lambda: end(done))) == ("fulfilled", done)

    def test_rejected_condition(self, give):
        error = Boom()
        assert outcome(Lwt.while_(lambda: give(error=error), lambda: None)) == ("rejected", error)


class TestTry:
    def test_handler_of_the_exception(self, end, give):
        def on_error():
            try:
                raise
            except KeyError:
                return end(Lwt.Returned("handled"))

        for body in (lambda: raise_(KeyError()), lambda: give(error=KeyError())):
            assert outcome(Lwt.try_(body, on_error))[1].value == "handled"
        for body in (lambda: raise_(Boom()), lambda: give(error=Boom())):
            state, error = outcome(Lwt.try_(body, on_error))
            assert (state, type(error)) == ("rejected", Boom)

    def test_else_only_after_a_normal_end(self, end):
        assert outcome(Lwt.try_(end, lambda: None, lambda: end(Lwt.BREAK))) == (
            "fulfilled",
            Lwt.BREAK,
        )
        for abrupt in ABRUPT:
            p = Lwt.try_(lambda abrupt=abrupt: end(abrupt), lambda: None, lambda: raise_(Boom()))
            assert outcome(p) == ("fulfilled", abrupt)

    def test_else_is_not_covered(self, end):
        state, error = outcome(Lwt.try_(end, lambda: None, lambda: raise_(Boom())))
        assert (state, type(error)) == ("rejected", Boom)

    @pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
    def test_base_exceptions_raised_on_the_spot_are_caught(self, end, kind):
        assert outcome(Lwt.try_(lambda: raise_(kind()), end)) == ("fulfilled", None)


class TestFinalize:
    @pytest.mark.parametrize("abrupt", ABRUPT)
    def test_completion_of_the_body_comes_through(self, end, abrupt):
        assert outcome(Lwt.finalize(lambda: end(abrupt), end)) == ("fulfilled", abrupt)

    @pytest.mark.parametrize("abrupt", ABRUPT)
    def test_abrupt_cleanup_replaces_everything(self, end, give, abrupt):
        for body in (
            end,
            lambda: end(Lwt.Returned(1)),
            lambda: raise_(Boom()),
            lambda: give(error=Boom()),
        ):
            assert outcome(Lwt.finalize(body, lambda: end(abrupt))) == ("fulfilled", abrupt)


class Manager:
    def __init__(self, log, swallow=False):
        self.log, self.swallow = log, swallow

    def __enter__(self):
        self.log.append("enter")
        return self

    def __exit__(self, kind, error, traceback):
        self.log.append(kind)
        return self.swallow


class TestUsing:
    def test_completions_come_through(self, end):
        for completion in [None, *ABRUPT]:
            log = []
            p = Lwt.using(
                Manager(log), lambda m, c=completion, log=log: (log.append("body"), end(c))[1]
            )
            assert outcome(p) == ("fulfilled", completion)
            assert log == ["enter", "body", None]

    def test_exception_is_seen_or_swallowed(self, give):
        for body in (lambda m: raise_(Boom()), lambda m: give(error=Boom())):
            log = []
            state, error = outcome(Lwt.using(Manager(log), body))
            assert (state, type(error), log) == ("rejected", Boom, ["enter", Boom])
            assert outcome(Lwt.using(Manager(log, True), body)) == ("fulfilled", None)

    def test_no_context_manager(self):
        state, error = outcome(Lwt.using(3, lambda m: None))
        assert (state, type(error)) == ("rejected", TypeError)
        assert "context manager protocol" in str(error)

    def test_a_promise_of_one_has_to_be_waited_for_first(self):
        for using in (Lwt.using, Lwt.using_lwt):
            state, error = outcome(using(Lwt.unit, lambda m: None))
            assert (state, type(error)) == ("rejected", TypeError)
            assert str(error).endswith("protocol (to wait for it first, write with lwt(e))")

    def test_methods_on_the_instance_do_not_count(self):
        class Plain:
            pass

        plain = Plain()
        plain.__enter__ = plain.__exit__ = lambda *args: None
        assert outcome(Lwt.using(plain, lambda m: None))[0] == "rejected"

    def test_using_lwt_waits_for_both_ends(self, give, end):
        log = []

        class Waits:
            def __enter__(self):
                log.append("enter")
                return give("m")

            def __exit__(self, kind, error, traceback):
                log.append(kind)
                return give(kind is Boom)

        p = Lwt.using_lwt(Waits(), lambda m: (log.append(m), end(Lwt.BREAK))[1])
        assert outcome(p) == ("fulfilled", Lwt.BREAK)
        assert log == ["enter", "m", None]
        assert outcome(Lwt.using_lwt(Waits(), lambda m: raise_(Boom()))) == ("fulfilled", None)
        assert outcome(Lwt.using_lwt(Waits(), lambda m: give(error=Boom()))) == ("fulfilled", None)
        assert type(outcome(Lwt.using_lwt(Waits(), lambda m: raise_(KeyError())))[1]) is KeyError

    def test_using_lwt_takes_async_context_managers(self, end):
        class Async:
            async def __aenter__(self):
                return 5

            async def __aexit__(self, *args):
                return None

        seen = []
        assert outcome(Lwt.using_lwt(Async(), lambda m: (seen.append(m), end())[1])) == (
            "fulfilled",
            None,
        )
        assert seen == [5]


class TestOperands:
    def test_implicit_wait(self, give):
        p = give(1)
        assert Lwt.implicit_wait(p) is p
        assert Lwt.poll(Lwt.implicit_wait("text")) == "text"
        assert Lwt.implicit_wait(None) is Lwt.unit
        outcome(p)

    def test_promise_says_what_it_takes(self):
        assert Lwt.promise(Lwt.unit) is Lwt.unit
        with pytest.raises(
            TypeError, match="cannot wait for str; lwt takes a promise, a coroutine"
        ):
            Lwt.promise("x")
