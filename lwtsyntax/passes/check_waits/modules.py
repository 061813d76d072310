"""Find and read the files that a file imports, without importing anything.

``importlib`` says where a module is, one component of its name after the other, so that no package on
the way runs: beside the file's own outermost package first, then on ``sys.path``.  A file is parsed
only if its bytes mention the markers, if it is a package that passes on names of its modules, or if it
belongs to the runtime.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.machinery import PathFinder
from pathlib import Path

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.scopes import build_scopes
from lwtsyntax.ir.source import Source

__all__ = ["PROMISE", "FindMarkers", "Module", "Modules"]

FindMarkers = Callable[[ast.Module, Source], Markers]

_PACKAGE = Path(__file__).absolute().parents[2]
_RUNTIME = _PACKAGE / "runtime"
PROMISE = _RUNTIME / "promise.py"  # the file of the class Promise


@dataclass(frozen=True, slots=True)
class Module:
    """Where a module is: its file, and the folders of its submodules when it is a package."""

    path: Path | None
    folders: tuple[str, ...] = ()


class Modules:
    """The modules that one file, and what it imports, can name."""

    def __init__(self, filename: str, find_markers: FindMarkers) -> None:
        self.find_markers = find_markers
        self._known: dict[tuple[str, tuple[str, ...]], Module | None] = {}
        named = not filename.startswith("<")
        self._search = (str(_root(Path(filename))), *sys.path) if named else ()

    def top(self, name: str) -> Module | None:
        """The module that ``import name`` finds."""
        if name == _PACKAGE.name:
            return Module(None, (str(_PACKAGE),))
        if name in sys.stdlib_module_names:  # nothing there starts a thread of ours
            return None
        return self.find(name, self._search)

    def package(self, filename: str, level: int) -> Module:
        """The package that *level* leading dots mean in the file *filename*."""
        folder = Path(filename).absolute().parent
        for _ in range(level - 1):
            folder = folder.parent
        init = folder / "__init__.py"
        return Module(init if init.is_file() else None, (str(folder),))

    def submodule(self, module: Module, name: str) -> Module | None:
        return self.find(name, module.folders) if module.folders else None

    def find(self, name: str, folders: Sequence[str]) -> Module | None:
        key = name, tuple(folders)
        if key not in self._known:
            self._known[key] = _find(name, folders)
        return self._known[key]

    def read(self, path: Path) -> Markers | None:
        """What *path* defines; None where it holds no thread functions and passes none on."""
        try:
            state = path.stat()
        except OSError:
            return None
        return _read(path, state.st_mtime_ns, state.st_size, self.find_markers)


def _find(name: str, folders: Iterable[str]) -> Module | None:
    try:
        spec = PathFinder.find_spec(name, list(folders))
    except (ImportError, OSError, ValueError):
        return None
    if spec is None:
        return None
    path = Path(spec.origin) if spec.has_location and spec.origin else None
    if path is not None and path.suffix != ".py":
        return None
    return Module(path, tuple(spec.submodule_search_locations or ()))


def _root(path: Path) -> Path:
    """The folder from which the outermost package around *path* is imported."""
    folder = path.absolute().parent
    while (folder / "__init__.py").is_file() and folder.parent != folder:
        folder = folder.parent
    return folder


@lru_cache(maxsize=256)
def _read(path: Path, _time: int, _size: int, find_markers: FindMarkers) -> Markers | None:
    """The markers of the file at *path*, as it was at that time and size."""
    try:
        data = path.read_bytes()
        marked = b"lwtsyntax" in data
        passes_on = path.name == "__init__.py" and b"import" in data
        if not marked and not passes_on and path.parent != _RUNTIME:
            return None
        text = data.decode("utf-8-sig")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is wrong with other files is not our business
            tree = ast.parse(text)
        found = find_markers(tree, Source(text, str(path))) if marked else Markers(tree, {})
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError, Refusal):
        return None
    found.scopes = found.scopes or build_scopes(tree)
    return found
