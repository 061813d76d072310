"""The loaders: they keep to the interpreter's own, but for where the code comes from and is kept.

Neither imports the transformer, unless there is something to lower.
"""

from __future__ import annotations

import os
from importlib.machinery import SourceFileLoader
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

from lwtsyntax.importhook.cache import cache_paths
from lwtsyntax.importhook.selecting import Engine

if TYPE_CHECKING:
    from zipimport import zipimporter

__all__ = ["SUFFIX", "LoweringLoader", "LoweringZipLoader", "may_be_lowered", "mentions_markers"]

SUFFIX = ".lwt"  # of modules in keyword spelling

F = TypeVar("F")


def mentions_markers(data: bytes) -> bool:
    """Whether a source can hold a marker at all: every way to one imports the package by its name."""
    return b"lwtsyntax" in data


def may_be_lowered(data: bytes, path: str) -> bool:
    """Whether the source at *path* can be one that no interpreter runs as it is."""
    return path.endswith(SUFFIX) or mentions_markers(data)


def _unseen(function: F) -> F:
    """*function*, as the import machinery's own: CPython takes its frame, and those before it, out of the
    traceback of an import that fails here (``remove_importlib_frames`` in ``Python/import.c``)."""
    assert isinstance(function, FunctionType)
    function.__code__ = function.__code__.replace(
        co_filename="<frozen importlib._bootstrap>", co_name="_call_with_frames_removed"
    )
    return function


class LoweringLoader(SourceFileLoader):
    """Loads a module from its source file, lowered.

    All of ``get_code`` is the interpreter's: what makes cached code stale, the hash-based kinds of it,
    atomic writing.  It only reads and writes another file than it thinks.
    """

    variant = ""  # letters and digits that tell apart what is made of one source
    _paths: tuple[str, str] | None = None

    def __init__(self, name: str, path: str, engine: Engine = "binds") -> None:
        super().__init__(name, path)
        self.engine: Engine = engine
        if engine != "binds":
            self.variant = engine
        if path.endswith(SUFFIX):  # beside it may stand the .py file that it was written to
            self.variant += "keywords"

    def cache_paths(self) -> tuple[str, str] | None:
        """The interpreter's file for the code, and ours; None where it keeps none at all."""
        self._paths = cache_paths(self.path, self.variant)
        return self._paths

    @_unseen
    def source_to_code(  # type: ignore[override]
        self, data: Any, path: Any, *, _optimize: int = -1
    ) -> CodeType:
        if isinstance(data, bytes) and may_be_lowered(data, self.path):
            from lwtsyntax.importhook.lowering import lower

            try:
                code = lower(data, os.fsdecode(path), engine=self.engine)
            except SyntaxError as refused:
                raise refused.with_traceback(None)  # noqa: B904 (the same one, without our frames)
            if code is not None:
                return code
        return super().source_to_code(data, path, _optimize=_optimize)

    def get_data(self, path: str) -> bytes:
        return super().get_data(self._own(path))

    def set_data(self, path: str, data: Any, **options: Any) -> None:
        super().set_data(self._own(path), data, **options)

    def _own(self, path: str) -> str:
        """*path*, or our file when it is the interpreter's for this module."""
        if path.endswith(".pyc"):
            paths = self._paths
            if paths is None or path != paths[0]:  # not asked yet, or the cache prefix has changed
                paths = self.cache_paths()
            if paths is not None and path == paths[0]:
                return paths[1]
        return path


class LoweringZipLoader(LoweringLoader):
    """Loads a module from a zip archive, lowered.

    Nothing can be written there; the code is kept under ``PYTHONPYCACHEPREFIX`` where that is set.
    """

    def __init__(
        self, name: str, path: str, archive: zipimporter, engine: Engine = "binds"
    ) -> None:
        super().__init__(name, path, engine)
        self._zip = archive
        self.archive, self.prefix = archive.archive, archive.prefix

    def is_package(self, fullname: str) -> bool:
        return self._zip.is_package(fullname)

    def get_resource_reader(self, fullname: str) -> Any:  # type: ignore[override]
        return self._zip.get_resource_reader(fullname)

    def path_stats(self, path: str) -> dict[str, Any]:
        found = os.stat(self.archive)
        return {"mtime": found.st_mtime, "size": None}

    def get_data(self, path: str) -> bytes:
        own = self._own(path)
        return self._zip.get_data(own) if own == path else super().get_data(path)
