"""The part of an expansion that shows what became of a few lines: whole statements, and nothing cut in two."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Set
from textwrap import dedent

from lwtsyntax.pipeline import PositionMap

__all__ = ["excerpt", "whole", "written_from"]

_MOST_LINES = 100
_FEW_LINES = 30  # of which nothing is left out
_FEW_OTHERS = 3  # in succession, the same


def whole(text: str) -> str:
    """All of *text*, as far as that can be shown."""
    lines = dedent(text).split("\n")
    return "\n".join([*lines[:_MOST_LINES], "…"] if len(lines) > _MOST_LINES else lines)


def written_from(positions: PositionMap, lines: tuple[int, int]) -> set[int]:
    """The numbers of the lines of the output that hold something from these *lines*, from the first to the last."""
    source, output = positions.source, positions.output
    shown = source.shown
    start = shown.offset_of(lines[0], 0)
    end = shown.offset_of(lines[1] + 1, 0) if lines[1] < shown.line_count else len(shown.text) + 1
    return {
        output.line_of(place.start)
        for place in positions.places
        if place.source.start < place.source.end
        if start <= source.shown_offset(place.source.start) < end
    }


def excerpt(text: str, own: Set[int]) -> str | None:
    """The smallest run of whole statements of *text*, a definition, that holds the lines *own*.

    If that is long, the statements of others in it are left out.
    """
    if not own:
        return None
    indented = text.startswith((" ", "\t"))  # dedent would leave a text with a string at the margin
    lines = [*(["if True:"] if indented else []), *text.split("\n")]
    own = {number + indented for number in own}
    body = ast.parse("\n".join(lines)).body
    while (inner := _around(body, min(own), max(own))) is not None:
        body = inner
    found = [each for each in body if _start(each) <= max(own) and min(own) <= _end(each)]
    if not found:
        return None
    start, end = _start(found[0]), _end(found[-1])
    if end - start >= _FEW_LINES:
        for others in reversed(list(_others(found, own))):
            margin = lines[others[0] - 1][: -len(lines[others[0] - 1].lstrip())]
            lines[others[0] - 1 : others[1]] = [f"{margin}…"]
            end -= others[1] - others[0]
    return whole("\n".join(lines[start - 1 : end]))


def _around(body: list[ast.stmt], first: int, last: int) -> list[ast.stmt] | None:
    """The block of one of these statements that holds all the lines."""
    for statement in body:
        for block in _blocks(statement):
            if _start(block[0]) <= first and last <= _end(block[-1]):
                return block
    return None


def _others(body: list[ast.stmt], own: Set[int]) -> Iterator[tuple[int, int]]:
    """The first and the last line of each run of statements, of some length, that holds none of the lines *own*."""
    run: list[ast.stmt] = []
    for statement in [*body, None]:
        if statement and own.isdisjoint(range(_start(statement), _end(statement) + 1)):
            run.append(statement)
            continue
        if run and _end(run[-1]) - _start(run[0]) >= _FEW_OTHERS:
            yield _start(run[0]), _end(run[-1])
        run = []
        for block in _blocks(statement) if statement else ():
            yield from _others(block, own)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    parts = [*getattr(statement, "handlers", ()), *getattr(statement, "cases", ())]
    blocks = [getattr(statement, "body", []), *(part.body for part in parts)]
    blocks += [getattr(statement, "orelse", []), getattr(statement, "finalbody", [])]
    yield from filter(None, blocks)


def _start(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", None)
    return decorators[0].lineno if decorators else node.lineno


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno
