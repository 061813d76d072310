"""What the command line says: diagnostics, differences, lists of files, the summary.

Results (programs, differences, lists) go to standard output.  Diagnostics go to standard error, in
either format; as JSON they are the only thing there, one array, empty when nothing is wrong.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import click

from lwtsyntax.diagnostics import Diagnostic, render_json, render_text

__all__ = ["coloured", "print_diagnostics", "unified_diff", "write_bytes"]

_DIFF_STYLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("---", {"bold": True}),
    ("+++", {"bold": True}),
    ("@@", {"fg": "cyan"}),
    ("-", {"fg": "red"}),
    ("+", {"fg": "green"}),
)


def coloured(stream: IO[Any]) -> bool:
    """Whether to colour what goes to *stream*: a terminal, and NO_COLOR is not set."""
    dumb = os.environ.get("TERM") == "dumb"
    return stream.isatty() and not os.environ.get("NO_COLOR") and not dumb


def write_bytes(data: bytes) -> None:
    """Write *data* to standard output as it is, and flush, so that a closed pipe is noticed here."""
    stream = sys.stdout.buffer
    stream.write(data)
    stream.flush()


def print_diagnostics(diagnostics: Sequence[Diagnostic], error_format: str) -> None:
    """Print *diagnostics* to standard error."""
    if error_format == "json":
        click.echo(render_json(diagnostics), err=True)
        return
    stream = sys.stderr
    colour = coloured(stream)
    for each in diagnostics:
        click.echo(render_text(each, colour=colour), err=True, color=colour)


def unified_diff(
    old: bytes | None, new: bytes, old_name: str, new_name: str, *, colour: bool
) -> bytes:
    """The difference as ``diff -u`` prints it; *old* is None for a file that does not exist yet."""
    if old == new:
        return b""
    before, after = _lines(old or b""), _lines(new)
    if before is None or after is None:
        return f"Binary files {old_name} and {new_name} differ\n".encode(errors="surrogateescape")
    import difflib

    shown_old = "/dev/null" if old is None else old_name
    lines = _terminated(difflib.unified_diff(before, after, shown_old, new_name))
    text = "".join(_painted(lines) if colour else lines)
    return text.encode(errors="surrogateescape")


def _lines(data: bytes) -> list[str] | None:
    """The lines of *data* with their ends; None when it is not UTF-8 text."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _terminated(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _painted(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        style = next((style for prefix, style in _DIFF_STYLES if line.startswith(prefix)), None)
        yield line if style is None else click.style(line.rstrip("\n"), **style) + "\n"
