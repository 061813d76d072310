"""Lower a thread function: waits become bind chains.

Input: a :class:`~lwtsyntax.ir.direct.Function` in normal form.  Output: the output tree of a function
that returns a promise::

    x = wait get(a)          ->      def with_x(x):
    return x + 1                         return x + 1
                                     return Lwt.map(get(a), with_x)

One lowering per construct does the work (``lowerings/``); this drives them over blocks.
"""

from __future__ import annotations

from lwtsyntax.ir.direct import Block, Function, Stmt
from lwtsyntax.ir.flow import completes, waits
from lwtsyntax.ir.output import Body, Def, Guard, ReturnOut, Root, Text
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.lowerings import LOWERINGS
from lwtsyntax.lowerings._helpers import finish
from lwtsyntax.lowerings._place import END, After, Fall, Jump, Mode, Place, Rest
from lwtsyntax.lowerings.long_run import (
    LONGEST_RUN,
    MAXIMAL_DEPTH,
    leads_to_next,
    lower_deep_block,
    lower_long_run,
)
from lwtsyntax.lowerings.lwt_stream import produced
from lwtsyntax.names import Fresh

__all__ = ["lower"]


def lower(function: Function, source: Source, alias: str) -> Root:
    """*function* as bind chains; *alias* is the runtime's name in the output."""
    return _Lowerer(source, function.fresh, alias).function(function)


class _Lowerer:
    def __init__(self, source: Source, fresh: Fresh, alias: str) -> None:
        self.source = source
        self.fresh = fresh
        self.alias = alias
        self.lifted: list[Body] = []

    def lift(self, definition: Def) -> None:
        self.lifted[-1].append(definition)

    def function(self, function: Function) -> Root:
        """The header, the guard, and the body in it."""
        outer, self.fresh = self.fresh, function.fresh
        error = self.fresh.of("guard's exception")
        mode: Mode = "plain" if function.plain else "promise"
        body = self.enclosed(function.body, END, Place(value=True, mode=mode))
        if not function.plain:
            guarded: Body = [Guard(body, error, function.any_error, origin=function.origin)]
            body = guarded
        if function.emit is not None:
            body = produced(function, body, self.fresh)
        self.fresh = outer
        return Root(
            name=function.node.name,
            parameters=[],
            body=body,
            origin=function.origin,
            comments=function.comments,
            header=function.header,
            docstring=function.docstring,
            function=function,
        )

    def enclosed(self, statements: Block, after: After, place: Place) -> Body:
        """:meth:`block`, with what is lifted out of it at its top."""
        self.lifted.append([])
        body = self.block(statements, after, place)
        return [*self.lifted.pop(), *body]

    def block(self, statements: Block, after: After, place: Place) -> Body:
        """*statements*, then *after*, as the body of the function at *place*."""
        if place.depth > MAXIMAL_DEPTH and waits(statements) and not leads_to_next(statements):
            return lower_deep_block(statements, after, place, self)
        waiting = [waits([statement]) for statement in statements]
        if sum(waiting) > LONGEST_RUN:
            return lower_long_run(statements, after, place, self)
        after_waits = any(
            isinstance(jump, Jump) and jump.waits for jump in (after, place.give, place.next)
        )
        last_wait = max((i for i, waiting_there in enumerate(waiting) if waiting_there), default=-1)
        body: Body = []
        for index, statement in enumerate(statements):
            following = statements[index + 1 :]
            rest = Rest(following, after, after_waits or index < last_wait)
            lowered = LOWERINGS[type(statement)](statement, rest, place, self)
            if lowered.body:
                _attach(lowered.body, statement, blank=statement.blank and bool(body))
            body += lowered.body
            if not completes([statement]):
                return body + _comments_of(following)
            if lowered.done:
                return body
        last = statements[-1] if statements else None
        return body + (finish(after, place, last, self) if not isinstance(after, Fall) else [])


def _comments_of(dead: Block) -> Body:
    """The comments of statements that are never reached, and so are left out."""
    comments = [text for statement in dead for text in (*statement.comments, *statement.trailing)]
    if not comments:
        return []
    start = dead[0].origin.start
    return [Text((), origin=Span(start, start), comments=tuple(comments))]


def _attach(lowered: Body, statement: Stmt, blank: bool) -> None:
    """Give the comments of *statement* to what it became: those at its end to what it ends in."""
    first, last = lowered[0], lowered[-1]
    first.comments = (*statement.comments, *first.comments)
    first.blank = first.blank or blank
    if statement.trailing:
        waits_there = isinstance(last, ReturnOut)
        at_end = last if waits_there else first
        at_end.comments = (*at_end.comments, *statement.trailing)
