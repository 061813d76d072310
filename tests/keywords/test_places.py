"""Diagnostics, tracebacks and maps of a .lwt file tell lines and columns of that file."""

from __future__ import annotations

import json
import traceback
from typing import Any

import pytest

import lwtsyntax.runtime as Lwt
from lwtsyntax.compiling import compile_result
from lwtsyntax.diagnostics import Diagnostic
from lwtsyntax.pipeline import Target, transform
from lwtsyntax.source_map import with_source_map

# a text whose «marked» part is refused, with its code
REFUSED = [
    ("«for_lwt» x in xs:\n    pass\n", "LWT010"),
    ("def f():\n    pass\n\n«return_lwt» x\n", "LWT010"),
    ("def f():\n    class A:\n        «lwt x = e»\n", "LWT011"),
    ("x = 1\nclass A:\n    «lwt x = e»\n", "LWT011"),
    ("async def f():\n    «lwt x = e»\n", "LWT014"),
    ("async def f():\n    for_lwt x in «xs»: pass\n", "LWT014"),
    ("def f():\n    lwt x = e\n    «yield x»\n", "LWT016"),
    ("def f():\n    match e:\n        case «exception A()»: pass\n    lwt e\n", "LWT024"),
    ("def f():\n    match_lwt e:\n        case «exception KeyError»: pass\n", "LWT025"),
    ("def f():\n    lwt x = «a, b»\n", "LWT034"),
    ("def f():\n    lwt «a, b»\n", "LWT034"),
    ("def f():\n    «lwt» x: int\n", "LWT034"),
    ("def f():\n    «lwt» import x\n", "LWT034"),
    ("def f():\n    «lwt» return x\n", "LWT034"),
    ("def f():\n    lwt x = a and «y: int = b»\n", "LWT034"),
    ("def f():\n    lwt «x = z = a» and y = b\n", "LWT034"),
    ("def f():\n    match_lwt «a, b»:\n        case _: pass\n", "LWT034"),
    ("def f():\n    «return_lwt» (x)\n", "LWT034"),
    ("def f():\n    x = [«raise_lwt»]\n", "LWT034"),
    ("def f():\n    «if_lwt» [c]: foo\n", "LWT034"),
    ("def f():\n    «lwt» -x\n", "LWT023"),
    ("def f():\n    match x:\n        case «exception A()»: pass\n    lwt(x)\n", "LWT024"),
    ("def f():\n    lwt x = 1\n    lwt y = «await x»\n", "LWT029"),
    ("def f():\n    lwt x = e\n    x «y»\n", "LWT001"),
    ("def f():\n    lwt x = «(»e\n", "LWT001"),
    ("def f():\n    for_lwt x in xs«\n»        pass\n", "LWT001"),
    ("def f():\n    lwt x = e\n    «nonlocal y»\n", "LWT001"),
    ("def f():\n    for_lwt x in xs:\n        lwt e\n«return»\n", "LWT001"),
    ("def f():\n    lwt x = e\n    «break»\n", "LWT001"),
    ("'ééé'; lwt x = e;  «return»\n", "LWT001"),
]


@pytest.mark.parametrize(("marked", "code"), REFUSED)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_refusal_shows_the_line_of_the_file(marked: str, code: str, newline: str) -> None:
    marked = marked.replace("\n", newline)
    before, _, rest = marked.partition("«")
    text = before + rest.replace("»", "")
    result = transform(text, "f.lwt")
    assert result.text is None
    found = result.diagnostics[0]
    assert found.code == code, found
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    assert (found.filename, found.line, found.column) == ("f.lwt", line, column), found
    if code != "LWT001":
        assert _underlined(found) == rest.partition("»")[0]
    assert found.source_line == text.replace("\r\n", "\n").split("\n")[line - 1]


