"""What a check has to say about a statement, before it is known whether a comment there silences it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from lwtsyntax.diagnostics import Diagnostic

__all__ = ["Finding", "lines_of"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A warning, and the lines of the statement that it is about."""

    diagnostic: Diagnostic
    lines: range


def lines_of(statement: ast.stmt) -> range:
    """The lines of *statement*; of a compound statement, those before its body."""
    assert statement.end_lineno is not None
    end = statement.end_lineno + 1
    body = getattr(statement, "body", None) or getattr(statement, "cases", None)
    if body:
        first = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
        end = max(first.lineno, statement.lineno + 1)
    return range(statement.lineno, end)
