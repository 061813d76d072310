"""Conditional evaluation: ``and``, ``or``, ``… if … else …`` and chained comparisons as branches."""

from __future__ import annotations

import ast
from collections.abc import Callable
from itertools import pairwise

from lwtsyntax.ir.code import Code, code, join
from lwtsyntax.ir.direct import Collect, Give, If, Operand, Return
from lwtsyntax.passes.normalise.displays import Displays

__all__ = ["Conditionals", "Deliver"]

LONGEST_CHAIN = 10  # waits in a chain, each in the branch of the one before
Deliver = Callable[[Code | Operand], None]


class Conditionals(Displays):
    """Evaluates what Python may skip only where Python would."""

    def choice(self, node: ast.expr) -> Code:
        """The value of a conditional expression that waits in one of its branches."""
        target = self.fresh_temporary("choice")
        self.choose(node, target)
        return (target,)

    def choose(self, node: ast.expr, target: str, *, truth: bool = False) -> None:
        """Bind *target* to the value (or to the truth) of the conditional expression *node*."""
        deliver = self.deliver_truth if truth else self.deliver
        if self._long(node):
            self.wait_for(self._stepwise(node, truth=truth), target, self.span(node))
            return
        with self.block() as block:
            deliver(node, lambda value: self.emit(Give(value, origin=self.span(node))))
        chosen = block[-1]
        assert isinstance(chosen, If)
        chosen.gives = target
        self.out.extend(block)

    def truth(self, node: ast.expr) -> Code:
        """Code for *node* where only its truth counts, which Python asks each operand once."""
        match node:
            case _ if self.conditional(node):
                target = self.fresh_temporary("choice")
                self.choose(node, target, truth=True)
                return (target,)
            case ast.UnaryOp(operand=operand) if self._begins_with_choice(node):
                return code("not ", self.truth(operand))
            case ast.BoolOp(op=op, values=[first, *others]) if self._begins_with_choice(node):
                operands = [self.truth(first), *map(self._atom, others)]
                return code("(", join(_WORDS[type(op)], operands), ")")
        return self.value(node)

    def _begins_with_choice(self, node: ast.expr) -> bool:
        """Whether the truth of *node* begins with that of a conditional expression that waits."""
        match node:
            case ast.UnaryOp(op=ast.Not(), operand=first) | ast.BoolOp(values=[first, *_]):
                return self.conditional(first) or self._begins_with_choice(first)
        return False

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
            case _ if self._long(node):
                give(self._stepwise(node))
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
                self._chain(self._compared(left, others[0]), ops, others, give)
            case _:
                give(self.value(node))

    def deliver_truth(self, node: ast.expr, give: Deliver) -> None:
        """Like :meth:`deliver`, where only the truth of the value counts."""
        match node:
            case _ if self._long(node):
                give(self._stepwise(node, truth=True))
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
                self._chain(self._compared(left, others[0]), ops, others, give, truth=True)
            case _ if self._begins_with_choice(node):
                give(self.truth(node))
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
            chosen = self.conditional(first) or self._begins_with_choice(first)
            head = self.truth(first) if chosen else self._atom(first)
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
        middle = self._compared(first, others[0])
        holds = code(left, comparison, middle)
        if not truth:
            holds = self.temporary(holds, "condition value")
        with self.block() as go_on:
            self._chain(middle, ops[1:], others, give, truth=truth)
        with self.block() as stop:
            give(("False",) if truth else holds)
        self.emit(If(holds, go_on, stop, origin=self.span(first)))

    def _compared(self, operand: ast.expr, following: ast.expr) -> Code:
        """*operand*, held for its comparison with what is evaluated after it, and may assign it."""
        return self.hold(operand, assigned=self.assigned_in(following))

    # -- long chains ----------------------------------------------------------------------------

    def _long(self, node: ast.expr) -> bool:
        """Whether *node* is a chain of so many waits that each in the branch of the last is too deep."""
        match node:
            case ast.BoolOp(values=operands) | ast.Compare(comparators=operands):
                return sum(operand in self.waiting for operand in operands) > LONGEST_CHAIN
        return False

    def _stepwise(self, node: ast.expr, *, truth: bool = False) -> Operand:
        """A long chain as a function of its own, that returns where the chain stops."""
        name = self.fresh_temporary("chain of operands")
        with self.block() as body:
            match node:
                case ast.BoolOp():
                    self._operand_steps(node, truth)
                case ast.Compare():
                    self._comparison_steps(node)
        self.emit(Collect(name, None, body, origin=self.origin))
        return Operand(code(name, "()"), promise=True, hint=name)

    def _operand_steps(self, node: ast.BoolOp, truth: bool) -> None:
        stopped: Code = ("False" if isinstance(node.op, ast.And) else "True",)
        for operand in node.values[:-1]:
            held = self.truth(operand) if truth else self.hold(operand)
            test = _negated(operand, held) if isinstance(node.op, ast.And) else held
            self._stop(test, stopped if truth else held, operand)
        deliver = self.deliver_truth if truth else self.deliver
        last = node.values[-1]
        deliver(last, lambda value: self.emit(Return(value, origin=self.span(last))))

    def _comparison_steps(self, node: ast.Compare) -> None:
        left = self._compared(node.left, node.comparators[0])
        pairs = pairwise(node.comparators)
        for op, (operand, following) in zip(node.ops[:-1], pairs, strict=True):
            middle = self._compared(operand, following)
            compared = code(left, f" {_symbol(op)} ", middle)
            holds = self.temporary(compared, "condition value")
            self._stop(code("not ", holds), holds, operand)
            left = middle
        last = self._atom(node.comparators[-1])
        compared = code(left, f" {_symbol(node.ops[-1])} ", last)
        self.emit(Return(compared, origin=self.span(node.comparators[-1])))

    def _stop(self, test: Code, value: Code, node: ast.expr) -> None:
        """``if test: return value``"""
        with self.block() as stop:
            self.emit(Return(value, origin=self.span(node)))
        self.emit(If(test, stop, origin=self.span(node)))


def _negated(node: ast.expr, value: Code) -> Code:
    """``not value``, where *value* is the code of *node*."""
    if isinstance(node, ast.BoolOp | ast.IfExp | ast.Lambda):
        return code("not (", value, ")")
    return code("not ", value)


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
