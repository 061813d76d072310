"""Compile lowered code so that it speaks of the source: its lines and columns are those the user wrote."""

from __future__ import annotations

import ast
from types import CodeType

from lwtsyntax.pipeline import TransformResult

__all__ = ["compile_result"]


def compile_result(result: TransformResult, filename: str) -> CodeType:
    """The code object of a source that was not refused, as ``compile(source, filename, "exec")`` gives it.

    Every instruction bears the position of the source text that it came from.
    """
    assert result.text is not None
    if not result.changed or result.positions is None:
        return compile(result.text, filename, "exec", dont_inherit=True)
    tree = ast.parse(result.text, filename)
    _Relocation(result).visit(tree)
    return compile(tree, filename, "exec", dont_inherit=True)


class _Relocation(ast.NodeVisitor):
    """Moves every node of the output's tree to where it came from in the source."""

    def __init__(self, result: TransformResult) -> None:
        assert result.positions is not None
        self.output, self.source = result.positions.output, result.positions.source
        self.locate = result.positions.original
        self.last_line = 1  # for generated nodes that came from nowhere in particular

    def visit(self, node: ast.AST) -> None:
        if hasattr(node, "lineno"):
            self._move(node)
        self.generic_visit(node)

    def _move(self, node: ast.AST) -> None:
        start = self._original(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        end = self._original(node.end_lineno, node.end_col_offset - 1)  # type: ignore[attr-defined]
        line = start[0] if start else self.last_line
        self.last_line = line
        text = self.source.line(line)
        if start and end and end[0] == line and end[1] >= start[1]:
            first, last = start[1], end[1] + 1
        else:  # the whole line, under which tracebacks print no carets
            first, last = len(text) - len(text.lstrip()), len(text.rstrip())
        fields = ("lineno", line), ("end_lineno", line)
        columns = ("col_offset", text[:first]), ("end_col_offset", text[:last])
        for name, number in (*fields, *((name, len(part.encode())) for name, part in columns)):
            setattr(node, name, number)

    def _original(self, line: int, byte: int) -> tuple[int, int] | None:
        before = self.output.line(line).encode()[: max(byte, 0)]
        return self.locate(line, len(before.decode(errors="ignore")))
