"""Put the markers around the parts of each keyword form."""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.spelling import Edit, respell
from lwtsyntax.keywords.arguments import (
    brackets_around,
    is_no_promise,
    takes_all,
)
from lwtsyntax.keywords.hints import CLAUSES
from lwtsyntax.keywords.holders import holders
from lwtsyntax.keywords.importing import MarkerNames
from lwtsyntax.keywords.reading import KeywordForm
from lwtsyntax.markers import KEYWORDS

__all__ = ["Writing", "write_markers"]

_Owner = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | None

_TUPLE = "a tuple is nothing to wait for"
_OTHERWISE = {
    "return_lwt": "before a bracket or an operator write return lwt(e), before nothing return",
    "raise_lwt": "before a bracket or an operator write raise e",
    "assert_lwt": "before a bracket or an operator write assert lwt(e)",
}
_SIDE_BY_SIDE = "bindings side by side are plain: lwt x = a and y = b"


def write_markers(
    source: Source, shape: Source, tree: ast.Module, forms: Sequence[KeywordForm]
) -> Source:
    """*source* in marker spelling; *tree* is that of *shape*, its text of the same length."""
    names = MarkerNames(tree)
    writing = Writing(source, shape, names, forms)
    writing.block(tree.body, None)
    writing.undefined_words()
    if writing.diagnostics:
        raise Refusal(*sorted(writing.diagnostics, key=lambda each: (each.line, each.column)))
    writing.decorate(tree, source.newline)
    edits = [*names.edits(shape, source.newline), *writing.edits]
    if not edits:
        return source
    return respell(source, edits, writing.threads)


