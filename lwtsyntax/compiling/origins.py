"""Which piece of the source each node of the output stands for."""

from __future__ import annotations

import ast
import sys
import warnings
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

from lwtsyntax.ir.printing import Mapped
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.pipeline import PositionMap

__all__ = ["NOWHERE", "Location", "Origins", "definition", "located"]


@dataclass(frozen=True, slots=True)
class Location:
    """A position as syntax nodes bear it: lines from 1, columns in UTF-8 bytes."""

    lineno: int
    col_offset: int
    end_lineno: int
    end_col_offset: int

    @property
    def start(self) -> Location:
        """The point where this begins."""
        return Location(self.lineno, self.col_offset, self.lineno, self.col_offset)

    def covers(self, other: Location) -> bool:
        """Whether *other*, which does not begin before this one, begins inside it."""
        end = self.end_lineno, self.end_col_offset
        return (other.lineno, other.col_offset) < end

    def put_on(self, node: ast.AST) -> None:
        """Move *node* here."""
        for name in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
            setattr(node, name, getattr(self, name))


NOWHERE = Location(-1, -1, -1, -1)  # the compiler takes the line of the instruction before


def located(node: Any) -> Location:
    """Where *node* stands."""
    return Location(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset)


def definition(
    name: str, body: list[ast.stmt], arguments: ast.arguments | None = None
) -> ast.FunctionDef:
    """A function without decorators, which stands nowhere yet."""
    arguments = arguments or ast.arguments([], [], None, [], [], None, [])
    if sys.version_info >= (3, 12):
        return ast.FunctionDef(name, arguments, body, [], type_params=[])
    return ast.FunctionDef(name, arguments, body, [])


