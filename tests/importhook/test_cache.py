"""Lowered code is kept beside the interpreter's own, and is never older than its source or the transformer."""

from __future__ import annotations

import compileall
import importlib
import os
import py_compile
import subprocess
import sys
from importlib.util import cache_from_source, source_from_cache, source_hash
from pathlib import Path
from typing import Any

import pytest

import lwtsyntax
from lwtsyntax import runtime as Lwt
from lwtsyntax.importhook import cache, lowering

from .hook_support import MARKED, PLAIN, Package, cached, python, write

TAG = f"{sys.implementation.cache_tag}.opt-"
SHOW = """
    import lwtsyntax, sys
    lwtsyntax.install(["app"])
    import app.work
    from lwtsyntax import runtime as Lwt
    print(Lwt.run(app.work.double(21)), "lwtsyntax.pipeline" in sys.modules)
"""
APP = {"app/__init__.py": "", "app/work.py": MARKED, "app/plain.py": PLAIN}


def own(source: Path) -> str:
    """The file that the lowered code of *source* is kept in."""
    paths = cache.cache_paths(str(source))
    assert paths is not None
    return paths[1]


def imported(name: str) -> int:
    """Import *name* anew; what it makes of 21."""
    sys.modules.pop(name, None)
    importlib.invalidate_caches()
    value: int = Lwt.run(importlib.import_module(name).double(21))
    return value