class Writing:
    """Gathers the edits of *source*, whose places are those of *shape*."""

    def __init__(
        self, source: Source, shape: Source, names: MarkerNames, forms: Sequence[KeywordForm]
    ) -> None:
        self.source, self.shape = source, shape
        self.names = names
        self.forms = {form.span.start: form for form in forms}
        self.arms = [form.span for form in forms if form.keyword.kind == "arm"]
        self.edits: list[Edit] = []
        self.threads: list[int] = []
        self.holders: dict[ast.FunctionDef, None] = {}
        self.diagnostics: list[Diagnostic] = []

    # -- edits ------------------------------------------------------------------------------------

    def replace(self, span: Span, *parts: str | Span, anchor: Span | None = None) -> None:
        self.edits.append(Edit(span, parts, anchor or span))

    def insert(self, offset: int, text: str, anchor: Span | None = None) -> None:
        place = Span(offset, offset)
        self.replace(place, text, anchor=anchor or place)

    def call(self, node: ast.expr, function: str, anchor: Span | None = None) -> None:
        """*node* as the argument of *function*; the call begins where *anchor* does."""
        span = self.shape.span(node)
        brackets = brackets_around(span, self.shape)
        start = span.start if brackets is None else brackets
        before = self.source.text[start - 1 : start]
        if anchor is None and (before == "_" or before.isalnum()):  # `if_lwt(c):`, `in(xs)`
            function = f" {function}"
        if brackets is not None:
            self.insert(start, function, anchor or Span(start, start))
            return
        opening, closing = ("((", "))") if self.needs_brackets(node) else ("(", ")")
        self.insert(start, function + opening, anchor or Span(start, start))
        self.insert(span.end, closing)

    def needs_brackets(self, node: ast.expr) -> bool:
        """Whether *node* would be no single argument as it stands."""
        if not isinstance(node, ast.Tuple | ast.Yield | ast.YieldFrom):
            return False
        try:
            call = ast.parse(f"f({self.shape.slice(self.shape.span(node))}\n)", mode="eval").body
        except SyntaxError:
            return True
        return not (isinstance(call, ast.Call) and len(call.args) == 1)

    def refuse(self, code: str, span: Span, message: str, hint: str = "") -> None:
        self.diagnostics.append(self.source.diagnostic(code, message, span, hint))

    # -- the walk ---------------------------------------------------------------------------------

    def block(self, statements: Sequence[ast.stmt], owner: _Owner) -> None:
        rest = iter(statements)
        form = None
        for statement in rest:
            if form is not None:
                self.guessed_clause(statement)
            form = self.forms.get(self.shape.span(statement).start)
            if form is not None and form.keyword.kind == "binding":
                self.binding(form, [next(rest) for _ in range(1 + len(form.ands))], owner)
                continue
            if form is not None:
                self.form(form, statement, owner)
            self.blocks_of(statement, owner)

    def blocks_of(self, statement: ast.stmt, owner: _Owner) -> None:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            owner = statement
        clauses = [*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
        for part in [statement, *clauses]:
            if isinstance(part, ast.match_case):
                self.arm(part)
            for name in ("body", "orelse", "finalbody"):
                self.block(getattr(part, name, ()), owner)

    def form(self, form: KeywordForm, statement: ast.stmt, owner: _Owner) -> None:
        keyword = form.keyword
        if owner is None:
            hint = "put it into a def, and run that: lwt main()"
            self.refuse("LWT010", form.span, f"{keyword.word} outside a thread function", hint)
        elif isinstance(owner, ast.FunctionDef):
            self.holders[owner] = None
        self.replace(form.span, keyword.python)
        if keyword.word in ("if_lwt", "elif_lwt", "try_lwt", "with_lwt"):
            self.threads.append(form.span.start)
        for case in statement.cases if isinstance(statement, ast.Match) else ():
            span = self.shape.span(case.pattern)
            if takes_all(case.pattern) and self.word_of_arm(span) is None:
                message = "exception is a variable here, which takes every value"
                self.refuse("LWT018", span, message, "write `case exception e:`")
        if keyword.marker:
            marker = self.names.marker(keyword.marker)
            for node in _waited(statement):
                if keyword.marker == "match_lwt" and isinstance(node, ast.Tuple):
                    hint = "match lwt(a, b): waits for both"
                    self.refuse("LWT034", self.shape.span(node), _TUPLE, hint)
                elif keyword.marker != "lwt" or not is_no_promise(node):
                    self.call(node, marker)

    def word_of_arm(self, pattern: Span) -> Span | None:
        """The ``exception`` before a pattern."""
        index = bisect_right(self.arms, pattern.start, key=lambda span: span.end) - 1
        if index < 0 or not _before(self.arms[index], pattern.start, self.shape):
            return None
        return self.arms[index]

    def arm(self, case: ast.match_case) -> None:
        pattern = self.shape.span(case.pattern)
        word = self.word_of_arm(pattern)
        if word is None:
            return
        opening, closing = "(", ")"
        if (
            isinstance(case.pattern, ast.MatchSequence)
            and self.shape.text[pattern.start] not in "[("
        ):
            opening, closing = "([", "])"
        self.replace(Span(word.start, pattern.start), self.names.marker("exception") + opening)
        self.insert(pattern.end, closing)

    def guessed_clause(self, statement: ast.stmt) -> None:
        """``else_lwt: f()`` behind a form: to Python it is an annotation, which does nothing."""
        match statement:
            case ast.AnnAssign(target=ast.Name(id=word) as name, value=None) if word in CLAUSES:
                message = f"{word} is a variable here, with an annotation"
                self.refuse("LWT034", self.shape.span(name), message, CLAUSES[word])

    def undefined_words(self) -> None:
        """A word before a bracket or an operator is a variable; one that nothing defines was meant otherwise."""
        words = {each.word for each in KEYWORDS if each.kind != "arm"}
        for node in self.names.undefined:
            if node.id in words:
                message = f"{node.id} is a variable here, and nothing defines it"
                hint = _OTHERWISE.get(node.id, f"a form ends its line with a colon: {node.id} …:")
                self.refuse("LWT034", self.shape.span(node), message, hint)

    # -- lwt ---------------------------------------------------------------------------------------

    def binding(self, form: KeywordForm, statements: list[ast.stmt], owner: _Owner) -> None:
        word, first = form.span, statements[0]
        values = [_value(statement) for statement in statements]
        if any(value is None for value in values):
            hint = "lwt x = e, or lwt e"
            self.refuse("LWT034", word, "lwt before what it cannot wait for", hint)
            return
        for value in values:
            if isinstance(value, ast.Tuple):
                span = self.shape.span(value)
                self.refuse("LWT034", span, _TUPLE, "write lwt x = a and y = b")
        if isinstance(owner, ast.FunctionDef):
            self.holders[owner] = None
        if len(statements) > 1:
            self.several(form, statements, owner)
            return
        self.replace(Span(word.start, self.shape.span(first).start))
        assert values[0] is not None
        function = self.names.marker("lwt") if owner else f"{self.names.runtime()}.run"
        self.call(values[0], function, word)

    def several(self, form: KeywordForm, statements: list[ast.stmt], owner: _Owner) -> None:
        """``lwt x = a and y = b``: x, y = lwt(a, b)"""
        targets: list[str | Span] = []
        values: list[str | Span] = []
        stops = [*(each.start for each in form.ands), self._end(statements[-1])]
        for statement, stop in zip(statements, stops, strict=True):
            if not isinstance(statement, ast.Assign) or len(statement.targets) > 1:
                self.refuse("LWT034", self.shape.span(statement), _SIDE_BY_SIDE)
                return
            target = statement.targets[0]
            value = self._value_span(statement, stop)
            bare = isinstance(target, ast.Tuple) and self._is_bare(target)
            place = self.shape.span(target)
            targets += [", ", *(("(", place, ")") if bare else (place,))]
            wrapped = self.needs_brackets(statement.value)
            values += [", ", *(("(", value, ")") if wrapped else (value,))]
        function = self.names.marker("lwt") if owner else f"{self.names.runtime()}.both"
        opening, closing = (f"{function}(", ")")
        if not owner:
            opening, closing = f"{self.names.runtime()}.run({opening}", "))"
        whole = Span(form.span.start, stops[-1])
        self.replace(whole, *targets[1:], " = ", opening, *values[1:], closing)

    def _is_bare(self, target: ast.Tuple) -> bool:
        text = self.shape.slice(self.shape.span(target))
        parsed = ast.parse(f"f({text}\n)", mode="eval").body
        return isinstance(parsed, ast.Call) and len(parsed.args) != 1

    def _value_span(self, statement: ast.Assign, stop: int) -> Span:
        """The value with the brackets around it."""
        between = self.shape.span(statement.targets[0]).end
        start = self.shape.text.index("=", between) + 1
        text = self.shape.text[start:stop]
        lead = len(text) - len(text.lstrip(" \t\f\\\r\n"))
        return Span(start + lead, start + len(text.rstrip(" \t\f\\\r\n")))

    def _end(self, statement: ast.stmt) -> int:
        return self.shape.span(statement).end

    # -- thread functions ---------------------------------------------------------------------------

    def decorate(self, tree: ast.Module, newline: str) -> None:
        """What holds a keyword form is a thread function, and what holds a marker's call."""
        for node in self.holders | dict.fromkeys(holders(tree, self.names.waits())):
            if self.names.is_thread(node):
                continue
            offset = self.shape.offset(node.lineno, node.col_offset)
            indent = self.shape.indentation(offset)
            self.insert(offset, f"@{self.names.marker('lwt')}{newline}{indent}")


def _waited(statement: ast.stmt) -> Iterator[ast.expr]:
    """What the keyword that opens *statement* waits for."""
    match statement:
        case ast.For(iter=node) | ast.While(test=node) | ast.If(test=node):
            yield node
        case ast.Match(subject=node) | ast.Assert(test=node):
            yield node
        case ast.Return(value=ast.expr() as node):
            yield node
        case ast.With(items=items):
            yield from (item.context_expr for item in items)


def _value(statement: ast.stmt) -> ast.expr | None:
    match statement:
        case ast.Expr() | ast.Assign() | ast.AugAssign() | ast.AnnAssign():
            return statement.value
    return None


def _before(word: Span, end: int, shape: Source) -> bool:
    """Whether nothing but blanks stands between *word* and the pattern at *end*."""
    return not shape.text[word.end : end].strip(" \t\f\\\r\n(")
