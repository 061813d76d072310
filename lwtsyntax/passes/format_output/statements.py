"""A text as a list of its statements and headers of statements, for layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lwtsyntax.ir.lexing import COMMENT, STRING, masked

__all__ = ["Statement", "statements"]

_WORD = re.compile(r"[a-z]+\b|@")
_BYTES_OR_F_STRING = re.compile(r"[rR]?[bBfFtT]")
# Line ends of other kinds, and indentation that is not counted in spaces.
_DOUBTFUL = re.compile(r"[\f\r\t]")


@dataclass(slots=True)
class Statement:
    """A simple statement, the header of a compound one, a decorator, or a line that is a comment."""

    text: str  # from the first character that is no space
    mask: str  # the same without what its strings and comments hold
    column: int
    blank: int  # empty lines before it
    depth: int = 0  # of blocks
    word: str = ""  # the first one, if it is in lower case; "@"

    @property
    def comment(self) -> bool:
        return self.mask[0] == COMMENT

    @property
    def opens(self) -> bool:
        """Whether its block comes next."""
        return self.mask.rstrip(f" {COMMENT}").endswith(":")

    @property
    def plain_string(self) -> bool:
        """Whether it is a string and nothing else, as a docstring is."""
        return not self.mask.strip(STRING) and not _BYTES_OR_F_STRING.match(self.text)


def statements(text: str) -> list[Statement] | None:
    """The statements of *text*, in order; None where it is not evident what is a block of which."""
    if _DOUBTFUL.search(text):
        return None
    found: list[Statement] = []
    columns = [0]  # where the open blocks begin
    comments: list[Statement] = []  # since the last line of code
    opened = False
    for line in _logical_lines(text):
        found.append(line)
        if line.comment:
            comments.append(line)
            continue
        before = list(columns)
        if opened:
            columns.append(line.column)
        while columns[-1] > line.column:
            columns.pop()
        if columns[-1] != line.column or columns[-2:-1] == [line.column]:
            return None
        if not _settle(comments, columns if opened else before, line.column):
            return None
        comments = []
        line.depth = len(columns) - 1
        word = _WORD.match(line.mask)
        line.word = word[0] if word else ""
        opened = line.opens
    return found if not opened and _settle(comments, columns, 0) else None


def _settle(comments: list[Statement], columns: list[int], column: int) -> bool:
    """Find out in which of the blocks that begin at *columns* each of *comments* stands, before a line
    at *column*; False where none begins at its own column."""
    most = columns[-1]
    for comment in comments:
        if not column <= comment.column <= most or comment.column not in columns:
            return False
        most = comment.column
        comment.depth = columns.index(most)
    return True


def _logical_lines(text: str) -> Iterator[Statement]:
    """Each with its column.  A string that runs over lines is part of its line, and so are brackets."""
    mask = masked(text)
    blank = at = depth = 0
    start: int | None = None
    for line in mask.split("\n"):
        if start is None and not line.strip():
            blank += 1
        else:
            start = at if start is None else start
            depth += sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
            if depth <= 0 and not line.endswith("\\"):
                whole = mask[start : at + len(line)]
                first = start + len(whole) - len(whole.lstrip(" "))
                end = start + len(whole.rstrip(" "))
                yield Statement(text[first:end], mask[first:end], first - start, blank)
                start, blank, depth = None, 0, 0
        at += len(line) + 1
