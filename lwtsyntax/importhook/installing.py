"""``install`` and the handle it gives."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType

from lwtsyntax.importhook.finder import LoweringFinder
from lwtsyntax.importhook.selecting import Engine, Selection, selection

__all__ = ["ImportHook", "install"]

_finder = LoweringFinder()


class ImportHook:
    """An installed hook; ``uninstall`` it, or use it in a ``with``.

    Hooks do not know of each other: a module is lowered while any of those installed selects it, for the
    engine of the one that was installed last.
    """

    def __init__(self, selected: Selection) -> None:
        self._selection = selected
        _finder.add(selected)

    @property
    def installed(self) -> bool:
        return any(each is self._selection for each in _finder.selections)

    def uninstall(self) -> None:
        """Imports are as before; modules that were imported stay as they are.  May be called again."""
        _finder.remove(self._selection)

    def __enter__(self) -> ImportHook:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.uninstall()


def install(packages: Iterable[str] | None = None, *, engine: Engine = "binds") -> ImportHook:
    """Have the modules of *packages* lowered when they are imported from now on.

    *packages* are names of packages or modules; what is below them is meant too.  Without them it is
    every module outside the standard library and the directories that packages are installed to
    (``site-packages``).  Only modules that hold markers are touched.

    *engine* ``"fiber"`` runs the same modules on fibers instead of bind chains; that needs greenlet.
    """
    selected = selection(packages, engine)
    if engine == "fiber":
        import lwtsyntax.fiber.greenlets  # noqa: F401 - or say now what is missing
    return ImportHook(selected)
