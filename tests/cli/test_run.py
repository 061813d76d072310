"""``lwtsyntax run FILE``: a program sees what ``python FILE`` would show it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_support import MARKED, REFUSED, environment, write
from conftest import Subprocess

SEEN = """\
import sys
from lwtsyntax import lwt
print(sys.argv, __name__, __file__, sys.path[0], __spec__, __package__, __doc__)
print(sys.modules["__main__"].sys is sys, __builtins__.__name__)
"""


@pytest.mark.parametrize(
    "arguments", [(), ("-x", "--help", "--version"), ("--", "-"), ("a", "-o", "b")], ids=" ".join
)
def test_a_program_sees_what_python_would_show_it(
    command: Subprocess, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write(tmp_path / "sub/prog.py", SEEN)
    python = subprocess.run(
        [sys.executable, "sub/prog.py", *arguments],
        cwd=tmp_path, env=environment(), capture_output=True, check=True,
    )  # fmt: skip
    assert command("run", "sub/prog.py", *arguments).stdout == python.stdout


def test_a_thread_function_runs(command: Subprocess, tmp_path: Path) -> None:
    program = MARKED + "\nfrom lwtsyntax import runtime as Lwt\nprint(Lwt.run(f(Lwt.pause)))\n"
    write(tmp_path / "prog.py", program.replace("return x + 1", "return repr(x)"))
    done = command("run", "prog.py")
    assert (done.stdout, done.stderr, done.returncode) == (b"None\n", b"", 0)


def test_modules_beside_the_program_can_be_imported(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "sub/neighbour.py", "value = 7")
    write(tmp_path / "sub/prog.py", "import neighbour; print(neighbour.value)")
    (tmp_path / "link.py").symlink_to("sub/prog.py")
    assert command("run", "sub/prog.py").stdout == b"7\n"
    assert command("run", "link.py").stdout == b"7\n"


def test_dash_reads_the_program_from_standard_input(command: Subprocess) -> None:
    done = command("run", "-", "-x", input=b"import sys; print(sys.argv, repr(sys.path[0]))\n1/0\n")
    assert done.stdout == b"['-', '-x'] ''\n"
    assert done.returncode == 1
    lines = done.stderr.decode().splitlines()
    assert lines[1:3] == ['  File "<stdin>", line 2, in <module>', "    1/0"]


@pytest.mark.parametrize(
    ("ending", "status", "message"),
    [
        ("pass", 0, b""),
        ("raise SystemExit", 0, b""),
        ("raise SystemExit(7)", 7, b""),
        ("import sys; sys.exit('bad')", 1, b"bad"),
        ("1 / 0", 1, b"ZeroDivisionError"),
        ("raise KeyboardInterrupt", 130, b"KeyboardInterrupt"),
        ("import sys; sys.excepthook = lambda *e: print(e[0]); 1 / 0", 1, b""),
    ],
)
def test_exit_status(
    command: Subprocess, tmp_path: Path, ending: str, status: int, message: bytes
) -> None:
    write(tmp_path / "prog.py", f"{MARKED}\n{ending}\n")
    done = command("run", "prog.py")
    assert done.returncode == status
    assert message in done.stderr
    assert b"lwtsyntax_cli" not in done.stderr


def test_a_traceback_shows_the_lines_of_the_source(command: Subprocess, tmp_path: Path) -> None:
    program = """\
from lwtsyntax import lwt, for_lwt
from lwtsyntax import runtime as Lwt


@lwt
def divide(n):
    lwt(Lwt.pause())
    # caf\u00e9: a comment
    return ("é", 1 / n)


@lwt
def main():
    for n in for_lwt([1, 0]):
        x = lwt(divide(n))
        print(x)


