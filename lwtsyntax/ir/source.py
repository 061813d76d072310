"""A source text with the look-ups the passes need: offsets, comments, indentation."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, takewhile

from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax.ir.lexing import Lexed

__all__ = ["Comment", "Source", "Span", "Stretch"]

Stretch = tuple[int, int, int]  # start, end, and where the start came from
_NEWLINE = re.compile(r"\r\n|\r|\n")
_SPACE_AND_COMMENT = re.compile(r"\s*#")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the source text, as character offsets; the end is exclusive."""

    start: int
    end: int

    def moved(self, by: int) -> Span:
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Comment:
    """One ``# …`` comment; ``own_line`` when nothing else stands on its line."""

    span: Span
    text: str
    column: int
    own_line: bool


class Source:
    """The text of one file.  ``ast`` counts columns in UTF-8 bytes; everything here counts characters."""

    def __init__(self, text: str, filename: str) -> None:
        self.text = text
        self.filename = filename
        self._ascii = text.isascii()
        self._bounds: list[int] = []

    # What users see of a text that stands for another, see :mod:`lwtsyntax.ir.spelling`.
    threads: frozenset[int] = frozenset()  # where statements stand whose blocks are threads

    @property
    def in_keywords(self) -> bool:
        """Whether users see keyword spelling, so that messages name the forms as written in it."""
        return self.filename.endswith(".lwt")

    @property
    def shown(self) -> Source:
        """The text that users see."""
        return self

    def shown_offset(self, offset: int) -> int:
        """Where in that text the character at *offset* came from."""
        return offset

    def shown_span(self, span: Span) -> Span:
        """What in that text *span* came from."""
        return span

    def shown_stretches(self) -> list[Stretch]:
        """What was copied from there, in order: where it stands here, and where there."""
        return [(0, len(self.text), 0)]

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins."""
        if "\r" in self.text:
            return [0, *(match.end() for match in _NEWLINE.finditer(self.text))]
        return [0, *accumulate(len(line) + 1 for line in self.text.split("\n")[:-1])]

    def line(self, number: int) -> str:
        """Line *number* (from 1) without its line end."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def offset(self, line: int, utf8_column: int) -> int:
        """The character offset of a position as ``ast`` gives it."""
        start = self._starts[line - 1]
        if self._ascii:
            return start + utf8_column
        return start + len(self.line(line).encode()[:utf8_column].decode(errors="ignore"))

    def span(
        self, node: ast.expr | ast.stmt | ast.pattern | ast.keyword | ast.alias | ast.arg
    ) -> Span:
        """Where *node* stands; a decorated definition begins at its first decorator."""
        first: ast.AST = node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = node.decorator_list[0] if node.decorator_list else node
        assert node.end_lineno is not None and node.end_col_offset is not None
        start = self.offset(first.lineno, first.col_offset)  # type: ignore[attr-defined]
        if first is not node:
            start = self.text.rindex("@", 0, start)
        return Span(start, self.offset(node.end_lineno, node.end_col_offset))

    @property
    def newline(self) -> str:
        """How lines of ours should end."""
        return "\r\n" if "\r\n" in self.text else "\n"

    @property
    def line_count(self) -> int:
        return len(self._starts)

    def offset_of(self, line: int, column: int) -> int:
        """The offset of a line (from 1) and a column in characters (from 0)."""
        return self._starts[min(line, len(self._starts)) - 1] + column

    def slice(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def may_name(self, node: ast.stmt, names: Iterable[str]) -> bool:
        """Whether *node* can mention one of *names*, by a look at its lines."""
        if not self._ascii:  # other letters can stand for these
            return True
        decorators = getattr(node, "decorator_list", None)
        first = decorators[0].lineno if decorators else node.lineno
        last = node.end_lineno or node.lineno
        end = self._starts[last] if last < len(self._starts) else len(self.text)
        lines = self.text[self._starts[first - 1] : end]
        return any(name in lines for name in names)

    def lines_in(self, span: Span) -> Iterator[tuple[int, str]]:
        """The lines of *span*, each with its offset and its line end."""
        start = span.start
        while start < span.end:
            number = self.line_of(start)
            next_line = self._starts[number] if number < len(self._starts) else len(self.text)
            end = min(next_line, span.end)
            yield start, self.text[start:end]
            start = end

    def line_of(self, offset: int) -> int:
        """The number (from 1) of the line that holds *offset*."""
        return bisect_right(self._starts, offset)

    def position(self, offset: int) -> tuple[int, int]:
        """Line (from 1) and column (from 0, in characters) of *offset*."""
        line = self.line_of(offset)
        return line, offset - self._starts[line - 1]

    def utf8_position(self, offset: int) -> tuple[int, int]:
        """Line and column of *offset* as syntax nodes bear them: columns in UTF-8 bytes."""
        line, column = self.position(offset)
        return line, len(self.line(line)[:column].encode())

    def indentation(self, offset: int) -> str:
        """The white space that opens the line of *offset*."""
        line = self.line(self.line_of(offset))
        return line[: len(line) - len(line.lstrip(" \t\f"))].rpartition("\f")[2]

    def diagnostic(self, code: str, message: str, span: Span, hint: str = "") -> Diagnostic:
        """A diagnostic at *span*."""
        line, column = self.position(span.start)
        end_line, end_column = self.position(span.end)
        return Diagnostic(
            code,
            message,
            self.filename,
            line,
            column + 1,
            end_line,
            end_column + 1,
            self.line(line),
            hint,
        )

    def divide(self, tree: ast.Module) -> None:
        """Take note of where the statements of *tree*, that of this text, begin."""
        for node in tree.body:
            decorators = getattr(node, "decorator_list", [])
            start = self._starts[(decorators[0] if decorators else node).lineno - 1]
            if self.text[start] == "@" if decorators else node.col_offset == 0:
                self._bounds.append(start)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Every comment, in order."""
        return tuple(self._comments_from(0))

    def comments_in(self, start: int, end: int) -> tuple[Comment, ...]:
        """The comments that begin in ``[start, end)``."""
        if self.text.find("#", start, end) < 0:  # the text need not be looked through
            return ()
        following = self._comments_from(start)
        return tuple(takewhile(lambda comment: comment.span.start < end, following))

    def following_comments(self, end: int) -> Iterator[Comment]:
        """The comments after *end*, up to the next code."""
        if not _SPACE_AND_COMMENT.match(self.text, end):
            return
        for comment in self._comments_from(end):
            if self.text[end : comment.span.start].strip():
                return
            yield comment
            end = comment.span.end

    def _comments_from(self, offset: int) -> Iterator[Comment]:
        for start, end in self._lexed.comments_from(offset):
            line = self._starts[self.line_of(start) - 1]
            own_line = not self.text[line:start].strip()
            yield Comment(Span(start, end), self.text[start:end], start - line, own_line)

    def whole(self, node: ast.stmt) -> Span:
        """Where *node* stands, with the comments that belong to its end: the one on its last line,
        and under a compound statement those that are indented deeper than it."""
        span = self.span(node)
        end = span.end
        column = self.position(span.start)[1]
        compound = isinstance(getattr(node, "body", getattr(node, "cases", None)), list)
        for comment in self.following_comments(end):
            same_line = "\n" not in self.text[end : comment.span.start]
            if not same_line and not (compound and comment.own_line and comment.column > column):
                break
            end = comment.span.end
        return Span(span.start, end)

    def begins_in_string(self, line: int) -> bool:
        """Whether line *line* (from 1) begins inside a string, so that its white space is text."""
        return self._lexed.in_string(self._starts[line - 1])

    @cached_property
    def _lexed(self) -> Lexed:
        return Lexed(self.text, self._starts, self._bounds)
