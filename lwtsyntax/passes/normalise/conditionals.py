"""Conditional evaluation: ``and``, ``or``, ``… if … else …`` and chained comparisons as branches."""

from __future__ import annotations

import ast
from collections.abc import Callable

from lwtsyntax.ir.code import Code, code, join
from lwtsyntax.ir.direct import Give, If, Operand
from lwtsyntax.passes.normalise.expressions import Expressions

__all__ = ["Conditionals", "Deliver"]

Deliver = Callable[[Code | Operand], None]


class Conditionals(Expressions):
    """Evaluates what Python may skip only where Python would."""

    def choice(self, node: ast.expr) -> Code:
        """The value of a conditional expression that waits in one of its branches."""
        target = self.fresh_temporary("choice")
        self.choose(node, target)
        return (target,)

    def choose(self, node: ast.expr, target: str, *, truth: bool = False) -> None:
        """Bind *target* to the value (or to the truth) of the conditional expression *node*."""
        deliver = self.deliver_truth if truth else self.deliver
        with self.block() as block:
            deliver(node, lambda value: self.emit(Give(value, origin=self.span(node))))
        chosen = block[-1]
        assert isinstance(chosen, If)
        chosen.gives = target
        self.out.extend(block)

    def truth(self, node: ast.expr) -> Code:
        """Code for *node* where only its truth counts, which Python asks each operand once."""
        if not self.conditional(node):
            return self.value(node)
        target = self.fresh_temporary("choice")
        self.choose(node, target, truth=True)
        return (target,)

    def conditional(self, node: ast.expr) -> bool:
        """Whether *node* waits only when one of its operands says so."""
        match node:
            case ast.BoolOp(values=[_, *others]) | ast.Compare(comparators=[_, *others]):
                return self.waiting.any(others)
            case ast.IfExp(body=body, orelse=orelse):
                return self.waiting.any([body, orelse])
        return False

    def deliver(self, node: ast.expr, give: Deliver) -> None:
        """Evaluate *node* and hand its value to *give*, once on every path."""
        match node:
            case _ if self.is_wait(node):
                give(self.operand(node))
            case ast.IfExp() if self.conditional(node):
                test = self.truth(node.test)
                with self.block() as body:
                    self.deliver(node.body, give)
                with self.block() as orelse:
                    self.deliver(node.orelse, give)
                self.emit(If(test, body, orelse, origin=self.span(node)))
            case ast.BoolOp(values=[first, *others]) if self.conditional(node):
                self._short_circuit(node, self.hold(first), others, give)
            case ast.Compare(left=left, ops=ops, comparators=others) if self.conditional(node):
                self._chain(self.hold(left), ops, others, give)
            case _:
                give(self.value(node))

    def deliver_truth(self, node: ast.expr, give: Deliver) -> None:
        """Like :meth:`deliver`, where only the truth of the value counts."""
        match node:
            case ast.BoolOp(op=op, values=operands) if self.conditional(node):
                self._short_truth(op, operands, give)
            case ast.IfExp() if self.conditional(node):
                test = self.truth(node.test)
                with self.block() as body:
                    self.deliver_truth(node.body, give)
                with self.block() as orelse:
                    self.deliver_truth(node.orelse, give)
                self.emit(If(test, body, orelse, origin=self.span(node)))
            case ast.Compare(left=left, ops=ops, comparators=others) if self.conditional(node):
                self._chain(self.hold(left), ops, others, give, truth=True)
            case _:
                self.deliver(node, give)

    def _short_circuit(
        self, node: ast.BoolOp, first: Code, others: list[ast.expr], give: Deliver
    ) -> None:
        """``first and …``: if first: give … else: give first; ``or`` the other way round."""
        with self.block() as go_on:
            if len(others) == 1:
                self.deliver(others[0], give)
            elif self.waiting.any(others):
                self._short_circuit(node, self.hold(others[0]), others[1:], give)
            else:
                give(self._operators(node.op, others))
        with self.block() as stop:
            give(first)
        body, orelse = (go_on, stop) if isinstance(node.op, ast.And) else (stop, go_on)
        self.emit(If(first, body, orelse, origin=self.span(node)))

    def _short_truth(self, op: ast.boolop, operands: list[ast.expr], give: Deliver) -> None:
        """:meth:`_short_circuit` where only the truth counts, and so each operand is asked once."""
        first, *others = operands
        if not self.waiting.any(others):
            head = self.truth(first) if self.conditional(first) else self._atom(first)
            give(join(_WORDS[type(op)], [head, *map(self._atom, others)]))
            return
        test = self.truth(first)
        with self.block() as go_on:
            if len(others) == 1:
                self.deliver_truth(others[0], give)
            else:
                self._short_truth(op, others, give)
        with self.block() as stop:
            give(("False",) if isinstance(op, ast.And) else ("True",))
        body, orelse = (go_on, stop) if isinstance(op, ast.And) else (stop, go_on)
        self.emit(If(test, body, orelse, origin=self.span(first)))

    def _operators(self, op: ast.boolop, operands: list[ast.expr]) -> Code:
        """*operands*, which wait for nothing, with *op* between them."""
        return join(_WORDS[type(op)], [self._atom(operand) for operand in operands])

    def _atom(self, node: ast.expr) -> Code:
        """The value of *node*, in parentheses where an operator beside it could take it apart."""
        value = self.value(node)
        if len(value) == 1 and value[0] in self.temporaries:
            return value
        if isinstance(node, ast.BoolOp | ast.IfExp | ast.Lambda | ast.Compare | ast.UnaryOp):
            return code("(", value, ")")
        return value

    def _chain(
        self,
        left: Code,
        ops: list[ast.cmpop],
        others: list[ast.expr],
        give: Deliver,
        *,
        truth: bool = False,
    ) -> None:
        """``left op first op …``: holds = left op first; if holds: give first op … else: give holds"""
        first, *others = others
        comparison = f" {_symbol(ops[0])} "
        if not others:
            give(code(left, comparison, self._atom(first)))
            return
        middle = self.hold(first)
        holds = code(left, comparison, middle)
        if not truth:
            holds = self.temporary(holds, "condition value")
        with self.block() as go_on:
            self._chain(middle, ops[1:], others, give, truth=truth)
        with self.block() as stop:
            give(("False",) if truth else holds)
        self.emit(If(holds, go_on, stop, origin=self.span(first)))


_WORDS: dict[type[ast.boolop], str] = {ast.And: " and ", ast.Or: " or "}
_SYMBOLS = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}


def _symbol(op: ast.cmpop) -> str:
    return _SYMBOLS[type(op)]
