"""Put the lowered functions back into the text, and the runtime's import in place of the markers'.

Input: the source, and what replaces each marked function.  Output: the new text, and where each part
of it came from.  Text between the functions is copied, so that it is untouched by construction.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from itertools import takewhile

from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.printing import Mapped
from lwtsyntax.ir.source import Source, Span
from lwtsyntax.names import RUNTIME

__all__ = ["Replacement", "import_edits", "splice_output"]

_Import = ast.Import | ast.ImportFrom
_Edited = tuple[_Import, list[ast.alias]]


@dataclass(frozen=True, slots=True)
class Replacement:
    """*text* stands in the output where *span* stood; the mapping's offsets count from its start."""

    span: Span
    text: str
    mapping: tuple[Mapped, ...] = ()


def splice_output(source: Source, replacements: list[Replacement]) -> tuple[str, list[Mapped]]:
    """The new text, with the mapping of all of it."""
    parts: list[str] = []
    mapping: list[Mapped] = []
    position = length = 0

    def copy(end: int) -> None:
        nonlocal length
        if position < end:
            mapping.append(Mapped(length, length + end - position, Span(position, end), True))
            parts.append(source.text[position:end])
            length += end - position

    newline = "\r\n" if "\r\n" in source.text else "\n"
    for item in sorted(replacements, key=lambda item: item.span.start):
        copy(item.span.start)
        if not item.mapping:
            mapping.append(Mapped(length, length + len(item.text), item.span, False))
        text = item.text
        shift = 0 if newline == "\n" else None
        for place in item.mapping:
            extra = shift if shift is not None else text.count("\n", 0, place.start)
            start = length + place.start + extra
            mapping.append(Mapped(start, start, place.source, place.exact))
        if newline != "\n":
            text = text.replace("\n", newline)
        parts.append(text)
        length += len(text)
        position = item.span.end
    copy(len(source.text))
    return "".join(parts), mapping


def import_edits(markers: Markers, source: Source, alias: str) -> list[Replacement]:
    """Take the markers out of the imports; the first one gives its place to the runtime's import."""
    package, _, module = RUNTIME.rpartition(".")
    line = f"from {package} import {module}" + (f" as {alias}" if alias != module else "")
    imports = sorted(markers.imports, key=lambda item: item[0].lineno)
    gone = {node for node, names in imports if len(names) == len(node.names)}
    place = None if markers.runtime_alias is not None else _place(markers.tree, imports, gone)
    blocks = _blocks(markers.tree, imports)
    edits = []
    for node, names in imports:
        kept = [name for name in node.names if name not in names]
        new = [_import(node, kept)] if kept else []
        new += [line] if node is place else []
        stays = any(each not in gone or each is place for each in blocks[node])
        dispensable = stays or blocks[node] is markers.tree.body
        edits.append(_import_edit(node, new, source, dispensable))
    if place is None and markers.runtime_alias is None:
        edits.append(_insertion(line, markers.tree, source))
    return edits


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
    for node in ast.walk(tree):
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
    lines = [*comments, *(new or ["pass"])]
    if not new and not comments and dispensable:
        line_start, line_end = _line(source, span)
        if (
            not source.text[line_start : span.start].strip()
            and not source.text[span.end : line_end].strip()
        ):
            return Replacement(Span(line_start, line_end), "")
    return Replacement(span, f"\n{indent}".join(lines))


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
