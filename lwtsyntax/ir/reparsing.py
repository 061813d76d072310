"""The syntax tree of a text that differs little from one whose tree is known.

Of a module only the top-level statements are parsed whose lines have changed; where that moves lines, what follows
them, too, as its nodes bear its lines.  What is parsed is a run of whole lines that no statement reaches into from
outside, so it means by itself what it means where it stands.
"""

from __future__ import annotations

import ast

from lwtsyntax.ir.callgraph import keep_calls
from lwtsyntax.ir.comparing import common_ends
from lwtsyntax.ir.source import Source

__all__ = ["reparse"]


def reparse(old: Source, tree: ast.Module, new: Source) -> tuple[ast.Module, list[ast.stmt]] | None:
    """The tree of *new*, and those of its statements that *tree*, that of *old*, does not have, up to their lines.

    None where the text as a whole has to be parsed.  The two trees share what is the same.
    """
    before, behind = common_ends(old.text, new.text)
    body, moved = tree.body, new.line_count - old.line_count
    first, last = old.line_of(before), old.line_of(len(old.text) - behind)
    start, stop = _changed(body, first, last)
    above = _last_line(body[start - 1]) if start else 0
    below = _first_line(body[stop]) if stop < len(body) and not moved else new.line_count + 1
    lines = new.text[new.offset_of(above + 1, 0) : _line_start(new, below)]
    try:
        parsed = ast.parse("\n" * above + lines, new.filename).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None  # whoever parses the whole text can say what is wrong with it
    kept = body[stop:]
    if not moved:
        return ast.Module([*body[:start], *parsed, *kept], tree.type_ignores), parsed
    same = bool(kept) and len(kept) <= len(parsed) and _stands(parsed[-len(kept)], kept[0], moved)
    fresh = parsed[: -len(kept)] if same else parsed
    for earlier, node in zip(kept, parsed[len(fresh) :], strict=False):
        keep_calls(earlier, node)
    return ast.Module([*body[:start], *parsed], tree.type_ignores), fresh


def _stands(node: ast.stmt, earlier: ast.stmt, moved: int) -> bool:
    """Whether *node* begins where *earlier* did in the other text."""
    return (_first_line(node), node.col_offset) == (
        _first_line(earlier) + moved,
        earlier.col_offset,
    )


def _changed(body: list[ast.stmt], first: int, last: int) -> tuple[int, int]:
    """The statements ``body[start:stop]`` that the lines *first* to *last* concern: those that reach into
    them, and those that share a line with one of these."""
    start = next((n for n, each in enumerate(body) if _last_line(each) >= first), len(body))
    while 0 < start < len(body) and _last_line(body[start - 1]) >= _first_line(body[start]):
        start -= 1
    stop = next((n for n, each in enumerate(body) if _first_line(each) > last), len(body))
    stop = max(start, stop)
    while 0 < stop < len(body) and _last_line(body[stop - 1]) >= _first_line(body[stop]):
        stop += 1
    return start, stop


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _last_line(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _line_start(source: Source, line: int) -> int:
    return len(source.text) if line > source.line_count else source.offset_of(line, 0)
