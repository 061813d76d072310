"""Leave a warning be, by a comment; take away a comment, or a marker, that does nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from lwtsyntax.analysing import Span
from lwtsyntax_lsp.actions.fix import Fix, Setting, around

__all__ = ["plain_loop", "remove_comment", "silence"]


def silence(setting: Setting) -> Iterator[Fix]:
    """The comment that silences the warning, where one can be written."""
    source = setting.source
    assert setting.found is not None
    line = source.line_of(setting.span.end)
    text = source.line(line)
    if text.endswith("\\") or source.begins_in_string(line + 1):
        return
    end = source.offset_of(line, len(text))
    comment = f"  # lwtsyntax: ignore[{setting.found.code}]"
    yield Fix(f"Silence {setting.found.code} here", [(Span(end, end), comment)])


def remove_comment(setting: Setting) -> Iterator[Fix]:
    """The way out of LWT033: the whole comment, if it says nothing else."""
    source = setting.source
    for comment in source.comments:
        if comment.span.start <= setting.span.start and setting.span.end <= comment.span.end:
            codes = comment.text.partition("[")[2].partition("]")[0].split(",")
            alone = (
                comment.text.lstrip("# ").startswith("lwtsyntax:") and comment.text.count("#") == 1
            )
            if alone and len(codes) < 2:
                start = comment.span.start
                start -= len(source.text[:start]) - len(source.text[:start].rstrip(" \t"))
                yield Fix(
                    "Remove the comment", [(Span(start, comment.span.end), "")], preferred=True
                )


def plain_loop(setting: Setting) -> Iterator[Fix]:
    """The way out of LWT031: the loop without its marker."""
    call = around(setting)[-1]
    match call:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[argument]) if (
            setting.source.span(call) == setting.span
        ):
            text = setting.source.slice(setting.source.span(argument))
            loop = name.removesuffix("_lwt")
            yield Fix(f"Write a plain {loop} loop", [(setting.span, text)], preferred=True)
