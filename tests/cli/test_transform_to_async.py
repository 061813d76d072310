"""``lwtsyntax transform --to async``: with every destination and comparison, and a copy of the helpers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli_support import MARKED, PLAIN, REFUSED, ROOT, write
from conftest import Invoke

AWAITED = "async def f(g):\n    x = await g()\n    return x + 1\n"
LOOP = """\
from lwtsyntax import for_lwt, lwt


@lwt
def total(numbers):
    result = 0
    for number in for_lwt(numbers):
        result += number
    return result
"""


def test_one_file_goes_to_standard_output(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    result = invoke("transform", "--to", "async", "a.py")
    assert (result.exit_code, result.stdout, result.stderr) == (0, AWAITED, "")


def test_standard_input(invoke: Invoke) -> None:
    assert invoke("transform", "-", "--to", "async", stdin=MARKED.encode()).stdout == AWAITED


def test_a_tree_is_mirrored_and_compared(invoke: Invoke) -> None:
    write(Path("src/a.py"), MARKED)
    write(Path("src/plain.py"), PLAIN)
    write(Path("src/data"), b"\xff")
    assert invoke("transform", "src", "-o", "out", "--to", "async").exit_code == 0
    assert Path("out/a.py").read_text() == AWAITED
    assert Path("out/plain.py").read_text() == PLAIN
    assert Path("out/data").read_bytes() == b"\xff"
    assert invoke("transform", "src", "-o", "out", "--to", "async", "--check").exit_code == 0
    assert invoke("transform", "src", "-o", "out", "--check").exit_code == 1


def test_workers_write_the_same(invoke: Invoke) -> None:
    for number in range(3):
        write(Path(f"src/{number}.py"), MARKED)
    assert invoke("transform", "src", "-o", "out", "--to", "async", "-j", "2").exit_code == 0
    assert {path.read_text() for path in Path("out").iterdir()} == {AWAITED}


def test_check_and_diff(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    assert invoke("transform", "a.py", "--to", "async", "--check").exit_code == 1
    result = invoke("transform", "a.py", "--to", "async", "--diff")
    assert result.exit_code == 0
    assert (
        "-@lwt\n-def f(g):\n-    x = lwt(g())\n+async def f(g):\n+    x = await g()\n"
        in result.stdout
    )
    write(Path("b.py"), AWAITED)
    assert invoke("transform", "b.py", "--to", "async", "--check").exit_code == 0


def test_refusals(invoke: Invoke) -> None:
    write(Path("a.py"), REFUSED)
    result = invoke("transform", "a.py", "--to", "async", "--error-format", "json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert [each["code"] for each in json.loads(result.stderr)] == ["LWT010"]


def test_show_passes(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    result = invoke("transform", "a.py", "--to", "async", "--show-passes")
    assert result.stdout == f"# ----- to async -----\n{AWAITED}\n"


def test_binds_are_what_comes_without_being_asked_for(invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    binds = invoke("transform", "a.py").stdout
    assert binds == invoke("transform", "a.py", "--to", "binds").stdout
    assert "async" not in binds


def test_a_copy_of_the_helpers_is_enough(invoke: Invoke) -> None:
    write(Path("total.py"), LOOP)
    result = invoke("transform", "total.py", "--to", "async", "--helpers", "shop.threads")
    write(
        Path("program.py"),
        f"import asyncio, sys\nsys.modules['lwtsyntax'] = None\n{result.stdout}\n"
        "print(asyncio.run(total([1, 2])))\n",
    )
    Path("shop").mkdir()
    shutil.copy(ROOT / "lwtsyntax" / "coroutines.py", "shop/threads.py")
    finished = subprocess.run([sys.executable, "program.py"], capture_output=True, check=False)
    assert (finished.stdout, finished.stderr) == (b"3\n", b"")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--helpers", "shop.threads"), "--helpers belongs to --to async"),
        (("--to", "async", "--helpers", "shop/threads.py"), "takes the name of a module"),
        (("--to", "async", "--helpers", "shop.class"), "takes the name of a module"),
        (("--to", "async", "--helpers", ""), "takes the name of a module"),
        (("--to", "threads"), "is not one of"),
    ],
)
def test_wrong_options(options: tuple[str, ...], message: str, invoke: Invoke) -> None:
    write(Path("a.py"), MARKED)
    result = invoke("transform", "a.py", *options)
    assert result.exit_code == 2
    assert message in result.stderr
