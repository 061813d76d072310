"""START HERE: one row per marker: its spelling, its type, what it means.

A program imports markers, uses them in direct style, and is then rewritten: ``lwtsyntax transform``
leaves no marker behind.  So the functions below are *types* first: mypy and pyright read them and
infer the direct-style program.  Called in a program that was not rewritten, they say so.

To add a marker: a row of ``FORMS``, a typed function, a lowering, a fixture.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, ParamSpec, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Generator, Iterable
    from concurrent.futures import Future
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from typing import TypeAlias

    from lwtsyntax.runtime import Promise, Stream

__all__ = [
    "FORMS",
    "KEYWORDS",
    "Form",
    "Keyword",
    "NotTransformed",
    "exception",
    "for_lwt",
    "lwt",
    "lwt_stream",
    "match_lwt",
    "while_lwt",
    "with_lwt",
    "written",
]


@dataclass(frozen=True, slots=True)
class Form:
    """One marker, as a reader, an editor and the transformer know it."""

    name: str  # what is imported from lwtsyntax
    spelling: str  # how it is written in a .py file
    keyword: str  # how it is written in a .lwt file, see KEYWORDS; "" where there is no such form
    meaning: str


FORMS: tuple[Form, ...] = (
    Form(
        "lwt",
        "@lwt / x = lwt(e) / x, y = lwt(a, b)",
        "lwt x = e / lwt x = a and y = b / lwt e",
        "above a def: calling it starts a thread and gives its promise; "
        "lwt(e): wait for e; lwt(a, b): start both, wait for both",
    ),
    Form(
        "for_lwt",
        "for x in for_lwt(xs):",
        "for_lwt x in xs:",
        "a loop whose body is a thread; xs is an iterable, a stream or an async iterable",
    ),
    Form(
        "while_lwt",
        "while while_lwt(c):",
        "while_lwt c:",
        "a loop whose body is a thread; c is a bool or a promise of one, evaluated each round",
    ),
    Form(
        "match_lwt",
        "match match_lwt(e):",
        "match_lwt e:",
        "wait for e, then match its value",
    ),
    Form(
        "exception",
        "case exception(P):",
        "case exception P:",
        "an arm of match_lwt for the rejection of e; it does not cover the other arms",
    ),
    Form(
        "with_lwt",
        "with with_lwt(m) as r:",
        "with_lwt e as r:",
        "m's enter and exit are waited for, as async with does",
    ),
    Form(
        "lwt_stream",
        "@lwt_stream",
        "",
        "above a generator def: calling it gives a stream of what it yields",
    ),
)


def written(marker: str, *, keywords: bool) -> str:
    """How the form of *marker* is written in the spelling of a file."""
    form = next(form for form in FORMS if form.name == marker)
    return form.keyword if keywords else form.spelling


@dataclass(frozen=True, slots=True)
class Keyword:
    """One soft keyword of ``.lwt`` files, and what it stands for."""

    word: str
    kind: Literal["binding", "header", "try", "simple", "arm"]  # where, and how, it is recognised
    python: str  # the word of Python that opens the statement instead; "" where there is none
    marker: str  # what is called with the expression behind it; "" where nothing is
    spelling: str
    equivalent: str  # the same in marker spelling
    meaning: str


KEYWORDS: tuple[Keyword, ...] = (
    Keyword(
        "lwt",
        "binding",
        "",
        "lwt",
        "lwt x = e",
        "x = lwt(e)",
        "wait for e; before any assignment, several joined by and, or the expression alone",
    ),
    Keyword(
        "for_lwt",
        "header",
        "for",
        "for_lwt",
        "for_lwt x in xs:",
        "for x in for_lwt(xs):",
        "a loop over an iterable, a stream or an async iterable",
    ),
    Keyword(
        "while_lwt",
        "header",
        "while",
        "while_lwt",
        "while_lwt c:",
        "while while_lwt(c):",
        "a loop; c is a bool or a promise of one, evaluated each round",
    ),
    Keyword(
        "match_lwt",
        "header",
        "match",
        "match_lwt",
        "match_lwt e:",
        "match match_lwt(e):",
        "wait for e, then match its value",
    ),
    Keyword(
        "exception",
        "arm",
        "",
        "exception",
        "case exception P:",
        "case exception(P):",
        "an arm of match_lwt for the rejection of e",
    ),
    Keyword("if_lwt", "header", "if", "lwt", "if_lwt c:", "if lwt(c):", "wait for c, then decide"),
    Keyword(
        "elif_lwt",
        "header",
        "elif",
        "lwt",
        "elif_lwt c:",
        "elif lwt(c):",
        "the same for a further branch, behind if_lwt or if",
    ),
    Keyword("try_lwt", "try", "try", "", "try_lwt:", "try:", "a try whose blocks are threads"),
    Keyword(
        "with_lwt",
        "header",
        "with",
        "with_lwt",
        "with_lwt e as x:",
        "with with_lwt(e) as x:",
        "wait for the enter and the exit of e, as async with does",
    ),
    Keyword(
        "return_lwt",
        "simple",
        "return",
        "lwt",
        "return_lwt e",
        "return lwt(e)",
        "give what e gives",
    ),
    Keyword("raise_lwt", "simple", "raise", "", "raise_lwt e", "raise e", "reject the promise"),
    Keyword(
        "assert_lwt",
        "simple",
        "assert",
        "lwt",
        "assert_lwt e",
        "assert lwt(e)",
        "wait for e, then assert it",
    ),
)

P = ParamSpec("P")
T = TypeVar("T")
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
T5 = TypeVar("T5")

if TYPE_CHECKING:
    # whatever can be waited for, with the type of its value
    Waitable: TypeAlias = Awaitable[T] | Future[T]


class NotTransformed(RuntimeError):
    """A marker was reached in a program that still has to be rewritten."""


def _refuse(spelling: str) -> NoReturn:
    raise NotTransformed(
        f"{spelling} was reached, but its module was not transformed: before it is imported call "
        "`lwtsyntax.install(packages=[...])`, or run the program with `lwtsyntax run FILE`, or write "
        "plain Python with `lwtsyntax transform FILE`"
    )


# As one parameter and then a variadic rest, pyright reports overlapping overloads (`lwt` of one
# argument is a value, of several a tuple); with five parameters first it does not.
@overload
def lwt(promise: Waitable[T], /) -> T: ...
@overload
def lwt(function: Callable[P, T], /) -> Callable[P, Promise[T]]: ...
@overload
def lwt(a: Waitable[T1], b: Waitable[T2], /) -> tuple[T1, T2]: ...
@overload
def lwt(a: Waitable[T1], b: Waitable[T2], c: Waitable[T3], /) -> tuple[T1, T2, T3]: ...
@overload
def lwt(
    a: Waitable[T1], b: Waitable[T2], c: Waitable[T3], d: Waitable[T4], /
) -> tuple[T1, T2, T3, T4]: ...
@overload
def lwt(
    a: Waitable[T1], b: Waitable[T2], c: Waitable[T3], d: Waitable[T4], e: Waitable[T5], /
) -> tuple[T1, T2, T3, T4, T5]: ...
@overload
def lwt(
    a: Waitable[T],
    b: Waitable[T],
    c: Waitable[T],
    d: Waitable[T],
    e: Waitable[T],
    /,
    *more: Waitable[T],
) -> tuple[T, ...]: ...
def lwt(*arguments: Any) -> Any:
    """Wait for a promise, or for several; above a ``def``, make it a thread function."""
    if len(arguments) == 1 and isinstance(arguments[0], FunctionType):
        return _untransformed("@lwt", arguments[0])
    _refuse("lwt(...)")


@overload
def for_lwt(items: Iterable[T], /) -> Iterable[T]: ...
@overload
def for_lwt(items: AsyncIterable[T], /) -> Iterable[T]: ...
def for_lwt(items: Any, /) -> Any:
    """Loop over *items* with a body that is a thread."""
    _refuse("for_lwt(...)")


def while_lwt(condition: object, /) -> bool:
    """Loop while *condition*, a bool or a promise of one, holds, with a body that is a thread."""
    _refuse("while_lwt(...)")


def match_lwt(promise: Waitable[T], /) -> T:
    """Wait for *promise*, then match its value, or its rejection against ``exception`` arms."""
    _refuse("match_lwt(...)")


def with_lwt(manager: AbstractAsyncContextManager[T], /) -> AbstractContextManager[T]:
    """Enter and leave *manager*, waiting for both."""
    _refuse("with_lwt(...)")


def lwt_stream(function: Callable[P, Generator[T, Any, Any]], /) -> Callable[P, Stream[T]]:
    """Make a generator function one that gives a stream of what it yields."""
    return _untransformed("@lwt_stream", function)


def _untransformed(spelling: str, function: Callable[P, Any]) -> Callable[P, NoReturn]:
    """Stands for *function* so that its module can be imported; refuses to be called."""

    @functools.wraps(function)
    def untransformed(*args: P.args, **kwargs: P.kwargs) -> NoReturn:
        _refuse(f"{spelling} def {function.__name__}")

    return untransformed


if TYPE_CHECKING:
    # Any, since as a class it would make `case exception(P)` unreachable, hence unchecked, in a
    # match on a promise of None.
    exception: Any
else:

    class _Refusing(type):
        def __instancecheck__(cls, instance: object) -> bool:
            _refuse("case exception(...)")

        def __call__(cls, *arguments: object) -> NoReturn:
            _refuse("exception(...)")

    class exception(metaclass=_Refusing):
        """``case exception(P):`` in a ``match match_lwt(e)`` matches the rejection of ``e``."""
