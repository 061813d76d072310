"""What the import of a refused source raises, and what one that is only doubtful warns with."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lwtsyntax.diagnostics import Diagnostic

__all__ = ["TransformError", "TransformWarning"]


class TransformError(SyntaxError):
    """The source of a module cannot be lowered; the interpreter shows the place of the first diagnostic."""

    code: str = ""
    hint: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()

    @classmethod
    def of(cls, diagnostics: Sequence[Diagnostic]) -> TransformError:
        """The error for a source that was refused for these reasons, of which there is at least one.

        No argument of ``__init__``: exceptions travel between processes as their ``args``.
        """
        first, *more = diagnostics
        place = (first.filename, first.line, first.column, first.source_line or None)
        error = cls(f"{first.code} {first.message}", (*place, first.end_line, first.end_column))
        error.code, error.hint, error.diagnostics = first.code, first.hint, tuple(diagnostics)
        if first.hint:
            error.add_note(f"hint: {first.hint}")
        for each in more:
            error.add_note(f"{each.filename}:{each.line}:{each.column}: {each.code} {each.message}")
        return error


class TransformWarning(SyntaxWarning):
    """The source of a module was lowered, but the transformer has a doubt about it."""


for _public in (TransformError, TransformWarning):
    _public.__module__ = (
        "lwtsyntax"  # what the interpreter shows, and `-W error::lwtsyntax.TransformWarning`
    )
