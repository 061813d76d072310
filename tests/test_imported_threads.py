"""Forgotten waits across files: imported modules are found and read, and never run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from lwtsyntax.pipeline import transform

TASKS = """\
from lwtsyntax import lwt

raise RuntimeError("imported")

@lwt
def fetch(name):
    return lwt(name)

def plain(name):
    return name

class Client:
    @lwt
    def get(self):
        pass

    @classmethod
    @lwt
    def open(cls):
        pass

client = Client()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a module, and a package in which the same module is re-exported."""
    files = {
        "tasks.py": TASKS,
        "unmarked.py": "def fetch(name):\n    pass\n",
        "broken.py": "from lwtsyntax import lwt\n\n\ndef (",
        "refused.py": "from lwtsyntax import lwt\n\nlwt(1)\n\n@lwt\ndef fetch(): pass\n",
        "pkg/__init__.py": "from .inner import fetch\nfrom pkg.inner import Client as Client\n",
        "pkg/inner.py": TASKS,
        "pkg/sub/__init__.py": "",
        "pkg/sub/deep.py": TASKS,
        "space/tasks.py": TASKS,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def warned(program: str, path: Path | str) -> list[int]:
    """The lines of *program* that drop a promise; its first line imports the runtime."""
    result = transform(f"from lwtsyntax import runtime as Lwt; {program}", str(path))
    assert {each.code for each in result.diagnostics} <= {"LWT030"}
    return [each.line for each in result.diagnostics]


@pytest.mark.parametrize(
    "program",
    [
        "from tasks import fetch; fetch(1)",
        "from tasks import fetch as f; f(1)",
        "import tasks; tasks.fetch(1)",
        "import tasks as t; t.fetch(1)",
        "import tasks; tasks.Client().get()",
        "import tasks; tasks.Client.open()",
        "from tasks import Client; c = Client(); c.get()",
        "from tasks import client; client.get()",
        "from pkg import fetch; fetch(1)",
        "from pkg import Client; Client.open()",
        "from pkg import inner; inner.fetch(1)",
        "import pkg.sub.deep; pkg.sub.deep.fetch(1)",
        "import pkg.inner as i; i.fetch(1)",
        "from pkg.sub import deep; deep.fetch(1)",
        "from space import tasks; tasks.fetch(1)",
        "import space.tasks; space.tasks.fetch(1)",
    ],
)
def test_a_module_beside_the_file_is_found(project: Path, program: str) -> None:
    assert warned(program, project / "main.py") == [1]


@pytest.mark.parametrize(
    "program",
    [
        "from .inner import fetch; fetch(1)",
        "from . import inner; inner.fetch(1)",
        "from . import fetch; fetch(1)",
        "from .sub.deep import fetch; fetch(1)",
        "from .sub import deep; deep.fetch(1)",
        "from tasks import fetch; fetch(1)",  # the outermost package's neighbours
        "from pkg.sub.deep import fetch; fetch(1)",
    ],
)
def test_relative_imports_and_the_root_of_the_package(project: Path, program: str) -> None:
    assert warned(program, project / "pkg" / "main.py") == [1]


@pytest.mark.parametrize(
    "program",
    ["from .. import inner; inner.fetch(1)", "from ..inner import fetch; fetch(1)"]
    + ["from ... import tasks; tasks.fetch(1)", "from ...pkg.sub import deep; deep.fetch(1)"],
)
def test_relative_imports_of_the_packages_above(project: Path, program: str) -> None:
    assert warned(program, project / "pkg" / "sub" / "main.py") == [1]


@pytest.mark.parametrize(
    "program",
    [
        "from tasks import plain; plain(1)",
        "from tasks import missing; missing(1)",
        "from unmarked import fetch; fetch(1)",
        "from broken import fetch; fetch(1)",
        "from refused import fetch; fetch()",
        "from nowhere import fetch; fetch(1)",
        "from tasks import *; fetch(1)",
        "from tasks import fetch; from unmarked import *; fetch(1)",
        "import tasks; tasks.fetch = print; tasks.fetch(1)",
        "import pkg; pkg.sub.missing.fetch(1)",
        "import os, logging; os.getcwd(); logging.info(1)",
        "from tasks import fetch; fetch = print; fetch(1)",
    ],
)
def test_what_is_not_evident_is_let_be(project: Path, program: str) -> None:
    assert warned(program, project / "main.py") == []


def test_a_star_import_may_replace_what_stands_before_it(project: Path) -> None:
    star, function = "from unmarked import *\n", "async def f(): pass\n"
    assert warned(f"{star}{function}f()", project / "main.py") == [3]
    assert warned(f"pass\n{function}{star}f()", project / "main.py") == []


def test_modules_of_the_path_are_found(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(project)
    program = "from tasks import fetch; fetch(1)"
    assert warned(program, "elsewhere/main.py") == [1]
    assert warned(program, "<stdin>") == []
    assert warned(program, "<string>") == []


def test_nothing_is_imported(project: Path) -> None:
    before = set(sys.modules)
    warned("from pkg.sub.deep import fetch; fetch(1)", project / "main.py")
    assert not {"pkg", "pkg.sub", "pkg.sub.deep"} & (set(sys.modules) - before)


def test_a_module_that_changes_is_read_again(project: Path) -> None:
    program = "from unmarked import fetch; fetch(1)"
    assert warned(program, project / "main.py") == []
    (project / "unmarked.py").write_text(TASKS, encoding="utf-8")
    assert warned(program, project / "main.py") == [1]


def test_modules_that_import_each_other_come_to_an_end(project: Path) -> None:
    marked = "from lwtsyntax import lwt\n"
    (project / "one.py").write_text(f"{marked}from two import fetch\n", encoding="utf-8")
    (project / "two.py").write_text(f"{marked}from one import fetch\n", encoding="utf-8")
    assert warned("from one import fetch; fetch(1)", project / "main.py") == []


def test_a_file_without_a_word_of_the_package_is_not_looked_at(project: Path) -> None:
    source = "from tasks import fetch\nfetch(1)\n"
    assert transform(source, str(project / "main.py")).diagnostics == ()


@pytest.mark.parametrize(
    ("call", "wrapped"),
    [
        ("tasks.fetch(1)", True),
        ("get(1)", True),
        ("inner(1)", True),
        ("tasks.client.get()", True),
        ("tasks.plain(1)", False),
        ("Lwt.sleep(1)", False),
        ("unknown.fetch(1)", False),
    ],
)
def test_threads_of_other_files_start_at_once_in_the_async_output(
    project: Path, call: str, wrapped: bool
) -> None:
    program = f"""\
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt
import tasks, unknown
from tasks import fetch as get
from pkg import fetch as inner

@lwt
def main():
    started = {call}
    return lwt(started), lwt({call})
"""
    result = transform(program, str(project / "main.py"), target="async")
    assert result.text is not None
    started = f"start({call})" if wrapped else call
    assert f"    started = {started}\n    return await started, await {call}\n" in result.text
