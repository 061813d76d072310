"""A whole thread function: its header, its blocks, its comments."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.ir.code import Code, code, spans
from lwtsyntax.ir.direct import (
    Block,
    Break,
    Case,
    Continue,
    Function,
    Native,
    Operand,
    Pass,
    Return,
    Stmt,
)
from lwtsyntax.ir.markers import ThreadFunction
from lwtsyntax.ir.source import Span
from lwtsyntax.ir.tree import children, walk
from lwtsyntax.markers import written
from lwtsyntax.passes.normalise.compounds import Compounds
from lwtsyntax.passes.normalise.context import Setting
from lwtsyntax.passes.normalise.natives import falls_through

__all__ = ["normalise_function"]


def normalise_function(function: ThreadFunction, setting: Setting) -> Function:
    """*function* and the thread functions in it, in normal form."""
    return _Function(function, setting).normal_form()


class _Function(Compounds):
    def __init__(self, function: ThreadFunction, setting: Setting) -> None:
        super().__init__(function, setting)
        self.nested = lambda inner: normalise_function(inner, setting)
        self.claimed: set[int] = set()  # the comments that have a place
        self.pending: list[str] = []  # comments of statements that leave nothing behind

    def normal_form(self) -> Function:
        node = self.function.node
        self._check()
        if self.waiting.any(node.body):
            self.standing = self.super_calls()
        header, colon = self._header()
        for span in spans(header):
            self.claim(span)
        comments = self.gap_comments(self.span(node).start, colon)
        body, docstring = node.body, None
        if ast.get_docstring(node, clean=False) is not None:
            whole = self.source.whole(body[0])
            comments += self.gap_comments(colon, whole.start)
            docstring = self.text(whole)
            self.claim(whole)
            colon, body = whole.end, body[1:]
        block = self.statements(body, colon, tuple(self.scope.parameters))
        if self.pending:
            self._attach(block, self.pending)
        return Function(
            node,
            header,
            docstring,
            block,
            self.fresh,
            frozenset(n for n in {*self.scope.binders, *self.scope.declared} if self.scope.owns(n)),
            frozenset(self.scope.globals),
            frozenset(self.scope.nonlocals),
            self._hidden_outer(),
            self.annotations,
            self.span(node),
            comments,
            plain=self.function.plain,
            emit=self.emitter,
            any_error="BaseException"
            if self.scope.resolve("BaseException") is None
            else f"{self.alias}.AnyError",
        )

    def _hidden_outer(self) -> frozenset[str]:
        """The variables of functions around this one that a comprehension in it hides; one that nobody
        reads has no frame."""
        scopes = [inner for inner in self.scope.walk() if inner.kind == "comprehension"]
        owners = {name: self.scope.resolve(name) for inner in scopes for name in inner.binders}
        return frozenset(
            name
            for name, owner in owners.items()
            if name != self.fresh.ignored
            if owner is not None and owner is not self.scope and owner.kind == "function"
        )

    def _check(self) -> None:
        """Refuse what no thread function may hold."""
        for inner in _own_nodes(self.function.node):
            if isinstance(inner, ast.YieldFrom) and self.function.stream:
                form = written("for_lwt", keywords=self.source.in_keywords)
                hint = f"write `{form} yield x`"
                raise self.refuse("LWT016", inner, "yield from in a stream", hint)
            if isinstance(inner, ast.Yield | ast.YieldFrom) and not self.function.stream:
                hint = "put @lwt_stream above the def, and read it by for_lwt"
                raise self.refuse("LWT016", inner, "yield in a thread function", hint)
            if isinstance(inner, ast.Return) and inner.value is not None and self.function.stream:
                hint = "a stream ends by a bare return"
                raise self.refuse("LWT016", inner, "return with a value in a stream", hint)
            if _asks_for_frame(inner) and self.waiting.any(self.function.node.body):
                assert isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name)
                message = f"{inner.func.id}() in a thread function that waits"
                hint = "its variables live in several frames; name the ones you need"
                raise self.refuse("LWT027", inner, message, hint)

    def _header(self) -> tuple[Code, int]:
        """``def f(…) -> Promise[T]:`` without the marker, and where its text ends."""
        node, source = self.function.node, self.source
        if self.function.header is not None:
            return self.function.header, source.span(node.body[0]).start
        lines: list[Code] = []
        for decorator in node.decorator_list:
            if decorator is not self.function.decorator:
                span = self.span(decorator)
                inside = [
                    e for e in self.function.head_edits if span.start <= e[0].start < span.end
                ]
                lines.append(code("@", self.text(span, inside), "\n"))
        start = source.offset(node.lineno, node.col_offset)
        parts = [*children(node.args), *([node.returns] if node.returns else [])]
        parts += getattr(node, "type_params", [])
        ends = [source.offset(part.end_lineno, part.end_col_offset) for part in parts]  # type: ignore[attr-defined]
        colon = self._colon(max(ends, default=start + len("def")))
        edits = [edit for edit in self.function.head_edits if edit[0].start >= start]
        if node.returns is not None:
            edits.append((self.span(node.returns), self._annotation(node.returns)))
        return code(*lines, self.text(Span(start, colon), edits)), colon

    def _annotation(self, node: ast.expr) -> Code:
        """What the function returns: a promise of what was written, a stream of what it yields."""
        span = self.span(node)
        if not self.function.stream:
            return code(f"{self.alias}.Promise[", span, "]")
        match node:
            case ast.Subscript(slice=ast.Tuple(elts=[item, *_])) | ast.Subscript(slice=item):
                return code(f"{self.alias}.Stream[", self.span(item), "]")
        return code(f"{self.alias}.Stream[{self.alias}.Any]")

    def _colon(self, position: int) -> int:
        """The offset after the next colon that stands in no comment."""
        text = self.source.text
        while text[position] != ":":
            position = text.index("\n", position) if text[position] == "#" else position + 1
        return position + 1

    # -- blocks ---------------------------------------------------------------------------------

    def statements(self, body: list[ast.stmt], start: int, bound: tuple[str, ...] = ()) -> Block:
        with self.block() as block:
            self.bound.update(bound)
            for node in body:
                self.statement(node, start)
                start = self.span(node).end
            if not block and body:
                self.emit(Pass(origin=self.span(body[-1])))
            if body:
                self._attach(block, self._footer(body))
        return block

    def statement(self, node: ast.stmt, start: int) -> None:
        """Bring *node*, whose gap to the statement before it begins at *start*, into *out*."""
        outer, self.origin = self.origin, self.span(node)
        comments = [*self.pending, *self.gap_comments(start, self.origin.start)]
        self.pending = []
        mark = len(self.out)
        self._dispatch(node)
        self.bound |= _surely_bound(node)
        new = self.out[mark:]
        trailing = self._trailing(node)
        comments += self._lost(node, new)
        if new:
            new[-1].trailing = trailing
            new[0].comments = (*comments, *new[0].comments)
            new[0].blank = self._blank_before(start)
        else:
            self.pending = [*comments, *trailing]
        self.origin = outer

    def _dispatch(self, node: ast.stmt) -> None:
        match node:
            case ast.Pass() | ast.Global() | ast.Nonlocal():
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=None, simple=1):
                self.annotations.setdefault(name, self.annotation(node))
            case ast.Break():
                self.emit(Break(origin=self.origin))
            case ast.Continue():
                self.emit(Continue(origin=self.origin))
            case ast.Return() if node not in self.waiting:
                value = None if node.value is None else self.plain(node.value)
                self.emit(Return(value, origin=self.origin))
            case ast.If() if self.source.text.startswith("elif", self.origin.start):
                self.conditional_statement(node)  # waits or not: its text is not a statement
            case _ if node not in self.waiting:
                self._native(node)
            case _:
                self._waiting(node)

    def _native(self, node: ast.stmt) -> None:
        whole = self.source.whole(node)
        self.claim(whole)
        text = self.text(whole, self.holes(node))
        assigns = None
        if isinstance(node, ast.Assign) and whole == self.span(node):
            match node.targets:
                case [ast.Name(id=name)]:
                    assigns = (name, self.plain(node.value))
        self.emit(Native(text, not falls_through(node), assigns, origin=self.origin))

    def _waiting(self, node: ast.stmt) -> None:
        match node:
            case ast.Expr():
                self.expression(node)
            case ast.Return():
                self.returning(node)
            case ast.Assign():
                self.assignment(node)
            case ast.AnnAssign():
                self.annotated(node)
            case ast.AugAssign():
                self.augmented(node)
            case ast.If():
                self.conditional_statement(node)
            case ast.For():
                self.for_loop(node)
            case ast.While():
                self.while_loop(node)
            case ast.Match():
                self.match_statement(node)
            case ast.Try() | ast.TryStar():
                self.try_statement(node)
            case ast.With():
                self.with_statement(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.definition(node)
            case ast.Delete():
                self.deletion(node)
            case ast.Assert():
                self.assertion(node)
            case ast.Raise():
                self.raising(node)
            case _:
                raise self._not_covered(node)

    def _not_covered(self, node: ast.stmt) -> Refusal:
        hint = "wait before the statement and use the result in it"
        return self.refuse("LWT026", node, "a wait in this statement is not lowered", hint)

    # -- comments -------------------------------------------------------------------------------

    def claim(self, span: Span) -> None:
        self.claimed.update(c.span.start for c in self.source.comments_in(span.start, span.end))

    def gap_comments(self, start: int, end: int) -> tuple[str, ...]:
        found = [c for c in self.source.comments_in(start, end) if c.span.start not in self.claimed]
        self.claimed.update(comment.span.start for comment in found)
        return tuple(comment.text for comment in found)

    def _footer(self, body: list[ast.stmt]) -> list[str]:
        """The comments that end a block: indented as it is, after its last statement."""
        line, column = self.source.position(self.span(body[0]).start)
        if self.source.line(line)[:column].strip():
            return []
        footer: list[str] = []
        for comment in self.source.following_comments(self.span(body[-1]).end):
            if comment.own_line and comment.column < column:
                break
            footer += self.gap_comments(comment.span.start, comment.span.end)
        return footer

    def _lost(self, node: ast.stmt, new: Block) -> tuple[str, ...]:
        """The comments in the text of *node* that no statement of *new* carries along."""
        body = getattr(node, "body", None)
        cases = getattr(node, "cases", None)
        end = self.source.whole(node).end
        if isinstance(body, list):
            end = self.span(body[0]).start
        elif cases:
            end = self.source.offset(cases[0].pattern.lineno, cases[0].pattern.col_offset)
        compound = isinstance(body, list) or bool(cases)
        for statement in new:
            for span in _spans_of(statement, deep=not (compound and statement is new[-1])):
                self.claim(span)
        return self.gap_comments(self.span(node).start, end)

    def _trailing(self, node: ast.stmt) -> tuple[str, ...]:
        """The comment on the last line of *node*, a simple statement."""
        if isinstance(getattr(node, "body", getattr(node, "cases", None)), list):
            return ()
        return self.gap_comments(self.span(node).end, self.source.whole(node).end)

    def _attach(self, block: Block, comments: list[str]) -> None:
        if block:
            block[-1].comments = (*block[-1].comments, *comments)
        else:
            self.pending += comments

    def _blank_before(self, start: int) -> bool:
        gap = self.source.text[start : self.origin.start].split("\n")
        return any(not line.strip() for line in gap[1:-1])


def _own_nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of *function*'s own body, without those of definitions and lambdas in it."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo.extend(children(node))


def _asks_for_frame(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="locals" | "eval" | "exec")):
            return True
        case ast.Call(func=ast.Name(id="vars" | "dir"), args=[]):
            return True
    return False


def _surely_bound(node: ast.stmt) -> set[str]:
    """The names that *node* binds on every path."""
    match node:
        case ast.Assign(targets=targets):
            stores = [inner for target in targets for inner in walk(target)]
            names = {
                n.id for n in stores if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            if isinstance(node.value, ast.NamedExpr):
                assert isinstance(node.value.target, ast.Name)
                names.add(node.value.target.id)
            return names
        case ast.AugAssign(target=ast.Name(id=name)):
            return {name}
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr()):
            return {name}
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {(alias.asname or alias.name).partition(".")[0] for alias in names}
    return set()


def _spans_of(item: object, *, deep: bool = True) -> Iterator[Span]:
    """Every span of the user's text that a statement carries, its blocks included if *deep*."""
    match item:
        case Stmt() | Case() | Operand():
            for field in dataclasses.fields(item):
                if field.name != "origin":
                    yield from _spans_of(getattr(item, field.name), deep=deep)
        case list():
            for inner in item if deep else ():
                yield from _spans_of(inner)
        case tuple():
            yield from spans(item)
