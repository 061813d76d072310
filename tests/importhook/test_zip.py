"""Modules in zip archives: lowered as they are read, kept under a cache prefix only."""

from __future__ import annotations

import importlib
import importlib.resources
import inspect
import pkgutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import lwtsyntax
from lwtsyntax import runtime as Lwt

from .hook_support import MARKED, PLAIN, cached, python

FILES = {
    "zapp/__init__.py": "",
    "zapp/work.py": MARKED,
    "zapp/plain.py": PLAIN,
    "zapp/sub/__init__.py": MARKED,
    "zapp/sub/a.txt": "text",
}


def archive(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name, text in files.items():
            file.writestr(name, text)
    return path


@pytest.fixture
def zapp(tmp_path: Path) -> Iterator[Path]:
    path = archive(tmp_path / "zapp.zip", FILES)
    sys.path.insert(0, str(path))
    yield path
    sys.path.remove(str(path))


def test_modules_of_an_archive_are_lowered(zapp: Path) -> None:
    with lwtsyntax.install(["zapp"]):
        work = importlib.import_module("zapp.work")
        sub = importlib.import_module("zapp.sub")
        plain = importlib.import_module("zapp.plain")
    assert Lwt.run(work.double(21)) == Lwt.run(sub.double(21)) == 42
    assert type(plain.__loader__).__name__ == "zipimporter"
    assert list(sub.__path__) == [str(zapp / "zapp" / "sub")]
    assert sub.__loader__.archive == str(zapp)


def test_what_looks_at_them_finds_them(zapp: Path) -> None:
    with lwtsyntax.install(["zapp"]):
        work = importlib.import_module("zapp.work")
        sub = importlib.import_module("zapp.sub")
    assert "lwt(Lwt.pause())" in inspect.getsource(work.double)
    assert work.__loader__.get_source("zapp.work") == MARKED
    assert (importlib.resources.files(sub) / "a.txt").read_text() == "text"
    assert pkgutil.get_data("zapp.sub", "a.txt") == b"text"


def test_an_application_in_an_archive(tmp_path: Path) -> None:
    main = "import lwtsyntax, sys\nlwtsyntax.install(['zapp'])\nimport zapp.work\nfrom lwtsyntax import runtime as Lwt\nprint(Lwt.run(zapp.work.double(21)), 'lwtsyntax.pipeline' in sys.modules)\n"
    path = archive(tmp_path / "app.pyz", {**FILES, "__main__.py": main})
    assert [python(str(path), cwd=tmp_path).stdout for _ in range(2)] == ["42 True\n"] * 2
    assert [each.name for each in tmp_path.iterdir()] == ["app.pyz"]
    prefix = {"PYTHONPYCACHEPREFIX": str(tmp_path / "cache")}
    shown = [python(str(path), cwd=tmp_path, **prefix).stdout for _ in range(2)]
    assert shown == ["42 True\n", "42 False\n"]
    assert len(cached(tmp_path / "cache")) == 1
    changed = {**FILES, "zapp/work.py": MARKED.replace("2 * n", "30 * n"), "__main__.py": main}
    archive(path, changed)
    import os

    os.utime(path, (10**9, 10**9))
    assert python(str(path), cwd=tmp_path, **prefix).stdout == "630 True\n"


def test_a_refused_module_of_an_archive(tmp_path: Path) -> None:
    path = archive(tmp_path / "bad.zip", {"zbad.py": "from lwtsyntax import lwt\nx = lwt(1)\n"})
    sys.path.insert(0, str(path))
    try:
        with lwtsyntax.install(["zbad"]), pytest.raises(lwtsyntax.TransformError) as caught:
            importlib.import_module("zbad")
    finally:
        sys.path.remove(str(path))
    assert (caught.value.filename, caught.value.lineno) == (str(path / "zbad.py"), 2)
