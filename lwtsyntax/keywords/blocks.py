"""Blocks: runs of whole statements of a text in keyword spelling, each with the edits that put its markers in.

A block means by itself what it means where it stands, so all its places count from its beginning.  It ends where a
statement of the module begins on a line of its own, but not behind a form: what follows that may be meant as its clause.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.ir.parsing import parse
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.spelling import Edit
from lwtsyntax.keywords.importing import MarkerNames, Naming, opening
from lwtsyntax.keywords.reading import KeywordForm, Reading, tokens_of
from lwtsyntax.keywords.shape import same_length
from lwtsyntax.keywords.writing_markers import Writing

__all__ = [
    "Block",
    "Lines",
    "blocks_of",
    "edits_of",
    "forms_of",
    "moved_forms",
    "read_lines",
    "threads_of",
]

_LEAST = 12  # lines of a block: more blocks are more to put together


@dataclass(frozen=True, slots=True)
class Block:
    """Statements of the module, from the line of the first up to the next block."""

    length: int
    forms: tuple[KeywordForm, ...]
    naming: Naming
    edits: tuple[Edit, ...]
    threads: tuple[int, ...]
    # what the edits depend on
    asked: Mapping[tuple[str, str, str], str]
    waits: set[str]  # of the names that are read here, those of markers

    def fits(self, names: MarkerNames, waits: set[str]) -> bool:
        """Whether its edits are right in a file with such names."""
        return self.naming.loads & waits == self.waits and names.agree(self.asked)


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
class Lines:
    """Whole lines, read by themselves."""

    source: Source
    reading: Reading
    whole: bool  # its tokens end where the lines end
    forms: list[KeywordForm]
    shape: Source
    refusal: Refusal | None  # what Python says of it
    groups: list[_Group] = field(default_factory=list)
    complete: bool = False  # nothing that follows can belong to what it ends with


def read_lines(source: Source, *, opens: bool) -> Lines:
    """*source* as lines of which the first may open the file."""
    tokens = list(tokens_of(source))
    whole = bool(tokens) and tokens[-1].kind == "ENDMARKER"
    reading = Reading(tokens)
    forms = list(reading.forms())
    shape = Source(same_length(source.text, forms), source.filename)
    try:
        tree = parse(shape, source)
    except Refusal as refusal:
        return Lines(source, reading, whole, forms, shape, refusal)
    units = list(_units(tree.body, shape, {form.span.start: form for form in forms}))
    head = len(list(opening(tree))) if opens else -1
    complete = bool(units) and not units[-1].is_form and len(tree.body) > head
    groups = list(_groups(units, shape, head))
    return Lines(source, reading, whole, forms, shape, None, groups, complete)


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
        if column == 0 and enough and before is not None and not before.is_form:
            yield group
            group, first = _Group(unit.span.start), line
        group.body += unit.body
        before = unit
    yield group


def blocks_of(
    lines: Lines, namings: Sequence[Naming], writing: Writing, waits: set[str], newline: str
) -> Iterator[Block]:
    """The blocks that *lines* are, with the edits that *writing* makes of them."""
    ends = [*(group.start for group in lines.groups[1:]), len(lines.shape.text)]
    forms = iter([*lines.forms, None])
    form = next(forms)
    for group, naming, end in zip(lines.groups, namings, ends, strict=True):
        own = []
        while form is not None and form.span.start < end:
            own.append(form)
            form = next(forms)
        writing.edits, writing.threads, writing.holders = [], [], {}
        writing.names.asked = {}
        writing.block(group.body, None)
        writing.decorate(ast.Module(group.body, []), newline)
        yield Block(
            end - group.start,
            tuple(moved_forms(own, -group.start)),
            naming,
            tuple(_moved_edit(each, -group.start) for each in writing.edits),
            tuple(each - group.start for each in writing.threads),
            writing.names.asked,
            naming.loads & waits,
        )


# -- where they stand --------------------------------------------------------------------------


def _placed(blocks: Iterable[Block], start: int = 0) -> Iterator[tuple[Block, int]]:
    for block in blocks:
        yield block, start
        start += block.length


def edits_of(blocks: Iterable[Block]) -> Iterator[Edit]:
    for block, start in _placed(blocks):
        yield from (_moved_edit(each, start) for each in block.edits)


def threads_of(blocks: Iterable[Block]) -> Iterator[int]:
    for block, start in _placed(blocks):
        yield from (start + each for each in block.threads)


def forms_of(blocks: Iterable[Block], start: int = 0) -> Iterator[KeywordForm]:
    for block, offset in _placed(blocks, start):
        yield from moved_forms(block.forms, offset)


def moved_forms(forms: Iterable[KeywordForm], by: int) -> Iterator[KeywordForm]:
    for form in forms:
        ands = tuple(each.moved(by) for each in form.ands)
        yield replace(form, span=form.span.moved(by), ands=ands)


def _moved_edit(edit: Edit, by: int) -> Edit:
    parts = tuple(each if isinstance(each, str) else each.moved(by) for each in edit.parts)
    return Edit(edit.span.moved(by), parts, edit.anchor.moved(by))
