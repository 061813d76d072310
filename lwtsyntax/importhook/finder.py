"""The finder: it asks the finders behind it, and exchanges the loader of what is to be lowered."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.machinery import SOURCE_SUFFIXES, ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

from lwtsyntax.importhook.cache import cache_path
from lwtsyntax.importhook.loaders import LoweringLoader, LoweringZipLoader, mentions_markers
from lwtsyntax.importhook.selecting import Selection

__all__ = ["LoweringFinder", "lowering_loader"]


class LoweringFinder:
    """Stands right before the path finder; one in a process, for all the hooks that are installed."""

    def __init__(self) -> None:
        self.selections: tuple[Selection, ...] = ()

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
        if spec is None or not spec.origin:
            return spec
        if any(each.selects(fullname, spec.origin) for each in selections):
            loader = lowering_loader(spec)
            if loader is not None:
                spec.loader = loader
                spec.cached = cache_path(loader.path)
        return spec

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


def lowering_loader(spec: ModuleSpec) -> LoweringLoader | None:
    """Our loader for a module that was found; None when it holds no marker, or is no Python source."""
    loader = spec.loader
    origin = spec.origin
    if origin is None or not origin.endswith(tuple(SOURCE_SUFFIXES)):
        return None
    if isinstance(loader, SourceFileLoader):
        own = LoweringLoader(loader.name, origin)
    elif type(loader).__module__ == "zipimport":
        own = LoweringZipLoader(spec.name, origin, loader)  # type: ignore[arg-type]
    else:
        return None
    return own if _may_hold_markers(own) else None


def _may_hold_markers(loader: LoweringLoader) -> bool:
    cached = cache_path(loader.path)
    if cached is not None and os.path.exists(cached):
        return True
    try:
        return mentions_markers(loader.get_data(loader.path))
    except OSError:
        return False
