"""Make the chains shorter to read; ``transform(…, optimise=False)`` leaves this pass out.

Input and output: the output tree of a thread function.  Three rewritings::

    def k(x): return j(x)          ->   j wherever k was used          (eta)
    Lwt.bind(e, k), k returning    ->   Lwt.map(e, k), k giving v      (map for bind)
        only Lwt.return_(v)
    def k(x): return v             ->   lambda x: v, where k is used once and this is short
"""

from __future__ import annotations

import dataclasses

from lwtsyntax.ir.code import Printed
from lwtsyntax.ir.output import (
    Apply,
    Body,
    Def,
    Expr,
    Helper,
    Lambda,
    Ref,
    ReturnOut,
    Text,
    bodies,
    walk,
)
from lwtsyntax.ir.printing import Printer
from lwtsyntax.ir.source import Source, Span

__all__ = ["optimise"]

LONGEST_LAMBDA = 56  # characters


def optimise(root: Def, source: Source, alias: str) -> None:
    """Shorten *root* and the thread functions in it, in place."""
    _Optimiser(source, alias).body(root.body)


class _Optimiser:
    def __init__(self, source: Source, alias: str) -> None:
        self.source = source
        self.alias = alias

    def body(self, body: Body) -> None:
        """Innermost blocks first."""
        for statement in body:
            for inner in bodies(statement):
                self.body(inner)
            if isinstance(statement, Text):
                for piece in statement.code:
                    if isinstance(piece, Printed):
                        self.body(piece.definition.body)
        for definition in [s for s in body if isinstance(s, Def)]:
            self._definition(definition, body)

    def _definition(self, definition: Def, body: Body) -> None:
        """Replace the uses of *definition*, which stands in *body*, where they can do without it."""
        value = _single_value(definition)
        if value is None:
            return
        parameters = tuple((name,) for name in definition.parameters)
        if isinstance(value, Apply) and value.arguments == parameters:
            self._replace(definition, Ref(value.function), body)
            return
        users = [s for s in body if isinstance(s, ReturnOut) and _uses(s.value, definition.name)]
        if len(users) != 1 or self._count(definition.name, body) != 1:
            return
        user = users[0]
        match user.value, value:
            case Helper("bind", (operand, Ref(name)), place), Helper("return_", (inner,)) if (
                name == definition.name
            ):
                user.value = Helper("map", (operand, Ref(name)), place)
                definition.body = [ReturnOut(inner, origin=definition.body[0].origin)]
                value = inner
        if self._short(value):
            self._replace(definition, _lambda(definition, value), body)

    def _short(self, value: Expr) -> bool:
        printer = Printer(self.source, self.alias)
        printer.expression(value, "")
        return len(printer.text) <= LONGEST_LAMBDA and "\n" not in printer.text

    def _count(self, name: str, body: Body) -> int:
        return sum(_uses(s.value, name) for s in walk(body) if isinstance(s, ReturnOut))

    def _replace(self, definition: Def, new: Expr, body: Body) -> None:
        """Put *new* for the name of *definition* wherever that is a value; drop it if no use is left."""
        for statement in walk(body):
            if isinstance(statement, ReturnOut):
                statement.value = _substitute(statement.value, definition.name, new)
        if not self._count(definition.name, body):
            body.remove(definition)


def _lambda(definition: Def, value: Expr) -> Lambda:
    """*definition*, which gives *value*, as a lambda."""
    parameters = tuple(definition.parameters)
    match definition.body:
        case [ReturnOut(place=Span() as place), *_]:
            return Lambda(parameters, value, place, waits=True)
        case [statement, *_]:
            return Lambda(parameters, value, statement.origin)
    return Lambda(parameters, value)


def _single_value(definition: Def) -> Expr | None:
    """What *definition* returns, if that is all it does and says."""
    if definition.nonlocals or definition.globals or definition.declarations or definition.comments:
        return None
    match definition.body:
        case [] | [Text(code=(), comments=())]:
            return ("None",)
        case [ReturnOut(value=value, comments=())]:
            return value
    return None


def _uses(value: Expr | None, name: str) -> int:
    match value:
        case Ref(name=found):
            return found == name
        case Helper(arguments=arguments):
            return sum(_uses(argument, name) for argument in arguments)
        case Apply(function=function, arguments=arguments):
            return (function == name) + sum(_uses(argument, name) for argument in arguments)
        case Lambda(value=inner):
            return _uses(inner, name)
    return 0


def _substitute(value: Expr | None, name: str, new: Expr) -> Expr | None:
    match value:
        case Ref(name=found) if found == name:
            return new
        case Helper(arguments=arguments):
            substituted = tuple(_must(_substitute(a, name, new)) for a in arguments)
            return dataclasses.replace(value, arguments=substituted)
        case Apply(function=function, arguments=arguments):
            if function == name and isinstance(new, Ref):
                function = new.name
            return Apply(function, tuple(_must(_substitute(a, name, new)) for a in arguments))
        case Lambda(value=inner):
            return dataclasses.replace(value, value=_must(_substitute(inner, name, new)))
    return value


def _must(value: Expr | None) -> Expr:
    assert value is not None
    return value
