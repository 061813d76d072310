"""Source to code.  Importing this module imports the transformer; the loaders do it when they must."""

from __future__ import annotations

import ast
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import CodeType

from lwtsyntax.compiling import compile_result
from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.importhook.errors import TransformError, TransformWarning
from lwtsyntax.importhook.selecting import Engine
from lwtsyntax.keywords import compile_as_written
from lwtsyntax.pipeline import Target, transform_bytes

__all__ = ["TARGETS", "lower"]

# engine -> what the markers become for it
TARGETS: dict[Engine, Target] = {"binds": "binds", "fiber": "fibers"}

# One at a time: the transformer raises the recursion limit and the filters of warnings are changed
# here, both for the whole process.
_lock = threading.RLock()


def lower(
    data: bytes,
    path: str,
    rewrite: Callable[[ast.Module], object] | None = None,
    engine: Engine = "binds",
) -> CodeType | None:
    """The code of a direct-style source; None when it has nothing to lower.

    *rewrite* changes the lowered tree before it is compiled.

    Raises :class:`TransformError`, or CPython's own SyntaxError for a source that is no Python.
    """
    with _lock, _compiler_warnings(data, path):
        try:
            output, result = transform_bytes(data, path, format=False, target=TARGETS[engine])
            code = compile_result(result, path, rewrite=rewrite) if result.changed else None
        except Exception as error:
            error.add_note(f"{path}: this is a bug in lwtsyntax: please report it with the file")
            raise
    if output is None:
        if result.diagnostics[0].code == "LWT001":
            _raise_syntax_error(data, path)
        raise TransformError.of([each for each in result.diagnostics if each.severity == "error"])
    _warn(result.diagnostics)
    return code


def _raise_syntax_error(data: bytes, path: str) -> None:
    """What the user knows of a source that is no Python."""
    try:
        compile_as_written(data, path)
    except Refusal as refusal:
        found = refusal.diagnostics[0]
        if found.code == "LWT001":
            message = found.message.removeprefix("not valid Python: ")
            end = found.end_line, found.end_column
            place = path, found.line, found.column, found.source_line, *end
            error = SyntaxError(message, place)
            if found.hint:
                error.add_note(f"hint: {found.hint}")
            raise error from None


def _warn(diagnostics: Sequence[Diagnostic]) -> None:
    """Warn; a warning that the filters turn into an error becomes one with a place, as in CPython."""
    for each in diagnostics:
        message = f"{each.code} {each.message}" + (f" (hint: {each.hint})" if each.hint else "")
        try:
            warnings.warn_explicit(message, TransformWarning, each.filename, each.line)
        except TransformWarning:
            raise TransformError.of([each]) from None


@contextmanager
def _compiler_warnings(data: bytes, path: str) -> Iterator[None]:
    """CPython's warnings about a source are given once: it is compiled several times inside."""
    with warnings.catch_warnings(record=True) as recorded:
        warnings.simplefilter("always")
        yield
    for each in recorded:
        if each.filename != path:  # another thread's
            warnings.warn_explicit(each.message, each.category, each.filename, each.lineno)
    if any(each.filename == path for each in recorded):
        compile_as_written(data, path)
