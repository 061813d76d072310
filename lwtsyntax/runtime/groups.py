"""Lowered `except*` whose clauses wait."""

# ruff: noqa: BLE001 - whatever is raised is handed to the clause.
from __future__ import annotations

from collections.abc import Callable, Generator
from opcode import opmap
from types import CodeType, TracebackType
from typing import Any, Final, TypeAlias, TypeVar

from .binding import after, handling
from .completions import unit
from .nesting import failed
from .places import told_by
from .promise import REJECTED, Promise, delivered
from .regions import Region, ended, try_

T = TypeVar("T")

_RAISE: Final = opmap["RAISE_VARARGS"]

# Asks, within an except* clause, for a handler to be run; is told whether it raised its group anew.
Clauses: TypeAlias = Generator[tuple[BaseException, Region], bool | None, None]


def try_star(
    body: Region,
    on_error: Callable[[], Clauses],
    no_error: Region | None = None,
    place: CodeType | None = None,
) -> Promise[Any]:
    """Lowered `try`/`except*`/`else`.

    `on_error()` is a generator that holds a native `try: raise` with the except* clauses: CPython matches,
    splits the group and puts it together again.  In a clause it yields the group at hand and a region to
    run while that is being handled.  What the region raises is raised in the clause; when it raises
    the group itself with a bare `raise`, the generator is sent True, to do so too.
    """
    return try_(body, lambda: _resume(on_error()), no_error, place)


def _resume(
    clauses: Clauses, thrown: BaseException | None = None, again: bool | None = None
) -> Promise[Any]:
    """On to the next clause whose handler waits, or to the end of them all."""
    try:
        if thrown is not None:
            group, handler = throw(clauses, thrown)
        else:
            group, handler = clauses.send(again)
    except StopIteration as end:
        if end is thrown:
            raise
        return unit
    traceback = group.__traceback__
    told_by.add(id(traceback))
    try:
        p = ended(handling(group, handler, chain=False))
    except BaseException as error:
        p = failed(error)
    return after(p, lambda p: _answer(clauses, p, group, traceback))


def _answer(
    clauses: Clauses, p: Promise[Any], group: BaseException, traceback: TracebackType | None
) -> Promise[Any]:
    """Go on after a handler that ended with `p`."""
    told_by.discard(id(traceback))
    if p._state != REJECTED:
        return _resume(clauses)
    error = delivered(p)
    if error is group and _passed_on(error.__traceback__, traceback):
        error.__traceback__ = traceback  # by which the clause knows it
        return _resume(clauses, again=True)
    return _resume(clauses, error)


def _passed_on(trace: TracebackType | None, told: TracebackType | None) -> bool:
    """Whether a bare `raise` raised what has the traceback `told`: it leaves no entry where it stands, only
    those of the handler's functions that led to it."""
    while trace is not told:
        if trace is None or trace.tb_frame.f_code.co_code[trace.tb_lasti] == _RAISE:
            return False
        trace = trace.tb_next
    return True


def throw(clauses: Generator[T, Any, Any], error: BaseException) -> T:
    """Raise `error` in a generator, as it is: throw() would set its context, and not let a StopIteration out."""
    traceback, context = error.__traceback__, error.__context__
    try:
        return clauses.throw(error)
    except RuntimeError as wrapper:
        if wrapper.__cause__ is error and isinstance(error, StopIteration):
            raise error from error.__cause__
        raise
    finally:
        error.__traceback__, error.__context__ = traceback, context
