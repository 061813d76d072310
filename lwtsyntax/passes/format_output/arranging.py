"""Lay a function out: what black has a choice about goes to black, by the statement.

Input: the text of a function.  Output: the text as black lays it out.  A statement that is well written stays
as it is; black gets the others, in blocks as deep as their own and each between two names::

    def f(x):                                           if 1:
        try:                                                if 1:
            y = g( x )                                          name_0
            return Lwt.map(y, lambda z: z + 1)                  y = g( x )
        except BaseException as error:                          name_1
            return Lwt.failed(error)

black's time goes by tokens, and most of an output is well written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from lwtsyntax.ir.lexing import COMMENT
from lwtsyntax.ir.printing import INDENT
from lwtsyntax.passes.format_output.spacing import empty_lines
from lwtsyntax.passes.format_output.splitting import split_line
from lwtsyntax.passes.format_output.statements import Statement, statements
from lwtsyntax.passes.format_output.well_written import LINE_LENGTH, well_written

__all__ = ["arranged"]

# black's own comments, which concern more than their line; a body that is only `...`, which it joins.
_NOT_BY_STATEMENT = re.compile(r"#.*(?:fmt:|type:|\N{NO-BREAK SPACE})|\.\.\.$", re.MULTILINE)
_DOCSTRING = re.compile(
    r"""r?"{3}(?:(?!"{3}).)*"{3}|r?"[^"\n]*"|'(?P<single>[^'\\\n]+)'""", re.DOTALL
)
_BLOCK = ["if 1:", f"{INDENT}pass"]
_TRY = ["try:", f"{INDENT}pass"]
_BODY = [f"{INDENT}pass"]
# What makes a statement of the header of one: the lines before and behind.
_AROUND: dict[str, tuple[list[str], list[str]]] = {
    **dict.fromkeys(("if", "while", "for", "def"), ([], _BODY)),
    "elif": (_BLOCK, _BODY),
    "else": (_BLOCK, _BODY),
    "except": (_TRY, _BODY),
    "finally": (_TRY, _BODY),
    "try": ([], [*_BODY, "finally:", *_BODY]),
    "match": ([], [f"{INDENT}case _:", f"{INDENT}{INDENT}pass"]),
    "@": ([], ["def f():", *_BODY]),
}
_SPLIT_IN_TWO = ("if", "while", "for")  # with the body in the same line


def arranged(text: str, black: Callable[[str], str]) -> str | None:
    """*text* as *black* lays it out; None where that has to see it whole."""
    if _NOT_BY_STATEMENT.search(text):
        return None
    lines = statements(text)
    blank = None if lines is None else empty_lines(lines)
    if lines is None or blank is None:
        return None
    texts = [_known(line, lines[index - 1] if index else line) for index, line in enumerate(lines)]
    rest = [line for line, known in zip(lines, texts, strict=True) if known is None]
    if not all(map(_stands_alone, rest)):
        return None
    laid_out = _laid_out(rest, text, black) if rest else []
    if laid_out is None:
        return None
    new = iter(laid_out)
    parts = []
    for line, known, count in zip(lines, texts, blank, strict=True):
        parts.append("\n" * count + INDENT * line.depth + (next(new) if known is None else known))
    return "\n".join(parts) + "\n"


def _known(line: Statement, before: Statement) -> str | None:
    """What black makes of *line*, where that is known."""
    if line.plain_string and before.word == "def":
        return _docstring(line.text)
    code, mark, _ = line.mask.partition(COMMENT)
    width = len(code)
    comment = line.text[width:].rstrip()
    if mark and comment[1:2] not in " !:#'":
        comment = f"# {comment[1:]}"
    if mark and not code:
        return comment
    written = well_written(line.text[:width].rstrip(" "))
    if written is None:
        return None
    whole = f"{written}  {comment}" if mark else written
    column = len(INDENT) * line.depth
    if column + len(whole) <= LINE_LENGTH:
        return whole
    return None if mark else split_line(whole, column, LINE_LENGTH)


def _docstring(text: str) -> str | None:
    """Docstrings stay, in double quotes where that is all that changes."""
    found = _DOCSTRING.fullmatch(text)
    if found is None:
        return None
    single = found["single"]
    if single is None or '"' in single:
        return text
    return f'"{single}"' if single == single.strip() else None


def _stands_alone(line: Statement) -> bool:
    """Whether black can be given *line* without what stands around it."""
    if line.plain_string or line.word in ("class", "async", "with", "case"):
        return False
    if line.opens:
        return line.word in _AROUND
    if ";" in line.mask:  # becomes several lines, for which the empty ones are not counted
        return line.word not in _AROUND and "import" not in line.mask
    return line.word not in _AROUND or line.word in ("@", *_SPLIT_IN_TWO)


def _laid_out(
    lines: Sequence[Statement], text: str, black: Callable[[str], str]
) -> list[str] | None:
    """Each of *lines* as *black* lays it out at its depth, but for the indentation of the first line; None if
    what was put around one is not what comes back around it."""
    name = "name_"
    while name in text:
        name += "_"
    blocks: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        blocks[line.depth].append(index)
    program: list[str] = []
    for depth, members in blocks.items():
        indent = INDENT * depth
        program += [f"{INDENT * level}if 1:" for level in range(depth)]
        for index in members:
            first, last = _around(lines[index])
            program.append(f"{indent}{name}{index}")
            program += [indent + each for each in (*first, lines[index].text, *last)]
        program.append(f"{indent}{name}")
    pieces = re.split(rf"(?m)^ *{name}(\d*)\n", black("\n".join(program) + "\n"))
    found = dict(zip(pieces[1::2], pieces[2::2], strict=True))
    new: list[str] = []
    for index, line in enumerate(lines):
        piece = _without(_around(line), found[str(index)])
        if piece is None:
            return None
        new.append(piece)
    return new


def _around(line: Statement) -> tuple[list[str], list[str]]:
    return _AROUND[line.word] if line.opens or line.word == "@" else ([], [])


def _without(around: tuple[list[str], list[str]], piece: str) -> str | None:
    """*piece* without the lines *around* that made it a statement, the empty ones at its ends, and indentation;
    None if these are not there."""
    first, last = around
    lines = piece.strip("\n").split("\n")
    end = len(lines) - len(last)
    put = [line.strip() for line in (*first, *last)]
    if [line.strip() for line in (*lines[: len(first)], *lines[end:])] != put:
        return None
    return "\n".join(lines[len(first) : end]).lstrip(" ")
