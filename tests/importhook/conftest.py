"""Fresh packages in a process that imports them: each test leaves the import system as it found it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lwtsyntax.importhook import installing

from .hook_support import Package, write


@pytest.fixture(autouse=True)
def _import_system() -> Iterator[None]:
    modules = dict(sys.modules)
    finders = list(sys.meta_path)
    yield
    for name in set(sys.modules) - set(modules):
        if name.partition(".")[0] not in ("lwtsyntax", "lwtsyntax_cli", *sys.stdlib_module_names):
            del sys.modules[name]
    assert sys.meta_path == finders
    assert not installing._finder.selections


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """Write files that can then be imported."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)

    def make(files: dict[str, str]) -> Path:
        write(tmp_path, files)
        importlib.invalidate_caches()
        return tmp_path

    return make
