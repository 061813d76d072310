"""Read a text in keyword spelling again, and look only at what has changed since.

A text is taken in *blocks*: runs of whole statements of the module, which mean by themselves what they mean where they
stand.  Of a block are kept the edits that put its markers in, with places that count from its beginning, and what
they depend on elsewhere: how the file names the markers.  A text that has been edited is::

    blocks as before  |  lines to be read, by themselves  |  blocks as before, further up or down

If those lines are no program by themselves, or a block depends on what is another now, nothing is known: the text
has to be read as a whole.  ``tests/keywords/test_rereading.py`` holds the two ways against each other.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.ir.comparing import common_ends
from lwtsyntax.ir.parsing import parse
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.spelling import Edit, respell
from lwtsyntax.keywords.importing import MarkerNames, Naming, opening
from lwtsyntax.keywords.reading import KeywordForm, Reading, tokens_of
from lwtsyntax.keywords.shape import same_length
from lwtsyntax.keywords.writing_markers import Writing

__all__ = ["Remembered", "reread"]

_LEAST = 12  # lines of a block: more blocks are more to put together


@dataclass(frozen=True, slots=True)
class _Block:
    """Statements of the module, from the line of the first up to the next block."""

    length: int
    naming: Naming
    edits: tuple[Edit, ...]
    threads: tuple[int, ...]
    # what the edits depend on
    asked: Mapping[tuple[str, str, str], str]
    waits: set[str]  # of the names that are read here, those of markers


@dataclass(frozen=True, slots=True)
class Remembered:
    """A text that has been read, in blocks."""

    source: Source  # in marker spelling
    blocks: tuple[_Block, ...]
    head: ast.Module  # the first of them
    shape: Source  # where that stands
    newline: str


def reread(source: Source, known: Remembered | None) -> Remembered | None:
    """What :func:`~lwtsyntax.keywords.read_keywords` makes of *source*; None where only that can tell.

    *known* is of an earlier text of the file.
    """
    if known is not None and known.newline == source.newline:
        found = _reread(source, known)
        if found is not None:
            return found
    lines = _read_lines(source, opens=True)
    return None if lines is None else _put_together(source, (), lines, (), None)


def _reread(source: Source, known: Remembered) -> Remembered | None:
    above, below = _unchanged(known, source.text)
    while True:
        start = sum(each.length for each in above)
        end = len(source.text) - sum(each.length for each in below)
        part = Source(source.text[start:end], source.filename)
        lines = _read_lines(part, opens=not above)
        if lines is None:
            return None
        if lines.complete or not below:
            return _put_together(source, above, lines, below, known)
        below = below[1:]


def _unchanged(known: Remembered, text: str) -> tuple[Sequence[_Block], Sequence[_Block]]:
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


# -- lines by themselves -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Unit:
    """A statement; or those that one ``lwt`` is before."""

    body: list[ast.stmt]
    span: Span
    is_form: bool


@dataclass(slots=True)
class _Group:
    """Units that are to be a block."""

    start: int
    body: list[ast.stmt] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Lines:
    """Whole lines, read by themselves."""

    source: Source
    shape: Source
    forms: list[KeywordForm]
    groups: list[_Group]
    complete: bool  # nothing below can belong to what they end with


def _read_lines(source: Source, *, opens: bool) -> _Lines | None:
    """*source* as lines of which the first may open the file; None where they are no program."""
    tokens = list(tokens_of(source))
    if not tokens or tokens[-1].kind != "ENDMARKER":
        return None
    forms = list(Reading(tokens).forms())
    shape = Source(same_length(source.text, forms), source.filename)
    try:
        tree = parse(shape)
    except Refusal:
        return None
    units = list(_units(tree.body, shape, {form.span.start: form for form in forms}))
    head = len(list(opening(tree))) if opens else -1
    complete = bool(units) and not units[-1].is_form and len(tree.body) > head
    return _Lines(source, shape, forms, list(_groups(units, shape, head)), complete)


def _units(
    body: list[ast.stmt], shape: Source, forms: Mapping[int, KeywordForm]
) -> Iterator[_Unit]:
    index = 0
    while index < len(body):
        start = shape.span(body[index]).start
        form = forms.get(start)
        binding = form is not None and form.keyword.kind == "binding"
        unit = body[index : index + (2 + len(form.ands) if form and binding else 1)]
        yield _Unit(unit, Span(start, shape.span(unit[-1]).end), form is not None)
        index += len(unit)


def _groups(units: Sequence[_Unit], shape: Source, head: int) -> Iterator[_Group]:
    """The units in groups; what opens the file is in one with the statement behind it."""
    group, first, before = _Group(0), 0, None
    for unit in units:
        line, column = shape.position(unit.span.start)
        enough = line >= first + _LEAST and len(group.body) > (head if group.start == 0 else 0)
        # what follows a form may be meant as its clause
        if column == 0 and enough and before is not None and not before.is_form:
            yield group
            group, first = _Group(unit.span.start), line
        group.body += unit.body
        before = unit
    yield group


# -- the whole ---------------------------------------------------------------------------------


def _put_together(
    source: Source,
    above: Sequence[_Block],
    lines: _Lines,
    below: Sequence[_Block],
    known: Remembered | None,
) -> Remembered | None:
    """None where something is refused, and where a block depends on what is not as it was."""
    namings = [Naming(group.body) for group in lines.groups]
    head, shape = ast.Module(lines.groups[0].body, []), lines.shape
    if above and known is not None:
        head, shape = known.head, known.shape
    joined = [each.naming for each in above], namings, [each.naming for each in below]
    names = MarkerNames(head, (each for part in joined for each in part))
    if names.undefined:
        return None
    waits = names.waits()
    for block in (*above, *below):
        if block.naming.loads & waits != block.waits or not names.agree(block.asked):
            return None
    writing = Writing(lines.source, lines.shape, names, lines.forms)
    new = _blocks(writing, lines, namings, waits, source.newline)
    if writing.diagnostics:
        return None
    blocks = (*above, *new, *below)
    edits = [*names.edits(shape, source.newline), *_edits(blocks)]
    written = respell(source, edits, _threads(blocks)) if edits else source
    return Remembered(written, blocks, head, shape, source.newline)


def _blocks(
    writing: Writing, lines: _Lines, namings: Sequence[Naming], waits: set[str], newline: str
) -> list[_Block]:
    blocks = []
    ends = [*(group.start for group in lines.groups[1:]), len(lines.shape.text)]
    for group, naming, end in zip(lines.groups, namings, ends, strict=True):
        writing.edits, writing.threads, writing.holders = [], [], {}
        writing.names.asked = {}
        writing.block(group.body, None)
        writing.decorate(ast.Module(group.body, []), newline)
        edits = tuple(_moved(each, -group.start) for each in writing.edits)
        threads = tuple(each - group.start for each in writing.threads)
        asked, waited = writing.names.asked, naming.loads & waits
        blocks.append(_Block(end - group.start, naming, edits, threads, asked, waited))
    return blocks


def _edits(blocks: Iterable[_Block]) -> Iterator[Edit]:
    start = 0
    for block in blocks:
        for edit in block.edits:
            yield _moved(edit, start)
        start += block.length


def _threads(blocks: Iterable[_Block]) -> Iterator[int]:
    start = 0
    for block in blocks:
        for each in block.threads:
            yield start + each
        start += block.length


def _moved(edit: Edit, by: int) -> Edit:
    parts = tuple(each if isinstance(each, str) else each.moved(by) for each in edit.parts)
    return Edit(edit.span.moved(by), parts, edit.anchor.moved(by))
