"""Tracebacks as text: entries of files with source maps are replaced by those of their sources.

A traceback may stand anywhere in a text, behind log prefixes or in the margins of an exception group.  What
is no entry of such a file stays as it is.
"""

from __future__ import annotations

import ntpath
import os
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath

from lwtsyntax.runtime.source_maps import Original, SourceMap, read

__all__ = ["Explainer"]

_ENTRY = re.compile(r'(.*?)  File "(.+?)", line (\d+), in (.+?)(\r?)\Z')
_MARKS = re.compile(r" *([~^]+)\s*\Z")
_DIGIT = re.compile(r"\d")
_DEFINITION = re.compile(r"\s*def ")


@dataclass(frozen=True)
class _Entry:
    """One entry: where the code stood, and what is shown of it."""

    margin: str
    path: str
    line: int
    function: str
    end: str  # a carriage return, or nothing
    shown: list[str]  # the lines of code and of marks, without the margin

    @property
    def marks(self) -> tuple[int, str] | None:
        """The marks below the first line of code, and how far behind its indentation they begin."""
        match = _MARKS.match(self.shown[1]) if len(self.shown) > 1 else None
        if match is None:
            return None
        return match.start(1) - _indentation(self.shown[0]), match[1]

    @property
    def waits(self) -> bool:
        """Whether it stands for a function that waits: it shows the continuation that waits for it."""
        if not self.shown:
            return False
        marks = self.marks
        at = self.shown[0].strip()[marks[0] :] if marks else ""
        is_lambda = at.startswith("lambda") and self.function != "<lambda>"
        return is_lambda or bool(_DEFINITION.match(self.shown[0]))


@dataclass
class Explainer:
    """Replaces what it can; ``root`` is the folder where the files of a traceback are looked for."""

    root: str | None = None
    replaced: int = 0
    _maps: dict[str, SourceMap | None] = field(default_factory=dict)

    def explain(self, text: str) -> str:
        """*text* with its tracebacks explained."""
        lines = text.split("\n")
        found: list[list[str]] = []  # the lines of each entry, and every other line for itself
        activation = _Activation()
        index = 0
        while index < len(lines):
            entry, after = _entry(lines, index)
            place = self._original(entry) if entry else None
            if entry is None or place is None:
                found.append(lines[index:after])
                activation = _Activation()
            else:
                self.replaced += 1
                if activation.goes_on(entry, place):
                    found.pop()
                found.append(self._replacement(entry, place))
            index = after
        return "\n".join(line for part in found for line in part)

    def _original(self, entry: _Entry) -> Original | None:
        """Where *entry* comes from, if its file has a map and still holds the line that it shows."""
        known = self._map_of(entry.path)
        if known is None or not 0 < entry.line <= len(known.lines):
            return None
        line = known.lines[entry.line - 1]
        if entry.shown and entry.shown[0].strip() != line.strip():
            return None
        start = entry.marks[0] if entry.marks else 0
        return known.original(entry.line, _indentation(line) + start)

    def _replacement(self, entry: _Entry, place: Original) -> list[str]:
        name = place.function.rpartition(".")[2] or entry.function
        file = _beside(entry.path, place.file)
        lines = [f'  File "{file}", line {place.line}, in {name}']
        if code := place.text.strip():
            lines.append(f"    {code}")
            if (span := self._marked(entry)) is not None:
                start, marks = span
                if marks.strip("^") or len(marks) < len(code):
                    lines.append(" " * (4 + start - _indentation(place.text)) + marks)
        return [f"{entry.margin}{line}{entry.end}" for line in lines]

    def _marked(self, entry: _Entry) -> tuple[int, str] | None:
        """The column in the source where the marks begin, and the marks."""
        known = self._map_of(entry.path)
        if entry.marks is None or known is None or entry.waits:
            return None
        start, marks = entry.marks
        start += _indentation(known.lines[entry.line - 1])
        extent = known.extent(entry.line, start, start + len(marks))
        if extent is None:
            return None
        length = extent[1] - extent[0]
        return extent[0], marks if len(marks) == length else "^" * length

    def _map_of(self, path: str) -> SourceMap | None:
        if path not in self._maps:
            places = (place for place in self._places(path) if os.path.isfile(place))
            place = next(places, None)
            self._maps[path] = None if place is None else read(place)
        return self._maps[path]

    def _places(self, path: str) -> list[str]:
        """Where the file may be that a traceback calls *path*."""
        windows = "\\" in path or bool(ntpath.splitdrive(path)[0])
        pure = PureWindowsPath(path) if windows else PurePosixPath(path)
        if not pure.anchor:
            return [os.path.join(self.root or "", *pure.parts)]
        parts = pure.parts[1:]
        below = (
            [os.path.join(self.root, *parts[i:]) for i in range(len(parts))] if self.root else []
        )
        return [path, *below]


class _Activation:
    """Which entries in succession are parts of one activation of a function (see the runtime's
    `source_maps.py`, which has the code itself to go by)."""

    def __init__(self) -> None:
        self.around: object = None
        self.parts: set[object] = set()
        self.waits = False

    def goes_on(self, entry: _Entry, place: Original) -> bool:
        """Whether *entry*, which is *place* in the source, belongs to the same activation as the last."""
        around = (entry.path, place.file, place.function)
        part = (entry.function, entry.line) if entry.function == "<lambda>" else entry.function
        same = around == self.around and part not in self.parts and not self.waits
        self.around = around
        self.parts = self.parts | {part} if same else {part}
        self.waits = entry.waits
        return same


def _entry(lines: Sequence[str], index: int) -> tuple[_Entry | None, int]:
    """The entry that begins at *index*, if one does; and the index after it."""
    match = _ENTRY.match(lines[index])
    if match is None:
        return None, index + 1
    margin, path, line, function, end = match.groups()
    shown: list[str] = []
    for number in range(index + 1, len(lines)):
        following = lines[number]
        before, rest = following[: len(margin)], following[len(margin) :]
        if not rest.startswith("    ") or not rest.strip() or not _alike(before, margin):
            break
        shown.append(rest.removesuffix("\r"))
    entry = _Entry(margin, path, int(line), function, end, shown)
    return entry, index + 1 + len(shown)


def _alike(margin: str, other: str) -> bool:
    """Whether two margins are the same but for a time or a number."""
    return _DIGIT.sub("0", margin) == _DIGIT.sub("0", other)


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _beside(path: str, file: str) -> str:
    """*file*, which is relative to the folder of *path*, in the style of *path*."""
    if os.path.isabs(file) or file.startswith("<") or "://" in file:
        return file
    if "\\" in path:
        return ntpath.normpath(ntpath.join(ntpath.dirname(path), file))
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), file.replace(os.sep, "/")))
