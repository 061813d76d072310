"""CPython's table of positions, of which one thing must be changed: the line that a function begins with."""

from __future__ import annotations

from types import CodeType

__all__ = ["with_first_line"]

_ONE_LINE, _NO_COLUMNS, _LONG, _NONE = 10, 13, 14, 15  # kinds of entries; those below 10 are short


def with_first_line(code: CodeType, line: int) -> CodeType:
    """*code* with another ``co_firstlineno``, its instructions staying where they are.

    Lines are stored as differences, the first one from ``co_firstlineno`` (CPython's
    ``Objects/locations.md``): that entry is written again.
    """
    table, at = code.co_linetable, 0
    while table[at] >> 3 & 15 == _NONE:
        at += 1
    end = next((i for i in range(at + 1, len(table)) if table[i] & 128), len(table))
    delta, columns = _read(table[at:end])
    entry = _written(table[at] & 7, delta + code.co_firstlineno - line, columns)
    table = table[:at] + entry + table[end:]
    return code.replace(co_firstlineno=line, co_linetable=table)


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
