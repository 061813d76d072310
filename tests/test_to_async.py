"""``--to async``: what holds for the output of every fixture, and what none of them shows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from harness.fixtures import Fixture, all_fixtures
from harness.invariants import comments, markers_left
from harness.oracle import asynchronous

import lwtsyntax.coroutines
from lwtsyntax.pipeline import transform, transform_bytes

HARNESS = Path(__file__).parent / "harness"
ACCEPTED = [
    pytest.param(fixture, id=fixture.name.removesuffix(".py"))
    for fixture in all_fixtures()
    if not fixture.refused and fixture.runs_here
]
REFUSED = [
    pytest.param(fixture, id=fixture.name.removesuffix(".py"))
    for fixture in all_fixtures()
    if fixture.refused and fixture.runs_here
]
# what async functions can do, and bind chains cannot
ONLY_BINDS = {
    "refused/locals_in_a_thread_function.py",
    "refused/wait_in_the_type_of_an_except_star_clause.py",
}


def to_async(source: str) -> str:
    text = transform(source, target="async").text
    assert text is not None
    return text


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_output_is_sound(fixture: Fixture) -> None:
    output = asynchronous(fixture.source, fixture.name)
    compile(output, fixture.name, "exec", dont_inherit=True)
    assert markers_left(output) == []
    assert helpers(output) <= set(lwtsyntax.coroutines.__all__)
    assert comments(fixture.source) == comments(output)
    again = transform(output, fixture.name, target="async")
    assert again.text == output
    assert not again.changed


def helpers(text: str) -> set[str]:
    """The names that a program imports from the helpers."""
    found = [
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module == "lwtsyntax.coroutines"
    ]
    return {alias.name for node in found for alias in node.names}


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_lines_without_markers_stay(fixture: Fixture) -> None:
    """A line that changes holds a marker, a case of match_lwt, or calls a thread function."""
    output = asynchronous(fixture.source, fixture.name)
    gone = _lines(fixture.source) - _lines(output)
    threads = re.findall(r"@\S*lwt\b[^\n]*\n(?:\s*#[^\n]*\n|\s)*def (\w+)", fixture.source)
    threads += re.findall(r"(\w+) = \(?(?:lambda|send$)", fixture.source, re.MULTILINE)
    words = re.compile(r"lwt|\bwait|exception\(|lambda|" + "|".join(rf"\b{n}\b" for n in threads))
    if "import lwt" not in fixture.source or re.search(r"lwt\w* as ", fixture.source):
        return
    multiline = {line for call in _marker_calls(fixture.source) for line in call.splitlines()}
    for line in gone:
        assert words.search(line) or any(line in each for each in multiline), line


def _lines(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.splitlines() if line.strip())


def _marker_calls(source: str) -> list[str]:
    """The text of what may change around a marker: whole statements that run over several lines."""
    return [
        ast.get_source_segment(source, node) or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.stmt) and (node.end_lineno or 0) > node.lineno
        if "lwt" in (ast.get_source_segment(source, node) or "")
        if not isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]


@pytest.mark.parametrize("fixture", REFUSED)
def test_markers_in_wrong_places_are_refused(fixture: Fixture) -> None:
    result = transform(fixture.source, fixture.name, target="async")
    accepted = fixture.name in ONLY_BINDS
    assert (result.text is not None) == accepted
    if not accepted:
        assert {each.code for each in result.diagnostics} == set(str(fixture.refused).split(","))


def test_mypy_accepts_every_output(tmp_path: Path) -> None:
    for each in ACCEPTED:
        fixture = each.values[0]
        assert isinstance(fixture, Fixture)
        if fixture.differs_in_async:
            continue
        output = asynchronous(fixture.source, fixture.name)
        (tmp_path / fixture.name.replace("/", "__")).write_text(output, encoding="utf-8")
    # mypy does not know that `await` may stand in a generator expression of any function
    (tmp_path / "mypy.ini").write_text(
        f"[mypy]\nmypy_path = {HARNESS / 'stubs'}:{HARNESS.parent.parent}\n"
        "disable_error_code = await-not-async\n"
    )
    command = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini"]
    result = subprocess.run(
        [*command, "--explicit-package-bases", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_frames_are_whole() -> None:
    source = "from lwtsyntax import lwt\n\n\n@lwt\ndef main(x):\n    lwt(x)\n    return locals()\n"
    assert "return locals()" in to_async(source)


def test_helpers_come_from_the_module_that_is_named() -> None:
    source = (
        "from lwtsyntax import for_lwt, lwt\n@lwt\ndef f(xs):\n    for x in for_lwt(xs): pass\n"
    )
    output = transform(source, target="async", helpers="shop.threads").text
    assert output is not None
    assert output.startswith("from shop.threads import items\n")


def test_line_ends_and_byte_order_mark_stay() -> None:
    source = (
        b"\xef\xbb\xbffrom lwtsyntax import exception, lwt, match_lwt\r\n\r\n@lwt\r\ndef f(p):\r\n"
        b"    match match_lwt(p):\r\n        case exception(KeyError()):\r\n            pass\r\n"
        b"        case 1:\r\n            g = lambda: lwt(p)\r\n"
    )
    output, _ = transform_bytes(source, target="async")
    assert output == (
        b"\xef\xbb\xbfasync def f(p):\r\n    try:\r\n        value = await p\r\n"
        b"    except KeyError:\r\n        pass\r\n    else:\r\n        match value:\r\n"
        b"            case 1:\r\n\r\n                async def g():\r\n                    return await p\r\n"
    )


def test_positions_of_moved_text() -> None:
    source = (
        "from lwtsyntax import exception, lwt, match_lwt\n\n\n@lwt\ndef f(p):\n"
        "    match match_lwt(p):\n        case exception(KeyError()):\n            print(1)\n"
        "        case 1:\n            print(2)\n"
    )
    result = transform(source, target="async")
    assert result.text is not None
    assert result.positions is not None
    for words in ("print(1)", "print(2)"):
        line = result.text[: result.text.index(words)].count("\n") + 1
        column = result.text.splitlines()[line - 1].index(words)
        found = result.positions.original(line, column)
        assert found is not None
        assert found[0] == source[: source.index(words)].count("\n") + 1


def test_tabs_and_odd_indentation() -> None:
    source = (
        "from lwtsyntax import exception, lwt, match_lwt, with_lwt\n@lwt\ndef f(p):\n\tif p:\n"
        "\t\tmatch match_lwt(p):\n\t\t  case exception(KeyError(args=a)):\n\t\t\t  pass\n"
        "\twith with_lwt(p), p:\n\t\t\treturn 1\n"
    )
    compile(to_async(source), "f.py", "exec")
