"""Put the lowered functions back into the text, and the runtime's import in place of the markers'.

Input: the source, and what replaces each marked function.  Output: the new text, and where each part
of it came from.  Text between the functions is copied, so that it is untouched by construction.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from lwtsyntax.ir.code import Code
from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.printing import Mapped
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.ir.tree import walk
from lwtsyntax.names import RUNTIME

__all__ = [
    "Replacement",
    "changed_statements",
    "helpers_import",
    "import_edits",
    "replacements",
    "runtime_import",
    "splice_mapping",
    "splice_output",
]

_Import = ast.Import | ast.ImportFrom
_Edited = tuple[_Import, list[ast.alias]]


@dataclass(frozen=True, slots=True)
class Replacement:
    """*text* stands in the output where *span* stood; the mapping's offsets count from its start.

    The mapping is found when somebody asks for positions, which most do not.
    """

    span: Span
    text: str
    find_mapping: Callable[[], Sequence[Mapped]] = tuple


def splice_output(source: Source, replacements: list[Replacement]) -> str:
    """The new text."""
    newline = _newline(source)
    parts: list[str] = []
    position = 0
    for item in sorted(replacements, key=lambda item: item.span.start):
        parts.append(source.text[position : item.span.start])
        parts.append(item.text if newline == "\n" else item.text.replace("\n", newline))
        position = item.span.end
    return "".join([*parts, source.text[position:]])


def changed_statements(
    tree: ast.Module, source: Source, replacements: list[Replacement]
) -> Iterator[str]:
    """The statements of the module with something replaced in them, as they are in the output."""
    ordered = sorted(replacements, key=lambda item: item.span.start)
    index = 0
    for statement in tree.body:
        whole = source.span(statement)
        while index < len(ordered) and ordered[index].span.end < whole.start:
            index += 1
        position, parts = whole.start, []
        while index < len(ordered) and ordered[index].span.start <= whole.end:
            span = ordered[index].span
            parts += [source.text[position : span.start], ordered[index].text]
            position = span.end
            index += 1
        if parts:
            yield "".join([*parts, source.text[position : whole.end], "\n"])


def splice_mapping(source: Source, replacements: list[Replacement]) -> list[Mapped]:
    """The mapping of all of the text that :func:`splice_output` gives."""
    mapping: list[Mapped] = []
    position = length = 0

    def copy(end: int) -> None:
        nonlocal length
        if position < end:
            mapping.append(Mapped(length, length + end - position, Span(position, end), True))
            length += end - position

    wide = _newline(source) != "\n"
    for item in sorted(replacements, key=lambda item: item.span.start):
        copy(item.span.start)
        text, places = item.text, item.find_mapping()
        if not places:
            mapping.append(Mapped(length, length + len(text), item.span, False))
        for place in places:
            start, end = length + place.start, length + place.end
            if wide:
                start += text.count("\n", 0, place.start)
                end += text.count("\n", 0, place.end)
            mapping.append(Mapped(start, end, place.source, place.exact))
        length += len(text) + (text.count("\n") if wide else 0)
        position = item.span.end
    copy(len(source.text))
    return mapping


def _newline(source: Source) -> str:
    return "\r\n" if "\r\n" in source.text else "\n"


def runtime_import(markers: Markers, alias: str) -> str | None:
    """The line that imports the runtime as *alias*; None where the user's own import does."""
    if markers.runtime_alias is not None:
        return None
    package, _, module = RUNTIME.rpartition(".")
    return f"from {package} import {module}" + (f" as {alias}" if alias != module else "")


def helpers_import(module: str, helpers: dict[str, str]) -> str | None:
    """The line that imports *helpers*, a dict of the names they have there and here."""
    names = ast.ImportFrom(
        module,
        [ast.alias(name, None if as_ == name else as_) for name, as_ in sorted(helpers.items())],
        0,
    )
    return ast.unparse(names) if helpers else None


def import_edits(markers: Markers, source: Source, line: str | None) -> list[Replacement]:
    """Take the markers out of the imports; the first one gives its place to *line*."""
    imports = sorted(markers.imports, key=lambda item: item[0].lineno)
    gone = {node for node, names in imports if len(names) == len(node.names)}
    place = None if line is None else _place(markers.tree, imports, gone)
    blocks = _blocks(markers.tree, imports)
    edits = []
    for node, names in imports:
        kept = [name for name in node.names if name not in names]
        new = [_import(node, kept)] if kept else []
        new += [line] if line is not None and node is place else []
        stays = any(each not in gone or each is place for each in blocks[node])
        dispensable = stays or blocks[node] is markers.tree.body
        edits.append(_import_edit(node, new, source, dispensable))
    if place is None and line is not None:
        edits.append(_insertion(line, markers.tree, source))
    return edits


