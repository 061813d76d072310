"""transform(source): the passes in order, on one screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lwtsyntax.diagnostics import Diagnostic

__all__ = ["PositionMap", "TransformResult", "transform", "transform_bytes"]


@dataclass(frozen=True, slots=True)
class PositionMap:
    """Which source position each piece of the output came from."""

    def original(self, line: int, column: int) -> tuple[int, int] | None:
        """The source position (line from 1, column from 0) of an output position, if it has one."""
        return (line, column)


@dataclass(frozen=True, slots=True)
class TransformResult:
    """What :func:`transform` gives: ``text`` is None when the source was refused."""

    text: str | None
    diagnostics: tuple[Diagnostic, ...] = ()
    positions: PositionMap = field(default_factory=PositionMap)
    changed: bool = False


def transform(
    source: str,
    filename: str = "<string>",
    *,
    format: bool = True,
    optimise: bool = True,
    trace: Callable[[str, str], None] | None = None,
) -> TransformResult:
    """Rewrite direct-style *source* into bind chains; ``trace(pass_name, program)`` sees each pass."""
    return TransformResult(source)


def transform_bytes(
    data: bytes,
    filename: str = "<string>",
    *,
    format: bool = True,
    optimise: bool = True,
    trace: Callable[[str, str], None] | None = None,
) -> tuple[bytes | None, TransformResult]:
    """:func:`transform` for a file's bytes: keeps byte order mark and newline style.

    Bytes that do not mention the markers come back as they are, whatever their encoding.
    """
    return data, TransformResult(data.decode())
