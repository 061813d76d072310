"""``lwtsyntax run`` lowers what the program imports; ``run -m`` runs a module, as ``python -m`` would."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cli_support import REFUSED, environment, write
from conftest import Subprocess

WORK = """\
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt


@lwt
def double(n):
    lwt(Lwt.pause())
    return 2 * n
"""
MAIN = "from lwtsyntax import runtime as Lwt\nfrom {} import double\nprint(Lwt.run(double(21)))\n"
SEEN = """\
import os, sys
print(sys.argv, __name__, __file__, sys.path[0] == os.getcwd(), __package__, __spec__.name)
print(sys.modules["__main__"].sys is sys, __builtins__.__name__, sorted(globals()))
"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    write(tmp_path / "app/__init__.py", "")
    write(tmp_path / "app/work.py", WORK)
    write(tmp_path / "app/__main__.py", WORK + "\nprint(Lwt.run(double(21)))\n")
    write(tmp_path / "beside.py", WORK)
    write(tmp_path / "main.py", MAIN.format("app.work"))
    write(tmp_path / "other.py", MAIN.format("beside"))
    return tmp_path


def test_what_the_program_imports_is_lowered(command: Subprocess, app: Path) -> None:
    assert command("run", "main.py").stdout == b"42\n"
    assert command("run", "other.py").stdout == b"42\n"
    assert command("run", "-", input=(app / "main.py").read_bytes()).stdout == b"42\n"
    assert command("run", app / "main.py", cwd="/").stdout == b"42\n"


def test_packages_say_what_is_lowered(command: Subprocess, app: Path) -> None:
    assert command("run", "--packages", "app", "main.py").stdout == b"42\n"
    done = command("run", "--packages", "app", "other.py")
    assert b"NotTransformed" in done.stderr and done.returncode == 1
    assert command("run", "--packages", "app,beside", "other.py").stdout == b"42\n"


def test_a_project_says_what_is_lowered(command: Subprocess, app: Path) -> None:
    write(app / "pyproject.toml", '[tool.lwtsyntax]\npackages = ["app"]\n')
    write(app / "sub/pyproject.toml", '[project]\nname = "lwtsyntax-user"\n')
    write(app / "sub/beside.py", WORK)
    write(app / "sub/other.py", MAIN.format("beside"))
    assert command("run", "main.py").stdout == b"42\n"
    assert b"NotTransformed" in command("run", "other.py").stderr
    assert b"NotTransformed" in command("run", app / "sub/other.py", cwd="/").stderr
    assert command("run", "--packages", "beside", "other.py").stdout == b"42\n"
    assert b"NotTransformed" in command("run", "-m", "other").stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[tool.lwtsyntax]\npackages = 'app'\n", "is a list of names"),
        ("[tool.lwtsyntax]\npackage = ['app']\n", "does not know 'package'"),
        ("[tool.lwtsyntax\n", "pyproject.toml: "),
    ],
)
def test_wrong_settings_are_refused(
    command: Subprocess, app: Path, text: str, message: str
) -> None:
    write(app / "pyproject.toml", text)
    done = command("run", "main.py")
    assert done.returncode == 2
    assert message in done.stderr.decode()


@pytest.mark.parametrize("names", ["", ".app", "app,,b", "a-b"])
def test_wrong_packages_are_refused(command: Subprocess, app: Path, names: str) -> None:
    done = command("run", "--packages", names, "main.py")
    assert (done.returncode, b"not the name of a package" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", ["app", "app.work", "main"])
def test_a_module_runs(command: Subprocess, app: Path, name: str) -> None:
    expected = b"" if name == "app.work" else b"42\n"
    for _ in range(2):
        done = command("run", "-m", name, env=environment(PYTHONDONTWRITEBYTECODE=""))
        assert (done.stdout, done.stderr) == (expected, b"")


def test_the_module_that_runs_is_lowered_whatever_packages_are_named(
    command: Subprocess, app: Path
) -> None:
    write(app / "pyproject.toml", '[tool.lwtsyntax]\npackages = ["beside"]\n')
    assert command("run", "-m", "app").stdout == b"42\n"
    assert command("run", "--packages", "beside", "-m", "app.__main__").stdout == b"42\n"


def test_a_warm_start_does_not_import_the_transformer(command: Subprocess, app: Path) -> None:
    write(
        app / "app/__main__.py", WORK + "import sys\nprint('lwtsyntax.pipeline' in sys.modules)\n"
    )
    kept = environment(PYTHONDONTWRITEBYTECODE="")
    assert command("run", "-m", "app", env=kept).stdout == b"True\n"
    assert command("run", "-m", "app", env=kept).stdout == b"False\n"


@pytest.mark.parametrize("arguments", [(), ("-x", "--help"), ("-m", "--", "-q")], ids=" ".join)
@pytest.mark.parametrize("name", ["seen", "pack", "pack.seen"])
def test_a_module_sees_what_python_m_would_show_it(
    command: Subprocess, tmp_path: Path, name: str, arguments: tuple[str, ...]
) -> None:
    for path in ("seen.py", "pack/seen.py", "pack/__main__.py"):
        write(tmp_path / path, SEEN)
    python = subprocess.run(
        [sys.executable, "-m", name, *arguments],
        cwd=tmp_path, env=environment(), capture_output=True, check=True,
    )  # fmt: skip
    assert command("run", "-m", name, *arguments).stdout == python.stdout


@pytest.mark.parametrize("name", ["nowhere", "app.nowhere", "app.work.nowhere", "beside.py"])
def test_a_module_that_is_missing(command: Subprocess, app: Path, name: str) -> None:
    python = subprocess.run(
        [sys.executable, "-m", name], cwd=app, env=environment(), capture_output=True, check=False
    )
    done = command("run", "-m", name)
    assert (done.returncode, done.stderr) == (python.returncode, python.stderr)


def test_the_traceback_of_a_module_shows_the_program_only(command: Subprocess, app: Path) -> None:
    write(app / "fails.py", WORK + "\n\ndef f():\n    1 / 0\n\n\nf()\n")
    lines = command("run", "-m", "fails").stderr.decode().splitlines()
    assert lines[1] == f'  File "{app / "fails.py"}", line 15, in <module>'
    assert lines[-1] == "ZeroDivisionError: division by zero"


def test_a_refused_module_does_not_run(command: Subprocess, app: Path) -> None:
    write(app / "refused.py", REFUSED + "print('ran')\n")
    write(app / "imports.py", "import refused\n")
    for arguments in (("-m", "refused"), ("imports.py",)):
        done = command("run", *arguments)
        assert (done.returncode, done.stdout) == (1, b"")
        assert f'File "{app / "refused.py"}", line 5' in done.stderr.decode()
        assert b"lwtsyntax.TransformError: LWT010" in done.stderr


def test_warnings_of_modules_can_be_silenced(command: Subprocess, app: Path) -> None:
    write(app / "doubt.py", WORK + "\n\n@lwt\ndef f():\n    double(1)\n    lwt(double(2))\n")
    write(app / "uses.py", "import doubt\n")
    for arguments in (["-m", "doubt"], ["uses.py"]):
        assert b"TransformWarning: LWT030" in command("run", *arguments).stderr
        assert command("run", "-q", *arguments).stderr == b""


def test_safe_path_is_respected(app: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "lwtsyntax", "run", "-m", "main"],
        cwd=app, env=environment(), capture_output=True, check=False,
    )  # fmt: skip
    assert b"No module named main" in done.stderr
