"""Waits, and the calls that start threads, in expressions."""

from __future__ import annotations

import ast
import sys

from lwtsyntax.ir.fstrings import locate_parts, quotes_around
from lwtsyntax.ir.tree import children, walk
from lwtsyntax.passes.to_async.context import Context

__all__ = ["Expressions"]

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_PRIMARIES = (
    *(ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.Constant, ast.JoinedStr, ast.List),
    *(ast.Tuple, ast.Set, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


class Expressions(Context):
    """``lwt(e)`` is ``await e``; a thread that is not waited for on the spot is started."""

    def visit_Call(self, node: ast.Call) -> None:
        self.tight.add(node.func)
        if self.markers.form(node) == "lwt":
            self._wait(node)
        elif self._starts(node):
            self.edits.insert(self.span(node).start, f"{self.helper('start')}(")
            self.visit_all(children(node))
            self.edits.insert(self.span(node).end, ")")
        else:
            if node.args and self.threads.runs(node, self.scope):
                self.directly(node.args[0])
            self.visit_all(children(node))

    def _starts(self, node: ast.Call) -> bool:
        return node not in self.direct and self.threads.starts(node, self.scope)

    def directly(self, node: ast.expr) -> None:
        """Note that the value of *node* is waited for on the spot."""
        match node:
            case ast.IfExp(body=body, orelse=orelse):
                self.directly(body)
                self.directly(orelse)
            case ast.BoolOp(values=[*_, last]):
                self.directly(last)
            case _:
                self.direct.add(node)

    def _wait(self, node: ast.Call) -> None:
        """``lwt(e)``, ``lwt(a, b)``"""
        before, after = "await ", ""
        if node in self.tight and not self._is_parenthesised(node):
            before, after = "(await ", ")"
        if len(node.args) > 1 or isinstance(node.args[0], ast.Starred):
            self._together(node)
            before += self.helper("both")
            self.edits.rename(node, before)
            self.visit_all(node.args)
            self.edits.insert(self.span(node).end, after)
            return
        (operand,) = node.args
        self.directly(operand)
        self.unwrap(node, before, after, fits=self.is_primary(operand))

    def unwrap(self, node: ast.Call, before: str, after: str = "", *, fits: bool) -> None:
        """``marker(e)`` becomes ``before e after``, and e what it becomes."""
        open_edit, close_edit = self.edits.unwrapped(node, before, after, fits=fits)
        self.edits.replace(*open_edit)
        self.visit(node.args[0])
        for edit in close_edit:
            self.edits.replace(*edit)

    def _together(self, node: ast.Call) -> None:
        """The helper starts its arguments in order: one that is followed by effects starts itself."""
        quiet = True
        for argument in reversed(node.args):
            if quiet and isinstance(argument, ast.Call):
                self.direct.add(argument)
            quiet = quiet and self._is_quiet_call(argument)

    def _is_quiet_call(self, node: ast.expr) -> bool:
        """Whether evaluating *node* only makes a coroutine, out of what cannot change."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            return False
        parts = [*node.args, *(keyword.value for keyword in node.keywords)]
        return self.threads.surely_starts(node, self.scope) and all(
            isinstance(part, ast.Constant)
            or (isinstance(part, ast.Name) and self.is_constant(part.id))
            for part in parts
        )

    def is_constant(self, name: str) -> bool:
        """Whether *name* is a local that no other function assigns."""
        return self.scope.resolve(name) is self.scope and name not in self.threads.rebound

    def is_primary(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Call) and self.markers.form(node) is not None:
            return False
        return isinstance(node, _PRIMARIES)

    def _is_parenthesised(self, node: ast.expr) -> bool:
        """Whether *node*, which something follows that binds tighter, stands in parentheses."""
        return self.text[self.span(node).end :].lstrip().startswith(")")

    def visit_Attribute(self, node: ast.Attribute | ast.Subscript) -> None:
        self.tight.add(node.value)
        self.visit_all(children(node))

    visit_Subscript = visit_Attribute

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        if not any(map(self._changes, walk(node))):
            return
        locate_parts(node, self.source)
        self._parts(node, node)

    def _changes(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Call | ast.Lambda)

    def _parts(self, node: ast.JoinedStr, whole: ast.JoinedStr) -> None:
        """The expressions in an f-string; ``{e = }`` goes on showing the text it showed."""
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)
                self._keep_shown_text(part, whole)
                if isinstance(part.format_spec, ast.JoinedStr):
                    self._parts(part.format_spec, whole)

    def _keep_shown_text(self, part: ast.FormattedValue, whole: ast.JoinedStr) -> None:
        span = self.span(part.value)
        equals = span.end
        while self.text[equals] in " \t\r\n)":
            equals += 1
        if self.text[equals] != "=" or not any(map(self._changes, walk(part.value))):
            return
        end = equals + 1
        while self.text[end] in " \t\r\n":
            end += 1
        brace = self.text.rindex("{", 0, span.start)
        self.edits.insert(brace, self._shown(self.text[brace + 1 : end], brace, whole))
        self.edits.replace(equals, end, "!r" if self.text[end] == "}" else "")

    def _shown(self, text: str, offset: int, whole: ast.JoinedStr) -> str:
        """*text* as part of an f-string: a field of its own if the quotes around it do not take it."""
        if sys.version_info >= (3, 12):
            quotes = quotes_around(whole, self.source, offset)
            if quotes in text or "\\" in text or (len(quotes) == 1 and "\n" in text):
                return f"{{{text!r}}}"
        return text.replace("{", "{{").replace("}", "}}")

    # -- comprehensions -------------------------------------------------------------------------

    def visit_ListComp(self, node: _Comprehension) -> None:
        first = node.generators[0]
        with self.elsewhere(None):
            self._iterable(first)  # evaluated outside
        with self.inside(node), self.elsewhere(None):
            for generator in node.generators:
                self.visit(generator.target)
                if generator is not first:
                    self._iterable(generator)
                self.visit_all(generator.ifs)
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            self.visit_all(parts)

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def _iterable(self, node: ast.comprehension) -> None:
        call = node.iter
        if not isinstance(call, ast.Call) or self.markers.form(call) != "for_lwt":
            self.visit(call)
            return
        target = self.span(node.target).start
        self.loop(call, self.text.rindex("for", 0, target), simple=True)

    def loop(self, call: ast.Call, keyword: int, *, simple: bool = False) -> None:
        """``for … in for_lwt(xs)``, whose ``for`` stands at *keyword*."""
        (operand,) = call.args
        low = (ast.NamedExpr, ast.Yield, *((ast.IfExp, ast.Lambda) if simple else ()))
        if self.threads.iterable(operand, self.scope):
            self.unwrap(call, "", fits=not isinstance(operand, low))
            return
        self.edits.insert(keyword, "async ")
        if self.threads.streams(operand, self.scope):
            self.unwrap(call, "", fits=True)
        else:
            self.edits.rename(call, self.helper("items"))
            self.visit(operand)
