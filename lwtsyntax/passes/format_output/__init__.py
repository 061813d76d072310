"""Lay a lowered function out with black, and follow the positions through it.

Input: the printed text of one function.  Output: the text as black formats it at that indentation; and,
if somebody asks, the mapping of every syntax node's place.  Nothing else of the file is touched.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from lwtsyntax.ir.printing import INDENT, Mapped
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.tree import children, walk
from lwtsyntax.passes.format_output.arranging import arranged

__all__ = ["by_black", "follow_places", "format_output", "layout"]

_JOINED = re.compile(r"  (?=#)")
_TWO_COMMENTS = re.compile(r"#.*  #")
_STRING_STATEMENT = re.compile(r"(?m)^[ \t\f]*[rRuUbBfF]{0,2}[\"']|:[ \t]*[rRuU]{0,2}[\"']")


def format_output(text: str, indent: str) -> str:
    """*text*, a definition that stands at *indent*, laid out."""
    levels = (
        len(indent) // len(INDENT)
        if not indent.strip(" ") and len(indent) % len(INDENT) == 0
        else 0
    )
    wrapped = "".join(f"{INDENT * level}if 1:\n" for level in range(levels))
    body = text if levels else _shift(text, indent, "")
    program = wrapped + indent * bool(levels) + body
    in_parts = arranged(program, by_black)
    formatted = by_black(program) if in_parts is None else in_parts
    lines = formatted.splitlines(keepends=True)
    kept = "".join(lines[levels:]).lstrip("\n").removesuffix("\n")
    if levels:
        kept = kept.removeprefix(indent)
    else:
        kept = _shift(kept, "", indent)
    if in_parts is None:
        kept = _restore_docstrings(text, kept, indent)
    return _separate_comments(text, kept, indent)


def layout(text: str) -> str:
    """*text*, a whole file, laid out; docstrings stay as they are, and so does what black cannot read."""
    try:
        formatted = format_output(text.replace("\r\n", "\n"), "") + "\n"
    except ValueError:  # InvalidInput: what black does not take for Python
        return text
    return formatted.replace("\n", "\r\n") if "\r\n" in text else formatted


def by_black(program: str) -> str:
    """*program* as black lays it out, whichever versions of Python it looks as if it were for: it may be a part of
    another, and all of an output runs on no version that black would treat in another way."""
    import black
    from black.mode import TargetVersion

    versions = {version for version in TargetVersion if version.value >= TargetVersion.PY37.value}
    return black.format_str(program, mode=black.Mode(target_versions=versions))


def _restore_docstrings(old: str, new: str, indent: str) -> str:
    """*new* with the docstrings of *old*: black rewrites them, but a program can read them."""
    if not _STRING_STATEMENT.search(old):
        return new
    before, after = Source(_program(old, indent), ""), Source(_program(new, indent), "")
    skipped = len(_program("", indent))
    pairs = zip(_docstrings(before), _docstrings(after), strict=True)
    for was, now in reversed(list(pairs)):
        if was.value != now.value:
            span = after.span(now)
            text = before.slice(before.span(was))
            new = new[: span.start - skipped] + text + new[span.end - skipped :]
    return new


def _separate_comments(old: str, new: str, indent: str) -> str:
    """*new* with each comment of *old* as one: black joins those of the lines that it joins, and then
    nobody can tell what they are about.  They go above the line."""
    if not _TWO_COMMENTS.search(new):
        return new
    known = {token.string for _, token in _comments(old, indent)}
    lines = new.split("\n")
    for row, token in reversed(list(_comments(new, indent))):
        parts = _JOINED.split(token.string)
        code = lines[row].removesuffix(token.string).rstrip()
        if len(parts) > 1 and token.string not in known and code.lstrip()[:1] not in (*")]}", ""):
            space = lines[row][: len(lines[row]) - len(lines[row].lstrip())] if row else indent
            first = [
                part if row == 0 and not index else space + part for index, part in enumerate(parts)
            ]
            lines[row : row + 1] = [*first, space + code.lstrip()]
    return "\n".join(lines)


def _comments(text: str, indent: str) -> Iterator[tuple[int, tokenize.TokenInfo]]:
    """Each comment with the line of *text* that it stands on, counted from 0."""
    program = _program(text, indent)
    before = program.count("\n") - text.count("\n")
    for token in tokenize.generate_tokens(io.StringIO(program).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0] - 1 - before, token


def _docstrings(source: Source) -> list[ast.Constant]:
    found: list[ast.Constant] = []
    for node in walk(ast.parse(source.text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            match node.body[:1]:
                case [ast.Expr(value=ast.Constant(value=str()) as docstring)]:
                    found.append(docstring)
    return sorted(found, key=lambda docstring: (docstring.lineno, docstring.col_offset))


def _shift(text: str, old: str, new: str) -> str:
    """Move every line but the first from indentation *old* to *new*; strings stay as they are."""
    if old == new:
        return text
    source = Source(_dedented(text, old), "")
    lines = text.splitlines(keepends=True)
    for index in range(1, len(lines)):
        if not source.begins_in_string(index + 1) and lines[index].strip():
            lines[index] = new + lines[index].removeprefix(old)
    return "".join(lines)


def _dedented(text: str, indent: str) -> str:
    """*text* as a program of its own; good enough to find the strings in it."""
    if not indent:
        return text
    return "\n".join(line.removeprefix(indent) for line in text.split("\n"))


def follow_places(old: str, new: str, indent: str, mapping: list[Mapped]) -> list[Mapped]:
    """The mapping of *new*, which *old* became: pair the syntax trees of the two texts, whose nodes come in the same order."""
    old_source, new_source = Source(_program(old, indent), ""), Source(_program(new, indent), "")
    skipped = len(_program("", indent))
    pairs = zip(_places(old_source), _places(new_source), strict=False)
    found: dict[int, Mapped] = {}
    index = 0
    same = [(before, after) for (before, kind), (after, other) in pairs if kind is other]
    starts = sorted((before - skipped, after - skipped) for before, after in same)
    ordered = sorted(mapping, key=lambda item: item.start)
    for before, after in starts:
        while index + 1 < len(ordered) and ordered[index + 1].start <= before:
            index += 1
        if ordered and ordered[index].start <= before:
            item = ordered[index]
            start = item.source.start + (before - item.start if item.exact else 0)
            found.setdefault(after, Mapped(after, after, Span(start, item.source.end), item.exact))
    return [found[key] for key in sorted(found)]


def _program(text: str, indent: str) -> str:
    return f"if 1:\n{indent}{text}" if indent else text


def _places(source: Source) -> list[tuple[int, type[ast.AST]]]:
    """Where each statement and expression begins, in the order of the tree."""
    places: list[tuple[int, type[ast.AST]]] = []
    todo: list[ast.AST] = [ast.parse(source.text)]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.stmt | ast.expr):
            places.append((source.offset(node.lineno, node.col_offset), type(node)))
        if not isinstance(node, ast.JoinedStr):
            todo.extend(children(node))
    return places
