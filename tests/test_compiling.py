"""Compiled code speaks of the source: every line, every column, every name."""

from __future__ import annotations

import ast
import dis
import inspect
import linecache
import sys
import traceback
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

import pytest
from harness.fixtures import Fixture, all_fixtures

from lwtsyntax import runtime as Lwt
from lwtsyntax.compiling import compile_result
from lwtsyntax.compiling.lines import with_lines
from lwtsyntax.pipeline import transform

ACCEPTED = [
    pytest.param(fixture, id=fixture.name.removesuffix(".py"))
    for fixture in all_fixtures()
    if fixture.runs_here and not fixture.refused
]


def compiled(source: str, filename: str = "<program>") -> CodeType:
    return compile_result(transform(source, filename, format=False), filename)


def native(source: str) -> CodeType:
    """The code of the source itself, markers and all."""
    return compile(source, "<program>", "exec", dont_inherit=True)


def tree(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from tree(each)


def lines(code: CodeType) -> set[int]:
    return {each[0] for part in tree(code) for each in part.co_positions() if each[0]}


# -- all fixtures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_lines_are_those_of_the_source(fixture: Fixture) -> None:
    """No statement is missing, and no line is added but those of dead code, which CPython leaves out."""
    ours, theirs = lines(compiled(fixture.source)), lines(native(fixture.source))
    module = ast.parse(fixture.source)
    statements = {node.lineno for node in ast.walk(module) if isinstance(node, ast.stmt)}
    assert ours - theirs <= statements - theirs
    if fixture.name not in DEAD_ARMS:
        first = first_lines(module)
        assert {first[line] for line in theirs} - {first[line] for line in ours} == set()


# Arms behind one that takes every exception are left out.
DEAD_ARMS = {
    "match_lwt/arms_behind_one_that_takes_all.py",
    "to_async/arms_as_a_match_on_the_exception.py",
}


def first_lines(module: ast.Module) -> dict[int, int]:
    """The line with which the simple statement, or the header, begins that holds a line."""
    first = {line: line for line in range(1, 10_000)}
    for node in ast.walk(module):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None) or [
                case.pattern for case in getattr(node, "cases", ())
            ]
            end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            first.update(dict.fromkeys(range(node.lineno, end + 1), node.lineno))
    return first


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_names_are_those_of_the_source(fixture: Fixture) -> None:
    ours = {part.co_qualname for part in tree(compiled(fixture.source))}
    assert ours == {part.co_qualname for part in tree(native(fixture.source))}


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_what_the_user_wrote_has_its_columns(fixture: Fixture) -> None:
    """Every call, attribute and operation of the source is one of the compiled code, at the same place."""
    formatted = [n for n in ast.walk(ast.parse(fixture.source)) if isinstance(n, ast.JoinedStr)]
    if any(_waits(node) for node in formatted):
        pytest.skip("an f-string that waits is written anew")
    ours, theirs = operations(compiled(fixture.source)), operations(native(fixture.source))
    missing = (theirs - ours) & _operations_written(fixture.source)
    assert missing == set()


OPERATIONS = ("BINARY_OP", "BINARY_SUBSCR", "COMPARE_OP", "LOAD_ATTR", "LOAD_METHOD", "RAISE")
Place = tuple[int, int, int, int]


def operations(code: CodeType) -> set[Place]:
    found = set()
    for part in tree(code):
        for each in dis.get_instructions(part):
            if each.opname in ("CALL", "CALL_FUNCTION_EX") or each.opname.startswith(OPERATIONS):
                position = each.positions
                assert position is not None
                line, end_line, column, end_column = position
                if line and end_line and column is not None and end_column is not None:
                    found.add((line, column, end_line, end_column))
    return found


def _waits(node: ast.JoinedStr) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == "lwt" for inner in ast.walk(node))


def _operations_written(source: str) -> set[Place]:
    """Where the user wrote a call, an attribute or an operation; the markers are not the user's."""
    module = ast.parse(source)
    markers = {
        alias.asname or alias.name
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("lwtsyntax")
        for alias in node.names
    } | {"lwt", "lwt_stream", "for_lwt", "while_lwt", "with_lwt", "match_lwt", "wait"}
    kinds = ast.Call | ast.Attribute | ast.BinOp | ast.Compare | ast.Subscript | ast.Raise
    return {
        (node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0)
        for node in ast.walk(module)
        if isinstance(node, kinds)
        and _name_of(node) not in markers
        and not (isinstance(node, ast.Compare) and len(node.ops) > 1)  # one position for them all
    }


