"""What CPython makes of a text, and what it says of one that is no Python."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager

from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.ir.source import Source, Span

__all__ = ["check_compiles", "parse"]


def parse(source: Source, shown: Source | None = None) -> ast.Module:
    """The syntax tree; a refusal shows the lines of *shown*, a text in which nothing stands elsewhere."""
    with _refusing(shown or source):
        return ast.parse(source.text, source.filename)


def check_compiles(tree: ast.Module, source: Source) -> None:
    """Refuse what only the compiler refuses in *tree*, that of *source*."""
    with _refusing(source):
        compile(tree, source.filename, "exec", dont_inherit=True)


@contextmanager
def _refusing(source: Source) -> Iterator[None]:
    try:
        yield
    except SyntaxError as error:
        raise Refusal(_diagnostic(error, source)) from None
    except ValueError as error:
        message = f"not valid Python: {error}"
        raise Refusal(source.diagnostic("LWT001", message, Span(0, 0))) from None
    except (MemoryError, RecursionError):
        message = "this source is nested too deeply for CPython's parser"
        raise Refusal(source.diagnostic("LWT003", message, Span(0, 0))) from None


def _diagnostic(error: SyntaxError, source: Source) -> Diagnostic:
    message = f"not valid Python: {error.msg}"
    line, column = error.lineno or 1, error.offset or 1
    end_line, end_column = error.end_lineno or line, error.end_offset or column + 1
    if source.shown is not source:  # only the compiler can refuse it, and it counts bytes
        start = source.offset(line, column - 1)
        end = max(start + 1, source.offset(end_line, end_column - 1))
        return source.diagnostic("LWT001", message, Span(start, min(end, len(source.text))))
    text = source.line(line) if line <= source.line_count else ""
    place = (source.filename, line, column, end_line, max(end_column, column + 1))
    return Diagnostic("LWT001", message, *place, text)
