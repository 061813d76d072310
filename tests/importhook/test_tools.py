"""What looks at modules finds them as it would without the hook."""

from __future__ import annotations

import importlib
import importlib.resources
import inspect
import linecache
import pkgutil
import runpy
import sys
import traceback
from pathlib import Path

import pytest

import lwtsyntax
from lwtsyntax import runtime as Lwt

from .hook_support import MARKED, Package, python, write

FAILING = """\
# one line above
from lwtsyntax import lwt
from lwtsyntax import runtime as Lwt


class Account:
    @lwt
    def fail(self, n):
        '''Doc.'''
        lwt(Lwt.pause())
        return n / 0
"""


def test_source_of_functions_and_classes(package: Package) -> None:
    package({"work.py": FAILING})
    with lwtsyntax.install(["work"]):
        module = importlib.import_module("work")
    assert inspect.getsource(module) == FAILING
    assert inspect.getsource(module.Account) == FAILING[FAILING.index("class") :]
    assert "return n / 0" in inspect.getsource(module.Account.fail)
    assert inspect.getdoc(module.Account.fail) == "Doc."
    assert module.__loader__.get_source("work") == FAILING
    assert module.__spec__.loader.get_filename("work") == module.__file__
    assert inspect.getmodule(module.Account.fail) is module


def test_tracebacks_show_the_source(package: Package) -> None:
    root = package({"work.py": FAILING})
    with lwtsyntax.install(["work"]):
        module = importlib.import_module("work")
    linecache.clearcache()
    with pytest.raises(ZeroDivisionError) as caught:
        Lwt.run(module.Account().fail(1))
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.filename, last.lineno, last.line) == (str(root / "work.py"), 11, "return n / 0")


def test_importing_again_lowers_again(package: Package) -> None:
    root = package({"work.py": MARKED})
    with lwtsyntax.install(["work"]):
        module = importlib.import_module("work")
        write(root, {"work.py": MARKED.replace("2 * n", "30 * n")})
        assert importlib.reload(module) is module
        assert Lwt.run(module.double(21)) == 630


def test_namespace_packages(package: Package) -> None:
    root = package({"one/space/a.py": MARKED, "two/space/sub/b.py": MARKED})
    sys.path[:0] = [str(root / "one"), str(root / "two")]
    try:
        with lwtsyntax.install(["space"]):
            for name in ("space.a", "space.sub.b"):
                assert Lwt.run(importlib.import_module(name).double(21)) == 42
        assert len(list(sys.modules["space"].__path__)) == 2
    finally:
        del sys.path[:2]


def test_resources_and_pkgutil(package: Package) -> None:
    init = MARKED + "from . import data\n"
    package({"app/__init__.py": init, "app/data/__init__.py": MARKED, "app/data/a.txt": "text"})
    with lwtsyntax.install(["app"]):
        app = importlib.import_module("app")
        assert (importlib.resources.files("app.data") / "a.txt").read_text() == "text"
        assert importlib.resources.files(app).joinpath("data", "a.txt").is_file()
        assert pkgutil.get_data("app", "data/a.txt") == b"text"
        names = [each.name for each in pkgutil.walk_packages(app.__path__, "app.")]
    assert names == ["app.data"]
    assert pkgutil.resolve_name("app:double") is app.double


def test_runpy_runs_modules(package: Package) -> None:
    main = MARKED + "\nvalue = Lwt.run(double(21)), __name__, __spec__.name\n"
    package({"app/__init__.py": "", "app/__main__.py": main})
    with lwtsyntax.install(["app"]):
        value = runpy.run_module("app", run_name="__main__")["value"]
    assert value == (42, "__main__", "app.__main__")


def test_python_m_when_the_package_installs_the_hook(tmp_path: Path) -> None:
    init = "import lwtsyntax\nlwtsyntax.install(packages=[__name__])\n"
    main = MARKED + "\nimport sys\nprint(Lwt.run(double(21)), sys.argv[1:])\n"
    write(tmp_path, {"app/__init__.py": init, "app/__main__.py": main, "app/tool.py": main})
    for name in ("app", "app.tool"):
        assert python("-m", name, "-x", cwd=tmp_path).stdout == "42 ['-x']\n"
        assert python("-m", name, "-x", cwd=tmp_path).stdout == "42 ['-x']\n"


def test_relative_imports_and_star_imports(package: Package) -> None:
    package(
        {
            "app/__init__.py": "from .work import *\nfrom . import work\n",
            "app/work.py": "__all__ = ['double']\n" + MARKED,
        }
    )
    with lwtsyntax.install(["app"]):
        app = importlib.import_module("app")
    assert app.double is app.work.double
    assert Lwt.run(app.double(21)) == 42


def test_pickle_and_type_hints_find_the_module(package: Package) -> None:
    import pickle
    import typing

    text = "from __future__ import annotations\n" + MARKED.replace("(n)", "(n: int) -> int")
    package({"work.py": text})
    with lwtsyntax.install(["work"]):
        module = importlib.import_module("work")
    assert pickle.loads(pickle.dumps(module.double)) is module.double
    assert typing.get_type_hints(module.double)["n"] is int
