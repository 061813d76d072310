"""Simple statements: assignments in all their forms, ``return``, ``assert``, ``del``, ``raise``."""

from __future__ import annotations

import ast
import dataclasses

from lwtsyntax.ir.code import Code, Declared, code, grouped, standing
from lwtsyntax.ir.direct import If, Native, Operand, Return
from lwtsyntax.passes.normalise.expressions import operands
from lwtsyntax.passes.normalise.fstrings import FStrings

__all__ = ["SimpleStatements"]


class SimpleStatements(FStrings):
    """Each method brings one kind of simple statement that waits into normal form."""

    def expression(self, node: ast.Expr) -> None:
        """``e``: its value is dropped."""
        if node in self.waiting.implicit:
            assert isinstance(node.value, ast.Call)
            operand = self.awaited(node.value, implicit=True)
            self.drop(dataclasses.replace(operand, place=self.span(node.value)))
        else:
            self.deliver(node.value, self.drop)

    def drop(self, value: Code | Operand) -> None:
        if isinstance(value, Operand):
            self.wait_for(value, None, self.origin)
        elif not (len(value) == 1 and value[0] in self.temporaries):
            self.native(value)

    def returning(self, node: ast.Return) -> None:
        assert node.value is not None
        self.deliver(node.value, lambda value: self.emit(Return(value, origin=self.origin)))

    def assignment(self, node: ast.Assign) -> None:
        """``targets = value``: the value first, then the targets from left to right."""
        match node.targets:
            case [ast.Name(id=name)] if self.bind(name, node.value):
                return
        value = self.value(node.value)
        if not self.waiting.any(node.targets):
            text = self.text(self.span(node), [(self.span(node.value), value)])
            assigns = None
            if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                assigns = (node.targets[0].id, value)
            self.emit(Native(text, assigns=assigns, origin=self.origin))
            return
        if not (len(value) == 1 and value[0] in self.temporaries):
            value = self.temporary(value, "value of a wait")
        for target in node.targets:
            self.store(target, value)

    def bind(self, name: str, node: ast.expr) -> bool:
        """``name = node`` where the wait, or the branches of *node*, can bind *name* themselves."""
        if self.is_wait(node):
            self.wait_for(self.operand(node), name, self.origin)
        elif self.conditional(node):
            self.choose(node, name)
        else:
            return False
        return True

    def store(self, target: ast.expr, value: Code) -> None:
        """``target = value``, *target* being any target, the places in it evaluated in order."""
        if target not in self.waiting:
            self.native(self.text(self.span(target)), " = ", value)
            return
        if isinstance(target, ast.Tuple | ast.List):
            self._unpack(target.elts, value)
            return
        place = self.rebuild(target, self.ordered(self.children(target)))
        self.native(place, " = ", value)

    def _unpack(self, targets: list[ast.expr], value: Code) -> None:
        names = [self.fresh_temporary("part") for _ in targets]
        stars = ["*" if isinstance(target, ast.Starred) else "" for target in targets]
        pattern = ", ".join(star + name for star, name in zip(stars, names, strict=True))
        self.native("[", pattern, "] = ", value)
        for target, name in zip(targets, names, strict=True):
            self.store(target.value if isinstance(target, ast.Starred) else target, (name,))

    def annotated(self, node: ast.AnnAssign) -> None:
        """``x: T = e``: annotations of locals are not evaluated, so they may move to a declaration."""
        assert node.value is not None
        if isinstance(node.target, ast.Name) and node.simple:
            name = node.target.id
            self.annotations.setdefault(name, self.annotation(node))
            if not self.bind(name, node.value):
                value = self.value(node.value)
                self.native(self.declared(node, name, value))
            return
        value = self.value(node.value)
        self.store_into(node, node.target, value, node.value)

    def annotation(self, node: ast.AnnAssign) -> Code:
        """What *node* says of its target, as it may stand on a line of its own."""
        return grouped(self.text(self.span(node.annotation)), self.source)

    def declared(self, node: ast.AnnAssign, name: str, value: Code) -> Declared:
        """The two ways to write an annotated assignment to a name."""
        value = grouped(value, self.source)
        target = self.span(node.target)
        annotated = standing(code(name, ": ", self.annotation(node), " = ", value), target)
        return Declared(name, annotated, standing(code(name, " = ", value), target))

    def store_into(self, node: ast.AnnAssign, target: ast.expr, value: Code, old: ast.expr) -> None:
        if target in self.waiting:
            self.store(target, self.temporary(value, "value of a wait"))
        else:
            self.native(self.text(self.span(node), [(self.span(old), value)]))

    def augmented(self, node: ast.AugAssign) -> None:
        """``x += e``: x is read before e is waited for, and its place is evaluated once."""
        target = node.target
        if node.value not in self.waiting:
            place = self.rebuild(target, self.ordered(self.children(target)))
            self.native(self.text(self.span(node), [(self.span(target), place)]))
            return
        if isinstance(target, ast.Name):
            if self.stable(target.id, self.assigned_in(node.value)):
                value = self.value(node.value)
                self.native(self.text(self.span(node), [(self.span(node.value), value)]))
                return
            place = (target.id,)
            name = target.id
        else:
            place = self._held_place(target, self.assigned_in(node.value))
            name = target.attr if isinstance(target, ast.Attribute) else "item"
        before = self.temporary(place, "operand before a wait", name)
        edits = [(self.span(target), before), (self.span(node.value), self.value(node.value))]
        self.native(self.text(self.span(node), edits))
        self.native(place, " = ", before)

    def _held_place(self, target: ast.Attribute | ast.Subscript, assigned: set[str]) -> Code:
        """The place that *target* is, where *assigned* may change before it is stored into."""
        if isinstance(target, ast.Subscript):
            assigned = assigned | self.assigned_in(target.slice)
        replaced = [(target.value, self.hold(target.value, "receiver", assigned))]
        if isinstance(target, ast.Subscript):
            replaced.append((target.slice, self.hold(target.slice, "key", assigned)))
        return self.rebuild(target, replaced)

    def deletion(self, node: ast.Delete) -> None:
        for target in node.targets:
            if target not in self.waiting:
                self.native("del ", self.text(self.span(target)))
            elif isinstance(target, ast.Tuple | ast.List):
                self.deletion(ast.Delete(target.elts))
            else:
                self.native("del ", self.rebuild(target, self.ordered(self.children(target))))

    def assertion(self, node: ast.Assert) -> None:
        """``assert test, message`` waits under ``if __debug__:`` only.

        It stays an ``assert``, which test frameworks explain, unless the message waits: then it is
        ``if not test: raise AssertionError(message)``.
        """
        with self.block() as checked:
            test = code("(", self.truth(node.test), ")")
            if node.msg is None:
                self.native("assert ", test)
            elif node.msg not in self.waiting:
                self.native("assert ", test, ", (", self.text(self.span(node.msg)), ")")
            else:
                with self.block() as failed:
                    raised = self.builtin("AssertionError")
                    self.native("raise ", raised, "(", self.value(node.msg), ")", ends=True)
                self.emit(If(code("not ", test), failed, origin=self.origin))
        self.emit(If(("__debug__",), checked, origin=self.origin))

    def raising(self, node: ast.Raise) -> None:
        parts = [part for part in (node.exc, node.cause) if part is not None]
        replaced = self.ordered(operands(parts))
        edits = [(self.span(part), new) for part, new in replaced]
        self.emit(Native(self.text(self.span(node), edits), ends=True, origin=self.origin))
