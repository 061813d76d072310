"""Where the modules in keyword spelling are: ``x.lwt`` and ``x/__init__.lwt`` on the path, beside the others."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import FileFinder, ModuleSpec

from lwtsyntax.importhook.loaders import SUFFIX, LoweringLoader

__all__ = ["KeywordPath"]


class KeywordPath:
    """Looks for ``.lwt`` files as the interpreter looks for ``.py`` files."""

    def __init__(self) -> None:
        self._finders: dict[str, FileFinder] = {}

    def invalidate_caches(self) -> None:
        self._finders.clear()

    def find(
        self, name: str, path: Sequence[str] | None, other: ModuleSpec | None
    ) -> ModuleSpec | None:
        """The ``.lwt`` module of that name, unless the path comes to the file of *other* first.

        In one folder a package stands before a module, and else the ``.lwt`` file before any other.
        """
        folder, is_package = _home(other)
        for entry in sys.path if path is None else path:
            if not isinstance(entry, str):
                continue
            place = os.path.abspath(entry)
            found = self._finder(place).find_spec(name)
            if found is not None and found.loader is not None:
                shadowed = is_package and place == folder and not found.submodule_search_locations
                return None if shadowed else found
            if place == folder:
                return None
        return None

    def _finder(self, place: str) -> FileFinder:
        if place not in self._finders:
            self._finders[place] = FileFinder(place, (LoweringLoader, [SUFFIX]))
        return self._finders[place]


def _home(spec: ModuleSpec | None) -> tuple[str | None, bool]:
    """The entry of the path that the module was found in, and whether it is a package."""
    if spec is None or not spec.has_location or not spec.origin:
        return None, False
    folder = os.path.dirname(os.path.abspath(spec.origin))
    if spec.submodule_search_locations is None:
        return folder, False
    return os.path.dirname(folder), True
