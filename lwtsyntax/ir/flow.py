"""Where control can go: what waits, what comes out at its end, what leaves it by a jump.

Each answer is kept with the statement that it is about, since every statement around asks again; so
no statement changes once it was asked about.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from lwtsyntax.ir.code import Jump
from lwtsyntax.ir.direct import (
    Block,
    Break,
    Continue,
    For,
    Give,
    If,
    Match,
    Native,
    Next,
    Operand,
    Return,
    Stmt,
    Try,
    TryMatch,
    Wait,
    While,
    With,
)

__all__ = ["completes", "escapes", "leaks", "loop_escapes", "waits"]

_Question = Callable[[Stmt], bool]


def waits(statements: Block) -> bool:
    """Whether a wait stands anywhere in *statements*."""
    return any(map(_waits, statements))


def completes(statements: Block) -> bool:
    """Whether control can come out at the end of *statements*."""
    return all(map(_completes, statements))


def escapes(statements: Block) -> bool:
    """Whether a completion other than the normal one can leave *statements*."""
    return any(_returns(statement) or _jumps(statement) for statement in statements)


def loop_escapes(body: Block) -> bool:
    """Whether a completion can leave the loop whose body is *body*."""
    return any(map(_returns, body))


def leaks(statements: Block) -> bool:
    """Whether a region of *statements* may end in a wait, whose value it then gives."""
    return bool(statements) and _leaks(statements[-1])


def _remembered(question: _Question) -> _Question:
    name = question.__name__

    @wraps(question)
    def asked(statement: Stmt) -> bool:
        answer = statement.known.get(name)
        if answer is None:
            answer = statement.known[name] = question(statement)
        return answer

    return asked


@_remembered
def _waits(statement: Stmt) -> bool:
    match statement:
        case Wait() | For() | While() | TryMatch() | Try() | With():
            return True
        case Return(value=value) | Give(value=value):
            return isinstance(value, Operand)
        case If(body=body, orelse=orelse):
            return waits(body) or waits(orelse)
        case Match(cases=cases, otherwise=otherwise):
            return any(waits(case.body) for case in cases) or waits(otherwise or [])
    return False


@_remembered
def _completes(statement: Stmt) -> bool:
    match statement:
        case Native(ends=ends):
            return not ends
        case Return() | Break() | Continue() | Next():
            return False
        case If(body=body, orelse=orelse):
            return completes(body) or completes(orelse)
        case Match(cases=cases, otherwise=otherwise):
            exhaustive = otherwise is not None or (bool(cases) and cases[-1].irrefutable)
            blocks = [*(case.body for case in cases), *([] if otherwise is None else [otherwise])]
            return not exhaustive or any(completes(block) for block in blocks)
    return True


@_remembered
def _returns(statement: Stmt) -> bool:
    """Whether a ``return`` stands in *statement*."""
    match statement:
        case Return():
            return True
        case Native(code=text):
            return any(isinstance(piece, Jump) and piece.kind == "return" for piece in text)
        case For(body=body, orelse=orelse) | While(body=body, orelse=orelse):
            return any(map(_returns, [*body, *orelse]))
    return any(map(_returns, _inside(statement)))


@_remembered
def _jumps(statement: Stmt) -> bool:
    """Whether a ``break`` or ``continue`` of a loop around leaves *statement*."""
    match statement:
        case Break() | Continue():
            return True
        case Native(code=text):
            return any(isinstance(piece, Jump) and piece.kind != "return" for piece in text)
        case For(orelse=orelse) | While(orelse=orelse):
            return any(map(_jumps, orelse))
    return any(map(_jumps, _inside(statement)))


def _inside(statement: Stmt) -> Block:
    """The statements in the blocks of *statement*, which is no loop."""
    match statement:
        case If(body=body, orelse=orelse):
            blocks = [body, orelse]
        case Match(cases=cases, otherwise=otherwise):
            blocks = [*(case.body for case in cases), otherwise or []]
        case Try(body=body, handlers=handlers, orelse=orelse, cleanup=cleanup):
            blocks = [body, orelse, cleanup or [], *(handler.body for handler in handlers)]
        case With(body=body):
            blocks = [body]
        case TryMatch(value=value, errors=errors):
            blocks = [value, errors]
        case _:
            blocks = []
    return [inner for block in blocks for inner in block]


@_remembered
def _leaks(statement: Stmt) -> bool:
    match statement:
        case Wait():
            return True
        case If(body=body, orelse=orelse):
            return leaks(body) or leaks(orelse)
        case For(orelse=orelse) | While(orelse=orelse):
            return leaks(orelse)
        case Match(cases=cases, otherwise=otherwise):
            return any(leaks(case.body) for case in cases) or leaks(otherwise or [])
        case Try(body=body, handlers=handlers, orelse=orelse):
            blocks = [body, orelse, *(handler.body for handler in handlers)]
            return any(map(leaks, blocks))
        case With(body=body):
            return leaks(body)
        case TryMatch(value=value, errors=errors):
            return leaks(value) or leaks(errors)
    return False
