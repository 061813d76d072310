"""Processes that a program under ``lwtsyntax run`` starts with multiprocessing."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_support import write
from conftest import Subprocess

WORK = """\
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt


@lwt
def double(n):
    lwt(Lwt.pause())
    return 2 * n
"""
MAIN = (
    WORK
    + """

def work(n):
    import app.work
    return Lwt.run(app.work.double(Lwt.run(double(n))))


if __name__ == "__main__":
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("{method}")
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        print(list(pool.map(work, [1, 2, 3])))
"""
)
NESTED = (
    WORK
    + """

def inner(n):
    return Lwt.run(double(n))


def outer(n):
    import multiprocessing
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.map(inner, [n])


if __name__ == "__main__":
    from concurrent.futures import ProcessPoolExecutor
    import multiprocessing

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        print(list(pool.map(outer, [1])))
"""
)


@pytest.mark.parametrize("arguments", [("main.py",), ("-m", "main")], ids=" ".join)
@pytest.mark.parametrize("method", ["spawn", "forkserver", "fork"])
def test_children_have_the_hook_and_the_main_module(
    command: Subprocess, tmp_path: Path, method: str, arguments: tuple[str, ...]
) -> None:
    write(tmp_path / "main.py", MAIN.replace("{method}", method))
    write(tmp_path / "app/work.py", WORK)
    done = command("run", *arguments)
    assert (done.stdout, done.returncode) == (b"[4, 8, 12]\n", 0), done.stderr


def test_children_have_the_packages_that_were_named(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "main.py", MAIN.replace("{method}", "spawn"))
    write(tmp_path / "app/work.py", WORK)
    assert b"NotTransformed" in command("run", "--packages", "other", "main.py").stderr
    assert command("run", "--packages", "app", "main.py").stdout == b"[4, 8, 12]\n"


def test_children_of_children(command: Subprocess, tmp_path: Path) -> None:
    write(tmp_path / "main.py", NESTED)
    assert command("run", "main.py").stdout == b"[[2]]\n"


def test_a_main_module_without_markers_is_imported_as_ever(
    command: Subprocess, tmp_path: Path
) -> None:
    main = MAIN.replace("{method}", "spawn").removeprefix(WORK).replace("Lwt.run(double(n))", "n")
    write(tmp_path / "main.py", "import app.work\nLwt = app.work.Lwt\n" + main)
    write(tmp_path / "app/work.py", WORK)
    assert command("run", "main.py").stdout == b"[2, 4, 6]\n"


def test_programs_without_children_do_not_import_multiprocessing(
    command: Subprocess, tmp_path: Path
) -> None:
    write(tmp_path / "main.py", "import sys\nprint('multiprocessing.spawn' in sys.modules)\n")
    assert command("run", "main.py").stdout == b"False\n"
