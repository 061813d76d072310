"""Warnings: the file is lowered all the same, and standard error says what looks wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from cli_support import LOWERED_LINE, MARKED, REFUSED, environment, write
from conftest import Invoke, Subprocess

WARNED = MARKED + "\n\nf(print)\n"
IMPORTING = "from a import f\nfrom lwtsyntax import runtime as Lwt\n\nf(Lwt.pause)\n"


def test_a_file_with_a_warning_is_lowered(invoke: Invoke) -> None:
    write(Path("a.py"), WARNED)
    result = invoke("transform", "a.py")
    assert result.exit_code == 0
    assert LOWERED_LINE in result.stdout_bytes
    first, *_, hint = result.stderr.splitlines()
    assert first.startswith("a.py:10:1: LWT030 warning: the promise of f() is dropped")
    assert hint.startswith("hint: ")


def test_strict_makes_a_warning_count_and_writes_the_file(invoke: Invoke) -> None:
    write(Path("a.py"), WARNED)
    assert invoke("transform", "--strict", "a.py", "-o", "out.py").exit_code == 1
    assert LOWERED_LINE in Path("out.py").read_bytes()
    write(Path("b.py"), MARKED)
    assert invoke("transform", "--strict", "b.py").exit_code == 0
    assert invoke("transform", "--strict", "--show-passes", "a.py").exit_code == 1
    assert invoke("transform", "--strict", "--diff", "a.py").exit_code == 1


def test_the_summary_counts_warnings(invoke: Invoke) -> None:
    write(Path("src/a.py"), WARNED)
    write(Path("src/b.py"), IMPORTING)
    write(Path("src/refused.py"), REFUSED)
    result = invoke("transform", "src", "-o", "out")
    assert result.stderr.endswith("\n3 files: 3 Python, 1 refused, 2 warnings\n")
    Path("src/refused.py").unlink()
    result = invoke("transform", "src", "--check")
    assert result.stderr.endswith("\n2 files: 1 would change, 0 refused, 2 warnings\n")


def test_quiet_shows_warnings_and_workers_find_them(command: Subprocess, tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path / f"src/{name}.py", WARNED)
    done = command("transform", "-q", "-j", "2", "src", "-o", "out")
    assert done.returncode == 0
    assert done.stderr.count(b" LWT030 warning: ") == 3
    assert b"files" not in done.stderr


def test_warnings_as_json(invoke: Invoke) -> None:
    write(Path("a.py"), WARNED)
    result = invoke("transform", "--error-format", "json", "a.py")
    (row,) = json.loads(result.stderr)
    assert (row["severity"], row["code"], row["line"]) == ("warning", "LWT030", 10)
    assert result.exit_code == 0


def test_standard_input_can_be_placed_beside_its_modules(invoke: Invoke) -> None:
    write(Path("src/a.py"), MARKED)
    placed = invoke("transform", "--stdin-filename", "src/b.py", "-", stdin=IMPORTING.encode())
    assert placed.stderr.startswith("src/b.py:4:1: LWT030 ")
    assert placed.stdout == IMPORTING
    assert invoke("transform", "-", stdin=IMPORTING.encode()).stderr == ""


def test_run_prints_warnings_and_executes(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "a.py", WARNED.replace("f(print)", "f(lambda: print('ran'))"))
    done = command("run", "a.py")
    assert (done.returncode, done.stdout) == (0, b"ran\n")
    assert done.stderr.startswith(b"a.py:10:1: LWT030 ")
    quiet = command("run", "-q", "a.py", "-q")
    assert quiet.stdout == b"ran\n"
    assert b"LWT030" not in quiet.stderr


def test_quiet_run_says_why_a_file_is_refused(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "a.py", REFUSED)
    done = command("run", "--quiet", "a.py")
    assert done.returncode == 1
    assert b"LWT010" in done.stderr


def test_the_codemod_reports_warnings(tmp_path: Path) -> None:
    write(tmp_path / "src/a.py", WARNED)
    write(tmp_path / "src/b.py", IMPORTING)
    command = ["codemod", "-x", "lwtsyntax.codemod.LowerLwt", "--no-format", "-j", "1", "src"]
    done = subprocess.run(
        [sys.executable, "-m", "libcst.tool", *command],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert "a.py:10:1: LWT030 warning: " in done.stderr
    assert LOWERED_LINE in (tmp_path / "src/a.py").read_bytes()
