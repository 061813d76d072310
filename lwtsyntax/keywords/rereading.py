"""Read a text in keyword spelling again, and look only at what has changed since.

A text that has been edited is, in :mod:`blocks <lwtsyntax.keywords.blocks>`::

    blocks as before  |  lines to be read, by themselves  |  blocks as before, further up or down

If those lines are no program by themselves, mostly the text is none; if they are one, but a block depends on what is
another now (how the file names the markers), the text is read as a whole.  ``tests/keywords/test_rereading.py``
holds this against a reading that knows nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lwtsyntax.diagnostics import Diagnostic, Refusal
from lwtsyntax.ir.comparing import common_ends
from lwtsyntax.ir.parsing import parse
from lwtsyntax.ir.source import Source
from lwtsyntax.ir.spelling import respell
from lwtsyntax.keywords.blocks import (
    Block,
    Lines,
    blocks_of,
    edits_of,
    forms_of,
    moved_forms,
    read_lines,
    threads_of,
)
from lwtsyntax.keywords.hints import with_hint
from lwtsyntax.keywords.importing import MarkerNames, Naming
from lwtsyntax.keywords.shape import same_length
from lwtsyntax.keywords.writing_markers import Writing, write_markers

__all__ = ["Remembered", "reread"]


@dataclass(frozen=True, slots=True)
class Remembered:
    """A text that has been read, in blocks."""

    source: Source  # in marker spelling
    blocks: tuple[Block, ...]
    head: ast.Module  # the first of them
    shape: Source  # where that stands
    newline: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Lines between the blocks *above* and *below*."""

    above: Sequence[Block]
    lines: Lines
    below: Sequence[Block]

    @property
    def start(self) -> int:
        return sum(each.length for each in self.above)


def reread(source: Source, known: Remembered | None) -> tuple[Source, Remembered | None]:
    """*source* in marker spelling, as :func:`~lwtsyntax.keywords.read_keywords` has it, and what to remember of it.

    *known* is of an earlier text of the file.  Raises a refusal.
    """
    if known is not None and known.newline == source.newline:
        place = _changed(source, known)
        if place.lines.refusal is not None:
            _refuse(source, place)
        found = _put_together(source, place, known)
        if found is not None:
            return found.source, found
    lines = read_lines(source, opens=True)
    if lines.refusal is not None:
        hinted = (
            with_hint(each, source, lines.forms, lines.reading)
            for each in lines.refusal.diagnostics
        )
        raise Refusal(*hinted)
    found = _put_together(source, _Place((), lines, ()), None)
    if found is not None:
        return found.source, found
    body = [statement for group in lines.groups for statement in group.body]
    return write_markers(source, lines.shape, ast.Module(body, []), lines.forms), None


def _changed(source: Source, known: Remembered) -> _Place:
    """The lines that an edit has changed, and so many behind them that no others belong to the last of these."""
    above, below = _unchanged(known, source.text)
    while True:
        start = sum(each.length for each in above)
        end = len(source.text) - sum(each.length for each in below)
        part = Source(source.text[start:end], source.filename)
        place = _Place(above, read_lines(part, opens=not above), below)
        if place.lines.refusal is not None or place.lines.complete or not below:
            return place
        below = below[1:]


def _unchanged(known: Remembered, text: str) -> tuple[Sequence[Block], Sequence[Block]]:
    """The blocks above and below what has changed, but for one that is read again for a look at what follows."""
    blocks = known.blocks
    before, behind = common_ends(known.source.shown.text, text)
    first = end = 0
    # the next block begins as it did, too
    while first < len(blocks) - 1 and end + blocks[first].length < before:
        end += blocks[first].length
        first += 1
    last, start = len(blocks), 0
    # the line before the block ends as it did, too
    while last > first + 1 and start + blocks[last - 1].length < behind:
        start += blocks[last - 1].length
        last -= 1
    return blocks[:first], blocks[last + 1 :]


def _put_together(source: Source, place: _Place, known: Remembered | None) -> Remembered | None:
    """None where something is refused, and where a block depends on what is not as it was."""
    above, lines, below = place.above, place.lines, place.below
    if lines.refusal is not None or not lines.whole:
        return None
    namings = [Naming(group.body) for group in lines.groups]
    head, shape = ast.Module(lines.groups[0].body, []), lines.shape
    if above and known is not None:
        head, shape = known.head, known.shape
    joined = [each.naming for each in above], namings, [each.naming for each in below]
    names = MarkerNames(head, (each for part in joined for each in part))
    waits = names.waits()
    if names.undefined or not all(each.fits(names, waits) for each in (*above, *below)):
        return None
    writing = Writing(lines.source, lines.shape, names, lines.forms)
    new = list(blocks_of(lines, namings, writing, waits, source.newline))
    if writing.diagnostics:
        return None
    blocks = (*above, *new, *below)
    edits = [*names.edits(shape, source.newline), *edits_of(blocks)]
    written = respell(source, edits, threads_of(blocks)) if edits else source
    return Remembered(written, blocks, head, shape, source.newline)


# -- refusals ----------------------------------------------------------------------------------


def _refuse(source: Source, place: _Place) -> None:
    """Raise what refuses *source*, as far as the parser does; the changed lines are no program by themselves."""
    lines, start = place.lines, place.start
    if not lines.whole:  # its tokens depend on what follows
        lines = read_lines(Source(source.text[start:], source.filename), opens=not place.above)
        below: Sequence[Block] = ()
    else:
        below = place.below
    forms = [*forms_of(place.above), *moved_forms(lines.forms, start)]
    forms += forms_of(below, start + len(lines.source.text))
    try:
        parse(Source(same_length(source.text, forms), source.filename), source)
    except Refusal as refusal:
        first = source.line_of(start)
        hinted = (
            _hint_of_lines(each, lines, first) or with_hint(each, source, forms)
            for each in refusal.diagnostics
        )
        raise Refusal(*hinted) from None


def _hint_of_lines(found: Diagnostic, lines: Lines, first: int) -> Diagnostic | None:
    """*found*, which is said of the text, as :func:`with_hint` has it, if it is said of *lines*, too."""
    for each in lines.refusal.diagnostics if lines.refusal is not None else ():
        if _moved(each, first - 1) == found:
            hinted = with_hint(each, lines.source, lines.forms, lines.reading)
            return _moved(hinted, first - 1)
    return None


def _moved(found: Diagnostic, lines: int) -> Diagnostic:
    return replace(found, line=found.line + lines, end_line=found.end_line + lines)
