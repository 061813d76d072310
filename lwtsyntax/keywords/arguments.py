"""What stands between the parentheses of a marker call, as it can stand without the call."""

from __future__ import annotations

import ast
import re

from lwtsyntax.ir.code import Code
from lwtsyntax.ir.source import Source, Span

__all__ = [
    "bare_argument",
    "brackets_around",
    "is_no_promise",
    "stands_alone",
    "takes_all",
]

_BEFORE_CLOSING = re.compile(r"(?:[\s\\]|#[^\r\n]*)*\)")
_MARGIN = re.compile(r"(?:[\s)]|#[^\r\n]*)*")


def bare_argument(call: ast.Call, source: Source) -> Code | None:
    """``e`` of ``marker(e)`` as it stands behind a keyword; None where it cannot.

    It keeps the parentheses where it runs over several lines, or is an expression only inside some.
    """
    argument = call.args[0]
    if isinstance(argument, ast.Starred | ast.GeneratorExp):
        return None
    span, end = source.span(argument), source.span(call).end
    start = source.span(call.func).end
    before = source.text[start : span.start]
    opening = span.start - len(before.lstrip())
    if source.text[opening] != "(":
        return None
    last = span.end + len(_MARGIN.match(source.text[span.end : end - 1])[0])  # type: ignore[index]
    comma = source.text[last : last + 1] == "," and last < end - 1
    close = last if comma else end - 1
    inside = source.text[opening + 1 : close]
    bare = inside.strip()
    begin = opening + 1 + inside.index(bare)
    margins = source.text[opening + 1 : span.start] + source.text[span.end : close]
    one_line = "\n" not in margins and "\r" not in margins
    grouped = bare.startswith("(") and begin < span.start
    if "#" not in margins and (one_line or grouped) and stands_alone(bare):
        return (Span(begin, begin + len(bare)),)
    return (Span(opening, close), Span(close + comma, end))


def brackets_around(span: Span, source: Source) -> int | None:
    """Where the parentheses open that hold nothing but the expression at *span*; None if there are none."""
    behind = _BEFORE_CLOSING.match(source.text, span.end)
    if behind is None:
        return None
    at = span.start
    while True:
        at = len(source.text[:at].rstrip(" \t\f\r\n\\"))
        line = source.offset_of(source.line_of(at), 0)
        comment = source.comments_in(line, at)
        if not comment or comment[-1].span.end != at:
            break
        at = comment[-1].span.start
    return at - 1 if source.text[at - 1 : at] == "(" else None


def stands_alone(text: str) -> bool:
    """Whether *text* is an expression that needs no parentheses around it."""
    try:
        ast.parse(text, mode="eval")
    except (SyntaxError, ValueError):
        return False
    return True


def takes_all(pattern: ast.pattern) -> bool:
    """Whether ``exception`` is the variable of *pattern* that it is in Python: that matches everything."""
    match pattern:
        case ast.MatchAs(pattern=None, name="exception"):
            return True
        case ast.MatchAs(pattern=ast.MatchAs(pattern=None, name="exception")):
            return True
    return False


def is_no_promise(node: ast.expr) -> bool:
    """Whether the value of *node* surely is no promise."""
    match node:
        case ast.Constant() | ast.Compare() | ast.JoinedStr() | ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Tuple() | ast.List() | ast.Set() | ast.Dict() | ast.Lambda():
            return True
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return True
        case ast.BoolOp(values=values):
            return all(map(is_no_promise, values))
    return False