HINTS = {
    "async for_lwt x in y: pass": "write for_lwt without async: it takes asynchronous ones",
    "lwt *a, b = x": "before such a target, write the marker: *x, y = lwt(e)",
    "lwt x = x y": "",
    "lwt a = g(x), b = g(y)": "bindings side by side are joined by and: lwt x = a and y = b",
    "lwt a = g(x, y=3), b.c = g(y), c = 3": (
        "bindings side by side are joined by and: lwt x = a and y = b"
    ),
    "lwt a, b = g(x) y": "",
    "lwt a = lwt b and lwt c": "inside an expression, lwt takes brackets: lwt(e)",
    "else_lwt:": "the clauses of a _lwt form have Python's own words: else",
    "else_lwt: lwt x": "the clauses of a _lwt form have Python's own words: else",
    "except_lwt KeyError as e:": "the clauses of a _lwt form have Python's own words: except",
    "finally_lwt:": "the clauses of a _lwt form have Python's own words: finally",
    "case_lwt 3:": "the clauses of a _lwt form have Python's own words: case",
}


@pytest.mark.parametrize("line", HINTS)
def test_a_keyword_where_none_can_stand_has_a_hint(line: str) -> None:
    (found,) = transform(f"def f():\n    lwt x\n    {line}\n", "f.lwt").diagnostics
    assert (found.code, found.line, found.hint) == ("LWT001", 3, HINTS[line])


@pytest.mark.parametrize(
    "clause", ["except_lwt", "except_lwt E", "except_lwt E as e", "finally_lwt"]
)
@pytest.mark.parametrize("body", [" lwt e", "\n        lwt e"])
def test_a_clause_under_a_word_that_is_none_has_a_hint(clause: str, body: str) -> None:
    text = f"def f():\n    try_lwt:\n        lwt x\n    {clause}:{body}\n"
    (found,) = transform(text, "f.lwt").diagnostics
    word = clause.partition("_")[0]
    assert (found.code, found.line, found.column) == ("LWT001", 4, 5)
    assert found.hint == f"the clauses of a _lwt form have Python's own words: {word}"


ANNOTATED = [
    "def f():\n    if_lwt a: lwt b\n    «else_lwt»: c()\n",
    "def f():\n    for_lwt a in b:\n        lwt a\n    «else_lwt»: c()\n",
    "def f():\n    try_lwt: lwt b\n    except E: lwt d\n    «finally_lwt»: c()\n",
]


@pytest.mark.parametrize("marked", ANNOTATED)
def test_a_clause_that_python_takes_for_an_annotation_is_refused(marked: str) -> None:
    before, _, rest = marked.partition("«")
    word = rest.partition("»")[0]
    (found,) = transform(before + rest.replace("»", ""), "f.lwt").diagnostics
    assert (found.code, found.line, _underlined(found)) == ("LWT034", before.count("\n") + 1, word)
    assert found.hint.endswith(f"own words: {word.partition('_')[0]}")


def test_an_annotation_elsewhere_is_one() -> None:
    for text in (
        "def f(x):\n    if x: lwt x\n    else_lwt: int\n",
        "def f(x):\n    if_lwt x: lwt x\n    else_lwt: int = 3\n",
        "def f(x):\n    if_lwt x: lwt x\n    x()\n    else_lwt: int\n",
    ):
        assert transform(text, "f.lwt").diagnostics == ()


HEADERS = [
    "for_lwt (a, b) in x«»",
    "for_lwt [a, b] in x«»",
    "for_lwt *a, b in x«»",
    "while_lwt (c)«»",
    "while_lwt -c«»",
    "if_lwt (c)«»",
    "if_lwt (c) and f(a=3)[1:2]«»  # a comment: x",
    "if_lwt [c]«»",
    "if_lwt(c)«»",
    "if_lwt (\n  c\n  )«»",
    "if_lwt c:\n        lwt c\n    elif_lwt (d)«»",
    "match_lwt (c)«»",
    "match_lwt (c)«»  # a comment\n\n  # another",
    "with_lwt (c) as d«»",
    "with_lwt (c as d)«»",
    "try_lwt«»",
    "try_lwt«»  # a comment",
]


