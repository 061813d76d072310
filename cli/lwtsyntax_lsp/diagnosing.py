"""Findings as the protocol has them."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from lsprotocol import types

from lwtsyntax.analysing import Span
from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax_lsp.snapshot import Snapshot

__all__ = ["SOURCE", "protocol_diagnostics", "span_of"]

SOURCE = "lwtsyntax"


def protocol_diagnostics(snapshot: Snapshot, *, strict: bool) -> list[types.Diagnostic]:
    """The diagnostics of *snapshot*; *strict* makes errors of warnings."""
    return [protocol_diagnostic(snapshot, each, strict=strict) for each in snapshot.diagnostics]


def protocol_diagnostic(
    snapshot: Snapshot, found: Diagnostic, *, strict: bool = False
) -> types.Diagnostic:
    error = strict or found.severity == "error"
    page = _page(found.code)
    return types.Diagnostic(
        range=snapshot.places.range(span_of(snapshot, found)),
        severity=types.DiagnosticSeverity.Error if error else types.DiagnosticSeverity.Warning,
        code=found.code,
        code_description=types.CodeDescription(page) if page else None,
        source=SOURCE,
        message=f"{found.message}\nhint: {found.hint}" if found.hint else found.message,
    )


def span_of(snapshot: Snapshot, found: Diagnostic) -> Span:
    """Where *found* stands; CPython's own places may lie behind the end of the text."""
    source = snapshot.source

    def offset(line: int, column: int) -> int:
        line = min(line, source.line_count)
        return source.offset_of(line, min(column - 1, len(source.line(line))))

    start = offset(found.line, found.column)
    return Span(start, max(start, offset(found.end_line, found.end_column)))


@cache
def _page(code: str) -> str | None:
    """The URI of the page that explains *code*; None where it is in no file, as in an archive."""
    page = resources.files("lwtsyntax").joinpath("explanations", f"{code}.md")
    return page.as_uri() if isinstance(page, Path) and page.is_file() else None