def _name_of(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else node
    return str(getattr(function, "attr", getattr(function, "id", "")))


# -- tracebacks -----------------------------------------------------------------------------------


def frames(source: str, call: str) -> list[str]:
    """What a traceback shows of a program that fails: the functions, and the marked text."""
    filename = f"<program {abs(hash(source))}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    namespace: dict[str, Any] = {"__name__": "program", "Lwt": Lwt}
    exec(compiled(source, filename), namespace)  # noqa: S102  (the program under test)
    try:
        Lwt.run(eval(call, namespace))
    except Exception as error:  # noqa: BLE001  (whatever the program raises)
        entries = traceback.extract_tb(error.__traceback__)
        return [f"{e.name}: {_marked(source, e)}" for e in entries if e.filename == filename]
    raise AssertionError("the program did not fail")


def _marked(source: str, entry: traceback.FrameSummary) -> str:
    node = ast.Constant(None)
    assert entry.lineno is not None and entry.end_lineno is not None
    node.lineno, node.end_lineno = entry.lineno, entry.end_lineno
    assert entry.colno is not None and entry.end_colno is not None
    text = source.splitlines()
    node.col_offset = len(text[entry.lineno - 1][: entry.colno].encode())
    node.end_col_offset = len(text[entry.end_lineno - 1][: entry.end_colno].encode())
    return ast.get_source_segment(source, node) or ""


def test_carets_run_over_several_lines() -> None:
    source = """\
from lwtsyntax import lwt


@lwt
def divide(a, b):
    lwt(Lwt.pause())
    return ("é", lwt(Lwt.return_(a)) + (
        a
        / b
    ))
"""
    assert frames(source, "divide(1, 0)") == ["divide: a\n        / b"]


def test_an_operand_that_waited_is_marked_as_a_whole() -> None:
    source = """\
from lwtsyntax import lwt


@lwt
def add(a):
    return 1 + lwt(
        Lwt.return_(a)
    )
"""
    assert frames(source, "add('x')") == ["add: 1 + lwt(\n        Lwt.return_(a)\n    )"]


@pytest.mark.parametrize("statement", ["x = lwt(f(0))", "for x in [lwt(f(0))]: pass"])
def test_functions_that_the_output_adds_bear_the_name_of_the_thread(statement: str) -> None:
    source = f"""\
from lwtsyntax import lwt


def f(n):
    return 1 / n


class C:
    @lwt
    def method(self):
        lwt(Lwt.pause())
        if self:
            lwt(Lwt.pause())
        try:
            {statement}
        finally:
            lwt(Lwt.pause())
"""
    assert frames(source, "C().method()") == ["method: f(0)", "f: 1 / n"]


# -- what a function says of itself ---------------------------------------------------------------

FUNCTIONS = '''\
from lwtsyntax import lwt


def plain(x):
    return x


@plain
@lwt
def decorated(a: int, /, b="b", *, c: str = "c") -> int:
    """What it does."""
    value = lwt(Lwt.return_(a))

    def inner():
        """Inside a continuation."""
        return value

    class Local:
        def method(self):
            return value

    anonymous = lambda: (value, "later")
    waiting = lambda: lwt(Lwt.return_(value))
    return inner, Local, anonymous, waiting, (each for each in [value])


class C:
    @staticmethod
    @lwt
    def method(self):
        lwt(Lwt.pause())

    @lwt
    def alone(self):
        return lwt(Lwt.return_(lambda: self))
'''


@pytest.fixture
def program(tmp_path: Any) -> dict[str, Any]:
    path = tmp_path / "functions.py"
    path.write_text(FUNCTIONS)
    namespace: dict[str, Any] = {"__name__": "functions", "Lwt": Lwt}
    exec(compiled(FUNCTIONS, str(path)), namespace)  # noqa: S102  (the program under test)
    return namespace


def test_a_thread_function_says_what_was_written(program: dict[str, Any]) -> None:
    function = program["decorated"]
    assert (function.__name__, function.__qualname__) == ("decorated", "decorated")
    assert (function.__doc__, function.__module__) == ("What it does.", "functions")
    expected = "(a: int, /, b='b', *, c: str = 'c') -> lwtsyntax.runtime.promise.Promise[int]"
    assert str(inspect.signature(function)) == expected
    assert function.__code__.co_firstlineno == 8
    assert (program["C"].alone.__name__, program["C"].alone.__qualname__) == ("alone", "C.alone")


def test_the_source_of_a_function_is_found(program: dict[str, Any]) -> None:
    text = FUNCTIONS.splitlines(keepends=True)
    assert inspect.getsource(program["decorated"]) == "".join(text[7:24])
    assert inspect.getsource(program["C"].method) == "".join(text[27:31])
    assert inspect.getsource(program["C"].alone) == "".join(text[32:35])
    inner, local, *_ = Lwt.run(program["decorated"](1))
    assert inspect.getsource(inner) == "".join(text[13:16])
    assert inspect.getsource(local.method) == "".join(text[18:20])


def test_closures_have_the_names_of_the_source(program: dict[str, Any]) -> None:
    inner, local, anonymous, waiting, generator = Lwt.run(program["decorated"](1))
    assert inner.__qualname__ == "decorated.<locals>.inner"
    assert local.__qualname__ == "decorated.<locals>.Local"
    assert local.method.__qualname__ == "decorated.<locals>.Local.method"
    assert anonymous.__qualname__ == "decorated.<locals>.<lambda>"
    assert (waiting.__name__, waiting.__qualname__) == ("<lambda>", "decorated.<locals>.<lambda>")
    assert generator.__qualname__ == "decorated.<locals>.<genexpr>"
    assert Lwt.run(program["C"]().alone()).__qualname__ == "C.alone.<locals>.<lambda>"


def test_no_name_of_ours_is_left(program: dict[str, Any]) -> None:
    for part in tree(compiled(FUNCTIONS)):
        assert part.co_name.isidentifier() or part.co_name in ("<module>", "<lambda>", "<genexpr>")


# -- CPython's table ------------------------------------------------------------------------------


@pytest.mark.parametrize("line", [1, 5, 90, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "def f(): return 1",
        "def f(x):\n    return lambda: x",
        "def f():\n    'doc'\n\n    yield\n",
        "def f(): pass",
        "\n" * 70 + "def f(a, b):\n" + "\n" * 70 + "    return a",
    ],
)
def test_another_first_line_leaves_the_positions(text: str, line: int) -> None:
    (code,) = (each for each in compile(text, "f", "exec").co_consts if isinstance(each, CodeType))
    moved = with_lines(code, line)
    assert moved.co_firstlineno == line
    assert [*moved.co_positions()] == [*code.co_positions()]
    assert FunctionType(moved, {}).__code__ is moved


def test_a_program_without_markers_is_compiled_as_it_is() -> None:
    source = "def f():\n    return 1\n"
    assert compiled(source) == native(source)
    assert sys.intern(compiled(source, "x.py").co_filename) == "x.py"
