"""The normal form: direct-style statements in which every wait stands alone.

``print(f(lwt(a)) + 1)`` becomes ``value = wait a`` and then ``print(f(value) + 1)``.  What holds no
wait stays the user's text (:class:`Native`).  ``describe`` prints a program of this form.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from lwtsyntax.ir.code import Code
from lwtsyntax.ir.source import Span
from lwtsyntax.names import Fresh

__all__ = [
    "Block",
    "Break",
    "Case",
    "Collect",
    "Continue",
    "For",
    "Function",
    "Give",
    "Handler",
    "If",
    "Match",
    "Native",
    "Next",
    "Operand",
    "Pass",
    "Return",
    "Stmt",
    "Try",
    "TryMatch",
    "Wait",
    "While",
    "With",
]


@dataclass(slots=True, eq=False, kw_only=True)
class Stmt:
    """A statement of the normal form, and the place and comments of the one it came from."""

    origin: Span
    comments: tuple[str, ...] = ()
    trailing: tuple[str, ...] = ()  # comments at the end of its last line
    blank: bool = False  # an empty line stood before it
    known: dict[str, bool] = field(default_factory=dict, init=False, repr=False)  # see ir.flow


Block = list[Stmt]


@dataclass(frozen=True, slots=True)
class Operand:
    """What is waited for.  ``promise``: it surely is one, since it calls a thread function of this file.
    ``counted`` is the same call made through the runtime, where the call may recurse."""

    code: Code
    promise: bool = False
    counted: Code | None = None
    implicit: bool = False  # waited for only if it is a promise
    hint: str = "wait"  # what the wait is about, for names
    place: Span | None = None  # the whole wait, ``lwt(e)``, where that is known


@dataclass(slots=True, eq=False)
class Native(Stmt):
    """A statement without waits: the user's text, with holes for what depends on where it lands."""

    code: Code
    ends: bool = False  # control never comes out at its end
    assigns: tuple[str, Code] | None = None  # the name and the value, where it is ``name = value``


@dataclass(slots=True, eq=False)
class Pass(Stmt):
    """A block that does nothing: no text is left of it, but its place."""


@dataclass(slots=True, eq=False)
class Wait(Stmt):
    """``target = wait operand``; no target: the value is dropped."""

    operand: Operand
    target: str | None = None
    dies: bool = False  # once the function returns, nobody can see the target


@dataclass(slots=True, eq=False)
class Return(Stmt):
    """``return value`` or ``return wait value``; *place*: a value that may be a promise, and is waited for."""

    value: Code | Operand | None = None
    place: Span | None = None


@dataclass(slots=True, eq=False)
class Give(Stmt):
    """The value of a branch of a conditional expression: what its ``If.gives`` is bound to."""

    value: Code | Operand


@dataclass(slots=True, eq=False)
class Break(Stmt):
    """``break`` out of the loop around."""


@dataclass(slots=True, eq=False)
class Continue(Stmt):
    """The next round of the loop around."""


@dataclass(slots=True, eq=False)
class If(Stmt):
    """``if test: body else: orelse``; ``gives``: an expression, each branch ends in a Give for it."""

    test: Code
    body: Block
    orelse: Block = field(default_factory=list)
    gives: str | None = None


@dataclass(slots=True, eq=False)
class For(Stmt):
    """``for target in iterable: body else: orelse``; the target is one name."""

    target: str
    iterable: Code
    body: Block
    orelse: Block


@dataclass(slots=True, eq=False)
class While(Stmt):
    """``while condition: body else: orelse``; the condition is a block that returns its value."""

    condition: Block
    body: Block
    orelse: Block


@dataclass(slots=True, eq=False)
class Case:
    """One arm of a match."""

    pattern: Code
    guard: Code | None
    body: Block
    comments: tuple[str, ...] = ()
    irrefutable: bool = False


@dataclass(slots=True, eq=False)
class Match(Stmt):
    """``match subject: cases``.  ``otherwise`` is what follows when no case fits.  With
    ``guard_waits`` the last case's body begins with its guard, which runs ``otherwise`` by a Give
    when it does not hold."""

    subject: Code
    cases: list[Case]
    otherwise: Block | None = None


@dataclass(slots=True, eq=False)
class Next(Stmt):
    """In a case whose guard did not hold: on to the cases after it."""


@dataclass(slots=True, eq=False)
class Collect(Stmt):
    """The body of a comprehension, as a function *name* of its first iterable; *owned* are its names.
    Without a parameter, a long chain of operands: each but the last may be what it returns."""

    name: str
    parameter: str | None
    body: Block
    owned: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Handler:
    """``head: body`` where head is ``except E as e``, which stands at *place*.  ``group``: in an
    ``except*`` clause that waits, the name that its head gives to the group it handles."""

    head: Code
    body: Block
    place: Span
    comments: tuple[str, ...] = ()
    group: str | None = None


@dataclass(slots=True, eq=False)
class Try(Stmt):
    """``try: body except …: … else: orelse finally: cleanup``"""

    body: Block
    handlers: list[Handler]
    orelse: Block
    cleanup: Block | None


@dataclass(slots=True, eq=False)
class With(Stmt):
    """``with manager as target: body``; ``waits``: entering and leaving are waited for."""

    manager: Code
    target: str | None
    body: Block
    waits: bool


@dataclass(slots=True, eq=False)
class TryMatch(Stmt):
    """``match_lwt`` with exception arms: on the value, or on the rejection, of the operand."""

    operand: Block  # returns what is waited for
    subject: str
    value: Block
    error: str
    errors: Block


@dataclass(slots=True, eq=False)
class Function:
    """A thread function in normal form."""

    node: ast.FunctionDef
    header: Code
    docstring: Code | None
    body: Block
    fresh: Fresh  # the names that are free in it
    locals: frozenset[str]
    globals: frozenset[str]
    nonlocals: frozenset[str]
    outer: frozenset[str]  # variables of functions around it that comprehensions in it hide
    annotations: dict[str, Code]
    origin: Span
    comments: tuple[str, ...] = ()
    plain: bool = False  # returns its value, not a promise
    emit: str | None = None  # of a stream: the parameter that its producer sends values with
    any_error: str = "BaseException"  # how the guard calls that class
