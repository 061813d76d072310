"""The empty lines between statements, as black leaves and puts them."""

from __future__ import annotations

from collections.abc import Sequence

from lwtsyntax.passes.format_output.statements import Statement

__all__ = ["empty_lines"]

_DEFINES = ("def", "@")
_IMPORTS = ("import", "from")


def empty_lines(lines: Sequence[Statement]) -> list[int] | None:
    """How many there are before each of *lines*, that of one function; None where black's versions differ.

    One is kept where there are some, and there is one around a local function, that is before its decorators and the
    comments directly above them, and one behind a run of imports.
    """
    counts: list[int] = []
    open_functions: list[int] = []  # their depths
    comments: int | None = None  # the first of those directly above
    for index, line in enumerate(lines):
        count = 0
        if index:
            before = lines[index - 1]
            if _doubtful(before, line):
                return None
            closes = bool(open_functions) and open_functions[-1] >= line.depth
            count = _between(before, line, closes)
            if line.word in _DEFINES and before.comment and not count:
                if comments and not lines[comments - 1].opens:
                    counts[comments] = 1
            elif line.word in _DEFINES and not _belongs(before):
                count = 1
        while open_functions and open_functions[-1] >= line.depth:
            open_functions.pop()
        if line.word == "def":
            open_functions.append(line.depth)
        if not line.comment:
            comments = None
        elif comments is None or count:
            comments = index
        counts.append(count)
    return counts


def _doubtful(before: Statement, line: Statement) -> bool:
    return (
        (before.opens and line.blank > 0)
        or (before.word == "@" and line.comment)
        or (line.depth == 0 and not (before.comment and not line.blank) and before.word != "@")
    )


def _belongs(before: Statement) -> bool:
    """Whether a definition that comes next stands close to *before*."""
    return before.word == "@" or (before.word == "def" and before.opens)


def _between(before: Statement, line: Statement, closes: bool) -> int:
    """The empty lines between two, of which the second may be the first behind a local function."""
    if _belongs(before):
        return 0
    if closes or (
        before.word in _IMPORTS and line.word not in _IMPORTS and before.depth == line.depth
    ):
        return 1
    return min(line.blank, 1)
