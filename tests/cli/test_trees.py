"""``lwtsyntax transform`` on directories and many files: mirrors, workers, progress."""

from __future__ import annotations

import json
import os
import pty
import re
import stat
from pathlib import Path

import pytest
from cli_support import LOWERED_LINE, MARKED, PLAIN, REFUSED, environment, write
from conftest import Invoke, Subprocess


def _files(top: str) -> list[str]:
    return sorted(str(each.relative_to(top)) for each in Path(top).rglob("*") if each.is_file())


def test_a_directory_is_mirrored(invoke: Invoke) -> None:
    write(Path("src/pkg/a.py"), MARKED)
    write(Path("src/pkg/plain.py"), PLAIN)
    write(Path("src/pkg/a.pyi"), MARKED)
    write(Path("src/data.bin"), b"\xff\0\xff")
    write(Path("src/tool"), "#!/bin/sh\n").chmod(0o755)
    result = invoke("transform", "src", "-o", "out")
    assert result.exit_code == 0
    assert result.stderr == "5 files: 2 Python, 3 other, 0 refused\n"
    assert _files("out") == ["data.bin", "pkg/a.py", "pkg/a.pyi", "pkg/plain.py", "tool"]
    assert LOWERED_LINE in Path("out/pkg/a.py").read_bytes()
    assert Path("out/pkg/plain.py").read_text() == PLAIN
    assert Path("out/pkg/a.pyi").read_text() == MARKED
    assert Path("out/data.bin").read_bytes() == b"\xff\0\xff"
    assert stat.S_IMODE(Path("out/tool").stat().st_mode) == 0o755
    assert invoke("transform", "src", "-o", "out", "--check").exit_code == 0


def test_caches_version_control_and_virtual_environments_are_left_out(invoke: Invoke) -> None:
    write(Path("src/a.py"), MARKED)
    for skipped in (".git/config", "__pycache__/a.pyc", ".mypy_cache/x.json", "env/pyvenv.cfg"):
        write(Path("src", skipped), "")
    write(Path("src/env/lib/b.py"), MARKED)
    write(Path("src/.hidden/c.py"), MARKED)
    invoke("transform", "src", "-o", "out")
    assert _files("out") == [".hidden/c.py", "a.py"]


def test_without_output_only_python_files_are_looked_at(invoke: Invoke) -> None:
    write(Path("src/a.py"), MARKED)
    write(Path("src/data.bin"), b"\xff")
    result = invoke("transform", "src", "--check")
    assert result.stdout == "would change: src/a.py\n"


def test_one_refused_file_does_not_stop_the_others(invoke: Invoke) -> None:
    write(Path("src/good.py"), MARKED)
    write(Path("src/refused.py"), REFUSED)
    write(Path("src/broken.py"), MARKED + "def (\n")
    write(Path("src/latin.py"), MARKED.encode() + b"# \xff\n")
    result = invoke("transform", "src", "-o", "out")
    assert result.exit_code == 1
    assert _files("out") == ["good.py"]
    codes = re.findall(r"^src/(\w+)\.py:\d+:\d+: (LWT\d+)", result.stderr, re.MULTILINE)
    assert codes == [("broken", "LWT001"), ("latin", "LWT002"), ("refused", "LWT010")]
    assert result.stderr.endswith("4 files: 4 Python, 3 refused\n")


def test_several_paths_go_into_the_directory_under_their_names(invoke: Invoke) -> None:
    write(Path("src/a.py"), MARKED)
    write(Path("b.py"), PLAIN)
    assert invoke("transform", "src", "b.py", "-o", "out").exit_code == 0
    assert _files("out") == ["b.py", "src/a.py"]


def test_a_file_named_twice_is_handled_once(invoke: Invoke) -> None:
    write(Path("src/a.py"), MARKED)
    result = invoke("transform", "src", "src/a.py", "--check")
    assert result.stdout == "would change: src/a.py\n"


def test_quiet_leaves_diagnostics_only(invoke: Invoke) -> None:
    write(Path("src/a.py"), MARKED)
    write(Path("src/b.py"), REFUSED)
    result = invoke("transform", "-q", "src", "--check")
    assert result.exit_code == 1
    assert not result.stdout
    assert result.stderr.startswith("src/b.py:5:12: LWT010")
    assert "files:" not in result.stderr