class Origins:
    """Looks up, for nodes of the output's tree, the source text that they came from."""

    def __init__(self, positions: PositionMap) -> None:
        self.output, self.source = positions.output, positions.source
        self.places = positions.places
        self._starts = [place.start for place in positions.places]
        self.decorators: dict[int, tuple[Span, ...]] = {}  # by the offset of their ``def``
        self._ends: dict[int, int] = {}  # of whole definitions, by the same offset
        self._heads: dict[Span, Span] = {}
        self._jumping: set[Span] = set()  # what jumps where the statement begins, not at its test
        self._read_source()

    def piece(self, offset: int) -> Mapped | None:
        """The piece of the output that holds *offset*, or the one before it."""
        index = bisect_right(self._starts, offset) - 1
        return self.places[index] if index >= 0 else None

    def start(self, node: Any) -> int:
        """The offset in the output at which *node* begins."""
        return self.output.offset(node.lineno, node.col_offset)

    def end(self, node: Any) -> int:
        """The offset in the output at which *node* ends."""
        return self.output.offset(node.end_lineno, node.end_col_offset)

    def column(self, offset: int) -> int | None:
        """The column in the source of the user's text at *offset*."""
        piece = self.piece(offset)
        if piece is None or not piece.exact:
            return None
        return self.source.utf8_position(piece.source.start + offset - piece.start)[1]

    def next_line(self, offset: int) -> int:
        """The offset in the output of the line behind the one that holds *offset*."""
        end = self.output.text.find("\n", offset)
        return len(self.output.text) if end < 0 else end + 1

    def ends_exactly(self, node: Any) -> bool:
        """Whether *node*, not yet moved, ends with text of the user's."""
        piece = self.piece(self.end(node) - 1)
        return piece is not None and piece.exact

    def dropped(self, start: int, end: int) -> list[Span]:
        """What stood in the source between the texts that end at *start* and begin at *end*.

        Marks of it stand where a line begins; in text that was laid out, other places are empty too.
        """
        first, last = bisect_right(self._starts, start), bisect_right(self._starts, end)
        marks = (each for each in self.places[first:last] if each.start == each.end)
        return [
            each.source
            for each in marks
            if not each.exact
            and each.source.start < each.source.end
            and self.output.position(each.start)[1] == 0
        ]

    def wait(self, offset: int) -> Span | None:
        """The wait that the ``return`` or the lambda at *offset* gives back."""
        first = bisect_left(self._starts, offset)
        match self.places[first : first + 2]:
            case [Mapped(exact=True, source=wait) as mark, following] if wait.start < wait.end:
                return wait if mark.start == mark.end == following.start == offset else None
        return None

    def says(self, span: Span, text: str) -> bool:
        """Whether the source text of *span* begins with *text*."""
        return self.source.text.startswith(text, span.start)

    def span(self, node: Any) -> Span | None:
        """What *node* stands for; None where it goes on at the place of what stood before it."""
        start, last = self.start(node), self.end(node) - 1
        first, final = self.piece(start), self.piece(max(start, last))
        if first is None or final is None:
            return None
        begin, end = self._of(first, start), self._of(final, last)
        if not first.exact and (
            isinstance(node, ast.Assert)
            or (isinstance(node, ast.If) and first.source in self._jumping)
        ):
            begin = first.source
        if begin is None or end is None:
            return begin or end
        if begin.start in self._ends and isinstance(node, ast.stmt):
            return Span(begin.start, self._ends[begin.start])
        return Span(begin.start, end.end) if begin.start < end.end else begin

    def _of(self, piece: Mapped, offset: int) -> Span | None:
        """The source of the character at *offset*, which *piece* holds."""
        if piece.exact:
            inside = min(offset, max(piece.end - 1, piece.start)) - piece.start
            return Span(piece.source.start + inside, piece.source.start + inside + 1)
        if piece.source.start == piece.source.end:
            return None
        return self._heads.get(piece.source, piece.source)

    def location(self, span: Span) -> Location:
        """*span* as syntax nodes bear it."""
        shown, span = self.source.shown, self.source.shown_span(span)
        line, column = shown.utf8_position(span.start)
        end_line, end_column = shown.utf8_position(span.end)
        return Location(line, column, end_line, end_column)

    # -- the tree of the source -----------------------------------------------------------------

    def _read_source(self) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the output's tree has them too
                tree = ast.parse(self.source.text)
        except SyntaxError:  # another spelling: its compound statements keep their whole extent
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt):
                head = _head(node, self.source)
                if head is not None:
                    self._heads[self.source.span(node)] = head
            if isinstance(node, ast.If) and sys.version_info < (3, 12):
                if not isinstance(_first_operand(node.test), ast.Compare):
                    self._jumping.add(self.source.span(node))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                keyword = self.source.offset(node.lineno, node.col_offset)
                self.decorators[keyword] = tuple(map(self.source.span, node.decorator_list))
                self._ends[keyword] = self.source.span(node).end


def _first_operand(test: ast.expr) -> ast.expr:
    """What the first jump of a condition asks."""
    match test:
        case ast.BoolOp(values=[first, *_]) | ast.UnaryOp(op=ast.Not(), operand=first):
            return _first_operand(first)
    return test


def _head(node: ast.stmt, source: Source) -> Span | None:
    """The part of a statement that runs when control comes to it, where that is not all of it."""
    match node:
        case ast.Assign(targets=[target, *_]) | ast.AnnAssign(target=target):
            return Span(source.span(target).start, source.span(node).end)
        case ast.Expr(value=head) | ast.Assert(test=head):
            return source.span(head)
        case ast.Delete(targets=[target, *_]):
            while isinstance(target, ast.Tuple | ast.List) and target.elts:
                target = target.elts[0]
            return source.span(target)
        case ast.For(iter=head) | ast.AsyncFor(iter=head):
            return source.span(head)
        case ast.If(test=head) | ast.While(test=head) | ast.Match(subject=head):
            return source.span(head)
        case ast.With(items=[ast.withitem(context_expr=head), *_]):
            return source.span(head)
        case ast.Try() | ast.TryStar():
            start = source.span(node).start
            return Span(start, start + len("try"))
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            start = source.offset(node.lineno, node.col_offset)
            line = source.line_of(start)
            return Span(start, source.offset_of(line, len(source.line(line))))
    return None
