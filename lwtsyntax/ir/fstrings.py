"""Where the parts of an f-string stand: Python 3.11 does not say."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from string import ascii_letters

from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.tree import walk

__all__ = ["locate_parts", "quotes_around"]

_OPENING = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")")
_BRACKETS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def locate_parts(node: ast.JoinedStr, source: Source) -> None:
    """Give the expressions in *node* their places in the text, which newer Pythons have done."""
    if sys.version_info >= (3, 12):
        return
    fields = _fields(source, source.span(node))
    for part in _formatted(node):
        _move(part.value, next(fields), source)


def quotes_around(node: ast.JoinedStr, source: Source, offset: int) -> str:
    """The quotes of the innermost f-string in *node* that holds *offset*, from Python 3.12 on."""
    span = source.span(node)
    text = f"({source.slice(span)})"
    opened: list[str] = []
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if starts[token.start[0] - 1] + token.start[1] + span.start - 1 >= offset:
            break
        match tokenize.tok_name[token.type]:
            case "FSTRING_START":
                opened.append(token.string.lstrip(ascii_letters))
            case "FSTRING_END":
                opened.pop()
    return opened[-1]


def _formatted(node: ast.JoinedStr) -> Iterator[ast.FormattedValue]:
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            yield part
            if isinstance(part.format_spec, ast.JoinedStr):
                yield from _formatted(part.format_spec)


def _move(node: ast.expr, span: Span, source: Source) -> None:
    """Give *node*, whose text stands at *span*, and all in it their places."""
    part = Source(f"({source.slice(span)})", source.filename)
    shift = span.start - 1
    placed = ast.parse(part.text, mode="eval").body
    for old, new in zip(walk(node), walk(placed), strict=True):
        if isinstance(new, ast.expr | ast.keyword | ast.arg):
            where = part.span(new)
            for name, at in (("", where.start), ("end_", where.end)):
                line, column = source.position(at + shift)
                width = len(source.line(line)[:column].encode())
                vars(old).update({f"{name}lineno": line, f"{name}col_offset": width})


def _fields(source: Source, span: Span) -> Iterator[Span]:
    """The expressions of the f-strings that stand side by side in *span*, in order."""
    text, at = source.text, span.start
    while (opening := _OPENING.search(text, at, span.end)) is not None:
        gap = source.comments_in(at, opening.start())
        if gap:
            at = gap[-1].span.end
            continue
        prefix, quote = opening[1].lower(), opening[2]
        end = _end_of_string(text, opening.end(), quote)
        if "f" in prefix:
            yield from _literal(text, opening.end(), end, "r" in prefix)
        at = end + len(quote)


def _end_of_string(text: str, at: int, quote: str) -> int:
    while not text.startswith(quote, at):
        at += 2 if text[at] == "\\" else 1
    return at


def _literal(text: str, at: int, end: int, raw: bool) -> Iterator[Span]:
    while at < end:
        if text.startswith(("{{", "}}"), at):
            at += 2
        elif not raw and text.startswith("\\N{", at):
            at = text.index("}", at) + 1
        elif text[at] == "{":
            stop = _expression(text, at + 1)
            yield Span(at + 1, _before_equals(text, at + 1, stop))
            if text[stop] == "!":
                stop += 2
            if text[stop] == ":":
                close = _closing(text, stop)
                yield from _specification(text, stop + 1, close)
                stop = close
            at = stop + 1
        else:
            at += 1


def _specification(text: str, at: int, end: int) -> Iterator[Span]:
    while (opening := text.find("{", at, end)) >= 0:
        stop = _expression(text, opening + 1)
        yield Span(opening + 1, _before_equals(text, opening + 1, stop))
        at = _closing(text, stop) + 1


def _closing(text: str, at: int) -> int:
    """The brace that closes the field whose conversion or specification begins at *at*."""
    depth = 0
    while text[at] != "}" or depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at


def _expression(text: str, at: int) -> int:
    """Where the expression of a field ends: at its ``!``, ``:`` or ``}``."""
    depth = 0
    while True:
        character = text[at]
        if opening := _OPENING.match(text, at):
            at = _end_of_string(text, opening.end(), opening[2]) + len(opening[2])
            continue
        if not depth and (character in ":}" or (character == "!" and text[at + 1] != "=")):
            return at
        depth += _BRACKETS.get(character, 0)
        at += 1


def _before_equals(text: str, start: int, stop: int) -> int:
    """Where the expression ends in ``{e = }``, which shows its own text."""
    words = text[start:stop].rstrip()
    if words.endswith("=") and words[-2:-1] not in ("=", "!", "<", ">"):
        return start + len(words) - 1
    return stop
