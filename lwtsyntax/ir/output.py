"""The output tree: plain Python, as definitions, branches and calls of the runtime around the user's text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lwtsyntax.ir.code import Code
from lwtsyntax.ir.direct import Function
from lwtsyntax.ir.source import Span

__all__ = [
    "Apply",
    "Body",
    "Branch",
    "Def",
    "Expr",
    "Guard",
    "Helper",
    "IfOut",
    "Lambda",
    "MatchOut",
    "Out",
    "Ref",
    "Reraise",
    "ReturnOut",
    "Root",
    "Text",
    "bodies",
    "ends",
    "walk",
]


@dataclass(slots=True, eq=False, kw_only=True)
class Out:
    """A statement of the output, and the user's statement it came from."""

    origin: Span
    comments: tuple[str, ...] = ()
    blank: bool = False


Body = list[Out]


@dataclass(frozen=True, slots=True)
class Ref:
    """The name of a generated definition, as a value."""

    name: str


@dataclass(frozen=True, slots=True)
class Helper:
    """``Lwt.name(arguments)``; *place*: the wait that it stands for, which is less than its statement."""

    name: str
    arguments: tuple[Expr, ...]
    place: Span | None = None


@dataclass(frozen=True, slots=True)
class Apply:
    """``function(arguments)`` of a generated definition."""

    function: str
    arguments: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Lambda:
    """``lambda parameters: value``; *place*: what the value came from, a wait if it *waits*."""

    parameters: tuple[str, ...]
    value: Expr
    place: Span | None = None
    waits: bool = False


Expr = Code | Ref | Helper | Apply | Lambda


@dataclass(slots=True, eq=False)
class Text(Out):
    """A statement as text; empty text holds comments only.  ``ends``: control never leaves its end."""

    code: Code
    ends: bool = False


@dataclass(slots=True, eq=False)
class ReturnOut(Out):
    """``return value``; *place*: the wait that the value is, where the function ends in one."""

    value: Expr | None = None
    place: Span | None = None


@dataclass(slots=True, eq=False)
class Def(Out):
    """A generated function.  ``repeats``: one activation of the function around may call it often.
    ``owned``: names that are its own, whatever they mean outside (a comprehension's).
    ``nonlocals`` and ``globals`` and ``declarations`` are placed by the pass that places variables."""

    name: str
    parameters: list[str]
    body: Body
    repeats: bool = False
    owned: frozenset[str] = frozenset()
    nonlocals: list[str] = field(default_factory=list)
    globals: list[str] = field(default_factory=list)
    declarations: list[tuple[str, Code]] = field(default_factory=list)


@dataclass(slots=True, eq=False, kw_only=True)
class Root(Def):
    """A thread function: the user's own header, and the guard that turns exceptions into rejections."""

    header: Code
    docstring: Code | None
    function: Function


@dataclass(slots=True, eq=False)
class Branch:
    """One arm: ``head`` is a test or a pattern."""

    head: Code
    body: Body
    guard: Code | None = None
    comments: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class IfOut(Out):
    """``if … elif … else``"""

    branches: list[Branch]
    orelse: Body


@dataclass(slots=True, eq=False)
class MatchOut(Out):
    """``match subject: cases``"""

    subject: Code
    cases: list[Branch]


@dataclass(slots=True, eq=False)
class Guard(Out):
    """``try: body except BaseException as error: return Lwt.failed(error)``"""

    body: Body
    error: str
    catches: str


@dataclass(slots=True, eq=False)
class Reraise(Out):
    """``try: raise`` with the user's except clauses: CPython's own matching."""

    clauses: list[Branch]


def ends(body: Body) -> bool:
    """Whether control surely leaves *body* by a jump that stands in it."""
    match body[-1] if body else None:
        case ReturnOut():
            return True
        case Text(ends=ended):
            return ended
        case IfOut(branches=branches, orelse=orelse):
            return ends(orelse) and all(ends(branch.body) for branch in branches)
    return False


def bodies(statement: Out) -> list[Body]:
    """The blocks of *statement*."""
    match statement:
        case Def(body=body) | Guard(body=body):
            return [body]
        case IfOut(branches=branches, orelse=orelse):
            return [*(branch.body for branch in branches), orelse]
        case MatchOut(cases=cases) | Reraise(clauses=cases):
            return [case.body for case in cases]
    return []


def walk(body: Body) -> Iterator[Out]:
    """Every statement of *body*, in the order of the text."""
    todo = [iter(body)]
    while todo:
        statement = next(todo[-1], None)
        if statement is None:
            todo.pop()
            continue
        yield statement
        todo.extend(iter(inner) for inner in reversed(bodies(statement)))
