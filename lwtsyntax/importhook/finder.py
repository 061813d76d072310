"""The finder: it asks the finders behind it, and exchanges the loader of what is to be lowered."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import SOURCE_SUFFIXES, ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

from lwtsyntax.importhook.keywords import KeywordPath
from lwtsyntax.importhook.loaders import (
    SUFFIX,
    LoweringLoader,
    LoweringZipLoader,
    mentions_markers,
)
from lwtsyntax.importhook.selecting import Engine, Selection

__all__ = ["LoweringFinder", "lower"]


class LoweringFinder:
    """Stands right before the path finder; one in a process, for all the hooks that are installed."""

    def __init__(self) -> None:
        self.selections: tuple[Selection, ...] = ()
        self._keywords = KeywordPath()

    def add(self, selection: Selection) -> None:
        self.selections = (*self.selections, selection)
        if self not in sys.meta_path:
            finders = list(sys.meta_path)
            place = finders.index(PathFinder) if PathFinder in finders else len(finders)
            sys.meta_path.insert(place, self)

    def remove(self, selection: Selection) -> None:
        self.selections = tuple(each for each in self.selections if each is not selection)
        if not self.selections and self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        selections = [each for each in self.selections if each.may_select(fullname)]
        if not selections:
            return None
        spec = self._find(fullname, path, target)
        keywords = self._keywords.find(fullname, path, spec)
        if keywords is not None and _select(selections, fullname, keywords):
            return keywords
        if spec is not None:
            _select(selections, fullname, spec)
        return spec

    def invalidate_caches(self) -> None:
        self._keywords.invalidate_caches()

    def _find(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        finders = list(sys.meta_path)
        behind = finders.index(self) + 1 if self in finders else 0
        for finder in finders[behind:]:
            find_spec = getattr(finder, "find_spec", None)
            if finder is not self and find_spec is not None:
                spec: ModuleSpec | None = find_spec(fullname, path, target)
                if spec is not None:
                    return spec
        return None


def _select(selections: Sequence[Selection], name: str, spec: ModuleSpec) -> bool:
    """Have the module lowered for the last of *selections* that selects it; whether one does."""
    for each in reversed(selections):
        if spec.origin and each.selects(name, spec.origin):
            lower(spec, _loader_for(spec, each.engine))
            return True
    return False


def lower(spec: ModuleSpec, loader: LoweringLoader | None) -> None:
    """Give *spec* this loader of ours, unless its source cannot hold a marker."""
    if loader is None:
        return
    paths = loader.cache_paths()
    cached = paths and paths[1]
    if (cached and _exists(cached)) or _may_be_lowered(loader):
        spec.loader = loader
        spec.cached = cached


def _loader_for(spec: ModuleSpec, engine: Engine) -> LoweringLoader | None:
    """Our loader in place of the one that was found; None for what is no Python source."""
    found, origin = spec.loader, spec.origin
    if origin is None or not origin.endswith((*SOURCE_SUFFIXES, SUFFIX)):
        return None
    if isinstance(found, SourceFileLoader):
        return LoweringLoader(spec.name, origin, engine)
    if type(found).__module__ == "zipimport":
        return LoweringZipLoader(spec.name, origin, found, engine)  # type: ignore[arg-type]
    return None


def _exists(path: str) -> bool:
    try:
        os.stat(path)
    except OSError:
        return False
    return True


def _may_be_lowered(loader: LoweringLoader) -> bool:
    if loader.path.endswith(SUFFIX):
        return True
    try:
        return mentions_markers(loader.get_data(loader.path))
    except OSError:
        return False
