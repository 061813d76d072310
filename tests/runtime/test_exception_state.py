"""The exception being handled travels with the continuation (sys.exc_info, __context__, bare raise)."""

# ruff: noqa: PLE0704 - a bare `raise` re-raises what the runtime is handling

import sys

from lwtsyntax import runtime as Lwt

from .helpers import Boom, outcome, raise_


def handled():
    """What a callee sees."""
    return sys.exc_info()[1]


def test_continuations_in_a_handler_see_its_exception(give):
    original = KeyError()

    def on_error():
        try:
            raise
        except KeyError:
            return Lwt.bind(give(), lambda _: Lwt.map(give(), lambda _: Lwt.Returned(handled())))

    assert outcome(Lwt.try_(lambda: give(error=original), on_error))[1].value is original
    assert handled() is None


def test_after_the_handler_it_is_gone(give):
    def on_error():
        try:
            raise
        except KeyError:
            return give()

    p = Lwt.then(
        Lwt.try_(lambda: give(error=KeyError()), on_error),
        lambda: Lwt.map(give(), lambda _: Lwt.Returned(handled())),
    )
    assert outcome(p)[1].value is None


def test_other_waiters_do_not_inherit_it():
    p, r = Lwt.wait()
    seen = []

    def on_error():
        try:
            raise
        except KeyError:
            return Lwt.map(Lwt.pause(), lambda _: None)

    q = Lwt.try_(lambda: raise_(KeyError()), on_error)
    Lwt.on_success(q, lambda _: seen.append(handled()))
    Lwt.bind(q, lambda _: seen.append(handled()) or Lwt.unit)
    Lwt.run(q)
    assert seen == [None, None]
    Lwt.wakeup(r)
    assert Lwt.state(p) == "fulfilled"


def test_bare_raise_after_a_wait(give):
    original = KeyError()

    def on_error():
        try:
            raise
        except KeyError:

            def again(_):
                raise

            return Lwt.map(give(), again)

    assert outcome(Lwt.try_(lambda: raise_(original), on_error)) == ("rejected", original)
    assert original.__context__ is None


def test_context_of_what_is_raised_after_a_wait(give):
    original = KeyError()

    def on_error():
        try:
            raise
        except KeyError:
            return Lwt.map(give(), lambda _: raise_(Boom()))

    assert outcome(Lwt.try_(lambda: raise_(original), on_error))[1].__context__ is original


def test_waiting_for_a_rejection_raises_it_there(give):
    original, error = KeyError(), Boom()
    rejected = give(error=error)

    def on_error():
        try:
            raise
        except KeyError:
            return Lwt.bind(rejected, lambda _: Lwt.unit)

    assert outcome(Lwt.try_(lambda: raise_(original), on_error)) == ("rejected", error)
    assert error.__context__ is original


def test_loops_keep_it_from_round_to_round(give):
    original, seen = KeyError(), []

    def on_error():
        try:
            raise
        except KeyError:
            return Lwt.for_each(range(3), lambda i: (seen.append(handled()), give())[1])

    outcome(Lwt.try_(lambda: raise_(original), on_error))
    assert seen == [original] * 3


def test_cleanup_sees_the_exception_before_and_after_a_wait(give):
    original, seen = Boom(), []

    def cleanup():
        seen.append(handled())
        return Lwt.map(give(), lambda _: seen.append(handled()))

    assert outcome(Lwt.finalize(lambda: give(error=original), cleanup)) == ("rejected", original)
    assert outcome(Lwt.finalize(lambda: raise_(original), cleanup)) == ("rejected", original)
    assert seen == [original] * 4
    seen.clear()
    outcome(Lwt.finalize(give, cleanup))
    assert seen == [None, None]


def test_exit_sees_the_exception(give):
    seen = []

    class Manager:
        def __enter__(self):
            return None

        def __exit__(self, kind, error, traceback):
            seen.append(handled() is error)
            return True

    outcome(Lwt.using(Manager(), lambda _: give(error=Boom())))
    outcome(Lwt.using(Manager(), lambda _: raise_(Boom())))
    assert seen == [True, True]


def test_deferred_calls_keep_it():
    original, seen = KeyError(), []

    def down(n):
        if n:
            return Lwt.call(down, n - 1)
        seen.append(handled())
        return Lwt.unit

    def on_error():
        try:
            raise
        except KeyError:
            return down(200)

    Lwt.try_(lambda: raise_(original), on_error)
    assert seen == [original]


def test_traceback_starts_in_the_users_code(give):
    def leaf(_):
        raise Boom

    error = outcome(Lwt.bind(give(), leaf))[1]
    names = []
    traceback = error.__traceback__
    while traceback is not None:
        names.append(traceback.tb_frame.f_code.co_name)
        traceback = traceback.tb_next
    assert names[-1] == "leaf"
    assert "_bind_step" not in names
    assert "bind" not in names
