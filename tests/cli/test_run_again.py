"""The code of a program is kept, and taken only where running it says and does the same."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from types import CodeType

import pytest
from cli_support import MARKED, REFUSED, write
from lwtsyntax_cli import program_code, stamps
from lwtsyntax_cli.program_code import ProgramLoader

from lwtsyntax.importhook.selecting import Engine

Load = Callable[..., tuple[CodeType, bool]]
FORGOTTEN = f"{MARKED}\n\n@lwt\ndef g():\n    f(g)\n    return lwt(f(g))\n"
KEYWORDS = "def f(g):\n    lwt x = g()\n    return x + 1\n"


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """The code of a program, and whether it was lowered for that."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    monkeypatch.setattr("sys.pycache_prefix", None)
    monkeypatch.setattr(stamps, "now", lambda: time.time_ns() + 10**10)
    lowered = []
    lower = program_code.lower_program

    def noted(*arguments: object, **options: bool) -> object:
        lowered.append(arguments)
        return lower(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(program_code, "lower_program", noted)

    def call(file: str, engine: Engine = "binds", *, quiet: bool = False) -> tuple[CodeType, bool]:
        lowered.clear()
        code = ProgramLoader(file, engine, quiet=quiet).code()
        return code, bool(lowered)

    return call


@pytest.mark.parametrize(("name", "text"), [("a.py", MARKED), ("a.lwt", KEYWORDS), ("b.py", "1")])
def test_a_second_run_lowers_nothing(load: Load, name: str, text: str) -> None:
    write(Path(name), text)
    first, was_lowered = load(name)
    assert was_lowered
    assert load(name) == (first, False)
    assert first.co_filename == os.path.abspath(name)


def test_an_edit_is_lowered(load: Load) -> None:
    write(Path("a.py"), MARKED)
    first, _ = load("a.py")
    write(Path("a.py"), f"{MARKED}print()\n")
    second, was_lowered = load("a.py")
    assert was_lowered and second != first
    assert load("a.py") == (second, False)


def test_each_engine_has_its_own(load: Load) -> None:
    pytest.importorskip("greenlet")
    write(Path("a.py"), MARKED)
    binds = load("a.py")[0]
    fibers, was_lowered = load("a.py", "fiber")
    assert was_lowered and fibers != binds
    assert load("a.py") == (binds, False)


def test_nothing_is_kept_of_a_file_that_an_edit_may_leave_the_same(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "now", time.time_ns)
    write(Path("a.py"), MARKED)
    assert load("a.py")[1]
    assert load("a.py")[1]
    assert os.listdir() == ["a.py"]


def test_nothing_is_kept_beside_a_link(load: Load) -> None:
    write(Path("sub/a.py"), MARKED)
    Path("a.py").symlink_to("sub/a.py")
    assert load("a.py")[1]
    assert load("a.py")[1]
    assert os.listdir("sub") == ["a.py"]
    assert sorted(os.listdir()) == ["a.py", "sub"]


@pytest.mark.parametrize("text", [FORGOTTEN, f"{MARKED}print(3 is 3)\n"])
def test_a_warning_is_told_by_every_run(
    load: Load, text: str, capsys: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    write(Path("a.py"), text)
    for _ in range(3):
        assert load("a.py")[1]
        assert "LWT030" in capsys.readouterr().err or recwarn.pop(SyntaxWarning)
    load("a.py", quiet=True)
    recwarn.clear()
    assert load("a.py")[1]


def test_a_refusal_is_told_by_every_run(load: Load, capsys: pytest.CaptureFixture[str]) -> None:
    write(Path("a.py"), REFUSED)
    for _ in range(2):
        with pytest.raises(SystemExit, match="1"):
            load("a.py")
        assert "LWT010" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_told(load: Load, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        load("a.py")
    assert capsys.readouterr().err.startswith("a.py:1:1: LWT004 cannot be read: No such file")
