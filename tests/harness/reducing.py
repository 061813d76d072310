"""Make a failing program small: delete statements and simplify expressions while it still fails."""

from __future__ import annotations

import ast
import copy
import warnings
from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["reduced"]


def reduced(
    source: str, fails: Callable[[str], bool], show: Callable[[str], None] = lambda _: None
) -> str:
    """The smallest program found that still *fails*; *show* sees each one on the way."""
    tree = ast.parse(source)
    best = ast.unparse(tree)
    if not fails(best):
        return source
    start = 0
    while True:
        for index, smaller in enumerate(_smaller(ast.parse(best))):
            if index >= start and len(smaller) < len(best) and fails(smaller):
                best, start = smaller, index
                show(best)
                break
        else:
            if start == 0:
                return best
            start = 0  # what failed to shrink may do so now


def _smaller(tree: ast.Module) -> Iterator[str]:
    """Programs with one part less than *tree*, the largest parts first."""
    parts: list[tuple[int, ast.AST, str, int | None]] = []
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                parts.append((len(ast.unparse(value)), node, name, None))
            elif isinstance(value, list):
                parts += [
                    (len(ast.unparse(item)), node, name, index)
                    for index, item in enumerate(value)
                    if isinstance(item, ast.stmt | ast.expr | ast.match_case | ast.ExceptHandler)
                ]
    for _, node, name, index in sorted(parts, key=lambda part: -part[0]):
        old = getattr(node, name)
        for new in _replacements(old, index):
            setattr(node, name, new)
            try:
                text = ast.unparse(ast.fix_missing_locations(tree))
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", SyntaxWarning)
                    compile(text, "<smaller>", "exec")
            except (SyntaxError, ValueError, TypeError, AttributeError, IndexError):
                continue
            finally:
                setattr(node, name, old)
            yield text


def _replacements(old: Any, index: int | None) -> Iterator[Any]:
    """What the field of a node may be instead: its list without an item, or with a simpler one."""
    if index is None:
        yield from _simpler(old)
        return
    rest = old[:index], old[index + 1 :]
    item = old[index]
    yield [*rest[0], *rest[1]]
    for block in ("body", "orelse", "finalbody"):
        inner = getattr(item, block, None)
        if isinstance(item, ast.stmt) and isinstance(inner, list) and inner:
            yield [*rest[0], *inner, *rest[1]]
    if isinstance(item, ast.stmt):
        yield [*rest[0], ast.Pass(), *rest[1]]
    if isinstance(item, ast.expr):
        for simple in _simpler(item):
            yield [*rest[0], simple, *rest[1]]


def _simpler(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Constant | ast.Name):
        return
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):
            yield copy.deepcopy(child)
    yield ast.Constant(1)