def test_an_empty_directory_is_nothing_to_do(invoke: Invoke) -> None:
    Path("src").mkdir()
    result = invoke("transform", "src", "-o", "out")
    assert (result.exit_code, result.stderr) == (0, "0 files: 0 Python, 0 refused\n")


def test_links_are_followed_but_not_in_circles(invoke: Invoke) -> None:
    write(Path("elsewhere/b.py"), MARKED)
    write(Path("src/a.py"), MARKED)
    Path("src/circle").symlink_to(".")
    Path("src/linked").symlink_to("../elsewhere")
    Path("src/dangling.py").symlink_to("nowhere.py")
    assert invoke("transform", "src", "-o", "out").exit_code == 0
    assert _files("out") == ["a.py", "linked/b.py"]


def test_nothing_is_written_outside_the_output_directory(invoke: Invoke) -> None:
    write(Path("src/sub/a.py"), MARKED)
    write(Path("src/b.py"), MARKED)
    write(Path("precious/b.py"), "keep")
    Path("out").mkdir()
    Path("out/sub").symlink_to("../precious")
    Path("out/b.py").symlink_to("../precious/b.py")
    result = invoke("transform", "src", "-o", "out")
    assert result.exit_code == 1
    assert "LWT004 cannot be written: out/sub/a.py leads out of out" in result.stderr
    assert _files("precious") == ["b.py"]
    assert Path("precious/b.py").read_text() == "keep"
    assert not Path("out/b.py").is_symlink()


def test_many_files_in_workers_give_what_one_process_gives(
    command: Subprocess, tmp_path: Path
) -> None:
    for number in range(9):
        write(tmp_path / f"src/m{number}.py", MARKED.replace("+ 1", f"+ {number}"))
    write(tmp_path / "src/refused.py", REFUSED)
    write(tmp_path / "src/deep.py", MARKED + "y = " + "f(" * 1500 + ")" * 1500 + "\n")
    results = [command("transform", "src", "-o", f"out{jobs}", "-j", jobs) for jobs in (1, 2)]
    assert [each.returncode for each in results] == [1, 1]
    assert results[0].stderr == results[1].stderr
    assert results[0].stderr.decode().endswith("11 files: 11 Python, 2 refused\n")
    one, two = (
        {each.name: each.read_bytes() for each in (tmp_path / name).iterdir()}
        for name in ("out1", "out2")
    )
    assert one == two
    assert len(one) == 9


def test_json_of_workers_is_one_array(command: Subprocess, tmp_path: Path) -> None:
    for number in range(3):
        write(tmp_path / f"src/m{number}.py", REFUSED)
    done = command("transform", "src", "--check", "-j", 2, "--error-format", "json")
    assert done.returncode == 1
    names = [row["filename"] for row in json.loads(done.stderr)]
    assert names == ["src/m0.py", "src/m1.py", "src/m2.py"]


def _on_a_terminal(command: Subprocess, stream: str, *arguments: str, **more: str) -> str:
    """What the command prints on *stream* when that is a terminal."""
    reader, terminal = pty.openpty()
    settings = environment(**{"TERM": "xterm", "NO_COLOR": "", **more})
    try:
        command(
            *arguments, capture_output=False, env=settings,
            **{"stdout": -3, "stderr": -3, stream: terminal},
        )  # fmt: skip
    finally:
        os.close(terminal)
    shown = b""
    try:
        while data := os.read(reader, 65536):
            shown += data
    except OSError:  # how Linux says that the other end is closed
        pass
    finally:
        os.close(reader)
    return shown.decode()


def test_progress_is_shown_on_a_terminal_only(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "src/a.py", MARKED)
    write(tmp_path / "src/b.py", MARKED)
    arguments = ("transform", "src", "-o", "out")
    assert "100%" in _on_a_terminal(command, "stderr", *arguments)
    assert "100%" not in _on_a_terminal(command, "stderr", *arguments, "--quiet")
    assert b"%" not in command(*arguments).stderr


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_colour_on_a_terminal_unless_no_color(
    command: Subprocess, tmp_path: Path, stream: str
) -> None:
    write(tmp_path / "a.py", MARKED if stream == "stdout" else REFUSED)
    arguments = ("transform", "--diff", "a.py")
    assert "\x1b[31m" in _on_a_terminal(command, stream, *arguments)
    assert "\x1b" not in _on_a_terminal(command, stream, *arguments, NO_COLOR="1")
