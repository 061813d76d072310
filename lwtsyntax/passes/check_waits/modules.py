"""Read the files that a file imports, without importing anything.

A file is parsed only if its bytes mention the markers, if it is a package that passes on names of its
modules, or if it belongs to the runtime.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from lwtsyntax.diagnostics import Refusal
from lwtsyntax.ir.markers import Markers
from lwtsyntax.ir.modules import PACKAGE, Module, Search
from lwtsyntax.ir.scopes import build_scopes
from lwtsyntax.ir.source import Source

__all__ = ["PROMISE", "FindMarkers", "Module", "Modules"]

FindMarkers = Callable[[ast.Module, Source], Markers]
ReadSource = Callable[[str, str], Source]  # a text and its file's name to the program in markers

_RUNTIME = PACKAGE / "runtime"
PROMISE = _RUNTIME / "promise.py"  # the file of the class Promise


class Modules(Search):
    """The modules that one file, and what it imports, can name, and what they define."""

    def __init__(self, filename: str, find_markers: FindMarkers, read_source: ReadSource) -> None:
        super().__init__(filename)
        self.find_markers = find_markers
        self.read_source = read_source

    def read(self, path: Path) -> Markers | None:
        """What *path* defines; None where it holds no thread functions and passes none on."""
        data = self.contents(path)
        return None if data is None else _markers(path, data, self.find_markers, self.read_source)


@lru_cache(maxsize=256)
def _markers(
    path: Path, data: bytes, find_markers: FindMarkers, read_source: ReadSource
) -> Markers | None:
    try:
        marked = b"lwtsyntax" in data or path.suffix != ".py"
        passes_on = path.name == "__init__.py" and b"import" in data
        if not marked and not passes_on and path.parent != _RUNTIME:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is wrong with other files is not our business
            source = read_source(data.decode("utf-8-sig"), str(path))
            tree = ast.parse(source.text)
        found = find_markers(tree, source) if marked else Markers(tree, {})
    except (ValueError, SyntaxError, RecursionError, MemoryError, Refusal):
        return None
    found.scopes = found.scopes or build_scopes(tree)
    return found
