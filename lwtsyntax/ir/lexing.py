"""Where the strings and comments of a program stand: all that the passes need of its tokens.

One regular expression finds them, some twenty times as fast as ``tokenize``.  From Python 3.12 on an
f-string may hold the quotes that end it; a text where that could be is left to ``tokenize``.
"""

from __future__ import annotations

import io
import re
import sys
import tokenize
from bisect import bisect_right
from collections.abc import Sequence

__all__ = ["find_comments_and_strings", "lines_inside"]

_STRINGS_AND_COMMENTS = re.compile(
    r"""
    (?P<comment> \#[^\r\n]* )
    | (?P<prefix> [A-Za-z]{0,2} )
      (?: "{3} (?P<long> (?: [^"\\] | \\. | "(?!"") )*+ ) "{3}
        | '{3} (?P<long_single> (?: [^'\\] | \\. | '(?!'') )*+ ) '{3}
        | " (?P<short> (?: [^"\\\r\n] | \\(?: \r\n | . ) )*+ ) "
        | ' (?P<short_single> (?: [^'\\\r\n] | \\(?: \r\n | . ) )*+ ) '
      )
    """,
    re.VERBOSE | re.DOTALL,
)
_Places = list[tuple[int, int]]


def find_comments_and_strings(text: str, line_starts: Sequence[int]) -> tuple[_Places, _Places]:
    """The offsets where each comment, and each string, begins and ends; in order."""
    comments: _Places = []
    strings: _Places = []
    for found in _STRINGS_AND_COMMENTS.finditer(text):
        if found.lastgroup == "comment":
            comments.append(found.span())
            continue
        prefix = found["prefix"]
        if (
            prefix
            and sys.version_info >= (3, 12)
            and _may_nest(prefix, found[found.lastgroup or 0])
        ):
            return _by_tokens(text, line_starts)
        strings.append(found.span())
    return comments, strings


def _may_nest(prefix: str, body: str) -> bool:
    """Whether what was found may end before the f-string does."""
    if prefix.lower().strip("rb") == "" or "{" not in body:
        return False
    return '"' in body or "'" in body or body.count("{") != body.count("}")


def _by_tokens(text: str, line_starts: Sequence[int]) -> tuple[_Places, _Places]:
    comments: _Places = []
    strings: _Places = []
    opened: list[int] = []
    lines = re.sub(r"\r\n|\r", "\n", text)
    for token in tokenize.generate_tokens(io.StringIO(lines).readline):
        start, end = (line_starts[line - 1] + column for line, column in (token.start, token.end))
        name = tokenize.tok_name[token.type]
        if name == "COMMENT":
            comments.append((start, end))
        elif name in ("FSTRING_START", "TSTRING_START"):
            opened.append(start)
        elif name in ("FSTRING_END", "TSTRING_END"):
            strings.append((opened.pop(), end))
        elif name == "STRING":
            strings.append((start, end))
    return comments, sorted(strings)


def lines_inside(places: _Places, line_starts: Sequence[int]) -> set[int]:
    """The numbers of the lines that begin inside one of *places*."""
    inside: set[int] = set()
    for start, end in places:
        first, last = bisect_right(line_starts, start), bisect_right(line_starts, end)
        inside.update(range(first + 1, last + 1))
    return inside
