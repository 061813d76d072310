"""What coverage tools and debuggers see of compiled code: lines that follow each other as in the source.

Each fixture runs natively, ``lwt`` being identity, and compiled, its promises resolved and pending, and every
line is recorded.  The same lines run, and every branch leads to the same lines.  That a branch ends the
function shows in the source's own way only where it does not come behind a wait: see ``docs/tools.md``.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from types import CodeType, FrameType, ModuleType
from typing import Any

import pytest
from harness import effects
from harness.fixtures import Fixture, all_fixtures
from test_compiling import compiled, first_lines, native

from lwtsyntax import runtime as Lwt

# A program that waits for nothing natively: its loops, managers and rejections are Python's own.
PROGRAMS = [
    pytest.param(fixture, id=fixture.name.removesuffix(".py"))
    for fixture in all_fixtures()
    if fixture.runs_here and not fixture.refused
    if "identity" in fixture.modes and not fixture.interleaves
    if "with_lwt" not in fixture.source and "exception" not in fixture.source
    if fixture.path.parent.name != "imports"
]
BRANCHES = ast.If | ast.For | ast.While | ast.match_case
# An exception leads to handlers, an exit of a manager to the ``with``: those are no branches.
ELSEWHERE = ast.ExceptHandler | ast.With
# There a lambda that waits is a default, and is made before the decorator is looked up.
EXCEPT = {("to_async/lambdas.py", (28, 32))}
Arc = tuple[int, int]


def identity(value: Any, *more: Any) -> Any:
    return (value, *more) if more else value


def markers() -> ModuleType:
    """A package whose markers do nothing."""
    module = ModuleType("lwtsyntax")
    names = ("lwt", "lwt_stream", "for_lwt", "while_lwt", "match_lwt")
    vars(module).update(dict.fromkeys(names, identity), runtime=Lwt, exception=None)
    return module


def arcs(
    code: CodeType, first: dict[int, int], made: effects.Effects, call: Callable[[Any], Any]
) -> set[Arc]:
    """Which line followed which in one activation of one function, statements counting as their first lines."""
    found: set[Arc] = set()
    last: dict[FrameType, int] = {}

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename != "<program>":
            return None
        if event == "line":
            line = first[frame.f_lineno]
            if last.get(frame, 0) != line:
                found.add((last.get(frame, 0), line))
            last[frame] = line
        elif event == "return":
            last.pop(frame, None)
        return trace

    namespace: dict[str, Any] = {"__name__": "program"}
    sys.modules["effects"] = made.module()
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        exec(code, namespace)  # noqa: S102  (the program under test)
        call(namespace["main"])
    except Exception:  # noqa: BLE001  (what it ends with is compared elsewhere)
        pass
    finally:
        sys.settrace(before)
        del sys.modules["effects"]
    return found


def natively(source: str, first: dict[int, int], monkeypatch: pytest.MonkeyPatch) -> set[Arc]:
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "lwtsyntax", markers())
        return arcs(native(source), first, effects.identity(), lambda main: main())


@pytest.mark.parametrize("fixture", PROGRAMS)
@pytest.mark.parametrize("mode", ["resolved", "pending"])
def test_lines_follow_each_other(
    fixture: Fixture, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ast.parse(fixture.source)
    first = first_lines(module)
    theirs = natively(fixture.source, first, monkeypatch)
    made = getattr(effects, mode)()
    ours = arcs(compiled(fixture.source), first, made, lambda main: Lwt.run(main()))
    assert {line for _, line in ours} == {line for _, line in theirs}
    nodes = [*ast.walk(module)]
    branches = {line_of(node) for node in nodes if isinstance(node, BRANCHES)}
    elsewhere = {line_of(node) for node in nodes if isinstance(node, ELSEWHERE)}
    missing = {arc for arc in theirs - ours if arc[0] in branches and arc[1] not in elsewhere}
    assert {(fixture.name, arc) for arc in missing} <= EXCEPT


CONDITIONS = """\
from effects import get
from lwtsyntax import lwt

@lwt
def asked(a, b):
    if (
        lwt(get(a))
        and b is None
    ):
        return 1
    elif (
        not lwt(get(a)) or
        lwt(get(b))
    ):
        return 2
    if (
        a == 3
        and lwt(get(b))
    ):
        return 3

@lwt
def main():
    for a in [0, 1, 3]:
        for b in [None, 0, 1]:
            lwt(asked(a, b))
"""


@pytest.mark.parametrize("mode", ["resolved", "pending"])
def test_conditions_over_several_lines(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here every line counts: where a condition jumps changes with the version."""
    lines = {number: number for number in range(len(CONDITIONS.splitlines()) + 1)}
    made = getattr(effects, mode)()
    found = arcs(compiled(CONDITIONS), lines, made, lambda main: Lwt.run(main()))
    expected = natively(CONDITIONS, lines, monkeypatch)
    assert {line for _, line in found} == {line for _, line in expected}


def line_of(node: ast.AST) -> int:
    return (node.pattern if isinstance(node, ast.match_case) else node).lineno  # type: ignore[attr-defined]
