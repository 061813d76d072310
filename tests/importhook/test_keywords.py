"""Modules in keyword spelling: found on the path, kept, reloaded, and shown as they were written."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import linecache
import os
import pickle
import sys
import traceback
import zipfile
from importlib.machinery import PathFinder
from pathlib import Path

import pytest

import lwtsyntax
from lwtsyntax import keywords
from lwtsyntax import runtime as Lwt
from lwtsyntax.importhook import loaders

from .hook_support import MARKED, Package, cached, python

WORK = """\
from lwtsyntax import runtime as Lwt

class Odd(Exception):
    pass

def double(n):
    lwt Lwt.pause()
    if n % 2: raise_lwt Odd(n)
    return 2 * n

def total(ns):
    value = 0
    for_lwt n in ns:
        lwt value += double(n)
    return value
"""


def test_the_suffix_is_one() -> None:
    assert loaders.SUFFIX == keywords.SUFFIX


def test_modules_and_packages_are_found(package: Package) -> None:
    package(
        {
            "app/__init__.lwt": "from .work import total\nfrom . import sub\nlwt ten = total([2, 3 - 1, 1 * 0])\n",
            "app/work.lwt": WORK,
            "app/sub/__init__.py": "from ..work import double\n",
            "app/sub/deep.lwt": "from app.sub import double\n\ndef f():\n    return_lwt double(4)\n",
            "app/space/inner.lwt": "x = 1\n",
        }
    )
    assert PathFinder.find_spec("app") is None or PathFinder.find_spec("app").origin is None  # type: ignore[union-attr]
    with lwtsyntax.install(packages=["app"]):
        app = importlib.import_module("app")
        deep = importlib.import_module("app.sub.deep")
        inner = importlib.import_module("app.space.inner")
    assert app.ten == 8
    assert Lwt.run(deep.f()) == 8
    assert inner.x == 1
    assert app.__file__.endswith("app/__init__.lwt")
    assert app.__path__ and app.__package__ == "app"


def test_only_modules_that_are_selected_are_found(package: Package) -> None:
    package({"work.lwt": WORK, "other.lwt": WORK})
    with lwtsyntax.install(packages=["work"]):
        importlib.import_module("work")
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("other")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("other")


def test_it_stands_before_a_python_file_beside_it(package: Package) -> None:
    package({"work.lwt": WORK, "work.py": "old = 1\n"})
    with lwtsyntax.install(packages=["work"]):
        work = importlib.import_module("work")
    assert not hasattr(work, "old")
    del sys.modules["work"]
    assert importlib.import_module("work").old == 1  # without the hook


def test_the_order_of_the_path_counts_before_that(
    package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package({"first/work.py": "place = 1\n", "second/work.lwt": WORK, "first/other.lwt": WORK})
    package(
        {"second/other.py": "place = 2\n", "first/both/__init__.py": "", "first/both.lwt": WORK}
    )
    for name in ("second", "first"):
        monkeypatch.syspath_prepend(tmp_path / name)
    with lwtsyntax.install(packages=["work", "other", "both"]):
        assert importlib.import_module("work").place == 1
        assert hasattr(importlib.import_module("other"), "total")
        assert not hasattr(importlib.import_module("both"), "total")  # a package before a module


def test_code_is_kept_beside_that_of_the_python_file(package: Package) -> None:
    root = package({"work.lwt": WORK, "work.py": MARKED})
    with lwtsyntax.install(packages=["work"]):
        work = importlib.import_module("work")
        assert os.path.exists(work.__cached__)
        assert Lwt.run(work.total([2])) == 4
    (root / "work.lwt").rename(root / "elsewhere")
    del sys.modules["work"]
    with lwtsyntax.install(packages=["work"]):
        importlib.invalidate_caches()
        assert Lwt.run(importlib.import_module("work").double(21)) == 42
    assert len(cached(root)) == 2


def test_a_warm_start_does_not_import_the_transformer(package: Package) -> None:
    root = package({"work.lwt": WORK})
    code = """
        import sys, lwtsyntax
        lwtsyntax.install(packages=["work"])
        import work
        print("lwtsyntax.pipeline" in sys.modules, work.Lwt.run(work.total([2, 4])))
    """
    assert python(cwd=root, code=code).stdout == "True 12\n"
    assert python(cwd=root, code=code).stdout == "False 12\n"


def test_a_changed_source_is_loaded_again(package: Package) -> None:
    root = package({"work.lwt": WORK})
    with lwtsyntax.install(packages=["work"]):
        work = importlib.import_module("work")
        (root / "work.lwt").write_text(WORK.replace("2 * n", "300 * n"))
        assert Lwt.run(importlib.reload(work).double(2)) == 600
        (root / "work.lwt").write_text("for_lwt = 1\n")
        assert importlib.reload(work).for_lwt == 1


def test_tools_see_what_was_written(package: Package) -> None:
    package({"work.lwt": WORK})
    with lwtsyntax.install(packages=["work"]):
        work = importlib.import_module("work")
    assert inspect.getsource(work) == WORK
    assert inspect.getsource(work.total) == WORK[WORK.index("def total") :]
    assert inspect.getsourcelines(work.double)[1] == 6
    assert linecache.getline(work.__file__, 13) == "    for_lwt n in ns:\n"
    assert work.__loader__.get_source("work") == WORK
    assert pickle.loads(pickle.dumps(work.total)) is work.total


def test_source_of_a_class_is_found_where_the_interpreter_does_not_parse_the_file(
    package: Package,
) -> None:
    package({"work.lwt": WORK})
    with lwtsyntax.install(packages=["work"]):
        work = importlib.import_module("work")
    if sys.version_info >= (3, 13):
        assert inspect.getsource(work.Odd) == "class Odd(Exception):\n    pass\n"
    else:
        with pytest.raises(SyntaxError):
            inspect.getsource(work.Odd)


def test_archives_are_not_looked_into(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    root = package({})
    with zipfile.ZipFile(root / "app.zip", "w") as archive:
        archive.writestr("work.lwt", WORK)
    monkeypatch.syspath_prepend(root / "app.zip")
    with lwtsyntax.install(packages=["work"]), pytest.raises(ModuleNotFoundError):
        importlib.import_module("work")


def test_the_main_loop_is_not_run_in_itself(package: Package) -> None:
    package(
        {
            "work.lwt": WORK + "lwt x = double(2)\n",
            "late.lwt": "from lwtsyntax.runtime import pause\n\ndef f():\n    lwt pause()\n    import work\n",
        }
    )
    with lwtsyntax.install(packages=["work", "late"]):
        late = importlib.import_module("late")
        with pytest.raises(RuntimeError, match="Lwt.run is active already"):
            Lwt.run(late.f())


def test_tracebacks_show_the_lines_of_the_file(package: Package) -> None:
    package({"work.lwt": WORK})
    with lwtsyntax.install(packages=["work"]):
        work = importlib.import_module("work")
    with pytest.raises(work.Odd) as raised:
        Lwt.run(work.total([2, 3]))
    entries = [
        (each.lineno, each.name, each.line)
        for each in traceback.extract_tb(raised.value.__traceback__)
        if each.filename == work.__file__
    ]
    assert entries == [
        (14, "total", "lwt value += double(n)"),
        (8, "double", "if n % 2: raise_lwt Odd(n)"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("x = 1\nfor_lwt x in y: pass\n", (2, 1), "LWT010 for_lwt outside a thread function"),
        ("def f():\n    lwt x = e\n    x y\n", (3, 7), "invalid syntax"),
        ("def f():\n    lwt x = (\n", (2, 13), "'(' was never closed"),
        ("def f():\n    lwt x = e\n\nreturn\n", (4, 1), "'return' outside function"),
        ("def f():\n    match_lwt (e)\n        case 1: pass\n", (2, 18), "expected ':'"),
    ],
)
def test_a_refusal_is_a_syntax_error_of_the_file(
    package: Package, text: str, place: tuple[int, int], message: str
) -> None:
    root = package({"work.lwt": text})
    with lwtsyntax.install(packages=["work"]), pytest.raises(SyntaxError) as raised:
        importlib.import_module("work")
    error = raised.value
    assert (error.lineno, error.offset) == place
    assert error.filename == str(root / "work.lwt")
    assert message in str(error.msg)
    assert (error.text or "").rstrip("\n") == text.split("\n")[place[0] - 1]


def test_what_is_no_python_has_its_hint(package: Package) -> None:
    package({"work.lwt": "def f():\n    if_lwt e: lwt x\n    else_lwt:\n        pass\n"})
    with lwtsyntax.install(packages=["work"]), pytest.raises(SyntaxError) as raised:
        importlib.import_module("work")
    [note] = raised.value.__notes__
    assert note.startswith("hint: ") and note.endswith("Python's own words: else")


def test_fibers_run_it_too(package: Package) -> None:
    pytest.importorskip("greenlet")
    package({"work.lwt": WORK})
    with lwtsyntax.install(packages=["work"], engine="fiber"):
        work = importlib.import_module("work")
    assert Lwt.run(work.total([2, 4])) == 12


def test_threads_of_other_files_are_known(package: Package) -> None:
    root = package({"work.lwt": WORK, "pack/__init__.lwt": "from work import double\n"})
    text = "import work\nfrom pack import double\n\ndef f():\n    work.total([2])\n    double(3)\n    lwt double(4)\n"
    found = lwtsyntax.transform(text, str(root / "main.lwt")).diagnostics
    assert [(each.code, each.line) for each in found] == [("LWT030", 5), ("LWT030", 6)]
