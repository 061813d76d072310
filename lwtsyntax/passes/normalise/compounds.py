"""Compound statements that wait: branches, loops, ``match``."""

from __future__ import annotations

import ast

from lwtsyntax.ir.code import Code, code, grouped
from lwtsyntax.ir.direct import (
    Block,
    Case,
    For,
    If,
    Match,
    Native,
    Next,
    Operand,
    Return,
    TryMatch,
    While,
    With,
)
from lwtsyntax.ir.tree import walk
from lwtsyntax.passes.normalise.expressions import stored_names
from lwtsyntax.passes.normalise.tries import Tries

__all__ = ["Compounds"]


_Arm = tuple[ast.match_case, int]  # a case, and where the text before it ends


class Compounds(Tries):
    """Each method brings one compound statement into normal form."""

    def conditional_statement(self, node: ast.If) -> None:
        test = self.truth(node.test)
        body = self.statements(node.body, self.after_header(node.test))
        orelse = self.statements(node.orelse, self.span(node.body[-1]).end) if node.orelse else []
        self.emit(If(test, body, orelse, origin=self.origin))

    def after_header(self, last: ast.expr | ast.pattern) -> int:
        """Where the block under a header begins whose last part is *last*."""
        return self.span(last).end

    # -- loops ----------------------------------------------------------------------------------

    def for_loop(self, node: ast.For) -> None:
        """``for target in xs``: the loop's helper gives one item; patterns are assigned in the body."""
        iterable = node.iter
        if isinstance(iterable, ast.Call) and self.markers.form(iterable) == "for_lwt":
            iterable = iterable.args[0]
        xs = self.value(iterable)
        start = self.after_header(node.iter)
        if isinstance(node.target, ast.Name):
            target = node.target.id
            body = self.statements(node.body, start, (target,))
        else:
            target = self.fresh_temporary("item")
            with self.block() as prelude:
                self.store(node.target, (target,))
            names = tuple(stored_names(node.target))
            body = prelude + self.statements(node.body, start, names)
        orelse = self.statements(node.orelse, self.span(node.body[-1]).end) if node.orelse else []
        self.emit(For(target, xs, body, orelse, origin=self.origin))

    def while_loop(self, node: ast.While) -> None:
        test = node.test
        waited = None
        is_form = isinstance(test, ast.Call) and self.markers.form(test) == "while_lwt"
        if is_form:
            assert isinstance(test, ast.Call)
            waited = self.span(test)
            test = test.args[0]
        promised = is_form and test in self.waiting and not _gives_bool(test)

        def give(value: Code | Operand) -> None:
            if promised and not isinstance(value, Operand) and value not in (("True",), ("False",)):
                value = Operand(value, implicit=True, place=waited)
            self.emit(Return(value, waited, origin=self.span(test)))

        leaving, self.leaving = self.leaving, False
        with self.block() as condition:
            self.deliver_truth(test, give)
        self.leaving = leaving
        body = self.statements(node.body, self.after_header(node.test))
        orelse = self.statements(node.orelse, self.span(node.body[-1]).end) if node.orelse else []
        self.emit(While(condition, body, orelse, origin=self.origin))

    # -- with -----------------------------------------------------------------------------------

    def with_statement(self, node: ast.With) -> None:
        first, *others = node.items
        waits = self.waiting.any([*node.body, first.optional_vars])
        if not waits and not others and not self._enters(first):
            value = self.value(first.context_expr)
            edits = [(self.span(first.context_expr), value), *self.holes(node)]
            self.native(self.text(self.source.whole(node), edits))
            self.claim(self.source.whole(node))
            return
        self._with_items(node, node.items)

    def _enters(self, item: ast.withitem) -> bool:
        return self.markers.form(item.context_expr) == "with_lwt"

    def _with_items(self, node: ast.With, items: list[ast.withitem]) -> None:
        item, *others = items
        manager = item.context_expr
        if self._enters(item):
            assert isinstance(manager, ast.Call)
            manager = manager.args[0]
        value = self.value(manager)
        prelude: Block = []
        target: str | None = None
        bound: tuple[str, ...] = ()
        if isinstance(item.optional_vars, ast.Name):
            target = item.optional_vars.id
            bound = (target,)
        elif item.optional_vars is not None:
            target = self.fresh_temporary("item")
            with self.block() as prelude:
                self.store(item.optional_vars, (target,))
        if others:
            with self.block() as body:
                self.bound.update(bound)
                self._with_items(node, others)
        else:
            last = item.optional_vars or item.context_expr
            body = self.statements(node.body, self.after_header(last), bound)
        self.emit(With(value, target, [*prelude, *body], self._enters(item), origin=self.origin))

    # -- match ----------------------------------------------------------------------------------

    def match_statement(self, node: ast.Match) -> None:
        if any(case.pattern in self.markers.exception_arms for case in node.cases):
            self._try_match(node)
            return
        arms = [
            part for case in node.cases for part in (case.guard, *case.body) if part is not None
        ]
        if isinstance(node.subject, ast.Call) and self.markers.form(node.subject) == "match_lwt":
            subject: Code = (self.fresh_temporary("value of a wait"),)
            operand = self.operand(node.subject)
            self.wait_for(operand, str(subject[0]), self.origin)
        elif self.waiting.any(case.guard for case in node.cases):
            subject = self.hold(node.subject, "subject", self._assigned_by_cases(node))
        else:
            subject = self.value(node.subject)
        if not self.waiting.any(arms):
            edits = [(self.span(node.subject), subject), *self.holes(node)]
            self.native(self.text(self.source.whole(node), edits))
            return
        self.emit(self._cases(subject, self._arms(node)))

    def _assigned_by_cases(self, node: ast.Match) -> set[str]:
        """The names that *node* may assign before a case is chosen."""
        guards = [self.assigned_in(case.guard) for case in node.cases if case.guard is not None]
        return set().union(*(_captures(case.pattern) for case in node.cases), *guards)

    def _arms(self, node: ast.Match) -> list[_Arm]:
        ends = [self.span(node.subject).end, *(self.span(case.body[-1]).end for case in node.cases)]
        return list(zip(node.cases, ends, strict=False))

    def _cases(self, subject: Code, arms: list[_Arm], last: Block | None = None) -> Match:
        """A match over *arms* up to the first guard that waits; the others follow in ``otherwise``."""
        found: list[Case] = []
        for index, (case, start) in enumerate(arms):
            span = self.span(case.pattern)
            pattern = grouped(self.text(span), self.source)
            header: ast.expr | ast.pattern = case.guard or case.pattern
            comments = self.gap_comments(start, span.start)
            bound = tuple(_captures(case.pattern))
            if case.guard is None or case.guard not in self.waiting:
                guard = None if case.guard is None else self.plain(case.guard)
                body = self.statements(case.body, self.after_header(header), bound)
                takes_all = guard is None and _irrefutable(case.pattern)
                if takes_all and index < len(arms) - 1:  # Python wants such a case to be the last
                    guard, takes_all = code("True"), False
                found.append(Case(pattern, guard, body, comments, takes_all))
                continue
            with self.block() as guarded:
                test = self.truth(case.guard)
                body = self.statements(case.body, self.after_header(header), bound)
                self.emit(If(test, body, [Next(origin=self.origin)], origin=self.span(case.guard)))
            irrefutable = _irrefutable(case.pattern)
            found.append(Case(pattern, None, guarded, comments, irrefutable))
            others = arms[index + 1 :]
            otherwise: Block = list(last or [])
            if others:
                otherwise = [self._cases(subject, others, last)]
                otherwise[0].origin = self.span(others[0][0].pattern)
            return Match(subject, found, otherwise, origin=self.origin)
        if last and not (found and found[-1].irrefutable):
            found.append(Case(("_",), None, last, irrefutable=True))
        return Match(subject, found, origin=self.origin)

    def _try_match(self, node: ast.Match) -> None:
        """``match_lwt`` with exception arms: one match over the value, one over the rejection."""
        assert isinstance(node.subject, ast.Call)
        with self.block() as operand:
            awaited = self.operand(node.subject)
            self.emit(Return(awaited, origin=self.span(node.subject)))
        arms = self._arms(node)
        values = [arm for arm in arms if arm[0].pattern not in self.markers.exception_arms]
        errors = [(_exception_case(arm[0]), arm[1]) for arm in arms if arm not in values]
        subject = self.fresh_temporary("value of a wait")
        error = self.fresh_temporary("guard's exception")
        reraise: Block = [Native(code("raise"), ends=True, origin=self.origin)]
        value: Block = [self._cases((subject,), values)] if values else []
        handler: Block = [self._cases((error,), errors, reraise)]
        self.emit(TryMatch(operand, subject, value, error, handler, origin=self.origin))


def _gives_bool(test: ast.expr) -> bool:
    """Whether *test*, the condition of a ``while_lwt``, is surely no promise."""
    return isinstance(test, ast.Compare) or (
        isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    )


def _exception_case(case: ast.match_case) -> ast.match_case:
    assert isinstance(case.pattern, ast.MatchClass)
    return ast.match_case(case.pattern.patterns[0], case.guard, case.body)


def _captures(pattern: ast.pattern) -> set[str]:
    names = {
        node.name
        for node in walk(pattern)
        if isinstance(node, ast.MatchAs | ast.MatchStar)
        if node.name
    }
    rests = {node.rest for node in walk(pattern) if isinstance(node, ast.MatchMapping) if node.rest}
    return names | rests


def _irrefutable(pattern: ast.pattern) -> bool:
    if isinstance(pattern, ast.MatchOr):
        return _irrefutable(pattern.patterns[-1])
    return isinstance(pattern, ast.MatchAs) and (
        pattern.pattern is None or _irrefutable(pattern.pattern)
    )
