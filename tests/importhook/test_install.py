"""``install``: which modules it lowers, and when it stops."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.machinery import PathFinder, SourceFileLoader

import pytest

import lwtsyntax
from lwtsyntax import runtime as Lwt
from lwtsyntax.importhook.loaders import LoweringLoader
from lwtsyntax.markers import NotTransformed

from .hook_support import MARKED, PLAIN, Package


def result(name: str) -> int:
    value: int = Lwt.run(importlib.import_module(name).double(21))
    return value


def is_lowered(name: str) -> bool:
    try:
        return result(name) == 42
    except NotTransformed:
        return False
    finally:
        for each in [each for each in sys.modules if each.partition(".")[0] == name.split(".")[0]]:
            del sys.modules[each]


def test_a_module_of_the_packages_is_lowered(package: Package) -> None:
    package({"app/__init__.py": "", "app/work.py": MARKED, "other.py": MARKED})
    with lwtsyntax.install(packages=["app"]):
        assert is_lowered("app.work")
        assert not is_lowered("other")


def test_a_name_means_the_package_and_what_is_below_it(package: Package) -> None:
    package(
        {
            "app/__init__.py": MARKED,
            "app/sub/__init__.py": MARKED,
            "app/sub/deep.py": MARKED,
            "app/sub_more.py": MARKED,
            "application.py": MARKED,
        }
    )
    with lwtsyntax.install(packages=["app.sub"]):
        lowered = ["app", "app.sub", "app.sub.deep", "app.sub_more", "application"]
        assert [name for name in lowered if is_lowered(name)] == ["app.sub", "app.sub.deep"]
    with lwtsyntax.install(packages=["app"]):
        assert is_lowered("app")
        assert not is_lowered("application")


def test_single_modules_may_be_named(package: Package) -> None:
    package({"work.py": MARKED, "app/__init__.py": "", "app/a.py": MARKED, "app/b.py": MARKED})
    with lwtsyntax.install(packages=("work", "app.a")):
        assert is_lowered("work")
        assert is_lowered("app.a")
        assert not is_lowered("app.b")


def test_without_packages_it_is_all_code_that_is_not_installed(package: Package) -> None:
    root = package({"own.py": MARKED, "venv/site-packages/foreign.py": MARKED})
    sys.path.append(str(root / "venv" / "site-packages"))
    try:
        with lwtsyntax.install():
            assert is_lowered("own")
            assert not is_lowered("foreign")
        with lwtsyntax.install(packages=["foreign"]):
            assert is_lowered("foreign")
    finally:
        sys.path.pop()


def test_a_module_without_markers_keeps_its_loader(package: Package) -> None:
    package({"app/__init__.py": "", "app/plain.py": PLAIN, "app/work.py": MARKED})
    with lwtsyntax.install(packages=["app"]):
        assert type(importlib.import_module("app.plain").__loader__) is SourceFileLoader
        assert type(importlib.import_module("app.work").__loader__) is LoweringLoader
        assert type(importlib.import_module("string").__loader__) is not LoweringLoader


def test_what_mentions_the_package_and_holds_no_marker_is_as_it_was(package: Package) -> None:
    package(
        {
            "work.py": "from lwtsyntax import runtime as Lwt\ndef double(n): return Lwt.return_(2 * n)\n"
        }
    )
    with lwtsyntax.install(["work"]):
        assert result("work") == 42


@pytest.mark.parametrize("first", [0, 1])
def test_hooks_are_independent_of_each_other(package: Package, first: int) -> None:
    package({"one.py": MARKED, "two.py": MARKED})
    hooks = [lwtsyntax.install(["one"]), lwtsyntax.install(["two"])]
    assert is_lowered("one") and is_lowered("two")
    hooks[first].uninstall()
    assert [is_lowered("one"), is_lowered("two")] == [first == 1, first == 0]
    assert [hook.installed for hook in hooks] == [first == 1, first == 0]
    hooks[1 - first].uninstall()
    assert not is_lowered("one") and not is_lowered("two")


def test_installing_twice_takes_uninstalling_twice(package: Package) -> None:
    package({"work.py": MARKED})
    with lwtsyntax.install(["work"]):
        with lwtsyntax.install(["work"]) as inner:
            inner.uninstall()
            inner.uninstall()
            assert is_lowered("work")
        assert is_lowered("work")
    assert not is_lowered("work")


def test_the_finder_stands_before_the_path_finder_and_leaves_with_the_last_hook() -> None:
    before = list(sys.meta_path)
    with lwtsyntax.install(["a"]), lwtsyntax.install(["b"]):
        place = sys.meta_path.index(PathFinder)
        assert [*sys.meta_path[: place - 1], *sys.meta_path[place:]] == before
    assert sys.meta_path == before


def test_imported_modules_stay_as_they_are(package: Package) -> None:
    package({"work.py": MARKED})
    with lwtsyntax.install(["work"]):
        module = importlib.import_module("work")
    assert sys.modules["work"] is module
    assert Lwt.run(module.double(21)) == 42


def test_a_package_of_finders_behind_is_found(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Editable installs bring finders of their own, which stand behind the path finder."""
    root = package({"elsewhere/work.py": MARKED})

    class Editable:
        @staticmethod
        def find_spec(name: str, path: object = None, target: object = None) -> object:
            if name != "work":
                return None
            return importlib.util.spec_from_file_location(name, root / "elsewhere" / "work.py")

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Editable])
    with lwtsyntax.install(["work"]):
        assert is_lowered("work")


@pytest.mark.parametrize(
    ("packages", "error"),
    [
        ("app", TypeError),
        ([""], ValueError),
        ([".app"], ValueError),
        (["lwtsyntax.ir"], ValueError),
    ],
)
def test_wrong_packages_are_refused(packages: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        lwtsyntax.install(packages)  # type: ignore[arg-type]


def test_missing_modules_are_missing_as_ever(package: Package) -> None:
    package({"app/__init__.py": ""})
    with lwtsyntax.install(["app"]), pytest.raises(ModuleNotFoundError, match="'app.work'"):
        importlib.import_module("app.work")
