"""Rejections nobody looks at are reported on stderr when the promise goes; looking silences that."""

import gc

import pytest

from lwtsyntax import runtime as Lwt

from .helpers import Boom, later, raise_


def test_dropped_rejection_is_reported_with_its_traceback(capsys):
    def culprit(_):
        raise Boom("lost")

    Lwt.map(Lwt.unit, culprit)
    gc.collect()
    err = capsys.readouterr().err
    assert "nobody waited for it" in err
    assert "Boom: lost" in err
    assert "culprit" in err


def test_rejection_of_a_resumed_continuation_is_reported(capsys):
    def culprit(_):
        raise Boom("resumed")

    Lwt.bind(Lwt.pause(), culprit)
    Lwt.run(Lwt.pause())
    gc.collect()
    assert "Boom: resumed" in capsys.readouterr().err


def test_report_does_not_disturb_a_parser_it_interrupts(capsys):
    """CPython 3.11's ast.parse is not reentrant: the report must not use it."""
    import ast

    source = "\n".join(f"x{i} = [{i}, (1 + 2) * f(a.b[{i}])]" for i in range(2000))
    before = gc.get_threshold()
    gc.set_threshold(10)
    try:
        for _ in range(3):
            for i in range(20):
                Lwt.map(Lwt.unit, lambda _, i=i: raise_(Boom(i)))
            ast.parse(source)
    finally:
        gc.set_threshold(*before)
    gc.collect()
    assert capsys.readouterr().err.count("nobody waited") == 60


@pytest.mark.parametrize(
    "look",
    [
        lambda p: Lwt.catch(lambda: p, lambda e: Lwt.unit),
        lambda p: Lwt.try_(lambda: p, lambda: None),
        lambda p: Lwt.on_failure(p, lambda e: None),
        lambda p: Lwt.on_termination(p, lambda: None),
        lambda p: Lwt.catch(lambda: Lwt.all([p]), lambda e: Lwt.unit),
        lambda p: Lwt.catch(lambda: Lwt.bind(p, Lwt.return_), lambda e: Lwt.unit),
        lambda p: Lwt.catch(lambda: Lwt.bind(Lwt.pause(), lambda _: p), lambda e: Lwt.unit),
    ],
)
@pytest.mark.parametrize("make", [lambda: Lwt.fail(Boom()), lambda: later(error=Boom())])
def test_looking_counts_as_observed(capsys, look, make):
    p = make()
    look(p)
    Lwt.run(Lwt.for_each(range(4), lambda _: Lwt.pause()))
    del p
    gc.collect()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("look", [Lwt.poll, Lwt.run])
def test_raising_counts_as_observed(capsys, look):
    p = Lwt.fail(Boom())
    with pytest.raises(Boom):
        look(p)
    del p
    gc.collect()
    assert capsys.readouterr().err == ""


def test_passing_it_on_leaves_one_report(capsys):
    Lwt.map(Lwt.bind(Lwt.pause(), lambda _: Lwt.fail(Boom("once"))), id)
    Lwt.run(Lwt.for_each(range(4), lambda _: Lwt.pause()))
    gc.collect()
    assert capsys.readouterr().err.count("Boom: once") == 1


def test_cancellation_is_silent(capsys):
    p = Lwt.map(Lwt.task()[0], id)
    Lwt.cancel(p)
    del p
    gc.collect()
    assert capsys.readouterr().err == ""


def test_async_failure_is_reported_by_default(capsys):
    Lwt.async_(lambda: Lwt.fail(Boom("in the background")))
    assert "Boom: in the background" in capsys.readouterr().err
