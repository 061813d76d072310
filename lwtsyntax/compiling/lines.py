"""CPython's table of positions, of which two things must be changed once it is made.

A function that lost its decorators begins with the line of the first of them all the same.  And a line that
only passes by (``flow``) must not be the one that the function begins with, or the compiler leaves it out:
it is compiled as another line, far away, and moved.

Lines are stored as differences, the first one from ``co_firstlineno`` (CPython's ``Objects/locations.md``).
"""

from __future__ import annotations

from collections.abc import Iterator
from types import CodeType

__all__ = ["FAR", "with_lines"]

FAR = 1 << 24  # what is added to a line to make it another one

_ONE_LINE, _NO_COLUMNS, _LONG, _NONE = 10, 13, 14, 15  # kinds of entries; those below 10 are short


def with_lines(code: CodeType, first: int) -> CodeType:
    """*code* beginning with line *first*, its instructions where they are, or belong if they are far away."""
    far = any(line is not None and line >= FAR for *_, line in code.co_lines())
    if first == code.co_firstlineno and not far:
        return code
    return code.replace(co_firstlineno=first, co_linetable=_rewritten(code, first))


def _rewritten(code: CodeType, first: int) -> bytes:
    """The table of *code* for a function that begins with line *first*."""
    parts = []
    was, now = code.co_firstlineno, first
    for entry in _entries(code.co_linetable):
        if entry[0] >> 3 & 15 == _NONE:
            parts.append(entry)
            continue
        delta, columns = _read(entry)
        was += delta
        parts.append(_written(entry[0] & 7, was % FAR - now, columns))
        now = was % FAR
    return b"".join(parts)


def _entries(table: bytes) -> Iterator[bytes]:
    """The entries of a table: the first byte of each has its highest bit set."""
    starts = [at for at, byte in enumerate(table) if byte & 128]
    for start, end in zip(starts, [*starts[1:], len(table)], strict=True):
        yield table[start:end]


def _read(entry: bytes) -> tuple[int, tuple[int, ...] | None]:
    """The line of an entry, from the line before, with its end line and its columns, if any."""
    kind, numbers = entry[0] >> 3 & 15, entry[1:]
    if kind < _ONE_LINE:
        start = kind << 3 | numbers[0] >> 4
        return 0, (0, start + 1, start + (numbers[0] & 15) + 1)
    if kind < _NO_COLUMNS:
        return kind - _ONE_LINE, (0, numbers[0] + 1, numbers[1] + 1)
    signed, *others = _varints(numbers)
    delta = -(signed >> 1) if signed & 1 else signed >> 1
    return delta, tuple(others) if kind == _LONG else None


def _varints(data: bytes) -> list[int]:
    found, value, shift = [], 0, 0
    for byte in data:
        value |= (byte & 63) << shift
        shift += 6
        if not byte & 64:
            found.append(value)
            value = shift = 0
    return found


def _written(length: int, delta: int, columns: tuple[int, ...] | None) -> bytes:
    kind = _NO_COLUMNS if columns is None else _LONG
    signed = -delta << 1 | 1 if delta < 0 else delta << 1
    return bytes([128 | kind << 3 | length]) + b"".join(map(_varint, (signed, *(columns or ()))))


def _varint(value: int) -> bytes:
    parts = []
    while value > 63:
        parts.append(64 | value & 63)
        value >>= 6
    return bytes([*parts, value])
