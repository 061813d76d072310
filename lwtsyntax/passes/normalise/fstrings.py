"""F-strings that wait: rebuilt from the tree, since Python 3.11 does not say where their parts stand."""

from __future__ import annotations

import ast

from lwtsyntax.ir.code import Code
from lwtsyntax.passes.normalise.conditionals import Conditionals
from lwtsyntax.passes.normalise.expressions import written

__all__ = ["FStrings"]


class FStrings(Conditionals):
    """Formats what stands before a wait before it."""

    def joined(self, node: ast.JoinedStr) -> Code:
        """An f-string: what stands before a wait is formatted before it."""
        last = max(i for i, part in enumerate(node.values) if part in self.waiting)
        outer, self.quoting = self.quoting, True
        parts: list[ast.expr] = []
        for index, part in enumerate(node.values):
            if index > last or isinstance(part, ast.Constant):
                parts.append(part)
                continue
            if part in self.waiting:
                assert isinstance(part, ast.FormattedValue)
                part = self._formatted(part)
            if index < last:
                text = written(self.temporary((ast.unparse(ast.JoinedStr([part])),), "text so far"))
                part = ast.FormattedValue(ast.Name(text, ast.Load()), -1)
            parts.append(part)
        self.quoting = outer
        return (ast.unparse(ast.JoinedStr(parts)),)

    def _formatted(self, part: ast.FormattedValue) -> ast.FormattedValue:
        specification = part.format_spec
        if specification is not None and specification in self.waiting:
            value = self.hold(part.value, assigned=self.assigned_in(specification))
            specification = ast.parse(written(self.value(specification)), mode="eval").body
        else:
            value = self.value(part.value)
        return ast.FormattedValue(
            ast.parse(written(value), mode="eval").body, part.conversion, specification
        )
