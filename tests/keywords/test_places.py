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