@pytest.mark.parametrize("header", HEADERS)
def test_a_header_without_its_colon_is_told_where_the_colon_is_missing(header: str) -> None:
    before, _, rest = f"def f():\n    {header}\n        case 3: x\n    x\n".partition("«»")
    (found,) = transform(before + rest, "f.lwt").diagnostics
    assert (found.code, found.message) == ("LWT001", "not valid Python: expected ':'")
    line = before.count("\n") + 1
    assert (found.line, found.source_line) == (line, (before + rest).split("\n")[line - 1])
    # CPython points at what stands where the colon should: a comment, or the line's end
    end = len(before) - (before.rfind("\n") + 1)
    assert end < found.column
    assert not found.source_line[end : found.column - 1].strip()


def _underlined(found: Diagnostic) -> str:
    return found.source_line[found.column - 1 : found.end_column - 1]


def test_a_warning_shows_the_line_of_the_file() -> None:
    text = "def f():\n    lwt x = g()\n    g()\n    return x\n\ndef g():\n    lwt h()\n"
    (found,) = transform(text, "f.lwt").diagnostics
    assert (found.code, found.line, found.column, _underlined(found)) == ("LWT030", 3, 5, "g()")
    silenced = text.replace("    g()\n", "    g()  # lwtsyntax: ignore[LWT030]\n")
    assert transform(silenced, "f.lwt").diagnostics == ()


PROGRAM = '''\
"""A program."""
import lwtsyntax.runtime as Lwt


def leaf(x):
    lwt Lwt.pause(); lwt Lwt.sleep(0)
    raise KeyError(x)


def middle(ü, x):
    for_lwt y in [x]:
        lwt z = leaf(y)


def top():
    try_lwt:
        lwt Lwt.pause()
    finally:
        if_lwt Lwt.return_(True): return_lwt \\
            middle("ü", 3)


def both():
    lwt a = Lwt.pause() and b = (
        middle("ü", 5)
    )


def native(x):
    return [
        x / 0]
'''


def _run(target: Target, call: str) -> list[tuple[str, int, str]]:
    result = transform(PROGRAM, "program.lwt", format=False, target=target)
    namespace: dict[str, Any] = {}
    exec(compile_result(result, "program.lwt"), namespace)  # noqa: S102
    try:
        eval(call, {**namespace, "Lwt": Lwt})
    except (KeyError, ZeroDivisionError) as error:
        lines = PROGRAM.split("\n")
        return [
            (each.name, each.lineno, _text(lines[each.lineno - 1], each))
            for each in traceback.extract_tb(error.__traceback__)
            if each.filename == "program.lwt" and each.lineno is not None
        ]
    raise AssertionError


def _text(line: str, each: traceback.FrameSummary) -> str:
    if each.colno is None or each.end_lineno != each.lineno:
        return ""
    return line[each.colno : each.end_colno]


@pytest.mark.parametrize("target", ["binds", "fibers"])
def test_tracebacks_show_the_lines_of_the_file(target: Target) -> None:
    if target == "fibers":
        pytest.importorskip("greenlet")
    found = _run(target, "Lwt.run(top())")
    assert [each[:2] for each in found] == [("top", 20), ("middle", 12), ("leaf", 7)]
    assert [each[2] for each in found] == ['middle("ü", 3)', "lwt z = leaf(y)", "raise KeyError(x)"]
    assert _run(target, "native(3)") == [("native", 31, "x / 0")]
    assert [each[:2] for each in _run(target, "Lwt.run(both())")][1:] == [
        ("middle", 12),
        ("leaf", 7),
    ]


def test_a_source_map_shows_the_lines_of_the_file() -> None:
    result = transform(PROGRAM, "program.lwt")
    text, content = with_source_map(result, file="p.py", source="program.lwt", url="p.py.map")
    assert json.loads(content)["sourcesContent"] == [PROGRAM]
    assert result.positions is not None
    for word in ("raise KeyError", "leaf(y)", "x / 0", "Lwt.sleep", '"""A program'):
        at = text.index(word)
        line = text.count("\n", 0, at) + 1
        column = at - (text.rfind("\n", 0, at) + 1)
        wanted = PROGRAM.index(word)
        expected = PROGRAM.count("\n", 0, wanted) + 1, wanted - (PROGRAM.rfind("\n", 0, wanted) + 1)
        assert result.positions.original(line, column) == expected
