"""What holds for the output of every fixture, whatever the program."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter

from harness.names import Scopes
from lwtsyntax.markers import FORMS

__all__ = ["comments", "markers_left", "runtime_names", "untouched_parts"]


def comments(text: str) -> Counter[str]:
    """The comments of a program."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return Counter(token.string for token in tokens if token.type == tokenize.COMMENT)


def runtime_names(text: str) -> set[str]:
    """The names that a program reads from the runtime, through whatever alias."""
    tree = ast.parse(text)
    aliases = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "lwtsyntax"
        for alias in node.names
        if alias.name == "runtime"
    }
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in aliases
    }


class _MarkersLeft(ast.NodeVisitor):
    def __init__(self, tree: ast.Module) -> None:
        self.scopes = Scopes(tree)
        self.found: list[str] = []

    def visit(self, node: ast.AST) -> None:
        with self.scopes.inside(node):
            if isinstance(node, ast.Name | ast.Attribute) and self.scopes.marker(node):
                self.found.append(f"line {node.lineno}: {ast.unparse(node)}")
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lwtsyntax"):
                left = {alias.name for alias in node.names} & {form.name for form in FORMS}
                self.found += [f"line {node.lineno}: import of {name}" for name in left]
            super().visit(node)


def markers_left(text: str) -> list[str]:
    """The uses and imports of markers in a program."""
    tree = ast.parse(text)
    visitor = _MarkersLeft(tree)
    visitor.visit(tree)
    return visitor.found


class _Islands(ast.NodeVisitor):
    """The lines of the outermost thread functions, and of the imports of markers."""

    def __init__(self, tree: ast.Module, text: list[str]) -> None:
        self.scopes = Scopes(tree)
        self.text = text
        self.lines: set[int] = set()

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef) and any(
            self.scopes.marker(decorator) in ("lwt", "lwt_stream")
            for decorator in node.decorator_list
        ):
            first = min(decorator.lineno for decorator in node.decorator_list)
            self.lines.update(range(first, self.end(node) + 1))
            return
        if isinstance(node, ast.Import | ast.ImportFrom) and "lwtsyntax" in ast.unparse(node):
            self.lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        with self.scopes.inside(node):
            super().visit(node)

    def end(self, node: ast.FunctionDef) -> int:
        """The last line of *node*, with the comments that follow in its indentation."""
        assert node.end_lineno is not None
        last = node.end_lineno
        for number, line in enumerate(self.text[last:], last + 1):
            words = line.strip()
            if words and not (words.startswith("#") and _indentation(line) > node.col_offset):
                break
            last = number if words else last
        return last


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def untouched_parts(source: str) -> list[str]:
    """The pieces of *source*, in order, that its output must hold byte for byte."""
    tree = ast.parse(source)
    lines = source.splitlines(keepends=True)
    islands = _Islands(tree, lines)
    islands.visit(tree)
    parts = [""]
    for number, line in enumerate(lines, 1):
        if number not in islands.lines:
            parts[-1] += line
        elif parts[-1]:
            parts.append("")
    return parts
