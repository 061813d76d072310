"""The way back: put keywords in place of markers, where they mean the same and are read as keywords.

What cannot be said by a keyword (a wait inside an expression, a target in brackets, …) stays in marker
spelling, which every ``.lwt`` file may hold.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from lwtsyntax.ir.code import Code
from lwtsyntax.ir.markers import Markers, ThreadFunction
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.tails import implicit_waits, tails_of
from lwtsyntax.keywords.arguments import bare_argument, is_no_promise, stands_alone, takes_all
from lwtsyntax.keywords.reading import read_forms

__all__ = ["KeywordEdits", "write_keywords"]

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_COLON = re.compile(r"(?:[\s),\\]|#[^\r\n]*)*:")
_COMMA = re.compile(r"\s*,\s*")
_LAST_COMMA = re.compile(r"\s*,?\s*\)")


def write_keywords(markers: Markers, source: Source) -> KeywordEdits:
    """What becomes of *source*, a text in marker spelling."""
    writing = KeywordEdits(markers, source)
    for node, function in markers.functions.items():
        if isinstance(node, ast.FunctionDef):
            writing.function(node, function)
    return writing


class KeywordEdits:
    """The edits, and how many uses of each imported name they take away."""

    def __init__(self, markers: Markers, source: Source) -> None:
        self.markers, self.source, self.text = markers, source, source.text
        self.edits: list[tuple[Span, Code]] = []
        self._gone: Counter[str] = Counter()
        self._tails: set[ast.stmt] = set()
        self._forms = 0  # those of the function at hand that make it a thread function

    def unused_imports(self) -> list[tuple[ast.Import | ast.ImportFrom, list[ast.alias]]]:
        """The imports of markers, at the top level, that nothing uses any more."""
        found = []
        for node, aliases in self.markers.imports:
            unused = [alias for alias in aliases if not self._uses(node, alias)]
            if unused and node in self.markers.tree.body:
                found.append((node, unused))
        return found

    def _uses(self, node: ast.Import | ast.ImportFrom, alias: ast.alias) -> int:
        plain = alias.name.partition(".")[0] if isinstance(node, ast.Import) else alias.name
        name = alias.asname or plain
        loads = sum(scope.loads[name] for scope in self.markers.scopes.values())
        return loads - self._gone[name]

    # -- the walk ---------------------------------------------------------------------------------

    def function(self, node: ast.FunctionDef, function: ThreadFunction) -> None:
        self._tails = implicit_waits(node, self.markers)
        self._forms = 0
        for statement in _own_statements(node.body):
            self.statement(statement, node)
        if self._forms and not function.stream:
            self._without_decorator(node, function)

    def statement(self, node: ast.stmt, function: ast.FunctionDef) -> None:
        match node:
            case ast.Expr(value=value) if self.source.span(value) == self.source.span(node):
                self.simple("lwt", node, 0, value)
            case ast.Assign(value=ast.Call() as value) if len(value.args) > 1:
                self.side_by_side(node, value)
            case ast.Assign() | ast.AugAssign() | ast.AnnAssign() if node.value is not None:
                if self.source.span(node.value).end == self.source.span(node).end:
                    self.assignment(node, node.value)
            case ast.Return(value=ast.expr() as value):
                if self.source.span(value).end == self.source.span(node).end:
                    self.simple("return_lwt", node, len("return"), value)
            case ast.Assert(test=test):
                self.simple("assert_lwt", node, len("assert"), test)
            case ast.If(test=test) if self._same_tails(node, function):
                word = "elif" if self.text.startswith("elif", self._start(node)) else "if"
                self.header(f"{word}_lwt", node, word, test, "lwt")
            case ast.While(test=test):
                self.header("while_lwt", node, "while", test, "while_lwt")
            case ast.Match(subject=subject) if not any(takes_all(c.pattern) for c in node.cases):
                self.header("match_lwt", node, "match", subject, "match_lwt")
                for case in node.cases:
                    if case.pattern in self.markers.exception_arms:
                        assert isinstance(case.pattern, ast.MatchClass)
                        self.arm(case.pattern)
            case ast.For(iter=place):
                self.loop(node, place)
            case ast.With() if self._same_tails(node, function):
                self.managers(node)

    def _same_tails(self, node: ast.stmt, function: ast.FunctionDef) -> bool:
        """Whether its blocks wait for no other calls when they are threads."""
        return tails_of(node, function, self.markers) <= self._tails

    # -- forms ------------------------------------------------------------------------------------

    def simple(self, word: str, node: ast.stmt, keyword: int, value: ast.expr) -> None:
        """``keyword lwt(e)``; *keyword* is the length of the one that opens the statement."""
        call = self._wait(value)
        start = self._start(node)
        if call is None or self.text[start + keyword : self._start(value)].strip(" \t\f"):
            return
        if word == "lwt" or not is_no_promise(call.args[0]):
            self._put(word, start, [f"{word} ", call], "")

    def assignment(self, node: ast.stmt, value: ast.expr) -> None:
        call = self._wait(value)
        if call is not None:
            start = self._start(node)
            self._put("lwt", start, ["lwt ", Span(start, self._start(call)), call], "")

    def side_by_side(self, node: ast.Assign, call: ast.Call) -> None:
        """``x, y = lwt(a, b)``: lwt x = a and y = b"""
        target = node.targets[0]
        if self.markers.form(call) != "lwt" or not isinstance(target, ast.Tuple):
            return
        targets, values = target.elts, call.args
        plain = not any(isinstance(each, ast.Starred | ast.Tuple) for each in values)
        plain = plain and not any(isinstance(each, ast.Starred) for each in targets)
        if not plain or len(node.targets) > 1 or len(targets) != len(values):
            return
        end = self.source.span(node).end
        if end != self.source.span(call).end or not (
            self._listed(targets) and self._listed(values)
        ):
            return
        if not _LAST_COMMA.fullmatch(self.text[self.source.span(values[-1]).end : end]):
            return
        parts: list[str | Span | ast.Call] = []
        broken = f" \\\n{self.source.indentation(self._start(node))}    and "
        separator = broken if "\n" in self.text[self._start(call) : end] else " and "
        for each, value in zip(targets, values, strict=True):
            parts += [separator if parts else "lwt ", self.source.span(each), " = "]
            span = self.source.span(value)
            parts += [span] if stands_alone(self.source.slice(span)) else ["(", span, ")"]
        self._put("lwt", self._start(node), parts, "", call=call, ands=len(values) - 1)

    def header(self, word: str, node: ast.stmt, python: str, place: ast.expr, form: str) -> None:
        """``python marker(e):``"""
        call = self._wait(place, form)
        start = self._start(node)
        if call is None or self.text[start + len(python) : self._start(call)].strip(" \t\f"):
            return
        if form != "lwt" or not is_no_promise(call.args[0]):
            self._put(word, start, [f"{word} ", call], self._rest_of_header(node, call))

    def loop(self, node: ast.For, place: ast.expr) -> None:
        call = self._wait(place, "for_lwt")
        if call is not None:
            start = self._start(node)
            between = Span(start + len("for"), self._start(call))
            self._put(
                "for_lwt", start, ["for_lwt", between, call], self._rest_of_header(node, call)
            )

    def managers(self, node: ast.With) -> None:
        calls = [self._wait(item.context_expr, "with_lwt") for item in node.items]
        start = self._start(node)
        parts: list[str | Span | ast.Call] = ["with_lwt"]
        at = start + len("with")
        for call in calls:
            if call is None:
                return
            parts += [Span(at, self._start(call)), call]
            at = self.source.span(call).end
        last = node.items[-1].optional_vars or node.items[-1].context_expr
        self._put("with_lwt", start, parts, self._rest_of_header(node, last, at))

    def arm(self, pattern: ast.MatchClass) -> None:
        """``exception(P)``: exception P"""
        if len(pattern.patterns) != 1:
            return
        inner, whole = self.source.span(pattern.patterns[0]), self.source.span(pattern)
        between = self.text[self.source.span(pattern.cls).end : inner.start].strip(" \t\f")
        behind = self.text[inner.end : whole.end]
        text = self.source.slice(inner)
        if between != "(" or "\n" in behind or not _LAST_COMMA.fullmatch(behind):
            return
        candidate = f"case exception {text}: pass"
        forms = read_forms(Source(candidate, ""))
        if forms and forms[0].keyword.word == "exception" and _is_pattern(text):
            self._note(pattern.cls)
            self.edits.append((Span(whole.start, inner.start), ("exception ",)))
            self.edits.append((Span(inner.end, whole.end), ()))

    # -- what they share --------------------------------------------------------------------------

    def _start(self, node: ast.stmt | ast.expr) -> int:
        return self.source.span(node).start

    def _wait(self, node: ast.expr, form: str = "lwt") -> ast.Call | None:
        """*node* where it is the marker *form* around one operand that a keyword can stand before."""
        if not isinstance(node, ast.Call) or self.markers.form(node) != form:
            return None
        if len(node.args) != 1 or (form != "for_lwt" and isinstance(node.args[0], ast.Tuple)):
            return None
        return node

    def _listed(self, nodes: Sequence[ast.expr]) -> bool:
        """Whether nothing but commas stands between *nodes*."""
        spans = [self.source.span(node) for node in nodes]
        return all(_COMMA.fullmatch(self.text[one.end : two.start]) for one, two in pairwise(spans))

    def _rest_of_header(self, node: ast.stmt, last: ast.expr, at: int | None = None) -> str:
        """What follows up to the colon, and whether the block stands on the same line."""
        end = self.source.span(last).end
        colon = _COLON.match(self.text, end)
        if colon is None:
            return ""
        start = end if at is None else at
        body: Sequence[ast.stmt] = getattr(node, "body", ())
        inline = bool(body) and body[0].lineno == self.source.line_of(colon.end() - 1)
        return self.text[start : colon.end()] + (" pass" if inline else "\n")

    def _put(
        self,
        word: str,
        start: int,
        parts: list[str | Span | ast.Call],
        rest: str,
        *,
        call: ast.Call | None = None,
        ands: int = 0,
    ) -> None:
        """*parts*, with the operands of the calls among them, from *start* on; if that is a form."""
        code: list[str | Span] = []
        calls = [part for part in parts if isinstance(part, ast.Call)]
        for part in parts:
            new = bare_argument(part, self.source) if isinstance(part, ast.Call) else (part,)
            if new is None:
                return
            code += [each for each in new if isinstance(each, str | Span)]
        text = "".join(each if isinstance(each, str) else self.source.slice(each) for each in code)
        forms = read_forms(Source(text + rest, ""))
        if not forms or forms[0].span.start or forms[0].keyword.word != word:
            return
        if len(forms[0].ands) != ands:
            return
        last = call or calls[-1]
        for each in [last] if call else calls:
            self._note(each.func)
        self._forms += 1
        self.edits.append((Span(start, self.source.span(last).end), tuple(code)))

    def _note(self, marker: ast.expr) -> None:
        while isinstance(marker, ast.Attribute):
            marker = marker.value
        if isinstance(marker, ast.Name):
            self._gone[marker.id] += 1

    def _without_decorator(self, node: ast.FunctionDef, function: ThreadFunction) -> None:
        """A def that holds a keyword form needs none; it stays where a comment stands beside it."""
        span = self.source.span(function.decorator)
        start, end = (
            self.text.rindex("@", 0, span.start),
            self.source.offset(node.lineno, node.col_offset),
        )
        if not self.text[span.end : end].strip() and not self.text[start + 1 : span.start].strip():
            self._note(function.decorator)
            self.edits.append((Span(start, end), ()))


def _own_statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a function, without those of definitions in it."""
    for statement in body:
        if isinstance(statement, _Definition):
            continue
        yield statement
        clauses = [*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
        for part in [statement, *clauses]:
            for name in ("body", "orelse", "finalbody"):
                yield from _own_statements(getattr(part, name, ()))


def _is_pattern(text: str) -> bool:
    """Whether *text* is a pattern that needs no brackets around it to run over its lines."""
    try:
        ast.parse(f"match x:\n case {text}: pass")
    except SyntaxError:
        return False
    return True
