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
        home, is_package = self._home(other)
        for entry in sys.path if path is None else path:
            if not isinstance(entry, str):
                continue
            finder = self._finder(entry)
            found = finder.find_spec(name)
            if found is not None and found.loader is not None:
                shadowed = is_package and finder is home and not found.submodule_search_locations
                return None if shadowed else found
            if finder is home:
                return None
        return None

    def _home(self, spec: ModuleSpec | None) -> tuple[FileFinder | None, bool]:
        """The finder of the path's entry that the module was found in, and whether it is a package."""
        if spec is None or not spec.has_location or not spec.origin:
            return None, False
        folder = os.path.dirname(spec.origin)
        is_package = spec.submodule_search_locations is not None
        return self._finder(os.path.dirname(folder) if is_package else folder), is_package

    def _finder(self, entry: str) -> FileFinder:
        """The one for that folder, however it is written."""
        found = self._finders.get(entry)
        if found is None:
            place = os.path.abspath(entry)
            found = self._finders.get(place)
            if found is None:
                found = self._finders[place] = FileFinder(place, (LoweringLoader, [SUFFIX]))
            if os.path.isabs(entry):  # others mean another folder when the process goes elsewhere
                self._finders[entry] = found
        return found
