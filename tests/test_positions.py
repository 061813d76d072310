"""Where each piece of the output came from, through lowering and layout."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from lwtsyntax.pipeline import PositionMap, transform

FIXTURES = Path(__file__).parent / "fixtures"
SOURCES = sorted(path for path in FIXTURES.glob("*/*.py") if path.parent.name != "refused")


def places(source: str, *, format: bool = True) -> tuple[str, PositionMap]:
    result = transform(source, format=format)
    assert result.text is not None and result.positions is not None
    return result.text, result.positions


@pytest.mark.parametrize("format", [True, False])
def test_names_of_the_user_lead_back_to_where_they_stood(format: bool) -> None:
    source = (
        "from lwtsyntax import lwt\n\n\n@lwt\ndef work(first):\n"
        "    if first:\n        second = lwt(fetch(first))  # ask\n        return combine(second, 'ä', first)\n"
        "    return lwt(other(\n        first,\n        third=1,\n    ))\n"
    )
    text, positions = places(source, format=format)
    lines = source.splitlines()
    seen = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and node.id in ("fetch", "combine", "other"):
            column = len(text.splitlines()[node.lineno - 1].encode()[: node.col_offset].decode())
            place = positions.original(node.lineno, column)
            assert place is not None
            line, start = place
            assert lines[line - 1][start:].startswith(node.id)
            seen.add(node.id)
    assert seen == {"fetch", "combine", "other"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_calls_lead_back_to_the_line_that_made_them(path: Path) -> None:
    """Every call of a user's function stands, in the source, on a line that names the function."""
    source = path.read_text().split("\n# output")[0] + "\n"
    if "python>=3.12" in source.splitlines()[0] and sys.version_info < (3, 12):
        pytest.skip("needs Python 3.12")
    text, positions = places(source)
    lines = source.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "get":
            place = positions.original(node.lineno, node.col_offset)
            assert place is not None
            assert "get" in "\n".join(lines[place[0] - 1 : place[0] + 4])


def test_text_between_the_functions_leads_back_to_itself() -> None:
    source = (
        "from lwtsyntax import lwt\nbefore = 1\n\n\n@lwt\ndef f():\n    lwt(g())\n\n\nafter = 2\n"
    )
    text, positions = places(source)
    row = text.splitlines().index("after = 2") + 1
    assert positions.original(row, 8) == (10, 8)
    assert positions.original(2, 0) == (2, 0)


def test_generated_text_leads_back_to_the_statement_it_serves() -> None:
    source = "from lwtsyntax import lwt\n\n\n@lwt\ndef f():\n    x = lwt(g())\n    return x + 1\n"
    text, positions = places(source)
    row, line = next((i, t) for i, t in enumerate(text.splitlines(), 1) if "Lwt.map" in t)
    assert positions.original(row, line.index("return")) == (6, 4)


def test_a_continuation_leads_back_to_its_wait_as_a_lambda_too() -> None:
    source = "from lwtsyntax import lwt\n\n\n@lwt\ndef f():\n    lwt(a())\n    x = lwt(b())\n    return x\n"
    text, positions = places(source)
    row, line = next((i, t) for i, t in enumerate(text.splitlines(), 1) if "lambda" in t)
    first, second = line.index("lambda"), line.rindex("lambda")
    assert positions.original(row, first) == (6, 4)
    assert positions.original(row, second) == (7, 8)
    assert positions.original(row, line.rindex("x")) == (8, 11)


def test_windows_line_ends_are_counted() -> None:
    start = "from lwtsyntax import lwt\r\n\r\n\r\n@lwt\r\ndef f():\r\n" + "    log(1)\r\n" * 9
    source = start + "    x = lwt(g())\r\n    return x + 1\r\n\r\n\r\nafter = 2\r\n"
    text, positions = places(source)
    assert text.count("\r\n") == text.count("\n")
    row = text.split("\r\n").index("after = 2") + 1
    assert positions.original(row, 0) == (19, 0)
    row, line = next((i, t) for i, t in enumerate(text.split("\r\n"), 1) if "Lwt.map" in t)
    assert positions.original(row, line.index("g(")) == (15, 12)
