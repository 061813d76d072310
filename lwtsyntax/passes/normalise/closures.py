"""Expressions with scopes of their own: comprehensions and lambdas that wait, heads of definitions."""

from __future__ import annotations

import ast

from lwtsyntax.ir.code import Code, Nested, code, standing
from lwtsyntax.ir.direct import Collect, For, If, Native, Operand, Return
from lwtsyntax.ir.source import Span
from lwtsyntax.passes.normalise.expressions import Comprehension, operands, stored_names
from lwtsyntax.passes.normalise.natives import Natives

__all__ = ["Closures"]

_EMPTY = {ast.ListComp: "[]", ast.DictComp: "{}"}


class Closures(Natives):
    """What opens a scope in the middle of an expression or a statement."""

    def collected(self, node: Comprehension) -> Operand:
        """A comprehension as loops in a function of its own, called with the first iterable."""
        first = node.generators[0]
        iterable = self.enclosed(first.iter, self.value(self._iterable(first.iter)))
        name = self.fresh_temporary("collection")
        parameter = self.fresh_temporary("items")
        result = self.fresh_temporary("collected")
        outer, self.scope = self.scope, self.markers.scopes[node]
        with self.block() as body:
            empty = _EMPTY.get(type(node)) or f"{self.builtin('set')}()"
            self.assign(result, (empty,))
            self._generators(node, list(node.generators), (parameter,), result)
            self.emit(Return((result,), origin=self.origin))
        owned = frozenset({*self.scope.binders, parameter, result})
        self.scope = outer
        self.emit(Collect(name, parameter, body, owned, origin=self.origin))
        call = standing(code(name, "(", iterable, ")"), self.span(node))
        return Operand(call, promise=True, hint="collect")

    def _iterable(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Call) and self.markers.form(node) == "for_lwt":
            return node.args[0]
        return node

    def _generators(
        self, node: Comprehension, generators: list[ast.comprehension], iterable: Code, result: str
    ) -> None:
        """``for … in … if …``, and the generators and the element inside it."""
        generator, *others = generators
        with self.block() as body:
            target = self._target(generator.target)
            self._conditions(node, list(generator.ifs), others, result)
        self.emit(For(target, iterable, body, [], origin=self.origin))

    def _target(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            self.bound.add(node.id)
            return node.id
        item = self.fresh_temporary("item")
        self.store(node, (item,))
        self.bound |= stored_names(node)
        return item

    def _conditions(
        self,
        node: Comprehension,
        tests: list[ast.expr],
        others: list[ast.comprehension],
        result: str,
    ) -> None:
        if tests:
            test = self.truth(tests[0])
            with self.block() as body:
                self._conditions(node, tests[1:], others, result)
            self.emit(If(test, body, origin=self.origin))
        elif others:
            iterable = self.value(self._iterable(others[0].iter))
            self._generators(node, others, self.enclosed(others[0].iter, iterable), result)
        else:
            self._element(node, result)

    def _element(self, node: Comprehension, result: str) -> None:
        match node:
            case ast.ListComp(elt=element):
                self.native(result, ".append(", self.value(element), ")")
            case ast.SetComp(elt=element):
                self.native(result, ".add(", self.value(element), ")")
            case ast.DictComp(key=key, value=element):
                held = self.hold(key, "key", self.assigned_in(element))
                value = self.value(element)
                self.native(result, "[", held, "] = ", value)

    # -- lambdas --------------------------------------------------------------------------------

    def anonymous(self, node: ast.Lambda) -> Code:
        """A lambda that waits, as a thread function defined just before."""
        function = self.markers.functions[node]
        name = self.fresh_temporary("anonymous function")
        replaced = self.ordered(self.children(node))
        edits = [(self.span(child), new) for child, new in replaced]
        start = self.span(node).start + len("lambda")
        colon = self.source.text.rindex(":", start, self.span(node.body).start)
        arguments = self.text(Span(start, colon), edits)
        function.header = code("def ", name, "(", arguments, "):")
        self.native((Nested(self.nested(function)),))
        return (name,)

    # -- heads ----------------------------------------------------------------------------------

    def definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        """A definition whose decorators, defaults or bases wait."""
        function = self.markers.functions.get(node)
        parts = [d for d in node.decorator_list if function is None or d is not function.decorator]
        if isinstance(node, ast.ClassDef):
            head = [*operands(parts), *self.arguments(node.bases, node.keywords)]
        else:
            defaults = [*node.args.defaults, *node.args.kw_defaults]
            head = operands([*parts, *(default for default in defaults if default)])
        edits = [(self.span(child), new) for child, new in self.ordered(head)]
        if function is not None:
            function.head_edits = edits
            self.native((Nested(self.nested(function)),))
            return
        whole = self.source.whole(node)
        self.claim(whole)
        self.emit(Native(self.text(whole, [*edits, *self.holes(node)]), origin=self.origin))

    def claim(self, span: Span) -> None:
        """Let no other statement carry the comments in *span*."""
        raise NotImplementedError