@pytest.fixture
def lowered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that went through the transformer."""
    seen: list[str] = []
    lower = lowering.lower

    def spy(data: bytes, path: str, **options: Any) -> object:
        seen.append(os.path.basename(path))
        return lower(data, path, **options)

    monkeypatch.setattr(lowering, "lower", spy)
    return seen


def test_a_warm_start_does_not_import_the_transformer(tmp_path: Path) -> None:
    write(tmp_path, APP)
    assert python(cwd=tmp_path, code=SHOW).stdout == "42 True\n"
    assert cached(tmp_path) == [f"work.{TAG}"]
    assert python(cwd=tmp_path, code=SHOW).stdout == "42 False\n"
    code = (
        SHOW
        + "    print(sorted({'libcst', 'black', 'click', 'lwtsyntax.passes'} & sys.modules.keys()))\n"
    )
    assert python(cwd=tmp_path, code=code).stdout == "42 False\n[]\n"


def test_the_interpreters_own_cache_is_neither_read_nor_written(
    package: Package, lowered: list[str]
) -> None:
    root = package({"work.py": MARKED})
    assert compileall.compile_dir(root, quiet=2)
    theirs = Path(cache_from_source(str(root / "work.py")))
    before = theirs.read_bytes()
    with lwtsyntax.install(["work"]):
        assert [imported("work"), imported("work")] == [42, 42]
    assert theirs.read_bytes() == before
    assert lowered == ["work.py"]


def test_without_the_hook_the_plain_code_is_used(package: Package) -> None:
    package({"work.py": MARKED})
    with lwtsyntax.install(["work"]):
        assert imported("work") == 42
    with pytest.raises(lwtsyntax.markers.NotTransformed):
        imported("work")


def test_the_module_knows_its_cache_and_the_cache_its_source(package: Package) -> None:
    root = package({"work.py": MARKED})
    with lwtsyntax.install(["work"]):
        module = importlib.import_module("work")
    assert module.__cached__ == module.__spec__.cached == own(root / "work.py")
    assert os.path.exists(module.__cached__)
    assert source_from_cache(module.__cached__) == module.__file__


def test_a_changed_source_is_lowered_again(package: Package, lowered: list[str]) -> None:
    root = package({"work.py": MARKED})
    with lwtsyntax.install(["work"]):
        assert imported("work") == 42
        write(root, {"work.py": MARKED.replace("2 * n", "30 * n")})  # another size
        assert imported("work") == 630
        write(root, {"work.py": MARKED.replace("2 * n", "50 * n")})  # another time
        os.utime(root / "work.py", (10**9, 10**9))
        assert imported("work") == 1050
        assert imported("work") == 1050
    assert lowered == ["work.py"] * 3


def test_a_source_that_loses_or_gains_its_markers(package: Package) -> None:
    root = package({"work.py": MARKED})
    plain = "def double(n):\n    from lwtsyntax import runtime as Lwt; return Lwt.return_(3 * n)\n"
    without = "import importlib\nfrom operator import mul\nR = importlib.import_module('lwt' + 'syntax.runtime')\ndef double(n): return R.return_(mul(4, n))\n"
    with lwtsyntax.install(["work"]):
        for text, value in ((MARKED, 42), (plain, 63), (without, 84), (MARKED + "\n", 42)):
            write(root, {"work.py": text})
            assert imported("work") == value
            assert imported("work") == value


def test_another_transformer_uses_another_file(
    package: Package, lowered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = package({"work.py": MARKED})
    with lwtsyntax.install(["work"]):
        imported("work")
        monkeypatch.setattr(cache, "_digest", "0123456789abcdef")
        imported("work")
        imported("work")
    assert lowered == ["work.py"] * 2
    assert (root / "__pycache__" / f"work.{TAG}lwtsyntax0123456789abcdef.pyc").exists()


def test_the_digest_changes_with_the_files_of_the_transformer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest() -> str:
        monkeypatch.setattr(cache, "_digest", None)
        return cache.digest()

    real = digest()
    assert real == digest()
    assert real.isalnum()
    write(tmp_path, {"pipeline.py": "1", "passes/lower.py": "1", "runtime/loops.py": "1"})
    monkeypatch.setattr(cache, "PACKAGE", str(tmp_path))
    seen = [real, digest()]
    write(tmp_path, {"passes/lower.py": "12"})
    seen.append(digest())
    os.utime(tmp_path / "pipeline.py", (10**9, 10**9))
    seen.append(digest())
    write(tmp_path, {"lowerings/new.py": ""})
    seen.append(digest())
    monkeypatch.setattr(lwtsyntax, "__version__", "99")
    seen.append(digest())
    assert len(set(seen)) == len(seen)
    write(tmp_path, {"runtime/loops.py": "12", "explanations/LWT001.md": ""})
    assert digest() == seen[-1]


def test_a_transformer_in_an_archive_has_a_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app.pyz").write_bytes(b"1")
    monkeypatch.setattr(cache, "PACKAGE", str(tmp_path / "app.pyz" / "lwtsyntax"))
    [first] = cache.stamps(cache.PACKAGE)
    (tmp_path / "app.pyz").write_bytes(b"12")
    assert [first] != cache.stamps(cache.PACKAGE)


@pytest.mark.parametrize("flag", ["-B", "PYTHONDONTWRITEBYTECODE"])
def test_nothing_is_written_when_python_is_told_so(tmp_path: Path, flag: str) -> None:
    write(tmp_path, APP)
    options, environment = ((flag,), {}) if flag == "-B" else ((), {flag: "1"})
    assert python(*options, cwd=tmp_path, code=SHOW, **environment).stdout == "42 True\n"
    assert not list(tmp_path.rglob("__pycache__"))


def test_a_cache_prefix_is_used(tmp_path: Path) -> None:
    write(tmp_path, APP)
    prefix = {"PYTHONPYCACHEPREFIX": str(tmp_path / "cache")}
    assert python(cwd=tmp_path, code=SHOW, **prefix).stdout == "42 True\n"
    assert not (tmp_path / "app" / "__pycache__").exists()
    assert cached(tmp_path / "cache") == [f"work.{TAG}"]
    assert python(cwd=tmp_path, code=SHOW, **prefix).stdout == "42 False\n"


def test_optimised_code_is_kept_apart(tmp_path: Path) -> None:
    work = MARKED.replace("return 2", "assert n != 21\n    return 2")
    write(tmp_path, {**APP, "app/work.py": work})
    assert python("-O", cwd=tmp_path, code=SHOW).stdout == "42 True\n"
    assert "AssertionError" in python(cwd=tmp_path, code=SHOW, check=False).stderr
    assert python("-O", cwd=tmp_path, code=SHOW).stdout == "42 False\n"
    names = [each.stem for each in tmp_path.rglob("*.pyc") if "lwtsyntax" in each.name]
    assert sorted(name.endswith("O1") for name in names) == [False, True]


@pytest.mark.skipif(os.name == "nt", reason="permissions of directories are POSIX")
def test_a_directory_that_cannot_be_written(
    package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = package({"work.py": MARKED})
    (root / "__pycache__").write_text("in the way")  # root may write anywhere: so not by chmod
    with lwtsyntax.install(["work"]):
        assert [imported("work"), imported("work")] == [42, 42]


def test_broken_cache_files_are_replaced(package: Package, lowered: list[str]) -> None:
    root = package({"work.py": MARKED})
    path = own(root / "work.py")
    with lwtsyntax.install(["work"]):
        imported("work")
        for data in (b"", b"garbage", Path(path).read_bytes()[:12]):
            Path(path).write_bytes(data)
            assert [imported("work"), imported("work")] == [42, 42]
    assert lowered == ["work.py"] * 4


def _write_hash_based(source: Path, checked: bool) -> None:
    """The lowered code of *source*, kept as PEP 552 has it."""
    path = own(source)
    code = Path(path).read_bytes()[16:]
    flags = (0b11 if checked else 0b01).to_bytes(4, "little")
    data = importlib.util.MAGIC_NUMBER + flags + source_hash(source.read_bytes()) + code
    Path(path).write_bytes(data)


@pytest.mark.parametrize(
    ("checked", "option", "value"),
    [
        (True, "default", "630"),
        (False, "default", "42"),
        (False, "always", "630"),
        (True, "never", "42"),
    ],
)
def test_hash_based_caches_are_checked_as_the_interpreter_does(
    tmp_path: Path, checked: bool, option: str, value: str
) -> None:
    write(tmp_path, APP)
    python(cwd=tmp_path, code=SHOW)
    _write_hash_based(tmp_path / "app" / "work.py", checked)
    write(tmp_path, {"app/work.py": MARKED.replace("2 * n", "30 * n")})
    shown = python("--check-hash-based-pycs", option, cwd=tmp_path, code=SHOW).stdout
    assert shown.split()[0] == value
    if value == "630":  # a cache that was hash-based stays so
        path = own(tmp_path / "app" / "work.py")
        assert Path(path).read_bytes()[4] == (0b11 if checked else 0b01)


def test_plain_compilation_does_not_disturb(tmp_path: Path) -> None:
    write(tmp_path, APP)
    python(cwd=tmp_path, code=SHOW)
    py_compile.compile(str(tmp_path / "app" / "work.py"), doraise=True)
    subprocess.run([sys.executable, "-m", "compileall", "-q", "-f", tmp_path], check=True)
    assert python(cwd=tmp_path, code=SHOW).stdout == "42 False\n"


def test_imports_at_the_same_time_in_many_threads(package: Package) -> None:
    from concurrent.futures import ThreadPoolExecutor

    package({f"work_{n}.py": MARKED for n in range(8)})
    with lwtsyntax.install([f"work_{n}" for n in range(8)]), ThreadPoolExecutor(8) as pool:
        names = [f"work_{n % 8}" for n in range(24)]
        modules = list(pool.map(importlib.import_module, names))
    assert [Lwt.run(module.double(21)) for module in modules] == [42] * 24
