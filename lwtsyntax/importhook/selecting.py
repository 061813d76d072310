"""Which modules a hook is for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Literal, TypeAlias

__all__ = [
    "ENGINES",
    "Engine",
    "OwnCode",
    "Packages",
    "Selection",
    "can_be_lowered",
    "is_transformer",
    "selection",
]

# What runs the markers of a module: bind chains, or fibers.
Engine: TypeAlias = Literal["binds", "fiber"]
ENGINES: tuple[Engine, ...] = ("binds", "fiber")

_INSTALLED = ("site-packages", "dist-packages")


def is_transformer(name: str) -> bool:
    """Whether the module of this name is our own: the transformer cannot lower what it needs to run."""
    return name.partition(".")[0] in ("lwtsyntax", "lwtsyntax_cli")


def can_be_lowered(name: str) -> bool:
    """Whether *name* is that of a module, and not of one of ours."""
    return all(part.isidentifier() for part in name.split(".")) and not is_transformer(name)


class Selection:
    """A rule that picks modules, first by their names, then by the files they were found in."""

    engine: Engine = "binds"

    def may_select(self, name: str) -> bool:
        """Whether a module of this name can be selected: asked for every import, so it is cheap."""
        raise NotImplementedError

    def selects(self, name: str, origin: str) -> bool:
        """Whether the module of this name, found at *origin*, is selected."""
        raise NotImplementedError


class Packages(Selection):
    """The packages and modules of these names, and what is below them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)

    def may_select(self, name: str) -> bool:
        while name:
            if name in self.names:
                return True
            name = name.rpartition(".")[0]
        return False

    def selects(self, name: str, origin: str) -> bool:
        return self.may_select(name)


class OwnCode(Selection):
    """Every module outside the standard library and the directories that packages are installed to."""

    def may_select(self, name: str) -> bool:
        top = name.partition(".")[0]
        return top not in sys.stdlib_module_names and not is_transformer(name)

    def selects(self, name: str, origin: str) -> bool:
        parts = origin.replace(os.sep, "/").split("/")
        return self.may_select(name) and not any(each in parts for each in _INSTALLED)


def selection(packages: Iterable[str] | None, engine: Engine = "binds") -> Selection:
    """The selection that ``install(packages=..., engine=...)`` means."""
    if engine not in ENGINES:
        raise ValueError(f"engine is one of {', '.join(ENGINES)}, not {engine!r}")
    selected = _selection(packages)
    selected.engine = engine
    return selected


def _selection(packages: Iterable[str] | None) -> Selection:
    if packages is None:
        return OwnCode()
    if isinstance(packages, str):
        raise TypeError(f"packages is a list of names: write packages=[{packages!r}]")
    names = list(packages)
    for name in names:
        if not all(part.isidentifier() for part in name.split(".")):
            raise ValueError(f"not the name of a package or module: {name!r}")
        if is_transformer(name):
            raise ValueError(f"{name} is a part of the transformer and cannot be lowered")
    return Packages(names)
