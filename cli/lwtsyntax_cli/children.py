"""Processes that a program under ``lwtsyntax run`` spawns: they get the hook, and the main module lowered.

A child of multiprocessing that is not forked unpickles what its parent prepared for it, and then imports the parent's
main module again.  So an object among what is prepared installs the hook in the child when it is unpickled.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import ModuleType
from typing import Any

from lwtsyntax.importhook.installing import install
from lwtsyntax.importhook.loaders import LoweringLoader, may_be_lowered
from lwtsyntax.importhook.selecting import Engine

__all__ = ["equip_children"]

_SPAWN = "multiprocessing.spawn"


def equip_children(packages: list[str] | None, engine: Engine) -> None:
    """Have the children of this process lower the modules of *packages*; see ``install``."""
    if _SPAWN in sys.modules:
        _extend(sys.modules[_SPAWN], packages, engine)
    else:
        sys.meta_path.insert(0, _WhenImported(packages, engine))


class _WhenImported:
    """Waits for multiprocessing to be imported: most programs never do, and it takes a while."""

    def __init__(self, packages: list[str] | None, engine: Engine) -> None:
        self.packages = packages
        self.engine: Engine = engine

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != _SPAWN:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        if spec is not None and type(spec.loader) is SourceFileLoader:
            spec.loader = _ExtendingLoader(name, spec.loader.path, self.packages, self.engine)
        return spec


class _ExtendingLoader(SourceFileLoader):
    def __init__(self, name: str, path: str, packages: list[str] | None, engine: Engine) -> None:
        super().__init__(name, path)
        self.packages = packages
        self.engine: Engine = engine

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        _extend(module, self.packages, self.engine)


class _Equipment:
    """What a child unpickles."""

    def __init__(self, packages: list[str] | None, engine: Engine) -> None:
        self.packages = packages
        self.engine: Engine = engine

    def __reduce__(self) -> tuple[Callable[..., None], tuple[object, ...]]:
        return _equip, (self.packages, self.engine)


def _extend(spawn: Any, packages: list[str] | None, engine: Engine) -> None:
    prepare = spawn.get_preparation_data

    def get_preparation_data(name: str) -> dict[str, object]:
        return {**prepare(name), "lwtsyntax": _Equipment(packages, engine)}

    spawn.get_preparation_data = get_preparation_data


def _equip(packages: list[str] | None, engine: Engine) -> None:
    """In a child, before anything of the program is imported."""
    install(packages, engine=engine)
    equip_children(packages, engine)
    spawn: Any = sys.modules[_SPAWN]
    import_plainly = spawn._fixup_main_from_path

    def import_main(path: str) -> None:
        if not _import_lowered(path, engine):
            import_plainly(path)

    spawn._fixup_main_from_path = import_main


def _import_lowered(path: str, engine: Engine) -> bool:
    """Import the main module at *path*, as multiprocessing would, if it may hold markers."""
    if not os.path.isfile(path):
        return False
    name = "__mp_main__"
    loader = LoweringLoader(name, path, engine)
    if not may_be_lowered(loader.get_data(path), path):
        return False
    main = ModuleType(name)
    main.__file__ = path
    code = loader.get_code(name)
    assert code is not None
    sys.modules[name] = main
    exec(code, main.__dict__)  # noqa: S102 (the user's program)
    sys.modules["__main__"] = main
    return True