Lwt.run(main())
"""
    write(tmp_path / "prog.py", program)
    done = command("run", "prog.py")
    assert done.returncode == 1
    trace = done.stderr.decode()
    assert f'File "{tmp_path}/prog.py", line 9, in' in trace
    assert f'File "{tmp_path}/prog.py", line 19, in <module>' in trace
    assert trace.splitlines()[-1] == "ZeroDivisionError: division by zero"


def test_a_refused_program_does_not_run(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "prog.py", REFUSED + "print('ran')\n")
    done = command("run", "prog.py")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.startswith(b"prog.py:5:12: LWT010 ")


def test_what_is_no_python_is_told_as_python_tells_it(command: Subprocess, tmp_path: Path) -> None:
    program = str(write(tmp_path / "prog.py", "x = = 1\n"))
    python = subprocess.run([sys.executable, program], capture_output=True, check=False)
    done = command("run", "prog.py")
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", python.stderr)
    write(tmp_path / "prog.py", "x = '\0'\n")
    done = command("run", "prog.py")
    assert b"null bytes" in done.stderr and b"lwtsyntax_cli" not in done.stderr


def test_a_keyword_where_none_is_read_has_a_hint(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "prog.py", "lwt x = f()\n")
    hint = b"hint: keywords are read in files that end in .lwt"
    assert command("run", "prog.py").stderr.splitlines()[-1] == hint
    stdin = b"def f():\n    for_lwt x in xs: pass\n"
    told = command("run", "-", input=stdin).stderr.splitlines()[-1]
    assert told == hint + b", or under a --stdin-filename that does"


def test_what_looks_at_its_own_module_works(command: Subprocess, tmp_path: Path) -> None:
    program = """\
from __future__ import annotations
import dataclasses, inspect, pickle, typing
from lwtsyntax import lwt

@dataclasses.dataclass
class Point:
    x: int
    next: Point | None = None

    @lwt
    def read(self, g):
        return lwt(g(self.x))

assert pickle.loads(pickle.dumps(Point(1))) == Point(1)
print(typing.get_type_hints(Point)["x"].__name__, inspect.getsource(Point).count("\\n"))
"""
    write(tmp_path / "prog.py", program)
    done = command("run", "prog.py")
    assert (done.stdout, done.stderr) == (b"int 8\n", b"")


def test_the_commands_own_future_imports_do_not_leak(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "prog.py", "def f(x: int): pass\nprint(f.__annotations__)\n")
    assert command("run", "prog.py").stdout == b"{'x': <class 'int'>}\n"


def test_a_program_in_another_encoding_without_markers_runs(
    command: Subprocess, tmp_path: Path
) -> None:
    write(tmp_path / "prog.py", b"# coding: latin-1\nprint(ascii('\xe9'))\n")
    assert command("run", "prog.py").stdout == b"'\\xe9'\n"


def test_byte_order_mark_and_crlf(command: Subprocess, tmp_path: Path) -> None:
    program = MARKED + "\nprint(f.__code__.co_firstlineno)\n1 / 0\n"
    write(tmp_path / "prog.py", b"\xef\xbb\xbf" + program.replace("\n", "\r\n").encode())
    done = command("run", "prog.py")
    assert done.stdout.strip() == b"4"  # the decorator
    assert b'prog.py", line 10, in <module>' in done.stderr


def test_safe_path_is_respected(tmp_path: Path) -> None:
    write(tmp_path / "sub/neighbour.py", "")
    write(tmp_path / "sub/prog.py", "import neighbour")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "lwtsyntax", "run", "sub/prog.py"],
        cwd=tmp_path, env=environment(), capture_output=True, check=False,
    )  # fmt: skip
    assert b"ModuleNotFoundError" in done.stderr


@pytest.mark.parametrize("arguments", [("nowhere.py",), (".",), (), ("--unknown", "prog.py")])
def test_a_wrong_command_line_exits_2(
    command: Subprocess, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write(tmp_path / "prog.py", "")
    done = command("run", *arguments)
    assert done.returncode == 2
    assert b"Usage:" in done.stderr
    assert os.listdir(tmp_path) == ["prog.py"]
