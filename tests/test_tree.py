"""Going through syntax trees as ``ast.walk`` does."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest
from harness.fixtures import FIXTURES

from lwtsyntax.ir.tree import children, walk

STANDARD = Path(sysconfig.get_path("stdlib"))
SILENT = (ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context)
SYNTAX = ["test_grammar", "test_patma", "test_typing", "test_fstring", "test_syntax"]
SYNTAX += [
    "test_type_params",
    "test_type_aliases",
    "test_exception_group",
    "test_named_expressions",
]
FILES = [STANDARD / "test" / f"{name}.py" for name in SYNTAX]
FILES += [*sorted(STANDARD.glob("*.py"))[::8], *sorted(FIXTURES.glob("*/*.py"))[::4]]


def told(nodes: list[ast.AST]) -> list[ast.AST]:
    return [node for node in nodes if not isinstance(node, SILENT)]


def test_the_same_nodes_in_the_same_order() -> None:
    checked = 0
    for path in FILES:
        try:
            tree = ast.parse(path.read_bytes())
        except (OSError, SyntaxError):
            continue
        assert list(walk(tree)) == told(list(ast.walk(tree))), path
        checked += 1
    assert checked > 50


TEXTS = ["global x, y", "f(a=1, *b, **c)", "{**a, b: c}", "def f(*, a, b=1): pass"]
TEXTS += ["match x:\n case {'a': 1, **rest}: pass\n case C(1, b=[*_]) as d: pass\n case None: pass"]


@pytest.mark.parametrize("text", TEXTS)
def test_children(text: str) -> None:
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, SILENT):
            assert children(node) == told(list(ast.iter_child_nodes(node)))


def test_a_type_alias_has_a_name() -> None:
    try:
        tree = ast.parse("type X[T] = list[T]")
    except SyntaxError:
        pytest.skip("needs Python 3.12")
    assert any(isinstance(node, ast.Name) and node.id == "X" for node in walk(tree))