def replacements(edits: Iterable[tuple[Span, Code]], source: Source) -> list[Replacement]:
    """Edits of the source as replacements, in which the user's own text keeps its places."""
    return [_replacement(span, new, source) for span, new in edits]


def _replacement(span: Span, new: Code, source: Source) -> Replacement:
    text = ""
    mapping = []
    for piece in new:
        if isinstance(piece, str):
            mapping.append(Mapped(len(text), len(text) + len(piece), span, False))
            text += piece
            continue
        assert isinstance(piece, Span)
        for start, line in source.lines_in(piece):
            own = line.replace("\r\n", "\n")
            place = Span(start, start + len(line))
            mapping.append(Mapped(len(text), len(text) + len(own), place, True))
            text += own
    return Replacement(span, text, lambda: mapping)


def _place(tree: ast.Module, imports: list[_Edited], gone: set[_Import]) -> _Import | None:
    """The first of *imports* that surely runs when the file is imported.

    A try that begins with imports of markers does for the runtime, in their place, what it does for
    them when they fail.
    """
    sure: set[ast.stmt] = set(tree.body)
    for statement in tree.body:
        if isinstance(statement, ast.Try):
            sure.update(takewhile(gone.__contains__, statement.body))
    return next((node for node, _ in imports if node in sure), None)


def _blocks(tree: ast.Module, imports: list[_Edited]) -> dict[ast.stmt, list[ast.stmt]]:
    """The statements among which each of *imports* stands."""
    blocks = dict.fromkeys(tree.body, tree.body)
    if all(node in blocks for node, _ in imports):
        return blocks
    for node in walk(tree):
        for _, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                blocks.update(dict.fromkeys(value, value))
    return blocks


def _import(node: _Import, names: list[ast.alias]) -> str:
    new = (
        ast.Import(names)
        if isinstance(node, ast.Import)
        else ast.ImportFrom(node.module, names, node.level)
    )
    return ast.unparse(new)


def _import_edit(node: _Import, new: list[str], source: Source, dispensable: bool) -> Replacement:
    span = source.span(node)
    indent = source.indentation(span.start)
    comments = [comment.text for comment in source.comments_in(span.start, span.end)]
    start, end = _line(source, span)
    before, behind = source.text[start : span.start], source.text[span.end : end].strip()
    if new or not dispensable or before.strip() or behind.startswith(";"):
        return Replacement(span, f"\n{indent}".join([*comments, *(new or ["pass"])]))
    if not comments and not behind:
        return Replacement(_with_blank_lines(source, Span(start, end)), "")
    rest = source.text.index(behind, span.end) if behind else span.end
    return Replacement(Span(span.start, rest), f"\n{indent}".join(comments))


def _with_blank_lines(source: Source, line: Span) -> Span:
    """*line* with the empty lines before it, where there are others behind it."""
    above, below = source.text[: line.start].rstrip(), source.text[line.end :]
    if not above or above.endswith(":"):
        return Span(line.start if above else 0, len(source.text) - len(below.lstrip("\r\n")))
    if below.lstrip(" \t")[:1] in ("\r", "\n"):
        return Span(source.text.find("\n", len(above)) + 1, line.end)
    return line


def _line(source: Source, span: Span) -> tuple[int, int]:
    start = source.text.rfind("\n", 0, span.start) + 1
    end = source.text.find("\n", span.end) + 1
    return start, end or len(source.text)


def _insertion(line: str, tree: ast.Module, source: Source) -> Replacement:
    """After the docstring and the ``__future__`` imports, before everything else."""
    after = None
    for index, node in enumerate(tree.body):
        is_docstring = (
            index == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        )
        if is_docstring or (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            after = node
        else:
            break
    if after is None:
        start = source.span(tree.body[0]).start
        start = source.text.rfind("\n", 0, start) + 1
        return Replacement(Span(start, start), f"{line}\n")
    end = source.text.find("\n", source.span(after).end)
    end = len(source.text) if end < 0 else end
    return Replacement(Span(end, end), f"\n{line}")
