"""Exceptions of code that was written to a file with a source map get a note with the lines of its source.

Imported when an exception is reported, not before.  Whatever is wrong with a map, nothing here raises: there
is no note then.  The format: ECMA-426, version 3; `lwtsyntax.source_map` writes it.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from types import CodeType, FrameType, TracebackType
from typing import Any, Final, NamedTuple

from .places import RUNTIME

HEADLINE: Final = "Original lines (most recent call last):"

_GENERATOR: Final = 0x20  # inspect.CO_GENERATOR

_COMMENT = re.compile(r"# sourceMappingURL=(\S+)\s*\Z")
_NEWLINE = re.compile(r"\r\n|\r|\n")
_DIGITS = {
    digit: value
    for value, digit in enumerate(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    )
}


class Original(NamedTuple):
    """Where a piece of code comes from."""

    file: str  # relative to the folder of the map, if the map says so
    line: int  # from 1
    column: int  # from 0, in characters
    function: str  # the qualified name of the function it stands in, or ""
    text: str  # the line


class SourceMap:
    """The source map of one file, which holds `text`."""

    def __init__(self, folder: str, text: str, content: dict[str, Any]) -> None:
        self.folder = folder
        self.lines = _NEWLINE.split(text)
        root = content.get("sourceRoot") or ""
        self.files = [_path(root, url) for url in content["sources"]]
        self.names: list[str] = content.get("names", [])
        self.segments = list(_segments(content["mappings"]))
        self._contents: list[str | None] = list(content.get("sourcesContent") or [])
        self._sources: dict[int, list[str]] = {}

    def original(self, line: int, column: int) -> Original | None:
        """Where `line` (from 1) comes from at `column` (from 0, in characters), or behind its indentation
        if that is more."""
        if not 0 < line <= min(len(self.lines), len(self.segments)):
            return None
        text = self.lines[line - 1]
        column = max(column, len(text) - len(text.lstrip()))
        segments = self.segments[line - 1]
        index = bisect_right(segments, _utf16(text[:column]), key=lambda each: each[0]) - 1
        if index < 0 or len(segments[index]) < 4:
            return None
        _, file, source_line, units, *name = segments[index]
        lines = self.source(file)
        shown = lines[source_line] if source_line < len(lines) else ""
        before = shown.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
        function = self.names[name[0]] if name else ""
        return Original(self.files[file], source_line + 1, len(before), function, shown)

    def extent(self, line: int, start: int, end: int) -> tuple[int, int] | None:
        """The columns in the source of what stands from `start` to `end`, if it stands on one line there."""
        first, last = self.original(line, start), self.original(line, end - 1)
        if first is None or last is None or first[:2] != last[:2]:
            return None
        text = self.lines[line - 1]
        segments = self.segments[line - 1]
        index = bisect_right(segments, _utf16(text[: end - 1]), key=lambda each: each[0]) - 1
        before = text.encode("utf-16-le")[: 2 * segments[index][0]].decode("utf-16-le", "ignore")
        piece = text[len(before) : end]
        if last.column < first.column or not last.text.startswith(piece, last.column):
            return None
        return first.column, last.column + len(piece)

    def source(self, file: int) -> list[str]:
        """The lines of a source, as they were when the map was made if it holds them."""
        lines = self._sources.get(file)
        if lines is None:
            text = self._contents[file] if file < len(self._contents) else None
            if text is None:
                text = _read(os.path.join(self.folder, self.files[file])) or ""
            lines = self._sources[file] = _NEWLINE.split(text)
        return lines


def _utf16(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _path(root: str, url: str) -> str:
    """The path that a URL of a map stands for."""
    from urllib.parse import unquote_to_bytes, urlsplit

    if url.startswith("<"):  # standard input
        return url
    if root and not root.endswith("/"):
        root += "/"
    parts = urlsplit(root + url)
    if parts.scheme not in ("", "file") or parts.netloc:
        return root + url  # somewhere on the network
    path = os.fsdecode(unquote_to_bytes(parts.path))
    if parts.scheme and os.name == "nt":
        path = path.lstrip("/")
    return os.path.normpath(path)


def _segments(mappings: str) -> Iterator[list[tuple[int, ...]]]:
    """For each line its segments: column, then file, line, column, then the number of a name."""
    state = [0, 0, 0, 0, 0]
    for line in mappings.split(";"):
        state[0] = 0
        segments = []
        for segment in line.split(",") if line else ():
            numbers = _numbers(segment)
            for index, number in enumerate(numbers):
                state[index] += number
            if min(state) < 0:
                raise ValueError("a position before the first")
            segments.append(tuple(state[: len(numbers)]))
        yield segments


def _numbers(segment: str) -> list[int]:
    """The numbers of a segment, each in digits of base 64 of which the lowest is the first."""
    numbers = []
    shift = number = 0
    for digit in segment:
        value = _DIGITS[digit]
        number |= (value & 31) << shift
        if value & 32:
            shift += 5
        else:
            numbers.append(-(number >> 1) if number & 1 else number >> 1)
            shift = number = 0
    return numbers


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8-sig") as stream:
            return stream.read()
    except (OSError, ValueError):
        return None


def read(path: str) -> SourceMap | None:
    """The source map of the file at `path`, if it names one that fits it."""
    try:
        text = _read(path)
        comment = _COMMENT.search(text, text.rstrip().rfind("\n") + 1) if text else None
        if text is None or comment is None:
            return None
        import json
        from binascii import crc32

        folder = os.path.realpath(os.path.dirname(path))
        found = _read(os.path.join(folder, _path("", comment[1])))
        content = json.loads(found or "")
        mark = content.get("x_lwtsyntax", {}).get("crc32")
        if content["version"] != 3 or mark not in (None, crc32(text.encode())):
            return None
        return SourceMap(folder, text, content)
    except Exception:  # noqa: BLE001 - a map can be malformed in any way
        return None


_maps: dict[str, SourceMap | None] = {}  # by the name of the file with the code


def _map_of(file: str) -> SourceMap | None:
    if file not in _maps:
        _maps[file] = read(file)
    return _maps[file]


def annotate(error: BaseException) -> None:
    """Give `error`, and those it names as its cause, its context or its parts, the lines of the source."""
    todo, seen = [error], set()
    while todo:
        each = todo.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        todo += [other for other in (each.__cause__, each.__context__) if other is not None]
        if isinstance(each, BaseExceptionGroup):
            todo += each.exceptions
        lines = _note(each.__traceback__)
        if lines and not _has_note(each):
            each.add_note("\n".join([HEADLINE, *lines]))


def _has_note(error: BaseException) -> bool:
    return any(str(note).startswith(HEADLINE) for note in getattr(error, "__notes__", ()))


def _note(trace: TracebackType | None) -> list[str]:
    lines: list[str] = []
    before, repeated = "", 0
    for place in _activations(trace):
        entry = f'  File "{place.file}", line {place.line}, in {place.function}'
        if place.text.strip():
            entry += f"\n    {place.text.strip()}"
        repeated = repeated + 1 if entry == before else 0
        if repeated < 3:  # as tracebacks do
            lines.append(entry)
        else:
            told = f"  [Previous line repeated {repeated - 2} more time{'s' * (repeated > 3)}]"
            lines[-1 if repeated > 3 else len(lines) :] = [told]
        before = entry
    return lines


def _activations(trace: TracebackType | None) -> list[Original]:
    """The places of a traceback that source maps speak of, one for each function that was under way.

    Entries in succession that come from one function are parts of one activation of it, until code comes
    that has been there already: then the function has called itself.
    """
    found: list[Original] = []
    parts: set[CodeType] = set()
    around: tuple[str, str] | None = None
    frame: FrameType | None = None
    waits = False
    while trace is not None:
        code = trace.tb_frame.f_code
        place = _original(trace, code)
        if place is not None:
            function = (place.file, place.function)
            new = waits or (code in parts and trace.tb_frame is not frame)
            if function == around and not new:
                found.pop()
            else:
                parts.clear()
            parts.add(code)
            around, frame = function, trace.tb_frame
            waits = bool(code.co_flags & _GENERATOR)  # an entry for a wait (places.py)
            name = place.function.rpartition(".")[2] or code.co_name
            found.append(place._replace(function=name))
        trace = trace.tb_next
    return found


def _original(trace: TracebackType, code: CodeType) -> Original | None:
    if code.co_filename.startswith(RUNTIME):
        return None
    known = _map_of(code.co_filename)
    if known is None or not 0 < trace.tb_lineno <= len(known.lines):
        return None
    text = known.lines[trace.tb_lineno - 1]
    positions = next(islice(code.co_positions(), max(trace.tb_lasti, 0) // 2, None), (None,) * 4)
    line, _, byte, _ = positions
    column = 0
    if line == trace.tb_lineno and byte is not None:
        column = len(text.encode()[:byte].decode(errors="ignore"))
    place = known.original(trace.tb_lineno, column)
    if place is None or place.file.startswith("<") or "://" in place.file:
        return place
    return place._replace(file=os.path.normpath(os.path.join(known.folder, place.file)))
