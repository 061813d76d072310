"""Debuggers, profilers, warnings and coverage on compiled code (``docs/tools.md`` shows what they print)."""

from __future__ import annotations

import bdb
import linecache
import sys
import warnings
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

import coverage
import pytest
from harness.fixtures import Fixture
from test_compiling import ACCEPTED, compiled, native, tree
from test_compiling_places import info

from lwtsyntax import runtime as Lwt

SOURCE = """\
from lwtsyntax import lwt
import warnings


def warned(n):
    warnings.warn("odd", stacklevel=2)
    return Lwt.return_(n)


@lwt
def total(numbers):
    found = 0
    for n in numbers:
        found += lwt(
            warned(n)
        )
    if found > 1:
        lwt(Lwt.pause())
    warnings.warn("end")
    return found
"""


@pytest.fixture
def program(tmp_path: Path) -> dict[str, Any]:
    """The namespace of the program, which stands in a file."""
    path = tmp_path / "program.py"
    path.write_text(SOURCE)
    linecache.checkcache(str(path))
    namespace: dict[str, Any] = {"__name__": "program", "Lwt": Lwt, "__file__": str(path)}
    exec(compiled(SOURCE, str(path)), namespace)  # noqa: S102  (the program under test)
    return namespace


class Debugger(bdb.Bdb):
    """Stops where it is told to, and notes where that was."""

    def __init__(self, file: str, *, step: bool) -> None:
        super().__init__(skip=["lwtsyntax.*"])
        self.file, self.step = self.canonic(file), step
        self.stops: list[tuple[int, str]] = []

    def user_line(self, frame: FrameType) -> None:
        if self.canonic(frame.f_code.co_filename) == self.file:
            stop = frame.f_lineno, frame.f_code.co_name
            if not self.stops or self.stops[-1] != stop:
                self.stops.append(stop)
        if self.step:
            self.set_step()
        else:
            self.set_continue()

    def watch(self, call: str, namespace: dict[str, Any]) -> None:
        before = sys.gettrace()
        try:
            self.runeval(call, namespace)
        finally:
            sys.settrace(before)


CALL = "Lwt.run(total([1, 2]))"


@pytest.mark.filterwarnings("ignore")
def test_breakpoints_stop_at_lines_of_the_source(program: dict[str, Any]) -> None:
    debugger = Debugger(program["__file__"], step=False)
    for line in (15, 19):
        assert debugger.set_break(program["__file__"], line) is None
    debugger.watch(CALL, program)
    assert Counter(debugger.stops) == {(15, "total"): 1, (19, "total"): 1}


@pytest.mark.filterwarnings("ignore")
def test_steps_go_through_the_lines_of_the_source(program: dict[str, Any]) -> None:
    debugger = Debugger(program["__file__"], step=True)
    debugger.watch(CALL, program)
    in_thread = [line for line, name in debugger.stops if name == "total"]
    round_ = [13, 14, 15, 14]
    assert in_thread == [12, *round_, *round_, 13, 17, 18, 19, 20]


def test_warnings_come_from_the_line_that_called(program: dict[str, Any]) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert Lwt.run(program["total"]([1, 2])) == 3
    shown = [(str(each.message), each.lineno) for each in caught]
    assert shown == [("odd", 15), ("odd", 15), ("end", 19)]
    assert {each.filename for each in caught} == {program["__file__"]}


@pytest.mark.parametrize("fixture", ACCEPTED)
def test_profilers_can_tell_functions_apart(fixture: Fixture) -> None:
    """They know them by file, line and name; cProfile drops all but one of those that agree in these."""
    ours = Counter(
        (part.co_firstlineno, part.co_name)
        for part in tree(compiled(fixture.source))
        if info(part) is None
    )
    theirs = Counter((part.co_firstlineno, part.co_name) for part in tree(native(fixture.source)))
    assert {key for key, count in ours.items() if count > 1} <= {
        key for key, count in theirs.items() if count > 1
    }


@pytest.mark.filterwarnings("ignore")
def test_coverage_sees_lines_and_branches(program: dict[str, Any]) -> None:
    path = program["__file__"]
    measuring = coverage.Coverage(data_file=None, branch=True, include=[path], config_file=False)
    with measuring.collect():
        namespace = dict(program)
        exec(compiled(SOURCE, path), namespace)  # noqa: S102
        Lwt.run(namespace["total"]([1]))
    *_, missing, _ = measuring.analysis2(path)
    assert missing == [18]
    assert {arc for arc in measuring.get_data().arcs(path) if min(arc) > 0} >= {
        (12, 13), (13, 14), (13, 17), (17, 19),
    }  # fmt: skip
