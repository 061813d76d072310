"""The table ``[tool.lwtsyntax]`` of a project's ``pyproject.toml``::

[tool.lwtsyntax]
packages = ["app"]  # lowered by `lwtsyntax run`, and under pytest
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["SettingsError", "project_packages"]


class SettingsError(ValueError):
    """The settings of a project cannot be read, or mean nothing."""


def project_packages(start: Path) -> list[str] | None:
    """The packages that the project around *start*, a file or folder, names; None when it names none.

    The nearest ``pyproject.toml`` with a table of ours counts.
    """
    for path in _candidates(start):
        table = _table(path)
        if table is None:
            continue
        packages = table.pop("packages", None)
        if table:
            known = "the one setting is packages"
            raise SettingsError(f"{path}: [tool.lwtsyntax] does not know {min(table)!r}; {known}")
        if packages is None:
            return None
        if not isinstance(packages, list) or not all(isinstance(each, str) for each in packages):
            raise SettingsError(f"{path}: packages in [tool.lwtsyntax] is a list of names")
        return packages
    return None


def _candidates(start: Path) -> Iterator[Path]:
    start = start.resolve()
    for folder in (start, *start.parents):
        yield folder / "pyproject.toml"


def _table(path: Path) -> dict[str, Any] | None:
    """The table of ours in that file, if there is one."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if b"lwtsyntax" not in data:  # reading TOML takes longer than most programs' start
        return None
    import tomllib

    try:
        tools = tomllib.loads(data.decode()).get("tool", {})
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None
    table = tools.get("lwtsyntax")
    return dict(table) if isinstance(table, dict) else None
