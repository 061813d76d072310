"""Source maps: where the text of an output came from, as a file that other programs can read.

The format is that of ECMA-426, version 3, which browsers, bundlers and error trackers know.  Its lines and
columns count from 0, columns in UTF-16 code units; a segment says where the text came from that begins at its
column, up to the next segment or the end of the line.  The runtime reads maps in `runtime/source_maps.py`.
"""

from __future__ import annotations

import ast
import json
import re
from binascii import crc32
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from lwtsyntax.ir.positions import PositionMap
from lwtsyntax.ir.printing import Mapped
from lwtsyntax.ir.source import Source
from lwtsyntax.pipeline import TransformResult

__all__ = ["with_source_map"]

_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_WIDE = re.compile("[\U00010000-\U0010ffff]")
_LINE_START = re.compile(r"(?<=[\r\n])[^\r\n]")
# Where a token may begin: a consumer does not count on from the start of a segment.
_WORD = re.compile(r"\w+|[^\w\s]|(?<=[\r\n])[^\S\r\n]")


def with_source_map(
    result: TransformResult, *, file: str, source: str, url: str
) -> tuple[str, str]:
    """The output of *result* with a last line that names its source map, and the map.

    *file* is the name of the output, *source* the URL of its source relative to the map, *url* that of the
    map relative to the output.  An output that is no other than its source stays as it is, and has no map.
    """
    assert result.text is not None and result.positions is not None
    if not result.changed:
        return result.text, ""
    text = result.text
    newline = "\r\n" if "\r\n" in text else "\n"
    if not text.endswith(("\n", "\r")):
        text += newline
    text += f"# sourceMappingURL={url}{newline}"
    names: dict[str, int] = {}
    mappings = _mappings(result.positions, names)
    content = {
        "version": 3,
        "file": file,
        "sources": [source],
        "sourcesContent": [result.positions.source.shown.text],
        "names": list(names),
        "mappings": mappings,
        # Who lays the output out anew, or edits it, makes the map wrong: readers can tell.
        "x_lwtsyntax": {"crc32": _checksum(text)},
    }
    return text, json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def _checksum(text: str) -> int:
    """Of *text* whatever its line ends, which version control may change."""
    return crc32(text.replace("\r\n", "\n").replace("\r", "\n").encode())


def _mappings(positions: PositionMap, names: dict[str, int]) -> str:
    """The segments of all lines; fills *names*, whose values are the numbers that segments refer to."""
    lines: list[list[str]] = [[]]
    column = source_line = source_column = name = 0
    before: tuple[int, int, str | None] | None = None  # what the last segment of this line says
    functions = _Functions(positions.source)
    output, source = _Utf16(positions.output), _Utf16(positions.source.shown)
    for start, origin, exact in _segments(positions):
        line, next_column = output.position(start)
        while len(lines) <= line:
            lines.append([])
            column, before = 0, None
        function = functions.at(origin, exact=exact)
        here = (*source.position(positions.source.shown_offset(origin)), function)
        if here == before:
            continue
        before = here
        segment = _vlq(next_column - column) + "A"  # the only source
        segment += _vlq(here[0] - source_line) + _vlq(here[1] - source_column)
        column, source_line, source_column = next_column, here[0], here[1]
        if function is not None:
            number = names.setdefault(function, len(names))
            segment += _vlq(number - name)
            name = number
        lines[-1].append(segment)
    return ";".join(map(",".join, lines))


def _segments(positions: PositionMap) -> Iterator[tuple[int, int, bool]]:
    """An offset in the output, the offset in the source it came from, and whether it is the user's text.

    At the start of every place, of every line, and of every word that the user wrote.
    """
    text, places = positions.output.text, positions.places
    for index, place in enumerate(places):
        stop = places[index + 1].start if index + 1 < len(places) else len(text)
        if place.start >= stop:
            continue
        yield place.start, place.source.start, place.exact
        own = min(place.end, stop) if place.exact else place.start
        for match in _WORD.finditer(text, place.start + 1, own) if own > place.start else ():
            yield match.start(), _original(place, match.start()), True
        if place.start < own < stop:
            yield own, _original(place, own), True
        for match in _LINE_START.finditer(text, max(own, place.start + 1), stop):
            yield match.start(), _original(place, match.start()), place.exact


def _original(place: Mapped, offset: int) -> int:
    inside = offset - place.start if place.exact and offset < place.end else 0
    return place.source.start + inside


def _vlq(number: int) -> str:
    """*number* in digits of base 64: five bits each, the lowest first, of which the first is the sign."""
    rest = -number << 1 | 1 if number < 0 else number << 1
    digits = ""
    while True:
        rest, digit = rest >> 5, rest & 31
        digits += _DIGITS[digit | 32 if rest else digit]
        if not rest:
            return digits


class _Utf16:
    """Positions of a text with columns in UTF-16 code units."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.wide = [match.start() for match in _WIDE.finditer(source.text)]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of *offset*, both from 0."""
        line, column = self.source.position(offset)
        if self.wide:
            first = bisect_left(self.wide, offset - column)
            column += bisect_left(self.wide, offset) - first
        return line - 1, column


class _Functions:
    """The function around each position of a source: whose frame runs the text there."""

    def __init__(self, source: Source) -> None:
        self.headers: dict[int, str] = {}  # where a definition begins -> its name
        events: list[tuple[int, int, str]] = []
        todo: list[tuple[ast.AST, str]] = [(ast.parse(source.text), "")]
        while todo:
            node, around = todo.pop()
            name, body = _scope(node, around)
            inner = f"{name}." if isinstance(node, ast.ClassDef) else f"{name}.<locals>."
            own: set[ast.AST] = set(body)
            children = ast.iter_child_nodes(node)
            todo += [(child, inner if child in own else around) for child in children]
            if body:
                if isinstance(node, ast.stmt):
                    self.headers[source.span(node).start] = name
                events.append((source.span(body[0]).start, 1, name))
                events.append((source.span(body[-1]).end, 0, ""))
        self._starts, self._names = _innermost(sorted(events))

    def at(self, offset: int, *, exact: bool) -> str | None:
        """The qualified name of the function at *offset*; None outside all functions.

        What stands for a definition as a whole without being its text belongs to the function it
        defines; its header, defaults and decorators are run by the function around it.
        """
        if not exact and offset in self.headers:
            return self.headers[offset]
        index = bisect_right(self._starts, offset) - 1
        return self._names[index] if index >= 0 else None


def _scope(node: ast.AST, around: str) -> tuple[str, list[ast.stmt] | list[ast.expr]]:
    """The qualified name of a function or class, and its body; an empty one for any other node."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return around + node.name, node.body
    if isinstance(node, ast.Lambda):
        return f"{around}<lambda>", [node.body]
    return around, []


def _innermost(events: list[tuple[int, int, str]]) -> tuple[list[int], list[str | None]]:
    """From where on which name is the innermost, given where bodies begin and end."""
    starts: list[int] = []
    names: list[str | None] = []
    opened: list[str | None] = [None]
    for offset, begins, name in events:
        if begins:
            opened.append(name)
        else:
            opened.pop()
        starts.append(offset)
        names.append(opened[-1])
    return starts, names
